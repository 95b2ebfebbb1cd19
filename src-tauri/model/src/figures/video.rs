//! The figures of one video, part by part.
//!
//! Deliberately absent: its name and its place in the course. Invariant: a video with a length has 20 chunks.

use serde::Serialize;

use super::tally::tally;
use super::{VideoTotals, average_secs};
use crate::{CHUNK_COUNT, ChunkBounds, CourseViews, DateRange, Day, DayViewers};

/// What is shown about one video under a date range.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct VideoFigures {
    /// Index of the video in [`CourseViews::videos`].
    pub video: usize,
    /// The range that governs every number here.
    pub range: DateRange,
    /// The video as a whole.
    pub totals: VideoTotals,
    /// The last day whose records were fetched; `None` if that is not known. See [`Self::with_data_through`].
    pub data_through: Option<Day>,
    /// Distinct viewers on each day, ascending; days without viewers are left out.
    pub viewers_per_day: Vec<DayViewers>,
    /// The 20 chunks in order, those nobody reached included; empty without a length.
    pub chunks: Vec<ChunkFigures>,
}

/// What is shown about one chunk of a video.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct ChunkFigures {
    /// Start in seconds of video.
    pub start_secs: f64,
    /// End in seconds of video.
    pub end_secs: f64,
    /// Viewers who watched some of it (more than 0 s).
    pub reached: u32,
    /// Viewers who covered at least 75 % of it, over all days of the range together.
    pub covered: u32,
    /// Time all viewers spent in it, in seconds of video, repeats counted.
    pub spent_secs: f64,
    /// `spent_secs` per viewer who reached it; 0 where nobody did.
    pub average_secs: f64,
}

impl VideoFigures {
    /// The figures of one video; the cost is proportional to the runs of that video.
    ///
    /// # Panics
    /// If there is no such video.
    pub fn new(views: &CourseViews, video: usize, range: DateRange) -> Self {
        let tally = tally(views, video, range, &mut Vec::new(), |_| {});
        let chunks = tally.totals.duration_secs.and_then(ChunkBounds::new).map_or_else(Vec::new, |bounds| {
            (0..CHUNK_COUNT)
                .map(|index| ChunkFigures {
                    start_secs: bounds.start_secs(index),
                    end_secs: bounds.end_secs(index),
                    reached: tally.reached[index],
                    covered: tally.covered[index],
                    spent_secs: tally.spent_secs[index],
                    average_secs: average_secs(tally.spent_secs[index], tally.reached[index]),
                })
                .collect()
        });
        Self {
            video,
            range,
            totals: tally.totals,
            data_through: None,
            viewers_per_day: views.video_viewers_per_day(video, range),
            chunks,
        }
    }

    /// The same figures, knowing how far the data go: a later day is not a day on which nobody watched.
    #[must_use]
    pub fn with_data_through(self, data_through: Option<Day>) -> Self {
        Self { data_through, ..self }
    }
}
