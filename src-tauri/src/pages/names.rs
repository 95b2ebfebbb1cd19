//! The offer of names, which stands where names would: what fetching would do, how far it is, and what Panopto refuses.
//!
//! Deliberately absent: names themselves, which stand on the pages of people. Invariant: while names are off, nothing here
//! follows from them.

use engine::people::{NamesProgress, PeopleInView};
use model::{Account, NameState, Recorded, words};
use serde::Serialize;
use ts_rs::TS;

use super::discretion::Discretion;

/// What is known of the names of a course.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export_to = "names.ts")]
pub struct NamesPage {
    /// The course.
    pub course_id: String,
    /// Whether people have their names.
    pub names_shown: bool,
    /// How many have one: `112 of 190 people have a name, 10 were not signed in`. Absent while names are off, and where
    /// everybody has one.
    pub text: Option<String>,
    /// What Panopto refuses: said here, and by no sync after the one that met it.
    pub refused: Option<String>,
    /// Whether fetching could bring more.
    pub can_fetch: bool,
}

/// How far fetching is.
#[derive(Debug, Clone, PartialEq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export_to = "names.ts")]
pub struct NamesEvent {
    /// From 0 to 1.
    pub share: Option<f64>,
    /// `Names of 120 of 190 viewers`.
    pub text: String,
}

impl NamesPage {
    /// The names of a course in view.
    pub(crate) fn new(course_id: String, seen: &PeopleInView, discretion: Discretion) -> Self {
        if !discretion.names_shown {
            return Self { course_id, names_shown: false, text: None, refused: None, can_fetch: true };
        }
        let people = seen.course.people.people().len();
        let [mut named, mut anonymous, mut refused, mut not_asked] = [0_u64; 4];
        for person in 0..people {
            let accounts = seen.accounts(person);
            let has = |state: NameState| accounts.iter().any(|account| account.state == Some(Recorded::Known(state)));
            let counter = if accounts.iter().any(|account| account.name.shown().is_some()) {
                &mut named
            } else if accounts.iter().all(Account::is_anonymous) {
                &mut anonymous
            } else if has(NameState::Refused) {
                &mut refused
            } else if has(NameState::Deleted) {
                continue;
            } else {
                &mut not_asked
            };
            *counter += 1;
        }
        let people = words::counted(people as u64, "person has", "people have");
        let of_anonymous = match anonymous {
            0 => String::new(),
            one_or_more => format!(", {} not signed in", words::counted(one_or_more, "was", "were")),
        };
        Self {
            course_id,
            names_shown: true,
            text: (refused + not_asked > 0).then(|| format!("{} of {people} a name{of_anonymous}", words::count(named))),
            refused: (refused > 0).then(|| {
                format!(
                    "Panopto does not tell you the names of {}: it tells them to creators of a folder, and full names to \
                     administrators",
                    words::viewers(refused)
                )
            }),
            can_fetch: refused + not_asked > 0,
        }
    }
}

impl From<NamesProgress> for NamesEvent {
    fn from(progress: NamesProgress) -> Self {
        let (done, total) = (progress.done as u64, progress.total as u64);
        Self {
            share: (total > 0).then(|| done as f64 / total as f64),
            text: format!("Names of {} of {}", words::count(done), words::viewers(total)),
        }
    }
}
