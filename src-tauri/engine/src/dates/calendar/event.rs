//! The events of a calendar, reduced to what a course needs.
//!
//! Deliberately absent: to-dos, alarms, people, places. An event that cannot be understood is kept with the reason,
//! which is shown; the others are imported.

use std::collections::BTreeMap;

use chrono::{DateTime, NaiveDate, NaiveDateTime, TimeZone as _, Utc};
use icalendar::parser::Property;
use model::line::one_line;

use super::lines::{ContentLine, LineKind, for_each_line, name_of, parameter, property};
use crate::store::quoted;
use crate::{Error, ErrorCode, Result};

/// A calendar with more events covers more than one course.
const MOST_EVENTS: usize = 10_000;
/// Nobody enters more exceptions or extra days for one event.
const MOST_DAYS_OF_EVENT: usize = 2000;

/// A calendar that was read.
#[derive(Default)]
pub(super) struct CalendarFile {
    pub(super) events: Vec<CalendarEvent>,
    /// The zones it defines, with the IANA names it gives them.
    pub(super) zones: BTreeMap<String, Option<String>>,
}

/// A time as a calendar writes it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum WrittenTime {
    /// A whole day.
    Day(NaiveDate),
    /// A time without a zone: the same clock everywhere.
    Floating(NaiveDateTime),
    /// A time in a zone, by the calendar's name for the zone.
    Zoned(NaiveDateTime, String),
    /// An instant.
    Utc(DateTime<Utc>),
}

/// One event.
#[derive(Debug, Default)]
pub(super) struct CalendarEvent {
    /// The line at which it begins.
    pub(super) line: usize,
    pub(super) uid: String,
    pub(super) name: String,
    pub(super) start: Option<WrittenTime>,
    pub(super) end: Option<WrittenTime>,
    pub(super) days: Option<i32>,
    pub(super) rule: Option<String>,
    pub(super) also: Vec<WrittenTime>,
    pub(super) not: Vec<WrittenTime>,
    /// The occurrence of a repeating event that it replaces.
    pub(super) replaces: Option<WrittenTime>,
    pub(super) is_cancelled: bool,
    pub(super) categories: String,
    /// The first property that cannot be read.
    pub(super) unreadable: Option<String>,
}

impl CalendarFile {
    /// Reads a calendar. [`ErrorCode::InvalidInput`] names the line, if the text is no calendar or has too many events.
    pub(super) fn read(text: &str, file: &str) -> Result<Self> {
        let mut calendar = Self::default();
        let mut zone: (String, Option<String>) = Default::default();
        for_each_line(text, file, |line| calendar.take(&line, &mut zone, file))?;
        Ok(calendar)
    }

    fn take(&mut self, line: &ContentLine<'_>, zone: &mut (String, Option<String>), file: &str) -> Result<()> {
        let Some(innermost) = line.within.last() else { return Ok(()) };
        match (&line.event, innermost.as_str()) {
            (LineKind::Begin, "VEVENT") => {
                if self.events.len() == MOST_EVENTS {
                    return Err(Error::new(
                        ErrorCode::InvalidInput,
                        format!("{} has more than {MOST_EVENTS} events", quoted(file)),
                    )
                    .with_hint("Export only the calendar of the course"));
                }
                self.events.push(CalendarEvent { line: line.number, ..CalendarEvent::default() });
            }
            (LineKind::Property(text), "VEVENT") => {
                if let Some(event) = self.events.last_mut() {
                    event.take(text);
                }
            }
            (LineKind::Property(text), "VTIMEZONE") => {
                let place = match name_of(text).to_ascii_uppercase().as_str() {
                    "TZID" => Some(&mut zone.0),
                    "X-LIC-LOCATION" => Some(zone.1.get_or_insert_default()),
                    _ => None,
                };
                if let (Some(place), Some(read)) = (place, property(text)) {
                    read.val.as_str().trim().clone_into(place);
                }
            }
            (LineKind::End, "VTIMEZONE") => {
                let (name, location) = std::mem::take(zone);
                self.zones.insert(name, location);
            }
            _ => {}
        }
        Ok(())
    }
}

