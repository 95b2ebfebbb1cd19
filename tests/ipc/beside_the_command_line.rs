//! The window's commands in this process and the command line as a process of its own, on one data folder and one
//! configuration. Two command lines are in `tests/cli/between_processes.rs`, a sign-in that they share in `keychain.rs` there.

use std::path::Path;
use std::process::{Child, Command, Output, Stdio};
use std::time::{Duration, Instant};

use serde_json::json;
use sim::{At, Fault, FaultPlan, Route};

use crate::support::{CHANNEL, Program, connected};

/// Longer than any test.
const NEVER: Duration = Duration::from_secs(3_600);
const REFUSED: &str = "is being written by another window or command";

/// The command line, with the window's data folder and configuration.
fn command_line(program: &Program, server: &sim::Handle, arguments: &[&str]) -> Command {
    let window = Path::new(env!("CARGO_BIN_EXE_panopto-video-analytics"));
    let path = window.with_file_name(format!("panopto-analytics{}", std::env::consts::EXE_SUFFIX));
    assert!(path.exists(), "build the command line first: cargo build --workspace --bins");
    let mut command = Command::new(path);
    command.arg("--no-keychain");
    // `move-data` moves the data folder that the settings name, which is the same one.
    if !arguments.contains(&"move-data") {
        command.arg("--data").arg(program.data());
    }
    command
        .args(arguments)
        .env("HOME", program.dir.path())
        .env("PANOPTO_ANALYTICS_CONFIG_DIR", program.dir.path().join("config"))
        .env("PANOPTO_SERVER", server.base_url())
        .env("PANOPTO_CLIENT_ID", sim::DEMO_CLIENT_ID)
        .env("PANOPTO_CLIENT_SECRET", sim::DEMO_CLIENT_SECRET)
        .env("PANOPTO_USERNAME", sim::DEMO_USER)
        .env("PANOPTO_PASSWORD", sim::DEMO_PASSWORD)
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    command
}

fn run(program: &Program, server: &sim::Handle, arguments: &[&str]) -> Output {
    command_line(program, server, arguments).output().unwrap()
}

#[track_caller]
fn is_refused(output: &Output) {
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.code() == Some(1) && said.contains(REFUSED), "{said}");
}

/// Waits until a sync has asked for viewing records; the server never answers that call.
fn is_syncing(server: &sim::Handle) {
    let begun = Instant::now();
    while !server.requests().iter().any(|request| request.route == Route::SoapUsage) {
        assert!(begun.elapsed() < Duration::from_secs(120), "the sync is at work");
        std::thread::sleep(Duration::from_millis(10));
    }
}

fn silent(server: &sim::Handle) {
    server.set_faults(FaultPlan::new([(At::From(Route::SoapUsage, 1), Fault::Stall(NEVER))]));
    server.clear_requests();
}

fn with_a_course() -> (Program, sim::Handle) {
    let (program, server) = connected();
    program.get("courses_add", json!({ "inputs": [sim::DEMO_COURSES[1].folder_id] }));
    silent(&server);
    (program, server)
}

#[test]
fn while_the_window_syncs_the_command_line_is_refused_and_looks() {
    let (program, server) = with_a_course();
    let course = sim::DEMO_COURSES[1].folder_id;
    let syncing = program.begin("sync_start", json!({ "courseIds": null, "jobId": "one", "onEvent": CHANNEL }));
    is_syncing(&server);
    let before = std::fs::read(program.data().join("courses.csv")).unwrap();
    for refused in [
        &["sync"][..],
        &["courses", "add", sim::DEMO_COURSES[0].folder_id],
        &["courses", "remove", course],
        &["courses", "remove", course, "--delete-data"],
    ] {
        is_refused(&run(&program, &server, refused));
    }
    let elsewhere = program.dir.path().join("elsewhere");
    is_refused(&run(&program, &server, &["settings", "move-data", &elsewhere.display().to_string()]));
    assert!(!elsewhere.exists());
    assert_eq!(std::fs::read(program.data().join("courses.csv")).unwrap(), before, "nothing was changed");
    assert!(run(&program, &server, &["courses", "list"]).status.success());
    assert!(run(&program, &server, &["status"]).status.success());
    // What the window adds meanwhile is there for both.
    program.get("courses_add", json!({ "inputs": [sim::DEMO_COURSES[0].folder_id] }));
    let listed = run(&program, &server, &["courses", "list"]);
    assert!(String::from_utf8_lossy(&listed.stdout).contains(sim::DEMO_COURSES[0].folder_id));
    program.get("job_cancel", json!({ "jobId": "one" }));
    assert_eq!(syncing.join().unwrap().unwrap()["cancelled"], true);

    server.set_faults(FaultPlan::default());
    let synced = run(&program, &server, &["sync", "--course", course]);
    assert!(synced.status.success(), "{}", String::from_utf8_lossy(&synced.stderr));
    let again = program.get("sync_start", json!({ "courseIds": [course], "jobId": "two", "onEvent": CHANNEL }));
    assert_eq!(again["text"], "1 course up to date", "the window goes on from what the command line stored");
}

