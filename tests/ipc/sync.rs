//! Syncing from the window, the sample, and what is refused meanwhile.

use std::time::Duration;

use serde_json::{Value, json};

use crate::support::{CHANNEL, Program, connected};

/// A folder that the server does not have.
const OTHER: &str = "00000000-0000-4000-8000-000000000001";

fn start(job: &str) -> Value {
    json!({ "courseIds": null, "jobId": job, "onEvent": CHANNEL })
}

#[test]
fn a_sync_fetches_and_chunks_and_the_next_one_finds_nothing_new() {
    let (program, _server) = connected();
    // The smaller course, because the program keeps to Panopto's published pace, and folders are listed twice here.
    program.get("courses_add", json!({ "inputs": [sim::DEMO_COURSES[1].folder_id] }));
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
    program.get("courses_add", json!({ "inputs": [sim::DEMO_COURSES[0].folder_id] }));
    server.config_mut().latency = Duration::from_millis(150);
    let syncing = program.begin("sync_start", start("one"));
    while !server.requests().iter().any(|request| request.path.contains("UsageReporting")) {
        std::thread::sleep(Duration::from_millis(10));
    }
    assert_eq!(program.refusal("sync_start", start("two"))["code"], "busy");
    program.desktop.will_pick(program.dir.path().join("elsewhere"));
    assert_eq!(program.refusal("data_folder_move_pick", json!({ "jobId": "move" }))["code"], "busy");
    // Meanwhile only this program can change the list, and nothing that moves data is allowed.
    let added = program.get("courses_add", json!({ "inputs": [sim::DEMO_COURSES[1].folder_id, OTHER] }));
    assert_eq!(added["added"].as_array().unwrap().len(), 1, "{added}");
    assert_eq!(added["refused"].as_array().unwrap().len(), 1, "{added}");
    let other = json!({ "courseId": sim::DEMO_COURSES[1].folder_id, "deleteData": true });
    assert_eq!(program.refusal("course_remove", other)["code"], "busy");
    let without_data = json!({ "courseId": sim::DEMO_COURSES[1].folder_id, "deleteData": false });
    let removed = program.get("course_remove", without_data);
    let courses = program.get("course_remove_undo", json!({ "undo": removed["undo"] }));
    assert_eq!(courses.as_array().unwrap().len(), 2);
    let another_process = engine::store::DataFolder::open(program.data()).unwrap().lock();
    assert_eq!(another_process.unwrap_err().kind(), engine::store::ErrorKind::Busy);
    program.get("job_cancel", json!({ "jobId": "one" }));
    let report = syncing.join().unwrap().unwrap();
    assert_eq!((&report["cancelled"], &report["courses"][0]["outcome"]), (&json!(true), &json!("cancelled")));
    server.config_mut().latency = Duration::ZERO;
    let report = program.get("sync_start", start("three"));
    assert_eq!(report["courses"][0]["outcome"], "synced");
    assert_eq!(report["courses"][1]["outcome"], "synced", "what was added meanwhile is on the list");
}

