//! Removes copies of viewing records that the server does not have.
//!
//! The original tool visited folders three or more levels deep several times, and stored every record once for each
//! visit. There are two remedies. Its overview lists each video once for each visit, so records that are there in exact
//! multiples of that number are reduced ([`reduce_by_overview`]). Or the whole history is fetched again, and no record
//! keeps more copies than the server has ([`reduce_to_server`]).
//!
//! Deliberately absent: dropping every copy of a record. Records that the server no longer has keep their copies.
//!
//! Invariants: at least one copy of each record stays. Rows that stay are byte for byte what they were, in the same
//! order. Before anything is replaced, a copy of the old file is beside it and on the disk. A reduction is not made
//! unless it is certainly the first of its file.

use std::collections::HashMap;
use std::io::{self, BufReader, Read as _, Write as _};
use std::path::{Path, PathBuf};

use model::ViewingRecord;

use crate::activity::ActivityReader;
use crate::disk::{Disk, Durability, Replacement};
use crate::merge::counts::hash;
use crate::overview::copies_by_video;
use crate::raw_rows::{is_blank, read_row};
use crate::refusal::disk_error;
use crate::staging::StagedVideo;
use crate::{Error, ErrorKind, Result};

/// Rows between two checks for cancellation.
const ROWS_BETWEEN_CHECKS: u64 = 4096;
const BLOCK_BYTES: usize = 256 * 1024;

/// What a reduction did.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reduced {
    /// Records before.
    pub before: u64,
    /// Records after.
    pub after: u64,
    /// The copy of the file before the reduction.
    pub kept_as: PathBuf,
}

/// Where the old file of records is kept: `viewing_activity.multiplied.csv` beside it.
fn kept_file(activity: &Path) -> PathBuf {
    activity.with_extension("multiplied.csv")
}

/// Reduces records that are there in exact multiples of how often the original tool's overview lists their video.
/// `None` if there is nothing to reduce, or if the file was reduced before.
pub fn reduce_by_overview(
    disk: &dyn Disk,
    overview: &Path,
    activity: &Path,
    is_cancelled: &dyn Fn() -> bool,
) -> Result<Option<Reduced>> {
    let copies = copies_by_video(disk, overview)?;
    if copies.values().all(|copies| *copies < 2) || !is_first(disk, activity)? {
        return Ok(None);
    }
    let factor = |record: &ViewingRecord| copies.get(&record.session_id).copied().filter(|copies| *copies > 1);
    let mut counts: HashMap<u128, u32> = HashMap::new();
    for (count, row) in (0u64..).zip(ActivityReader::open(disk, activity)?) {
        check(count, is_cancelled)?;
        let (_, record) = row?;
        if factor(&record).is_some() {
            *counts.entry(hash(&record)).or_default() += 1;
        }
    }
    let allowed = |record: &ViewingRecord| {
        let copies = factor(record)?;
        let count = *counts.get(&hash(record))?;
        count.is_multiple_of(copies).then_some(count / copies)
    };
    reduce(disk, activity, &allowed, is_cancelled)
}

/// Reduces records to as many copies as the server has. `staged` holds all of the server's records. Records that the
/// server does not have at all stay.
pub fn reduce_to_server(
    disk: &dyn Disk,
    activity: &Path,
    staged: &[StagedVideo],
    is_cancelled: &dyn Fn() -> bool,
) -> Result<Option<Reduced>> {
    if !disk.exists(activity).map_err(|error| disk_error("read", activity, error))? {
        return Ok(None);
    }
    let mut counts: HashMap<u128, u32> = HashMap::new();
    for video in staged {
        for (count, row) in (0u64..).zip(video.records(disk)?) {
            check(count, is_cancelled)?;
            *counts.entry(hash(&row?.1)).or_default() += 1;
        }
    }
    reduce(disk, activity, &|record| counts.get(&hash(record)).copied(), is_cancelled)
}

