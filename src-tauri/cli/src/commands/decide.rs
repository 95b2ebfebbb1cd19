//! `leave-out` and `merge`: decisions about people, each of which can be taken back.

use std::collections::HashSet;

use engine::people::{count_again, leave_out, merge, part, say_different, unsay_different};
use engine::roster::Everybody;
use engine::store::DataFolder;
use engine::{Error, ErrorCode, Result};
use model::words::counted;
use model::{FolderId, Role, UserId};
use serde_json::json;

use crate::args::{LeaveOutArgs, LeftOutRole, MergeArgs};
use crate::commands::everybody::everybody_of;
use crate::named::{Parts, course_named, listed_courses};
use crate::setup::Setup;
use crate::terminal::Outcome;

/// Leaves people out, or counts them again.
pub(crate) async fn leave(setup: &Setup, args: LeaveOutArgs) -> Result<Outcome> {
    let folder = setup.data_folder()?;
    let course = course_named(&listed_courses(&folder)?, &args.course, Parts::Suffice)?;
    let accounts = accounts(setup, &folder, course, &args.who, Meant::Person).await?;
    let lock = setup.lock(&folder)?;
    let (number, text) = if args.undo {
        let number = count_again(&folder, &lock, &accounts)?;
        (number, format!("{} counted again", people(number)))
    } else {
        let role = args.role.map(|role| match role {
            LeftOutRole::Staff => Role::Staff,
            LeftOutRole::Test => Role::Test,
        });
        leave_out(&folder, &lock, &accounts, role)?;
        let number = {
            let decisions = folder.people()?.decisions;
            accounts.iter().map(|account| decisions.person_of(*account)).collect::<HashSet<_>>().len()
        };
        let text = format!(
            "{} left out of figures, charts and the dataset; their records stay, and --undo counts them again",
            people(number)
        );
        (number, text)
    };
    Ok(Outcome::done(text, json!({ "id": course, "people": number, "isUndone": args.undo, "userIds": accounts })))
}

/// Makes accounts one person, or people of their own again; or remembers that they are different people.
pub(crate) async fn merge_people(setup: &Setup, args: MergeArgs) -> Result<Outcome> {
    let folder = setup.data_folder()?;
    let course = course_named(&listed_courses(&folder)?, &args.course, Parts::Suffice)?;
    let accounts = accounts(setup, &folder, course, &args.who, Meant::Account).await?;
    let lock = setup.lock(&folder)?;
    if args.not {
        let text = if args.undo {
            unsay_different(&folder, &lock, &accounts)?;
            "They may be suggested again as one person"
        } else {
            say_different(&folder, &lock, &accounts)?;
            "They are different people and are not suggested again; --not --undo takes that back"
        };
        let different = !args.undo;
        return Ok(Outcome::done(text, json!({ "id": course, "areDifferent": different, "userIds": accounts })));
    }
    if args.undo {
        let number = part(&folder, &lock, &accounts)?;
        let text = format!("{} of their own again", people(number));
        return Ok(Outcome::done(text, json!({ "id": course, "parted": number, "userIds": accounts })));
    }
    let person = merge(&folder, &lock, &accounts)?;
    let text = format!("{} are one person; --undo parts them", counted(accounts.len() as u64, "account", "accounts"));
    Ok(Outcome::done(text, json!({ "id": course, "person": person, "userIds": accounts })))
}

fn people(number: usize) -> String {
    counted(number as u64, "person", "people")
}

/// What a user ID means.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Meant {
    /// The person whose account it is, with their other accounts.
    Person,
    /// This account alone.
    Account,
}

async fn accounts(
    setup: &Setup,
    folder: &DataFolder,
    course: FolderId,
    who: &[String],
    meant: Meant,
) -> Result<Vec<UserId>> {
    let (folder, who, terminal) = (folder.clone(), who.to_vec(), setup.terminal.clone());
    let names = setup.names;
    super::blocking(move || {
        let everybody = everybody_of(&terminal, &folder, course, chrono_tz::Tz::UTC, names)?;
        let mut accounts = Vec::new();
        for text in &who {
            for account in accounts_of(&everybody, text, meant)? {
                if !accounts.contains(&account) {
                    accounts.push(account);
                }
            }
        }
        Ok(accounts)
    })
    .await
}

/// The accounts that a text means. Somebody who is left out is not in view and is meant by a user ID or a number only.
pub(super) fn accounts_of(everybody: &Everybody, text: &str, meant: Meant) -> Result<Vec<UserId>> {
    if let Ok(id) = UserId::parse(text) {
        if let Some(who) = everybody.find(text) {
            return Ok(match meant {
                Meant::Person => everybody.user_ids(who),
                Meant::Account => vec![id],
            });
        }
        if everybody.seen.course.people.left_out().iter().any(|person| person.accounts.contains(&id)) {
            return Ok(vec![id]);
        }
        return Err(Error::new(ErrorCode::NotFound, format!("Nobody with the user ID {id} has viewing in the course"))
            .with_hint("`panopto-analytics people COURSE` lists everybody with their user IDs"));
    }
    if let Some(accounts) = everybody.left_out_numbered(text) {
        return Ok(accounts);
    }
    let accounts = everybody.user_ids(everybody.find_who(text)?);
    if accounts.is_empty() {
        return Err(Error::new(
            ErrorCode::InvalidInput,
            "Nothing but the line of the class list is kept of this person",
        )
        .with_hint("Name somebody with viewing, or import a class list without them"));
    }
    Ok(accounts)
}
