//! Reading and writing the tables of the data folder: what is tolerated, what errors name, and what comes back the
//! same.

use std::fs;
use std::path::{Path, PathBuf};

use proptest::prelude::*;
use store::activity::{ActivityReader, push_activity_header, push_activity_row};
use store::course_list::ListedCourse;
use store::number::Reading;
use store::overview::{read_overview, write_overview};
use store::state::FetchedCourse;
use store::{DataFolder, ErrorKind, RealDisk, activity_file, overview_file};

/// The data folder that the original tool wrote.
fn golden() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/fixtures/golden")
}

fn id(number: u32) -> String {
    format!("{number:08x}-0000-4000-8000-{number:012x}")
}

fn new_folder() -> (tempfile::TempDir, DataFolder) {
    let temporary = tempfile::tempdir().unwrap();
    let folder = DataFolder::create(temporary.path().join("data")).unwrap();
    (temporary, folder)
}

fn course(number: u32, name: &str) -> ListedCourse {
    ListedCourse { id: id(number).parse().unwrap(), name: name.to_owned() }
}

#[test]
fn a_new_data_folder_has_an_empty_course_list() {
    let (_temporary, folder) = new_folder();
    assert_eq!(fs::read_to_string(folder.courses_file()).unwrap(), "PanoptoFolderName,PanoptoFolderID\n");
    assert!(folder.courses().unwrap().is_empty());
    assert!(folder.state().unwrap().is_empty());
}

#[test]
fn creating_over_an_existing_folder_changes_nothing() {
    let (_temporary, folder) = new_folder();
    let lock = folder.lock().unwrap();
    folder.save_courses(&lock, &[course(1, "One")]).unwrap();
    let again = DataFolder::create(folder.root()).unwrap();
    assert_eq!(again.courses().unwrap(), [course(1, "One")]);
}

#[test]
fn what_people_and_spreadsheets_make_of_a_course_list_is_read() {
    let (_temporary, folder) = new_folder();
    let (one, two) = (id(1), id(2).to_uppercase());
    for text in [
        format!("PanoptoFolderName,PanoptoFolderID\nOne,{one}\nTwo,{two}\n"),
        format!("\u{feff}PanoptoFolderName,PanoptoFolderID\r\nOne,{one}\r\nTwo,{two}\r\n\r\n"),
        format!("PanoptoFolderID,Note,PanoptoFolderName\n{one},x,One\n\n{two},,Two"),
        format!("panoptofoldername, PanoptoFolderId \n\"One\", {one} \n ,\nTwo,{{{two}}}\n,,\n").replace(",,\n", ",\n"),
        format!("PanoptoFolderName,PanoptoFolderID\nOne,{one}\nTwo,{two}\nOne again,{}\n", one.to_uppercase()),
    ] {
        fs::write(folder.courses_file(), &text).unwrap();
        assert_eq!(folder.courses().unwrap(), [course(1, "One"), course(2, "Two")], "{text}");
    }
}

#[test]
fn the_originals_state_is_taken_over_and_kept_in_step_as_long_as_it_is_there() {
    let (_temporary, folder) = new_folder();
    let original = folder.root().join("raw_data_handler/state.csv");
    fs::create_dir_all(original.parent().unwrap()).unwrap();
    let text = format!("PanoptoFolderName,PanoptoFolderID,LastDateFetched(UTC)\nOne,{},2021-12-31\n", id(1));
    fs::write(&original, &text).unwrap();
    let mut state = folder.state().unwrap();
    assert_eq!(state[0].last_day.unwrap().to_string(), "2021-12-31");
    state[0].last_day = state[0].last_day.unwrap().succ_opt();
    let lock = folder.lock().unwrap();
    folder.save_state(&lock, &state).unwrap();
    assert_eq!(folder.state().unwrap(), state);
    assert_eq!(fs::read_to_string(&original).unwrap(), fs::read_to_string(folder.state_file()).unwrap());
    fs::remove_file(&original).unwrap();
    folder.save_state(&lock, &state).unwrap();
    assert!(!original.exists());
}

