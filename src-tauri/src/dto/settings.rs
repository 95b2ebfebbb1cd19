//! Settings, versions and licences.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::BINDINGS;
use super::app::Appearance;

/// The settings as they are.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export_to = BINDINGS)]
pub struct Settings {
    /// The data folder, as the system writes paths.
    pub data_folder: String,
    /// Whether it is yet to be made: nobody chose one, and the first course makes it.
    pub data_folder_to_come: bool,
    /// The reporting time zone (IANA); absent: the computer's own.
    pub time_zone: Option<String>,
    /// The computer's own time zone.
    pub computer_time_zone: String,
    /// System, light or dark.
    pub appearance: Appearance,
    /// Days before the last fetched one that a sync asks for again; 0 to `most_lookback_days`.
    pub lookback_days: u32,
    /// The most that `lookback_days` can be.
    pub most_lookback_days: u32,
    /// The log folder, as the system writes paths.
    pub log_folder: String,
}

/// Settings to change; what is absent stays.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase", default)]
#[ts(export_to = BINDINGS, optional_fields)]
pub struct SettingsPatch {
    /// The reporting time zone (IANA); empty: the computer's own.
    pub time_zone: Option<String>,
    /// System, light or dark.
    pub appearance: Option<Appearance>,
    /// 0 to `most_lookback_days` of the settings.
    pub lookback_days: Option<u32>,
}

/// Versions and licences.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export_to = BINDINGS)]
pub struct About {
    /// The program's name.
    pub name: String,
    /// Its version.
    pub version: String,
    /// Its licence in one line.
    pub licence: String,
    /// What it is built from.
    pub components: Vec<Component>,
}

/// One library the program is built from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export_to = BINDINGS)]
pub struct Component {
    /// Its name.
    pub name: String,
    /// Its version.
    pub version: String,
    /// Its licence as an SPDX expression.
    pub licence: String,
}
