//! The disk layer: replacing one file with every possible fault, the meaning of the system's refusals, and the lock.

use std::fs;
use std::io::{self, ErrorKind as IoKind, Write};
use std::path::Path;

use store::disk::is_temporary_name;
use store::faulty::{Fault, FaultyDisk};
use store::refusal::{Refusal, disk_error, pause_before_retry};
use store::{DataFolder, Disk, Durability, ErrorKind, RealDisk, Replacement, replace};

const OLD: &[u8] = b"old contents";

fn new_contents() -> Vec<u8> {
    (0..200_000u32).flat_map(u32::to_le_bytes).collect()
}

/// Replaces a file on `disk`, in pieces.
fn replace_in_pieces(disk: &dyn Disk, path: &Path, durability: Durability) -> store::Result<()> {
    let contents = new_contents();
    replace(disk, path, durability, |file| contents.chunks(10_000).try_for_each(|piece| file.write_all(piece)))
}

#[test]
fn at_every_fault_there_is_the_whole_old_file_or_the_whole_new_one() {
    let contents = new_contents();
    for durability in [Durability::Durable, Durability::Remakable] {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("file.csv");
        let counting = FaultyDisk::counting();
        fs::write(&path, OLD).unwrap();
        replace_in_pieces(&counting, &path, durability).unwrap();
        let operations = counting.operations();
        assert!(operations >= 5, "several writes and a rename");
        for fault in [Fault::Full, Fault::NoPermission, Fault::Gone, Fault::Die, Fault::PowerLoss] {
            // Only what has been flushed survives a power loss.
            if fault == Fault::PowerLoss && durability == Durability::Remakable {
                continue;
            }
            for at in 0..operations {
                fs::write(&path, OLD).unwrap();
                let disk = FaultyDisk::new(at, fault);
                let outcome = replace_in_pieces(&disk, &path, durability);
                let found = fs::read(&path).unwrap();
                assert!(found == OLD || found == contents, "{fault:?} at {at}: a half file of {} bytes", found.len());
                match outcome {
                    Ok(()) => assert!(found == contents, "{fault:?} at {at}: said to be done"),
                    Err(error) => assert_eq!(error.kind(), ErrorKind::Disk, "{fault:?} at {at}"),
                }
                let leftovers = fs::read_dir(directory.path()).unwrap().count() - 1;
                if matches!(fault, Fault::Full | Fault::NoPermission) {
                    assert_eq!(leftovers, 0, "{fault:?} at {at}: cleaned up at once");
                }
                store::disk::remove_leftovers(&RealDisk, directory.path());
                assert_eq!(fs::read_dir(directory.path()).unwrap().count(), 1);
            }
        }
    }
}

#[test]
fn a_replacement_that_is_given_up_leaves_the_old_file_and_nothing_else() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("file.csv");
    fs::write(&path, OLD).unwrap();
    let mut replacement = Replacement::begin(&RealDisk, &path, Durability::Durable).unwrap();
    replacement.write_all(&new_contents()).unwrap();
    drop(replacement);
    assert_eq!(fs::read(&path).unwrap(), OLD);
    assert_eq!(fs::read_dir(directory.path()).unwrap().count(), 1);
}

#[test]
fn the_disk_of_the_fault_tests_replaces_no_open_file_as_some_disks_on_windows_do_not() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("file.csv");
    fs::write(&path, OLD).unwrap();
    let disk = FaultyDisk::counting();
    let open = (disk.open(&path).unwrap(), disk.open(&path).unwrap());
    for held in [open.0, open.1] {
        replace_in_pieces(&disk, &path, Durability::Remakable).unwrap_err();
        assert_eq!(fs::read(&path).unwrap(), OLD);
        drop(held);
    }
    replace_in_pieces(&disk, &path, Durability::Remakable).unwrap();
    assert_eq!(fs::read(&path).unwrap(), new_contents());
}

#[test]
fn temporary_names_are_told_from_others() {
    for name in [".courses.csv.tmp-1234-0", ".a.tmp-1-2"] {
        assert!(is_temporary_name(name.as_ref()), "{name}");
    }
    for name in ["courses.csv", ".courses.csv", "courses.csv.tmp-1-2", ".x.tmp-", ".x.tmp-mine", ".tmp", "tmp-1"] {
        assert!(!is_temporary_name(name.as_ref()), "{name}");
    }
}

