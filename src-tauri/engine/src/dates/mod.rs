//! The dates of a course: adding, changing, removing, importing from a calendar, and the figures that follow from them.
//!
//! Window and command line do it with the same functions. Deliberately absent: the file they are kept in (`store::dates`)
//! and what a figure means (`model`).
//!
//! Invariants: every change reads the dates, changes them and writes them within one lock; a date keeps its number as long
//! as it is there.

mod calendar;
mod looked_at;
mod typed;

use model::line::one_line;
use model::words::counted;
use model::{CourseDate, CourseDates, DateKind, DateRange, FolderId, OnTimeRule, SessionId, When};

use crate::store::{DataFolder, FolderLock};
use crate::{Error, ErrorCode, Result};

pub use calendar::{
    ImportPlan, LeftOut, LeftOutBecause, MovedDate, UnknownZone, ZoneAnswers, import_dates, preview_import,
    zone_answers,
};
pub use looked_at::{DatesInView, VideoInTime, VideosInTime, dates_in_view};
pub use typed::typed_when;

/// More dates a course does not have; a calendar with more is of more than one course.
pub const MOST_DATES: usize = 2000;
/// A longer name is a text.
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
    /// The videos that it concerns; none means all of the course.
    pub videos: Vec<SessionId>,
}

/// What is kept of a course's dates.
pub fn dates_of(folder: &DataFolder, course: FolderId) -> Result<CourseDates> {
    let all = folder.dates()?;
    Ok(all.into_iter().find(|(id, _)| *id == course).map(|(_, kept)| kept).unwrap_or_default())
}

/// Adds a date. [`ErrorCode::InvalidInput`] for a name that is empty or too long, or where the course has too many dates.
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

/// Replaces a date. It stays the event of the calendar it was imported from. [`ErrorCode::NotFound`] where there is no such
/// number.
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

/// Removes a date. [`ErrorCode::NotFound`] where there is no such number.
pub fn remove_date(folder: &DataFolder, lock: &FolderLock, course: FolderId, number: u32) -> Result<CourseDate> {
    change(folder, lock, course, |kept| {
        let place = kept.dates.iter().position(|date| date.number == number).ok_or_else(|| no_date(number))?;
        Ok(kept.dates.remove(place))
    })
}

/// Puts a removed date back, with its number where that is still free.
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

/// Sets the term of a course, or lets it be guessed again.
pub fn set_term(folder: &DataFolder, lock: &FolderLock, course: FolderId, term: Option<DateRange>) -> Result<()> {
    change(folder, lock, course, |kept| {
        kept.term = term;
        Ok(())
    })
}

/// Sets by when the videos of a course are on time. [`ErrorCode::InvalidInput`] for more than a year.
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

/// Changes the dates of one course and keeps those of the others as they are. Nothing is written where `how` refuses or
/// changes nothing.
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
