//! Settings, folders, diagnostics, versions.

use crate::error::Answer;
use crate::events::WindowEvent;
use crate::jobs::JobKind;
use crate::pages::about::About;
use crate::pages::app::{AppState, KnownFolder};
use crate::pages::guide::Guide;
use crate::pages::settings::{Settings, SettingsPatch};
use crate::state::{Shell, blocking};

pub(super) async fn settings_get(shell: &Shell) -> Answer<Settings> {
    Ok(shell.settings_view().await?)
}

pub(super) async fn settings_set(shell: &Shell, request: SettingsPatch) -> Answer<Settings> {
    let is_about_names = request.show_names.is_some();
    let changed = shell.change_settings(request).await?;
    shell.screen.follow(changed.appearance);
    if is_about_names {
        shell.screen.tell(&WindowEvent::DiscretionChanged(shell.discretion().await?));
    }
    Ok(shell.settings_view().await?)
}

pub(super) async fn settings_restore(shell: &Shell, defaults: bool) -> Answer<AppState> {
    let restored = shell.restore_settings(defaults).await?;
    shell.screen.follow(restored.appearance);
    Ok(shell.app_state().await?)
}

#[allow(clippy::unused_async, reason = "every command is called in the same way")]
pub(super) async fn time_zones(_: &Shell) -> Answer<Vec<String>> {
    Ok(chrono_tz::TZ_VARIANTS.iter().map(|zone| zone.name().to_owned()).collect())
}

pub(super) async fn data_folder_move_pick(shell: &Shell, job_id: String) -> Answer<Option<Settings>> {
    shell.jobs.refuse_during(&[JobKind::Sync, JobKind::Export, JobKind::Move, JobKind::Names])?;
    let Some(target) = shell.pick_new_data_folder().await? else { return Ok(None) };
    let job = shell.jobs.begin(&job_id, JobKind::Move)?;
    let moved = crate::relocation::move_to(&shell.own, target, job.token()).await?;
    shell.tell_findings();
    Ok(if moved { Some(shell.settings_view().await?) } else { None })
}

pub(super) async fn open_folder(shell: &Shell, folder: KnownFolder) -> Answer<()> {
    let path = shell.known_folder(folder)?;
    let desktop = std::sync::Arc::clone(&shell.desktop);
    Ok(blocking(move || desktop.open_folder(&path)).await?)
}

pub(super) async fn diagnostics_text(shell: &Shell) -> Answer<String> {
    Ok(crate::diagnostics::text(shell).await?)
}

#[allow(clippy::unused_async, reason = "every command is called in the same way")]
pub(super) async fn about(_: &Shell) -> Answer<About> {
    Ok(About::this_program())
}

#[allow(clippy::unused_async, reason = "every command is called in the same way")]
pub(super) async fn user_guide(_: &Shell) -> Answer<Guide> {
    Ok(Guide::of_this_program())
}
