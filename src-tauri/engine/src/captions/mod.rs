//! Captions: fetching them after the records, and looking for words in them.
//!
//! Deliberately absent: what a cue is and what counts as a place, which is in `model`.
//!
//! Invariant: nothing here makes a sync fail, or costs a course its records.

mod fetch;
mod words;

pub use fetch::{CaptionsFetch, CaptionsProgress, CaptionsReport, CourseCaptionsReport, Patience};
pub use words::{CaptionsOfVideo, CourseWords, FoundWords, SaidAt, Words};
