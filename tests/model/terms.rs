//! The term of a course: guessed from its viewing, or set.

use model::{CourseViews, DateRange, Day, Run, Term, TermOrigin};

use crate::oracle;

fn day(text: &str) -> Day {
    Day::from_date(text.parse().unwrap())
}

/// A course with these numbers of viewers on these days.
fn course(days: &[(&str, u32)]) -> CourseViews {
    let runs = days.iter().flat_map(|(date, viewers)| {
        (0..*viewers).map(|viewer| Run { video: 0, viewer, day: day(date), start_secs: 0.0, stop_secs: 9.0 })
    });
    CourseViews::new(vec![oracle::video(0, Some(200))], runs.collect())
}

/// A term from Mon 24 Aug 2026, with viewing each Monday and Thursday for this many weeks.
fn weeks(count: i32) -> Vec<(String, u32)> {
    let first = day("2026-08-24");
    (0..count).flat_map(|week| [0, 3].map(|off| (first.plus(7 * week + off).date().to_string(), 40))).collect()
}

fn term_of(days: &[(String, u32)], today: &str) -> Term {
    let days: Vec<(&str, u32)> = days.iter().map(|(date, viewers)| (date.as_str(), *viewers)).collect();
    Term::of(&course(&days), None, day(today)).unwrap()
}

#[test]
fn a_running_term_begins_with_the_first_viewing_and_ends_today() {
    let term = term_of(&weeks(14), "2026-11-28");
    assert_eq!((term.first(), term.last(), term.origin()), (day("2026-08-24"), None, TermOrigin::Guessed));
    assert_eq!(term.words(day("2026-11-28")), "24 Aug – today");
    assert_eq!(term.days(day("2026-11-28")), DateRange::between(day("2026-08-24"), day("2026-11-28")));
    assert_eq!(term.words(day("2027-01-02")), "24 Aug 2026 – today");
}

#[test]
fn a_term_that_is_over_ends_with_its_last_busy_week() {
    let mut days = weeks(14);
    // One of forty viewers tried the recording in July, one came back in February.
    days.insert(0, ("2026-07-20".to_owned(), 1));
    days.push(("2027-02-10".to_owned(), 1));
    let term = term_of(&days, "2027-02-20");
    assert_eq!((term.first(), term.last()), (day("2026-08-24"), Some(day("2026-11-29"))));
    assert_eq!(term.words(day("2027-02-20")), "24 Aug – 29 Nov 2026");
}

#[test]
fn a_break_of_three_weeks_belongs_to_the_term_and_a_longer_one_parts_two() {
    let with_break = |weeks_off: i32| {
        let mut days = weeks(4);
        let again = day("2026-09-14").plus(7 * (weeks_off + 1));
        days.push((again.date().to_string(), 40));
        (term_of(&days, &again.date().to_string()).first(), again)
    };
    assert_eq!(with_break(3).0, day("2026-08-24"));
    let (first, again) = with_break(4);
    assert_eq!(first, again);
}

#[test]
fn a_set_term_is_kept_whatever_was_watched() {
    let set = DateRange::between(day("2026-09-07"), day("2026-12-11"));
    for views in [course(&[]), course(&[("2026-08-24", 40)])] {
        let term = Term::of(&views, Some(set), day("2026-11-28")).unwrap();
        assert_eq!((term.first(), term.last(), term.origin()), (set.first(), Some(set.last()), TermOrigin::Set));
        assert_eq!(term.words(day("2026-11-28")), "7 Sept – today");
        assert_eq!(term.words(day("2026-12-12")), "7 Sept – 11 Dec 2026");
        // Before the term has begun, its days are only its first day.
        assert_eq!(term.days(day("2026-09-01")), DateRange::between(set.first(), set.first()));
    }
    assert_eq!(Term::of(&course(&[]), None, day("2026-11-28")), None);
}
