//! The figures of a video as a whole: their numbers, and where each is shown under which name.
//!
//! An entry of [`FIGURES_OF_VIDEO`] is all that the window's table and page, the command line's table and its JSON know of
//! a figure: they go through the entries and name none. To add a figure: count it in `tally.rs` into a field of
//! [`VideoTotals`], say what it is in `definition.rs`, give it an entry here and a section in `docs/figures.md`.
//!
//! Deliberately absent: what is counted part by part (`course.rs`, `video.rs`).
//!
//! Invariant: the same entry makes the number and its text everywhere, so no two places can disagree.

use chrono::{Datelike as _, NaiveDate};
use serde::Serialize;

use super::{Figure, GroupSize, Statistic, TOO_FEW};
use crate::{Day, Presented, Telling, words};

/// What is counted about one video as a whole, under a date range.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize)]
pub struct VideoTotals {
    /// How its numbers of people are told.
    #[serde(skip)]
    pub telling: Telling,
    /// Length in seconds; `None` if not known, and then nothing about its timeline is.
    pub duration_secs: Option<f64>,
    /// Distinct viewers with any record.
    pub unique_viewers: u32,
    /// Viewers who covered at least 75 % of the video. 0 without a length.
    pub covered_viewers: u32,
    /// `covered_viewers` of `unique_viewers`, 0 to 100.
    pub covered_percent: Statistic,
    /// Sum of the runs cut to the video, in seconds of video; re-watching counts again. 0 without a length.
    pub watch_secs: f64,
    /// What of `watch_secs` is replays: every pass of a viewer over a part after the first one. 0 without a length.
    pub replayed_secs: f64,
    /// Median over the viewers of the percent of the video they covered, 0 to 100.
    pub typical_percent: Statistic,
    /// Whether the range begins after the video's first viewing, so that coverage within it can read less than it was:
    /// somebody who watched one half before and one half within the range covers half of the video within it.
    pub begins_before_range: bool,
    /// The first day with any record, whatever the range.
    pub first_viewed: Option<Day>,
    /// The last day with any record.
    pub last_viewed: Option<Day>,
}

/// What a number counts in, and so how people read it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS), ts(export_to = "figure.ts"))]
#[serde(rename_all = "camelCase")]
pub enum Unit {
    /// Things or people: `1,204`.
    Count,
    /// A share, 0 to 100: `62.5 %`.
    Percent,
    /// How far two shares are apart, in points of percent: `+6.4`.
    Points,
    /// Seconds of a video's length: `1:59:59`.
    Length,
    /// Seconds spent: `370 h 12 min`.
    Time,
    /// A day, in days since 1970-01-01: `22 Nov 2020`.
    Day,
}

impl Unit {
    /// A number of this unit as people read it; [`words::NONE`] where there is none, `too few` where too few viewers are
    /// behind it.
    pub fn text(self, number: impl Into<Statistic>) -> String {
        let number: Statistic = number.into();
        // Only what is presented has a number of people that is too few to tell.
        if self == Self::Count && number == Statistic::TooFew {
            return Presented::FewerThanFive.short();
        }
        number.text(|number| match self {
            Self::Count => words::count(number as u64),
            Self::Percent => words::percent(number),
            Self::Points => words::signed(number),
            Self::Length => words::clock(number),
            Self::Time => words::time(number),
            Self::Day => {
                let day = Day::new(number as i32);
                format!("{} {}", words::day_month(day), day.date().year())
            }
        })
    }
}

/// A value for a machine: a whole number, a number, or a day as `YYYY-MM-DD`.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
#[serde(untagged)]
pub enum FigureValue {
    /// A count.
    Count(u64),
    /// Percent or seconds.
    Number(f64),
    /// A day.
    Day(NaiveDate),
}

/// A column of the window's table of videos.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Column {
    /// The beginning of its title, which narrow windows leave out: `Covered `.
    pub lead: &'static str,
    /// Its title, or the rest of it: `≥ 75 %`.
    pub title: &'static str,
}

