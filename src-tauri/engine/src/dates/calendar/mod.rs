//! Importing the dates of a course from a calendar file (`.ics`): first as a plan, which a preview shows and an import
//! carries out.
//!
//! An event is recognised by its UID and, if it repeats, by the occurrence. So importing the same file twice adds
//! nothing, and a moved event moves its date. A person's changes to an imported date stay: kind, name and videos.
//! Deliberately absent: removing dates whose events are gone, because many programs cut calendars to a few weeks.
//!
//! Invariants: a preview is the plan that is carried out; nothing is imported while the zone of any event is unknown;
//! an event that is left out is named with the reason.

mod event;
mod kind;
mod lines;
mod moment;
mod repeat;
mod zones;

use std::collections::{BTreeMap, HashMap};
use std::path::Path;

use chrono::{Days, NaiveDate};
use chrono_tz::Tz;
use model::line::{listed_name, one_line, quotable};
use model::words::counted;
use model::{CourseDate, CourseDates, Day, FolderId, When};

use super::{LONGEST_NAME, MOST_DATES, change, check_room};
use crate::store::disk::Disk;
use crate::store::refusal::disk_error;
use crate::store::{DataFolder, FolderLock, quoted};
use crate::time_zone::time_zone_named;
use crate::{Error, ErrorCode, Result};
use event::{CalendarEvent, CalendarFile, WrittenTime};
use moment::{EventTime, instant_of};
use repeat::{BadRule, occurrences};
use zones::CalendarZones;

pub use zones::ZoneAnswers;

/// A larger calendar covers more than one course.
const MOST_BYTES: u64 = 8 << 20;
/// A course's timetable has no more repeating events.
const MOST_REPEATING: usize = 500;
/// A rule without an end is followed this far beyond today or beyond its start.
const DAYS_AHEAD: u64 = 366;
/// A longer event is not a date.
const LONGEST_DAYS: i32 = 2000;
/// A longer UID is cut; programs make UIDs of about 40 characters.
const LONGEST_SOURCE: usize = 300;

/// What an import does, or would do.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ImportPlan {
    /// Dates that are new, in the order of time.
    pub added: Vec<CourseDate>,
    /// Dates that were imported before and have moved.
    pub changed: Vec<MovedDate>,
    /// How many dates are there already.
    pub already_there: usize,
    /// Events that are left out.
    pub left_out: Vec<LeftOut>,
    /// Zones that this program does not know. While there are any, nothing is imported.
    pub unknown_zones: Vec<UnknownZone>,
}

/// A date that has moved.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MovedDate {
    /// The date as it will be.
    pub date: CourseDate,
    /// When it was.
    pub was: When,
}

/// An event that is left out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LeftOut {
    /// Its name.
    pub name: String,
    /// The line of the file at which it begins.
    pub line: usize,
    /// Why.
    pub why: LeftOutBecause,
}

/// Why an event is left out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum LeftOutBecause {
    /// The calendar says that it is cancelled.
    Cancelled,
    /// This property of it cannot be read.
    Unreadable(String),
    /// It has no start.
    NoStart,
    /// Its rule for repeating is not understood.
    RuleNotUnderstood,
    /// It repeats too often to be a timetable, or too many events repeat.
    TooManyOccurrences,
}

impl LeftOutBecause {
    /// The reason, worded to follow the event's name.
    pub fn sentence(&self) -> String {
        match self {
            Self::Cancelled => "is cancelled".to_owned(),
            Self::Unreadable(property) => format!("its {} cannot be read", quoted(property)),
            Self::NoStart => "has no start".to_owned(),
            Self::RuleNotUnderstood => "repeats by a rule that is not understood".to_owned(),
            Self::TooManyOccurrences => "repeats too often for a timetable".to_owned(),
        }
    }
}

/// An unknown zone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UnknownZone {
    /// The calendar's name for it.
    pub name: String,
    /// How many events are in it.
    pub events: u32,
}

