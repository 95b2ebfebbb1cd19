//! Another process changes the data folder while the window is open: the window is told when it comes to the front.

use std::sync::mpsc::{Receiver, channel};
use std::time::Duration;

use engine::store::DataFolder;
use engine::store::course_list::ListedCourse;
use serde_json::json;
use tauri::Listener as _;

use crate::course_list::copy;
use crate::support::Program;

const ANOTHER: &str = "11111111-2222-4333-8444-555555555555";

/// The program with two courses, and everything its window is told from now on.
fn looking() -> (Program, Receiver<String>) {
    let program = Program::start();
    copy(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/fixtures/golden").as_ref(), &program.data());
    let (tell, told) = channel();
    program.app.listen_any("data-changed", move |event| drop(tell.send(event.payload().to_owned())));
    assert_eq!(program.get("app_state", json!({}))["courses"].as_array().unwrap().len(), 2);
    (program, told)
}

/// Does what the window does when it gets the focus, and returns what the window is then told.
fn come_to_front(program: &Program, told: &Receiver<String>) -> Option<String> {
    tauri::async_runtime::block_on(shell::watch::look_for_changes(&program.shell()));
    told.recv_timeout(Duration::from_millis(1500)).ok()
}

/// As the command line does it: under the folder's lock.
fn add_a_course(program: &Program) {
    let folder = DataFolder::open(program.data()).unwrap();
    let mut courses = folder.courses().unwrap();
    courses.push(ListedCourse { id: ANOTHER.parse().unwrap(), name: "Added by a nightly job".to_owned() });
    folder.save_courses(&folder.lock().unwrap(), &courses).unwrap();
}

#[test]
fn what_the_command_line_changed_is_told_once_and_then_shown() {
    let (program, told) = looking();
    assert_eq!(come_to_front(&program, &told), None, "nothing has changed yet");
    add_a_course(&program);
    assert_eq!(come_to_front(&program, &told).as_deref(), Some("[]"), "all courses are to be read anew");
    let shown = program.get("courses_list", json!({}));
    assert_eq!((shown[2]["id"].as_str(), shown[2]["name"].as_str()), (Some(ANOTHER), Some("Added by a nightly job")));
    assert_eq!(come_to_front(&program, &told), None, "it was told already");
}

#[test]
fn a_change_before_the_first_coming_to_the_front_is_not_missed() {
    let (program, told) = looking();
    add_a_course(&program);
    assert!(come_to_front(&program, &told).is_some());
}

#[test]
fn while_the_window_syncs_itself_it_is_not_told_twice() {
    let (program, told) = looking();
    let shell = program.shell();
    let job = shell.jobs.begin("sync", shell::jobs::JobKind::Sync).unwrap();
    add_a_course(&program);
    assert_eq!(come_to_front(&program, &told), None);
    drop(job);
    assert!(come_to_front(&program, &told).is_some(), "what came beside the sync is told afterwards");
}

#[test]
fn settings_that_the_command_line_changed_are_told_once_and_the_window_s_own_not_at_all() {
    let (program, data) = looking();
    let (tell, told) = channel();
    program.app.listen_any("settings-changed", move |event| drop(tell.send(event.payload().to_owned())));
    program.get("settings_set", json!({ "request": { "timeZone": "Europe/Zurich" } }));
    assert_eq!(come_to_front(&program, &told), None, "the window knows what it did");
    let settings = shell_settings(&program);
    std::fs::write(program.data().join(".panopto-analytics/time-zone.txt"), "America/Vancouver\n").unwrap();
    let view: serde_json::Value = serde_json::from_str(&come_to_front(&program, &told).expect("it is told")).unwrap();
    assert_eq!(view["timeZone"], "America/Vancouver");
    assert_eq!(data.recv_timeout(Duration::from_secs(5)).as_deref(), Ok("[]"), "figures are to be read anew");
    settings.update(|kept| kept.client_id = Some("not seen outside the settings".to_owned())).unwrap();
    assert_eq!(come_to_front(&program, &told), None);
}

fn shell_settings(program: &Program) -> engine::settings::SettingsFile {
    let disk = std::sync::Arc::new(engine::store::RealDisk);
    engine::settings::SettingsFile::in_dir(disk, program.data().parent().unwrap().join("config").as_path())
}
