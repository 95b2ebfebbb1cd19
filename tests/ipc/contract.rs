//! The table of commands, the permission file and `docs/ipc.md` name the same commands, and their arguments are as
//! documented.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::json;
use shell::commands::COMMANDS;

use crate::support::Program;

const DOCUMENT: &str = include_str!("../../docs/ipc.md");
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

fn handled() -> BTreeMap<String, Vec<String>> {
    COMMANDS.iter().map(|command| (command.name.to_owned(), command.arguments().collect())).collect()
}

fn permitted() -> BTreeSet<String> {
    let list = PERMISSIONS.split("commands.allow = [").nth(1).unwrap().split(']').next().unwrap();
    list.split(',').map(|name| name.trim().trim_matches('"').to_owned()).filter(|name| !name.is_empty()).collect()
}

#[test]
fn document_table_and_permissions_name_the_same_commands() {
    let documented = documented();
    assert!(documented.len() > 40);
    assert_eq!(documented, handled());
    assert_eq!(documented.into_keys().collect::<BTreeSet<_>>(), permitted());
}

#[test]
fn a_call_without_its_arguments_is_told_which_one_is_missing() {
    let program = Program::start();
    for (command, arguments) in documented() {
        // Without arguments, the error names the first required one as missing.
        let Some(first) = arguments.first() else { continue };
        let refusal = program.refusal(&command, json!({}))["message"].to_string();
        let optional = command == "sync_start";
        let expected = if optional { &arguments[1] } else { first };
        assert!(
            refusal.contains(&format!("argument “{expected}” of the call “{command}” is missing")),
            "{command}: {refusal}"
        );
    }
}
