//! The dates of a course: keeping them, the file they stand in, and what follows from them for stored viewing.

use chrono_tz::Tz;
use engine::dates::{
    MOST_DATES, NewDate, add_date, change_date, dates_in_view, dates_of, remove_date, restore_date, set_on_time,
    set_term, typed_when,
};
use engine::store::DataFolder;
use engine::views::Views;
use engine::{Error, ErrorCode};
use model::{
    CourseDate, CourseDates, DateKind, DateRange, Day, FolderId, OnTimeRule, ReadOut, Statistic, TermOrigin, When,
};
use proptest::prelude::*;

use crate::chunk_fixture::{SmallCourse, id, small_folder};

const ZONE: Tz = Tz::Europe__Zurich;

fn course(number: u8) -> FolderId {
    FolderId::from_bytes([number; 16])
}

fn day(text: &str) -> Day {
    Day::from_date(text.parse().unwrap())
}

fn new(kind: DateKind, name: &str, when: &str) -> NewDate {
    NewDate { kind, name: name.to_owned(), when: typed_when(when, None, ZONE).unwrap(), videos: Vec::new() }
}

fn fresh() -> (tempfile::TempDir, DataFolder) {
    let dir = tempfile::tempdir().unwrap();
    let folder = DataFolder::create(dir.path().join("data")).unwrap();
    (dir, folder)
}

#[test]
fn dates_are_added_changed_removed_and_put_back_and_other_courses_keep_theirs() {
    let (_dir, folder) = fresh();
    let lock = folder.lock().unwrap();
    assert_eq!(dates_of(&folder, course(1)).unwrap(), CourseDates::default());
    let other = add_date(&folder, &lock, course(2), new(DateKind::Break, "Reading week", "2026-11-09")).unwrap();
    let midterm = add_date(&folder, &lock, course(1), new(DateKind::Exam, " Mid\nterm ", "2026-10-05 09:00")).unwrap();
    let essay = add_date(&folder, &lock, course(1), new(DateKind::Deadline, "Essay", "2026-10-16")).unwrap();
    assert_eq!((midterm.number, essay.number, midterm.name.as_str()), (1, 2, "Mid term"));
    let moved = change_date(&folder, &lock, course(1), 1, new(DateKind::Exam, "Midterm", "2026-10-06 09:00")).unwrap();
    let removed = remove_date(&folder, &lock, course(1), 2).unwrap();
    assert_eq!(removed, essay);
    assert_eq!(dates_of(&folder, course(1)).unwrap().dates, [moved]);
    assert_eq!(restore_date(&folder, &lock, course(1), removed).unwrap().number, 2);
    assert_eq!(dates_of(&folder, course(2)).unwrap().dates, [other]);
    for number in [0, 3] {
        let error = remove_date(&folder, &lock, course(1), number).unwrap_err();
        assert_eq!(error.code(), ErrorCode::NotFound);
    }
}

#[test]
fn what_is_written_is_plain_and_the_owners_alone() {
    let (_dir, folder) = fresh();
    let lock = folder.lock().unwrap();
    add_date(&folder, &lock, course(1), new(DateKind::Exam, "Mid, term", "2026-10-05 09:00")).unwrap();
    let reading = typed_when("2026-11-09", Some("2026-11-13"), ZONE).unwrap();
    let reading =
        NewDate { when: reading, videos: vec![id(7).parse().unwrap()], ..new(DateKind::Break, "Off", "2026-01-01") };
    add_date(&folder, &lock, course(1), reading).unwrap();
    set_term(&folder, &lock, course(1), Some(DateRange::between(day("2026-08-24"), day("2026-12-11")))).unwrap();
    set_on_time(&folder, &lock, course(1), OnTimeRule::DaysAfterFirstViewing(7)).unwrap();
    let text = std::fs::read_to_string(folder.dates_file()).unwrap();
    let c = course(1);
    assert_eq!(
        text,
        format!(
            "PanoptoFolderID,Number,Kind,Name,Start,End,TimeZone,SessionIds,Source\n\
             {c},,term,,2026-08-24,2026-12-11,,,\n\
             {c},,on-time,,P7D,,,,\n\
             {c},1,exam,\"Mid, term\",2026-10-05T09:00:00+02:00,,Europe/Zurich,,\n\
             {c},2,break,Off,2026-11-09,2026-11-13,,{},\n",
            id(7)
        )
    );
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        assert_eq!(std::fs::metadata(folder.dates_file()).unwrap().permissions().mode() & 0o077, 0);
    }
}