/// What an import of this file would do. Changes nothing. Floating times are read in the reporting time zone `zone`;
/// `answers` gives the zones that unknown names mean.
///
/// [`ErrorCode::InvalidInput`] if the file is no calendar, or too large for one of a course.
pub fn preview_import(
    folder: &DataFolder,
    course: FolderId,
    file: &Path,
    zone: Tz,
    today: Day,
    answers: &ZoneAnswers,
) -> Result<ImportPlan> {
    let kept = super::dates_of(folder, course)?;
    plan(&read(folder.disk(), file)?, &name_of(file), &kept, zone, today, answers)
}

/// Imports the dates of a calendar file. Errors as [`preview_import`]; also [`ErrorCode::InvalidInput`] if the course
/// would have too many dates. While a zone is unknown, nothing is imported: see [`ImportPlan::check_zones`].
pub fn import_dates(
    folder: &DataFolder,
    lock: &FolderLock,
    course: FolderId,
    file: &Path,
    zone: Tz,
    today: Day,
    answers: &ZoneAnswers,
) -> Result<ImportPlan> {
    let text = read(folder.disk(), file)?;
    change(folder, lock, course, |kept| {
        let plan = plan(&text, &name_of(file), kept, zone, today, answers)?;
        if plan.unknown_zones.is_empty() {
            check_room(kept.dates.len() + plan.added.len())?;
            for moved in &plan.changed {
                let date = kept.dates.iter_mut().find(|date| date.number == moved.date.number);
                if let Some(date) = date {
                    date.when = moved.date.when;
                }
            }
            kept.dates.extend(plan.added.iter().cloned());
        }
        Ok(plan)
    })
}

/// Reads answers of the form `NAME=IANA`, one for each zone. [`ErrorCode::InvalidInput`] for any other text.
pub fn zone_answers(texts: &[String]) -> Result<ZoneAnswers> {
    let mut answers = ZoneAnswers::new();
    for text in texts {
        let (name, zone) = text.rsplit_once('=').ok_or_else(|| {
            Error::new(ErrorCode::InvalidInput, format!("{} says of no zone what it means", quoted(text)))
                .with_hint("Give the calendar's name and the IANA name, as in 'Campus Time=Europe/Zurich'")
        })?;
        answers.insert(name.trim().to_owned(), time_zone_named(zone)?);
    }
    Ok(answers)
}

fn name_of(file: &Path) -> String {
    file.file_name().unwrap_or_default().to_string_lossy().into_owned()
}

fn read(disk: &dyn Disk, file: &Path) -> Result<String> {
    let bytes = disk.read_at_most(file, MOST_BYTES).map_err(|error| disk_error("read", file, error))?;
    match model::text::decoded(&bytes) {
        Ok(text) => Ok(text.into_owned()),
        Err(damage) => Err(Error::new(
            ErrorCode::InvalidInput,
            format!("{} cannot be read as a calendar: {damage}", quoted(&name_of(file))),
        )
        .with_hint("Export the calendar again as an .ics file and import that")),
    }
}

/// What a calendar's text means for the stored dates.
pub(super) fn plan(
    text: &str,
    file: &str,
    kept: &CourseDates,
    zone: Tz,
    today: Day,
    answers: &ZoneAnswers,
) -> Result<ImportPlan> {
    let calendar = CalendarFile::read(text, file)?;
    let zones = CalendarZones { defined: calendar.zones.clone(), answers };
    let mut planner = ImportPlanner {
        zones,
        floating: zone,
        today: today.date(),
        plan: ImportPlan::default(),
        unknown: BTreeMap::new(),
    };
    let found = planner.dates(&calendar.events);
    let ImportPlanner { mut plan, unknown, .. } = planner;
    plan.unknown_zones = unknown.into_iter().map(|(name, events)| UnknownZone { name, events }).collect();
    if found.len() > MOST_DATES {
        let most = counted(MOST_DATES as u64, "date", "dates");
        return Err(Error::new(ErrorCode::InvalidInput, format!("{} holds more than {most}", quoted(file)))
            .with_hint("Export only the calendar of the course, or only this term"));
    }
    sort_out(found, kept, &mut plan);
    Ok(plan)
}

