//! The course list: adding, importing, removing, undoing, and removals that are cut off.

use std::fmt::Write as _;
use std::fs;
use std::path::Path;
use std::sync::Arc;

use engine::ErrorCode;
use engine::courses::{Removed, add, import, list, remove, remove_with_data, restore};
use engine::lifetime::Promises;
use engine::store::course_list::ListedCourse;
use engine::store::faulty::{Fault, FaultyDisk};
use engine::store::journal::Journal;
use engine::store::{Area, DataFolder, FolderLock, RealDisk};
use model::FolderId;

use crate::chunk_fixture::{GOLDEN_ZONE, SmallCourse, assert_same_files, chunk_in, files, id, small_folder};

fn course(number: u32, name: &str) -> ListedCourse {
    ListedCourse { id: id(number).parse().unwrap(), name: name.to_owned() }
}

fn folder_id(number: u32) -> FolderId {
    id(number).parse().unwrap()
}

fn names(folder: &DataFolder) -> Vec<String> {
    list(folder).unwrap().into_iter().map(|course| course.name).collect()
}

/// The promises of a run of the program whose settings are beside the data folder.
fn promises(folder: &DataFolder) -> Promises {
    Promises::in_dir(Arc::new(RealDisk), &folder.root().with_file_name("config"))
}

fn noon() -> chrono::DateTime<chrono::Utc> {
    "2024-03-15T12:00:00Z".parse().unwrap()
}

/// A removal with data, by a run that ends at once.
fn removed_with_data(folder: &DataFolder, lock: &FolderLock, number: u32) -> engine::Result<Removed> {
    remove_with_data(folder, lock, folder_id(number), &promises(folder), noon())
}

/// Three courses with data, output, state and journal; their numbers and names are those of [`course`].
fn three_courses() -> (tempfile::TempDir, DataFolder) {
    let with_data = |number, name| {
        SmallCourse::new(number, name).video(number * 10, "20.0").run(
            number * 10,
            900,
            "2024-03-05 20:00:00+00:00",
            0.0,
            2.0,
        )
    };
    let (temporary, folder) = small_folder(&[with_data(1, "One"), with_data(2, "Two"), with_data(3, "Three")]);
    chunk_in(&folder, GOLDEN_ZONE).unwrap();
    let mut state = "PanoptoFolderName,PanoptoFolderID,LastDateFetched(UTC)\n".to_owned();
    let lock = folder.lock().unwrap();
    for (number, name) in [(1, "One"), (2, "Two"), (3, "Three")] {
        writeln!(state, "{name},{},2024-03-0{number}", id(number)).unwrap();
        Journal::new(folder_id(number), name).save(&folder, &lock).unwrap();
    }
    fs::write(folder.state_file(), state).unwrap();
    (temporary, folder)
}

/// All files except those whose contents may differ after an undo: the state (its order) and what can be made again.
fn precious(root: &Path) -> Vec<(String, Vec<u8>)> {
    files(root).into_iter().filter(|(name, _)| !name.ends_with("lock") && !name.ends_with("chunked.json")).collect()
}

fn sorted_state(folder: &DataFolder) -> Vec<(FolderId, Option<chrono::NaiveDate>)> {
    let mut state: Vec<_> = folder.state().unwrap().into_iter().map(|course| (course.id, course.last_day)).collect();
    state.sort();
    state
}

#[test]
fn courses_are_added_once_and_at_the_end() {
    let temporary = tempfile::tempdir().unwrap();
    let folder = DataFolder::create(temporary.path().join("data")).unwrap();
    let lock = folder.lock().unwrap();
    let outcome = add(&folder, &lock, [course(2, "Two"), course(1, "One"), course(2, "Two again")]).unwrap();
    assert_eq!(outcome.added, [course(2, "Two"), course(1, "One")]);
    assert_eq!(outcome.already_there, [course(2, "Two")]);
    assert_eq!(names(&folder), ["Two", "One"]);
}

