//! What is said in a video, according to its captions: cues with their seconds, the words of a stretch, and finding
//! words.
//!
//! Panopto serves captions as SubRip; people also upload WebVTT. Both are read tolerantly ([`reader`]), because files
//! are made by machines and by hand. Captions and viewing records share one clock: that of the edited video.
//!
//! Deliberately absent: where captions come from and where they are stored, and any judgement of them. A machine's
//! captions have errors, so texts on screen say that the captions say it.
//!
//! Invariants: cues are in order of their start; each has visible text on one line, without markup, control characters
//! or characters that change the writing direction; each has a positive length; any text at all can be read.

mod by_second;
mod fold;
mod query;
mod reader;
mod search;
mod sentence;
mod state;

use crate::line;

pub use by_second::SaidSeconds;
pub use query::Query;
pub use search::{FoundPlaces, Place, WordIndex};
pub use sentence::SentencePart;
pub use state::CaptionsState;

/// A second without a caption gets the nearest one, if that is no further away than this.
const NEAR_SECS: f64 = 5.0;
/// A shorter stretch counts as one second, and nobody says anything in a second.
const SHORTEST_STRETCH_SECS: f64 = 1.0;
/// How much is quoted on either side of such a stretch.
const AROUND_SECS: f64 = 10.0;
/// How many words of a stretch are quoted: what a reader takes in at a glance.
const MOST_WORDS: usize = 30;
/// The same for scripts that do not separate words.
const MOST_CHARACTERS: usize = 240;

/// One caption.
#[derive(Debug, Clone, PartialEq)]
pub struct Cue {
    /// When it appears, in seconds of video.
    pub start_secs: f64,
    /// When it disappears, in seconds of video; later than its start.
    pub end_secs: f64,
    /// What it says, on one line.
    pub text: String,
}

impl Cue {
    /// What it says, cut where it is longer than a caption should be.
    pub fn line(&self) -> String {
        shortened(&self.text)
    }
}

/// The captions of one video in one language. [`Captions::default`] has no cues.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Captions {
    cues: Vec<Cue>,
    /// The length of the longest cue, which is how far back a cue that is still shown can begin.
    longest_secs: f64,
}

impl Captions {
    /// Reads SubRip or WebVTT. Any other text gives no cues.
    pub fn read(text: &str) -> Self {
        let cues = reader::cues(text);
        let longest_secs = cues.iter().map(|cue| cue.end_secs - cue.start_secs).fold(0.0, f64::max);
        Self { cues, longest_secs }
    }

    /// The cues, ordered by their start.
    pub fn cues(&self) -> &[Cue] {
        &self.cues
    }

    /// Whether nothing is said.
    pub fn is_empty(&self) -> bool {
        self.cues.is_empty()
    }

    /// The cue at a second: the one shown then (the later, if there are two), or else the nearest within 5 s.
    pub fn at(&self, secs: f64) -> Option<&Cue> {
        if !secs.is_finite() {
            return None;
        }
        if let Some(shown) = self.within(secs, secs.next_up()).last() {
            return Some(shown);
        }
        let apart_secs = |cue: &Cue| if cue.start_secs > secs { cue.start_secs - secs } else { secs - cue.end_secs };
        let near = self.within((secs - NEAR_SECS).next_down(), (secs + NEAR_SECS).next_up());
        near.min_by(|a, b| apart_secs(a).total_cmp(&apart_secs(b)))
    }

    /// The cues that are shown at some time in `[from, to)`.
    pub fn within(&self, from_secs: f64, to_secs: f64) -> impl Iterator<Item = &Cue> {
        let first = self.cues.partition_point(|cue| cue.start_secs < from_secs - self.longest_secs);
        let begun = self.cues[first..].iter().take_while(move |cue| cue.start_secs < to_secs);
        begun.filter(move |cue| cue.end_secs > from_secs)
    }

    /// The cues of a stretch. One that is hardly more than a second has those around it.
    pub fn said_in(&self, from_secs: f64, to_secs: f64) -> impl Iterator<Item = &Cue> {
        let around_secs = if to_secs - from_secs < SHORTEST_STRETCH_SECS { AROUND_SECS } else { 0.0 };
        self.within(from_secs - around_secs, to_secs + around_secs)
    }

    /// The first words of a stretch, about thirty, with `…` if there are more; `None` if nothing is said. A stretch of
    /// hardly more than a second is quoted together with what is said around it.
    pub fn words_of(&self, from_secs: f64, to_secs: f64) -> Option<String> {
        let mut words = self.said_in(from_secs, to_secs).flat_map(|cue| cue.text.split(' '));
        let first: Vec<&str> = words.by_ref().take(MOST_WORDS).collect();
        if first.is_empty() {
            return None;
        }
        let mut text = first.join(" ");
        if words.next().is_some() {
            text.push('…');
        }
        Some(shortened(&text))
    }
}

/// The text, cut if it is longer than a quotation should be.
fn shortened(text: &str) -> String {
    // About five times as many bytes as characters are enough to see whether it fits.
    line::cut(fold::beginning(text, MOST_CHARACTERS * 8), MOST_CHARACTERS as f64, |text| text.chars().count() as f64)
}
