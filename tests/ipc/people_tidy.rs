//! What *Tidy people* suggests, each with its reason.

use serde_json::json;

use crate::people_stored::{COURSE, named};
use crate::support::Program;

#[test]
fn whoever_may_do_more_in_panopto_than_watch_is_suggested_with_the_reason() {
    let (program, stored) = named();
    let tidy = |program: &Program| program.get("people_tidy", json!({ "courseId": COURSE }))["staff"].clone();
    assert_eq!(tidy(&program), json!([]));
    let file = program.data().join("people.csv");
    let text = std::fs::read_to_string(&file).unwrap();
    let viewers = stored.viewers();
    // As an earlier version wrote it, and a column more.
    let mut lines = text.lines();
    let mut written = format!("{},PanoptoRole", lines.next().unwrap());
    for line in lines {
        let is_viewer = viewers.iter().any(|viewer| line.starts_with(*viewer));
        written += "\n";
        written += line;
        written += if is_viewer { ",administrator" } else { "," };
    }
    std::fs::write(&file, written).unwrap();
    let suggested = tidy(&program);
    let suggested = suggested.as_array().unwrap();
    // Those who are in the class are students, whatever they may do.
    assert!(!suggested.is_empty() && suggested.len() < viewers.len(), "{suggested:?}");
    assert!(suggested.iter().all(|one| one["detail"] == "an administrator of Panopto"), "{suggested:?}");
}

#[test]
fn a_suggestion_that_is_refused_does_not_come_back_until_it_may() {
    let (program, stored) = named();
    let viewers: Vec<&str> = stored.viewers().into_iter().collect();
    // Two who are not in the class have one address, and one of them may do more than watch.
    let heads = "UserId,NameState,UserName,FirstName,LastName,Email,AskedAt,Role,LeftOut,PersonUserId,PanoptoRole";
    let line = |viewer: &str, role: &str| {
        format!("{viewer},named,unified\\{role}x,A,B,one@example.edu,2026-11-01T08:00:00Z,,,,{role}\n")
    };
    program.get("class_list_remove", json!({ "courseId": COURSE }));
    let file = program.data().join("people.csv");
    std::fs::write(&file, format!("{heads}\n{}{}", line(viewers[0], "administrator"), line(viewers[1], ""))).unwrap();
    let tidy = || program.get("people_tidy", json!({ "courseId": COURSE }));
    let decide = |keys: &serde_json::Value, what: &str| {
        program.get("people_decide", json!({ "request": { "courseId": COURSE, "keys": keys, "what": what } }))
    };
    let before = tidy();
    let (pair, staff) = (before["suggestions"][0]["keys"].clone(), json!([before["staff"][0]["key"]]));
    assert_eq!([&before["suggestions"], &before["staff"]].map(|list| list.as_array().unwrap().len()), [1, 1]);
    assert_eq!(before["refused"], json!([]));
    decide(&pair, "different");
    let undo = decide(&staff, "taught")["undo"].clone();
    let refused = tidy();
    assert_eq!([&refused["suggestions"], &refused["staff"]], [&json!([]), &json!([])]);
    let details = refused["refused"].as_array().unwrap().iter().map(|one| one["detail"].as_str().unwrap());
    assert_eq!(details.collect::<Vec<_>>(), ["two people", "not staff"]);
    program.get("people_decide_undo", json!({ "undo": undo }));
    assert_eq!(tidy()["staff"], before["staff"]);
    decide(&staff, "taught");
    decide(&pair, "suggestAgain");
    decide(&staff, "suggestAgain");
    assert_eq!(tidy(), before);
}
