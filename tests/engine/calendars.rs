//! Importing dates from calendar files, as programs write them: zones, repeating lectures, exceptions, damage.

use std::fmt::Write as _;

use chrono_tz::Tz;
use engine::dates::{
    ImportPlan, LeftOutBecause, NewDate, ZoneAnswers, add_date, change_date, dates_of, import_dates, preview_import,
    zone_answers,
};
use engine::store::DataFolder;
use engine::{ErrorCode, Result};
use model::{DateKind, Day, FolderId, When};
use proptest::prelude::*;

use crate::damage::{damage, damaged_sample};

const ZONE: Tz = Tz::Europe__Zurich;
const COURSE: FolderId = FolderId::from_bytes([1; 16]);

struct Desk {
    dir: tempfile::TempDir,
    folder: DataFolder,
}

impl Desk {
    fn new() -> Self {
        let dir = tempfile::tempdir().unwrap();
        let folder = DataFolder::create(dir.path().join("data")).unwrap();
        Self { dir, folder }
    }

    fn today() -> Day {
        Day::from_date("2026-09-01".parse().unwrap())
    }

    fn import_with(&self, text: &[u8], answers: &ZoneAnswers) -> Result<ImportPlan> {
        let file = self.dir.path().join("timetable.ics");
        std::fs::write(&file, text).unwrap();
        let preview = preview_import(&self.folder, COURSE, &file, ZONE, Self::today(), answers);
        let lock = self.folder.lock().unwrap();
        let imported = import_dates(&self.folder, &lock, COURSE, &file, ZONE, Self::today(), answers);
        match (&preview, &imported) {
            (Ok(preview), Ok(imported)) => assert_eq!(preview, imported, "a preview is the import"),
            (preview, imported) => assert!(preview.is_err(), "{imported:?}"),
        }
        imported
    }

    fn import(&self, events: &str) -> ImportPlan {
        self.import_with(calendar(events).as_bytes(), &ZoneAnswers::new()).unwrap()
    }

    /// The dates that are kept, in words.
    fn kept(&self) -> Vec<String> {
        let kept = dates_of(&self.folder, COURSE).unwrap();
        kept.dates
            .iter()
            .map(|date| {
                let when = match date.when {
                    When::Days(days) if days.day_count() == 1 => days.first().date().to_string(),
                    When::Days(days) => format!("{} to {}", days.first().date(), days.last().date()),
                    When::At(at, zone) => format!("{} {zone}", at.with_timezone(&zone).format("%Y-%m-%d %H:%M")),
                };
                format!("{} {} {when}", date.kind, date.name)
            })
            .collect()
    }
}

/// A calendar as programs write it: CRLF, its own first lines.
fn calendar(events: &str) -> String {
    format!("BEGIN:VCALENDAR\nVERSION:2.0\nPRODID:-//x//EN\n{events}END:VCALENDAR\n").replace('\n', "\r\n")
}

fn event(uid: &str, name: &str, lines: &str) -> String {
    format!("BEGIN:VEVENT\nUID:{uid}\nSUMMARY:{name}\n{lines}END:VEVENT\n")
}

fn one(lines: &str) -> Vec<String> {
    let desk = Desk::new();
    let plan = desk.import(&event("1", "Midterm", lines));
    assert_eq!((plan.left_out, plan.unknown_zones), (Vec::new(), Vec::new()), "{lines}");
    desk.kept()
}