impl CalendarEvent {
    fn take(&mut self, line: &str) {
        let name = name_of(line).to_ascii_uppercase();
        let is_read = match name.as_str() {
            "UID" | "SUMMARY" | "STATUS" | "CATEGORIES" | "DTSTART" | "DTEND" | "DURATION" | "RRULE" | "RDATE"
            | "EXDATE" | "RECURRENCE-ID" => property(line).is_some_and(|property| self.take_property(&name, &property)),
            _ => true,
        };
        if !is_read {
            self.unreadable.get_or_insert(name);
        }
    }

    /// Whether the property could be read.
    fn take_property(&mut self, name: &str, property: &Property<'_>) -> bool {
        let value = property.val.as_str().trim();
        match name {
            "UID" => self.uid = one_line(value),
            "SUMMARY" => self.name = one_line(value),
            "STATUS" => self.is_cancelled = value.eq_ignore_ascii_case("CANCELLED"),
            "CATEGORIES" => self.categories = one_line(value),
            "RRULE" if self.rule.is_some() => return false,
            "RRULE" => self.rule = Some(value.to_owned()),
            "DTSTART" => return put(&mut self.start, time(property, value)),
            "DTEND" => return put(&mut self.end, time(property, value)),
            "RECURRENCE-ID" => return put(&mut self.replaces, time(property, value)),
            "DURATION" => {
                let days = value.strip_prefix('P').and_then(|rest| rest.strip_suffix('D'));
                let weeks = value.strip_prefix('P').and_then(|rest| rest.strip_suffix('W'));
                let number = |text: &str| text.parse::<i16>().ok().map(i32::from);
                self.days = days.and_then(number).or_else(|| Some(weeks.and_then(number)? * 7));
            }
            "RDATE" => return extend(&mut self.also, property, value),
            "EXDATE" => return extend(&mut self.not, property, value),
            _ => {}
        }
        true
    }
}

fn put(place: &mut Option<WrittenTime>, read: Option<WrittenTime>) -> bool {
    let is_read = read.is_some();
    *place = read;
    is_read
}

fn extend(times: &mut Vec<WrittenTime>, property: &Property<'_>, value: &str) -> bool {
    for text in value.split(',') {
        // A period starts with its first moment.
        let start = text.split('/').next().unwrap_or_default().trim();
        match time(property, start) {
            Some(time) if times.len() < MOST_DAYS_OF_EVENT => times.push(time),
            _ => return false,
        }
    }
    true
}

/// A time of a property, in the zone of its parameter.
fn time(property: &Property<'_>, text: &str) -> Option<WrittenTime> {
    let is_day = parameter(property, "VALUE").is_some_and(|value| value.eq_ignore_ascii_case("DATE"));
    if is_day || !text.contains('T') {
        let day = NaiveDate::parse_from_str(text, "%Y%m%d").ok()?;
        return is_usual(day).then_some(WrittenTime::Day(day));
    }
    let (local, is_utc) = match text.strip_suffix(['Z', 'z']) {
        Some(text) => (text, true),
        None => (text, false),
    };
    let local = NaiveDateTime::parse_from_str(local, "%Y%m%dT%H%M%S").ok().filter(|local| is_usual(local.date()))?;
    Some(match parameter(property, "TZID") {
        _ if is_utc => WrittenTime::Utc(Utc.from_utc_datetime(&local)),
        Some(zone) => WrittenTime::Zoned(local, zone.to_owned()),
        None => WrittenTime::Floating(local),
    })
}

/// Years in which a course can lie; any other is a slip or a trap.
fn is_usual(day: NaiveDate) -> bool {
    use chrono::Datelike as _;
    (1970..=2199).contains(&day.year())
}
