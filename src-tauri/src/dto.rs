//! Everything that crosses between the window and Rust: the arguments and answers of the commands, the events of jobs.
//!
//! `docs/ipc.md` lists the commands that use these types. The TypeScript side is generated from them (`ts-rs`) into one
//! file, checked in, and a test fails when it is stale.
//!
//! Deliberately absent: behaviour. These are twins of engine, model and chart types with the names and the casing of
//! the window; conversions live beside the commands.
//!
//! Invariants:
//! - a number that people read crosses as a [`Figure`]: the value, for sorting, and the text, for showing. The window
//!   computes no figure and formats none;
//! - what came from a server (names, descriptions) is plain text, and is only ever shown as text;
//! - no secret crosses towards the window. Secrets cross once, inwards, in [`connection::ConnectionInput`] and
//!   [`connection::PasswordInput`], whose `Debug` shows none;
//! - dates are `YYYY-MM-DD` in the reporting time zone, and both ends of a [`DateRange`] belong to it;
//! - pixels are CSS pixels from the top left corner of the drawing.

pub mod app;
pub mod chart;
pub mod connection;
pub mod course;
pub mod error;
pub mod export;
pub mod overview;
pub mod settings;
pub mod sync;
pub mod video;

use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// Where the generated TypeScript goes, relative to the `bindings` directory that `ts-rs` assumes beside `Cargo.toml`.
pub(crate) const BINDINGS: &str = "../ui/src/lib/bindings/dto.ts";

/// A number that people read.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export_to = BINDINGS)]
pub struct Figure {
    /// The number itself, for sorting; absent where there is none (a share of nobody).
    pub value: Option<f64>,
    /// The number as people read it: `1,204`, `62.5 %`, `1:59:59`, `370 h 12 min`, or `–` where there is none.
    pub text: String,
}

/// Days from `from` to `to`, both included, in the reporting time zone.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export_to = BINDINGS)]
pub struct DateRange {
    /// First day, `YYYY-MM-DD`.
    pub from: String,
    /// Last day, `YYYY-MM-DD`; not before `from`.
    pub to: String,
}

/// The date range that governs a page, and what can be chosen there.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export_to = BINDINGS)]
pub struct RangeState {
    /// The chosen days; absent: all dates.
    pub range: Option<DateRange>,
    /// The range in words: `all dates`, `Tue 8 Sept – Sun 22 Nov 2020`.
    pub text: String,
    /// The days of the chart across time over all dates: from the first day with any viewing in the course to the end of
    /// what was fetched; absent where nobody watched.
    pub domain: Option<DateRange>,
    /// The last day that was fetched, to which the ready-made choices are reckoned; absent where that is not known.
    pub until: Option<String>,
    /// The ready-made choices, in the order they are offered. The first is always all dates.
    pub presets: Vec<RangePreset>,
}

/// One ready-made date range.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export_to = BINDINGS)]
pub struct RangePreset {
    /// Which one.
    pub id: PresetId,
    /// `All dates`, `Last 7 days`, `Last 28 days`, `This term`.
    pub label: String,
    /// Its days; absent for all dates. Reckoned back from the last day that is fetched, not from today.
    pub range: Option<DateRange>,
}

/// The ready-made date ranges.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export_to = BINDINGS)]
pub enum PresetId {
    /// Everything.
    All,
    /// The last fetched day and the six before.
    Last7,
    /// The last fetched day and the 27 before.
    Last28,
    /// The term (January to April, May to August, September to December) of the last fetched day.
    Term,
}

/// Light or dark, as drawn.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export_to = BINDINGS)]
pub enum Theme {
    /// Dark text on a light ground.
    Light,
    /// Light text on a dark ground.
    Dark,
}

/// A saved file or folder, told in a toast.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export_to = BINDINGS)]
pub struct SavedFile {
    /// The file's name alone.
    pub name: String,
    /// The folder it is in, as the system writes paths.
    pub folder: String,
}
