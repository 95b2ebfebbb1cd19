//! Syncing from the window, the sample, and what is refused meanwhile.

use std::time::Duration;

use serde_json::{Value, json};

use crate::support::{CHANNEL, Program, connected};

fn start(job: &str) -> Value {
    json!({ "courseIds": null, "jobId": job, "onEvent": CHANNEL })
}

#[test]
fn a_sync_fetches_and_chunks_and_the_next_one_finds_nothing_new() {
    let (program, _server) = connected();
    // The smaller course, because the program keeps to Panopto's published pace, and folders are listed twice here.
    program.get("courses_add", json!({ "inputs": [sim::DEMO_COURSES[1].1] }));
    let report = program.get("sync_start", start("one"));
    assert_eq!(report["cancelled"], false);
    assert!(report["text"].as_str().unwrap().starts_with("1 course synced, "), "{report}");
    let courses = program.get("courses_list", json!({}));
    for course in courses.as_array().unwrap() {
        assert_eq!((&course["hasData"], &course["lastSync"]["outcome"]), (&json!(true), &json!("synced")), "{course}");
        assert!(course["dataUpTo"].is_string() && course["videos"]["value"].as_f64() > Some(20.0));
    }
    assert!(program.data().join("output[CHUNKED]/tableau/chunked_data.csv").exists());
    let again = program.get("sync_start", start("two"));
    assert_eq!(again["text"], "1 course up to date");
}

#[test]
fn a_sync_is_stopped_keeps_what_it_has_and_goes_on() {
    let (program, server) = connected();
    program.get("courses_add", json!({ "inputs": [sim::DEMO_COURSES[0].1] }));
    server.config_mut().latency = Duration::from_millis(150);
    let syncing = program.begin("sync_start", start("one"));
    while !server.requests().iter().any(|request| request.path.contains("UsageReporting")) {
        std::thread::sleep(Duration::from_millis(10));
    }
    assert_eq!(program.refusal("sync_start", start("two"))["code"], "busy");
    program.desktop.will_pick(program.dir.path().join("elsewhere"));
    assert_eq!(program.refusal("data_folder_move_pick", json!({ "jobId": "move" }))["code"], "busy");
    program.get("job_cancel", json!({ "jobId": "one" }));
    let report = syncing.join().unwrap().unwrap();
    assert_eq!((&report["cancelled"], &report["courses"][0]["outcome"]), (&json!(true), &json!("cancelled")));
    server.config_mut().latency = Duration::ZERO;
    let report = program.get("sync_start", start("three"));
    assert_eq!(report["courses"][0]["outcome"], "synced");
}

#[test]
fn a_refused_sign_in_rejects_the_sync_and_shows_as_signed_out() {
    let (program, server) = connected();
    program.get("courses_add", json!({ "inputs": [sim::DEMO_COURSES[0].1] }));
    for user in &mut server.world().users {
        user.password = Some("changed".to_owned());
    }
    server.expire_tokens();
    server.use_refresh_tokens();
    server.kill_cookies();
    assert_eq!(program.refusal("sync_start", start("one"))["code"], "bad-credentials");
    assert_eq!(program.get("app_state", json!({}))["signIn"]["state"], "signedOut");
}

#[test]
fn a_failed_course_is_named_with_its_reason() {
    let (program, server) = connected();
    let ids: Vec<&str> = sim::DEMO_COURSES.iter().map(|(_, id)| *id).collect();
    program.get("courses_add", json!({ "inputs": ids }));
    for folder in &mut server.world().folders {
        folder.visible &= folder.id.to_string() != ids[0];
    }
    let report = program.get("sync_start", start("one"));
    let failed = &report["courses"][0];
    assert_eq!(
        (&failed["outcome"], &report["courses"][1]["outcome"]),
        (&json!("failed"), &json!("synced")),
        "{report}"
    );
    assert!(failed["error"]["message"].is_string() && failed["error"]["hint"].is_string());
}

#[test]
fn a_server_that_is_away_is_told_without_the_words_of_the_system() {
    let (program, server) = connected();
    program.get("courses_add", json!({ "inputs": [sim::DEMO_COURSES[1].1] }));
    let url = server.base_url();
    tauri::async_runtime::block_on(server.stop());
    let sync = program.call("sync_start", start("one"));
    let error = match sync {
        Ok(report) => {
            // The journal has it when the program is started again.
            let kept = program.get("courses_list", json!({}))[0]["lastSync"]["error"].clone();
            assert_eq!(kept, report["courses"][0]["error"]);
            kept
        }
        Err(error) => error,
    };
    let server = url.trim_end_matches('/');
    assert_eq!(
        (&error["code"], &error["message"]),
        (&json!("network"), &json!(format!("The server {server} cannot be reached")))
    );
    assert!(error["hint"].is_string(), "{error}");
    let detail = error["detail"].as_str().expect("what the system says is kept");
    assert!(detail.contains('“') && detail.len() > error["message"].as_str().unwrap().len(), "{detail}");
}

#[test]
fn the_sample_shows_real_courses_and_leaves_no_trace() {
    let program = Program::start();
    let state = program.sample();
    assert_eq!((&state["sample"], &state["signIn"]["state"]), (&json!(true), &json!("signedIn")));
    let courses = state["courses"].as_array().unwrap();
    assert_eq!(courses.len(), 2);
    assert!(courses.iter().all(|course| course["lastSync"]["outcome"] == "synced"));
    let sample = std::path::PathBuf::from(state["dataFolder"].as_str().unwrap());
    assert!(sample.join("output[CHUNKED]/tableau/chunked_data.csv").exists());
    // What is changed here belongs to the sample.
    program.get("course_remove", json!({ "courseId": courses[0]["id"], "deleteData": true }));
    program.get("view_remember", json!({ "view": { "courseId": courses[1]["id"], "tab": "top", "mapMeasure": "covered", "heatMeasure": "watchTime" } }));
    let own = program.get("leave_sample", json!({}));
    assert_eq!((&own["sample"], &own["courses"], &own["view"]["courseId"]), (&json!(false), &json!([]), &Value::Null));
    assert_eq!(own["dataFolder"], program.data().display().to_string());
    assert!(!sample.exists() && !sample.parent().unwrap().exists());
    assert_eq!(std::fs::read_dir(program.data()).unwrap().count(), 0);
}
