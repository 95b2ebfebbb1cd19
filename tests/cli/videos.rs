//! The videos of a course, and the ways to say which course is meant.

use crate::support::{Sandbox, Server, password_variables, snapshot};

fn synced(server: &Server) -> Sandbox {
    let mut sandbox = Sandbox::new();
    password_variables(&mut sandbox, server);
    sandbox.always(&["--no-keychain"]);
    sandbox.run(&["courses", "add", &server.course()]).exits_with(0);
    sandbox.run(&["-q", "sync"]).exits_with(0);
    sandbox
}

#[test]
fn videos_of_a_course() {
    let server = Server::tiny();
    let sandbox = synced(&server);
    let subfolder = server.sim().world().folders[1].id.to_string();
    sandbox.run(&["courses", "add", &subfolder]).exits_with(0);
    let all = [
        sandbox.run(&["videos", "TINY 100 A & B", "--timezone", "UTC"]).exits_with(0),
        sandbox
            .run(&["videos", "tiny", "--timezone", "UTC", "--from", "2021-12-28", "--to", "2021-12-28"])
            .exits_with(0),
        sandbox.run(&["videos", &server.course(), "--timezone", "UTC", "--json"]).exits_with(0),
        // On the list, but never synced.
        sandbox.run(&["videos", "Week 1", "--json"]).exits_with(1),
        sandbox.run(&["videos", "Biology"]).exits_with(1),
        sandbox.run(&["videos", "1"]).exits_with(2),
        sandbox.run(&["videos", ""]).exits_with(2),
        sandbox.run(&["videos", "tiny", "--from", "2022-01-02", "--to", "2022-01-01"]).exits_with(2),
    ];
    snapshot!("videos", all.iter().map(crate::support::Ran::shown).collect::<Vec<_>>().join("\n"));
}

#[test]
fn each_listed_video_can_be_drawn() {
    let server = Server::tiny();
    let sandbox = synced(&server);
    let listed = sandbox.run(&["videos", "tiny", "--timezone", "UTC"]).exits_with(0).stdout;
    let ids: Vec<&str> = listed
        .lines()
        .take_while(|line| !line.is_empty())
        .skip(1)
        .filter_map(|line| line.split_whitespace().next_back())
        .collect();
    assert_eq!(ids.len(), 3, "{listed}");
    let page = format!("{}/Panopto/Pages/Viewer.aspx?id={}", server.url(), ids[0]);
    for id in ids.into_iter().chain([page.as_str()]) {
        sandbox.run(&["chart", id, "--out", "a.svg", "--timezone", "UTC"]).exits_with(0);
    }
}

/// The state after a first sync that was stopped: the videos are listed, and some have never been requested.
#[test]
fn a_video_that_was_never_fetched_has_no_zeros() {
    let server = Server::tiny();
    let sandbox = synced(&server);
    let video = server.sim().world().sessions[0].id.to_string();
    let file = sandbox.data().join(format!(".panopto-analytics/sync/{}.json", server.course()));
    let mut journal: serde_json::Value =
        serde_json::from_slice(&std::fs::read(&file).expect("it is there")).expect("it is JSON");
    journal["videos"][&video]["fetchedThrough"] = serde_json::Value::Null;
    std::fs::write(&file, journal.to_string()).expect("it can be written");
    let listed = sandbox.run(&["videos", "tiny", "--json"]).exits_with(0).json();
    let videos = listed["result"]["videos"].as_array().expect("videos");
    for listed in videos {
        let is_fetched = listed["id"] != video.as_str();
        assert_eq!(listed["isFetched"], is_fetched);
        assert_eq!(
            (listed["viewers"].is_null(), listed["watchSecs"].is_null()),
            (!is_fetched, !is_fetched),
            "{listed}"
        );
    }
    let table = sandbox.run(&["videos", "tiny"]).exits_with(0).stdout;
    let line = table.lines().find(|line| line.ends_with(&video)).expect("it is listed");
    assert!(line.contains("not fetched yet"), "{table}");
    assert_eq!(table.matches("not fetched yet").count(), 1, "{table}");
    // Nothing is drawn or told of it, by whatever command.
    for arguments in [
        &["chart", &video, "--out", "never.svg"][..],
        &["chart", &video, "--out", "never.svg", "--kind", "by-second"],
        &["chart", &video, "--out", "never.svg", "--kind", "across-time"],
        &["timeline", &video],
        &["moments", &video],
    ] {
        let refused = sandbox.run(arguments).exits_with(1);
        assert!(refused.stderr.contains("are not fetched yet"), "{arguments:?}: {}", refused.stderr);
        assert!(refused.stderr.contains("Sync its course first"), "{arguments:?}: {}", refused.stderr);
    }
    assert!(!sandbox.path("never.svg").exists());
}

#[test]
fn a_chart_needs_the_name_of_a_file() {
    let server = Server::tiny();
    let sandbox = synced(&server);
    let video = server.sim().world().sessions[0].id.to_string();
    for folder in [".", "out"] {
        std::fs::create_dir_all(sandbox.path("out")).expect("it can be made");
        let refused = sandbox.run(&["chart", &video, "--out", folder]).exits_with(1);
        assert!(refused.stderr.contains("is a folder, not a file for the chart"), "{}", refused.stderr);
    }
}

#[test]
fn a_course_is_meant_by_its_name_wherever_one_is_asked_for() {
    let server = Server::tiny();
    let sandbox = synced(&server);
    let synced =
        sandbox.run(&["sync", "--course", "tiny", "--course", &server.course(), "--json"]).exits_with(0).json();
    assert_eq!(synced["result"]["courses"].as_array().map(Vec::len), Some(1), "named twice, synced once: {synced}");
    let out =
        sandbox.run(&["export", "out", "--course", "tiny 100", "--timezone", "UTC", "--json"]).exits_with(0).json();
    assert_eq!(out["result"]["courses"][0]["name"], "TINY 100 A & B");
    for arguments in [&["sync", "--course", "Biology"][..], &["export", "out", "--course", "Biology"]] {
        let ran = sandbox.run(arguments).exits_with(1);
        assert!(ran.stderr.starts_with("error: No course on the list is called `Biology`"), "{}", ran.stderr);
    }
    // A part of a name is not enough to remove a course.
    sandbox.run(&["courses", "remove", "tiny"]).exits_with(2);
    sandbox.run(&["courses", "remove", "tiny 100 a & b"]).exits_with(0);
}
