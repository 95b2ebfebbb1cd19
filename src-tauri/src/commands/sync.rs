//! Syncing, and stopping any job.

use tauri::State;

use crate::error::Answer;
use crate::state::Shell;

#[tauri::command]
pub(super) async fn job_cancel(shell: State<'_, Shell>, job_id: String) -> Answer<()> {
    shell.jobs.cancel(&job_id);
    Ok(())
}
