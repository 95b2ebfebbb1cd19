//! `dates`: what people read, the JSON, the exit codes, and that the same file twice adds nothing.

use serde_json::Value;

use crate::support::{Sandbox, Server, password_variables};

fn synced() -> (Sandbox, Server) {
    let server = Server::tiny();
    let mut sandbox = Sandbox::new();
    password_variables(&mut sandbox, &server);
    sandbox.always(&["--no-keychain"]);
    sandbox.run(&["courses", "add", &server.course()]).exits_with(0);
    (sandbox, server)
}

fn list(sandbox: &Sandbox) -> Value {
    let told = sandbox.run(&["dates", "tiny", "list", "--timezone", "Europe/Zurich", "--json"]).exits_with(0).json();
    assert_eq!(told["command"], "dates list");
    told["result"].clone()
}

#[test]
fn dates_are_added_listed_and_removed_also_before_the_first_sync() {
    let (sandbox, _server) = synced();
    let add = |arguments: &[&str]| {
        let all: Vec<&str> =
            ["dates", "tiny", "add"].iter().chain(arguments).copied().chain(["--timezone", "Europe/Zurich"]).collect();
        sandbox.run(&all)
    };
    let added = add(&["exam", "Midterm", "2026-10-05 09:00"]).exits_with(0).stdout;
    assert_eq!(added.trim_end(), "Added number 1: Midterm, Mon 5 Oct 2026 09:00 (Europe/Zurich)");
    add(&["break", "Reading week", "2026-11-09", "--to", "2026-11-13"]).exits_with(0);
    for wrong in [&["party", "x", "2026-10-05"][..], &["exam", "x", "5.10."], &["exam", "", "2026-10-05"]] {
        add(wrong).exits_with(2);
    }
    let listed = list(&sandbox);
    assert_eq!(listed["dates"][0]["start"], "2026-10-05T09:00");
    assert_eq!(listed["dates"][0]["at"], "2026-10-05T07:00:00Z");
    assert_eq!((&listed["dates"][1]["end"], &listed["dates"][1]["kind"]), (&"2026-11-13".into(), &"break".into()));
    assert_eq!(listed["onTime"]["rule"], "nextDate");
    let text = sandbox.run(&["dates", "tiny", "list", "--timezone", "Europe/Zurich"]).exits_with(0).stdout;
    assert!(text.contains("Midterm       Mon 5 Oct 09:00") && text.contains("9 – 13 Nov 2026"), "{text}");
    sandbox.run(&["dates", "tiny", "remove", "1"]).exits_with(0);
    sandbox.run(&["dates", "tiny", "remove", "1"]).exits_with(1);
    assert_eq!(list(&sandbox)["dates"].as_array().map(Vec::len), Some(1));
}

#[test]
fn a_calendar_is_previewed_imported_once_and_its_unknown_zone_asked_for() {
    let (sandbox, _server) = synced();
    let event = |uid: &str, name: &str, lines: &str| {
        format!("BEGIN:VEVENT\r\nUID:{uid}\r\nSUMMARY:{name}\r\n{lines}\r\nEND:VEVENT\r\n")
    };
    let calendar = format!(
        "BEGIN:VCALENDAR\r\nVERSION:2.0\r\n{}{}END:VCALENDAR\r\n",
        event("1", "Midterm", "DTSTART;TZID=Campus Time:20261005T090000"),
        event("2", "GEOG 204", "DTSTART;TZID=W. Europe Standard Time:20261001T100000\r\nRRULE:FREQ=WEEKLY;COUNT=3"),
    );
    std::fs::write(sandbox.path("timetable.ics"), calendar).expect("it is written");
    let import = |more: &[&str]| {
        let all: Vec<&str> =
            ["dates", "tiny", "import", "timetable.ics", "--json"].iter().chain(more).copied().collect();
        sandbox.run(&all)
    };
    let preview = import(&["--preview"]).exits_with(0).json();
    assert_eq!(preview["result"]["unknownZones"][0]["name"], "Campus Time");
    let refused = import(&[]).exits_with(2).json();
    assert!(refused["error"]["hint"].as_str().is_some_and(|hint| hint.contains("--zone")), "{refused}");
    assert_eq!(list(&sandbox)["dates"], serde_json::json!([]), "nothing is imported until it is known");
    let zone = ["--zone", "Campus Time=Europe/Zurich"];
    let previewed = import(&[&zone[..], &["--preview"]].concat()).exits_with(0).json();
    let imported = import(&zone).exits_with(0).json();
    assert_eq!(previewed["result"]["added"], imported["result"]["added"], "a preview is the import");
    assert_eq!(imported["result"]["added"].as_array().map(Vec::len), Some(4));
    let again = import(&zone).exits_with(0).json();
    assert_eq!((&again["result"]["added"], &again["result"]["alreadyThere"]), (&serde_json::json!([]), &4.into()));
    std::fs::write(sandbox.path("timetable.ics"), "<html>").expect("it is written");
    import(&[]).exits_with(1);
    sandbox.run(&["dates", "tiny", "import", "missing.ics"]).exits_with(1);
}

