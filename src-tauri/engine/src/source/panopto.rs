//! The adapter to Panopto: presents its client in the words of the port.
//!
//! Invariant: a video counts as gone only after the server's own 404 for it, and a folder counts as outside a course
//! only if every folder on the way up from it answered under its own ID.

use std::collections::hash_map::Entry;
use std::collections::{HashMap, HashSet};

use chrono::{DateTime, Utc};
use model::{AccountName, FolderId, NameState, SessionId, UsageRange, UserId, ViewingRecord};
use panopto::{BoxError, Client, Pause, SessionAnswer, UsageSink};
use tokio::sync::broadcast::Receiver;
use tokio::sync::broadcast::error::RecvError;

use super::{
    CaptionsAnswer, Containment, FolderAnswer, FolderContent, GlancedFolder, GlancedVideo, OutsideCourse, Proof,
    ProvenGone, RecordSink, SourceVideo, ToldUser, UsersAnswer, VideoAnswer, ViewersAnswer,
};
use crate::folders::about_folder;
use crate::{Error, ErrorCode, Result};

/// How often to try to settle unproven zeros.
pub(crate) const PROOF_ROUNDS: usize = panopto::PROOF_ROUNDS;

/// The most accounts in one call.
pub(crate) const USERS_AT_ONCE: usize = panopto::USERS_AT_ONCE;

/// The most folders or videos in one look.
pub(crate) const GLANCED_AT_ONCE: usize = panopto::IDS_AT_ONCE;

/// How many levels of folders are followed upwards; no real site is that deep.
const MOST_LEVELS: usize = 64;

/// An empty answer that may mean "no views" or "signed out".
#[derive(Debug, Clone, Copy)]
#[must_use = "an empty answer may mean that the call was signed out"]
pub(crate) struct UnprovenZero(panopto::UnprovenZero);

/// Where viewing records come from: a Panopto server, as one user.
#[derive(Debug, Clone)]
pub struct Source {
    client: Client,
}

impl Source {
    /// The server that this client is connected to.
    pub fn new(client: Client) -> Self {
        Self { client }
    }

    /// The name of the folder that is a course.
    pub(crate) async fn course_name(&self, course: FolderId) -> Result<String> {
        let folder = self.client.folder(course).await.map_err(|error| about_folder(error, course))?;
        Ok(folder.name)
    }

    /// What is directly in a folder. Passes its videos to `tell` page by page, before the lists are whole.
    pub(crate) async fn folder(&self, folder: FolderId, tell: &impl Fn(Vec<SourceVideo>)) -> Result<FolderAnswer> {
        let videos = self.client.sessions_by_page(folder, |page| tell(page.iter().cloned().map(video).collect()));
        match futures_util::future::try_join(self.client.child_folders(folder), videos).await {
            Ok((children, videos)) => {
                // The nil ID stands for the top level of the whole site, which is in no folder.
                let children = children.into_iter().filter(|child| child.id != FolderId::NIL);
                Ok(FolderAnswer::Content(FolderContent {
                    subfolders: children.map(|child| (child.id, child.name)).collect(),
                    videos: videos.into_iter().map(video).collect(),
                }))
            }
            Err(error @ (panopto::Error::NotFound { .. } | panopto::Error::NoRights { .. })) => {
                Ok(FolderAnswer::Refused(about_folder(error, folder)))
            }
            Err(error) => Err(error.into()),
        }
    }

    /// Looks at these folders at once, at most [`GLANCED_AT_ONCE`] of them. `None` where the server cannot say of all of them, an
    /// error where it does not let this user ask.
    pub(crate) async fn glance_at_folders(&self, ids: &[FolderId]) -> Result<Option<Vec<GlancedFolder>>> {
        Ok(told(self.client.folders_by_id(ids).await?)?.map(|folders| {
            let glanced = |panopto::FolderParts { id, name, subfolders, sessions }| GlancedFolder {
                id,
                name,
                subfolders: subfolders.into_iter().filter(|folder| *folder != FolderId::NIL).collect(),
                videos: sessions,
            };
            folders.into_iter().map(glanced).collect()
        }))
    }

    /// Looks at these videos at once, likewise.
    pub(crate) async fn glance_at_videos(&self, ids: &[SessionId]) -> Result<Option<Vec<GlancedVideo>>> {
        Ok(told(self.client.sessions_by_id(ids).await?)?.map(|videos| {
            let glanced = |told: panopto::SessionState| GlancedVideo {
                video: video(told.session),
                is_complete: told.is_complete,
            };
            videos.into_iter().map(glanced).collect()
        }))
    }

