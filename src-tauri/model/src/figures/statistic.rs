//! A number that describes a group of people, and when a group is too small for one.
//!
//! A median or a percentage of three viewers says nothing in general, and reveals what a person did whom everybody can
//! name. So such a number is a [`Statistic`]: a page, a table or a chart that shows it must say what it shows instead.
//! Counts and sums of time stay plain numbers.
//!
//! Invariant: a statistic of fewer than five viewers has no value.

use serde::{Serialize, Serializer};

use crate::Telling;

/// The fewest viewers whose median or percentage is given. Below five, one person moves a percentage by 25 points, and a
/// class can guess who it was.
const LEAST_FOR_STATISTICS: u32 = 5;

/// The fewest viewers whose curve is drawn as a firm line. Below ten, one person moves it by more than 10 points.
const LEAST_FOR_FIRM_LINE: u32 = 10;

/// What is said instead of a statistic of too few viewers.
pub const TOO_FEW: &str = "Too few viewers to say anything in general";

/// How much can be said about a group.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum GroupSize {
    /// Nobody.
    Nobody,
    /// One to four: their number, and nothing in general.
    TooFew,
    /// Five to nine: statistics, drawn as dotted lines.
    Few,
    /// Ten and more.
    Enough,
}

impl GroupSize {
    /// The size of a group of this many viewers.
    pub const fn of(viewers: u32) -> Self {
        match viewers {
            0 => Self::Nobody,
            1..LEAST_FOR_STATISTICS => Self::TooFew,
            LEAST_FOR_STATISTICS..LEAST_FOR_FIRM_LINE => Self::Few,
            LEAST_FOR_FIRM_LINE.. => Self::Enough,
        }
    }
}

/// A median, a percentage or a mean over viewers.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub enum Statistic {
    /// There is none: nobody watched, or the video has no length.
    #[default]
    Absent,
    /// There are one to four viewers.
    TooFew,
    /// The value.
    Value(f64),
}

impl Statistic {
    /// The statistic of a group of this many viewers; `value` is what it would be.
    pub fn of(viewers: u32, value: Option<f64>) -> Self {
        match (value, GroupSize::of(viewers)) {
            (None, _) | (_, GroupSize::Nobody) => Self::Absent,
            (Some(_), GroupSize::TooFew) => Self::TooFew,
            (Some(value), GroupSize::Few | GroupSize::Enough) => Self::Value(value),
        }
    }

    /// A number of people as it is told: too few to say where it is *fewer than 5*.
    pub(super) fn of_people(telling: Telling, people: u32) -> Self {
        if telling.is_few(people) { Self::TooFew } else { Self::Value(telling.told(people).into()) }
    }

    /// The share of a part of a group, as it is told: none where the part is *fewer than 5*.
    pub(super) fn of_part(telling: Telling, part: u32, whole: u32, share: Option<f64>) -> Self {
        if telling.is_few(part) { Self::TooFew } else { Self::of(whole, share) }
    }

    /// The value, for sorting and for colours. If there is none, what is shown depends on why: see [`Self::text`].
    pub const fn value(self) -> Option<f64> {
        match self {
            Self::Absent | Self::TooFew => None,
            Self::Value(value) => Some(value),
        }
    }

    /// The statistic as people read it: the value in the words of `written`, `too few`, or `–` if there is none.
    pub fn text(self, written: impl FnOnce(f64) -> String) -> String {
        match self {
            Self::Absent => "–".to_owned(),
            Self::TooFew => "too few".to_owned(),
            Self::Value(value) => written(value),
        }
    }
}

/// A number that needs no group, such as a count: absent if there is none.
impl From<Option<f64>> for Statistic {
    fn from(number: Option<f64>) -> Self {
        number.map_or(Self::Absent, Self::Value)
    }
}

/// A number, or nothing.
impl Serialize for Statistic {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.value().serialize(serializer)
    }
}

#[cfg(test)]
mod tests {
    use super::{GroupSize, Statistic};

    #[test]
    fn groups_are_told_by_their_size() {
        use GroupSize::{Enough, Few, Nobody, TooFew};
        let sizes = [0, 1, 4, 5, 9, 10, u32::MAX].map(GroupSize::of);
        assert_eq!(sizes, [Nobody, TooFew, TooFew, Few, Few, Enough, Enough]);
    }

    #[test]
    fn fewer_than_five_have_no_statistic() {
        assert_eq!(Statistic::of(4, Some(50.0)), Statistic::TooFew);
        assert_eq!(Statistic::of(5, Some(50.0)), Statistic::Value(50.0));
        assert_eq!(Statistic::of(0, Some(50.0)), Statistic::Absent);
        assert_eq!(Statistic::of(9, None), Statistic::Absent);
        let said = |statistic: Statistic| statistic.text(|value| format!("{value} %"));
        assert_eq!([Statistic::Absent, Statistic::TooFew, Statistic::Value(2.0)].map(said), ["–", "too few", "2 %"]);
    }
}
