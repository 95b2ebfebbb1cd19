//! Dates of a course and what follows from them, against a count that walks every second of every viewer.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use chrono_tz::Tz;
use model::{
    BeforeDate, CourseDate, CourseDates, CourseViews, DateKind, DateRange, Day, Due, Flag, FlagVideos, LocalMinute,
    OnTime, OnTimeRule, Pace, PersonOnTime, PlayedRun, ReadOut, Run, SessionId, Statistic, WeeksActive, When, flags,
    ranges_that_follow,
};
use proptest::prelude::*;

use crate::oracle::{self, WholeRun};

fn day(text: &str) -> Day {
    Day::from_date(text.parse().unwrap())
}

fn date(number: u32, kind: DateKind, name: &str, when: When) -> CourseDate {
    CourseDate { number, kind, name: name.to_owned(), when, videos: Vec::new(), source: None }
}

fn whole_day(text: &str) -> When {
    When::Days(DateRange::between(day(text), day(text)))
}

fn at(text: &str, zone: Tz) -> When {
    When::At(text.parse::<DateTime<Utc>>().unwrap(), zone)
}

fn empty() -> CourseViews {
    CourseViews::new(Vec::new(), Vec::new())
}

#[test]
fn an_instant_is_seen_on_the_reporting_calendar() {
    // Monday morning in Tokyo is Sunday evening in Vancouver.
    let exam = date(1, DateKind::Exam, "Midterm", at("2026-10-05T00:30:00Z", Tz::Asia__Tokyo));
    let flag = Flag::new(&exam, &empty(), Tz::America__Vancouver);
    assert_eq!(flag.day(), day("2026-10-04"));
    assert_eq!(flag.cutoff(), LocalMinute::new(day("2026-10-04"), 17 * 60 + 30));
    assert_eq!(flag.text(), "Midterm, Sun 4 Oct 17:30");
    let tokyo = Flag::new(&exam, &empty(), Tz::Asia__Tokyo);
    assert_eq!((tokyo.day(), tokyo.when()), (day("2026-10-05"), "Mon 5 Oct 09:30"));
}

#[test]
fn an_exam_begins_with_its_day_and_a_deadline_ends_with_it() {
    let of = |kind| Flag::new(&date(1, kind, "x", whole_day("2026-10-05")), &empty(), Tz::UTC).cutoff();
    assert_eq!(of(DateKind::Exam), LocalMinute::start_of(day("2026-10-05")));
    assert_eq!(of(DateKind::Deadline), LocalMinute::start_of(day("2026-10-06")));
    let timed = Flag::new(&date(1, DateKind::Deadline, "x", at("2026-10-05T23:59:00Z", Tz::UTC)), &empty(), Tz::UTC);
    assert_eq!(timed.cutoff(), LocalMinute::new(day("2026-10-05"), 1439));
}

#[test]
fn flags_stand_in_the_order_of_time_and_know_their_videos() {
    let views = CourseViews::new(vec![oracle::video(0, Some(200)), oracle::video(1, Some(200))], Vec::new());
    let mut quiz = date(1, DateKind::Exam, "Quiz", at("2026-10-05T15:00:00Z", Tz::UTC));
    quiz.videos = vec![SessionId::from_bytes([1; 16]), SessionId::from_bytes([9; 16])];
    let all = date(2, DateKind::Lecture, "Lecture", at("2026-10-05T09:00:00Z", Tz::UTC));
    let placed = flags(&[quiz, all], &views, Tz::UTC);
    assert_eq!(placed.iter().map(|flag| flag.number).collect::<Vec<_>>(), [2, 1]);
    assert_eq!(placed[1].videos, FlagVideos::Some(vec![1]), "a video that has gone is not there");
    assert!(placed[0].concerns(0) && placed[1].concerns(1) && !placed[1].concerns(0));
}

