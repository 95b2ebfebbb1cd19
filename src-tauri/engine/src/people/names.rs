//! Asks Panopto who the viewers of courses are, and keeps the answers.
//!
//! Two roads: accounts by their IDs, which gives full names and needs rights that many users lack; then the viewers of each
//! video, which gives user names and which a teacher may see. Deliberately absent: the pace of the calls, which is the
//! client's; and records, which are never touched.
//!
//! Invariants: each answer is kept soon, so that a run which is stopped or killed goes on where it stood; somebody is called
//! *not signed in* only when every road was open and none told of them; a refusal is told once and is about the one who asks.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use chrono::{DateTime, TimeDelta, Utc};
use model::{AccountName, DateRange, NameState, Recorded, SessionId, UserId, ViewingSpan, people_of_video};
use serde::Serialize;
use tokio_util::sync::CancellationToken;

use super::panopto_roles::{ask_for_creators, learn_role};
use crate::clock::Clock;
use crate::outcome::Failure;
use crate::source::{Source, ToldUser, USERS_AT_ONCE, UsersAnswer, ViewersAnswer};
use crate::store::course_list::ListedCourse;
use crate::store::{DataFolder, FolderLock, KnownName, People};
use crate::views::Views;
use crate::{Error, ErrorCode, Result};

/// After so many answers what is known is written down.
const SAVED_AFTER: usize = 4;
/// Failures in a row after which the rest is left for the next time.
const MOST_FAILURES_IN_A_ROW: usize = 3;
/// Who was not signed in stays nobody; but an account can also have been read too early.
const ASK_AGAIN_AFTER: TimeDelta = TimeDelta::days(30);

/// A refusal holds for so long: rights change rarely, and a sync each day must not knock each day.
const REFUSED_AGAIN_AFTER: TimeDelta = TimeDelta::days(7);

/// Whose names are asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NamesAsk {
    /// Those that are missing and were not refused lately: what follows a sync.
    Missing,
    /// Those that are missing, however lately they were refused: somebody asks for them.
    Again,
}

/// How far it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NamesProgress {
    /// Accounts of which something is known.
    pub done: usize,
    /// Accounts to ask about.
    pub total: usize,
}

/// What came of it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct NamesReport {
    /// Accounts with viewing in the courses.
    pub accounts: usize,
    /// Accounts that were asked about in this run.
    pub asked: usize,
    /// Accounts with a name of some kind, those of earlier runs included.
    pub named: usize,
    /// Accounts that were deleted.
    pub deleted: usize,
    /// IDs of people who were not signed in.
    pub not_signed_in: usize,
    /// Accounts of which nothing is known.
    pub unknown: usize,
    /// Whether Panopto refuses full names to this user.
    pub full_names_refused: bool,
    /// Videos whose viewers Panopto does not tell to this user.
    pub refused_videos: usize,
    /// Videos whose viewers were asked for.
    pub asked_videos: usize,
    /// Whether Panopto refused names not long ago, so that it was not asked for all of them now.
    pub refusal_is_known: bool,
    /// Why the rest was left for the next time.
    pub ended_early: Option<Failure>,
    /// Whether the user stopped it.
    pub is_cancelled: bool,
}

/// What fetching works with.
pub struct NamesFetch<'a> {
    /// The data folder.
    pub folder: &'a DataFolder,
    /// The right to write it.
    pub lock: &'a Arc<FolderLock>,
    /// Who is asked.
    pub source: &'a Source,
    /// Whose names are asked for.
    pub ask: NamesAsk,
    /// The time.
    pub clock: &'a dyn Clock,
    /// Told how far it is; must return quickly.
    pub tell: &'a (dyn Fn(NamesProgress) + Send + Sync),
}

