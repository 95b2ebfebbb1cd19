//! The request to save a one-page report.

use serde::Deserialize;
use ts_rs::TS;

use super::range::DateRange;

/// What to report on.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export_to = "report.ts")]
pub struct ReportRequest {
    /// The course.
    pub course_id: String,
    /// The video; absent: the course as a whole.
    pub session_id: Option<String>,
    /// The date range on screen.
    pub range: Option<DateRange>,
}
