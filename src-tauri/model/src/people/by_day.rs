//! How long some accounts of one person watched on each day.
//!
//! Deliberately absent: weeks and drawings. Invariant: the sum over all days is their watch time.

use std::collections::BTreeMap;

use crate::{CourseViews, DateRange, Day};

/// Seconds of video played on each day with any, repeats counted, over all videos.
pub fn watched_by_day(views: &CourseViews, people: &[u32], range: DateRange) -> BTreeMap<Day, f64> {
    let mut days = BTreeMap::new();
    for video in 0..views.videos().len() {
        for viewer in views.audience(video).filter(|viewer| people.contains(&viewer.viewer)) {
            for (at, run) in viewer.runs_in_time().filter(|(at, _)| range.contains(at.day())) {
                *days.entry(at.day()).or_insert(0.0) += run.length_secs();
            }
        }
    }
    days
}
