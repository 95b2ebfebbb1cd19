//! How many viewers and plays single seconds have. Gives the timeline's numbers there without sorting anything.
//!
//! For a few places in many videos, such as the results of a search. The cost is one look at each run of the video.
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
    // For each second, the last viewer who was counted there.
    let mut counted = vec![usize::MAX; secs.len()];
    for (number, viewer) in views.audience(video).enumerate() {
        for (_, run, _) in viewer.runs_within(range) {
            let from = secs.partition_point(|secs| *secs < run.start_secs());
            for at in from..secs.len() {
                if secs[at] >= run.end_secs() {
                    break;
                }
                points[at].plays += 1;
                if std::mem::replace(&mut counted[at], number) != number {
                    points[at].viewers += 1;
                }
            }
        }
    }
    points
}