/// Sorts found dates into new ones, moved ones and those already there.
fn sort_out(found: Vec<CourseDate>, kept: &CourseDates, plan: &mut ImportPlan) {
    let by_source: HashMap<&str, &CourseDate> =
        kept.dates.iter().filter_map(|date| Some((date.source.as_deref()?, date))).collect();
    let mut number = kept.next_number();
    for date in found {
        let known = date.source.as_deref().and_then(|source| by_source.get(source).copied());
        // A person may have typed this date before the calendar came.
        let same = || kept.dates.iter().find(|other| other.source.is_none() && same_date(other, &date));
        match known.or_else(same) {
            Some(there) if there.when == date.when => plan.already_there += 1,
            Some(there) => {
                plan.changed.push(MovedDate { date: CourseDate { when: date.when, ..there.clone() }, was: there.when });
            }
            None => {
                plan.added.push(CourseDate { number, ..date });
                number = number.saturating_add(1);
            }
        }
    }
}

fn same_date(one: &CourseDate, other: &CourseDate) -> bool {
    one.when == other.when && one.name.to_lowercase() == other.name.to_lowercase()
}

struct ImportPlanner<'a> {
    zones: CalendarZones<'a>,
    floating: Tz,
    today: NaiveDate,
    plan: ImportPlan,
    unknown: BTreeMap<String, u32>,
}

impl ImportPlanner<'_> {
    /// The dates of all events, in the order of time, each source once.
    fn dates(&mut self, events: &[CalendarEvent]) -> Vec<CourseDate> {
        let mut replaced: HashMap<&str, Vec<EventTime>> = HashMap::new();
        for event in events.iter().filter(|event| event.replaces.is_some()) {
            let moment = event.replaces.as_ref().and_then(|time| self.moment(time));
            replaced.entry(event.uid.as_str()).or_default().extend(moment);
        }
        let mut found = Vec::new();
        let mut repeating = 0;
        for event in events {
            if let Some(why) = self.dates_of(event, &replaced, &mut repeating, &mut found) {
                self.plan.left_out.push(LeftOut { name: named(event), line: event.line, why });
            }
            if found.len() > MOST_DATES {
                break;
            }
        }
        let day = |date: &CourseDate| match date.when {
            When::Days(days) => days.first(),
            When::At(at, zone) => Day::from_date(at.with_timezone(&zone).date_naive()),
        };
        found.sort_by_key(day);
        let mut seen = std::collections::HashSet::new();
        found.retain(|date: &CourseDate| seen.insert(date.source.clone()));
        found
    }

    /// Adds the dates of an event to `found`, or says why it has none.
    fn dates_of(
        &mut self,
        event: &CalendarEvent,
        replaced: &HashMap<&str, Vec<EventTime>>,
        repeating: &mut usize,
        found: &mut Vec<CourseDate>,
    ) -> Option<LeftOutBecause> {
        if event.is_cancelled {
            return Some(LeftOutBecause::Cancelled);
        }
        if let Some(property) = &event.unreadable {
            return Some(LeftOutBecause::Unreadable(property.clone()));
        }
        let Some(start) = &event.start else { return Some(LeftOutBecause::NoStart) };
        let start = self.known(start)?;
        let mut moments = match &event.rule {
            None => vec![start],
            Some(_) if *repeating == MOST_REPEATING => return Some(LeftOutBecause::TooManyOccurrences),
            Some(rule) => {
                *repeating += 1;
                let last = self.today.max(start.day().date()) + Days::new(DAYS_AHEAD);
                match occurrences(rule, start, last) {
                    Ok(moments) => moments,
                    Err(BadRule::NotUnderstood) => return Some(LeftOutBecause::RuleNotUnderstood),
                    Err(BadRule::TooMany) => return Some(LeftOutBecause::TooManyOccurrences),
                }
            }
        };
        for time in &event.also {
            moments.push(self.known(time)?);
        }
        let mut not = Vec::new();
        for time in &event.not {
            not.push(self.known(time)?);
        }
        let is_series = event.rule.is_some() || !event.also.is_empty();
        if is_series && let Some(replaced) = replaced.get(event.uid.as_str()) {
            not.extend(replaced);
        }
        moments.retain(|moment| !not.iter().any(|exception| moment.is_meant_by(*exception)));
        let kind = kind::guessed(&event.name, &event.categories, is_series || event.replaces.is_some());
        for moment in moments {
            let occurrence = match &event.replaces {
                Some(time) => Some(self.known(time)?),
                None => is_series.then_some(moment),
            };
            found.push(CourseDate {
                number: 0,
                kind,
                name: named(event),
                when: moment.when(days_of(event)),
                videos: Vec::new(),
                source: Some(source(event, moment, occurrence)),
            });
        }
        None
    }

    /// The moment of a time. An unknown zone is counted, so that it can be asked for.
    fn known(&mut self, time: &WrittenTime) -> Option<EventTime> {
        let moment = self.moment(time);
        if let (None, WrittenTime::Zoned(_, name)) = (moment, time) {
            *self.unknown.entry(name.clone()).or_default() += 1;
        }
        moment
    }

    fn moment(&self, time: &WrittenTime) -> Option<EventTime> {
        Some(match time {
            WrittenTime::Day(day) => EventTime::Day(Day::from_date(*day)),
            WrittenTime::Floating(local) => EventTime::At(instant_of(*local, self.floating), self.floating),
            WrittenTime::Utc(at) => EventTime::At(*at, self.floating),
            WrittenTime::Zoned(local, name) => {
                let zone = self.zones.zone(name)?;
                EventTime::At(instant_of(*local, zone), zone)
            }
        })
    }
}

