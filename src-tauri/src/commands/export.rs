//! The export for Tableau.

use crate::error::Answer;
use crate::events::JobEvents;
use crate::jobs::JobKind;
use crate::pages::export::{ExportChoice, ExportEvent, ExportPreview, ExportReport};
use crate::state::{Shell, blocking};

pub(super) async fn export_preview(shell: &Shell, request: ExportChoice) -> Answer<ExportPreview> {
    let workspace = shell.workspace();
    Ok(blocking(move || workspace.export_preview(&request)).await?)
}

pub(super) async fn export_pick_folder(shell: &Shell, request: ExportChoice) -> Answer<Option<ExportPreview>> {
    if !shell.workspace().pick_export_folder(&*shell.desktop).await? {
        return Ok(None);
    }
    Ok(Some(export_preview(shell, request).await?))
}

pub(super) async fn export_run(
    shell: &Shell,
    request: ExportChoice,
    job_id: String,
    on_event: JobEvents<ExportEvent>,
) -> Answer<ExportReport> {
    let job = shell.jobs.begin(&job_id, JobKind::Export)?;
    let report = shell.workspace().export(request, on_event, job.token()).await;
    shell.tell_findings();
    Ok(report?)
}

pub(super) async fn export_again(
    shell: &Shell,
    job_id: String,
    on_event: JobEvents<ExportEvent>,
) -> Answer<ExportReport> {
    let job = shell.jobs.begin(&job_id, JobKind::Export)?;
    let workspace = shell.workspace();
    let report = workspace.export(workspace.last_choice()?, on_event, job.token()).await;
    shell.tell_findings();
    Ok(report?)
}
