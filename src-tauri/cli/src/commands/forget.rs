//! `forget`: removing everything that is kept about a person, with a preview.

use std::collections::HashSet;

use engine::Result;
use engine::roster;
use model::UserId;
use model::words::counted;
use serde_json::json;

use crate::args::ForgetArgs;
use crate::commands::decide::{Meant, accounts_of};
use crate::commands::everybody::everybody_of;
use crate::named::{Parts, course_named, listed_courses};
use crate::setup::Setup;
use crate::terminal::Outcome;

/// Forgets a person, or says what that would remove.
pub(crate) async fn forget_person(setup: &Setup, args: ForgetArgs) -> Result<Outcome> {
    let folder = setup.data_folder()?;
    let course = course_named(&listed_courses(&folder)?, &args.course, Parts::for_deleting(args.delete))?;
    let (names, terminal, who) = (setup.names, setup.terminal.clone(), args.who);
    let in_view = folder.clone();
    let (accounts, known) = super::blocking(move || {
        let everybody = everybody_of(&terminal, &in_view, course, chrono_tz::Tz::UTC, names)?;
        let accounts = accounts_of(&everybody, &who, Meant::Person)?;
        let decisions = in_view.people()?.decisions;
        let joined = accounts.iter().flat_map(|account| decisions.accounts_of(decisions.person_of(*account)));
        let all: HashSet<UserId> = joined.chain(accounts.iter().copied()).collect();
        Ok((accounts, all.len()))
    })
    .await?;
    if !args.delete {
        let text = format!(
            "Would forget this person, with {}: viewing records in every course, names and decisions. A later sync does not \
             bring them back. --delete does it, and cannot be undone",
            counted(known as u64, "account", "accounts")
        );
        return Ok(Outcome::done(text, json!({ "id": course, "isPreview": true, "accounts": known })));
    }
    let lock = setup.lock(&folder)?;
    let work = folder.clone();
    let report = super::blocking(move || roster::forget_person(&work, &lock, &accounts)).await?;
    let text = format!(
        "Forgotten: {} of {}, {} changed. The dataset is made again by the next `chunk` or `export`. Files that you exported \
         before still hold the person: delete them",
        counted(report.records, "viewing record", "viewing records"),
        counted(report.accounts as u64, "account", "accounts"),
        counted(report.files, "file", "files"),
    );
    let mut json = json!(report);
    json["id"] = json!(course);
    json["isPreview"] = json!(false);
    Ok(Outcome::done(text, json))
}
