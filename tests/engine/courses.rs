//! The course list: adding, importing, removing, undoing, and removals that are cut off.

use std::fmt::Write as _;
use std::fs;
use std::path::Path;
use std::sync::Arc;

use engine::ErrorCode;
use engine::courses::{
    RemovedData, add, delete_from_trash, empty_trash, import, list, remove, removed, reorder, restore,
};
use engine::store::course_list::ListedCourse;
use engine::store::faulty::{Fault, FaultyDisk};
use engine::store::journal::Journal;
use engine::store::{Area, DataFolder};
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

/// Three courses with data, output, state and journal; their number and name are those of [`course`].
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

/// All files but those whose contents may differ after an undo: the state's order and what can be made again.
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
    reorder(&folder, &lock, folder_id(1), 0).unwrap();
    assert_eq!(names(&folder), ["One", "Two"]);
    reorder(&folder, &lock, folder_id(1), 99).unwrap();
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
    let gone = remove(&folder, &lock, folder_id(2), RemovedData::Keep).unwrap();
    assert_eq!(names(&folder), ["One", "Three"]);
    assert!(folder.course_dir(Area::Database, folder_id(2)).unwrap().is_some());
    restore(&folder, &lock, &gone).unwrap();
    assert_same_files(&precious(folder.root()), &before, "undone");
    let error = remove(&folder, &lock, folder_id(7), RemovedData::Keep).unwrap_err();
    assert_eq!(error.code(), ErrorCode::NotFound);
}

#[test]
fn removing_with_data_takes_everything_and_can_be_undone() {
    let (_temporary, folder) = three_courses();
    let (before, state) = (precious(folder.root()), sorted_state(&folder));
    let lock = folder.lock().unwrap();
    let gone = remove(&folder, &lock, folder_id(2), RemovedData::Delete).unwrap();
    assert_eq!(names(&folder), ["One", "Three"]);
    for area in [Area::Database, Area::Output] {
        assert_eq!(folder.course_dir(area, folder_id(2)).unwrap(), None);
    }
    assert!(folder.state().unwrap().iter().all(|course| course.id != folder_id(2)));
    assert!(!Journal::path(&folder, folder_id(2)).exists());
    assert_eq!(removed(&folder).unwrap(), [gone], "also known to the next start of the program");
    let known = removed(&folder).unwrap().remove(0);
    restore(&folder, &lock, &known).unwrap();
    assert_eq!(sorted_state(&folder), state);
    let without_state = |files: Vec<(String, Vec<u8>)>| -> Vec<_> {
        files.into_iter().filter(|(name, _)| name != "state.csv").collect()
    };
    assert_same_files(&without_state(precious(folder.root())), &without_state(before), "undone");
    assert!(removed(&folder).unwrap().is_empty());
    drop(lock);
    chunk_in(&folder, GOLDEN_ZONE).unwrap();
}

#[test]
fn an_emptied_trash_is_gone_for_good() {
    let (_temporary, folder) = three_courses();
    let lock = folder.lock().unwrap();
    let gone = remove(&folder, &lock, folder_id(2), RemovedData::Delete).unwrap();
    remove(&folder, &lock, folder_id(3), RemovedData::Delete).unwrap();
    assert_eq!(empty_trash(&folder, &lock).unwrap(), 2);
    assert_eq!(empty_trash(&folder, &lock).unwrap(), 0);
    for (name, bytes) in precious(folder.root()) {
        for video in [20, 30] {
            assert!(!String::from_utf8_lossy(&bytes).contains(&id(video)), "{name} still tells of video {video}");
        }
    }
    let error = restore(&folder, &lock, &gone).unwrap_err();
    assert_eq!(error.code(), ErrorCode::NotFound);
    assert_eq!(names(&folder), ["One"]);
}

#[test]
fn deleting_one_course_leaves_what_else_can_be_undone() {
    let (_temporary, folder) = three_courses();
    let lock = folder.lock().unwrap();
    let kept = remove(&folder, &lock, folder_id(2), RemovedData::Delete).unwrap();
    remove(&folder, &lock, folder_id(3), RemovedData::Delete).unwrap();
    assert_eq!(delete_from_trash(&folder, &lock, folder_id(3)).unwrap(), 1);
    assert_eq!(delete_from_trash(&folder, &lock, folder_id(3)).unwrap(), 0);
    for (name, bytes) in precious(folder.root()) {
        assert!(!String::from_utf8_lossy(&bytes).contains(&id(30)), "{name} still tells of the deleted video");
    }
    assert_eq!(removed(&folder).unwrap(), std::slice::from_ref(&kept));
    restore(&folder, &lock, &kept).unwrap();
    assert_eq!(names(&folder), ["One", "Two"]);
    assert!(folder.course_dir(Area::Database, folder_id(2)).unwrap().is_some());
}

#[test]
fn a_removal_is_not_undone_over_new_data() {
    let (_temporary, folder) = three_courses();
    let lock = folder.lock().unwrap();
    let gone = remove(&folder, &lock, folder_id(2), RemovedData::Delete).unwrap();
    add(&folder, &lock, [course(2, "Two")]).unwrap();
    let directory = folder.make_course_dir(&lock, Area::Database, folder_id(2), "Two").unwrap();
    fs::write(directory.join("viewing_activity.csv"), "new").unwrap();
    let before = files(folder.root());
    let error = restore(&folder, &lock, &gone).unwrap_err();
    assert_eq!(error.code(), ErrorCode::InvalidInput);
    assert_same_files(&files(folder.root()), &before, "as it was");
    // Removed again: two entries in the trash, and the newer one comes back first if asked for.
    let newer = remove(&folder, &lock, folder_id(2), RemovedData::Delete).unwrap();
    assert_eq!(removed(&folder).unwrap().len(), 2);
    restore(&folder, &lock, &newer).unwrap();
    assert_eq!(fs::read_to_string(directory.join("viewing_activity.csv")).unwrap(), "new");
}

/// What matters after a removal that was cut off: the course is listed with all its data, or neither and the data is in
/// the trash; and nothing claims records that are not there.
fn check_after_cut(root: &Path, good: &[(String, Vec<u8>)], what: &str) {
    let folder = DataFolder::open(root).unwrap();
    drop(folder.lock().unwrap());
    let listed = names(&folder).contains(&"Two".to_owned());
    let present = folder.course_dir(Area::Database, folder_id(2)).unwrap();
    let trashed = removed(&folder).unwrap();
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

#[test]
fn a_removal_cut_off_at_any_operation_is_undone_or_done() {
    let (_temporary, original) = three_courses();
    let good = files(original.root());
    let run = |disk: Arc<FaultyDisk>, root: &Path| {
        let folder = DataFolder::open_on(disk, root)?;
        let lock = folder.lock()?;
        remove(&folder, &lock, folder_id(2), RemovedData::Delete)
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
