//! By when viewing counts: the instant behind a choice, its words, and what else can be chosen.
//!
//! Deliberately absent: what was watched by then. Invariant: where the dates of a course cannot be read, it says so rather than
//! counting until the end.

use chrono::{DateTime, Utc};
use engine::dates::{DatesInView, typed_cutoff};
use engine::{Error, ErrorCode, Result};
use model::{DateKind, Flag, LocalMinute};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::open_course::OpenCourse;

/// By when viewing counts, within the chosen days.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase", tag = "kind")]
#[ts(export_to = "people.ts")]
pub enum ByWhen {
    /// By the next exam or deadline that concerns the video; where there is none, until the end of the chosen days.
    Next,
    /// Until the end of the chosen days.
    Range,
    /// By a date of the course.
    Date {
        /// Its number.
        number: u32,
    },
    /// By a day or a time as somebody typed it.
    Typed {
        /// `2026-10-01 09:00`.
        text: String,
    },
}

/// A date of the course.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export_to = "people.ts")]
pub struct ByDate {
    /// Its number.
    pub number: u32,
    /// `Quiz 2, Thu 1 Oct 09:00`.
    pub label: String,
}

/// By when viewing counts.
#[derive(Debug, Clone)]
pub(crate) struct Until {
    /// The choice; never *next*.
    pub(crate) by: ByWhen,
    /// In words.
    pub(crate) text: String,
    /// What is recorded then or later does not count.
    pub(crate) before: Option<LocalMinute>,
    /// The dates that can be chosen.
    pub(crate) dates: Vec<ByDate>,
}

impl Until {
    /// What a choice means for one video.
    pub(crate) fn of(
        open: &OpenCourse,
        dates: &DatesInView,
        video: usize,
        by: &ByWhen,
        now: DateTime<Utc>,
    ) -> Result<Self> {
        let flags: Vec<&Flag> =
            dates.flags.iter().filter(|flag| flag.concerns(video) && flag.kind != DateKind::Break).collect();
        let now = LocalMinute::of(now.with_timezone(&open.zone).naive_local());
        let next = || flags.iter().find(|flag| flag.kind.is_due() && flag.cutoff() > now);
        let chosen = match by {
            ByWhen::Next => next(),
            ByWhen::Date { number } => Some(flags.iter().find(|flag| flag.number == *number).ok_or_else(|| {
                Error::new(ErrorCode::NotFound, "This date is no longer among those of the course")
                    .with_hint("Choose another one")
            })?),
            ByWhen::Range | ByWhen::Typed { .. } => None,
        };
        let (by, text, before) = match (chosen, by) {
            (Some(flag), _) => (ByWhen::Date { number: flag.number }, flag.text(), Some(flag.cutoff())),
            (None, ByWhen::Typed { text }) => {
                let (before, words) = typed_cutoff(text, open.zone)?;
                (by.clone(), words, Some(before))
            }
            (None, ByWhen::Next | ByWhen::Range | ByWhen::Date { .. }) => {
                (ByWhen::Range, "the end of the chosen days".to_owned(), None)
            }
        };
        let dates = flags.iter().map(|flag| ByDate { number: flag.number, label: flag.text() }).collect();
        Ok(Self { by, text, before, dates })
    }
}