#[test]
fn who_was_on_time_is_told_and_by_when_can_be_set() {
    let (sandbox, _server) = synced();
    sandbox.run(&["dates", "tiny", "on-time", "--timezone", "UTC"]).exits_with(1);
    sandbox.run(&["-q", "sync"]).exits_with(0);
    let told =
        sandbox.run(&["dates", "tiny", "on-time", "--days", "7", "--timezone", "UTC", "--json"]).exits_with(0).json();
    assert_eq!(told["command"], "dates on-time");
    let told = &told["result"];
    assert_eq!(told["onTime"], serde_json::json!({ "rule": "daysAfterFirstViewing", "days": 7 }));
    let videos = told["videos"].as_array().expect("videos");
    let watched: Vec<&Value> = videos.iter().filter(|video| !video["due"].is_null()).collect();
    assert!(!watched.is_empty(), "{told}");
    for video in watched {
        assert!(
            video["onTime"].as_u64() <= video["viewers"].as_u64() && video["weeksActive"].as_u64() >= Some(1),
            "{video}"
        );
    }
    sandbox.run(&["dates", "tiny", "on-time", "--days", "400"]).exits_with(2);
    sandbox.run(&["dates", "tiny", "term", "--from", "2026-12-11", "--to", "2026-08-24"]).exits_with(2);
    sandbox.run(&["dates", "tiny", "term", "--from", "2026-08-24", "--to", "2026-12-11"]).exits_with(0);
    assert_eq!(list(&sandbox)["term"]["isSet"], true);
    sandbox.run(&["dates", "tiny", "term", "--guess"]).exits_with(0);
    assert_eq!(list(&sandbox)["term"]["isSet"], false);
}

#[test]
fn a_damaged_file_of_dates_is_told_and_other_commands_go_on() {
    let (sandbox, _server) = synced();
    sandbox.run(&["-q", "sync"]).exits_with(0);
    sandbox.run(&["dates", "tiny", "add", "exam", "Midterm", "2026-10-05"]).exits_with(0);
    let file = sandbox.data().join("dates.csv");
    let text = std::fs::read_to_string(&file).expect("it is there").replace("exam", "party");
    std::fs::write(&file, text).expect("it is written");
    let refused = sandbox.run(&["dates", "tiny", "list", "--json"]).exits_with(1).json();
    assert_eq!(refused["error"]["code"], "data-file-invalid");
    assert!(refused["error"]["message"].as_str().is_some_and(|told| told.starts_with("Line 2 of ")), "{refused}");
    for command in [&["videos", "tiny"][..], &["status"], &["-q", "sync"]] {
        sandbox.run(command).exits_with(0);
    }
    let video = sandbox.run(&["videos", "tiny", "--json"]).exits_with(0).json();
    let video = video["result"]["videos"][0]["id"].as_str().expect("an ID").to_owned();
    let chart = |out: &str| sandbox.run(&["chart", &video, "--kind", "across-time", "--out", out]).exits_with(0);
    let told = chart("without.svg").stderr;
    assert!(told.contains("The chart is saved without the dates of the course: Line 2 of "), "{told}");
    std::fs::remove_file(&file).expect("it is removed");
    let day = list(&sandbox)["term"]["from"].as_str().expect("a day").to_owned();
    sandbox.run(&["dates", "tiny", "add", "exam", "Midterm", &day]).exits_with(0);
    assert!(!chart("with.svg").stderr.contains("without the dates"));
    let drawn = std::fs::read_to_string(sandbox.path("with.svg")).expect("it is there");
    assert!(drawn.contains("Exam: Midterm"), "{drawn}");
}

#[test]
fn the_digest_says_why_it_is_silent_and_names_no_course_that_is_not_synced() {
    let (sandbox, _server) = synced();
    sandbox.run(&["digest", "tiny", "--timezone", "UTC"]).exits_with(1);
    let all = sandbox.run(&["digest", "--timezone", "UTC", "--json"]).exits_with(0).json();
    assert_eq!(all["result"]["courses"], serde_json::json!([]));
    sandbox.run(&["-q", "sync"]).exits_with(0);
    let told = sandbox.run(&["digest", "tiny", "--timezone", "UTC", "--json"]).exits_with(0).json();
    let course = &told["result"]["courses"][0];
    assert_eq!(told["command"], "digest");
    assert!(
        course["silence"].is_string() || !course["sentences"].as_array().expect("sentences").is_empty(),
        "{course}"
    );
    let text = sandbox.run(&["digest", "--markdown", "--timezone", "UTC"]).exits_with(0).stdout;
    assert!(text.starts_with("## "), "{text}");
}

