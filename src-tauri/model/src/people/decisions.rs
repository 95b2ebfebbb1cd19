//! What the teacher has decided about people: roles, who is left out, which accounts are one person, and which are not.
//!
//! Every decision can be taken back. Deliberately absent: where decisions are kept (crate `store`), and suggestions.
//!
//! Invariants: an account belongs to one person, whose own first account stands for it, so there are no chains and no
//! circles; without a decision nothing is left out and nothing is merged; accounts of one
//! person are never said to be of different people.

use std::collections::{BTreeMap, BTreeSet};

use super::person_id::PersonId;
use crate::{Recorded, UserId, Word};

/// What somebody is in a course, where the teacher has said so.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Role {
    /// Somebody who is taught.
    Student,
    /// Somebody who teaches, or helps to.
    Staff,
    /// Nobody: an account to try things with.
    Test,
}

impl Word for Role {
    const ALL: &'static [Self] = &[Self::Student, Self::Staff, Self::Test];

    fn as_str(self) -> &'static str {
        match self {
            Self::Student => "student",
            Self::Staff => "staff",
            Self::Test => "test",
        }
    }
}

/// Why accounts cannot be one person, or cannot be different people.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum MergeRefusal {
    /// Fewer than two different accounts were named.
    #[error("two different user IDs are needed to make them one person")]
    OnlyOne,
    /// They are to be different people and are one.
    #[error("these accounts are one person")]
    AreOne,
    /// One of them is the ID that stands for no particular viewer.
    #[error("the user ID of zeros stands for nobody in particular and cannot be part of a person")]
    Nobody,
}

/// The decisions, for all courses of a data folder.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Decisions {
    /// Which account stands for the person that this account belongs to; only where it is another.
    heads: BTreeMap<UserId, UserId>,
    left_out: BTreeSet<UserId>,
    roles: BTreeMap<UserId, Recorded<Role>>,
    /// Pairs of accounts, the lower one first, that belong to different people.
    different: BTreeSet<(UserId, UserId)>,
}

impl Decisions {
    /// The decisions that accounts are part of people: for each account the one that stands for it. `None` where one of those
    /// is itself part of somebody else, or stands for nobody in particular.
    pub fn of_parts(heads: BTreeMap<UserId, UserId>) -> Option<Self> {
        let is_flat = |(account, head): (&UserId, &UserId)| {
            account != head && !heads.contains_key(head) && *account != UserId::NIL && *head != UserId::NIL
        };
        heads.iter().all(is_flat).then(|| Self { heads, ..Self::default() })
    }

    /// Whether they change any figure. Roles alone change none.
    pub fn change_figures(&self) -> bool {
        !self.heads.is_empty() || !self.left_out.is_empty()
    }

    /// What they change, for whatever shows or exports figures: `without 2 people you left out, with 3 accounts joined to
    /// others`. `None` where they change nothing.
    pub fn in_words(&self) -> Option<String> {
        use crate::words::counted;
        let left_out = (!self.left_out.is_empty())
            .then(|| format!("without {} you left out", counted(self.left_out.len() as u64, "person", "people")));
        let joined = (!self.heads.is_empty())
            .then(|| format!("with {} joined to others", counted(self.heads.len() as u64, "account", "accounts")));
        let parts: Vec<String> = left_out.into_iter().chain(joined).collect();
        (!parts.is_empty()).then(|| parts.join(", "))
    }

    /// The person that an account belongs to.
    pub fn person_of(&self, account: UserId) -> PersonId {
        PersonId::new(self.heads.get(&account).copied().unwrap_or(account))
    }

    /// All accounts of a person that decisions know of, the one that stands for it first.
    pub fn accounts_of(&self, person: PersonId) -> Vec<UserId> {
        let head = person.account();
        let others = self.heads.iter().filter(|(_, of)| **of == head).map(|(account, _)| *account);
        std::iter::once(head).chain(others).collect()
    }

    /// Whether the person that an account belongs to is left out of every figure.
    pub fn is_left_out(&self, account: UserId) -> bool {
        self.left_out.contains(&self.person_of(account).account())
    }

    /// The role of the person that an account belongs to.
    pub fn role_of(&self, account: UserId) -> Option<&Recorded<Role>> {
        self.roles.get(&self.person_of(account).account())
    }

    /// Leaves somebody out of every figure, and remembers as what.
    pub fn leave_out(&mut self, account: UserId, role: Option<Role>) {
        let head = self.person_of(account).account();
        self.left_out.insert(head);
        if let Some(role) = role {
            self.roles.insert(head, role.into());
        }
    }

    /// Counts somebody again. Returns whether they were left out.
    pub fn count_again(&mut self, account: UserId) -> bool {
        let head = self.person_of(account).account();
        self.roles.remove(&head);
        self.left_out.remove(&head)
    }

    /// Says what somebody is, without leaving them out.
    pub fn set_role(&mut self, account: UserId, role: Option<Recorded<Role>>) {
        let head = self.person_of(account).account();
        match role {
            Some(role) => self.roles.insert(head, role),
            None => self.roles.remove(&head),
        };
    }

