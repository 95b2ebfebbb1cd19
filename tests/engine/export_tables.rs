//! More tables in an export: the exact timeline in steps, moments, dates; each row belongs to one video of the two.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use engine::dates::{NewDate, add_date, typed_when};
use engine::export::{ExportReport, ExportRequest, export, plan};
use engine::store::DataFolder;
use engine::{ErrorCode, Result};
use model::DateKind;
use tokio_util::sync::CancellationToken;

use crate::chunk_fixture::{GOLDEN_ZONE, SmallCourse, assert_same_files, files, golden_copy, id, small_folder};

const MORE: [&str; 3] = ["timeline_steps.csv", "video_moments.csv", "course_dates.csv"];

fn run(folder: &DataFolder, target: &Path, tables: bool) -> Result<ExportReport> {
    let lock = folder.lock()?;
    let request = ExportRequest { tables, ..ExportRequest::new(target, GOLDEN_ZONE) };
    export(folder, &lock, &request, &CancellationToken::new(), &|_| {})
}

/// The rows of a file whose cells hold no commas, below its header.
fn rows(target: &Path, file: &str) -> Vec<Vec<String>> {
    let text = fs::read_to_string(target.join(file)).unwrap();
    text.lines().skip(1).map(|line| line.split(',').map(str::to_owned).collect()).collect()
}

fn number(cell: &str) -> f64 {
    cell.parse().unwrap()
}

#[test]
fn steps_lie_end_to_end_and_add_up_to_what_the_chunks_say() {
    let (temporary, folder) = golden_copy();
    let target = temporary.path().join("out");
    let report = run(&folder, &target, true).unwrap();
    assert_eq!(report.files.len(), 6);
    for file in &report.files {
        assert_eq!(fs::metadata(&file.path).unwrap().len(), file.bytes, "{}", file.path.display());
    }
    let mut spent: BTreeMap<String, f64> = BTreeMap::new();
    for row in rows(&target, "chunked_data.csv") {
        *spent.entry(row[0].clone()).or_default() += number(&row[7]);
    }
    let steps = rows(&target, MORE[0]);
    assert_eq!(report.files.iter().find(|file| file.path.ends_with(MORE[0])).unwrap().rows, Some(steps.len() as u64));
    let mut played: BTreeMap<String, f64> = BTreeMap::new();
    for of_video in steps.chunk_by(|a, b| a[0] == b[0]) {
        assert_eq!(of_video[0][1], "0.0");
        assert!(of_video.windows(2).all(|pair| pair[0][2] == pair[1][1]), "without gaps");
        for step in of_video {
            let secs = number(&step[2]) - number(&step[1]);
            assert!(secs > 0.0 && number(&step[4]) >= number(&step[3]), "{step:?}");
            *played.entry(step[0].clone()).or_default() += secs * number(&step[4]);
        }
    }
    for (video, secs) in &spent {
        assert!((played[video] - secs).abs() < 1e-3, "{video}: {} and {secs}", played[video]);
    }
    let known: BTreeSet<String> = spent.keys().cloned().chain(played.keys().cloned()).collect();
    let sessions = fs::read_to_string(target.join("sessions_overview.csv")).unwrap();
    assert!(known.iter().all(|video| sessions.contains(video.as_str())));
}

