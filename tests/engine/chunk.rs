//! Chunking beyond the golden data: order, courses without views, the union, and what is not made twice.

use std::fmt::Write as _;
use std::fs;
use std::num::NonZero;
use std::sync::Mutex;

use chrono_tz::Tz;
use engine::ErrorCode;
use engine::chunk::{ChunkOptions, ChunkProgress, ChunkReport, CourseChunks, UnionChunks, chunk};
use engine::store::DataFolder;
use tokio_util::sync::CancellationToken;

use crate::chunk_fixture::{
    ACTIVITY_HEADER, GOLDEN_ZONE, SmallCourse, assert_same_files, chunk_in, course_dir, files, golden_copy, id,
    small_folder,
};

const NOON: &str = "2024-03-05 20:00:00+00:00";

fn chunked(folder: &DataFolder, course: u32) -> String {
    fs::read_to_string(course_dir(folder.root(), "output[CHUNKED]", &id(course)).join("chunked_data.csv")).unwrap()
}

fn overview(folder: &DataFolder, course: u32) -> String {
    fs::read_to_string(course_dir(folder.root(), "output[CHUNKED]", &id(course)).join("sessions_overview.csv")).unwrap()
}

fn union(folder: &DataFolder, name: &str) -> String {
    fs::read_to_string(folder.tableau_dir().join(name)).unwrap()
}

/// A name for the result of each course.
fn outcomes(report: &ChunkReport) -> Vec<&'static str> {
    report
        .courses
        .iter()
        .map(|(_, chunks)| match chunks {
            CourseChunks::Unchanged(_) => "unchanged",
            CourseChunks::Chunked(_) => "chunked",
            CourseChunks::NotSynced => "not synced",
            CourseChunks::Failed(_) => "failed",
        })
        .collect()
}

fn output(folder: &DataFolder) -> Vec<(String, Vec<u8>)> {
    files(&folder.root().join("output[CHUNKED]"))
}

#[test]
fn rows_come_by_video_then_viewer_and_day_as_first_met_then_chunk() {
    let course = SmallCourse::new(1, "Course")
        .video(10, "20.0")
        .video(11, "20.0")
        .run(11, 902, "2024-03-06 20:00:00+00:00", 0.0, 1.5)
        .run(10, 901, "2024-03-06 20:00:00+00:00", 19.0, 25.0)
        .run(10, 900, "2024-03-05 20:00:00+00:00", 3.0, 4.0)
        .run(11, 902, "2024-03-05 20:00:00+00:00", 5.0, 6.0)
        .run(10, 901, "2024-03-05 20:00:00+00:00", -5.0, 0.5)
        .run(10, 901, "2024-03-06 20:00:00+00:00", 18.5, 19.5);
    let (_temporary, folder) = small_folder(&[course]);
    chunk_in(&folder, Tz::UTC).unwrap();
    let rows: Vec<String> = chunked(&folder, 1)
        .lines()
        .skip(1)
        .map(|line| line.replace(&id(10), "v10").replace(&id(11), "v11").replace("-0000-4000-8000-", "|"))
        .map(|line| {
            line.split(',')
                .enumerate()
                .map(|(at, cell)| if at == 1 { &cell[5..8] } else { cell })
                .collect::<Vec<_>>()
                .join(",")
        })
        .collect();
    assert_eq!(
        rows,
        [
            // The viewers of a video are in the order of its records, not of their IDs; so are the days.
            "v10,385,2024-03-06,18,18.0,19.0,50.0,0.5,False",
            "v10,385,2024-03-06,19,19.0,20.0,100.0,1.5,True",
            "v10,385,2024-03-05,0,0.0,1.0,50.0,0.5,False",
            "v10,384,2024-03-05,3,3.0,4.0,100.0,1.0,True",
            "v11,386,2024-03-06,0,0.0,1.0,100.0,1.0,True",
            "v11,386,2024-03-06,1,1.0,2.0,50.0,0.5,False",
            "v11,386,2024-03-05,5,5.0,6.0,100.0,1.0,True",
        ]
    );
}

