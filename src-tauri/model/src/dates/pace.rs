//! The pace at which a video is watched: in how many of its weeks, and how soon it was covered.
//!
//! Counted over all dates, because a chosen range says nothing about when a video appeared. Panopto's date of
//! publishing is not among the stored data, so a video appears with its first viewing. Deliberately absent: comparing
//! with other videos.

use crate::figures::{Statistic, median};
use crate::interval::{covered_secs, union};
use crate::{CourseViews, Day, is_completed};

const DAYS_PER_WEEK: i32 = 7;

/// In how many weeks a video was watched, out of those in which it was there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct WeeksActive {
    /// Weeks with viewing.
    pub active: u32,
    /// Weeks from its first viewing to the end of the data, at least 1; the last may be incomplete.
    pub of: u32,
}

/// The pace of one video.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Pace {
    /// The day of its first viewing.
    pub first_viewed: Day,
    /// Weeks with viewing.
    pub weeks: WeeksActive,
    /// Viewers who have covered at least 75 % of it.
    pub covered_viewers: u32,
    /// The median over these viewers of the days from its first viewing to the day on which they had covered 75 %.
    pub days_until_watched: Statistic,
}

impl Pace {
    /// The pace of one video; `None` if nobody has watched it. `through` is the last day for which everything is
    /// fetched.
    ///
    /// # Panics
    /// If there is no such video.
    pub fn of(views: &CourseViews, video: usize, through: Option<Day>) -> Option<Self> {
        let days = views.video_days(video)?;
        let first = days.first();
        let week_of = |day: Day| (day.days_since_1970() - first.days_since_1970()) / DAYS_PER_WEEK;
        let end = through.map_or(days.last(), |through| through.max(days.last()));
        let mut active = vec![false; week_of(end) as usize + 1];
        let duration_secs = views.videos()[video].usable_duration_secs();
        let mut waits = Vec::new();
        for viewer in views.audience(video) {
            for day in viewer.visits {
                active[week_of(*day) as usize] = true;
            }
            let covered_on = duration_secs.and_then(|secs| day_of_coverage(&viewer, secs));
            waits.extend(covered_on.map(|day| f64::from(day.days_since_1970() - first.days_since_1970())));
        }
        let covered_viewers = waits.len() as u32;
        Some(Self {
            first_viewed: first,
            weeks: WeeksActive { active: active.iter().filter(|week| **week).count() as u32, of: active.len() as u32 },
            covered_viewers,
            days_until_watched: Statistic::of(covered_viewers, median(&mut waits)),
        })
    }
}

/// The day on which a viewer had covered at least 75 % of the video; `None` if they have not.
fn day_of_coverage(viewer: &crate::views::ViewerOfVideo<'_>, duration_secs: f64) -> Option<Day> {
    let covers_by = |day: Day| {
        let mut runs: Vec<_> = viewer.runs_in_time().filter(|(at, _)| at.day() <= day).map(|(_, run)| run).collect();
        union(&mut runs);
        !runs.is_empty() && is_completed(covered_secs(&runs), duration_secs)
    };
    // Coverage only grows, so a binary search finds the first day.
    let place = viewer.visits.partition_point(|day| !covers_by(*day));
    viewer.visits.get(place).copied()
}