#[test]
fn a_time_is_read_in_the_zone_that_is_meant() {
    for (lines, when) in [
        // Floating: the same clock everywhere, so that of the reporting zone.
        ("DTSTART:20261005T090000\n", "2026-10-05 09:00 Europe/Zurich"),
        ("DTSTART:20261005T090000Z\n", "2026-10-05 11:00 Europe/Zurich"),
        ("DTSTART;TZID=America/Vancouver:20261005T090000\n", "2026-10-05 09:00 America/Vancouver"),
        ("DTSTART;TZID=\"America/Vancouver\":20261005T090000\n", "2026-10-05 09:00 America/Vancouver"),
        ("DTSTART;TZID=Pacific Standard Time:20261005T090000\n", "2026-10-05 09:00 America/Los_Angeles"),
        ("DTSTART;TZID=\"W. Europe Standard Time\":20261005T090000\n", "2026-10-05 09:00 Europe/Berlin"),
        ("DTSTART;TZID=/mozilla.org/20070129_1/Asia/Tokyo:20261005T090000\n", "2026-10-05 09:00 Asia/Tokyo"),
        ("DTSTART;VALUE=DATE-TIME;TZID=Asia/Tokyo:20261005T090000\n", "2026-10-05 09:00 Asia/Tokyo"),
        ("DTSTART;VALUE=DATE:20261005\nDTEND;VALUE=DATE:20261006\n", "2026-10-05"),
        ("DTSTART;VALUE=DATE:20261005\n", "2026-10-05"),
        ("DTSTART;VALUE=DATE:20261005\nDTEND;VALUE=DATE:20261010\n", "2026-10-05 to 2026-10-09"),
        ("DTSTART;VALUE=DATE:20261005\nDURATION:P1W\n", "2026-10-05 to 2026-10-11"),
        ("DTSTART:20261005\n", "2026-10-05"),
        // 02:30 comes twice in autumn, and not at all in spring.
        ("DTSTART:20261025T023000\n", "2026-10-25 02:30 Europe/Zurich"),
        ("DTSTART:20260329T023000\n", "2026-03-29 03:30 Europe/Zurich"),
        ("dtstart;tzid=Asia/Tokyo:20261005T090000\n", "2026-10-05 09:00 Asia/Tokyo"),
    ] {
        assert_eq!(one(lines), [format!("exam Midterm {when}")], "{lines}");
    }
}

#[test]
fn a_zone_that_is_not_known_is_asked_for_and_never_guessed() {
    let desk = Desk::new();
    let zone = "BEGIN:VTIMEZONE\nTZID:Campus Time\nBEGIN:STANDARD\nDTSTART:19701025T030000\nTZOFFSETFROM:+0200\n\
                TZOFFSETTO:+0100\nEND:STANDARD\nEND:VTIMEZONE\n";
    let events = zone.to_owned()
        + &event("1", "Midterm", "DTSTART;TZID=Campus Time:20261005T090000\n")
        + &event("2", "Final", "DTSTART;TZID=Campus Time:20261214T090000\n")
        + &event("3", "Essay is due", "DTSTART;VALUE=DATE:20261016\n");
    let plan = desk.import(&events);
    assert_eq!((plan.unknown_zones[0].name.as_str(), plan.unknown_zones[0].events), ("Campus Time", 2));
    let error = plan.check_zones().unwrap_err();
    assert!(error.message().contains("2 events in the time zone `Campus Time`"), "{error}");
    assert_eq!(desk.kept(), Vec::<String>::new(), "nothing is imported until it is known");
    let answers = zone_answers(&["Campus Time=Europe/Rome".to_owned()]).unwrap();
    desk.import_with(calendar(&events).as_bytes(), &answers).unwrap().check_zones().unwrap();
    assert_eq!(desk.kept()[0], "exam Midterm 2026-10-05 09:00 Europe/Rome");
    assert_eq!(desk.kept().len(), 3);
    for wrong in ["Campus Time", "Campus Time=Rome", "Campus Time="] {
        assert_eq!(zone_answers(&[wrong.to_owned()]).unwrap_err().code(), ErrorCode::InvalidInput);
    }
    // Some programs say in the definition which zone it is.
    let known = zone.replace("TZID:Campus Time\n", "TZID:Campus Time\nX-LIC-LOCATION:Europe/Paris\n");
    let desk = Desk::new();
    desk.import(&(known + &event("1", "Midterm", "DTSTART;TZID=Campus Time:20261005T090000\n")));
    assert_eq!(desk.kept(), ["exam Midterm 2026-10-05 09:00 Europe/Paris"]);
}

