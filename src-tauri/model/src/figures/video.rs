//! The figures of one video.
//!
//! Deliberately absent: its name and its place in the course. Invariant: a video with a length has 20 chunks.

use serde::Serialize;

use super::statistic::{GroupSize, Statistic};
use super::tally::tally;
use super::{average_secs, percent};
use crate::{CHUNK_COUNT, ChunkBounds, CourseViews, DateRange, Day, DayViewers};

/// What is shown about one video under a date range.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct VideoFigures {
    /// Index of the video in [`CourseViews::videos`].
    pub video: usize,
    /// The range that governs every number here.
    pub range: DateRange,
    /// Length of the video in seconds; `None` if not known, and then nothing about its timeline is.
    pub duration_secs: Option<f64>,
    /// Distinct viewers with any record.
    pub unique_viewers: u32,
    /// Sum of the runs cut to the video, in seconds of video; re-watching counts again. 0 without a length.
    pub watch_secs: f64,
    /// Viewers who covered at least 75 % of the video. 0 without a length.
    pub covered_viewers: u32,
    /// `covered_viewers` of `unique_viewers`, 0 to 100.
    pub covered_percent: Statistic,
    /// Median over the viewers of the percent of the video they covered, 0 to 100.
    pub typical_percent: Statistic,
    /// Whether the range begins after the video's first viewing, so that coverage within it can be less than it was.
    pub begins_before_range: bool,
    /// The last day whose records were fetched; `None` where that is not known. See [`Self::with_data_through`].
    pub data_through: Option<Day>,
    /// The last day with any record.
    pub last_viewed: Option<Day>,
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
        let duration_secs = views.videos()[video].usable_duration_secs();
        let chunks = duration_secs.and_then(ChunkBounds::new).map_or_else(Vec::new, |bounds| {
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
        let covered = duration_secs.and_then(|_| percent(tally.covered_viewers, tally.unique_viewers));
        Self {
            video,
            range,
            duration_secs,
            unique_viewers: tally.unique_viewers,
            watch_secs: tally.watch_secs,
            covered_viewers: tally.covered_viewers,
            covered_percent: Statistic::of(tally.unique_viewers, covered),
            typical_percent: tally.typical_percent,
            begins_before_range: tally.first_viewed.is_some_and(|first| first < range.first()),
            data_through: None,
            last_viewed: tally.last_viewed,
            viewers_per_day: views.video_viewers_per_day(video, range),
            chunks,
        }
    }

    /// The same figures, which know how far the data go: dates after that day are not dates on which nobody watched.
    #[must_use]
    pub fn with_data_through(self, data_through: Option<Day>) -> Self {
        Self { data_through, ..self }
    }

    /// How much can be said about the viewers of the video.
    pub const fn group_size(&self) -> GroupSize {
        GroupSize::of(self.unique_viewers)
    }
}
