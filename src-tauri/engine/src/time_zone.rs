//! The reporting time zone: in which days viewing records are counted.
//!
//! It belongs to the data folder. The first work that writes days ([`settle`]) keeps the proposed one there; from then on it
//! only changes on purpose ([`choose`]), and everyone who opens the folder counts the same days.
//!
//! Deliberately absent: the file it is kept in (`store::reporting_zone`), and what a mistyped name may have meant
//! ([`name`]).
//!
//! Invariant: a zone that is not known is an error with its name in it. Nothing here falls back to UTC.

mod computer;
mod name;

use chrono_tz::Tz;

use crate::environment::Environment;
use crate::settings::Settings;
use crate::store::{DataFolder, FolderLock};
use crate::{ErrorCode, Result};

pub use computer::computer_time_zone;
pub use name::time_zone_named;

/// The zone of a data folder, and the one it had before, where that was another.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Chosen {
    /// The zone that counts from now on.
    pub zone: Tz,
    /// What is new about it.
    pub change: Change,
}

/// What choosing a zone has changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Change {
    /// The folder had this zone already.
    None,
    /// The folder had none.
    First,
    /// The folder had this other one; days and chunks change with it.
    From(Tz),
    /// What the folder had could not be read.
    Repaired,
}

/// The zone to look at a data folder in: its own, else the proposed one. Writes nothing.
pub fn time_zone_of(folder: &DataFolder, settings: &Settings, environment: &dyn Environment) -> Result<Tz> {
    folder.time_zone()?.map_or_else(|| proposed_time_zone(settings, environment), Ok)
}

/// The zone for a data folder that has none: the one an earlier version kept in the settings, else the computer's own.
pub fn proposed_time_zone(settings: &Settings, environment: &dyn Environment) -> Result<Tz> {
    settings.time_zone.as_deref().map_or_else(|| computer_time_zone(environment), time_zone_named)
}

/// The zone of a data folder for work that writes days. Where the folder has none, the proposed one becomes its own.
pub fn settle(
    folder: &DataFolder,
    lock: &FolderLock,
    settings: &Settings,
    environment: &dyn Environment,
) -> Result<Chosen> {
    match folder.time_zone()? {
        Some(zone) => Ok(Chosen { zone, change: Change::None }),
        None => choose(folder, lock, proposed_time_zone(settings, environment)?),
    }
}

/// Makes a zone the data folder's own.
pub fn choose(folder: &DataFolder, lock: &FolderLock, zone: Tz) -> Result<Chosen> {
    let change = match folder.time_zone() {
        Ok(Some(before)) if before == zone => return Ok(Chosen { zone, change: Change::None }),
        Ok(Some(before)) => Change::From(before),
        Ok(None) => Change::First,
        Err(error) if error.code() == ErrorCode::DataFileInvalid => Change::Repaired,
        Err(error) => return Err(error.into()),
    };
    folder.save_time_zone(lock, zone)?;
    Ok(Chosen { zone, change })
}
