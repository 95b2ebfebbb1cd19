//! Sync: everything new in the listed courses, from the server into the data folder.
//!
//! For each course: its folders and videos are listed ([`listing`]), or a look at many of them at once shows that nothing
//! changed ([`glance`]). Meanwhile, [`plan`] decides which days to ask for
//! of the videos already known, stored videos that no list shows are asked about ([`missing`]), and the records are
//! fetched into a staging directory ([`fetch`], [`harvest`]). Once all have come, they are merged, and the journal and
//! `state.csv` advance ([`stored`]). A first sync of thousands of videos that is stopped, killed or loses its network
//! goes on where it stopped.
//!
//! Deliberately absent: pauses, retries and the number of calls in flight, which the client decides; chunking, which is
//! a separate step afterwards.
//!
//! Invariants: whatever is claimed to be fetched is stored; a stored record is never dropped or doubled; the files are
//! the same however often a sync was interrupted.

mod course;
mod days;
mod doubt;
mod fetch;
mod glance;
mod halt;
mod harvest;
mod lent;
mod listing;
mod missing;
mod plan;
mod report;
mod run;
mod shared;
mod stored;
mod taken_over;
mod tree;

use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use futures_util::future::FutureExt as _;
use futures_util::stream::{self, StreamExt as _};
use model::FolderId;
use tokio::sync::{Notify, Semaphore};
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

pub use crate::outcome::{CourseOutcome, Failure, PartFailure};
use course::sync_course;
use days::DecidedDays;
use halt::Halt;
use harvest::VIDEOS_AT_ONCE;
use plan::LookBack;
pub(crate) use plan::is_whole_history;
pub use report::{CourseReport, SyncReport};
use run::SyncRun;
use shared::Shared;

use crate::clock::{Clock, last_complete_day};
use crate::events::{Events, SyncEvent};
use crate::people::Forgotten;
use crate::settings::{DEFAULT_LOOKBACK_DAYS, MAX_LOOKBACK_DAYS};
use crate::source::Source;
use crate::store::course_list::ListedCourse;
use crate::store::journal::Journal;
use crate::store::{DataFolder, FolderLock};
use crate::{Error, ErrorCode, Result};

/// How many courses are worked on at the same time.
const COURSES_AT_ONCE: usize = 8;

/// What to sync.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SyncRequest {
    /// Some of the listed courses; `None` = all.
    pub courses: Option<Vec<FolderId>>,
    /// Days before the last fetched one to ask for again, 0 to [`MAX_LOOKBACK_DAYS`].
    pub lookback_days: u32,
    /// Whether to ask for them at once, even for videos that have the last complete day already.
    pub asks_again: bool,
    /// Whether to fetch the whole history of every video anew, and to drop copies of records that the server does not
    /// have. Records that the server has lost stay.
    pub anew: bool,
    /// Whether a look at many folders at once may replace their lists where it shows that nothing changed.
    pub fewer_calls: bool,
}

impl Default for SyncRequest {
    fn default() -> Self {
        Self { courses: None, lookback_days: DEFAULT_LOOKBACK_DAYS, asks_again: false, anew: false, fewer_calls: false }
    }
}

