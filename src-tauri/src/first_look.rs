//! The state of the program looked up ahead, until the page asks for it.

use std::sync::{Mutex, PoisonError};

use engine::Result;
use tokio::task::JoinHandle;

use crate::pages::app::AppState;

/// The state looked up ahead, until the page asks for it.
#[derive(Debug, Default)]
pub struct FirstLook(Mutex<Option<JoinHandle<Result<AppState>>>>);

impl FirstLook {
    /// Keeps what is being looked up.
    pub(crate) fn set(&self, looking: JoinHandle<Result<AppState>>) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Some(looking);
    }

    /// What is being looked up, once.
    pub(crate) fn take(&self) -> Option<JoinHandle<Result<AppState>>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).take()
    }
}
