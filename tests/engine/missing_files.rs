//! Files of a course that are gone, or shorter than its journal says, are reported and never mean "no views".

use std::fs;
use std::path::PathBuf;

use chrono_tz::Tz;
use engine::chunk::{CourseChunks, UnionChunks};
use engine::export::{ExportRequest, export, plan};
use engine::status::status;
use engine::store::{activity_file, overview_file};
use engine::views::{Views, facts_of_course};
use engine::{Error, ErrorCode};
use tokio_util::sync::CancellationToken;

use crate::chunk_fixture::chunk_in;
use crate::support::{Lab, small_world};

const HINT: &str = "Sync this course: what is missing is fetched again";

/// Everything that was made from the stored data.
fn output(lab: &Lab) -> Vec<(PathBuf, Vec<u8>)> {
    let (mut files, mut open) = (Vec::new(), vec![lab.folder().area_dir(engine::store::Area::Output)]);
    while let Some(directory) = open.pop() {
        for entry in fs::read_dir(directory).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() { open.push(path) } else { files.push((path.clone(), fs::read(path).unwrap())) }
        }
    }
    files.sort();
    files
}

fn is_told(error: &Error, file: &str) {
    assert_eq!((error.code(), error.hint()), (ErrorCode::DataFileInvalid, Some(HINT)));
    assert!(error.message().contains(file) && !error.message().ends_with('.'), "{error}");
}

/// Every reader says that `file` is missing, and existing output stays byte for byte.
fn every_reader_tells(lab: &Lab, file: &str) {
    let folder = lab.folder();
    let before = output(lab);
    let report = chunk_in(&folder, Tz::UTC).unwrap();
    let [(_, CourseChunks::Failed(error))] = report.courses.as_slice() else { panic!("{report:?}") };
    is_told(error, file);
    assert_eq!(report.union, UnionChunks::LeftAsItWas);
    let target = tempfile::tempdir().unwrap();
    let request = ExportRequest::new(target.path().join("out"), Tz::UTC);
    assert!(plan(&folder, &request).unwrap().contents.is_none());
    let lock = folder.lock().unwrap();
    is_told(&export(&folder, &lock, &request, &CancellationToken::new(), &|_| {}).unwrap_err(), file);
    assert!(!request.target.exists());
    assert!(output(lab) == before);

    let course = &status(&folder).unwrap()[0];
    let trouble = course.trouble.as_ref().unwrap();
    assert!(trouble.code == ErrorCode::DataFileInvalid && trouble.reason.contains(file), "{trouble:?}");
    assert_eq!(course.stored, None);
    let facts = facts_of_course(&folder, lab.course()).unwrap();
    assert_eq!((facts.has_data, facts.trouble.as_ref()), (true, Some(trouble)));
    is_told(&Views::default().course(&folder, lab.course(), Tz::UTC).unwrap_err(), file);
}

fn every_reader_is_content(lab: &Lab) {
    assert!(chunk_in(&lab.folder(), Tz::UTC).unwrap().first_failure().is_none());
    assert_eq!(status(&lab.folder()).unwrap()[0].trouble, None);
    Views::default().course(&lab.folder(), lab.course(), Tz::UTC).unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn files_that_are_gone_or_cut_are_told_until_a_sync_has_fetched_them_again() {
    let lab = Lab::new(small_world(31)).await;
    lab.sync_whole().await;
    every_reader_is_content(&lab);
    let good = output(&lab);
    let (activity, overview) = (activity_file(&lab.course_dir()), overview_file(&lab.course_dir()));
    let records = lab.activity();
    let cut: String = records.split_inclusive('\n').take(records.lines().count() - 1).collect();
    let header: String = records.split_inclusive('\n').take(1).collect();
    for left in [Some(cut), Some(header), Some(String::new()), None] {
        match left {
            Some(text) => fs::write(&activity, text).unwrap(),
            None => fs::remove_file(&activity).unwrap(),
        }
        every_reader_tells(&lab, "viewing_activity.csv");
        lab.sync_whole().await;
        every_reader_is_content(&lab);
    }
    fs::remove_file(&overview).unwrap();
    every_reader_tells(&lab, "sessions_overview.csv");
    lab.sync_whole().await;
    fs::remove_dir_all(lab.course_dir()).unwrap();
    every_reader_tells(&lab, "database");
    lab.sync_whole().await;
    every_reader_is_content(&lab);
    assert!(output(&lab) == good);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_sync_that_fetches_nothing_does_not_make_a_loss_forgotten() {
    let lab = Lab::new(small_world(32)).await;
    lab.sync_whole().await;
    chunk_in(&lab.folder(), Tz::UTC).unwrap();
    fs::remove_file(activity_file(&lab.course_dir())).unwrap();
    let world = lab.server.world().clone();
    lab.server.world().folders.clear();
    let report = lab.sync().await.unwrap();
    assert!(!report.is_complete(), "{report:?}");
    every_reader_tells(&lab, "viewing_activity.csv");
    *lab.server.world() = world;
    lab.sync_whole().await;
    every_reader_is_content(&lab);
}

#[tokio::test(flavor = "multi_thread")]
async fn longer_files_and_folders_without_a_journal_are_read_as_they_are() {
    let lab = Lab::new(small_world(33)).await;
    lab.sync_whole().await;
    let records = lab.activity();
    let last = records.lines().last().unwrap();
    fs::write(activity_file(&lab.course_dir()), format!("{records}{last}\n")).unwrap();
    every_reader_is_content(&lab);
    fs::remove_file(lab.journal_path()).unwrap();
    fs::remove_file(activity_file(&lab.course_dir())).unwrap();
    every_reader_is_content(&lab);
}
