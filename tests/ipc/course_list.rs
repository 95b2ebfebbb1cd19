//! Finding, adding, importing, removing and undoing.

use serde_json::{Value, json};

use crate::support::{Program, connected};

const ID: &str = "6513270e-269e-4d37-b2a7-4de452e6b438";

#[test]
fn folders_are_found_by_name_and_among_ones_own() {
    let (program, _server) = connected();
    let sim::DemoCourse { name, folder_id: id } = sim::DEMO_COURSES[0];
    let word = name.split_whitespace().next().unwrap();
    let hits = program.get("folders_search", json!({ "query": word }));
    let hit = hits["hits"].as_array().unwrap().iter().find(|hit| hit["id"] == id).expect("the course is found").clone();
    assert_eq!(hit["name"], name);
    // The user's own folders come as a tree, because a course is a folder with everything below it.
    let mine = program.get("folders_mine", json!({}));
    let mine = mine["hits"].as_array().unwrap();
    let at = mine.iter().position(|hit| hit["id"] == id).expect("the course is one's own");
    assert_eq!((&mine[at]["level"], &mine[at]["hasBelow"], &mine[at]["path"]), (&json!(1), &json!(true), &Value::Null));
    let below = &mine[at + 1];
    assert_eq!((&below["level"], &below["path"]), (&json!(2), &json!(name)), "{below}");
    let deepest = mine.iter().find(|hit| hit["level"] == 3).expect("there are weeks in the lectures");
    assert!(deepest["path"].as_str().unwrap().ends_with(" › Lectures"), "{deepest}");
}

#[test]
fn a_folder_that_is_found_says_which_folder_it_is_in() {
    let (program, server) = connected();
    let (below, above) = {
        let world = server.world();
        let below = world.folders.iter().find(|folder| folder.parent.is_some() && folder.visible).unwrap().clone();
        let above = world.folders.iter().find(|folder| Some(folder.id) == below.parent).unwrap().clone();
        (below, above)
    };
    let asked = server.requests().len();
    let hits = program.get("folders_search", json!({ "query": below.name }));
    let hits = hits["hits"].as_array().unwrap();
    let hit = hits.iter().find(|hit| hit["id"] == below.id.to_string()).expect("the folder is found");
    assert_eq!(hit["path"], above.name);
    // The server gives its name, so nothing more is requested.
    let paths: Vec<String> = server.requests().split_off(asked).into_iter().map(|request| request.path).collect();
    assert!(paths.iter().all(|path| path.contains("/folders/search") || !path.contains("/folders/")), "{paths:?}");
}

#[test]
fn links_are_added_with_the_servers_name_and_each_refusal_says_why() {
    let (program, server) = connected();
    let sim::DemoCourse { name, folder_id: id } = sim::DEMO_COURSES[0];
    let link = format!("{}/Panopto/Pages/Sessions/List.aspx#folderID=%22{id}%22", server.base_url());
    let report = program.get("courses_add", json!({ "inputs": [link, id, "nonsense", ID] }));
    assert_eq!(report["added"][0]["name"], name);
    assert_eq!(report["already"][0]["id"], id);
    let codes: Vec<&Value> =
        report["refused"].as_array().unwrap().iter().map(|refused| &refused["error"]["code"]).collect();
    assert_eq!(codes, [&json!("invalid-input"), &json!("not-found")]);
}

#[test]
fn without_a_server_a_folder_is_added_by_its_id() {
    let program = Program::start();
    let report = program.get("courses_add", json!({ "inputs": [ID.to_uppercase()] }));
    assert_eq!((&report["added"][0]["name"], &report["added"][0]["hasData"]), (&json!(ID), &json!(false)));
    assert_eq!(program.get("app_state", json!({}))["configured"], true);
}

