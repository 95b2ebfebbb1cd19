//! The percentage that Panopto itself shows for a viewer, worked out from viewing records by its rule.
//!
//! Panopto divides a video into 100 segments; one second watched of a segment counts as the whole segment; and the best value
//! is kept, which over records is the value of all of them together. Where a segment is shorter than a second, watching it
//! whole is needed here; what Panopto does there is not known.
//!
//! Deliberately absent: our own coverage, which counts what was watched. Invariant: 0 to 100, in whole points.

use crate::Interval;

/// Segments of a video.
const SEGMENTS: usize = 100;
/// What must be watched of a segment for all of it to count, in seconds.
const CREDITED_FROM_SECS: f64 = 1.0;
/// Less than a frame of video: borders of segments are sums that miss by the last digit.
const TOLERANCE_SECS: f64 = 1e-6;

/// The percentage of a person whose coverage is `disjoint` (sorted and disjoint), of a video of `duration_secs`.
pub(super) fn panopto_percent(disjoint: &[Interval], duration_secs: f64) -> u32 {
    let length_secs = duration_secs / SEGMENTS as f64;
    let needed_secs = CREDITED_FROM_SECS.min(length_secs) - TOLERANCE_SECS.min(length_secs / 2.0);
    let mut watched_secs = [0.0_f64; SEGMENTS];
    for run in disjoint {
        // The division may land beside the right segment; one more on each side is looked at.
        let first = ((run.start_secs() / length_secs) as usize).min(SEGMENTS - 1).saturating_sub(1);
        let last = ((run.end_secs() / length_secs) as usize + 1).min(SEGMENTS - 1);
        for (segment, secs) in watched_secs.iter_mut().enumerate().take(last + 1).skip(first) {
            let start_secs = segment as f64 * length_secs;
            let end_secs = if segment + 1 == SEGMENTS { duration_secs } else { start_secs + length_secs };
            *secs += run.overlap_secs(start_secs, end_secs);
        }
    }
    watched_secs.iter().filter(|secs| **secs >= needed_secs).count() as u32
}

#[cfg(test)]
mod tests {
    use super::*;

    fn runs(pieces: &[(f64, f64)]) -> Vec<Interval> {
        pieces.iter().filter_map(|(start, end)| Interval::new(*start, *end)).collect()
    }

    #[test]
    fn a_hundred_well_placed_seconds_are_everything() {
        let pieces: Vec<(f64, f64)> =
            (0..100).map(|segment| (f64::from(segment) * 60.0, f64::from(segment) * 60.0 + 1.0)).collect();
        assert_eq!(panopto_percent(&runs(&pieces), 6000.0), 100);
    }

    #[test]
    fn less_than_a_second_counts_for_nothing() {
        assert_eq!(panopto_percent(&runs(&[(0.0, 0.9), (60.0, 61.0)]), 6000.0), 1);
        assert_eq!(panopto_percent(&runs(&[(0.0, 0.5), (10.0, 10.5)]), 6000.0), 1, "a second in pieces is a second");
        assert_eq!(panopto_percent(&[], 6000.0), 0);
    }

    #[test]
    fn a_run_over_a_border_counts_where_a_second_of_it_lies() {
        assert_eq!(panopto_percent(&runs(&[(59.5, 61.0)]), 6000.0), 1);
        assert_eq!(panopto_percent(&runs(&[(59.0, 61.0)]), 6000.0), 2);
    }

    #[test]
    fn in_short_videos_a_whole_segment_is_needed() {
        assert_eq!(panopto_percent(&runs(&[(0.0, 50.0)]), 50.0), 100);
        assert_eq!(panopto_percent(&runs(&[(0.0, 25.0)]), 50.0), 50);
        assert_eq!(panopto_percent(&runs(&[(0.0, 0.3)]), 0.3), 100);
    }
}
