//! What may be said of groups while presenting: a class sees the screen, and must not learn what one of them did.
//!
//! A count of 1 to 4 reads *fewer than 5*. That alone is not enough: 118 viewers of whom 117 covered a video betray one, and
//! so do two ranges, two videos or two files that differ by one person. So every larger count is given as the multiple of 5
//! below it. Whatever two of them are subtracted, the difference is a multiple of 5 again, and never a count of 1 to 4.
//! Ranges are whole weeks, so that no range ends just before or after one person came.
//!
//! Deliberately absent: names, which nothing that is presented has. Invariants: the same group gives the same words every
//! time, so asking again tells nothing new; where groups are parts of a whole, at least two values remain possible for each
//! that is fewer than 5 (`tests/model/presenting.rs` tries every way to add and subtract).

use crate::{DateRange, Day};

/// The smallest group that is told of.
const LEAST_SHOWN: u32 = 5;

/// The shortest range of days that can be chosen.
const SHORTEST_RANGE_DAYS: u64 = 7;

/// The most groups that one whole may be shown in: in more, the parts that rounding takes off could add up to a person.
const MOST_GROUPS: usize = 4;

/// A number of people as it is presented.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Presented {
    /// Nobody.
    Nobody,
    /// One to four.
    FewerThanFive,
    /// At least so many, and fewer than 5 more: a multiple of 5.
    AtLeast(u32),
}

impl Presented {
    /// The words for a number of people.
    pub const fn of(people: u32) -> Self {
        match people {
            0 => Self::Nobody,
            1..LEAST_SHOWN => Self::FewerThanFive,
            _ => Self::AtLeast(people / LEAST_SHOWN * LEAST_SHOWN),
        }
    }

    /// As people read it: `0`, `fewer than 5`, `110 or more`.
    pub fn text(self) -> String {
        match self {
            Self::Nobody => "0".to_owned(),
            Self::FewerThanFive => format!("fewer than {LEAST_SHOWN}"),
            Self::AtLeast(least) => format!("{} or more", crate::words::count(least.into())),
        }
    }

    /// The number to calculate with; `None` where none may be told.
    pub const fn least(self) -> Option<u32> {
        match self {
            Self::Nobody => Some(0),
            Self::FewerThanFive => None,
            Self::AtLeast(least) => Some(least),
        }
    }
}

/// The groups that a whole is divided into, and the whole. `None` where not even the groups may be told: the whole has fewer
/// than 5 people, or is divided into more groups than can be told safely.
pub fn presented_groups(groups: &[u32]) -> (Presented, Option<Vec<Presented>>) {
    let whole = groups.iter().sum();
    let may_be_told = whole >= LEAST_SHOWN && groups.len() <= MOST_GROUPS;
    (Presented::of(whole), may_be_told.then(|| groups.iter().map(|group| Presented::of(*group)).collect()))
}

/// Whether a range may be chosen while presenting: all dates, or whole weeks from Monday to Sunday.
pub fn is_wide_enough(range: DateRange) -> bool {
    /// 1970-01-05 was a Monday.
    const A_MONDAY: i32 = 4;
    let is_monday = |day: Day| (day.days_since_1970() - A_MONDAY).rem_euclid(SHORTEST_RANGE_DAYS as i32) == 0;
    let starts = range.first() == DateRange::ALL.first() || is_monday(range.first());
    let ends = range.last() == DateRange::ALL.last() || is_monday(range.last().plus(1));
    starts && ends && range.day_count() >= SHORTEST_RANGE_DAYS
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn small_groups_have_no_number() {
        let told = [0, 1, 4, 5, 9, 10, 117, 118].map(|people| Presented::of(people).text());
        let expected =
            ["0", "fewer than 5", "fewer than 5", "5 or more", "5 or more", "10 or more", "115 or more", "115 or more"];
        assert_eq!(told, expected);
        assert_eq!([0, 3, 7].map(|people| Presented::of(people).least()), [Some(0), None, Some(5)]);
    }

    #[test]
    fn ranges_are_whole_weeks() {
        let day = |text: &str| Day::from_date(text.parse().unwrap());
        let range = |first, last| DateRange::between(day(first), day(last));
        // 2026-08-24 is a Monday.
        assert!(is_wide_enough(DateRange::ALL));
        assert!(is_wide_enough(range("2026-08-24", "2026-08-30")));
        assert!(is_wide_enough(range("2026-08-24", "2026-10-04")));
        assert!(is_wide_enough(DateRange::between(DateRange::ALL.first(), day("2026-08-30"))));
        assert!(!is_wide_enough(range("2026-08-24", "2026-08-29")));
        assert!(!is_wide_enough(range("2026-08-24", "2026-08-31")));
        assert!(!is_wide_enough(range("2026-08-25", "2026-08-31")), "seven days, but no week");
        assert!(!is_wide_enough(DateRange::between(day("2026-08-25"), DateRange::ALL.last())));
    }
}
