//! What a sync did, course by course. A partial failure is part of it, not an error.

use model::FolderId;
use serde::Serialize;

use crate::outcome::{CourseOutcome, Failure};

/// One course in the report.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct CourseReport {
    /// The course.
    pub course: FolderId,
    /// Its name: the server's if the server could be asked, or else the stored one.
    pub name: String,
    /// How it went.
    pub outcome: CourseOutcome,
}

/// What a whole sync did.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct SyncReport {
    /// The last complete UTC day; records are fetched up to its end.
    pub through: chrono::NaiveDate,
    /// The courses in the order of the course list.
    pub courses: Vec<CourseReport>,
    /// Viewing records that were not there before, over all courses.
    pub new_records: u64,
    /// Requests sent to the server, repeated ones included.
    pub requests: u64,
}

impl SyncReport {
    /// Whether every course is complete.
    pub fn is_complete(&self) -> bool {
        self.courses.iter().all(|course| course.outcome.is_complete())
    }

    /// Whether the user stopped it.
    pub fn is_cancelled(&self) -> bool {
        self.courses.iter().any(|course| course.outcome == CourseOutcome::Cancelled)
    }

    /// The reason why not a single course got anywhere: the first failure. `None` if anything was stored or already up
    /// to date.
    pub fn total_failure(&self) -> Option<&Failure> {
        let mut failures = self.courses.iter().map(|course| match &course.outcome {
            CourseOutcome::Failed { error } => Some(error),
            CourseOutcome::UpToDate { .. }
            | CourseOutcome::Synced { .. }
            | CourseOutcome::Partial { .. }
            | CourseOutcome::Cancelled => None,
        });
        let first = failures.next()??;
        failures.all(|failure| failure.is_some()).then_some(first)
    }
}