    /// What the server says about one video. An error says nothing about the video.
    pub(crate) async fn video(&self, id: SessionId) -> Result<VideoAnswer> {
        Ok(match self.client.session(id).await? {
            SessionAnswer::Found(found) => VideoAnswer::Found(Box::new(video(*found))),
            SessionAnswer::Gone => VideoAnswer::Gone(ProvenGone { video: id }),
            SessionAnswer::Refused => VideoAnswer::Refused,
        })
    }

    /// What the server says when asked for the captions of one video. An error says nothing about them.
    pub(crate) async fn captions(&self, video: SessionId) -> Result<CaptionsAnswer> {
        Ok(match self.client.captions(video).await? {
            panopto::CaptionsAnswer::None => CaptionsAnswer::None,
            panopto::CaptionsAnswer::Refused => CaptionsAnswer::Refused,
            panopto::CaptionsAnswer::SignedOut => CaptionsAnswer::SignedOut,
            panopto::CaptionsAnswer::Empty => CaptionsAnswer::Empty,
            panopto::CaptionsAnswer::Text(text) => CaptionsAnswer::Text { language: text.language, bytes: text.bytes },
        })
    }

    /// Who these accounts belong to, at most [`USERS_AT_ONCE`] of them. An error says nothing of anybody.
    pub(crate) async fn users(&self, accounts: &[UserId]) -> Result<UsersAnswer> {
        Ok(match self.client.users(accounts).await? {
            panopto::UsersAnswer::Users(users) => UsersAnswer::Users(users.into_iter().map(user).collect()),
            panopto::UsersAnswer::Refused => UsersAnswer::Refused,
            panopto::UsersAnswer::Spoiled => UsersAnswer::Spoiled,
        })
    }

    /// The accounts that may add recordings to a folder; none where that is not told. An error says nothing of anybody.
    pub(crate) async fn creators_of(&self, folder: FolderId) -> Result<Vec<UserId>> {
        Ok(match self.client.creators_of(folder).await? {
            panopto::ManyAnswer::Told(users) => users,
            panopto::ManyAnswer::Refused | panopto::ManyAnswer::Spoiled => Vec::new(),
        })
    }

    /// Who watched a video. An error says nothing of anybody.
    pub(crate) async fn viewers(&self, video: SessionId) -> Result<ViewersAnswer> {
        Ok(match self.client.viewers(video).await? {
            panopto::ViewersAnswer::Viewers(viewers) => {
                let name = |user_key| AccountName { user_key, ..AccountName::default() };
                ViewersAnswer::Viewers(viewers.into_iter().map(|viewer| (viewer.id, name(viewer.user_key))).collect())
            }
            panopto::ViewersAnswer::Gone | panopto::ViewersAnswer::Refused => ViewersAnswer::Refused,
        })
    }

    /// Whether a folder lies in a course. `inside` are folders known to be in it. Asks for each folder on the way up.
    pub(crate) async fn containment(&self, folder: FolderId, inside: &HashSet<FolderId>) -> Result<Containment> {
        let mut met = HashSet::new();
        let mut at = folder;
        loop {
            if inside.contains(&at) {
                return Ok(Containment::Inside);
            }
            if met.len() >= MOST_LEVELS || !met.insert(at) {
                return Ok(Containment::Unknown(odd_folder(folder)));
            }
            let found = match self.client.folder(at).await {
                Ok(found) if found.id == at => found,
                Ok(_) => return Ok(Containment::Unknown(odd_folder(at))),
                Err(error @ (panopto::Error::NotFound { .. } | panopto::Error::NoRights { .. })) => {
                    return Ok(Containment::Unknown(about_folder(error, at)));
                }
                Err(error) => return Err(error.into()),
            };
            match found.parent.filter(|parent| *parent != FolderId::NIL) {
                Some(parent) => at = parent,
                None => return Ok(Containment::Outside(OutsideCourse(()))),
            }
        }
    }

    /// Reads the records of one video in a range into `sink`, each exactly once. Returns a zero that is still to be
    /// proven if the server says that there are none. After an error, `sink` may hold some of the records: throw them
    /// away.
    pub(crate) async fn records(
        &self,
        video: SessionId,
        range: UsageRange,
        sink: &mut dyn RecordSink,
    ) -> Result<Option<UnprovenZero>> {
        Ok(self.client.usage(video, range, &mut Adapted(sink)).await?.emptiness.map(UnprovenZero))
    }

