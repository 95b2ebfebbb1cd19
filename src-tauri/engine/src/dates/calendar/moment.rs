//! A time of a calendar once its zone is known, and how a date is made from it.

use chrono::{DateTime, Duration, MappedLocalTime, NaiveDateTime, Offset as _, TimeZone as _, Utc};
use chrono_tz::Tz;
use model::{DateRange, Day, When};

/// A day or an instant. Two that are equal are the same occurrence.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum EventTime {
    Day(Day),
    At(DateTime<Utc>, Tz),
}

impl EventTime {
    /// The day on the calendar of its own zone.
    pub(super) fn day(self) -> Day {
        match self {
            Self::Day(day) => day,
            Self::At(at, zone) => Day::from_date(at.with_timezone(&zone).date_naive()),
        }
    }

    /// Whether an exception refers to this occurrence: to the same instant or day, or to the day of this instant.
    pub(super) fn is_meant_by(self, exception: Self) -> bool {
        match (self, exception) {
            (Self::At(at, _), Self::At(other, _)) => at == other,
            (_, Self::Day(day)) => self.day() == day,
            (Self::Day(day), Self::At(..)) => day == exception.day(),
        }
    }

    /// A text that stays the same, to tell one occurrence from another.
    pub(super) fn key(self) -> String {
        match self {
            Self::Day(day) => day.date().format("%Y%m%d").to_string(),
            Self::At(at, _) => at.format("%Y%m%dT%H%M%SZ").to_string(),
        }
    }

    /// When a date is that begins here and takes this many days.
    pub(super) fn when(self, days: i32) -> When {
        match self {
            Self::Day(day) => When::Days(DateRange::between(day, day.plus(days.max(1) - 1))),
            Self::At(at, zone) => When::At(at, zone),
        }
    }
}

/// The instant of a local time. If the clocks show it twice, the first time counts. If the clocks skip it, it moves on
/// by as much as the clocks do (RFC 5545 §3.3.5).
pub(super) fn instant_of(local: NaiveDateTime, zone: Tz) -> DateTime<Utc> {
    match zone.from_local_datetime(&local) {
        MappedLocalTime::Single(at) | MappedLocalTime::Ambiguous(at, _) => at.with_timezone(&Utc),
        MappedLocalTime::None => {
            let before = zone.offset_from_utc_datetime(&(local - Duration::days(1))).fix();
            (local - before).and_utc()
        }
    }
}
