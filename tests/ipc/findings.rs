//! What work in the background found: told above the page, once, until it is put away.

#![cfg(unix)]

use std::path::{Path, PathBuf};

use engine::store::DataFolder;
use serde_json::json;

use crate::course_list::copy;
use crate::support::Program;

/// The messages above the page.
fn notices(program: &Program) -> Vec<String> {
    let state = program.get("app_state", json!({}));
    let notices = state["notices"].as_array().unwrap();
    notices.iter().map(|notice| notice["message"].as_str().unwrap().to_owned()).collect()
}

/// The program over a data folder with two courses, and the first of them: its ID, its name, its directory.
fn with_data() -> (Program, String, String, PathBuf) {
    let program = Program::start();
    copy(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/fixtures/golden").as_ref(), &program.data());
    let course = program.get("courses_list", json!({}))[0].clone();
    let (id, name) = (course["id"].as_str().unwrap().to_owned(), course["name"].as_str().unwrap().to_owned());
    let folder = DataFolder::open(program.data()).unwrap();
    let area = engine::store::Area::Database;
    let directory = folder.course_dir(area, id.parse().unwrap()).unwrap().unwrap();
    (program, id, name, directory)
}

/// Looks, puts away what is told, and checks that it stays away.
#[track_caller]
fn told_until_it_is_put_away(program: &Program, expected: &str) {
    assert_eq!(notices(program), [expected]);
    assert_eq!(notices(program), [expected], "looking does not put it away");
    program.get("notice_dismiss", json!({ "message": expected }));
    assert_eq!(notices(program), Vec::<String>::new());
}

#[test]
fn a_removal_that_was_cut_off_is_told_by_the_window_that_mends_it() {
    let (program, id, name, directory) = with_data();
    let (backup, list) =
        (program.dir.path().join("backup"), std::fs::read(program.data().join("courses.csv")).unwrap());
    copy(&directory, &backup);
    program.get("course_remove", json!({ "courseId": id, "deleteData": true }));
    // As the removal is when it is cut off before its end, in a folder that is then restored from a backup.
    let trash = program.data().join(".panopto-analytics/trash");
    let entry = entries(&trash).into_iter().find(|entry| entry.display().to_string().contains(&id)).unwrap();
    std::fs::remove_file(entry.join("done")).unwrap();
    std::fs::write(program.data().join("courses.csv"), list).unwrap();
    copy(&backup, &directory);
    // Any change of the folder takes its lock; that is where it is mended.
    program.get("courses_add", json!({ "inputs": ["6513270e-269e-4d37-b2a7-4de452e6b438"] }));
    let expected = format!(
        "A removal of the course “{name}” was cut off, and the data folder holds data of it again; what had been moved \
         away by then is kept in “{}”",
        entry.display()
    );
    told_until_it_is_put_away(&program, &expected);
    program.get("course_remove", json!({ "courseId": "6513270e-269e-4d37-b2a7-4de452e6b438", "deleteData": false }));
    assert_eq!(notices(&program), Vec::<String>::new(), "mended once, told once");
}

#[test]
fn a_move_tells_what_it_leaves_behind() {
    let (program, _, _, directory) = with_data();
    let elsewhere = program.dir.path().join("elsewhere");
    std::fs::rename(&directory, &elsewhere).unwrap();
    std::os::unix::fs::symlink(&elsewhere, &directory).unwrap();
    let target = program.dir.path().join("moved");
    program.desktop.will_pick(&target);
    program.get("data_folder_move_pick", json!({ "jobId": "move" }));
    assert!(target.join("courses.csv").exists() && elsewhere.join("viewing_activity.csv").exists());
    let place = elsewhere.canonicalize().unwrap();
    told_until_it_is_put_away(
        &program,
        &format!("The data folder was moved, and “{}” is still there", place.display()),
    );
}

fn entries(directory: &Path) -> Vec<PathBuf> {
    std::fs::read_dir(directory).unwrap().map(|entry| entry.unwrap().path()).collect()
}
