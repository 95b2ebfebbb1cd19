//! How one course of a sync went, and why what failed did. Journal, events and reports tell it in these words.

use model::SessionId;
use serde::{Deserialize, Serialize};

use crate::{Error, ErrorCode};

/// Why something failed, in a form that can be stored and shown again.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Failure {
    /// The kind, as [`ErrorCode::as_str`] writes it.
    pub code: String,
    /// One sentence without full stop.
    pub reason: String,
    /// What to do about it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub hint: Option<String>,
}

impl From<&Error> for Failure {
    fn from(error: &Error) -> Self {
        Self {
            code: error.code().as_str().to_owned(),
            reason: error.message().to_owned(),
            hint: error.hint().map(str::to_owned),
        }
    }
}

impl Failure {
    /// Whether it is of this kind.
    pub fn is(&self, code: ErrorCode) -> bool {
        self.code == code.as_str()
    }
}

/// A video, or a subfolder, whose data could not be fetched this time.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct PartFailure {
    /// The video; absent when it is a subfolder that could not be read.
    pub video: Option<SessionId>,
    /// Name of the video or subfolder.
    pub name: String,
    /// Why.
    #[serde(flatten)]
    pub failure: Failure,
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
            _ => 0,
        }
    }

    /// Whether everything that was due is now stored.
    pub fn is_complete(&self) -> bool {
        matches!(self, Self::UpToDate { .. } | Self::Synced { .. })
    }

    /// The word for this outcome, as in JSON and in the journal.
    pub fn word(&self) -> &'static str {
        match self {
            Self::UpToDate { .. } => "upToDate",
            Self::Synced { .. } => "synced",
            Self::Partial { .. } => "partial",
            Self::Failed { .. } => "failed",
            Self::Cancelled => "cancelled",
        }
    }
}