#[test]
fn ranges_follow_from_exams_deadlines_and_the_last_lecture() {
    let dates = [
        date(1, DateKind::Exam, "Midterm", at("2026-10-05T09:00:00Z", Tz::UTC)),
        date(2, DateKind::Deadline, "Essay", whole_day("2026-10-16")),
        date(3, DateKind::Lecture, "Lecture", whole_day("2026-10-01")),
        date(4, DateKind::Lecture, "Lecture", whole_day("2026-10-08")),
        date(5, DateKind::Lecture, "Lecture", whole_day("2026-12-08")),
        date(6, DateKind::Exam, "Final", whole_day("2026-12-14")),
        date(7, DateKind::Exam, "Last year's", whole_day("2025-12-14")),
        date(8, DateKind::Break, "Reading week", whole_day("2026-11-09")),
    ];
    let viewing = DateRange::between(day("2026-08-24"), day("2026-10-20"));
    let found = ranges_that_follow(&flags(&dates, &empty(), Tz::UTC), viewing, day("2026-10-20"));
    let told: Vec<(&str, String)> =
        found.iter().map(|range| (range.label.as_str(), model::words::range(range.days))).collect();
    let expected = [
        // Whole days: the morning of the exam is not among them, the day of the deadline is.
        ("Until Midterm", "24 Aug – 4 Oct 2026"),
        ("The week before Midterm", "28 Sept – 4 Oct 2026"),
        ("Until Essay", "24 Aug – 16 Oct 2026"),
        ("The week before Essay", "10 – 16 Oct 2026"),
        // Its week has not begun.
        ("Until Final", "24 Aug – 13 Dec 2026"),
        ("Since the last lecture", "8 – 20 Oct 2026"),
    ];
    assert_eq!(told, expected.map(|(label, days)| (label, days.to_owned())));
}

#[test]
fn a_video_is_due_by_the_next_date_that_concerns_it_or_after_so_many_days() {
    let run = |video, date: &str| Run { video, viewer: 0, day: day(date), start_secs: 0.0, stop_secs: 9.0 };
    let videos = (0..3).map(|index| oracle::video(index, Some(200))).collect();
    let views = CourseViews::new(videos, vec![run(0, "2026-09-01"), run(1, "2026-10-05")]);
    let mut quiz = date(1, DateKind::Deadline, "Quiz", whole_day("2026-09-03"));
    quiz.videos = vec![SessionId::from_bytes([1; 16])];
    let dates = vec![
        date(2, DateKind::Exam, "Final", whole_day("2026-12-14")),
        date(3, DateKind::Exam, "Midterm", at("2026-10-05T09:00:00Z", Tz::UTC)),
        date(4, DateKind::Lecture, "Lecture", whole_day("2026-09-02")),
        quiz,
    ];
    let mut kept = CourseDates { dates, ..CourseDates::default() };
    let placed = flags(&kept.dates, &views, Tz::UTC);
    let due = |kept: &CourseDates, video| Due::of(&views, video, kept, &placed);
    assert_eq!(due(&kept, 0).map(|due| (due.number, due.text)), Some((Some(3), "Midterm, Mon 5 Oct 09:00".to_owned())));
    assert_eq!(due(&kept, 1).and_then(|due| due.number), Some(3), "first watched on the morning of the exam");
    assert_eq!(due(&kept, 2), None, "nobody has watched it yet");
    kept.on_time = OnTimeRule::DaysAfterFirstViewing(7);
    let week = due(&kept, 0).unwrap();
    assert_eq!(week.cutoff, LocalMinute::start_of(day("2026-09-09")));
    assert_eq!(week.text, "7 days after the first viewing, Tue 8 Sept 2026");
    assert!(week.has_passed(Some(day("2026-09-08"))) && !week.has_passed(Some(day("2026-09-07"))));
    assert!(!week.has_passed(None));
}

