//! Local calendar days and the date range that governs every number on screen.
//!
//! A day is a date in the reporting time zone. Deliberately absent: clocks and time zones; the reader of the records
//! has already turned instants into local days. Invariant: a range holds at least one day.

use chrono::{Datelike as _, NaiveDate};
use serde::{Deserialize, Serialize};

/// Days from 0000-12-31 (day 0 of the common era in chrono) to 1970-01-01.
const CE_TO_1970: i32 = 719_163;

/// A local date, counted in days since 1970-01-01 (which is day 0).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Day(i32);

impl Day {
    /// The day this many days after 1970-01-01, or before it if the number is negative.
    pub const fn new(days_since_1970: i32) -> Self {
        Self(days_since_1970)
    }

    /// Days since 1970-01-01.
    pub const fn days_since_1970(self) -> i32 {
        self.0
    }

    /// The day of a calendar date.
    pub fn from_date(date: NaiveDate) -> Self {
        Self(date.num_days_from_ce() - CE_TO_1970)
    }

    /// The calendar date; days beyond what chrono can hold become its first or last date.
    pub fn date(self) -> NaiveDate {
        let outermost = if self.0 < 0 { NaiveDate::MIN } else { NaiveDate::MAX };
        self.0.checked_add(CE_TO_1970).and_then(NaiveDate::from_num_days_from_ce_opt).unwrap_or(outermost)
    }

    /// The day `days` later (earlier, if negative), stopping at the ends of the count.
    #[must_use]
    pub const fn plus(self, days: i32) -> Self {
        Self(self.0.saturating_add(days))
    }
}

/// A range of days, both ends included.
///
/// Invariant: `first <= last`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
pub struct DateRange {
    first: Day,
    last: Day,
}

impl DateRange {
    /// Every possible day: the default.
    pub const ALL: Self = Self { first: Day(i32::MIN), last: Day(i32::MAX) };

    /// The days between two days, both included, in either order: a range can be dragged in both directions.
    pub fn between(one: Day, other: Day) -> Self {
        Self { first: one.min(other), last: one.max(other) }
    }

    /// The `count` days that end with `last` ("last 7 days"); at least one.
    pub fn last_days(count: u32, last: Day) -> Self {
        let back = i32::try_from(count.max(1) - 1).unwrap_or(i32::MAX);
        Self { first: last.plus(-back), last }
    }

    /// The first day.
    pub const fn first(self) -> Day {
        self.first
    }

    /// The last day, part of the range.
    pub const fn last(self) -> Day {
        self.last
    }

    /// Whether the range holds this day.
    pub fn contains(self, day: Day) -> bool {
        self.first <= day && day <= self.last
    }

    /// Whether no day is left out.
    pub fn is_all(self) -> bool {
        self == Self::ALL
    }

    /// How many days it holds, at least 1.
    pub fn day_count(self) -> u64 {
        (i64::from(self.last.0) - i64::from(self.first.0)) as u64 + 1
    }

    /// The part of the range within another; `None` where they share no day.
    pub fn within(self, other: Self) -> Option<Self> {
        let (first, last) = (self.first.max(other.first), self.last.min(other.last));
        (first <= last).then_some(Self { first, last })
    }
}

impl Default for DateRange {
    fn default() -> Self {
        Self::ALL
    }
}
