//! The window and the command line, a process of its own, count the same people of the sample: in its class list is somebody with
//! two accounts that nobody has joined.

use std::collections::BTreeMap;
use std::path::Path;
use std::process::Command;

use model::words;
use serde_json::{Value, json};

use crate::support::Program;

const COURSE: &str = sim::DEMO_COURSES[0].folder_id;

/// The command line without `--data`, because `demo` names its folder itself.
fn command_line(program: &Program, arguments: &[&str]) -> Value {
    let window = Path::new(env!("CARGO_BIN_EXE_panopto-video-analytics"));
    let path = window.with_file_name(format!("panopto-analytics{}", std::env::consts::EXE_SUFFIX));
    assert!(path.exists(), "build the command line first: cargo build --workspace --bins");
    let output = Command::new(path)
        .args(["--json", "--no-keychain"])
        .args(arguments)
        .env("HOME", program.dir.path())
        .env("PANOPTO_ANALYTICS_CONFIG_DIR", program.dir.path().join("config"))
        .output()
        .unwrap();
    assert!(output.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
    serde_json::from_slice::<Value>(&output.stdout).unwrap()["result"].take()
}

struct Both {
    program: Program,
}

impl Both {
    fn begin() -> Self {
        let program = Program::start();
        let data = program.data();
        command_line(&program, &["demo", data.to_str().unwrap(), "--timezone", "America/Vancouver"]);
        let request = json!({ "request": { "courseId": COURSE, "path": data.join("class-list.csv"), "pasted": null } });
        program.get("class_list_import", request);
        program.get("settings_set", json!({ "request": { "showNames": true } }));
        Self { program }
    }

    fn told(&self, arguments: &[&str]) -> Value {
        let data = self.program.data();
        command_line(&self.program, &[&["--data", data.to_str().unwrap(), "--names"], arguments].concat())
    }

    /// A list of people in the window, with all its rows.
    fn shown(&self, show: &str) -> (Value, Vec<Value>) {
        let request = json!({
            "courseId": COURSE, "range": null, "show": show, "order": { "by": "name" }, "reversed": false, "query": "",
        });
        let page = self.program.get("people", json!({ "request": request }));
        let mut rows = page["rows"].as_array().unwrap().clone();
        while (rows.len() as u64) < page["count"].as_u64().unwrap() {
            let more = self.program.get("people_rows", json!({ "request": request, "from": rows.len() }));
            rows.extend(more.as_array().unwrap().iter().cloned());
        }
        (page, rows)
    }
}

fn list<'v>(value: &'v Value, name: &str) -> &'v [Value] {
    value[name].as_array().unwrap_or_else(|| panic!("{name} in {value}"))
}

fn text<'v>(value: &'v Value, name: &str) -> &'v str {
    value[name].as_str().unwrap_or_else(|| panic!("{name} in {value}"))
}

fn by_label(people: &[Value]) -> BTreeMap<&str, &Value> {
    let found: BTreeMap<&str, &Value> = people.iter().map(|person| (text(person, "label"), person)).collect();
    assert_eq!(found.len(), people.len(), "no two have one label");
    found
}

/// Those of the lists, by label.
fn listed(told: &Value) -> BTreeMap<&str, &Value> {
    by_label(list(told, "people")).into_iter().filter(|(_, person)| person["isListed"] == true).collect()
}

/// The letter that the window draws a cell with.
fn letter(coverage: &Value, state: &Value) -> char {
    let Some(percent) = coverage.as_f64() else { return if state == "not-opened" { '.' } else { '?' } };
    if state == "not-opened" {
        return '.';
    }
    let step = ((percent / 5.0).ceil() as u8).clamp(1, 20);
    char::from(if state == "covered" { b'A' } else { b'a' } + step - 1)
}

#[test]
fn window_and_command_line_count_the_same_people() {
    let both = Both::begin();
    everybody_and_the_matrix_are_the_same(&both);
    a_video_and_each_person_of_two_accounts_are_the_same(&both);
    credit_is_the_same(&both);
}

