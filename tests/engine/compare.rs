//! Two terms of a course side by side, against counts made by hand.

use chrono_tz::Tz;
use engine::ErrorCode;
use engine::compare::{compare, forget_pair, mend_pair};
use engine::dates::set_term;
use engine::store::DataFolder;
use engine::views::Views;
use model::{DateRange, Day, FolderId, PairedBy};

use crate::chunk_fixture::{SmallCourse, id, small_folder};

fn course(number: u32) -> FolderId {
    id(number).parse().unwrap()
}

fn day(text: &str) -> Day {
    Day::from_date(text.parse().unwrap())
}

/// Two terms a year apart. This one has run for three weeks; last year's ran for twelve.
fn two_terms() -> (tempfile::TempDir, DataFolder) {
    let mut here = SmallCourse::new(1, "GEOG 204 2026").video(10, "100.0").video(11, "100.0").video(12, "100.0");
    let mut there = SmallCourse::new(2, "GEOG 204 2025").video(20, "100.0").video(21, "100.0");
    for viewer in 0..12 {
        // Video 10: half of twelve cover it. Last year's 20: nine of twelve by the same day, all of them later on.
        let stop = if viewer < 6 { 100.0 } else { 50.0 };
        here = here.run(10, 900 + viewer, "2026-09-01 12:00:00+00:00", 0.0, stop);
        here = here.run(11, 900 + viewer, "2026-09-15 12:00:00+00:00", 0.0, 100.0);
        let stop = if viewer < 9 { 100.0 } else { 10.0 };
        there = there.run(20, 800 + viewer, "2025-09-02 12:00:00+00:00", 0.0, stop);
        there = there.run(20, 800 + viewer, "2025-11-20 12:00:00+00:00", 0.0, 100.0);
    }
    for viewer in 0..9 {
        there = there.run(21, 800 + viewer, "2025-09-10 12:00:00+00:00", 0.0, 100.0);
    }
    small_folder(&[here, there])
}

fn terms_are_set(folder: &DataFolder) {
    let lock = folder.lock().unwrap();
    set_term(folder, &lock, course(1), Some(DateRange::between(day("2026-08-31"), day("2026-12-11")))).unwrap();
    set_term(folder, &lock, course(2), Some(DateRange::between(day("2025-09-01"), day("2025-11-30")))).unwrap();
}

#[test]
fn a_term_that_runs_is_compared_with_as_much_of_the_other() {
    let (_temporary, folder) = two_terms();
    terms_are_set(&folder);
    let lock = folder.lock().unwrap();
    mend_pair(&folder, &lock, id(10).parse().unwrap(), Some(id(20).parse().unwrap())).unwrap();
    mend_pair(&folder, &lock, id(21).parse().unwrap(), Some(id(11).parse().unwrap())).unwrap();
    let terms = compare(&folder, &Views::default(), course(1), course(2), Tz::UTC).unwrap();
    let compared = &terms.comparison;
    assert_eq!(compared.days_here.first(), day("2026-08-31"));
    assert_eq!(compared.days_here.day_count(), compared.days_there.day_count());
    assert!(compared.days_there.last() < day("2025-11-20"), "what comes later last year does not count");
    assert_eq!(compared.pairs[0].covered_difference, Some(50.0 - 75.0));
    let reached = compared.pairs[0].reached_differences.unwrap();
    // The first two of twenty parts are reached by all; the next eight by half more here than there.
    assert_eq!((reached[0], reached[5], reached[15]), (0.0, 25.0, -25.0));
    assert_eq!(compared.pairs[1].covered_difference, None, "nine viewers on one side are too few");
    assert_eq!((compared.compared, compared.mean_covered.map(|mean| (mean.here, mean.there))), (1, Some((50.0, 75.0))));
    assert_eq!((compared.only_here.as_slice(), compared.only_there.as_slice()), (&[2][..], &[][..]));
    let viewers = |weeks: &[model::PeriodViewers]| weeks.iter().map(|week| week.viewers).collect::<Vec<_>>();
    assert_eq!(viewers(&compared.weeks_here), [12, 0, 12]);
    assert_eq!(viewers(&compared.weeks_there), [12, 9, 0]);
}

#[test]
fn pairs_are_mended_forgotten_and_kept_with_the_data_folder() {
    let (temporary, folder) = two_terms();
    terms_are_set(&folder);
    let pairs = || {
        let terms = compare(&folder, &Views::default(), course(1), course(2), Tz::UTC).unwrap();
        terms.comparison.pairs.iter().map(|pair| (pair.pair.here, pair.pair.there, pair.pair.by)).collect::<Vec<_>>()
    };
    let [here, there] = [id(10), id(21)].map(|id| id.parse().unwrap());
    let before = pairs();
    {
        let lock = folder.lock().unwrap();
        mend_pair(&folder, &lock, here, Some(there)).unwrap();
    }
    assert!(pairs().contains(&(0, 1, PairedBy::Hand)));
    {
        let lock = folder.lock().unwrap();
        mend_pair(&folder, &lock, there, None).unwrap();
        assert_eq!(folder.pairs().unwrap(), [(there, None)], "what was said of it before no longer counts");
        assert_eq!(mend_pair(&folder, &lock, here, Some(here)).unwrap_err().code(), ErrorCode::InvalidInput);
    }
    assert!(pairs().iter().all(|pair| pair.1 != 1));
    let copied = folder.copy_to(&temporary.path().join("elsewhere"), &|| false).unwrap();
    assert_eq!(copied.folder().pairs().unwrap(), [(there, None)]);
    copied.give_up();
    let lock = folder.lock().unwrap();
    forget_pair(&folder, &lock, there).unwrap();
    drop(lock);
    assert_eq!(pairs(), before);
    std::fs::write(folder.pairs_file(), "SessionId,OtherSessionId\nx,y\n").unwrap();
    let error = compare(&folder, &Views::default(), course(1), course(2), Tz::UTC).unwrap_err();
    assert!(error.message().starts_with("Line 2 of "), "{error}");
}

#[test]
fn a_course_is_not_compared_with_itself_or_with_nothing() {
    let (_temporary, folder) = small_folder(&[SmallCourse::new(1, "A").video(10, "100.0"), SmallCourse::new(2, "B")]);
    let refused =
        |here, there| compare(&folder, &Views::default(), course(here), course(there), Tz::UTC).unwrap_err().code();
    assert_eq!(refused(1, 1), ErrorCode::InvalidInput);
    assert_eq!(refused(1, 2), ErrorCode::NotFound);
}
