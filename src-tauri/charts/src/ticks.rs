//! Where the axes are labelled: steps that people count in, and labels that never touch.
//!
//! Invariant: two labels of one axis are at least [`LABEL_GAP_PX`] apart, measured with [`crate::text::measure_px`].

use chrono::{Datelike, Months};
use model::{DateRange, Day, Period, words};

use crate::text::measure_px;

/// Least room between two labels, in pixels.
pub const LABEL_GAP_PX: f64 = 12.0;

/// Font size of axis labels, in pixels.
pub(crate) const LABEL_PX: f64 = 12.0;

/// Which part of a label stands at its place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Anchor {
    Start,
    Middle,
    End,
}

/// One label of an axis.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Tick {
    /// Where, in the units of the axis.
    pub(crate) at: f64,
    pub(crate) label: String,
    pub(crate) anchor: Anchor,
}

/// The smallest of 1, 2 and 5 times a power of ten that is at least `least` and at least 1.
fn nice_whole_step(least: f64) -> f64 {
    let mut power = 1.0;
    loop {
        for factor in [1.0, 2.0, 5.0] {
            if factor * power >= least {
                return factor * power;
            }
        }
        power *= 10.0;
    }
}

/// How many intervals an upright axis of this height has room for.
fn intervals(height_px: f64) -> f64 {
    (height_px / 32.0).floor().clamp(1.0, 6.0)
}

/// Labels from 0 by `step`, and an upper end a little above `max`: it moves by quarters of a step, so that the scale holds
/// still while a date range is dragged, and little of the height is wasted.
fn upright(max: f64, step: f64, label: impl Fn(f64) -> String) -> (f64, Vec<Tick>) {
    let count = (max / step).floor() as u64;
    let ticks = (0..=count).map(|index| index as f64 * step).map(|at| tick(at, label(at))).collect();
    let end = (max / step * 4.0).ceil() / 4.0 * step;
    (if end > 0.0 { end } else { step }, ticks)
}

/// The labels of an axis of whole viewers from 0 to `max`, and the upper end of the axis.
pub(crate) fn viewer_ticks(max: u32, height_px: f64) -> (f64, Vec<Tick>) {
    let mut step = nice_whole_step(f64::from(max) / intervals(height_px));
    // Somebody must be labelled: the largest nice number of viewers there are.
    while step > f64::from(max.max(1)) {
        step = nice_whole_step(step / 2.5);
    }
    upright(f64::from(max), step, |at| words::count(at as u64))
}

fn tick(at: f64, label: String) -> Tick {
    Tick { at, label, anchor: Anchor::Middle }
}

const DAY_SECS: f64 = 86_400.0;

/// Steps of time that people count in, in seconds.
const TIME_STEPS_SECS: [f64; 19] = [
    1.0, 2.0, 5.0, 10.0, 15.0, 30.0, 60.0, 120.0, 300.0, 600.0, 900.0, 1200.0, 1800.0, 3600.0, 7200.0, 10_800.0,
    21_600.0, 43_200.0, DAY_SECS,
];

fn nice_time_step(least_secs: f64) -> f64 {
    TIME_STEPS_SECS
        .into_iter()
        .find(|step| *step >= least_secs)
        .unwrap_or_else(|| DAY_SECS * nice_whole_step(least_secs / DAY_SECS))
}

/// The labels of an upright axis of time from 0 to `max_secs`, and the upper end of the axis.
pub(crate) fn spent_ticks(max_secs: f64, height_px: f64) -> (f64, Vec<Tick>) {
    let mut step = nice_time_step(max_secs / intervals(height_px));
    while step > max_secs.max(1.0) {
        step = if step > DAY_SECS {
            DAY_SECS * nice_whole_step(step / DAY_SECS / 2.5)
        } else {
            TIME_STEPS_SECS.into_iter().rev().find(|finer| *finer < step).unwrap_or(1.0)
        };
    }
    upright(max_secs, step, words::clock)
}

/// The labels of the timeline of a video, in seconds from 0 to its length: round times, and the length itself.
///
/// Labels at the ends may stand out over the axis by `over_px`.
pub(crate) fn timeline_ticks(duration_secs: f64, axis_px: f64, over_px: f64) -> Vec<Tick> {
    let place = |at: f64, outer: Anchor| {
        let label = words::clock(at);
        let label_px = measure_px(&label, LABEL_PX);
        let x = at / duration_secs * axis_px;
        let (anchor, left) = match outer {
            _ if label_px / 2.0 <= over_px => (Anchor::Middle, x - label_px / 2.0),
            Anchor::Start => (Anchor::Start, x),
            Anchor::Middle => (Anchor::Middle, x - label_px / 2.0),
            Anchor::End => (Anchor::End, x - label_px),
        };
        (Tick { at, label, anchor }, left, left + label_px)
    };
    let (last, last_left, _) = place(duration_secs, Anchor::End);
    let (first, _, first_right) = place(0.0, Anchor::Start);
    if first_right + LABEL_GAP_PX > last_left {
        return if last_left >= -over_px { vec![last] } else { Vec::new() };
    }
    let mut ticks = vec![first];
    let widest_px = measure_px(&last.label, LABEL_PX);
    let step = nice_time_step((widest_px + LABEL_GAP_PX) / axis_px * duration_secs);
    for index in 1.. {
        let (tick, left, right) = place(f64::from(index) * step, Anchor::Middle);
        if right + LABEL_GAP_PX > last_left {
            break;
        }
        if left >= first_right + LABEL_GAP_PX {
            ticks.push(tick);
        }
    }
    ticks.push(last);
    ticks
}