#[test]
fn a_course_list_is_imported_by_picker_and_by_drop() {
    let program = Program::start();
    let file = program.dir.path().join("courses.csv");
    std::fs::write(&file, format!("PanoptoFolderName,PanoptoFolderID\nCOMM 290,{ID}\n")).unwrap();
    program.desktop.will_pick(&file);
    let report = program.get("courses_import_pick", json!({}));
    assert_eq!(report["added"][0]["name"], "COMM 290");
    let report = program.get("courses_import_path", json!({ "path": file }));
    assert_eq!(report["already"].as_array().unwrap().len(), 1);
    std::fs::write(&file, "a,b\n1,2\n").unwrap();
    assert_eq!(program.refusal("courses_import_path", json!({ "path": file }))["code"], "course-file-invalid");
}

#[test]
fn a_removal_is_undone_and_the_data_is_back() {
    let program = Program::start();
    let golden = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/fixtures/golden");
    copy(golden.as_ref(), &program.data());
    let before = program.get("courses_list", json!({}));
    let id = before[0]["id"].as_str().unwrap();
    for delete_data in [false, true] {
        let removed = program.get("course_remove", json!({ "courseId": id, "deleteData": delete_data }));
        let left = program.get("courses_list", json!({}));
        assert_eq!((left.as_array().unwrap().len(), &left[0]["id"]), (1, &before[1]["id"]));
        assert!(removed["text"].as_str().unwrap().contains(before[0]["name"].as_str().unwrap()));
        assert_eq!(program.get("course_remove_undo", json!({ "undo": removed["undo"] })), before);
    }
    assert_eq!(program.refusal("course_remove_undo", json!({ "undo": "never" }))["code"], "not-found");
    assert_eq!(
        program.refusal("course_remove", json!({ "courseId": ID.replace('6', "7"), "deleteData": true }))["code"],
        "not-found"
    );
}

/// Does what the sentence promises. If the window is killed, the next start does so: see the engine's tests of
/// promises.
#[test]
fn removed_data_is_deleted_when_the_program_is_closed() {
    let program = Program::start();
    copy(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/fixtures/golden").as_ref(), &program.data());
    let id = program.get("courses_list", json!({}))[0]["id"].as_str().unwrap().to_owned();
    let is_in_trash = || {
        let entries = std::fs::read_dir(program.data().join(".panopto-analytics/trash"));
        entries.is_ok_and(|mut entries| entries.any(|entry| entry.unwrap().file_name().to_str().unwrap().contains(&id)))
    };
    let removed = program.get("course_remove", json!({ "courseId": id, "deleteData": true }));
    assert!(removed["text"].as_str().unwrap().ends_with("its data is deleted when the program is closed"));
    assert!(is_in_trash(), "until then it can be undone");
    tokio::runtime::Runtime::new().unwrap().block_on(program.shell().leave());
    assert!(!is_in_trash());
}

#[cfg(unix)]
#[test]
fn removing_a_course_whose_folder_is_a_link_says_what_stays() {
    let program = Program::start();
    copy(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/fixtures/golden").as_ref(), &program.data());
    let id = program.get("courses_list", json!({}))[0]["id"].as_str().unwrap().to_owned();
    let entries = std::fs::read_dir(program.data().join("database")).unwrap();
    let directory =
        entries.map(|entry| entry.unwrap().path()).find(|path| path.display().to_string().contains(&id)).unwrap();
    let elsewhere = program.dir.path().join("elsewhere");
    std::fs::rename(&directory, &elsewhere).unwrap();
    std::os::unix::fs::symlink(&elsewhere, &directory).unwrap();
    let removed = program.get("course_remove", json!({ "courseId": id, "deleteData": true }));
    let text = removed["text"].as_str().unwrap();
    assert!(text.contains("elsewhere” stays") && !text.contains("is deleted"), "{text}");
    tokio::runtime::Runtime::new().unwrap().block_on(program.shell().leave());
    assert!(elsewhere.join("viewing_activity.csv").exists());
}

/// Copies a data folder of the fixtures.
pub(crate) fn copy(from: &std::path::Path, to: &std::path::Path) {
    std::fs::create_dir_all(to).unwrap();
    for entry in std::fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let to = to.join(entry.file_name());
        if entry.file_type().unwrap().is_dir() {
            copy(&entry.path(), &to);
        } else {
            std::fs::copy(entry.path(), to).unwrap();
        }
    }
}