#[test]
fn lectures_repeat_keep_their_clock_and_leave_out_exceptions() {
    let lines = "DTSTART;TZID=Europe/Zurich:20261012T101500\nRRULE:FREQ=WEEKLY;BYDAY=MO,TH;UNTIL=20261105T235959Z\n\
                 EXDATE;TZID=Europe/Zurich:20261015T101500,20261019T101500\nEXDATE;VALUE=DATE:20261102\n";
    let desk = Desk::new();
    desk.import(&event("series", "GEOG 204", lines));
    // Summer time ends on 25 October: the lecture stays at 10:15.
    let days = ["12", "22", "26", "29"].map(|day| format!("lecture GEOG 204 2026-10-{day} 10:15 Europe/Zurich"));
    let mut expected: Vec<String> = days.into();
    expected.push("lecture GEOG 204 2026-11-05 10:15 Europe/Zurich".to_owned());
    assert_eq!(desk.kept(), expected);
}

#[test]
fn a_moved_and_a_cancelled_occurrence_take_the_place_of_the_usual_one() {
    let series = event("series", "GEOG 204", "DTSTART:20261001T100000\nRRULE:FREQ=WEEKLY;COUNT=4\n");
    let moved = event("series", "GEOG 204 (moved)", "RECURRENCE-ID:20261008T100000\nDTSTART:20261009T140000\n");
    let gone =
        event("series", "GEOG 204", "RECURRENCE-ID:20261015T100000\nDTSTART:20261015T100000\nSTATUS:CANCELLED\n");
    let desk = Desk::new();
    let plan = desk.import(&(series.clone() + &moved + &gone));
    assert_eq!(
        desk.kept(),
        [
            "lecture GEOG 204 2026-10-01 10:00 Europe/Zurich",
            "lecture GEOG 204 (moved) 2026-10-09 14:00 Europe/Zurich",
            "lecture GEOG 204 2026-10-22 10:00 Europe/Zurich",
        ]
    );
    assert_eq!(plan.left_out[0].why, LeftOutBecause::Cancelled);
    // The timetable without the exceptions first, and with them later: the same lecture has moved.
    let desk = Desk::new();
    assert_eq!(desk.import(&series).added.len(), 4);
    let later = desk.import(&(series + &moved + &gone));
    assert_eq!((later.added.len(), later.changed.len(), later.already_there), (0, 1, 2));
    assert!(desk.kept().contains(&"lecture GEOG 204 2026-10-09 14:00 Europe/Zurich".to_owned()), "{:?}", desk.kept());
}

#[test]
fn rules_are_followed_as_they_are_written() {
    for (rule, days) in [
        ("FREQ=DAILY;COUNT=3", vec!["10-01", "10-02", "10-03"]),
        ("FREQ=WEEKLY;UNTIL=20261015", vec!["10-01", "10-08", "10-15"]),
        ("FREQ=WEEKLY;UNTIL=20261015T080000Z", vec!["10-01", "10-08", "10-15"]),
        ("FREQ=WEEKLY;UNTIL=20261015T095900", vec!["10-01", "10-08"]),
        ("FREQ=WEEKLY;INTERVAL=2;COUNT=3", vec!["10-01", "10-15", "10-29"]),
        ("FREQ=MONTHLY;BYDAY=1TH;COUNT=2", vec!["10-01", "11-05"]),
        ("FREQ=WEEKLY;UNTIL=20250101", vec!["10-01"]),
        ("freq=weekly;wkst=su;count=2", vec!["10-01", "10-08"]),
    ] {
        let desk = Desk::new();
        desk.import(&event("1", "GEOG 204", &format!("DTSTART:20261001T100000\nRRULE:{rule}\n")));
        let expected: Vec<String> =
            days.iter().map(|day| format!("lecture GEOG 204 2026-{day} 10:00 Europe/Zurich")).collect();
        assert_eq!(desk.kept(), expected, "{rule}");
    }
    // Added by hand to a series.
    let desk = Desk::new();
    desk.import(&event("1", "GEOG 204", "DTSTART;VALUE=DATE:20261001\nRDATE;VALUE=DATE:20261003,20261007\n"));
    assert_eq!(desk.kept().len(), 3);
}

