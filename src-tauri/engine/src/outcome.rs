//! How one course of a sync went, and why what failed did. Journal, events and reports tell it in these words.

use model::OutcomeWord;
pub use model::{Failure, PartFailure};
use serde::Serialize;

use crate::Error;

impl From<&Error> for Failure {
    fn from(error: &Error) -> Self {
        Self { code: error.code(), reason: error.message().to_owned(), hint: error.hint().map(str::to_owned) }
    }
}

/// How one course went.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "type", rename_all = "camelCase", rename_all_fields = "camelCase")]
pub enum CourseOutcome {
    /// Every video already had the last complete day: no usage call was made.
    UpToDate {
        /// Videos in the course.
        videos: usize,
    },
    /// Everything that was due was fetched and stored.
    Synced {
        /// Videos in the course.
        videos: usize,
        /// Viewing records that were not there before.
        new_records: u64,
        /// Videos that were not known before.
        new_videos: usize,
        /// Videos that were known and are no longer in the course.
        gone_videos: usize,
    },
    /// Some videos or subfolders failed and will be tried again next time; the others are stored.
    Partial {
        /// Videos in the course.
        videos: usize,
        /// Viewing records that were not there before.
        new_records: u64,
        /// Videos that were not known before.
        new_videos: usize,
        /// Videos that were known and are no longer in the course.
        gone_videos: usize,
        /// What failed.
        failed: Vec<PartFailure>,
    },
    /// Nothing of the course could be fetched or stored.
    Failed {
        /// Why.
        error: Failure,
    },
    /// The user stopped the sync before the course was complete; what was fetched is kept for the next one.
    Cancelled,
}

impl CourseOutcome {
    /// Viewing records that were not there before.
    pub fn new_records(&self) -> u64 {
        match self {
            Self::Synced { new_records, .. } | Self::Partial { new_records, .. } => *new_records,
            Self::UpToDate { .. } | Self::Failed { .. } | Self::Cancelled => 0,
        }
    }

    /// Whether everything that was due is now stored.
    pub fn is_complete(&self) -> bool {
        matches!(self, Self::UpToDate { .. } | Self::Synced { .. })
    }

    /// The word for this outcome, as in JSON and in the journal.
    pub fn word(&self) -> OutcomeWord {
        match self {
            Self::UpToDate { .. } => OutcomeWord::UpToDate,
            Self::Synced { .. } => OutcomeWord::Synced,
            Self::Partial { .. } => OutcomeWord::Partial,
            Self::Failed { .. } => OutcomeWord::Failed,
            Self::Cancelled => OutcomeWord::Cancelled,
        }
    }
}