#[test]
fn a_course_list_is_imported_and_told() {
    let (temporary, folder) = three_courses();
    let other = temporary.path().join("theirs.csv");
    let text = format!("PanoptoFolderName,PanoptoFolderID\r\nOther name,{}\r\nFour,{}\r\n", id(1), id(4));
    fs::write(&other, &text).unwrap();
    let lock = folder.lock().unwrap();
    let outcome = import(&folder, &lock, &other).unwrap();
    assert_eq!(outcome.added, [course(4, "Four")]);
    assert_eq!(outcome.already_there, [course(1, "One")], "the name on the list is kept");
    assert_eq!(names(&folder), ["One", "Two", "Three", "Four"]);
    assert_eq!(fs::read_to_string(&other).unwrap(), text);

    fs::write(&other, format!("PanoptoFolderName,PanoptoFolderID\nFive,{}\nSix,not an id\n", id(5))).unwrap();
    let error = import(&folder, &lock, &other).unwrap_err();
    assert_eq!(error.code(), ErrorCode::CourseFileInvalid);
    assert_eq!(names(&folder).len(), 4, "nothing of a damaged file is added");
    fs::write(&other, "PanoptoFolderName,PanoptoFolderID\n").unwrap();
    assert!(import(&folder, &lock, &other).unwrap_err().message().ends_with("lists no courses"));
}

#[test]
fn removing_without_data_leaves_the_data_and_can_be_undone() {
    let (_temporary, folder) = three_courses();
    let before = precious(folder.root());
    let lock = folder.lock().unwrap();
    let gone = remove(&folder, &lock, folder_id(2)).unwrap();
    assert_eq!(names(&folder), ["One", "Three"]);
    assert!(folder.course_dir(Area::Database, folder_id(2)).unwrap().is_some());
    restore(&folder, &lock, &promises(&folder), &gone).unwrap();
    assert_same_files(&precious(folder.root()), &before, "undone");
    let error = remove(&folder, &lock, folder_id(7)).unwrap_err();
    assert_eq!(error.code(), ErrorCode::NotFound);
}

#[test]
fn removing_with_data_takes_everything_and_can_be_undone() {
    let (_temporary, folder) = three_courses();
    let (before, state) = (precious(folder.root()), sorted_state(&folder));
    let lock = folder.lock().unwrap();
    let gone = removed_with_data(&folder, &lock, 2).unwrap();
    assert_eq!(names(&folder), ["One", "Three"]);
    for area in [Area::Database, Area::Output] {
        assert_eq!(folder.course_dir(area, folder_id(2)).unwrap(), None);
    }
    assert!(folder.state().unwrap().iter().all(|course| course.id != folder_id(2)));
    assert!(!Journal::path(&folder, folder_id(2)).exists());
    assert_eq!(folder.trash().unwrap(), [gone.trashed.clone().unwrap()]);
    restore(&folder, &lock, &promises(&folder), &gone).unwrap();
    assert_eq!(sorted_state(&folder), state);
    let without_state = |files: Vec<(String, Vec<u8>)>| -> Vec<_> {
        files.into_iter().filter(|(name, _)| name != "state.csv").collect()
    };
    assert_same_files(&without_state(precious(folder.root())), &without_state(before), "undone");
    assert!(folder.trash().unwrap().is_empty());
    drop(lock);
    chunk_in(&folder, GOLDEN_ZONE).unwrap();
}

#[test]
fn deleted_data_is_gone_for_good_and_what_else_can_be_undone_stays_so() {
    let (_temporary, folder) = three_courses();
    let lock = folder.lock().unwrap();
    let kept = removed_with_data(&folder, &lock, 2).unwrap();
    let gone = removed_with_data(&folder, &lock, 3).unwrap();
    promises(&folder).keep_now(&folder, &lock, gone.trashed.as_ref().unwrap()).unwrap();
    for (name, bytes) in precious(folder.root()) {
        assert!(!String::from_utf8_lossy(&bytes).contains(&id(30)), "{name} still tells of the deleted video");
    }
    assert_eq!(restore(&folder, &lock, &promises(&folder), &gone).unwrap_err().code(), ErrorCode::NotFound);
    assert_eq!(folder.trash().unwrap(), [kept.trashed.clone().unwrap()]);
    restore(&folder, &lock, &promises(&folder), &kept).unwrap();
    assert_eq!(names(&folder), ["One", "Two"]);
    assert!(folder.course_dir(Area::Database, folder_id(2)).unwrap().is_some());
}

