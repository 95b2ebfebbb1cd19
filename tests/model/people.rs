//! People of a course against a count that walks every second of every account, under merging, leaving out, ranges and
//! instants.

use std::collections::{BTreeMap, BTreeSet};

use model::{
    CourseFigures, CourseViews, DateRange, Day, Decisions, Figure, LocalMinute, MatrixCell, PeopleMatrix,
    PeopleOfCourse, Playback, PlayedRun, Role, StripLevel, UserId, ViewingSpan, WatchState, people_of_video,
    people_with_strips, person_of_video, watched_by_day,
};
use proptest::prelude::*;

use crate::oracle::{self, WholeRun};

/// Accounts of a course, numbered by their IDs.
const ACCOUNTS: u32 = 12;

#[derive(Debug, Clone)]
struct Course {
    durations: Vec<Option<i32>>,
    runs: Vec<(WholeRun, u16)>,
    merges: Vec<(u32, u32)>,
    left_out: BTreeSet<u32>,
    span: ViewingSpan,
}

fn courses() -> impl Strategy<Value = Course> {
    let duration =
        prop_oneof![8 => (1..30i32).prop_map(|twentieth| Some(twentieth * 20)), 1 => Just(None), 1 => Just(Some(0))];
    prop::collection::vec(duration, 1..4).prop_flat_map(|durations| {
        let run = (0..durations.len() as u32, 0..ACCOUNTS, 0..8i32, -20..620i32, -3..300i32, 0..1440u16).prop_map(
            |(video, viewer, day, start, length, minute)| {
                (WholeRun { video, viewer, day, start, stop: start + length }, minute)
            },
        );
        let days = prop_oneof![
            Just(DateRange::ALL),
            (-1..9i32, -1..9i32).prop_map(|(a, b)| DateRange::between(Day::new(a), Day::new(b)))
        ];
        let before = prop::option::of((-1..9i32, 0..1440u16).prop_map(|(day, at)| LocalMinute::new(Day::new(day), at)));
        (
            prop::collection::vec(run, 0..120),
            prop::collection::vec((0..ACCOUNTS, 0..ACCOUNTS), 0..6),
            prop::collection::btree_set(0..ACCOUNTS, 0..4),
            (days, before).prop_map(|(range, before)| ViewingSpan { range, before }),
            Just(durations),
        )
            .prop_map(|(runs, merges, left_out, span, durations)| Course {
                durations,
                runs,
                merges,
                left_out,
                span,
            })
    })
}

fn id(account: u32) -> UserId {
    UserId::from_bytes([account as u8 + 1; 16])
}

impl Course {
    fn decisions(&self) -> Decisions {
        let mut decisions = Decisions::default();
        for (one, other) in self.merges.iter().filter(|(one, other)| one != other) {
            decisions.merge(&[id(*one), id(*other)]).unwrap();
        }
        for account in &self.left_out {
            decisions.leave_out(id(*account), Some(Role::Staff));
        }
        decisions
    }

    /// The accounts with records, ascending; what the engine numbers.
    fn viewers(&self) -> Vec<u32> {
        self.runs.iter().map(|(run, _)| run.viewer).collect::<BTreeSet<_>>().into_iter().collect()
    }

    fn views(&self, people: &PeopleOfCourse) -> CourseViews {
        let viewers = self.viewers();
        let number = |account| viewers.binary_search(&account).unwrap() as u32;
        let mut runs: Vec<PlayedRun> = self
            .runs
            .iter()
            .map(|(run, minute)| PlayedRun {
                viewer: number(run.viewer),
                minute: *minute,
                ..PlayedRun::from(run.run())
            })
            .collect();
        people.runs_by_person(&mut runs);
        let videos = self.durations.iter().enumerate().map(|(index, secs)| oracle::video(index, *secs)).collect();
        CourseViews::of_played(videos, runs)
    }

    fn people(&self) -> PeopleOfCourse {
        PeopleOfCourse::new(&self.viewers().into_iter().map(id).collect::<Vec<_>>(), &self.decisions())
    }

