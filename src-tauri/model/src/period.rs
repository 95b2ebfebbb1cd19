//! Viewers across time by day, week or month: what a chart across time draws.
//!
//! Weeks and months are for courses that run for years, whose days would be thinner than a pixel. Deliberately absent:
//! pixels. Invariants: the periods of a domain follow each other without gaps; somebody who came on three days of a
//! week counts once in that week.

use chrono::{Datelike, Months};
use serde::Serialize;

use crate::{CourseViews, DateRange, Day};

/// How finely time is divided, from the finest on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "camelCase")]
pub enum Period {
    /// Local days.
    Day,
    /// Weeks from Monday to Sunday.
    Week,
    /// Calendar months.
    Month,
}

/// The distinct viewers of one period.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct PeriodViewers {
    /// Its days; at the ends of the domain only those within it.
    pub days: DateRange,
    /// Distinct viewers with any record on these days.
    pub viewers: u32,
}

/// Quiet days at the end that a chart across time always shows, however short the course.
const LEAST_QUIET_DAYS: i32 = 28;
/// The most days before the first viewing that a chosen range can add: slightly more than a term.
const MOST_EARLIER_DAYS: i32 = 150;

/// The days that a chart across time draws, for a course with viewing on the days `viewing` and data up to
/// `fetched_through`.
///
/// The chart continues to the end of the data, so that quiet days show as quiet, unless more than half of it would be
/// empty: a course of two years ago keeps its shape. Chosen days are always part of it, as far as there are data.
pub fn days_across_time(viewing: DateRange, fetched_through: Option<Day>, chosen: DateRange) -> DateRange {
    let end = fetched_through.map_or(viewing.last(), |last| last.max(viewing.last()));
    let own = viewing.last().days_since_1970() - viewing.first().days_since_1970();
    let quiet = end.days_since_1970() - viewing.last().days_since_1970();
    let last = if quiet <= own.max(LEAST_QUIET_DAYS) { end } else { viewing.last() };
    let base = DateRange::between(viewing.first(), last);
    if chosen.is_all() {
        return base;
    }
    let earliest = viewing.first().plus(-MOST_EARLIER_DAYS);
    // A range without an end adds no empty days.
    let latest = if chosen.last() == DateRange::ALL.last() { base.last() } else { end };
    match chosen.within(DateRange::between(earliest, latest)) {
        Some(chosen) => DateRange::between(base.first().min(chosen.first()), base.last().max(chosen.last())),
        None => base,
    }
}

/// The days that show the life of one video (*These days*), while [`days_across_time`] shows the whole course: the
/// chosen days within the video's days of viewing. `None` if there are none.
pub fn days_of_video(views: &CourseViews, video: usize, chosen: DateRange) -> Option<DateRange> {
    views.video_days(video)?.within(chosen)
}

impl Period {
    /// The finest division of the domain into at most `most` periods; months, if even those are more.
    pub fn finest(domain: DateRange, most: usize) -> Self {
        let days = domain.day_count();
        if days <= most as u64 {
            Self::Day
        } else if days / 7 + 2 <= most as u64 {
            Self::Week
        } else {
            Self::Month
        }
    }

    /// The first day of the period that holds `day`.
    pub fn start(self, day: Day) -> Day {
        match self {
            Self::Day => day,
            Self::Week => day.plus(-day.date().weekday().num_days_from_monday().cast_signed()),
            Self::Month => day.plus(-day.date().day0().cast_signed()),
        }
    }

    /// The first day of the period after the one that starts with `start`.
    pub fn next(self, start: Day) -> Day {
        match self {
            Self::Day => start.plus(1),
            Self::Week => start.plus(7),
            Self::Month => start.date().checked_add_months(Months::new(1)).map_or(start.plus(31), Day::from_date),
        }
    }

    /// The periods of a domain in order, the first and last cut to it.
    ///
    /// The domain should be what [`CourseViews::days`] gives, or similarly short: all dates have millions of days.
    pub fn divide(self, domain: DateRange) -> Vec<DateRange> {
        let mut periods = Vec::new();
        let mut start = self.start(domain.first());
        while start <= domain.last() {
            let next = self.next(start);
            let cut = DateRange::between(start, next.plus(-1)).within(domain);
            periods.extend(cut);
            if next <= start {
                break;
            }
            start = next;
        }
        periods
    }
}

impl CourseViews {
    /// Distinct viewers of the course, or of one of its videos, in each period of the domain. Periods without viewers are
    /// included, so that together the periods are the domain.
    ///
    /// # Panics
    /// If there is no such video.
    pub fn viewers_across_time(&self, video: Option<usize>, domain: DateRange, period: Period) -> Vec<PeriodViewers> {
        let mut periods: Vec<PeriodViewers> =
            period.divide(domain).into_iter().map(|days| PeriodViewers { days, viewers: 0 }).collect();
        let mut add = |day: Day, viewers: u32| {
            let after = periods.partition_point(|entry| entry.days.first() <= day);
            if let Some(entry) = after.checked_sub(1).map(|index| &mut periods[index]) {
                entry.viewers += viewers;
            }
        };
        match (period, video) {
            (Period::Day, None) => {
                for entry in self.viewers_per_day(domain) {
                    add(entry.day, entry.viewers);
                }
            }
            (Period::Day, Some(video)) => {
                for entry in self.video_viewers_per_day(video, domain) {
                    add(entry.day, entry.viewers);
                }
            }
            (Period::Week | Period::Month, video) => {
                let videos = video.map_or(0..self.videos().len(), |video| video..video + 1);
                let mut pairs = Vec::new();
                for viewer in videos.flat_map(|video| self.audience(video)) {
                    let of_viewer = viewer.visits.iter().filter(|day| domain.contains(**day));
                    pairs.extend(of_viewer.map(|day| (period.start(*day).max(domain.first()), viewer.viewer)));
                }
                pairs.sort_unstable();
                pairs.dedup();
                for (day, _) in pairs {
                    add(day, 1);
                }
            }
        }
        periods
    }
}
