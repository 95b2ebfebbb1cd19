//! Saying who a listed person is, and taking it back; confirming a domain; removing a list; forgetting somebody.
//!
//! Deliberately absent: what follows, which each look works out anew. Invariant: an error never repeats a name.

use model::{
    Account, ClassList, FolderId, Listed, MatchInput, MatchState, UserId, compared, match_class, user_key_parts,
};

use super::import::change;
use crate::people::{self, ForgetReport, forget};
use crate::store::{DataFolder, FolderLock};
use crate::{Error, ErrorCode, Result};

/// What somebody says of a listed person and a viewer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum WhoIsIt {
    /// They are the same person.
    Same,
    /// They are not.
    Another,
    /// It is open again.
    Open,
}

/// The place of the person in [`ClassList::people`] whom a text means: an e-mail address, a login, a number, or a name.
///
/// [`ErrorCode::NotFound`] and [`ErrorCode::InvalidInput`], where several fit, do not repeat the text.
pub fn find_listed(list: &ClassList, text: &str) -> Result<usize> {
    let wanted = compared(text);
    let enrolled = || list.people.iter().enumerate().filter(|(_, listed)| listed.gone_since.is_none());
    let fitting = |texts: &dyn Fn(&Listed) -> Vec<Option<String>>| -> Vec<usize> {
        let is_it = |listed: &Listed| texts(listed).into_iter().flatten().any(|text| compared(&text) == wanted);
        enrolled().filter(|(_, listed)| is_it(listed)).map(|(place, _)| place).collect()
    };
    let mut found = fitting(&|listed| {
        let person = &listed.person;
        vec![person.email.clone(), person.login.clone(), person.number.clone(), person.system_id.clone()]
    });
    if found.is_empty() {
        found = fitting(&|listed| vec![listed.person.name.clone()]);
    }
    match found.as_slice() {
        [place] if !wanted.is_empty() => Ok(*place),
        [] | [_] => Err(Error::new(ErrorCode::NotFound, "Nobody like this is on the class list")
            .with_hint("Give the e-mail address, user name, number or whole name as the list has it")),
        several => Err(Error::new(ErrorCode::InvalidInput, format!("{} people on the class list fit", several.len()))
            .with_hint("Give the e-mail address, user name or number")),
    }
}

/// Remembers who somebody on the list is, or is not. `place` is that in [`ClassList::people`].
pub fn decide_match(
    folder: &DataFolder,
    lock: &FolderLock,
    course: FolderId,
    place: usize,
    users: &[UserId],
    who: WhoIsIt,
) -> Result<()> {
    change(folder, lock, course, |list| {
        if place >= list.people.len() {
            return Err(Error::new(ErrorCode::NotFound, "This person is no longer on the class list")
                .with_hint("Look at the list again"));
        }
        for user in users {
            let is_same = match who {
                WhoIsIt::Same => Some(true),
                WhoIsIt::Another => Some(false),
                WhoIsIt::Open => None,
            };
            list.decide(place, *user, is_same);
        }
        Ok(())
    })
}

/// Says that what stands before `@domain` is the login, so that `mvale7` and `mvale7@example.edu` are one.
pub fn confirm_domain(folder: &DataFolder, lock: &FolderLock, course: FolderId, domain: &str) -> Result<()> {
    let domain = compared(domain.trim().trim_start_matches('@'));
    if !domain.contains('.') || domain.contains('@') {
        return Err(Error::new(ErrorCode::InvalidInput, "A domain is expected")
            .with_hint("Give what stands after the @, such as example.edu"));
    }
    change(folder, lock, course, |list| {
        if !list.confirmed_domains.contains(&domain) {
            list.confirmed_domains.push(domain);
        }
        Ok(())
    })
}

/// Removes the class list of a course, be it damaged, and returns it where it could be read. [`ErrorCode::NotFound`] where there
/// is none.
pub fn remove_class_list(folder: &DataFolder, lock: &FolderLock, course: FolderId) -> Result<Option<ClassList>> {
    let _turn = lock.turn();
    let list = folder.class_list(course).ok().flatten();
    if folder.remove_class_list(lock, course)? { Ok(list) } else { Err(super::import::no_class_list()) }
}

/// Forgets a person, class lists included, with all accounts that decisions join to these.
pub fn forget_person(folder: &DataFolder, lock: &FolderLock, accounts: &[UserId]) -> Result<ForgetReport> {
    forget(folder, lock, accounts, &|all| forget_in_class_lists(folder, lock, all))
}

/// Finishes forgetting somebody where that was cut off. Call it after locking the data folder.
///
/// A failure is only logged, so that nothing else has to wait for it; the next lock tries again.
pub fn finish_forgetting(folder: &DataFolder, lock: &FolderLock) {
    let finished = people::finish_forgetting(folder, lock, &|all| forget_in_class_lists(folder, lock, all));
    match finished {
        Ok(None) => {}
        Ok(Some(report)) => tracing::info!(records = report.records, "finished forgetting somebody, which was cut off"),
        Err(error) => tracing::warn!(code = error.code().as_str(), "forgetting somebody is not finished: {error}"),
    }
}

/// Removes a person from every class list, by what is known of their accounts. Returns how many files were changed.
///
/// Call it while names are still there: they tell which line of a list is the person's.
fn forget_in_class_lists(folder: &DataFolder, lock: &FolderLock, accounts: &[UserId]) -> Result<u64> {
    let known = folder.people().unwrap_or_default();
    let theirs: Vec<Account> = accounts.iter().map(|user| known.account(*user)).collect();
    let identifiers: Vec<String> = theirs
        .iter()
        .flat_map(|account| {
            let (_, login) = user_key_parts(&account.name.user_key);
            [login.to_owned(), account.name.email.clone()]
        })
        .filter(|text| !compared(text).is_empty())
        .collect();
    folder
        .change_class_lists(lock, |list| {
            let before = list.clone();
            let input = MatchInput {
                listed: &before.people,
                viewers: std::slice::from_ref(&theirs),
                confirmed_domains: &before.confirmed_domains,
            };
            let rows = match_class(input).rows.into_iter();
            let theirs = rows.filter(|row| matches!(row.state, MatchState::Matched { .. }));
            let places: Vec<usize> = theirs.map(|row| row.listed).collect();
            list.forget(&places, accounts, &identifiers);
            *list != before
        })
        .map_err(Error::from)
}
