//! The class list of a course as the window edits it.

use serde_json::{Value, json};

use crate::support::Program;

/// A program with the sample, and its first course.
fn sample() -> (Program, String) {
    let program = Program::start();
    let state = program.sample();
    let course = state["courses"][0]["id"].as_str().expect("a course").to_owned();
    (program, course)
}

fn request(course: &str, pasted: Option<&str>) -> Value {
    json!({ "request": { "courseId": course, "path": null, "pasted": pasted } })
}

#[test]
fn the_samples_list_is_previewed_imported_removed_and_put_back() {
    let (program, course) = sample();
    let of_course = json!({ "courseId": course });
    let none = program.get("class_list", of_course.clone());
    assert_eq!((&none["list"], &none["isSample"]), (&Value::Null, &json!(true)));
    let found = program.get("class_list_preview", request(&course, None));
    assert_eq!(found["source"], "class-list.csv");
    assert!(found["about"].as_str().is_some_and(|about| about.starts_with("Moodle list, UTF-8, ")), "{found}");
    assert_eq!(found["first"].as_array().map(Vec::len), Some(5));
    assert_eq!(program.get("class_list", of_course.clone())["list"], Value::Null, "a preview keeps nothing");

    let page = program.get("class_list_import", request(&course, None));
    let list = &page["list"];
    assert!(list["source"].as_str().is_some_and(|source| source.starts_with("class-list.csv, ")), "{list}");
    // The sample asks for no names at first.
    assert!(list["hint"].as_str().is_some_and(|hint| hint.starts_with("No names of viewers are known")), "{list}");
    assert_eq!(list["questions"], json!([]));
    assert_eq!(program.get("class_list", of_course.clone()), page);
    let removed = program.get("class_list_remove", of_course.clone());
    assert_eq!(removed["text"], "The class list was removed");
    assert_eq!(program.get("class_list", of_course)["list"], Value::Null);
    assert_eq!(program.get("class_list_remove_undo", json!({ "undo": removed["undo"] })), page);
    let again = program.refusal("class_list_remove_undo", json!({ "undo": removed["undo"] }));
    assert_eq!(again["code"], "invalid-input", "there is a list already");
    assert_eq!(program.refusal("class_list_remove_undo", json!({ "undo": "never" }))["code"], "not-found");
}

#[test]
fn what_is_pasted_is_a_list_or_a_sentence_with_its_line() {
    let (program, course) = sample();
    let found = program.get("class_list_preview", request(&course, Some("mira@example.edu\ntariq@example.edu\n?!\n")));
    assert_eq!(found["skipped"], json!(["Line 3 has no e-mail address, user name or number"]));
    let refused = program.refusal("class_list_import", request(&course, Some("Dear all,\nplease watch it.\nThanks\n")));
    assert_eq!(refused["code"], "data-file-invalid");
    assert!(refused["hint"].is_string() && !refused["message"].as_str().unwrap().contains("Dear"), "{refused}");
    let missing = json!({ "request": { "courseId": course, "path": "/no/such/list.csv", "pasted": null } });
    assert_eq!(program.refusal("class_list_preview", missing)["code"], "not-found");
}

#[test]
fn a_decision_is_kept_and_can_be_taken_back() {
    let (program, course) = sample();
    let page = program.get("class_list_import", request(&course, Some("zelda@example.org\n")));
    let user = "0d4c4a0e-1f7a-4f6e-9c61-5f7c1b0d9a11";
    let decide = |user: &str, is_same: Value| json!({ "request": { "courseId": course, "place": 0, "userIds": [user], "isSame": is_same } });
    program.get("class_list_decide", decide(user, json!(true)));
    let beyond = json!({ "request": { "courseId": course, "place": 9, "userIds": [user], "isSame": true } });
    assert_eq!(program.refusal("class_list_decide", beyond)["code"], "not-found");
    program.get("class_list_decide", decide(user, Value::Null));
    assert_eq!(program.get("class_list", json!({ "courseId": course })), page);
    assert_eq!(program.refusal("class_list_decide", decide("x", json!(true)))["code"], "invalid-input");
}
