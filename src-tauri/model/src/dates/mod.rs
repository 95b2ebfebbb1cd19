//! The dates of a course: exams, deadlines, lectures, breaks, the term, and when a video is on time.
//!
//! A date is one day, several days or an instant. An instant keeps the zone in which it was set, so that 09:00 stays
//! 09:00 for the people in that zone; figures see it on the reporting calendar ([`Flag`]). Deliberately absent: where
//! dates are stored, and calendar files.
//!
//! Invariants: a date's number is unique within the course; a name is one line and never empty.

mod before;
mod flag;
mod follow;
mod on_time;
mod pace;

use std::fmt;
use std::str::FromStr;

use chrono::{DateTime, Utc};
use chrono_tz::Tz;
use serde::Serialize;

use crate::{DateRange, SessionId};

pub use before::{BeforeDate, ReadOut};
pub use flag::{Flag, FlagVideos, flags};
pub use follow::{FollowingRange, ranges_that_follow};
pub use on_time::{Due, OnTime, PersonOnTime};
pub use pace::{Pace, WeeksActive};

/// What a date is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[cfg_attr(feature = "ts", derive(serde::Deserialize, ts_rs::TS), ts(export_to = "dates.ts"))]
#[serde(rename_all = "kebab-case")]
pub enum DateKind {
    /// An exam, a midterm, a quiz: viewing before it counts.
    Exam,
    /// The end of a time to hand something in, or to have watched something.
    Deadline,
    /// A lecture.
    Lecture,
    /// Days without teaching.
    Break,
    /// Anything else that deserves a flag.
    Other,
}

impl DateKind {
    /// All kinds, in the order in which they are offered.
    pub const ALL: [Self; 5] = [Self::Exam, Self::Deadline, Self::Lecture, Self::Break, Self::Other];

    /// The word in files and on the command line: `exam`.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Exam => "exam",
            Self::Deadline => "deadline",
            Self::Lecture => "lecture",
            Self::Break => "break",
            Self::Other => "other",
        }
    }

    /// As people read it: `Exam`.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Exam => "Exam",
            Self::Deadline => "Deadline",
            Self::Lecture => "Lecture",
            Self::Break => "Break",
            Self::Other => "Other",
        }
    }

    /// Whether videos should be watched before it.
    pub const fn is_due(self) -> bool {
        matches!(self, Self::Exam | Self::Deadline)
    }
}

impl fmt::Display for DateKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.word())
    }
}

/// A word that names no kind of date.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a kind is exam, deadline, lecture, break or other")]
pub struct UnknownKind;

impl FromStr for DateKind {
    type Err = UnknownKind;

    fn from_str(word: &str) -> Result<Self, UnknownKind> {
        let word = word.trim();
        Self::ALL.into_iter().find(|kind| kind.word().eq_ignore_ascii_case(word)).ok_or(UnknownKind)
    }
}

/// When a date is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum When {
    /// Whole days of the calendar, the last included, in whatever zone they are read.
    Days(DateRange),
    /// An instant, to the minute, in the zone in which it was set.
    At(DateTime<Utc>, Tz),
}

/// One date of a course.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CourseDate {
    /// Its number within the course, from 1.
    pub number: u32,
    /// What it is.
    pub kind: DateKind,
    /// What people call it: `Midterm`.
    pub name: String,
    /// When it is.
    pub when: When,
    /// The videos that it concerns; empty means the whole course.
    pub videos: Vec<SessionId>,
    /// The event of a calendar from which it was imported.
    pub source: Option<String>,
}

/// By when a video must have been watched to be on time.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash)]
pub enum OnTimeRule {
    /// By the next exam or deadline that concerns it.
    #[default]
    NextDate,
    /// By the end of this many days after its first viewing.
    DaysAfterFirstViewing(u16),
}

/// Everything stored about a course's dates.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct CourseDates {
    /// The dates, in the order in which they were added.
    pub dates: Vec<CourseDate>,
    /// The term, if the teacher has set it.
    pub term: Option<DateRange>,
    /// By when a video is on time.
    pub on_time: OnTimeRule,
}

impl CourseDates {
    /// The number for the next date.
    pub fn next_number(&self) -> u32 {
        self.dates.iter().map(|date| date.number).max().unwrap_or(0).saturating_add(1)
    }

    /// The date of this number.
    pub fn date(&self, number: u32) -> Option<&CourseDate> {
        self.dates.iter().find(|date| date.number == number)
    }
}
