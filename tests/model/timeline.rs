//! The exact timeline compared with a brute-force count: one flag for every whole second and viewer.

use std::collections::BTreeMap;

use model::{
    Borders, CourseViews, DateRange, Day, Interval, Playback, PlayedRun, Run, Speed, Step, Timeline, VideoFigures,
    WatchedPoint, watched_points,
};
use proptest::prelude::*;

use crate::oracle::{self, WholeRun};

#[derive(Debug, Clone)]
struct Watched {
    duration: i32,
    runs: Vec<(WholeRun, f64, bool)>,
    range: DateRange,
}

fn watched() -> impl Strategy<Value = Watched> {
    let range = prop_oneof![
        Just(DateRange::ALL),
        (-1..6i32, -1..6i32).prop_map(|(a, b)| DateRange::between(Day::new(a), Day::new(b)))
    ];
    ((1..20i32).prop_map(|twentieth| twentieth * 20), range).prop_flat_map(|(duration, range)| {
        let run = (0..6u32, 0..5i32, -20..duration + 20, -3..duration / 2 + 5).prop_map(
            move |(viewer, day, start, length)| WholeRun { video: 0, viewer, day, start, stop: start + length },
        );
        let speed = prop::sample::select(vec![0.75, 1.0, 1.25, 2.0]);
        prop::collection::vec((run, speed, any::<bool>()), 0..60).prop_map(move |runs| Watched {
            duration,
            runs,
            range,
        })
    })
}

impl Watched {
    fn views(&self) -> CourseViews {
        let runs = self.runs.iter().map(|(run, speed, jumped)| PlayedRun {
            playback: Playback::new(Speed::of_record(Some(*speed)), *jumped),
            ..PlayedRun::from(run.run())
        });
        CourseViews::of_played(vec![oracle::video(0, Some(self.duration))], runs.collect())
    }

    fn counted(&self) -> impl Iterator<Item = &(WholeRun, f64, bool)> {
        self.runs.iter().filter(|(run, ..)| self.range.contains(Day::new(run.day)))
    }

    /// Viewers and plays of every second.
    fn seconds(&self) -> Vec<(u32, u32)> {
        let mut plays: BTreeMap<u32, Vec<u32>> = BTreeMap::new();
        for (run, ..) in self.counted() {
            let of_viewer = plays.entry(run.viewer).or_insert_with(|| vec![0; self.duration as usize]);
            run.seconds(self.duration).for_each(|second| of_viewer[second] += 1);
        }
        (0..self.duration as usize)
            .map(|second| {
                let here: Vec<u32> = plays.values().map(|of_viewer| of_viewer[second]).collect();
                (here.iter().filter(|plays| **plays > 0).count() as u32, here.iter().sum())
            })
            .collect()
    }
}

fn secs(step: &Step) -> f64 {
    step.to_secs - step.from_secs
}

