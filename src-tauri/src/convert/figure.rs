//! Numbers as they cross: the value for sorting, the text for reading.

use model::words;

use crate::dto::Figure;

/// What stands for a number that does not exist.
pub const NONE: &str = "–";

/// A count: `1,204`.
pub fn count(number: u64) -> Figure {
    Figure { value: Some(number as f64), text: words::count(number) }
}

/// A share: `62.5 %`, or `–` of nobody.
pub fn percent(share: Option<f64>) -> Figure {
    Figure { value: share, text: share.map_or_else(|| NONE.to_owned(), words::percent) }
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