#[test]
fn minutes_decide_on_the_day_of_the_deadline() {
    // Six viewers cover all of it on the day of the deadline: two before 09:00, one in that minute, three after.
    let minutes = [0, 539, 540, 541, 600, 1439];
    let runs = minutes.iter().zip(0..).map(|(minute, viewer)| PlayedRun {
        minute: *minute,
        ..PlayedRun::from(Run { video: 0, viewer, day: day("2026-10-05"), start_secs: 0.0, stop_secs: 200.0 })
    });
    let views = CourseViews::of_played(vec![oracle::video(0, Some(200))], runs.collect());
    let counted = OnTime::of(&views, 0, LocalMinute::new(day("2026-10-05"), 540));
    assert_eq!((counted.viewers, counted.on_time), (6, 2));
    assert_eq!(counted.percent, Statistic::Value(2.0 / 6.0 * 100.0));
}

#[test]
fn the_read_out_is_a_sentence_and_nothing_is_said_of_few() {
    let exam = date(1, DateKind::Exam, "Midterm", whole_day("2026-10-05"));
    let watched = |viewers: u32| {
        let runs = (0..viewers).flat_map(|viewer| {
            [("2026-09-01", 0.0, 100.0), ("2026-10-01", 100.0, 150.0), ("2026-10-03", 150.0, 200.0)].map(
                move |(date, start_secs, stop_secs)| Run { video: 0, viewer, day: day(date), start_secs, stop_secs },
            )
        });
        CourseViews::new(vec![oracle::video(0, Some(200))], runs.collect())
    };
    let told = |views: &CourseViews, through: &str| {
        let flag = Flag::new(&exam, views, Tz::UTC);
        match BeforeDate::of(views, &flag, Some(day(through))) {
            ReadOut::Counted(before) => before.sentence(),
            other => panic!("{other:?}"),
        }
    };
    assert_eq!(
        told(&watched(8), "2026-10-05"),
        "50.0 % of the watch time of 1 video fell in the 7 days before, 25.0 % in the last 3; 100.0 % of 8 viewers had \
         covered at least 75 % of them together"
    );
    assert_eq!(
        told(&watched(8), "2026-10-03"),
        "So far 100.0 % of 8 viewers have covered at least 75 % of 1 video together"
    );
    assert_eq!(told(&watched(4), "2026-10-05"), "4 viewers of 1 video before it: too few to say anything in general");
    let lecture = Flag::new(&date(1, DateKind::Lecture, "x", whole_day("2026-10-05")), &empty(), Tz::UTC);
    assert_eq!(BeforeDate::of(&watched(8), &lecture, None), ReadOut::Nothing);
    let early = Flag::new(&date(1, DateKind::Exam, "x", whole_day("2026-09-01")), &empty(), Tz::UTC);
    assert_eq!(BeforeDate::of(&watched(8), &early, None), ReadOut::NobodyBefore);
}

#[test]
fn pace_counts_weeks_from_the_first_viewing() {
    let run =
        |viewer, date: &str, stop: f64| Run { video: 0, viewer, day: day(date), start_secs: 0.0, stop_secs: stop };
    let runs = vec![
        run(0, "2026-09-03", 10.0),
        run(1, "2026-09-09", 200.0),
        // A second week begins seven days after the first viewing.
        run(0, "2026-09-10", 150.0),
        run(2, "2026-09-30", 200.0),
        run(3, "2026-09-10", 200.0),
        run(4, "2026-09-10", 200.0),
    ];
    let views = CourseViews::new(vec![oracle::video(0, Some(200)), oracle::video(1, Some(200))], runs);
    let pace = Pace::of(&views, 0, Some(day("2026-10-01"))).unwrap();
    assert_eq!(pace.first_viewed, day("2026-09-03"));
    assert_eq!(pace.weeks, WeeksActive { active: 3, of: 5 });
    assert_eq!((pace.covered_viewers, pace.days_until_watched), (5, Statistic::Value(7.0)));
    assert_eq!(Pace::of(&views, 1, None), None);
}

#[derive(Debug, Clone)]
struct TimedRun {
    run: WholeRun,
    minute: u16,
}

const DURATIONS: [i32; 3] = [100, 200, 40];

