//! Commands over the connection: the same functions that tauri calls, with their events, errors and facts.

use serde_json::{Value, json};

use crate::support::Server;

#[tokio::test]
async fn a_command_answers_and_a_refusal_is_the_shell_s_own() {
    let server = Server::start().await;
    let (program, _) = server.program(&["firstStart"]).await;
    let state = server.get(&program, "app_state", json!({})).await;
    assert_eq!((&state["configured"], &state["signIn"]["state"]), (&json!(false), &json!("notConfigured")));
    let path = format!("{program}/command/folders_search");
    let refused = server.send("POST", &path, &json!({ "query": "x" })).await.lines();
    assert_eq!((refused.len(), &refused[0]["error"]["code"]), (1, &json!("not-configured")));
    let missing = server.send("POST", &path, &json!({})).await.lines();
    assert_eq!(missing[0]["error"]["message"], "The argument “query” of the call “folders_search” is missing");
}

#[tokio::test]
async fn what_is_no_command_no_program_and_no_json_is_refused() {
    let server = Server::start().await;
    let (program, _) = server.program(&["firstStart"]).await;
    assert_eq!(server.send("POST", &format!("{program}/command/eval"), &json!({})).await.status, 404);
    let nobody = "program/00000000-0000-4000-8000-000000000000/command/app_state";
    assert_eq!(server.send("POST", nobody, &json!({})).await.status, 404);
    let host = server.address.to_string();
    let path = format!("/{}/{program}/command/app_state", server.token);
    assert_eq!(server.send_raw("POST", &path, &[("Host", &host)], "{").await.status, 400);
    assert_eq!(server.send("POST", "program", &json!({ "situations": ["no such thing"] })).await.status, 400);
}

#[tokio::test]
async fn a_job_sends_its_events_before_its_report() {
    let server = Server::start().await;
    let (program, _) = server.program(&["neverSynced"]).await;
    let reply = server
        .send("POST", &format!("{program}/command/sync_start"), &json!({ "courseIds": null, "jobId": "one" }))
        .await;
    let lines = reply.lines();
    let (last, events) = lines.split_last().unwrap();
    assert_eq!(events[0]["event"]["type"], "started");
    // A course is done a second time when its captions have come.
    let done: std::collections::BTreeSet<_> = events
        .iter()
        .filter(|line| line["event"]["type"] == "courseDone")
        .map(|line| line["event"]["course"]["id"].as_str().unwrap())
        .collect();
    assert_eq!((done.len(), &last["answer"]["cancelled"]), (2, &json!(false)), "{last}");
}

#[tokio::test]
async fn programs_know_nothing_of_each_other_and_leave_nothing_behind() {
    let server = Server::start().await;
    let (one, said) = server.program(&[]).await;
    let (other, _) = server.program(&[]).await;
    let courses = server.get(&one, "courses_list", json!({})).await;
    server.get(&one, "course_remove", json!({ "courseId": courses[0]["id"], "deleteData": true })).await;
    let count = |courses: Value| courses.as_array().unwrap().len();
    assert_eq!(count(server.get(&one, "courses_list", json!({})).await), 1);
    assert_eq!(count(server.get(&other, "courses_list", json!({})).await), 2);
    let dir = std::path::PathBuf::from(said["dir"].as_str().unwrap());
    assert!(dir.exists());
    assert_eq!(server.send("DELETE", &one, &json!(null)).await.status, 204);
    assert!(!dir.exists());
    assert_eq!(server.send("DELETE", &one, &json!(null)).await.status, 404);
}

#[tokio::test]
async fn pickers_answer_as_told_and_nothing_is_opened_outside() {
    let server = Server::start().await;
    let (program, said) = server.program(&["firstStart"]).await;
    assert_eq!(server.get(&program, "env_import_pick", json!({})).await, Value::Null);
    let env = std::path::Path::new(said["dir"].as_str().unwrap()).join(".env");
    std::fs::write(&env, "SERVER=uni.example\n").unwrap();
    assert_eq!(server.send("POST", &format!("{program}/test/pick"), &json!(env)).await.status, 204);
    assert_eq!(server.get(&program, "env_import_pick", json!({})).await["taken"], json!(["server"]));
    server.get(&program, "open_folder", json!({ "folder": "data" })).await;
    let seen = server.send("GET", &format!("{program}/test/desktop"), &json!(null)).await.lines();
    assert_eq!((seen[0]["pickers"].as_array().unwrap().len(), &seen[0]["folders"]), (2, &json!([said["data"]])));
}
