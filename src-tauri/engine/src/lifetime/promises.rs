//! The promise to delete the data of a removed course when the program ends.
//!
//! It is written down before the data moves to the trash: in a file beside the settings, with the data folder, the
//! entry in its trash, and the time of the removal. So it survives a killed program, a data folder that is busy at the
//! end, and another folder being opened in between: the next start carries out what is left.
//!
//! Deliberately absent: entries of the trash that nobody promised to delete here, such as those of another computer
//! that uses the same data folder.
//!
//! Invariant: only the promised entry is deleted, identified by name, course and time; and not while the run that can
//! still undo the removal is alive.

use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use chrono::{DateTime, Utc};
use model::FolderId;
use serde::{Deserialize, Serialize};

use super::Locks;
use crate::chunk::remove_union_of;
use crate::store::disk::{Disk, Durability, replace};
use crate::store::refusal::disk_error;
use crate::store::trash::TrashedCourse;
use crate::store::{DataFolder, FolderLock, ProcessLock};
use crate::{Error, ErrorCode, Result};

/// The name of their file.
const FILE: &str = "promised-deletions.json";

/// One promise.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Promise {
    folder: PathBuf,
    entry: String,
    course: FolderId,
    removed_at: DateTime<Utc>,
    /// The number of the run that made it; `None` once that run is known to be over.
    run: Option<u32>,
}

/// The result of carrying promises out.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct CarriedOut {
    /// Removals whose data is deleted.
    pub deleted: usize,
    /// Removals whose data could not be deleted yet; the next start tries again.
    pub postponed: usize,
}

/// The promises of all runs, and which of them are this run's.
#[derive(Debug)]
pub struct Promises {
    disk: Arc<dyn Disk>,
    path: PathBuf,
    locks: Locks,
    /// This run's number, and the lock that shows that the run is alive; `None` until the first promise.
    run: Mutex<Option<Alive>>,
}

#[derive(Debug)]
struct Alive {
    number: u32,
    _lock: ProcessLock,
}

impl Promises {
    /// The promises written down in this directory.
    pub fn in_dir(disk: Arc<dyn Disk>, config_dir: &Path) -> Self {
        Self { disk, path: config_dir.join(FILE), locks: Locks::in_dir(config_dir), run: Mutex::default() }
    }

    /// Promises to delete what a removal will put into the trash. Blocks.
    pub fn make(&self, folder: &DataFolder, planned: &TrashedCourse) -> Result<()> {
        let run = self.run()?;
        let Some(promise) = promise(folder, planned, Some(run)) else { return Ok(()) };
        self.change(|promises| promises.push(promise))
    }

    /// Takes a promise back, because the removal was undone. Blocks.
    pub(crate) fn withdraw(&self, folder: &DataFolder, trashed: &TrashedCourse) -> Result<()> {
        let Some(of) = promise(folder, trashed, None) else { return Ok(()) };
        self.change(|promises| promises.retain(|promise| !promise.is_about(&of)))
    }

    /// Deletes what one removal has put into the trash, now. Blocks.
    pub fn keep_now(&self, folder: &DataFolder, lock: &FolderLock, trashed: &TrashedCourse) -> Result<()> {
        delete(folder, lock, trashed)?;
        self.withdraw(folder, trashed)
    }

    /// Keeps the promises of this run, which is ending. Blocks.
    pub fn keep_own(&self) -> CarriedOut {
        let own = self.run.lock().unwrap_or_else(PoisonError::into_inner).as_ref().map(|alive| alive.number);
        match own {
            Some(own) => self.carry_out(|promise| promise.run == Some(own)),
            None => CarriedOut::default(),
        }
    }

    /// Keeps the promises of runs that are over. Blocks; does nothing if there are none.
    pub fn keep_left(&self) -> CarriedOut {
        self.carry_out(|promise| match promise.run {
            None => true,
            // A run holds its lock as long as it is alive; so does this one.
            Some(number) => self.locks.run(number).is_ok_and(|lock| lock.is_some()),
        })
    }

    /// Adapts the promises to a data folder that was moved together with its trash. Blocks.
    pub fn follow(&self, from: &Path, to: &Path) -> Result<()> {
        let (from, to) = (absolute(from), absolute(to));
        if !self.read()?.iter().any(|promise| promise.folder == from) {
            return Ok(());
        }
        self.change(|promises| {
            for promise in promises.iter_mut().filter(|promise| promise.folder == from) {
                promise.folder.clone_from(&to);
            }
        })
    }

