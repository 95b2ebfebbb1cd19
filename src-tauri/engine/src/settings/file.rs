//! The settings file: reading it, changing it alongside other processes, and what happens if it is damaged.
//!
//! Invariants:
//! - A change is read, made and written within one lock, so that two processes do not lose each other's changes.
//! - A damaged file is never overwritten without being asked. Until a person decides, nothing is written, and the
//!   defaults are not used in its place, because they name another data folder.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::Settings;
use crate::lifetime::Locks;
use crate::store::disk::{Disk, Durability, replace};
use crate::store::refusal::disk_error;
use crate::{Error, ErrorCode, Result};

/// Name of the settings file.
const SETTINGS_FILE: &str = "settings.json";
/// A copy of the last settings written, to restore if the settings file gets damaged.
const BACKUP_FILE: &str = "settings.json.backup";

/// What the settings file contains.
#[derive(Debug, Clone, PartialEq)]
pub enum SettingsRead {
    /// Settings; the defaults if there is no file.
    Whole(Settings),
    /// Something else.
    Damaged(DamagedSettings),
}

/// A settings file that cannot be read, and what a person may choose instead.
#[derive(Debug, Clone, PartialEq)]
pub struct DamagedSettings {
    /// The damaged file.
    pub path: PathBuf,
    /// The line at which reading ended, from 1.
    pub line: usize,
    /// The settings that this program wrote last, if they can be read.
    pub backup: Option<Settings>,
}

/// What replaces damaged settings.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Recovery {
    /// [`DamagedSettings::backup`].
    Backup,
    /// [`Settings::default`].
    Defaults,
}

/// Damaged settings that were replaced.
#[derive(Debug, Clone, PartialEq)]
pub struct Recovered {
    /// The settings now in use.
    pub settings: Settings,
    /// Where the damaged file is kept.
    pub damaged_kept_at: PathBuf,
}

impl DamagedSettings {
    /// The error for everything that needs the settings.
    pub fn to_error(&self) -> Error {
        let message = format!("The settings file `{}` is damaged at line {}", self.path.display(), self.line);
        Error::new(ErrorCode::DataFileInvalid, message).with_hint(match self.backup {
            Some(_) => "Correct that line, or restore the settings as this program last kept them",
            None => "Correct that line, or start again with the default settings",
        })
    }
}

/// The settings file.
#[derive(Debug, Clone)]
pub struct SettingsFile {
    disk: Arc<dyn Disk>,
    dir: PathBuf,
}

impl SettingsFile {
    /// The file [`SETTINGS_FILE`] in this directory, which need not exist yet.
    pub fn in_dir(disk: Arc<dyn Disk>, dir: impl Into<PathBuf>) -> Self {
        Self { disk, dir: dir.into() }
    }

    /// Where the file is.
    pub fn path(&self) -> PathBuf {
        self.dir.join(SETTINGS_FILE)
    }

    /// Reads the file and changes nothing.
    pub fn read(&self) -> Result<SettingsRead> {
        let path = self.path();
        let Some(bytes) = self.bytes_of(&path)? else { return Ok(SettingsRead::Whole(Settings::default())) };
        Ok(match parse(&bytes) {
            Ok(settings) => SettingsRead::Whole(settings),
            Err(error) => {
                let backup = self.bytes_of(&self.backup_path()).ok().flatten();
                let backup = backup.and_then(|bytes| parse(&bytes).ok()).filter(|settings| settings.check().is_ok());
                SettingsRead::Damaged(DamagedSettings { path, line: error.line(), backup })
            }
        })
    }

    /// The settings; the defaults if there is no file. [`ErrorCode::DataFileInvalid`] if it is damaged.
    pub fn load(&self) -> Result<Settings> {
        match self.read()? {
            SettingsRead::Whole(settings) => Ok(settings),
            SettingsRead::Damaged(damaged) => Err(damaged.to_error()),
        }
    }

    /// Reads, changes and writes the settings while no other process does. `change` receives the settings as they are
    /// on the disk at that moment and changes only what was chosen. Nothing is written if nothing changes, or if the
    /// result is one that [`Settings::check`] refuses.
    pub fn update(&self, change: impl FnOnce(&mut Settings)) -> Result<Settings> {
        let _lock = Locks::in_dir(&self.dir).settings()?;
        let before = self.load()?;
        let mut settings = before.clone();
        change(&mut settings);
        settings.check()?;
        if settings != before {
            self.write(&settings)?;
        }
        Ok(settings)
    }

    /// Replaces damaged settings with others. The damaged file is kept beside them under another name.
    ///
    /// [`ErrorCode::InvalidInput`] if the file is not damaged (any more), [`ErrorCode::NotFound`] if there are no
    /// earlier settings to go back to. Nothing is changed then.
    pub fn recover(&self, with: Recovery) -> Result<Recovered> {
        let _lock = Locks::in_dir(&self.dir).settings()?;
        let damaged = match self.read()? {
            SettingsRead::Damaged(damaged) => damaged,
            SettingsRead::Whole(_) => {
                return Err(Error::new(ErrorCode::InvalidInput, "The settings file is not damaged")
                    .with_hint("Change single settings instead"));
            }
        };
        let settings = match with {
            Recovery::Defaults => Settings::default(),
            Recovery::Backup => damaged.backup.ok_or_else(|| {
                Error::new(ErrorCode::NotFound, "There are no earlier settings to restore")
                    .with_hint("Correct the settings file, or start again with the default settings")
            })?,
        };
        let damaged_kept_at = self.keep_aside(&damaged.path)?;
        self.write(&settings)?;
        Ok(Recovered { settings, damaged_kept_at })
    }

    /// A copy rather than a move: without a settings file, even for an instant, the defaults would apply.
    fn keep_aside(&self, path: &Path) -> Result<PathBuf> {
        let bytes = self.bytes_of(path)?.unwrap_or_default();
        for number in 1.. {
            let aside = path.with_file_name(format!("{SETTINGS_FILE}.damaged-{number}"));
            match self.bytes_of(&aside)? {
                Some(kept) if kept == bytes => return Ok(aside),
                Some(_) => {}
                None => {
                    replace(&*self.disk, &aside, Durability::Durable, |file| file.write_all(&bytes))?;
                    return Ok(aside);
                }
            }
        }
        unreachable!("numbers do not end")
    }

    fn write(&self, settings: &Settings) -> Result<()> {
        self.disk.create_dir_all(&self.dir).map_err(|error| disk_error("write", &self.dir, error))?;
        let mut text = serde_json::to_vec_pretty(settings).map_err(|error| {
            Error::new(ErrorCode::Internal, "The settings cannot be written as JSON").with_source(error)
        })?;
        text.push(b'\n');
        replace(&*self.disk, &self.path(), Durability::Durable, |file| file.write_all(&text))?;
        // The settings are stored; a failed backup is no reason to say that they are not.
        if let Err(error) = replace(&*self.disk, &self.backup_path(), Durability::Durable, |file| file.write_all(&text))
        {
            tracing::warn!(code = error.code().as_str(), "the settings have no backup: {error}");
        }
        Ok(())
    }

    fn backup_path(&self) -> PathBuf {
        self.dir.join(BACKUP_FILE)
    }

    fn bytes_of(&self, path: &Path) -> Result<Option<Vec<u8>>> {
        let unreadable = |error| disk_error("read", path, error);
        if !self.disk.exists(path).map_err(unreadable)? {
            return Ok(None);
        }
        Ok(Some(self.disk.read(path).map_err(unreadable)?))
    }
}

fn parse(bytes: &[u8]) -> serde_json::Result<Settings> {
    serde_json::from_slice(bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes))
}
