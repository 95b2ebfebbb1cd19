//! The lock that lets one process at a time write a data folder.
//!
//! It is the operating system's lock on `.panopto-analytics/lock`, so it dies with its process, however that ends; the
//! file itself stays and means nothing. Reading needs no lock: every file is replaced in one step.

use std::fs::{File, OpenOptions, TryLockError};
use std::path::{Path, PathBuf};

use super::refusal::disk_error;
use crate::{Error, ErrorKind, Result};

/// Proof that this process, and in it this one piece of work, may write the data folder. Dropping it lets others.
#[derive(Debug)]
pub struct FolderLock {
    root: PathBuf,
    // Held open: closing it gives the lock back.
    _file: File,
}

impl FolderLock {
    /// Takes the lock of the data folder at `root`, whose lock file is `lock_file` (its directory must exist).
    ///
    /// [`ErrorKind::Busy`] where another process, or another piece of work in this one, has it.
    pub fn acquire(root: &Path, lock_file: &Path) -> Result<Self> {
        let file = OpenOptions::new()
            .create(true)
            .truncate(false)
            .write(true)
            .open(lock_file)
            .map_err(|error| disk_error("write", lock_file, error))?;
        match file.try_lock() {
            Ok(()) => Ok(Self { root: root.to_owned(), _file: file }),
            Err(TryLockError::WouldBlock) => Err(Error::new(
                ErrorKind::Busy,
                format!("The data folder `{}` is being written by another window or command", root.display()),
            )
            .with_hint("Wait until the sync, chunking or export there has ended, or close it, and try again")),
            Err(TryLockError::Error(error)) => Err(disk_error("lock", lock_file, error)),
        }
    }

    /// The data folder that is locked.
    pub fn root(&self) -> &Path {
        &self.root
    }
}