impl NamesFetch<'_> {
    /// Fetches the names that are not known yet of the viewers of these courses.
    ///
    /// What fails is in the report; an error means that the data folder cannot be read or written. When `cancel` is
    /// triggered, calls end at once and what came is kept.
    pub async fn run(&self, courses: &[ListedCourse], cancel: &CancellationToken) -> Result<NamesReport> {
        let now = self.clock.now();
        let (folder, ids) = (self.folder.clone(), courses.iter().map(|course| course.id).collect::<Vec<_>>());
        let (people, watched) = on_the_disk(move || Ok((folder.people()?, watched_by(&folder, &ids)?))).await?;
        let mut fetch = Fetching::new(self, people, watched, now);
        (self.tell)(fetch.progress());
        let work = async {
            if !fetch.open.is_empty() && !fetch.report.refusal_is_known {
                let Fetching { watched, people, .. } = &mut fetch;
                ask_for_creators(self.source, courses, &|id| watched.contains_key(&id), people, cancel).await;
            }
            fetch.ask_for_users(cancel).await?;
            fetch.ask_for_viewers(cancel).await
        };
        let outcome = tokio::select! {
            biased;
            () = cancel.cancelled() => Ok(()),
            outcome = work => outcome,
        };
        fetch.report.is_cancelled = cancel.is_cancelled();
        if !fetch.report.is_cancelled && outcome.is_ok() {
            fetch.conclude();
        }
        fetch.save().await?;
        outcome?;
        Ok(fetch.finished())
    }
}

/// The videos that each account has watched.
type Watched = BTreeMap<UserId, BTreeSet<SessionId>>;

struct Fetching<'a> {
    run: &'a NamesFetch<'a>,
    now: DateTime<Utc>,
    people: People,
    /// What is on the disk.
    saved: People,
    watched: Watched,
    /// Those still to be told.
    open: BTreeSet<UserId>,
    total: usize,
    /// Videos of which every viewer with an account is known.
    told: BTreeSet<SessionId>,
    /// Videos whose viewers were refused not long ago, and are not asked for.
    closed: BTreeSet<SessionId>,
    unsaved: usize,
    in_a_row: usize,
    any_failed: bool,
    report: NamesReport,
}

impl<'a> Fetching<'a> {
    fn new(run: &'a NamesFetch<'a>, people: People, watched: Watched, now: DateTime<Utc>) -> Self {
        let age = |known: &KnownName| now.signed_duration_since(known.asked_at);
        let is_refused = |id: &UserId| {
            let known = people.names.get(id).filter(|known| known.state == NameState::Refused.into());
            run.ask == NamesAsk::Missing && known.is_some_and(|known| age(known) < REFUSED_AGAIN_AFTER)
        };
        let is_due = |id: &UserId| match people.names.get(id) {
            None => true,
            Some(known) => match &known.state {
                Recorded::Known(NameState::Named | NameState::Deleted) | Recorded::Unknown(_) => false,
                Recorded::Known(NameState::Refused) => !is_refused(id),
                Recorded::Known(NameState::Anonymous) => age(known) >= ASK_AGAIN_AFTER,
            },
        };
        let open: BTreeSet<UserId> = watched.keys().copied().filter(|id| *id != UserId::NIL && is_due(id)).collect();
        let refused: Vec<_> = watched.iter().filter(|(id, _)| is_refused(id)).collect();
        let closed = refused.iter().flat_map(|(_, videos)| (*videos).clone()).collect();
        let report = NamesReport {
            accounts: watched.len(),
            asked: open.len(),
            // Somebody is refused only where full names are.
            full_names_refused: !refused.is_empty(),
            refusal_is_known: !refused.is_empty(),
            ..NamesReport::default()
        };
        Self {
            run,
            now,
            saved: people.clone(),
            people,
            watched,
            total: open.len(),
            open,
            told: BTreeSet::new(),
            closed,
            unsaved: 0,
            in_a_row: 0,
            any_failed: false,
            report,
        }
    }

    fn progress(&self) -> NamesProgress {
        NamesProgress { done: self.total - self.open.len(), total: self.total }
    }

