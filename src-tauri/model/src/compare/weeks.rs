//! Different viewers of a course, or of one of its videos, in stretches of days.
//!
//! Invariant: somebody counts once in each stretch, however often they came.

use crate::{CourseViews, DateRange};

/// Viewers within each of these stretches, which are in the order of time and do not overlap.
///
/// # Panics
/// If there is no such video.
pub(super) fn viewers_in(views: &CourseViews, video: Option<usize>, stretches: &[DateRange]) -> Vec<u32> {
    let videos = video.map_or(0..views.videos().len(), |video| video..video + 1);
    let mut pairs: Vec<(usize, u32)> = Vec::new();
    for viewer in videos.flat_map(|video| views.audience(video)) {
        pairs.extend(viewer.visits.iter().filter_map(|day| {
            let place = stretches.partition_point(|days| days.first() <= *day).checked_sub(1)?;
            stretches[place].contains(*day).then_some((place, viewer.viewer))
        }));
    }
    pairs.sort_unstable();
    pairs.dedup();
    let mut viewers = vec![0; stretches.len()];
    for (place, _) in pairs {
        viewers[place] += 1;
    }
    viewers
}