#[test]
fn a_rule_without_an_end_is_followed_for_a_year() {
    let desk = Desk::new();
    let plan = desk.import(&event("1", "GEOG 204", "DTSTART:20261001T100000\nRRULE:FREQ=WEEKLY\n"));
    assert_eq!(plan.added.len(), 53);
}

#[test]
fn the_same_import_twice_adds_nothing_and_a_moved_event_moves_its_date() {
    let desk = Desk::new();
    let events = |midterm: &str| {
        event("1", "Midterm", &format!("DTSTART:{midterm}T090000\n"))
            + &event("2", "Lecture", "DTSTART:20261001T100000\nRRULE:FREQ=WEEKLY;COUNT=3\n")
            // Without a UID it is known by its name and time.
            + "BEGIN:VEVENT\nSUMMARY:Essay due\nDTSTART;VALUE=DATE:20261016\nEND:VEVENT\n"
    };
    let first = desk.import(&events("20261005"));
    assert_eq!((first.added.len(), first.changed.len(), first.already_there), (5, 0, 0));
    let kept = desk.kept();
    let again = desk.import(&events("20261005"));
    assert_eq!((again.added.len(), again.changed.len(), again.already_there), (0, 0, 5));
    assert_eq!(desk.kept(), kept);
    // What the teacher has said about a date stays when its event moves.
    let midterm =
        dates_of(&desk.folder, COURSE).unwrap().dates.iter().find(|date| date.name == "Midterm").unwrap().clone();
    let renamed = NewDate { kind: DateKind::Deadline, name: "Quiz".to_owned(), when: midterm.when, videos: Vec::new() };
    {
        let lock = desk.folder.lock().unwrap();
        change_date(&desk.folder, &lock, COURSE, midterm.number, renamed).unwrap();
    }
    let moved = desk.import(&events("20261006"));
    assert_eq!((moved.added.len(), moved.changed.len(), moved.already_there), (0, 1, 4));
    assert!(desk.kept().contains(&"deadline Quiz 2026-10-06 09:00 Europe/Zurich".to_owned()), "{:?}", desk.kept());
}

#[test]
fn what_was_typed_before_the_calendar_came_is_not_doubled() {
    let desk = Desk::new();
    let when = engine::dates::typed_when("2026-10-05 09:00", None, ZONE).unwrap();
    {
        let lock = desk.folder.lock().unwrap();
        let typed = NewDate { kind: DateKind::Exam, name: "midterm".to_owned(), when, videos: Vec::new() };
        add_date(&desk.folder, &lock, COURSE, typed).unwrap();
    }
    let plan = desk.import(&event("1", "Midterm", "DTSTART:20261005T090000\n"));
    assert_eq!((plan.added.len(), plan.already_there), (0, 1));
}

