//! A user ID of Panopto, and what is known of whom it belongs to.
//!
//! Deliberately absent: asking the server (crate `panopto`), and where names are kept (crate `store`).
//!
//! Invariant: *not signed in*, *deleted* and *not known yet* are three things, and none of them is a name.

use crate::{Recorded, UserId, Word};

/// What Panopto has said about a user ID.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum NameState {
    /// It has an account with a name of some kind.
    Named,
    /// It had an account, which was deleted.
    Deleted,
    /// It is nobody's account: somebody who was not signed in. Panopto gives one such ID to each browser.
    Anonymous,
    /// Panopto was asked and did not tell; it may tell another user.
    Refused,
}

impl Word for NameState {
    const ALL: &'static [Self] = &[Self::Named, Self::Deleted, Self::Anonymous, Self::Refused];

    fn as_str(self) -> &'static str {
        match self {
            Self::Named => "named",
            Self::Deleted => "deleted",
            Self::Anonymous => "anonymous",
            Self::Refused => "refused",
        }
    }
}

/// What somebody is called. Every part may be empty: some accounts have only a user name.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash)]
pub struct AccountName {
    /// `provider\login`, or the login alone; see [`user_key_parts`].
    pub user_key: String,
    /// First name.
    pub first: String,
    /// Last name.
    pub last: String,
    /// E-mail address.
    pub email: String,
}

impl AccountName {
    /// What is written where a person stands: `Okonjo-Vale, Mira`, else the login, else the address. `None` where nothing is
    /// known.
    pub fn shown(&self) -> Option<String> {
        let (first, last) = (self.first.trim(), self.last.trim());
        match (last.is_empty(), first.is_empty()) {
            (false, false) => return Some(format!("{last}, {first}")),
            (false, true) => return Some(last.to_owned()),
            (true, false) => return Some(first.to_owned()),
            (true, true) => {}
        }
        let (_, login) = user_key_parts(&self.user_key);
        [login, self.email.trim()].into_iter().find(|text| !text.is_empty()).map(str::to_owned)
    }

    /// An address to write to: the e-mail address, or a login that is one.
    pub fn address(&self) -> Option<&str> {
        let (_, login) = user_key_parts(&self.user_key);
        [self.email.trim(), login].into_iter().find(|text| is_address(text))
    }
}

/// One thing before the `@`, one after it, no blanks: enough to tell an address from a login.
fn is_address(text: &str) -> bool {
    text.split_once('@').is_some_and(|(local, domain)| {
        !local.is_empty() && domain.contains('.') && !text.contains(char::is_whitespace) && !domain.contains('@')
    })
}

/// Prefixes that some sites write with a slash.
const WITH_SLASH: &str = "unified/";

/// The provider and the login of a Panopto user name: `unified\mira@example.edu` is `mira@example.edu` of `unified`. The
/// first backslash separates them; a name without one has no provider. `unified/` is written with a slash on some sites.
pub fn user_key_parts(user_key: &str) -> (Option<&str>, &str) {
    let key = user_key.trim();
    if let Some((provider, login)) = key.split_once('\\') {
        return (Some(provider), login);
    }
    let prefix = key.get(..WITH_SLASH.len()).filter(|prefix| prefix.eq_ignore_ascii_case(WITH_SLASH));
    match prefix {
        Some(prefix) => (Some(&prefix[..prefix.len() - 1]), &key[prefix.len()..]),
        None => (None, key),
    }
}

/// A user ID and what is known of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Account {
    /// The ID, as it stands in viewing records.
    pub id: UserId,
    /// What Panopto said; `None` where it has not been asked.
    pub state: Option<Recorded<NameState>>,
    /// The name; empty unless it is [`NameState::Named`].
    pub name: AccountName,
}

impl Account {
    /// An ID of which nothing is known.
    pub fn unknown(id: UserId) -> Self {
        Self { id, state: None, name: AccountName::default() }
    }

    /// Whether Panopto has said that it is nobody's account.
    pub fn is_anonymous(&self) -> bool {
        self.state == Some(Recorded::Known(NameState::Anonymous))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn user_names_of_every_form_are_taken_apart() {
        for (key, provider, login) in [
            ("jdoe", None, "jdoe"),
            ("canvas\\12345", Some("canvas"), "12345"),
            ("blackboard\\jdoe", Some("blackboard"), "jdoe"),
            ("sso.college.edu\\jdoe", Some("sso.college.edu"), "jdoe"),
            ("unified\\mira@example.edu", Some("unified"), "mira@example.edu"),
            ("unified/mira@example.edu", Some("unified"), "mira@example.edu"),
            ("Unified/0abc123", Some("Unified"), "0abc123"),
            ("unified\\0abc123", Some("unified"), "0abc123"),
            ("a\\b\\c", Some("a"), "b\\c"),
            ("a/b", None, "a/b"),
            ("Über/b", None, "Über/b"),
            (" jdoe ", None, "jdoe"),
            ("", None, ""),
        ] {
            assert_eq!(user_key_parts(key), (provider, login), "{key}");
        }
    }

    #[test]
    fn the_best_name_there_is_stands_for_a_person() {
        let named = |user_key: &str, first: &str, last: &str, email: &str| AccountName {
            user_key: user_key.to_owned(),
            first: first.to_owned(),
            last: last.to_owned(),
            email: email.to_owned(),
        };
        let full = named("unified\\mvale7", "Mira", "Okonjo-Vale", "mvale7@example.edu");
        assert_eq!(full.shown().as_deref(), Some("Okonjo-Vale, Mira"));
        assert_eq!(full.address(), Some("mvale7@example.edu"));
        let login_only = named("unified\\mvale7", "", " ", "");
        assert_eq!(login_only.shown().as_deref(), Some("mvale7"));
        assert_eq!(login_only.address(), None);
        assert_eq!(named("unified\\m@example.edu", "", "", "").address(), Some("m@example.edu"));
        assert_eq!(named("", "", "", "m@example.edu").shown().as_deref(), Some("m@example.edu"));
        assert_eq!(AccountName::default().shown(), None);
        for no_address in ["m", "@example.edu", "m@", "m@localhost", "m o@example.edu", "m@a@example.edu"] {
            assert_eq!(named(no_address, "", "", "").address(), None, "{no_address}");
        }
    }
}
