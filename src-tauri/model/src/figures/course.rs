//! The figures of a course: its totals and one row per video.
//!
//! Deliberately absent: names of videos, which are at the same index in [`CourseViews::videos`]. Invariant: every video
//! has a row, watched or not.

use serde::Serialize;

use super::measure::HeatMeasure;
use super::row::VideoRow;
use super::tally::tally;
use super::usual::usual_reached_percent;
use crate::{CourseViews, DateRange, DayViewers, Telling};

/// What is shown about a course under a date range.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct CourseFigures {
    /// The range that governs every number here.
    pub range: DateRange,
    /// How its numbers of people are told.
    #[serde(skip)]
    pub telling: Telling,
    /// Distinct viewers with any record of any listed video.
    pub unique_viewers: u32,
    /// Sum over the videos, in seconds of video.
    pub watch_secs: f64,
    /// Distinct viewers over all videos on each day, ascending; days without viewers are left out.
    pub viewers_per_day: Vec<DayViewers>,
    /// One row per video, those without views included, as in [`CourseViews::videos`].
    pub rows: Vec<VideoRow>,
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
        let usual = usual_reached_percent(&rows);
        for row in &mut rows {
            row.usual_reached_percent = usual;
        }
        Self {
            range,
            telling: Telling::Exactly,
            unique_viewers,
            watch_secs: rows.iter().map(|row| row.totals.watch_secs).sum(),
            viewers_per_day: views.viewers_per_day(range).to_vec(),
            rows,
        }
    }

    /// The videos with the most viewers, at most `count`, as indices into `rows`. Equal ones stand in lecture order;
    /// unwatched videos are left out.
    pub fn top_by_viewers(&self, count: usize) -> Vec<usize> {
        self.top(count, |row| (row.totals.unique_viewers > 0).then(|| f64::from(row.totals.unique_viewers)))
    }

    /// The videos with the largest share of viewers who covered at least 75 % of them, at most `count`, as indices into
    /// `rows`. Equal ones stand in lecture order. Videos without a share are left out: those with fewer than five
    /// viewers or without a length.
    pub fn top_by_covered_percent(&self, count: usize) -> Vec<usize> {
        self.top(count, |row| row.totals.covered_percent.value())
    }

    fn top(&self, count: usize, measure: impl Fn(&VideoRow) -> Option<f64>) -> Vec<usize> {
        let mut ranked: Vec<(f64, u32, usize)> =
            self.rows.iter().enumerate().filter_map(|(index, row)| Some((measure(row)?, row.order, index))).collect();
        ranked.sort_by(|a, b| b.0.total_cmp(&a.0).then_with(|| (a.1, a.2).cmp(&(b.1, b.2))));
        ranked.into_iter().take(count).map(|(_, _, index)| index).collect()
    }

    /// The smallest value above zero and the largest value of a measure over the videos; `None` if no video has more
    /// than zero.
    pub fn heat_extent(&self, measure: HeatMeasure) -> Option<(f64, f64)> {
        let mut values = self.rows.iter().filter_map(|row| measure.value(row).value()).filter(|value| *value > 0.0);
        let first = values.next()?;
        Some(values.fold((first, first), |(low, high), value| (low.min(value), high.max(value))))
    }
}
