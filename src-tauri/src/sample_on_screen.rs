//! Showing the sample courses instead of the user's own data, and going back.

use std::sync::Arc;
use std::time::Duration;

use chrono_tz::Tz;
use engine::Result;
use engine::time_zone::proposed_time_zone;
use tokio_util::sync::CancellationToken;

use crate::events::JobEvents;
use crate::pages::sync::SyncEvent;
use crate::sample::Sample;
use crate::state::Shell;
use crate::syncing;
use crate::threads::blocking;

/// How long going back waits for work in the sample's folder to stop.
const PATIENCE: Duration = Duration::from_secs(10);

/// Shows the sample courses: prepares them, syncs them for real and puts them on screen.
pub(crate) async fn show(shell: &Shell, tell: JobEvents<SyncEvent>, cancel: &CancellationToken) -> Result<()> {
    let own = Arc::clone(&shell.own);
    let settings = blocking(move || {
        let mut settings = own.settings()?;
        let zone = own.zone(&settings).or_else(|_| proposed_time_zone(&settings, &*own.environment));
        // A computer whose time zone is unknown can still show the sample, whose days mean nothing to anyone.
        settings.time_zone = Some(zone.unwrap_or(Tz::UTC).name().to_owned());
        Ok(settings)
    })
    .await?;
    let sample = Sample::prepare(&settings, Arc::clone(&shell.own.clock), shell.presenting.clone()).await?;
    let report = syncing::sync(&sample.workspace, None, false, tell, cancel).await?;
    syncing::unless_stopped(&report)?;
    shell.show_sample(sample);
    Ok(())
}

/// Goes back to the user's own data; the sample and its folder are gone afterwards.
pub(crate) async fn leave(shell: &Shell) -> Result<()> {
    if shell.workspace().is_sample {
        shell.jobs.cancel_all();
        shell.jobs.until_idle(PATIENCE).await;
        let sample = shell.take_sample();
        blocking(move || {
            drop(sample);
            Ok(())
        })
        .await?;
    }
    Ok(())
}
