//! Another term over this one, against counts made one by one.

use std::collections::BTreeSet;

use model::{Comparison, CourseFigures, CourseViews, DateRange, Day, MapMeasure, Run, pair_videos};
use proptest::prelude::*;

use crate::oracle;

fn day(text: &str) -> Day {
    Day::from_date(text.parse().unwrap())
}

fn course(runs: &[(u32, u32, i32)]) -> CourseViews {
    let run = |(video, viewer, day): &(u32, u32, i32)| Run {
        video: *video,
        viewer: *viewer,
        day: Day::new(*day),
        start_secs: 0.0,
        stop_secs: 60.0,
    };
    let videos = (0..3).map(|index| oracle::video(index, Some(200))).collect();
    CourseViews::new(videos, runs.iter().map(run).collect())
}

fn compared(here: &CourseViews, there: &CourseViews, terms: (DateRange, DateRange)) -> Comparison {
    Comparison::new((here, terms.0), (there, terms.1), pair_videos(here.videos(), there.videos(), &[]))
}

/// Mon 31 Aug 2026 and Wed 3 Sept 2025.
fn terms() -> (DateRange, DateRange) {
    (DateRange::between(day("2026-08-31"), day("2026-12-11")), DateRange::between(day("2025-09-03"), day("2025-12-12")))
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn viewers_of_the_other_term_are_counted_once_in_each_stretch(
        runs in prop::collection::vec((0u32..3, 0u32..6, 0i32..120), 0..60),
        lengths in prop::collection::vec((1i32..12, 0i32..4), 1..8),
        later_weeks in -3i32..4,
    ) {
        let (here_term, there_term) = terms();
        let first = there_term.first().days_since_1970();
        let runs: Vec<_> = runs.into_iter().map(|(video, viewer, after)| (video, viewer, first - 10 + after)).collect();
        let (here, there) = (course(&[]), course(&runs));
        let comparison = compared(&here, &there, (here_term, there_term));
        let mut at = here_term.first().plus(-20);
        let mut stretches = Vec::new();
        for (length, gap) in lengths {
            stretches.push(DateRange::between(at, at.plus(length - 1)));
            at = at.plus(length + gap);
        }
        // Both terms begin in a week of their own; a Monday stays a Monday.
        let ahead = day("2026-08-31").days_since_1970() - day("2025-09-01").days_since_1970() + 7 * later_weeks;
        for video in [None, Some(0), Some(2)] {
            let counted = comparison.viewers_there(&there, video, &stretches, later_weeks);
            let expected: Vec<u32> = stretches.iter().map(|days| {
                let within = runs.iter().filter(|(of, _, day)| {
                    video.is_none_or(|video| video == *of as usize) && days.contains(Day::new(day + ahead))
                });
                within.map(|(_, viewer, _)| viewer).collect::<BTreeSet<_>>().len() as u32
            }).collect();
            prop_assert_eq!(counted, expected);
        }
    }
}

#[test]
fn a_difference_stands_in_the_parts_of_a_pair_and_nowhere_else() {
    let (here_term, there_term) = terms();
    let viewers = |count: u32, first: i32| (0..count).map(|viewer| (0, viewer, first)).collect::<Vec<_>>();
    let here = course(&viewers(12, here_term.first().days_since_1970()));
    let there = course(&viewers(10, there_term.first().days_since_1970()));
    let comparison = compared(&here, &there, (here_term, there_term));
    let plain = CourseFigures::new(&here, DateRange::ALL);
    let figures = comparison.beside(&plain);
    assert_eq!(MapMeasure::Difference.value(&plain.rows[0], 0).value(), None);
    assert_eq!(MapMeasure::Difference.value(&figures.rows[0], 0).value(), Some(0.0));
    assert_eq!(MapMeasure::Difference.value(&figures.rows[1], 0).value(), None, "nobody watched it");
    assert_eq!(comparison.of_video(0).map(|pair| pair.pair.there), Some(0));
    assert_eq!(comparison.sentence("GEOG 204\n2025"), "0.0 % here, 0.0 % in GEOG 204 2025, over 1 paired video");
    let few = compared(&here, &course(&[]), (here_term, there_term));
    assert_eq!(few.sentence("x"), "No pair of videos has 10 viewers on both sides");
}
