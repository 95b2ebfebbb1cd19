//! The sheet of the export for Tableau: choosing, looking ahead, writing, writing again.

use std::path::Path;

use engine::Result;
use engine::export::{ExportPlan, ExportProgress, ExportReport as Report, WORKBOOK_FILE, WrittenFile as Written};
use engine::settings::LastExport;
use engine::store::course_list::ListedCourse;
use model::{FolderId, words};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::id;
use crate::plain;

/// What to export. The folder is not part of it: it is chosen in the system's picker and stays in Rust.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export_to = "export.ts")]
pub struct ExportChoice {
    /// The courses; absent: all on the list, including those added later.
    pub course_ids: Option<Vec<String>>,
    /// Whether viewer IDs are replaced by stable pseudonyms.
    pub pseudonyms: bool,
    /// Whether cells that a spreadsheet would take for a formula are defused. Does not concern Tableau.
    pub formula_guard: bool,
    /// Whether there are more tables: the exact timeline, moments, dates.
    pub tables: bool,
}

/// What an export would write.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export_to = "export.ts")]
pub struct ExportPreview {
    /// The chosen folder, as the system writes paths; absent before one was chosen.
    pub folder: Option<String>,
    /// The files, in the order they are written.
    pub files: Vec<PlannedFile>,
    /// `2 courses, 83 videos`.
    pub text: String,
    /// What the user should know beforehand: a course without data, a folder that is gone.
    pub warnings: Vec<String>,
    /// Whether it can be written as it stands.
    pub ready: bool,
}

/// One file to be written.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export_to = "export.ts")]
pub struct PlannedFile {
    /// `chunked_data.csv`.
    pub name: String,
    /// `What each viewer covered of each part of each video`.
    pub what: String,
    /// Whether a file of this name is there and will be replaced.
    pub replaces: bool,
}

/// What an export reports while it runs.
#[derive(Debug, Clone, PartialEq, Serialize, TS)]
#[serde(rename_all = "camelCase", rename_all_fields = "camelCase", tag = "type")]
#[ts(export_to = "export.ts")]
pub enum ExportEvent {
    /// How far it is.
    Progress {
        /// Done share, 0 to 1; absent while not known.
        share: Option<f64>,
        /// `Writing chunked_data.csv`.
        text: String,
    },
}

/// What an export wrote.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export_to = "export.ts")]
pub struct ExportReport {
    /// The folder, as the system writes paths.
    pub folder: String,
    /// The files written.
    pub files: Vec<WrittenFile>,
    /// `3 files written`.
    pub text: String,
    /// For *Export again*.
    pub memory: ExportMemory,
}

/// One file that was written.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export_to = "export.ts")]
pub struct WrittenFile {
    /// `chunked_data.csv`.
    pub name: String,
    /// `1,914,322 rows, 137 MB`.
    pub size: String,
}

/// The last export.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export_to = "export.ts")]
pub struct ExportMemory {
    /// The folder, as the system writes paths.
    pub folder: String,
    /// What was chosen.
    pub choice: ExportChoice,
    /// When it was last written, in words; absent where it never was.
    pub last: Option<String>,
}

impl ExportChoice {
    /// What was chosen last.
    pub(crate) fn of_last(last: &LastExport) -> Self {
        Self {
            course_ids: last.courses.as_ref().map(|courses| courses.iter().map(FolderId::to_string).collect()),
            pseudonyms: last.pseudonyms,
            formula_guard: last.formula_guard,
            tables: last.tables,
        }
    }

    /// What is remembered of an export with these choices into this folder.
    pub(crate) fn remembered(&self, dir: &Path) -> Result<LastExport> {
        Ok(LastExport {
            dir: dir.to_owned(),
            courses: id::courses(self.course_ids.as_deref())?,
            pseudonyms: self.pseudonyms,
            formula_guard: self.formula_guard,
            tables: self.tables,
        })
    }
}

impl ExportPreview {
    /// What an export would write. A missing folder and an empty export are warnings.
    pub fn new(folder: Option<&Path>, planned: Result<ExportPlan>) -> Self {
        let shown = folder.map(|folder| folder.display().to_string());
        let gone = folder.filter(|folder| !folder.is_dir());
        let mut warnings: Vec<String> = gone
            .map(|folder| format!("The folder “{}” is not there any more; choose another one", folder.display()))
            .into_iter()
            .collect();
        match planned {
            Err(error) => {
                warnings.push(plain::quoted(error.message()));
                Self { folder: shown, files: Vec::new(), text: String::new(), warnings, ready: false }
            }
            Ok(plan) => {
                warnings.extend(plan.not_synced.iter().map(not_synced));
                let courses = words::counted(plan.courses.len() as u64, "course", "courses");
                let text = match plan.contents {
                    Some(contents) => format!("{courses}, {}", words::counted(contents.videos, "video", "videos")),
                    None => courses,
                };
                let files = plan.files.iter().map(|file| PlannedFile {
                    name: name(&file.path),
                    what: what(&file.path).to_owned(),
                    replaces: folder.is_some() && file.replaces,
                });
                let ready = folder.is_some() && gone.is_none();
                Self { folder: shown, files: files.collect(), text, warnings, ready }
            }
        }
    }
}

