//! Syncing, and stopping any job.

use crate::error::Answer;
use crate::events::{JobEvents, WindowEvent};
use crate::jobs::JobKind;
use crate::pages::id;
use crate::pages::sync::{SyncEvent, SyncReport};
use crate::state::Shell;
use crate::syncing;

pub(super) async fn sync_start(
    shell: &Shell,
    course_ids: Option<Vec<String>>,
    anew: Option<bool>,
    job_id: String,
    on_event: JobEvents<SyncEvent>,
) -> Answer<SyncReport> {
    let job = shell.jobs.begin(&job_id, JobKind::Sync)?;
    let courses = id::courses(course_ids.as_deref())?;
    let report = syncing::sync(&shell.workspace(), courses, anew.unwrap_or_default(), on_event, job.token()).await?;
    let changed = report.courses.iter().map(|course| course.course_id.clone()).collect();
    shell.screen.tell(&WindowEvent::DataChanged(changed));
    Ok(report)
}

#[allow(clippy::unused_async, reason = "every command is called in the same way")]
pub(super) async fn job_cancel(shell: &Shell, job_id: String) -> Answer<()> {
    shell.jobs.cancel(&job_id);
    Ok(())
}
