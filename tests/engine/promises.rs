//! Deleted means deleted: what was promised is carried out at the end or at the next start, and nothing beyond that.
//!
//! Here a run of the program is a `Lifetime` of its own; a killed run is dropped without its end.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use chrono::{DateTime, Utc};
use engine::ErrorCode;
use engine::connection::Options;
use engine::courses::{Removed, add, remove, remove_with_data, restore};
use engine::environment::FixedEnvironment;
use engine::lifetime::{CarriedOut, Lifetime};
use engine::secrets::MemorySecrets;
use engine::store::course_list::ListedCourse;
use engine::store::{Area, DataFolder, RealDisk};
use model::FolderId;
use tokio_util::sync::CancellationToken;

fn id(number: u8) -> FolderId {
    FolderId::from_bytes([number; 16])
}

fn moment(minute: u32) -> DateTime<Utc> {
    format!("2024-03-15T12:{minute:02}:00Z").parse().unwrap()
}

/// A person's configuration and data folders.
struct Person(tempfile::TempDir);

impl Person {
    fn new() -> Self {
        Self(tempfile::tempdir().unwrap())
    }

    fn run(&self) -> Lifetime {
        let (secrets, nothing) = (Arc::new(MemorySecrets::default()), Arc::new(FixedEnvironment::default()));
        let options = Options::default();
        Lifetime::begin(Arc::new(RealDisk), &self.0.path().join("config"), secrets, nothing, options)
    }

    fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    /// A data folder with courses 1, 2 and 3, each with a record.
    fn folder(&self, name: &str) -> DataFolder {
        let folder = DataFolder::create(self.path(name)).unwrap();
        let lock = folder.lock().unwrap();
        let course = |number| ListedCourse { id: id(number), name: format!("Course {number}") };
        add(&folder, &lock, [1, 2, 3].map(course)).unwrap();
        for number in 1..=3 {
            let directory = folder.make_course_dir(&lock, Area::Database, id(number), "Course").unwrap();
            fs::write(directory.join("viewing_activity.csv"), format!("records of {number}")).unwrap();
        }
        folder
    }
}

fn removes(run: &Lifetime, folder: &DataFolder, number: u8, minute: u32) -> Removed {
    remove_with_data(folder, &folder.lock().unwrap(), id(number), run.promises(), moment(minute)).unwrap()
}

fn is_anywhere(root: &Path, text: &str) -> bool {
    fs::read_dir(root).unwrap().any(|entry| {
        let path = entry.unwrap().path();
        if path.is_dir() { is_anywhere(&path, text) } else { fs::read(&path).unwrap() == text.as_bytes() }
    })
}

fn has_records(folder: &DataFolder, number: u8) -> bool {
    is_anywhere(folder.root(), &format!("records of {number}"))
}

const ONE: CarriedOut = CarriedOut { deleted: 1, postponed: 0 };
const NONE: CarriedOut = CarriedOut { deleted: 0, postponed: 0 };

#[tokio::test]
async fn the_end_deletes_what_this_run_promised() {
    let person = Person::new();
    let (run, folder) = (person.run(), person.folder("data"));
    removes(&run, &folder, 2, 1);
    assert!(has_records(&folder, 2), "until the end it can be undone");
    run.end().await;
    assert!(!has_records(&folder, 2) && has_records(&folder, 1) && has_records(&folder, 3));
    run.end().await;
    assert_eq!(person.run().keep_left_promises().await, NONE, "nothing is left to do");
}

#[tokio::test]
async fn a_killed_run_is_made_good_by_the_next_whichever_folder_that_opens() {
    let person = Person::new();
    let killed = person.run();
    let (first, second) = (person.folder("first"), person.folder("second"));
    removes(&killed, &first, 2, 1);
    removes(&killed, &second, 3, 2);
    drop(killed);
    let next = person.run();
    assert_eq!(next.keep_left_promises().await, CarriedOut { deleted: 2, postponed: 0 });
    assert!(!has_records(&first, 2) && has_records(&first, 3));
    assert!(!has_records(&second, 3) && has_records(&second, 2));
}

#[tokio::test]
async fn a_busy_folder_and_one_that_is_away_are_made_good_later() {
    let person = Person::new();
    let run = person.run();
    let (busy, away) = (person.folder("busy"), person.folder("away"));
    removes(&run, &busy, 2, 1);
    removes(&run, &away, 2, 2);
    fs::rename(away.root(), person.path("unplugged")).unwrap();
    let lock = busy.lock().unwrap();
    run.end().await;
    drop(run);
    assert!(has_records(&busy, 2));
    assert_eq!(person.run().keep_left_promises().await, CarriedOut { deleted: 0, postponed: 2 });
    drop(lock);
    assert_eq!(person.run().keep_left_promises().await, CarriedOut { deleted: 1, postponed: 1 });
    assert!(!has_records(&busy, 2));
    fs::rename(person.path("unplugged"), away.root()).unwrap();
    assert_eq!(person.run().keep_left_promises().await, ONE);
    assert!(!has_records(&away, 2));
}

