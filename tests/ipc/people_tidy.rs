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
