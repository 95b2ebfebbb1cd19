//! Syncing, and stopping any job.

use tauri::ipc::Channel;
use tauri::{AppHandle, Emitter as _, Runtime, State};

use crate::dto::sync::{SyncEvent, SyncReport};
use crate::error::Answer;
use crate::jobs::JobKind;
use crate::state::Shell;
use crate::{convert, syncing, window};

#[tauri::command]
pub(super) async fn sync_start<R: Runtime>(
    app: AppHandle<R>,
    shell: State<'_, Shell>,
    course_ids: Option<Vec<String>>,
    job_id: String,
    on_event: Channel<SyncEvent>,
) -> Answer<SyncReport> {
    let job = shell.jobs.begin(&job_id, JobKind::Sync)?;
    let courses = convert::id::courses(course_ids.as_deref())?;
    let report = syncing::sync(&shell.workspace(), courses, on_event, job.token()).await?;
    let changed: Vec<&str> = report.courses.iter().map(|course| course.course_id.as_str()).collect();
    let _ = app.emit_to(window::MAIN, "data-changed", changed);
    Ok(report)
}

#[tauri::command]
pub(super) async fn job_cancel(shell: State<'_, Shell>, job_id: String) -> Answer<()> {
    shell.jobs.cancel(&job_id);
    Ok(())
}
