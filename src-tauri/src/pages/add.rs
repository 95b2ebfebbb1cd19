//! Adding courses, and what is said after one is taken off the list.

use serde::Serialize;
use ts_rs::TS;

use super::sidebar::CourseSummary;
use crate::error::IpcError;

/// A Panopto folder that can be added.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export_to = "add.ts")]
pub struct FolderHit {
    /// The folder's ID.
    pub id: String,
    /// The folder's name.
    pub name: String,
    /// The folders it is in, from the top down, as far as they are known: `Sauder › COMM 290`.
    pub path: Option<String>,
    /// Its level in the tree, from 1; always 1 in the result of a search.
    pub level: u32,
    /// Whether folders inside it follow in the list.
    pub has_below: bool,
}

/// Folders found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export_to = "add.ts")]
pub struct FolderHits {
    /// Best first, at most 50. The user's own folders come as a tree with at most 50 at the top.
    pub hits: Vec<FolderHit>,
    /// Whether there are more than were sent.
    pub more: bool,
}

/// What became of each course that was to be added.
#[derive(Debug, Clone, PartialEq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export_to = "add.ts")]
pub struct AddReport {
    /// Now on the list.
    pub added: Vec<CourseSummary>,
    /// Already on the list.
    pub already: Vec<CourseSummary>,
    /// Not added, and why.
    pub refused: Vec<Refused>,
}

/// Something that could not be added.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export_to = "add.ts")]
pub struct Refused {
    /// What was given, cut to 80 characters.
    pub input: String,
    /// Why not.
    pub error: IpcError,
}

/// A course taken off the list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export_to = "add.ts")]
pub struct Removed {
    /// For `course_remove_undo`, until the program exits; data to be deleted is set aside until then.
    pub undo: String,
    /// What happened: `COMM 290 removed; its data stays in the data folder`.
    pub text: String,
}
