//! The people of a course on screen, beside an independent count over the same files: who watched a video by an instant, the
//! matrix, one person; what is decided about people, and what is saved of them.

use std::collections::BTreeSet;

use chrono::NaiveDateTime;
use serde_json::{Value, json};

use crate::people_stored::{COURSE, course_dir, golden, named};
use crate::support::Program;

fn of_video(video: &str, by: &Value) -> Value {
    json!({ "request": { "courseId": COURSE, "sessionId": video, "range": null, "by": by } })
}

fn list(order: &str, show: &str, query: &str) -> Value {
    json!({
        "courseId": COURSE, "range": null, "show": show, "order": { "by": order }, "reversed": false, "query": query,
    })
}

fn labels(people: &Value) -> Vec<&str> {
    people.as_array().expect("people").iter().map(|person| person["label"].as_str().expect("a label")).collect()
}

#[test]
fn who_watched_a_video_equals_an_independent_count_by_every_instant() {
    let (program, stored) = golden();
    let mut instants: Vec<NaiveDateTime> = stored.instants();
    instants.sort();
    let all = stored.viewers().len();
    let (mut covered, mut cut) = (0, 0);
    for video in stored.lengths.keys() {
        for before in [None, Some(instants[instants.len() / 4]), Some(instants[instants.len() / 2])] {
            // Records count to the minute.
            let minute = before.map(|at| at.format("%Y-%m-%d %H:%M").to_string());
            let before = minute.as_ref().map(|text| NaiveDateTime::parse_from_str(text, "%Y-%m-%d %H:%M").unwrap());
            let by = minute.map_or_else(|| json!({ "kind": "range" }), |text| json!({ "kind": "typed", "text": text }));
            let shown = program.get("video_people", of_video(video, &by));
            let expected = stored.coverage(video, before);
            let done = expected.values().filter(|percent| percent.is_some_and(|percent| percent >= 75.0)).count();
            let counts: Vec<usize> = (0..3)
                .map(|group| {
                    let group = &shown["groups"][group];
                    assert_eq!(group["count"], group["people"].as_array().unwrap().len().to_string());
                    group["people"].as_array().unwrap().len()
                })
                .collect();
            assert_eq!(counts, [all - expected.len(), expected.len() - done, done], "{video} {before:?}");
            covered += done;
            cut += usize::from(before.is_some() && expected.len() < stored.coverage(video, None).len());
        }
    }
    assert!(covered > 5 && cut > 3, "{covered} {cut}");
}

#[test]
fn without_names_nobody_has_one_and_the_page_says_what_is_missing() {
    let (program, stored) = golden();
    let video = stored.lengths.keys().next().unwrap();
    let shown = program.get("video_people", of_video(video, &json!({ "kind": "next" })));
    for group in shown["groups"].as_array().unwrap() {
        assert_eq!(group["addresses"], Value::Null);
        assert!(labels(&group["people"]).iter().all(|label| label.starts_with("Viewer ")), "{group}");
    }
    assert_eq!(shown["by"], json!({ "kind": "range" }), "the course has no date");
    let steps: Vec<&Value> = shown["told"]["offers"].as_array().unwrap().iter().map(|offer| &offer["step"]).collect();
    assert_eq!(steps, ["addClassList"]);
    for text in ["tomorrow", "2026-13-01", ""] {
        let by = json!({ "kind": "typed", "text": text });
        assert_eq!(program.refusal("video_people", of_video(video, &by))["code"], "invalid-input");
    }
    let by = json!({ "kind": "date", "number": 7 });
    assert_eq!(program.refusal("video_people", of_video(video, &by))["code"], "not-found");
    // Names that are known are kept back as long as they are off.
    let (named, _) = named();
    named.get("settings_set", json!({ "request": { "showNames": false } }));
    let shown = named.get("video_people", of_video(video, &json!({ "kind": "next" }))).to_string();
    let people = named.get("people", json!({ "request": list("name", "everybody", "") })).to_string();
    for text in [shown, people] {
        assert!(!text.contains("ñez") && !text.contains("example.edu") && !text.contains("Costa"), "{text}");
        assert!(text.contains("Person 16 on the list") && text.contains("Viewer 1\""), "{text}");
    }
}

