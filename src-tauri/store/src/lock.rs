//! The lock that lets one process at a time write a data folder.
//!
//! It is the operating system's lock on `.panopto-analytics/lock`, so it dies with its process, however that ends; the
//! file itself stays and means nothing. Reading needs no lock: every file is replaced in one step.

use std::path::{Path, PathBuf};

use super::process_lock::ProcessLock;
use super::refusal::disk_error;
use crate::{Error, ErrorKind, Result};

/// Proof that this process, and in it this one piece of work, may write the data folder. Dropping it lets others.
#[derive(Debug)]
pub struct FolderLock {
    root: PathBuf,
    pub(super) notices: Vec<String>,
    _held: ProcessLock,
}

impl FolderLock {
    /// Takes the lock of the data folder at `root`, whose lock file is `lock_file` (its directory must exist).
    ///
    /// [`ErrorKind::Busy`] where another process, or another piece of work in this one, has it.
    pub fn acquire(root: &Path, lock_file: &Path) -> Result<Self> {
        match ProcessLock::try_acquire(lock_file).map_err(|error| disk_error("lock", lock_file, error))? {
            Some(held) => Ok(Self { root: root.to_owned(), notices: Vec::new(), _held: held }),
            None => Err(Error::new(
                ErrorKind::Busy,
                format!("The data folder `{}` is being written by another window or command", root.display()),
            )
            .with_hint("Wait until the sync, chunking or export there has ended, or close it, and try again")),
        }
    }

    /// What was found and mended when the lock was taken, in sentences a person should read.
    pub fn notices(&self) -> &[String] {
        &self.notices
    }

    /// The data folder that is locked.
    pub fn root(&self) -> &Path {
        &self.root
    }
}