#[test]
fn a_removal_is_not_undone_over_new_data() {
    let (_temporary, folder) = three_courses();
    let lock = folder.lock().unwrap();
    let gone = removed_with_data(&folder, &lock, 2).unwrap();
    add(&folder, &lock, [course(2, "Two")]).unwrap();
    let directory = folder.make_course_dir(&lock, Area::Database, folder_id(2), "Two").unwrap();
    fs::write(directory.join("viewing_activity.csv"), "new").unwrap();
    let before = files(folder.root());
    let error = restore(&folder, &lock, &promises(&folder), &gone).unwrap_err();
    assert_eq!(error.code(), ErrorCode::InvalidInput);
    assert_same_files(&files(folder.root()), &before, "as it was");
    // Removed again: the trash has two entries, and the newer one can come back first.
    let newer = removed_with_data(&folder, &lock, 2).unwrap();
    assert_eq!(folder.trash().unwrap().len(), 2);
    restore(&folder, &lock, &promises(&folder), &newer).unwrap();
    assert_eq!(fs::read_to_string(directory.join("viewing_activity.csv")).unwrap(), "new");
}

/// What matters after a removal that was cut off: either the course is listed with all its data, or it is not listed
/// and its data is in the trash; and nothing claims records that are not there.
fn check_after_cut(root: &Path, good: &[(String, Vec<u8>)], what: &str) {
    let folder = DataFolder::open(root).unwrap();
    drop(folder.lock().unwrap());
    let listed = names(&folder).contains(&"Two".to_owned());
    let present = folder.course_dir(Area::Database, folder_id(2)).unwrap();
    let trashed = folder.trash().unwrap();
    let records = |files: &[(String, Vec<u8>)]| -> Vec<Vec<u8>> {
        files
            .iter()
            .filter(|(name, _)| name.contains(&id(2)) && name.ends_with("viewing_activity.csv"))
            .map(|(_, bytes)| bytes.clone())
            .collect()
    };
    assert!(records(&files(root)) == records(good), "{what}: the records are there, once");
    if listed {
        assert!(present.is_some() && trashed.is_empty(), "{what}: undone as a whole");
    } else {
        assert!(present.is_none() && trashed.len() == 1, "{what}: removed as a whole");
        let state = folder.state().unwrap();
        assert!(state.iter().all(|course| course.id != folder_id(2)), "{what}: nothing claims to be fetched");
        assert!(!Journal::path(&folder, folder_id(2)).exists(), "{what}");
    }
    assert!(names(&folder).contains(&"One".to_owned()) && names(&folder).contains(&"Three".to_owned()), "{what}");
}

/// Cut off after the data was moved and before the list was written; then the data folder was restored from a backup.
#[test]
fn a_removal_that_was_cut_off_stands_in_the_way_of_nothing() {
    let (_temporary, folder) = three_courses();
    let directory = folder.course_dir(Area::Database, folder_id(2)).unwrap().unwrap();
    let backup = folder.root().with_file_name("backup");
    crate::chunk_fixture::copy_dir(&directory, &backup);
    let list = fs::read(folder.courses_file()).unwrap();
    let lock = folder.lock().unwrap();
    let gone = removed_with_data(&folder, &lock, 2).unwrap();
    drop(lock);
    let entry = folder.trash_dir().join(gone.trashed.as_ref().unwrap().entry());
    fs::remove_file(entry.join("done")).unwrap();
    fs::write(folder.courses_file(), list).unwrap();
    crate::chunk_fixture::copy_dir(&backup, &directory);

    let lock = folder.lock().expect("no command is blocked");
    let [notice] = lock.notices() else { panic!("{:?}", lock.notices()) };
    assert!(notice.contains("`Two` was cut off") && notice.contains(entry.to_str().unwrap()), "{notice}");
    drop(lock);
    assert!(folder.lock().unwrap().notices().is_empty(), "told once");
    assert_eq!(names(&folder), ["One", "Two", "Three"]);
    assert_same_files(&files(&directory), &files(&backup), "what was put back is used");
    assert!(folder.trash().unwrap().is_empty(), "nothing that can be undone or is to be deleted");
    assert!(!files(&entry.join("database")).is_empty(), "and nothing is lost");
    assert_eq!(promises(&folder).keep_left().deleted, 0);
    assert!(!files(&entry.join("database")).is_empty());
}

