//! `.panopto-analytics/time-zone.txt`: the reporting time zone of a data folder, one IANA name on one line.
//!
//! The days of a dataset depend on it, so it is stored with the data: every computer and every program that opens the
//! folder counts the same days. Deliberately absent: which zone to use if none has been chosen.
//!
//! Invariant: a file that names no known zone is an error. It never means UTC or the computer's zone.

use std::path::PathBuf;

use chrono_tz::Tz;

use super::disk::{Durability, replace};
use super::refusal::disk_error;
use super::table::quoted;
use super::{DataFolder, FolderLock};
use crate::{Error, ErrorKind, Result};

const FILE: &str = "time-zone.txt";
/// A longer file holds something else. The longest name has 32 letters.
const LONGEST_FILE_BYTES: u64 = 1024;

impl DataFolder {
    /// Where the reporting time zone is kept.
    pub fn time_zone_file(&self) -> PathBuf {
        self.internal_file(FILE)
    }

    /// The reporting time zone; `None` if none has been chosen yet. [`ErrorKind::DataFileInvalid`] if the file names a
    /// zone that is not known here.
    pub fn time_zone(&self) -> Result<Option<Tz>> {
        let path = self.time_zone_file();
        let Some(found) = self.disk().stat(&path).map_err(|error| disk_error("read", &path, error))? else {
            return Ok(None);
        };
        let damaged = |what: &str| {
            Error::new(ErrorKind::DataFileInvalid, format!("`{}` {what}", path.display())).with_hint(
                "Choose the reporting time zone again; if a newer version chose it, update this program instead",
            )
        };
        if found.length > LONGEST_FILE_BYTES {
            return Err(damaged("is too long for the name of a time zone"));
        }
        let bytes = self.disk().read(&path).map_err(|error| disk_error("read", &path, error))?;
        let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(&bytes);
        let name = std::str::from_utf8(bytes).map_err(|_| damaged("is not text"))?.trim();
        match name.parse() {
            Ok(zone) => Ok(Some(zone)),
            Err(_) if name.is_empty() => Err(damaged("is empty and should name a time zone")),
            Err(_) => Err(damaged(&format!("names {}, which is no time zone known here", quoted(name)))),
        }
    }

    /// Stores the reporting time zone. The next chunking makes everything again that was made with another zone.
    pub fn save_time_zone(&self, _lock: &FolderLock, zone: Tz) -> Result<()> {
        self.make_dir(&self.internal_dir())?;
        replace(self.disk(), &self.time_zone_file(), Durability::Durable, |file| {
            file.write_all(zone.name().as_bytes())?;
            file.write_all(b"\n")
        })
    }
}
