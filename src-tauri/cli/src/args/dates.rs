//! `dates …`: exams, deadlines, lectures and breaks of a course, its term, and when its videos are on time.

use std::path::PathBuf;

use clap::builder::TypedValueParser as _;
use clap::{Args, Subcommand, ValueHint};
use model::{DateKind, SessionId};

use super::LookZone;
use super::looking::day;
use super::paths::path;
use crate::help;

/// `dates …`
#[derive(Debug, Args)]
pub(crate) struct DatesArgs {
    /// The course: its ID, a link to it, its name or a part of the name
    #[arg(value_name = "COURSE")]
    pub(crate) course: String,
    /// What to do with its dates.
    #[command(subcommand)]
    pub(crate) command: DatesCommand,
}

/// `dates COURSE …`
#[derive(Debug, Subcommand)]
pub(crate) enum DatesCommand {
    /// Show the dates, and how the viewing before each exam and deadline was spread
    #[command(long_about = help::DATES_LIST)]
    List {
        /// The reporting time zone.
        #[command(flatten)]
        zone: LookZone,
    },
    /// Add a date
    #[command(long_about = help::DATES_ADD)]
    Add(AddDateArgs),
    /// Remove a date
    Remove {
        /// Its number, which `list` shows
        #[arg(value_name = "NUMBER")]
        number: u32,
    },
    /// Add the dates of a calendar file, or show what that would add
    #[command(long_about = help::DATES_IMPORT)]
    Import(ImportDatesArgs),
    /// Set the term, or let it be guessed from the viewing again
    Term {
        /// Its first day
        #[arg(long, value_name = "YYYY-MM-DD", value_parser = day(), requires = "to")]
        from: Option<model::Day>,
        /// Its last day, itself included
        #[arg(long, value_name = "YYYY-MM-DD", value_parser = day(), requires = "from")]
        to: Option<model::Day>,
        /// Guess it from the viewing
        #[arg(long, conflicts_with_all = ["from", "to"], required_unless_present = "from")]
        guess: bool,
    },
    /// Show who watched each video on time, or set by when that is
    #[command(long_about = help::DATES_ON_TIME)]
    OnTime {
        /// On time is by the next exam or deadline
        #[arg(long, conflicts_with = "days")]
        next_date: bool,
        /// On time is by the end of so many days after a video's first viewing, 0 to 366
        #[arg(long, value_name = "DAYS")]
        days: Option<u16>,
        /// The reporting time zone.
        #[command(flatten)]
        zone: LookZone,
    },
}

impl DatesCommand {
    /// Whether it changes nothing.
    pub(crate) fn only_shows(&self) -> bool {
        match self {
            Self::List { .. } => true,
            Self::OnTime { next_date, days, .. } => !next_date && days.is_none(),
            Self::Import(args) => args.preview,
            Self::Add(_) | Self::Remove { .. } | Self::Term { .. } => false,
        }
    }

    /// Its words, for the JSON envelope.
    pub(crate) fn words(&self) -> &'static str {
        match self {
            Self::List { .. } => "dates list",
            Self::Add(_) => "dates add",
            Self::Remove { .. } => "dates remove",
            Self::Import(_) => "dates import",
            Self::Term { .. } => "dates term",
            Self::OnTime { .. } => "dates on-time",
        }
    }
}

/// `dates COURSE add …`
#[derive(Debug, Args)]
pub(crate) struct AddDateArgs {
    /// What it is: exam, deadline, lecture, break or other
    #[arg(value_name = "KIND", value_parser = kind())]
    pub(crate) kind: DateKind,
    /// What people call it
    #[arg(value_name = "NAME")]
    pub(crate) called: String,
    /// When it is: a day, or a day and a time, such as '2026-10-05 09:00'
    #[arg(value_name = "WHEN")]
    pub(crate) when: String,
    /// The last of several days
    #[arg(long, value_name = "YYYY-MM-DD")]
    pub(crate) to: Option<String>,
    /// A video that it concerns, by its ID; may be given several times [default: all of the course]
    #[arg(long = "video", value_name = "SESSION_ID", value_parser = engine::folders::video_of_link)]
    pub(crate) videos: Vec<SessionId>,
    /// The zone of the time.
    #[command(flatten)]
    pub(crate) zone: LookZone,
}

/// `dates COURSE import …`
#[derive(Debug, Args)]
pub(crate) struct ImportDatesArgs {
    /// The calendar file
    #[arg(value_name = "FILE.ics", value_hint = ValueHint::FilePath, value_parser = path())]
    pub(crate) file: PathBuf,
    /// Only show what would be imported
    #[arg(long)]
    pub(crate) preview: bool,
    /// What a time zone of the calendar means that is not known here; may be given several times
    #[arg(long = "zone", value_name = "NAME=IANA")]
    pub(crate) zones: Vec<String>,
    /// The zone of times that name none.
    #[command(flatten)]
    pub(crate) zone: LookZone,
}

fn kind() -> impl clap::builder::TypedValueParser<Value = DateKind> {
    clap::builder::PossibleValuesParser::new(DateKind::ALL.map(DateKind::word)).try_map(|word| word.parse::<DateKind>())
}
