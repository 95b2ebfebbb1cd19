//! The removals of this run, so that each can be undone as long as the program runs.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use engine::{Error, ErrorCode, Result, courses};

/// Removals of this run that can be undone.
#[derive(Debug, Default)]
pub struct Removals(Mutex<HashMap<String, courses::Removed>>);

impl Removals {
    pub(crate) fn add(&self, undo: courses::Removed) -> String {
        let mut removals = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let name = format!("{}-{}", undo.course.id, removals.len());
        removals.insert(name.clone(), undo);
        name
    }

    pub(crate) fn get(&self, name: &str) -> Result<courses::Removed> {
        let removals = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        removals.get(name).cloned().ok_or_else(|| {
            Error::new(ErrorCode::NotFound, "This removal can no longer be undone").with_hint("Add the course again")
        })
    }
}