    /// Whom each account belongs to, found by walking from account to account; `None` for the left out.
    fn groups(&self) -> BTreeMap<u32, Option<BTreeSet<u32>>> {
        let group = |account: u32| {
            let mut of = BTreeSet::from([account]);
            loop {
                let before = of.len();
                for (one, other) in &self.merges {
                    if of.contains(one) || of.contains(other) {
                        of.extend([*one, *other]);
                    }
                }
                if of.len() == before {
                    return of;
                }
            }
        };
        (0..ACCOUNTS)
            .map(|account| (account, Some(group(account)).filter(|of| of.is_disjoint(&self.left_out))))
            .collect()
    }
}

/// What the oracle knows of one person and one video.
#[derive(Debug, Default)]
struct Counted {
    days: BTreeSet<i32>,
    plays: Vec<u32>,
    watch_secs: i64,
}

fn count(course: &Course, video: usize, accounts: &BTreeSet<u32>) -> Counted {
    let duration = course.durations[video].filter(|secs| *secs > 0);
    let mut counted = Counted { plays: vec![0; duration.unwrap_or(0) as usize], ..Counted::default() };
    let of_video = course.runs.iter().filter(|(run, _)| run.video as usize == video && accounts.contains(&run.viewer));
    let plays_something = |run: &WholeRun| duration.is_some_and(|duration| run.start.max(0) < run.stop.min(duration));
    for (run, minute) in of_video.clone() {
        let day = Day::new(run.day);
        if !course.span.range.contains(day) {
            continue;
        }
        // A record that plays nothing has no minute: where the day has others they decide, else it counts from its start.
        let decided = of_video.clone().any(|(other, _)| other.day == run.day && plays_something(other));
        let at = match (plays_something(run), decided) {
            (true, _) => LocalMinute::new(day, *minute),
            (false, false) => LocalMinute::start_of(day),
            (false, true) => continue,
        };
        if course.span.before.is_some_and(|before| at >= before) {
            // Only on the very day of the instant do minutes decide.
            if at.day() >= course.span.before.unwrap().day() {
                continue;
            }
        }
        counted.days.insert(run.day);
        if plays_something(run) {
            for second in run.seconds(duration.unwrap()) {
                counted.plays[second] += 1;
                counted.watch_secs += 1;
            }
        }
    }
    counted
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(512))]

    #[test]
    fn every_person_is_counted_second_by_second(course in courses()) {
        let people = course.people();
        let views = course.views(&people);
        let groups = course.groups();
        let matrix = PeopleMatrix::new(&views, people.people().len(), course.span);
        for (video, duration) in course.durations.iter().enumerate() {
            let duration = duration.filter(|secs| *secs > 0);
            let found = people_of_video(&views, video, course.span);
            let mut seen = BTreeSet::new();
            for (number, person) in people.people().iter().enumerate() {
                let accounts: BTreeSet<u32> =
                    (0..ACCOUNTS).filter(|account| person.accounts.contains(&id(*account))).collect();
                let group = groups[accounts.first().unwrap()].as_ref();
                prop_assert!(group.is_some_and(|group| accounts.is_subset(group)), "nobody who is left out");
                let expected = count(&course, video, &accounts);
                let ours = found.iter().find(|of| of.person as usize == number);
                prop_assert_eq!(ours.is_some(), !expected.days.is_empty());
                let cell = matrix.row(number)[video];
                let Some(ours) = ours else {
                    prop_assert_eq!(cell, MatrixCell::NotOpened);
                    continue;
                };
                seen.insert(number);
                prop_assert!((ours.watch_secs - expected.watch_secs as f64).abs() < 1e-9);
                prop_assert_eq!(ours.first_day.days_since_1970(), *expected.days.first().unwrap());
                prop_assert_eq!(ours.last_day.days_since_1970(), *expected.days.last().unwrap());
                let covered = expected.plays.iter().filter(|plays| **plays > 0).count();
                let is_covered = duration.is_some_and(|secs| covered * 4 >= secs as usize * 3);
                prop_assert_eq!(ours.state == WatchState::Covered, is_covered);
                prop_assert_eq!(cell.state(), ours.state);
                let percent = duration.map(|secs| covered as f64 / f64::from(secs) * 100.0);
                prop_assert_eq!(ours.coverage_percent.map(|ours| (ours * 1e6).round()), percent.map(|p| (p * 1e6).round()));
                // Each of 100 segments counts whole from one second (or the whole segment where it is shorter).
                let segments = duration.map(|secs| {
                    let watched = |segment: i32| -> f64 {
                        let (from, to) = (f64::from(segment * secs) / 100.0, f64::from((segment + 1) * secs) / 100.0);
                        (from.floor() as usize..to.ceil() as usize)
                            .filter(|second| expected.plays[*second] > 0)
                            .map(|second| (second as f64 + 1.0).min(to) - (second as f64).max(from))
                            .sum()
                    };
                    (0..100).filter(|segment| watched(*segment) >= 1.0_f64.min(f64::from(secs) / 100.0) - 1e-9).count() as u32
                });
                prop_assert_eq!(ours.panopto_percent, segments);
                let places = 20;
                let (again, strip) = person_of_video(&views, video, number as u32, course.span, places).unwrap();
                prop_assert_eq!(&again, ours);
                let all = people_with_strips(&views, video, course.span, places);
                prop_assert_eq!(all.len(), found.len());
                prop_assert!(all.contains(&(again, strip.clone())));
                let drawn = duration.map_or_else(Vec::new, |secs| {
                    let each = secs as usize / places;
                    expected.plays.chunks(each).map(|plays| {
                        let at_least = |least: u32| plays.iter().filter(|plays| **plays >= least).count() * 2 >= each;
                        match (1..=3).rev().find(|least| at_least(*least)) {
                            Some(3) => StripLevel::More,
                            Some(2) => StripLevel::Twice,
                            Some(_) => StripLevel::Once,
                            None if plays.iter().any(|plays| *plays > 0) => StripLevel::Partly,
                            None => StripLevel::No,
                        }
                    }).collect()
                });
                prop_assert_eq!(strip, drawn);
            }
            prop_assert_eq!(seen.len(), found.len(), "nobody else is counted");
        }
        for (number, totals) in matrix.totals().iter().enumerate() {
            let row = matrix.row(number);
            let opened = row.iter().filter(|cell| cell.state() != WatchState::NotOpened).count();
            let covered = row.iter().filter(|cell| cell.state() == WatchState::Covered).count();
            prop_assert_eq!((totals.opened as usize, totals.covered as usize), (opened, covered));
            prop_assert_eq!(totals.first_day.is_some(), opened > 0);
            prop_assert!(totals.first_day <= totals.last_day);
            let (alone, of_alone) = matrix.together(&[number as u32]);
            prop_assert_eq!((alone.as_slice(), of_alone), (row, *totals));
            if course.span.before.is_none() {
                let days: f64 = watched_by_day(&views, &[number as u32], course.span.range).values().sum();
                prop_assert!((days - totals.watch_secs).abs() < 1e-6);
            }
        }
    }

    #[test]
    fn two_accounts_that_are_not_joined_are_as_far_as_the_better_one(course in courses()) {
        let people = course.people();
        let matrix = PeopleMatrix::new(&course.views(&people), people.people().len(), course.span);
        let numbers: Vec<u32> = (0..people.people().len() as u32).take(2).collect();
        let (together, totals) = matrix.together(&numbers);
        for (video, cell) in together.iter().enumerate() {
            let rows = numbers.iter().map(|number| matrix.row(*number as usize)[video]);
            let best = rows.clone().map(MatrixCell::state).max().unwrap_or(WatchState::NotOpened);
            prop_assert_eq!(cell.state(), best);
            let most = rows.filter_map(MatrixCell::percent).fold(0.0_f32, f32::max);
            prop_assert!(cell.percent().is_none_or(|percent| percent >= most));
        }
        let secs: f64 = numbers.iter().map(|number| matrix.totals()[*number as usize].watch_secs).sum();
        prop_assert!((totals.watch_secs - secs).abs() < 1e-9);
    }

    #[test]
    fn figures_of_a_course_are_those_of_its_people(course in courses()) {
        let people = course.people();
        let range = course.span.range;
        let figures = CourseFigures::new(&course.views(&people), range);
        let span = ViewingSpan::of_days(range);
        for (video, row) in figures.rows.iter().enumerate() {
            let found = people_of_video(&course.views(&people), video, span);
            prop_assert_eq!(row.totals.unique_viewers as usize, found.len());
            let covered = found.iter().filter(|of| of.state == WatchState::Covered).count();
            prop_assert_eq!(row.totals.covered_viewers as usize, covered);
        }
    }

    #[test]
    fn decisions_hold_together_whatever_is_merged_and_parted(
        steps in prop::collection::vec((0..4u8, 0..ACCOUNTS, 0..ACCOUNTS), 0..40)
    ) {
        let mut decisions = Decisions::default();
        // Beside it: a set of sets, and who is left out.
        let mut people: Vec<BTreeSet<u32>> = (0..ACCOUNTS).map(|account| BTreeSet::from([account])).collect();
        let mut left_out: BTreeSet<u32> = BTreeSet::new();
        for (step, one, other) in steps {
            let at = |people: &[BTreeSet<u32>], account| people.iter().position(|of| of.contains(&account)).unwrap();
            match step {
                0 if one != other => {
                    decisions.merge(&[id(one), id(other)]).unwrap();
                    let (a, b) = (at(&people, one), at(&people, other));
                    if a != b {
                        let moved = std::mem::take(&mut people[b]);
                        people[a].extend(moved);
                        people.remove(b);
                        let whole = people.iter().find(|of| of.contains(&one)).unwrap();
                        if !whole.is_disjoint(&left_out) {
                            left_out.extend(whole);
                        }
                    }
                }
                1 => {
                    let was_part = decisions.part(id(one));
                    let place = at(&people, one);
                    prop_assert_eq!(was_part, people[place].len() > 1);
                    if was_part {
                        people[place].remove(&one);
                        people.push(BTreeSet::from([one]));
                    }
                }
                2 => {
                    decisions.leave_out(id(one), None);
                    left_out.extend(&people[at(&people, one)]);
                }
                3 => {
                    decisions.count_again(id(one));
                    left_out.retain(|account| !people[at(&people, one)].contains(account));
                }
                _ => {}
            }
            for account in 0..ACCOUNTS {
                let of: BTreeSet<u32> = people[at(&people, account)].clone();
                let person = decisions.person_of(id(account));
                let ours: BTreeSet<UserId> = decisions.accounts_of(person).into_iter().collect();
                prop_assert_eq!(ours, of.into_iter().map(id).collect::<BTreeSet<_>>());
                prop_assert_eq!(decisions.is_left_out(id(account)), left_out.contains(&account));
            }
        }
    }
}

#[test]
fn without_decisions_the_viewing_is_what_it_was() {
    let run = |viewer, start| PlayedRun {
        video: 0,
        viewer,
        day: Day::new(0),
        minute: 5,
        playback: Playback::PLAIN,
        start_secs: start,
        stop_secs: start + 10.0,
    };
    let runs = vec![run(0, 0.0), run(1, 5.0), run(1, 50.0)];
    let mut by_person = runs.clone();
    PeopleOfCourse::new(&[id(0), id(1)], &Decisions::default()).runs_by_person(&mut by_person);
    assert_eq!(by_person, runs);
}

#[test]
fn the_figures_of_people_are_defined() {
    for figure in [Figure::PersonCoverage, Figure::PanoptoPercent, Figure::Sittings, Figure::NotOpened, Figure::Behind]
    {
        assert!(figure.definition().len() > 80, "{figure:?}");
    }
}
