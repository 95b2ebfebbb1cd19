//! Only their owner may read files with students' data, and rights that somebody gave or removed stay as they are.

#![cfg(unix)]

use std::fs;
use std::os::unix::fs::{MetadataExt as _, PermissionsExt as _};
use std::path::Path;
use std::sync::Arc;

use chrono_tz::Tz;
use engine::export::{ExportRequest, export};
use engine::settings::SettingsFile;
use engine::store::{Disk as _, Durability, RealDisk, replace};
use tokio_util::sync::CancellationToken;

use crate::chunk_fixture::{SmallCourse, chunk_in, small_folder};

fn mode(path: &Path) -> u32 {
    fs::metadata(path).unwrap().mode() & 0o7777
}

fn set_mode(path: &Path, mode: u32) {
    fs::set_permissions(path, fs::Permissions::from_mode(mode)).unwrap();
}

/// Every file and directory below `root` that others may read.
fn open_to_others(root: &Path) -> Vec<String> {
    let mut found = Vec::new();
    for entry in fs::read_dir(root).unwrap() {
        let path = entry.unwrap().path();
        if mode(&path) & 0o077 != 0 {
            found.push(format!("{} {:o}", path.display(), mode(&path)));
        }
        if path.is_dir() {
            found.extend(open_to_others(&path));
        }
    }
    found
}

fn written(path: &Path) {
    replace(&RealDisk, path, Durability::Durable, |file| file.write_all(b"text")).unwrap();
}

#[test]
fn what_the_program_makes_is_the_owners_alone() {
    let temporary = tempfile::tempdir().unwrap();
    let folder = engine::store::DataFolder::create(temporary.path().join("new/data")).unwrap();
    let lock = folder.lock().unwrap();
    folder.save_courses(&lock, &[]).unwrap();
    let mut people = folder.people().unwrap();
    people.decisions.leave_out(model::UserId::from_bytes([7; 16]), None);
    folder.save_people(&lock, &people).unwrap();
    folder.remember_forgotten(&lock, &[([1; 32], [2; 32])]).unwrap();
    assert!(folder.people_file().exists() && folder.forgotten_file().exists());
    folder.make_course_dir(&lock, engine::store::Area::Database, model::FolderId::from_bytes([1; 16]), "One").unwrap();
    SettingsFile::in_dir(Arc::new(RealDisk), temporary.path().join("config")).update(|kept| kept.pkce = true).unwrap();
    assert_eq!(open_to_others(temporary.path()), Vec::<String>::new());
}

#[test]
fn an_export_and_the_output_are_too() {
    let course = SmallCourse::new(1, "One").video(10, "20.0").run(10, 900, "2024-03-05 20:00:00+00:00", 0.0, 2.0);
    let (temporary, folder) = small_folder(&[course]);
    chunk_in(&folder, Tz::UTC).unwrap();
    let request = ExportRequest::new(temporary.path().join("made/export"), Tz::UTC);
    export(&folder, &folder.lock().unwrap(), &request, &CancellationToken::new(), &|_| {}).unwrap();
    assert_eq!(open_to_others(&temporary.path().join("made")), Vec::<String>::new());
    assert_eq!(open_to_others(&folder.area_dir(engine::store::Area::Output)), Vec::<String>::new());
}

#[test]
fn rights_that_somebody_gave_or_took_are_kept() {
    let temporary = tempfile::tempdir().unwrap();
    let path = temporary.path().join("list.csv");
    for given in [0o600, 0o640, 0o660, 0o644, 0o604, 0o400] {
        written(&path);
        set_mode(&path, given);
        written(&path);
        assert_eq!(mode(&path), given, "{given:o}");
        set_mode(&path, 0o600);
    }
}

/// Only an administrator, or a member of two groups, can test this; the tests of CI run as one.
#[test]
fn the_group_is_kept_or_its_rights_go() {
    let temporary = tempfile::tempdir().unwrap();
    let path = temporary.path().join("list.csv");
    written(&path);
    let ours = fs::metadata(&path).unwrap().gid();
    if std::os::unix::fs::chown(&path, None, Some(ours + 1)).is_err() {
        eprintln!("SKIPPED: this user cannot give a file to another group");
        return;
    }
    set_mode(&path, 0o640);
    written(&path);
    assert_eq!((fs::metadata(&path).unwrap().gid(), mode(&path)), (ours + 1, 0o640));
}

#[test]
fn a_directory_that_is_shared_on_purpose_passes_its_groups_rights_on() {
    let temporary = tempfile::tempdir().unwrap();
    let shared = temporary.path().join("shared");
    fs::create_dir(&shared).unwrap();
    set_mode(&shared, 0o2750);
    written(&shared.join("list.csv"));
    RealDisk.create_dir_all(&shared.join("a/b")).unwrap();
    written(&shared.join("a/b/list.csv"));
    for (name, expected) in [("list.csv", 0o640), ("a", 0o2750), ("a/b", 0o2750), ("a/b/list.csv", 0o640)] {
        assert_eq!(mode(&shared.join(name)), expected, "{name}");
    }
}

#[test]
fn no_instant_shows_a_private_file_to_others() {
    let temporary = tempfile::tempdir().unwrap();
    let path = temporary.path().join("list.csv");
    written(&path);
    let mut replacement = engine::store::Replacement::begin(&RealDisk, &path, Durability::Durable).unwrap();
    std::io::Write::write_all(&mut replacement, b"students' data").unwrap();
    assert_eq!(open_to_others(temporary.path()), Vec::<String>::new());
}
