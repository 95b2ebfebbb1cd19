//! The term of a course: when it began, and whether it still runs.
//!
//! Universities divide the year differently, so no calendar is built in. The term is guessed from the course's own
//! viewing until the teacher sets it. Deliberately absent: a clock (the caller says which day is today), and where a set
//! term is kept.
//!
//! Invariants: a term has a first day and ends on or after it; viewing never changes a set term.

use crate::period::Period;
use crate::views::BusyWeeks;
use crate::words::{day_month, range};
use crate::{CourseViews, DateRange, Day};

/// How many weeks without viewing a term may contain: a reading week, or the holidays at the turn of the year. A longer
/// break ends it.
const MOST_QUIET_WEEKS: i32 = 3;

/// A week with at least this share of the busiest week's viewers counts as part of the term. Before the term, the
/// teacher tries out the recording; after it, a few people come back.
const LEAST_SHARE_OF_BUSIEST: f64 = 0.05;

/// The term is over this many weeks after its last busy one.
const WEEKS_UNTIL_OVER: i32 = 2;

/// The term of a course.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Term {
    first: Day,
    /// `None` while the term runs and nobody has set its end.
    last: Option<Day>,
    origin: TermOrigin,
}

/// Where a term is known from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TermOrigin {
    /// From the viewing of the course.
    Guessed,
    /// From the teacher.
    Set,
}

impl Term {
    /// The term of a course: the `set` one, or one guessed from the viewing. `None` if nobody has watched and none is
    /// set.
    ///
    /// A guessed term begins on the first day with viewing in its first busy week and ends with the Sunday of its last
    /// busy week. It goes on as long as that week is at most two weeks before `today`. If the course was used for
    /// several terms, this is the last of them.
    pub fn of(views: &CourseViews, set: Option<DateRange>, today: Day) -> Option<Self> {
        match set {
            Some(days) => Some(Self { first: days.first(), last: Some(days.last()), origin: TermOrigin::Set }),
            None => guessed(views, today),
        }
    }

    /// Whether it was guessed or set.
    pub const fn origin(self) -> TermOrigin {
        self.origin
    }

    /// The first day.
    pub const fn first(self) -> Day {
        self.first
    }

    /// The last day; `None` while the end is not known.
    pub const fn last(self) -> Option<Day> {
        self.last
    }

    /// The days of the term so far: up to today, or to its end if that is earlier. At least its first day.
    pub fn days(self, today: Day) -> DateRange {
        let last = self.last.map_or(today, |last| last.min(today)).max(self.first);
        DateRange::between(self.first, last)
    }

    /// The term in words: `24 Aug – today`, and once it is over `24 Aug – 11 Dec 2026`.
    pub fn words(self, today: Day) -> String {
        match self.last {
            Some(last) if last < today => range(DateRange::between(self.first, last)),
            _ if self.first >= today => range(self.days(today)),
            _ => format!("{} – today", first_day(self.first, today)),
        }
    }
}

/// The first day, with its year if that is not the present one.
fn first_day(first: Day, today: Day) -> String {
    use chrono::Datelike;
    let year = first.date().year();
    if year == today.date().year() { day_month(first) } else { format!("{} {year}", day_month(first)) }
}

/// Counts the viewers of every week. The cost is that of one look at all viewing.
fn busy_weeks(views: &CourseViews) -> Option<BusyWeeks> {
    let weeks = views.viewers_across_time(None, views.days()?, Period::Week);
    let busiest = weeks.iter().map(|week| week.viewers).max()?;
    let busy = |viewers: u32| viewers > 0 && f64::from(viewers) >= f64::from(busiest) * LEAST_SHARE_OF_BUSIEST;
    let mut run: Option<(DateRange, DateRange)> = None;
    for week in weeks.iter().filter(|week| busy(week.viewers)) {
        run = match run {
            Some((first, last)) if weeks_between(last, week.days) <= MOST_QUIET_WEEKS => Some((first, week.days)),
            _ => Some((week.days, week.days)),
        };
    }
    let (first_week, last_week) = run?;
    let first = views.viewers_per_day(first_week).first()?.day;
    let sunday = Period::Week.next(Period::Week.start(last_week.first())).plus(-1);
    Some(BusyWeeks { first, sunday })
}

fn guessed(views: &CourseViews, today: Day) -> Option<Term> {
    let BusyWeeks { first, sunday } = *views.busy_weeks(busy_weeks)?;
    let over = sunday.plus(7 * WEEKS_UNTIL_OVER) < today;
    Some(Term { first, last: over.then_some(sunday), origin: TermOrigin::Guessed })
}

/// Whole weeks that lie between two weeks.
fn weeks_between(earlier: DateRange, later: DateRange) -> i32 {
    let monday = |week: DateRange| Period::Week.start(week.first()).days_since_1970();
    (monday(later) - monday(earlier)) / 7 - 1
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Run, SessionId, VideoInfo};

    #[test]
    fn the_weeks_are_counted_once_however_often_the_term_is_asked_for() {
        let video = VideoInfo {
            session_id: SessionId::from_bytes([1; 16]),
            name: "Lecture 1".into(),
            folder_name: "GEOG".into(),
            duration_secs: Some(600.0),
            order: 1,
        };
        let run = Run { video: 0, viewer: 0, day: Day::new(20_000), start_secs: 0.0, stop_secs: 60.0 };
        let views = CourseViews::new(vec![video], vec![run]);
        let today = Day::new(20_003);
        assert_eq!(Term::of(&views, None, today), Term::of(&views, None, today));
        views.busy_weeks(|_| unreachable!("the weeks are known")).unwrap();
    }
}
