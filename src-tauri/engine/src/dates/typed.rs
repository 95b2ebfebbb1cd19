//! When a date is, as a person types it: a day, two days, or a day and a time.
//!
//! Deliberately absent: other orders of day and month, because nobody can tell them apart for certain.

use chrono::{Datelike as _, NaiveDate, NaiveTime};
use chrono_tz::Tz;
use model::words::day_year;
use model::{DateRange, Day, LocalMinute, When};

use crate::store::dates::{YEARS_OF_DATES, typed_day, typed_instant};
use crate::store::quoted;
use crate::{Error, ErrorCode, Result};

/// When a date is. `start` is a day (`2026-10-05`) or a time (`2026-10-05 09:00`) in `zone`; `end` is the last of
/// several days.
///
/// [`ErrorCode::InvalidInput`] for any other text, for a time that the clocks of the zone skip, and for a last day
/// before the first.
pub fn typed_when(start: &str, end: Option<&str>, zone: Tz) -> Result<When> {
    let (start, end) = (start.trim(), end.map(str::trim).filter(|end| !end.is_empty()));
    if let Some(first) = typed_day(start) {
        let last = match end {
            Some(end) => typed_day(end).ok_or_else(|| no_day(end))?,
            None => first,
        };
        if last < first {
            return Err(Error::new(ErrorCode::InvalidInput, "The last day of the date lies before its first")
                .with_hint("Give the earlier day first"));
        }
        return Ok(When::Days(DateRange::between(first, last)));
    }
    if !start.contains([' ', 'T']) {
        return Err(no_day(start));
    }
    if end.is_some() {
        return Err(Error::new(ErrorCode::InvalidInput, "A date with a time has no last day")
            .with_hint("Leave out the time, or the last day"));
    }
    let at = typed_instant(start, zone).map_err(|text| no_time(start, &text, zone))?;
    Ok(When::At(at, zone))
}

/// The instant by which something must have been watched, as a person types it, and its words: a day ends with its last
/// minute; a time is itself no longer in time.
pub fn typed_cutoff(text: &str, zone: Tz) -> Result<(LocalMinute, String)> {
    Ok(match typed_when(text, None, zone)? {
        When::Days(days) => {
            (LocalMinute::start_of(days.last().plus(1)), format!("by the end of {}", day_year(days.last())))
        }
        When::At(at, _) => {
            let local = at.with_timezone(&zone).naive_local();
            let words = format!("before {} {}", day_year(Day::from_date(local.date())), local.format("%H:%M"));
            (LocalMinute::of(local), words)
        }
    })
}

fn no_time(typed: &str, quoted: &str, zone: Tz) -> Error {
    let day = typed.split([' ', 'T']).next().unwrap_or_default();
    if typed_day(day).is_none() {
        return no_day(typed);
    }
    let (message, hint) = match typed.split_once([' ', 'T']).map(|(_, time)| typed_time(time)) {
        Some(true) => (
            format!("{quoted} does not exist in {zone}: the clocks leave out this hour"),
            "Give a time before or after the clocks change",
        ),
        Some(false) | None => {
            (format!("{quoted} is not a time"), "Give a day and a time of 24 hours, as in 2026-10-05 09:00")
        }
    };
    Error::new(ErrorCode::InvalidInput, message).with_hint(hint)
}

/// Whether this is a time of a day, if the day has it.
fn typed_time(text: &str) -> bool {
    ["%H:%M:%S", "%H:%M"].iter().any(|form| NaiveTime::parse_from_str(text.trim(), form).is_ok())
}

/// A day that exists, in a year that the dates of a course cannot have.
pub(super) fn no_such_year(text: &str) -> Error {
    let (first, last) = (YEARS_OF_DATES.start(), YEARS_OF_DATES.end());
    Error::new(ErrorCode::InvalidInput, format!("{} is in no year that a course can have", quoted(text)))
        .with_hint(format!("Give a day of the years {first} to {last}"))
}

fn no_day(text: &str) -> Error {
    let day = text.split([' ', 'T']).next().unwrap_or_default();
    if NaiveDate::parse_from_str(day, "%Y-%m-%d").is_ok_and(|day| !YEARS_OF_DATES.contains(&day.year())) {
        return no_such_year(day);
    }
    Error::new(ErrorCode::InvalidInput, format!("{} is not a day", quoted(text)))
        .with_hint("Give it as YYYY-MM-DD, such as 2026-10-05; a time can follow, as in 2026-10-05 09:00")
}
