//! The names of viewers.

use crate::error::Answer;
use crate::events::JobEvents;
use crate::jobs::JobKind;
use crate::pages::names::{NamesEvent, NamesPage};
use crate::state::{Shell, blocking};

pub(super) async fn names(shell: &Shell, course_id: String) -> Answer<NamesPage> {
    let workspace = shell.workspace();
    Ok(blocking(move || workspace.names_page(&course_id)).await?)
}

pub(super) async fn names_fetch(
    shell: &Shell,
    course_id: String,
    job_id: String,
    on_event: JobEvents<NamesEvent>,
) -> Answer<NamesPage> {
    let job = shell.jobs.begin(&job_id, JobKind::Names)?;
    shell.workspace().fetch_names(&course_id, &on_event, job.token()).await?;
    drop(job);
    names(shell, course_id).await
}
