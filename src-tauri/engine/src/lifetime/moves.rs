//! A move of the data folder that was cut off: what it left at two places is made one again by the next run.
//!
//! Before anything is copied, a note beside the settings says from where to where. The settings decide: once they name the
//! new place, that is in use, and what is left of the old one goes; before that it is the other way round. Deliberately
//! absent: copying and removing (`store::relocate`, `store::duplicate`).
//!
//! Invariant: what differs from the folder in use is never removed, only told.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::{Locks, Promises};
use crate::settings::SettingsFile;
use crate::store::disk::{Disk, Durability, replace};
use crate::store::refusal::disk_error;
use crate::store::{DataFolder, ProcessLock, path_text};
use crate::{Error, ErrorCode, Result};

/// The name of the note.
const FILE: &str = "data-folder-move.json";

/// A move that has begun and not ended.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Move {
    from: PathBuf,
    to: PathBuf,
    /// Whether the new place was there before, as an empty folder.
    to_was_there: bool,
}

/// The move of this person's data folder.
#[derive(Debug)]
pub(super) struct Moves {
    disk: Arc<dyn Disk>,
    note: PathBuf,
    locks: Locks,
}

/// A move that goes on. Other runs leave it alone.
#[derive(Debug)]
pub(super) struct Moving<'a> {
    moves: &'a Moves,
    _lock: ProcessLock,
}

impl Moves {
    pub(super) fn in_dir(disk: Arc<dyn Disk>, config_dir: &Path) -> Self {
        Self { disk, note: config_dir.join(FILE), locks: Locks::in_dir(config_dir) }
    }

    /// Writes down that a move begins. [`ErrorCode::Busy`] while another process moves the data folder.
    pub(super) fn begin(&self, from: &Path, to: &Path) -> Result<Moving<'_>> {
        let busy = || {
            Error::new(ErrorCode::Busy, "Another window or command is moving the data folder")
                .with_hint("Wait until it has ended")
        };
        let moving = Moving { moves: self, _lock: self.locks.moving()?.ok_or_else(busy)? };
        let to_was_there = self.disk.exists(to).map_err(|error| disk_error("read", to, error))?;
        let note = Move { from: from.to_owned(), to: to.to_owned(), to_was_there };
        let text = serde_json::to_vec_pretty(&note).map_err(|error| {
            Error::new(ErrorCode::Internal, "The note of a move cannot be written as JSON").with_source(error)
        })?;
        replace(&*self.disk, &self.note, Durability::Durable, |file| file.write_all(&text))?;
        Ok(moving)
    }

    /// Makes one place of the two that a move left when it was cut off; what a person should know about it. `None` where
    /// there was no such move, or it cannot be told yet: then the next run tries again. Blocks.
    pub(super) fn finish_left(&self, settings: &SettingsFile, promises: &Promises) -> Option<String> {
        let finished = self.try_to_finish(settings, promises);
        finished.unwrap_or_else(|error| {
            tracing::warn!(code = error.code().as_str(), "a move that was cut off is not made good yet: {error}");
            None
        })
    }

    fn try_to_finish(&self, settings: &SettingsFile, promises: &Promises) -> Result<Option<String>> {
        // Looking makes no locks.
        if !self.disk.exists(&self.note).map_err(|error| disk_error("read", &self.note, error))? {
            return Ok(None);
        }
        let Some(lock) = self.locks.moving()? else { return Ok(None) };
        let ending = Moving { moves: self, _lock: lock };
        let Some(left) = self.read()? else { return Ok(None) };
        let in_use = settings.load()?.data_folder;
        let (from, to) = (path_text(&left.from), path_text(&left.to));
        let told = match in_use {
            Some(in_use) if is_same(&in_use, &left.to) => {
                promises.follow(&left.from, &left.to)?;
                let gone = self.remove_duplicate(&left.to, &left.from, true)?;
                if gone {
                    format!(
                        "Moving the data folder to `{to}` was cut off at its end; what was still in `{from}` is removed now"
                    )
                } else {
                    format!(
                        "Moving the data folder to `{to}` was cut off, and `{from}` still holds files that differ from it or \
                         are linked"
                    )
                }
            }
            Some(in_use) if !is_same(&in_use, &left.from) => {
                format!(
                    "Moving the data folder from `{from}` to `{to}` was cut off; both may hold data, and neither is in use"
                )
            }
            Some(_) | None => {
                let gone = self.remove_duplicate(&left.from, &left.to, !left.to_was_there)?;
                if gone {
                    format!(
                        "Moving the data folder to `{to}` was cut off; what had been copied there is removed, and `{from}` is \
                         in use as before"
                    )
                } else {
                    format!(
                        "Moving the data folder to `{to}` was cut off, and what it holds now differs from `{from}`, which is in \
                         use as before"
                    )
                }
            }
        };
        ending.end();
        Ok(Some(told))
    }

    fn remove_duplicate(&self, in_use: &Path, other: &Path, with_itself: bool) -> Result<bool> {
        let gone = DataFolder::open_on(Arc::clone(&self.disk), in_use)?.remove_duplicate_at(other)?;
        let is_empty = || self.disk.list(other).is_ok_and(|entries| entries.is_empty());
        if gone && with_itself && is_empty() {
            self.disk.remove_dir_all(other).map_err(|error| disk_error("remove", other, error))?;
        }
        Ok(gone)
    }

    /// `None` where there is no note (any more), or one that cannot be read: then nothing is known, and nothing is touched.
    fn read(&self) -> Result<Option<Move>> {
        let path = &self.note;
        let failed = |error| disk_error("read", path, error);
        if !self.disk.exists(path).map_err(failed)? {
            return Ok(None);
        }
        let note = serde_json::from_slice(&self.disk.read(path).map_err(failed)?);
        note.map(Some).map_err(|error| {
            let message = format!("The note of a move `{}` is damaged at line {}", path_text(path), error.line());
            Error::new(ErrorCode::DataFileInvalid, message).with_hint("Delete this file")
        })
    }
}

fn is_same(one: &Path, other: &Path) -> bool {
    let real = |path: &Path| path.canonicalize().or_else(|_| std::path::absolute(path)).ok();
    one == other || (real(one).is_some() && real(one) == real(other))
}

impl Moving<'_> {
    /// The move has ended, or is undone as a whole.
    pub(super) fn end(self) {
        let (disk, note) = (&self.moves.disk, &self.moves.note);
        if let Err(error) = disk.remove_file(note) {
            // The next run finds one place only.
            tracing::warn!(code = "disk", "the note of a move that has ended is still there: {error}");
        }
    }
}
