//! How many sentences *What is new* last had in a course: the room that its page keeps for them.
//!
//! What is new is known a moment after the page is painted, and must not push down what somebody is about to click. Deliberately
//! absent: the sentences themselves, which are always told anew.
//!
//! Invariant: a number that was told of other data counts for nothing.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

/// How many sentences there were, and of which data.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct NewsTold {
    sentences: u32,
    data_through: Option<NaiveDate>,
}

impl NewsTold {
    /// So many, of data that end with this day.
    pub(crate) fn new(sentences: u32, data_through: Option<NaiveDate>) -> Self {
        Self { sentences, data_through }
    }

    /// How many, if they were told of these data.
    pub(crate) fn of(self, data_through: Option<NaiveDate>) -> Option<u32> {
        (self.data_through == data_through).then_some(self.sentences)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_told_of_other_data_is_not_known() {
        let day = |text: &str| Some(text.parse::<NaiveDate>().unwrap());
        let told = NewsTold::new(2, day("2026-11-27"));
        assert_eq!(told.of(day("2026-11-27")), Some(2));
        assert_eq!((told.of(day("2026-11-28")), told.of(None)), (None, None));
    }
}