#[test]
fn a_date_of_the_course_is_offered_and_the_next_one_is_taken() {
    let (program, stored) = golden();
    let video = stored.lengths.keys().next().unwrap();
    for (name, start) in [("Quiz 1", "2021-09-20 09:00"), ("Final", "2199-12-01 09:00")] {
        let request = json!({ "request": {
            "courseId": COURSE, "number": null, "kind": "exam", "name": name, "start": start, "end": null,
            "timeZone": null, "sessionIds": [],
        } });
        program.get("date_save", request);
    }
    let next = program.get("video_people", of_video(video, &json!({ "kind": "next" })));
    assert!(next["byText"].as_str().is_some_and(|text| text.starts_with("Final, ")), "{}", next["byText"]);
    assert_eq!(next["dates"].as_array().map(Vec::len), Some(2));
    let quiz =
        program.get("video_people", of_video(video, &json!({ "kind": "date", "number": next["dates"][0]["number"] })));
    let before = "2021-09-20T09:00:00".parse().ok();
    let opened = stored.coverage(video, before).len();
    assert_eq!(quiz["groups"][0]["count"], (stored.viewers().len() - opened).to_string());
}

#[test]
fn those_of_the_class_who_were_never_seen_have_not_opened_it_and_others_stand_apart() {
    let (program, stored) = named();
    let video = stored.lengths.keys().max_by_key(|video| stored.coverage(video, None).len()).unwrap();
    let shown = program.get("video_people", of_video(video, &json!({ "kind": "next" })));
    let viewers: Vec<&str> = stored.viewers().into_iter().collect();
    let opened = stored.coverage(video, None);
    let in_class = |viewer: &&&str| **viewer != viewers[viewers.len() - 1];
    let enrolled = viewers.len() - 1 + 2;
    assert_eq!(shown["told"]["of"], format!("{enrolled} in the class"));
    let not_opened = &shown["groups"][0];
    assert_eq!(not_opened["count"], (enrolled - opened.keys().filter(|viewer| in_class(viewer)).count()).to_string());
    let names = labels(&not_opened["people"]);
    assert!(names.contains(&"Costa, Lúcia") && names.contains(&"Evans, Mair"), "{names:?}");
    let copied = not_opened["addresses"]["text"].as_str().unwrap();
    assert!(copied.contains("costa@example.edu; ") && !copied.contains(&format!("viewer{}@", viewers.len() - 1)));
    assert_eq!(copied.matches('@').count().to_string(), not_opened["count"].as_str().unwrap());
    let others = &shown["notListed"];
    assert_eq!(others.is_null(), !opened.contains_key(viewers[viewers.len() - 1]));
    if !others.is_null() {
        assert_eq!(labels(&others["people"]), [format!("Núñez{0}, Vera{0}", viewers.len() - 1)]);
    }
}

#[test]
fn somebody_of_whom_it_is_not_sure_who_they_are_is_not_said_to_have_opened_nothing() {
    let (program, stored) = named();
    // The same name, no address: it only suggests.
    let import = json!({ "request": { "courseId": COURSE, "path": null, "pasted": "Name,Email\n\"Núñez3, Vera3\",other@elsewhere.example\nEvans,evans@example.edu\n" } });
    program.get("class_list_import", import);
    let video = stored.lengths.keys().next().unwrap();
    let shown = program.get("video_people", of_video(video, &json!({ "kind": "range" })));
    assert_eq!(labels(&shown["groups"][0]["people"]), ["Evans"]);
    let offers = shown["told"]["offers"].as_array().unwrap();
    assert!(offers.iter().any(|offer| offer["step"] == "openClassList"
        && offer["text"].as_str().unwrap().starts_with("1 person on the class list is not shown")));
}

