//! Figures of courses and videos compared with the oracle, and their edge cases.

use model::{
    Borders, CourseFigures, CourseViews, DateRange, Day, FIGURES_OF_VIDEO, Figure, GroupSize, HeatMeasure, Interval,
    MapMeasure, Period, Run, Statistic, Timeline, VideoFigures, VideoInfo, usual_viewers_percent,
};
use proptest::prelude::*;

use crate::oracle::{self, WholeRun, count};

#[derive(Debug, Clone)]
struct Course {
    durations: Vec<Option<i32>>,
    runs: Vec<WholeRun>,
    range: DateRange,
}

fn courses() -> impl Strategy<Value = Course> {
    let duration =
        prop_oneof![8 => (1..30i32).prop_map(|twentieth| Some(twentieth * 20)), 1 => Just(None), 1 => Just(Some(0))];
    let durations = prop::collection::vec(duration, 1..5);
    durations.prop_flat_map(|durations| {
        let run = (0..durations.len() as u32, 0..14u32, 0..12i32, -20..620i32, -3..200i32).prop_map(
            |(video, viewer, day, start, length)| WholeRun { video, viewer, day, start, stop: start + length },
        );
        let range = prop_oneof![
            Just(DateRange::ALL),
            (-1..13i32, -1..13i32).prop_map(|(a, b)| DateRange::between(Day::new(a), Day::new(b)))
        ];
        (prop::collection::vec(run, 0..160), range, Just(durations)).prop_map(|(runs, range, durations)| Course {
            durations,
            runs,
            range,
        })
    })
}

impl Course {
    fn views(&self) -> CourseViews {
        let videos = self.durations.iter().enumerate().map(|(index, secs)| oracle::video(index, *secs)).collect();
        CourseViews::new(videos, self.runs.iter().map(WholeRun::run).collect())
    }
}

