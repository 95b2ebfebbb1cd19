//! Removes viewing records on purpose: those of people who are forgotten, and those that are older than they may be kept.
//!
//! Every copy of a record in the data folder is meant: the records of a course, the copy that a reduction kept beside them,
//! records in the trash, and staged ones. Deliberately absent: names (`people.rs`) and the output, which is made again
//! (the engine).
//!
//! Invariants: rows that stay are byte for byte what they were, in the same order; a file is replaced in one step; before it
//! becomes shorter, its journal no longer claims its length, so that a run which is killed here never looks like a loss.

use std::io::{BufReader, Write as _};
use std::path::{Path, PathBuf};

use model::{FolderId, ViewingRecord};

use crate::activity::ActivityReader;
use crate::disk::{Disk, Durability, Replacement};
use crate::journal::{Journal, JournalFile, StoredCounts};
use crate::layout::{Area, DataFolder, activity_file};
use crate::lock::FolderLock;
use crate::raw_rows::{is_blank, read_row};
use crate::refusal::disk_error;
use crate::staging::Staging;
use crate::{Error, ErrorKind, Result};

const BLOCK_BYTES: usize = 256 * 1024;
/// Records that a reduction kept beside those of a course.
const KEPT_ENDING: &str = "multiplied.csv";
const ACTIVITY_NAME: &str = "viewing_activity.csv";

/// What a removal found or did.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct RemovedRecords {
    /// Viewing records of courses.
    pub records: u64,
    /// Files that held any, copies and staged ones included.
    pub files: u64,
}

impl RemovedRecords {
    fn add(&mut self, other: Self) {
        self.records += other.records;
        self.files += other.files;
    }
}

/// Counts what [`remove_records`] would remove of a course. Writes nothing.
pub fn count_records(
    folder: &DataFolder,
    course: FolderId,
    goes: &dyn Fn(&ViewingRecord) -> bool,
) -> Result<RemovedRecords> {
    let mut found = RemovedRecords::default();
    let Some(dir) = folder.course_dir(Area::Database, course)? else { return Ok(found) };
    for path in files_of_records(folder, &dir)? {
        let of_file = count(folder.disk(), &path, goes)?.0;
        found.files += u64::from(of_file > 0);
        if path == activity_file(&dir) {
            found.records += of_file;
        }
    }
    Ok(found)
}

/// Removes the records of a course that go, wherever the data folder has them, its journal's counts included. What is staged
/// for the course is removed whole where it holds any: the next sync fetches it again.
pub fn remove_records(
    folder: &DataFolder,
    lock: &FolderLock,
    course: FolderId,
    goes: &dyn Fn(&ViewingRecord) -> bool,
) -> Result<RemovedRecords> {
    let mut removed = RemovedRecords::default();
    if let Some(dir) = folder.course_dir(Area::Database, course)? {
        let activity = activity_file(&dir);
        for path in files_of_records(folder, &dir)? {
            let (gone, _) = count(folder.disk(), &path, goes)?;
            if gone == 0 {
                continue;
            }
            if path == activity {
                let journal = claim_nothing(folder, lock, course)?;
                let counts = rewrite(folder.disk(), &path, goes)?;
                if let Some(mut journal) = journal {
                    journal.stored = Some(counts);
                    journal.save(folder, lock)?;
                }
                removed.records += gone;
            } else {
                rewrite(folder.disk(), &path, goes)?;
            }
            removed.files += 1;
        }
    }
    removed.add(remove_staged(folder, course, goes)?);
    Ok(removed)
}

/// Removes the records that go from everything in the trash.
pub fn remove_records_in_trash(
    folder: &DataFolder,
    _lock: &FolderLock,
    goes: &dyn Fn(&ViewingRecord) -> bool,
) -> Result<RemovedRecords> {
    let mut removed = RemovedRecords::default();
    let mut open = vec![folder.trash_dir()];
    while let Some(dir) = open.pop() {
        if !folder.exists(&dir)? {
            continue;
        }
        for entry in list(folder, &dir)? {
            let path = dir.join(&entry.name);
            if entry.is_dir {
                open.push(path);
            } else if is_of_records(&path) && count(folder.disk(), &path, goes)?.0 > 0 {
                rewrite(folder.disk(), &path, goes)?;
                removed.files += 1;
            }
        }
    }
    Ok(removed)
}

