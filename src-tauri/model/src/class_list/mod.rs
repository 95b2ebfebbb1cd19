//! The class list of a course: who is enrolled, as a file of the institution says, and which viewer is which of them.
//!
//! Deliberately absent: reading files (crate `roster`), where lists are kept (crate `store`), and names of viewers (module
//! `people`). Pure functions, so that a preview and the import are the same.
//!
//! Invariants: identifiers are text and compared folded, never as numbers; a person who is gone from the list stays, marked;
//! nobody is joined by a name alone.

mod found;
mod identity;
mod matched;
mod matching;
mod names;
mod versions;
mod viewers;

use serde::{Deserialize, Serialize};

pub use found::MatchInput;
pub use identity::compared;
pub use matched::{ClassMatches, ConflictBecause, ListedMatch, MatchState, MatchedBy, SuggestedBecause, Suggestion};
pub use matching::match_class;
pub use versions::{ClassList, ListSource, Listed, ListedLink, Update};

/// One person as a class list names them. What the list does not say is absent; of the rest, at least one thing is there.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ListedPerson {
    /// The name as people read it: `Okonjo-Vale, Mira`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// The e-mail address.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub email: Option<String>,
    /// What the person signs in with.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub login: Option<String>,
    /// The number of the institution, zeros at its beginning included.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub number: Option<String>,
    /// The number of the learning platform.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub system_id: Option<String>,
    /// The section or group.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub section: Option<String>,
    /// Whether the list says two different things of this person, so that nothing may follow from it.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub is_contradicted: bool,
}

impl ListedPerson {
    /// What stands for the person: the name, else what tells them apart.
    pub fn shown(&self) -> &str {
        [&self.name, &self.login, &self.email, &self.number, &self.system_id]
            .into_iter()
            .flatten()
            .map(String::as_str)
            .next()
            .unwrap_or_default()
    }

    /// E-mail, login and number as they are compared, each with its kind.
    pub(crate) fn identifiers(&self) -> impl Iterator<Item = (Identifier, String)> {
        [
            (Identifier::Email, &self.email),
            (Identifier::Login, &self.login),
            (Identifier::Number, &self.number),
            (Identifier::SystemId, &self.system_id),
        ]
        .into_iter()
        .filter_map(|(kind, text)| Some((kind, compared(text.as_deref()?))))
        .filter(|(_, text)| !text.is_empty())
    }
}

/// What tells people apart, the surest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum Identifier {
    /// An e-mail address.
    Email,
    /// A login.
    Login,
    /// A number of the institution.
    Number,
    /// A number of the learning platform.
    SystemId,
}
