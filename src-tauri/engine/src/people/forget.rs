//! Removing what is kept about people: one person wholly, or everybody's records that are older than they may be kept.
//!
//! A person is removed from records, names and decisions, and from what was made of them; what was forgotten is remembered
//! only as a salted hash, first of all, so that nothing comes back. A note says who it is until all is
//! removed: when the removal is cut off, [`finish_forgetting`] knows whom to go on with, even where no record tells of them any
//! more. Deliberately absent: files outside the data folder, such as exports, which the report reminds of.
//!
//! Invariants: after it, no file of the data folder holds the person's IDs or names, also after a further sync
//! (`tests/engine/forget.rs` reads every byte); whoever locks the data folder next finishes what was cut off.

use std::collections::HashSet;

use chrono::NaiveDate;
use model::{FolderId, UserId, ViewingRecord};
use serde::Serialize;

use super::decide::all_accounts;
use super::forgotten::{Forgotten, hashed};
use crate::Result;
use crate::chunk::remove_union_of;
use crate::store::refusal::disk_error;
use crate::store::removal::{RemovedRecords, count_records, remove_records, remove_records_in_trash};
use crate::store::{Area, DataFolder, FolderLock, chunked_file, overview_file};

/// What was removed of a person: counts, no identity.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ForgetReport {
    /// Accounts of the person.
    pub accounts: usize,
    /// Viewing records.
    pub records: u64,
    /// Courses that had any.
    pub courses: usize,
    /// Files that were changed or removed.
    pub files: u64,
}

/// What was removed, or would be, for being too old.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct RetentionReport {
    /// What was recorded before this UTC day goes.
    pub before: NaiveDate,
    /// Viewing records.
    pub records: u64,
    /// Files that were, or would be, changed or removed.
    pub files: u64,
}

/// Forgets a person: everything about these accounts, and about those that decisions join to them.
///
/// `also` removes what else is kept about the accounts, such as their line of a class list, and says how many files it
/// changed.
pub fn forget(
    folder: &DataFolder,
    lock: &FolderLock,
    accounts: &[UserId],
    also: &dyn Fn(&[UserId]) -> Result<u64>,
) -> Result<ForgetReport> {
    let mut people = folder.people()?;
    let all = all_accounts(&people, accounts);
    folder.begin_forgetting(lock, &all.iter().copied().collect::<Vec<_>>())?;
    let known = Forgotten::of(folder)?;
    let new: Vec<UserId> = all.iter().copied().filter(|account| !known.has(*account)).collect();
    if !new.is_empty() {
        folder.remember_forgotten(lock, &hashed(&new))?;
    }
    let goes = |record: &ViewingRecord| all.contains(&record.user_id);
    let mut report = ForgetReport { accounts: all.len(), ..ForgetReport::default() };
    for course in courses_with_files(folder)? {
        let removed = remove_records(folder, lock, course, &goes)?;
        report.courses += usize::from(removed.records > 0);
        report.records += removed.records;
        report.files += removed.files;
    }
    report.files += remove_records_in_trash(folder, lock, &goes)?.files;
    report.files += also(&all.iter().copied().collect::<Vec<_>>())?;
    report.files += remove_output_of(folder, lock, &all)?;
    let before = people.clone();
    for account in &all {
        people.forget(*account);
    }
    if people != before {
        folder.save_people(lock, &people)?;
        report.files += 1;
    }
    folder.end_forgetting(lock)?;
    Ok(report)
}

/// Finishes what was cut off when somebody was forgotten; `None` where nothing was. `also` as in [`forget`].
///
/// Call it after locking the data folder.
pub fn finish_forgetting(
    folder: &DataFolder,
    lock: &FolderLock,
    also: &dyn Fn(&[UserId]) -> Result<u64>,
) -> Result<Option<ForgetReport>> {
    let begun = folder.being_forgotten()?;
    if begun.is_empty() { Ok(None) } else { forget(folder, lock, &begun, also).map(Some) }
}

/// What [`remove_older`] would remove of a course. Writes nothing.
pub fn would_remove_older(folder: &DataFolder, course: FolderId, before: NaiveDate) -> Result<RetentionReport> {
    Ok(RetentionReport::of(before, count_records(folder, course, &|record| record.utc_date() < before)?))
}

/// Removes the records of a course that were stored before a UTC day, and what was made of them.
pub fn remove_older(
    folder: &DataFolder,
    lock: &FolderLock,
    course: FolderId,
    before: NaiveDate,
) -> Result<RetentionReport> {
    let removed = remove_records(folder, lock, course, &|record| record.utc_date() < before)?;
    let mut report = RetentionReport::of(before, removed);
    if removed.files > 0 {
        remove_union_of(folder, lock, &[course])?;
        if let Some(dir) = folder.course_dir(Area::Output, course)? {
            report.files += remove_pair(folder, &dir)?;
        }
    }
    Ok(report)
}

impl RetentionReport {
    const fn of(before: NaiveDate, removed: RemovedRecords) -> Self {
        Self { before, records: removed.records, files: removed.files }
    }
}

/// The courses that have a directory, on the list or not, and those with something staged.
fn courses_with_files(folder: &DataFolder) -> Result<Vec<FolderId>> {
    let mut courses: Vec<FolderId> = folder.course_dirs(Area::Database)?.into_iter().map(|(id, _)| id).collect();
    courses.extend(folder.courses()?.into_iter().map(|course| course.id));
    courses.sort_unstable();
    courses.dedup();
    Ok(courses)
}

/// Removes the output that names any of these accounts. It is made again by the next chunking.
fn remove_output_of(folder: &DataFolder, lock: &FolderLock, accounts: &HashSet<UserId>) -> Result<u64> {
    let mut files = 0;
    let mut dirs = folder.course_dirs(Area::Output)?;
    for (_, dir) in &dirs {
        if names_any(folder, &chunked_file(dir), accounts)? {
            files += remove_pair(folder, dir)?;
        }
    }
    let union = folder.tableau_dir();
    if names_any(folder, &chunked_file(&union), accounts)? {
        dirs.retain(|(_, dir)| *dir != union);
        let all: Vec<FolderId> = folder.courses()?.into_iter().map(|course| course.id).collect();
        remove_union_of(folder, lock, &all)?;
        files += remove_pair(folder, &union)?;
    }
    Ok(files)
}

fn names_any(folder: &DataFolder, chunked: &std::path::Path, accounts: &HashSet<UserId>) -> Result<bool> {
    if !folder.exists(chunked)? {
        return Ok(false);
    }
    let bytes = folder.disk().read(chunked).map_err(|error| disk_error("read", chunked, error))?;
    Ok(accounts.iter().any(|account| memchr::memmem::find(&bytes, account.to_string().as_bytes()).is_some()))
}

fn remove_pair(folder: &DataFolder, dir: &std::path::Path) -> Result<u64> {
    let mut files = 0;
    for path in [chunked_file(dir), overview_file(dir)] {
        if folder.exists(&path)? {
            folder.disk().remove_file(&path).map_err(|error| disk_error("remove", &path, error))?;
            files += 1;
        }
    }
    Ok(files)
}
