//! The start of the window, and switching between the user's own data and the sample.

use std::path::PathBuf;
use std::sync::Arc;

use crate::desktop::{PickerQuestion, PickerTarget};
use crate::error::Answer;
use crate::events::JobEvents;
use crate::jobs::JobKind;
use crate::pages::app::{AppState, ViewMemory};
use crate::pages::sync::SyncEvent;
use crate::state::{Shell, blocking};
use crate::{relocation, sample_on_screen};

pub(super) async fn app_state(shell: &Shell) -> Answer<AppState> {
    Ok(shell.first_state().await?)
}

pub(super) async fn view_remember(shell: &Shell, view: ViewMemory) -> Answer<()> {
    let (workspace, own) = (shell.workspace(), Arc::clone(&shell.own));
    let zoom = view.zoom_percent;
    if own.memory.get().view.zoom_percent != zoom {
        shell.screen.zoom(zoom);
    }
    blocking(move || {
        workspace.memory.update(|memory| memory.view = view);
        // The zoom belongs to the window, whichever courses it shows.
        own.memory.update(|memory| memory.view.zoom_percent = zoom);
        Ok(())
    })
    .await?;
    Ok(())
}

pub(super) async fn notice_dismiss(shell: &Shell, message: String) -> Answer<AppState> {
    shell.workspace().findings.dismiss(&message);
    Ok(shell.app_state().await?)
}

pub(super) async fn set_presenting(shell: &Shell, presents: bool) -> Answer<AppState> {
    shell.presenting.set(presents);
    Ok(shell.app_state().await?)
}

pub(super) async fn start_sample(shell: &Shell, job_id: String, on_event: JobEvents<SyncEvent>) -> Answer<AppState> {
    let job = shell.jobs.begin(&job_id, JobKind::Sample)?;
    sample_on_screen::show(shell, on_event, job.token()).await?;
    Ok(shell.app_state().await?)
}

pub(super) async fn leave_sample(shell: &Shell) -> Answer<AppState> {
    sample_on_screen::leave(shell).await?;
    Ok(shell.app_state().await?)
}

pub(super) async fn data_folder_open_pick(shell: &Shell) -> Answer<Option<AppState>> {
    let question = PickerQuestion {
        title: "Choose the data folder, or the folder of the scripts",
        what: PickerTarget::Folder,
        start: None,
    };
    let Some(path) = shell.desktop.pick(question).await else { return Ok(None) };
    Ok(Some(data_folder_open_path(shell, path).await?))
}

pub(super) async fn data_folder_open_path(shell: &Shell, path: PathBuf) -> Answer<AppState> {
    shell.jobs.refuse_during(&[JobKind::Sync, JobKind::Export, JobKind::Move, JobKind::Names])?;
    sample_on_screen::leave(shell).await?;
    relocation::open(&shell.own, path).await?;
    Ok(shell.app_state().await?)
}
