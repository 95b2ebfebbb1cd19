//! What an account may do in Panopto, as far as that tells that it is perhaps no student's.
//!
//! Deliberately absent: leaving anybody out. The teacher decides; this is only a reason to ask.

use crate::Word;

/// What an account may do in Panopto.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum PanoptoRole {
    /// It may add recordings to a course that is synced here.
    Creator,
    /// It may make folders of its own.
    Videographer,
    /// It may do everything on this server.
    Administrator,
}

impl PanoptoRole {
    /// In words, as a reason.
    pub const fn text(self) -> &'static str {
        match self {
            Self::Creator => "may add recordings to a course",
            Self::Videographer => "a videographer in Panopto",
            Self::Administrator => "an administrator of Panopto",
        }
    }
}

impl Word for PanoptoRole {
    const ALL: &'static [Self] = &[Self::Creator, Self::Videographer, Self::Administrator];

    fn as_str(self) -> &'static str {
        match self {
            Self::Creator => "creator",
            Self::Videographer => "videographer",
            Self::Administrator => "administrator",
        }
    }
}
