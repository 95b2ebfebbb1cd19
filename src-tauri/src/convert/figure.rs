//! Numbers as they cross: the value for sorting, the text for reading.

use model::{Statistic, words};

use crate::dto::Figure;

/// What stands for a number that does not exist.
pub const NONE: &str = "–";

/// A count: `1,204`.
pub fn count(number: u64) -> Figure {
    Figure { value: Some(number as f64), text: words::count(number) }
}

/// A share: `62.5 %`, `–` of nobody, `too few` of one to four viewers.
pub fn percent(share: Statistic) -> Figure {
    Figure { value: share.value(), text: share.text(words::percent) }
}

/// A length of video: `1:59:59`, or `–` where it is not known.
pub fn length(secs: Option<f64>) -> Figure {
    Figure { value: secs, text: secs.map_or_else(|| NONE.to_owned(), words::clock) }
}

/// A time spent: `370 h 12 min`.
pub fn time(secs: f64) -> Figure {
    Figure { value: Some(secs), text: words::time(secs) }
}

/// A number that is not known.
pub fn unknown() -> Figure {
    Figure { value: None, text: NONE.to_owned() }
}
