//! `timeline` and `moments`: what their JSON promises, and what people read.

use crate::support::{Sandbox, Server, password_variables};

#[test]
fn the_steps_of_a_video_lie_end_to_end() {
    let sandbox = Sandbox::with_sample();
    let videos =
        sandbox.run(&["--data", "sample", "videos", sim::DEMO_COURSES[0].folder_id, "--json"]).exits_with(0).json();
    let watched = videos["result"]["videos"].as_array().expect("videos").iter();
    for video in watched.filter(|video| video["viewers"] != 0).take(3) {
        let id = video["id"].as_str().expect("an ID");
        let told = sandbox.run(&["--data", "sample", "timeline", id, "--json"]).exits_with(0).json();
        let told = &told["result"];
        let steps = told["steps"].as_array().expect("steps");
        let number = |step: &serde_json::Value, name: &str| step[name].as_f64().expect("a number");
        assert_eq!(steps[0]["fromSecs"], 0.0);
        assert_eq!(steps[steps.len() - 1]["toSecs"], told["durationSecs"]);
        for pair in steps.windows(2) {
            assert_eq!(pair[0]["toSecs"], pair[1]["fromSecs"]);
        }
        let watched: f64 =
            steps.iter().map(|step| (number(step, "toSecs") - number(step, "fromSecs")) * number(step, "plays")).sum();
        assert!((watched - number(video, "watchSecs")).abs() < 1e-3, "{watched} of {video}");
        assert!(steps.iter().all(|step| number(step, "viewers") <= number(video, "viewers")));
        let text = sandbox.run(&["--data", "sample", "timeline", id]).exits_with(0).stdout;
        assert!(text.starts_with("Time") && text.contains("Share of the watch time by speed: "), "{text}");
    }
}

#[test]
fn the_moments_of_a_course_are_those_of_its_videos() {
    let sandbox = Sandbox::with_sample();
    let course =
        sandbox.run(&["--data", "sample", "moments", sim::DEMO_COURSES[0].folder_id, "--json"]).exits_with(0).json();
    let videos = course["result"]["videos"].as_array().expect("videos");
    let with = videos.iter().filter(|video| video["moments"].as_array().is_some_and(|moments| !moments.is_empty()));
    let mut seen = 0;
    for video in with {
        let id = video["sessionId"].as_str().expect("an ID");
        let alone = sandbox.run(&["--data", "sample", "moments", id, "--json"]).exits_with(0).json();
        assert_eq!(alone["result"]["videos"][0], *video);
        for moment in video["moments"].as_array().expect("moments") {
            let kind = moment["kind"].as_str().expect("a kind");
            assert!(["watched-again", "skipped", "left", "jumped-to", "slowed-down"].contains(&kind), "{kind}");
            assert!(moment["people"].as_u64() >= Some(5) && moment["sentence"].is_string(), "{moment}");
            assert!(moment.get("words").is_some(), "{moment}");
        }
        seen += 1;
        if seen == 3 {
            break;
        }
    }
    assert!(seen > 0, "the hard parts that the sample's viewers come back to are moments: {course}");
}

#[test]
fn what_was_noted_in_the_window_stands_with_its_moment() {
    let sandbox = Sandbox::with_sample();
    let course =
        sandbox.run(&["--data", "sample", "moments", sim::DEMO_COURSES[0].folder_id, "--json"]).exits_with(0).json();
    let videos = course["result"]["videos"].as_array().expect("videos");
    let video = videos.iter().find(|video| video["moments"][0].is_object()).expect("a video with a moment");
    let (id, moment) = (video["sessionId"].as_str().expect("an ID"), &video["moments"][0]);
    let line =
        |kind: &str, from: &str, to: &str, tag: &str, text: &str| format!("{id},{kind},{from},{to},{tag},{text}\n");
    let head = "SessionId,Kind,StartSecs,EndSecs,Tag,Note\n".to_owned();
    let here = line(
        moment["kind"].as_str().expect("a kind"),
        &moment["startSecs"].to_string(),
        &moment["endSecs"].to_string(),
        "confusing",
        "an example first",
    );
    let notes = sandbox.path("sample").join("notes.csv");
    std::fs::write(&notes, head.clone() + &here + &line("left", "1", "2", "splendid", "")).expect("written");
    let told = sandbox.run(&["--data", "sample", "moments", id]).exits_with(0).stdout;
    assert!(told.contains("    Noted: Confusing: an example first\n"), "{told}");
    let told = sandbox.run(&["--data", "sample", "moments", id, "--json"]).exits_with(0).json();
    let told = &told["result"]["videos"][0];
    assert_eq!(told["moments"][0]["note"]["tag"], "confusing");
    assert_eq!(told["otherNotes"][0]["note"]["tag"], "splendid", "a word of another version stays what it is");
    std::fs::write(&notes, head + "nonsense,left,1,2,,\n").expect("written");
    let told = sandbox.run(&["--data", "sample", "moments", id]).exits_with(0).stdout;
    assert!(told.contains("Notes are left out. Line 2 of") && told.contains(" on average"), "{told}");
    let told = sandbox.run(&["--data", "sample", "moments", id, "--json"]).exits_with(0).json();
    assert!(told["result"]["notesError"].as_str().is_some_and(|text| text.contains("notes.csv")), "{told}");
}

