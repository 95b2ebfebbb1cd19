//! People who are chosen in a list: how many, and what can be done with them.
//!
//! Deliberately absent: deciding about them (`tidy.rs`). Invariant: addresses cross only where names are shown.

use engine::roster::Everybody;
use model::words::count;
use serde::Serialize;
use ts_rs::TS;

use super::addresses::Addresses;

/// People who are chosen.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export_to = "people.ts")]
pub struct ChosenPeople {
    /// `3 chosen`.
    pub text: String,
    /// Their addresses; absent where names are not shown or none is known.
    pub addresses: Option<Addresses>,
    /// Whether they can be made one person: several who were all seen.
    pub can_join: bool,
    /// Whether they can be left out: all were seen.
    pub can_leave_out: bool,
    /// Why they cannot be left out; absent where they can.
    pub problem: Option<String>,
}

impl ChosenPeople {
    /// What can be done with these people of a course, each once.
    pub(crate) fn new(everybody: &Everybody, mut people: Vec<usize>) -> Self {
        people.sort_unstable();
        people.dedup();
        let was_seen = people.iter().all(|who| !everybody.people()[*who].viewers.is_empty());
        Self {
            text: format!("{} chosen", count(people.len() as u64)),
            addresses: Addresses::of(everybody, &people),
            can_join: was_seen && people.len() > 1,
            can_leave_out: was_seen && !people.is_empty(),
            problem: (!was_seen).then(|| "Somebody who was never seen is in no figure of viewers".to_owned()),
        }
    }
}
