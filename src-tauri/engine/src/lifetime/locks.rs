//! The locks between one person's processes (two windows, a window and a nightly job), which share settings and
//! sign-in.
//!
//! They are files in `locks` beside the settings. Deliberately absent: the lock of a data folder, which lies in that
//! folder because other computers may open it too.
//!
//! Invariant: looking creates nothing; the files are made with the first change.

use std::io;
use std::path::{Path, PathBuf};
use std::time::Duration;

use crate::store::disk::{Disk as _, Durability, RealDisk, replace};
use crate::store::refusal::disk_error;
use crate::store::safe_name::safe_name;
use crate::store::{ProcessLock, refusal};
use crate::{Error, ErrorCode, Result};

/// The name of their directory.
const LOCKS_DIR: &str = "locks";
/// Locked as long as a nightly run goes on.
const NIGHT: &str = "nightly.lock";
/// Locked as long as somebody asks it to end.
const NIGHT_TO_END: &str = "nightly-to-end.lock";
/// A change takes an instant; a process that holds the lock longer hangs.
const CHANGE_PATIENCE: Duration = Duration::from_secs(10);

/// Where the locks are.
#[derive(Debug, Clone)]
pub(crate) struct Locks {
    dir: PathBuf,
}

impl Locks {
    /// The locks beside the settings of this directory.
    pub(crate) fn in_dir(config_dir: &Path) -> Self {
        Self { dir: config_dir.join(LOCKS_DIR) }
    }

    /// The right to change the settings. Blocks. [`ErrorCode::Busy`] if another process does not release it.
    pub(crate) fn settings(&self) -> Result<ProcessLock> {
        self.exclusive("settings.lock", "the settings")
    }

    /// The right to change the list of promises, likewise.
    pub(super) fn promises(&self) -> Result<ProcessLock> {
        self.exclusive("promises.lock", "the list of data to be deleted")
    }

    /// The right to move the data folder; `None` while somebody moves it.
    pub(super) fn moving(&self) -> Result<Option<ProcessLock>> {
        let path = self.dir.join("move.lock");
        let lock = self.made_dir().and_then(|()| ProcessLock::try_acquire(&path));
        lock.map_err(|error| disk_error("write", &path, error).into())
    }

    fn exclusive(&self, file: &str, what: &str) -> Result<ProcessLock> {
        let path = self.dir.join(file);
        let lock = self.made_dir().and_then(|()| ProcessLock::acquire_within(&path, CHANGE_PATIENCE));
        lock.map_err(|error| disk_error("write", &path, error))?.ok_or_else(|| {
            Error::new(ErrorCode::Busy, format!("Another window or command is changing {what} and does not end"))
                .with_hint("Close it and try again")
        })
    }

    /// A lock that shows that the run of this number is alive; `None` if that run holds it.
    pub(super) fn run(&self, number: u32) -> Result<Option<ProcessLock>> {
        let path = self.dir.join(format!("run-{number}.lock"));
        let lock = self.made_dir().and_then(|()| ProcessLock::try_acquire(&path));
        lock.map_err(|error| disk_error("write", &path, error).into())
    }

    /// What shows that a nightly run is going on; `None` while one is.
    pub(crate) fn night(&self) -> Result<Option<ProcessLock>> {
        let path = self.dir.join(NIGHT);
        let lock = self.made_dir().and_then(|()| ProcessLock::try_acquire(&path));
        lock.map_err(|error| disk_error("write", &path, error).into())
    }

    /// Whether a nightly run is going on. Makes nothing.
    pub(crate) fn is_night(&self) -> bool {
        let path = self.dir.join(NIGHT);
        RealDisk.exists(&path).unwrap_or(false) && ProcessLock::try_acquire(&path).is_ok_and(|lock| lock.is_none())
    }

    /// What asks a nightly run to end, as long as it is held; tried for as long as `patience`. Blocks.
    pub(crate) fn ask_night_to_end(&self, patience: Duration) -> io::Result<Option<ProcessLock>> {
        self.made_dir()?;
        ProcessLock::acquire_within(&self.dir.join(NIGHT_TO_END), patience)
    }

    /// Whether somebody asks so. Makes nothing.
    pub(crate) fn is_night_to_end(&self) -> bool {
        let path = self.dir.join(NIGHT_TO_END);
        RealDisk.exists(&path).unwrap_or(false) && ProcessLock::try_acquire(&path).is_ok_and(|lock| lock.is_none())
    }

    /// Takes the files of the two away. Call it only while no nightly run is going on.
    pub(crate) fn forget_night(&self) {
        for file in [NIGHT, NIGHT_TO_END] {
            // An empty file that means nothing.
            let _ = RealDisk.remove_file(&self.dir.join(file));
        }
    }

    /// The turn to renew or change the sign-in at this server. Tries for as long as `patience`; `None` if somebody else
    /// holds it that long. Blocks.
    pub(crate) fn sign_in(&self, host: &str, patience: Duration) -> io::Result<Option<ProcessLock>> {
        self.made_dir()?;
        ProcessLock::acquire_within(&self.dir.join(format!("{}.lock", sign_in_name(host))), patience)
    }

    /// How often somebody has signed in to this server or out of it. This tells a renewed token from somebody else's
    /// token. 0 before the first time. Blocks.
    pub(crate) fn sign_ins(&self, host: &str) -> u64 {
        let text = RealDisk.read(&self.sign_ins_file(host)).unwrap_or_default();
        std::str::from_utf8(&text).ok().and_then(|text| text.trim().parse().ok()).unwrap_or(0)
    }

    /// Counts one more sign-in or sign-out. Blocks.
    pub(crate) fn count_sign_in(&self, host: &str) -> Result<()> {
        let (path, next) = (self.sign_ins_file(host), self.sign_ins(host).wrapping_add(1));
        self.made_dir().map_err(|error| refusal::disk_error("write", &path, error))?;
        Ok(replace(&RealDisk, &path, Durability::Durable, |file| writeln!(file, "{next}"))?)
    }

    fn sign_ins_file(&self, host: &str) -> PathBuf {
        self.dir.join(format!("{}.count", sign_in_name(host)))
    }

    fn made_dir(&self) -> io::Result<()> {
        RealDisk.create_dir_all(&self.dir)
    }
}

fn sign_in_name(host: &str) -> String {
    format!("sign-in-{}", safe_name(host))
}