#[test]
fn what_cannot_be_understood_is_left_out_by_name_and_the_rest_is_imported() {
    let desk = Desk::new();
    let plan = desk.import(
        &(event("1", "Wrong day", "DTSTART:20261341T090000\n")
            + &event("2", "No start", "")
            + &event("3", "Every minute", "DTSTART:20261001T100000\nRRULE:FREQ=MINUTELY\n")
            + &event("4", "Many times a day", "DTSTART:20261001T100000\nRRULE:FREQ=DAILY;BYHOUR=1,2;BYSECOND=1\n")
            + &event("5", "For ever", "DTSTART:20100101T100000\nRRULE:FREQ=DAILY\n")
            + &event("6", "Two rules", "DTSTART:20261001T100000\nRRULE:FREQ=DAILY\nRRULE:FREQ=DAILY\n")
            + &event("7", "Nonsense", "DTSTART:20261001T100000\nRRULE:FREQ=WEEKLY;BYDAY=XX\n")
            + "BEGIN:VTODO\nSUMMARY:x\nDTSTART:nonsense\nEND:VTODO\nBEGIN:VEVENT\nUID:8\nX-JUNK no colon at all\n"
            + "BEGIN:VALARM\nDTSTART:nonsense\nSUMMARY:Alarm\nEND:VALARM\nSUMMARY:Fi\n nal\nDTSTART:20261214T090000\nEND:VEVENT\n"),
    );
    assert_eq!(desk.kept(), ["exam Final 2026-12-14 09:00 Europe/Zurich"]);
    let told: Vec<_> = plan.left_out.iter().map(|left| (left.name.as_str(), left.why.clone())).collect();
    let unreadable = |name: &str| LeftOutBecause::Unreadable(name.to_owned());
    assert_eq!(
        told,
        [
            ("Wrong day", unreadable("DTSTART")),
            ("No start", LeftOutBecause::NoStart),
            ("Every minute", LeftOutBecause::RuleNotUnderstood),
            ("Many times a day", LeftOutBecause::RuleNotUnderstood),
            ("For ever", LeftOutBecause::TooManyOccurrences),
            ("Two rules", unreadable("RRULE")),
            ("Nonsense", LeftOutBecause::RuleNotUnderstood),
        ]
    );
    assert_eq!(plan.left_out[0].line, 4);
    assert!(plan.left_out.iter().all(|left| !left.why.sentence().is_empty()));
}

#[test]
fn what_is_no_calendar_is_refused_with_its_line() {
    let deep = "BEGIN:X\n".repeat(100_000);
    let many = calendar(&event("1", "x", "DTSTART:20261005\n").repeat(10_001));
    for (text, problem) in [
        (String::new(), "is empty"),
        ("<html>".to_owned(), "Line 1 of `timetable.ics`: a calendar begins"),
        ("BEGIN:VCALENDAR\n".to_owned(), "ends within `VCALENDAR`"),
        ("BEGIN:VCALENDAR\nBEGIN:VEVENT\nEND:VCALENDAR\n".to_owned(), "Line 3"),
        (format!("BEGIN:VCALENDAR\n{deep}"), "too deep"),
        (many, "more than 10000 events"),
    ] {
        let error = Desk::new().import_with(text.as_bytes(), &ZoneAnswers::new()).unwrap_err();
        assert_eq!(error.code(), ErrorCode::InvalidInput);
        assert!(error.message().contains(problem), "{error}");
    }
    let error = Desk::new().import_with(b"BEGIN:VCALENDAR\nSUMMARY:\xe9t\xe9\n", &ZoneAnswers::new()).unwrap_err();
    assert!(error.message().contains("line 2 is not UTF-8 text"), "{error}");
    let utf16: Vec<u8> =
        calendar(&event("1", "Été", "DTSTART:20261005\n")).encode_utf16().flat_map(u16::to_le_bytes).collect();
    assert_eq!(Desk::new().import_with(&utf16, &ZoneAnswers::new()).unwrap().added.len(), 1);
}

/// Rules and lines that are dear to follow: bounded by construction, so that no limit of time is needed here.
#[test]
fn a_hostile_calendar_ends() {
    let mut events = String::new();
    for number in 0..600 {
        let rule =
            ["FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30", "FREQ=DAILY;BYMONTH=2;BYMONTHDAY=31", "FREQ=DAILY;INTERVAL=0"];
        let lines = format!("DTSTART:20261001T100000\nRRULE:{}\n", rule[number % 3]);
        events.push_str(&event(&number.to_string(), "x", &lines));
    }
    write!(events, "BEGIN:VEVENT\nSUMMARY:{}\nDTSTART:20261001\n", "y".repeat(1 << 20)).unwrap();
    for _ in 0..100_000 {
        events.push_str("EXDATE:20261001\n");
    }
    events.push_str("END:VEVENT\n");
    let plan = Desk::new().import(&events);
    assert!(plan.left_out.iter().any(|left| left.why == LeftOutBecause::TooManyOccurrences), "only 500 events repeat");
}