#[test]
fn days_of_the_state_are_read_as_spreadsheets_leave_them() {
    let (_temporary, folder) = new_folder();
    for (day, read) in [("2021-12-31", Some("2021-12-31")), ("2021-12-31 00:00:00", Some("2021-12-31")), ("", None)] {
        let text = format!("PanoptoFolderName,PanoptoFolderID,LastDateFetched(UTC)\nOne,{},{day}\n", id(1));
        fs::write(folder.state_file(), text).unwrap();
        assert_eq!(folder.state().unwrap()[0].last_day.map(|day| day.to_string()).as_deref(), read, "{day}");
    }
}

#[test]
fn golden_tables_come_back_byte_for_byte() {
    for entry in fs::read_dir(golden().join("database")).unwrap() {
        let directory = entry.unwrap().path();
        let temporary = tempfile::tempdir().unwrap();

        let copy = temporary.path().join("sessions_overview.csv");
        let rows = read_overview(&RealDisk, &overview_file(&directory), Reading::Nearest).unwrap();
        write_overview(&RealDisk, &copy, &rows).unwrap();
        assert_eq!(fs::read(&copy).unwrap(), fs::read(overview_file(&directory)).unwrap());

        let path = activity_file(&directory);
        let mut out = Vec::new();
        push_activity_header(&mut out);
        for record in ActivityReader::open(&RealDisk, &path).unwrap() {
            push_activity_row(&mut out, &record.unwrap().1);
        }
        // The original tool's file has some whole numbers without a decimal point.
        let pointed = |line: &str| -> String {
            let cells = line.split(',').map(|cell| match cell.parse::<u32>() {
                Ok(_) => format!("{cell}.0"),
                Err(_) => cell.to_owned(),
            });
            cells.collect::<Vec<_>>().join(",")
        };
        let original = fs::read_to_string(&path).unwrap();
        for (ours, theirs) in String::from_utf8(out).unwrap().lines().zip(original.lines()) {
            assert_eq!(ours, pointed(theirs));
        }
    }
    let temporary = tempfile::tempdir().unwrap();
    for name in ["courses.csv", "state.csv"] {
        fs::copy(golden().join(name), temporary.path().join(name)).unwrap();
    }
    let folder = DataFolder::open(temporary.path()).unwrap();
    let lock = folder.lock().unwrap();
    folder.save_courses(&lock, &folder.courses().unwrap()).unwrap();
    folder.save_state(&lock, &folder.state().unwrap()).unwrap();
    for name in ["courses.csv", "state.csv"] {
        let (ours, original) = (temporary.path().join(name), golden().join(name));
        assert_eq!(fs::read_to_string(ours).unwrap(), fs::read_to_string(original).unwrap());
    }
}

#[test]
fn a_data_folder_must_be_a_folder_that_is_there() {
    let temporary = tempfile::tempdir().unwrap();
    let file = temporary.path().join("file");
    fs::write(&file, "").unwrap();
    assert_eq!(DataFolder::open(&file).unwrap_err().kind(), ErrorKind::InvalidInput);
    assert_eq!(DataFolder::open(temporary.path().join("missing")).unwrap_err().kind(), ErrorKind::NotFound);
    assert_eq!(DataFolder::create(file.join("below")).unwrap_err().kind(), ErrorKind::Disk);
}

/// Bytes that have a meaning in CSV, and some that have none anywhere.
fn csv_like() -> impl Strategy<Value = Vec<u8>> {
    prop_oneof![
        prop::collection::vec(any::<u8>(), 0..300),
        prop::collection::vec(prop::sample::select(b"\"\",,\n\r\n a0-:\xef\xbb\xbf\xff".to_vec()), 0..300),
    ]
}

