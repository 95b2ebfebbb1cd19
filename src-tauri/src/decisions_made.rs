//! Decisions about people that were made in this run of the program and can be taken back.
//!
//! Deliberately absent: keeping them beyond the run. Invariant: nothing here outlives a person who is forgotten.

use std::sync::{Mutex, PoisonError};

use engine::{Error, ErrorCode, Result};
use model::Decisions;

/// Decisions of this run that can be taken back: what held before and after each.
#[derive(Debug, Default)]
pub(crate) struct DecisionsMade(Mutex<Vec<Option<(Decisions, Decisions)>>>);

impl DecisionsMade {
    pub(crate) fn add(&self, before: Decisions, after: Decisions) -> String {
        let mut made = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        made.push(Some((before, after)));
        (made.len() - 1).to_string()
    }

    pub(crate) fn get(&self, name: &str) -> Result<(Decisions, Decisions)> {
        let made = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let found = name.parse::<usize>().ok().and_then(|place| made.get(place).cloned().flatten());
        found.ok_or_else(|| {
            Error::new(ErrorCode::NotFound, "This can no longer be undone")
                .with_hint("Decide it anew in the list of people")
        })
    }

    /// None of them can be taken back any more. Their names stay taken, so that an old one never means a newer decision.
    pub(crate) fn clear(&self) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).fill(None);
    }
}