impl ExportEvent {
    /// How far an export is.
    pub fn new(progress: ExportProgress) -> Self {
        let share = |done: u64, of: u64| (of > 0).then(|| (done as f64 / of as f64).min(1.0));
        match progress {
            ExportProgress::Chunking(chunking) => Self::Progress {
                share: share(chunking.read_bytes, chunking.total_bytes),
                text: "Working out the parts".to_owned(),
            },
            ExportProgress::Writing { written_bytes, total_bytes } => {
                Self::Progress { share: share(written_bytes, total_bytes), text: "Writing chunked_data.csv".to_owned() }
            }
        }
    }
}

impl ExportReport {
    /// What an export wrote.
    pub fn new(folder: &Path, report: &Report, memory: ExportMemory) -> Self {
        Self {
            folder: folder.display().to_string(),
            files: report.files.iter().map(WrittenFile::new).collect(),
            text: format!("{} written", words::counted(report.files.len() as u64, "file", "files")),
            memory,
        }
    }
}

impl WrittenFile {
    fn new(file: &Written) -> Self {
        let bytes = size(file.bytes);
        let size = match file.rows {
            Some(rows) => format!("{}, {bytes}", words::counted(rows, "row", "rows")),
            None => bytes,
        };
        Self { name: name(&file.path), size }
    }
}

fn not_synced(course: &ListedCourse) -> String {
    let name = if course.name.is_empty() { course.id.to_string() } else { course.name.clone() };
    format!("{name} was not synced yet and will not be in the dataset")
}

fn name(path: &Path) -> String {
    path.file_name().unwrap_or_default().to_string_lossy().into_owned()
}

fn what(path: &Path) -> &'static str {
    match name(path).as_str() {
        "sessions_overview.csv" => "The videos, with how many viewers each had",
        "chunked_data.csv" => "What each viewer covered of each part of each video, day by day",
        WORKBOOK_FILE => "A Tableau workbook that opens the tables, related and typed",
        "timeline_steps.csv" => "How many viewers and plays each second of each video has, over all dates",
        "video_moments.csv" => "The moments of each video, with the words said there",
        "course_dates.csv" => "The dates that concern each video",
        _ => "",
    }
}

/// `137 MB`, `2.4 GB`, `812 bytes`; in steps of 1,000, as file managers show it.
fn size(bytes: u64) -> String {
    let (unit, name) = match bytes {
        0..1_000 => return words::counted(bytes, "byte", "bytes"),
        1_000..1_000_000 => (1e3, "kB"),
        1_000_000..1_000_000_000 => (1e6, "MB"),
        _ => (1e9, "GB"),
    };
    let number = bytes as f64 / unit;
    if number < 9.95 { format!("{number:.1} {name}") } else { format!("{number:.0} {name}") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_read_as_in_a_file_manager() {
        for (bytes, text) in [
            (1, "1 byte"),
            (812, "812 bytes"),
            (1_500, "1.5 kB"),
            (136_900_000, "137 MB"),
            (9_960_000, "10 MB"),
            (2_400_000_000, "2.4 GB"),
        ] {
            assert_eq!(size(bytes), text);
        }
    }

    #[test]
    fn without_a_folder_it_is_told_what_would_come_and_not_ready() {
        let plan = ExportPlan {
            files: vec![engine::export::PlannedFile { path: "x/chunked_data.csv".into(), replaces: true }],
            courses: vec![ListedCourse { id: FolderId::NIL, name: "COMM 290".to_owned() }],
            not_synced: vec![ListedCourse { id: FolderId::NIL, name: "COMM 293".to_owned() }],
            contents: Some(engine::export::ExportContents { videos: 83, rows: 5 }),
        };
        let shown = ExportPreview::new(None, Ok(plan.clone()));
        assert_eq!((shown.text.as_str(), shown.ready, shown.files[0].replaces), ("1 course, 83 videos", false, false));
        assert!(shown.warnings[0].starts_with("COMM 293 was not synced"));
        let gone = ExportPreview::new(Some(Path::new("/nowhere/at/all")), Ok(plan));
        assert!(!gone.ready && gone.warnings[0].contains("not there any more"));
    }
}