/// Whether the file has not been reduced before. Either no copy of the old file is kept, or the copy has the same
/// length, because the program ended between keeping it and replacing the file.
fn is_first(disk: &dyn Disk, activity: &Path) -> Result<bool> {
    let length = |path: &Path| {
        let found = disk.stat(path).map_err(|error| disk_error("read", path, error))?;
        Ok::<_, Error>(found.map(|found| found.length))
    };
    let kept = length(&kept_file(activity))?;
    let present = length(activity)?;
    Ok(present.is_some() && (kept.is_none() || kept == present))
}

/// Keeps the first `allowed` copies of each record, or all of them if `allowed` returns `None`.
fn reduce(
    disk: &dyn Disk,
    activity: &Path,
    allowed: &dyn Fn(&ViewingRecord) -> Option<u32>,
    is_cancelled: &dyn Fn() -> bool,
) -> Result<Option<Reduced>> {
    let mut seen: HashMap<u128, u32> = HashMap::new();
    let mut stays = |record: &ViewingRecord| {
        let Some(most) = allowed(record) else { return true };
        let seen = seen.entry(hash(record)).or_default();
        *seen += 1;
        *seen <= most.max(1)
    };
    // The first pass only counts: usually there is nothing to do, and then nothing is written.
    let (mut before, mut after) = (0, 0);
    for (count, row) in (0u64..).zip(ActivityReader::open(disk, activity)?) {
        check(count, is_cancelled)?;
        before += 1;
        after += u64::from(stays(&row?.1));
    }
    if after == before {
        return Ok(None);
    }
    let kept_as = kept_file(activity);
    if !disk.exists(&kept_as).map_err(|error| disk_error("read", &kept_as, error))? {
        copy(disk, activity, &kept_as, is_cancelled)?;
    }
    let mut file = Replacement::begin(disk, activity, Durability::Durable)?;
    let mut written = |row: &[u8]| file.write_all(row).map_err(|error| disk_error("write", activity, error));
    let failed = |error| disk_error("read", activity, error);
    let mut rows = BufReader::with_capacity(BLOCK_BYTES, disk.open(activity).map_err(failed)?);
    let mut row = Vec::with_capacity(256);
    // The header, and any blank lines before it.
    while read_row(&mut rows, &mut row).map_err(failed)? {
        written(&row)?;
        if !is_blank(&row) {
            break;
        }
    }
    let mut seen: HashMap<u128, u32> = HashMap::new();
    for (count, record) in (0u64..).zip(ActivityReader::open(disk, activity)?) {
        check(count, is_cancelled)?;
        let (_, record) = record?;
        loop {
            if !read_row(&mut rows, &mut row).map_err(failed)? {
                return Err(changed(activity));
            }
            if !is_blank(&row) {
                break;
            }
        }
        let stays = allowed(&record).is_none_or(|most| {
            let seen = seen.entry(hash(&record)).or_default();
            *seen += 1;
            *seen <= most.max(1)
        });
        if stays {
            written(&row)?;
        }
    }
    // A system may refuse to replace a file that is open.
    drop(rows);
    file.commit()?;
    Ok(Some(Reduced { before, after, kept_as }))
}

fn copy(disk: &dyn Disk, from: &Path, to: &Path, is_cancelled: &dyn Fn() -> bool) -> Result<()> {
    let mut old = disk.open(from).map_err(|error| disk_error("read", from, error))?;
    let mut copy = Replacement::begin(disk, to, Durability::Durable)?;
    let mut block = vec![0; BLOCK_BYTES];
    loop {
        if is_cancelled() {
            return Err(Error::cancelled());
        }
        match old.read(&mut block).map_err(|error: io::Error| disk_error("read", from, error))? {
            0 => return copy.commit(),
            count => copy.write_all(&block[..count]).map_err(|error| disk_error("write", to, error))?,
        }
    }
}

fn changed(path: &Path) -> Error {
    Error::new(ErrorKind::DataFileInvalid, format!("`{}` was changed while it was read", path.display()))
        .with_hint("Close other programs that write it, and sync again")
}

fn check(count: u64, is_cancelled: &dyn Fn() -> bool) -> Result<()> {
    if count.is_multiple_of(ROWS_BETWEEN_CHECKS) && is_cancelled() { Err(Error::cancelled()) } else { Ok(()) }
}
