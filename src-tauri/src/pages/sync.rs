//! A running sync, and how the sync of each course ended.

use chrono::{DateTime, Utc};
use chrono_tz::Tz;
use engine::outcome::failed_in_words;
use engine::store::journal::Attempt;
use engine::sync::{CourseOutcome, CourseReport, Failure, PartFailure, SyncReport as Report};
use engine::{Error, ErrorCode};
use model::{FolderId, OutcomeWord, Recorded, words};
use serde::Serialize;
use ts_rs::TS;

use super::sidebar::CourseSummary;
use super::when;
use crate::error::{IpcError, StoredCode};
use crate::plain;

/// Failed videos that are listed; the rest is counted.
const LISTED_FAILURES: usize = 100;

/// What a sync reports while it runs. `progress` is throttled to 100 ms; the first and the last of a course always come.
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
}

/// What came of a whole sync. Courses that failed are in here; only "nothing could be done" rejects the command.
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

/// How the last sync of one course ended.
#[derive(Debug, Clone, PartialEq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export_to = "sync.ts")]
pub struct CourseResult {
    /// The course.
    pub course_id: String,
    /// How it ended; absent where another version of this program noted a word that this one does not know.
    pub outcome: Option<OutcomeWord>,
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

/// One video that could not be fetched; it is tried again next time.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export_to = "sync.ts")]
pub struct VideoFailure {
    /// The video's name.
    pub video: String,
    /// What the window acts on; absent where another version of this program noted a code that this one does not know.
    pub code: Option<ErrorCode>,
    /// Why.
    pub message: String,
}

impl CourseResult {
    /// How the last sync of a course ended, as its journal tells it. `videos` is how many the course has.
    pub(crate) fn of_last_sync(course: FolderId, attempt: &Attempt, videos: u64, now: DateTime<Utc>, zone: Tz) -> Self {
        let ago = when::ago(attempt.at, now, zone);
        let (outcome, text) = match &attempt.outcome {
            Recorded::Known(word) => (Some(*word), told(*word, &ago, &attempt.failed, videos)),
            Recorded::Unknown(word) => (None, format!("Another version of this program noted “{word}” {ago}")),
        };
        Self::new(course, outcome, text, when::at(attempt.at, zone), attempt.error.as_ref(), &attempt.failed)
    }

    /// A course whose stored data cannot be read.
    pub(super) fn unreadable(course: FolderId, error: IpcError, now: DateTime<Utc>, zone: Tz) -> Self {
        let text = "Its data cannot be read".to_owned();
        let unread = Self::new(course, Some(OutcomeWord::Failed), text, when::at(now, zone), None::<&Failure>, &[]);
        Self { error: Some(error), ..unread }
    }

    /// How the sync of a course has just ended.
    fn of_report(course: &CourseReport, at: DateTime<Utc>, zone: Tz) -> Self {
        let new = |records: u64| words::counted(records, "new viewing record", "new viewing records");
        let none: &[PartFailure] = &[];
        let (text, error, failed) = match &course.outcome {
            CourseOutcome::UpToDate { .. } => ("Up to date".to_owned(), None, none),
            CourseOutcome::Synced { new_records, .. } => (format!("Synced, {}", new(*new_records)), None, none),
            CourseOutcome::Partial { videos, failed, .. } => {
                (failed_in_words(failed, *videos as u64), None, failed.as_slice())
            }
            CourseOutcome::Failed { error } => ("Sync failed".to_owned(), Some(error), none),
            CourseOutcome::Cancelled => ("Stopped".to_owned(), None, none),
        };
        Self::new(course.course, Some(course.outcome.word()), text, when::at(at, zone), error, failed)
    }

    fn new<C: StoredCode>(
        course: FolderId,
        outcome: Option<OutcomeWord>,
        text: String,
        at: String,
        error: Option<&Failure<C>>,
        failed: &[PartFailure<C>],
    ) -> Self {
        Self {
            course_id: course.to_string(),
            outcome,
            text,
            at,
            error: error.map(IpcError::of_failure),
            failures: failed.iter().take(LISTED_FAILURES).map(VideoFailure::new).collect(),
            failures_left_off: u32::try_from(failed.len().saturating_sub(LISTED_FAILURES)).unwrap_or(u32::MAX),
        }
    }
}

impl VideoFailure {
    fn new<C: StoredCode>(part: &PartFailure<C>) -> Self {
        let code = part.failure.code.known();
        Self { video: part.name.clone(), code, message: plain::sentence(code, &part.failure.reason) }
    }
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
        let text = format!("{}; its chunks could not be worked out: {}", self.text, chunks.message);
        Self { text, chunks: Some(chunks), ..self }
    }
}

/// How the last sync ended, in words.
fn told<C>(outcome: OutcomeWord, ago: &str, failed: &[PartFailure<C>], videos: u64) -> String {
    match outcome {
        OutcomeWord::Partial => failed_in_words(failed, videos),
        OutcomeWord::Failed => format!("Sync failed {ago}"),
        OutcomeWord::Cancelled => format!("Stopped {ago}"),
        OutcomeWord::UpToDate => format!("Up to date, checked {ago}"),
        OutcomeWord::Synced => format!("Synced {ago}"),
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

    #[test]
    fn a_journal_tells_how_many_failed() {
        let part = PartFailure {
            video: Some(model::SessionId::NIL),
            name: "Lecture 1".to_owned(),
            failure: Failure { code: engine::ErrorCode::Timeout.into(), reason: "Too slow".into(), hint: None },
        };
        let attempt = Attempt {
            at: "2020-11-23T07:15:00Z".parse().unwrap(),
            outcome: OutcomeWord::Partial.into(),
            new_records: 1,
            error: None,
            failed: vec![part; 130],
        };
        let now = "2020-11-23T09:20:00Z".parse().unwrap();
        let told = CourseResult::of_last_sync(FolderId::NIL, &attempt, 420, now, Tz::UTC);
        assert_eq!((told.text.as_str(), told.outcome), ("130 of 420 videos failed", Some(OutcomeWord::Partial)));
        assert_eq!((told.failures.len(), told.failures_left_off), (100, 30));
        let with = |outcome| {
            CourseResult::of_last_sync(FolderId::NIL, &Attempt { outcome, ..attempt.clone() }, 420, now, Tz::UTC)
        };
        let done = with(OutcomeWord::Synced.into());
        assert_eq!((done.text.as_str(), done.at.as_str()), ("Synced 2 hours ago", "Mon 23 Nov 2020, 07:15"));
        let odd = with(Recorded::of("half-done"));
        assert_eq!(odd.outcome, None, "a word of another version is no success");
        assert!(odd.text.contains("half-done"), "{}", odd.text);
    }
}