    /// Makes all these accounts, and those of the same people, one person. The first one's person stands for it: its role
    /// is kept where it has one, and it is left out if any of them was.
    pub fn merge(&mut self, accounts: &[UserId]) -> Result<PersonId, MergeRefusal> {
        if accounts.contains(&UserId::NIL) {
            return Err(MergeRefusal::Nobody);
        }
        let different: BTreeSet<UserId> = accounts.iter().copied().collect();
        let Some(first) = accounts.first().filter(|_| different.len() > 1) else {
            return Err(MergeRefusal::OnlyOne);
        };
        let person = self.person_of(*first);
        let head = person.account();
        for account in different {
            let other = self.person_of(account);
            if other == person {
                continue;
            }
            for moved in self.accounts_of(other) {
                self.heads.insert(moved, head);
            }
            if self.left_out.remove(&other.account()) {
                self.left_out.insert(head);
            }
            if let Some(role) = self.roles.remove(&other.account()) {
                self.roles.entry(head).or_insert(role);
            }
        }
        // The later word counts.
        let heads = &self.heads;
        let head_of = |account: UserId| heads.get(&account).copied().unwrap_or(account);
        self.different.retain(|(one, other)| head_of(*one) != head_of(*other));
        Ok(person)
    }

    /// Says of accounts that each belongs to somebody else, so that nobody suggests to merge any two of them.
    pub fn say_different(&mut self, accounts: &[UserId]) -> Result<(), MergeRefusal> {
        let heads: BTreeSet<UserId> = accounts.iter().map(|account| self.person_of(*account).account()).collect();
        if heads.contains(&UserId::NIL) {
            return Err(MergeRefusal::Nobody);
        }
        if heads.len() < 2 {
            return Err(MergeRefusal::AreOne);
        }
        let heads: Vec<UserId> = heads.into_iter().collect();
        for (place, one) in heads.iter().enumerate() {
            self.different.extend(heads[place + 1..].iter().map(|other| (*one, *other)));
        }
        Ok(())
    }

    /// Keeps that two accounts belong to different people, as it was written down; nothing where they are one person.
    pub fn keep_different(&mut self, one: UserId, other: UserId) {
        if self.person_of(one) != self.person_of(other) && ![one, other].contains(&UserId::NIL) {
            self.different.insert((one.min(other), one.max(other)));
        }
    }

    /// Takes back that people are different. Returns how many pairs of accounts it was said of.
    pub fn unsay_different(&mut self, accounts: &[UserId]) -> usize {
        let theirs: BTreeSet<PersonId> = accounts.iter().map(|account| self.person_of(*account)).collect();
        let before = self.different.len();
        let is_theirs = |account: &UserId, heads: &BTreeMap<UserId, UserId>| {
            theirs.contains(&PersonId::new(heads.get(account).copied().unwrap_or(*account)))
        };
        let heads = &self.heads;
        self.different.retain(|(one, other)| !(is_theirs(one, heads) && is_theirs(other, heads)));
        before - self.different.len()
    }

    /// Pairs of people who were said to be different, each once.
    pub fn different(&self) -> BTreeSet<(PersonId, PersonId)> {
        let people = self.different.iter().map(|(one, other)| (self.person_of(*one), self.person_of(*other)));
        people.map(|(one, other)| (one.min(other), one.max(other))).collect()
    }

