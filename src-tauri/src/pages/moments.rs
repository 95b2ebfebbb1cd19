//! The moments of a video, each with what a teacher keeps about it; and where moments lie on the map of a course.
//!
//! Deliberately absent: finding moments and reading notes. Invariant: at most five moments, and none of fewer than 5 people.

use std::collections::BTreeMap;

use engine::store::{Error as StoreError, Result as StoreResult};
use engine::{Error, ErrorCode, Result};
use model::line::one_line;
use model::{
    Captions, Figure, GroupSize, Interval, LONGEST_NOTE_CHARS, Moment, MomentKind, Note, NoteTag, Recorded, TOO_FEW,
    Telling, VideoMoments, Word as _, notes_of_moments, readout, words,
};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::captions::CaptionLine;
use super::explanation::{Explainer, Explanation};
use super::id;
use super::strongest::StrongMoment;
use crate::error::IpcError;
use crate::open_course::OpenCourse;

/// Signs of at most five moments.
const MARKS: [&str; 5] = ["①", "②", "③", "④", "⑤"];

const NO_LENGTH: &str = "Panopto gives no length for this video, so it has no timeline";
const TOO_FEW_FOR_MOMENTS: &str = "Too few viewers for moments";
const NOTHING_STANDS_OUT: &str = "Watched evenly: no place stands out";
const NOBODY: &str = "Nobody watched this video in these days";

/// The moments of a video under one date range.
#[derive(Debug, Clone, PartialEq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export_to = "moments.ts")]
pub struct VideoMomentsShown {
    /// The video.
    pub session_id: String,
    /// What to say where there are no moments.
    pub nothing: Option<String>,
    /// The moments, those with the largest effect first.
    pub moments: Vec<ShownMoment>,
    /// Notes whose moment is not found in this date range, or is no longer found.
    pub other_notes: Vec<ShownNote>,
    /// What a moment can be tagged with.
    pub tags: Vec<TagChoice>,
    /// Why notes cannot be read; absent where they can.
    pub notes_error: Option<IpcError>,
    /// The most characters of a note.
    pub longest_note_chars: u32,
    /// What a moment is.
    pub explanation: Explanation,
}

/// A moment as it is shown.
#[derive(Debug, Clone, PartialEq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export_to = "moments.ts")]
pub struct ShownMoment {
    /// Its sign in the list and on the curve: `①`.
    pub mark: String,
    /// Its kind as notes name it: `watched-again`.
    pub kind: String,
    /// Its kind as people read it: `Watched again`.
    pub kind_name: String,
    /// Where it begins, in seconds of video.
    pub start_secs: f64,
    /// Where it ends, in seconds of video.
    pub end_secs: f64,
    /// The whole second to open the video at.
    pub open_at_secs: u32,
    /// `0:29:10 – 0:46:50`.
    pub place: String,
    /// The sentence that says why it is a moment.
    pub sentence: String,
    /// What was said there, in a few words; absent where nobody knows.
    pub words: Option<String>,
    /// Its captions one by one.
    pub captions: Vec<CaptionLine>,
    /// What to say of captions that are not listed.
    pub more_captions: Option<String>,
    /// What the teacher keeps about it.
    pub note: Option<NoteText>,
}

/// What a teacher keeps about a moment.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export_to = "moments.ts")]
pub struct NoteText {
    /// The tag, as notes name it; absent where there is none.
    pub tag: Option<String>,
    /// Words of their own.
    pub text: String,
}

/// A note without its moment.
#[derive(Debug, Clone, PartialEq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export_to = "moments.ts")]
pub struct ShownNote {
    /// The kind of the moment it was written for, as notes name it.
    pub kind: String,
    /// The same as people read it.
    pub kind_name: String,
    /// Where it begins, in seconds of video.
    pub start_secs: f64,
    /// Where it ends, in seconds of video.
    pub end_secs: f64,
    /// `0:29:10 – 0:46:50`.
    pub place: String,
    /// `Confusing`; absent without a tag.
    pub tag_name: Option<String>,
    /// Words of the teacher's own.
    pub text: String,
}

