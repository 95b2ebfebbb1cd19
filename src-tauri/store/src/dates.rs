//! `dates.csv`: the dates of the courses, one a line; with them each course's term and when its videos are on time.
//!
//! Plain, because people keep such lists by hand: a line without a number gets one, and a time without an offset is taken in
//! the zone of its line. What cannot be made again, so it is durable. Deliberately absent: what follows from dates.
//!
//! Invariants: nothing of a damaged file is taken, so that a date is never lost by saving another; what is written is read
//! again as it was.

use std::collections::{HashMap, HashSet};
use std::ops::RangeInclusive;
use std::path::PathBuf;

use chrono::{DateTime, Datelike as _, NaiveDate, NaiveDateTime, SecondsFormat, TimeZone as _, Utc};
use chrono_tz::Tz;
use model::line::one_line;
use model::{CourseDate, CourseDates, DateKind, DateRange, Day, FolderId, OnTimeRule, SessionId, When};

use super::disk::{Durability, replace};
use super::table::{self, Row, ShortLines, Source, quoted, read_table};
use super::{DataFolder, FolderLock};
use crate::{ErrorKind, Result};

const FILE: &str = "dates.csv";
const COLUMNS: [&str; 9] =
    ["PanoptoFolderID", "Number", "Kind", "Name", "Start", "End", "TimeZone", "SessionIds", "Source"];
// The places of the columns.
const COURSE: usize = 0;
const NUMBER: usize = 1;
const KIND: usize = 2;
const NAME: usize = 3;
const START: usize = 4;
const END: usize = 5;
const ZONE: usize = 6;
const VIDEOS: usize = 7;
const SOURCE: usize = 8;
/// A longer file holds something else: some hundred bytes for each date of every course.
const MOST_BYTES: u64 = 16 << 20;
/// The word for a line that is the course's term.
const TERM: &str = "term";
/// The word for a line that says how many days after its first viewing a video is on time.
const ON_TIME: &str = "on-time";
/// More days than this nobody waits.
const MOST_DAYS: u16 = 366;

/// The dates of each course that has any, in the order of the file.
pub type DatesOfCourses = Vec<(FolderId, CourseDates)>;

impl DataFolder {
    /// Where the dates of the courses are kept.
    pub fn dates_file(&self) -> PathBuf {
        self.root().join(FILE)
    }

    /// The dates of all courses; none where none are kept yet. [`ErrorKind::DataFileInvalid`] names the line that is wrong.
    pub fn dates(&self) -> Result<DatesOfCourses> {
        let path = self.dates_file();
        if !self.exists(&path)? {
            return Ok(Vec::new());
        }
        let source = Source {
            path: &path,
            code: ErrorKind::DataFileInvalid,
            remedy: "Correct the line in a text editor, or move the file away to start again without dates",
            most_bytes: MOST_BYTES,
        };
        let mut courses = DatesOfCourses::new();
        let mut places = HashMap::new();
        let mut numbers = HashSet::new();
        let mut without_number = Vec::new();
        read_table(self.disk(), source, &COLUMNS, ShortLines::EmptyCells, |row| {
            let course: FolderId = row.id(COURSE)?;
            let place = *places.entry(course).or_insert_with(|| {
                courses.push((course, CourseDates::default()));
                courses.len() - 1
            });
            let kept = &mut courses[place].1;
            match line(row)? {
                DatesLine::Term(days) => match kept.term.replace(days) {
                    None => {}
                    Some(_) => return Err(row.error(KIND, "the course has a term already")),
                },
                DatesLine::OnTime(rule) => match std::mem::replace(&mut kept.on_time, rule) {
                    OnTimeRule::NextDate => {}
                    OnTimeRule::DaysAfterFirstViewing(_) => {
                        return Err(row.error(KIND, "the course has such a line already"));
                    }
                },
                DatesLine::Date(date) => {
                    if date.number == 0 {
                        without_number.push((place, kept.dates.len()));
                    } else if !numbers.insert((course, date.number)) {
                        return Err(row.error(NUMBER, format_args!("{} stands twice in its course", date.number)));
                    }
                    kept.dates.push(date);
                }
            }
            Ok(())
        })?;
        let mut next: HashMap<usize, u32> = HashMap::new();
        for (course, place) in without_number {
            let kept = &mut courses[course].1;
            let number = next.entry(course).or_insert_with(|| kept.next_number());
            kept.dates[place].number = *number;
            *number = number.saturating_add(1);
        }
        Ok(courses)
    }

    /// Replaces the dates of all courses. Courses without any are left out.
    pub fn save_dates(&self, _lock: &FolderLock, courses: &[(FolderId, CourseDates)]) -> Result<()> {
        let mut text = Vec::new();
        table::push_line(&mut text, COLUMNS);
        for (course, kept) in courses {
            push_course(&mut text, *course, kept);
        }
        replace(self.disk(), &self.dates_file(), Durability::Durable, |file| file.write_all(&text))
    }
}

/// What a line says.
enum DatesLine {
    Date(CourseDate),
    Term(DateRange),
    OnTime(OnTimeRule),
}

