//! The export for Tableau.

use tauri::State;
use tauri::ipc::Channel;

use crate::dto::export::{ExportChoice, ExportEvent, ExportPreview, ExportReport};
use crate::error::Answer;
use crate::jobs::JobKind;
use crate::state::{Shell, blocking};

#[tauri::command]
pub(super) async fn export_preview(shell: State<'_, Shell>, request: ExportChoice) -> Answer<ExportPreview> {
    let workspace = shell.workspace();
    Ok(blocking(move || workspace.export_preview(&request)).await?)
}

#[tauri::command]
pub(super) async fn export_pick_folder(
    shell: State<'_, Shell>,
    request: ExportChoice,
) -> Answer<Option<ExportPreview>> {
    if !shell.workspace().pick_export_folder(&*shell.desktop).await? {
        return Ok(None);
    }
    Ok(Some(export_preview(shell, request).await?))
}

#[tauri::command]
pub(super) async fn export_run(
    shell: State<'_, Shell>,
    request: ExportChoice,
    job_id: String,
    on_event: Channel<ExportEvent>,
) -> Answer<ExportReport> {
    let job = shell.jobs.begin(&job_id, JobKind::Export)?;
    Ok(shell.workspace().export(request, on_event, job.token()).await?)
}

#[tauri::command]
pub(super) async fn export_again(
    shell: State<'_, Shell>,
    job_id: String,
    on_event: Channel<ExportEvent>,
) -> Answer<ExportReport> {
    let job = shell.jobs.begin(&job_id, JobKind::Export)?;
    let workspace = shell.workspace();
    Ok(workspace.export(workspace.last_choice()?, on_event, job.token()).await?)
}