#[test]
fn a_run_that_only_touches_a_border_makes_a_viewer_and_no_row() {
    let course =
        SmallCourse::new(1, "Course").video(10, "20.0").run(10, 900, NOON, 5.0, 5.0).run(10, 901, NOON, 25.0, 30.0);
    let (_temporary, folder) = small_folder(&[course]);
    chunk_in(&folder, Tz::UTC).unwrap();
    assert_eq!(chunked(&folder, 1).lines().count(), 1);
    assert!(overview(&folder, 1).ends_with(",2,0\n"), "{}", overview(&folder, 1));
}

#[test]
fn videos_without_length_or_views_have_a_row_of_the_overview_and_no_chunks() {
    let course = SmallCourse::new(1, "Course")
        .video(10, "")
        .video(11, "0.0")
        .video(12, "-3.5")
        .video(13, "nan")
        .video(14, "60")
        .run(10, 900, NOON, 0.0, 10.0)
        .run(11, 900, NOON, 0.0, 10.0)
        .run(12, 900, NOON, 0.0, 10.0)
        .run(99, 900, NOON, 0.0, 10.0);
    let (_temporary, folder) = small_folder(&[course]);
    chunk_in(&folder, Tz::UTC).unwrap();
    assert_eq!(chunked(&folder, 1).lines().count(), 1);
    let ends: Vec<(String, String)> = overview(&folder, 1)
        .lines()
        .skip(1)
        .map(|line| {
            let cells: Vec<&str> = line.split(',').collect();
            (cells[4].to_owned(), cells[9..].join(","))
        })
        .collect();
    let expected = [("", "1,0"), ("0.0", "1,0"), ("-3.5", "1,0"), ("", "0,0"), ("60.0", "0,0")];
    assert_eq!(ends, expected.map(|(duration, counts)| (duration.to_owned(), counts.to_owned())));
}

#[test]
fn a_course_that_nobody_has_viewed_needs_no_file_of_records() {
    let (_temporary, folder) = small_folder(&[SmallCourse::new(1, "Course").video(10, "60.0")]);
    let records = course_dir(folder.root(), "database", &id(1)).join("viewing_activity.csv");
    for prepare in [
        Box::new(|| fs::remove_file(&records).unwrap()) as Box<dyn Fn()>,
        Box::new(|| fs::write(&records, "").unwrap()),
        Box::new(|| fs::write(&records, ACTIVITY_HEADER).unwrap()),
        Box::new(|| fs::write(&records, format!("\u{feff}{}", ACTIVITY_HEADER.trim_end())).unwrap()),
    ] {
        prepare();
        let report = chunk_in(&folder, Tz::UTC).unwrap();
        assert_eq!(outcomes(&report), ["chunked"]);
        assert!(overview(&folder, 1).ends_with(",0,0\n"));
    }
}

#[test]
fn completed_counts_what_was_covered_over_all_days() {
    let course = SmallCourse::new(1, "Course")
        .video(10, "100.0")
        // 40 + 40 on two days, of which 5 are covered twice.
        .run(10, 900, "2024-03-05 12:00:00+00:00", 0.0, 40.0)
        .run(10, 900, "2024-03-06 12:00:00+00:00", 35.0, 75.0)
        // The same 50 twice.
        .run(10, 901, "2024-03-05 12:00:00+00:00", 0.0, 50.0)
        .run(10, 901, "2024-03-06 12:00:00+00:00", 0.0, 50.0)
        // Past the end does not count.
        .run(10, 902, "2024-03-05 12:00:00+00:00", 30.0, 1000.0);
    let (_temporary, folder) = small_folder(&[course]);
    chunk_in(&folder, Tz::UTC).unwrap();
    assert!(overview(&folder, 1).ends_with(",3,1\n"), "{}", overview(&folder, 1));
}

#[test]
fn days_are_those_of_the_reporting_time_zone() {
    let course = SmallCourse::new(1, "Course").video(10, "20.0").run(10, 900, "2024-03-05 02:00:00+00:00", 0.0, 1.0);
    let (_temporary, folder) = small_folder(&[course]);
    for (zone, day) in [(Tz::UTC, "2024-03-05"), (GOLDEN_ZONE, "2024-03-04"), (Tz::Pacific__Auckland, "2024-03-05")] {
        let report = chunk_in(&folder, zone).unwrap();
        assert_eq!(outcomes(&report), ["chunked"], "another zone makes another output");
        assert_eq!(chunked(&folder, 1).lines().nth(1).unwrap().split(',').nth(2), Some(day), "{zone}");
    }
}

