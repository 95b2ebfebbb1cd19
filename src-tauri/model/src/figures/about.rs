//! Everything that is said of a figure, and what several of them cannot tell.
//!
//! Deliberately absent: the figures themselves (`definition.rs`, `beside.rs`, `of_people.rs`).

/// Everything that is said of a figure.
pub(super) struct About {
    pub(super) name: &'static str,
    pub(super) counts: &'static str,
    pub(super) cannot_tell: Option<&'static str>,
    pub(super) follows_dates: bool,
}

pub(super) const UNSEEN: &str = "People who watch together on one screen, or a downloaded copy, are not seen";
pub(super) const PLAYED: &str = "Says that the video was played, not that anybody paid attention";
pub(super) const PARTS: &str = "Says which parts were played, not that they were understood or even followed";
