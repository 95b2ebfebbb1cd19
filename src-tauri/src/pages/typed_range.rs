//! Two days that somebody typed, read as the date range of a course.
//!
//! Deliberately absent: how a day is read (`model::typed_day`). Invariant: a range that it returns shares a day with
//! the course's data, so that a page has something to mark.

use engine::{Error, ErrorCode, Result};
use model::{DateRange as Days, Day, NotADay, days_across_time, typed_day, words};
use serde::Deserialize;
use ts_rs::TS;

use super::range::DateRange;
use crate::open_course::OpenCourse;

/// How to type a day, shown where one cannot be read.
const HOW: &str = "Type it as 24 Aug 2026 or 2026-08-24";

/// The ends of a date range, as they were typed.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export_to = "range.ts")]
pub struct TypedRange {
    /// The course.
    pub course_id: String,
    /// The first day.
    pub from: String,
    /// The last day.
    pub to: String,
}

impl TypedRange {
    /// The days, or `None` if they include all of the course's.
    pub fn read(&self, open: &OpenCourse) -> Result<Option<DateRange>> {
        let fetched = open.fetched_through();
        let domain = open
            .course
            .views
            .days()
            .map(|viewing| open.days(days_across_time(viewing, fetched, Days::ALL)))
            .ok_or_else(|| refused("Nobody has watched yet, so there are no days to choose".to_owned()))?;
        let (from, to) = (day(&self.from, domain.last())?, day(&self.to, domain.last())?);
        if to < from {
            let (from, to) = (words::day_year(from), words::day_year(to));
            return Err(refused(format!("The first day, {from}, is after the last day, {to}"))
                .with_hint("Change one of the two"));
        }
        let typed = Days::between(from, to);
        let Some(shared) = typed.within(domain) else {
            return Err(refused(format!("There are no data of {}", words::range(typed))).with_hint(format!(
                "They go from {} to {}",
                written(domain.first()),
                written(domain.last())
            )));
        };
        Ok((shared != domain).then(|| typed.into()))
    }
}

fn written(day: Day) -> String {
    words::day_year(day)
}

fn day(text: &str, latest: Day) -> Result<Day> {
    typed_day(text, latest).map_err(|reason| {
        // A long text is no date, and not worth repeating.
        let text: String = text.trim().chars().take(40).collect();
        let message = match reason {
            NotADay::Unreadable if text.is_empty() => "A day is missing".to_owned(),
            NotADay::Unreadable => format!("`{text}` is not a date"),
            NotADay::Ambiguous => format!("`{text}` can be two different dates"),
            NotADay::NoSuchDay => format!("There is no day `{text}`"),
        };
        refused(message).with_hint(HOW)
    })
}

fn refused(message: String) -> Error {
    Error::new(ErrorCode::InvalidInput, message)
}
