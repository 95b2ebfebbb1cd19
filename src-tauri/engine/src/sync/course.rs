//! One course from beginning to end: list and fetch at the same time, prove, store.

use std::collections::{HashMap, HashSet};
use std::future::{Future, poll_fn};
use std::pin::{Pin, pin};
use std::sync::Arc;
use std::sync::atomic::Ordering;

use futures_util::future::maybe_done;
use model::{FolderId, OutcomeWord, SessionId};

use super::doubt::Doubt;
use super::glance::{StoredLook, as_stored};
use super::harvest::{Fetcher, Harvest, found_videos};
use super::lent::{LentCourse, lost, tracked};
use super::listing::{FoundVideos, ListedVideo, Listing, ToldCourse};
use super::missing::{StoredVideos, compare};
use super::report::CourseReport;
use super::run::SyncRun;
use super::stored::StoredCourse;
use crate::clock::last_complete_day;
use crate::events::SyncEvent;
use crate::outcome::{CourseOutcome, Failure, PartFailure};
use crate::store::course_list::ListedCourse;
use crate::store::journal::Attempt;
use crate::store::staging::StagedVideo;
use crate::{Error, ErrorCode, Result};

/// Syncs one course. Anything that goes wrong with it is in the report.
pub(super) async fn sync_course(run: &SyncRun<'_>, listed: ListedCourse) -> CourseReport {
    let mut course = CourseSync { run, name: listed.name, id: listed.id, held: LentCourse::none(run.tasks.clone()) };
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

struct CourseSync<'a> {
    run: &'a SyncRun<'a>,
    id: FolderId,
    name: String,
    held: LentCourse,
}

