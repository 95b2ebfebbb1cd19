//! The strip of one person: across the video, how often each place was played.
//!
//! Deliberately absent: colours and sizes. Invariants: a step says how often at least half of its place was played, so a strip
//! never shows more than was watched; and it shows something wherever something was played, so that nobody who watched a
//! second here and there looks like somebody who watched nothing.

use crate::Interval;

/// How often a place was played.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum StripLevel {
    /// Not at all.
    #[default]
    No,
    /// Less than half of the place.
    Partly,
    /// Once.
    Once,
    /// Twice.
    Twice,
    /// Three times and more.
    More,
}

impl StripLevel {
    const PLAYED: [Self; 3] = [Self::Once, Self::Twice, Self::More];
}

/// The strip of runs that are cut to a video of `duration_secs`, in `places` places of equal length.
pub(super) fn plays_strip(runs: &[Interval], duration_secs: f64, places: usize) -> Vec<StripLevel> {
    let length_secs = duration_secs / places as f64;
    if places == 0 || !length_secs.is_finite() || length_secs <= 0.0 {
        return vec![StripLevel::No; places];
    }
    // +1 where a run begins, -1 where one ends.
    let mut borders: Vec<(f64, i32)> =
        runs.iter().flat_map(|run| [(run.start_secs(), 1), (run.end_secs(), -1)]).collect();
    borders.sort_unstable_by(|a, b| a.0.total_cmp(&b.0).then(b.1.cmp(&a.1)));
    // Per place: the seconds that were played at least once, twice, three times.
    let mut at_least_secs = vec![[0.0_f64; StripLevel::PLAYED.len()]; places];
    let mut plays = 0_usize;
    for pair in borders.windows(2) {
        plays = plays.saturating_add_signed(pair[0].1 as isize);
        let (start_secs, end_secs) = (pair[0].0, pair[1].0);
        if plays == 0 || start_secs >= end_secs {
            continue;
        }
        let first = ((start_secs / length_secs) as usize).min(places - 1);
        let last = ((end_secs / length_secs) as usize).min(places - 1);
        for (place, at_least) in at_least_secs.iter_mut().enumerate().take(last + 1).skip(first) {
            let from_secs = place as f64 * length_secs;
            let secs = (end_secs.min(from_secs + length_secs) - start_secs.max(from_secs)).max(0.0);
            at_least.iter_mut().take(plays).for_each(|sum| *sum += secs);
        }
    }
    // The last digit of a sum must not decide about a place that was played exactly once.
    let half_secs = length_secs / 2.0 * (1.0 - 1e-9);
    let level = |at_least: &[f64; StripLevel::PLAYED.len()]| {
        let played = at_least.iter().zip(StripLevel::PLAYED).rev().find(|(secs, _)| **secs >= half_secs);
        let otherwise = if at_least[0] > 0.0 { StripLevel::Partly } else { StripLevel::No };
        played.map_or(otherwise, |(_, level)| level)
    };
    at_least_secs.iter().map(level).collect()
}

#[cfg(test)]
mod tests {
    use StripLevel::{More, No, Once, Partly, Twice};

    use super::*;

    fn strip(pieces: &[(f64, f64)]) -> Vec<StripLevel> {
        let runs: Vec<Interval> = pieces.iter().filter_map(|(start, end)| Interval::new(*start, *end)).collect();
        plays_strip(&runs, 100.0, 4)
    }

    #[test]
    fn height_is_the_number_of_plays() {
        assert_eq!(strip(&[]), [No, No, No, No]);
        assert_eq!(strip(&[(0.0, 100.0)]), [Once, Once, Once, Once]);
        assert_eq!(strip(&[(0.0, 50.0), (25.0, 75.0)]), [Once, Twice, Once, No]);
        assert_eq!(strip(&[(75.0, 100.0); 5]), [No, No, No, More]);
        assert_eq!(strip(&[(0.0, 25.0), (25.0, 50.0)]), [Once, Once, No, No], "runs that touch are no second play");
    }

    #[test]
    fn a_moment_here_and_there_is_seen_and_is_not_the_whole_place() {
        assert_eq!(strip(&[(0.0, 1.0), (30.0, 31.0), (80.0, 81.0)]), [Partly, Partly, No, Partly]);
        assert_eq!(strip(&[(0.0, 12.5), (25.0, 37.4)]), [Once, Partly, No, No]);
        assert_eq!(strip(&[(0.0, 5.0), (0.0, 5.0), (0.0, 5.0)]), [Partly, No, No, No]);
    }

    #[test]
    fn no_length_and_no_places_draw_nothing() {
        assert_eq!(plays_strip(&[], 0.0, 3), [No, No, No]);
        assert_eq!(plays_strip(&[], 100.0, 0), []);
    }
}
