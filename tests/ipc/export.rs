//! The export for Tableau from the window.

use serde_json::{Value, json};

use crate::support::{CHANNEL, Program};

fn choice(pseudonyms: bool) -> Value {
    json!({ "courseIds": null, "pseudonyms": pseudonyms, "formulaGuard": false, "tables": false })
}

fn run(pseudonyms: bool) -> Value {
    json!({ "request": choice(pseudonyms), "jobId": "export", "onEvent": CHANNEL })
}

#[test]
fn it_is_looked_ahead_written_remembered_and_repeated() {
    let program = Program::start();
    let nothing = program.get("export_preview", json!({ "request": choice(false) }));
    assert_eq!((&nothing["ready"], &nothing["folder"]), (&json!(false), &Value::Null));
    program.sample();
    assert_eq!(program.refusal("export_again", json!({ "jobId": "a", "onEvent": CHANNEL }))["code"], "not-found");
    let preview = program.get("export_preview", json!({ "request": choice(false) }));
    assert_eq!((&preview["ready"], &preview["files"][2]["replaces"]), (&json!(false), &json!(false)));
    assert!(preview["text"].as_str().unwrap().starts_with("3 courses, "), "{preview}");
    assert_eq!(program.get("export_pick_folder", json!({ "request": choice(false) })), Value::Null);

    let target = program.dir.path().join("tableau");
    std::fs::create_dir(&target).unwrap();
    program.desktop.will_pick(&target);
    let preview = program.get("export_pick_folder", json!({ "request": choice(false) }));
    assert_eq!((&preview["ready"], &preview["folder"]), (&json!(true), &json!(target.display().to_string())));
    let report = program.get("export_run", run(false));
    assert_eq!(report["text"], "3 files written");
    let names: Vec<&str> =
        report["files"].as_array().unwrap().iter().map(|file| file["name"].as_str().unwrap()).collect();
    for name in &names {
        assert!(target.join(name).metadata().unwrap().len() > 1_000, "{name}");
    }
    assert!(report["memory"]["last"].is_string());
    let again = program.get("export_preview", json!({ "request": choice(false) }));
    assert!(again["files"].as_array().unwrap().iter().all(|file| file["replaces"] == true));

    let plain = std::fs::read(target.join("chunked_data.csv")).unwrap();
    program.get("export_run", run(true));
    let hidden = std::fs::read(target.join("chunked_data.csv")).unwrap();
    assert!(plain != hidden && plain.len() == hidden.len());
    std::fs::remove_file(target.join("chunked_data.csv")).unwrap();
    program.get("export_again", json!({ "jobId": "again", "onEvent": CHANNEL }));
    assert!(std::fs::read(target.join("chunked_data.csv")).unwrap() == hidden, "the same pseudonyms again");

    std::fs::remove_dir_all(&target).unwrap();
    let gone = program.get("export_preview", json!({ "request": choice(false) }));
    assert!(gone["ready"] == false && gone["warnings"][0].as_str().unwrap().contains("not there any more"), "{gone}");
    program.get("leave_sample", json!({}));
    assert_eq!(program.get("app_state", json!({}))["exportMemory"], Value::Null);
}
