//! `nightly …`: the job that the system starts every night.

use std::path::PathBuf;

use clap::builder::{NonEmptyStringValueParser, TypedValueParser as _};
use clap::{Args, Subcommand, ValueHint};
use engine::settings::NightlyTime;

use super::paths::path;
use crate::help;

/// How long a night waits for a network, in seconds.
const USUAL_WAIT_SECS: u32 = 600;

/// How long a night goes on.
const USUAL_HOURS: u8 = 6;

/// `nightly …`
#[derive(Debug, Subcommand)]
pub(crate) enum NightlyCommand {
    /// Let the system start the job every night, or change when and what
    #[command(long_about = help::NIGHTLY_INSTALL)]
    Install(InstallArgs),
    /// Let the system forget the job; nothing of it is left
    Remove,
    /// Show when the job runs next, and how the last night went
    #[command(long_about = help::NIGHTLY_STATUS)]
    Status,
    /// Run the job now, as the system does every night
    #[command(long_about = help::NIGHTLY_RUN)]
    Run(RunArgs),
}

impl NightlyCommand {
    /// The command's words, for the JSON envelope.
    pub(super) fn words(&self) -> &'static str {
        match self {
            Self::Install(_) => "nightly install",
            Self::Remove => "nightly remove",
            Self::Status => "nightly status",
            Self::Run(_) => "nightly run",
        }
    }
}

/// `nightly install …`
#[derive(Debug, Args)]
pub(crate) struct InstallArgs {
    /// When to begin, by this computer's clock [default: as before, else 02:30]
    #[arg(long, value_name = "HH:MM", value_parser = time())]
    pub(crate) at: Option<NightlyTime>,
    /// Folder for the dataset; made if it is missing [default: that of the last export]
    #[arg(long, value_name = "DIR", value_hint = ValueHint::DirPath, value_parser = path())]
    pub(crate) to: Option<PathBuf>,
    /// With --to, only this course: its ID, a link to it, its name or a part of the name; may be given several times
    /// [default: the whole course list]
    #[arg(long = "course", value_name = "COURSE", requires = "to")]
    pub(crate) courses: Vec<String>,
    /// With --to, replace viewer IDs by pseudonyms that stay the same from night to night
    #[arg(long, requires = "to")]
    pub(crate) pseudonyms: bool,
    /// With --to, defuse texts that a spreadsheet would run as a formula
    #[arg(long, requires = "to")]
    pub(crate) guard_formulas: bool,
    /// With --to, write the three more tables of `export --tables`
    #[arg(long, requires = "to")]
    pub(crate) tables: bool,
    /// Also write what is new, as `digest` tells it, into what-is-new.md beside the dataset
    #[arg(long)]
    pub(crate) digest: bool,
}

/// `nightly run …`
#[derive(Debug, Args)]
pub(crate) struct RunArgs {
    /// Folder of the settings file, for the system's schedule [default: PANOPTO_ANALYTICS_CONFIG_DIR, else the usual one]
    #[arg(long, value_name = "DIR", value_hint = ValueHint::DirPath, value_parser = path())]
    pub(crate) config_dir: Option<PathBuf>,
    /// Begin no more courses after so many hours; those that have waited longest come first, and the next night goes on
    #[arg(long, value_name = "HOURS", default_value_t = USUAL_HOURS, value_parser = clap::value_parser!(u8).range(1..=24))]
    pub(crate) hours: u8,
    /// How long to wait for a network, and for a data folder that another program writes
    #[arg(long, value_name = "SECONDS", default_value_t = USUAL_WAIT_SECS)]
    pub(crate) wait: u32,
}

fn time() -> impl clap::builder::TypedValueParser<Value = NightlyTime> {
    NonEmptyStringValueParser::new()
        .try_map(|text| NightlyTime::parse(&text).map_err(|_| "hours and minutes such as 02:30 are expected"))
}