    /// Whether a zero is known by now to mean "no views", because the same sign-in saw records later.
    pub(crate) fn is_proven_by_records(&self, zero: UnprovenZero) -> bool {
        self.client.is_proven_by_records(&zero.0)
    }

    /// Whether a zero is proven, or several sign-ins agree on it and nothing better can be had.
    pub(crate) fn is_proven_or_agreed(&self, zero: UnprovenZero) -> bool {
        self.client.is_proven(&zero.0)
    }

    /// Tries to prove the sign-in: asks for the records of `witness`, a video and range known to have some.
    pub(crate) async fn prove_signed_in(&self, witness: Option<(SessionId, UsageRange)>) -> Result<Proof> {
        Ok(match self.client.prove_signed_in(witness).await? {
            panopto::Proof::SignedIn => Proof::SignedIn,
            panopto::Proof::AskAgain => Proof::AskAgain,
        })
    }

    /// Signs in for usage calls before the first of them is made.
    pub(crate) async fn sign_in_for_usage(&self) {
        self.client.sign_in_for_usage().await;
    }

    /// The time by the server's clock, if the server has told it.
    pub(crate) fn time(&self) -> Option<DateTime<Utc>> {
        self.client.server_time()
    }

    /// Requests sent so far.
    pub(crate) fn requests(&self) -> u64 {
        let counters = self.client.counters();
        counters.rest + counters.soap + counters.token
    }

    /// Reports why calls wait and for how many seconds, from now on and without end.
    pub(crate) fn pauses(&self) -> Pauses {
        Pauses(self.client.pauses())
    }
}

/// Why calls wait.
pub(crate) struct Pauses(Receiver<Pause>);

impl Pauses {
    /// The next pause: its reason, and its length in seconds. Never returns if there can be no more.
    pub(crate) async fn next(&mut self) -> (String, f64) {
        loop {
            match self.0.recv().await {
                Ok(Pause { reason, length }) => return (reason, length.as_secs_f64()),
                Err(RecvError::Lagged(_)) => {}
                Err(RecvError::Closed) => std::future::pending().await,
            }
        }
    }
}

/// Folders whose place in a course was asked for once.
#[derive(Debug, Default)]
pub(crate) struct KnownPlaces(HashMap<FolderId, Containment>);

impl KnownPlaces {
    /// [`Source::containment`], asked once for each folder.
    pub(crate) async fn of(
        &mut self,
        source: &Source,
        folder: FolderId,
        inside: &HashSet<FolderId>,
    ) -> Result<&Containment> {
        match self.0.entry(folder) {
            Entry::Occupied(known) => Ok(known.into_mut()),
            Entry::Vacant(new) => Ok(new.insert(source.containment(folder, inside).await?)),
        }
    }
}

fn told<T>(answer: panopto::ManyAnswer<T>) -> Result<Option<Vec<T>>> {
    match answer {
        panopto::ManyAnswer::Told(told) => Ok(Some(told)),
        panopto::ManyAnswer::Spoiled => Ok(None),
        panopto::ManyAnswer::Refused => {
            Err(Error::new(ErrorCode::NoRights, "This user may not look at many folders at once"))
        }
    }
}

fn odd_folder(folder: FolderId) -> Error {
    Error::new(ErrorCode::ServerChanged, format!("Where the folder {folder} lies cannot be followed upwards"))
        .with_hint("Sync again; if it stays, look at the folder in Panopto")
}

fn video(session: panopto::Session) -> SourceVideo {
    SourceVideo {
        id: session.id,
        name: session.name,
        description: session.description,
        duration_secs: session.duration_secs,
        folder: session.folder_id,
        folder_name: session.folder_name,
    }
}

/// What the site's plug-ins write over the names of somebody who asks to be forgotten.
const DELETED: &str = "--Deleted--";

fn user(user: panopto::User) -> ToldUser {
    let panopto::User { id, user_key, first, last, email, role } = user;
    if [&first, &last, &email].contains(&&DELETED.to_owned()) {
        return ToldUser { id, state: NameState::Deleted, name: AccountName::default(), role: None };
    }
    ToldUser { id, state: NameState::Named, name: AccountName { user_key, first, last, email }, role }
}

/// Presents our sink in the form that the client wants.
struct Adapted<'a>(&'a mut dyn RecordSink);

impl UsageSink for Adapted<'_> {
    fn restart(&mut self) {
        self.0.restart();
    }

    fn records(&mut self, page: &mut Vec<ViewingRecord>, total: Option<u64>) -> Result<(), BoxError> {
        Ok(self.0.records(page, total)?)
    }
}