pub(crate) const WORDS: &[&[u8]] = &[
    b"BEGIN:VEVENT\n",
    b"END:VEVENT\n",
    b"DTSTART",
    b";TZID=",
    b";VALUE=DATE",
    b":",
    b"\n ",
    b"\r\n",
    b"RRULE:FREQ=",
    b"DAILY",
    b"YEARLY",
    b";COUNT=",
    b";UNTIL=",
    b";INTERVAL=",
    b"BYDAY=",
    b"BYSETPOS=-1",
    b"BYMONTHDAY=-31",
    b"BYWEEKNO=53",
    b"BYYEARDAY=366",
    b"65535",
    b"4294967296",
    b"-1",
    b"20261005T090000Z",
    b"99999999",
    b"19700101",
    b"21991231T235959",
    b"\"",
    b"\\n",
    b",",
    b";",
    b"RECURRENCE-ID:",
    b"EXDATE:",
    b"RDATE:",
    b"STATUS:CANCELLED",
    b"\xff",
    b"\0",
    b"Pacific/Apia",
    b"DURATION:P",
    b"W",
];

pub(crate) fn samples() -> Vec<Vec<u8>> {
    let zone = "BEGIN:VTIMEZONE\nTZID:C\nX-LIC-LOCATION:Europe/Paris\nEND:VTIMEZONE\n";
    let series = "DTSTART;TZID=C:20261012T101500\nRRULE:FREQ=WEEKLY;BYDAY=MO,TH;UNTIL=20261105T235959Z\nEXDATE;TZID=C:20261015T101500\n";
    let monthly =
        "DTSTART;VALUE=DATE:20261005\nDTEND;VALUE=DATE:20261007\nRRULE:FREQ=MONTHLY;BYDAY=-1FR;BYSETPOS=1;COUNT=9\n";
    let moved = "RECURRENCE-ID;TZID=C:20261022T101500\nDTSTART;TZID=C:20261023T101500\n";
    vec![
        calendar(&(zone.to_owned() + &event("s", "GEOG 204", series) + &event("s", "Moved", moved))).into_bytes(),
        calendar(
            &(event("m", "Le\n cture", monthly) + &event("x", "Exam", "DTSTART:20261214T090000Z\nDURATION:P2D\n")),
        )
        .into_bytes(),
    ]
}

proptest! {
    // On a real disk, and so not as long as the sweep of this reader in `fuzz.rs`.
    #![proptest_config(ProptestConfig { cases: 400, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_calendar_is_imported_or_refused_in_one_sentence(
        which in any::<prop::sample::Index>(),
        damages in prop::collection::vec(damage(WORDS), 1..8),
    ) {
        let samples = samples();
        let text = damaged_sample(&samples, which, &damages);
        let desk = Desk::new();
        match desk.import_with(&text, &ZoneAnswers::new()) {
            Ok(plan) => {
                let kept = dates_of(&desk.folder, COURSE).unwrap();
                prop_assert_eq!(kept.dates.len(), if plan.unknown_zones.is_empty() { plan.added.len() } else { 0 });
                let again = desk.import_with(&text, &ZoneAnswers::new()).unwrap();
                prop_assert!(!plan.unknown_zones.is_empty() || (again.added.is_empty() && again.changed.is_empty()));
            }
            Err(error) => {
                prop_assert_eq!(error.code(), ErrorCode::InvalidInput);
                prop_assert!(!error.message().contains('\n') && error.message().len() < 500, "{}", error);
                prop_assert_eq!(desk.kept(), Vec::<String>::new());
            }
        }
    }
}
