//! What is said in a video, second by second, for the read-out of its timeline; or why nobody knows.
//!
//! Deliberately absent: finding words (`words.rs`), and the captions of a moment, which come with the moments.
//!
//! Invariant: whatever a file of captions holds, what crosses is bounded.

use engine::captions::{CaptionsOfVideo, CourseWords};
use model::{Captions, Cue, words};
use serde::Serialize;
use ts_rs::TS;

use crate::open_course::OpenCourse;

/// Nothing is read out beyond the first day of a video.
const MOST_SECS: f64 = 86_400.0;
/// Captions of one moment that are listed: some ten minutes of speech.
const MOST_LINES: usize = 200;

/// What is said in a video.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export_to = "captions.ts")]
pub struct VideoCaptions {
    /// The video.
    pub session_id: String,
    /// Why there are no words; absent where there are.
    pub nothing: Option<String>,
    /// What is said at each whole second, in order; seconds without a caption nearby are left out.
    pub said: Vec<SaidStretch>,
}

/// Whole seconds at which the same caption is read out.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export_to = "captions.ts")]
pub struct SaidStretch {
    /// The first second.
    pub from_secs: u32,
    /// The first second that no longer belongs to it.
    pub to_secs: u32,
    /// The caption.
    pub text: String,
}

/// One caption of a moment.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export_to = "captions.ts")]
pub struct CaptionLine {
    /// When it is said: `0:29:12`.
    pub at: String,
    /// The same as a whole second.
    pub at_secs: u32,
    /// The caption.
    pub text: String,
}

impl VideoCaptions {
    /// The captions of a video. `is_fetched_by_syncs` is the setting.
    pub(crate) fn new(open: &OpenCourse, video: usize, words: &CourseWords, is_fetched_by_syncs: bool) -> Self {
        let info = open.video(video);
        let end_secs = info.usable_duration_secs().unwrap_or(0.0).min(MOST_SECS).ceil() as u32;
        let said = words.captions(video).by_second(end_secs);
        let state = &words.videos()[video];
        Self {
            session_id: info.session_id.to_string(),
            nothing: nothing(state, is_fetched_by_syncs),
            said: said
                .into_iter()
                .map(|said| SaidStretch { from_secs: said.from_secs, to_secs: said.to_secs, text: said.cue.line() })
                .collect(),
        }
    }
}

/// Why there are no words of a video.
fn nothing(state: &CaptionsOfVideo, is_fetched_by_syncs: bool) -> Option<String> {
    let sentence = match state {
        CaptionsOfVideo::Kept => return None,
        CaptionsOfVideo::NoCaptions => "Panopto has no captions for this video",
        CaptionsOfVideo::NotFetched if is_fetched_by_syncs => "The words come when you are online",
        CaptionsOfVideo::NotFetched => "Fetching captions is switched off in Settings",
        CaptionsOfVideo::SignedOut => "The words come when you are signed in",
        CaptionsOfVideo::NotGiven => "Panopto does not give you the captions of this video",
        CaptionsOfVideo::Unreadable(path) => {
            let path = path.display();
            return Some(format!("“{path}” is not text: delete it, and the next sync fetches it again"));
        }
    };
    Some(sentence.to_owned())
}

impl CaptionLine {
    /// The captions of a stretch, and what to say of those that are not listed.
    pub(crate) fn of_stretch(captions: &Captions, from_secs: f64, to_secs: f64) -> (Vec<Self>, Option<String>) {
        let mut cues = captions.said_in(from_secs, to_secs);
        let lines = cues.by_ref().take(MOST_LINES).map(Self::new).collect();
        let more = cues.count() as u64;
        let told = (more > 0).then(|| format!("And {}", words::counted(more, "more caption", "more captions")));
        (lines, told)
    }

    fn new(cue: &Cue) -> Self {
        // The second that it opens is the second that it names.
        let at_secs = cue.start_secs as u32;
        Self { at: words::clock(f64::from(at_secs)), at_secs, text: cue.line() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_state_has_its_own_sentence() {
        let states = [
            CaptionsOfVideo::NoCaptions,
            CaptionsOfVideo::NotFetched,
            CaptionsOfVideo::SignedOut,
            CaptionsOfVideo::NotGiven,
            CaptionsOfVideo::Unreadable("x.srt".into()),
        ];
        let sentences: std::collections::BTreeSet<_> =
            states.iter().flat_map(|state| [true, false].map(|fetched| nothing(state, fetched))).collect();
        assert_eq!(sentences.len(), states.len() + 1, "{sentences:?}");
        assert!(sentences.iter().all(|sentence| sentence.as_ref().is_some_and(|text| !text.ends_with('.'))));
        assert_eq!(nothing(&CaptionsOfVideo::Kept, true), None);
    }

    #[test]
    fn a_moment_lists_its_captions_and_counts_the_rest() {
        let cues: Vec<_> = (0..300).map(|at| format!("{at}:00:00 --> {at}:00:01\nword {at}")).collect();
        let text = cues.join("\n\n");
        let captions = Captions::read(&text);
        let (lines, more) = CaptionLine::of_stretch(&captions, 3600.0, 3600.0 * 4.0);
        let told: Vec<_> = lines.iter().map(|line| (line.at.as_str(), line.at_secs, line.text.as_str())).collect();
        assert_eq!(told[..2], [("1:00:00", 3600, "word 1"), ("2:00:00", 7200, "word 2")]);
        assert_eq!((told.len(), more), (3, None));
        let (lines, more) = CaptionLine::of_stretch(&captions, 0.0, 1e9);
        assert_eq!((lines.len(), more.as_deref()), (200, Some("And 100 more captions")));
    }
}