#[test]
fn the_two_and_their_workbook_stay_as_they_are() {
    let (temporary, folder) = golden_copy();
    let (plain, more) = (temporary.path().join("plain"), temporary.path().join("more"));
    run(&folder, &plain, false).unwrap();
    let planned = plan(&folder, &ExportRequest { tables: true, ..ExportRequest::new(&more, GOLDEN_ZONE) }).unwrap();
    let names = |files: Vec<std::path::PathBuf>| -> BTreeSet<String> {
        files.iter().map(|path| path.file_name().unwrap().to_str().unwrap().to_owned()).collect()
    };
    let report = run(&folder, &more, true).unwrap();
    assert_eq!(
        names(planned.files.into_iter().map(|file| file.path).collect()),
        names(report.files.into_iter().map(|file| file.path).collect())
    );
    for name in ["sessions_overview.csv", "chunked_data.csv"] {
        assert!(fs::read(plain.join(name)).unwrap() == fs::read(more.join(name)).unwrap(), "{name}");
    }
    let workbook = |target: &Path| fs::read_to_string(target.join("panopto_viewing.twb")).unwrap();
    assert!(MORE.iter().all(|file| !workbook(&plain).contains(file) && workbook(&more).contains(file)));
    // Without them once more: the tables of the other export stay, and the workbook no longer names them.
    run(&folder, &more, false).unwrap();
    assert_eq!(workbook(&more), workbook(&plain));
    assert!(MORE.iter().all(|file| more.join(file).exists()));
}

#[test]
fn a_date_has_a_row_for_each_video_that_it_concerns() {
    let courses = [
        SmallCourse::new(1, "First").video(10, "100.0").video(11, "200.0").run(
            10,
            900,
            "2024-01-01 10:00:00+00:00",
            0.0,
            80.0,
        ),
        SmallCourse::new(2, "Second").video(11, "200.0").video(20, "50.0").run(
            20,
            900,
            "2024-01-02 10:00:00+00:00",
            10.0,
            20.0,
        ),
    ];
    let (temporary, folder) = small_folder(&courses);
    let lock = folder.lock().unwrap();
    let add = |course: u32, kind: DateKind, name: &str, start: &str, end: Option<&str>, videos: &[u32]| {
        let when = typed_when(start, end, chrono_tz::Tz::Europe__Zurich).unwrap();
        let videos = videos.iter().map(|video| id(*video).parse().unwrap()).collect();
        add_date(&folder, &lock, id(course).parse().unwrap(), NewDate { kind, name: name.to_owned(), when, videos })
            .unwrap();
    };
    add(1, DateKind::Exam, "Midterm", "2024-01-05 03:00", None, &[]);
    add(1, DateKind::Deadline, "Essay", "2024-01-06", None, &[10]);
    add(2, DateKind::Break, "Off", "2024-02-01", Some("2024-02-03"), &[]);
    drop(lock);
    let target = temporary.path().join("out");
    run(&folder, &target, true).unwrap();
    // The shared video belongs to the first course. 03:00 in Zurich is the evening before in Los Angeles.
    let [first, shared, second] = [10, 11, 20].map(id);
    let expected = [
        format!("{first},1,exam,Midterm,2024-01-04,2024-01-04,18:00"),
        format!("{first},2,deadline,Essay,2024-01-06,2024-01-06,"),
        format!("{shared},1,exam,Midterm,2024-01-04,2024-01-04,18:00"),
        format!("{second},1,break,Off,2024-02-01,2024-02-03,"),
    ];
    let found: Vec<String> = rows(&target, MORE[2]).iter().map(|row| row.join(",")).collect();
    assert_eq!(found, expected);
    assert_eq!(rows(&target, MORE[1]), Vec::<Vec<String>>::new(), "too few people for moments");
}

#[test]
fn dates_that_cannot_be_read_end_it_before_anything_is_replaced() {
    let (temporary, folder) = golden_copy();
    let target = temporary.path().join("out");
    run(&folder, &target, true).unwrap();
    let before = files(&target);
    fs::write(folder.dates_file(), "PanoptoFolderID,Number,Kind\nx\n").unwrap();
    let error = run(&folder, &target, true).unwrap_err();
    assert_eq!(error.code(), ErrorCode::DataFileInvalid);
    assert!(
        error.hint().unwrap().ends_with("or export without the tables of timeline, moments and dates"),
        "{error:?}"
    );
    assert_same_files(&files(&target), &before, "not replaced");
    run(&folder, &target, false).unwrap();
}