#[test]
fn a_lock_keeps_others_out_until_it_is_given_back() {
    let temporary = tempfile::tempdir().unwrap();
    let folder = DataFolder::create(temporary.path().join("data")).unwrap();
    let same_folder = DataFolder::open(folder.root()).unwrap();
    let lock = folder.lock().unwrap();
    let error = same_folder.lock().unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Busy);
    assert!(error.message().contains("is being written by another window or command"), "{error}");
    assert!(error.hint().is_some());
    assert!(same_folder.courses().unwrap().is_empty(), "reading needs no lock");
    drop(lock);
    same_folder.lock().unwrap();
}

#[test]
fn the_next_holder_of_the_lock_cleans_up_after_a_crash() {
    let temporary = tempfile::tempdir().unwrap();
    let folder = DataFolder::create(temporary.path().join("data")).unwrap();
    let course = folder.root().join("database/Course[11111111-1111-4111-8111-111111111111]");
    fs::create_dir_all(&course).unwrap();
    let mut leftovers =
        vec![folder.root().join(".courses.csv.tmp-99-1"), course.join(".viewing_activity.csv.tmp-99-2")];
    fs::create_dir_all(folder.internal_dir()).unwrap();
    leftovers.push(folder.internal_file(".chunked.json.tmp-99-3"));
    for path in &leftovers {
        fs::write(path, "half").unwrap();
    }
    let kept = course.join(".mine");
    fs::write(&kept, "x").unwrap();
    drop(folder.lock().unwrap());
    assert!(leftovers.iter().all(|path| !path.exists()));
    assert!(kept.exists());
}

/// Error numbers and kinds as the three systems report them.
#[test]
fn what_the_systems_refuse_is_told_apart() {
    let windows = [
        (32, IoKind::Other, Refusal::InUse),
        (33, IoKind::Other, Refusal::InUse),
        (1224, IoKind::Other, Refusal::InUse),
        (39, IoKind::StorageFull, Refusal::Full),
        (112, IoKind::StorageFull, Refusal::Full),
        (1295, IoKind::Other, Refusal::Full),
        (19, IoKind::ReadOnlyFilesystem, Refusal::ReadOnly),
        (5, IoKind::PermissionDenied, Refusal::NoPermission),
        (2, IoKind::NotFound, Refusal::Gone),
        (3, IoKind::NotFound, Refusal::Gone),
        (21, IoKind::Other, Refusal::Gone),
        (53, IoKind::Other, Refusal::Gone),
        (59, IoKind::Other, Refusal::Gone),
        (64, IoKind::Other, Refusal::Gone),
        (67, IoKind::Other, Refusal::Gone),
        (123, IoKind::InvalidFilename, Refusal::BadName),
        (1, IoKind::InvalidInput, Refusal::Other),
    ];
    for (raw, kind, expected) in windows {
        assert_eq!(Refusal::decide(kind, Some(raw), true), expected, "Windows error {raw}");
    }
    let unix = [
        (28, IoKind::StorageFull, Refusal::Full),
        (122, IoKind::QuotaExceeded, Refusal::Full),
        (27, IoKind::FileTooLarge, Refusal::Full),
        (30, IoKind::ReadOnlyFilesystem, Refusal::ReadOnly),
        (13, IoKind::PermissionDenied, Refusal::NoPermission),
        (1, IoKind::PermissionDenied, Refusal::NoPermission),
        (16, IoKind::ResourceBusy, Refusal::InUse),
        (26, IoKind::ExecutableFileBusy, Refusal::InUse),
        (2, IoKind::NotFound, Refusal::Gone),
        (5, IoKind::Other, Refusal::Gone),
        (6, IoKind::Other, Refusal::Gone),
        (19, IoKind::Other, Refusal::Gone),
        (116, IoKind::StaleNetworkFileHandle, Refusal::Gone),
        (110, IoKind::TimedOut, Refusal::Gone),
        (36, IoKind::InvalidFilename, Refusal::BadName),
        (22, IoKind::InvalidInput, Refusal::Other),
    ];
    for (raw, kind, expected) in unix {
        assert_eq!(Refusal::decide(kind, Some(raw), false), expected, "Unix error {raw}");
    }
    // The same number means different things: 32 is a broken pipe on Unix, 19 a missing device.
    assert_eq!(Refusal::decide(IoKind::BrokenPipe, Some(32), false), Refusal::Other);
}

