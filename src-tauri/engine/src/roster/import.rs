//! Importing a class list, or looking at what that would do.
//!
//! Deliberately absent: a copy of the file; its name and the hash of its bytes are kept. Invariant: both go one way, so that
//! what was looked at is what is kept.

use std::path::Path;

use chrono::{DateTime, Utc};
use chrono_tz::Tz;
use model::{ClassList, FolderId, ListSource, Update};
use roster::{ClassFile, MOST_BYTES, Problem, Reading, Unreadable, read};
use sha2::{Digest as _, Sha256};

use super::in_view::{ClassInView, beside_viewers};
use crate::store::{DataFolder, Disk, FolderLock};
use crate::views::Views;
use crate::{Error, ErrorCode, Result};

/// A class list that was read and not kept yet.
#[derive(Debug, Clone)]
pub struct Roster {
    /// What it holds.
    pub file: ClassFile,
    /// The name of the file, without its folder; `None` where it was pasted.
    pub name: Option<String>,
    hash: String,
}

/// What an import does.
#[derive(Debug)]
pub struct RosterPlan {
    /// What was read.
    pub roster: Roster,
    /// Who joins, stays and goes.
    pub update: Update,
    /// The list as it is then, beside the viewers.
    pub class: ClassInView,
}

/// Hexadecimal digits of the hash that are kept.
const HASH_DIGITS: usize = 16;

/// Reads a class list from a file. [`ErrorCode::DataFileInvalid`] names the file, the line and what to do.
pub fn roster_of_file(disk: &dyn Disk, path: &Path, reading: &Reading) -> Result<Roster> {
    let shown = path.display();
    let bytes = disk.read_at_most(path, MOST_BYTES as u64).map_err(|error| {
        let is_missing = error.kind() == std::io::ErrorKind::NotFound;
        let code = if is_missing { ErrorCode::NotFound } else { ErrorCode::DataFileInvalid };
        let hint = if is_missing { "Check the spelling" } else { "Choose the list that the learning platform exports" };
        Error::new(code, format!("The class list `{shown}` cannot be read: {error}")).with_hint(hint)
    })?;
    let name = path.file_name().map(|name| model::line::one_line(&name.to_string_lossy()));
    roster_of(&bytes, reading, name).map_err(|refused| unreadable(&format!("`{shown}`"), &refused))
}

/// Reads a class list that somebody has pasted.
pub fn pasted_roster(text: &str) -> Result<Roster> {
    roster_of(text.as_bytes(), &Reading::default(), None).map_err(|refused| unreadable("What was pasted", &refused))
}

fn roster_of(bytes: &[u8], reading: &Reading, name: Option<String>) -> Result<Roster, Unreadable> {
    let mut hash = String::with_capacity(HASH_DIGITS);
    for byte in Sha256::digest(bytes).iter().take(HASH_DIGITS / 2) {
        use std::fmt::Write as _;
        // Writing to a string never fails.
        let _ = write!(hash, "{byte:02x}");
    }
    Ok(Roster { file: read(bytes, reading)?, name, hash })
}

/// A refusal as a sentence that names the file.
pub(crate) fn unreadable(file: &str, refused: &Unreadable) -> Error {
    let code = match refused.problem {
        Problem::UnknownEncoding(_) => ErrorCode::InvalidInput,
        Problem::Empty
        | Problem::TooLarge
        | Problem::TooMany(_)
        | Problem::NotText
        | Problem::CutUtf16
        | Problem::NotInEncoding(_)
        | Problem::DamagedSheet
        | Problem::Locked
        | Problem::NoPeople
        | Problem::NoHeader
        | Problem::OpenQuote
        | Problem::WrongKind(_)
        | Problem::NoColumn
        | Problem::SeveralColumns => ErrorCode::DataFileInvalid,
    };
    Error::new(code, format!("{file} cannot be used: {refused}")).with_hint(refused.problem.remedy())
}

/// What importing a list would do. Writes nothing.
pub fn preview_roster(
    folder: &DataFolder,
    views: &Views,
    course: FolderId,
    roster: Roster,
    zone: Tz,
    now: DateTime<Utc>,
) -> Result<RosterPlan> {
    let mut list = folder.class_list(course)?.unwrap_or_default();
    let source = ListSource {
        imported_at: now,
        file: roster.name.clone(),
        hash: roster.hash.clone(),
        people: roster.file.people.len(),
        system: Some(roster.file.system.word().to_owned()),
    };
    let update = list.update(roster.file.people.clone(), source);
    Ok(RosterPlan { roster, update, class: beside_viewers(folder, views, course, list, zone)? })
}

/// Imports a list: it is the newest version from now on. A damaged list is told and stays as it is.
pub fn import_roster(
    folder: &DataFolder,
    lock: &FolderLock,
    views: &Views,
    course: FolderId,
    roster: Roster,
    zone: Tz,
    now: DateTime<Utc>,
) -> Result<RosterPlan> {
    let _turn = lock.turn();
    let plan = preview_roster(folder, views, course, roster, zone, now)?;
    if folder.class_list(course)?.as_ref() != Some(&plan.class.list) {
        folder.save_class_list(lock, course, &plan.class.list)?;
    }
    Ok(plan)
}

/// The list of a course, changed within one turn of the lock. [`ErrorCode::NotFound`] where there is none.
pub(super) fn change<T>(
    folder: &DataFolder,
    lock: &FolderLock,
    course: FolderId,
    how: impl FnOnce(&mut ClassList) -> Result<T>,
) -> Result<T> {
    let _turn = lock.turn();
    let mut list = folder.class_list(course)?.ok_or_else(no_class_list)?;
    let before = list.clone();
    let result = how(&mut list)?;
    if list != before {
        folder.save_class_list(lock, course, &list)?;
    }
    Ok(result)
}

/// The refusal where a course has no class list.
pub(super) fn no_class_list() -> Error {
    Error::new(ErrorCode::NotFound, "The course has no class list").with_hint("Import one first")
}
