//! Bad input without a server: each kind has its one sentence, and nothing stored is harmed.

use std::fs;
use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::Arc;

use chrono_tz::Tz;
use engine::chunk::CourseChunks;
use engine::courses::{add, import, remove};
use engine::export::{ExportRequest, export};
use engine::pseudonym::Pseudonyms;
use engine::store::course_list::ListedCourse;
use engine::store::faulty::{Fault, FaultyDisk};
use engine::store::{DataFolder, Disk};
use engine::time_zone::time_zone_named;
use engine::{Error, ErrorCode};
use tokio_util::sync::CancellationToken;

use crate::chunk_fixture::{SmallCourse, assert_same_files, chunk_in, course_dir, files, id, small_folder};

const NOON: &str = "2024-03-05 20:00:00+00:00";

fn one_course() -> (tempfile::TempDir, DataFolder) {
    small_folder(&[SmallCourse::new(1, "Course").video(10, "20.0").run(10, 900, NOON, 0.0, 2.0)])
}

/// The sentence, with paths cut to the file name.
fn sentence(error: &Error) -> String {
    let cut = |part: &str| match Path::new(part) {
        path if path.is_absolute() => path.file_name().unwrap().to_str().unwrap().to_owned(),
        _ => part.to_owned(),
    };
    error.message().split('`').map(cut).collect::<Vec<_>>().join("`")
}

/// The house rules for messages to people.
fn check_style(error: &Error) {
    let message = error.message();
    assert!(message.starts_with(|first: char| first.is_uppercase() || first == '`'), "{message}");
    assert!(!message.ends_with('.') && !message.contains('\n'), "{message}");
    assert!(error.hint().is_some_and(|hint| !hint.is_empty() && !hint.ends_with('.')), "{message}: {:?}", error.hint());
}

#[test]
fn damaged_course_lists_are_named_by_line_and_column() {
    for (text, expected) in [
        ("Name,ID\nx,y\n".to_owned(), "`courses.csv` has no column `PanoptoFolderName` in its first line"),
        (
            format!("PanoptoFolderName|PanoptoFolderID\nOne|{}\n", id(1)),
            "`courses.csv` has no column `PanoptoFolderName` in its first line",
        ),
        (
            "PanoptoFolderName,PanoptoFolderID\n\nOne,not-an-id\n".to_owned(),
            "Line 3 of `courses.csv`: in column `PanoptoFolderID`, `not-an-id` is not a Panopto ID: 32 hexadecimal digits in groups of 8-4-4-4-12 are expected",
        ),
        (
            format!("PanoptoFolderName,PanoptoFolderID\nOne,{}\nTwo\n", id(1)),
            "Line 3 of `courses.csv`: in column `PanoptoFolderID`, `` is not a Panopto ID: 32 hexadecimal digits in groups of 8-4-4-4-12 are expected",
        ),
        (
            format!("PanoptoFolderName,PanoptoFolderID\nAnalysis, part 2,{}\n", id(1)),
            "Line 2 of `courses.csv`: 3 cells where the first line has 2",
        ),
    ] {
        let (_temporary, folder) = one_course();
        fs::write(folder.courses_file(), &text).unwrap();
        let before = files(folder.root());
        let error = Error::from(folder.courses().unwrap_err());
        assert_eq!((error.code(), sentence(&error).as_str()), (ErrorCode::CourseFileInvalid, expected));
        check_style(&error);
        // Everything that needs the list says the same and changes nothing.
        assert_eq!(chunk_in(&folder, Tz::UTC).unwrap_err().code(), ErrorCode::CourseFileInvalid);
        let lock = folder.lock().unwrap();
        let course = ListedCourse { id: id(5).parse().unwrap(), name: "New".to_owned() };
        assert_eq!(add(&folder, &lock, [course]).unwrap_err().code(), ErrorCode::CourseFileInvalid);
        let after: Vec<_> = files(folder.root()).into_iter().filter(|(name, _)| !name.ends_with("lock")).collect();
        assert_same_files(&after, &before, "a damaged list is not written over");
    }
}

