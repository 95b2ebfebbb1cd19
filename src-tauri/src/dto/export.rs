//! The export for Tableau: choosing, looking ahead, writing, writing again.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::BINDINGS;

/// What to export. The folder is not part of it: it is chosen in the system's picker and stays in Rust.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export_to = BINDINGS)]
pub struct ExportChoice {
    /// The courses; absent: all on the list, also those added later.
    pub course_ids: Option<Vec<String>>,
    /// Whether viewer IDs are replaced by stable pseudonyms.
    pub pseudonyms: bool,
    /// Whether cells that a spreadsheet would take for a formula are defused. Does not concern Tableau.
    pub formula_guard: bool,
}

/// What an export would write.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export_to = BINDINGS)]
pub struct ExportPreview {
    /// The chosen folder, as the system writes paths; absent before one was chosen.
    pub folder: Option<String>,
    /// The files, in the order they are written.
    pub files: Vec<PlannedFile>,
    /// `2 courses, 83 videos`.
    pub text: String,
    /// What the user should know before: a course without data, a folder that is gone.
    pub warnings: Vec<String>,
    /// Whether it can be written as it stands.
    pub ready: bool,
}

/// One file to be written.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export_to = BINDINGS)]
pub struct PlannedFile {
    /// `chunked_data.csv`.
    pub name: String,
    /// `What each viewer covered of each part of each video`.
    pub what: String,
    /// Whether a file of this name is there and will be replaced.
    pub replaces: bool,
}

/// What an export reports while it runs.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase", rename_all_fields = "camelCase", tag = "type")]
#[ts(export_to = BINDINGS)]
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
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export_to = BINDINGS)]
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
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export_to = BINDINGS)]
pub struct WrittenFile {
    /// `chunked_data.csv`.
    pub name: String,
    /// `1,914,322 rows, 137 MB`.
    pub size: String,
}

/// The last export.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export_to = BINDINGS)]
pub struct ExportMemory {
    /// The folder, as the system writes paths.
    pub folder: String,
    /// What was chosen.
    pub choice: ExportChoice,
    /// When it was last written, in words; absent where it never was.
    pub last: Option<String>,
}