#[test]
fn few_viewers_have_no_moments_and_the_chart_by_second_is_saved() {
    let server = Server::tiny();
    let mut sandbox = Sandbox::new();
    password_variables(&mut sandbox, &server);
    sandbox.always(&["--no-keychain"]);
    sandbox.run(&["courses", "add", &server.course()]).exits_with(0);
    sandbox.run(&["-q", "sync"]).exits_with(0);
    let told = sandbox.run(&["moments", "tiny", "--timezone", "UTC"]).exits_with(0).stdout;
    assert!(told.contains("3 videos with too few viewers for moments"), "{told}");
    let video = server.sim().world().sessions[1].id.to_string();
    for (file, theme) in [("a.svg", "light"), ("b.png", "dark")] {
        let arguments = ["chart", &video, "--out", file, "--kind", "by-second", "--theme", theme, "--timezone", "UTC"];
        sandbox.run(&arguments).exits_with(0);
    }
    let svg = std::fs::read_to_string(sandbox.path("a.svg")).expect("it was written");
    assert!(svg.contains("Viewers across the timeline, by second") && svg.contains("Played again"));
    let missing = "84cef7f7-f168-4a80-9a5a-ac100144db29";
    for command in [["timeline", missing], ["moments", missing], ["moments", "Biology"]] {
        sandbox.run(&command).exits_with(1);
    }
}

#[test]
fn an_export_with_more_tables_has_the_same_moments() {
    let sandbox = Sandbox::with_sample();
    sandbox.run(&["--data", "sample", "export", "plain"]).exits_with(0);
    let told = sandbox.run(&["--data", "sample", "export", "more", "--tables", "--json"]).exits_with(0).json();
    let files = told["result"]["files"].as_array().expect("files");
    assert_eq!(files.len(), 6, "{files:?}");
    let path = |name: &str| sandbox.path(&format!("more/{name}"));
    for name in ["sessions_overview.csv", "chunked_data.csv"] {
        let plain = std::fs::read(sandbox.path(&format!("plain/{name}"))).expect("it was written");
        assert!(std::fs::read(path(name)).expect("it was written") == plain, "{name}");
    }
    let mut rows = csv::Reader::from_path(path("video_moments.csv")).expect("it was written");
    let exported: Vec<[String; 5]> = rows
        .records()
        .map(|row| {
            let row = row.expect("a row");
            [0, 2, 3, 6, 7].map(|cell| row[cell].to_owned())
        })
        .collect();
    let text = |value: &serde_json::Value| value.as_str().unwrap_or_default().to_owned();
    let mut told = Vec::new();
    for course in [sim::DEMO_COURSES[0].folder_id, "PSYC", "Climate (20"] {
        let found = sandbox.run(&["--data", "sample", "moments", course, "--json"]).exits_with(0).json();
        for video in found["result"]["videos"].as_array().expect("videos") {
            for moment in video["moments"].as_array().expect("moments") {
                let start = format!("{:?}", moment["startSecs"].as_f64().expect("a number"));
                let id = text(&video["sessionId"]);
                told.push([id, text(&moment["kind"]), start, text(&moment["sentence"]), text(&moment["words"])]);
            }
        }
    }
    assert!(told.len() > 10 && told.iter().any(|moment| !moment[4].is_empty()), "{told:?}");
    let mut sorted = [told, exported];
    for moments in &mut sorted {
        moments.sort();
    }
    assert_eq!(sorted[0], sorted[1]);
}