fn everybody_and_the_matrix_are_the_same(both: &Both) {
    let (page, rows) = both.shown("everybody");
    // The place of somebody far down is told with the first rows, so that a list can begin there.
    assert!(rows.len() > 100, "more than cross at once: {}", rows.len());
    let place = rows.len() - 2;
    let request = json!({
        "courseId": COURSE, "range": null, "show": "everybody", "order": { "by": "name" }, "reversed": false, "query": "",
        "start": rows[place]["key"],
    });
    let again = both.program.get("people", json!({ "request": request }));
    assert_eq!((&again["start"], &page["start"]), (&json!(place), &Value::Null));
    let told = both.told(&["people", COURSE]);
    let matrix = both.told(&["matrix", COURSE]);
    let (people, cells) = (listed(&told), listed(&matrix));
    let rows: BTreeMap<&str, &Value> = rows.iter().map(|row| (text(row, "label"), row)).collect();
    assert_eq!(rows.keys().collect::<Vec<_>>(), people.keys().collect::<Vec<_>>());
    assert_eq!(told["listed"], rows.len());
    let two = people.values().filter(|person| list(person, "userIds").len() > 1).count();
    assert!(two > 0, "somebody has two accounts");
    for (label, row) in &rows {
        let person = people[label];
        for name in ["opened", "covered"] {
            assert_eq!(text(row, name), words::count(person[name].as_u64().unwrap()), "{label}");
        }
        if person["opened"] != 0 {
            assert_eq!(text(row, "watchTime"), words::time(person["watchSecs"].as_f64().unwrap()), "{label}");
        }
        let of_matrix = list(cells[label], "coverage").iter().zip(list(cells[label], "states"));
        let drawn: String = of_matrix.map(|(coverage, state)| letter(coverage, state)).collect();
        assert_eq!(text(row, "cells"), drawn, "{label}");
    }
    for (shown, in_json) in [("openedNothing", "openedNothing"), ("behind", "behind"), ("notListed", "notOnList")] {
        let choice = list(&page, "choices").iter().find(|choice| choice["show"] == shown);
        let anonymous = if shown == "notListed" { told["anonymousViewers"].as_u64().unwrap() } else { 0 };
        let number = told[in_json].as_u64().unwrap() + anonymous;
        let label = choice.map_or("(0)", |choice| text(choice, "label"));
        assert!(label.ends_with(&format!("({number})")), "{shown}: {number} beside {label}");
    }
    for (video, column) in list(&matrix, "videos").iter().zip(list(&page, "videos")) {
        let share = words::whole_percent(video["coveredPercent"].as_f64().unwrap());
        assert_eq!(text(column, "covered"), share.trim_end_matches(" %"), "{video}");
    }
}

