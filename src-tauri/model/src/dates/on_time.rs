//! Who covered at least 75 % of a video before it was due, and of how many due videos one person did.
//!
//! Counted over all dates up to the deadline, because viewing before a chosen range counts as well. Deliberately
//! absent: who these people are.
//!
//! Invariant: nobody is late before the data have passed the deadline: until then a count is *so far*.

use super::{CourseDates, Flag, OnTimeRule};
use crate::figures::{Statistic, percent};
use crate::interval::{covered_secs, union};
use crate::views::ViewerOfVideo;
use crate::{CourseViews, Day, Interval, LocalMinute, is_completed};

/// When a video is due, and why then.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Due {
    /// When viewing is no longer on time.
    pub cutoff: LocalMinute,
    /// The number of the exam or deadline; `None` if the rule counts days.
    pub number: Option<u32>,
    /// In words: `Midterm, Mon 5 Oct 09:00`, `7 days after the first viewing, Mon 5 Oct`.
    pub text: String,
}

impl Due {
    /// When a video is due. `None` if nobody has watched it yet, or nothing is due after its first viewing.
    ///
    /// # Panics
    /// If there is no such video.
    pub fn of(views: &CourseViews, video: usize, kept: &CourseDates, flags: &[Flag]) -> Option<Self> {
        let first = views.video_days(video)?.first();
        match kept.on_time {
            OnTimeRule::NextDate => {
                let due = flags.iter().filter(|flag| flag.kind.is_due() && flag.concerns(video));
                let next =
                    due.filter(|flag| flag.cutoff() > LocalMinute::start_of(first)).min_by_key(|flag| flag.cutoff());
                next.map(|flag| Self { cutoff: flag.cutoff(), number: Some(flag.number), text: flag.text() })
            }
            OnTimeRule::DaysAfterFirstViewing(days) => {
                let last = first.plus(days.into());
                let count = crate::words::counted(days.into(), "day", "days");
                Some(Self {
                    cutoff: LocalMinute::start_of(last.plus(1)),
                    number: None,
                    text: format!("{count} after the first viewing, {}", crate::words::day_year(last)),
                })
            }
        }
    }

    /// Whether the data reach past it. `through` is the last day for which everything is fetched.
    pub fn has_passed(&self, through: Option<Day>) -> bool {
        through.is_some_and(|through| self.cutoff.last_day_before() <= through)
    }
}

/// How many were on time.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct OnTime {
    /// Viewers of the video, over all dates.
    pub viewers: u32,
    /// How many of them had covered at least 75 % of it before it was due. 0 without a length.
    pub on_time: u32,
    /// Their share of the viewers, 0 to 100.
    pub percent: Statistic,
}

impl OnTime {
    /// The count for one video, judged at `cutoff`.
    ///
    /// # Panics
    /// If there is no such video.
    pub fn of(views: &CourseViews, video: usize, cutoff: LocalMinute) -> Self {
        let Some(duration_secs) = views.videos()[video].usable_duration_secs() else {
            return Self { viewers: views.audience(video).count() as u32, ..Self::default() };
        };
        let (mut viewers, mut on_time) = (0, 0);
        let mut runs = Vec::new();
        for viewer in views.audience(video) {
            viewers += 1;
            on_time += u32::from(had_covered(viewer, cutoff, duration_secs, &mut runs));
        }
        Self { viewers, on_time, percent: Statistic::of(viewers, percent(on_time, viewers)) }
    }
}

/// Whether a viewer had covered at least 75 % of a video before an instant. `runs` is room to work in.
fn had_covered(viewer: ViewerOfVideo<'_>, cutoff: LocalMinute, duration_secs: f64, runs: &mut Vec<Interval>) -> bool {
    runs.clear();
    runs.extend(viewer.runs_in_time().filter(|(at, _)| *at < cutoff).map(|(_, run)| run));
    union(runs);
    !runs.is_empty() && is_completed(covered_secs(runs), duration_secs)
}

/// Of the videos that were due, how many one person had covered at least 75 % of by then.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct PersonOnTime {
    /// Videos that were due and have a length.
    pub due: u32,
    /// Those of them that the person had covered by then, with any of their accounts.
    pub on_time: u32,
}

impl PersonOnTime {
    /// The count for a person with these viewers' numbers; `due` holds the places of videos and when each was due.
    ///
    /// # Panics
    /// If there is no such video.
    pub fn of(views: &CourseViews, viewers: &[u32], due: impl IntoIterator<Item = (usize, LocalMinute)>) -> Self {
        let mut counted = Self::default();
        let mut runs = Vec::new();
        for (video, cutoff) in due {
            let Some(duration_secs) = views.videos()[video].usable_duration_secs() else { continue };
            counted.due += 1;
            let mut theirs = views.audience(video).filter(|viewer| viewers.contains(&viewer.viewer));
            counted.on_time += u32::from(theirs.any(|viewer| had_covered(viewer, cutoff, duration_secs, &mut runs)));
        }
        counted
    }
}