fn close(a: f64, b: f64) -> bool {
    (a - b).abs() < 1e-9 * (1.0 + a.abs() + b.abs())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(512))]

    #[test]
    fn video_figures_equal_the_oracle(course in courses()) {
        let views = course.views();
        for (video, duration) in course.durations.iter().enumerate() {
            let expected = count(&course.runs, video as u32, *duration, course.range);
            let figures = VideoFigures::new(&views, video, course.range);
            prop_assert_eq!(figures.totals.unique_viewers as usize, expected.viewers.len());
            prop_assert_eq!(figures.totals.covered_viewers as usize, expected.covered_viewers);
            prop_assert!(close(figures.totals.watch_secs, expected.watch_secs as f64));
            prop_assert!(close(figures.totals.replayed_secs, expected.replayed_secs as f64));
            match (figures.totals.typical_percent, expected.statistic(expected.median_percent)) {
                (Statistic::Value(ours), Statistic::Value(theirs)) => {
                    prop_assert!(close(ours, theirs));
                    prop_assert!((0.0..=100.0).contains(&ours));
                }
                (ours, theirs) => prop_assert_eq!(ours, theirs),
            }
            let begins_before = expected.first_viewed.is_some_and(|first| Day::new(first) < course.range.first());
            prop_assert_eq!(figures.totals.begins_before_range, begins_before);
            prop_assert_eq!(figures.totals.first_viewed, expected.first_viewed.map(Day::new));
            prop_assert_eq!(figures.totals.last_viewed, expected.viewers_of_day.keys().next_back().map(|day| Day::new(*day)));
            let days: Vec<(i32, usize)> =
                figures.viewers_per_day.iter().map(|entry| (entry.day.days_since_1970(), entry.viewers as usize)).collect();
            let expected_days: Vec<(i32, usize)> = expected.viewers_of_day.iter().map(|(day, who)| (*day, who.len())).collect();
            prop_assert_eq!(days, expected_days);
            prop_assert_eq!(figures.chunks.len(), if duration.is_some_and(|secs| secs > 0) { 20 } else { 0 });
            for (index, chunk) in figures.chunks.iter().enumerate() {
                prop_assert_eq!(chunk.reached as usize, expected.reached[index]);
                prop_assert_eq!(chunk.covered as usize, expected.covered[index]);
                prop_assert!(close(chunk.spent_secs, expected.spent_secs[index] as f64));
                prop_assert!(close(chunk.average_secs * f64::from(chunk.reached), chunk.spent_secs));
                prop_assert!(chunk.covered <= chunk.reached && chunk.reached <= figures.totals.unique_viewers);
            }
        }
    }

    #[test]
    fn course_rows_equal_video_figures_and_totals_the_oracle(course in courses()) {
        let views = course.views();
        let figures = CourseFigures::new(&views, course.range);
        prop_assert_eq!(figures.rows.len(), course.durations.len());
        let mut viewers = std::collections::BTreeSet::new();
        let mut viewers_of_day = std::collections::BTreeMap::<i32, std::collections::BTreeSet<u32>>::new();
        for (video, row) in figures.rows.iter().enumerate() {
            let counted = count(&course.runs, video as u32, course.durations[video], course.range);
            viewers.extend(counted.viewers.iter().copied());
            for (day, who) in &counted.viewers_of_day {
                viewers_of_day.entry(*day).or_default().extend(who);
            }
            let of_video = VideoFigures::new(&views, video, course.range);
            prop_assert_eq!(row.totals.unique_viewers, of_video.totals.unique_viewers);
            prop_assert_eq!(row.totals.covered_viewers, of_video.totals.covered_viewers);
            prop_assert_eq!(row.totals.covered_percent, of_video.totals.covered_percent);
            prop_assert_eq!(row.totals.typical_percent, of_video.totals.typical_percent);
            prop_assert_eq!(row.totals.watch_secs.to_bits(), of_video.totals.watch_secs.to_bits());
            prop_assert_eq!(row.totals.replayed_secs.to_bits(), of_video.totals.replayed_secs.to_bits());
            prop_assert_eq!(row.totals.first_viewed, of_video.totals.first_viewed);
            prop_assert_eq!(row.totals.last_viewed, of_video.totals.last_viewed);
            for (index, chunk) in of_video.chunks.iter().enumerate() {
                prop_assert_eq!(row.reached[index], chunk.reached);
                prop_assert_eq!(row.covered[index], chunk.covered);
                prop_assert_eq!(row.average_secs[index].to_bits(), chunk.average_secs.to_bits());
                for measure in MapMeasure::ALL {
                    let value = measure.value(row, index);
                    let few = row.totals.duration_secs.is_some() && (1..5).contains(&row.totals.unique_viewers);
                    prop_assert!(!few || matches!(value, Statistic::TooFew | Statistic::Absent), "{measure:?} {value:?}");
                    prop_assert!(few || value != Statistic::TooFew);
                    let (least, most) = match measure {
                        MapMeasure::Reached | MapMeasure::Covered | MapMeasure::PlayedAgain => (0.0, 100.0),
                        MapMeasure::Rewatched => (0.0, f64::INFINITY),
                        MapMeasure::ComparedWithCourse | MapMeasure::Difference => (-100.0, 100.0),
                    };
                    prop_assert!(value.value().is_none_or(|value| (least..=most).contains(&value)));
                }
                prop_assert!(close(row.again_secs[index], counted.again_secs[index] as f64));
            }
        }
        prop_assert_eq!(figures.unique_viewers as usize, viewers.len());
        let days: Vec<(i32, usize)> =
            figures.viewers_per_day.iter().map(|entry| (entry.day.days_since_1970(), entry.viewers as usize)).collect();
        prop_assert_eq!(days, viewers_of_day.iter().map(|(day, who)| (*day, who.len())).collect::<Vec<_>>());
        prop_assert!(close(figures.watch_secs, figures.rows.iter().map(|row| row.totals.watch_secs).sum::<f64>()));
    }

    #[test]
    fn figures_do_not_depend_on_the_order_of_the_runs(course in courses(), seed in any::<u64>()) {
        let mut shuffled = course.clone();
        for index in (1..shuffled.runs.len()).rev() {
            shuffled.runs.swap(index, (seed.rotate_left(index as u32) % (index as u64 + 1)) as usize);
        }
        prop_assert_eq!(
            CourseFigures::new(&shuffled.views(), course.range),
            CourseFigures::new(&course.views(), course.range)
        );
    }

    #[test]
    fn viewers_across_time_fill_the_domain_and_count_each_viewer_once_a_period(course in courses()) {
        let views = course.views();
        let Some(domain) = views.days() else { return Ok(()) };
        for period in [Period::Day, Period::Week, Period::Month] {
            for video in std::iter::once(None).chain((0..course.durations.len()).map(Some)) {
                let across = views.viewers_across_time(video, domain, period);
                prop_assert_eq!(across[0].days.first(), domain.first());
                prop_assert_eq!(across[across.len() - 1].days.last(), domain.last());
                for pair in across.windows(2) {
                    prop_assert_eq!(pair[0].days.last().plus(1), pair[1].days.first());
                }
                for entry in across {
                    let who: std::collections::BTreeSet<u32> = course
                        .runs
                        .iter()
                        .filter(|run| entry.days.contains(Day::new(run.day)))
                        .filter(|run| video.is_none_or(|video| run.video as usize == video))
                        .map(|run| run.viewer)
                        .collect();
                    prop_assert_eq!(entry.viewers as usize, who.len());
                }
            }
        }
    }
}

