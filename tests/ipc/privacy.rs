//! Names on request, periods of keeping, and the fact sheet, as the window has them.

use std::path::Path;

use engine::people::{FACTS, SETTINGS_FACTS};
use serde_json::{Value, json};

use crate::course_list::copy;
use crate::support::{CHANNEL, Program, connected};

fn sample() -> (Program, String) {
    let program = Program::start();
    let state = program.sample();
    let course = state["courses"][0]["id"].as_str().unwrap().to_owned();
    (program, course)
}

#[test]
fn names_are_off_at_first_and_fetched_when_somebody_asks() {
    let (program, course) = sample();
    let names = || program.get("names", json!({ "courseId": course }));
    assert_eq!(names()["namesShown"], false);
    assert_eq!((names()["text"].clone(), names()["refused"].clone()), (Value::Null, Value::Null), "nothing is told");
    let fetch = json!({ "courseId": course, "jobId": "names", "onEvent": CHANNEL });
    assert_eq!(program.refusal("names_fetch", fetch.clone())["code"], "invalid-input", "not while names are off");
    program.get("settings_set", json!({ "request": { "showNames": true } }));
    assert!(names()["text"].as_str().unwrap().starts_with("0 of "), "{}", names());
    let fetched = program.get("names_fetch", fetch);
    assert_eq!(fetched["namesShown"], true);
    assert_eq!(fetched, names());
    assert_eq!(fetched["refused"], Value::Null, "the sample's teacher may know them: {fetched}");
    // Off again: what is known is not told.
    program.get("settings_set", json!({ "request": { "showNames": false } }));
    assert_eq!((names()["namesShown"].clone(), names()["text"].clone()), (json!(false), Value::Null));
}

#[test]
fn a_refusal_is_told_where_names_would_stand() {
    let (program, server) = connected();
    {
        let mut config = server.config_mut();
        (config.get_users, config.viewers_refused) = (sim::GetUsers::Refuses, true);
    }
    let course = sim::DEMO_COURSES[1].folder_id;
    program.get("courses_add", json!({ "inputs": [course] }));
    program.get("sync_start", json!({ "courseIds": null, "jobId": "sync", "onEvent": CHANNEL }));
    program.get("settings_set", json!({ "request": { "showNames": true } }));
    let fetched = program.get("names_fetch", json!({ "courseId": course, "jobId": "names", "onEvent": CHANNEL }));
    let refused = fetched["refused"].as_str().unwrap();
    assert!(refused.starts_with("Panopto does not tell you the names of "), "{refused}");
    assert_eq!(fetched["canFetch"], true, "rights can change");
    // A second look asks nobody.
    server.clear_requests();
    assert_eq!(program.get("names", json!({ "courseId": course })), fetched);
    assert!(server.requests().is_empty());
}

fn golden() -> Program {
    let program = Program::start();
    copy(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/fixtures/golden").as_ref(), &program.data());
    program
}

#[test]
fn a_period_is_previewed_kept_and_taken_back() {
    let program = golden();
    let page = program.get("privacy", json!({}));
    let courses = page["courses"].as_array().unwrap();
    assert_eq!(courses.len(), 2);
    assert!(courses.iter().all(|course| course["keepDays"].is_null()), "everything is kept at first");
    let course = &courses[0]["courseId"];
    let of = |days: Value| json!({ "courseId": course, "days": days });
    let before = std::fs::read_dir(program.data().join("database")).unwrap().count();
    let preview = program.get("keep_preview", of(json!(30)));
    assert_eq!(preview["deletes"], true);
    assert!(preview["text"].as_str().unwrap().starts_with("The next sync deletes "), "{preview}");
    assert_eq!(program.get("keep_preview", of(json!(30_000)))["deletes"], false);
    assert_eq!(program.get("privacy", json!({})), page, "a preview changes nothing");
    let kept = program.get("keep_for", of(json!(777)));
    assert_eq!(kept["courses"][0]["keepDays"], 777);
    assert!(kept["courses"][0]["choices"].as_array().unwrap().contains(&json!({ "days": 777, "label": "777 days" })));
    assert_eq!(program.get("keep_for", of(Value::Null)), page);
    assert_eq!(std::fs::read_dir(program.data().join("database")).unwrap().count(), before);
}

#[test]
fn a_damaged_file_of_periods_or_exports_is_told_and_nothing_else_suffers() {
    let program = golden();
    std::fs::write(program.data().join("keep-for.csv"), "PanoptoFolderID,KeepDays\nx,y\n").unwrap();
    std::fs::write(program.data().join("exports-with-names.csv"), "At\n").unwrap();
    let page = program.get("privacy", json!({}));
    assert!(page["coursesError"]["message"].as_str().unwrap().contains("keep-for.csv"), "{page}");
    assert!(page["exportsError"]["message"].as_str().unwrap().contains("exports-with-names.csv"), "{page}");
    assert!(page["files"].as_array().unwrap().len() > 15);
    assert_eq!(program.get("courses_list", json!({})).as_array().unwrap().len(), 2);
}

/// Every file below a folder, with `/` between the parts of its path.
fn files(root: &Path) -> Vec<String> {
    let mut found = Vec::new();
    let mut open = vec![root.to_owned()];
    while let Some(directory) = open.pop() {
        for entry in std::fs::read_dir(&directory).into_iter().flatten() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                open.push(path);
            } else {
                found.push(path.strip_prefix(root).unwrap().display().to_string().replace('\\', "/"));
            }
        }
    }
    found
}

#[test]
fn the_fact_sheet_names_every_file_that_the_window_writes() {
    let (program, server) = connected();
    let course = sim::DEMO_COURSES[1].folder_id;
    program.get("courses_add", json!({ "inputs": [course] }));
    program.get("settings_set", json!({ "request": { "showNames": true } }));
    program.get("sync_start", json!({ "courseIds": null, "jobId": "sync", "onEvent": CHANNEL }));
    program.get("keep_for", json!({ "courseId": course, "days": 30_000 }));
    let mut view = program.get("app_state", json!({}))["view"].clone();
    view["courseId"] = json!(course);
    program.get("view_remember", json!({ "view": view }));
    for (folder, facts) in [("data", FACTS), ("config", SETTINGS_FACTS)] {
        let written = files(&program.dir.path().join(folder));
        assert!(written.len() > 2, "{folder}: {written:?}");
        for file in written {
            let named = facts.iter().filter(|fact| fact.is_of(&file)).count();
            assert_eq!(named, 1, "{folder}/{file} is on the sheet once");
        }
    }
    let page = program.get("privacy", json!({}));
    let paths = |files: &Value| -> Vec<String> {
        files.as_array().unwrap().iter().map(|file| file["path"].as_str().unwrap().to_owned()).collect()
    };
    assert_eq!(paths(&page["files"]), FACTS.iter().map(|fact| fact.path).collect::<Vec<_>>());
    assert_eq!(paths(&page["settingsFiles"]), SETTINGS_FACTS.iter().map(|fact| fact.path).collect::<Vec<_>>());
    let host = server.base_url();
    let host = host.trim_start_matches("http://");
    assert!(page["statements"][0].as_str().unwrap().contains(host), "{page}");
}