/// A figure of a video: its number, and the places that show it.
#[derive(Debug, Clone, Copy)]
pub struct FigureOfVideo {
    /// Which figure it is; its name and definition follow from that.
    pub figure: Figure,
    /// What it counts in.
    pub unit: Unit,
    /// The number itself; absent where there is none (a share of nobody, a coverage of no length).
    number: fn(&VideoTotals) -> Statistic,
    /// What its number is in percent of the viewers, where the command line's table says both in one cell.
    share_percent: fn(&VideoTotals) -> Statistic,
    /// What stands smaller under it on the page of the video: `62.5 % of viewers`.
    detail: fn(&VideoTotals) -> Option<String>,
    /// Its column in the window's table, if it has one.
    pub column: Option<Column>,
    /// Its heading in the table of `panopto-analytics videos`, if it has a column there.
    pub heading: Option<&'static str>,
    /// Its name in `panopto-analytics videos --json`, if it is there.
    pub json_name: Option<&'static str>,
}

impl FigureOfVideo {
    /// Its number; absent where there is none.
    pub fn number(&self, totals: &VideoTotals) -> Statistic {
        (self.number)(totals)
    }

    /// The number as people read it; [`words::NONE`] where there is none.
    pub fn text(&self, totals: &VideoTotals) -> String {
        match (self.unit, self.number(totals)) {
            (Unit::Count, Statistic::Value(people)) => totals.telling.count(people as u32),
            (unit, number) => unit.text(number),
        }
    }

    /// The number with its share of the viewers, where that belongs to it: `9 (62.5 %)`.
    pub fn text_with_share(&self, totals: &VideoTotals) -> String {
        match (self.share_percent)(totals) {
            Statistic::Value(share) => format!("{} ({})", self.text(totals), words::percent(share)),
            Statistic::Absent | Statistic::TooFew => self.text(totals),
        }
    }

    /// What stands smaller under it on the page of the video.
    pub fn detail(&self, totals: &VideoTotals) -> Option<String> {
        (self.detail)(totals)
    }

    /// The value for a machine.
    pub fn value(&self, totals: &VideoTotals) -> Option<FigureValue> {
        let number = self.number(totals).value()?;
        Some(match self.unit {
            Unit::Count => FigureValue::Count(number as u64),
            Unit::Percent | Unit::Points | Unit::Length | Unit::Time => FigureValue::Number(number),
            Unit::Day => FigureValue::Day(Day::new(number as i32).date()),
        })
    }

    /// A figure that is shown nowhere yet.
    const fn new(figure: Figure, unit: Unit, number: fn(&VideoTotals) -> Statistic) -> Self {
        Self {
            figure,
            unit,
            number,
            share_percent: |_| Statistic::Absent,
            detail: |_| None,
            column: None,
            heading: None,
            json_name: None,
        }
    }
}

/// What stands under a statistic: what it is of, or why there is none.
fn said_below(statistic: Statistic, written: impl FnOnce(f64) -> String) -> Option<String> {
    match statistic {
        Statistic::Absent => None,
        Statistic::TooFew => Some(TOO_FEW.to_owned()),
        Statistic::Value(value) => Some(written(value)),
    }
}

impl VideoTotals {
    /// How much can be said about the viewers of the video.
    pub const fn group_size(&self) -> GroupSize {
        GroupSize::of(self.unique_viewers)
    }

    /// The share of the watch time that is replays, in percent.
    fn watched_again_percent(&self) -> Statistic {
        let share = (self.watch_secs > 0.0).then(|| self.replayed_secs / self.watch_secs * 100.0);
        Statistic::of(self.unique_viewers, share)
    }
}