fn timed_runs() -> impl Strategy<Value = Vec<TimedRun>> {
    let run = (0u32..3, 0u32..9, 0i32..25, 0u16..1440, -20i32..220, 0i32..200);
    let run = run.prop_map(|(video, viewer, day, minute, start, length)| TimedRun {
        run: WholeRun { video, viewer, day, start, stop: start + length },
        minute,
    });
    prop::collection::vec(run, 1..80)
}

/// The seconds of each viewer of a video whose runs `counts`.
fn seconds(runs: &[TimedRun], video: u32, counts: impl Fn(&TimedRun) -> bool) -> BTreeMap<u32, Vec<u32>> {
    let duration = DURATIONS[video as usize];
    let mut of_viewer: BTreeMap<u32, Vec<u32>> = BTreeMap::new();
    for timed in runs.iter().filter(|timed| timed.run.video == video) {
        let plays = of_viewer.entry(timed.run.viewer).or_insert_with(|| vec![0; duration as usize]);
        for second in timed.run.seconds(duration).filter(|_| counts(timed)) {
            plays[second] += 1;
        }
    }
    of_viewer
}

fn covers(plays: &[u32]) -> bool {
    plays.iter().filter(|plays| **plays > 0).count() * 4 >= plays.len() * 3
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, ..ProptestConfig::default() })]

    #[test]
    fn what_one_person_covered_by_the_day_is_what_a_count_of_seconds_finds(
        runs in timed_runs(),
        cutoffs in proptest::collection::vec((-3i32..30, 0u16..1440), 3),
    ) {
        let mut videos: Vec<_> =
            DURATIONS.iter().enumerate().map(|(index, secs)| oracle::video(index, Some(*secs))).collect();
        videos.push(oracle::video(3, None));
        let played = runs.iter().map(|timed| PlayedRun { minute: timed.minute, ..PlayedRun::from(timed.run.run()) });
        let views = CourseViews::of_played(videos, played.collect());
        let viewers: std::collections::BTreeSet<u32> = runs.iter().map(|timed| timed.run.viewer).collect();
        let cutoff = |video: usize| cutoffs[video.min(2)];
        let due: Vec<(usize, LocalMinute)> = (0..4)
            .map(|video| (video, LocalMinute::new(Day::new(cutoff(video).0), cutoff(video).1)))
            .collect();
        let had_covered = |video: u32, viewer: u32| {
            let before = seconds(&runs, video, |timed| (timed.run.day, timed.minute) < cutoff(video as usize));
            before.get(&viewer).is_some_and(|plays| covers(plays))
        };
        for viewer in &viewers {
            for other in &viewers {
                let expected = (0..3).filter(|video| had_covered(*video, *viewer) || had_covered(*video, *other)).count();
                let counted = PersonOnTime::of(&views, &[*viewer, *other], due.clone());
                prop_assert_eq!(counted, PersonOnTime { due: 3, on_time: expected as u32 });
            }
        }
        prop_assert_eq!(PersonOnTime::of(&views, &[], due), PersonOnTime { due: 3, on_time: 0 });
        prop_assert_eq!(PersonOnTime::of(&views, &[0], []), PersonOnTime::default());
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, ..ProptestConfig::default() })]

    #[test]
    fn what_follows_from_dates_is_what_a_count_of_seconds_finds(
        runs in timed_runs(),
        cutoff_day in -3i32..30,
        cutoff_minute in 0u16..1440,
        through in 0i32..40,
    ) {
        let videos = DURATIONS.iter().enumerate().map(|(index, secs)| oracle::video(index, Some(*secs))).collect();
        let played = runs.iter().map(|timed| PlayedRun { minute: timed.minute, ..PlayedRun::from(timed.run.run()) });
        let views = CourseViews::of_played(videos, played.collect());
        let cutoff = (cutoff_day, cutoff_minute);
        let is_before = |timed: &TimedRun| (timed.run.day, timed.minute) < cutoff;
        let instant = DateTime::from_timestamp(i64::from(cutoff_day) * 86_400 + i64::from(cutoff_minute) * 60, 0).unwrap();
        let exam = date(1, DateKind::Exam, "Exam", When::At(instant, Tz::UTC));
        let flag = Flag::new(&exam, &views, Tz::UTC);

        for video in 0..3u32 {
            let before = seconds(&runs, video, is_before);
            let counted = OnTime::of(&views, video as usize, flag.cutoff());
            prop_assert_eq!(counted.viewers as usize, before.len());
            prop_assert_eq!(counted.on_time as usize, before.values().filter(|plays| covers(plays)).count());

            let of_video = || runs.iter().filter(|timed| timed.run.video == video);
            let pace = Pace::of(&views, video as usize, Some(Day::new(through)));
            let Some(first) = of_video().map(|timed| timed.run.day).min() else {
                prop_assert_eq!(pace, None);
                continue;
            };
            let pace = pace.unwrap();
            let weeks: std::collections::BTreeSet<i32> = of_video().map(|timed| (timed.run.day - first) / 7).collect();
            prop_assert_eq!(pace.weeks.active as usize, weeks.len());
            let end = of_video().map(|timed| timed.run.day).max().unwrap().max(through);
            prop_assert_eq!(pace.weeks.of.cast_signed(), (end - first) / 7 + 1);
            let mut waits: Vec<f64> = Vec::new();
            for viewer in seconds(&runs, video, |_| true).keys() {
                let covered_on = (first..first + 40).find(|last| {
                    let until = seconds(&runs, video, |timed| timed.run.day <= *last);
                    covers(&until[viewer])
                });
                waits.extend(covered_on.map(|day| f64::from(day - first)));
            }
            waits.sort_by(f64::total_cmp);
            prop_assert_eq!(pace.covered_viewers as usize, waits.len());
            let middle = match waits.len() {
                0 => Statistic::Absent,
                1..5 => Statistic::TooFew,
                count => Statistic::Value(f64::midpoint(waits[(count - 1) / 2], waits[count / 2])),
            };
            prop_assert_eq!(pace.days_until_watched, middle);
        }

        let watched: Vec<u32> = (0..3)
            .filter(|video| seconds(&runs, *video, is_before).values().any(|plays| plays.iter().any(|plays| *plays > 0)))
            .collect();
        let total = |counts: &dyn Fn(&TimedRun) -> bool| -> u32 {
            watched.iter().map(|video| seconds(&runs, *video, counts).values().flatten().sum::<u32>()).sum()
        };
        let read_out = BeforeDate::of(&views, &flag, Some(Day::new(through)));
        let all = total(&is_before);
        if all == 0 {
            prop_assert_eq!(read_out, ReadOut::NobodyBefore);
            return Ok(());
        }
        let ReadOut::Counted(before) = read_out else { panic!("{read_out:?}") };
        prop_assert_eq!(before.videos as usize, watched.len());
        prop_assert!((before.watch_secs - f64::from(all)).abs() < 1e-6);
        let mut covered: BTreeMap<u32, usize> = BTreeMap::new();
        for video in &watched {
            for (viewer, plays) in seconds(&runs, *video, is_before) {
                let seen = plays.iter().filter(|plays| **plays > 0).count();
                if seen > 0 {
                    *covered.entry(viewer).or_default() += seen;
                }
            }
        }
        let length: i32 = watched.iter().map(|video| DURATIONS[*video as usize]).sum();
        prop_assert_eq!(before.viewers as usize, covered.len());
        let covering = covered.values().filter(|seen| **seen * 4 >= length as usize * 3).count();
        prop_assert_eq!(before.covered_viewers as usize, covering);
        for (days, told) in [(7, before.in_7_days_percent), (3, before.in_3_days_percent)] {
            let begin = (cutoff_day - days, cutoff_minute);
            let within = total(&|timed: &TimedRun| is_before(timed) && (timed.run.day, timed.minute) >= begin);
            let share = f64::from(within) / f64::from(all) * 100.0;
            match told {
                Statistic::Value(told) => prop_assert!((told - share).abs() < 1e-6 && covered.len() >= 5),
                _ => prop_assert!(covered.len() < 5),
            }
        }
    }
}
