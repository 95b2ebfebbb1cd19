//! A sync as the window sees it: fetching, then the chunks; each course is reported when it is done.

use std::collections::HashSet;
use std::sync::{Arc, Mutex, PoisonError};

use engine::captions::{CaptionsFetch, CaptionsProgress, Patience};
use engine::chunk::{ChunkOptions, CourseChunks, chunk};
use engine::people::{NamesAsk, NamesFetch, remove_too_old};
use engine::source::Source;
use engine::store::course_list::ListedCourse;
use engine::store::{DataFolder, FolderLock};
use engine::sync::{CourseOutcome, SyncRequest, run};
use engine::{Error, ErrorCode, Result};
use model::FolderId;
use tokio_util::sync::CancellationToken;

use crate::events::JobEvents;
use crate::pages::sync::{SyncEvent, SyncReport};
use crate::sink::SyncSink;
use crate::state::blocking;
use crate::workspace::Workspace;

/// Syncs some courses, or all, and works out their chunks. `anew` asks for the whole history of every video.
pub async fn sync(
    workspace: &Arc<Workspace>,
    courses: Option<Vec<FolderId>>,
    anew: bool,
    tell: JobEvents<SyncEvent>,
    cancel: &CancellationToken,
) -> Result<SyncReport> {
    let settings = workspace.settings()?;
    let client = workspace.connector.client(&settings).await?;
    let (folder, lock, listed) = begin(workspace, courses.clone()).await?;
    tell.send(SyncEvent::Started { course_ids: listed.iter().map(FolderId::to_string).collect() });
    let request = SyncRequest {
        courses,
        lookback_days: settings.lookback_days,
        asks_again: false,
        anew,
        fewer_calls: settings.fewer_calls,
    };
    let source = Source::new(client);
    let (sink, watchers) = SyncSink::new(tell, Arc::clone(workspace));
    let began = workspace.clock.now();
    let synced = run(&folder, &lock, &source, &request, &*workspace.clock, &*sink, cancel).await;
    for warning in sink.take_warnings() {
        workspace.findings.add(&warning);
    }
    let report = match synced {
        Ok(report) => report,
        Err(error) => {
            if error.code() == ErrorCode::BadCredentials {
                workspace.remember_refusal();
            }
            return Err(error);
        }
    };
    let told = remove_what_is_too_old(workspace, folder.clone(), Arc::clone(&lock)).await;
    if let Err(error) = told {
        workspace.findings.add(&format!("Old records were not removed: {}", error.message()));
    }
    // The records are stored whatever becomes of the chunks, so the report comes first and a failure to chunk is a
    // notice in it.
    let chunk_failure = if cancel.is_cancelled() {
        None
    } else {
        work_out_chunks(workspace, folder.clone(), Arc::clone(&lock), &sink, cancel).await.err()
    };
    for course in report.courses.iter().filter(|course| SyncSink::waits_for_chunks(&course.outcome)) {
        sink.course_done(course.course);
    }
    if settings.fetch_captions && !cancel.is_cancelled() {
        // Meanwhile, courses are shown as they are.
        let tell = |progress: CaptionsProgress| {
            let (course, is_last) = (progress.course, progress.done == progress.total);
            sink.captions(progress);
            if is_last {
                sink.course_done(course);
            }
        };
        let clock = &*workspace.clock;
        let patience = Patience::Patient;
        let fetch = CaptionsFetch { folder: &folder, lock: &lock, source: &source, patience, clock, tell: &tell };
        fetch_captions(&fetch, &report, cancel).await;
    }
    if settings.show_names && !cancel.is_cancelled() {
        let (clock, ask) = (&*workspace.clock, NamesAsk::Missing);
        let fetch = NamesFetch { folder: &folder, lock: &lock, source: &source, ask, clock, tell: &|_| () };
        fetch_names(&fetch, &report, cancel).await;
    }
    drop(lock);
    drop(sink);
    watchers.finish().await;
    if let Some(error) = &chunk_failure {
        tracing::warn!(code = error.code().as_str(), "no chunks after a sync: {error}");
    }
    Ok(SyncReport::new(&report, began, workspace.zone(&settings)?).with_chunk_failure(chunk_failure.as_ref()))
}

/// Removes what is older than it may be kept, before the chunks are made from what is left.
async fn remove_what_is_too_old(workspace: &Workspace, folder: DataFolder, lock: Arc<FolderLock>) -> Result<()> {
    let today = workspace.clock.now().date_naive();
    blocking(move || remove_too_old(&folder, &lock, today).map(drop)).await
}