fn info(index: usize, duration_secs: Option<f64>) -> VideoInfo {
    VideoInfo { duration_secs, ..oracle::video(index, None) }
}

fn run(video: u32, viewer: u32, day: i32, start_secs: f64, stop_secs: f64) -> Run {
    Run { video, viewer, day: Day::new(day), start_secs, stop_secs }
}

#[test]
fn a_chunk_covered_over_two_days_is_covered() {
    let views = CourseViews::new(vec![info(0, Some(200.0))], vec![run(0, 0, 1, 0.0, 4.0), run(0, 0, 2, 4.0, 8.0)]);
    assert_eq!(VideoFigures::new(&views, 0, DateRange::ALL).chunks[0].covered, 1);
    let first_day = DateRange::between(Day::new(1), Day::new(1));
    let chunk = VideoFigures::new(&views, 0, first_day).chunks[0];
    assert_eq!((chunk.reached, chunk.covered), (1, 0));
}

#[test]
fn the_average_is_per_viewer_not_per_viewer_and_day() {
    let runs = vec![run(0, 0, 1, 0.0, 10.0), run(0, 0, 2, 0.0, 10.0), run(0, 1, 1, 0.0, 10.0)];
    let views = CourseViews::new(vec![info(0, Some(200.0))], runs);
    assert!((VideoFigures::new(&views, 0, DateRange::ALL).chunks[0].average_secs - 15.0).abs() < 1e-12);
}

#[test]
fn records_that_play_nothing_make_a_viewer_who_reached_nothing() {
    let runs = vec![run(0, 0, 1, 50.0, 50.0), run(0, 1, 1, 300.0, 400.0), run(1, 2, 3, 0.0, 60.0)];
    let views = CourseViews::new(vec![info(0, Some(200.0)), info(1, None)], runs);
    let figures = VideoFigures::new(&views, 0, DateRange::ALL);
    assert_eq!((figures.totals.unique_viewers, figures.totals.typical_percent), (2, Statistic::TooFew));
    assert!(figures.chunks.iter().all(|chunk| chunk.reached == 0 && chunk.average_secs == 0.0));
    let without_length = VideoFigures::new(&views, 1, DateRange::ALL);
    assert_eq!((without_length.totals.unique_viewers, without_length.totals.covered_viewers), (1, 0));
    let none = (Statistic::Absent, Statistic::Absent);
    assert_eq!((without_length.totals.covered_percent, without_length.totals.typical_percent), none);
    let rows = CourseFigures::new(&views, DateRange::ALL).rows;
    assert_eq!(HeatMeasure::WatchTime.value(&rows[1]), Statistic::Absent);
}

