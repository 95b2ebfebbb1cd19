//! The dates of a course: adding, changing, removing, importing from a calendar, and the figures that follow from them.
//!
//! Window and command line use the same functions. Deliberately absent: the file in which dates are stored
//! (`store::dates`) and what a figure means (`model`).
//!
//! Invariants: every change reads, changes and writes the dates within one lock; a date keeps its number as long as it
//! exists.

mod calendar;
mod looked_at;
mod typed;

use chrono::Datelike as _;
use model::line::one_line;
use model::words::counted;
use model::{CourseDate, CourseDates, DateKind, DateRange, Day, FolderId, OnTimeRule, SessionId, When};

use crate::store::dates::YEARS_OF_DATES;
use crate::store::{DataFolder, FolderLock};
use crate::{Error, ErrorCode, Result};

pub use calendar::{
    ImportPlan, LeftOut, LeftOutBecause, MovedDate, UnknownZone, ZoneAnswers, import_dates, preview_import,
    zone_answers,
};
pub use looked_at::{DatesInView, VideoInTime, VideosInTime, dates_in_view, marked_dates, person_on_time};
pub use typed::{typed_cutoff, typed_when};

/// No course has more dates; a calendar with more covers several courses.
pub const MOST_DATES: usize = 2000;
/// A longer name is no name but a text.
const LONGEST_NAME: usize = 200;
/// The longest time after its first viewing in which a video can be on time.
const MOST_DAYS_ON_TIME: u16 = 366;

/// A date that somebody wants to keep.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewDate {
    /// What it is.
    pub kind: DateKind,
    /// What people call it.
    pub name: String,
    /// When it is.
    pub when: When,
    /// The videos that it concerns; empty means the whole course.
    pub videos: Vec<SessionId>,
}

/// The stored dates of a course.
pub fn dates_of(folder: &DataFolder, course: FolderId) -> Result<CourseDates> {
    let all = folder.dates()?;
    Ok(all.into_iter().find(|(id, _)| *id == course).map(|(_, kept)| kept).unwrap_or_default())
}

/// Adds a date. [`ErrorCode::InvalidInput`] if the name is empty or too long, or if the course has too many dates.
pub fn add_date(folder: &DataFolder, lock: &FolderLock, course: FolderId, new: NewDate) -> Result<CourseDate> {
    let name = checked_name(&new.name)?;
    change(folder, lock, course, |kept| {
        check_room(kept.dates.len() + 1)?;
        let NewDate { kind, when, videos, .. } = new;
        let date = CourseDate { number: kept.next_number(), kind, name, when, videos, source: None };
        kept.dates.push(date.clone());
        Ok(date)
    })
}

/// Replaces a date. It stays linked to the calendar event it was imported from. [`ErrorCode::NotFound`] if there is no
/// such number.
pub fn change_date(
    folder: &DataFolder,
    lock: &FolderLock,
    course: FolderId,
    number: u32,
    new: NewDate,
) -> Result<CourseDate> {
    let name = checked_name(&new.name)?;
    change(folder, lock, course, |kept| {
        let date = kept.dates.iter_mut().find(|date| date.number == number).ok_or_else(|| no_date(number))?;
        let NewDate { kind, when, videos, .. } = new;
        *date = CourseDate { kind, name, when, videos, number, source: date.source.take() };
        Ok(date.clone())
    })
}

/// Removes a date. [`ErrorCode::NotFound`] if there is no such number.
pub fn remove_date(folder: &DataFolder, lock: &FolderLock, course: FolderId, number: u32) -> Result<CourseDate> {
    change(folder, lock, course, |kept| {
        let place = kept.dates.iter().position(|date| date.number == number).ok_or_else(|| no_date(number))?;
        Ok(kept.dates.remove(place))
    })
}

/// Puts a removed date back, under its old number if that is still free.
pub fn restore_date(
    folder: &DataFolder,
    lock: &FolderLock,
    course: FolderId,
    removed: CourseDate,
) -> Result<CourseDate> {
    change(folder, lock, course, |kept| {
        check_room(kept.dates.len() + 1)?;
        let number = if kept.date(removed.number).is_some() { kept.next_number() } else { removed.number };
        let date = CourseDate { number, ..removed };
        kept.dates.push(date.clone());
        Ok(date)
    })
}

/// Sets the term of a course, or lets the program guess it again. [`ErrorCode::InvalidInput`] for years that no course has.
pub fn set_term(folder: &DataFolder, lock: &FolderLock, course: FolderId, term: Option<DateRange>) -> Result<()> {
    if let Some(day) = term.and_then(|term| [term.first(), term.last()].into_iter().find(|day| !can_be_stored(*day))) {
        return Err(typed::no_such_year(&day.date().to_string()));
    }
    change(folder, lock, course, |kept| {
        kept.term = term;
        Ok(())
    })
}

/// Sets when the videos of a course are on time. [`ErrorCode::InvalidInput`] for more than a year.
pub fn set_on_time(folder: &DataFolder, lock: &FolderLock, course: FolderId, rule: OnTimeRule) -> Result<()> {
    if let OnTimeRule::DaysAfterFirstViewing(days) = rule
        && days > MOST_DAYS_ON_TIME
    {
        return Err(Error::new(ErrorCode::InvalidInput, format!("{days} days are too many for a video to be on time"))
            .with_hint(format!("Give 0 to {MOST_DAYS_ON_TIME} days")));
    }
    change(folder, lock, course, |kept| {
        kept.on_time = rule;
        Ok(())
    })
}

/// Changes the dates of one course and leaves those of the others alone. Nothing is written if `how` refuses or changes
/// nothing.
fn change<T>(
    folder: &DataFolder,
    lock: &FolderLock,
    course: FolderId,
    how: impl FnOnce(&mut CourseDates) -> Result<T>,
) -> Result<T> {
    let mut all = folder.dates()?;
    let place = all.iter().position(|(id, _)| *id == course).unwrap_or_else(|| {
        all.push((course, CourseDates::default()));
        all.len() - 1
    });
    let before = all[place].1.clone();
    let result = how(&mut all[place].1)?;
    if all[place].1 != before {
        folder.save_dates(lock, &all)?;
    }
    Ok(result)
}

/// Whether a day is of a year that dates can have.
fn can_be_stored(day: Day) -> bool {
    YEARS_OF_DATES.contains(&day.date().year())
}

fn check_room(dates: usize) -> Result<()> {
    if dates <= MOST_DATES {
        return Ok(());
    }
    let most = counted(MOST_DATES as u64, "date", "dates");
    Err(Error::new(ErrorCode::InvalidInput, format!("A course can have at most {most}"))
        .with_hint("Remove dates of earlier terms first"))
}

fn checked_name(name: &str) -> Result<String> {
    let name = one_line(name);
    if name.is_empty() {
        return Err(
            Error::new(ErrorCode::InvalidInput, "A date needs a name").with_hint("Call it, for example, Midterm")
        );
    }
    if name.chars().count() > LONGEST_NAME {
        return Err(Error::new(
            ErrorCode::InvalidInput,
            format!("The name of a date has at most {LONGEST_NAME} characters"),
        )
        .with_hint("Give it a shorter name"));
    }
    Ok(name)
}

fn no_date(number: u32) -> Error {
    Error::new(ErrorCode::NotFound, format!("The course has no date number {number}"))
        .with_hint("Look up its number in the list of the course's dates")
}
