//! The course list: what the sidebar shows of each course, finding, adding and removing courses.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::error::IpcError;
use super::sync::CourseResult;
use super::{BINDINGS, Figure};

/// One course as the sidebar shows it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export_to = BINDINGS)]
pub struct CourseSummary {
    /// The Panopto folder's ID.
    pub id: String,
    /// The Panopto folder's name; the ID where the name is not known yet.
    pub name: String,
    /// Whether anything was ever fetched.
    pub has_data: bool,
    /// How many videos.
    pub videos: Figure,
    /// How many viewers, each once.
    pub viewers: Figure,
    /// `42 videos`, with the right plural.
    pub videos_text: String,
    /// `187 viewers`, with the right plural.
    pub viewers_text: String,
    /// Last fetched day in words: `Sun 22 Nov 2020`; absent before the first sync.
    pub data_up_to: Option<String>,
    /// How the last sync of this course ended; absent before the first.
    pub last_sync: Option<CourseResult>,
}

/// A Panopto folder that can be added.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export_to = BINDINGS)]
pub struct FolderHit {
    /// The folder's ID.
    pub id: String,
    /// The folder's name.
    pub name: String,
    /// The folder it is in, where it is in one and the server tells which.
    pub parent: Option<String>,
    /// Whether it is on the course list already.
    pub added: bool,
}

/// Folders found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export_to = BINDINGS)]
pub struct FolderHits {
    /// Best first, at most 50.
    pub hits: Vec<FolderHit>,
    /// Whether there are more than were sent.
    pub more: bool,
}

/// What became of each thing that was to be added.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export_to = BINDINGS)]
pub struct AddReport {
    /// Now on the list.
    pub added: Vec<CourseSummary>,
    /// Were there already.
    pub already: Vec<CourseSummary>,
    /// Not added, and why.
    pub refused: Vec<Refused>,
}

/// Something that could not be added.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export_to = BINDINGS)]
pub struct Refused {
    /// What was given, cut to 80 characters.
    pub input: String,
    /// Why not.
    pub error: IpcError,
}

/// A course taken off the list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export_to = BINDINGS)]
pub struct Removed {
    /// For `course_remove_undo`, until the program is left; data to be deleted is put aside until then.
    pub undo: String,
    /// What happened: `COMM 290 removed; its data stays in the data folder`.
    pub text: String,
}