fn two_courses_with_a_common_video() -> [SmallCourse; 2] {
    [
        SmallCourse::new(1, "Zulu").video(10, "20.0").video(11, "20.0").run(11, 900, NOON, 0.0, 2.0),
        SmallCourse::new(2, "Alpha")
            .video(20, "20.0")
            .video(11, "20.0")
            .video(21, "20.0")
            .run(20, 900, NOON, 0.0, 2.0)
            .run(11, 901, NOON, 0.0, 20.0)
            .run(21, 900, NOON, 3.0, 4.0),
    ]
}

/// For each row, the first 8 digits of the first cell without leading zeros.
fn videos(text: &str, column: usize) -> Vec<u32> {
    let mut videos: Vec<u32> = text
        .lines()
        .skip(1)
        .map(|line| u32::from_str_radix(&line.split(',').nth(column).unwrap()[..8], 16).unwrap())
        .collect();
    videos.dedup();
    videos
}

#[test]
fn the_union_has_the_courses_in_the_lists_order_and_a_common_video_once() {
    let (_temporary, folder) = small_folder(&two_courses_with_a_common_video());
    let report = chunk_in(&folder, Tz::UTC).unwrap();
    assert_eq!(report.union, UnionChunks::Made { videos: 4, rows: 5 });
    assert_eq!(videos(&union(&folder, "chunked_data.csv"), 0), [11, 20, 21]);
    let rows = union(&folder, "sessions_overview.csv");
    assert_eq!(videos(&rows, 1), [10, 11, 20, 21]);
    let orders: Vec<&str> = rows.lines().skip(1).map(|line| line.split(',').next().unwrap()).collect();
    assert_eq!(orders, ["1", "2", "1", "3"], "a video keeps its place in its course");

    // In the other order, from output that is up to date, so that rows are copied and not made.
    let list = format!("PanoptoFolderName,PanoptoFolderID\nAlpha,{}\nZulu,{}\n", id(2), id(1));
    fs::write(folder.courses_file(), list).unwrap();
    let report = chunk_in(&folder, Tz::UTC).unwrap();
    assert_eq!(outcomes(&report), ["unchanged", "unchanged"]);
    assert_eq!(report.union, UnionChunks::Made { videos: 4, rows: 23 });
    assert_eq!(videos(&union(&folder, "chunked_data.csv"), 0), [20, 11, 21]);
    let (copied, copied_overview) = (union(&folder, "chunked_data.csv"), union(&folder, "sessions_overview.csv"));
    fs::remove_dir_all(folder.root().join("output[CHUNKED]")).unwrap();
    chunk_in(&folder, Tz::UTC).unwrap();
    assert_eq!(union(&folder, "chunked_data.csv"), copied);
    assert_eq!(union(&folder, "sessions_overview.csv"), copied_overview);
}

#[test]
fn what_is_up_to_date_is_not_made_again() {
    let (_temporary, folder) = golden_copy();
    assert_eq!(outcomes(&chunk_in(&folder, GOLDEN_ZONE).unwrap()), ["chunked", "chunked"]);
    let first = output(&folder);
    let written = || -> Vec<_> {
        output(&folder)
            .iter()
            .map(|(name, _)| {
                fs::metadata(folder.root().join("output[CHUNKED]").join(name)).unwrap().modified().unwrap()
            })
            .collect()
    };
    let times = written();
    let report = chunk_in(&folder, GOLDEN_ZONE).unwrap();
    assert_eq!(outcomes(&report), ["unchanged", "unchanged"]);
    assert_eq!(report.union, UnionChunks::Unchanged { videos: 16, rows: 1617 });
    assert_same_files(&output(&folder), &first, "unchanged");
    assert_eq!(written(), times);

    // One course gets a record: only that course and the union are made again.
    let (listed, _) = &report.courses[1];
    let records = course_dir(folder.root(), "database", &listed.id.to_string()).join("viewing_activity.csv");
    let text = fs::read_to_string(&records).unwrap();
    let last = text.lines().last().unwrap().to_owned();
    fs::write(&records, format!("{text}{last}\n")).unwrap();
    let report = chunk_in(&folder, GOLDEN_ZONE).unwrap();
    assert_eq!(outcomes(&report), ["unchanged", "chunked"]);
    assert!(matches!(report.union, UnionChunks::Made { .. }));
    let partly = output(&folder);
    fs::remove_dir_all(folder.root().join("output[CHUNKED]")).unwrap();
    chunk_in(&folder, GOLDEN_ZONE).unwrap();
    assert_same_files(&output(&folder), &partly, "made from nothing");
}

