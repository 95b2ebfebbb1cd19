//! What a move that was cut off has left at two places: removes it from the one that is not in use.
//!
//! Deliberately absent: which of the two is in use (see `engine::lifetime`).
//!
//! Invariant: a file is removed only if the folder in use has one of the same name and with the same bytes, or if it is a
//! file that the move itself had not finished. Everything else stays, and so does what a link leads to.

use std::io::{self, Read};
use std::path::Path;

use super::disk::{self, Disk};
use super::layout::DataFolder;
use super::process_lock::ProcessLock;
use super::refusal::disk_error;
use crate::{Error, ErrorKind, Result};

const BLOCK_BYTES: usize = 256 * 1024;

impl DataFolder {
    /// Removes from `other` what this folder has as well, and the directories that are empty then. Returns whether nothing
    /// of a data folder is left there.
    ///
    /// [`ErrorKind::Busy`] while somebody writes one of the two.
    pub fn remove_duplicate_at(&self, other: &Path) -> Result<bool> {
        let failed = |error| disk_error("remove what a move has left in", other, error);
        if !self.disk().exists(other).map_err(failed)? {
            return Ok(true);
        }
        let other = Self::open_on(self.shared_disk(), other)?;
        let _here = self.lock()?;
        let (internal, lock_file) = (other.internal_dir(), other.lock_file());
        let there = if other.exists(&lock_file)? {
            let lock = ProcessLock::try_acquire(&lock_file).map_err(failed)?;
            let busy = || Error::new(ErrorKind::Busy, format!("`{}` is being written", other.root().display()));
            Some(lock.ok_or_else(busy)?)
        } else {
            None
        };
        let mut all = true;
        for path in other.ours() {
            let Ok(inside) = path.strip_prefix(other.root()) else { continue };
            all &= prune(&other, &path, self, &self.root().join(inside), &lock_file).map_err(failed)?;
        }
        // Files that the move had not finished stand beside the others.
        disk::remove_leftovers(other.disk(), other.root());
        if let Some(of_scripts) = other.original_state_file().parent() {
            disk::remove_leftovers(other.disk(), of_scripts);
            remove_if_empty(other.disk(), of_scripts);
        }
        // The lock goes last, and some systems do not remove a file that is held open.
        drop(there);
        if all && other.exists(&internal)? {
            other.disk().remove_dir_all(&internal).map_err(failed)?;
        }
        Ok(all)
    }
}

/// Whether nothing is left at `path` but the lock.
fn prune(other: &DataFolder, path: &Path, here: &DataFolder, twin: &Path, lock: &Path) -> io::Result<bool> {
    let disk = other.disk();
    if path == lock {
        return Ok(true);
    }
    if disk.link_target(path)?.is_some() {
        return Ok(false);
    }
    let Some(found) = disk.stat(path)? else { return Ok(true) };
    if !found.is_dir {
        let unfinished = path.file_name().is_some_and(disk::is_temporary_name);
        if !unfinished && !are_equal(disk, path, here.disk(), twin)? {
            return Ok(false);
        }
        return disk.remove_file(path).map(|()| true);
    }
    let mut all = true;
    let mut holds_lock = false;
    for entry in disk.list(path)? {
        let (inside, twin) = (path.join(&entry.name), twin.join(&entry.name));
        holds_lock |= inside == lock;
        all &= prune(other, &inside, here, &twin, lock)?;
    }
    if all && !holds_lock {
        disk.remove_dir_all(path)?;
    }
    Ok(all)
}

fn remove_if_empty(disk: &dyn Disk, directory: &Path) {
    if disk.list(directory).is_ok_and(|entries| entries.is_empty()) {
        let _ = disk.remove_dir_all(directory);
    }
}

/// Whether both files are there and have the same bytes.
fn are_equal(one_disk: &dyn Disk, one: &Path, other_disk: &dyn Disk, other: &Path) -> io::Result<bool> {
    let lengths = (one_disk.stat(one)?, other_disk.stat(other)?);
    let (Some(first), Some(second)) = lengths else { return Ok(false) };
    if second.is_dir || first.length != second.length {
        return Ok(false);
    }
    let (mut first, mut second) = (one_disk.open(one)?, other_disk.open(other)?);
    let (mut a, mut b) = (vec![0; BLOCK_BYTES], vec![0; BLOCK_BYTES]);
    loop {
        let (read, other_read) = (fill(&mut first, &mut a)?, fill(&mut second, &mut b)?);
        if a[..read] != b[..other_read] {
            return Ok(false);
        }
        if read == 0 {
            return Ok(true);
        }
    }
}

/// Reads until the block is full or the file ends.
fn fill(file: &mut impl Read, block: &mut [u8]) -> io::Result<usize> {
    let mut filled = 0;
    while filled < block.len() {
        match file.read(&mut block[filled..])? {
            0 => break,
            read => filled += read,
        }
    }
    Ok(filled)
}
