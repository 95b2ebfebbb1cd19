//! The lock that lets only one process at a time write a data folder.
//!
//! It is the operating system's lock on `.panopto-analytics/lock`, so it dies with its process, however that ends; the
//! file itself stays and means nothing. Reading needs no lock: every file is replaced in one step.
//!
//! Work of one process may share a lock, so that a course can be added while a sync runs. Course list and state belong to
//! all courses: whoever reads, changes and writes one of them holds [`FolderLock::turn`] meanwhile.

use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};

use super::process_lock::ProcessLock;
use super::refusal::disk_error;
use crate::{Error, ErrorKind, Result};

/// Proof that this process, and only this piece of work in it, may write the data folder. Dropping it lets others
/// write.
#[derive(Debug)]
pub struct FolderLock {
    root: PathBuf,
    pub(super) notices: Vec<String>,
    turn: Mutex<()>,
    _held: ProcessLock,
}

impl FolderLock {
    /// Takes the lock of the data folder at `root`, whose lock file is `lock_file` (its directory must exist).
    ///
    /// [`ErrorKind::Busy`] if another process, or another piece of work in this one, has the lock.
    pub fn acquire(root: &Path, lock_file: &Path) -> Result<Self> {
        match ProcessLock::try_acquire(lock_file).map_err(|error| disk_error("lock", lock_file, error))? {
            Some(held) => Ok(Self { root: root.to_owned(), notices: Vec::new(), turn: Mutex::new(()), _held: held }),
            None => Err(Error::new(
                ErrorKind::Busy,
                format!("The data folder `{}` is being written by another window or command", root.display()),
            )
            .with_hint("Wait until the sync, chunking or export there has ended, or close it, and try again")),
        }
    }

    /// Waits for the turn to change the course list or the state. Keep it for one reading, change and writing.
    pub fn turn(&self) -> MutexGuard<'_, ()> {
        self.turn.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// What was found and mended when the lock was taken, in sentences a person should read.
    pub fn notices(&self) -> &[String] {
        &self.notices
    }

    /// The locked data folder.
    pub fn root(&self) -> &Path {
        &self.root
    }
}