/// How days can be stepped through.
#[derive(Debug, Clone, Copy)]
enum DayStep {
    Days(u32),
    Months(u32),
}

const DAY_STEPS: [DayStep; 14] = [
    DayStep::Days(1),
    DayStep::Days(2),
    DayStep::Days(7),
    DayStep::Days(14),
    DayStep::Months(1),
    DayStep::Months(2),
    DayStep::Months(3),
    DayStep::Months(6),
    DayStep::Months(12),
    DayStep::Months(24),
    DayStep::Months(60),
    DayStep::Months(120),
    DayStep::Months(600),
    DayStep::Months(6000),
];

impl DayStep {
    /// The first labelled day of a domain: its own for days, a Monday for weeks, the first of a month for months.
    fn first(self, domain: DateRange) -> Day {
        match self {
            Self::Days(days) if days < 7 => domain.first(),
            Self::Days(_) => Period::Week.start(domain.first().plus(6)),
            Self::Months(months) => {
                let mut month = Period::Month.start(domain.first());
                if month < domain.first() {
                    month = Period::Month.next(month);
                }
                let off = (month.date().year().unsigned_abs() * 12 + month.date().month0()) % months;
                if off == 0 { month } else { Self::Months(months - off).next(month) }
            }
        }
    }

    fn next(self, day: Day) -> Day {
        match self {
            Self::Days(days) => day.plus(days.cast_signed()),
            Self::Months(months) => {
                day.date().checked_add_months(Months::new(months)).map_or(Day::new(i32::MAX), Day::from_date)
            }
        }
    }

    fn label(self, day: Day, with_year: bool) -> String {
        match self {
            Self::Months(months) if months.is_multiple_of(12) => day.date().year().to_string(),
            Self::Months(_) if with_year => format!("{} {}", words::month(day), day.date().year()),
            Self::Months(_) => words::month(day).to_owned(),
            Self::Days(_) if with_year => format!("{} {}", words::day_month(day), day.date().year()),
            Self::Days(_) => words::day_month(day),
        }
    }

    /// Labels of this step, or `None` if they would not keep apart.
    fn ticks(self, domain: DateRange, width_px_of_axis: f64) -> Option<Vec<Tick>> {
        let px_per_day = width_px_of_axis / domain.day_count() as f64;
        let place = |day: Day| f64::from(day.days_since_1970() - domain.first().days_since_1970());
        let centred = matches!(self, Self::Days(1 | 2));
        let mut ticks = Vec::new();
        // Labels in the middle of a day may stand out over the ends of the axis by this much.
        let over_px = if centred { LABEL_GAP_PX } else { 0.0 };
        let mut free_from = -over_px;
        let mut year = None;
        let mut day = self.first(domain);
        while day <= domain.last() {
            let next = self.next(day);
            let new_year = year != Some(day.date().year());
            let left = |label: &str| {
                if centred {
                    (place(day) + 0.5) * px_per_day - measure_px(label, LABEL_PX) / 2.0
                } else {
                    place(day) * px_per_day
                }
            };
            let room = if next <= domain.last() { place(next) * px_per_day } else { width_px_of_axis };
            let fits = |label: &str| {
                let right = left(label) + measure_px(label, LABEL_PX);
                let limit = if centred { f64::INFINITY } else { room - LABEL_GAP_PX };
                left(label) >= free_from && right <= limit.min(width_px_of_axis + over_px)
            };
            let (plain, full) = (self.label(day, false), self.label(day, true));
            // Months say their year when it begins; where that has no room, the step is too fine.
            let must_say_year = new_year && matches!(self, Self::Months(_));
            let chosen = if new_year && fits(&full) && !centred {
                year = Some(day.date().year());
                Some(full)
            } else if !must_say_year && fits(&plain) {
                Some(plain)
            } else if next > domain.last() || (centred && ticks.is_empty()) {
                // The last label may be left out where the axis ends, and the first where it begins.
                None
            } else {
                return None;
            };
            if let Some(label) = chosen {
                free_from = left(&label) + measure_px(&label, LABEL_PX) + LABEL_GAP_PX;
                let (at, anchor) =
                    if centred { (place(day) + 0.5, Anchor::Middle) } else { (place(day), Anchor::Start) };
                ticks.push(Tick { at, label, anchor });
            }
            if next <= day {
                break;
            }
            day = next;
        }
        (!ticks.is_empty()).then_some(ticks)
    }
}

/// The labels of an axis of days, in days from the first of the domain: the finest step whose labels keep apart.
pub(crate) fn day_ticks(domain: DateRange, width_px_of_axis: f64) -> Vec<Tick> {
    DAY_STEPS
        .into_iter()
        // A step of a few days over a domain of years is not worth trying: it has no room.
        .filter(|step| !matches!(step, DayStep::Days(days) if domain.day_count() as f64 / f64::from(*days) > width_px_of_axis))
        .find_map(|step| step.ticks(domain, width_px_of_axis))
        .unwrap_or_default()
}