#[test]
fn a_file_kept_by_hand_is_read_with_patience() {
    let (_dir, folder) = fresh();
    let c = course(1);
    let text = format!(
        "Name;Kind;Start;End;TimeZone;PanoptoFolderID;SessionIds;Source;Number\r\n\
         Midterm;Exam;2026-10-05 09:00;;Europe/Zurich;{c}\r\n\
         Essay;deadline;2026-10-16;;;{c};;;4\r\n\r\n"
    );
    std::fs::write(folder.dates_file(), text).unwrap();
    let kept = dates_of(&folder, c).unwrap();
    let told: Vec<_> = kept.dates.iter().map(|date| (date.number, date.name.as_str(), date.when)).collect();
    let at = "2026-10-05T07:00:00Z".parse().unwrap();
    let essay = When::Days(DateRange::between(day("2026-10-16"), day("2026-10-16")));
    assert_eq!(told, [(5, "Midterm", When::At(at, ZONE)), (4, "Essay", essay)]);
}

#[test]
fn a_damaged_line_is_named_and_nothing_is_written_over_it() {
    let (_dir, folder) = fresh();
    let lock = folder.lock().unwrap();
    let c = course(1);
    let header = "PanoptoFolderID,Number,Kind,Name,Start,End,TimeZone,SessionIds,Source\n";
    for (line, problem) in [
        (format!("{c},1,party,x,2026-10-05,,,,"), "Kind"),
        (format!("{c},x,exam,x,2026-10-05,,,,"), "Number"),
        (format!("{c},1,exam,,2026-10-05,,,,"), "needs a name"),
        (format!("{c},1,exam,x,5.10.2026,,,,"), "Start"),
        (format!("{c},1,exam,x,2026-10-05,2026-10-04,,,"), "before the first"),
        (format!("{c},1,exam,x,2026-10-05 09:00,,Zurich,,"), "TimeZone"),
        // Clocks go from 02:00 to 03:00.
        (format!("{c},1,exam,x,2026-03-29 02:30,,Europe/Zurich,,"), "Start"),
        (format!("{c},1,exam,x,2026-10-05 09:00,2026-10-06,Europe/Zurich,,"), "whole days"),
        (format!("{c},1,exam,x,2026-10-05,,,video,"), "SessionIds"),
        (format!("{c},,term,,2026-10-05,,,,\n{c},,term,,2026-10-05,,,,"), "term already"),
        (format!("{c},,on-time,,P400D,,,,"), "P366D"),
        (format!("{c},1,exam,x,2026-10-05,,,,\n{c},1,exam,y,2026-10-05,,,,"), "stands twice"),
        ("x,1,exam,x,2026-10-05,,,,".to_owned(), "PanoptoFolderID"),
    ] {
        let text = format!("{header}{line}\n");
        std::fs::write(folder.dates_file(), &text).unwrap();
        let last = text.lines().count();
        let error = dates_of(&folder, c).unwrap_err();
        assert_eq!(error.code(), ErrorCode::DataFileInvalid, "{line}");
        assert!(
            error.message().starts_with(&format!("Line {last} of ")) && error.message().contains(problem),
            "{error}"
        );
        assert!(error.hint().is_some());
        let refused = add_date(&folder, &lock, c, new(DateKind::Exam, "Midterm", "2026-10-05")).unwrap_err();
        assert_eq!(refused.code(), ErrorCode::DataFileInvalid);
        assert_eq!(std::fs::read_to_string(folder.dates_file()).unwrap(), text, "nothing is written over it");
    }
}