/// Syncs up to the end of the last UTC day that is complete both by this computer's clock and by the server's.
///
/// Faults of single courses and videos are in the report. An error means that nothing could be done: a wrong request,
/// an unreadable course list, or one cause that stopped every course ([`ErrorCode::BadCredentials`], no network, a full
/// disk). When `cancel` is triggered, calls end at once, fetched records are kept for the next sync, and the report
/// says so.
///
/// The lock is held as long as any of the work goes on, even if this future is dropped.
pub async fn run(
    folder: &DataFolder,
    lock: &Arc<FolderLock>,
    source: &Source,
    request: &SyncRequest,
    clock: &dyn Clock,
    events: &dyn Events,
    cancel: &CancellationToken,
) -> Result<SyncReport> {
    let courses = chosen(folder, request)?;
    // A damaged state would otherwise stop every course at its very end.
    folder.state()?;
    let forgotten = Forgotten::of(folder)?;
    Journal::remove_leftovers(folder, lock);
    let began = clock.now();
    let requests_before = source.requests();
    events.emit(SyncEvent::Started { courses: courses.iter().map(|course| course.id).collect() });
    let run = SyncRun {
        folder,
        lock,
        turn: Arc::default(),
        source,
        events,
        halt: Halt::new(cancel),
        videos: Semaphore::new(VIDEOS_AT_ONCE),
        saw_records: AtomicBool::new(false),
        shared: Arc::new(Shared::between(courses.len())),
        clock,
        began,
        days: DecidedDays::default(),
        look_back: if request.anew {
            LookBack::WHOLE_HISTORY
        } else {
            LookBack { days: request.lookback_days, at_once: request.asks_again }
        },
        forgotten,
        anew: request.anew,
        glances: AtomicBool::new(request.fewer_calls && !request.anew),
        tasks: TaskTracker::new(),
        usage_ahead: Notify::new(),
    };
    let numbered = courses.into_iter().enumerate();
    let work = stream::iter(numbered)
        .map(|(number, course)| sync_course(&run, course).map(move |report| (number, report)).boxed())
        .buffer_unordered(COURSES_AT_ONCE)
        .collect::<Vec<(usize, CourseReport)>>();
    let mut reports = tokio::select! {
        biased;
        reports = work => reports,
        () = tell_pauses(source, events) => Vec::new(),
        () = sign_in_ahead(source, &run.usage_ahead) => Vec::new(),
    };
    // Disk work that a stop has left running still holds the lock, and the next sync must find it free.
    run.tasks.close();
    run.tasks.wait().await;
    let shared = Arc::clone(&run.shared);
    // Whatever is left over is removed by the next sync.
    let _ = tokio::task::spawn_blocking(move || shared.remove_kept()).await;
    reports.sort_by_key(|(number, _)| *number);
    let reports: Vec<CourseReport> = reports.into_iter().map(|(_, report)| report).collect();
    let report = SyncReport {
        through: run.days.get().map_or_else(|| last_complete_day(began), |days| days.through),
        new_records: reports.iter().map(|course| course.outcome.new_records()).sum(),
        requests: source.requests() - requests_before,
        courses: reports,
    };
    events.emit(SyncEvent::Finished { new_records: report.new_records, requests: report.requests });
    match (report.total_failure(), run.halt.reason()) {
        (Some(_), Some(reason)) => Err(reason),
        _ => Ok(report),
    }
}

/// Signs in for usage calls as soon as some course will need them, while its lists are still being read; then never
/// ends.
async fn sign_in_ahead(source: &Source, needed: &Notify) {
    needed.notified().await;
    source.sign_in_for_usage().await;
    std::future::pending::<()>().await;
}

/// Reports why calls wait; never ends.
async fn tell_pauses(source: &Source, events: &dyn Events) {
    let mut pauses = source.pauses();
    loop {
        let (reason, secs) = pauses.next().await;
        events.emit(SyncEvent::Waiting { reason, secs });
    }
}

fn chosen(folder: &DataFolder, request: &SyncRequest) -> Result<Vec<ListedCourse>> {
    if request.lookback_days > MAX_LOOKBACK_DAYS {
        let message = format!("A look-back of {} days is too long", request.lookback_days);
        return Err(Error::new(ErrorCode::InvalidInput, message)
            .with_hint(format!("Give 0 to {MAX_LOOKBACK_DAYS} days; {DEFAULT_LOOKBACK_DAYS} is usual")));
    }
    let listed = folder.courses()?;
    let Some(wanted) = &request.courses else {
        if listed.is_empty() {
            return Err(Error::new(ErrorCode::InvalidInput, "The course list is empty")
                .with_hint("Add a course first: its folder ID, or the link to its folder in Panopto"));
        }
        return Ok(listed);
    };
    if let Some(unknown) = wanted.iter().find(|id| !listed.iter().any(|course| course.id == **id)) {
        return Err(Error::new(ErrorCode::InvalidInput, format!("The course {unknown} is not on the course list"))
            .with_hint("Add it to the course list first"));
    }
    Ok(listed.into_iter().filter(|course| wanted.contains(&course.id)).collect())
}
