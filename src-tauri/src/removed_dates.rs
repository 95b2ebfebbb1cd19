//! Dates that were removed in this run of the program and can be put back.
//!
//! Deliberately absent: keeping them beyond the run.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use engine::{Error, ErrorCode, Result};
use model::{CourseDate, FolderId};

/// Dates of this run that were removed and can be put back.
#[derive(Debug, Default)]
pub(crate) struct RemovedDates(Mutex<HashMap<String, (FolderId, CourseDate)>>);

impl RemovedDates {
    pub(crate) fn add(&self, course: FolderId, date: CourseDate) -> String {
        let mut removed = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let name = format!("{course}-{}", removed.len());
        removed.insert(name.clone(), (course, date));
        name
    }

    pub(crate) fn get(&self, name: &str) -> Result<(FolderId, CourseDate)> {
        let removed = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        removed.get(name).cloned().ok_or_else(|| {
            Error::new(ErrorCode::NotFound, "This removal can no longer be undone").with_hint("Add the date again")
        })
    }
}