#[test]
fn what_was_typed_is_read_or_refused_in_a_sentence() {
    let days = |first, last| Some(When::Days(DateRange::between(day(first), day(last))));
    let at = |text: &str| Some(When::At(text.parse().unwrap(), ZONE));
    for (start, end, when) in [
        ("2026-10-05", None, days("2026-10-05", "2026-10-05")),
        (" 2026-10-05 ", Some(" "), days("2026-10-05", "2026-10-05")),
        ("2026-11-09", Some("2026-11-13"), days("2026-11-09", "2026-11-13")),
        ("2026-10-05 09:00", None, at("2026-10-05T07:00:00Z")),
        ("2026-10-05T09:00", None, at("2026-10-05T07:00:00Z")),
        ("2026-12-05 09:00", None, at("2026-12-05T08:00:00Z")),
        // 02:30 comes twice: the first is meant.
        ("2026-10-25 02:30", None, at("2026-10-25T00:30:00Z")),
        ("2026-03-29 02:30", None, None),
        ("5.10.2026", None, None),
        ("tomorrow", None, None),
        ("", None, None),
        ("2026-10-05 25:00", None, None),
        ("2026-10-05", Some("2026-10-04"), None),
        ("2026-10-05", Some("x"), None),
        ("2026-10-05 09:00", Some("2026-10-06"), None),
        ("0026-10-05", None, None),
        ("12026-10-05", None, None),
    ] {
        match (typed_when(start, end, ZONE), when) {
            (Ok(read), Some(when)) => assert_eq!(read, when, "{start}"),
            (Err(error), None) => assert_eq!((error.code(), error.hint().is_some()), (ErrorCode::InvalidInput, true)),
            (read, _) => panic!("{start}: {read:?}"),
        }
    }
}

#[test]
fn names_rules_and_numbers_of_dates_are_bounded() {
    let (_dir, folder) = fresh();
    let lock = folder.lock().unwrap();
    for name in ["", " \u{202e}\n", &"x".repeat(201)] {
        let refused = add_date(&folder, &lock, course(1), new(DateKind::Exam, name, "2026-10-05")).unwrap_err();
        assert_eq!(refused.code(), ErrorCode::InvalidInput);
    }
    let refused = set_on_time(&folder, &lock, course(1), OnTimeRule::DaysAfterFirstViewing(367)).unwrap_err();
    assert_eq!(refused.code(), ErrorCode::InvalidInput);
    assert!(!folder.dates_file().exists(), "what is refused leaves nothing behind");
    let date = |number| CourseDate {
        number,
        kind: DateKind::Other,
        name: "x".to_owned(),
        when: typed_when("2026-10-05", None, ZONE).unwrap(),
        videos: Vec::new(),
        source: None,
    };
    let full = CourseDates { dates: (1..=MOST_DATES as u32).map(date).collect(), ..CourseDates::default() };
    folder.save_dates(&lock, &[(course(1), full)]).unwrap();
    let refused = add_date(&folder, &lock, course(1), new(DateKind::Exam, "x", "2026-10-05")).unwrap_err();
    assert!(refused.message().contains("2,000 dates"), "{refused}");
}

#[test]
fn dates_and_stored_viewing_meet_to_the_minute() {
    // An exam on Monday 5 October at 09:00 in Zurich, 07:00 in UTC. Eight people cover the video: five before it, one of
    // them in the last minute; three after.
    let mut small = SmallCourse::new(1, "GEOG 204").video(10, "100.0").video(11, "100.0");
    let moments = [
        "2026-09-07 08:00:00+00:00",
        "2026-09-07 09:00:00+00:00",
        "2026-10-03 08:00:00+00:00",
        "2026-10-04 22:30:00+00:00",
        "2026-10-05 06:59:59.999000+00:00",
        "2026-10-05 07:00:00+00:00",
        "2026-10-05 07:01:00+00:00",
        "2026-10-06 08:00:00+00:00",
    ];
    for (viewer, moment) in (900..).zip(moments) {
        small = small.run(10, viewer, moment, 0.0, 100.0);
    }
    let course: FolderId = small.id.parse().unwrap();
    let (_temporary, folder) = small_folder(&[small]);
    let lock = folder.lock().unwrap();
    add_date(&folder, &lock, course, new(DateKind::Exam, "Midterm", "2026-10-05 09:00")).unwrap();
    for zone in [ZONE, Tz::America__Vancouver, Tz::Asia__Tokyo, Tz::UTC] {
        let seen = Views::default().course(&folder, course, zone).unwrap();
        let dates = dates_in_view(&folder, &seen, zone, Some(day("2026-10-20"))).unwrap();
        let videos = dates.videos(&seen);
        let on_time = videos[0].on_time.unwrap();
        assert_eq!((on_time.viewers, on_time.on_time, videos[0].has_passed), (8, 5, true), "{zone}");
        assert_eq!(videos[1].due, None);
        let ReadOut::Counted(before) = dates.read_out(&seen, 1).unwrap() else { panic!("{zone}") };
        assert_eq!((before.viewers, before.covered_viewers, before.videos), (5, 5, 1));
        assert_eq!(before.in_7_days_percent, Statistic::Value(60.0), "{zone}");
        assert_eq!(dates.term.unwrap().origin(), TermOrigin::Guessed);
        assert_eq!(dates.ranges(&seen)[0].label, "Until Midterm");
        assert_eq!(dates.read_out(&seen, 2).unwrap_err().code(), ErrorCode::NotFound);
    }
    let early =
        dates_in_view(&folder, &Views::default().course(&folder, course, ZONE).unwrap(), ZONE, Some(day("2026-10-04")));
    assert!(!early.unwrap().videos(&Views::default().course(&folder, course, ZONE).unwrap())[0].has_passed);
    set_term(&folder, &lock, course, Some(DateRange::between(day("2026-08-24"), day("2026-12-11")))).unwrap();
    let seen = Views::default().course(&folder, course, ZONE).unwrap();
    let term = dates_in_view(&folder, &seen, ZONE, Some(day("2026-10-20"))).unwrap().term.unwrap();
    assert_eq!((term.origin(), term.first()), (TermOrigin::Set, day("2026-08-24")));
}