proptest! {
    #[test]
    fn no_file_makes_a_reader_panic(bytes in csv_like(), header in 0usize..5) {
        let (_temporary, folder) = new_folder();
        let headers: [&[u8]; 5] = [
            b"",
            b"PanoptoFolderName,PanoptoFolderID\n",
            b"PanoptoFolderName,PanoptoFolderID,LastDateFetched(UTC)\n",
            b"RootFolderID,RootFolderName,ContainingFolderId,ContainingFolderName,SessionId,SessionName,Description,Duration\n",
            b"SessionId,UserId,Date,DateTime,PlaybackSpeed,StartPosition,StartReason,StopPosition,StopReason,SecondsViewed\n",
        ];
        let text = [headers[header], &bytes].concat();
        for path in [folder.courses_file(), folder.state_file()] {
            fs::write(path, &text).unwrap();
        }
        let other = folder.root().join("other.csv");
        fs::write(&other, &text).unwrap();
        if let Err(error) = folder.courses() {
            prop_assert_eq!(error.kind(), ErrorKind::CourseFileInvalid);
        }
        if let Err(error) = folder.state() {
            prop_assert_eq!(error.kind(), ErrorKind::DataFileInvalid);
        }
        if let Err(error) = read_overview(&RealDisk, &other, Reading::AsPandas) {
            prop_assert_eq!(error.kind(), ErrorKind::DataFileInvalid);
        }
        if let Ok(reader) = ActivityReader::open(&RealDisk, &other) {
            prop_assert!(reader.take(1000).filter(Result::is_err).count() <= 1, "an error ends the reading");
        }
    }

    #[test]
    fn courses_and_state_come_back_whatever_their_names(names in prop::collection::vec("\\PC{0,40}", 0..6), day in 0i32..60_000) {
        let (_temporary, folder) = new_folder();
        let courses: Vec<ListedCourse> =
            names.iter().enumerate().map(|(number, name)| course(number as u32 + 1, name.trim())).collect();
        let last_day = store::moment::date_of_day(day);
        let state: Vec<FetchedCourse> =
            courses.iter().map(|course| FetchedCourse { id: course.id, name: course.name.clone(), last_day }).collect();
        let lock = folder.lock().unwrap();
        folder.save_courses(&lock, &courses).unwrap();
        folder.save_state(&lock, &state).unwrap();
        prop_assert_eq!(folder.courses().unwrap(), courses);
        prop_assert_eq!(folder.state().unwrap(), state);
    }
}

/// A crash of the computer can leave a file of 0 bytes under its name. Taken for a list of nothing, it would empty a course.
#[test]
fn a_blank_list_is_damage_where_there_is_data() {
    let temporary = tempfile::tempdir().unwrap();
    let folder = DataFolder::create(temporary.path()).unwrap();
    let lock = folder.lock().unwrap();
    let course = model::FolderId::from_bytes([7; 16]);
    let dir = folder.make_course_dir(&lock, store::Area::Database, course, "Course").unwrap();
    let (overview, activity) = (store::overview_file(&dir), store::activity_file(&dir));
    for blank in ["", "\n", "\r\n", "\u{feff}"] {
        fs::write(&overview, blank).unwrap();
        fs::write(folder.courses_file(), blank).unwrap();
        let list = folder.courses().unwrap_err();
        assert_eq!(list.kind(), ErrorKind::CourseFileInvalid, "{list}");
        assert!(list.message().contains("is empty, though the data folder holds 1 course"), "{list}");
        for (records, is_damage) in
            [("SessionId,UserId\nvideo,viewer\n", true), ("SessionId,UserId\n", false), ("\n", false), ("", false)]
        {
            fs::write(&activity, records).unwrap();
            let read = store::overview::read_overview(&RealDisk, &overview, store::number::Reading::Nearest);
            match read {
                Ok(rows) => assert!(!is_damage && rows.is_empty(), "{blank:?} beside {records:?}"),
                Err(error) => {
                    assert!(
                        is_damage && error.message().ends_with("there are viewing records of its videos"),
                        "{error}"
                    );
                    assert!(error.hint().is_some());
                }
            }
        }
    }
    fs::remove_dir_all(&dir).unwrap();
    assert!(folder.courses().unwrap().is_empty(), "without data it is a list of nothing");
}
