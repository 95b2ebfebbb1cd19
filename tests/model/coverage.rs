//! The algebra of coverage.

use model::{
    CHUNK_COUNT, ChunkBounds, ChunkCoverage, Interval, chunk_coverage, clipped, covered_secs, is_completed, union,
};
use proptest::prelude::*;

fn cut(runs: &[(f64, f64)], duration_secs: f64) -> Vec<Interval> {
    let mut coverage: Vec<Interval> = runs.iter().filter_map(|(a, b)| clipped(*a, *b, duration_secs)).collect();
    union(&mut coverage);
    coverage
}

fn chunks(runs: &[(f64, f64)], duration_secs: f64) -> Vec<ChunkCoverage> {
    let mut found = Vec::new();
    let bounds = ChunkBounds::new(duration_secs).unwrap();
    chunk_coverage(&bounds, runs, &cut(runs, duration_secs), |chunk| found.push(chunk));
    found
}

fn any_runs() -> impl Strategy<Value = Vec<(f64, f64)>> {
    prop::collection::vec(
        (-500.0..9000.0f64, -20.0..3000.0f64).prop_map(|(start, length)| (start, start + length)),
        0..40,
    )
}

fn whole_runs() -> impl Strategy<Value = (i32, Vec<(i32, i32)>)> {
    (1..60i32).prop_flat_map(|twentieth| {
        let duration = twentieth * 20;
        let run = (-30..duration + 30, -5..duration).prop_map(|(start, length)| (start, start + length));
        (Just(duration), prop::collection::vec(run, 0..25))
    })
}