/// Every figure of a video, in the order of the tables.
pub const FIGURES_OF_VIDEO: [FigureOfVideo; 9] = [
    FigureOfVideo {
        column: Some(Column { lead: "", title: "Length" }),
        heading: Some("Duration"),
        json_name: Some("durationSecs"),
        ..FigureOfVideo::new(Figure::Duration, Unit::Length, |totals| totals.duration_secs.into())
    },
    FigureOfVideo {
        column: Some(Column { lead: "", title: "Viewers" }),
        heading: Some("Viewers"),
        json_name: Some("viewers"),
        ..FigureOfVideo::new(Figure::UniqueViewers, Unit::Count, |totals| {
            Statistic::of_people(totals.telling, totals.unique_viewers)
        })
    },
    FigureOfVideo {
        share_percent: |totals| totals.covered_percent,
        detail: |totals| said_below(totals.covered_percent, |share| format!("{} of viewers", words::percent(share))),
        column: Some(Column { lead: "Covered ", title: "≥ 75 %" }),
        heading: Some("Covered 75 %"),
        json_name: Some("covered75"),
        ..FigureOfVideo::new(Figure::CoveredViewers, Unit::Count, |totals| match totals.duration_secs {
            Some(_) => Statistic::of_people(totals.telling, totals.covered_viewers),
            None => Statistic::Absent,
        })
    },
    FigureOfVideo {
        column: Some(Column { lead: "", title: "Share" }),
        json_name: Some("covered75Percent"),
        ..FigureOfVideo::new(Figure::CoveredPercent, Unit::Percent, |totals| totals.covered_percent)
    },
    FigureOfVideo {
        detail: |totals| said_below(totals.typical_percent, |_| "of the video".to_owned()),
        column: Some(Column { lead: "", title: "Typical" }),
        json_name: Some("typicalPercent"),
        ..FigureOfVideo::new(Figure::TypicalPercent, Unit::Percent, |totals| totals.typical_percent)
    },
    FigureOfVideo {
        detail: |totals| {
            totals.duration_secs?;
            match totals.group_size() {
                // The mean of one to four people is what they did.
                GroupSize::Nobody | GroupSize::TooFew => return None,
                GroupSize::Few | GroupSize::Enough => {}
            }
            Some(format!("{} per viewer", words::time(totals.watch_secs / f64::from(totals.unique_viewers))))
        },
        column: Some(Column { lead: "", title: "Watch time" }),
        heading: Some("Watch time"),
        json_name: Some("watchSecs"),
        ..FigureOfVideo::new(Figure::WatchTime, Unit::Time, |totals| {
            totals.duration_secs.map(|_| totals.watch_secs).into()
        })
    },
    FigureOfVideo {
        detail: |totals| said_below(totals.watched_again_percent(), |_| "of the watch time".to_owned()),
        column: Some(Column { lead: "Watched ", title: "again" }),
        json_name: Some("watchedAgainPercent"),
        ..FigureOfVideo::new(Figure::WatchedAgain, Unit::Percent, VideoTotals::watched_again_percent)
    },
    FigureOfVideo {
        column: Some(Column { lead: "", title: "First viewed" }),
        ..FigureOfVideo::new(Figure::FirstViewed, Unit::Day, |totals| {
            totals.first_viewed.map(|day| day.days_since_1970().into()).into()
        })
    },
    FigureOfVideo {
        json_name: Some("lastViewed"),
        ..FigureOfVideo::new(Figure::LastViewed, Unit::Day, |totals| {
            totals.last_viewed.map(|day| day.days_since_1970().into()).into()
        })
    },
];

/// The large figures on the page of a video, in their order there.
const ON_THE_PAGE: [Figure; 5] =
    [Figure::UniqueViewers, Figure::WatchTime, Figure::CoveredViewers, Figure::TypicalPercent, Figure::WatchedAgain];