fn remove_staged(
    folder: &DataFolder,
    course: FolderId,
    goes: &dyn Fn(&ViewingRecord) -> bool,
) -> Result<RemovedRecords> {
    let staging = Staging::of_course(folder, course);
    let (mut removed, mut with_any) = (RemovedRecords::default(), Vec::new());
    for staged in staging.recover()? {
        let mut any = false;
        for record in staged.records(folder.disk())? {
            any |= goes(&record?.1);
        }
        if any {
            removed.files += 1;
            with_any.push(staged);
        }
    }
    if !with_any.is_empty() {
        staging.remove(&with_any)?;
    }
    Ok(removed)
}

/// Takes back what the journal says of the length of the records. Gives the journal, if there is a usable one.
fn claim_nothing(folder: &DataFolder, lock: &FolderLock, course: FolderId) -> Result<Option<Journal>> {
    match Journal::load(folder, course)? {
        JournalFile::Journal(mut journal) => {
            journal.stored = None;
            journal.save(folder, lock)?;
            Ok(Some(*journal))
        }
        JournalFile::Nothing | JournalFile::Damaged(_) => Ok(None),
    }
}

fn files_of_records(folder: &DataFolder, dir: &Path) -> Result<Vec<PathBuf>> {
    let files = list(folder, dir)?.into_iter().filter(|entry| !entry.is_dir);
    Ok(files.map(|entry| dir.join(entry.name)).filter(|path| is_of_records(path)).collect())
}

fn is_of_records(path: &Path) -> bool {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    name == ACTIVITY_NAME || name.ends_with(KEPT_ENDING)
}

fn list(folder: &DataFolder, dir: &Path) -> Result<Vec<crate::disk::Entry>> {
    folder.disk().list(dir).map_err(|error| disk_error("list", dir, error))
}

/// How many records of a file go, and how many stay.
fn count(disk: &dyn Disk, path: &Path, goes: &dyn Fn(&ViewingRecord) -> bool) -> Result<(u64, u64)> {
    let (mut gone, mut stays) = (0, 0);
    for record in ActivityReader::open(disk, path)? {
        if goes(&record?.1) {
            gone += 1;
        } else {
            stays += 1;
        }
    }
    Ok((gone, stays))
}

/// Replaces a file by what stays of it.
fn rewrite(disk: &dyn Disk, path: &Path, goes: &dyn Fn(&ViewingRecord) -> bool) -> Result<StoredCounts> {
    let failed = |error| disk_error("read", path, error);
    let mut file = Replacement::begin(disk, path, Durability::Durable)?;
    let mut counts = StoredCounts { records: 0, viewers: 0, file_bytes: 0 };
    let mut written = |row: &[u8]| {
        counts.file_bytes += row.len() as u64;
        file.write_all(row).map_err(|error| disk_error("write", path, error))
    };
    let mut rows = BufReader::with_capacity(BLOCK_BYTES, disk.open(path).map_err(failed)?);
    let mut row = Vec::with_capacity(256);
    // The headers, and any blank lines before them.
    while read_row(&mut rows, &mut row).map_err(failed)? {
        written(&row)?;
        if !is_blank(&row) {
            break;
        }
    }
    let mut viewers = std::collections::HashSet::new();
    for record in ActivityReader::open(disk, path)? {
        let (_, record) = record?;
        loop {
            if !read_row(&mut rows, &mut row).map_err(failed)? {
                return Err(changed(path));
            }
            if !is_blank(&row) {
                break;
            }
        }
        if !goes(&record) {
            written(&row)?;
            counts.records += 1;
            viewers.insert(record.user_id);
        }
    }
    counts.viewers = viewers.len() as u64;
    // A system may refuse to replace a file that is open.
    drop(rows);
    file.commit()?;
    Ok(counts)
}

fn changed(path: &Path) -> Error {
    Error::new(ErrorKind::DataFileInvalid, format!("`{}` was changed while it was read", path.display()))
        .with_hint("Close other programs that write it, and try again")
}
