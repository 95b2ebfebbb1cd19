//! A running sync and what came of it.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::BINDINGS;
use super::course::CourseSummary;
use super::error::{ErrorCode, IpcError};

/// What a sync reports while it runs. `progress` is throttled to 100 ms; the first and the last of a course always come.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase", rename_all_fields = "camelCase", tag = "type")]
#[ts(export_to = BINDINGS)]
pub enum SyncEvent {
    /// The courses that will be synced, in this order.
    Started {
        /// Their IDs.
        course_ids: Vec<String>,
    },
    /// How far one course is.
    Progress {
        /// The course.
        course_id: String,
        /// What is being done.
        phase: SyncPhase,
        /// Done share of this course, 0 to 1; absent while the amount of work is not known.
        share: Option<f64>,
        /// For the sidebar: `63 %`, `listing videos`, `finishing`.
        short: String,
        /// For the bar below: `27 of 42 videos · 12,408 viewing records`.
        text: String,
        /// An honest guess: `about 2 min left`; absent where there is none yet.
        remaining: Option<String>,
        /// The same in seconds, to find the course that takes longest; absent where `remaining` is.
        remaining_secs: Option<u32>,
        /// The video being fetched.
        video: Option<String>,
    },
    /// One course is done, whatever came of it.
    CourseDone {
        /// The course as it is now, with its `lastSync`.
        course: Box<CourseSummary>,
    },
}

/// The parts of a sync.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export_to = BINDINGS)]
pub enum SyncPhase {
    /// Waits for its turn.
    Waiting,
    /// Folders and videos are being listed.
    Listing,
    /// Viewing records are being fetched.
    Fetching,
    /// Everything is fetched; it is being stored, or waits until all courses are fetched.
    Finishing,
    /// Chunks are being worked out.
    Chunking,
}

/// What came of a whole sync. Courses that failed are in here; only "nothing could be done" rejects the command.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export_to = BINDINGS)]
pub struct SyncReport {
    /// Whether the user stopped it.
    pub cancelled: bool,
    /// How each course ended.
    pub courses: Vec<CourseResult>,
    /// `2 courses synced, 1,204 new viewing records`.
    pub text: String,
}

/// How the last sync of one course ended.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export_to = BINDINGS)]
pub struct CourseResult {
    /// The course.
    pub course_id: String,
    /// How it ended.
    pub outcome: SyncOutcome,
    /// One line: `Synced 2 hours ago`, `2 of 42 videos failed`, `Stopped`.
    pub text: String,
    /// When, in words with the date and the time: `Mon 23 Nov 2020, 08:15`.
    pub at: String,
    /// Why the whole course failed, where it did.
    pub error: Option<IpcError>,
    /// The videos that failed, at most 100.
    pub failures: Vec<VideoFailure>,
    /// How many more failed than are listed.
    pub failures_left_off: u32,
}

/// How a course ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export_to = BINDINGS)]
pub enum SyncOutcome {
    /// Everything was fetched, or there was nothing new.
    Done,
    /// Some videos failed; the others are fetched.
    Partial,
    /// Nothing could be fetched.
    Failed,
    /// The user stopped it; what was done is kept.
    Stopped,
    /// A word that another version of this program wrote into the journal: shown as it is.
    Unknown,
}

/// One video that could not be fetched; it is tried again next time.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export_to = BINDINGS)]
pub struct VideoFailure {
    /// The video's name.
    pub video: String,
    /// What the window acts on.
    pub code: ErrorCode,
    /// Why.
    pub message: String,
}
