//! `roster …` and `credit …`: the class list of a course, and points for watching.

use std::path::PathBuf;

use clap::builder::TypedValueParser as _;
use clap::{Args, Subcommand, ValueEnum, ValueHint};
use engine::folders::video_of_link;
use engine::roster::GradebookFormat;
use model::{CreditScale, SessionId, UserId};

use super::LookZone;
use super::paths::path;
use crate::help;

/// `roster …`
#[derive(Debug, Subcommand)]
pub(crate) enum RosterCommand {
    /// Import the class list of a course from a file, or show what that would do
    #[command(long_about = help::ROSTER_IMPORT)]
    Import {
        /// The file: CSV, a spreadsheet, or a text with one person a line
        #[arg(value_name = "FILE", value_hint = ValueHint::FilePath, value_parser = path())]
        file: PathBuf,
        /// The course: its ID, a link to it, its name or a part of the name
        #[arg(long, value_name = "COURSE")]
        course: String,
        /// Only show what would be imported; nothing is kept
        #[arg(long)]
        dry_run: bool,
        /// The encoding of a text, such as windows-1252 [default: found out]
        #[arg(long, value_name = "NAME")]
        encoding: Option<String>,
    },
    /// Show the class list of a course beside its viewers
    #[command(long_about = help::ROSTER_SHOW)]
    Show {
        /// The course: its ID, a link to it, its name or a part of the name
        #[arg(value_name = "COURSE")]
        course: String,
    },
    /// Say which viewer somebody on the class list is
    #[command(long_about = help::ROSTER_MATCH)]
    Match(MatchArgs),
    /// Remove the class list of a course; viewing records stay
    Remove {
        /// The course: its ID, a link to it, or its whole name
        #[arg(value_name = "COURSE")]
        course: String,
    },
}

impl RosterCommand {
    /// Whether it changes nothing.
    pub(crate) fn only_shows(&self) -> bool {
        match self {
            Self::Show { .. } => true,
            Self::Import { dry_run, .. } => *dry_run,
            Self::Match(_) | Self::Remove { .. } => false,
        }
    }

    /// Its words, for the JSON envelope.
    pub(crate) fn words(&self) -> &'static str {
        match self {
            Self::Import { .. } => "roster import",
            Self::Show { .. } => "roster show",
            Self::Match(_) => "roster match",
            Self::Remove { .. } => "roster remove",
        }
    }
}

/// `roster match …`
#[derive(Debug, Args)]
pub(crate) struct MatchArgs {
    /// The course: its ID, a link to it, its name or a part of the name
    #[arg(value_name = "COURSE")]
    pub(crate) course: String,
    /// Somebody on the class list: e-mail address, user name, number, whole name, or the row that `show` gives as #7
    #[arg(value_name = "WHO", required_unless_present = "domain", requires = "user")]
    pub(crate) who: Option<String>,
    /// Their user IDs in Panopto, which `show` lists
    #[arg(value_name = "USER_ID", value_parser = user_id())]
    pub(crate) user: Vec<UserId>,
    /// They are somebody else
    #[arg(long, conflicts_with = "open")]
    pub(crate) not: bool,
    /// Forget what was said of them
    #[arg(long)]
    pub(crate) open: bool,
    /// Confirm that what stands before this domain is the user name
    #[arg(long, value_name = "DOMAIN", conflicts_with_all = ["who", "user", "not", "open"])]
    pub(crate) domain: Option<String>,
}

fn user_id() -> impl clap::builder::TypedValueParser<Value = UserId> {
    clap::builder::NonEmptyStringValueParser::new().try_map(|text| UserId::parse(&text))
}

/// Which zeros are given.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum ZeroFor {
    /// Nobody: who has watched nothing is left out
    Nobody,
    /// People who were found and have watched nothing by the deadline
    NothingWatched,
    /// These, and people of the class list who were not found among the viewers
    NotFound,
}

/// `credit …`
#[derive(Debug, Args)]
pub(crate) struct CreditArgs {
    /// The course: its ID, a link to it, its name or a part of the name
    #[arg(value_name = "COURSE")]
    pub(crate) course: String,
    /// The videos that count, by their IDs or links to their pages
    #[arg(long, value_name = "SESSION_ID", num_args = 1.., value_delimiter = ',', required = true, value_parser = video_of_link)]
    pub(crate) videos: Vec<SessionId>,
    /// The deadline: a day, which ends at midnight, or a day and a time
    #[arg(long, value_name = "WHEN")]
    pub(crate) by: String,
    /// The time zone of the deadline [default: the data folder's own]
    #[arg(long, value_name = "IANA")]
    pub(crate) zone_of_deadline: Option<String>,
    /// Minutes after the deadline that still count
    #[arg(long, value_name = "MINUTES", default_value_t = 0)]
    pub(crate) grace: u32,
    /// From which coverage on a video counts whole, in percent
    #[arg(long, value_name = "PERCENT", default_value_t = 75.0)]
    pub(crate) threshold: f64,
    /// The points for all videos together
    #[arg(long, value_name = "POINTS", default_value_t = 10.0)]
    pub(crate) points: f64,
    /// What a video below the threshold gives: nothing, or a part
    #[arg(long, value_name = "HOW", default_value = "full", value_parser = scale())]
    pub(crate) scale: CreditScale,
    /// Decimals of a value, 0 to 2
    #[arg(long, value_name = "DIGITS", default_value_t = 1)]
    pub(crate) decimals: u8,
    /// Who gets 0
    #[arg(long, value_name = "WHO", value_enum, default_value_t = ZeroFor::Nobody)]
    pub(crate) zero_for: ZeroFor,
    /// A value that you decide, with the reason, such as 'mvale7=10 was ill'; 'mvale7=- was ill' gives none; may be given
    /// several times
    #[arg(long = "decide", value_name = "WHO=POINTS REASON")]
    pub(crate) decided: Vec<String>,
    /// The form of the file: canvas, moodle, blackboard, brightspace, sakai or plain
    #[arg(long, value_name = "SYSTEM", value_parser = format())]
    pub(crate) format: Option<GradebookFormat>,
    /// The title of the new item in the gradebook
    #[arg(long, value_name = "TEXT", default_value = "Lecture videos")]
    pub(crate) title: String,
    /// Your gradebook's own export, to be given back with one column filled
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath, value_parser = path(), requires_all = ["column", "out"], conflicts_with = "format")]
    pub(crate) fill: Option<PathBuf>,
    /// The column to fill, by its name
    #[arg(long, value_name = "NAME", requires = "fill")]
    pub(crate) column: Option<String>,
    /// Where to write the file; a text beside it says what was counted [default: standard output]
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath, value_parser = path())]
    pub(crate) out: Option<PathBuf>,
    /// The reporting time zone.
    #[command(flatten)]
    pub(crate) zone: LookZone,
}

fn scale() -> impl clap::builder::TypedValueParser<Value = CreditScale> {
    let words = [CreditScale::Full, CreditScale::Proportional].map(CreditScale::word);
    clap::builder::PossibleValuesParser::new(words).map(|word| {
        if word == CreditScale::Proportional.word() { CreditScale::Proportional } else { CreditScale::Full }
    })
}

fn format() -> impl clap::builder::TypedValueParser<Value = GradebookFormat> {
    clap::builder::PossibleValuesParser::new(GradebookFormat::ALL.map(GradebookFormat::word)).try_map(|word| {
        GradebookFormat::ALL.into_iter().find(|format| format.word() == word).ok_or("a gradebook's name is expected")
    })
}
