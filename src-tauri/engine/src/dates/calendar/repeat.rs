//! The occurrences of a repeating event.
//!
//! Deliberately absent: rules that no timetable has, such as several times of one day. They are told and not guessed at.
//!
//! Invariant: bounded work. A rule repeats at most daily, has a bounded text, and is followed up to a last day and a number
//! of occurrences.

use chrono::{DateTime, NaiveDate, NaiveDateTime, NaiveTime, Utc};
use chrono_tz::Tz;
use rrule::{RRule, Unvalidated};

use super::moment::{Moment, instant_of};

/// More occurrences are no timetable: seven years of weekdays.
const MOST_OCCURRENCES: u16 = 2000;
const LONGEST_RULE: usize = 500;
/// The parts of a rule that name days.
const PARTS: [&str; 11] = [
    "FREQ",
    "INTERVAL",
    "COUNT",
    "UNTIL",
    "WKST",
    "BYDAY",
    "BYMONTH",
    "BYMONTHDAY",
    "BYSETPOS",
    "BYYEARDAY",
    "BYWEEKNO",
];

/// Why a rule is not followed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum BadRule {
    NotUnderstood,
    TooMany,
}

/// The occurrences of a rule from `start`, which is the first of them, up to the day `last`.
pub(super) fn occurrences(rule: &str, start: Moment, last: NaiveDate) -> Result<Vec<Moment>, BadRule> {
    let (zone, begin) = match start {
        Moment::Day(day) => (Tz::UTC, day.date().and_time(NaiveTime::MIN).and_utc()),
        Moment::At(at, zone) => (zone, at),
    };
    let (text, until) = checked(rule, zone)?;
    let end = instant_of(last.and_time(NaiveTime::MIN), Tz::UTC);
    let until = until.map_or(end, |until| until.min(end));
    if until < begin {
        return Ok(vec![start]);
    }
    let wide: RRule<Unvalidated> = text.parse().map_err(|_| BadRule::NotUnderstood)?;
    let begin = begin.with_timezone(&rrule::Tz::from(zone));
    let set = wide.until(until.with_timezone(&rrule::Tz::UTC)).build(begin).map_err(|_| BadRule::NotUnderstood)?;
    let found = set.all(MOST_OCCURRENCES);
    if found.limited {
        return Err(BadRule::TooMany);
    }
    let mut moments: Vec<Moment> = found
        .dates
        .into_iter()
        .map(|at| match start {
            Moment::Day(_) => Moment::Day(model::Day::from_date(at.date_naive())),
            Moment::At(_, zone) => Moment::At(at.with_timezone(&Utc), zone),
        })
        .collect();
    // The first occurrence is the start, also where the rule would not give it (RFC 5545 §3.8.5.3).
    if !moments.contains(&start) {
        moments.insert(0, start);
    }
    Ok(moments)
}

/// The rule without its end, and the end: programs write it as a day, as a local time and as an instant.
fn checked(rule: &str, zone: Tz) -> Result<(String, Option<DateTime<Utc>>), BadRule> {
    if rule.len() > LONGEST_RULE {
        return Err(BadRule::NotUnderstood);
    }
    let mut kept = Vec::new();
    let mut until = None;
    for part in rule.split(';').map(str::trim).filter(|part| !part.is_empty()) {
        let (name, value) = part.split_once('=').ok_or(BadRule::NotUnderstood)?;
        let (name, value) = (name.trim().to_ascii_uppercase(), value.trim().to_ascii_uppercase());
        if !PARTS.contains(&&*name) {
            return Err(BadRule::NotUnderstood);
        }
        if name == "FREQ" && !["DAILY", "WEEKLY", "MONTHLY", "YEARLY"].contains(&&*value) {
            return Err(BadRule::NotUnderstood);
        }
        if name == "UNTIL" {
            until = Some(end_of(&value, zone).ok_or(BadRule::NotUnderstood)?);
            continue;
        }
        kept.push(format!("{name}={value}"));
    }
    if kept.iter().all(|part| !part.starts_with("FREQ=")) {
        return Err(BadRule::NotUnderstood);
    }
    Ok((kept.join(";"), until))
}

fn end_of(text: &str, zone: Tz) -> Option<DateTime<Utc>> {
    if let Some(utc) = text.strip_suffix('Z') {
        return Some(NaiveDateTime::parse_from_str(utc, "%Y%m%dT%H%M%S").ok()?.and_utc());
    }
    if let Ok(local) = NaiveDateTime::parse_from_str(text, "%Y%m%dT%H%M%S") {
        return Some(instant_of(local, zone));
    }
    // A day is meant with all of it.
    let day = NaiveDate::parse_from_str(text, "%Y%m%d").ok()?;
    Some(instant_of(day.and_hms_opt(23, 59, 59)?, zone))
}
