//! The reporting time zone of a run: the data folder's own, unless the call says otherwise.
//!
//! Work that writes days makes a given zone the data folder's own, so that the next chunking, the next export and the
//! window count the same days. Looking in another zone changes nothing.
//!
//! Invariant: if a data folder gets or loses a zone, that is reported, even with `--quiet` if its days change.

use chrono_tz::Tz;
use engine::Result;
use engine::store::{DataFolder, FolderLock};
use engine::time_zone::{Change, Chosen, choose, settle, time_zone_of};

use crate::args::{FolderZone, LookZone};
use crate::setup::Setup;

/// The zone in which to look at data.
pub(crate) fn zone_to_look(setup: &Setup, folder: &DataFolder, zone: &LookZone) -> Result<Tz> {
    match zone.given()? {
        Some(zone) => Ok(zone),
        None => time_zone_of(folder, &setup.settings, &*setup.environment),
    }
}

/// The zone for work that writes days. From now on it is the data folder's own.
pub(crate) fn zone_to_write(setup: &Setup, folder: &DataFolder, lock: &FolderLock, zone: &FolderZone) -> Result<Tz> {
    let chosen = match zone.given()? {
        Some(zone) => choose(folder, lock, zone)?,
        None => settle(folder, lock, &setup.settings, &*setup.environment)?,
    };
    tell(setup, chosen);
    Ok(chosen.zone)
}

/// Says what has changed for the data folder.
pub(crate) fn tell(setup: &Setup, chosen: Chosen) {
    const CHANGE_IT: &str = "`panopto-analytics settings set --timezone IANA` changes it";
    let Chosen { zone, change } = chosen;
    match change {
        Change::None => {}
        Change::First => {
            setup
                .terminal
                .note(&format!("The days of this data folder are counted in {zone} from now on; {CHANGE_IT}"));
        }
        Change::From(before) => setup.terminal.warning(
            &format!("The days of this data folder are counted in {zone} from now on, and no longer in {before}"),
            Some("Its chunks are all made again"),
        ),
        Change::Repaired => setup.terminal.warning(
            &format!("The time zone of this data folder could not be read; its days are counted in {zone} from now on"),
            None,
        ),
    }
}
