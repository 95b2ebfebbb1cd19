//! Shares, measures of the map, what is usual, and differences from another term, against the oracle's flags of seconds.

use std::collections::BTreeSet;

use model::{
    Comparison, CourseFigures, CourseViews, DateRange, Day, MapMeasure, Statistic, pair_videos, usual_viewers_percent,
};
use proptest::prelude::*;

use crate::oracle::{self, Counted, WholeRun, count};

/// Lengths in seconds, all multiples of 20: some alike, some not.
const DURATIONS: [i32; 7] = [200, 220, 180, 240, 200, 200, 60];

fn runs(videos: u32, viewers: u32, days: i32, count: std::ops::Range<usize>) -> impl Strategy<Value = Vec<WholeRun>> {
    let run = (0..videos, 0..viewers, 0..days, -20..220i32, 1..160i32);
    let run = run.prop_map(|(video, viewer, day, start, length)| WholeRun {
        video,
        viewer,
        day,
        start,
        stop: start + length,
    });
    prop::collection::vec(run, count)
}

fn views(durations: &[i32], runs: &[WholeRun]) -> CourseViews {
    let videos = durations.iter().enumerate().map(|(index, secs)| oracle::video(index, Some(*secs))).collect();
    CourseViews::new(videos, runs.iter().map(WholeRun::run).collect())
}

fn middle(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    f64::midpoint(values[(values.len() - 1) / 2], values[values.len() / 2])
}

fn share(part: usize, whole: usize) -> Option<f64> {
    (whole > 0).then(|| part as f64 / whole as f64 * 100.0)
}

fn same(ours: Statistic, expected: Statistic) -> bool {
    match (ours, expected) {
        (Statistic::Value(ours), Statistic::Value(expected)) => (ours - expected).abs() < 1e-6,
        (ours, expected) => ours == expected,
    }
}

/// A share of the viewers who reached a part; none with fewer than five viewers.
fn reached(counted: &Counted, part: usize) -> Option<f64> {
    counted.statistic(share(counted.reached[part], counted.viewers.len())).value()
}

