//! The dates of a course as the window edits them.

use serde_json::{Value, json};

use crate::course_list::copy;
use crate::support::Program;

/// A program with the sample, and the course of it that has no dates yet.
fn sample() -> (Program, String) {
    let program = Program::start();
    let state = program.sample();
    let course = state["courses"][1]["id"].as_str().expect("a course").to_owned();
    (program, course)
}

fn input(course: &str, number: &Value, name: &str, start: &str) -> Value {
    json!({ "request": {
        "courseId": course, "number": number, "kind": "exam", "name": name, "start": start, "end": null,
        "timeZone": null, "sessionIds": [],
    } })
}

#[test]
fn a_date_is_added_changed_removed_and_put_back() {
    let (program, course) = sample();
    let empty = program.get("dates", json!({ "courseId": course }));
    let before = empty["dates"].as_array().expect("dates").len();
    assert_eq!(empty["kinds"][0], json!({ "kind": "exam", "name": "Exam" }));
    assert_eq!(empty["term"]["isSet"], false);
    // The sample ends with today, so its exam was two weeks ago.
    let last: chrono::NaiveDate = empty["term"]["range"]["to"].as_str().expect("a day").parse().expect("a day");
    let exam = last - chrono::Days::new(14);
    let page = program.get("date_save", input(&course, &Value::Null, "Midterm of the test", &format!("{exam} 09:00")));
    let find = |page: &Value| {
        let dates = page["dates"].as_array().expect("dates").clone();
        dates.into_iter().find(|date| date["name"] == "Midterm of the test")
    };
    let added = find(&page).expect("it is there");
    assert!(added["when"].as_str().is_some_and(|when| when.ends_with(" 09:00")), "{added}");
    assert_eq!((&added["day"], &added["kindName"]), (&json!(exam.to_string()), &json!("Exam")));
    assert_eq!(added["start"], format!("{exam} 09:00"));
    let told = added["readOut"].as_str().expect("an exam within the data says something");
    assert!(told.contains("of the watch time of") && told.contains("in the 7 days before"), "{told}");
    let labels: Vec<&str> =
        page["ranges"].as_array().expect("ranges").iter().filter_map(|range| range["label"].as_str()).collect();
    assert!(labels.contains(&"Until Midterm of the test"), "{labels:?}");
    assert!(labels.contains(&"The week before Midterm of the test"), "{labels:?}");
    let on_time = page["onTime"].as_array().expect("videos");
    assert!(on_time.iter().any(|video| video["due"].is_string() && video["share"]["value"].is_number()), "{on_time:?}");

    let number = added["number"].clone();
    let moved = program.get("date_save", input(&course, &number, "Midterm of the test", &last.to_string()));
    assert_eq!(find(&moved).expect("it is there")["day"], last.to_string());
    let removed = program.get("date_remove", json!({ "courseId": course, "number": number }));
    assert_eq!(removed["page"]["dates"].as_array().map(Vec::len), Some(before));
    assert_eq!(removed["text"], "Midterm of the test was removed");
    let back = program.get("date_remove_undo", json!({ "undo": removed["undo"] }));
    assert_eq!(find(&back), find(&moved));
    for (name, start) in [("", "2025-11-03"), ("x", "3.11.2025"), ("x", "2025-11-03 25:00")] {
        assert_eq!(program.refusal("date_save", input(&course, &Value::Null, name, start))["code"], "invalid-input");
    }
    assert_eq!(program.refusal("date_remove", json!({ "courseId": course, "number": 999 }))["code"], "not-found");
    assert_eq!(program.refusal("date_remove_undo", json!({ "undo": "never" }))["code"], "not-found");
}

#[test]
fn the_term_and_the_rule_of_on_time_are_kept() {
    let (program, course) = sample();
    let set = json!({ "courseId": course, "range": { "from": "2025-09-15", "to": "2025-12-19" } });
    let page = program.get("dates_term_set", set);
    assert_eq!((&page["term"]["isSet"], &page["term"]["range"]["from"]), (&json!(true), &json!("2025-09-15")));
    assert_eq!(page["term"]["last"], "2025-12-19");
    let page = program.get("dates_on_time_set", json!({ "courseId": course, "days": 7 }));
    assert_eq!(page["onTimeDays"], 7);
    assert_eq!(page["onTime"][0]["due"].as_str().map(|due| due.starts_with("7 days after")), Some(true));
    let page = program.get("dates_on_time_set", json!({ "courseId": course, "days": null }));
    assert_eq!(page["onTimeDays"], Value::Null);
    let page = program.get("dates_term_set", json!({ "courseId": course, "range": null }));
    assert_eq!(page["term"]["isSet"], false);
    let wrong = json!({ "courseId": course, "days": 400 });
    assert_eq!(program.refusal("dates_on_time_set", wrong)["code"], "invalid-input");
}

