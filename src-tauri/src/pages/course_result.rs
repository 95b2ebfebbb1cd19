//! How the last sync of a course ended, as the sidebar and the course's page show it.

use chrono::{DateTime, Utc};
use chrono_tz::Tz;
use engine::ErrorCode;
use engine::outcome::failed_in_words;
use engine::store::journal::Attempt;
use engine::sync::{CourseOutcome, CourseReport, Failure, PartFailure};
use model::{FolderId, OutcomeWord, Recorded, words};
use serde::Serialize;
use ts_rs::TS;

use super::when;
use crate::error::{IpcError, StoredCode};
use crate::plain;

/// How many failed videos are listed; the rest are only counted.
const LISTED_FAILURES: usize = 100;

/// How the last sync of one course ended.
#[derive(Debug, Clone, PartialEq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export_to = "sync.ts")]
pub struct CourseResult {
    /// The course.
    pub course_id: String,
    /// How it ended; absent if another version of this program stored a word that this one does not know.
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
    /// What the window acts on; absent if another version of this program stored a code that this one does not know.
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
    pub(super) fn of_report(course: &CourseReport, at: DateTime<Utc>, zone: Tz) -> Self {
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

#[cfg(test)]
mod tests {
    use super::*;

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
