//! The people of one course: its viewers, put together as the teacher has decided.
//!
//! Viewing is laid out by small numbers ([`crate::CourseViews`]); here each number is a person. Deliberately absent: names.
//!
//! Invariants: people are in the order of their accounts' IDs, so that the same records and decisions give the same places;
//! what a person is called by ([`Person::number`]) follows from the records alone, so that no decision makes *Viewer 17*
//! mean somebody else.

use std::collections::BTreeMap;

use super::decisions::Decisions;
use super::person_id::PersonId;
use crate::{PlayedRun, UserId};

/// Somebody with a viewing record in the course.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Person {
    /// Who.
    pub id: PersonId,
    /// Their accounts that have records in this course, ascending, at least one. The one that stands for the person may be
    /// missing: it may have watched another course only.
    pub accounts: Vec<UserId>,
    /// The number of *Viewer 17*: the place of an account among all accounts with records in this course, from 1. It stays
    /// when anybody is left out, counted again, merged or parted. A merged person has the number of the account that stands
    /// for them, where that has records here.
    pub number: u32,
}

/// Whom a number means.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Numbered<'a> {
    /// Somebody who counts: their place in [`PeopleOfCourse::people`].
    Counts(u32),
    /// Somebody who is left out.
    LeftOut(&'a Person),
}

/// The people of a course.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct PeopleOfCourse {
    people: Vec<Person>,
    left_out: Vec<Person>,
    /// The accounts with records, ascending.
    viewers: Vec<UserId>,
    /// For each viewer of the records, the person's place; `None` for the left out.
    numbers: Vec<Option<u32>>,
}

impl PeopleOfCourse {
    /// The people behind `viewers`, the accounts with records, ascending and each once.
    pub fn new(viewers: &[UserId], decisions: &Decisions) -> Self {
        let mut accounts: BTreeMap<PersonId, Vec<(UserId, u32)>> = BTreeMap::new();
        for (viewer, number) in viewers.iter().zip(1..) {
            accounts.entry(decisions.person_of(*viewer)).or_default().push((*viewer, number));
        }
        let (mut people, mut left_out) = (Vec::new(), Vec::new());
        for (id, accounts) in accounts {
            let standing = accounts.iter().find(|(account, _)| *account == id.account()).unwrap_or(&accounts[0]);
            let number = standing.1;
            let person = Person { id, accounts: accounts.into_iter().map(|(account, _)| account).collect(), number };
            if decisions.is_left_out(id.account()) { left_out.push(person) } else { people.push(person) }
        }
        let number = |viewer: &UserId| {
            let id = decisions.person_of(*viewer);
            people.binary_search_by_key(&id, |person| person.id).ok().map(|number| number as u32)
        };
        Self { numbers: viewers.iter().map(number).collect(), viewers: viewers.to_vec(), people, left_out }
    }

    /// Those who count; the place is the number with which [`crate::CourseViews`] knows them.
    pub fn people(&self) -> &[Person] {
        &self.people
    }

    /// Those with records whom the teacher has left out.
    pub fn left_out(&self) -> &[Person] {
        &self.left_out
    }

    /// The person of the account with this number, as *Viewer 17* tells it ([`Person::number`]): somebody who counts, or
    /// somebody who is left out. Every number of a merged person's accounts means that person.
    pub fn numbered(&self, number: u32) -> Option<Numbered<'_>> {
        let viewer = usize::try_from(number.checked_sub(1)?).ok()?;
        if let Some(place) = *self.numbers.get(viewer)? {
            return Some(Numbered::Counts(place));
        }
        let account = self.viewers.get(viewer)?;
        self.left_out.iter().find(|person| person.accounts.contains(account)).map(Numbered::LeftOut)
    }

    /// The place of a person; `None` if nobody who counts has this account.
    pub fn number_of(&self, account: UserId) -> Option<u32> {
        self.people
            .iter()
            .position(|person| person.accounts.contains(&account) || person.id.account() == account)
            .map(|number| number as u32)
    }

    /// Turns runs by viewer into runs by person. Those of people who are left out are taken away.
    pub fn runs_by_person(&self, runs: &mut Vec<PlayedRun>) {
        runs.retain_mut(|run| match self.numbers.get(run.viewer as usize).copied().flatten() {
            Some(number) => {
                run.viewer = number;
                true
            }
            None => false,
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Day, Playback};

    fn id(number: u8) -> UserId {
        UserId::from_bytes([number; 16])
    }

    fn runs() -> Vec<PlayedRun> {
        (0..4)
            .map(|viewer| PlayedRun {
                video: 0,
                viewer,
                day: Day::new(0),
                minute: 0,
                playback: Playback::PLAIN,
                start_secs: 0.0,
                stop_secs: f64::from(viewer) + 1.0,
            })
            .collect()
    }

    #[test]
    fn without_decisions_everybody_keeps_their_number() {
        let viewers = [id(1), id(2), id(3), id(4)];
        let people = PeopleOfCourse::new(&viewers, &Decisions::default());
        let mut by_person = runs();
        people.runs_by_person(&mut by_person);
        assert_eq!(by_person, runs());
        assert_eq!(people.people().iter().map(|person| person.id.account()).collect::<Vec<_>>(), viewers);
        assert!(people.left_out().is_empty());
    }

    #[test]
    fn merged_accounts_are_one_and_the_left_out_are_none() {
        let mut decisions = Decisions::default();
        decisions.merge(&[id(3), id(1)]).unwrap();
        decisions.leave_out(id(2), None);
        let people = PeopleOfCourse::new(&[id(1), id(2), id(3), id(4)], &decisions);
        assert_eq!(people.people().len(), 2);
        assert_eq!(people.people()[0].accounts, [id(1), id(3)]);
        assert_eq!(people.left_out()[0].accounts, [id(2)]);
        assert_eq!([1, 2, 3, 4].map(|account| people.number_of(id(account))), [Some(0), None, Some(0), Some(1)]);
        let mut by_person = runs();
        people.runs_by_person(&mut by_person);
        assert_eq!(
            by_person.iter().map(|run| (run.viewer, run.stop_secs)).collect::<Vec<_>>(),
            [(0, 1.0), (0, 3.0), (1, 4.0)]
        );
    }

    #[test]
    fn no_decision_makes_a_number_mean_somebody_else() {
        let viewers = [id(1), id(2), id(3), id(4)];
        let mut decisions = Decisions::default();
        decisions.leave_out(id(2), None);
        decisions.merge(&[id(3), id(1)]).unwrap();
        let people = PeopleOfCourse::new(&viewers, &decisions);
        assert_eq!(people.people().iter().map(|person| person.number).collect::<Vec<_>>(), [3, 4]);
        let meant = |number| match people.numbered(number) {
            Some(Numbered::Counts(place)) => people.people()[place as usize].accounts.clone(),
            Some(Numbered::LeftOut(person)) => vec![person.accounts[0], person.accounts[0]],
            None => Vec::new(),
        };
        assert_eq!(
            [0, 1, 2, 3, 4, 5].map(meant),
            [vec![], vec![id(1), id(3)], vec![id(2), id(2)], vec![id(1), id(3)], vec![id(4)], vec![]]
        );
    }
}
