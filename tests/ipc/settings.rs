//! Settings, folders, diagnostics, versions.

use serde_json::{Value, json};

use crate::support::{Program, connected};

#[test]
fn settings_are_changed_one_at_a_time_and_kept() {
    let program = Program::start();
    let set = |patch: Value| program.get("settings_set", json!({ "request": patch }));
    assert_eq!(set(json!({ "appearance": "dark" }))["appearance"], "dark");
    assert_eq!(set(json!({ "lookbackDays": 5 }))["timeZone"], "America/Vancouver");
    let computer = set(json!({ "timeZone": "" }));
    assert_eq!(computer["timeZone"], computer["computerTimeZone"]);
    assert_eq!(set(json!({ "timeZone": "Europe/Zurich" }))["timeZone"], "Europe/Zurich");
    assert_eq!(set(json!({ "fewerCalls": true }))["fewerCalls"], true);
    let again = Program::start_in(program.dir).get("settings_get", json!({}));
    assert_eq!((&again["appearance"], &again["lookbackDays"]), (&json!("dark"), &json!(5)));
    assert_eq!(again["fewerCalls"], true);
    assert_eq!(again["mostLookbackDays"], json!(engine::settings::MAX_LOOKBACK_DAYS));
}

#[test]
fn the_time_zone_goes_with_the_data_folder_and_not_with_the_settings() {
    let program = Program::start();
    program.get("settings_set", json!({ "request": { "timeZone": "Asia/Tokyo" } }));
    let kept = program.data().join(".panopto-analytics/time-zone.txt");
    assert_eq!(std::fs::read_to_string(&kept).unwrap(), "Asia/Tokyo\n");
    // Another computer, or the command line, has chosen a different zone.
    std::fs::write(&kept, "Europe/Zurich\n").unwrap();
    assert_eq!(program.get("settings_get", json!({}))["timeZone"], "Europe/Zurich");
}

#[test]
fn a_wrong_time_zone_is_refused_and_changes_nothing() {
    let program = Program::start();
    let refusal = program.refusal("settings_set", json!({ "request": { "timeZone": "Mars/Base" } }));
    assert_eq!(refusal["code"], "invalid-input");
    assert!(refusal["hint"].as_str().unwrap().contains("IANA"));
    assert_eq!(program.get("settings_get", json!({}))["timeZone"], "America/Vancouver");
}

#[test]
fn the_data_folder_moves_with_everything_in_it() {
    let program = Program::start();
    program.get("courses_add", json!({ "inputs": ["6513270e-269e-4d37-b2a7-4de452e6b438"] }));
    let target = program.dir.path().join("moved");
    program.desktop.will_pick(&target);
    let settings = program.get("data_folder_move_pick", json!({ "jobId": "move" }));
    assert_eq!(settings["dataFolder"], target.display().to_string());
    assert!(target.join("courses.csv").exists() && !program.data().exists());
    assert_eq!(program.get("courses_list", json!({})).as_array().unwrap().len(), 1);

    std::fs::create_dir(program.dir.path().join("full")).unwrap();
    std::fs::write(program.dir.path().join("full/letter.txt"), "mine").unwrap();
    program.desktop.will_pick(program.dir.path().join("full"));
    let refusal = program.refusal("data_folder_move_pick", json!({ "jobId": "again" }));
    assert!(refusal["message"].as_str().unwrap().contains("not empty"));
    assert!(target.join("courses.csv").exists());

    program.desktop.will_pick(&target);
    assert_eq!(program.get("data_folder_move_pick", json!({ "jobId": "same" })), Value::Null);
    assert_eq!(program.get("data_folder_move_pick", json!({ "jobId": "closed" })), Value::Null);
}

#[test]
fn the_folder_of_the_scripts_is_opened_as_it_is() {
    let program = Program::start();
    let refusal = program.refusal("data_folder_open_path", json!({ "path": program.dir.path() }));
    assert_eq!(refusal["code"], "invalid-input");
    let golden = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/fixtures/golden");
    let state = program.get("data_folder_open_path", json!({ "path": golden }));
    assert_eq!(state["configured"], true);
    let courses = state["courses"].as_array().unwrap();
    assert_eq!(courses.len(), 2);
    assert!(courses.iter().all(|course| course["hasData"] == true && course["viewers"]["value"].as_f64() > Some(0.0)));
}