#[test]
fn replacing_an_open_file_is_denied_by_windows_and_told_as_what_it_is() {
    let denied = Refusal::decide(IoKind::PermissionDenied, Some(5), true);
    assert_eq!(denied.at("replace", true, false), Refusal::InUse);
    assert_eq!(denied.at("write", true, false), Refusal::NoPermission);
    assert_eq!(denied.at("replace", false, false), Refusal::NoPermission, "elsewhere an open file can be replaced");
    assert_eq!(Refusal::Full.at("replace", true, false), Refusal::Full);
}

#[test]
fn a_file_marked_as_read_only_is_told_as_that_on_windows() {
    for verb in ["write", "replace", "remove"] {
        assert_eq!(Refusal::NoPermission.at(verb, true, true), Refusal::Marked);
        assert_eq!(Refusal::NoPermission.at(verb, false, true), Refusal::NoPermission, "elsewhere it does not matter");
    }
    assert_eq!(Refusal::NoPermission.at("read", true, true), Refusal::NoPermission, "it can be read");
    assert_eq!(Refusal::InUse.at("replace", true, true), Refusal::InUse);
}

/// Windows refuses; Wine replaces the file, as Linux does.
#[cfg(windows)]
#[test]
fn a_file_marked_as_read_only_is_replaced_or_named_as_that() {
    let temporary = tempfile::tempdir().unwrap();
    let path = temporary.path().join("courses.csv");
    fs::write(&path, "old").unwrap();
    let mut permissions = fs::metadata(&path).unwrap().permissions();
    permissions.set_readonly(true);
    fs::set_permissions(&path, permissions).unwrap();
    match replace(&RealDisk, &path, Durability::Durable, |file| file.write_all(b"new")) {
        Ok(()) => assert_eq!(fs::read(&path).unwrap(), b"new"),
        Err(error) => {
            assert!(error.message().ends_with("is marked as read-only: cannot replace it"), "{error}");
            assert_eq!(fs::read(&path).unwrap(), b"old");
        }
    }
}

#[test]
fn only_windows_is_asked_again_and_not_for_ever() {
    let mut waited = std::time::Duration::ZERO;
    let mut attempt = 0;
    while let Some(pause) = pause_before_retry(Refusal::InUse, attempt, true) {
        waited += pause;
        attempt += 1;
    }
    assert!(
        (5..=20).contains(&attempt) && waited.as_millis() > 500 && waited.as_millis() < 3000,
        "{attempt}, {waited:?}"
    );
    assert!(pause_before_retry(Refusal::NoPermission, 0, true).is_some(), "renaming onto an open file");
    for refusal in [Refusal::Full, Refusal::Gone, Refusal::ReadOnly, Refusal::Other] {
        assert_eq!(pause_before_retry(refusal, 0, true), None);
    }
    assert_eq!(pause_before_retry(Refusal::InUse, 0, false), None);
}

#[test]
fn each_refusal_has_its_sentence_and_a_way_out() {
    let path = Path::new("folder/courses.csv");
    for (kind, sentence) in [
        (IoKind::StorageFull, "The disk is full: cannot write `folder/courses.csv`"),
        (IoKind::ReadOnlyFilesystem, "The disk is read-only: cannot write `folder/courses.csv`"),
        (IoKind::PermissionDenied, "No permission to write `folder/courses.csv`"),
        (IoKind::ResourceBusy, "Another program has `folder/courses.csv` open: cannot write it"),
        (IoKind::NotFound, "Cannot write `folder/courses.csv`: it, its folder or its drive is not there"),
        (IoKind::InvalidFilename, "Cannot write `folder/courses.csv`: the disk does not accept this name"),
        (
            IoKind::IsADirectory,
            "Cannot write `folder/courses.csv`: a folder has this name, or a link that leads nowhere",
        ),
    ] {
        let error = disk_error("write", path, io::Error::from(kind));
        assert_eq!((error.kind(), error.message()), (ErrorKind::Disk, sentence));
        assert!(error.hint().is_some_and(|hint| hint.len() > 20));
    }
}

