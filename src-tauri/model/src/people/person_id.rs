//! What tells people apart: the account that stands for each.
//!
//! Deliberately absent: who that is. Invariant: two people have different accounts, so different IDs.

use crate::UserId;

/// A person, by the account that stands for it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize)]
#[serde(transparent)]
pub struct PersonId(UserId);

impl PersonId {
    /// The person that this account stands for.
    pub const fn new(account: UserId) -> Self {
        Self(account)
    }

    /// The account that stands for the person.
    pub const fn account(self) -> UserId {
        self.0
    }
}

impl std::fmt::Display for PersonId {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.0.fmt(f)
    }
}
