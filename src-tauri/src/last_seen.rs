//! What the window last saw of files and settings that other programs change too.

use std::path::PathBuf;
use std::sync::{Mutex, PoisonError};

use chrono_tz::Tz;
use engine::settings::Appearance;
use engine::store::disk::Stat;

/// How the course list, the state and the settings last looked.
#[derive(Debug, Default)]
pub struct LastSeen {
    files: Mutex<Option<[Option<Stat>; 2]>>,
    settings: Mutex<Option<Shown>>,
}

/// The settings that can be seen outside their own screen: data folder, time zone, appearance, whether names are shown.
pub(crate) type Shown = (Option<PathBuf>, Option<Tz>, Appearance, bool);

impl LastSeen {
    /// Records the files and says whether they differ from last time; `false` the first time.
    pub(crate) fn files_differ(&self, now: [Option<Stat>; 2]) -> bool {
        let before = self.files.lock().unwrap_or_else(PoisonError::into_inner).replace(now);
        before.is_some_and(|before| before != now)
    }

    /// The same for the settings.
    pub(crate) fn settings_differ(&self, now: Shown) -> bool {
        let mut seen = self.settings.lock().unwrap_or_else(PoisonError::into_inner);
        let differ = seen.as_ref().is_some_and(|before| *before != now);
        *seen = Some(now);
        differ
    }
}
