//! Only our commands can be called, and only from our window.

use serde_json::{Value, json};
use tauri::test::mock_builder;

use crate::support::{Program, call, window};

#[tauri::command]
fn not_permitted() -> &'static str {
    "reached"
}

fn is_refused_by_tauri(answer: &Result<Value, Value>) -> bool {
    answer.as_ref().is_err_and(|error| error.as_str().is_some_and(|text| text.contains("not allowed")))
}

#[test]
fn our_window_reaches_the_commands_and_another_one_does_not() {
    let program = Program::start();
    let other = window(&program.app, "other");
    for command in ["app_state", "settings_get", "connection_get", "time_zones", "courses_list", "about"] {
        program.get(command, json!({}));
        let answer = call(&other, command, json!({}));
        assert!(is_refused_by_tauri(&answer), "{command}: {answer:?}");
    }
}

#[test]
fn commands_of_plugins_are_out_of_reach() {
    let program = Program::start();
    for command in [
        "plugin:dialog|open",
        "plugin:dialog|save",
        "plugin:opener|open_url",
        "plugin:opener|open_path",
        "plugin:window-state|save_window_state",
        "plugin:shell|execute",
        "plugin:fs|read_file",
        "plugin:window|close",
        "plugin:webview|create_webview_window",
    ] {
        assert!(program.call(command, json!({})).is_err_and(|error| error.is_string()), "{command}");
    }
}

#[test]
fn a_command_that_is_handled_but_not_permitted_is_refused() {
    let app = mock_builder()
        .invoke_handler(tauri::generate_handler![not_permitted])
        .build(tauri::generate_context!(test = true))
        .unwrap();
    let answer = call(&window(&app, "main"), "not_permitted", json!({}));
    assert!(is_refused_by_tauri(&answer), "{answer:?}");
}