#[test]
fn two_courses_are_compared_and_pairs_can_be_mended() {
    let sandbox = Sandbox::with_sample();
    let compare = |more: &[&str]| {
        let all: Vec<&str> = ["--data", "sample", "compare", sim::DEMO_COURSES[0].folder_id, "PSYC", "--json"]
            .iter()
            .chain(more)
            .copied()
            .collect();
        sandbox.run(&all)
    };
    let told = compare(&[]).exits_with(0).json();
    let pair = told["result"]["pairs"][0].clone();
    let [here, there] = ["here", "there"].map(|side| pair[side]["sessionId"].as_str().expect("an ID").to_owned());
    let none = compare(&["--pair", &format!("{here}=none")]).exits_with(0).json();
    let has = |told: &Value, id: &str| {
        told["result"]["pairs"].as_array().expect("pairs").iter().any(|pair| pair["here"]["sessionId"] == id)
    };
    assert!(!has(&none, &here) && has(&told, &here));
    let mended = compare(&["--pair", &format!("{here}={there}")]).exits_with(0).json();
    let found =
        mended["result"]["pairs"].as_array().expect("pairs").iter().find(|pair| pair["here"]["sessionId"] == *here);
    assert_eq!(
        found.map(|pair| (&pair["pairedBy"], &pair["there"]["sessionId"])),
        Some((&"hand".into(), &there.into()))
    );
    compare(&["--pair", "x=y"]).exits_with(2);
    sandbox
        .run(&["--data", "sample", "compare", sim::DEMO_COURSES[0].folder_id, sim::DEMO_COURSES[0].folder_id])
        .exits_with(2);
    let text =
        sandbox.run(&["--data", "sample", "compare", sim::DEMO_COURSES[0].folder_id, "PSYC"]).exits_with(0).stdout;
    assert!(text.contains("paired video") || text.contains("No pair of videos"), "{text}");
}

#[test]
fn no_date_is_kept_that_the_file_could_not_hold() {
    let (sandbox, _server) = synced();
    for [from, to] in [["0001-01-01", "2026-12-18"], ["2026-09-01", "9999-12-31"]] {
        let told = sandbox.run(&["dates", "tiny", "term", "--from", from, "--to", to]).exits_with(2);
        assert!(told.stderr.contains("in no year that a course can have"), "{}", told.stderr);
    }
    for when in ["9999-12-31", "0001-01-01 09:00", "9999-12-31 23:59"] {
        let told = sandbox.run(&["dates", "tiny", "add", "exam", "Final", when]).exits_with(2);
        assert!(told.stderr.contains("in no year that a course can have"), "{when}: {}", told.stderr);
    }
    assert_eq!(list(&sandbox)["dates"], serde_json::json!([]), "the file can be read");
    sandbox.run(&["dates", "tiny", "term", "--from", "1900-01-01", "--to", "2999-12-31"]).exits_with(0);
    assert_eq!(list(&sandbox)["dates"], serde_json::json!([]), "the file can be read");
}

#[test]
fn a_time_says_why_it_is_none() {
    let (sandbox, _server) = synced();
    for (when, why) in [
        ("2026-03-29 02:30", "the clocks leave out this hour"),
        ("2026-03-29 25:61", "is not a time"),
        ("2026-02-30 09:00", "is not a day"),
    ] {
        let call = ["dates", "tiny", "add", "exam", "Final", when, "--timezone", "Europe/Zurich"];
        let told = sandbox.run(&call).exits_with(2);
        assert!(told.stderr.contains(why), "{when}: {}", told.stderr);
    }
}

#[test]
fn a_date_of_a_video_is_of_one_that_the_course_has() {
    let (sandbox, server) = synced();
    let add = |video: &str| sandbox.run(&["dates", "tiny", "add", "exam", "Quiz", "2026-10-05", "--video", video]);
    let video = server.sim().world().sessions[0].id.to_string();
    add(&video).exits_with(1);
    sandbox.run(&["sync"]).exits_with(0);
    add(&video).exits_with(0);
    let told = add("00000000-0000-0000-0000-000000000001").exits_with(1);
    assert!(told.stderr.contains("The course has no video 00000000-0000-0000-0000-000000000001"), "{}", told.stderr);
    assert_eq!(list(&sandbox)["dates"].as_array().map(Vec::len), Some(1));
}
