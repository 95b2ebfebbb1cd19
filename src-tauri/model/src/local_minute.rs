//! A minute on a local calendar: a day in the reporting time zone, and the minute of it.
//!
//! Finer than the server's batches of viewing records deserve, but fine enough for a deadline at 23:59. Deliberately
//! absent: time zones; the caller has already turned the instant into local time. In the hour that a clock change
//! repeats, one minute stands for two.
//!
//! Invariant: the minute is below 1440.

use chrono::{NaiveDateTime, Timelike as _};

use crate::Day;

const MINUTES_PER_DAY: u16 = 24 * 60;

/// A minute of a local day.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct LocalMinute {
    day: Day,
    minute: u16,
}

impl LocalMinute {
    /// A minute of a day, 0 to 1439; a larger number gives the last minute.
    pub const fn new(day: Day, minute: u16) -> Self {
        let last = MINUTES_PER_DAY - 1;
        Self { day, minute: if minute < last { minute } else { last } }
    }

    /// The first minute of a day.
    pub const fn start_of(day: Day) -> Self {
        Self { day, minute: 0 }
    }

    /// The minute of a local time.
    pub fn of(local: NaiveDateTime) -> Self {
        Self::new(Day::from_date(local.date()), (local.hour() * 60 + local.minute()) as u16)
    }

    /// Its day.
    pub const fn day(self) -> Day {
        self.day
    }

    /// Minutes from the first of 1970-01-01, as if every day had 1440.
    pub(crate) const fn minutes_since_1970(self) -> i64 {
        self.day.days_since_1970() as i64 * MINUTES_PER_DAY as i64 + self.minute as i64
    }

    /// The last day that lies at least partly before this minute.
    pub(crate) const fn last_day_before(self) -> Day {
        if self.minute == 0 { self.day.plus(-1) } else { self.day }
    }

    /// The same minute this many days later, or earlier if the number is negative.
    #[must_use]
    pub(crate) const fn plus_days(self, days: i32) -> Self {
        Self { day: self.day.plus(days), minute: self.minute }
    }
}
