//! Where axes have labels: at steps that people count in, and never touching each other.
//!
//! Deliberately absent: drawing.
//! Invariant: two labels of one axis are at least [`LABEL_GAP_PX`] apart, measured with [`crate::text::measure_px`].

use chrono::{Datelike, Months};
use model::{DateRange, Day, Period, words};

use crate::text::measure_px;

/// Least distance between two labels, in pixels.
pub(crate) const LABEL_GAP_PX: f64 = 12.0;

/// Font size of axis labels, in pixels.
pub(crate) const LABEL_PX: f64 = 12.0;

/// Which part of a label is at its place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Anchor {
    Start,
    Middle,
    End,
}

/// One label of an axis.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Tick {
    /// The place, in the units of the axis.
    pub(crate) at: f64,
    /// Empty if there is room only for the tick.
    pub(crate) label: String,
    pub(crate) anchor: Anchor,
}

/// How far labels may extend beyond the ends of a horizontal axis, in pixels: half the width of one like `0:00:00`.
pub(crate) const OVER_PX: i32 = 26;

/// A step size for a vertical axis.
#[derive(Debug, Clone, Copy)]
struct Step {
    size: f64,
    /// How undesirable the step is: the share of the axis that may be wasted to avoid it.
    cost: f64,
}

/// The least height of an interval on a vertical axis, in pixels.
const LEAST_INTERVAL_PX: f64 = 28.0;
/// Most intervals on a vertical axis, whatever its height.
const MOST_INTERVALS: f64 = 5.0;
/// The cost of each interval more or less than three, in the unit of [`Step::cost`].
const INTERVAL_COST: f64 = 0.03;
/// The least share of the axis that the largest value fills, wherever whole numbers allow it.
const LEAST_FILLED: f64 = 2.0 / 3.0;

/// The labels of a vertical axis from 0, and the end of the axis: the first label at or above `max`, so that every
/// value is between two labels and the largest can be read. The candidates are the steps that fill two thirds of the
/// axis in two to five intervals, or in one if there is no room for two. The step that wastes least wins.
fn upright(
    max: f64,
    height_px: f64,
    steps: impl Iterator<Item = Step>,
    label: impl Fn(f64) -> String,
) -> (f64, Vec<Tick>) {
    let most = (height_px / LEAST_INTERVAL_PX).floor().clamp(1.0, MOST_INTERVALS);
    let mut best: Option<(f64, f64, f64)> = None;
    for step in steps {
        let count = (max / step.size).ceil().max(1.0);
        if count > most {
            continue;
        }
        let lonely = if count < most.min(2.0) { 10.0 } else { 0.0 };
        let end = count * step.size;
        let waste = if max > 0.0 { end / max - 1.0 } else { 0.0 };
        let flat = if max < end * LEAST_FILLED { 20.0 } else { 0.0 };
        let cost = waste + step.cost + INTERVAL_COST * (3.0 - count).abs() + lonely + flat;
        if best.is_none_or(|(least, ..)| cost < least) {
            best = Some((cost, step.size, count));
        }
    }
    let (_, size, count) = best.unwrap_or((0.0, max.max(1.0), 1.0));
    // If every value is zero there is no scale.
    let last = if max > 0.0 { count as u32 } else { 0 };
    let ticks = (0..=last).map(|index| f64::from(index) * size).map(|at| tick(at, label(at))).collect();
    (count * size, ticks)
}

/// Whole steps in all sizes that `max` may need for one to five intervals: those that people count in, and less
/// desirable ones, so that each size is at most half as large again as the one below, where whole numbers allow it.
fn whole_steps(max: f64) -> impl Iterator<Item = Step> {
    const SIZES: [(f64, f64); 9] = [
        (1.0, 0.0),
        (1.5, 0.1),
        (2.0, 0.0),
        (2.5, 0.02),
        (3.0, 0.1),
        (4.0, 0.05),
        (5.0, 0.0),
        (6.0, 0.12),
        (8.0, 0.12),
    ];
    let power = max.max(1.0).log10().floor();
    [power - 1.0, power, power + 1.0]
        .into_iter()
        .filter(|power| *power >= 0.0)
        .flat_map(|power| SIZES.map(|(size, cost)| Step { size: size * 10_f64.powf(power), cost }))
        .filter(|step| step.size.fract() == 0.0)
}

