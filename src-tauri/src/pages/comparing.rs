//! What a course is compared with: another course of the list, or what is usual for itself.
//!
//! Deliberately absent: the numbers, which stand in the charts and the table of the page, and the pairs (`pairs.rs`).
//!
//! Invariant: where something cannot be compared, the page says why and shows all else.

use model::Note;
use model::words::counted;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::moments::ShownNote;
use crate::beside::Beside;

/// What a course is compared with.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(tag = "with", rename_all = "camelCase", rename_all_fields = "camelCase")]
#[ts(export_to = "comparing.ts")]
pub enum CompareWith {
    /// What is usual for the course itself.
    Usual,
    /// Another course of the list.
    Course {
        /// The other course.
        course_id: String,
        /// By how many weeks its viewing is drawn later across time; negative: earlier.
        later_weeks: i32,
    },
}

/// What a course can be compared with.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export_to = "comparing.ts")]
pub struct CompareChoices {
    /// The course.
    pub course_id: String,
    /// The other courses of the list that have data; the likely one first.
    pub courses: Vec<CompareChoice>,
    /// The course of the same name in another term; absent where none is.
    pub likely: Option<CompareChoice>,
    /// Why there is no other course to compare with; absent where there is.
    pub nothing: Option<String>,
}

/// A course to compare with.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export_to = "comparing.ts")]
pub struct CompareChoice {
    /// The course.
    pub course_id: String,
    /// Its name.
    pub name: String,
}

/// What a page is compared with, in words.
#[derive(Debug, Clone, PartialEq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export_to = "comparing.ts")]
pub struct ComparedNow {
    /// What stands beside the dates: `GEOG 204 2025`, `Usual for this course`.
    pub label: String,
    /// Both in one sentence: `62.0 % here, 68.4 % in GEOG 204 2025, over 34 paired videos`; or what of a video is compared.
    pub sentence: Option<String>,
    /// Why nothing is compared.
    pub problem: Option<String>,
    /// By how much the other is drawn later across time, in words: `1 week later`; absent where it is not another course.
    pub later: Option<String>,
    /// What the teacher has noted of the moments of the pair; only on the page of a video.
    pub notes: Vec<ShownNote>,
}

impl ComparedNow {
    pub(crate) fn of_course(beside: &Beside) -> Self {
        let sentence = match beside {
            Beside::Term { terms, .. } => Some(terms.comparison.sentence(&terms.there.facts.name)),
            Beside::Usual | Beside::Refused { .. } => None,
        };
        Self::new(beside, sentence)
    }

    /// Of the page of one video; `notes` are those of all videos.
    pub(crate) fn of_video(beside: &Beside, video: usize, notes: &[Note]) -> Self {
        let Beside::Term { terms, .. } = beside else { return Self::new(beside, None) };
        let pair = terms.comparison.of_video(video).map(|pair| &terms.there.course.views.videos()[pair.pair.there]);
        let sentence =
            pair.map_or_else(|| "This video has no pair there".to_owned(), |pair| format!("with {}", pair.name));
        let is_of_pair = |note: &&Note| pair.is_some_and(|pair| pair.session_id == note.video);
        let notes = notes.iter().filter(is_of_pair).map(ShownNote::new).collect();
        Self { notes, ..Self::new(beside, Some(sentence)) }
    }

    fn new(beside: &Beside, sentence: Option<String>) -> Self {
        let (problem, later) = match beside {
            Beside::Term { later_weeks, .. } => (None, Some(later_in_words(*later_weeks))),
            Beside::Usual => (None, None),
            Beside::Refused { why, .. } => (Some(why.clone()), None),
        };
        Self { label: beside.label().to_owned(), sentence, problem, later, notes: Vec::new() }
    }
}

fn later_in_words(weeks: i32) -> String {
    let many = counted(weeks.unsigned_abs().into(), "week", "weeks");
    match weeks {
        0 => "from the same week of the term".to_owned(),
        1.. => format!("{many} later"),
        ..0 => format!("{many} earlier"),
    }
}