    fn carry_out(&self, is_due: impl Fn(&Promise) -> bool) -> CarriedOut {
        let due = match self.read() {
            Ok(promises) => promises.into_iter().filter(|promise| is_due(promise)).collect::<Vec<_>>(),
            Err(error) => {
                tracing::warn!(code = error.code().as_str(), "data of removed courses may still be there: {error}");
                return CarriedOut::default();
            }
        };
        let mut outcome = CarriedOut::default();
        let mut kept = Vec::new();
        for promise in due {
            match self.keep(&promise) {
                Ok(deleted) => {
                    outcome.deleted += usize::from(deleted);
                    kept.push(promise);
                }
                Err(error) => {
                    outcome.postponed += 1;
                    tracing::warn!(code = error.code().as_str(), "data of a removed course is still there: {error}");
                }
            }
        }
        if !kept.is_empty()
            && let Err(error) = self.change(|all| all.retain(|one| !kept.iter().any(|kept| kept.is_about(one))))
        {
            // The next start will find nothing left to delete.
            tracing::warn!(code = error.code().as_str(), "a promise that was kept is still written down: {error}");
        }
        outcome
    }

    /// `false` if the trash has no such entry (any more).
    fn keep(&self, promise: &Promise) -> Result<bool> {
        let folder = DataFolder::open_on(Arc::clone(&self.disk), &promise.folder)?;
        let lock = folder.lock()?;
        let is_promised = |trashed: &TrashedCourse| {
            (trashed.course, trashed.entry(), trashed.removed_at)
                == (promise.course, promise.entry.as_str(), Some(promise.removed_at))
        };
        match folder.trash()?.into_iter().find(is_promised) {
            Some(trashed) => delete(&folder, &lock, &trashed),
            None => Ok(false),
        }
    }

    /// The number under which this run makes promises. Any earlier run of that number is over.
    fn run(&self) -> Result<u32> {
        let mut run = self.run.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(alive) = &*run {
            return Ok(alive.number);
        }
        for number in 1.. {
            if let Some(lock) = self.locks.run(number)? {
                self.change(|promises| {
                    for promise in promises.iter_mut().filter(|promise| promise.run == Some(number)) {
                        promise.run = None;
                    }
                })?;
                *run = Some(Alive { number, _lock: lock });
                return Ok(number);
            }
        }
        unreachable!("numbers do not end")
    }

    fn read(&self) -> Result<Vec<Promise>> {
        let path = &self.path;
        let unreadable = |error| disk_error("read", path, error);
        if !self.disk.exists(path).map_err(unreadable)? {
            return Ok(Vec::new());
        }
        serde_json::from_slice(&self.disk.read(path).map_err(unreadable)?).map_err(|error| {
            Error::new(
                ErrorCode::DataFileInvalid,
                format!("The list of data to be deleted `{}` is damaged at line {}", path.display(), error.line()),
            )
            .with_hint(
                "Delete this file; data of removed courses is then still in `.panopto-analytics/trash` of the data folder",
            )
        })
    }

    fn change(&self, change: impl FnOnce(&mut Vec<Promise>)) -> Result<()> {
        let _lock = self.locks.promises()?;
        let before = self.read()?;
        let mut promises = before.clone();
        change(&mut promises);
        if promises == before {
            return Ok(());
        }
        let text = serde_json::to_vec_pretty(&promises).map_err(|error| {
            Error::new(ErrorCode::Internal, "The list of data to be deleted cannot be written as JSON")
                .with_source(error)
        })?;
        Ok(replace(&*self.disk, &self.path, Durability::Durable, |file| file.write_all(&text))?)
    }
}

impl Promise {
    fn is_about(&self, other: &Self) -> bool {
        (&self.folder, &self.entry, self.course, self.removed_at)
            == (&other.folder, &other.entry, other.course, other.removed_at)
    }
}

/// `None` for a removal of an earlier version, which has no time and was not promised here.
fn promise(folder: &DataFolder, trashed: &TrashedCourse, run: Option<u32>) -> Option<Promise> {
    Some(Promise {
        folder: absolute(folder.root()),
        entry: trashed.entry().to_owned(),
        course: trashed.course,
        removed_at: trashed.removed_at?,
        run,
    })
}

/// Also deletes the course from the joint output of all courses: if it is still in there, that output is removed, and
/// chunking makes it again.
fn delete(folder: &DataFolder, lock: &FolderLock, trashed: &TrashedCourse) -> Result<bool> {
    remove_union_of(folder, lock, &[trashed.course])?;
    Ok(folder.delete_from_trash(lock, trashed)?)
}

fn absolute(path: &Path) -> PathBuf {
    std::path::absolute(path).unwrap_or_else(|_| path.to_owned())
}