#[test]
fn the_matrix_equals_an_independent_count_in_every_cell() {
    let (program, stored) = golden();
    let page = program.get("people", json!({ "request": list("name", "everybody", "") }));
    let videos: Vec<&str> =
        page["videos"].as_array().unwrap().iter().map(|video| video["sessionId"].as_str().unwrap()).collect();
    let columns: Vec<_> = videos.iter().map(|video| stored.coverage(video, None)).collect();
    assert_eq!(page["count"], stored.viewers().len());
    let (mut full, mut partly) = (0, 0);
    for row in page["rows"].as_array().unwrap() {
        let viewer = row["key"].as_str().unwrap();
        let cells = row["cells"].as_str().unwrap();
        assert_eq!(cells.len(), videos.len());
        let (mut opened, mut done) = (0, 0);
        for (cell, column) in cells.bytes().zip(&columns) {
            let Some(percent) = column.get(viewer) else {
                assert_eq!(cell, b'.');
                continue;
            };
            opened += 1;
            let Some(percent) = percent else {
                assert_eq!(cell, b'?');
                continue;
            };
            let step = ((percent / 5.0 - 1e-9).ceil() as u8).clamp(1, 20);
            let letter = if *percent >= 75.0 { b'A' } else { b'a' } + step - 1;
            assert_eq!(char::from(cell), char::from(letter), "{viewer} {percent}");
            done += u32::from(*percent >= 75.0);
            partly += u32::from(*percent < 75.0);
        }
        full += done;
        assert_eq!(row["opened"], opened.to_string());
        assert_eq!(row["covered"], done.to_string());
    }
    assert!(full > 10 && partly > 10, "{full} {partly}");
    for (video, column) in page["videos"].as_array().unwrap().iter().zip(&columns) {
        let Some(length) = stored.lengths.get(video["sessionId"].as_str().unwrap()) else { continue };
        assert!(*length > 0.0);
        let done = column.values().filter(|percent| percent.is_some_and(|percent| percent >= 75.0)).count();
        let share = done as f64 / stored.viewers().len() as f64 * 100.0;
        let told: f64 = video["covered"].as_str().unwrap().trim_start_matches('<').parse().unwrap();
        assert!((told - share).abs() <= 1.0, "{video} {share}");
    }
    let cell = json!({
        "courseId": COURSE, "key": page["rows"][0]["key"], "sessionId": videos[0], "range": null,
    });
    let said = program.get("people_cell", cell);
    assert!(said.as_str().unwrap().starts_with("Viewer 1 · "), "{said}");
}

#[test]
fn rows_come_in_the_order_that_is_asked_for_and_only_those_that_are() {
    let (program, stored) = named();
    let get =
        |order: &str, show: &str, query: &str| program.get("people", json!({ "request": list(order, show, query) }));
    let by_name = get("name", "everybody", "");
    let names: Vec<String> = labels(&by_name["rows"]).into_iter().map(str::to_owned).collect();
    assert_eq!(
        (names[0].as_str(), names[1].as_str(), names[2].as_str()),
        ("Costa, Lúcia", "Evans, Mair", "Núñez0, Vera0")
    );
    assert_eq!(names.len(), stored.viewers().len() + 1);
    let mut reversed = list("name", "everybody", "");
    reversed["reversed"] = json!(true);
    let turned = program.get("people", json!({ "request": reversed }));
    assert_eq!(labels(&turned["rows"]).last(), Some(&"Costa, Lúcia"));
    let by_covered = get("covered", "everybody", "");
    let covered: Vec<u32> = by_covered["rows"]
        .as_array()
        .unwrap()
        .iter()
        .map(|row| row["covered"].as_str().unwrap().parse().unwrap())
        .collect();
    assert!(covered.is_sorted_by(|one, other| one >= other) && covered[0] > 0, "{covered:?}");
    assert_eq!(labels(&get("name", "everybody", "nunez3")["rows"]), ["Núñez3, Vera3"], "without accents and case");
    assert_eq!(labels(&get("name", "everybody", "EVANS@")["rows"]), ["Evans, Mair"]);
    let nothing = get("name", "openedNothing", "");
    assert_eq!(labels(&nothing["rows"]), ["Costa, Lúcia", "Evans, Mair"]);
    assert_eq!(nothing["rows"][0]["last"], "never");
    assert_eq!(labels(&get("name", "notListed", "")["rows"]).len(), 1);
    // The last records are long ago: everybody who was seen and has three videos open is behind.
    let behind = get("behind", "behind", "");
    assert!(behind["count"].as_u64().unwrap() > 3, "{behind}");
    let rows = program.get("people_rows", json!({ "request": list("name", "everybody", ""), "from": 3 }));
    assert_eq!(labels(&rows), names[3..].iter().map(String::as_str).collect::<Vec<_>>());
    let beyond = program.get("people_rows", json!({ "request": list("name", "everybody", ""), "from": 5_000 }));
    assert_eq!(beyond, json!([]));
}