/// The others whose length is within a quarter of this one's and which `has` holds for; all others where these are fewer
/// than five, and nothing where even those are.
fn alike(video: usize, has: impl Fn(usize) -> bool) -> Option<Vec<usize>> {
    let others: Vec<usize> = (0..DURATIONS.len()).filter(|other| *other != video && has(*other)).collect();
    let is_similar = |other: &usize| (DURATIONS[*other] - DURATIONS[video]).abs() * 4 <= DURATIONS[video];
    let similar: Vec<usize> = others.iter().copied().filter(is_similar).collect();
    let chosen = if similar.len() >= 5 { similar } else { others };
    (chosen.len() >= 5).then_some(chosen)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(256))]

    #[test]
    fn shares_and_measures_equal_the_oracle(runs in runs(7, 12, 9, 60..320)) {
        let figures = CourseFigures::new(&views(&DURATIONS, &runs), DateRange::ALL);
        let counted: Vec<Counted> = (0u32..)
            .zip(DURATIONS)
            .map(|(video, duration)| count(&runs, video, Some(duration), DateRange::ALL))
            .collect();
        for (video, (row, counted_here)) in figures.rows.iter().zip(&counted).enumerate() {
            let viewers = counted_here.viewers.len();
            let covered = |of: &Counted| of.statistic(share(of.covered_viewers, of.viewers.len()));
            prop_assert!(same(row.totals.covered_percent, covered(counted_here)), "{row:?}");

            let compared = figures.covered_compared(video);
            let others = alike(video, |other| covered(&counted[other]).value().is_some());
            let usual = others.map(|others| middle(others.iter().filter_map(|other| covered(&counted[*other]).value()).collect()));
            let expected = covered(counted_here).value().zip(usual);
            prop_assert_eq!(compared.is_some(), expected.is_some());
            if let (Some(compared), Some((own, usual))) = (compared, expected) {
                prop_assert!((compared.usual_percent - usual).abs() < 1e-6);
                prop_assert!((compared.difference - (own - usual)).abs() < 1e-6);
            }

            let part_secs = f64::from(DURATIONS[video]) / 20.0;
            let usual_there = usual_viewers_percent(&figures.rows, video);
            let alike = alike(video, |other| counted[other].viewers.len() >= 5);
            prop_assert_eq!(usual_there.is_some(), alike.is_some());
            for part in 0..20 {
                let spent = counted_here.spent_secs[part] as f64;
                let average = (counted_here.reached[part] > 0).then(|| spent / counted_here.reached[part] as f64);
                let shares: Vec<f64> = counted.iter().filter_map(|of| reached(of, part)).collect();
                let usual = (shares.len() >= 5).then(|| middle(shares));
                let expected = [
                    (MapMeasure::Reached, share(counted_here.reached[part], viewers)),
                    (MapMeasure::Covered, share(counted_here.covered[part], viewers)),
                    (MapMeasure::Rewatched, average.map(|average| average / part_secs)),
                    (MapMeasure::PlayedAgain, (spent > 0.0).then(|| counted_here.again_secs[part] as f64 / spent * 100.0)),
                    (MapMeasure::ComparedWithCourse, reached(counted_here, part).zip(usual).map(|(own, usual)| own - usual)),
                    (MapMeasure::Difference, None),
                ];
                for (measure, value) in expected {
                    let (ours, expected) = (measure.value(row, part), counted_here.statistic(value));
                    prop_assert!(same(ours, expected), "{measure:?} {ours:?} {expected:?}");
                }
                prop_assert_eq!(row.usual_reached_percent.is_some(), usual.is_some());
                if let (Some(ours), Some(usual)) = (row.usual_reached_percent, usual) {
                    prop_assert!((ours[part] - usual).abs() < 1e-6);
                }
                if let (Some(ours), Some(others)) = (usual_there, &alike) {
                    // The mean share of viewers who are at a place of the part: its covered seconds, each viewer's once.
                    let mean = |other: &usize| {
                        let (of, length) = (&counted[*other], f64::from(DURATIONS[*other]) / 20.0);
                        (of.spent_secs[part] - of.again_secs[part]) as f64 / length / of.viewers.len() as f64 * 100.0
                    };
                    prop_assert!((ours[part] - middle(others.iter().map(mean).collect())).abs() < 1e-6);
                }
            }
        }
        let by = |value: &dyn Fn(&Counted) -> Option<f64>| {
            let mut listed: Vec<(usize, f64)> =
                counted.iter().enumerate().filter_map(|(video, of)| Some((video, value(of)?))).collect();
            listed.sort_by(|a, b| b.1.total_cmp(&a.1));
            listed.into_iter().map(|(video, _)| video).take(5).collect::<Vec<_>>()
        };
        prop_assert_eq!(figures.top_by_viewers(5), by(&|of: &Counted| Some(of.viewers.len() as f64).filter(|viewers| *viewers > 0.0)));
        let covered = |of: &Counted| of.statistic(share(of.covered_viewers, of.viewers.len())).value();
        prop_assert_eq!(figures.top_by_covered_percent(5), by(&covered));
    }

    #[test]
    fn differences_of_terms_equal_two_counts(
        here in runs(3, 16, 40, 90..220),
        there in runs(3, 16, 40, 90..220),
        lengths in (1i32..40, 1i32..40),
    ) {
        const LATER: i32 = 500;
        let durations = [200, 200, 100];
        let there: Vec<WholeRun> = there.into_iter().map(|run| WholeRun { day: run.day + LATER, ..run }).collect();
        let (views_here, views_there) = (views(&durations, &here), views(&durations, &there));
        let term = |first: i32, days: i32| DateRange::between(Day::new(first), Day::new(first + days - 1));
        let pairs = pair_videos(views_here.videos(), views_there.videos(), &[]);
        prop_assert_eq!(pairs.len(), 3);
        let terms = (term(0, lengths.0), term(LATER, lengths.1));
        let comparison = Comparison::new((&views_here, terms.0), (&views_there, terms.1), pairs);
        // Both for as many days as both have had.
        let both = lengths.0.min(lengths.1);
        let mut shares = Vec::new();
        for (video, duration) in (0u32..).zip(durations) {
            let one = count(&here, video, Some(duration), term(0, both));
            let other = count(&there, video, Some(duration), term(LATER, both));
            let is_enough = one.viewers.len() >= 10 && other.viewers.len() >= 10;
            let covered = |of: &Counted| of.statistic(share(of.covered_viewers, of.viewers.len()));
            let pair = comparison.of_video(video as usize).unwrap();
            prop_assert!(same(pair.covered_percent_there, covered(&other)));
            prop_assert_eq!(pair.covered_difference.is_some(), is_enough);
            prop_assert_eq!(pair.reached_differences.is_some(), is_enough);
            prop_assert_eq!(pair.reached_percent_there.is_some(), other.viewers.len() >= 5);
            if let (Some(difference), Some(one), Some(other)) = (pair.covered_difference, covered(&one).value(), covered(&other).value()) {
                prop_assert!((difference - (one - other)).abs() < 1e-6);
                shares.push((one, other));
            }
            for part in 0..20 {
                let there = reached(&other, part);
                if let (Some(ours), Some(expected)) = (pair.reached_percent_there, there) {
                    prop_assert!((ours[part] - expected).abs() < 1e-6);
                }
                if let (Some(ours), Some(one), Some(other)) = (pair.reached_differences, reached(&one, part), there) {
                    prop_assert!((ours[part] - (one - other)).abs() < 1e-6);
                }
            }
        }
        let mean = |side: fn(&(f64, f64)) -> f64| shares.iter().map(side).sum::<f64>() / shares.len() as f64;
        prop_assert_eq!(comparison.mean_covered.is_some(), !shares.is_empty());
        if let Some((one, other)) = comparison.mean_covered.map(|both| (both.here, both.there)) {
            prop_assert!((one - mean(|pair| pair.0)).abs() < 1e-6 && (other - mean(|pair| pair.1)).abs() < 1e-6);
        }
        for (weeks, runs, first) in [(&comparison.weeks_here, &here, 0), (&comparison.weeks_there, &there, LATER)] {
            for (week, entry) in (0..).zip(weeks) {
                let days = first + 7 * week..(first + 7 * week + 7).min(first + both);
                let who: BTreeSet<u32> = runs.iter().filter(|run| days.contains(&run.day)).map(|run| run.viewer).collect();
                prop_assert_eq!(entry.viewers as usize, who.len());
            }
            prop_assert_eq!(weeks.len(), (both as usize).div_ceil(7));
        }
    }
}
