//! Adds staged viewing records to `viewing_activity.csv`.
//!
//! The result is the multiset union by the whole record: each record is there as often as in the file or in the staged
//! video, whichever has more copies. So a merge never drops a stored record, never doubles one, and gives the same file
//! however often it is repeated. Records are compared by value, not by spelling (`T`/`Z` or a blank, `1` or `1.0`).
//!
//! Stored rows stay where they are, byte for byte, including foreign columns. New rows follow in the file's columns: by
//! video in the given order, and within a video in the server's order.
//!
//! Memory holds the hashes of the stored rows that a staged range could have brought: at most half a million at a time,
//! or those of one video if it has more. For each further group of videos the file is read once more.

pub(crate) mod counts;
mod file;

use std::collections::{HashMap, HashSet};
use std::path::Path;

use chrono::{DateTime, Utc};
use model::{SessionId, ViewingRecord};

use counts::Counts;
use file::{Addition, StoredRows};

use super::disk::Disk;
use super::staging::StagedVideo;
use crate::{Error, Result};

/// How many stored rows' hashes are held at a time.
const GROUP_ROWS: usize = 500_000;
/// Rows between two checks for cancellation.
const ROWS_BETWEEN_CHECKS: u64 = 4096;

/// What a file of viewing records holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Contents {
    /// Viewing records.
    pub records: u64,
    /// Different viewers.
    pub viewers: u64,
    /// Length in bytes; 0 if there is no file.
    pub file_bytes: u64,
}

/// Merges the staged videos, each at most once in the list, into the file at `path`, which is created if it does not
/// exist. Returns the number of new records and what the file now holds.
///
/// `is_cancelled` is called now and then. When it returns true, the merge ends with [`crate::ErrorKind::Cancelled`] and
/// the file is as before. [`crate::ErrorKind::DataFileInvalid`] names the line of a damaged file, which is left as it
/// is.
pub fn merge(
    disk: &dyn Disk,
    path: &Path,
    staged: &[StagedVideo],
    is_cancelled: &dyn Fn() -> bool,
) -> Result<(u64, Contents)> {
    merge_in_groups(disk, path, staged, is_cancelled, GROUP_ROWS)
}

fn merge_in_groups(
    disk: &dyn Disk,
    path: &Path,
    staged: &[StagedVideo],
    is_cancelled: &dyn Fn() -> bool,
    group_rows: usize,
) -> Result<(u64, Contents)> {
    let stored = StoredRows::open(disk, path, is_cancelled)?;
    let by_video: HashMap<SessionId, usize> =
        staged.iter().enumerate().map(|(at, staged)| (staged.video, at)).collect();
    // The staged video that could have brought this stored record.
    let place = |record: &ViewingRecord| {
        let index = by_video.get(&record.session_id).copied()?;
        staged[index].range.contains(record.recorded_at).then_some(index)
    };

    // The first reading counts. It also keeps the hashes, for the usual case that they all fit into one group.
    let mut overlap = vec![0usize; staged.len()];
    let mut all = Counts::default();
    let mut fits = true;
    let mut records = 0;
    let mut viewers = HashSet::new();
    stored.for_each(|record| {
        records += 1;
        viewers.insert(record.user_id);
        let Some(index) = place(record) else { return };
        overlap[index] += 1;
        fits &= all.len() < group_rows;
        if fits {
            all.add(record);
        }
    })?;
    if !fits {
        all = Counts::default();
    }

    let mut addition = Addition::to(&stored);
    let mut begin = 0;
    while begin < staged.len() {
        let end = if fits { staged.len() } else { group_end(&overlap, begin, group_rows) };
        let mut counts = std::mem::take(&mut all);
        if !fits && overlap[begin..end].iter().any(|rows| *rows > 0) {
            stored.for_each(|record| {
                if place(record).is_some_and(|index| (begin..end).contains(&index)) {
                    counts.add(record);
                }
            })?;
        }
        for (index, video) in staged.iter().enumerate().take(end).skip(begin) {
            if overlap[index] == 0 && stored.has_usual_columns() {
                // There is nothing to compare, and the staged rows are exactly what would be written.
                let mut count = 0;
                video.each_raw_row(disk, |row, user| {
                    check(count, is_cancelled)?;
                    count += 1;
                    viewers.insert(user);
                    addition.push_line(row)
                })?;
                continue;
            }
            for (count, row) in (0u64..).zip(video.records(disk)?) {
                check(count, is_cancelled)?;
                let (_, record) = row?;
                if overlap[index] == 0 || !counts.take(&record) {
                    addition.push(&record)?;
                    viewers.insert(record.user_id);
                }
            }
        }
        begin = end;
    }
    let (new_records, file_bytes) = addition.commit()?;
    Ok((new_records, Contents { records: records + new_records, viewers: viewers.len() as u64, file_bytes }))
}

/// Where the group that begins here ends: as many videos as have `group_rows` stored rows together, but at least one.
fn group_end(overlap: &[usize], begin: usize, group_rows: usize) -> usize {
    let mut sum = 0;
    let mut end = begin;
    while end < overlap.len() && (end == begin || sum + overlap[end] <= group_rows) {
        sum += overlap[end];
        end += 1;
    }
    end
}

/// The videos that have records in the file, each with the time of its last one. Empty if there is no file.
pub fn last_records(disk: &dyn Disk, path: &Path) -> Result<HashMap<SessionId, DateTime<Utc>>> {
    let mut last = HashMap::new();
    StoredRows::open(disk, path, &|| false)?.for_each(|record| {
        let at = record.recorded_at;
        last.entry(record.session_id).and_modify(|known: &mut DateTime<Utc>| *known = (*known).max(at)).or_insert(at);
    })?;
    Ok(last)
}

/// What the file holds.
pub fn contents(disk: &dyn Disk, path: &Path) -> Result<Contents> {
    let stored = StoredRows::open(disk, path, &|| false)?;
    let (mut records, mut viewers) = (0, HashSet::new());
    stored.for_each(|record| {
        records += 1;
        viewers.insert(record.user_id);
    })?;
    Ok(Contents { records, viewers: viewers.len() as u64, file_bytes: stored.bytes })
}

fn check(count: u64, is_cancelled: &dyn Fn() -> bool) -> Result<()> {
    if count.is_multiple_of(ROWS_BETWEEN_CHECKS) && is_cancelled() { Err(Error::cancelled()) } else { Ok(()) }
}

#[cfg(test)]
mod tests;