/// Thirds of a second cannot be added up exactly; runs that only touch are still not a replay.
#[test]
fn what_is_played_on_from_where_it_stopped_is_not_watched_again() {
    let third = 1.0 / 3.0;
    let steps =
        |from: u32, to: u32| (from..to).map(|at| run(0, 1, 1, f64::from(at) * third, f64::from(at + 1) * third));
    let replayed = |runs: Vec<Run>| {
        // Five of each, because with fewer viewers there is no share.
        let five =
            runs.into_iter().flat_map(|run| (0..5).map(move |copy| Run { viewer: run.viewer * 5 + copy, ..run }));
        let views = CourseViews::new(vec![info(0, Some(200.0))], five.collect());
        let totals = VideoFigures::new(&views, 0, DateRange::ALL).totals;
        let figure = FIGURES_OF_VIDEO.iter().find(|of| of.figure == Figure::WatchedAgain).unwrap();
        (totals.replayed_secs, figure.text(&totals))
    };
    assert_eq!(replayed(steps(0, 300).collect()), (0.0, "0.0 %".to_owned()));
    let again = steps(0, 300).chain([run(0, 1, 2, 0.0, 50.0), run(0, 2, 2, 0.0, 50.0)]).collect();
    // 50 s of the 200 s that were played; another viewer's first pass is not a replay.
    assert_eq!(replayed(again).1, "25.0 %");
    assert_eq!(replayed(Vec::new()).1, "–");
}

#[test]
fn a_course_without_records_has_figures() {
    let views = CourseViews::new(vec![info(0, Some(200.0))], Vec::new());
    assert_eq!(views.days(), None);
    let figures = CourseFigures::new(&views, DateRange::ALL);
    assert_eq!((figures.unique_viewers, figures.rows[0].totals.covered_percent), (0, Statistic::Absent));
    assert_eq!(figures.top_by_viewers(5), Vec::<usize>::new());
    assert_eq!(CourseFigures::new(&CourseViews::new(Vec::new(), Vec::new()), DateRange::ALL).rows, []);
}

#[test]
fn equals_in_the_top_lists_stand_in_lecture_order() {
    let videos = (0..4).map(|index| VideoInfo { order: 4 - index as u32, ..info(index, Some(200.0)) }).collect();
    let halves = |video| (0..6).map(move |viewer| run(video, viewer, 1, 0.0, if viewer < 3 { 200.0 } else { 20.0 }));
    let runs = (0..3).flat_map(halves).collect();
    let figures = CourseFigures::new(&CourseViews::new(videos, runs), DateRange::ALL);
    assert_eq!(figures.top_by_viewers(5), [2, 1, 0]);
    assert_eq!(figures.top_by_covered_percent(2), [2, 1]);
    assert_eq!(figures.rows[0].totals.covered_percent, Statistic::Value(50.0));
    // The video that nobody watched has no place on the scale.
    assert_eq!(figures.heat_extent(HeatMeasure::UniqueViewers), Some((6.0, 6.0)));
    assert_eq!(figures.heat_extent(HeatMeasure::CoveredPercent), Some((50.0, 50.0)));
}

#[test]
fn a_course_s_viewer_of_many_videos_counts_once() {
    let runs = vec![run(0, 7, 1, 0.0, 10.0), run(1, 7, 1, 0.0, 10.0), run(1, 3, 2, 0.0, 10.0)];
    let views = CourseViews::new(vec![info(0, Some(200.0)), info(1, Some(200.0))], runs);
    let figures = CourseFigures::new(&views, DateRange::ALL);
    assert_eq!(figures.unique_viewers, 2);
    assert_eq!(figures.viewers_per_day.iter().map(|entry| entry.viewers).collect::<Vec<_>>(), [1, 1]);
}

/// The viewers who watched the first part of a video of 200 s, each for one of these numbers of seconds.
fn first_part(video: u32, secs: &[f64]) -> Vec<Run> {
    (0..).zip(secs).map(|(viewer, secs)| run(video, viewer, 1, 0.0, *secs)).collect()
}