#[test]
fn a_list_in_another_encoding_is_named() {
    let (_temporary, folder) = one_course();
    let mut bytes = b"PanoptoFolderName,PanoptoFolderID\nAn\xe1lisis,".to_vec();
    bytes.extend(format!("{}\n", id(1)).bytes());
    fs::write(folder.courses_file(), bytes).unwrap();
    let error = Error::from(folder.courses().unwrap_err());
    assert_eq!(sentence(&error), "Line 2 of `courses.csv`: the text is not UTF-8");
    check_style(&error);
}

#[test]
fn a_damaged_state_is_named() {
    let (_temporary, folder) = one_course();
    let header = "PanoptoFolderName,PanoptoFolderID,LastDateFetched(UTC)\n";
    for (line, expected) in [
        (
            format!("One,{},31/12/2021", id(1)),
            "in column `LastDateFetched(UTC)`, `31/12/2021` is not a date such as 2021-12-31",
        ),
        (
            format!("One,{},2021-02-30", id(1)),
            "in column `LastDateFetched(UTC)`, `2021-02-30` is not a date such as 2021-12-31",
        ),
    ] {
        fs::write(folder.state_file(), format!("{header}{line}\n")).unwrap();
        let error = Error::from(folder.state().unwrap_err());
        assert_eq!(error.code(), ErrorCode::DataFileInvalid);
        assert_eq!(sentence(&error), format!("Line 2 of `state.csv`: {expected}"));
        check_style(&error);
    }
}

/// The error of chunking for the only course.
fn failure(folder: &DataFolder) -> Error {
    let report = chunk_in(folder, Tz::UTC).unwrap();
    match report.courses.into_iter().next() {
        Some((_, CourseChunks::Failed(error))) => error,
        other => panic!("the course should have failed: {other:?}"),
    }
}

#[test]
fn a_damaged_database_is_named_and_harms_nothing() {
    let (_temporary, folder) = one_course();
    chunk_in(&folder, Tz::UTC).unwrap();
    let output = files(&folder.root().join("output[CHUNKED]"));
    let database = course_dir(folder.root(), "database", &id(1));
    let records = database.join("viewing_activity.csv");
    let videos = database.join("sessions_overview.csv");
    let (good_records, good_videos) = (fs::read_to_string(&records).unwrap(), fs::read_to_string(&videos).unwrap());
    let cases: Vec<(&Path, String, &str)> = vec![
        (
            &records,
            good_records.replace("UserId", "User"),
            "`viewing_activity.csv` has no column `UserId` in its first line",
        ),
        (
            &records,
            "<html>Sign in</html>".to_owned(),
            "`viewing_activity.csv` has no column `SessionId` in its first line",
        ),
        (
            &records,
            format!("{good_records}{}", &good_records.lines().last().unwrap()[..60]),
            "Line 3 of `viewing_activity.csv`: 2 cells where the first line has 10",
        ),
        (
            &records,
            good_records.replace(&id(10), "session"),
            "Line 2 of `viewing_activity.csv`: in column `SessionId`, `session` is not a Panopto ID",
        ),
        (
            &records,
            good_records.replace(&id(900), "=cmd|' /C calc'!A0"),
            "Line 2 of `viewing_activity.csv`: in column `UserId`, `=cmd|' /C calc'!A0` is not a Panopto ID",
        ),
        (
            &records,
            good_records.replace(NOON, "05.03.2024 20:00"),
            "Line 2 of `viewing_activity.csv`: in column `DateTime`, `05.03.2024 20:00` is not a date and time such as 2021-09-08 15:00:12+00:00",
        ),
        (
            &records,
            good_records.replace(",0.0,Start", ",NaN,Start"),
            "Line 2 of `viewing_activity.csv`: in column `StartPosition`, `NaN` is not a number of seconds",
        ),
        (
            &videos,
            good_videos.replace("SessionId", "Id"),
            "`sessions_overview.csv` has no column `SessionId` in its first line",
        ),
        (
            &videos,
            good_videos.replace("20.0", "20:00"),
            "Line 2 of `sessions_overview.csv`: in column `Duration`, `20:00` is not a number of seconds",
        ),
    ];
    for (path, text, expected) in cases {
        fs::write(path, text).unwrap();
        let before = files(&database);
        let error = failure(&folder);
        assert_eq!((error.code(), sentence(&error).as_str()), (ErrorCode::DataFileInvalid, expected));
        check_style(&error);
        assert_same_files(&files(&database), &before, "the database is only read");
        assert_same_files(&files(&folder.root().join("output[CHUNKED]")), &output, "the old output stays");
        fs::write(&records, &good_records).unwrap();
        fs::write(&videos, &good_videos).unwrap();
    }
    assert!(chunk_in(&folder, Tz::UTC).unwrap().first_failure().is_none(), "repaired, it works again");
}