#[test]
fn a_calendar_is_picked_or_dropped_shown_and_then_imported() {
    let (program, course) = sample();
    let file = program.dir.path().join("timetable.ics");
    let calendar = "BEGIN:VCALENDAR\nBEGIN:VEVENT\nUID:1\nSUMMARY:Quiz 9\nDTSTART;TZID=Campus Time:20251103T090000\nEND:VEVENT\n\
                    BEGIN:VEVENT\nUID:2\nSUMMARY:Gone\nSTATUS:CANCELLED\nDTSTART:20251104\nEND:VEVENT\nEND:VCALENDAR\n";
    std::fs::write(&file, calendar).expect("it is written");
    assert_eq!(program.get("dates_import_pick", json!({ "courseId": course })), Value::Null);
    program.desktop.will_pick(&file);
    let picked = program.get("dates_import_pick", json!({ "courseId": course }));
    let dropped = program.get("dates_import_path", json!({ "courseId": course, "path": file }));
    assert_eq!(picked, dropped);
    assert_eq!(picked["unknownZones"], json!([{ "name": "Campus Time", "events": "1 event" }]));
    assert_eq!((&picked["file"], &picked["leftOut"]), (&json!("timetable.ics"), &json!(["Gone is cancelled"])));
    let import = |zones: Value| json!({ "request": { "courseId": course, "path": file, "zones": zones } });
    assert_eq!(program.refusal("dates_import", import(json!({})))["code"], "invalid-input");
    let done = program.get("dates_import", import(json!({ "Campus Time": "Europe/Zurich" })));
    assert_eq!(done["text"], "1 new date, 0 moved, 0 already there");
    let again = program.get("dates_import", import(json!({ "Campus Time": "Europe/Zurich" })));
    assert_eq!(again["text"], "0 new dates, 0 moved, 1 already there");
    let page = program.get("dates", json!({ "courseId": course }));
    let quiz = page["dates"].as_array().expect("dates").iter().find(|date| date["name"] == "Quiz 9").cloned();
    assert_eq!(quiz.map(|quiz| quiz["isImported"].clone()), Some(json!(true)));
    std::fs::write(&file, "<html>").expect("it is written");
    let refused = program.refusal("dates_import_path", json!({ "courseId": course, "path": file }));
    assert_eq!(refused["code"], "invalid-input");
}

#[test]
fn a_saved_chart_and_a_report_mark_the_dates_and_do_without_where_they_cannot_be_read() {
    let program = Program::start();
    copy(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/fixtures/golden").as_ref(), &program.data());
    let course = program.get("courses_list", json!({}))[0]["id"].as_str().expect("a course").to_owned();
    let videos = program.get(
        "course_overview",
        json!({ "request": {
            "courseId": course, "range": null, "mapMeasure": "reached", "heatMeasure": "viewers", "theme": "light",
            "timeFrame": null,
        } }),
    );
    let [one, other] = [0, 1].map(|index| videos["videos"][index]["sessionId"].clone());
    let term = program.get("dates", json!({ "courseId": course }))["term"]["range"]["from"].clone();
    let first = term.as_str().expect("a day");
    let mut midterm = input(&course, &Value::Null, "Midterm of the test", first);
    program.get("date_save", midterm.clone());
    midterm["request"]["name"] = json!("Quiz on one video");
    midterm["request"]["sessionIds"] = json!([one]);
    program.get("date_save", midterm);
    let saved = |command: &str, session: &Value, name: &str| {
        let path = program.dir.path().join(name);
        program.desktop.will_pick(&path);
        let saved = program.get(
            command,
            json!({ "request": {
                "kind": "time", "courseId": course, "sessionId": session, "range": null, "theme": "light",
                "frame": { "width": 800, "height": 220 }, "mapMeasure": null, "format": "svg",
            } }),
        );
        let name = saved["name"].as_str().expect("a name");
        std::fs::read_to_string(program.dir.path().join(name)).expect("it is there")
    };
    for command in ["chart_save", "report_save"] {
        for (session, has_quiz) in [(&Value::Null, true), (&one, true), (&other, false)] {
            let file = saved(command, session, &format!("{command} of {}", session.as_str().unwrap_or("all")));
            assert!(file.contains("Exam: Midterm of the test"), "{command} {session}");
            assert_eq!(file.contains("Exam: Quiz on one video"), has_quiz, "{command} {session}");
        }
    }
    let kept = program.data().join("dates.csv");
    let damaged = std::fs::read_to_string(&kept).expect("it is there").replace("exam", "party");
    std::fs::write(&kept, damaged).expect("it is written");
    assert!(!saved("chart_save", &Value::Null, "without").contains("Midterm"));
    let told = program.get("app_state", json!({}));
    let told = told["notices"].to_string();
    assert!(told.contains("The chart is saved without the dates of the course: Line 2 of "), "{told}");
}
