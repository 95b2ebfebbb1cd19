//! Which figures rest on what viewers covered: beside those stands a note where the date range begins late.
//!
//! Deliberately absent: the note itself. Invariant: every figure is listed, so that a new one has to decide.

use super::Figure;

impl Figure {
    /// Whether it counts what viewers covered, of a video or of its parts.
    pub const fn rests_on_coverage(self) -> bool {
        match self {
            Self::CoveredViewers
            | Self::CoveredPercent
            | Self::TypicalPercent
            | Self::ChunkReached
            | Self::ChunkCovered
            | Self::ChunkReachedPercent
            | Self::ChunkCoveredPercent
            | Self::ChunkComparedWithCourse
            | Self::OnTime
            | Self::CoveredBefore
            | Self::DaysUntilWatched
            | Self::DifferenceOfTerms
            | Self::OtherTermPercent
            | Self::ChunkDifferenceOfTerms
            | Self::ChunkUsual
            | Self::UsualPercent
            | Self::DifferenceFromUsual
            | Self::PersonCoverage
            | Self::PersonOnTime
            | Self::NotOpened
            | Self::Behind
            | Self::TopByCoveredPercent => true,
            Self::Videos
            | Self::UniqueViewers
            | Self::CourseViewers
            | Self::ViewersPerDay
            | Self::Duration
            | Self::WatchTime
            | Self::WatchedAgain
            | Self::FirstViewed
            | Self::LastViewed
            | Self::ChunkAverageTime
            | Self::ChunkRewatched
            | Self::ChunkPlayedAgain
            | Self::SecondReached
            | Self::SecondPlayedAgain
            | Self::WatchTimeBefore
            | Self::WeeksActive
            | Self::SecondUsual
            | Self::Moments
            | Self::OtherTermOutline
            | Self::WhatIsNew
            | Self::PanoptoPercent
            | Self::Sittings
            | Self::TopByViewers => false,
        }
    }
}
