//! A running sync, and what came of it as a whole.

use chrono::{DateTime, Utc};
use chrono_tz::Tz;
use engine::Error;
use engine::sync::{CourseOutcome, SyncReport as Report};
use model::words;
use serde::Serialize;
use ts_rs::TS;

use super::course_result::CourseResult;
use super::sidebar::CourseSummary;
use crate::error::IpcError;

/// What a sync reports while it runs. `progress` is throttled to 100 ms; the first and the last one of a course are
/// always sent.
#[derive(Debug, Clone, PartialEq, Serialize, TS)]
#[serde(rename_all = "camelCase", rename_all_fields = "camelCase", tag = "type")]
#[ts(export_to = "sync.ts")]
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
    /// A first sync has fetched enough to look at, or more than before.
    CourseSoFar {
        /// The course as it is now.
        course: Box<CourseSummary>,
    },
    /// One course is done, whatever came of it.
    CourseDone {
        /// The course as it is now, with its `lastSync`.
        course: Box<CourseSummary>,
    },
}

/// The parts of a sync.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export_to = "sync.ts")]
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
    /// All is done and shown; captions are being fetched.
    Captions,
}

/// What came of a whole sync. Failed courses are in here; the command is rejected only if nothing could be done.
#[derive(Debug, Clone, PartialEq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export_to = "sync.ts")]
pub struct SyncReport {
    /// Whether the user stopped it.
    pub cancelled: bool,
    /// How each course ended.
    pub courses: Vec<CourseResult>,
    /// `2 courses synced, 1,204 new viewing records`.
    pub text: String,
    /// Why the chunks could not be worked out, though the records are stored; absent where they could.
    pub chunks: Option<IpcError>,
}

impl SyncReport {
    /// What came of a whole sync that began at `at`.
    pub fn new(report: &Report, at: DateTime<Utc>, zone: Tz) -> Self {
        Self {
            cancelled: report.is_cancelled(),
            courses: report.courses.iter().map(|course| CourseResult::of_report(course, at, zone)).collect(),
            text: summary(report),
            chunks: None,
        }
    }

    /// Adds why the chunks could not be worked out.
    #[must_use]
    pub(crate) fn with_chunk_failure(self, failure: Option<&Error>) -> Self {
        let Some(failure) = failure else { return self };
        let chunks = IpcError::within_report(failure);
        let text = format!("{}; the parts for Tableau could not be worked out: {}", self.text, chunks.message);
        Self { text, chunks: Some(chunks), ..self }
    }
}

fn summary(report: &Report) -> String {
    let count = |wanted: fn(&CourseOutcome) -> bool| {
        report.courses.iter().filter(|course| wanted(&course.outcome)).count() as u64
    };
    let courses = |number| words::counted(number, "course", "courses");
    let whole = count(CourseOutcome::is_complete);
    let partly = count(|outcome| matches!(outcome, CourseOutcome::Partial { .. }));
    let failed = count(|outcome| matches!(outcome, CourseOutcome::Failed { .. }));
    let stopped = count(|outcome| *outcome == CourseOutcome::Cancelled);
    let fetched = count(|outcome| matches!(outcome, CourseOutcome::Synced { .. }));
    let mut parts = Vec::new();
    if whole > 0 && fetched == 0 {
        parts.push(format!("{} up to date", courses(whole)));
    } else if whole > 0 {
        parts.push(format!("{} synced", courses(whole)));
    }
    for (number, what) in [(partly, "synced in part"), (failed, "failed"), (stopped, "stopped")] {
        if number > 0 {
            parts.push(format!("{} {what}", courses(number)));
        }
    }
    if fetched + partly > 0 {
        parts.push(words::counted(report.new_records, "new viewing record", "new viewing records"));
    }
    if parts.is_empty() { "There was no course to sync".to_owned() } else { parts.join(", ") }
}

#[cfg(test)]
mod tests {
    use engine::sync::{CourseReport, Failure};
    use model::FolderId;

    use super::*;

    fn course(outcome: CourseOutcome) -> CourseReport {
        CourseReport { course: FolderId::NIL, name: "COMM 290".to_owned(), outcome }
    }

    fn summed_up(courses: Vec<CourseReport>) -> String {
        let new_records = courses.iter().map(|course| course.outcome.new_records()).sum();
        summary(&Report { through: chrono::NaiveDate::MIN, courses, new_records, requests: 1 })
    }

    fn synced(new_records: u64) -> CourseReport {
        course(CourseOutcome::Synced { videos: 3, new_records, new_videos: 0, gone_videos: 0 })
    }

    #[test]
    fn a_sync_is_told_in_one_line() {
        let failure = Failure { code: engine::ErrorCode::Network, reason: "Gone".into(), hint: None };
        assert_eq!(summed_up(vec![synced(1_200), synced(4)]), "2 courses synced, 1,204 new viewing records");
        assert_eq!(summed_up(vec![course(CourseOutcome::UpToDate { videos: 3 })]), "1 course up to date");
        assert_eq!(
            summed_up(vec![
                synced(1),
                course(CourseOutcome::Failed { error: failure }),
                course(CourseOutcome::Cancelled)
            ]),
            "1 course synced, 1 course failed, 1 course stopped, 1 new viewing record"
        );
        assert_eq!(summed_up(Vec::new()), "There was no course to sync");
    }
}
