//! What stands beside every list of people: who is in none of it, how far the records go, and what would make it say more.
//!
//! Deliberately absent: the lists, and the offer of names (`names.rs`).
//!
//! Invariant: people who were not signed in, or who cannot be identified for certain, are always mentioned.

use engine::roster::{Everybody, Standing};
use model::words::{count, counted, day_year};
use serde::Serialize;
use ts_rs::TS;

use crate::error::IpcError;
use crate::open_course::OpenCourse;

/// What a list of people says about itself.
#[derive(Debug, Clone, PartialEq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export_to = "people.ts")]
pub struct PeopleTold {
    /// `180 in the class`, `112 viewers`.
    pub of: String,
    /// Facts beside it, in this order: `records up to Fri 27 Nov 2026`, `4 viewers were not signed in`.
    pub facts: Vec<String>,
    /// What would let it say more, each with the step that does it.
    pub offers: Vec<PeopleOffer>,
    /// Why nothing is known of names and decisions; absent where it is.
    pub error: Option<IpcError>,
}

/// Something that would let a list of people say more.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export_to = "people.ts")]
pub struct PeopleOffer {
    /// A sentence.
    pub text: String,
    /// The step; absent where there is none to take now.
    pub step: Option<PeopleStep>,
}

/// A step.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export_to = "people.ts")]
pub enum PeopleStep {
    /// *Add the class list*.
    AddClassList,
    /// *Class list*: somebody must say who is who.
    OpenClassList,
}

impl PeopleTold {
    /// Beside groups that are presented; `whole` is how many people they are together.
    pub(crate) fn presented(whole: &str) -> Self {
        let facts = vec!["no names, groups below 5 hidden".to_owned()];
        Self { of: format!("{whole} people"), facts, offers: Vec::new(), error: None }
    }

    /// Beside a list of everybody of a course.
    pub(crate) fn new(open: &OpenCourse, everybody: &Everybody) -> Self {
        let viewers = everybody.count(Standing::Viewer);
        let of = match everybody.enrolled().filter(|_| everybody.is_class_told()) {
            Some(enrolled) => format!("{} in the class", count(enrolled as u64)),
            None => model::words::viewers(viewers as u64),
        };
        let mut facts = Vec::new();
        facts.extend(open.fetched_through().map(|day| format!("records up to {}", day_year(day))));
        let anonymous = everybody.count(Standing::Anonymous) as u64;
        if anonymous > 0 {
            facts.push(format!("{} not signed in", counted(anonymous, "viewer was", "viewers were")));
        }
        let left_out = everybody.seen.course.people.left_out().len() as u64;
        if left_out > 0 {
            facts.push(format!("without {} you left out", counted(left_out, "person", "people")));
        }
        Self {
            of,
            facts,
            offers: offers(everybody),
            error: everybody.seen.damage.as_ref().map(IpcError::within_report),
        }
    }
}

fn offers(everybody: &Everybody) -> Vec<PeopleOffer> {
    let mut offers = Vec::new();
    let offer = |text: String, step| PeopleOffer { text, step };
    match everybody.enrolled() {
        None => {
            let viewers = counted(everybody.count(Standing::Viewer) as u64, "person", "people");
            let text = format!("{viewers} opened something. With the class list you also see who has not");
            offers.push(offer(text, Some(PeopleStep::AddClassList)));
        }
        Some(enrolled) if !everybody.is_class_told() => {
            let seen = everybody.count(Standing::Viewer) as u64;
            let text = format!(
                "{} on the list, {} seen; who is who cannot be told without names",
                count(enrolled as u64),
                count(seen)
            );
            offers.push(offer(text, None));
        }
        Some(_) => {
            let unsure = everybody.count(Standing::Unsure) as u64;
            if unsure > 0 {
                let people = counted(unsure, "person on the class list is", "people on the class list are");
                let text = format!("{people} not shown: it is not certain which viewers they are");
                offers.push(offer(text, Some(PeopleStep::OpenClassList)));
            }
        }
    }
    offers
}