#[test]
fn one_to_four_viewers_are_counted_and_not_summed_up() {
    for (viewers, size) in [(4, GroupSize::TooFew), (5, GroupSize::Few), (10, GroupSize::Enough)] {
        let views = CourseViews::new(vec![info(0, Some(200.0))], first_part(0, &vec![160.0; viewers]));
        let figures = VideoFigures::new(&views, 0, DateRange::ALL);
        let row = &CourseFigures::new(&views, DateRange::ALL).rows[0];
        assert_eq!((figures.totals.group_size(), row.totals.group_size()), (size, size));
        assert_eq!((figures.totals.unique_viewers, figures.totals.covered_viewers), (viewers as u32, viewers as u32));
        let all = if viewers < 5 { Statistic::TooFew } else { Statistic::Value(100.0) };
        assert_eq!((figures.totals.covered_percent, row.totals.covered_percent), (all, all));
        let typical = if viewers < 5 { Statistic::TooFew } else { Statistic::Value(80.0) };
        assert_eq!((figures.totals.typical_percent, row.totals.typical_percent), (typical, typical));
        let times = if viewers < 5 { Statistic::TooFew } else { Statistic::Value(1.0) };
        assert_eq!(MapMeasure::Rewatched.value(row, 0), times);
        assert_eq!(HeatMeasure::CoveredPercent.value(row), all);
    }
}

#[test]
fn a_video_whose_first_viewing_was_earlier_says_so() {
    // Half on day 1, the other half on day 9: covered as a whole, but not on the later days alone.
    let runs = (0..5).flat_map(|viewer| [run(0, viewer, 1, 0.0, 100.0), run(0, viewer, 9, 100.0, 200.0)]);
    let others = (0..5).map(|viewer| run(1, viewer, 9, 0.0, 200.0));
    let views = CourseViews::new(vec![info(0, Some(200.0)), info(1, Some(200.0))], runs.chain(others).collect());
    let all = CourseFigures::new(&views, DateRange::ALL);
    let later = CourseFigures::new(&views, DateRange::between(Day::new(5), Day::new(20)));
    assert_eq!(later.rows.iter().map(|row| row.totals.begins_before_range).collect::<Vec<_>>(), [true, false]);
    assert_eq!(later.rows[0].totals.covered_percent, Statistic::Value(0.0));
    let beside = |video: usize| model::readout::beside_all_dates(&later.rows[video].totals, &all.rows[video].totals);
    assert_eq!(beside(0).as_deref(), Some("in these days; 100.0 % in all"));
    assert_eq!(beside(1), None);
    let from_the_first = CourseFigures::new(&views, DateRange::between(Day::new(1), Day::new(4)));
    assert!(!from_the_first.rows[0].totals.begins_before_range);
    assert!(VideoFigures::new(&views, 0, later.range).totals.begins_before_range);
}

#[test]
fn a_part_is_compared_with_the_middle_of_the_course() {
    // Five videos whose first part is reached by 10, 20, 30, 40 and 100 % of ten viewers; the rest of them watch the
    // end.
    let videos: Vec<VideoInfo> = (0..5).map(|index| info(index, Some(200.0))).collect();
    let runs = (0..).zip([1, 2, 3, 4, 10]).flat_map(|(video, reached)| {
        (0..10).map(move |viewer| {
            let start_secs = if viewer < reached { 0.0 } else { 190.0 };
            run(video, viewer, 1, start_secs, start_secs + 10.0)
        })
    });
    let runs: Vec<Run> = runs.collect();
    let figures = CourseFigures::new(&CourseViews::new(videos.clone(), runs.clone()), DateRange::ALL);
    let compared =
        |figures: &CourseFigures, video: usize| MapMeasure::ComparedWithCourse.value(&figures.rows[video], 0);
    let points = [0, 1, 2, 3, 4].map(|video| compared(&figures, video).value().unwrap().round() as i32);
    assert_eq!(points, [-20, -10, 0, 10, 70]);
    // Four videos are too few for a meaningful median.
    let fewer = runs.into_iter().filter(|run| run.video < 4).collect();
    let figures = CourseFigures::new(&CourseViews::new(videos, fewer), DateRange::ALL);
    assert_eq!(compared(&figures, 0), Statistic::Absent);
}

/// The mean number of viewers at a place of a part, from the exact timeline: nothing of it is shared with the figures.
fn mean_viewers(views: &CourseViews, video: usize, part: usize) -> f64 {
    let borders = Borders::new(views, video).unwrap();
    let timeline = Timeline::new(views, &borders, DateRange::ALL);
    let length_secs = timeline.duration_secs() / 20.0;
    let part = Interval::new(length_secs * part as f64, length_secs * (part + 1) as f64).unwrap();
    let seconds = timeline.steps().map(|step| {
        let shared = (step.to_secs.min(part.end_secs()) - step.from_secs.max(part.start_secs())).max(0.0);
        shared * f64::from(step.viewers)
    });
    seconds.sum::<f64>() / length_secs
}

