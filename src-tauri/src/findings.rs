//! What background work found and the user should know: a repair in the data folder, files that a move left behind.
//! Shown as banners until they are dismissed.
//!
//! Deliberately absent: anything that prevents an action. The call for that action is refused with it instead.
//!
//! Invariant: each finding is kept once, and at most [`MOST`] are kept.

use std::sync::{Mutex, MutexGuard, PoisonError};

use crate::plain;

/// Nobody would read more.
const MOST: usize = 5;

/// The sentences, the oldest first.
#[derive(Debug, Default)]
pub(crate) struct Findings(Mutex<Kept>);

#[derive(Debug, Default)]
struct Kept {
    sentences: Vec<String>,
    is_new: bool,
}

impl Findings {
    /// Keeps a sentence, with the quotation marks of the window.
    pub(crate) fn add(&self, sentence: &str) {
        let sentence = plain::quoted(sentence);
        let mut kept = self.kept();
        if !kept.sentences.contains(&sentence) && kept.sentences.len() < MOST {
            kept.sentences.push(sentence);
            kept.is_new = true;
        }
    }

    /// The findings that nobody has dismissed.
    pub(crate) fn all(&self) -> Vec<String> {
        let mut kept = self.kept();
        kept.is_new = false;
        kept.sentences.clone()
    }

    /// Whether there is a finding that was not asked for yet.
    pub(crate) fn has_new(&self) -> bool {
        self.kept().is_new
    }

    /// Dismisses one.
    pub(crate) fn dismiss(&self, sentence: &str) {
        self.kept().sentences.retain(|kept| kept != sentence);
    }

    fn kept(&self) -> MutexGuard<'_, Kept> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
