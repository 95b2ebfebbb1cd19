//! Which people are perhaps one, each with the reason. Nobody is joined by it: the teacher decides.
//!
//! Deliberately absent: joining, and guesses from viewing. Invariant: a name alone never says more than *perhaps*, and people
//! who are named after each other in one suggestion are two different ones.

use std::collections::BTreeMap;

use super::account::{Account, user_key_parts};
use super::person_id::PersonId;

/// Why two people may be one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum SameBecause {
    /// Both have this e-mail address.
    Address,
    /// Both have this login, at two providers.
    Login,
    /// Both have this first and last name. Two people can have one name.
    Name,
}

impl SameBecause {
    /// In words.
    pub const fn text(self) -> &'static str {
        match self {
            Self::Address => "the same e-mail address",
            Self::Login => "the same login at two providers",
            Self::Name => "the same name, which two people can have",
        }
    }
}

/// Pairs of people who may be one, the surest reason of each pair; those with the surest reason first.
pub fn merge_suggestions(people: &[(PersonId, Vec<Account>)]) -> Vec<(PersonId, PersonId, SameBecause)> {
    let mut found: BTreeMap<(PersonId, PersonId), SameBecause> = BTreeMap::new();
    for reason in [SameBecause::Address, SameBecause::Login, SameBecause::Name] {
        let mut alike: BTreeMap<String, Vec<PersonId>> = BTreeMap::new();
        for (person, accounts) in people {
            for key in accounts.iter().filter_map(|account| key_of(account, reason)) {
                let of_key = alike.entry(key).or_default();
                if !of_key.contains(person) {
                    of_key.push(*person);
                }
            }
        }
        // What three and more share, such as the address of a course, tells nothing of any two of them.
        for pair in alike.into_values().filter(|alike| alike.len() == 2) {
            found.entry((pair[0].min(pair[1]), pair[0].max(pair[1]))).or_insert(reason);
        }
    }
    let mut suggestions: Vec<_> = found.into_iter().map(|((one, other), reason)| (one, other, reason)).collect();
    suggestions.sort_by_key(|(one, other, reason)| (*reason, *one, *other));
    suggestions
}

fn key_of(account: &Account, reason: SameBecause) -> Option<String> {
    let name = &account.name;
    let text = match reason {
        SameBecause::Address => name.address()?.to_lowercase(),
        SameBecause::Login => user_key_parts(&name.user_key).1.to_lowercase(),
        SameBecause::Name if name.first.trim().is_empty() || name.last.trim().is_empty() => return None,
        SameBecause::Name => format!("{}\n{}", name.last.trim().to_lowercase(), name.first.trim().to_lowercase()),
    };
    (!text.trim().is_empty()).then_some(text)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{AccountName, UserId};

    fn person(number: u8, user_key: &str, first: &str, last: &str, email: &str) -> (PersonId, Vec<Account>) {
        let id = UserId::from_bytes([number; 16]);
        let text = str::to_owned;
        let name = AccountName { user_key: text(user_key), first: text(first), last: text(last), email: text(email) };
        (PersonId::new(id), vec![Account { name, ..Account::unknown(id) }])
    }

    fn suggested(people: &[(PersonId, Vec<Account>)]) -> Vec<(u8, u8, SameBecause)> {
        let number = |person: PersonId| person.account().as_bytes()[0];
        merge_suggestions(people).into_iter().map(|(one, other, reason)| (number(one), number(other), reason)).collect()
    }

    #[test]
    fn the_surest_reason_is_given_once() {
        use SameBecause::{Address, Login, Name};

        let people = [
            person(1, "unified\\mvale7", "Mira", "Vale", "Mira@example.edu"),
            person(2, "canvas\\mvale7", "Mira", "Vale", "mira@example.edu"),
            person(3, "unified\\tlind", "Tariq", "Lind", ""),
            person(4, "canvas\\TLIND", "T.", "Lind", ""),
            person(5, "unified\\a", "Ann", "Gao", "a@example.edu"),
            person(6, "unified\\b", "ann", "GAO", "b@example.edu"),
            person(7, "", "", "", ""),
            person(8, "", "", "", ""),
        ];
        assert_eq!(suggested(&people), [(1, 2, Address), (3, 4, Login), (5, 6, Name)]);
    }

    #[test]
    fn what_three_share_tells_nothing_and_a_merged_person_is_not_two() {
        let shared = |number| person(number, &format!("p\\x{number}"), "", "", "course@example.edu");
        assert_eq!(suggested(&[shared(1), shared(2), shared(3)]), []);
        let mut merged = shared(1);
        merged.1.extend(shared(2).1);
        assert_eq!(suggested(&[merged]), []);
    }
}
