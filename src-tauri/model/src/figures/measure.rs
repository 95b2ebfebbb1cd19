//! What cells can be coloured by: the parts on the course map, the videos on the heat map.
//!
//! Deliberately absent: colours (crate `charts`) and words (`definition`). Invariant: what a measure counts depends on the
//! figures alone, never on which cells are in view.

use serde::{Deserialize, Serialize};

use super::definition::Figure;
use super::row::VideoRow;
use super::statistic::Statistic;
use crate::ChunkBounds;

/// What the cells of the course map can be coloured by.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS), ts(export_to = "course.ts"))]
#[serde(rename_all = "camelCase")]
pub enum MapMeasure {
    /// Share of the video's viewers who reached the part, in percent.
    #[default]
    Reached,
    /// Share of the video's viewers who covered at least 75 % of the part, in percent.
    Covered,
    /// How often a viewer who reached the part played it: average time, in lengths of the part.
    Rewatched,
    /// Share of the time spent in the part that went into playing again what the same viewer had played before, in
    /// percent.
    PlayedAgain,
    /// Share of the video's viewers who reached the part, minus what is usual in the course at that place, in
    /// percentage points.
    ComparedWithCourse,
    /// Share of the video's viewers who reached the part, less that of the video's pair in the course that this one is
    /// compared with, in points of percent.
    Difference,
}

impl MapMeasure {
    /// All measures, in the order they are offered.
    pub const ALL: [Self; 6] =
        [Self::Reached, Self::Covered, Self::Rewatched, Self::PlayedAgain, Self::ComparedWithCourse, Self::Difference];

    /// The name people choose it by.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Reached => "Reached",
            Self::Covered => "Covered at least 75 %",
            Self::Rewatched => "Times watched",
            Self::PlayedAgain => "Played again",
            Self::ComparedWithCourse => "Compared with the course",
            Self::Difference => "Difference",
        }
    }

    /// The figure that it is.
    pub const fn figure(self) -> Figure {
        match self {
            Self::Reached => Figure::ChunkReachedPercent,
            Self::Covered => Figure::ChunkCoveredPercent,
            Self::Rewatched => Figure::ChunkRewatched,
            Self::PlayedAgain => Figure::ChunkPlayedAgain,
            Self::ComparedWithCourse => Figure::ChunkComparedWithCourse,
            Self::Difference => Figure::ChunkDifferenceOfTerms,
        }
    }

    /// The measure of a part, 0 to 19. Absent without a length, or if there is nobody whose share it could be.
    pub fn value(self, row: &VideoRow, part: usize) -> Statistic {
        let Some(bounds) = row.totals.duration_secs.and_then(ChunkBounds::new) else { return Statistic::Absent };
        let value = match self {
            Self::Reached => return row.share(row.reached[part]),
            Self::Covered => return row.share(row.covered[part]),
            Self::Rewatched => (row.reached[part] > 0).then(|| row.average_secs[part] / bounds.length_secs(part)),
            Self::PlayedAgain => {
                let spent_secs = row.average_secs[part] * f64::from(row.reached[part]);
                (spent_secs > 0.0).then(|| (row.again_secs[part] / spent_secs * 100.0).clamp(0.0, 100.0))
            }
            Self::ComparedWithCourse => {
                row.reached_percent(part).value().zip(row.usual_reached_percent).map(|(here, usual)| here - usual[part])
            }
            Self::Difference => row.difference_of_terms.map(|points| points[part]),
        };
        Statistic::of(row.totals.unique_viewers, value)
    }
}

/// What the heat map of a course can be coloured by.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS), ts(export_to = "course.ts"))]
#[serde(rename_all = "camelCase")]
pub enum HeatMeasure {
    /// Distinct viewers.
    #[default]
    #[serde(rename = "viewers")]
    UniqueViewers,
    /// Share of the viewers who covered at least 75 % of the video, in percent.
    #[serde(rename = "coveredShare")]
    CoveredPercent,
    /// Total watch time in seconds.
    WatchTime,
}

impl HeatMeasure {
    /// All measures, in the order they are offered.
    pub const ALL: [Self; 3] = [Self::UniqueViewers, Self::CoveredPercent, Self::WatchTime];

    /// The name people choose it by.
    pub const fn name(self) -> &'static str {
        match self {
            Self::UniqueViewers => "Unique viewers",
            Self::CoveredPercent => "Covered at least 75 %",
            Self::WatchTime => "Watch time",
        }
    }

    /// The figure that it is.
    pub const fn figure(self) -> Figure {
        match self {
            Self::UniqueViewers => Figure::UniqueViewers,
            Self::CoveredPercent => Figure::CoveredPercent,
            Self::WatchTime => Figure::WatchTime,
        }
    }

    /// The measure of a video: a count, a percentage or seconds. Absent if it has none, such as a share of nobody.
    pub fn value(self, row: &VideoRow) -> Statistic {
        match self {
            Self::UniqueViewers => Statistic::of_people(row.totals.telling, row.totals.unique_viewers),
            Self::CoveredPercent => row.totals.covered_percent,
            Self::WatchTime => row.totals.duration_secs.map(|_| row.totals.watch_secs).into(),
        }
    }
}