#[test]
fn a_damaged_course_list_is_a_notice_and_made_anew_on_request() {
    let program = Program::start();
    crate::course_list::copy(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/fixtures/golden").as_ref(), &program.data());
    let list = program.data().join("courses.csv");
    let before = program.get("courses_list", json!({}));
    std::fs::write(&list, "PanoptoFolderName,PanoptoFolderID\nX,not-an-id\n").unwrap();
    for missing in [false, true] {
        if missing {
            std::fs::remove_file(&list).unwrap();
        }
        let state = program.get("app_state", json!({}));
        let notice = &state["notices"][0];
        assert!(notice["message"].as_str().unwrap().contains("courses.csv"), "{notice}");
        assert_eq!(notice["actions"], json!(["openDataFolder", "repairCourses"]));
        assert_eq!((&state["courses"], missing), (&json!([]), !list.exists()), "looking makes nothing");
        let repaired = program.get("courses_repair", json!({}));
        assert_eq!((&repaired["notices"], &repaired["courses"]), (&json!([]), &before));
    }
    assert_eq!(program.refusal("courses_repair", json!({}))["code"], "invalid-input");
}

/// The defaults name another server, time zone and data folder.
#[test]
fn damaged_settings_are_told_and_nothing_is_written_until_the_person_decides() {
    let program = Program::start();
    program.get("settings_set", json!({ "request": { "lookbackDays": 7 } }));
    let file = program.dir.path().join("config/settings.json");
    std::fs::write(&file, "{ oops").unwrap();
    let state = program.get("app_state", json!({}));
    assert_eq!(state["notices"].as_array().unwrap().len(), 1, "{}", state["notices"]);
    assert!(
        state["notices"][0]["message"].as_str().unwrap().contains("settings.json” is damaged at line 1"),
        "{state}"
    );
    assert_eq!(state["notices"][0]["actions"], json!(["restoreSettings", "defaultSettings"]));
    for (command, arguments) in [
        ("settings_set", json!({ "request": { "lookbackDays": 3 } })),
        ("courses_add", json!({ "inputs": ["6513270e-269e-4d37-b2a7-4de452e6b438"] })),
        (
            "connection_set",
            json!({ "request": { "server": "uni.example", "clientId": "x", "clientSecret": null, "pkce": false } }),
        ),
        ("courses_list", json!({})),
    ] {
        assert_eq!(program.refusal(command, arguments)["code"], "data-file-invalid", "{command}");
    }
    assert_eq!(std::fs::read_to_string(&file).unwrap(), "{ oops");
    assert!(!program.dir.path().join("usual").exists(), "no other data folder is made");

    let restored = program.get("settings_restore", json!({ "defaults": false }));
    assert_eq!(restored["notices"], json!([]));
    let settings = program.get("settings_get", json!({}));
    assert_eq!((&settings["lookbackDays"], &settings["timeZone"]), (&json!(7), &json!("America/Vancouver")));
    assert_eq!(settings["dataFolder"], program.data().display().to_string());

    std::fs::write(&file, "[]").unwrap();
    program.get("settings_restore", json!({ "defaults": true }));
    assert_eq!(program.get("settings_get", json!({}))["lookbackDays"], 2);
}

#[test]
fn known_folders_are_opened_and_no_others() {
    let program = Program::start();
    program.get("open_folder", json!({ "folder": "data" }));
    assert_eq!(*program.desktop.opened.lock().unwrap(), [program.data().display().to_string()]);
    assert_eq!(program.refusal("open_folder", json!({ "folder": "export" }))["code"], "not-found");
    let refusal = program.refusal("open_folder", json!({ "folder": "/etc" }));
    assert_eq!((&refusal["code"], program.desktop.opened.lock().unwrap().len()), (&json!("internal"), 1), "{refusal}");
}

#[test]
fn the_diagnostic_text_holds_no_secret_and_no_name() {
    let (program, server) = connected();
    program.get("courses_add", json!({ "inputs": [sim::DEMO_COURSES[0].folder_id] }));
    program.refusal("courses_import_path", json!({ "path": "/nowhere/Ann's courses.csv" }));
    let text = program.get("diagnostics_text", json!({}));
    let text = text.as_str().unwrap();
    assert!(text.contains("Panopto Video Analytics 0.") && text.contains("password set"), "{text}");
    let data = program.data();
    for hidden in [
        sim::DEMO_PASSWORD,
        sim::DEMO_CLIENT_SECRET,
        sim::DEMO_CLIENT_ID,
        sim::DEMO_USER,
        sim::DEMO_COURSES[0].name,
        server.base_url().as_str(),
        data.to_str().unwrap(),
        "Ann",
    ] {
        assert!(!text.contains(hidden), "`{hidden}` is in\n{text}");
    }
}

#[test]
fn time_zones_and_components_are_listed() {
    let program = Program::start();
    let zones = program.get("time_zones", json!({}));
    assert!(zones.as_array().unwrap().contains(&json!("Europe/Zurich")));
    let about = program.get("about", json!({}));
    assert!(about["components"].as_array().unwrap().iter().any(|component| component["name"] == "tauri"));
}

#[test]
fn what_was_on_screen_is_remembered() {
    let program = Program::start();
    let id = "6513270e-269e-4d37-b2a7-4de452e6b438";
    program.get("courses_add", json!({ "inputs": [id] }));
    let chosen = |preset: Value, from: &str| json!({ "preset": preset, "range": { "from": from, "to": "2020-11-22" } });
    let mut view = json!({
        "courseId": id, "compared": {}, "tab": "heat", "mapMeasure": "covered", "heatMeasure": "watchTime",
        "zoomPercent": 150, "tableSort": { "key": "watchTime", "up": false },
        "timeline": "byPart", "videoOrder": "firstViewed",
        "ranges": { id: chosen(json!("last7"), "2020-11-16") },
    });
    program.get("view_remember", json!({ "view": view }));
    let again = Program::start_in(program.dir);
    assert_eq!(again.get("app_state", json!({}))["view"], view);

    // Choices for a course that is not on the list, and choices of impossible days, are dropped.
    view["ranges"]["720ecd90-37f0-433d-a28f-01b129741837"] = chosen(Value::Null, "2020-11-01");
    again.get("view_remember", json!({ "view": view }));
    assert_eq!(again.get("app_state", json!({}))["view"]["ranges"], json!({ id: view["ranges"][id] }));
    view["ranges"] = json!({ id: chosen(Value::Null, "soon") });
    again.get("view_remember", json!({ "view": view }));
    assert_eq!(again.get("app_state", json!({}))["view"]["ranges"], json!({}));
}

#[test]
fn what_an_older_version_remembered_of_the_window_is_kept() {
    let program = Program::start();
    let view = json!({ "courseId": "x", "tab": "top", "mapMeasure": "covered", "heatMeasure": "watchTime" });
    std::fs::write(program.dir.path().join("config/window.json"), json!({ "view": view }).to_string()).unwrap();
    let state = Program::start_in(program.dir).get("app_state", json!({}));
    assert_eq!((&state["view"]["tab"], &state["view"]["tableSort"]["key"]), (&json!("top"), &json!("order")));
    assert_eq!(state["view"]["ranges"], json!({}));
}

#[test]
fn a_chosen_folder_that_is_gone_does_not_come_by_itself() {
    let program = Program::start();
    std::fs::remove_dir(program.data()).unwrap();
    assert_eq!(program.get("settings_get", json!({}))["dataFolderToCome"], json!(false));
}

#[test]
fn damaged_data_is_told_at_its_course_and_hides_no_other() {
    let program = Program::start();
    crate::course_list::copy(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/fixtures/golden").as_ref(), &program.data());
    let id = program.get("courses_list", json!({}))[0]["id"].as_str().unwrap().to_owned();
    let mut directories =
        std::fs::read_dir(program.data().join("database")).unwrap().map(|entry| entry.unwrap().path());
    let directory = directories.find(|path| path.to_string_lossy().to_lowercase().contains(&id)).unwrap();
    std::fs::write(directory.join("viewing_activity.csv"), "SessionId,UserId\nx,y\n").unwrap();
    let courses = program.get("courses_list", json!({}));
    let error = &courses[0]["lastSync"]["error"];
    assert_eq!(error["code"], "data-file-invalid");
    assert!(error["message"].as_str().unwrap().contains("viewing_activity.csv"));
    assert!(courses[1]["viewers"]["value"].as_f64() > Some(0.0));
}
