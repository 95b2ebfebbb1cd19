//! Two terms of a course side by side: which videos belong together, and how they were watched.
//!
//! The terms are aligned by the days since each began, and cut to the shorter of the two: a running term is compared
//! with as much of the other. Deliberately absent: whether a difference matters; a pair with few viewers has none.
//!
//! Invariants: a video is in at most one pair; only pairs with ten viewers on both sides are compared.

mod beside;
mod pairs;
mod weeks;

use crate::figures::{CourseFigures, Statistic};
use crate::{CHUNK_COUNT, CourseViews, DateRange, PeriodViewers};

use weeks::viewers_in;

pub use pairs::{PairedBy, VideoPair, pair_videos, same_without_years};

/// The fewest viewers on each side for comparing two videos: below that, one person moves a share by more than 10
/// points.
const LEAST_VIEWERS: u32 = 10;

/// One pair of videos.
#[derive(Debug, Clone, PartialEq)]
pub struct ComparedPair {
    /// The videos.
    pub pair: VideoPair,
    /// The share who covered at least 75 % here minus the share there, in points; `None` if one side has fewer than ten
    /// viewers.
    pub covered_difference: Option<f64>,
    /// The same for the share who reached each part.
    pub reached_differences: Option<[f64; CHUNK_COUNT]>,
    /// The share who covered at least 75 % there.
    pub covered_percent_there: Statistic,
    /// The share who reached each part there; none with fewer than five viewers.
    pub reached_percent_there: Option<[f64; CHUNK_COUNT]>,
}

/// Two courses side by side.
#[derive(Debug, Clone, PartialEq)]
pub struct Comparison {
    /// The days of this course that are compared.
    pub days_here: DateRange,
    /// The days of the other.
    pub days_there: DateRange,
    /// The pairs, in the lecture order of this course.
    pub pairs: Vec<ComparedPair>,
    /// Videos of this course without a pair.
    pub only_here: Vec<usize>,
    /// Videos of the other course without a pair.
    pub only_there: Vec<usize>,
    /// How many pairs have ten or more viewers on both sides.
    pub compared: u32,
    /// The mean over these pairs of the share who covered at least 75 %; `None` without such pairs.
    pub mean_covered: Option<OnBothSides>,
    /// Viewers of the course in each week since the term began.
    pub weeks_here: Vec<PeriodViewers>,
    /// The same for the other course.
    pub weeks_there: Vec<PeriodViewers>,
}

/// A percentage of this course, and the same of the other.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct OnBothSides {
    /// Of this course.
    pub here: f64,
    /// Of the other course.
    pub there: f64,
}

/// The days of two terms that can be compared: from the beginning of each, as many as both have had so far.
fn aligned_days(here: DateRange, there: DateRange) -> (DateRange, DateRange) {
    let days = here.day_count().min(there.day_count());
    let cut = |term: DateRange| {
        let last = term.first().plus(i32::try_from(days - 1).unwrap_or(i32::MAX));
        DateRange::between(term.first(), last.min(term.last()))
    };
    (cut(here), cut(there))
}

impl Comparison {
    /// Compares two courses over their terms, with known pairs. The cost is that of the figures of both.
    #[allow(clippy::similar_names, reason = "here and there are the two sides of a comparison")]
    pub fn new(
        (views_here, term_here): (&CourseViews, DateRange),
        (views_there, term_there): (&CourseViews, DateRange),
        pairs: Vec<VideoPair>,
    ) -> Self {
        let (days_here, days_there) = aligned_days(term_here, term_there);
        let (here, there) = (CourseFigures::new(views_here, days_here), CourseFigures::new(views_there, days_there));
        let compared: Vec<ComparedPair> = pairs.into_iter().map(|pair| compared(pair, &here, &there)).collect();
        let shares = compared.iter().filter(|pair| pair.covered_difference.is_some()).filter_map(|pair| {
            let share = |figures: &CourseFigures, video: usize| figures.rows[video].totals.covered_percent.value();
            let (here, there) = share(&here, pair.pair.here).zip(share(&there, pair.pair.there))?;
            Some(OnBothSides { here, there })
        });
        let shares: Vec<OnBothSides> = shares.collect();
        let count = shares.len() as f64;
        let mean = |side: fn(&OnBothSides) -> f64| shares.iter().map(side).sum::<f64>() / count;
        let alone = |count: usize, is_paired: &dyn Fn(usize) -> bool| {
            (0..count).filter(|video| !is_paired(*video)).collect::<Vec<_>>()
        };
        Self {
            only_here: alone(here.rows.len(), &|video| compared.iter().any(|pair| pair.pair.here == video)),
            only_there: alone(there.rows.len(), &|video| compared.iter().any(|pair| pair.pair.there == video)),
            compared: shares.len() as u32,
            mean_covered: (!shares.is_empty())
                .then(|| OnBothSides { here: mean(|pair| pair.here), there: mean(|pair| pair.there) }),
            weeks_here: weeks(views_here, days_here),
            weeks_there: weeks(views_there, days_there),
            pairs: compared,
            days_here,
            days_there,
        }
    }
}

fn compared(pair: VideoPair, here: &CourseFigures, there: &CourseFigures) -> ComparedPair {
    let (one, other) = (&here.rows[pair.here], &there.rows[pair.there]);
    let is_enough = one.totals.unique_viewers.min(other.totals.unique_viewers) >= LEAST_VIEWERS;
    let difference = |one: Statistic, other: Statistic| Some(one.value()? - other.value()?).filter(|_| is_enough);
    let in_parts = |of_part: &dyn Fn(usize) -> Option<f64>| {
        let mut parts = [0.0; CHUNK_COUNT];
        for (part, value) in parts.iter_mut().enumerate() {
            *value = of_part(part)?;
        }
        Some(parts)
    };
    ComparedPair {
        pair,
        covered_difference: difference(one.totals.covered_percent, other.totals.covered_percent),
        reached_differences: in_parts(&|part| difference(one.reached_percent(part), other.reached_percent(part))),
        covered_percent_there: other.totals.covered_percent,
        reached_percent_there: in_parts(&|part| other.reached_percent(part).value()),
    }
}

/// Viewers in each week since the first day; the last week may be incomplete.
fn weeks(views: &CourseViews, days: DateRange) -> Vec<PeriodViewers> {
    let count = i32::try_from(days.day_count().div_ceil(7)).unwrap_or(i32::MAX);
    let week = |week: i32| {
        let first = days.first().plus(7 * week);
        DateRange::between(first, first.plus(6)).within(days)
    };
    let weeks: Vec<DateRange> = (0..count).filter_map(week).collect();
    let viewers = viewers_in(views, None, &weeks);
    weeks.into_iter().zip(viewers).map(|(days, viewers)| PeriodViewers { days, viewers }).collect()
}
