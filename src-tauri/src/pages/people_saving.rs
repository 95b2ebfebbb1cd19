//! What of people is saved as a file.
//!
//! Deliberately absent: the files (`people_files.rs`).

use charts::Theme;
use serde::Deserialize;
use ts_rs::TS;

use super::people::PeopleRequest;
use super::person::PersonRequest;

/// Saves the people of a course, as they are listed.
#[derive(Debug, Clone, PartialEq, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export_to = "people.ts")]
pub struct PeopleSaveRequest {
    /// Whom.
    pub of: PeopleRequest,
    /// As what.
    pub what: SavedPeople,
    /// Light or dark, as on screen; only for drawings.
    pub theme: Theme,
}

/// As what people are saved.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export_to = "people.ts")]
pub enum SavedPeople {
    /// A table with a row for each: opened, covered, watch time, days.
    List,
    /// A table with a column for each video: percent covered.
    Matrix,
    /// The matrix as SVG.
    Svg,
    /// The matrix as PNG.
    Png,
}

/// Saves the page of a person.
#[derive(Debug, Clone, PartialEq, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export_to = "people.ts")]
pub struct PersonSaveRequest {
    /// Whom.
    pub of: PersonRequest,
    /// As what.
    pub what: SavedPerson,
}

/// As what a person is saved.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export_to = "people.ts")]
pub enum SavedPerson {
    /// A table with a row for each video.
    Csv,
    /// A page for a browser, to print.
    Page,
}
