//! The identifiers Panopto gives to folders, videos (its word: sessions) and users.
//!
//! All three are GUIDs: written in lower case with hyphens, read in any usual spelling.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::line::quotable;
use crate::text::{trimmed, with_invisible_named};

/// Why a text is not an identifier.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{text}` is not a Panopto ID: 32 hexadecimal digits in groups of 8-4-4-4-12 are expected")]
pub struct IdError {
    /// The given text. A long one is cut, with `…`, and invisible characters in it are named.
    pub text: String,
}

fn parse(text: &str) -> Result<Uuid, IdError> {
    let text = trimmed(text);
    Uuid::try_parse(text).map_err(|_| IdError { text: with_invisible_named(&quotable(text)) })
}

macro_rules! id {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(Uuid);

        impl $name {
            /// The all-zero identifier. Panopto uses it for "nobody" and for the root of the folder tree.
            pub const NIL: Self = Self(Uuid::nil());

            /// Reads an identifier in any usual spelling: upper or lower case, with or without braces or hyphens,
            /// blanks and invisible characters around it ignored.
            pub fn parse(text: &str) -> Result<Self, IdError> {
                parse(text).map(Self)
            }

            /// The 16 bytes of the identifier.
            pub const fn as_bytes(&self) -> &[u8; 16] {
                self.0.as_bytes()
            }

            /// The identifier with these 16 bytes.
            pub const fn from_bytes(bytes: [u8; 16]) -> Self {
                Self(Uuid::from_bytes(bytes))
            }

            /// Writes the 36 characters of the identifier into `buffer` and returns them, without allocating.
            pub fn encode<'a>(&self, buffer: &'a mut [u8; 36]) -> &'a str {
                self.0.as_hyphenated().encode_lower(buffer)
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.as_hyphenated().fmt(f)
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.as_hyphenated().fmt(f)
            }
        }

        impl FromStr for $name {
            type Err = IdError;

            fn from_str(text: &str) -> Result<Self, IdError> {
                Self::parse(text)
            }
        }
    };
}

id!(
    /// A Panopto folder; a course is a folder with everything below it.
    FolderId
);
id!(
    /// A video. Panopto calls it a session; the `id` of its viewer page.
    SessionId
);
id!(
    /// A viewer. Panopto gives anonymous viewers one per browser profile, so counts of viewers are estimates.
    UserId
);