#[test]
fn the_usual_is_the_middle_of_what_the_timelines_of_similar_videos_hold() {
    // Six lectures of about 200 s, each held differently, and four clips of 20 s that everybody watches to the end.
    let lengths = [200.0, 210.0, 190.0, 205.0, 195.0, 220.0, 20.0, 20.0, 20.0, 20.0];
    let videos: Vec<VideoInfo> = lengths.iter().enumerate().map(|(index, secs)| info(index, Some(*secs))).collect();
    let mut runs = Vec::new();
    for (video, length_secs) in (0..).zip(lengths) {
        for viewer in 0..8 {
            let until_secs = if video < 6 { length_secs * f64::from(viewer + video) / 14.0 } else { length_secs };
            runs.push(run(video, viewer, 1, 0.0, until_secs + 1.0));
            // What is played again makes no more viewers.
            runs.push(run(video, viewer, 2, 3.0, 9.0));
        }
    }
    let views = CourseViews::new(videos, runs.clone());
    let usual = usual_viewers_percent(&CourseFigures::new(&views, DateRange::ALL).rows, 0).unwrap();
    for (part, usual) in usual.into_iter().enumerate() {
        let mut shares: Vec<f64> = (1..6).map(|video| mean_viewers(&views, video, part) / 8.0 * 100.0).collect();
        shares.sort_by(f64::total_cmp);
        assert!((usual - shares[2]).abs() < 1e-6, "part {part}: {usual}, {shares:?}");
    }
    // Of a clip there are three others alike, which are too few: all nine others count.
    let usual = usual_viewers_percent(&CourseFigures::new(&views, DateRange::ALL).rows, 9).unwrap();
    let mut shares: Vec<f64> = (0..9).map(|video| mean_viewers(&views, video, 19) / 8.0 * 100.0).collect();
    shares.sort_by(f64::total_cmp);
    assert!((usual[19] - shares[4]).abs() < 1e-6, "{usual:?} {shares:?}");
    // Fewer than five others with enough viewers make no usual.
    let few: Vec<Run> = runs.into_iter().filter(|run| run.video < 5).collect();
    let videos = (0..5).map(|index| info(index, Some(lengths[index]))).collect();
    let rows = &CourseFigures::new(&CourseViews::new(videos, few), DateRange::ALL).rows;
    assert_eq!(usual_viewers_percent(rows, 0), None);
}

#[test]
fn playing_again_is_what_the_same_viewer_had_played_before() {
    let mut runs = first_part(0, &[10.0; 5]);
    // Viewer 0 plays half of the part twice more: 10 s of 60 s had been played before.
    runs.extend([run(0, 0, 2, 0.0, 5.0), run(0, 0, 3, 0.0, 5.0)]);
    let views = CourseViews::new(vec![info(0, Some(200.0))], runs);
    let row = &CourseFigures::new(&views, DateRange::ALL).rows[0];
    let again = MapMeasure::PlayedAgain.value(row, 0).value().unwrap();
    assert!((again - 10.0 / 60.0 * 100.0).abs() < 1e-9, "{again}");
    assert_eq!(MapMeasure::PlayedAgain.value(row, 1), Statistic::Absent);
}

#[test]
fn these_days_are_those_of_the_video_within_the_chosen() {
    let views = CourseViews::new(
        vec![info(0, Some(200.0)), info(1, Some(200.0))],
        vec![run(0, 0, 1, 0.0, 9.0), run(1, 0, 20, 0.0, 9.0), run(1, 1, 25, 0.0, 9.0), run(1, 0, 31, 0.0, 9.0)],
    );
    let days = |first: i32, last: i32| DateRange::between(Day::new(first), Day::new(last));
    assert_eq!(model::days_of_video(&views, 1, DateRange::ALL), Some(days(20, 31)));
    assert_eq!(model::days_of_video(&views, 1, days(22, 90)), Some(days(22, 31)));
    assert_eq!(model::days_of_video(&views, 0, days(22, 90)), None);
}
