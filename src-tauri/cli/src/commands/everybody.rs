//! Everybody of a course, as every command that counts people has them: the same people as in the window.
//!
//! Each person stands once, whatever accounts they have. Deliberately absent: figures, and who is who, which the engine decides.
//! Invariant: without `--names` nothing is told that Panopto or a class list has said of a person.

use std::sync::Arc;

use chrono_tz::Tz;
use engine::Result;
use engine::people::WithNames;
use engine::roster::{Everybody, Standing};
use engine::store::DataFolder;
use engine::views::{CourseInView, Views};
use model::words::counted;
use model::{FolderId, Recorded};
use serde_json::{Value, json};

use crate::commands::of_class::class_of;
use crate::terminal::Terminal;

/// Everybody of a course. Says so where the file of people or the class list is damaged.
pub(super) fn everybody_of(
    terminal: &Terminal,
    folder: &DataFolder,
    course: FolderId,
    zone: Tz,
    names: WithNames,
) -> Result<Everybody> {
    let views = Views::default();
    let course = views.course(folder, course, zone)?;
    Ok(everybody_in(terminal, folder, &views, &course, zone, names))
}

/// Everybody of a course that is looked at already.
pub(super) fn everybody_in(
    terminal: &Terminal,
    folder: &DataFolder,
    views: &Views,
    course: &Arc<CourseInView>,
    zone: Tz,
    names: WithNames,
) -> Everybody {
    let class = class_of(terminal, folder, views, course.id, zone).map(Arc::new);
    let everybody = Everybody::new(folder, course, class, names);
    if let Some(damage) = &everybody.seen.damage {
        terminal.warning(damage.message(), damage.hint());
    }
    everybody
}

/// The people of a list: those of the class in its order, then the other viewers. People of the class who cannot be identified
/// for certain, and those who are left out, are in no list.
pub(super) fn told(everybody: &Everybody) -> Vec<usize> {
    let is_told = |who: &usize| match everybody.people()[*who].standing {
        Standing::InClass => everybody.is_listed(*who),
        Standing::Viewer | Standing::Anonymous => true,
        Standing::Unsure | Standing::LeftOut => false,
    };
    (0..everybody.people().len()).filter(is_told).collect()
}

/// Who somebody is. The name only where names are shown.
pub(super) fn person_as_json(everybody: &Everybody, who: usize) -> Value {
    let somebody = &everybody.people()[who];
    let id = somebody.viewers.first().map(|viewer| everybody.seen.id(*viewer as usize));
    let mut entry = json!({
        "person": id,
        "userIds": everybody.user_ids(who),
        "label": everybody.label(who),
        "role": everybody.role(who).map(Recorded::as_str),
        "isAnonymous": somebody.standing == Standing::Anonymous,
        "isListed": everybody.is_listed(who),
        "row": somebody.row.map(|row| row + 1),
    });
    if everybody.names() == WithNames::Shown {
        let accounts = everybody.accounts(who);
        let listed = everybody.class.as_ref().zip(somebody.row).map(|(class, row)| &class.listed(row).person);
        let keys = accounts.iter().map(|account| account.name.user_key.clone()).filter(|key| !key.is_empty());
        let keys: Vec<String> = keys.collect();
        let login = listed.and_then(|person| person.login.clone()).filter(|_| keys.is_empty());
        let name = listed.and_then(|person| person.name.clone());
        entry["name"] = json!(name.or_else(|| accounts.iter().find_map(|account| account.name.shown())));
        entry["address"] = json!(everybody.address(who));
        entry["userNames"] = json!(keys.into_iter().chain(login).collect::<Vec<_>>());
        entry["nameStates"] =
            json!(accounts.iter().map(|account| account.state.as_ref().map(Recorded::as_str)).collect::<Vec<_>>());
    }
    entry
}

/// Whom the numbers of a list are of, and who stands beside it: `180 people of the class, beside them 5 viewers not on the
/// class list and 3 viewers not signed in; 6 people on the class list cannot be identified for certain`.
pub(super) fn in_words(everybody: &Everybody) -> String {
    let listed = (0..everybody.people().len()).filter(|who| everybody.is_listed(*who)).count() as u64;
    let mut text = counted(listed, "person", "people");
    if everybody.is_class_told() {
        text.push_str(" of the class");
    }
    let beside = [
        (everybody.not_on_list_count(), "not on the class list"),
        (everybody.count(Standing::Anonymous), "not signed in"),
    ];
    let beside: Vec<String> = beside
        .into_iter()
        .filter(|(number, _)| *number > 0)
        .map(|(number, what)| format!("{} {what}", counted(number as u64, "viewer", "viewers")))
        .collect();
    if !beside.is_empty() {
        text = format!("{text}, beside them {}", beside.join(" and "));
    }
    let unsure = everybody.unsure_count() as u64;
    if unsure > 0 {
        let people = counted(unsure, "person", "people");
        text = format!("{text}; {people} on the class list cannot be identified for certain");
    }
    text
}
