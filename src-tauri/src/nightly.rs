//! The nightly job of the user's own settings, also while the sample is shown.

use std::sync::Arc;

use engine::Result;
use engine::nightly::{cron_line, nightly_status, switch_off, switch_on};
use engine::settings::{NightlyChoice, NightlyTime};
use engine::time_zone::computer_time_zone;

use crate::pages::nightly::{Nightly, NightlyInput};
use crate::state::{Shell, blocking};
use crate::workspace::Workspace;

impl Shell {
    /// The job as it is.
    pub(crate) async fn nightly(&self) -> Result<Nightly> {
        let (own, scheduler) = (Arc::clone(&self.own), self.start.scheduler.clone());
        let config_dir = self.start.around.config_dir.clone();
        blocking(move || {
            let settings = own.settings()?;
            let zone = computer_time_zone(&*own.environment).ok();
            let status = nightly_status(&settings, &config_dir, &scheduler, zone, own.clock.now());
            let cron = if let Ok(()) = scheduler.check_is_there() {
                None
            } else {
                let job = scheduler.job(NightlyTime::USUAL, &config_dir, None)?;
                Some(cron_line(&job))
            };
            let shown_in = zone.map_or_else(|| own.zone(&settings), Ok)?;
            Ok(Nightly::new(&status, settings.last_export.as_ref(), cron, shown_in))
        })
        .await
    }

    /// Switches it on or off, or changes it.
    pub(crate) async fn set_nightly(&self, input: NightlyInput) -> Result<Nightly> {
        let (own, scheduler) = (Arc::clone(&self.own), self.start.scheduler.clone());
        let config_dir = self.start.around.config_dir.clone();
        blocking(move || {
            if !input.on {
                return switch_off(&own.settings_file, &config_dir, &scheduler).map(drop);
            }
            let choice =
                NightlyChoice { at: NightlyTime::parse(&input.at)?, digest: input.digest, data: kept_data(&own)? };
            switch_on(&own.settings_file, &config_dir, &scheduler, choice).map(drop)
        })
        .await?;
        self.nightly().await
    }
}

/// A data folder that the command line gave for the job alone.
fn kept_data(own: &Workspace) -> Result<Option<std::path::PathBuf>> {
    Ok(own.settings()?.nightly.and_then(|nightly| nightly.data))
}
