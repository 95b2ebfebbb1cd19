//! How a sync of a course ended, in the window's words.

use chrono::{DateTime, Utc};
use chrono_tz::Tz;
use engine::store::journal::Attempt;
use engine::sync::{CourseOutcome, CourseReport, Failure, PartFailure, SyncReport as Report};
use model::{FolderId, OutcomeWord, Recorded, words};

use super::moment;
use crate::dto::error::{ErrorCode, IpcError};
use crate::dto::sync::{CourseResult, SyncOutcome, SyncReport, VideoFailure};
use crate::plain;

/// Failed videos that are listed; the rest is counted.
const LISTED_FAILURES: usize = 100;

/// How the last sync of a course ended, as its journal tells it.
pub fn last_sync(course: FolderId, attempt: &Attempt, videos: u64, now: DateTime<Utc>, zone: Tz) -> CourseResult {
    let ago = moment::ago(attempt.at, now, zone);
    let failed = attempt.failed.len() as u64;
    let (outcome, text) = match &attempt.outcome {
        Recorded::Known(OutcomeWord::Partial) => (SyncOutcome::Partial, partial(failed, videos)),
        Recorded::Known(OutcomeWord::Failed) => (SyncOutcome::Failed, format!("Sync failed {ago}")),
        Recorded::Known(OutcomeWord::Cancelled) => (SyncOutcome::Stopped, format!("Stopped {ago}")),
        Recorded::Known(OutcomeWord::UpToDate) => (SyncOutcome::Done, format!("Up to date, checked {ago}")),
        Recorded::Known(OutcomeWord::Synced) => (SyncOutcome::Done, format!("Synced {ago}")),
        Recorded::Unknown(word) => {
            (SyncOutcome::Unknown, format!("Another version of this program noted \u{201c}{word}\u{201d} {ago}"))
        }
    };
    result(course, outcome, text, moment::at(attempt.at, zone), attempt.error.as_ref(), &attempt.failed)
}

fn partial(failed: u64, videos: u64) -> String {
    if videos >= failed && videos > 0 {
        format!("{} of {} failed", words::count(failed), words::counted(videos, "video", "videos"))
    } else {
        format!("{} failed", words::counted(failed, "part", "parts"))
    }
}

fn result<C>(
    course: FolderId,
    outcome: SyncOutcome,
    text: String,
    at: String,
    error: Option<&Failure<C>>,
    failed: &[PartFailure<C>],
) -> CourseResult
where
    for<'a> &'a C: Into<ErrorCode>,
{
    CourseResult {
        course_id: course.to_string(),
        outcome,
        text,
        at,
        error: error.map(failure),
        failures: failed.iter().take(LISTED_FAILURES).map(video_failure).collect(),
        failures_left_off: u32::try_from(failed.len().saturating_sub(LISTED_FAILURES)).unwrap_or(u32::MAX),
    }
}

/// A stored failure as the window tells it.
pub fn failure<C>(failure: &Failure<C>) -> IpcError
where
    for<'a> &'a C: Into<ErrorCode>,
{
    IpcError::plainly((&failure.code).into(), &failure.reason, failure.hint.as_deref())
}

fn video_failure<C>(part: &PartFailure<C>) -> VideoFailure
where
    for<'a> &'a C: Into<ErrorCode>,
{
    let code = (&part.failure.code).into();
    VideoFailure { video: part.name.clone(), code, message: plain::sentence(code, &part.failure.reason) }
}

/// What came of a whole sync.
pub fn report(report: &Report, at: DateTime<Utc>, zone: Tz) -> SyncReport {
    SyncReport {
        cancelled: report.is_cancelled(),
        courses: report.courses.iter().map(|course| course_result(course, at, zone)).collect(),
        text: summary(report),
    }
}

fn course_result(course: &CourseReport, at: DateTime<Utc>, zone: Tz) -> CourseResult {
    let new = |records: u64| words::counted(records, "new viewing record", "new viewing records");
    let none: &[PartFailure] = &[];
    let (outcome, text, error, failed) = match &course.outcome {
        CourseOutcome::UpToDate { .. } => (SyncOutcome::Done, "Up to date".to_owned(), None, none),
        CourseOutcome::Synced { new_records, .. } => {
            (SyncOutcome::Done, format!("Synced, {}", new(*new_records)), None, none)
        }
        CourseOutcome::Partial { videos, failed, .. } => {
            (SyncOutcome::Partial, partial(failed.len() as u64, *videos as u64), None, failed.as_slice())
        }
        CourseOutcome::Failed { error } => (SyncOutcome::Failed, "Sync failed".to_owned(), Some(error), none),
        CourseOutcome::Cancelled => (SyncOutcome::Stopped, "Stopped".to_owned(), None, none),
    };
    result(course.course, outcome, text, moment::at(at, zone), error, failed)
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

    fn told(courses: Vec<CourseReport>) -> String {
        let new_records = courses.iter().map(|course| course.outcome.new_records()).sum();
        summary(&Report { through: chrono::NaiveDate::MIN, courses, new_records, requests: 1 })
    }

    fn synced(new_records: u64) -> CourseReport {
        course(CourseOutcome::Synced { videos: 3, new_records, new_videos: 0, gone_videos: 0 })
    }

    #[test]
    fn a_sync_is_told_in_one_line() {
        let failure = Failure { code: engine::ErrorCode::Network, reason: "Gone".into(), hint: None };
        assert_eq!(told(vec![synced(1_200), synced(4)]), "2 courses synced, 1,204 new viewing records");
        assert_eq!(told(vec![course(CourseOutcome::UpToDate { videos: 3 })]), "1 course up to date");
        assert_eq!(
            told(vec![synced(1), course(CourseOutcome::Failed { error: failure }), course(CourseOutcome::Cancelled)]),
            "1 course synced, 1 course failed, 1 course stopped, 1 new viewing record"
        );
        assert_eq!(told(Vec::new()), "There was no course to sync");
    }

    #[test]
    fn a_journal_tells_how_many_failed() {
        let part = PartFailure {
            video: None,
            name: "Week 1".to_owned(),
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
        let told = last_sync(FolderId::NIL, &attempt, 420, now, Tz::UTC);
        assert_eq!((told.text.as_str(), told.outcome), ("130 of 420 videos failed", SyncOutcome::Partial));
        assert_eq!((told.failures.len(), told.failures_left_off), (100, 30));
        let with = |outcome| last_sync(FolderId::NIL, &Attempt { outcome, ..attempt.clone() }, 420, now, Tz::UTC);
        let done = with(OutcomeWord::Synced.into());
        assert_eq!((done.text.as_str(), done.at.as_str()), ("Synced 2 hours ago", "Mon 23 Nov 2020, 07:15"));
        let odd = with(Recorded::of("half-done"));
        assert_eq!(odd.outcome, SyncOutcome::Unknown, "a word of another version is no success");
        assert!(odd.text.contains("half-done"), "{}", odd.text);
    }
}
