//! Leaving people out, making several accounts one person, and refusing a suggestion; each can be taken back.
//!
//! Deliberately absent: what follows for figures, which are counted anew from the same records, and who somebody is, which
//! the caller has found out. Invariant: a damaged file of people is told and never written over.

use std::collections::HashSet;

use model::{Decisions, MergeRefusal, PersonId, Role, UserId};

use crate::store::{DataFolder, FolderLock, People};
use crate::{Error, ErrorCode, Result};

/// Leaves people out of every figure, chart and dataset. Their records stay.
pub fn leave_out(folder: &DataFolder, lock: &FolderLock, accounts: &[UserId], role: Option<Role>) -> Result<()> {
    change(folder, lock, |people| {
        for account in accounts {
            people.decisions.leave_out(*account, role);
        }
        Ok(())
    })
}

/// Counts people again. Returns how many had been left out.
pub fn count_again(folder: &DataFolder, lock: &FolderLock, accounts: &[UserId]) -> Result<usize> {
    change(folder, lock, |people| Ok(accounts.iter().filter(|account| people.decisions.count_again(**account)).count()))
}

/// Makes several accounts one person; the first one's person stands for them.
pub fn merge(folder: &DataFolder, lock: &FolderLock, accounts: &[UserId]) -> Result<PersonId> {
    change(folder, lock, |people| people.decisions.merge(accounts).map_err(refused))
}

/// Remembers that accounts belong to different people: nobody suggests again to merge them.
pub fn say_different(folder: &DataFolder, lock: &FolderLock, accounts: &[UserId]) -> Result<()> {
    change(folder, lock, |people| people.decisions.say_different(accounts).map_err(refused))
}

/// Takes back that people are different. Returns how many pairs of accounts it had been said of.
pub fn unsay_different(folder: &DataFolder, lock: &FolderLock, accounts: &[UserId]) -> Result<usize> {
    change(folder, lock, |people| Ok(people.decisions.unsay_different(accounts)))
}

/// Remembers that people are taught, so that nobody suggests to leave them out, or takes that back.
pub fn say_taught(folder: &DataFolder, lock: &FolderLock, accounts: &[UserId], are_taught: bool) -> Result<()> {
    change(folder, lock, |people| {
        for account in accounts {
            people.decisions.set_role(*account, are_taught.then(|| Role::Student.into()));
        }
        Ok(())
    })
}

fn refused(refusal: MergeRefusal) -> Error {
    let hint = match refusal {
        MergeRefusal::OnlyOne => "Name at least two accounts; `panopto-analytics people COURSE` lists them",
        MergeRefusal::AreOne => "Name two people, or make the accounts people of their own first: `merge … --undo`",
        MergeRefusal::Nobody => "Leave it out",
    };
    let message = refusal.to_string();
    let mut letters = message.chars();
    let first = letters.next().map(char::to_uppercase).into_iter().flatten();
    Error::new(ErrorCode::InvalidInput, first.chain(letters).collect::<String>()).with_hint(hint)
}

/// Makes accounts people of their own again. Returns how many were part of a larger person.
pub fn part(folder: &DataFolder, lock: &FolderLock, accounts: &[UserId]) -> Result<usize> {
    change(folder, lock, |people| Ok(accounts.iter().filter(|account| people.decisions.part(**account)).count()))
}

/// Puts back what was decided before, where nothing was decided since. [`ErrorCode::InvalidInput`] otherwise.
pub fn decisions_back(folder: &DataFolder, lock: &FolderLock, after: &Decisions, before: &Decisions) -> Result<()> {
    change(folder, lock, |people| {
        if people.decisions != *after {
            return Err(Error::new(ErrorCode::InvalidInput, "Something else was decided about people meanwhile")
                .with_hint("Take it back in the list of people"));
        }
        people.decisions = before.clone();
        Ok(())
    })
}

fn change<T>(folder: &DataFolder, lock: &FolderLock, decide: impl FnOnce(&mut People) -> Result<T>) -> Result<T> {
    let mut people = folder.people()?;
    let before = people.clone();
    let decided = decide(&mut people)?;
    if people != before {
        folder.save_people(lock, &people)?;
    }
    Ok(decided)
}

/// The accounts of a person, with those that decisions join to it.
pub(super) fn all_accounts(people: &People, accounts: &[UserId]) -> HashSet<UserId> {
    let of = |account: &UserId| people.decisions.accounts_of(people.decisions.person_of(*account));
    accounts.iter().flat_map(of).chain(accounts.iter().copied()).collect()
}
