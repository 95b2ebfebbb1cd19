//! One course from beginning to end: list, fetch, prove, store.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use chrono::{DateTime, NaiveDate, Utc};
use futures_util::stream::{self, StreamExt as _};
use model::SessionId;
use panopto::{Client, PROOF_ROUNDS, Proof, UnprovenZero, UsageRange};
use tokio::sync::Semaphore;

use super::fetch::{Fetched, Task, fetch};
use super::halt::Halt;
use super::listing::{Listing, list_course};
use super::plan::range_for;
use super::report::{CourseOutcome, CourseReport, Failure, PartFailure};
use super::stored::StoredCourse;
use crate::events::{Events, SyncEvent};
use crate::store::course_list::ListedCourse;
use crate::store::journal::Attempt;
use crate::store::staging::StagedVideo;
use crate::store::{DataFolder, FolderLock};
use crate::{Error, ErrorCode, Result};

/// Videos read at the same time, over all courses. More than the calls that the client lets be in flight, so that it
/// always has one to send.
pub(super) const VIDEOS_AT_ONCE: usize = 24;

/// What all courses of a sync share.
pub(super) struct Run<'a> {
    pub(super) folder: &'a DataFolder,
    pub(super) lock: &'a Arc<FolderLock>,
    pub(super) turn: Arc<std::sync::Mutex<()>>,
    pub(super) client: &'a Client,
    pub(super) events: &'a dyn Events,
    pub(super) halt: Halt,
    pub(super) videos: Semaphore,
    /// Whether any call of this sync has shown records: then the sign-in can see some.
    pub(super) saw_records: AtomicBool,
    pub(super) began: DateTime<Utc>,
    pub(super) through: NaiveDate,
    pub(super) lookback_days: u32,
}

/// The stored course, lent to blocking threads and back.
struct Held(Option<Box<StoredCourse>>);

impl Held {
    async fn with<T: Send + 'static>(
        &mut self,
        work: impl FnOnce(&mut StoredCourse) -> Result<T> + Send + 'static,
    ) -> Result<T> {
        let Some(mut stored) = self.0.take() else { return Err(lost()) };
        let worked = tokio::task::spawn_blocking(move || {
            let result = work(&mut stored);
            (stored, result)
        });
        let (stored, result) = worked.await.map_err(|error| lost().with_source(error))?;
        self.0 = Some(stored);
        result
    }

    fn get(&self) -> Result<&StoredCourse> {
        self.0.as_deref().ok_or_else(lost)
    }
}

fn lost() -> Error {
    Error::new(ErrorCode::Internal, "The stored course is lost: storing it did not end")
}

/// What was fetched of a course.
#[derive(Default)]
struct Harvest {
    staged: HashMap<SessionId, StagedVideo>,
    /// Videos without records, where nothing but the agreement of several sign-ins says so.
    only_agreed: Vec<(SessionId, UsageRange)>,
    failed: HashMap<SessionId, Failure>,
    done: usize,
    total: usize,
}

/// Syncs one course. Whatever goes wrong with it is in the report.
pub(super) async fn sync_course(run: &Run<'_>, listed: ListedCourse) -> CourseReport {
    let mut course = Course { run, name: listed.name, id: listed.id, held: Held(None) };
    let outcome = match course.sync().await {
        Ok(outcome) => outcome,
        Err(error) => course.ended_early(&error).await,
    };
    let report = CourseReport { course: course.id, name: course.name, outcome };
    run.events.emit(SyncEvent::CourseFinished {
        course: report.course,
        name: report.name.clone(),
        outcome: report.outcome.clone(),
    });
    report
}

struct Course<'a> {
    run: &'a Run<'a>,
    id: model::FolderId,
    name: String,
    held: Held,
}

