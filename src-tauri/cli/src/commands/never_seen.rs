//! People of the class list whom Panopto has never seen: they stand beside the viewers, and have opened nothing.
//!
//! Deliberately absent: everybody else of the list, who stands there as a viewer. Invariant: only somebody whom no viewer can be
//! is *never seen*: names of viewers are known, and nothing of them agrees. A suggestion or a conflict is no proof.

use engine::people::WithNames;
use engine::roster::{ClassInView, hidden_label};
use serde_json::{Value, json};

/// The rows of those who were never seen, in the order of the list.
pub(super) fn rows(class: Option<&ClassInView>) -> Vec<usize> {
    class.map_or_else(Vec::new, ClassInView::never_seen)
}

/// What somebody is called.
pub(super) fn label(class: &ClassInView, row: usize, names: WithNames) -> String {
    match names {
        WithNames::Shown => class.listed(row).person.shown().to_owned(),
        WithNames::Hidden => hidden_label(row),
    }
}

/// Who somebody is, as `people` and `viewers` say it of everybody: without user IDs, because Panopto has none.
pub(super) fn as_json(class: &ClassInView, row: usize, names: WithNames) -> Value {
    let mut entry = json!({
        "person": null,
        "userIds": [],
        "label": label(class, row, names),
        "role": null,
        "isAnonymous": false,
        "row": row + 1,
    });
    if names == WithNames::Shown {
        let person = &class.listed(row).person;
        entry["name"] = json!(person.name);
        entry["address"] = json!(person.email);
        entry["userNames"] = json!(person.login.iter().collect::<Vec<_>>());
        entry["nameStates"] = json!([]);
    }
    entry
}
