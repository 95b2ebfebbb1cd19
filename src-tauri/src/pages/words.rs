//! What *Find words* shows: where in a course something is said, and how that place was watched.
//!
//! Deliberately absent: what a place is, which is the model's, and drawing.
//!
//! Invariant: the list is short whatever is asked, and says how much it leaves out. An empty one says why.

use engine::captions::{CaptionsOfVideo, CourseWords, FoundWords, SaidAt};
use model::words::{clock, count, counted, viewers};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::range::DateRange;
use crate::open_course::OpenCourse;

/// How many places are listed: more than anybody reads, and few enough for each keystroke.
pub(crate) const MOST_PLACES: usize = 100;

/// What to look for.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export_to = "words.ts")]
pub struct WordsRequest {
    /// The course.
    pub course_id: String,
    /// What is typed: words, and phrases in quotes.
    pub query: String,
    /// The days on which the places were watched; absent: all dates.
    pub range: Option<DateRange>,
}

/// What is said where.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export_to = "words.ts")]
pub struct WordsFound {
    /// `Said at 12 places in 5 videos`, or why nothing is found.
    pub summary: String,
    /// What else the reader should know: captions that are missing, places that are not listed.
    pub note: Option<String>,
    /// The places, in the order of videos and seconds.
    pub places: Vec<SaidPlace>,
    /// Whether the server's page of a video can be opened there.
    pub can_open_in_panopto: bool,
}

/// Where something is said.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export_to = "words.ts")]
pub struct SaidPlace {
    /// The video.
    pub session_id: String,
    /// Its name.
    pub name: String,
    /// `0:12:04`.
    pub at: String,
    /// The whole second at which to open the video.
    pub at_secs: u32,
    /// The sentence in pieces.
    pub sentence: Vec<SaidPiece>,
    /// `57 viewers · 21 again`.
    pub watched: String,
}

/// A piece of a sentence.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export_to = "words.ts")]
pub struct SaidPiece {
    /// The text.
    pub text: String,
    /// Whether it is what was looked for.
    pub is_found: bool,
}

impl WordsFound {
    /// What was found in a course.
    pub fn new(
        open: &OpenCourse,
        words: &CourseWords,
        found: &FoundWords,
        is_fetched_by_syncs: bool,
        can_open_in_panopto: bool,
    ) -> Self {
        let (summary, mut note) = state(words, found, is_fetched_by_syncs);
        if found.total > found.places.len() {
            let more = format!("The first {} are listed; another word finds fewer", count(found.places.len() as u64));
            note = Some(note.map_or_else(|| more.clone(), |note| format!("{more}. {note}")));
        }
        let places = found.places.iter().map(|said| SaidPlace::new(open, said)).collect();
        Self { summary, note, places, can_open_in_panopto }
    }
}

impl SaidPlace {
    fn new(open: &OpenCourse, said: &SaidAt) -> Self {
        let video = open.video(said.place.video);
        let again = if said.replays > 0 { format!(" · {} again", count(said.replays.into())) } else { String::new() };
        let piece = |part: &model::SentencePart| SaidPiece { text: part.text.clone(), is_found: part.is_found };
        Self {
            session_id: video.session_id.to_string(),
            name: video.name.to_string(),
            at: clock(said.place.start_secs),
            at_secs: said.place.start_secs as u32,
            sentence: said.place.sentence.iter().map(piece).collect(),
            watched: format!("{}{again}", viewers(said.viewers.into())),
        }
    }
}

/// The sentence above the places, and the note beside it.
fn state(words: &CourseWords, found: &FoundWords, is_fetched_by_syncs: bool) -> (String, Option<String>) {
    let kept = words.count(|video| *video == CaptionsOfVideo::Kept);
    let not_fetched = words.count(|video| *video == CaptionsOfVideo::NotFetched);
    let not_given = words.count(|video| *video == CaptionsOfVideo::NotGiven);
    let signed_out = words.count(|video| *video == CaptionsOfVideo::SignedOut);
    let videos = |number: usize| counted(number as u64, "video", "videos");
    let come =
        if is_fetched_by_syncs { "they come with the next sync" } else { "fetching them is switched off in Settings" };
    let mut notes = Vec::new();
    if let Some(damage) = &words.damage {
        notes.push(damage.clone());
    }
    for video in words.videos() {
        if let CaptionsOfVideo::Unreadable(path) = video {
            notes.push(format!("“{}” is not text: delete it, and the next sync fetches it again", path.display()));
        }
    }
    if kept == 0 {
        let summary = if not_fetched > 0 {
            format!("The captions of this course are not here yet: {come}")
        } else if signed_out > 0 {
            "The captions of this course come when you are signed in".to_owned()
        } else if not_given > 0 {
            "Panopto does not give you the captions of this course".to_owned()
        } else {
            "Panopto has no captions for the videos of this course".to_owned()
        };
        return (summary, (!notes.is_empty()).then(|| notes.join(". ")));
    }
    if signed_out > 0 {
        notes.push(format!("The captions of {} come when you are signed in", videos(signed_out)));
    }
    if not_fetched > 0 {
        notes.push(format!("The captions of {} are not here yet: {come}", videos(not_fetched)));
    }
    let summary = if found.total == 0 {
        format!("Not said in the captions of {}", videos(kept))
    } else {
        let places = counted(found.total as u64, "place", "places");
        format!("Said at {places}, as the captions of {} have it", videos(kept))
    };
    (summary, (!notes.is_empty()).then(|| notes.join(". ")))
}
