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

const WEEK_DAYS: i32 = 7;

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

    /// In a cell or a sentence with other numbers: `0`, `<5`, `110+`.
    pub(crate) fn short(self) -> String {
        match self {
            Self::Nobody => "0".to_owned(),
            Self::FewerThanFive => format!("<{LEAST_SHOWN}"),
            Self::AtLeast(least) => format!("{}+", crate::words::count(least.into())),
        }
    }

    /// The number that is calculated and drawn with: the same for every group of one to four.
    const fn drawn(self) -> u32 {
        match self {
            Self::Nobody => 0,
            Self::FewerThanFive => LEAST_SHOWN / 2,
            Self::AtLeast(least) => least,
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

/// How numbers of people are told.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Telling {
    /// As they are.
    #[default]
    Exactly,
    /// As they are presented.
    InFives,
}

impl Telling {
    /// The number that is calculated and drawn with.
    pub const fn told(self, people: u32) -> u32 {
        match self {
            Self::Exactly => people,
            Self::InFives => Presented::of(people).drawn(),
        }
    }

    /// Whether the number is told as *fewer than 5*.
    pub fn is_few(self, people: u32) -> bool {
        self == Self::InFives && Presented::of(people) == Presented::FewerThanFive
    }

    /// The number in a cell or a sentence with other numbers: `61`; `60+`, `<5`.
    pub fn count(self, people: u32) -> String {
        match self {
            Self::Exactly => crate::words::count(people.into()),
            Self::InFives => Presented::of(people).short(),
        }
    }

    /// The number with its noun: `61 viewers`; `60 or more viewers`, `fewer than 5 viewers`.
    pub fn viewers(self, people: u32) -> String {
        match self {
            Self::Exactly => crate::words::viewers(people.into()),
            Self::InFives => format!("{} viewers", Presented::of(people).text()),
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
    whole_weeks(range) == range
}

/// The whole weeks that hold a range; an end that is that of all dates stays.
pub fn whole_weeks(range: DateRange) -> DateRange {
    let first = match range.first() {
        first if first == DateRange::ALL.first() => first,
        first => first.plus(-days_after_monday(first)),
    };
    let last = match range.last() {
        last if last == DateRange::ALL.last() => last,
        last => last.plus(WEEK_DAYS - 1 - days_after_monday(last)),
    };
    DateRange::between(first, last)
}

/// From 0 on a Monday to 6 on a Sunday.
fn days_after_monday(day: Day) -> i32 {
    /// 1970-01-05 was a Monday.
    const A_MONDAY: i32 = 4;
    (day.days_since_1970() - A_MONDAY).rem_euclid(WEEK_DAYS)
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
    fn small_groups_look_alike_whatever_is_done_with_them() {
        for people in 1..5 {
            let few = Telling::InFives;
            assert_eq!((few.told(people), few.count(people), few.is_few(people)), (2, "<5".to_owned(), true));
            assert_eq!(few.viewers(people), "fewer than 5 viewers");
            assert_eq!(few.told(few.told(people)), few.told(people), "told twice is told once");
        }
        assert_eq!((Telling::InFives.count(117), Telling::Exactly.count(117)), ("115+".to_owned(), "117".to_owned()));
        assert_eq!(Telling::InFives.viewers(117), "115 or more viewers");
        assert!(!Telling::Exactly.is_few(3));
    }

    #[test]
    fn a_range_is_widened_to_the_weeks_that_hold_it() {
        let day = |text: &str| Day::from_date(text.parse().unwrap());
        let range = |first, last| DateRange::between(day(first), day(last));
        assert_eq!(whole_weeks(range("2026-08-26", "2026-08-26")), range("2026-08-24", "2026-08-30"));
        assert_eq!(whole_weeks(range("2026-08-30", "2026-08-31")), range("2026-08-24", "2026-09-06"));
        assert_eq!(whole_weeks(range("2026-08-24", "2026-09-06")), range("2026-08-24", "2026-09-06"));
        assert_eq!(whole_weeks(DateRange::ALL), DateRange::ALL);
        for first in 0..20 {
            for length in 0..20 {
                let chosen = DateRange::between(Day::new(18_000 + first), Day::new(18_000 + first + length));
                let wide = whole_weeks(chosen);
                assert!(is_wide_enough(wide), "{chosen:?} becomes {wide:?}");
                assert_eq!(chosen.within(wide), Some(chosen));
            }
        }
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