#[test]
fn decisions_change_every_figure_and_can_be_taken_back() {
    let (program, stored) = named();
    let request = json!({ "request": list("name", "everybody", "") });
    let before = program.get("people", request.clone());
    let keys: Vec<Value> = stored.viewers().into_iter().map(|viewer| json!(viewer)).collect();
    let decide = |keys: &[Value], what: &str| {
        program.get("people_decide", json!({ "request": { "courseId": COURSE, "keys": keys, "what": what } }))
    };
    let viewers = |program: &Program| {
        let overview = program.get(
            "course_overview",
            json!({ "request": {
                "courseId": COURSE, "range": null, "mapMeasure": "reached", "heatMeasure": "viewers", "theme": "light",
                "timeFrame": null,
            } }),
        );
        overview["videos"]
            .as_array()
            .unwrap()
            .iter()
            .map(|video| video["figures"]["viewers"]["value"].as_f64().unwrap())
            .sum::<f64>()
    };
    let all = viewers(&program);
    let left_out = decide(&keys[..2], "leaveOutStaff");
    assert_eq!(left_out["text"], "2 people left out of every figure");
    assert!(viewers(&program) < all);
    let tidy = program.get("people_tidy", json!({ "courseId": COURSE }));
    assert_eq!(tidy["leftOut"].as_array().map(Vec::len), Some(2));
    assert_eq!(tidy["leftOut"][0]["detail"], "staff");
    let page = program.get("people", request.clone());
    assert!(page["told"]["facts"].as_array().unwrap().contains(&json!("without 2 people you left out")));
    // Out of the figures, the two of the class are not said to have opened nothing.
    assert_eq!(page["count"], before["count"].as_u64().unwrap() - 2);
    assert!(labels(&page["rows"]).iter().all(|label| !["Núñez0, Vera0", "Núñez1, Vera1"].contains(label)), "{page}");
    program.get("people_decide_undo", json!({ "undo": left_out["undo"] }));
    assert_eq!(program.get("people", request.clone()), before);
    let joined = decide(&keys[2..4], "join");
    let one = program.get("people", request.clone());
    assert_eq!(one["tidy"], "1 joined");
    decide(&keys[5..6], "leaveOut");
    let late = program.refusal("people_decide_undo", json!({ "undo": joined["undo"] }));
    assert_eq!(late["code"], "invalid-input", "something else was decided since");
    decide(&keys[5..6], "countAgain");
    decide(&keys[2..3], "part");
    assert_eq!(program.get("people", request), before);
    let never = json!({ "request": { "courseId": COURSE, "keys": ["list-15"], "what": "leaveOut" } });
    assert_eq!(program.refusal("people_decide", never)["code"], "invalid-input");
    let nobody = json!({ "request": { "courseId": COURSE, "keys": ["x"], "what": "leaveOut" } });
    assert_eq!(program.refusal("people_decide", nobody)["code"], "not-found");
}

