//! A date on the reporting calendar: what a chart across time draws, and with what figures compare viewing.
//!
//! Deliberately absent: pixels and colours. Invariant: flags are in the order of time.

use chrono::{NaiveTime, Timelike as _};
use chrono_tz::Tz;

use super::{CourseDate, DateKind, When};
use crate::words::{day, day_year, range};
use crate::{CourseViews, DateRange, Day, LocalMinute};

/// The videos that a flag concerns.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum FlagVideos {
    /// All of the course.
    All,
    /// Some, by their place in [`CourseViews::videos`], ascending; empty if none of them still exists.
    Some(Vec<usize>),
}

/// A date of a course, placed on the reporting calendar.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Flag {
    /// The date's number within the course.
    pub number: u32,
    /// What it is.
    pub kind: DateKind,
    /// What people call it.
    pub name: String,
    /// Its days: a single one, except for breaks and the like. A chart draws the flag on the first.
    pub days: DateRange,
    /// The videos that it concerns.
    pub videos: FlagVideos,
    /// When viewing no longer counts as before it.
    cutoff: LocalMinute,
    /// When it is in words: `Mon 5 Oct 09:00`.
    when: String,
}

impl Flag {
    /// A date in the reporting time zone.
    pub fn new(date: &CourseDate, views: &CourseViews, zone: Tz) -> Self {
        let (days, begin, time) = match date.when {
            When::Days(days) => (days, LocalMinute::start_of(days.first()), None),
            When::At(instant, _) => {
                let local = instant.with_timezone(&zone).naive_local();
                let begin = LocalMinute::of(local);
                (DateRange::between(begin.day(), begin.day()), begin, Some(local.time()))
            }
        };
        let cutoff = match (date.kind, date.when) {
            // Work due on a day is due by the end of that day.
            (DateKind::Deadline, When::Days(days)) => LocalMinute::start_of(days.last().plus(1)),
            _ => begin,
        };
        let videos = if date.videos.is_empty() {
            FlagVideos::All
        } else {
            let places = views.videos().iter().enumerate();
            let concerned = places.filter(|(_, video)| date.videos.contains(&video.session_id));
            FlagVideos::Some(concerned.map(|(place, _)| place).collect())
        };
        Self {
            number: date.number,
            kind: date.kind,
            name: date.name.clone(),
            days,
            videos,
            cutoff,
            when: words(days, time),
        }
    }

    /// The day on which a chart draws it.
    pub const fn day(&self) -> Day {
        self.days.first()
    }

    /// When viewing no longer counts as before it: the start of an exam, the end of a deadline.
    pub const fn cutoff(&self) -> LocalMinute {
        self.cutoff
    }

    /// Whether it concerns this video.
    pub fn concerns(&self, video: usize) -> bool {
        match &self.videos {
            FlagVideos::All => true,
            FlagVideos::Some(videos) => videos.binary_search(&video).is_ok(),
        }
    }

    /// When it is, in words: `Mon 5 Oct 09:00`, `Mon 5 Oct`, `8 – 14 Oct 2026`.
    pub fn when(&self) -> &str {
        &self.when
    }

    /// What a chart and a list say: `Midterm, Mon 5 Oct 09:00`.
    pub fn text(&self) -> String {
        format!("{}, {}", self.name, self.when)
    }
}

fn words(days: DateRange, time: Option<NaiveTime>) -> String {
    match time {
        Some(time) => format!("{} {:02}:{:02}", day(days.first()), time.hour(), time.minute()),
        None if days.first() == days.last() => day_year(days.first()),
        None => range(days),
    }
}

/// The flags of a course's dates, in the order of time.
pub fn flags(dates: &[CourseDate], views: &CourseViews, zone: Tz) -> Vec<Flag> {
    let mut flags: Vec<Flag> = dates.iter().map(|date| Flag::new(date, views, zone)).collect();
    flags.sort_by_key(|flag| (flag.days.first(), flag.cutoff, flag.number));
    flags
}
