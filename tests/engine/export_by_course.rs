//! The export by course: the same rows as the CSV files in a file for each course, whatever form the files have.

use std::fs;
use std::io::{self, Write};
use std::path::Path;
use std::sync::Arc;

use engine::ErrorCode;
use engine::export::{
    CourseChoice, ExportReport, ExportRequest, TableForm, TableRows, TableShape, export, export_by_course,
};
use engine::store::faulty::{Fault, FaultyDisk};
use engine::store::{DataFolder, Disk};
use tokio_util::sync::CancellationToken;

use crate::chunk_fixture::{
    GOLDEN_ZONE, SmallCourse, assert_same_files, copy_dir, files, golden_copy, id, small_folder,
};

/// The rows as they come, below what the file says about itself.
struct Plain {
    /// After so many bytes of rows the form fails.
    most_bytes: usize,
}

struct PlainRows<'f> {
    out: Box<dyn Write + Send + 'f>,
    left: usize,
}

impl TableForm for Plain {
    fn ending(&self) -> &'static str {
        "txt"
    }

    fn begin<'f>(
        &self,
        table: &TableShape,
        about: &[(&'static str, String)],
        mut out: Box<dyn Write + Send + 'f>,
    ) -> io::Result<Box<dyn TableRows + 'f>> {
        let names: Vec<&str> = table.columns.iter().map(|column| column.name).collect();
        writeln!(out, "# {} {about:?}", table.name)?;
        writeln!(out, "{}", names.join(","))?;
        Ok(Box::new(PlainRows { out, left: self.most_bytes }))
    }
}

impl TableRows for PlainRows<'_> {
    fn add(&mut self, rows: &[u8]) -> io::Result<()> {
        self.left = self.left.checked_sub(rows.len()).ok_or_else(|| io::Error::other("no more of these"))?;
        self.out.write_all(rows)
    }

    fn finish(mut self: Box<Self>) -> io::Result<()> {
        self.out.flush()
    }
}

const PLAIN: Plain = Plain { most_bytes: usize::MAX };

fn run(folder: &DataFolder, request: &ExportRequest, form: &dyn TableForm) -> engine::Result<ExportReport> {
    let lock = folder.lock()?;
    export_by_course(folder, &lock, request, form, &CancellationToken::new(), &|_| {})
}

fn csv(folder: &DataFolder, request: &ExportRequest) {
    let lock = folder.lock().unwrap();
    export(folder, &lock, request, &CancellationToken::new(), &|_| {}).unwrap();
}

fn file(target: &Path, table: &str, course: &str) -> std::path::PathBuf {
    target.join(table).join(format!("CourseID={course}")).join(format!("{table}.txt"))
}

/// The texts of a table's files, course after course, without what the files say about themselves.
fn rows(target: &Path, table: &str, courses: &[&str]) -> String {
    let of_course = |course: &&str| {
        let text = fs::read_to_string(file(target, table, course)).unwrap();
        text.splitn(3, '\n').nth(2).unwrap().to_owned()
    };
    courses.iter().map(of_course).collect()
}

const TABLES: [&str; 5] = ["sessions_overview", "chunked_data", "timeline_steps", "video_moments", "course_dates"];
const GOLDEN_COURSES: [&str; 2] = ["6513270e-269e-4d37-b2a7-4de452e6b438", "720ecd90-37f0-433d-a28f-01b129741837"];

#[test]
fn the_rows_are_those_of_the_csv_files_course_after_course() {
    let (temporary, folder) = golden_copy();
    let (by_course, plain) = (temporary.path().join("by course"), temporary.path().join("csv"));
    let request = |target: &Path| ExportRequest { tables: true, ..ExportRequest::new(target, GOLDEN_ZONE) };
    let report = run(&folder, &request(&by_course), &PLAIN).unwrap();
    csv(&folder, &request(&plain));
    assert_eq!((report.contents.videos, report.contents.rows), (16, 1617));
    assert_eq!(report.files.len(), 10);
    for table in TABLES {
        let expected = fs::read_to_string(plain.join(format!("{table}.csv"))).unwrap();
        let (header, expected) = expected.split_once('\n').unwrap();
        assert_eq!(rows(&by_course, table, &GOLDEN_COURSES), expected, "{table}");
        let of_table = report.files.iter().filter(|file| file.path.ends_with(format!("{table}.txt")));
        let mut counted = 0;
        for written in of_table {
            counted += written.rows.unwrap();
            let text = fs::read_to_string(&written.path).unwrap();
            assert_eq!(text.len() as u64, written.bytes);
            assert_eq!(text.lines().nth(1), Some(header));
            assert!(text.contains("America/Los_Angeles") && text.contains("as Panopto gives them"), "{table}");
        }
        let records = csv::ReaderBuilder::new().has_headers(false).from_reader(expected.as_bytes()).into_records();
        assert_eq!(counted, records.count() as u64, "{table}");
    }
}

