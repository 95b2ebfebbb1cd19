//! `sync`, `chunk` and `export`: from the server to the dataset.

use std::path::PathBuf;

use chrono_tz::Tz;
use clap::{Args, ValueEnum, ValueHint};
use engine::Result;
use engine::time_zone::time_zone_named;

use super::paths::path;

/// `sync …`
#[derive(Debug, Args)]
pub(crate) struct SyncArgs {
    /// Only this course: its ID, a link to it, its name or a part of the name; may be given several times [default: the
    /// whole course list]
    #[arg(long = "course", value_name = "COURSE")]
    pub(crate) courses: Vec<String>,
    /// Days before the last fetched one to ask for again, in case records came late, 0 to 365 [default: 2, a setting]
    #[arg(long, value_name = "DAYS", allow_negative_numbers = true, value_parser = super::lookback())]
    pub(crate) lookback: Option<u32>,
    /// Fetch the whole history again, and drop copies of records that the server does not have: for data of the scripts,
    /// which stored some records several times
    #[arg(long)]
    pub(crate) fetch_anew: bool,
    /// The Panopto server, for this run [default: PANOPTO_SERVER, else the one in the settings]
    #[arg(long, value_name = "HOST-or-URL", value_hint = ValueHint::Hostname)]
    pub(crate) server: Option<String>,
}

/// The reporting time zone for work that writes days: it becomes the data folder's own.
#[derive(Debug, Args)]
pub(crate) struct FolderZone {
    /// Reporting time zone of the data folder, kept there: on which local day a record counts [default: the folder's own;
    /// where it has none yet, the computer's]
    #[arg(long = "timezone", value_name = "IANA")]
    name: Option<String>,
}

impl FolderZone {
    /// The given zone, if any.
    pub(crate) fn given(&self) -> Result<Option<Tz>> {
        self.name.as_deref().map(time_zone_named).transpose()
    }
}

/// The reporting time zone of one look, which changes nothing.
#[derive(Debug, Args)]
pub(crate) struct LookZone {
    /// Count the days in this time zone, this once [default: the data folder's own]
    #[arg(long = "timezone", value_name = "IANA")]
    name: Option<String>,
}

impl LookZone {
    /// The given zone, if any.
    pub(crate) fn given(&self) -> Result<Option<Tz>> {
        self.name.as_deref().map(time_zone_named).transpose()
    }
}

/// `export …`
#[derive(Debug, Args)]
pub(crate) struct ExportArgs {
    /// Folder for the files; made if it is missing
    #[arg(value_name = "DIR", value_hint = ValueHint::DirPath, value_parser = path())]
    pub(crate) dir: PathBuf,
    /// Only this course: its ID, a link to it, its name or a part of the name; may be given several times [default: the
    /// whole course list]
    #[arg(long = "course", value_name = "COURSE")]
    pub(crate) courses: Vec<String>,
    /// Replace viewer IDs by pseudonyms that stay the same from export to export; their key is in the keychain, or in
    /// PANOPTO_ANALYTICS_PSEUDONYM_KEY
    #[arg(long)]
    pub(crate) pseudonyms: bool,
    /// The reporting time zone.
    #[command(flatten)]
    pub(crate) zone: FolderZone,
    /// Form of the tables
    #[arg(long, value_name = "FORM", value_enum, default_value_t)]
    pub(crate) format: TableFormat,
    /// Defuse texts that a spreadsheet would run as a formula; Tableau does not need it
    #[arg(long)]
    pub(crate) guard_formulas: bool,
    /// Write three more tables beside the two: the exact timeline of each video in steps, its moments, and the dates that
    /// concern it
    #[arg(long)]
    pub(crate) tables: bool,
}

/// The form of exported tables.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, ValueEnum)]
pub(crate) enum TableFormat {
    /// One CSV file for each table, and a workbook for Tableau
    #[default]
    Csv,
    /// Parquet: for each table a folder, and in it a file for each course, with types and definitions of the columns
    Parquet,
}
