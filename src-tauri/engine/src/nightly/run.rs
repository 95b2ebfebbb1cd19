//! One night: waits for a network and for the data folder, syncs all courses, saves the dataset as the last export did, and
//! writes down how it went.
//!
//! Deliberately absent: when it begins, which is the system's schedule, and any terminal.
//!
//! Invariants:
//! - Two nights over the same settings never run side by side.
//! - However it ends, what was fetched is kept, and the dataset is whole: the old one or the new one.
//! - A failure is told by a notification once, until it is another one or a night succeeds.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use model::{FolderId, Recorded};
use tokio_util::sync::CancellationToken;

use super::let_go::asked_to_end;
use super::notify::Notifier;
use super::results::{NightResult, NightResults, NightWord};
use super::round::{COURSES_AT_ONCE, joined, most_overdue_first};
use crate::captions::{CaptionsFetch, Patience};
use crate::chunk::ChunkOptions;
use crate::clock::Clock;
use crate::connection::Client;
use crate::digest::{as_markdown, digests_of};
use crate::environment::Environment;
use crate::events::Events;
use crate::export::{CourseChoice, ExportReport, ExportRequest, export};
use crate::lifetime::{Lifetime, Locks};
use crate::outcome::{CourseOutcome, Failure};
use crate::people::remove_too_old;
use crate::pseudonym::Pseudonyms;
use crate::roster::finish_forgetting;
use crate::secrets::{SecretStore, on_blocking_thread};
use crate::settings::{LastExport, Settings};
use crate::source::Source;
use crate::store::course_list::ListedCourse;
use crate::store::disk::{Durability, replace};
use crate::store::{DataFolder, FolderLock, RealDisk, path_text};
use crate::sync::{SyncReport, SyncRequest, run as sync_courses};
use crate::time_zone::settle;
use crate::{Error, ErrorCode, Result};

/// What is new, beside the dataset.
pub const DIGEST_FILE: &str = "what-is-new.md";

/// What a night works with.
pub struct NightWork<'a> {
    /// The run that it belongs to.
    pub lifetime: &'a Lifetime,
    /// The settings.
    pub settings: &'a Settings,
    /// Where they are.
    pub config_dir: &'a Path,
    /// The data folder.
    pub folder: &'a DataFolder,
    /// The keychain, for the key of pseudonyms.
    pub secrets: &'a Arc<dyn SecretStore>,
    /// The variables of the process.
    pub environment: &'a dyn Environment,
    /// The time.
    pub clock: &'a dyn Clock,
    /// How long to wait for a network, and for a data folder that another program writes.
    pub patience: Duration,
    /// How long it goes on; then no more courses are begun.
    pub hours: Duration,
    /// Receives the events of the sync.
    pub events: &'a dyn Events,
    /// Tells a failure.
    pub notifier: Arc<dyn Notifier>,
}

/// What a night did.
#[derive(Debug)]
pub struct NightReport {
    /// How it went, as it is written down.
    pub night: NightResult,
    /// The sync; absent where it did not begin or where nothing could be done.
    pub sync: Option<SyncReport>,
    /// The dataset; absent where it was not saved.
    pub export: Option<ExportReport>,
    /// Why the night failed, if it did.
    pub error: Option<Error>,
}

/// How often a network, or a data folder that is written, is tried again.
const AGAIN_AFTER: Duration = Duration::from_secs(2);

