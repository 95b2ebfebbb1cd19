//! Intervals of a video's timeline and their union.
//!
//! Deliberately absent: viewers and days.
//!
//! Invariant: an [`Interval`] is finite and not empty, so lengths are positive and unions need no special cases.

/// A half-open piece `[start, end)` of a video's timeline, in seconds.
#[derive(Debug, Clone, Copy, PartialEq, PartialOrd)]
pub struct Interval {
    start_secs: f64,
    end_secs: f64,
}

impl Interval {
    /// The interval `[start, end)`; `None` unless both are finite and `start < end`.
    pub fn new(start_secs: f64, end_secs: f64) -> Option<Self> {
        (start_secs.is_finite() && end_secs.is_finite() && start_secs < end_secs)
            .then_some(Self { start_secs, end_secs })
    }

    /// Where it starts, in seconds.
    pub const fn start_secs(self) -> f64 {
        self.start_secs
    }

    /// Where it ends, in seconds; not part of it.
    pub const fn end_secs(self) -> f64 {
        self.end_secs
    }

    /// Its length in seconds, more than zero.
    pub fn length_secs(self) -> f64 {
        self.end_secs - self.start_secs
    }

    /// The seconds it shares with `[start, end)`; 0 where they only touch.
    pub(crate) fn overlap_secs(self, start_secs: f64, end_secs: f64) -> f64 {
        (end_secs.min(self.end_secs) - start_secs.max(self.start_secs)).max(0.0)
    }
}

/// The part of a run `[start, stop)` that lies on a video of `duration_secs`.
///
/// Panopto reports runs before the start, past the end and of no length. `None` for a run that misses the video or has an
/// end that is not finite.
pub fn clipped(start_secs: f64, stop_secs: f64, duration_secs: f64) -> Option<Interval> {
    // `max` and `min` would silently turn NaN into the border.
    if !(start_secs.is_finite() && stop_secs.is_finite()) {
        return None;
    }
    Interval::new(start_secs.max(0.0), stop_secs.min(duration_secs))
}

/// Replaces `runs` by their union: sorted by start, neither overlapping nor touching.
///
/// Works in place; the cost is that of sorting.
///
/// ```
/// use model::{Interval, covered_secs, union};
/// let mut runs: Vec<Interval> = [(50.0, 60.0), (0.0, 10.0), (5.0, 20.0), (20.0, 30.0)]
///     .into_iter().filter_map(|(a, b)| Interval::new(a, b)).collect();
/// union(&mut runs);
/// assert_eq!(runs.len(), 2);
/// assert_eq!(covered_secs(&runs), 40.0);
/// ```
pub fn union(runs: &mut Vec<Interval>) {
    if runs.len() < 2 {
        return;
    }
    runs.sort_unstable_by(|a, b| a.start_secs.total_cmp(&b.start_secs));
    let mut kept = 0;
    for next in 1..runs.len() {
        let run = runs[next];
        if run.start_secs <= runs[kept].end_secs {
            runs[kept].end_secs = runs[kept].end_secs.max(run.end_secs);
        } else {
            kept += 1;
            runs[kept] = run;
        }
    }
    runs.truncate(kept + 1);
}

/// The total length in seconds of disjoint intervals, such as [`union`] leaves.
pub fn covered_secs(disjoint: &[Interval]) -> f64 {
    disjoint.iter().map(|run| run.length_secs()).sum()
}
