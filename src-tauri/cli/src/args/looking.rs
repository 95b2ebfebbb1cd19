//! `videos` and `chart`: looking at what is stored.

use std::path::PathBuf;

use chrono::Datelike as _;
use clap::builder::{NonEmptyStringValueParser, TypedValueParser as _};
use clap::{Args, ValueEnum, ValueHint};
use engine::folders::video_of_link;
use engine::{Error, ErrorCode, Result};
use model::{DateRange, Day, SessionId};

use super::LookZone;
use super::paths::path;

/// `videos …`
#[derive(Debug, Args)]
pub(crate) struct VideosArgs {
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

/// The days that count.
#[derive(Debug, Args)]
pub(crate) struct Dates {
    /// First day, in the reporting time zone [default: all dates]
    #[arg(long, value_name = "YYYY-MM-DD", value_parser = day())]
    from: Option<Day>,
    /// Last day, itself included
    #[arg(long, value_name = "YYYY-MM-DD", value_parser = day())]
    to: Option<Day>,
}

impl Dates {
    /// The requested days; refused if the last is before the first.
    pub(crate) fn range(&self) -> Result<DateRange> {
        let first = self.from.unwrap_or(DateRange::ALL.first());
        let last = self.to.unwrap_or(DateRange::ALL.last());
        if first > last {
            return Err(Error::new(ErrorCode::InvalidInput, "The last day lies before the first")
                .with_hint("Give --from before --to"));
        }
        Ok(DateRange::between(first, last))
    }
}

/// `chart …`
#[derive(Debug, Args)]
pub(crate) struct ChartArgs {
    /// The video: its ID, which `videos` lists, or a link to its page
    #[arg(value_name = "SESSION_ID", value_parser = video_of_link)]
    pub(crate) session: SessionId,
    /// The file to write; its ending decides on the form: .svg or .png
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath, value_parser = path())]
    pub(crate) out: PathBuf,
    /// Which chart
    #[arg(long, value_enum, default_value_t = ChartKind::Timeline)]
    pub(crate) kind: ChartKind,
    /// What it is looked at on
    #[arg(long, value_enum, default_value_t = ChartTheme::Light)]
    pub(crate) theme: ChartTheme,
    /// On which days.
    #[command(flatten)]
    pub(crate) dates: Dates,
    /// The reporting time zone.
    #[command(flatten)]
    pub(crate) zone: LookZone,
}

/// The charts of a video.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum ChartKind {
    /// Viewers across the video's chunks: who reached each, who covered at least 75 % of it
    Timeline,
    /// Average time in each chunk, per viewer who reached it
    AverageTime,
    /// Viewers by second: how many reached each place, and how often it was played again
    BySecond,
    /// Viewers across time: on each day, week or month
    AcrossTime,
}

/// What the chart is looked at on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum ChartTheme {
    /// Dark on light
    Light,
    /// Light on dark
    Dark,
    /// Black on white, for paper and slides
    Print,
}

pub(super) fn day() -> impl clap::builder::TypedValueParser<Value = Day> {
    NonEmptyStringValueParser::new().try_map(|text| {
        let day = text.parse::<chrono::NaiveDate>().ok().filter(|day| (1..=9999).contains(&day.year()));
        day.map(Day::from_date).ok_or("a date such as 2024-09-01 is expected")
    })
}