fn close(a: f64, b: f64) -> bool {
    (a - b).abs() < 1e-9 * (1.0 + a.abs() + b.abs())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(512))]

    #[test]
    fn single_seconds_have_the_numbers_of_the_timeline(watched in watched(), secs in prop::collection::vec(-5..450i32, 0..12)) {
        let views = watched.views();
        let borders = Borders::new(&views, 0).unwrap();
        let timeline = Timeline::new(&views, &borders, watched.range);
        let steps: Vec<Step> = timeline.steps().collect();
        let mut secs: Vec<f64> = secs.into_iter().map(|secs| f64::from(secs) + 0.5).collect();
        secs.sort_by(f64::total_cmp);
        let expected: Vec<WatchedPoint> = secs.iter().map(|secs| {
            let here = steps.iter().find(|step| step.from_secs <= *secs && *secs < step.to_secs);
            here.map_or_else(WatchedPoint::default, |step| WatchedPoint { viewers: step.viewers, plays: step.plays })
        }).collect();
        prop_assert_eq!(watched_points(&views, 0, watched.range, &secs), expected);
    }

    #[test]
    fn every_second_of_the_steps_is_counted_as_by_hand(watched in watched()) {
        let views = watched.views();
        let borders = Borders::new(&views, 0).unwrap();
        let timeline = Timeline::new(&views, &borders, watched.range);
        let expected = watched.seconds();
        let steps: Vec<Step> = timeline.steps().collect();
        let found: Vec<(u32, u32)> = steps
            .iter()
            .flat_map(|step| (step.from_secs as usize..step.to_secs as usize).map(|_| (step.viewers, step.plays)))
            .collect();
        prop_assert_eq!(found, expected);
        // From 0 to the end without gaps, with no empty steps and no two equal neighbours.
        prop_assert!(steps[0].from_secs.abs() < f64::EPSILON);
        prop_assert!(close(steps[steps.len() - 1].to_secs, f64::from(watched.duration)));
        for pair in steps.windows(2) {
            prop_assert_eq!(pair[0].to_secs.to_bits(), pair[1].from_secs.to_bits());
            prop_assert!((pair[0].viewers, pair[0].plays) != (pair[1].viewers, pair[1].plays));
        }
        prop_assert!(steps.iter().all(|step| secs(step) > 0.0));
    }

    #[test]
    fn integrals_are_coverage_and_watch_time_and_the_chunks_stay(watched in watched()) {
        let views = watched.views();
        let borders = Borders::new(&views, 0).unwrap();
        let timeline = Timeline::new(&views, &borders, watched.range);
        let figures = VideoFigures::new(&views, 0, watched.range);
        let integral = |number: fn(&Step) -> u32| timeline.steps().map(|step| secs(&step) * f64::from(number(&step))).sum::<f64>();
        prop_assert!(close(integral(|step| step.viewers), timeline.covered_secs()));
        prop_assert!(close(integral(|step| step.plays), timeline.watch_secs()));
        prop_assert!(close(timeline.watch_secs(), figures.totals.watch_secs));
        prop_assert_eq!(timeline.unique_viewers(), figures.totals.unique_viewers);
        for step in timeline.steps() {
            prop_assert!(step.viewers <= step.plays && step.viewers <= figures.totals.unique_viewers);
        }
        // What is known about playback changes no existing figure.
        let plain = CourseViews::new(vec![oracle::video(0, Some(watched.duration))], watched.runs.iter().map(|(run, ..)| run.run()).collect());
        prop_assert_eq!(VideoFigures::new(&plain, 0, watched.range), figures);
    }

    #[test]
    fn bins_keep_mean_least_and_most(watched in watched(), from in 0..390i32, length in 1..400i32, count in 1..50usize) {
        let views = watched.views();
        let borders = Borders::new(&views, 0).unwrap();
        let timeline = Timeline::new(&views, &borders, watched.range);
        let window = Interval::new(f64::from(from), f64::from(from + length)).unwrap();
        // As many bins as seconds, or a multiple: each bin then belongs to one second.
        let bins = timeline.bins(window, length as usize * count);
        prop_assert_eq!(bins.len(), length as usize * count);
        let expected = watched.seconds();
        for (index, bin) in bins.iter().enumerate() {
            let (viewers, plays) = expected.get(from as usize + index / count).copied().unwrap_or((0, 0));
            for (extent, number) in [(bin.viewers, viewers), (bin.plays, plays), (bin.replays, plays - viewers)] {
                prop_assert!(close(extent.mean, f64::from(number)), "{bin:?}");
                // A border that is not a round number can include a neighbour through a rounding error.
                prop_assert!(extent.min <= number && number <= extent.max);
            }
        }
        let few = timeline.bins(window, count);
        for bin in bins.iter().chain(&few) {
            let at_secs = bin.reading.at_secs;
            prop_assert!(bin.from_secs <= at_secs && at_secs < bin.to_secs);
            // A whole second where there is one, and what is counted there.
            prop_assert!(at_secs.fract() == 0.0 || bin.from_secs.ceil() >= bin.to_secs, "{bin:?}");
            let (viewers, plays) = expected.get(at_secs.floor() as usize).copied().unwrap_or((0, 0));
            prop_assert_eq!((bin.reading.viewers, bin.reading.replays), (viewers, plays - viewers));
        }
        for bin in &few {
            let inside = (bin.from_secs.floor() as usize)..(bin.to_secs.ceil() as usize);
            let here = || inside.clone().filter_map(|second| expected.get(second));
            prop_assert!(bin.viewers.max <= here().map(|(viewers, _)| *viewers).max().unwrap_or(0));
            prop_assert!(f64::from(bin.plays.min) <= bin.plays.mean && bin.plays.mean <= f64::from(bin.plays.max));
        }
        let total: f64 = few.iter().map(|bin| {
            let inside = bin.to_secs.min(f64::from(watched.duration)) - bin.from_secs.min(f64::from(watched.duration));
            bin.plays.mean * inside
        }).sum();
        let by_hand: u32 = (from..from + length).filter_map(|second| expected.get(second as usize)).map(|(_, plays)| plays).sum();
        prop_assert!((total - f64::from(by_hand)).abs() < 1e-6, "{total} {by_hand}");
    }

    #[test]
    fn arrivals_departures_and_speeds_are_counted_as_by_hand(watched in watched(), at in 0..400i32) {
        let views = watched.views();
        let borders = Borders::new(&views, 0).unwrap();
        let timeline = Timeline::new(&views, &borders, watched.range);
        let at = f64::from(at);
        let near = |secs: i32| f64::from(secs) >= at - 2.5 && f64::from(secs) < at + 2.5;
        let plays = |run: &WholeRun| run.seconds(watched.duration).next().is_some();
        let arrivals = watched.counted().filter(|(run, _, jumped)| *jumped && plays(run));
        let starts: Vec<i32> = arrivals.map(|(run, ..)| run.start.max(0)).collect();
        prop_assert_eq!(timeline.arrivals_at(at), starts.iter().filter(|start| near(**start)).count());
        prop_assert_eq!(timeline.arrivals_secs().count(), starts.len());
        let mut lasts: BTreeMap<u32, i32> = BTreeMap::new();
        for (run, ..) in watched.counted().filter(|(run, ..)| plays(run)) {
            let last = lasts.entry(run.viewer).or_default();
            *last = (*last).max(run.stop.min(watched.duration));
        }
        prop_assert_eq!(timeline.departures_at(at), lasts.values().filter(|last| near(**last)).count());
        prop_assert_eq!(timeline.departures_secs().len(), lasts.len());
        for window in [None, Interval::new(at, at + 30.0)] {
            let mut by_speed: BTreeMap<u64, usize> = BTreeMap::new();
            for (run, speed, _) in watched.counted() {
                let inside = run.seconds(watched.duration).filter(|second| {
                    window.is_none_or(|window| *second as f64 >= window.start_secs() && (*second as f64) < window.end_secs())
                });
                let seconds = inside.count();
                if seconds > 0 {
                    *by_speed.entry((*speed * 100.0) as u64).or_default() += seconds;
                }
            }
            let shares = timeline.speeds(window);
            let found: Vec<(u64, usize)> =
                shares.iter().map(|share| ((share.speed.factor() * 100.0).round() as u64, share.secs.round() as usize)).collect();
            prop_assert_eq!(found, by_speed.into_iter().collect::<Vec<_>>());
            prop_assert!(shares.is_empty() || close(shares.iter().map(|share| share.percent).sum::<f64>(), 100.0));
        }
    }

    #[test]
    fn borders_that_are_no_whole_seconds_lose_nothing(runs in prop::collection::vec((0..9u32, -50.0..5000.0f64, 0.0..900.0f64), 0..80), duration_secs in 0.5..4500.0f64) {
        let mut video = oracle::video(0, None);
        video.duration_secs = Some(duration_secs);
        let runs = runs.iter().map(|(viewer, start, length)| Run {
            video: 0, viewer: *viewer, day: Day::new(0), start_secs: *start, stop_secs: start + length,
        });
        let views = CourseViews::new(vec![video], runs.collect());
        let borders = Borders::new(&views, 0).unwrap();
        let timeline = Timeline::new(&views, &borders, DateRange::ALL);
        let steps: Vec<Step> = timeline.steps().collect();
        prop_assert_eq!(steps[steps.len() - 1].to_secs.to_bits(), duration_secs.to_bits());
        let covered: f64 = steps.iter().map(|step| secs(step) * f64::from(step.viewers)).sum();
        prop_assert!((covered - timeline.covered_secs()).abs() < 1e-6);
        prop_assert!((steps.iter().map(secs).sum::<f64>() - duration_secs).abs() < 1e-6);
    }
}

