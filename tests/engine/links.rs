//! Links that lead out of the data folder are never followed to delete, write or read, with two exceptions: a course's
//! directory that a person has linked, and lists that are links themselves.

#![cfg(unix)]

use std::fs;
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use engine::ErrorCode;
use engine::courses::{add, remove_with_data, restore};
use engine::lifetime::Promises;
use engine::store::course_list::ListedCourse;
use engine::store::{Area, DataFolder, Durability, RealDisk, replace};
use model::FolderId;

const COURSE: [u8; 16] = [2; 16];

/// A data folder with one course, and somebody's documents beside it.
struct Place(tempfile::TempDir);

impl Place {
    fn new() -> Self {
        let place = Self(tempfile::tempdir().unwrap());
        fs::create_dir(place.documents()).unwrap();
        fs::write(place.documents().join("thesis.txt"), "years of work").unwrap();
        let folder = DataFolder::create(place.path("data")).unwrap();
        let lock = folder.lock().unwrap();
        add(&folder, &lock, [ListedCourse { id: FolderId::from_bytes(COURSE), name: "Two".into() }]).unwrap();
        let directory = folder.make_course_dir(&lock, Area::Database, FolderId::from_bytes(COURSE), "Two").unwrap();
        fs::write(directory.join("viewing_activity.csv"), "records").unwrap();
        place
    }

    fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    fn documents(&self) -> PathBuf {
        self.path("documents")
    }

    fn folder(&self) -> DataFolder {
        DataFolder::open(self.path("data")).unwrap()
    }

    fn promises(&self) -> Promises {
        Promises::in_dir(Arc::new(RealDisk), &self.path("config"))
    }

    /// Puts a link to the documents in place of something in the data folder.
    fn link_out(&self, name: &str) {
        let place = self.path("data").join(name);
        if place.is_dir() {
            fs::remove_dir_all(&place).unwrap();
        }
        let _ = fs::remove_file(&place);
        fs::create_dir_all(place.parent().unwrap()).unwrap();
        symlink(self.documents(), place).unwrap();
    }

    fn documents_are_untouched(&self) {
        let found: Vec<_> = fs::read_dir(self.documents()).unwrap().map(|entry| entry.unwrap().file_name()).collect();
        assert_eq!(found, ["thesis.txt"]);
        assert_eq!(fs::read_to_string(self.documents().join("thesis.txt")).unwrap(), "years of work");
    }
}

fn at() -> chrono::DateTime<chrono::Utc> {
    "2024-03-15T12:00:00Z".parse().unwrap()
}

fn leads_out(error: &engine::Error, link: &str) {
    assert_eq!(error.code(), ErrorCode::Disk);
    assert!(error.message().contains(link) && error.message().contains("leads out of the data folder"), "{error}");
    assert!(error.hint().unwrap().contains("Remove that link"), "{error:?}");
}

#[test]
fn no_directory_of_ours_is_followed_out_of_the_data_folder() {
    for name in [".panopto-analytics", ".panopto-analytics/trash", "database"] {
        let place = Place::new();
        let folder = place.folder();
        let removed = {
            let lock = folder.lock().unwrap();
            remove_with_data(&folder, &lock, FolderId::from_bytes(COURSE), &place.promises(), at()).unwrap()
        };
        place.link_out(name);
        let trashed = removed.trashed.as_ref().unwrap();
        // As an attacker would prepare it: an entry of exactly that name.
        fs::create_dir(place.documents().join(trashed.entry())).unwrap();
        match folder.lock() {
            Err(error) => leads_out(&error.into(), name.rsplit('/').next().unwrap()),
            Ok(lock) => {
                if name == "database" {
                    leads_out(&restore(&folder, &lock, &place.promises(), &removed).unwrap_err(), name);
                } else {
                    leads_out(&folder.delete_from_trash(&lock, trashed).unwrap_err().into(), "trash");
                }
            }
        }
        place.promises().keep_left();
        fs::remove_dir(place.documents().join(trashed.entry())).expect("still there, and empty");
        place.documents_are_untouched();
    }
}

#[test]
fn no_file_is_read_or_written_through_a_link_that_leads_out() {
    let place = Place::new();
    let folder = place.folder();
    let directory = folder.course_dir(Area::Database, FolderId::from_bytes(COURSE)).unwrap().unwrap();
    let file = directory.join("viewing_activity.csv");
    fs::remove_file(&file).unwrap();
    symlink(place.documents().join("thesis.txt"), &file).unwrap();
    let error = folder.disk().read(&file).unwrap_err();
    assert!(error.to_string().contains("leads out"), "{error}");
    let refused = replace(folder.disk(), &file, Durability::Durable, |out| out.write_all(b"x")).unwrap_err();
    leads_out(&refused.into(), "viewing");
    place.documents_are_untouched();
    assert!(file.is_symlink());
    // A link that stays within the folder does no harm.
    fs::remove_file(&file).unwrap();
    fs::write(directory.join("real.csv"), "records").unwrap();
    symlink("real.csv", &file).unwrap();
    replace(folder.disk(), &file, Durability::Durable, |out| out.write_all(b"new")).unwrap();
    assert_eq!(fs::read(directory.join("real.csv")).unwrap(), b"new");
}

#[test]
fn a_course_directory_that_a_person_linked_is_used_and_not_deleted() {
    let place = Place::new();
    let folder = place.folder();
    let directory = folder.course_dir(Area::Database, FolderId::from_bytes(COURSE)).unwrap().unwrap();
    let elsewhere = place.path("big disk");
    fs::rename(&directory, &elsewhere).unwrap();
    symlink(&elsewhere, &directory).unwrap();
    let file = directory.join("viewing_activity.csv");
    assert_eq!(folder.disk().read(&file).unwrap(), b"records");
    replace(folder.disk(), &file, Durability::Durable, |out| out.write_all(b"more")).unwrap();
    assert_eq!(fs::read(elsewhere.join("viewing_activity.csv")).unwrap(), b"more");

    let lock = folder.lock().unwrap();
    let promises = place.promises();
    let removed = remove_with_data(&folder, &lock, FolderId::from_bytes(COURSE), &promises, at()).unwrap();
    assert_eq!(removed.stays(), [elsewhere.canonicalize().unwrap()]);
    promises.keep_now(&folder, &lock, removed.trashed.as_ref().unwrap()).unwrap();
    assert!(!directory.is_symlink() && folder.trash().unwrap().is_empty());
    assert_eq!(fs::read(elsewhere.join("viewing_activity.csv")).unwrap(), b"more");
}

/// Lists and settings that a person keeps elsewhere remain links; the file behind the link is replaced.
#[test]
fn linked_lists_are_written_through() {
    let place = Place::new();
    let folder = place.folder();
    let theirs = place.path("shared list.csv");
    fs::rename(folder.courses_file(), &theirs).unwrap();
    symlink(&theirs, folder.courses_file()).unwrap();
    let more = ListedCourse { id: FolderId::from_bytes([3; 16]), name: "Three".into() };
    add(&folder, &folder.lock().unwrap(), [more]).unwrap();
    assert!(folder.courses_file().is_symlink());
    assert!(fs::read_to_string(&theirs).unwrap().contains("Three"));

    // If a link points to a file that does not exist yet, the file is created there.
    let (link, target) = (place.path("export.csv"), Path::new("not there yet.csv"));
    symlink(target, &link).unwrap();
    replace(&RealDisk, &link, Durability::Remakable, |out| out.write_all(b"x")).unwrap();
    assert!(link.is_symlink() && fs::read(place.path("not there yet.csv")).unwrap() == b"x");
}