/// Ends a command line that never would.
struct Syncing(Child);

impl Drop for Syncing {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

#[test]
fn while_the_command_line_syncs_the_window_is_refused_and_looks() {
    let (program, server) = with_a_course();
    let course = sim::DEMO_COURSES[1].folder_id;
    let syncing = Syncing(command_line(&program, &server, &["sync"]).spawn().unwrap());
    is_syncing(&server);
    let add = json!({ "inputs": [sim::DEMO_COURSES[0].folder_id] });
    program.desktop.will_pick(program.dir.path().join("elsewhere"));
    for (command, arguments) in [
        ("sync_start", json!({ "courseIds": null, "jobId": "one", "onEvent": CHANNEL })),
        ("courses_add", add.clone()),
        ("course_remove", json!({ "courseId": course, "deleteData": false })),
        ("course_remove", json!({ "courseId": course, "deleteData": true })),
        ("data_folder_move_pick", json!({ "jobId": "move" })),
    ] {
        let refusal = program.refusal(command, arguments);
        assert!(refusal["code"] == "busy" && refusal["message"].as_str().unwrap().contains(REFUSED), "{refusal}");
    }
    assert_eq!(program.get("courses_list", json!({})).as_array().unwrap().len(), 1);
    // The lock dies with its process, however that ends.
    drop(syncing);
    program.get("courses_add", add);
    server.set_faults(FaultPlan::default());
    let report = program.get("sync_start", json!({ "courseIds": null, "jobId": "two", "onEvent": CHANNEL }));
    let outcomes: Vec<_> = report["courses"].as_array().unwrap().iter().map(|course| &course["outcome"]).collect();
    assert_eq!(outcomes, [&json!("synced"), &json!("synced")]);
}

/// The window need not know of it: what it wants is done as soon as the night has let go.
#[test]
fn a_night_ends_when_the_window_wants_the_folder() {
    let (program, server) = with_a_course();
    let target = program.dir.path().join("Tableau");
    std::fs::create_dir(&target).unwrap();
    let last = engine::settings::LastExport {
        dir: target.clone(),
        courses: None,
        pseudonyms: false,
        formula_guard: false,
        tables: false,
    };
    program.shell().own.settings_file.update(|settings| settings.last_export = Some(last)).unwrap();
    for (number, (command, arguments)) in [
        ("courses_add", json!({ "inputs": [sim::DEMO_COURSES[0].folder_id] })),
        ("sync_start", json!({ "courseIds": [sim::DEMO_COURSES[0].folder_id], "jobId": "one", "onEvent": CHANNEL })),
    ]
    .into_iter()
    .enumerate()
    {
        silent(&server);
        let night = command_line(&program, &server, &["--json", "nightly", "run"]).spawn().unwrap();
        is_syncing(&server);
        let wanted = program.begin(command, arguments);
        let night = night.wait_with_output().unwrap();
        let said = String::from_utf8_lossy(&night.stdout).into_owned();
        assert!(night.status.success() && said.contains("\"outcome\":\"gaveWay\""), "{said}");
        server.set_faults(FaultPlan::default());
        wanted.join().unwrap().unwrap_or_else(|refused| panic!("{number}: {refused}"));
    }
    let shown = program.get("nightly_get", json!({}));
    let last = shown["last"].as_str().unwrap();
    assert!(last.starts_with("Last: ") && last.ends_with("because the window wanted the data folder"), "{last}");
    // Nothing was lost, and the next night does the rest.
    let night = run(&program, &server, &["nightly", "run"]);
    assert!(night.status.success(), "{}", String::from_utf8_lossy(&night.stderr));
    assert!(target.join("chunked_data.csv").is_file());
}

#[test]
fn settings_of_window_and_command_line_do_not_lose_each_other() {
    const ROUNDS: u32 = 5;
    let (program, server) = connected();
    for round in 1..=ROUNDS {
        let name = format!("user{round}");
        let set = ["settings", "set", "--username", &name];
        let other = command_line(&program, &server, &set).env_remove("PANOPTO_USERNAME").spawn().unwrap();
        program.get("settings_set", json!({ "request": { "lookbackDays": round } }));
        let other = other.wait_with_output().unwrap();
        assert!(other.status.success(), "{}", String::from_utf8_lossy(&other.stderr));
        let text = std::fs::read_to_string(program.dir.path().join("config/settings.json")).unwrap();
        let kept: serde_json::Value = serde_json::from_str(&text).unwrap();
        assert_eq!((&kept["lookbackDays"], &kept["userName"]), (&json!(round), &json!(name)), "{text}");
    }
}
