//! Words of a closed vocabulary that are stored in files, where an older or newer version of this program may have
//! written them.
//!
//! Invariant: an unknown word is kept. It is shown, it is written back unchanged, and it is never taken for one of the
//! known words.

use std::fmt;

use serde::de::Deserializer;
use serde::ser::Serializer;
use serde::{Deserialize, Serialize};

/// A closed vocabulary.
pub trait Word: Copy + Eq + fmt::Debug + 'static {
    /// Every word of it.
    const ALL: &'static [Self];

    /// The word as it is written.
    fn as_str(self) -> &'static str;
}

/// A word read from a file.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Recorded<W> {
    /// A word that this version knows.
    Known(W),
    /// A word that it does not know.
    Unknown(String),
}

impl<W: Word> Recorded<W> {
    /// The word with this spelling.
    pub fn of(text: &str) -> Self {
        W::ALL
            .iter()
            .find(|word| word.as_str() == text)
            .map_or_else(|| Self::Unknown(text.to_owned()), |word| Self::Known(*word))
    }

    /// The word as it is written.
    pub fn as_str(&self) -> &str {
        match self {
            Self::Known(word) => word.as_str(),
            Self::Unknown(text) => text,
        }
    }
}

impl<W> From<W> for Recorded<W> {
    fn from(word: W) -> Self {
        Self::Known(word)
    }
}

impl<W: Word> fmt::Display for Recorded<W> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl<W: Word> Serialize for Recorded<W> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}

impl<'de, W: Word> Deserialize<'de> for Recorded<W> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer).map(|text| Self::of(&text))
    }
}
