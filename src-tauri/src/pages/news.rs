//! *What is new* on the page of a course: at most three sentences, each with where it is seen.
//!
//! Deliberately absent: the rules, which are the model's, and what was put away (`crate::news`).
//!
//! Invariant: every sentence opens its evidence.

use model::line::one_line;
use model::{DigestEntry, DigestEvidence, Figure, FollowingRange};
use serde::Serialize;
use ts_rs::TS;

use super::course::{SortKey, TableSort};
use super::explanation::{Explainer, Explanation};
use super::range::DateRange;
use crate::open_course::OpenCourse;

/// More sentences than these are not news but a report, which `digest` on the command line gives.
pub(crate) const MOST_SENTENCES: usize = 3;

/// What is new in a course.
#[derive(Debug, Clone, PartialEq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export_to = "news.ts")]
pub struct WhatIsNew {
    /// The course.
    pub course_id: String,
    /// The sentences, the most important first; none where nothing is to be said, or all of it was put away.
    pub sentences: Vec<NewsSentence>,
    /// The rules by which something is said.
    pub explanation: Explanation,
}

/// One sentence.
#[derive(Debug, Clone, PartialEq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export_to = "news.ts")]
pub struct NewsSentence {
    /// What it says, without a full stop.
    pub text: String,
    /// What opening it shows.
    pub evidence: NewsEvidence,
}

/// Where a sentence is seen.
#[derive(Debug, Clone, PartialEq, Serialize, TS)]
#[serde(tag = "kind", rename_all = "camelCase", rename_all_fields = "camelCase")]
#[ts(export_to = "news.ts")]
pub enum NewsEvidence {
    /// The page of a video, at a second.
    Place {
        /// The video.
        session_id: String,
        /// The second.
        at_secs: u32,
    },
    /// The table, sorted so that the video is near its top.
    Table {
        /// The video.
        session_id: String,
        /// How the table is sorted.
        sort: TableSort,
    },
    /// The course under a date range.
    Range {
        /// The days.
        range: DateRange,
    },
}

impl WhatIsNew {
    /// The sentences that were not put away. `ranges` are those that follow from the dates of the course.
    pub(crate) fn new(open: &OpenCourse, entries: &[&DigestEntry], ranges: &[FollowingRange]) -> Self {
        let explainer = Explainer::new(model::DateRange::ALL, &open.facts, open.zone);
        let told = entries.iter().filter_map(|entry| {
            let evidence = NewsEvidence::new(open, entry.evidence, ranges)?;
            Some(NewsSentence { text: one_line(&entry.sentence), evidence })
        });
        Self {
            course_id: open.course.id.to_string(),
            sentences: told.take(MOST_SENTENCES).collect(),
            explanation: explainer.explain(Figure::WhatIsNew),
        }
    }
}

impl NewsEvidence {
    /// `None` where a date has no days to be seen in: nobody had watched before it.
    fn new(open: &OpenCourse, evidence: DigestEvidence, ranges: &[FollowingRange]) -> Option<Self> {
        let id = |video: usize| open.video(video).session_id.to_string();
        Some(match evidence {
            DigestEvidence::Place(video, start_secs) => {
                Self::Place { session_id: id(video), at_secs: start_secs.max(0.0) as u32 }
            }
            DigestEvidence::Video(video) => {
                let watched = open.course.figures(model::DateRange::ALL).rows[video].totals.unique_viewers > 0;
                let by = if watched { Figure::CoveredPercent } else { Figure::UniqueViewers };
                Self::Table { session_id: id(video), sort: TableSort { key: SortKey::Figure(by), up: true } }
            }
            DigestEvidence::Date(number) => {
                let range = ranges.iter().find(|range| range.number == number)?;
                Self::Range { range: range.days.into() }
            }
        })
    }
}