    fn learn(&mut self, id: UserId, state: NameState, name: AccountName) {
        self.people.learn(id, KnownName { state: state.into(), name, asked_at: self.now });
        self.open.remove(&id);
    }

    /// Full names, in small parts; a part that one account spoils is halved.
    async fn ask_for_users(&mut self, cancel: &CancellationToken) -> Result<()> {
        if self.report.refusal_is_known {
            return Ok(());
        }
        let all: Vec<UserId> = self.open.iter().copied().collect();
        let mut parts: Vec<Vec<UserId>> = all.chunks(USERS_AT_ONCE).rev().map(<[UserId]>::to_vec).collect();
        let mut alone_and_spoiled = 0;
        let mut any_answer = false;
        while let Some(part) = parts.pop() {
            // An answer that is already there lets nobody else run; a stop is seen all the same.
            if cancel.is_cancelled() {
                return Ok(());
            }
            match self.run.source.users(&part).await {
                Ok(UsersAnswer::Users(users)) => {
                    (any_answer, self.in_a_row) = (true, 0);
                    for ToldUser { id, state, name, role } in users {
                        self.learn(id, state, name);
                        learn_role(&mut self.people, id, role);
                    }
                }
                Ok(UsersAnswer::Refused) => {
                    self.report.full_names_refused = true;
                    return Ok(());
                }
                Ok(UsersAnswer::Spoiled) if part.len() > 1 => {
                    let (one, other) = part.split_at(part.len() / 2);
                    parts.push(other.to_vec());
                    parts.push(one.to_vec());
                }
                Ok(UsersAnswer::Spoiled) => {
                    alone_and_spoiled += 1;
                    // Nobody of a whole part: it is not the accounts.
                    if !any_answer && alone_and_spoiled >= USERS_AT_ONCE.min(all.len()) {
                        self.report.full_names_refused = true;
                        return Ok(());
                    }
                }
                Err(error) => {
                    if self.failed(&error) {
                        return Ok(());
                    }
                }
            }
            self.answered().await?;
        }
        Ok(())
    }

    /// User names from the viewers of videos, as long as somebody is not told.
    async fn ask_for_viewers(&mut self, cancel: &CancellationToken) -> Result<()> {
        if self.report.ended_early.is_some() {
            return Ok(());
        }
        let mut videos: BTreeSet<SessionId> = self.videos_of_open();
        while let Some(video) = videos.pop_first() {
            if cancel.is_cancelled() {
                return Ok(());
            }
            let is_wanted = self.open.iter().any(|id| self.watched.get(id).is_some_and(|of| of.contains(&video)));
            if !is_wanted || self.closed.contains(&video) {
                continue;
            }
            self.report.asked_videos += 1;
            match self.run.source.viewers(video).await {
                Ok(ViewersAnswer::Viewers(viewers)) => {
                    self.in_a_row = 0;
                    self.told.insert(video);
                    for (id, name) in viewers {
                        // Only people of these courses; and a user name never takes the place of a full one.
                        if self.open.contains(&id) && name.shown().is_some() {
                            self.learn(id, NameState::Named, name);
                        }
                    }
                }
                Ok(ViewersAnswer::Refused) => self.report.refused_videos += 1,
                Err(error) => {
                    if self.failed(&error) {
                        return Ok(());
                    }
                }
            }
            self.answered().await?;
        }
        Ok(())
    }

    fn videos_of_open(&self) -> BTreeSet<SessionId> {
        self.open.iter().filter_map(|id| self.watched.get(id)).flatten().copied().collect()
    }

    /// What follows from silence: where every road was open, nobody's account; where one was closed, a refusal.
    fn conclude(&mut self) {
        if self.any_failed {
            return;
        }
        for id in std::mem::take(&mut self.open) {
            let Some(videos) = self.watched.get(&id) else { continue };
            // Where not everything was asked, silence says nothing.
            if !videos.is_disjoint(&self.closed) {
                continue;
            }
            let all_told = videos.is_subset(&self.told);
            let state = if all_told { NameState::Anonymous } else { NameState::Refused };
            self.learn(id, state, AccountName::default());
        }
    }