type Harm = fn(&std::path::Path);

#[test]
fn an_output_that_was_damaged_edited_or_lost_is_made_again() {
    let (_temporary, folder) = golden_copy();
    chunk_in(&folder, GOLDEN_ZONE).unwrap();
    let good = output(&folder);
    let harms: [(&str, Harm); 5] = [
        ("removed", |path| fs::remove_file(path).unwrap()),
        ("emptied", |path| fs::write(path, "").unwrap()),
        ("cut off", |path| {
            let bytes = fs::read(path).unwrap();
            fs::write(path, &bytes[..bytes.len() / 2]).unwrap();
        }),
        ("filled with zeros of the same length and time", |path| {
            let (length, time) = (fs::metadata(path).unwrap().len(), fs::metadata(path).unwrap().modified().unwrap());
            fs::write(path, vec![0; length as usize]).unwrap();
            fs::File::options().write(true).open(path).unwrap().set_modified(time).unwrap();
        }),
        ("one digit changed", |path| {
            let mut bytes = fs::read(path).unwrap();
            let last = bytes.iter().rposition(u8::is_ascii_digit).unwrap();
            bytes[last] = if bytes[last] == b'1' { b'2' } else { b'1' };
            fs::write(path, bytes).unwrap();
        }),
    ];
    for (name, _) in &good {
        for (harm, apply) in harms {
            apply(&folder.root().join("output[CHUNKED]").join(name));
            chunk_in(&folder, GOLDEN_ZONE).unwrap();
            assert!(output(&folder) == good, "{name} {harm}");
        }
    }
    fs::write(folder.internal_file("chunked.json"), "{ not a manifest").unwrap();
    assert_eq!(outcomes(&chunk_in(&folder, GOLDEN_ZONE).unwrap()), ["chunked", "chunked"]);
    assert_same_files(&output(&folder), &good, "made again");
}

#[test]
fn a_folder_that_was_copied_elsewhere_is_recognised() {
    let (temporary, folder) = golden_copy();
    chunk_in(&folder, GOLDEN_ZONE).unwrap();
    let moved = temporary.path().join("copy");
    crate::chunk_fixture::copy_dir(folder.root(), &moved);
    let report = chunk_in(&DataFolder::open(moved).unwrap(), GOLDEN_ZONE).unwrap();
    assert_eq!(outcomes(&report), ["unchanged", "unchanged"]);
}

#[test]
fn the_output_does_not_depend_on_the_number_of_threads() {
    let (_temporary, folder) = golden_copy();
    let mut outputs = Vec::new();
    for threads in [1, 2, 3, 8] {
        let _ = fs::remove_dir_all(folder.root().join("output[CHUNKED]"));
        let lock = folder.lock().unwrap();
        let options = ChunkOptions { zone: GOLDEN_ZONE, threads: NonZero::new(threads) };
        chunk(&folder, &lock, options, &CancellationToken::new(), &|_| {}).unwrap();
        outputs.push(output(&folder));
    }
    assert!(outputs.windows(2).all(|pair| pair[0] == pair[1]));
}

#[test]
fn a_cancelled_work_keeps_what_is_done_and_the_old_output() {
    let (_temporary, folder) = golden_copy();
    chunk_in(&folder, Tz::UTC).unwrap();
    let old = output(&folder);
    let cancel = CancellationToken::new();
    cancel.cancel();
    let lock = folder.lock().unwrap();
    let error = chunk(&folder, &lock, ChunkOptions::new(GOLDEN_ZONE), &cancel, &|_| {}).unwrap_err();
    assert_eq!(error.code(), ErrorCode::Cancelled);
    assert_same_files(&output(&folder), &old, "cancelled");

    // Cancelled while the second course is being read: the first is new, the second and the union are old.
    let (cancel, first) = (CancellationToken::new(), Mutex::new(None));
    let error = chunk(&folder, &lock, ChunkOptions::new(GOLDEN_ZONE), &cancel, &|progress: ChunkProgress| {
        let begun = *first.lock().unwrap().get_or_insert(progress.course);
        if progress.course != begun {
            cancel.cancel();
        }
    });
    assert_eq!(error.unwrap_err().code(), ErrorCode::Cancelled);
    let now = output(&folder);
    assert_eq!(now.iter().zip(&old).filter(|(now, old)| now != old).count(), 1, "chunked_data.csv of one course");
    drop(lock);
    let report = chunk_in(&folder, GOLDEN_ZONE).unwrap();
    assert_eq!(outcomes(&report), ["unchanged", "chunked"]);
}

