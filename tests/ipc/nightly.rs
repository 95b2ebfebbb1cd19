//! The nightly job in the window: one switch, told to a system that takes every job.

use serde_json::json;

use crate::support::Program;

fn exported(program: &Program) {
    let last = engine::settings::LastExport {
        dir: program.dir.path().join("Tableau"),
        courses: None,
        pseudonyms: false,
        formula_guard: false,
        tables: false,
    };
    program.shell().own.settings_file.update(|settings| settings.last_export = Some(last)).unwrap();
}

#[test]
fn it_is_switched_on_changed_and_off() {
    let program = Program::start();
    let off = program.get("nightly_get", json!({}));
    assert_eq!((&off["on"], &off["at"], &off["folder"]), (&json!(false), &json!("02:30"), &json!(null)));
    let set = |on: bool, at: &str| json!({ "request": { "on": on, "at": at, "digest": true } });
    let refusal = program.refusal("nightly_set", set(true, "02:30"));
    assert!(refusal["message"].as_str().unwrap().contains("no export to repeat"), "{refusal}");

    exported(&program);
    let on = program.get("nightly_set", set(true, "4:15"));
    assert_eq!((&on["on"], &on["at"], &on["trouble"]), (&json!(true), &json!("04:15"), &json!(null)));
    assert!(on["next"].as_str().unwrap().starts_with("Next: ") && on["next"].as_str().unwrap().ends_with(", 04:15"));
    let timer = program.dir.path().join("units/panopto-analytics-nightly.timer");
    assert!(std::fs::read_to_string(&timer).unwrap().contains("*-*-* 04:15:00"));
    let refusal = program.refusal("nightly_set", set(true, "half past"));
    assert_eq!(refusal["code"], "invalid-input");

    std::fs::write(&timer, "somebody else's").unwrap();
    let foreign = program.get("nightly_get", json!({}));
    assert!(foreign["trouble"]["message"].as_str().unwrap().contains("is not from this program"), "{foreign}");
    assert_eq!(foreign["next"], json!(null));
    std::fs::remove_file(&timer).unwrap();
    assert_eq!(program.get("nightly_get", json!({}))["trouble"]["code"], "data-file-invalid");
    assert_eq!(program.get("nightly_set", set(true, "04:15"))["trouble"], json!(null));
    assert_eq!(program.get("nightly_set", set(false, "04:15"))["on"], json!(false));
    assert!(!program.dir.path().join("units").exists());
}

#[test]
fn damaged_results_are_told_where_the_results_stand() {
    let program = Program::start();
    exported(&program);
    std::fs::write(program.dir.path().join("config/nightly.json"), "{").unwrap();
    let shown = program.get("nightly_get", json!({}));
    assert_eq!(shown["trouble"]["hint"], "The next night writes them anew");
    assert_eq!(shown["last"], json!(null));
}
