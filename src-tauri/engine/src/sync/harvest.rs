//! The records of all videos of a course. They are fetched several at a time, while the course is still being listed,
//! and it is decided which of the empty answers to believe.

use std::collections::{BTreeMap, HashMap, VecDeque};
use std::sync::Arc;
use std::sync::atomic::Ordering;

use chrono::NaiveDate;
use futures_util::stream::{FuturesUnordered, StreamExt as _};
use model::{FolderId, SessionId, UsageRange};
use tokio::sync::mpsc::{UnboundedReceiver, unbounded_channel};

use super::fetch::{Fetched, Task, fetch};
use super::listing::FoundVideos;
use super::plan::range_for;
use super::run::SyncRun;
use super::shared::InHand;
use crate::events::SyncEvent;
use crate::outcome::Failure;
use crate::source::{PROOF_ROUNDS, Proof, SourceVideo, UnprovenZero};
use crate::store::journal::VideoState;
use crate::store::staging::{StagedVideo, Staging};
use crate::{Error, ErrorCode, Result};

/// Videos read at the same time, over all courses. More than the client allows calls in flight, so that it always has
/// one to send.
pub(super) const VIDEOS_AT_ONCE: usize = 24;

/// What has come in.
#[derive(Default)]
pub(super) struct Harvest {
    /// Videos whose records are all staged.
    pub(super) staged: HashMap<SessionId, StagedVideo>,
    /// Videos without records, if the only evidence is that several sign-ins agree.
    pub(super) only_agreed: Vec<(SessionId, UsageRange)>,
    /// Videos that failed.
    pub(super) failed: HashMap<SessionId, Failure>,
    /// Whether the witness showed its records, or stayed silent under several sign-ins; `None` where neither is known.
    pub(super) witness_spoke: Option<bool>,
    /// Videos done, failed ones included.
    done: usize,
    /// Videos to do, as far as known.
    total: usize,
}

impl Harvest {
    /// Begins with what an interrupted sync has left.
    pub(super) fn beginning_with(staged: Vec<StagedVideo>) -> Self {
        let count = staged.len();
        let staged = staged.into_iter().map(|staged| (staged.video, staged)).collect();
        Self { staged, done: count, total: count, ..Self::default() }
    }
}

/// Whether an answer that another course of this sync received may be used.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Reuse {
    Allowed,
    Refused,
}

/// An answer of "no records" that is not believed yet.
type Zero = (Task, UnprovenZero);

/// Fetches the videos of one course.
pub(super) struct Fetcher<'a> {
    pub(super) run: &'a SyncRun<'a>,
    pub(super) course: FolderId,
    pub(super) staging: Staging,
    /// How far each video was fetched when the sync began.
    pub(super) states: Arc<BTreeMap<SessionId, VideoState>>,
    /// The day through which records are fetched.
    pub(super) through: NaiveDate,
}