#[test]
fn wrong_arguments_get_one_sentence() {
    let (temporary, folder) = one_course();
    let error = time_zone_named("America/Vancuver").unwrap_err();
    assert_eq!(error.code(), ErrorCode::InvalidInput);
    check_style(&error);
    let lock = folder.lock().unwrap();
    let error = remove(&folder, &lock, id(77).parse().unwrap()).unwrap_err();
    assert_eq!(error.code(), ErrorCode::NotFound);
    check_style(&error);
    let error = import(&folder, &lock, &temporary.path().join("missing.csv")).unwrap_err();
    assert_eq!(sentence(&error), "Cannot read `missing.csv`: it, its folder or its drive is not there");
    check_style(&error);
    let file = temporary.path().join("a file");
    fs::write(&file, "").unwrap();
    let cancel = CancellationToken::new();
    let error = export(&folder, &lock, &ExportRequest::new(&file, Tz::UTC), &cancel, &|_| {}).unwrap_err();
    assert_eq!(sentence(&error), "`a file` is a file; an export needs a folder");
    check_style(&error);
    assert!(Pseudonyms::new(b"").is_none());
}

/// The sentence about a refusing disk, for each use case.
#[test]
fn a_disk_that_refuses_gets_one_sentence_and_nothing_is_lost() {
    for (fault, beginning) in [
        (Fault::Full, "The disk is full: cannot "),
        (Fault::NoPermission, "No permission to "),
        (Fault::Gone, "Cannot "),
    ] {
        let (temporary, folder) = one_course();
        chunk_in(&folder, Tz::UTC).unwrap();
        let database = files(&folder.root().join("database"));
        let list = fs::read(folder.courses_file()).unwrap();
        let faulty = |at| {
            let disk: Arc<dyn Disk> = Arc::new(FaultyDisk::new(at, fault));
            DataFolder::open_on(disk, folder.root()).unwrap()
        };
        let course = ListedCourse { id: id(5).parse().unwrap(), name: "New".to_owned() };
        let target = temporary.path().join("export");
        // Operation 0 creates the directory of the lock; the first write of each use case comes after it.
        let errors = [
            faulty(0).lock().map(|_| ()).unwrap_err().into(),
            {
                let folder = faulty(1);
                let lock = folder.lock().unwrap();
                add(&folder, &lock, [course.clone()]).map(|_| ()).unwrap_err()
            },
            chunk_in(&faulty(1), Tz::Asia__Tokyo).map(|_| ()).unwrap_err(),
            {
                let folder = faulty(3);
                let lock = folder.lock().unwrap();
                let request = ExportRequest::new(&target, Tz::UTC);
                export(&folder, &lock, &request, &CancellationToken::new(), &|_| {}).map(|_| ()).unwrap_err()
            },
        ];
        for error in errors {
            assert_eq!(error.code(), ErrorCode::Disk);
            // What Windows does not let us replace is most likely open elsewhere.
            let open_elsewhere =
                cfg!(windows) && fault == Fault::NoPermission && error.message().ends_with("open: cannot replace it");
            assert!(error.message().starts_with(beginning) || open_elsewhere, "{fault:?}: {error}");
            check_style(&error);
        }
        assert_same_files(&files(&folder.root().join("database")), &database, "the database");
        assert!(fs::read(folder.courses_file()).unwrap() == list, "the course list");
    }
}