    /// The accounts above this one that were said to be somebody else's, ascending.
    pub fn different_from(&self, account: UserId) -> impl Iterator<Item = UserId> + '_ {
        self.different.iter().filter(move |(one, _)| *one == account).map(|(_, other)| *other)
    }

    /// Makes an account a person of its own again. Where it stood for others, the first of those stands for them. Everybody
    /// concerned stays left out if the person was. Returns whether it was part of a larger person.
    pub fn part(&mut self, account: UserId) -> bool {
        let person = self.person_of(account);
        let mut others = self.accounts_of(person);
        others.retain(|other| *other != account);
        let Some(next) = others.first().copied() else { return false };
        let old = person.account();
        let (is_left_out, role) = (self.left_out.contains(&old), self.roles.get(&old).cloned());
        self.heads.remove(&account);
        if old == account {
            self.heads.remove(&next);
            for other in others.iter().filter(|other| **other != next) {
                self.heads.insert(*other, next);
            }
        }
        for head in [account, if old == account { next } else { old }] {
            if is_left_out {
                self.left_out.insert(head);
            }
            if let Some(role) = &role {
                self.roles.insert(head, role.clone());
            }
        }
        true
    }

    /// Forgets everything about an account. What it shared with others stays theirs.
    pub fn forget(&mut self, account: UserId) {
        self.part(account);
        self.left_out.remove(&account);
        self.roles.remove(&account);
        self.different.retain(|(one, other)| ![one, other].contains(&&account));
    }

    /// Every account that something is decided about, ascending.
    pub fn accounts(&self) -> BTreeSet<UserId> {
        let heads = self.heads.iter().flat_map(|(account, head)| [*account, *head]);
        let different = self.different.iter().flat_map(|(one, other)| [*one, *other]);
        heads.chain(different).chain(self.left_out.iter().copied()).chain(self.roles.keys().copied()).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn id(number: u8) -> UserId {
        UserId::from_bytes([number; 16])
    }

    #[test]
    fn merging_people_takes_all_their_accounts_along() {
        let mut decisions = Decisions::default();
        decisions.merge(&[id(5), id(2)]).unwrap();
        decisions.merge(&[id(7), id(8)]).unwrap();
        assert_eq!(decisions.merge(&[id(2), id(8)]), Ok(PersonId::new(id(5))));
        for account in [2, 5, 7, 8] {
            assert_eq!(decisions.person_of(id(account)), PersonId::new(id(5)), "{account}");
        }
        assert_eq!(decisions.accounts_of(PersonId::new(id(5))), [id(5), id(2), id(7), id(8)]);
    }

    #[test]
    fn what_is_no_two_people_is_refused() {
        let mut decisions = Decisions::default();
        assert_eq!(decisions.merge(&[]), Err(MergeRefusal::OnlyOne));
        assert_eq!(decisions.merge(&[id(1), id(1)]), Err(MergeRefusal::OnlyOne));
        assert_eq!(decisions.merge(&[id(1), UserId::NIL]), Err(MergeRefusal::Nobody));
        assert!(!decisions.change_figures());
    }

    #[test]
    fn a_left_out_person_stays_left_out_whatever_is_merged_and_parted() {
        let mut decisions = Decisions::default();
        decisions.leave_out(id(3), Some(Role::Staff));
        decisions.merge(&[id(1), id(3), id(4)]).unwrap();
        assert!([1, 3, 4].iter().all(|account| decisions.is_left_out(id(*account))));
        assert_eq!(decisions.role_of(id(4)), Some(&Role::Staff.into()));
        assert_eq!(decisions.in_words().unwrap(), "without 1 person you left out, with 2 accounts joined to others");
        assert!(decisions.part(id(1)), "the one that stands for them");
        assert_eq!(decisions.person_of(id(4)), PersonId::new(id(3)));
        assert!([1, 3, 4].iter().all(|account| decisions.is_left_out(id(*account))));
        assert!(decisions.count_again(id(1)));
        assert!(!decisions.count_again(id(1)));
        assert!(!decisions.is_left_out(id(1)) && decisions.is_left_out(id(3)));
    }

    #[test]
    fn every_decision_can_be_taken_back() {
        let mut decisions = Decisions::default();
        decisions.merge(&[id(1), id(2), id(3)]).unwrap();
        assert!(decisions.part(id(2)) && decisions.part(id(3)));
        assert!(!decisions.part(id(3)), "it is alone already");
        decisions.leave_out(id(9), Some(Role::Test));
        decisions.count_again(id(9));
        decisions.set_role(id(9), Some(Role::Student.into()));
        decisions.set_role(id(9), None);
        assert_eq!(decisions, Decisions::default());
    }

    #[test]
    fn the_later_word_counts_of_who_is_one_and_who_is_not() {
        let mut decisions = Decisions::default();
        let pair = |one, other| (PersonId::new(id(one)), PersonId::new(id(other)));
        decisions.say_different(&[id(3), id(1), id(2)]).unwrap();
        assert_eq!(Vec::from_iter(decisions.different()), [pair(1, 2), pair(1, 3), pair(2, 3)]);
        assert!(!decisions.change_figures());
        decisions.merge(&[id(2), id(3)]).unwrap();
        assert_eq!(Vec::from_iter(decisions.different()), [pair(1, 2)], "said of the person that they are now");
        assert_eq!(decisions.say_different(&[id(3), id(2)]), Err(MergeRefusal::AreOne));
        assert_eq!(decisions.say_different(&[id(3), UserId::NIL]), Err(MergeRefusal::Nobody));
        assert!(decisions.part(id(3)));
        assert_eq!(Vec::from_iter(decisions.different()), [pair(1, 2), pair(1, 3)]);
        assert_eq!([decisions.unsay_different(&[id(3), id(1)]), decisions.unsay_different(&[id(3), id(1)])], [1, 0]);
        decisions.forget(id(2));
        assert_eq!(decisions, Decisions::default());
    }

    #[test]
    fn nothing_of_a_forgotten_account_stays() {
        let mut decisions = Decisions::default();
        decisions.merge(&[id(1), id(2), id(3)]).unwrap();
        decisions.leave_out(id(1), Some(Role::Test));
        decisions.forget(id(1));
        assert!(!decisions.accounts().contains(&id(1)));
        assert_eq!(decisions.person_of(id(3)), PersonId::new(id(2)));
        assert!(decisions.is_left_out(id(3)), "the others are still the teacher's decision");
    }
}