/// How many days an event takes. Its end is the day after the last.
fn days_of(event: &CalendarEvent) -> i32 {
    match (&event.start, &event.end, event.days) {
        (Some(WrittenTime::Day(first)), Some(WrittenTime::Day(end)), _) => {
            i32::try_from((*end - *first).num_days()).unwrap_or(1).clamp(1, LONGEST_DAYS)
        }
        (Some(WrittenTime::Day(_)), None, Some(days)) => days.clamp(1, LONGEST_DAYS),
        _ => 1,
    }
}

fn named(event: &CalendarEvent) -> String {
    let name = listed_name(&event.name);
    name.chars().take(LONGEST_NAME).collect::<String>().trim_end().to_owned()
}

/// What an imported date is recognised by.
fn source(event: &CalendarEvent, moment: EventTime, occurrence: Option<EventTime>) -> String {
    let mut source: String = event.uid.chars().take(LONGEST_SOURCE).collect();
    if source.is_empty() {
        // Without a UID, an event is recognised by its name and its time.
        source = format!("{} {}", quotable(&event.name), moment.key());
    }
    if let Some(occurrence) = occurrence {
        source.push('#');
        source.push_str(&occurrence.key());
    }
    // In the form in which it is read back from the file.
    one_line(&source)
}

impl ImportPlan {
    /// [`ErrorCode::InvalidInput`] names the first unknown zone; an import has then changed nothing.
    pub fn check_zones(&self) -> Result<()> {
        let Some(unknown) = self.unknown_zones.first() else { return Ok(()) };
        let events = counted(unknown.events.into(), "event", "events");
        Err(Error::new(
            ErrorCode::InvalidInput,
            format!("The calendar has {events} in the time zone {}, which is not known here", quoted(&unknown.name)),
        )
        .with_hint("Say which IANA zone it means, such as Europe/Zurich; nothing is imported until then"))
    }
}