proptest! {
    #[test]
    fn union_is_sorted_disjoint_and_idempotent(runs in any_runs(), duration_secs in 0.1..9000.0f64) {
        let coverage = cut(&runs, duration_secs);
        for pair in coverage.windows(2) {
            prop_assert!(pair[0].end_secs() < pair[1].start_secs());
        }
        let mut again = coverage.clone();
        union(&mut again);
        prop_assert_eq!(again, coverage);
    }

    #[test]
    fn union_does_not_depend_on_order(runs in any_runs(), seed in any::<u64>()) {
        let mut shuffled = runs.clone();
        for index in (1..shuffled.len()).rev() {
            shuffled.swap(index, (seed.rotate_left(index as u32) % (index as u64 + 1)) as usize);
        }
        prop_assert_eq!(cut(&shuffled, 7200.0), cut(&runs, 7200.0));
    }

    #[test]
    fn coverage_is_never_longer_than_video_or_runs(runs in any_runs(), duration_secs in 0.1..9000.0f64) {
        let covered = covered_secs(&cut(&runs, duration_secs));
        let played: f64 = runs.iter().filter_map(|(a, b)| clipped(*a, *b, duration_secs)).map(Interval::length_secs).sum();
        prop_assert!(covered >= 0.0);
        prop_assert!(covered <= duration_secs * (1.0 + 1e-12));
        prop_assert!(covered <= played * (1.0 + 1e-12));
    }

    #[test]
    fn one_run_more_never_takes_away(runs in any_runs(), more in (-500.0..9000.0f64, 0.0..3000.0f64)) {
        let before = covered_secs(&cut(&runs, 7200.0));
        let mut runs = runs;
        runs.push((more.0, more.0 + more.1));
        prop_assert!(covered_secs(&cut(&runs, 7200.0)) >= before * (1.0 - 1e-12));
    }

    #[test]
    fn chunks_add_up_to_coverage_and_time(runs in any_runs(), duration_secs in 0.1..9000.0f64) {
        let found = chunks(&runs, duration_secs);
        let covered: f64 = found.iter().map(|chunk| chunk.covered_secs).sum();
        let spent: f64 = found.iter().map(|chunk| chunk.spent_secs).sum();
        let played: f64 = runs.iter().filter_map(|(a, b)| clipped(*a, *b, duration_secs)).map(Interval::length_secs).sum();
        prop_assert!((covered - covered_secs(&cut(&runs, duration_secs))).abs() < 1e-6);
        prop_assert!((spent - played).abs() < 1e-6);
    }

    #[test]
    fn chunks_are_ascending_and_within_their_bounds(runs in any_runs(), duration_secs in 0.1..9000.0f64) {
        let bounds = ChunkBounds::new(duration_secs).unwrap();
        let found = chunks(&runs, duration_secs);
        prop_assert!(found.windows(2).all(|pair| pair[0].index < pair[1].index));
        for chunk in found {
            let length_secs = bounds.length_secs(chunk.index);
            prop_assert!(chunk.covered_secs > 0.0 && chunk.covered_secs <= length_secs + 1e-9);
            prop_assert!(chunk.spent_secs >= chunk.covered_secs - 1e-9);
            prop_assert!(chunk.percent_covered > 0.0 && chunk.percent_covered <= 100.0 + 1e-9);
            prop_assert_eq!(chunk.completed, chunk.covered_secs >= length_secs * 0.75);
        }
    }

    #[test]
    fn chunks_equal_a_flag_for_every_second((duration, runs) in whole_runs()) {
        let mut seen = vec![false; duration as usize];
        let mut played = vec![0u32; duration as usize];
        for &(start, stop) in &runs {
            for second in start.max(0)..stop.min(duration) {
                seen[second as usize] = true;
                played[second as usize] += 1;
            }
        }
        let length = duration as usize / CHUNK_COUNT;
        let expected: Vec<ChunkCoverage> = (0..CHUNK_COUNT)
            .map(|index| {
                let part = index * length..(index + 1) * length;
                let covered = seen[part.clone()].iter().filter(|seen| **seen).count();
                ChunkCoverage {
                    index,
                    covered_secs: covered as f64,
                    spent_secs: f64::from(played[part].iter().sum::<u32>()),
                    percent_covered: covered as f64 / length as f64 * 100.0,
                    completed: covered * 4 >= length * 3,
                }
            })
            .filter(|chunk| chunk.covered_secs > 0.0)
            .collect();
        let runs: Vec<(f64, f64)> = runs.iter().map(|(a, b)| (f64::from(*a), f64::from(*b))).collect();
        prop_assert_eq!(chunks(&runs, f64::from(duration)), expected);
    }

    #[test]
    fn bounds_rise_evenly_from_zero_to_the_end(duration_secs in 0.001..1e6f64) {
        let bounds = ChunkBounds::new(duration_secs).unwrap();
        prop_assert!(bounds.start_secs(0).abs() < f64::EPSILON);
        prop_assert!(bounds.end_secs(19) <= duration_secs && bounds.end_secs(19) >= duration_secs * (1.0 - 1e-12));
        for index in 0..CHUNK_COUNT {
            prop_assert!((bounds.length_secs(index) / (duration_secs / 20.0) - 1.0).abs() < 1e-9);
        }
        for index in 1..CHUNK_COUNT {
            prop_assert!(bounds.start_secs(index).to_bits() == bounds.end_secs(index - 1).to_bits());
        }
    }
}

#[test]
fn touching_a_border_reaches_nothing() {
    let found = chunks(&[(0.0, 5.0), (10.0, 10.0)], 100.0);
    assert_eq!(found.iter().map(|chunk| chunk.index).collect::<Vec<_>>(), [0]);
}

#[test]
fn every_run_counts_towards_the_percentage() {
    let found = chunks(&[(0.0, 4.0), (4.5, 5.0)], 100.0);
    assert!((found[0].percent_covered - 90.0).abs() < 1e-9);
}

#[test]
fn runs_that_are_no_numbers_cover_nothing() {
    for (start_secs, stop_secs) in
        [(f64::NAN, 5.0), (0.0, f64::NAN), (f64::NEG_INFINITY, 5.0), (0.0, f64::INFINITY), (5.0, 5.0), (6.0, 5.0)]
    {
        assert_eq!(clipped(start_secs, stop_secs, 100.0), None);
    }
}

#[test]
fn videos_without_a_length_have_no_chunks_and_nobody_completed() {
    for duration_secs in [0.0, -1.0, f64::NAN, f64::INFINITY] {
        assert_eq!(ChunkBounds::new(duration_secs), None);
    }
    assert!(!is_completed(0.0, 0.0));
    assert!(is_completed(75.0, 100.0));
    assert!(!is_completed(74.999, 100.0));
}