impl Fetcher<'_> {
    /// What to fetch of this video; nothing if it is already in hand.
    pub(super) fn task(&self, video: &SourceVideo, harvest: &Harvest) -> Option<Task> {
        if harvest.staged.contains_key(&video.id) {
            return None;
        }
        let range = range_for(self.states.get(&video.id), self.through, self.run.look_back)?;
        Some(Task { video: video.id, name: video.name.clone(), range })
    }

    /// Fetches the videos that `found` brings, as they come; returns those that the server says have no records.
    ///
    /// Fails only when the user stops it. When everything has become pointless, the videos not fetched count as failed.
    pub(super) async fn fetch_as_found(
        &self,
        mut found: UnboundedReceiver<Vec<SourceVideo>>,
        harvest: &mut Harvest,
    ) -> Result<Vec<Zero>> {
        let (mut queue, mut zeros) = (VecDeque::new(), Vec::new());
        let mut running = FuturesUnordered::new();
        let mut listing = true;
        loop {
            while running.len() < VIDEOS_AT_ONCE
                && let Some(task) = queue.pop_front()
            {
                running.push(self.fetch_one(task, Reuse::Allowed));
            }
            tokio::select! {
                videos = found.recv(), if listing => match videos {
                    Some(videos) => {
                        let before = queue.len();
                        queue.extend(videos.iter().filter_map(|video| self.task(video, harvest)));
                        harvest.total += queue.len() - before;
                    }
                    None => listing = false,
                },
                Some((task, fetched)) = running.next(), if !running.is_empty() => {
                    self.take(task, fetched, harvest, &mut zeros)?;
                }
                else => return Ok(zeros),
            }
        }
    }

    async fn fetch_again(&self, tasks: Vec<Task>, harvest: &mut Harvest) -> Result<Vec<Zero>> {
        let mut zeros = Vec::new();
        let mut running = futures_util::stream::iter(tasks)
            .map(|task| self.fetch_one(task, Reuse::Refused))
            .buffer_unordered(VIDEOS_AT_ONCE);
        while let Some((task, fetched)) = running.next().await {
            self.take(task, fetched, harvest, &mut zeros)?;
        }
        Ok(zeros)
    }

    fn take(&self, task: Task, fetched: Result<Fetched>, harvest: &mut Harvest, zeros: &mut Vec<Zero>) -> Result<()> {
        let (records, failed) = match &fetched {
            Ok(Fetched::Staged(staged)) => (staged.rows, false),
            Ok(Fetched::Zero(_)) => (0, false),
            Err(_) => (0, true),
        };
        if let Err(error) = &fetched
            && error.code() == ErrorCode::Cancelled
        {
            return Err(error.repeated());
        }
        // What stops everything is told once, by the video that met it, and not by each that was not tried any more.
        if let Err(error) = &fetched
            && self.run.halt.reason().is_some()
        {
            harvest.failed.insert(task.video, Failure::from(error));
            return Ok(());
        }
        // A video that is asked for again, to prove a zero, was counted before.
        harvest.done = (harvest.done + 1).min(harvest.total);
        self.run.events.emit(SyncEvent::Video {
            course: self.course,
            video: task.video,
            name: task.name.clone(),
            done: harvest.done,
            total: harvest.total,
            records,
            failed,
        });
        match fetched {
            Ok(Fetched::Staged(staged)) => {
                harvest.staged.insert(task.video, staged);
            }
            Ok(Fetched::Zero(zero)) => zeros.push((task, zero)),
            Err(error) => {
                self.run.halt.failed(&error);
                harvest.failed.insert(task.video, Failure::from(&error));
            }
        }
        Ok(())
    }

    async fn fetch_one(&self, task: Task, reuse: Reuse) -> (Task, Result<Fetched>) {
        let run = self.run;
        let work = async {
            let place = run.shared.question(task.video, task.range);
            // Held while the video is fetched, so that other courses wait for it. Taken before the permit, so that
            // nobody who waits here holds a permit.
            let mut in_hand = match &place {
                Some(place) => Some(place.lock().await),
                None => None,
            };
            let known = in_hand.as_ref().and_then(|known| (**known).clone()).filter(|_| reuse == Reuse::Allowed);
            if let Some(taken) = known.map(|known| self.take_over(known)).transpose()?.flatten() {
                return Ok(taken);
            }
            let _permit = run.videos.acquire().await.map_err(|_| Error::cancelled())?;
            let fetched = fetch(run.source, &self.staging, self.course, &task, &run.forgotten, run.events).await?;
            run.halt.reached();
            if let Some(place) = &mut in_hand {
                **place = Some(InHand::from(&fetched));
            }
            if matches!(&fetched, Fetched::Staged(staged) if staged.rows > 0) {
                run.saw_records.store(true, Ordering::Relaxed);
            }
            Ok(fetched)
        };
        let fetched = run.halt.unless_stopped(work).await;
        (task, fetched)
    }

    /// Uses the answer that another course of this sync received; `None` if its file cannot be used.
    fn take_over(&self, known: InHand) -> Result<Option<Fetched>> {
        match known {
            InHand::Zero(zero) => Ok(Some(Fetched::Zero(zero))),
            InHand::Staged(staged) => Ok(self.staging.copy_of(&staged)?.map(Fetched::Staged)),
        }
    }

    /// Believes "no records" only when it is certain that the calls were signed in: a dead sign-in looks the same. What
    /// stays uncertain counts as failed and is asked again next time. `witness` is a video known to have records.
    pub(super) async fn settle_zeros(
        &self,
        witness: Option<(SessionId, UsageRange)>,
        mut zeros: Vec<Zero>,
        harvest: &mut Harvest,
    ) -> Result<()> {
        let run = self.run;
        let (mut proven, mut agreed) = (Vec::new(), Vec::new());
        let mut witness_speaks = false;
        for round in 0..=PROOF_ROUNDS {
            zeros = self.keep_unproven(zeros, &mut proven, &mut agreed);
            if zeros.is_empty() || round == PROOF_ROUNDS {
                break;
            }
            match run.halt.unless_stopped(run.source.prove_signed_in(witness)).await {
                Ok(proof) => {
                    witness_speaks |= proof == Proof::SignedIn;
                    // A proof for the present sign-in says nothing about zeros from an earlier sign-in that is now
                    // dead.
                    zeros = self.keep_unproven(zeros, &mut proven, &mut agreed);
                    zeros = self.fetch_again(zeros.into_iter().map(|(task, _)| task).collect(), harvest).await?;
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
        // Agreement between sign-ins counts for nothing if a video known to have records shows none. If no such video
        // is known, it is believed for the time being.
        let sees_records = witness_speaks || run.saw_records.load(Ordering::Relaxed);
        if witness_speaks {
            harvest.witness_spoke = Some(true);
        } else if !sees_records && !agreed.is_empty() {
            harvest.witness_spoke = Some(false);
        }
        let mut uncertain: Vec<Task> = zeros.into_iter().map(|(task, _)| task).collect();
        match (sees_records, witness) {
            (true, _) => proven.append(&mut agreed),
            (false, Some(_)) => uncertain.append(&mut agreed),
            (false, None) => harvest.only_agreed = agreed.into_iter().map(|task| (task.video, task.range)).collect(),
        }
        for task in proven {
            let staged = self.staging.begin(task.video, task.range)?.finish()?;
            harvest.staged.insert(task.video, staged);
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

    /// Picks out the zeros that records seen by the same sign-in prove, from whichever course, and those that several
    /// sign-ins agree on.
    fn keep_unproven(&self, zeros: Vec<Zero>, proven: &mut Vec<Task>, agreed: &mut Vec<Task>) -> Vec<Zero> {
        let mut open = Vec::new();
        for (task, zero) in zeros {
            if self.run.source.is_proven_by_records(zero) {
                proven.push(task);
            } else if self.run.source.is_proven_or_agreed(zero) {
                agreed.push(task);
            } else {
                open.push((task, zero));
            }
        }
        open
    }
}

/// The channel from the listing to [`Fetcher::fetch_as_found`]. Closing or dropping the sending end ends it.
pub(super) fn found_videos() -> (FoundVideos, UnboundedReceiver<Vec<SourceVideo>>) {
    let (to, found) = unbounded_channel();
    (FoundVideos::new(to), found)
}
