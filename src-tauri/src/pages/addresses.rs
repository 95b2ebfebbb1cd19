//! Addresses of people for a mail: what is copied, and what is said of it.
//!
//! Deliberately absent: sending anything. Invariant: addresses cross only where names are shown.

use engine::roster::Everybody;
use model::words::counted;
use serde::Serialize;
use ts_rs::TS;

/// Addresses to write to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export_to = "people.ts")]
pub struct Addresses {
    /// `Copy 62 addresses`.
    pub label: String,
    /// The addresses, as mail programs take them.
    pub text: String,
    /// What was done, once it is: `62 addresses copied; 7 people have none`.
    pub done: String,
}

impl Addresses {
    /// The addresses of these people, each once.
    pub(crate) fn of(everybody: &Everybody, people: &[usize]) -> Option<Self> {
        let mut texts: Vec<String> = people.iter().filter_map(|who| everybody.address(*who)).collect();
        let without = people.len() - texts.len();
        texts.sort_unstable();
        texts.dedup();
        let found = counted(texts.len() as u64, "address", "addresses");
        let none = match without as u64 {
            0 => String::new(),
            without => format!("; {} none", counted(without, "person has", "people have")),
        };
        (!texts.is_empty()).then(|| Self {
            label: format!("Copy {found}"),
            // What separates addresses in Outlook as well as in the others.
            text: texts.join("; "),
            done: format!("{found} copied{none}"),
        })
    }
}
