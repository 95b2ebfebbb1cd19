//! The pairs of two courses: which video belongs to which, why, and what else it could belong to.
//!
//! Deliberately absent: how pairs are found (`model`). Invariant: every video of the course has a row, paired or not.

use engine::compare::TwoTerms;
use model::line::listed_name;
use model::words::{count, counted};
use model::{PairedBy, VideoInfo};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// The pairs of two courses.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export_to = "pairs.ts")]
pub struct PairsPage {
    /// The other course.
    pub other_id: String,
    /// Its name.
    pub other_name: String,
    /// `34 of 40 videos are paired; 34 pairs have 10 viewers on both sides`.
    pub text: String,
    /// The videos of this course in lecture order.
    pub videos: Vec<PairedVideo>,
    /// The videos of the other course in lecture order.
    pub others: Vec<OtherVideo>,
}

/// A video of this course, and its pair.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export_to = "pairs.ts")]
pub struct PairedVideo {
    /// The video.
    pub session_id: String,
    /// Its name.
    pub name: String,
    /// The video of the other course; absent where it has no pair.
    pub other_id: Option<String>,
    /// Why they are a pair: `by name`; or that there is none.
    pub by: String,
    /// Whether somebody has said so, so that it can be left to the names again.
    pub is_by_hand: bool,
}

/// A video of the other course.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export_to = "pairs.ts")]
pub struct OtherVideo {
    /// The video.
    pub session_id: String,
    /// Its name.
    pub name: String,
}

/// What somebody says of the pair of a video.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export_to = "pairs.ts")]
pub struct PairRequest {
    /// This course.
    pub course_id: String,
    /// The other.
    pub other_id: String,
    /// The video of this course.
    pub session_id: String,
    /// What belongs to it.
    pub pair: PairWith,
}

/// What belongs to a video.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, TS)]
#[serde(tag = "kind", rename_all = "camelCase", rename_all_fields = "camelCase")]
#[ts(export_to = "pairs.ts")]
pub enum PairWith {
    /// This video of the other course.
    Video {
        /// The video.
        session_id: String,
    },
    /// None, whatever the names say.
    Nothing,
    /// What names, numbers and order say.
    ByName,
}

/// A pair was mended.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export_to = "pairs.ts")]
pub struct PairsMended {
    /// What has happened, in words.
    pub text: String,
    /// What undoes it.
    pub undo: String,
    /// The pairs as they are now.
    pub page: PairsPage,
}

impl PairsPage {
    /// The pairs of two courses.
    pub(crate) fn new(terms: &TwoTerms) -> Self {
        let (here, there) = (terms.here.course.views.videos(), terms.there.course.views.videos());
        let video = |(place, info): (usize, &VideoInfo)| {
            let pair = terms.comparison.of_video(place).map(|compared| compared.pair);
            PairedVideo {
                session_id: info.session_id.to_string(),
                name: info.name.to_string(),
                other_id: pair.map(|pair| there[pair.there].session_id.to_string()),
                by: pair.map_or("no pair", |pair| in_words(pair.by)).to_owned(),
                is_by_hand: terms
                    .mended
                    .iter()
                    .any(|(one, two)| *one == info.session_id || *two == Some(info.session_id)),
            }
        };
        let paired = terms.comparison.pairs.len() as u64;
        Self {
            other_id: terms.there.facts.id.to_string(),
            other_name: terms.there.facts.name.clone(),
            text: format!(
                "{} of {} are paired; {} on both sides",
                count(paired),
                counted(here.len() as u64, "video", "videos"),
                match terms.comparison.compared {
                    1 => "1 pair has 10 viewers".to_owned(),
                    many => format!("{} pairs have 10 viewers", count(many.into())),
                }
            ),
            videos: here.iter().enumerate().map(video).collect(),
            others: there
                .iter()
                .map(|info| OtherVideo { session_id: info.session_id.to_string(), name: info.name.to_string() })
                .collect(),
        }
    }

    /// What a video is paired with now, in words.
    pub(crate) fn told(&self, session_id: &str) -> String {
        let Some(video) = self.videos.iter().find(|video| video.session_id == session_id) else { return String::new() };
        let other = self.others.iter().find(|other| Some(&other.session_id) == video.other_id.as_ref());
        match other {
            Some(other) => format!("{} is compared with {}", listed_name(&video.name), listed_name(&other.name)),
            None => format!("{} is compared with no video", listed_name(&video.name)),
        }
    }
}

const fn in_words(by: PairedBy) -> &'static str {
    match by {
        PairedBy::Hand => "by you",
        PairedBy::Name => "by name",
        PairedBy::Number => "by number",
        PairedBy::Order => "by order",
    }
}