/// The large figures on the page of a video, in their order there.
pub fn figures_on_the_page() -> impl Iterator<Item = &'static FigureOfVideo> {
    const ALL: &[FigureOfVideo] = &FIGURES_OF_VIDEO;
    ON_THE_PAGE.iter().filter_map(|figure| ALL.iter().find(|entry| entry.figure == *figure))
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn no_two_entries_share_a_figure_or_a_name() {
        let entries = FIGURES_OF_VIDEO.len();
        assert_eq!(FIGURES_OF_VIDEO.iter().map(|entry| entry.figure).collect::<HashSet<_>>().len(), entries);
        let distinct = |names: Vec<String>| names.iter().collect::<HashSet<_>>().len() == names.len();
        let columns = FIGURES_OF_VIDEO.iter().filter_map(|entry| entry.column);
        assert!(distinct(columns.map(|column| format!("{}{}", column.lead, column.title)).collect()));
        assert!(distinct(FIGURES_OF_VIDEO.iter().filter_map(|entry| Some(entry.json_name?.to_owned())).collect()));
        assert!(distinct(FIGURES_OF_VIDEO.iter().filter_map(|entry| Some(entry.heading?.to_owned())).collect()));
    }

    #[test]
    fn every_figure_of_the_page_has_its_entry_and_every_entry_a_place() {
        assert_eq!(figures_on_the_page().count(), ON_THE_PAGE.len());
        for entry in &FIGURES_OF_VIDEO {
            let on_the_page = ON_THE_PAGE.contains(&entry.figure);
            let in_a_table = entry.column.is_some() || entry.heading.is_some() || entry.json_name.is_some();
            assert!(on_the_page || in_a_table, "{:?} is shown nowhere", entry.figure);
        }
    }

    /// Without a length nothing about the timeline is known; without viewers there is no share.
    #[test]
    fn what_is_not_known_has_no_number_and_no_detail() {
        let unwatched = VideoTotals { duration_secs: Some(100.0), ..VideoTotals::default() };
        let without_length = VideoTotals { duration_secs: None, unique_viewers: 3, ..unwatched };
        let texts = |totals| FIGURES_OF_VIDEO.map(|entry| entry.text_with_share(totals));
        assert_eq!(texts(&unwatched), ["0:01:40", "0", "0", "–", "–", "0 s", "–", "–", "–"]);
        assert_eq!(texts(&without_length), ["–", "3", "–", "–", "–", "–", "–", "–", "–"]);
        for totals in [&unwatched, &without_length] {
            assert!(figures_on_the_page().all(|entry| entry.detail(totals).is_none()));
        }
    }

    #[test]
    fn one_to_four_viewers_have_counts_and_the_reason_why_nothing_else() {
        let totals = VideoTotals {
            duration_secs: Some(100.0),
            unique_viewers: 4,
            covered_viewers: 3,
            covered_percent: Statistic::TooFew,
            watch_secs: 360.0,
            typical_percent: Statistic::TooFew,
            ..VideoTotals::default()
        };
        let texts = FIGURES_OF_VIDEO.map(|entry| entry.text_with_share(&totals));
        assert_eq!(texts, ["0:01:40", "4", "3", "too few", "too few", "6 min", "too few", "–", "–"]);
        let details: Vec<_> = figures_on_the_page().map(|entry| entry.detail(&totals)).collect();
        let details: Vec<_> = details.iter().map(Option::as_deref).collect();
        assert_eq!(details, [None, None, Some(TOO_FEW), Some(TOO_FEW), Some(TOO_FEW)]);
        let machine = serde_json::to_string(&FIGURES_OF_VIDEO.map(|entry| entry.value(&totals))).unwrap();
        assert_eq!(machine, "[100.0,4,3,null,null,360.0,null,null,null]");
    }

    #[test]
    fn a_number_is_told_with_its_share_and_its_detail() {
        let totals = VideoTotals {
            duration_secs: Some(7_199.0),
            unique_viewers: 16,
            covered_viewers: 10,
            covered_percent: Statistic::Value(62.5),
            watch_secs: 57_600.0,
            replayed_secs: 7_200.0,
            typical_percent: Statistic::Value(80.25),
            telling: Telling::Exactly,
            begins_before_range: false,
            first_viewed: Some(Day::new(18_871)),
            last_viewed: Some(Day::new(18_878)),
        };
        assert_eq!(
            FIGURES_OF_VIDEO.map(|entry| entry.text_with_share(&totals)),
            ["1:59:59", "16", "10 (62.5 %)", "62.5 %", "80.3 %", "16 h", "12.5 %", "1 Sept 2021", "8 Sept 2021"]
        );
        let details: Vec<_> = figures_on_the_page().map(|entry| entry.detail(&totals)).collect();
        let details: Vec<_> = details.iter().map(Option::as_deref).collect();
        assert_eq!(
            details,
            [None, Some("1 h per viewer"), Some("62.5 % of viewers"), Some("of the video"), Some("of the watch time")]
        );
        let machine = serde_json::to_string(&FIGURES_OF_VIDEO.map(|entry| entry.value(&totals))).unwrap();
        assert_eq!(machine, r#"[7199.0,16,10,62.5,80.25,57600.0,12.5,"2021-09-01","2021-09-08"]"#);
    }
}