#[test]
fn a_file_with_the_longest_name_a_system_takes_is_replaced() {
    let directory = tempfile::tempdir().unwrap();
    for name in ["n".repeat(251), "é".repeat(125)] {
        let path = directory.path().join(format!("{name}.svg"));
        for contents in ["old", "new"] {
            replace(&RealDisk, &path, Durability::Durable, |file| file.write_all(contents.as_bytes())).unwrap();
            assert_eq!(fs::read_to_string(&path).unwrap(), contents);
        }
    }
    assert_eq!(fs::read_dir(directory.path()).unwrap().count(), 2, "nothing else is left");
}

#[cfg(unix)]
#[test]
fn what_is_no_file_is_not_replaced_by_one() {
    use std::os::unix::fs::FileTypeExt as _;
    let directory = tempfile::tempdir().unwrap();
    let (pipe, link) = (directory.path().join("pipe"), directory.path().join("link"));
    assert!(std::process::Command::new("mkfifo").arg(&pipe).status().unwrap().success());
    std::os::unix::fs::symlink(&pipe, &link).unwrap();
    for path in [&pipe, &link] {
        let refused = replace_in_pieces(&RealDisk, path, Durability::Remakable).unwrap_err();
        assert!(refused.message().ends_with("it is not a plain file"), "{refused}");
    }
    assert!(fs::metadata(&pipe).unwrap().file_type().is_fifo());
    assert_eq!(fs::read_dir(directory.path()).unwrap().count(), 2, "nothing else is left");
}

#[cfg(unix)]
#[test]
fn a_pipe_in_place_of_any_file_is_refused_and_hangs_nothing() {
    use std::sync::mpsc::channel;
    use std::time::Duration;

    use store::journal::Journal;
    use store::number::Reading;
    use store::overview::read_overview;

    let temporary = tempfile::tempdir().unwrap();
    for through_a_link in [false, true] {
        let folder = DataFolder::create(temporary.path().join(format!("data {through_a_link}"))).unwrap();
        // The pipe is within the folder, because a link that leads out would be refused for that reason.
        let pipe = folder.root().join("pipe");
        assert!(std::process::Command::new("mkfifo").arg(&pipe).status().unwrap().success());
        let course = model::FolderId::from_bytes([7; 16]);
        let lock = folder.lock().unwrap();
        let dir = folder.make_course_dir(&lock, store::Area::Database, course, "Course").unwrap();
        drop(lock);
        let journal = Journal::path(&folder, course);
        fs::create_dir_all(journal.parent().unwrap()).unwrap();
        let overview = store::overview_file(&dir);
        let lock_file = folder.internal_file("lock");
        for path in [&folder.courses_file(), &folder.state_file(), &overview, &journal, &lock_file] {
            let _ = fs::remove_file(path);
            if through_a_link {
                std::os::unix::fs::symlink(&pipe, path).unwrap();
            } else {
                assert!(std::process::Command::new("mkfifo").arg(path).status().unwrap().success());
            }
        }
        let (tell, told) = channel();
        std::thread::spawn(move || {
            let errors = [
                folder.courses().unwrap_err(),
                folder.state().unwrap_err(),
                read_overview(&RealDisk, &overview, Reading::Nearest).unwrap_err(),
                Journal::load(&folder, course).unwrap_err(),
                folder.lock().map(|_| ()).unwrap_err(),
            ];
            tell.send(errors.map(|error| error.to_string())).unwrap();
        });
        for sentence in told.recv_timeout(Duration::from_secs(20)).expect("nothing waits for the pipe's other end") {
            assert!(sentence.ends_with("it is not a plain file"), "{sentence}");
        }
    }
}

#[test]
fn a_file_without_bound_is_not_read_whole() {
    let temporary = tempfile::tempdir().unwrap();
    let folder = DataFolder::create(temporary.path()).unwrap();
    for path in [folder.courses_file(), folder.state_file()] {
        fs::File::create(&path).unwrap().set_len((64 << 20) + 1).unwrap();
    }
    for error in [folder.courses().unwrap_err(), folder.state().unwrap_err()] {
        assert!(error.message().ends_with("it is larger than 64 MB, which no such file is"), "{error}");
        assert!(error.hint().is_some());
    }
}