#[test]
fn a_missing_course_list_is_damage_and_made_anew_from_what_is_stored() {
    let (_temporary, folder) = three_courses();
    let all = names(&folder);
    let lock = folder.lock().unwrap();
    assert_eq!(engine::courses::repair(&folder, &lock).unwrap_err().code(), ErrorCode::InvalidInput);
    fs::remove_file(folder.courses_file()).unwrap();
    for error in [
        folder.courses().unwrap_err().into(),
        engine::status::status(&folder).unwrap_err(),
        add(&folder, &lock, [course(4, "Four")]).unwrap_err(),
        removed_with_data(&folder, &lock, 2).unwrap_err(),
    ] {
        assert_eq!(error.code(), ErrorCode::CourseFileInvalid);
        assert!(error.message().contains("courses.csv` is missing, though the data folder holds 3 courses"), "{error}");
        assert!(error.hint().unwrap().contains("make it anew"), "{error:?}");
    }
    drop(DataFolder::create(folder.root()).unwrap());
    assert!(!folder.courses_file().exists(), "an empty list would hide the loss");

    // One course that the state does not know, and one that it knows without data.
    fs::write(
        folder.state_file(),
        format!(
            "PanoptoFolderName,PanoptoFolderID,LastDateFetched(UTC)\nThree,{},2024-03-03\nNine,{},\n",
            id(3),
            id(9)
        ),
    )
    .unwrap();
    let repaired = engine::courses::repair(&folder, &lock).unwrap();
    assert_eq!(names(&folder), ["Three", "Nine", "One", "Two"]);
    assert_eq!((repaired.courses.len(), repaired.damaged_kept_at), (4, None));
    assert!(all.iter().all(|name| names(&folder).contains(name)));

    fs::write(folder.courses_file(), "nonsense").unwrap();
    let kept = engine::courses::repair(&folder, &lock).unwrap().damaged_kept_at.unwrap();
    assert_eq!(fs::read_to_string(kept).unwrap(), "nonsense");
    assert_eq!(names(&folder).len(), 4);
}

#[test]
fn a_folder_without_data_has_an_empty_list_and_looking_makes_nothing() {
    let temporary = tempfile::tempdir().unwrap();
    let empty = DataFolder::open(temporary.path()).unwrap();
    assert!(empty.courses().unwrap().is_empty() && engine::status::status(&empty).unwrap().is_empty());
    let to_come = DataFolder::to_come(temporary.path().join("not there"));
    assert!(to_come.courses().unwrap().is_empty() && engine::status::status(&to_come).unwrap().is_empty());
    assert_eq!(to_come.lock().unwrap_err().code(), ErrorCode::Disk);
    assert_eq!(fs::read_dir(temporary.path()).unwrap().count(), 0);
}

#[test]
fn a_removal_cut_off_at_any_operation_is_undone_or_done() {
    let (_temporary, original) = three_courses();
    let good = files(original.root());
    let run = |disk: Arc<FaultyDisk>, root: &Path| {
        let folder = DataFolder::open_on(disk, root)?;
        let lock = folder.lock()?;
        removed_with_data(&folder, &lock, 2)
    };
    let copy = || {
        let directory = tempfile::tempdir().unwrap();
        let root = directory.path().join("data");
        crate::chunk_fixture::copy_dir(original.root(), &root);
        (directory, root)
    };
    let (_directory, root) = copy();
    let counting = Arc::new(FaultyDisk::counting());
    run(Arc::clone(&counting), &root).unwrap();
    assert!(counting.operations() > 20);
    for fault in [Fault::Die, Fault::PowerLoss, Fault::Full, Fault::NoPermission] {
        for at in 0..counting.operations() {
            let (_directory, root) = copy();
            let outcome = run(Arc::new(FaultyDisk::new(at, fault)), &root);
            check_after_cut(&root, &good, &format!("{fault:?} at {at}, {:?}", outcome.map(|_| ())));
        }
    }
}