/// Runs one night. [`ErrorCode::Busy`] where one is going on already; every other failure is in the report and written
/// down.
pub async fn run_night(work: NightWork<'_>, cancel: &CancellationToken) -> Result<NightReport> {
    let locks = Locks::in_dir(work.config_dir);
    let Some(alone) = locks.night()? else {
        return Err(Error::new(ErrorCode::Busy, "A nightly run is going on already")
            .with_hint("Wait until it has ended: `nightly status` shows how it went"));
    };
    let began = work.clock.now();
    let (gave_way, end) = (AtomicBool::new(false), cancel.child_token());
    let watch = async {
        asked_to_end(work.config_dir).await;
        gave_way.store(true, Ordering::Relaxed);
        end.cancel();
        std::future::pending::<()>().await;
    };
    let mut done = Done::default();
    let outcome = tokio::select! {
        biased;
        outcome = work.carry_out(&end, &mut done) => outcome,
        () = watch => Ok(()),
    };
    let gave_way = gave_way.load(Ordering::Relaxed);
    let (ended_as, error) = match outcome {
        _ if gave_way && !done.is_saved() => (NightWord::GaveWay, None),
        Err(error) if error.code() == ErrorCode::Cancelled => (NightWord::Stopped, None),
        Err(error) => (NightWord::Failed, Some(error)),
        Ok(()) if done.sync.as_ref().is_some_and(|sync| !sync.is_complete()) => (NightWord::Partial, None),
        Ok(()) => (NightWord::Done, None),
    };
    let failed = |course: &&crate::sync::CourseReport| !course.outcome.is_complete();
    let night = NightResult {
        began,
        ended: work.clock.now(),
        outcome: Recorded::Known(ended_as),
        courses: done.sync.as_ref().map_or(0, |sync| sync.courses.len() as u64),
        courses_waiting: done
            .listed
            .saturating_sub(done.sync.as_ref().map_or(done.listed, |sync| sync.courses.len() as u64)),
        courses_failed: done.sync.as_ref().map_or(0, |sync| sync.courses.iter().filter(failed).count() as u64),
        new_records: done.sync.as_ref().map_or(0, |sync| sync.new_records),
        removed_records: done.removed_records,
        saved_to: done
            .export
            .is_some()
            .then(|| work.settings.last_export.as_ref().map(|last| last.dir.clone()))
            .flatten(),
        failure: error.as_ref().map(|error| Failure::from(error).recorded()),
        told: false,
    };
    let night = work.told(night).await;
    if let Err(error) = NightResults::add(&RealDisk, work.config_dir, night.clone()) {
        // The night itself is over.
        tracing::warn!(code = error.code().as_str(), "the night is not remembered: {error}");
    }
    drop(alone);
    Ok(NightReport { night, sync: done.sync, export: done.export, error })
}

/// What has been done so far.
#[derive(Default)]
struct Done {
    /// Courses on the list.
    listed: u64,
    sync: Option<SyncReport>,
    /// Records that were older than they are to be kept.
    removed_records: u64,
    export: Option<ExportReport>,
}

impl Done {
    fn is_saved(&self) -> bool {
        self.export.is_some()
    }
}