/// A tag that can be chosen.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export_to = "moments.ts")]
pub struct TagChoice {
    /// The word in the notes.
    pub id: String,
    /// `Confusing`.
    pub label: String,
}

/// A note to keep. One without tag and words is removed.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export_to = "moments.ts")]
pub struct NoteRequest {
    /// The video.
    pub session_id: String,
    /// The kind of the moment, as notes name it.
    pub kind: String,
    /// Where the moment begins, in seconds of video.
    pub start_secs: f64,
    /// Where it ends, in seconds of video.
    pub end_secs: f64,
    /// The tag, as notes name it; absent: none.
    pub tag: Option<String>,
    /// Words of the teacher's own.
    pub text: String,
}

/// The moments of a course: where they lie on its map, and the strongest of them. Videos without moments are left out.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export_to = "moments.ts")]
pub struct MapMoments {
    /// Cells by the ID of the video, from 0 to 19.
    pub cells: BTreeMap<String, Vec<u8>>,
    /// The strongest moments.
    pub strongest: Vec<StrongMoment>,
    /// What a moment is.
    pub explanation: Explanation,
}

impl VideoMomentsShown {
    /// The moments of a video with their notes; `notes` are those of all videos.
    pub(crate) fn new(
        open: &OpenCourse,
        video: usize,
        found: &VideoMoments,
        notes: StoreResult<Vec<Note>>,
        explainer: &Explainer,
    ) -> Self {
        let session = open.video(video).session_id;
        let (notes, damage) = match notes {
            Ok(notes) => (notes, None),
            Err(error) => (Vec::new(), Some(in_report(error))),
        };
        let notes: Vec<Note> = notes.into_iter().filter(|note| note.video == session).collect();
        let (of_moments, others) = notes_of_moments(&notes, found.found());
        let shown = found.found().iter().zip(MARKS).zip(of_moments);
        Self {
            session_id: session.to_string(),
            nothing: nothing(found).map(str::to_owned),
            moments: shown.map(|((moment, mark), note)| ShownMoment::new(moment, mark, note, open.telling)).collect(),
            other_notes: others.into_iter().map(ShownNote::new).collect(),
            tags: NoteTag::ALL.iter().map(|tag| TagChoice::new(*tag)).collect(),
            notes_error: damage,
            longest_note_chars: LONGEST_NOTE_CHARS as u32,
            explanation: explainer.explain(Figure::Moments),
        }
    }
}

fn in_report(error: StoreError) -> IpcError {
    IpcError::within_report(&Error::from(error))
}

/// What to say where there are no moments.
fn nothing(found: &VideoMoments) -> Option<&'static str> {
    match found {
        VideoMoments::NoLength => Some(NO_LENGTH),
        VideoMoments::TooFewViewers(viewers) => Some(match GroupSize::of(*viewers) {
            GroupSize::Nobody => NOBODY,
            GroupSize::TooFew => TOO_FEW,
            GroupSize::Few | GroupSize::Enough => TOO_FEW_FOR_MOMENTS,
        }),
        VideoMoments::Found(moments) => moments.is_empty().then_some(NOTHING_STANDS_OUT),
    }
}

impl VideoMomentsShown {
    /// Adds what the captions say in each moment.
    pub(crate) fn with_words(mut self, captions: &Captions) -> Self {
        for moment in &mut self.moments {
            moment.words = captions.words_of(moment.start_secs, moment.end_secs);
            (moment.captions, moment.more_captions) =
                CaptionLine::of_stretch(captions, moment.start_secs, moment.end_secs);
        }
        self
    }
}

