//! Credit for watching in the window: the preview is what the command line gives, what is decided counts, and files are saved
//! without touching any other.

use serde_json::{Value, json};

use crate::people_stored::{COURSE, Stored, named};
use crate::support::Program;

fn asked(stored: &Stored, by: &str) -> Value {
    json!({
        "courseId": COURSE, "sessionIds": stored.lengths.keys().take(3).collect::<Vec<_>>(), "by": by, "graceMinutes": 0,
        "thresholdPercent": 75.0, "points": 10.0, "proportional": false, "decimals": 1, "zeroFor": "nobody", "decided": [],
    })
}

fn person<'p>(preview: &'p Value, label: &str) -> &'p Value {
    preview["rows"].as_array().unwrap().iter().find(|row| row["label"] == label).expect("a person of the list")
}

fn preview(program: &Program, asked: &Value) -> Value {
    program.get("credit_preview", json!({ "request": asked }))
}

#[test]
fn everybody_of_the_class_gets_what_an_independent_count_gives() {
    let (program, stored) = named();
    let shown = preview(&program, &asked(&stored, "2199-01-01"));
    let videos: Vec<_> = stored.lengths.keys().take(3).map(|video| stored.coverage(video, None)).collect();
    let mut with_points = 0;
    for (place, viewer) in stored.viewers().iter().enumerate().take(stored.viewers().len() - 1) {
        let row = person(&shown, &format!("Núñez{place}, Vera{place}"));
        if videos.iter().all(|video| !video.contains_key(viewer)) {
            assert_eq!(
                (&row["points"], &row["note"]),
                (&json!("–"), &json!("no viewing recorded before the deadline"))
            );
            continue;
        }
        let covered =
            videos.iter().filter(|video| video.get(viewer).copied().flatten().is_some_and(|it| it >= 75.0)).count();
        let expected = (covered as f64 / 3.0 * 100.0).round() / 10.0;
        assert_eq!(row["points"], expected.to_string(), "{row}");
        with_points += 1;
    }
    assert_eq!(shown["summary"][0], format!("{with_points} with points"));
    assert_eq!(person(&shown, "Costa, Lúcia")["note"], "not found among the viewers");
    // Before anything was recorded nobody has any points.
    let early = preview(&program, &asked(&stored, "2000-01-01"));
    assert_eq!(early["summary"][0], "0 with points");
    let mut strict = asked(&stored, "2000-01-01");
    strict["zeroFor"] = json!("notFound");
    assert_eq!(person(&preview(&program, &strict), "Costa, Lúcia")["points"], "0");
}

#[test]
fn a_value_of_ones_own_needs_a_reason_and_is_told_as_such() {
    let (program, stored) = named();
    let mut own = asked(&stored, "2199-01-01");
    let place = person(&preview(&program, &own), "Evans, Mair")["place"].clone();
    own["decided"] = json!([{ "place": place, "points": 7.5, "reason": "was ill" }]);
    let decided = preview(&program, &own);
    let evans = person(&decided, "Evans, Mair");
    assert_eq!((&evans["points"], &evans["reason"]), (&json!("7.5"), &json!("was ill")));
    assert!(decided["text"].as_str().unwrap().contains("decided by you, with a reason: 1"), "{decided}");
    for (points, reason) in [(json!(7.5), " "), (json!(10.5), "too much"), (json!(-1), "too little")] {
        own["decided"] = json!([{ "place": place, "points": points, "reason": reason }]);
        assert_eq!(program.refusal("credit_preview", json!({ "request": own }))["code"], "invalid-input");
    }
    program.get("settings_set", json!({ "request": { "showNames": false } }));
    own["decided"] = json!([]);
    let hidden = preview(&program, &own).to_string();
    assert!(!hidden.contains("Evans") && hidden.contains("Person 17 on the list"), "{hidden}");
}

#[test]
fn files_are_saved_under_names_of_their_own() {
    let (program, stored) = named();
    let of = asked(&stored, "2199-01-01");
    let choices = program.get("credit_choices", json!({ "courseId": COURSE }));
    assert_eq!(choices["formats"].as_array().map(Vec::len), Some(6));
    assert_eq!(choices["likely"], "plain", "what was pasted came from no gradebook");
    let path = program.dir.path().join("credit.csv");
    // A text of this name is somebody else's.
    std::fs::write(program.dir.path().join("credit – what was counted.txt"), "mine").unwrap();
    program.desktop.will_pick(&path);
    let request = json!({ "request": { "of": of, "format": "plain", "title": "Watched" } });
    let saved = program.get("credit_save", request.clone());
    assert_eq!(saved["file"]["name"], "credit.csv");
    assert!(std::fs::read_to_string(&path).unwrap().contains("viewer0@example.edu"));
    let texts: Vec<String> = ["credit – what was counted.txt", "credit – what was counted (2).txt"]
        .into_iter()
        .map(|name| std::fs::read_to_string(program.dir.path().join(name)).unwrap())
        .collect();
    assert_eq!(texts[0], "mine");
    assert!(texts[1].starts_with("Credit for watching: COMM 291"), "{}", texts[1]);
    assert!(!texts[1].contains("Vera"), "no name");
    assert_eq!(program.get("credit_save", request), Value::Null, "the dialog was closed");
    let wrong = json!({ "request": { "of": of, "format": "xls", "title": "Watched" } });
    assert_eq!(program.refusal("credit_save", wrong)["code"], "invalid-input");
    let untitled = json!({ "request": { "of": of, "format": "canvas", "title": " " } });
    assert_eq!(program.refusal("credit_save", untitled)["code"], "invalid-input");
}

#[test]
fn one_column_of_a_gradebook_export_is_filled_and_the_export_stays() {
    let (program, stored) = named();
    let export = "Student,ID,SIS Login ID,Section,Quiz 1,Watched\n    Points Possible,,,,5,10\n\"Núñez0, Vera0\",1,viewer0@example.edu,A,4,\n\"Evans, Mair\",2,evans@example.edu,A,5,\n";
    let picked = program.dir.path().join("grades.csv");
    std::fs::write(&picked, export).unwrap();
    let of = asked(&stored, "2199-01-01");
    let expected = person(&preview(&program, &of), "Núñez0, Vera0")["points"].as_str().unwrap().to_owned();
    let expected = if expected == "–" { String::new() } else { expected };
    let filled = program.dir.path().join("filled.csv");
    program.desktop.will_pick(&picked);
    program.desktop.will_pick(&filled);
    let request = json!({ "request": { "of": of, "column": "Watched" } });
    let saved = program.get("credit_fill", request);
    assert_eq!(saved["file"]["name"], "filled.csv");
    assert_eq!(std::fs::read_to_string(&picked).unwrap(), export);
    let line = "viewer0@example.edu,A,4,\n".to_owned();
    assert_eq!(
        std::fs::read_to_string(&filled).unwrap(),
        export.replace(&line, &format!("viewer0@example.edu,A,4,{expected}\n"))
    );
    program.desktop.will_pick(&picked);
    let missing = json!({ "request": { "of": of, "column": "No such column" } });
    let refused = program.refusal("credit_fill", missing);
    assert!(refused["message"].as_str().unwrap().contains("grades.csv"), "{refused}");
}
