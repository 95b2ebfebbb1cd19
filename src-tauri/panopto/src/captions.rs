//! What the server answers when it is asked for the captions of a video.
//!
//! Deliberately absent: reading them. They are given as they came, for the caller to keep.
//!
//! Invariant: the four answers without a text are different ones. Only [`CaptionsAnswer::None`] and
//! [`CaptionsAnswer::Empty`] say something about the video; the others are about who asks.

use std::fmt;

/// The answer for one video.
#[derive(Clone, PartialEq, Eq)]
pub enum CaptionsAnswer {
    /// Panopto has no captions for this video, or no such video.
    None,
    /// This user may not see the video or its captions.
    Refused,
    /// The server takes the call for signed out, even after a fresh sign-in: other videos will fare alike.
    SignedOut,
    /// There is a place for captions, and nothing in it in any language.
    Empty,
    /// The captions.
    Text(CaptionText),
}

/// A file of captions as the server sent it.
#[derive(Clone, PartialEq, Eq)]
pub struct CaptionText {
    /// The language that was asked for, `English_GBR`; `None` where the server chose.
    pub language: Option<&'static str>,
    /// The file. It has at least one line that gives two times.
    pub bytes: Vec<u8>,
}

// What a teacher says belongs into no log.
impl fmt::Debug for CaptionText {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "CaptionText({} bytes)", self.bytes.len())
    }
}

impl fmt::Debug for CaptionsAnswer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::None => f.write_str("None"),
            Self::Refused => f.write_str("Refused"),
            Self::SignedOut => f.write_str("SignedOut"),
            Self::Empty => f.write_str("Empty"),
            Self::Text(text) => text.fmt(f),
        }
    }
}
