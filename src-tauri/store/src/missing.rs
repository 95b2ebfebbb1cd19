//! Whether a course's files still hold what its journal says was stored in them.
//!
//! A file that is gone, or was cut at the end of a line, looks like the file of a course that nobody has watched; only
//! the journal can tell. Deliberately absent: repairing, which a sync does, and files longer than the journal says,
//! because another program or the original tool has added to them. Without a journal nothing is known, so nothing is
//! missing.
//!
//! Invariant: records are written before the journal that counts them. So code that reads the journal first and then
//! the files never mistakes a running sync for a loss.

use std::path::Path;

use model::FolderId;

use super::journal::{Journal, JournalFile};
use super::layout::{Area, DataFolder, activity_file, overview_file};
use super::refusal::disk_error;
use crate::{Error, ErrorKind, Result};

/// [`ErrorKind::DataFileInvalid`] names a file of the course that is missing, or shorter than its journal says.
pub fn check_all_is_there(folder: &DataFolder, course: FolderId) -> Result<()> {
    match Journal::load(folder, course)? {
        JournalFile::Journal(journal) => check_by_journal(folder, &journal),
        // The next sync reports it and goes on without.
        JournalFile::Nothing | JournalFile::Damaged(_) => Ok(()),
    }
}

/// The same check with a journal that has already been read.
pub fn check_by_journal(folder: &DataFolder, journal: &Journal) -> Result<()> {
    if !journal.claims_records() && !journal.lost_records {
        return Ok(());
    }
    let Some(dir) = folder.course_dir(Area::Database, journal.course)? else {
        let database = folder.area_dir(Area::Database);
        return Err(lost(format!(
            "The folder of course {} is not in `{}`, though viewing records of it were fetched",
            journal.course,
            database.display()
        )));
    };
    let (overview, activity) = (overview_file(&dir), activity_file(&dir));
    if !folder.exists(&overview)? {
        return Err(not_there(&overview));
    }
    if lacks_records(folder, journal, Some(&activity))? || journal.lost_records {
        let is_there = folder.exists(&activity)?;
        return Err(if is_there { lost(shorter(&activity)) } else { not_there(&activity) });
    }
    Ok(())
}

/// Whether the journal claims more than the file of records can hold: the file was lost, or restored from an older
/// copy.
pub fn lacks_records(folder: &DataFolder, journal: &Journal, activity: Option<&Path>) -> Result<bool> {
    if !journal.claims_records() {
        return Ok(false);
    }
    let length = match activity {
        Some(path) => folder.disk().stat(path).map_err(|error| disk_error("read", path, error))?,
        None => None,
    };
    let expected = journal.stored.map_or(0, |stored| stored.file_bytes);
    Ok(length.is_none_or(|found| found.length < expected))
}

fn not_there(path: &Path) -> Error {
    lost(format!("`{}` is not there, though viewing records of its course were fetched", path.display()))
}

fn shorter(path: &Path) -> String {
    format!("`{}` is shorter than it was: viewing records that were fetched are missing in it", path.display())
}

fn lost(message: String) -> Error {
    Error::new(ErrorKind::DataFileInvalid, message).with_hint("Sync this course: what is missing is fetched again")
}