#[test]
fn the_page_of_a_person_is_their_row_and_knows_who_is_next() {
    let (program, stored) = named();
    let rows = program.get("people", json!({ "request": list("name", "everybody", "") }))["rows"].clone();
    let person = |key: &Value| {
        program.get("person", json!({ "request": { "list": list("name", "everybody", ""), "key": key } }))
    };
    for (place, row) in rows.as_array().unwrap().iter().enumerate() {
        let page = person(&row["key"]);
        assert_eq!((&page["label"], &page["key"]), (&row["label"], &row["key"]));
        let opened = page["videos"].as_array().unwrap().iter().filter(|video| video["state"] != "not-opened").count();
        assert_eq!(row["opened"], opened.to_string());
        let of = page["videos"].as_array().unwrap().len();
        let covered = format!("{} of {of}", row["covered"].as_str().unwrap());
        assert_eq!(page["figures"][1]["figure"]["text"], covered);
        assert_eq!(
            page["previous"]["key"],
            place.checked_sub(1).map_or(Value::Null, |before| rows[before]["key"].clone())
        );
        assert_eq!(page["next"]["key"], rows[place + 1]["key"]);
        assert_eq!(page["weeks"].as_array().unwrap().is_empty(), opened == 0);
        for video in page["videos"].as_array().unwrap() {
            let session = video["sessionId"].as_str().unwrap();
            let expected = stored.coverage(session, None).get(row["key"].as_str().unwrap()).copied().flatten();
            if let Some(percent) = expected {
                let told: f64 =
                    video["coverage"].as_str().unwrap().trim_end_matches(" %").trim_start_matches('<').parse().unwrap();
                assert!((told - percent).abs() < 0.11, "{video} {percent}");
                assert_eq!(video["plays"].as_str().map(str::len), Some(40));
            }
        }
    }
    let costa = person(&rows[0]["key"]);
    assert_eq!(costa["facts"], "costa@example.edu · in the class · no viewing recorded");
    assert_eq!(costa["userIds"], json!([]));
    let gone = json!({ "request": { "list": list("name", "everybody", ""), "key": "list-99" } });
    assert_eq!(program.refusal("person", gone)["code"], "not-found");
}

#[test]
fn a_forgotten_person_is_nowhere_any_more() {
    let (program, stored) = named();
    let viewer = *stored.viewers().iter().next().unwrap();
    let told = program.get("person_forget", json!({ "courseId": COURSE, "key": viewer }));
    assert!(told.as_str().unwrap().starts_with("Forgotten: "), "{told}");
    let everything = std::fs::read_to_string(course_dir(&program.data()).join("viewing_activity.csv")).unwrap()
        + &std::fs::read_to_string(program.data().join("people.csv")).unwrap()
        + &program.get("people", json!({ "request": list("name", "everybody", "") })).to_string()
        + &program.get("class_list", json!({ "courseId": COURSE })).to_string();
    assert!(!everything.to_lowercase().contains(viewer) && !everything.contains("viewer0@example.edu"));
    assert_eq!(program.refusal("person_forget", json!({ "courseId": COURSE, "key": viewer }))["code"], "not-found");
    let listed_only = json!({ "courseId": COURSE, "key": "list-15" });
    assert_eq!(program.refusal("person_forget", listed_only)["code"], "invalid-input");
}

