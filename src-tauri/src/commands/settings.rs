//! Settings, folders, diagnostics, versions.

use tauri::{AppHandle, Runtime, State};

use crate::dto::app::KnownFolder;
use crate::dto::settings::{About, Settings, SettingsPatch};
use crate::error::Answer;
use crate::jobs::JobKind;
use crate::state::{Shell, blocking};

#[tauri::command]
pub(super) async fn settings_get(shell: State<'_, Shell>) -> Answer<Settings> {
    Ok(shell.settings_view().await?)
}

#[tauri::command]
pub(super) async fn settings_set<R: Runtime>(
    app: AppHandle<R>,
    shell: State<'_, Shell>,
    request: SettingsPatch,
) -> Answer<Settings> {
    let changed = shell.change_settings(request).await?;
    crate::window::follow(&app, changed.appearance);
    Ok(shell.settings_view().await?)
}

#[tauri::command]
pub(super) async fn time_zones() -> Answer<Vec<String>> {
    Ok(chrono_tz::TZ_VARIANTS.iter().map(|zone| zone.name().to_owned()).collect())
}

#[tauri::command]
pub(super) async fn data_folder_move_pick(shell: State<'_, Shell>, job_id: String) -> Answer<Option<Settings>> {
    shell.jobs.refuse_during(&[JobKind::Sync, JobKind::Export, JobKind::Move])?;
    let Some(target) = shell.pick_new_data_folder().await? else { return Ok(None) };
    let job = shell.jobs.begin(&job_id, JobKind::Move)?;
    let moved = crate::relocation::move_to(&shell.own, target, job.token()).await?;
    Ok(if moved { Some(shell.settings_view().await?) } else { None })
}

#[tauri::command]
pub(super) async fn open_folder(shell: State<'_, Shell>, folder: KnownFolder) -> Answer<()> {
    let path = shell.known_folder(folder)?;
    let desktop = std::sync::Arc::clone(&shell.desktop);
    Ok(blocking(move || desktop.open_folder(&path)).await?)
}

#[tauri::command]
pub(super) async fn diagnostics_text(shell: State<'_, Shell>) -> Answer<String> {
    Ok(crate::diagnostics::text(&shell).await?)
}

#[tauri::command]
pub(super) async fn about() -> Answer<About> {
    Ok(crate::about::about())
}
