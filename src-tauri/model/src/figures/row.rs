//! One video within its course: its totals, and its figures part by part.
//!
//! Deliberately absent: the name of the video, which is at the same index in
//! [`CourseViews::videos`](crate::CourseViews::videos).

use serde::Serialize;

use super::statistic::Statistic;
use super::tally::Tally;
use super::{VideoTotals, average_secs, percent};
use crate::CHUNK_COUNT;

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
    /// Per chunk: seconds of video that viewers spent on what they had played before.
    pub again_secs: [f64; CHUNK_COUNT],
    /// Per chunk: the median, over the videos of the course, of the share of viewers who reached it, in percent. `None`
    /// if too few videos have enough viewers.
    pub usual_reached_percent: Option<[f64; CHUNK_COUNT]>,
    /// Per chunk: the share of viewers who reached it, less that of the video's pair in a course it is compared with, in
    /// points. `None` where it is compared with none, or too few watched one of the two.
    pub difference_of_terms: Option<[f64; CHUNK_COUNT]>,
}

impl VideoRow {
    pub(super) fn new(order: u32, tally: &Tally) -> Self {
        let (mut average, mut again) = ([0.0; CHUNK_COUNT], [0.0; CHUNK_COUNT]);
        for index in 0..CHUNK_COUNT {
            average[index] = average_secs(tally.spent_secs[index], tally.reached[index]);
            again[index] = (tally.spent_secs[index] - tally.first_pass_secs[index]).max(0.0);
        }
        Self {
            order,
            totals: tally.totals,
            reached: tally.reached,
            covered: tally.covered,
            average_secs: average,
            again_secs: again,
            usual_reached_percent: None,
            difference_of_terms: None,
        }
    }

    /// The share of a video's viewers that so many of them are.
    pub(super) fn share(&self, people: u32) -> Statistic {
        let viewers = self.totals.unique_viewers;
        Statistic::of_part(self.totals.telling, people, viewers, percent(people, viewers))
    }

    /// The share of a video's viewers who reached a part.
    pub(crate) fn reached_percent(&self, part: usize) -> Statistic {
        let share = self.totals.duration_secs.and_then(|_| percent(self.reached[part], self.totals.unique_viewers));
        Statistic::of(self.totals.unique_viewers, share)
    }
}