impl NightWork<'_> {
    async fn carry_out(&self, cancel: &CancellationToken, done: &mut Done) -> Result<()> {
        let mut request = self.export_request()?;
        let client = self.lifetime.connector().client(self.settings).await?;
        self.wait_for_network(&client, cancel).await?;
        let lock = Arc::new(self.wait_for_folder(cancel).await?);
        finish_forgetting(self.folder, &lock);
        request.chunk = ChunkOptions::new(settle(self.folder, &lock, self.settings, self.environment)?.zone);
        if self.settings.last_export.as_ref().is_some_and(|last| last.pseudonyms) {
            request.pseudonyms = Some(self.pseudonyms().await?);
        }
        let source = Source::new(client);
        let ended = self.sync_in_turn(&lock, &source, cancel, done).await;
        let Some(report) = &done.sync else { return ended };
        if let Some(failure) = report.total_failure() {
            return Err(error_of(failure));
        }
        if report.is_cancelled() {
            return Err(Error::cancelled());
        }
        let reached = reached(report);
        done.removed_records = self.remove_too_old(&lock).await?;
        if ended.is_ok() {
            self.fetch_captions(&lock, &source, &reached, cancel).await;
        }
        // What came before the night broke off is saved all the same.
        done.export = Some(self.save(&lock, request, cancel).await?);
        ended
    }

    /// Removes what is older than it may be kept, and returns how many records went. A failure ends the night, because nobody
    /// would see that the dataset holds records that should be gone. In the window somebody reads the notice, so a sync goes on.
    async fn remove_too_old(&self, lock: &Arc<FolderLock>) -> Result<u64> {
        let (folder, lock, today) = (self.folder.clone(), Arc::clone(lock), self.clock.now().date_naive());
        let removed = tokio::task::spawn_blocking(move || remove_too_old(&folder, &lock, today)).await;
        let removed = removed.map_err(|error| {
            Error::new(ErrorCode::Internal, "Removing old records did not end").with_source(error)
        })??;
        Ok(removed.iter().map(|(_, report)| report.records).sum())
    }

    /// Syncs the courses, those first that have waited longest, and begins no more of them when the hours are over.
    async fn sync_in_turn(
        &self,
        lock: &Arc<FolderLock>,
        source: &Source,
        cancel: &CancellationToken,
        done: &mut Done,
    ) -> Result<()> {
        let began = self.clock.now();
        let folder = self.folder.clone();
        let in_turn = tokio::task::spawn_blocking(move || most_overdue_first(&folder)).await;
        let in_turn =
            in_turn.map_err(|error| Error::new(ErrorCode::Internal, "No order was found").with_source(error))??;
        done.listed = in_turn.len() as u64;
        // An empty list is for the sync to refuse.
        let mut parts: Vec<Option<Vec<FolderId>>> =
            in_turn.chunks(COURSES_AT_ONCE).map(|part| Some(part.to_vec())).collect();
        if parts.len() < 2 {
            parts = vec![None];
        }
        for courses in parts {
            let is_over = (self.clock.now() - began).to_std().is_ok_and(|passed| passed >= self.hours);
            if is_over && done.sync.is_some() {
                break;
            }
            let wanted = SyncRequest {
                courses,
                lookback_days: self.settings.lookback_days,
                fewer_calls: self.settings.fewer_calls,
                ..SyncRequest::default()
            };
            let report = sync_courses(self.folder, lock, source, &wanted, self.clock, self.events, cancel).await?;
            let is_stopped = report.is_cancelled();
            done.sync = Some(joined(done.sync.take(), report));
            if is_stopped {
                break;
            }
        }
        Ok(())
    }

    /// The last export again. Its folder must be there: one on a drive that is not connected would be made on another.
    fn export_request(&self) -> Result<ExportRequest> {
        let last = self.settings.last_export.as_ref().ok_or_else(nothing_to_repeat)?;
        if !last.dir.is_dir() {
            let message = format!("The folder `{}` for the dataset is not there", path_text(&last.dir));
            return Err(Error::new(ErrorCode::NotFound, message)
                .with_hint("Connect its drive again, or export once into another folder"));
        }
        Ok(request_again(last))
    }

    async fn pseudonyms(&self) -> Result<Pseudonyms> {
        if let Some(pseudonyms) = Pseudonyms::of_environment(self.environment)? {
            return Ok(pseudonyms);
        }
        on_blocking_thread(self.secrets, Pseudonyms::of_keychain).await
    }

    /// After a sleep it takes a while until names are found again. Asking who is signed in also shows a sign-in that has
    /// ended, before any work.
    async fn wait_for_network(&self, client: &Client, cancel: &CancellationToken) -> Result<()> {
        let mut waited = Duration::ZERO;
        loop {
            let asked = tokio::select! {
                biased;
                () = cancel.cancelled() => return Err(Error::cancelled()),
                asked = client.who_am_i() => asked.map_err(Error::from),
            };
            match asked {
                Err(error)
                    if matches!(error.code(), ErrorCode::Network | ErrorCode::Timeout) && waited < self.patience =>
                {
                    waited += self.pause(cancel).await?;
                }
                asked => return asked.map(drop),
            }
        }
    }

    /// A window that syncs is let finish.
    async fn wait_for_folder(&self, cancel: &CancellationToken) -> Result<FolderLock> {
        let mut waited = Duration::ZERO;
        loop {
            match self.folder.lock().map_err(Error::from) {
                Err(error) if error.code() == ErrorCode::Busy && waited < self.patience => {
                    waited += self.pause(cancel).await?;
                }
                lock => return lock,
            }
        }
    }

    async fn pause(&self, cancel: &CancellationToken) -> Result<Duration> {
        let pause = AGAIN_AFTER.min(self.patience);
        tokio::select! {
            biased;
            () = cancel.cancelled() => Err(Error::cancelled()),
            () = tokio::time::sleep(pause) => Ok(pause),
        }
    }

    /// What goes wrong with captions is for the log.
    async fn fetch_captions(
        &self,
        lock: &Arc<FolderLock>,
        source: &Source,
        courses: &[ListedCourse],
        cancel: &CancellationToken,
    ) {
        if !self.settings.fetch_captions {
            return;
        }
        let (folder, patience, clock) = (self.folder, Patience::Patient, self.clock);
        let fetch = CaptionsFetch { folder, lock, source, patience, clock, tell: &|_| () };
        if let Err(error) = fetch.run(courses, cancel).await {
            tracing::warn!(code = error.code().as_str(), "no captions in this night: {error}");
        }
    }

    async fn save(
        &self,
        lock: &Arc<FolderLock>,
        request: ExportRequest,
        cancel: &CancellationToken,
    ) -> Result<ExportReport> {
        let (folder, lock, cancel) = (self.folder.clone(), Arc::clone(lock), cancel.clone());
        let digest = self.settings.nightly.as_ref().is_some_and(|nightly| nightly.digest);
        let (now, zone) = (self.clock.now(), request.chunk.zone);
        let saving = tokio::task::spawn_blocking(move || {
            let report = export(&folder, &lock, &request, &cancel, &|_| ())?;
            if digest {
                let courses: Vec<_> = report.courses.iter().map(|course| course.id).collect();
                let (told, _) = digests_of(&folder, &courses, zone, now);
                let text = as_markdown(&told);
                let path = request.target.join(DIGEST_FILE);
                replace(&RealDisk, &path, Durability::Remakable, |file| file.write_all(text.as_bytes()))?;
            }
            Ok(report)
        });
        saving
            .await
            .map_err(|error| Error::new(ErrorCode::Internal, "The export ended by a fault").with_source(error))?
    }

    /// Tells why the night failed, unless the night before failed for the same reason and that was told.
    async fn told(&self, night: NightResult) -> NightResult {
        let Some(failure) = &night.failure else { return night };
        let before = NightResults::read(&RealDisk, self.config_dir).unwrap_or_default();
        let code = |night: &NightResult| night.failure.as_ref().map(|failure| failure.code.clone());
        if before.last().is_some_and(|before| before.told && code(before) == code(&night)) {
            return NightResult { told: true, ..night };
        }
        let hint = failure.hint.as_deref().map(|hint| format!(". {hint}")).unwrap_or_default();
        let text = format!("{}{hint}.", failure.reason);
        let notifier = Arc::clone(&self.notifier);
        let telling = tokio::task::spawn_blocking(move || notifier.tell("The nightly sync failed", &text));
        let told = match telling.await {
            Ok(Ok(())) => true,
            Ok(Err(reason)) => {
                tracing::info!("a failure could not be told by a notification: {reason}");
                false
            }
            Err(_) => false,
        };
        NightResult { told, ..night }
    }
}

