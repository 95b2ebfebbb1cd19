//! Many courses: which are due first, and how many nights all of them take.
//!
//! The limits of the server allow so many calls an hour. A night therefore syncs as many courses as its hours allow, those
//! first that have waited longest, and the next night goes on. Nothing is kept for that: the journals say when each course
//! was last synced.
//!
//! Deliberately absent: a guess of what a course costs. How many were synced in the hours of a night says it better.
//!
//! Invariant: every course has its turn, also beside one that fails every night.

use chrono::{DateTime, Utc};
use model::{FolderId, OutcomeWord, Recorded};

use crate::Result;
use crate::store::DataFolder;
use crate::sync::SyncReport;
use crate::views::{CourseFacts, course_facts};

/// Courses of one sync; after each, the hours are looked at.
pub(super) const COURSES_AT_ONCE: usize = 50;

/// The listed courses, those first that have waited longest. Blocks.
pub(super) fn most_overdue_first(folder: &DataFolder) -> Result<Vec<FolderId>> {
    let mut facts = course_facts(folder)?;
    facts.sort_by_key(last_turn);
    Ok(facts.into_iter().map(|course| course.id).collect())
}

/// When a course last had its turn. One that failed has had it; one that was stopped has not.
fn last_turn(course: &CourseFacts) -> Option<DateTime<Utc>> {
    let attempt = course.last_attempt.as_ref()?;
    match attempt.outcome {
        Recorded::Known(OutcomeWord::UpToDate | OutcomeWord::Synced | OutcomeWord::Partial | OutcomeWord::Failed) => {
            Some(attempt.at)
        }
        Recorded::Known(OutcomeWord::Cancelled) | Recorded::Unknown(_) => course.last_complete,
    }
}

/// Nights that all courses take, where one night has synced so many of them.
pub(super) fn nights_for_all(courses: u64, in_one_night: u64) -> u64 {
    courses.div_ceil(in_one_night.max(1))
}

/// One report of two syncs.
pub(super) fn joined(before: Option<SyncReport>, next: SyncReport) -> SyncReport {
    let Some(mut all) = before else { return next };
    all.through = all.through.min(next.through);
    all.courses.extend(next.courses);
    all.new_records += next.new_records;
    all.requests += next.requests;
    all
}
