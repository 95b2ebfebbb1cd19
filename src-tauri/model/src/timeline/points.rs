//! How many viewers and plays single seconds have. Gives the timeline's numbers there without sorting anything.
//!
//! For a few places in many videos, such as the results of a search. The cost is one look at each run of the video, and one
//! at each second for each viewer.
//!
//! Invariant: the same numbers as [`Timeline::steps`](super::Timeline::steps) at these seconds.

use crate::{CourseViews, DateRange};

/// Viewers and plays at a second.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct WatchedPoint {
    /// Viewers whose coverage holds it.
    pub viewers: u32,
    /// Runs that hold it.
    pub plays: u32,
}

impl WatchedPoint {
    /// Every pass after a viewer's first.
    pub const fn replays(self) -> u32 {
        self.plays - self.viewers
    }
}

/// The numbers at these seconds of a video, which must ascend, in a date range.
///
/// # Panics
/// If there is no such video.
pub fn watched_points(views: &CourseViews, video: usize, range: DateRange, secs: &[f64]) -> Vec<WatchedPoint> {
    debug_assert!(secs.is_sorted());
    let mut points = vec![WatchedPoint::default(); secs.len()];
    // At a second: how many more runs hold it than hold the second before.
    let mut beginning = vec![0_i64; secs.len() + 1];
    // The seconds that the viewer at hand covers, as bits.
    let mut covered = vec![0_u64; secs.len().div_ceil(64)];
    for viewer in views.audience(video) {
        for (_, run, _) in viewer.runs_within(range) {
            let from = secs.partition_point(|secs| *secs < run.start_secs());
            let to = from + secs[from..].partition_point(|secs| *secs < run.end_secs());
            beginning[from] += 1;
            beginning[to] -= 1;
            set_bits(&mut covered, from, to);
        }
        for (block, bits) in covered.iter_mut().enumerate() {
            let mut bits = std::mem::take(bits);
            while bits != 0 {
                points[block * 64 + bits.trailing_zeros() as usize].viewers += 1;
                bits &= bits - 1;
            }
        }
    }
    let mut plays = 0;
    for (point, begins) in points.iter_mut().zip(beginning) {
        plays += begins;
        point.plays = u32::try_from(plays).unwrap_or(u32::MAX);
    }
    points
}

/// Sets the bits `from..to`.
fn set_bits(blocks: &mut [u64], from: usize, to: usize) {
    for (block, bits) in blocks.iter_mut().enumerate().take(to.div_ceil(64)).skip(from / 64) {
        let first = from.saturating_sub(block * 64);
        let count = (to - block * 64).min(64).saturating_sub(first);
        if count > 0 {
            *bits |= u64::MAX >> (64 - count) << first;
        }
    }
}