fn error_of(failure: &Failure) -> Error {
    let error = Error::new(failure.code, &failure.reason);
    match &failure.hint {
        Some(hint) => error.with_hint(hint),
        None => error,
    }
}

fn reached(report: &SyncReport) -> Vec<ListedCourse> {
    let reached = report.courses.iter().filter(|course| match &course.outcome {
        CourseOutcome::UpToDate { .. } | CourseOutcome::Synced { .. } | CourseOutcome::Partial { .. } => true,
        CourseOutcome::Failed { .. } | CourseOutcome::Cancelled => false,
    });
    reached.map(|course| ListedCourse { id: course.course, name: course.name.clone() }).collect()
}

/// The time zone follows once the data folder is locked.
fn request_again(last: &LastExport) -> ExportRequest {
    ExportRequest {
        courses: last.courses.clone().map_or(CourseChoice::All, CourseChoice::Some),
        guard_formulas: last.formula_guard,
        tables: last.tables,
        ..ExportRequest::new(PathBuf::from(&last.dir), chrono_tz::Tz::UTC)
    }
}

/// That the settings name no export.
pub(super) fn nothing_to_repeat() -> Error {
    Error::new(ErrorCode::NotFound, "There is no export to repeat every night")
        .with_hint("Export once, or say where the dataset is to be saved")
}
