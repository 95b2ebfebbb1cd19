//! The folder that was picked for the next export, until it is used.

use std::path::PathBuf;
use std::sync::{Mutex, PoisonError};

/// The folder that was picked for the next export.
#[derive(Debug, Default)]
pub struct PickedFolder(Mutex<Option<PathBuf>>);

impl PickedFolder {
    pub(crate) fn get(&self) -> Option<PathBuf> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    pub(crate) fn set(&self, folder: PathBuf) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Some(folder);
    }
}