#[test]
fn people_are_saved_as_they_are_shown_and_for_their_owner_only() {
    let (program, stored) = named();
    let people = std::fs::read_to_string(program.data().join("people.csv")).unwrap();
    std::fs::write(program.data().join("people.csv"), people.replace("Núñez15", "=HYPERLINK(1)")).unwrap();
    let last = stored.viewers().into_iter().next_back().unwrap();
    let opened = stored.lengths.keys().filter(|video| stored.coverage(video, None).contains_key(last));
    let video = opened.max_by_key(|video| stored.coverage(video, None).len()).unwrap();
    let save = |name: &str, command: &str, request: Value| {
        let path = program.dir.path().join(name);
        program.desktop.will_pick(&path);
        assert_eq!(program.get(command, json!({ "request": request }))["name"], name);
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt as _;
            assert_eq!(std::fs::metadata(&path).unwrap().permissions().mode() & 0o077, 0, "{name}");
        }
        std::fs::read(&path).unwrap()
    };
    let read = |bytes: &[u8]| -> Vec<Vec<String>> {
        let text = std::str::from_utf8(bytes).unwrap().trim_start_matches('\u{feff}');
        let mut reader = csv::ReaderBuilder::new().has_headers(false).from_reader(text.as_bytes());
        reader.records().map(|record| record.unwrap().iter().map(str::to_owned).collect()).collect()
    };
    let by = of_video(video, &json!({ "kind": "range" }));
    let shown = program.get("video_people", by.clone());
    let saved = read(&save("who.csv", "video_people_save", by["request"].clone()));
    let groups = shown["groups"].as_array().unwrap().iter().map(|group| (group, "yes"));
    let listed: Vec<(&str, &str)> = groups
        .chain([(&shown["notListed"], "no")])
        .flat_map(|(group, is_listed)| labels(&group["people"]).into_iter().map(move |label| (label, is_listed)))
        .collect();
    assert_eq!(listed.iter().filter(|(_, is_listed)| *is_listed == "no").count(), 1, "a viewer is on no list");
    assert_eq!(saved[0][3], "On the class list");
    assert_eq!(
        saved[1..].iter().map(|row| (row[0].trim_start_matches('\''), row[3].as_str())).collect::<Vec<_>>(),
        listed
    );
    let states: BTreeSet<&str> = saved[1..].iter().map(|row| row[4].as_str()).collect();
    assert!(states.is_subset(&BTreeSet::from(["not-opened", "started", "covered"])) && states.len() > 1, "{states:?}");

    let request = |what: &str, show: &str| json!({ "of": list("name", show, ""), "what": what, "theme": "light" });
    let list_file = read(&save("list.csv", "people_save", request("list", "everybody")));
    assert_eq!(list_file.len(), stored.viewers().len() + 2);
    let matrix = read(&save("matrix.csv", "people_save", request("matrix", "notListed")));
    assert_eq!(matrix.len(), 2);
    assert!(matrix[1][0].starts_with("'="), "a name is no formula: {}", matrix[1][0]);
    assert!(save("matrix.svg", "people_save", request("svg", "everybody")).starts_with(b"<svg"));
    assert!(save("matrix.png", "people_save", request("png", "everybody")).starts_with(b"\x89PNG"));
    let key = stored.viewers().into_iter().next().unwrap();
    let of = json!({ "list": list("name", "everybody", ""), "key": key });
    let printed = save("person.html", "person_save", json!({ "of": of, "what": "page" }));
    let printed = String::from_utf8(printed).unwrap();
    assert!(
        printed.starts_with("<!doctype html>")
            && printed.contains("<h1 dir=\"auto\">Núñez0, Vera0</h1>")
            && printed.contains("<table>")
    );
    let one = read(&save("person.csv", "person_save", json!({ "of": of, "what": "csv" })));
    assert!(one.len() > 5 && one[0][0] == "Number");
    // Nothing is written where the dialog is closed.
    let nothing = program.get("people_save", json!({ "request": request("list", "everybody") }));
    assert_eq!(nothing, Value::Null);
    program.get("addresses_copied", json!({}));
    // When and where names went, and no name.
    let journal = std::fs::read_to_string(program.data().join("exports-with-names.csv")).unwrap();
    let kinds: Vec<&str> = journal.lines().skip(1).filter_map(|line| line.split(',').nth(1)).collect();
    assert_eq!(kinds, ["viewers", "people", "people", "people", "people", "person", "person", "addresses"]);
    assert!(journal.contains("who.csv") && !journal.contains("ñez"), "{journal}");
}