impl CourseSync<'_> {
    async fn sync(&mut self) -> Result<CourseOutcome> {
        let run = self.run;
        run.events.emit(SyncEvent::Listing { course: self.id, name: self.name.clone() });
        self.open().await?;
        let (before, known) = self.known_videos()?;
        let (tell, found) = found_videos();
        // The lists wait neither for the folder's name nor for the disk: that would cost the time of one answer in each
        // course.
        let lists = shown(run, self.id, self.stored_look()?, &tell);
        let mut list = pin!(maybe_done(run.halt.unless_stopped(lists)));
        let mut harvest = Harvest::beginning_with(alongside(self.begin(), list.as_mut()).await?);

        let (staging, states) = {
            let stored = self.held.get()?;
            (stored.staging.clone(), Arc::new(stored.journal.videos.clone()))
        };
        let fetcher = Fetcher { run, course: self.id, staging, states, through: run.days().through };
        // While some folders are still being read, the videos of others are already being fetched.
        let listing = async {
            list.as_mut().await;
            let listing = match list.as_mut().take_output().unwrap_or_else(|| Err(lost()))? {
                Shown::AsStored(listing) if listing.name == self.name => listing,
                Shown::AsStored(_) => {
                    let lists = ToldCourse::read(run.source, &run.shared, self.id, &tell);
                    self.compare_with_stored(run.halt.unless_stopped(lists).await?, &tell).await?
                }
                Shown::Lists(told) => self.compare_with_stored(told, &tell).await?,
            };
            tell.close();
            self.listed(listing, &fetcher).await
        };
        let (listing, zeros) =
            futures_util::future::try_join(listing, fetcher.fetch_as_found(found, &mut harvest)).await?;

        let witness = self.held.get()?.witness(&listing);
        fetcher.settle_zeros(witness, zeros, &mut harvest).await?;
        if !harvest.only_agreed.is_empty() {
            self.warn_of_emptiness();
        }
        self.store(&listing, harvest, &before, &known).await
    }

    /// Once the course's folder is known to exist: takes over its name and prepares for its records.
    async fn begin(&mut self) -> Result<Vec<StagedVideo>> {
        let run = self.run;
        let name = run.halt.unless_stopped(run.source.course_name(self.id)).await?;
        run.halt.reached();
        if !self.name.is_empty() && self.name != name.trim() {
            run.events.emit(SyncEvent::Warning {
                course: Some(self.id),
                message: format!("The course `{}` is now called `{}` in Panopto", self.name, name.trim()),
                hint: None,
            });
        }
        self.name = name;
        self.prepare().await
    }

    /// Once the listing is whole: keeps it as the course's overview.
    async fn listed(&mut self, listing: Listing, fetcher: &Fetcher<'_>) -> Result<Arc<Listing>> {
        let listing = Arc::new(listing);
        for Doubt { folder, error } in &listing.doubts {
            self.run.events.emit(SyncEvent::Warning {
                course: Some(self.id),
                message: format!("The folder `{folder}` is not wholly known: {error}"),
                hint: error.hint().map(str::to_owned),
            });
        }
        let overview = Arc::clone(&listing);
        self.held.with(move |stored| stored.write_overview(&overview)).await?;
        let nothing_in_hand = Harvest::default();
        let is_due = |video: &&ListedVideo| fetcher.task(&video.video, &nothing_in_hand).is_some();
        self.run.events.emit(SyncEvent::Listed {
            course: self.id,
            name: self.name.clone(),
            folders: listing.folders,
            videos: listing.videos.len(),
            to_fetch: listing.videos.iter().filter(is_due).count(),
        });
        Ok(listing)
    }

    async fn open(&mut self) -> Result<()> {
        let (folder, lock, turn) = (self.run.folder.clone(), Arc::clone(self.run.lock), Arc::clone(&self.run.turn));
        let (shared, id, name) = (Arc::clone(&self.run.shared), self.id, self.name.clone());
        let opened = tracked(&self.run.tasks, move || StoredCourse::open(folder, lock, (turn, shared), id, &name));
        let (stored, _) = opened.await.map_err(|error| lost().with_source(error))?;
        let stored = stored?;
        for message in &stored.warnings {
            self.run.events.emit(SyncEvent::Warning { course: Some(self.id), message: message.clone(), hint: None });
        }
        if self.run.look_back.at_once || stored.lacks_days_before_end_of(last_complete_day(self.run.began)) {
            self.run.usage_ahead.notify_one();
        }
        self.held.put(stored);
        Ok(())
    }

    fn warn_of_emptiness(&self) {
        let is_stored = self.held.get().is_ok_and(|held| held.journal.stored.is_some_and(|stored| stored.records > 0));
        let since = if is_stored { "any more, though records of it are stored" } else { "ever" };
        self.run.events.emit(SyncEvent::Warning {
            course: Some(self.id),
            message: format!("The server shows no viewing of any video in `{}`, {since}", self.name),
            hint: Some(
                "If that cannot be, sign in in another way, or as somebody with more rights; each sync asks for the \
                 whole history again until there is some"
                    .to_owned(),
            ),
        });
    }

    /// The videos of the stored overview, and all videos ever known.
    fn known_videos(&self) -> Result<(HashSet<SessionId>, HashSet<SessionId>)> {
        let stored = self.held.get()?;
        let before: HashSet<SessionId> = stored.overview.iter().map(|row| row.session_id).collect();
        let known = stored.journal.videos.keys().copied().chain(before.iter().copied()).collect();
        Ok((before, known))
    }

    /// What is stored, if a look at it may replace its lists.
    fn stored_look(&self) -> Result<Option<StoredLook>> {
        let stored = self.held.get()?;
        let may = self.run.glances.load(Ordering::Relaxed);
        Ok(may.then(|| StoredLook::of(&stored.journal, &stored.overview, self.run.began)).flatten())
    }

    /// The listing of a course whose lists were read.
    async fn compare_with_stored(&self, told: ToldCourse, found: &FoundVideos) -> Result<Listing> {
        compare(self.run, told, self.name.clone(), &self.stored_videos()?, found).await
    }

    /// What is stored, to compare the lists with.
    fn stored_videos(&self) -> Result<StoredVideos> {
        let stored = self.held.get()?;
        let asked = stored.journal.videos.iter().filter_map(|(video, state)| Some((*video, state.asked_in_vain?)));
        Ok(StoredVideos { rows: stored.overview.clone(), asked: asked.collect() })
    }

    async fn prepare(&mut self) -> Result<Vec<StagedVideo>> {
        let (name, cancel) = (self.name.clone(), self.run.halt.cancel().clone());
        let (days, look_back) = (self.run.days(), self.run.look_back);
        let takes_back = self.held.with(move |stored| Ok(stored.forget_days_not_over(days.at_most))).await?;
        if let Some(message) = takes_back {
            self.run.events.emit(SyncEvent::Warning { course: Some(self.id), message, hint: None });
        }
        let through = days.through;
        let in_hand =
            self.held.with(move |stored| stored.prepare(&name, through, look_back, &|| cancel.is_cancelled())).await?;
        self.tell_warnings()?;
        Ok(in_hand)
    }

    /// Passes on what storing has found that the user should know.
    fn tell_warnings(&mut self) -> Result<()> {
        let warnings = std::mem::take(&mut self.held.get_mut()?.warnings);
        for message in warnings {
            self.run.events.emit(SyncEvent::Warning { course: Some(self.id), message, hint: None });
        }
        Ok(())
    }

    async fn store(
        &mut self,
        listing: &Arc<Listing>,
        mut harvest: Harvest,
        before: &HashSet<SessionId>,
        known: &HashSet<SessionId>,
    ) -> Result<CourseOutcome> {
        let mut staged: Vec<StagedVideo> =
            listing.videos.iter().filter_map(|video| harvest.staged.remove(&video.video.id)).collect();
        // An interrupted sync has staged these, and since then they have left the course.
        let mut gone: Vec<StagedVideo> = harvest.staged.into_values().collect();
        gone.sort_by_key(|staged| staged.video);
        staged.extend(gone);
        let failed = failures(listing, &harvest.failed);
        let videos = listing.videos.len();
        let now: HashSet<SessionId> = self.held.get()?.stored_videos(listing).into_iter().collect();
        let new_videos = now.difference(known).count();
        let gone_videos = before.difference(&now).count();
        let only_agreed = std::mem::take(&mut harvest.only_agreed);
        if let Some(spoke) = harvest.witness_spoke {
            self.held
                .with(move |stored| {
                    stored.journal.note_witness(spoke);
                    Ok(())
                })
                .await?;
        }
        let nothing_due =
            staged.is_empty() && only_agreed.is_empty() && failed.is_empty() && new_videos == 0 && gone_videos == 0;

        // Something that concerns everything stopped the sync before anything of this course had come, or the disk did,
        // and then nothing can be stored on it: staged records wait for the next sync.
        if let Some(reason) = self.run.halt.reason()
            && !failed.is_empty()
            && (staged.is_empty() || reason.code() == ErrorCode::Disk)
        {
            return Err(reason);
        }
        let outcome_of = |new_records| {
            if nothing_due {
                CourseOutcome::UpToDate { videos }
            } else if failed.is_empty() {
                CourseOutcome::Synced { videos, new_records, new_videos, gone_videos }
            } else {
                CourseOutcome::Partial { videos, new_records, new_videos, gone_videos, failed: failed.clone() }
            }
        };
        let recorded = failed.iter().cloned().map(PartFailure::recorded).collect();
        let attempt = Attempt { failed: recorded, ..self.attempt(outcome_of(0).word()) };
        let (listing, cancel, anew) = (Arc::clone(listing), self.run.halt.cancel().clone(), self.run.anew);
        let new_records = self
            .held
            .with(move |stored| stored.store(&listing, &staged, &only_agreed, attempt, anew, &|| cancel.is_cancelled()))
            .await?;
        self.tell_warnings()?;
        Ok(outcome_of(new_records))
    }

    fn attempt(&self, outcome: OutcomeWord) -> Attempt {
        Attempt { at: self.run.began, outcome: outcome.into(), new_records: 0, error: None, failed: Vec::new() }
    }

    /// Notes that the course was stopped or failed.
    async fn ended_early(&mut self, error: &Error) -> CourseOutcome {
        let (outcome, failure) = if error.code() == ErrorCode::Cancelled {
            (CourseOutcome::Cancelled, None)
        } else {
            self.run.halt.failed(error);
            let failure = Failure::from(error);
            (CourseOutcome::Failed { error: failure.clone() }, Some(failure.recorded()))
        };
        let attempt = Attempt { error: failure, ..self.attempt(outcome.word()) };
        if self.held.get().is_ok()
            && let Err(error) = self.held.with(move |stored| stored.note(attempt)).await
        {
            // Perhaps it was the disk that failed; the report says so already.
            tracing::warn!(%error, course = %self.id, "how the sync ended could not be noted");
        }
        outcome
    }
}