    /// Notes a failure. Returns whether to stop.
    fn failed(&mut self, error: &Error) -> bool {
        self.in_a_row += 1;
        self.any_failed = true;
        let concerns_all = match error.code() {
            ErrorCode::Network
            | ErrorCode::Timeout
            | ErrorCode::RateLimited
            | ErrorCode::NoRights
            | ErrorCode::NotFound
            | ErrorCode::ServerRejected
            | ErrorCode::ServerChanged
            | ErrorCode::InvalidInput
            | ErrorCode::CourseFileInvalid
            | ErrorCode::DataFileInvalid
            | ErrorCode::Busy
            | ErrorCode::Internal => self.in_a_row >= MOST_FAILURES_IN_A_ROW,
            ErrorCode::BadCredentials
            | ErrorCode::NotConfigured
            | ErrorCode::KeychainUnavailable
            | ErrorCode::KeychainLocked
            | ErrorCode::Disk
            | ErrorCode::Cancelled => true,
        };
        if concerns_all {
            self.report.ended_early = Some(Failure::from(error));
        }
        concerns_all
    }

    async fn answered(&mut self) -> Result<()> {
        (self.run.tell)(self.progress());
        self.unsaved += 1;
        if self.unsaved >= SAVED_AFTER {
            self.save().await?;
        }
        Ok(())
    }

    async fn save(&mut self) -> Result<()> {
        self.unsaved = 0;
        if self.people == self.saved {
            return Ok(());
        }
        self.saved = self.people.clone();
        let (folder, lock, people) = (self.run.folder.clone(), Arc::clone(self.run.lock), self.people.clone());
        on_the_disk(move || Ok(folder.save_people(&lock, &people)?)).await
    }

    fn finished(mut self) -> NamesReport {
        for id in self.watched.keys() {
            let counter = match self.people.names.get(id).map(|known| &known.state) {
                Some(Recorded::Known(NameState::Named)) => &mut self.report.named,
                Some(Recorded::Known(NameState::Deleted)) => &mut self.report.deleted,
                Some(Recorded::Known(NameState::Anonymous)) => &mut self.report.not_signed_in,
                Some(Recorded::Known(NameState::Refused) | Recorded::Unknown(_)) | None => &mut self.report.unknown,
            };
            *counter += 1;
        }
        self.report
    }
}

/// The accounts with viewing in these courses, left out or not, each with the videos it watched.
fn watched_by(folder: &DataFolder, courses: &[model::FolderId]) -> Result<Watched> {
    let mut watched = Watched::new();
    for course in courses {
        let found = match Views::default().course(folder, *course, chrono_tz::Tz::UTC) {
            Ok(found) => found,
            // Nothing is fetched of it yet.
            Err(error) if error.code() == ErrorCode::NotFound => continue,
            Err(error) => return Err(error),
        };
        let all: BTreeSet<SessionId> = found.views.videos().iter().map(|video| video.session_id).collect();
        for person in found.people.left_out() {
            // What they watched is not laid out: any video may tell their names.
            person.accounts.iter().for_each(|id| watched.entry(*id).or_default().extend(&all));
        }
        for (video, info) in found.views.videos().iter().enumerate() {
            for of in people_of_video(&found.views, video, ViewingSpan::of_days(DateRange::ALL)) {
                for id in &found.people.people()[of.person as usize].accounts {
                    watched.entry(*id).or_default().insert(info.session_id);
                }
            }
        }
    }
    Ok(watched)
}

async fn on_the_disk<T: Send + 'static>(work: impl FnOnce() -> Result<T> + Send + 'static) -> Result<T> {
    tokio::task::spawn_blocking(work)
        .await
        .map_err(|error| Error::new(ErrorCode::Internal, "Keeping names did not end").with_source(error))?
}
