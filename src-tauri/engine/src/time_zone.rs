//! The reporting time zone, which decides on which day a viewing record counts.
//!
//! It belongs to the data folder. The first work that writes days ([`settle`]) stores the proposed zone there. From
//! then on it changes only on purpose ([`choose`]), and everyone who opens the folder counts the same days.
//!
//! Deliberately absent: the file that stores it (`store::reporting_zone`), and what a mistyped name may have meant
//! ([`name`]).
//!
//! Invariant: an unknown zone is an error that contains its name. Nothing here falls back to UTC.

mod computer;
mod name;

use chrono_tz::Tz;

use crate::environment::Environment;
use crate::settings::Settings;
use crate::store::{DataFolder, FolderLock};
use crate::{ErrorCode, Result};

pub use computer::computer_time_zone;
pub use name::time_zone_named;

/// The zone of a data folder, and what choosing it has changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Chosen {
    /// The zone that counts from now on.
    pub zone: Tz,
    /// What has changed.
    pub change: Change,
}

/// What choosing a zone has changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Change {
    /// The folder had this zone already.
    None,
    /// The folder had no zone.
    First,
    /// The folder had this other zone; days and chunks change with it.
    From(Tz),
    /// The folder's zone could not be read.
    Repaired,
}

/// The zone in which to look at a data folder: its own, otherwise the proposed one. Writes nothing.
pub fn time_zone_of(folder: &DataFolder, settings: &Settings, environment: &dyn Environment) -> Result<Tz> {
    folder.time_zone()?.map_or_else(|| proposed_time_zone(settings, environment), Ok)
}

/// The zone for a data folder that has none: the one that an earlier version stored in the settings, otherwise the
/// computer's own.
pub fn proposed_time_zone(settings: &Settings, environment: &dyn Environment) -> Result<Tz> {
    settings.time_zone.as_deref().map_or_else(|| computer_time_zone(environment), time_zone_named)
}

/// The zone of a data folder, for work that writes days. If the folder has none, the proposed one becomes its own.
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
