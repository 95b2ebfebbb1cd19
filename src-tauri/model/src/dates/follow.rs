//! Date ranges that follow from the dates of a course: *Until Midterm*, *The week before Midterm*, *Since the last lecture*.
//!
//! A range consists of whole days. So a range that leads up to an exam ends with the day before it, and a range up to a
//! deadline ends with the day on which the deadline ends. Ranges *until* begin with the course's first viewing, because
//! a later beginning would make people look as if they had covered less. Deliberately absent: which of them a page
//! offers first.

use super::{DateKind, Flag};
use crate::{DateRange, Day};

/// A range with its name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FollowingRange {
    /// The number of the date from which it follows.
    pub number: u32,
    /// What people read: `Until Midterm`.
    pub label: String,
    /// The days.
    pub days: DateRange,
}

/// The ranges that follow from flags, which are in the order of time. `viewing` is the course's days with viewing,
/// `through` the last day with data. Ranges without any day with data are left out.
pub fn ranges_that_follow(flags: &[Flag], viewing: DateRange, through: Day) -> Vec<FollowingRange> {
    let mut ranges = Vec::new();
    for flag in flags.iter().filter(|flag| flag.kind.is_due()) {
        let last = last_day(flag);
        if last < viewing.first() {
            continue;
        }
        let mut push = |label: String, first: Day| {
            ranges.push(FollowingRange { number: flag.number, label, days: DateRange::between(first, last) });
        };
        push(format!("Until {}", flag.name), viewing.first());
        if last.plus(-6) <= through {
            push(format!("The week before {}", flag.name), last.plus(-6));
        }
    }
    let last_lecture = flags.iter().rev().find(|flag| flag.kind == DateKind::Lecture && flag.day() <= through);
    ranges.extend(last_lecture.map(|flag| FollowingRange {
        number: flag.number,
        label: "Since the last lecture".to_owned(),
        days: DateRange::between(flag.day(), through),
    }));
    ranges
}

/// The last whole day before a date.
fn last_day(flag: &Flag) -> Day {
    match flag.kind {
        DateKind::Deadline => flag.cutoff().last_day_before(),
        DateKind::Exam | DateKind::Lecture | DateKind::Break | DateKind::Other => flag.day().plus(-1),
    }
}