fn two_courses() -> [SmallCourse; 2] {
    let night = "2024-03-05 02:00:00+00:00";
    [
        SmallCourse::new(1, "One").video(10, "20.0").video(11, "").run(10, 900, night, 0.0, 2.0),
        SmallCourse::new(2, "Two")
            .video(10, "20.0")
            .video(20, "20.0")
            .run(10, 901, night, 0.0, 20.0)
            .run(20, 900, night, 5.0, 7.5),
    ]
}

#[test]
fn a_video_of_two_courses_is_in_the_file_of_the_first() {
    let (temporary, folder) = small_folder(&two_courses());
    let target = temporary.path().join("out");
    run(&folder, &ExportRequest::new(&target, GOLDEN_ZONE), &PLAIN).unwrap();
    assert!(rows(&target, "sessions_overview", &[&id(1)]).contains(&id(10)));
    assert!(!rows(&target, "sessions_overview", &[&id(2)]).contains(&format!(",{},", id(10))));
    assert!(!rows(&target, "chunked_data", &[&id(2)]).contains(&id(10)));
    assert!(rows(&target, "chunked_data", &[&id(2)]).contains(&id(20)));
}

#[test]
fn courses_that_are_not_in_the_export_leave_its_folders_and_nothing_else_does() {
    let (temporary, folder) = small_folder(&two_courses());
    let target = temporary.path().join("out");
    run(&folder, &ExportRequest::new(&target, GOLDEN_ZONE), &PLAIN).unwrap();
    // What somebody else has put there.
    let notes = target.join("chunked_data").join(format!("CourseID={}", id(1))).join("notes.txt");
    fs::write(&notes, "mine").unwrap();
    fs::create_dir(target.join("chunked_data/CourseID=of nobody")).unwrap();
    let mut request = ExportRequest::new(&target, GOLDEN_ZONE);
    request.courses = CourseChoice::Some(vec![id(2).parse().unwrap()]);
    let report = run(&folder, &request, &PLAIN).unwrap();
    let removed = [file(&target, "sessions_overview", &id(1)), file(&target, "chunked_data", &id(1))];
    assert_eq!(report.removed, removed);
    assert!(removed.iter().all(|path| !path.exists()));
    assert!(!removed[0].parent().unwrap().exists(), "an empty folder goes too");
    assert_eq!(fs::read_to_string(&notes).unwrap(), "mine");
    assert!(target.join("chunked_data/CourseID=of nobody").is_dir());
    assert!(rows(&target, "chunked_data", &[&id(2)]).contains(&id(10)), "now the video belongs to this course");
}

#[test]
fn pseudonyms_are_in_the_files_and_viewers_are_not() {
    let (temporary, folder) = small_folder(&two_courses());
    let target = temporary.path().join("out");
    let mut request = ExportRequest::new(&target, GOLDEN_ZONE);
    request.pseudonyms = Some(engine::pseudonym::Pseudonyms::new(&[9; 32]).unwrap());
    run(&folder, &request, &PLAIN).unwrap();
    for (name, bytes) in files(&target) {
        let text = String::from_utf8(bytes).unwrap();
        assert!(!text.contains(&id(900)) && !text.contains(&id(901)), "{name}");
        assert!(text.contains("pseudonyms"), "{name}");
    }
}

