//! The settings' file: reading it, changing it together with other processes, and what happens when it is damaged.
//!
//! Invariants:
//! - a change is read, made and written within one lock, so that two processes do not lose each other's;
//! - a damaged file is never overwritten unasked: until a person decides, nothing is written and the defaults, which name
//!   another data folder, are not used in its place.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::Settings;
use crate::lifetime::Locks;
use crate::store::disk::{Disk, Durability, replace};
use crate::store::refusal::disk_error;
use crate::{Error, ErrorCode, Result};

/// Name of the settings' file.
const SETTINGS_FILE: &str = "settings.json";
/// What was written last, to go back to when somebody or something damages the file.
const BACKUP_FILE: &str = "settings.json.backup";

/// What the settings' file holds.
#[derive(Debug, Clone, PartialEq)]
pub enum SettingsRead {
    /// Settings; the defaults where there is no file.
    Whole(Settings),
    /// Something else.
    Damaged(DamagedSettings),
}

/// A settings' file that cannot be read, and what a person may choose instead.
#[derive(Debug, Clone, PartialEq)]
pub struct DamagedSettings {
    /// The damaged file.
    pub path: PathBuf,
    /// The line at which reading ended, from 1.
    pub line: usize,
    /// The settings as this program wrote them last, where they can be read.
    pub backup: Option<Settings>,
}

/// What takes the place of damaged settings.
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

/// The settings' file.
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

    /// The settings; the defaults where there is no file. [`ErrorCode::DataFileInvalid`] where it is damaged.
    pub fn load(&self) -> Result<Settings> {
        match self.read()? {
            SettingsRead::Whole(settings) => Ok(settings),
            SettingsRead::Damaged(damaged) => Err(damaged.to_error()),
        }
    }

    /// Reads, changes and writes while no other process does. `change` sees the settings as they are on the disk then, and
    /// changes only what was chosen. Nothing is written where it changes nothing, or makes what [`Settings::check`] refuses.
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

    /// Puts other settings in the place of damaged ones, which are kept beside them under another name.
    ///
    /// [`ErrorCode::InvalidInput`] where the file is not damaged (any more), and [`ErrorCode::NotFound`] where there are no
    /// earlier settings to go back to: nothing is changed then.
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

    /// A copy rather than a move: no instant without a settings' file, which would mean the defaults.
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
        // The settings are kept; a backup that cannot be is no reason to say they are not.
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