#[test]
fn a_damaged_file_of_dates_harms_nothing_else() {
    let (_temporary, folder) = small_folder(&[SmallCourse::new(1, "GEOG 204").video(10, "100.0")]);
    std::fs::write(folder.dates_file(), "not,dates\n1,2\n").unwrap();
    let course: FolderId = id(1).parse().unwrap();
    let seen = Views::default().course(&folder, course, ZONE).unwrap();
    assert_eq!(seen.views.videos().len(), 1);
    crate::chunk_fixture::chunk_in(&folder, Tz::UTC).unwrap();
    let error: Error = dates_in_view(&folder, &seen, ZONE, None).unwrap_err();
    assert_eq!(error.code(), ErrorCode::DataFileInvalid);
}

#[test]
fn dates_move_with_the_data_folder() {
    let (dir, folder) = fresh();
    let lock = folder.lock().unwrap();
    add_date(&folder, &lock, course(1), new(DateKind::Exam, "Midterm", "2026-10-05")).unwrap();
    drop(lock);
    let copied = folder.copy_to(&dir.path().join("elsewhere"), &|| false).unwrap();
    assert_eq!(copied.folder().dates().unwrap(), folder.dates().unwrap());
    copied.remove_old();
    assert!(!folder.dates_file().exists());
}

fn any_date() -> impl Strategy<Value = CourseDate> {
    let days = (-20_000i32..100_000, 0i32..40)
        .prop_map(|(first, days)| When::Days(DateRange::between(Day::new(first), Day::new(first + days))));
    let zones = prop::sample::select(&chrono_tz::TZ_VARIANTS[..]);
    let at = (0i64..8_000_000_000, zones)
        .prop_map(|(secs, zone)| When::At(chrono::DateTime::from_timestamp(secs, 0).unwrap(), zone));
    let videos = prop::collection::btree_set(any::<[u8; 16]>(), 0..4);
    let source = prop::option::of("[ -~é漢\"]{1,40}");
    (prop::sample::select(&DateKind::ALL[..]), "[ -~é漢\",\n]{1,30}", prop_oneof![days, at], videos, source).prop_map(
        |(kind, name, when, videos, source)| CourseDate {
            number: 0,
            kind,
            name: model::line::listed_name(&name),
            when,
            videos: videos.into_iter().map(model::SessionId::from_bytes).collect(),
            source: source.map(|source| model::line::one_line(&source)).filter(|source| !source.is_empty()),
        },
    )
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn what_is_saved_is_read_again_as_it_was(
        of_courses in prop::collection::vec(prop::collection::vec(any_date(), 1..8), 1..4),
        term in prop::option::of((0i32..30_000, 0i32..300)),
        days in prop::option::of(0u16..=366),
    ) {
        let (_dir, folder) = fresh();
        let lock = folder.lock().unwrap();
        let mut all = Vec::new();
        for (place, mut dates) in of_courses.into_iter().enumerate() {
            // Offsets of whole minutes: the local mean times before 1970 have seconds, which no one writes.
            for (number, date) in (1..).zip(&mut dates) {
                date.number = number;
            }
            let term = term.map(|(first, days)| DateRange::between(Day::new(first), Day::new(first + days)));
            let on_time = days.map_or(OnTimeRule::NextDate, OnTimeRule::DaysAfterFirstViewing);
            all.push((course(place as u8 + 1), CourseDates { dates, term, on_time }));
        }
        folder.save_dates(&lock, &all).unwrap();
        prop_assert_eq!(folder.dates().unwrap(), all);
    }
}