#[cfg(unix)]
#[test]
fn a_folder_without_write_access_is_told() {
    use std::os::unix::fs::PermissionsExt;

    let (_temporary, folder) = one_course();
    fs::set_permissions(folder.root(), fs::Permissions::from_mode(0o555)).unwrap();
    let lock = folder.lock().map_err(Error::from);
    fs::set_permissions(folder.root(), fs::Permissions::from_mode(0o755)).unwrap();
    // The superuser may write everywhere; then the simulated disk above must suffice.
    if let Err(error) = lock {
        assert_eq!(sentence(&error), "No permission to make the folder `.panopto-analytics`");
        check_style(&error);
    }
}

const CHILD: &str = "ENGINE_TEST_LOCK_FOLDER";

/// Not a test of its own: it is the other process of the next test.
#[test]
fn hold_the_lock_until_the_input_ends() {
    let Ok(folder) = std::env::var(CHILD) else { return };
    let _lock = DataFolder::open(folder).unwrap().lock().unwrap();
    println!("\nlocked");
    let _ = std::io::stdin().lines().count();
}

#[test]
fn a_second_process_is_told_to_wait_until_the_first_has_ended_however() {
    let (_temporary, folder) = one_course();
    for killed in [false, true] {
        let mut child = Command::new(std::env::current_exe().unwrap())
            .args(["--exact", "bad_input::hold_the_lock_until_the_input_ends", "--nocapture"])
            .env(CHILD, folder.root())
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut said = BufReader::new(child.stdout.take().unwrap()).lines().map_while(Result::ok);
        assert!(said.any(|line| line == "locked"), "the other process has the lock");
        let error = Error::from(folder.lock().unwrap_err());
        assert_eq!(error.code(), ErrorCode::Busy);
        assert_eq!(sentence(&error), "The data folder `data` is being written by another window or command");
        check_style(&error);
        assert_eq!(folder.courses().unwrap().len(), 1, "reading goes on");
        if killed {
            child.kill().unwrap();
        } else {
            drop(child.stdin.take());
        }
        assert!(said.count() < 100);
        child.wait().unwrap();
        folder.lock().unwrap();
    }
}

#[test]
fn hostile_names_stay_names() {
    let names = [
        "../..",
        "CON",
        "C:\\Windows\\system32",
        "<img src=x onerror=alert(1)>",
        "=cmd|' /C calc'!A0",
        "a\u{0}b",
        "]]>&lt;\u{202e}",
        "' OR 1=1 --",
        &"x".repeat(300),
    ];
    for name in names {
        let course = SmallCourse::new(1, "Course").video(10, "20.0").run(10, 900, NOON, 0.0, 2.0);
        let (temporary, folder) = small_folder(&[course]);
        let around = temporary.path().join("untouched");
        fs::write(&around, "x").unwrap();
        let database = course_dir(folder.root(), "database", &id(1));
        let videos = database.join("sessions_overview.csv");
        let quoted = format!("\"{}\"", name.replace('"', "\"\""));
        let text = fs::read_to_string(&videos)
            .unwrap()
            .replace(",Course,", &format!(",{quoted},"))
            .replace("Video 10", &quoted);
        fs::write(&videos, text).unwrap();
        let lock = folder.lock().unwrap();
        let listed = ListedCourse { id: id(2).parse().unwrap(), name: name.to_owned() };
        add(&folder, &lock, [listed]).unwrap();
        let directory =
            folder.make_course_dir(&lock, engine::store::Area::Database, id(2).parse().unwrap(), name).unwrap();
        assert_eq!(directory.parent(), Some(folder.root().join("database").as_path()), "{name}");
        assert!(directory.is_dir());
        let target = temporary.path().join("export");
        export(&folder, &lock, &ExportRequest::new(&target, Tz::UTC), &CancellationToken::new(), &|_| {}).unwrap();
        let mut reader = csv::Reader::from_path(target.join("sessions_overview.csv")).unwrap();
        let record = reader.records().next().unwrap().unwrap();
        assert_eq!((&record[2], &record[6], &record[8]), (name, name, name), "as text, unchanged");
        let mut beside: Vec<_> =
            fs::read_dir(temporary.path()).unwrap().map(|entry| entry.unwrap().file_name()).collect();
        beside.sort();
        assert_eq!(beside, ["data", "export", "untouched"]);
        assert!(!fs::read_to_string(target.join("panopto_viewing.twb")).unwrap().contains(name) || name == "CON");
    }
}