#[test]
fn a_refused_sign_in_rejects_the_sync_and_shows_as_signed_out() {
    let (program, server) = connected();
    program.get("courses_add", json!({ "inputs": [sim::DEMO_COURSES[0].folder_id] }));
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
    let ids: Vec<&str> = sim::DEMO_COURSES.iter().map(|course| course.folder_id).collect();
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

/// The messages above the page.
fn notices(program: &Program) -> Vec<String> {
    let state = program.get("app_state", json!({}));
    let notices = state["notices"].as_array().unwrap();
    notices.iter().map(|notice| notice["message"].as_str().unwrap().to_owned()).collect()
}

/// What the page of a course says about its viewers.
fn viewers(program: &Program, course: &str) -> String {
    let request = json!({ "courseId": course, "range": null, "mapMeasure": "reached", "heatMeasure": "viewers",
        "nameRoom": null, "theme": "light", "timeFrame": null });
    program.get("course_overview", json!({ "request": request }))["facts"].as_str().unwrap().to_owned()
}

#[test]
fn where_no_parts_can_be_written_the_records_are_told_first_and_the_figures_are_fresh() {
    let (program, _server) = connected();
    let sim::DemoCourse { name, folder_id: course } = sim::DEMO_COURSES[1];
    program.get("courses_add", json!({ "inputs": [course] }));
    // A file in the place of the whole output.
    std::fs::write(program.data().join("output[CHUNKED]"), "in the way").unwrap();
    let report = program.get("sync_start", start("one"));
    assert_eq!(report["courses"][0]["outcome"], "synced", "{report}");
    let text = report["text"].as_str().unwrap();
    assert!(text.starts_with("1 course synced, ") && text.contains("; the parts for Tableau could not"), "{text}");
    assert!(report["chunks"]["message"].as_str().unwrap().contains("output[CHUNKED]"), "{report}");
    let listed = &program.get("courses_list", json!({}))[0];
    assert_eq!((&listed["hasData"], &listed["lastSync"]["outcome"]), (&json!(true), &json!("synced")));
    assert!(viewers(&program, course).contains("viewers"), "the page shows what was stored");

    // A directory in the place of the course's file.
    std::fs::remove_file(program.data().join("output[CHUNKED]")).unwrap();
    let output = program.data().join(format!("output[CHUNKED]/{name}[{course}]/chunked_data.csv"));
    std::fs::create_dir_all(output.join("in the way")).unwrap();
    let report = program.get("sync_start", start("two"));
    assert_eq!(report["courses"][0]["outcome"], "upToDate", "{report}");
    assert!(report["chunks"]["message"].as_str().unwrap().contains("chunked_data.csv"), "{report}");
    std::fs::remove_dir_all(&output).unwrap();
    assert!(program.get("sync_start", start("three"))["chunks"].is_null());
    assert!(output.is_file() && notices(&program).is_empty());
}

#[test]
fn a_course_whose_records_are_damaged_is_told_and_keeps_no_other_from_its_parts() {
    let (program, _server) = connected();
    let sim::DemoCourse { name, folder_id: course } = sim::DEMO_COURSES[1];
    program.get("courses_add", json!({ "inputs": [course] }));
    program.get("sync_start", start("one"));
    let records = program.data().join(format!("database/{name}[{course}]/viewing_activity.csv"));
    let text = std::fs::read_to_string(&records).unwrap();
    std::fs::write(&records, format!("{text}not a record\n")).unwrap();
    let report = program.get("sync_start", start("two"));
    assert!(report["chunks"].is_null(), "{report}");
    let told = notices(&program);
    assert!(told.iter().any(|message| message.starts_with(&format!("The parts of “{name}” are not"))), "{told:?}");
    for message in &told {
        program.get("notice_dismiss", json!({ "message": message }));
    }
    assert_eq!(notices(&program), Vec::<String>::new());
}

#[test]
fn a_sync_that_renames_a_course_says_so() {
    let (program, server) = connected();
    let sim::DemoCourse { name, folder_id: course } = sim::DEMO_COURSES[1];
    program.get("courses_add", json!({ "inputs": [course] }));
    for folder in server.world().folders.iter_mut().filter(|folder| folder.id.to_string() == course) {
        folder.name = "Memory, second edition".to_owned();
    }
    program.get("sync_start", start("one"));
    let expected = format!("The course “{name}” is now called “Memory, second edition” in Panopto");
    assert_eq!(notices(&program), [expected]);
    assert_eq!(program.get("courses_list", json!({}))[0]["name"], "Memory, second edition");
    program.get("sync_start", start("two"));
    assert_eq!(notices(&program).len(), 1, "said once");
}

#[test]
fn a_server_that_is_away_is_told_without_the_words_of_the_system() {
    let (program, server) = connected();
    program.get("courses_add", json!({ "inputs": [sim::DEMO_COURSES[1].folder_id] }));
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
    assert_eq!(courses.len(), 3);
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