/// The labels of an axis of whole viewers from 0, and the upper end of the axis, at or above `max`.
pub(crate) fn viewer_ticks(max: u32, height_px: f64) -> (f64, Vec<Tick>) {
    let max = f64::from(max);
    upright(max, height_px, whole_steps(max), |at| words::count(at as u64))
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

/// Further steps for an axis with few labels. With them, each step is at most half as large again as the one below
/// (except for one second and two).
const COARSE_STEPS_SECS: [f64; 23] = [
    3.0, 4.0, 6.0, 8.0, 20.0, 25.0, 40.0, 45.0, 90.0, 150.0, 180.0, 240.0, 360.0, 480.0, 1500.0, 2400.0, 2700.0,
    5400.0, 14_400.0, 18_000.0, 28_800.0, 64_800.0, 129_600.0,
];

/// The smallest step of time that is at least this long.
fn nice_time_step(least_secs: f64) -> f64 {
    let days = (least_secs / DAY_SECS).ceil();
    TIME_STEPS_SECS
        .into_iter()
        .find(|step| *step >= least_secs)
        .or_else(|| whole_steps(days).map(|step| step.size).find(|step| *step >= days).map(|step| step * DAY_SECS))
        .unwrap_or(least_secs)
}

/// The labels of a vertical axis of time from 0, and the upper end of the axis, at or above `max_secs`.
pub(crate) fn spent_ticks(max_secs: f64, height_px: f64) -> (f64, Vec<Tick>) {
    let usual = TIME_STEPS_SECS.map(|size| Step { size, cost: 0.0 });
    let coarse = COARSE_STEPS_SECS.map(|size| Step { size, cost: 0.05 });
    let days = whole_steps(max_secs / DAY_SECS).map(|step| Step { size: step.size * DAY_SECS, ..step });
    upright(max_secs, height_px, usual.into_iter().chain(coarse).chain(days), words::clock)
}

/// The labels of the timeline of a video, in seconds from 0 to its length: round times, and the length itself.
///
/// Labels at the ends may extend beyond the axis by `over_px`.
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

/// The labels of a window of a video's timeline: round times within it. Places are in seconds from the start of the
/// window.
pub(crate) fn window_ticks(from_secs: f64, to_secs: f64, axis_px: f64, over_px: f64) -> Vec<Tick> {
    if from_secs <= 0.0 {
        return timeline_ticks(to_secs, axis_px, over_px);
    }
    let length_secs = to_secs - from_secs;
    let widest_px = measure_px(&words::clock(to_secs), LABEL_PX);
    let step = nice_time_step((widest_px + LABEL_GAP_PX) / axis_px * length_secs);
    let first = (from_secs / step).ceil();
    let steps = ((to_secs / step).floor() - first).max(-1.0) as i64 + 1;
    (0..steps)
        .map(|index| (first + index as f64) * step)
        .map(|at| tick(at - from_secs, words::clock(at)))
        .filter(|tick| {
            let (x, half_px) = (tick.at / length_secs * axis_px, measure_px(&tick.label, LABEL_PX) / 2.0);
            x + over_px >= half_px && x + half_px <= axis_px + over_px
        })
        .collect()
}

/// The steps in which days can be labelled.
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
    /// The first labelled day of a domain: its first day for steps of days, a Monday for weeks, the first of a month
    /// for months.
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

    /// The labels for this step, or `None` if they would come too close to each other.
    fn ticks(self, domain: DateRange, width_px_of_axis: f64) -> Option<Vec<Tick>> {
        let px_per_day = width_px_of_axis / domain.day_count() as f64;
        let place = |day: Day| f64::from(day.days_since_1970() - domain.first().days_since_1970());
        let centred = matches!(self, Self::Days(1 | 2));
        let mut ticks = Vec::new();
        // How far labels in the middle of a day may extend beyond the ends of the axis.
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
            // The last label may extend beyond the end of the axis; any other must end before the next begins.
            let last = next > domain.last();
            let limit = if centred || last { f64::INFINITY } else { place(next) * px_per_day - LABEL_GAP_PX };
            let end_px = width_px_of_axis + if centred { over_px } else { f64::from(OVER_PX) };
            let fits = |label: &str| {
                let right = left(label) + measure_px(label, LABEL_PX);
                left(label) >= free_from && right <= limit.min(end_px)
            };
            let (plain, full) = (self.label(day, false), self.label(day, true));
            // A month must show its year if the year is new; if there is no room for that, the step is too fine.
            let must_say_year = new_year && matches!(self, Self::Months(_));
            let chosen = if new_year && fits(&full) && !centred {
                year = Some(day.date().year());
                Some(full)
            } else if !must_say_year && fits(&plain) {
                // If there is no room for the year it is left out, and no later label makes up for it.
                year = Some(day.date().year());
                Some(plain)
            } else if last && !centred {
                // At the end of the axis there may be room for the tick but not for its label.
                ticks.push(Tick { at: place(day), label: String::new(), anchor: Anchor::Start });
                None
            } else if last || (centred && ticks.is_empty()) {
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
        ticks.iter().any(|tick| !tick.label.is_empty()).then_some(ticks)
    }
}

/// The labels of an axis of days, in days from the first of the domain: the finest step whose labels keep their
/// distance.
pub(crate) fn day_ticks(domain: DateRange, width_px_of_axis: f64) -> Vec<Tick> {
    DAY_STEPS
        .into_iter()
        // A step of a few days over a domain of years cannot fit, so it is not tried.
        .filter(|step| !matches!(step, DayStep::Days(days) if domain.day_count() as f64 / f64::from(*days) > width_px_of_axis))
        .find_map(|step| step.ticks(domain, width_px_of_axis))
        .unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::{LEAST_FILLED, LEAST_INTERVAL_PX, MOST_INTERVALS, Tick, spent_ticks, timeline_ticks, viewer_ticks};
    use model::words;

    const HEIGHTS_PX: [f64; 3] = [24.0, 60.0, 188.0];

    /// Checks that the axis ends at its last label, just above the largest value; that the labels are even steps from
    /// zero; and that they have room.
    fn check(max: f64, height_px: f64, (end, ticks): &(f64, Vec<Tick>), label: impl Fn(f64) -> String) {
        let intervals = ticks.len() - 1;
        let few = (1..=MOST_INTERVALS as usize).contains(&intervals)
            && (intervals == 1 || height_px / intervals as f64 >= LEAST_INTERVAL_PX);
        let ends_above = (ticks[intervals].at - end).abs() < 1e-9 && *end >= max;
        // Whole numbers offer nothing between one and two.
        let filled = max >= end * LEAST_FILLED - 1e-9 || *end <= max.ceil();
        let even = ticks.iter().enumerate().all(|(index, tick)| {
            (tick.at - end * index as f64 / intervals as f64).abs() < 1e-6 * end
                && tick.at.fract() == 0.0
                && tick.label == label(tick.at)
        });
        assert!(few && ends_above && filled && even, "{max} in {height_px} px: to {end}, {ticks:?}");
    }

    #[test]
    fn the_largest_number_of_viewers_fills_two_thirds_of_the_axis_at_least() {
        for height_px in HEIGHTS_PX {
            for max in (1..=100_000).chain([123_456, 999_999, 1_000_001, u32::MAX]) {
                let axis = viewer_ticks(max, height_px);
                check(f64::from(max), height_px, &axis, |at| words::count(at as u64));
            }
        }
        assert_eq!(viewer_ticks(201, 160.0).0.to_string(), "250");
        assert_eq!(viewer_ticks(201, 160.0).1.len(), 6);
    }

    #[test]
    fn the_longest_time_fills_two_thirds_of_the_axis_at_least() {
        for height_px in HEIGHTS_PX {
            for max in (1..=100_000).chain((100_000..40_000_000).step_by(9_999)) {
                for max_secs in [f64::from(max), f64::from(max) - 0.7] {
                    check(max_secs, height_px, &spent_ticks(max_secs, height_px), words::clock);
                }
            }
        }
    }

    #[test]
    fn the_ends_of_a_timeline_are_labelled_and_what_lies_between_is_round() {
        for duration_secs in (1..20_000).map(|secs| f64::from(secs) - 0.4) {
            let ticks = timeline_ticks(duration_secs, 700.0, 26.0);
            assert!(ticks[0].at == 0.0 && (ticks[ticks.len() - 1].at - duration_secs).abs() < 1e-9);
            for tick in &ticks {
                assert_eq!(tick.label, words::clock(tick.at));
            }
            assert!(ticks[..ticks.len() - 1].iter().all(|tick| tick.at.fract() == 0.0), "{ticks:?}");
        }
    }
}