fn line(row: &Row<'_>) -> Result<DatesLine> {
    let kind = row.text(KIND).trim();
    if kind.eq_ignore_ascii_case(TERM) {
        return match when(row)? {
            When::Days(days) => Ok(DatesLine::Term(days)),
            When::At(..) => Err(row.error(START, "a term begins on a day, such as 2026-08-24")),
        };
    }
    if kind.eq_ignore_ascii_case(ON_TIME) {
        let days = row.parsed(START, "a number of days such as P7D, at most P366D", |text| {
            let days: u16 = text.trim().strip_prefix('P')?.strip_suffix('D')?.parse().ok()?;
            (days <= MOST_DAYS).then_some(days)
        })?;
        return Ok(DatesLine::OnTime(OnTimeRule::DaysAfterFirstViewing(days)));
    }
    let kind: DateKind =
        row.parsed(KIND, "exam, deadline, lecture, break, other, term or on-time", |text| text.parse().ok())?;
    let number = match row.text(NUMBER).trim() {
        "" => 0,
        _ => row.parsed(NUMBER, "a number from 1", |text| text.trim().parse().ok().filter(|number| *number > 0))?,
    };
    let name = one_line(row.text(NAME));
    if name.is_empty() {
        return Err(row.error(NAME, "a date needs a name"));
    }
    let mut videos = Vec::new();
    for text in row.text(VIDEOS).split_whitespace() {
        let video: SessionId = text.parse().map_err(|error| row.error(VIDEOS, error))?;
        if !videos.contains(&video) {
            videos.push(video);
        }
    }
    let source = Some(one_line(row.text(SOURCE))).filter(|source| !source.is_empty());
    Ok(DatesLine::Date(CourseDate { number, kind, name, when: when(row)?, videos, source }))
}

/// When a line's date is.
fn when(row: &Row<'_>) -> Result<When> {
    let (start, end) = (row.text(START).trim(), row.text(END).trim());
    if !start.contains(['T', ' ']) {
        let first = row.parsed(START, "a day such as 2026-10-05 or a time such as 2026-10-05T09:00:00+02:00", day)?;
        let last = if end.is_empty() { first } else { row.parsed(END, "a day such as 2026-10-05", day)? };
        if last < first {
            return Err(row.error(END, "the last day lies before the first"));
        }
        return Ok(When::Days(DateRange::between(first, last)));
    }
    if !end.is_empty() {
        return Err(row.error(END, "only whole days have a last day"));
    }
    let zone: Tz =
        row.parsed(ZONE, "the name of a time zone such as Europe/Zurich", |text| text.trim().parse().ok())?;
    let at = row.parsed(START, "a time such as 2026-10-05T09:00:00+02:00", |text| instant(text.trim(), zone))?;
    Ok(When::At(at, zone))
}

fn day(text: &str) -> Option<Day> {
    NaiveDate::parse_from_str(text.trim(), "%Y-%m-%d").ok().filter(|date| is_usual(*date)).map(Day::from_date)
}

/// The years of dates that can be stored.
pub const YEARS_OF_DATES: RangeInclusive<i32> = 1900..=2999;

/// Whether a day is written with four digits, so that it is read again as it was.
fn is_usual(date: NaiveDate) -> bool {
    YEARS_OF_DATES.contains(&date.year())
}

/// An instant with its offset, or a local time of the zone: of one that a change of the clocks repeats the first, and of one
/// that it leaves out none.
fn instant(text: &str, zone: Tz) -> Option<DateTime<Utc>> {
    let instant = if let Ok(instant) = DateTime::parse_from_rfc3339(text) {
        instant.with_timezone(&Utc)
    } else {
        let forms = ["%Y-%m-%dT%H:%M:%S", "%Y-%m-%dT%H:%M", "%Y-%m-%d %H:%M:%S", "%Y-%m-%d %H:%M"];
        let local = forms.iter().find_map(|form| NaiveDateTime::parse_from_str(text, form).ok())?;
        zone.from_local_datetime(&local).earliest()?.with_timezone(&Utc)
    };
    let local = instant.with_timezone(&zone).naive_local();
    is_usual(local.date()).then_some(instant)
}

fn push_course(text: &mut Vec<u8>, course: FolderId, kept: &CourseDates) {
    let course = course.to_string();
    let mut push = |number: &str, kind: &str, name: &str, when: [&str; 3], videos: &str, source: &str| {
        let [start, end, zone] = when;
        table::push_line(text, [&*course, number, kind, name, start, end, zone, videos, source]);
    };
    if let Some(days) = kept.term {
        let (first, last) = (days.first().date().to_string(), days.last().date().to_string());
        push("", TERM, "", [&first, &last, ""], "", "");
    }
    if let OnTimeRule::DaysAfterFirstViewing(days) = kept.on_time {
        push("", ON_TIME, "", [&format!("P{days}D"), "", ""], "", "");
    }
    for date in &kept.dates {
        let (start, end, zone) = match date.when {
            When::Days(days) if days.first() == days.last() => (days.first().date().to_string(), String::new(), ""),
            When::Days(days) => (days.first().date().to_string(), days.last().date().to_string(), ""),
            When::At(at, zone) => {
                let local = at.with_timezone(&zone);
                (local.to_rfc3339_opts(SecondsFormat::Secs, false), String::new(), zone.name())
            }
        };
        let videos: Vec<String> = date.videos.iter().map(ToString::to_string).collect();
        push(
            &date.number.to_string(),
            date.kind.word(),
            &date.name,
            [&start, &end, zone],
            &videos.join(" "),
            date.source.as_deref().unwrap_or_default(),
        );
    }
}

/// A day that people typed: `2026-10-05`.
pub fn typed_day(text: &str) -> Option<Day> {
    day(text)
}

/// An instant that people typed: with its offset, or as a local time of the zone. `Err` repeats the text in quotes.
pub fn typed_instant(text: &str, zone: Tz) -> Result<DateTime<Utc>, String> {
    instant(text.trim(), zone).ok_or_else(|| quoted(text))
}