/// Fetches the captions that are due in the courses that the sync reached. Failures only go to the log: the next sync
/// asks again, and *Find words* says which captions are missing.
async fn fetch_captions(fetch: &CaptionsFetch<'_>, report: &engine::sync::SyncReport, cancel: &CancellationToken) {
    match fetch.run(&reached(report), cancel).await {
        Ok(captions) => {
            if let Some(failure) = captions.first_failure() {
                tracing::info!(code = failure.code.as_str(), "captions are not complete: {}", failure.reason);
            }
        }
        Err(error) => tracing::warn!(code = error.code().as_str(), "no captions after a sync: {error}"),
    }
}

/// Fetches the names that are missing of viewers of these courses. Failures only go to the log, without names: the next
/// sync asks again.
async fn fetch_names(fetch: &NamesFetch<'_>, report: &engine::sync::SyncReport, cancel: &CancellationToken) {
    match fetch.run(&reached(report), cancel).await {
        Ok(names) => {
            if let Some(failure) = &names.ended_early {
                tracing::info!(code = failure.code.as_str(), "names are not complete: {}", failure.reason);
            }
        }
        Err(error) => tracing::warn!(code = error.code().as_str(), "no names after a sync: {error}"),
    }
}

/// The courses that the sync reached.
fn reached(report: &engine::sync::SyncReport) -> Vec<ListedCourse> {
    let reached = report.courses.iter().filter(|course| match &course.outcome {
        CourseOutcome::UpToDate { .. } | CourseOutcome::Synced { .. } | CourseOutcome::Partial { .. } => true,
        CourseOutcome::Failed { .. } | CourseOutcome::Cancelled => false,
    });
    reached.map(|course| ListedCourse { id: course.course, name: course.name.clone() }).collect()
}

/// The folder with the right to write it, and the courses that will be synced.
async fn begin(
    workspace: &Arc<Workspace>,
    wanted: Option<Vec<FolderId>>,
) -> Result<(DataFolder, Arc<FolderLock>, Vec<FolderId>)> {
    let workspace = Arc::clone(workspace);
    blocking(move || {
        let (folder, lock) = workspace.lock_folder()?;
        let listed = folder.courses()?.into_iter().map(|course| course.id);
        let chosen = listed.filter(|id| wanted.as_ref().is_none_or(|wanted| wanted.contains(id))).collect();
        Ok((folder, lock, chosen))
    })
    .await
}

async fn work_out_chunks(
    workspace: &Arc<Workspace>,
    folder: DataFolder,
    lock: Arc<FolderLock>,
    sink: &Arc<SyncSink>,
    cancel: &CancellationToken,
) -> Result<()> {
    let (workspace, sink, cancel) = (Arc::clone(workspace), Arc::clone(sink), cancel.clone());
    blocking(move || {
        let zone = workspace.settled_zone(&folder, &lock)?;
        let told = Mutex::new(HashSet::new());
        let on_progress = |progress: engine::chunk::ChunkProgress| {
            if told.lock().unwrap_or_else(PoisonError::into_inner).insert(progress.course) {
                sink.chunking(progress.course);
            }
        };
        match chunk(&folder, &lock, ChunkOptions::new(zone), &cancel, &on_progress) {
            Ok(report) => {
                for (course, chunks) in &report.courses {
                    if let CourseChunks::Failed(error) = chunks {
                        tracing::warn!(code = error.code().as_str(), "no chunks of {}: {error}", course.id);
                        workspace.findings.add(&format!(
                            "The parts of `{}` are not worked out for Tableau: {}",
                            course.name,
                            error.message()
                        ));
                    }
                }
                Ok(())
            }
            // The records are stored; the chunks are worked out by the next sync or export.
            Err(error) if error.code() == ErrorCode::Cancelled => Ok(()),
            Err(error) => Err(error),
        }
    })
    .await
}

impl Workspace {
    /// Remembers, until somebody signs in, that the server no longer accepts the sign-in.
    pub(crate) fn remember_refusal(&self) {
        self.memory.update(|memory| {
            if let Some(known) = &mut memory.signed_in {
                known.refused = true;
            }
        });
    }
}

/// An error if a job was stopped, for commands that then have nothing to show.
pub fn unless_stopped(report: &SyncReport) -> Result<()> {
    if report.cancelled { Err(Error::cancelled()) } else { Ok(()) }
}