#[test]
fn progress_counts_up_to_all_that_is_to_be_read() {
    let (_temporary, folder) = golden_copy();
    let seen = Mutex::new(Vec::new());
    let lock = folder.lock().unwrap();
    let note = |progress: ChunkProgress| seen.lock().unwrap().push(progress);
    chunk(&folder, &lock, ChunkOptions::new(GOLDEN_ZONE), &CancellationToken::new(), &note).unwrap();
    let seen = seen.into_inner().unwrap();
    assert!(seen.windows(2).all(|pair| pair[0].read_bytes <= pair[1].read_bytes));
    let last = seen.last().unwrap();
    let header = ACTIVITY_HEADER.len() as u64;
    assert_eq!(last.read_bytes + 2 * header, last.total_bytes, "all but the two lines of headers");
}

#[test]
fn courses_that_were_never_synced_are_told_and_not_in_the_way() {
    let (_temporary, folder) =
        small_folder(&[SmallCourse::new(1, "Course").video(10, "20.0").run(10, 900, NOON, 0.0, 2.0)]);
    let mut list = fs::read_to_string(folder.courses_file()).unwrap();
    writeln!(list, "Never,{}", id(2)).unwrap();
    fs::write(folder.courses_file(), list).unwrap();
    let report = chunk_in(&folder, Tz::UTC).unwrap();
    assert_eq!(outcomes(&report), ["chunked", "not synced"]);
    assert_eq!(outcomes(&chunk_in(&folder, Tz::UTC).unwrap()), ["unchanged", "not synced"]);
}

#[test]
fn an_empty_course_list_makes_an_empty_union() {
    let temporary = tempfile::tempdir().unwrap();
    let folder = DataFolder::create(temporary.path().join("new")).unwrap();
    let report = chunk_in(&folder, Tz::UTC).unwrap();
    assert!(report.courses.is_empty());
    assert_eq!(union(&folder, "chunked_data.csv").lines().count(), 1);
}

#[test]
fn a_damaged_course_is_named_the_others_go_on_and_the_union_stays() {
    let (_temporary, folder) = small_folder(&two_courses_with_a_common_video());
    chunk_in(&folder, Tz::UTC).unwrap();
    let old_union = union(&folder, "chunked_data.csv");
    let old = chunked(&folder, 1);
    for (course, text) in [(1, "x,y"), (2, "")] {
        let records = course_dir(folder.root(), "database", &id(course)).join("viewing_activity.csv");
        let mut bytes = fs::read_to_string(&records).unwrap();
        let last = bytes.lines().last().unwrap().to_owned();
        writeln!(bytes, "{last}{text}").unwrap();
        fs::write(&records, bytes).unwrap();
    }
    let report = chunk_in(&folder, Tz::UTC).unwrap();
    assert_eq!(outcomes(&report), ["failed", "chunked"]);
    let (course, error) = report.first_failure().unwrap();
    assert_eq!((course.name.as_str(), error.code()), ("Zulu", ErrorCode::DataFileInvalid));
    assert_eq!(report.union, UnionChunks::LeftAsItWas);
    assert_eq!(union(&folder, "chunked_data.csv"), old_union);
    assert_eq!(chunked(&folder, 1), old);
}

#[test]
fn a_renamed_course_keeps_its_directories() {
    let (_temporary, folder) = golden_copy();
    chunk_in(&folder, GOLDEN_ZONE).unwrap();
    let before: Vec<_> = output(&folder).into_iter().map(|(name, _)| name).collect();
    let list = fs::read_to_string(folder.courses_file()).unwrap().replace("COMM 291 2021W2", "Something else");
    fs::write(folder.courses_file(), list).unwrap();
    fs::write(folder.internal_file("chunked.json"), "").unwrap();
    chunk_in(&folder, GOLDEN_ZONE).unwrap();
    let after: Vec<_> = output(&folder).into_iter().map(|(name, _)| name).collect();
    assert_eq!(after, before);
}
