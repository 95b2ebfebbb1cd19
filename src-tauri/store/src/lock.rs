//! The lock that lets only one process at a time write a data folder.
//!
//! It is the operating system's lock on `.panopto-analytics/lock`, so it dies with its process, however that ends. The
//! file itself stays and means nothing. Reading needs no lock, because every file is replaced in one step.

use std::path::{Path, PathBuf};

use super::process_lock::ProcessLock;
use super::refusal::disk_error;
use crate::{Error, ErrorKind, Result};

/// Proof that this process, and only this piece of work in it, may write the data folder. Dropping it lets others
/// write.
#[derive(Debug)]
pub struct FolderLock {
    root: PathBuf,
    pub(super) notices: Vec<String>,
    _held: ProcessLock,
}

impl FolderLock {
    /// Takes the lock of the data folder at `root`, whose lock file is `lock_file` (its directory must exist).
    ///
    /// [`ErrorKind::Busy`] if another process, or another piece of work in this one, has the lock.
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

    /// What was found and repaired when the lock was taken, in sentences for a person.
    pub fn notices(&self) -> &[String] {
        &self.notices
    }

    /// The locked data folder.
    pub fn root(&self) -> &Path {
        &self.root
    }
}