fn a_video_and_each_person_of_two_accounts_are_the_same(both: &Both) {
    let people = both.told(&["people", COURSE]);
    let videos = both.told(&["matrix", COURSE]);
    let mut not_on_list = 0;
    for video in list(&videos, "videos").iter().step_by(9) {
        let id = text(video, "id");
        for by in [None, Some("2025-10-20 09:00")] {
            let asked = by.map_or_else(|| json!({ "kind": "range" }), |text| json!({ "kind": "typed", "text": text }));
            let request = json!({ "courseId": COURSE, "sessionId": id, "range": null, "by": asked });
            let shown = both.program.get("video_people", json!({ "request": request }));
            let instant = by.map_or_else(Vec::new, |text| vec!["--by", text]);
            let told = both.told(&[&["viewers", id], &instant[..]].concat());
            for (group, (number, state)) in list(&shown, "groups").iter().zip([
                ("notOpened", "not-opened"),
                ("started", "started"),
                ("covered", "covered"),
            ]) {
                assert_eq!(text(group, "count"), words::count(told[number].as_u64().unwrap()), "{id} {by:?} {state}");
                let told: Vec<&str> = listed(&told)
                    .into_iter()
                    .filter(|(_, person)| person["state"] == state)
                    .map(|(label, _)| label)
                    .collect();
                assert_eq!(
                    by_label(list(group, "people")).into_keys().collect::<Vec<_>>(),
                    told,
                    "{id} {by:?} {state}"
                );
            }
            let beside = shown["notListed"]["people"].as_array().map_or(0, Vec::len);
            assert_eq!(told["notOnList"], beside, "{id} {by:?}");
            not_on_list += beside;
        }
    }
    assert!(not_on_list > 0, "some viewers are on no list");

    let several = list(&people, "people").iter().filter(|person| list(person, "userIds").len() > 1);
    for somebody in several.chain(&list(&people, "people")[..2]) {
        let first = somebody["userIds"][0].as_str().unwrap();
        let of = json!({
            "list": { "courseId": COURSE, "range": null, "show": "everybody", "order": { "by": "name" }, "reversed": false, "query": "" },
            "key": first,
        });
        let shown = both.program.get("person", json!({ "request": of }));
        // By each account and by the name: one person.
        let told = both.told(&["person", COURSE, first]);
        for who in list(somebody, "userIds").iter().filter_map(Value::as_str).chain([text(somebody, "label")]) {
            assert_eq!(both.told(&["person", COURSE, who]), told);
        }
        assert_eq!((&shown["label"], &shown["userIds"]), (&told["label"], &told["userIds"]));
        let figures = list(&shown, "figures");
        let of_course = format!("{} of {}", told["opened"], list(&told, "videos").len());
        assert_eq!(
            (text(&figures[0]["figure"], "text"), &figures[1]["figure"]["value"].as_f64()),
            (of_course.as_str(), &told["covered"].as_f64())
        );
        assert_eq!(text(&figures[2]["figure"], "text"), words::time(told["watchSecs"].as_f64().unwrap()));
        let on_time = figures.get(3).map(|card| text(&card["figure"], "text").to_owned());
        let told_on_time = told["due"].as_u64().map(|due| format!("{} of {due}", told["onTime"]));
        assert_eq!(on_time, told_on_time);
        for (row, video) in list(&shown, "videos").iter().zip(list(&told, "videos")) {
            assert_eq!((&row["state"], &row["sessionId"]), (&video["state"], &video["id"]));
            if video["state"] != "not-opened" {
                assert_eq!(text(row, "coverage"), words::percent(video["coverage"].as_f64().unwrap()));
                assert_eq!(text(row, "panopto"), format!("{} %", video["panoptoPercent"]));
                assert_eq!(text(row, "watchTime"), words::time(video["watchSecs"].as_f64().unwrap()));
                assert_eq!(text(row, "sittings"), video["sittings"].to_string());
            }
        }
    }
}

fn credit_is_the_same(both: &Both) {
    let videos = both.told(&["matrix", COURSE]);
    let ids: Vec<&str> = list(&videos, "videos").iter().take(4).map(|video| text(video, "id")).collect();
    let told = both.told(&[&["credit", COURSE, "--by", "2025-12-14", "--videos"], &ids[..]].concat());
    let shown = both.program.get(
        "credit_preview",
        json!({ "request": {
            "courseId": COURSE, "sessionIds": ids, "by": "2025-12-14", "graceMinutes": 0, "thresholdPercent": 75.0,
            "points": told["rule"]["points"], "proportional": false, "decimals": told["rule"]["decimals"],
            "zeroFor": "nobody", "decided": [],
        } }),
    );
    let points: BTreeMap<u64, String> = list(&told, "rows")
        .iter()
        .map(|row| {
            let points = row["points"].as_f64().map_or_else(|| words::NONE.to_owned(), |points| points.to_string());
            (row["row"].as_u64().unwrap() - 1, points)
        })
        .collect();
    let rows = list(&shown, "rows");
    assert_eq!(rows.len(), points.len());
    for row in rows {
        assert_eq!(text(row, "points"), points[&row["place"].as_u64().unwrap()], "{row}");
    }
    assert!(points.values().filter(|points| points.as_str() != words::NONE).count() > 20);
}
