//! Handler, permission file and `docs/ipc.md` name the same commands, and arguments are called as documented.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::json;

use crate::support::Program;

const DOCUMENT: &str = include_str!("../../docs/ipc.md");
const HANDLER: &str = include_str!("../../src-tauri/src/commands/mod.rs");
const PERMISSIONS: &str = include_str!("../../src-tauri/permissions/app.toml");

/// Commands with their arguments, as documented: rows of tables whose first cell is a name in backticks.
fn documented() -> BTreeMap<String, Vec<String>> {
    let section = DOCUMENT.split("## Commands").nth(1).unwrap().split("## Events").next().unwrap();
    let in_backticks = |cell: &str| -> Vec<String> {
        cell.split('`').skip(1).step_by(2).map(|text| text.split(':').next().unwrap().trim().to_owned()).collect()
    };
    let rows = section.lines().filter(|line| line.starts_with("| `"));
    rows.map(|line| {
        let line = line.replace("\\|", "or");
        let cells: Vec<&str> = line.split('|').collect();
        (in_backticks(cells[1]).remove(0), in_backticks(cells[2]))
    })
    .collect()
}

fn handled() -> BTreeSet<String> {
    let list = HANDLER.split("generate_handler![").nth(1).unwrap().split(']').next().unwrap();
    list.split(',').filter_map(|path| Some(path.trim().rsplit_once("::")?.1.to_owned())).collect()
}

fn permitted() -> BTreeSet<String> {
    let list = PERMISSIONS.split("commands.allow = [").nth(1).unwrap().split(']').next().unwrap();
    list.split(',').map(|name| name.trim().trim_matches('"').to_owned()).filter(|name| !name.is_empty()).collect()
}

#[test]
fn document_handler_and_permissions_name_the_same_commands() {
    let documented: BTreeSet<String> = documented().into_keys().collect();
    assert!(documented.len() > 40);
    assert_eq!(documented, handled());
    assert_eq!(documented, permitted());
}

#[test]
fn arguments_are_named_as_documented() {
    let program = Program::start();
    for (command, arguments) in documented() {
        // Without arguments, the first required one is said to be missing, by its name.
        let Some(first) = arguments.first() else { continue };
        let refusal = program.call(&command, json!({})).expect_err(&command).to_string();
        let optional = command == "sync_start";
        let expected = if optional { &arguments[1] } else { first };
        assert!(refusal.contains(&format!("missing required key {expected}")), "{command}: {refusal}");
    }
}