impl ShownMoment {
    fn new(moment: &Moment, mark: &str, note: Option<&Note>, telling: Telling) -> Self {
        Self {
            mark: mark.to_owned(),
            kind: moment.kind.as_str().to_owned(),
            kind_name: moment.kind.name().to_owned(),
            start_secs: moment.start_secs,
            end_secs: moment.end_secs,
            open_at_secs: moment.start_secs.max(0.0) as u32,
            place: words::stretch(moment.start_secs, moment.end_secs),
            sentence: match telling {
                Telling::Exactly => moment.sentence.clone(),
                Telling::InFives => readout::people_of_moment(moment, telling),
            },
            words: None,
            captions: Vec::new(),
            more_captions: None,
            note: note.map(|note| NoteText {
                tag: note.tag.as_ref().map(|tag| tag.as_str().to_owned()),
                text: note.text.clone(),
            }),
        }
    }
}

impl ShownNote {
    pub(super) fn new(note: &Note) -> Self {
        let (start_secs, end_secs) = (note.stretch.start_secs(), note.stretch.end_secs());
        Self {
            kind: note.kind.as_str().to_owned(),
            kind_name: match &note.kind {
                Recorded::Known(kind) => kind.name().to_owned(),
                Recorded::Unknown(word) => one_line(word),
            },
            start_secs,
            end_secs,
            place: words::stretch(start_secs, end_secs),
            tag_name: note.tag.as_ref().map(|tag| match tag {
                Recorded::Known(tag) => tag.name().to_owned(),
                Recorded::Unknown(word) => one_line(word),
            }),
            text: note.text.clone(),
        }
    }
}

impl TagChoice {
    fn new(tag: NoteTag) -> Self {
        Self { id: tag.as_str().to_owned(), label: tag.name().to_owned() }
    }
}

impl NoteRequest {
    /// The note to keep.
    pub fn note(self) -> Result<Note> {
        let video = id::video(&self.session_id)?;
        let stretch = Interval::new(self.start_secs, self.end_secs).filter(|stretch| stretch.start_secs() >= 0.0);
        let refused = |sentence: String| Error::new(ErrorCode::InvalidInput, sentence);
        let stretch = stretch.ok_or_else(|| refused("A note needs a place in the video".to_owned()))?;
        let text = one_line(&self.text).trim().to_owned();
        if text.chars().count() > LONGEST_NOTE_CHARS {
            let most = words::count(LONGEST_NOTE_CHARS as u64);
            return Err(refused(format!("A note has at most {most} characters")).with_hint("Shorten it"));
        }
        let kind = Recorded::<MomentKind>::of(&one_line(&self.kind));
        let tag = self.tag.map(|tag| one_line(&tag)).filter(|tag| !tag.is_empty());
        Ok(Note { video, kind, stretch, tag: tag.map(|tag| Recorded::of(&tag)), text })
    }

    /// The request that restores what was there before `kept`.
    pub(crate) fn undoing(kept: &Note, before: Option<Note>) -> Self {
        let note = before.unwrap_or_else(|| Note { tag: None, text: String::new(), ..kept.clone() });
        Self {
            session_id: note.video.to_string(),
            kind: note.kind.as_str().to_owned(),
            start_secs: note.stretch.start_secs(),
            end_secs: note.stretch.end_secs(),
            tag: note.tag.map(|tag| tag.as_str().to_owned()),
            text: note.text,
        }
    }
}

impl MapMoments {
    /// The moments of all videos.
    pub(crate) fn new(open: &OpenCourse, found: &[VideoMoments], explainer: &Explainer) -> Self {
        let videos = open.course.views.videos().iter().zip(found);
        let cells = videos.filter_map(|(video, found)| {
            let duration_secs = video.usable_duration_secs()?;
            let cells = found.found().iter().flat_map(|moment| moment.parts(duration_secs));
            let mut parts: Vec<u8> = cells.map(|part| part as u8).collect();
            parts.sort_unstable();
            parts.dedup();
            (!parts.is_empty()).then(|| (video.session_id.to_string(), parts))
        });
        Self {
            cells: cells.collect(),
            strongest: StrongMoment::of_course(open, found),
            explanation: explainer.explain(Figure::Moments),
        }
    }
}