impl Course<'_> {
    async fn sync(&mut self) -> Result<CourseOutcome> {
        let run = self.run;
        run.events.emit(SyncEvent::Listing { course: self.id, name: self.name.clone() });
        self.open().await?;
        let listing = Arc::new(run.halt.unless_stopped(list_course(run.client, self.id)).await?);
        run.halt.reached();
        self.name.clone_from(&listing.name);
        self.warn_of_unreadable(&listing);

        let (before, known) = self.known_videos()?;
        let usable = self.prepare(&listing).await?;
        let tasks = self.tasks(&listing, &usable)?;
        let mut harvest = Harvest { total: usable.len() + tasks.len(), done: usable.len(), ..Harvest::default() };
        harvest.staged.extend(usable.into_iter().map(|staged| (staged.video, staged)));
        run.events.emit(SyncEvent::Listed {
            course: self.id,
            name: self.name.clone(),
            folders: listing.folders.len(),
            videos: listing.videos.len(),
            to_fetch: tasks.len(),
        });

        let zeros = self.fetch_all(tasks, &mut harvest).await?;
        self.settle_zeros(&listing, zeros, &mut harvest).await?;
        self.store(&listing, harvest, &before, &known).await
    }

    async fn open(&mut self) -> Result<()> {
        let (folder, lock, turn) = (self.run.folder.clone(), Arc::clone(self.run.lock), Arc::clone(&self.run.turn));
        let (id, name) = (self.id, self.name.clone());
        let opened = tokio::task::spawn_blocking(move || StoredCourse::open(folder, lock, turn, id, &name));
        let stored = opened.await.map_err(|error| lost().with_source(error))??;
        for message in &stored.warnings {
            self.run.events.emit(SyncEvent::Warning { course: Some(self.id), message: message.clone(), hint: None });
        }
        self.held = Held(Some(Box::new(stored)));
        Ok(())
    }

    fn warn_of_unreadable(&self, listing: &Listing) {
        for folder in &listing.unreadable {
            self.run.events.emit(SyncEvent::Warning {
                course: Some(self.id),
                message: format!("The subfolder `{}` cannot be read: {}", folder.name, folder.error),
                hint: folder.error.hint().map(str::to_owned),
            });
        }
    }

    /// The videos of the stored overview, and all that were ever heard of.
    fn known_videos(&self) -> Result<(HashSet<SessionId>, HashSet<SessionId>)> {
        let stored = self.held.get()?;
        let before: HashSet<SessionId> = stored.overview.iter().map(|row| row.session_id).collect();
        let known = stored.journal.videos.keys().copied().chain(before.iter().copied()).collect();
        Ok((before, known))
    }

    async fn prepare(&mut self, listing: &Arc<Listing>) -> Result<Vec<StagedVideo>> {
        let (listing, cancel) = (Arc::clone(listing), self.run.halt.cancel().clone());
        let (through, lookback_days) = (self.run.through, self.run.lookback_days);
        self.held.with(move |stored| stored.prepare(&listing, through, lookback_days, &|| cancel.is_cancelled())).await
    }

    /// What is still to be fetched, in the order of the overview.
    fn tasks(&self, listing: &Listing, usable: &[StagedVideo]) -> Result<Vec<Task>> {
        let staged: HashSet<SessionId> = usable.iter().map(|staged| staged.video).collect();
        let journal = &self.held.get()?.journal;
        let of = |video: SessionId| range_for(journal.videos.get(&video), self.run.through, self.run.lookback_days);
        Ok(listing
            .videos
            .iter()
            .filter(|video| !staged.contains(&video.session.id))
            .filter_map(|video| {
                let range = of(video.session.id)?;
                Some(Task { video: video.session.id, name: video.session.name.clone(), range })
            })
            .collect())
    }

    /// Fetches the videos, several at a time; gives those that the server says have no records.
    ///
    /// Fails only when the user stops it. When everything has become pointless, the videos not fetched count as failed.
    async fn fetch_all(&self, tasks: Vec<Task>, harvest: &mut Harvest) -> Result<Vec<(Task, UnprovenZero)>> {
        let mut zeros = Vec::new();
        let mut running = stream::iter(tasks).map(|task| self.fetch_one(task)).buffer_unordered(VIDEOS_AT_ONCE);
        while let Some((task, fetched)) = running.next().await {
            match fetched {
                Ok(Fetched::Staged(staged)) => {
                    self.video_done(&task, harvest, staged.rows, false);
                    harvest.staged.insert(task.video, staged);
                }
                Ok(Fetched::Zero(zero)) => {
                    self.video_done(&task, harvest, 0, false);
                    zeros.push((task, zero));
                }
                Err(error) if error.code() == ErrorCode::Cancelled => return Err(error),
                Err(error) => {
                    self.run.halt.failed(&error);
                    self.video_done(&task, harvest, 0, true);
                    harvest.failed.insert(task.video, Failure::from(&error));
                }
            }
        }
        Ok(zeros)
    }

    async fn fetch_one(&self, task: Task) -> (Task, Result<Fetched>) {
        let run = self.run;
        let work = async {
            let _permit = run.videos.acquire().await.map_err(|_| Error::cancelled())?;
            let staging = &self.held.get()?.staging;
            let fetched = fetch(run.client, staging, self.id, &task, run.events).await;
            if let Ok(fetched) = &fetched {
                run.halt.reached();
                if matches!(fetched, Fetched::Staged(staged) if staged.rows > 0) {
                    run.saw_records.store(true, Ordering::Relaxed);
                }
            }
            fetched
        };
        let fetched = run.halt.unless_stopped(work).await;
        (task, fetched)
    }

    fn video_done(&self, task: &Task, harvest: &mut Harvest, records: u64, failed: bool) {
        // A video that is asked once more to prove a zero has been counted.
        harvest.done = (harvest.done + 1).min(harvest.total);
        self.run.events.emit(SyncEvent::Video {
            course: self.id,
            video: task.video,
            name: task.name.clone(),
            done: harvest.done,
            total: harvest.total,
            records,
            failed,
        });
    }

    /// Believes "no records" only when it is certain that the calls were signed in: a dead sign-in looks the same. What
    /// stays uncertain counts as failed and is asked again next time.
    async fn settle_zeros(
        &self,
        listing: &Listing,
        mut zeros: Vec<(Task, UnprovenZero)>,
        harvest: &mut Harvest,
    ) -> Result<()> {
        let (run, witness) = (self.run, self.held.get()?.witness(listing));
        let mut believed = Vec::new();
        let mut witness_speaks = false;
        for round in 0..=PROOF_ROUNDS {
            let (proven, open): (Vec<_>, Vec<_>) = zeros.into_iter().partition(|(_, zero)| run.client.is_proven(zero));
            zeros = open;
            believed.extend(proven.into_iter().map(|(task, _)| task));
            if zeros.is_empty() || round == PROOF_ROUNDS {
                break;
            }
            let proof = run.halt.unless_stopped(async { Ok(run.client.prove_signed_in(witness).await?) }).await;
            match proof {
                Ok(proof) => {
                    witness_speaks |= proof == Proof::SignedIn;
                    // What came under an earlier sign-in, now dead, no proof for the present one can help.
                    let (proven, open): (Vec<_>, Vec<_>) =
                        zeros.into_iter().partition(|(_, zero)| run.client.is_proven(zero));
                    believed.extend(proven.into_iter().map(|(task, _)| task));
                    zeros = self.fetch_all(open.into_iter().map(|(task, _)| task).collect(), harvest).await?;
                }
                Err(error) if error.code() == ErrorCode::Cancelled => return Err(error),
                Err(error) => {
                    run.halt.failed(&error);
                    for (task, _) in zeros.drain(..) {
                        harvest.failed.insert(task.video, Failure::from(&error));
                    }
                }
            }
        }
        // Sign-ins that agree on nothing are not believed against a video that is known to have records; and where none is
        // known, they are believed for the time being.
        let sees_records = witness_speaks || run.saw_records.load(Ordering::Relaxed);
        let mut uncertain: Vec<Task> = zeros.into_iter().map(|(task, _)| task).collect();
        match (sees_records, witness) {
            (true, _) => {
                for task in believed {
                    let staged = self.held.get()?.staging.begin(task.video, task.range)?.finish()?;
                    harvest.staged.insert(task.video, staged);
                }
            }
            (false, Some(_)) => uncertain.append(&mut believed),
            (false, None) => self.believe_for_now(listing, believed, harvest),
        }
        for task in uncertain {
            let unproven = Error::new(
                ErrorCode::BadCredentials,
                "The server shows no records, but also none of a video that is known to have some",
            )
            .with_hint("Sync again; if it stays, sign in again, or in another way");
            harvest.failed.insert(task.video, Failure::from(&unproven));
        }
        Ok(())
    }

    fn believe_for_now(&self, listing: &Listing, believed: Vec<Task>, harvest: &mut Harvest) {
        if believed.is_empty() {
            return;
        }
        harvest.only_agreed = believed.into_iter().map(|task| (task.video, task.range)).collect();
        self.run.events.emit(SyncEvent::Warning {
            course: Some(self.id),
            message: format!("The server shows no viewing of any video in `{}`, ever", listing.name),
            hint: Some(
                "If that cannot be, sign in in another way, or as somebody with more rights; each sync asks for the \
                 whole history again until there is some"
                    .to_owned(),
            ),
        });
    }

    async fn store(
        &mut self,
        listing: &Arc<Listing>,
        mut harvest: Harvest,
        before: &HashSet<SessionId>,
        known: &HashSet<SessionId>,
    ) -> Result<CourseOutcome> {
        let staged: Vec<StagedVideo> =
            listing.videos.iter().filter_map(|video| harvest.staged.remove(&video.session.id)).collect();
        let failed = failures(listing, &harvest.failed);
        let videos = listing.videos.len();
        let now: HashSet<SessionId> = self.held.get()?.stored_videos(listing).into_iter().collect();
        let new_videos = now.difference(known).count();
        let gone_videos = before.difference(&now).count();
        let only_agreed = std::mem::take(&mut harvest.only_agreed);
        let nothing_due =
            staged.is_empty() && only_agreed.is_empty() && failed.is_empty() && new_videos == 0 && gone_videos == 0;

        // Stopped by something that concerns everything, before anything of this course was there; or by the disk, which
        // then is no place to store at: what is staged waits for the next sync.
        if let Some(reason) = self.run.halt.reason()
            && !failed.is_empty()
            && (staged.is_empty() || reason.code() == ErrorCode::Disk)
        {
            return Err(reason);
        }
        let word = match (nothing_due, failed.is_empty()) {
            (true, _) => "upToDate",
            (false, true) => "synced",
            (false, false) => "partial",
        };
        let attempt = Attempt { outcome: word.to_owned(), failed: failed.clone(), ..self.attempt() };
        let (listing, cancel) = (Arc::clone(listing), self.run.halt.cancel().clone());
        let new_records = self
            .held
            .with(move |stored| stored.store(&listing, &staged, &only_agreed, attempt, &|| cancel.is_cancelled()))
            .await?;
        Ok(match word {
            "upToDate" => CourseOutcome::UpToDate { videos },
            "synced" => CourseOutcome::Synced { videos, new_records, new_videos, gone_videos },
            _ => CourseOutcome::Partial { videos, new_records, new_videos, gone_videos, failed },
        })
    }

    fn attempt(&self) -> Attempt {
        Attempt { at: self.run.began, outcome: String::new(), new_records: 0, error: None, failed: Vec::new() }
    }

    /// Notes that the course was stopped or failed.
    async fn ended_early(&mut self, error: &Error) -> CourseOutcome {
        let outcome = if error.code() == ErrorCode::Cancelled {
            CourseOutcome::Cancelled
        } else {
            self.run.halt.failed(error);
            CourseOutcome::Failed { error: Failure::from(error) }
        };
        let failure = match &outcome {
            CourseOutcome::Failed { error } => Some(error.clone()),
            _ => None,
        };
        let attempt = Attempt { outcome: outcome.word().to_owned(), error: failure, ..self.attempt() };
        if self.held.0.is_some()
            && let Err(error) = self.held.with(move |stored| stored.note(attempt)).await
        {
            // The disk may be the very thing that failed; the report says so already.
            tracing::warn!(%error, course = %self.id, "how the sync ended could not be noted");
        }
        outcome
    }
}

/// What failed, in the order of the overview, subfolders last.
fn failures(listing: &Listing, failed: &HashMap<SessionId, Failure>) -> Vec<PartFailure> {
    let videos = listing.videos.iter().filter_map(|video| {
        let failure = failed.get(&video.session.id)?.clone();
        Some(PartFailure { video: Some(video.session.id), name: video.session.name.clone(), failure })
    });
    let folders = listing.unreadable.iter().map(|folder| PartFailure {
        video: None,
        name: folder.name.clone(),
        failure: Failure::from(&folder.error),
    });
    videos.chain(folders).collect()
}
