//! Data folders for tests: the golden one, and small ones written by hand.

use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

use chrono_tz::Tz;
use engine::chunk::{ChunkOptions, ChunkReport, chunk};
use engine::store::DataFolder;
use tempfile::TempDir;
use tokio_util::sync::CancellationToken;

pub(crate) const OVERVIEW_HEADER: &str =
    "RootFolderID,RootFolderName,ContainingFolderId,ContainingFolderName,SessionId,SessionName,Description,Duration\n";
pub(crate) const ACTIVITY_HEADER: &str =
    "SessionId,UserId,Date,DateTime,PlaybackSpeed,StartPosition,StartReason,StopPosition,StopReason,SecondsViewed\n";

/// The zone in which the original tool wrote the golden output.
pub(crate) const GOLDEN_ZONE: Tz = Tz::America__Los_Angeles;

pub(crate) fn golden() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/fixtures/golden")
}

pub(crate) fn copy_dir(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let to = to.join(entry.file_name());
        if entry.file_type().unwrap().is_dir() {
            copy_dir(&entry.path(), &to);
        } else {
            fs::copy(entry.path(), to).unwrap();
        }
    }
}

/// A copy of the golden data folder without its output.
pub(crate) fn golden_copy() -> (TempDir, DataFolder) {
    let temporary = tempfile::tempdir().unwrap();
    let root = temporary.path().join("data");
    copy_dir(&golden().join("database"), &root.join("database"));
    for name in ["courses.csv", "state.csv"] {
        fs::copy(golden().join(name), root.join(name)).unwrap();
    }
    let folder = DataFolder::open(root).unwrap();
    (temporary, folder)
}

/// The directory of a course within `area`, found by the end of its name.
pub(crate) fn course_dir(root: &Path, area: &str, id: &str) -> PathBuf {
    fs::read_dir(root.join(area))
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .find(|path| path.to_str().unwrap().ends_with(&format!("[{id}]")))
        .unwrap_or_else(|| panic!("no directory of {id} in {area}"))
}

/// Chunks a folder under its lock, without cancelling or watching.
pub(crate) fn chunk_in(folder: &DataFolder, zone: Tz) -> engine::Result<ChunkReport> {
    let lock = folder.lock()?;
    chunk(folder, &lock, ChunkOptions::new(zone), &CancellationToken::new(), &|_| {})
}

/// An ID that is easy to tell from others.
pub(crate) fn id(number: u32) -> String {
    format!("{number:08x}-0000-4000-8000-{number:012x}")
}

/// One course of a small data folder.
pub(crate) struct SmallCourse {
    pub(crate) id: String,
    pub(crate) name: String,
    /// ID, name, duration.
    pub(crate) videos: Vec<(String, String, String)>,
    /// Video, viewer, moment, start, stop.
    pub(crate) runs: Vec<(String, String, String, f64, f64)>,
}

impl SmallCourse {
    pub(crate) fn new(number: u32, name: &str) -> Self {
        Self { id: id(number), name: name.to_owned(), videos: Vec::new(), runs: Vec::new() }
    }

    pub(crate) fn video(mut self, number: u32, duration: &str) -> Self {
        self.videos.push((id(number), format!("Video {number}"), duration.to_owned()));
        self
    }

    pub(crate) fn run(mut self, video: u32, viewer: u32, moment: &str, start: f64, stop: f64) -> Self {
        self.runs.push((id(video), id(viewer), moment.to_owned(), start, stop));
        self
    }

    pub(crate) fn overview_text(&self) -> String {
        let mut text = OVERVIEW_HEADER.to_owned();
        for (video, name, duration) in &self.videos {
            writeln!(text, "{0},{1},{0},{1},{video},{name},,{duration}", self.id, quoted(&self.name)).unwrap();
        }
        text
    }

    pub(crate) fn activity_text(&self) -> String {
        let mut text = ACTIVITY_HEADER.to_owned();
        for (video, viewer, moment, start, stop) in &self.runs {
            let (day, viewed) = (&moment[..10], stop - start);
            writeln!(text, "{video},{viewer},{day},{moment},1.0,{start:?},Start,{stop:?},End,{viewed:?}").unwrap();
        }
        text
    }
}

fn quoted(text: &str) -> String {
    if text.contains([',', '"', '\n']) { format!("\"{}\"", text.replace('"', "\"\"")) } else { text.to_owned() }
}

/// A data folder with these courses, listed in this order.
pub(crate) fn small_folder(courses: &[SmallCourse]) -> (TempDir, DataFolder) {
    let temporary = tempfile::tempdir().unwrap();
    let root = temporary.path().join("data");
    let mut list = "PanoptoFolderName,PanoptoFolderID\n".to_owned();
    for course in courses {
        writeln!(list, "{},{}", quoted(&course.name), course.id).unwrap();
        let directory = root.join("database").join(format!("{}[{}]", course.name.replace('/', "_"), course.id));
        fs::create_dir_all(&directory).unwrap();
        fs::write(directory.join("sessions_overview.csv"), course.overview_text()).unwrap();
        fs::write(directory.join("viewing_activity.csv"), course.activity_text()).unwrap();
    }
    fs::write(root.join("courses.csv"), list).unwrap();
    let folder = DataFolder::open(root).unwrap();
    (temporary, folder)
}

/// All files below a directory with their contents, by their path within it, sorted.
pub(crate) fn files(root: &Path) -> Vec<(String, Vec<u8>)> {
    let mut found = Vec::new();
    collect(root, root, &mut found);
    found.sort();
    found
}

fn collect(root: &Path, directory: &Path, found: &mut Vec<(String, Vec<u8>)>) {
    let Ok(entries) = fs::read_dir(directory) else { return };
    for entry in entries {
        let path = entry.unwrap().path();
        if path.is_dir() {
            collect(root, &path, found);
        } else {
            found.push((path.strip_prefix(root).unwrap().to_str().unwrap().to_owned(), fs::read(&path).unwrap()));
        }
    }
}

/// Fails with the names of the files that differ.
pub(crate) fn assert_same_files(found: &[(String, Vec<u8>)], expected: &[(String, Vec<u8>)], what: &str) {
    let names = |files: &[(String, Vec<u8>)]| files.iter().map(|(name, _)| name.clone()).collect::<Vec<_>>();
    assert_eq!(names(found), names(expected), "{what}");
    let differing: Vec<_> =
        found.iter().zip(expected).filter(|(one, other)| one != other).map(|(one, _)| &one.0).collect();
    assert!(differing.is_empty(), "{what}: {differing:?} differ");
}
