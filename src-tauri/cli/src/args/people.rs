//! `people`, `viewers`, `matrix`, `person`, `names`, `leave-out`, `merge`, `forget`, `retention`: who watched.

use clap::builder::{NonEmptyStringValueParser, TypedValueParser as _};
use clap::{Args, Subcommand, ValueEnum};
use engine::folders::video_of_link;
use engine::store::MOST_KEEP_DAYS;
use model::{Day, SessionId};

use super::LookZone;
use super::looking::{Dates, day};
use crate::help;

/// `people …`
#[derive(Debug, Args)]
pub(crate) struct PeopleArgs {
    /// The course: its ID, a link to it, its name or a part of the name
    #[arg(value_name = "COURSE")]
    pub(crate) course: String,
    /// On which days.
    #[command(flatten)]
    pub(crate) dates: Dates,
    /// The reporting time zone.
    #[command(flatten)]
    pub(crate) zone: LookZone,
}

/// `viewers …`
#[derive(Debug, Args)]
pub(crate) struct ViewersArgs {
    /// The video: its ID, which `videos` lists, or a link to its page
    #[arg(value_name = "SESSION_ID", value_parser = video_of_link)]
    pub(crate) session: SessionId,
    /// Count what was watched before a time, a day (itself included) or a date of the course by its name
    #[arg(long, value_name = "INSTANT")]
    pub(crate) by: Option<String>,
    /// On which days.
    #[command(flatten)]
    pub(crate) dates: Dates,
    /// The reporting time zone.
    #[command(flatten)]
    pub(crate) zone: LookZone,
}

/// `matrix …`
#[derive(Debug, Args)]
pub(crate) struct MatrixArgs {
    /// The course: its ID, a link to it, its name or a part of the name
    #[arg(value_name = "COURSE")]
    pub(crate) course: String,
    /// Print a table that a spreadsheet opens
    #[arg(long)]
    pub(crate) csv: bool,
    /// On which days.
    #[command(flatten)]
    pub(crate) dates: Dates,
    /// The reporting time zone.
    #[command(flatten)]
    pub(crate) zone: LookZone,
}

/// `person …`
#[derive(Debug, Args)]
pub(crate) struct PersonArgs {
    /// The course: its ID, a link to it, its name or a part of the name
    #[arg(value_name = "COURSE")]
    pub(crate) course: String,
    /// The person: a user ID, `viewer 17`, a user name, an address, or a part of a name
    #[arg(value_name = "WHO")]
    pub(crate) who: String,
    /// On which days.
    #[command(flatten)]
    pub(crate) dates: Dates,
    /// The reporting time zone.
    #[command(flatten)]
    pub(crate) zone: LookZone,
}

/// `names …`
#[derive(Debug, Subcommand)]
pub(crate) enum NamesCommand {
    /// Ask Panopto for the names of viewers
    #[command(long_about = help::NAMES_FETCH)]
    Fetch {
        /// Courses: their IDs, links to them, names or parts of the names [default: the whole course list]
        #[arg(value_name = "COURSE")]
        courses: Vec<String>,
    },
}

/// `leave-out …`
#[derive(Debug, Args)]
pub(crate) struct LeaveOutArgs {
    /// The course: its ID, a link to it, its name or a part of the name
    #[arg(value_name = "COURSE")]
    pub(crate) course: String,
    /// People: user IDs, `viewer 17`, user names, addresses or parts of names
    #[arg(value_name = "WHO", required = true)]
    pub(crate) who: Vec<String>,
    /// What they are
    #[arg(long = "as", value_enum, value_name = "ROLE", conflicts_with = "undo")]
    pub(crate) role: Option<LeftOutRole>,
    /// Count them again; name them by their user IDs
    #[arg(long)]
    pub(crate) undo: bool,
}

/// What somebody who is left out is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum LeftOutRole {
    /// Somebody who teaches, or helps to
    Staff,
    /// An account to try things with
    Test,
}

/// `merge …`
#[derive(Debug, Args)]
pub(crate) struct MergeArgs {
    /// The course: its ID, a link to it, its name or a part of the name
    #[arg(value_name = "COURSE")]
    pub(crate) course: String,
    /// People: user IDs, `viewer 17`, user names, addresses or parts of names; the first one stands for all
    #[arg(value_name = "WHO", required = true)]
    pub(crate) who: Vec<String>,
    /// They are different people, and are not suggested again
    #[arg(long)]
    pub(crate) not: bool,
    /// Make these accounts people of their own again; name them by their user IDs. With --not, let them be suggested again
    #[arg(long)]
    pub(crate) undo: bool,
}

/// `forget …`
#[derive(Debug, Args)]
pub(crate) struct ForgetArgs {
    /// The course: its ID, a link to it, its name or a part of the name
    #[arg(value_name = "COURSE")]
    pub(crate) course: String,
    /// The person: a user ID, `viewer 17`, a user name, an address, or a part of a name
    #[arg(value_name = "WHO")]
    pub(crate) who: String,
    /// Do it; without this it is only said what would be removed
    #[arg(long)]
    pub(crate) delete: bool,
}

/// For how long records are kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum KeepFor {
    /// Until the course is removed.
    Always,
    /// For so many days.
    Days(u32),
}

fn keep_for() -> impl clap::builder::TypedValueParser<Value = KeepFor> {
    NonEmptyStringValueParser::new().try_map(|text| match text.trim() {
        "always" => Ok(KeepFor::Always),
        days => match days.parse() {
            Ok(days @ 1..=MOST_KEEP_DAYS) => Ok(KeepFor::Days(days)),
            Ok(_) | Err(_) => Err(format!("a number of days from 1 to {MOST_KEEP_DAYS}, or `always`, is expected")),
        },
    })
}

/// `retention …`
#[derive(Debug, Args)]
pub(crate) struct RetentionArgs {
    /// The course: its ID, a link to it, its name or a part of the name
    #[arg(value_name = "COURSE")]
    pub(crate) course: String,
    /// What was recorded before this day (UTC) goes
    #[arg(long, value_name = "YYYY-MM-DD", value_parser = day(), conflicts_with_all = ["days", "keep_for"])]
    pub(crate) before: Option<Day>,
    /// What is older than so many days goes
    #[arg(long, value_name = "DAYS", value_parser = clap::value_parser!(u32).range(1..=i64::from(MOST_KEEP_DAYS)), conflicts_with = "keep_for")]
    pub(crate) days: Option<u32>,
    /// Keep records for so many days from now on, or `always`; each sync and each night then removes what is older
    #[arg(long, value_name = "DAYS|always", value_parser = keep_for())]
    pub(crate) keep_for: Option<KeepFor>,
    /// Do it; without this it is only said what would be removed. With --keep-for it sets the period, and the next sync removes
    #[arg(long)]
    pub(crate) delete: bool,
}