#[test]
fn a_form_that_fails_leaves_what_was_there() {
    let (temporary, folder) = small_folder(&two_courses());
    let target = temporary.path().join("out");
    let request = ExportRequest::new(&target, GOLDEN_ZONE);
    let error = run(&folder, &request, &Plain { most_bytes: 300 }).unwrap_err();
    assert_eq!(error.code(), ErrorCode::Disk);
    assert!(error.message().contains("CourseID="), "{error}");
    assert_eq!(files(&target), [], "nothing of it stays");
    assert_eq!(fs::read_dir(&target).unwrap().count(), 0, "nor its folders");
    run(&folder, &request, &PLAIN).unwrap();
    let before = files(&target);
    run(&folder, &request, &Plain { most_bytes: 300 }).unwrap_err();
    assert_same_files(&files(&target), &before, "not replaced");
}

#[cfg(unix)]
#[test]
fn a_link_below_the_target_does_not_lead_into_the_data_folder() {
    let (temporary, folder) = small_folder(&two_courses());
    let target = temporary.path().join("out");
    let request = ExportRequest::new(&target, GOLDEN_ZONE);
    for link in ["chunked_data".to_owned(), format!("sessions_overview/CourseID={}", id(2))] {
        let link = target.join(link);
        fs::create_dir_all(link.parent().unwrap()).unwrap();
        std::os::unix::fs::symlink(folder.root().join("database"), &link).unwrap();
        let before = files(&folder.root().join("database"));
        assert_eq!(run(&folder, &request, &PLAIN).unwrap_err().code(), ErrorCode::InvalidInput);
        assert_same_files(&files(&folder.root().join("database")), &before, "untouched");
        fs::remove_file(&link).unwrap();
    }
}

#[cfg(unix)]
#[test]
fn the_files_are_their_owners_alone() {
    use std::os::unix::fs::PermissionsExt as _;

    let (temporary, folder) = small_folder(&two_courses());
    let target = temporary.path().join("out");
    run(&folder, &ExportRequest::new(&target, GOLDEN_ZONE), &PLAIN).unwrap();
    let mut open = vec![target];
    let mut seen = 0;
    while let Some(path) = open.pop() {
        assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o077, 0, "{}", path.display());
        seen += 1;
        if path.is_dir() {
            open.extend(fs::read_dir(&path).unwrap().map(|entry| entry.unwrap().path()));
        }
    }
    assert_eq!(seen, 11);
}

/// Cut off at every operation on the disk: each file is the old one or the new one, and the next export is whole.
#[test]
fn at_every_instant_each_file_is_whole() {
    const OLD: chrono_tz::Tz = chrono_tz::Tz::UTC;
    let (temporary, folder) = small_folder(&two_courses());
    let root = temporary.path();
    run(&folder, &ExportRequest::new(root.join("out"), OLD), &PLAIN).unwrap();
    let old = files(&root.join("out"));
    let on = |disk: Arc<dyn Disk>, root: &Path| {
        let folder = DataFolder::open_on(disk, root.join("data"))?;
        run(&folder, &ExportRequest::new(root.join("out"), GOLDEN_ZONE), &PLAIN)
    };
    let copy = || {
        let copy = tempfile::tempdir().unwrap();
        copy_dir(root, copy.path());
        copy
    };
    let undisturbed = copy();
    let counting = Arc::new(FaultyDisk::counting());
    on(Arc::clone(&counting) as Arc<dyn Disk>, undisturbed.path()).unwrap();
    let new = files(&undisturbed.path().join("out"));
    assert!(counting.operations() > 30 && new != old);
    for fault in [Fault::Die, Fault::Full, Fault::NoPermission, Fault::Gone] {
        for at in 0..counting.operations() {
            let what = format!("{fault:?} at operation {at}");
            let copy = copy();
            if let Err(error) = on(Arc::new(FaultyDisk::new(at, fault)), copy.path()) {
                assert_eq!(error.code(), ErrorCode::Disk, "{what}: {error}");
            }
            let found = files(&copy.path().join("out"));
            let visible: Vec<_> = found.into_iter().filter(|(name, _)| !name.contains(".tmp-")).collect();
            assert_eq!(visible.len(), old.len(), "{what}: no file is missing");
            for ((file, old), new) in visible.iter().zip(&old).zip(&new) {
                assert!(file == old || file == new, "{what}: {} is neither old nor new", file.0);
            }
            on(Arc::new(engine::store::RealDisk), copy.path()).unwrap();
            let found = files(&copy.path().join("out"));
            let visible: Vec<_> = found.into_iter().filter(|(name, _)| !name.contains(".tmp-")).collect();
            assert_same_files(&visible, &new, &what);
        }
    }
}