/// What the source shows of a course.
enum Shown {
    /// A look at it showed that nothing changed.
    AsStored(Listing),
    /// Its lists.
    Lists(ToldCourse),
}

/// Looks at a course, if it may, else reads its lists. Tells `found` of the videos.
async fn shown(run: &SyncRun<'_>, course: FolderId, look: Option<StoredLook>, found: &FoundVideos) -> Result<Shown> {
    if let Some(stored) = look {
        match as_stored(run.source, course, &stored).await {
            Ok(Some(listing)) => {
                found.tell(listing.videos.iter().map(|video| video.video.clone()).collect());
                return Ok(Shown::AsStored(listing));
            }
            // The lists say what changed.
            Ok(None) => {}
            // So do they, or what keeps the source from answering; the other courses of this sync need not try.
            Err(error) => {
                tracing::info!(%error, %course, "many folders at once could not be had");
                run.glances.store(false, Ordering::Relaxed);
            }
        }
    }
    ToldCourse::read(run.source, &run.shared, course, found).await.map(Shown::Lists)
}

/// Does `work`, and meanwhile as much of `beside` as there is time for.
async fn alongside<T>(work: impl Future<Output = T>, mut beside: Pin<&mut impl Future<Output = ()>>) -> T {
    let mut work = pin!(work);
    let mut beside_is_done = false;
    poll_fn(|context| {
        beside_is_done = beside_is_done || beside.as_mut().poll(context).is_ready();
        work.as_mut().poll(context)
    })
    .await
}

/// What failed, in the order of the overview; folders in doubt come last.
fn failures(listing: &Listing, failed: &HashMap<SessionId, Failure>) -> Vec<PartFailure> {
    let videos = listing.videos.iter().filter_map(|video| {
        let failure = failed.get(&video.video.id)?.clone();
        Some(PartFailure { video: Some(video.video.id), name: video.video.name.clone(), failure })
    });
    videos.chain(listing.doubts.iter().map(Doubt::as_part)).collect()
}
