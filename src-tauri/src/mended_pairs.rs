//! What was said of pairs of videos before it was changed in this run of the program, so that it can be put back.
//!
//! Deliberately absent: keeping it beyond the run.

use std::sync::{Mutex, PoisonError};

use engine::store::MendedPair;
use engine::{Error, ErrorCode, Result};
use model::{FolderId, SessionId};

/// One change: the two courses, the videos it was about, and what was said of them before.
#[derive(Debug, Clone)]
pub(crate) struct MendedBefore {
    pub(crate) courses: [FolderId; 2],
    pub(crate) videos: [Option<SessionId>; 2],
    pub(crate) earlier: Vec<MendedPair>,
}

/// The changes of this run.
#[derive(Debug, Default)]
pub(crate) struct MendedPairs(Mutex<Vec<MendedBefore>>);

impl MendedPairs {
    /// Keeps a change; answers the name by which it is undone.
    pub(crate) fn add(&self, before: MendedBefore) -> String {
        let mut changes = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        changes.push(before);
        (changes.len() - 1).to_string()
    }

    /// The change of this name.
    pub(crate) fn get(&self, name: &str) -> Result<MendedBefore> {
        let changes = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let found = name.parse::<usize>().ok().and_then(|place| changes.get(place).cloned());
        found.ok_or_else(|| {
            Error::new(ErrorCode::NotFound, "This pair can no longer be put back").with_hint("Choose the video again")
        })
    }
}
