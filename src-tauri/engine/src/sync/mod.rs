//! Sync.
mod report;
pub use report::{CourseOutcome, CourseReport, Failure, PartFailure, SyncReport};