#[tokio::test]
async fn while_the_run_that_can_undo_it_is_alive_no_other_deletes() {
    let person = Person::new();
    let (window, folder) = (person.run(), person.folder("data"));
    let removed = removes(&window, &folder, 2, 1);
    let command = person.run();
    assert_eq!(command.keep_left_promises().await, NONE);
    removes(&command, &folder, 3, 2);
    command.end().await;
    drop(command);
    assert!(has_records(&folder, 2) && !has_records(&folder, 3));
    restore(&folder, &folder.lock().unwrap(), window.promises(), &removed).unwrap();
    window.end().await;
    drop(window);
    assert_eq!(person.run().keep_left_promises().await, NONE);
    assert!(has_records(&folder, 2), "undone");
}

#[tokio::test]
async fn nothing_is_deleted_beyond_what_was_promised() {
    let person = Person::new();
    let folder = person.folder("data");
    // Removed on another computer, and by an earlier version: not promised here.
    let other = Person::new();
    let elsewhere = other.run();
    removes(&elsewhere, &folder, 1, 1);
    let run = person.run();
    // Removed, undone, then removed again, this time keeping the data.
    let removed = removes(&run, &folder, 2, 2);
    restore(&folder, &folder.lock().unwrap(), run.promises(), &removed).unwrap();
    remove(&folder, &folder.lock().unwrap(), id(2)).unwrap();
    run.end().await;
    assert!(has_records(&folder, 1) && has_records(&folder, 2) && has_records(&folder, 3));
    assert_eq!(folder.trash().unwrap().len(), 1);
}

/// After an undo the name of an entry is free again, and another removal may get it.
#[tokio::test]
async fn a_promise_does_not_pass_on_to_a_later_entry_of_the_same_name() {
    let person = Person::new();
    let folder = person.folder("data");
    let run = person.run();
    let first = removes(&run, &folder, 2, 1);
    // Put back without taking back the promise, as when the program is killed in between.
    folder.put_back(&folder.lock().unwrap(), first.trashed.as_ref().unwrap()).unwrap();
    let other = Person::new();
    let elsewhere = other.run();
    let second = removes(&elsewhere, &folder, 2, 2);
    assert_eq!(first.trashed.as_ref().unwrap().entry(), second.trashed.as_ref().unwrap().entry());
    run.end().await;
    assert!(has_records(&folder, 2));
}

#[tokio::test]
async fn a_promise_that_cannot_be_written_down_is_not_made() {
    let person = Person::new();
    let folder = person.folder("data");
    let run = person.run();
    fs::create_dir_all(person.path("config")).unwrap();
    fs::write(person.path("config/promised-deletions.json"), "{").unwrap();
    let refused = remove_with_data(&folder, &folder.lock().unwrap(), id(2), run.promises(), moment(1)).unwrap_err();
    assert_eq!(refused.code(), ErrorCode::DataFileInvalid);
    assert!(refused.message().contains("promised-deletions.json` is damaged at line 1"), "{refused}");
    assert_eq!(folder.courses().unwrap().len(), 3);
    assert!(folder.trash().unwrap().is_empty() && has_records(&folder, 2));
    assert_eq!(run.keep_left_promises().await, NONE);
}

#[tokio::test]
async fn a_moved_data_folder_takes_its_promises_along() {
    let person = Person::new();
    let (run, folder) = (person.run(), person.folder("old"));
    removes(&run, &folder, 2, 1);
    let target = person.path("new");
    run.move_data_folder(&folder, &target, &CancellationToken::new()).unwrap();
    assert_eq!(run.settings_file().load().unwrap().data_folder.as_deref(), Some(target.as_path()));
    let moved = DataFolder::open(&target).unwrap();
    assert!(has_records(&moved, 2) && !person.path("old").exists());
    run.end().await;
    assert!(!has_records(&moved, 2) && has_records(&moved, 3));
}

#[tokio::test]
async fn a_move_whose_settings_cannot_be_written_leaves_the_old_folder_in_use() {
    let person = Person::new();
    let (run, folder) = (person.run(), person.folder("old"));
    fs::create_dir_all(person.path("config")).unwrap();
    fs::write(person.path("config/settings.json"), "{").unwrap();
    let target = person.path("new");
    run.move_data_folder(&folder, &target, &CancellationToken::new()).unwrap_err();
    assert!(!target.exists());
    assert!(has_records(&folder, 1) && folder.courses().unwrap().len() == 3);
}
