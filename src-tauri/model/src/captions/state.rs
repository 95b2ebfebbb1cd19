//! What is known about the captions of a video, in one word. The store keeps it; pages and the command line show it.

use serde::Serialize;

use crate::recorded::Word;

/// What Panopto answered when it was asked for the captions of a video.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "camelCase")]
pub enum CaptionsState {
    /// It has captions, and they are stored.
    Kept,
    /// It has none.
    NoCaptions,
    /// There is a place for captions, but nothing in it.
    EmptyCaptions,
    /// This user may not see them.
    Refused,
    /// It treated the call as signed out.
    SignedOut,
}

impl Word for CaptionsState {
    const ALL: &'static [Self] = &[Self::Kept, Self::NoCaptions, Self::EmptyCaptions, Self::Refused, Self::SignedOut];

    fn as_str(self) -> &'static str {
        match self {
            Self::Kept => "kept",
            Self::NoCaptions => "noCaptions",
            Self::EmptyCaptions => "emptyCaptions",
            Self::Refused => "refused",
            Self::SignedOut => "signedOut",
        }
    }
}
