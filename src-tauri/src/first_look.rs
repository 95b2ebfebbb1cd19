//! The program's state, looked up ahead of the page's first request for it.

use std::sync::{Mutex, PoisonError};

use engine::Result;
use tokio::task::JoinHandle;

use crate::pages::app::AppState;

/// The state that is looked up ahead.
#[derive(Debug, Default)]
pub struct FirstLook(Mutex<Option<JoinHandle<Result<AppState>>>>);

impl FirstLook {
    /// Keeps the lookup that is under way.
    pub(crate) fn set(&self, looking: JoinHandle<Result<AppState>>) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Some(looking);
    }

    /// Hands over the lookup, once.
    pub(crate) fn take(&self) -> Option<JoinHandle<Result<AppState>>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).take()
    }
}
