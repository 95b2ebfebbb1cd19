//! The figures of a course: its totals and one row per video.

use serde::{Deserialize, Serialize};

use super::tally::{Tally, tally};
use super::video::average_secs;
use super::{VideoTotals, percent};
use crate::{CHUNK_COUNT, ChunkBounds, CourseViews, DateRange, DayViewers};

/// What is shown about a course under a date range.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct CourseFigures {
    /// The range that governs every number here.
    pub range: DateRange,
    /// Distinct viewers with any record of any listed video.
    pub unique_viewers: u32,
    /// Sum over the videos, in seconds of video.
    pub watch_secs: f64,
    /// Distinct viewers over all videos on each day, ascending; days without viewers are left out.
    pub viewers_per_day: Vec<DayViewers>,
    /// One row per video, those without views included, as in [`CourseViews::videos`].
    pub rows: Vec<VideoRow>,
}

/// What is shown about one video within its course.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct VideoRow {
    /// Place in the lecture order, from 1.
    pub order: u32,
    /// The video as a whole.
    pub totals: VideoTotals,
    /// Per chunk: viewers who watched some of it.
    pub reached: [u32; CHUNK_COUNT],
    /// Per chunk: viewers who covered at least 75 % of it, over all days of the range together.
    pub covered: [u32; CHUNK_COUNT],
    /// Per chunk: seconds of video spent per viewer who reached it; 0 where nobody did.
    pub average_secs: [f64; CHUNK_COUNT],
}

impl VideoRow {
    fn new(order: u32, tally: &Tally) -> Self {
        let mut average = [0.0; CHUNK_COUNT];
        for (index, secs) in average.iter_mut().enumerate() {
            *secs = average_secs(tally.spent_secs[index], tally.reached[index]);
        }
        Self { order, totals: tally.totals, reached: tally.reached, covered: tally.covered, average_secs: average }
    }
}

/// What the cells of the course map can be coloured by.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS), ts(export_to = "course.ts"))]
#[serde(rename_all = "camelCase")]
pub enum MapMeasure {
    /// Share of the video's viewers who reached the chunk, in percent.
    #[default]
    Reached,
    /// Share of the video's viewers who covered at least 75 % of the chunk, in percent.
    Covered,
    /// Average time per viewer who reached the chunk, in lengths of the chunk: more than 1 where it was watched again.
    Rewatched,
}

impl MapMeasure {
    /// All measures, in the order they are offered.
    pub const ALL: [Self; 3] = [Self::Reached, Self::Covered, Self::Rewatched];

    /// The measure of a chunk, 0 to 19; `None` without a length, or where nobody is there to share it.
    pub fn value(self, row: &VideoRow, chunk: usize) -> Option<f64> {
        let bounds = ChunkBounds::new(row.totals.duration_secs?)?;
        match self {
            Self::Reached => percent(row.reached[chunk], row.totals.unique_viewers),
            Self::Covered => percent(row.covered[chunk], row.totals.unique_viewers),
            Self::Rewatched => (row.reached[chunk] > 0).then(|| row.average_secs[chunk] / bounds.length_secs(chunk)),
        }
    }
}

/// What the heat map of a course can be coloured by. The words are those of the same [`Figure`](crate::Figure)s.
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

    /// The measure of a video: a count, a percentage or seconds; `None` where it has none (a share of nobody).
    pub fn value(self, row: &VideoRow) -> Option<f64> {
        match self {
            Self::UniqueViewers => Some(f64::from(row.totals.unique_viewers)),
            Self::CoveredPercent => row.totals.covered_percent,
            Self::WatchTime => row.totals.duration_secs.map(|_| row.totals.watch_secs),
        }
    }
}

impl CourseFigures {
    /// The figures of a course; the cost is proportional to its runs.
    pub fn new(views: &CourseViews, range: DateRange) -> Self {
        let mut coverages = Vec::new();
        let mut seen = vec![false; views.viewer_count()];
        let mut unique_viewers = 0;
        let mut rows = Vec::with_capacity(views.videos().len());
        for (video, info) in views.videos().iter().enumerate() {
            let tally = tally(views, video, range, &mut coverages, |viewer| {
                let seen = &mut seen[viewer as usize];
                unique_viewers += u32::from(!*seen);
                *seen = true;
            });
            rows.push(VideoRow::new(info.order, &tally));
        }
        Self {
            range,
            unique_viewers,
            watch_secs: rows.iter().map(|row| row.totals.watch_secs).sum(),
            viewers_per_day: views.viewers_per_day(range).to_vec(),
            rows,
        }
    }

    /// The videos with the most viewers, at most `count`, as indices into `rows`; equals in lecture order, videos
    /// nobody watched left out.
    pub fn top_by_viewers(&self, count: usize) -> Vec<usize> {
        self.top(count, |row| (row.totals.unique_viewers > 0).then(|| f64::from(row.totals.unique_viewers)))
    }

    /// The videos with the largest share of viewers who covered at least 75 % of them, at most `count`, as indices into
    /// `rows`; equals in lecture order, videos nobody watched or without a length left out.
    pub fn top_by_covered_percent(&self, count: usize) -> Vec<usize> {
        self.top(count, |row| row.totals.covered_percent)
    }

    fn top(&self, count: usize, measure: impl Fn(&VideoRow) -> Option<f64>) -> Vec<usize> {
        let mut ranked: Vec<(f64, u32, usize)> =
            self.rows.iter().enumerate().filter_map(|(index, row)| Some((measure(row)?, row.order, index))).collect();
        ranked.sort_by(|a, b| b.0.total_cmp(&a.0).then_with(|| (a.1, a.2).cmp(&(b.1, b.2))));
        ranked.into_iter().take(count).map(|(_, _, index)| index).collect()
    }

    /// The smallest and largest value of a measure over the videos that have one; `None` if none has.
    pub fn heat_extent(&self, measure: HeatMeasure) -> Option<(f64, f64)> {
        let mut values = self.rows.iter().filter_map(|row| measure.value(row));
        let first = values.next()?;
        Some(values.fold((first, first), |(low, high), value| (low.min(value), high.max(value))))
    }
}
