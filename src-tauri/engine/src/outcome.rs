//! How one course of a sync went, and the reasons for its failures. Journal, events and reports use these words.

use std::collections::BTreeSet;

use model::OutcomeWord;
use model::words::{count, counted};
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

/// What is incomplete in a course, in words: `2 of 42 videos failed, 1 folder is not wholly known`.
pub fn failed_in_words<C>(failed: &[PartFailure<C>], videos: u64) -> String {
    let failed_videos = failed.iter().filter(|part| part.video.is_some()).count() as u64;
    let folders: BTreeSet<&str> =
        failed.iter().filter(|part| part.video.is_none()).map(|part| part.name.as_str()).collect();
    let mut parts = Vec::new();
    if failed_videos > 0 && failed_videos <= videos {
        parts.push(format!("{} of {} failed", count(failed_videos), counted(videos, "video", "videos")));
    } else if failed_videos > 0 {
        parts.push(format!("{} failed", counted(failed_videos, "video", "videos")));
    }
    if !folders.is_empty() {
        let are = if folders.len() == 1 { "is" } else { "are" };
        parts.push(format!("{} {are} not wholly known", counted(folders.len() as u64, "folder", "folders")));
    }
    parts.join(", ")
}

#[cfg(test)]
mod tests {
    use model::SessionId;

    use super::*;
    use crate::ErrorCode;

    #[test]
    fn folders_are_not_counted_as_videos() {
        let part = |video: bool, name: &str| PartFailure {
            video: video.then_some(SessionId::NIL),
            name: name.to_owned(),
            failure: Failure { code: ErrorCode::NoRights, reason: "No".to_owned(), hint: None },
        };
        let told = |parts: &[PartFailure]| failed_in_words(parts, 42);
        assert_eq!(told(&[part(true, "a"), part(true, "b")]), "2 of 42 videos failed");
        assert_eq!(told(&[part(false, "Week 1"), part(false, "Week 1")]), "1 folder is not wholly known");
        assert_eq!(
            told(&[part(true, "a"), part(false, "Week 1"), part(false, "Week 2")]),
            "1 of 42 videos failed, 2 folders are not wholly known"
        );
        assert_eq!(failed_in_words(&[part(true, "a")], 0), "1 video failed");
    }
}