#[test]
fn a_peak_of_three_seconds_is_not_lost_in_two_hours() {
    let run =
        |viewer, start_secs: f64, stop_secs: f64| Run { video: 0, viewer, day: Day::new(0), start_secs, stop_secs };
    let mut runs: Vec<Run> = (0..50).map(|viewer| run(viewer, 0.0, 7200.0)).collect();
    runs.extend((0..40).map(|viewer| run(viewer, 3600.5, 3603.5)));
    let views = CourseViews::new(vec![oracle::video(0, Some(7200))], runs);
    let borders = Borders::new(&views, 0).unwrap();
    let timeline = Timeline::new(&views, &borders, DateRange::ALL);
    let steps: Vec<Step> = timeline.steps().collect();
    assert_eq!(steps.len(), 3);
    assert_eq!((steps[1].viewers, steps[1].plays, steps[1].replays()), (50, 90, 40));
    let bins = timeline.bins(timeline.whole().unwrap(), 300);
    let peak = bins.iter().max_by_key(|bin| bin.plays.max).unwrap();
    assert_eq!((peak.plays.max, peak.plays.min, peak.viewers.max), (90, 50, 50));
    assert!(peak.plays.mean < 56.0, "the mean of 24 s hides it: {}", peak.plays.mean);
}

#[test]
fn a_video_without_a_length_has_no_timeline_and_one_without_views_an_empty_one() {
    for duration in [None, Some(0)] {
        let views = CourseViews::new(vec![oracle::video(0, duration)], Vec::new());
        assert!(Borders::new(&views, 0).is_none());
    }
    let views = CourseViews::new(vec![oracle::video(0, Some(60))], Vec::new());
    let borders = Borders::new(&views, 0).unwrap();
    let timeline = Timeline::new(&views, &borders, DateRange::ALL);
    let steps: Vec<Step> = timeline.steps().collect();
    assert_eq!(steps, [Step { from_secs: 0.0, to_secs: 60.0, viewers: 0, plays: 0 }]);
    assert!(timeline.speeds(None).is_empty());
}
