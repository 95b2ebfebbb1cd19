//! Class lists that were removed in this run of the program and can be put back.
//!
//! Deliberately absent: keeping them beyond the run. Invariant: nothing here outlives a person who is forgotten.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use engine::{Error, ErrorCode, Result};
use model::{ClassList, FolderId};

/// Class lists of this run that were removed and can be put back.
#[derive(Debug, Default)]
pub(crate) struct RemovedLists(Mutex<HashMap<String, Option<(FolderId, ClassList)>>>);

impl RemovedLists {
    pub(crate) fn add(&self, course: FolderId, list: ClassList) -> String {
        let mut removed = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let name = format!("{course}-{}", removed.len());
        removed.insert(name.clone(), Some((course, list)));
        name
    }

    pub(crate) fn get(&self, name: &str) -> Result<(FolderId, ClassList)> {
        let removed = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        removed.get(name).cloned().flatten().ok_or_else(|| {
            Error::new(ErrorCode::NotFound, "This removal can no longer be undone").with_hint("Import the list again")
        })
    }

    /// None of them can be put back any more. Their names stay taken, so that an old one never means a newer list.
    pub(crate) fn clear(&self) {
        let mut removed = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        removed.values_mut().for_each(|list| *list = None);
    }
}
