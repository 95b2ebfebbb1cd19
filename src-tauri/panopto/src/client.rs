//! Everything that this program asks of a Panopto server, in the program's own terms.

use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use chrono::{DateTime, Utc};
use model::{FolderId, SessionId, UserId};

use crate::connection::Connection;
use crate::oauth::wire::user_info;
use crate::rest::route::RestCall;
use crate::rest::wire::{folder, folder_page, session, session_page, viewer_page};
use crate::{
    CaptionsAnswer, Counters, Error, Folder, FolderParts, ManyAnswer, Options, Pause, Proof, Refusal, Result, Server,
    Session, SessionAnswer, SessionState, SignIn, SignedIn, TokenStore, UnprovenZero, Usage, UsageRange, UsageSink,
    UsersAnswer, ViewersAnswer,
};

/// A connection to one server as one user. Clones share its sign-in, pace and connections.
///
/// Needs a tokio runtime. Dropping a call's future cancels the call. A renewal of the sign-in that has begun still runs
/// to its end, so that a rotated token is never lost.
#[derive(Clone)]
pub struct Client {
    inner: Arc<Connection>,
}

impl Client {
    /// Creates a client for `server` without making a call. [`crate::Error::CaFile`] if an extra certificate cannot be
    /// used.
    pub fn new(server: Server, sign_in: SignIn, tokens: Arc<dyn TokenStore>, options: Options) -> Result<Self> {
        Ok(Self { inner: Arc::new(Connection::new(server, sign_in, tokens, options)?) })
    }

    /// The server that this client talks to.
    pub fn server(&self) -> &Server {
        &self.inner.transport.server
    }

    /// Receives, from now on, the reasons why calls of this client and its clones wait: before a retry, and when a
    /// published limit is used up.
    pub fn pauses(&self) -> tokio::sync::broadcast::Receiver<Pause> {
        self.inner.transport.pauses.subscribe()
    }

    /// The calls made so far.
    pub fn counters(&self) -> Counters {
        let counts = &self.inner.transport.counts;
        let read = |counter: &AtomicU64| counter.load(Ordering::Relaxed);
        Counters {
            rest: read(&counts.rest),
            soap: read(&counts.soap),
            usage: read(&counts.usage),
            token: read(&counts.token),
            retries: read(&counts.retries),
        }
    }

    /// The time by the server's clock: the `Date` of its latest successful reply plus the time since then. `None`
    /// before the first such reply, and if the server gives no credible date.
    pub fn server_time(&self) -> Option<DateTime<Utc>> {
        self.inner.transport.clock.now()
    }

    /// Signs in and returns who is signed in: the first half of *Test connection*.
    pub async fn who_am_i(&self) -> Result<SignedIn> {
        let password = self.inner.password.as_ref();
        let by_password = |name: &str| SignedIn { user_id: None, name: None, user_name: Some(name.to_owned()) };
        if let (Some(who), false) = (password, self.inner.tokens.available()) {
            self.inner.ticket(None).await?;
            return Ok(by_password(&who.user_name));
        }
        let call = RestCall::user_info(self.server());
        match (self.inner.rest(&call, |reply| user_info(&reply.body)).await, password) {
            // A token without the scope `openid` is accepted everywhere except here.
            (Err(Error::NoRights { .. } | Error::BadCredentials { refusal: Refusal::Token, .. }), Some(who)) => {
                Ok(by_password(&who.user_name))
            }
            (answer, _) => answer,
        }
    }

    /// Checks that usage calls can be signed in, by getting the SOAP cookie or logging on: the second half of *Test
    /// connection*.
    pub async fn check_usage_access(&self) -> Result<()> {
        self.inner.ticket(None).await.map(|_| ())
    }

    /// One folder. [`crate::Error::NotFound`] if it does not exist or is hidden.
    pub async fn folder(&self, id: FolderId) -> Result<Folder> {
        self.inner.rest(&RestCall::folder(self.server(), id), |reply| folder(&reply.body)).await
    }

    /// Asks about one video. Any reply that is not a [`SessionAnswer`] is an error and says nothing about the video: a
    /// 404 from a proxy, a reply about another video, a broken connection.
    pub async fn session(&self, id: SessionId) -> Result<SessionAnswer> {
        match self.inner.rest(&RestCall::session(self.server(), id), |reply| session(&reply.body, id)).await {
            Ok(found) => Ok(SessionAnswer::Found(Box::new(found))),
            Err(Error::NotFound { .. }) => Ok(SessionAnswer::Gone),
            Err(Error::NoRights { .. }) => Ok(SessionAnswer::Refused),
            Err(error) => Err(error),
        }
    }

    /// Asks for the captions of one video, in the language that the server names for it, else in the others it has. An error
    /// says nothing about the video. Costs one call where there are none, mostly two where there are some.
    pub async fn captions(&self, video: SessionId) -> Result<CaptionsAnswer> {
        self.inner.captions(video).await
    }

    /// Asks who watched one video: everybody with an account, from all pages, with their user names.
    pub async fn viewers(&self, video: SessionId) -> Result<ViewersAnswer> {
        let call = RestCall::viewers(self.server(), video);
        match self.inner.list(&call, usize::MAX, viewer_page, |viewer| viewer.id, |_| ()).await {
            Ok(viewers) => Ok(ViewersAnswer::Viewers(viewers)),
            Err(Error::NotFound { .. }) => Ok(ViewersAnswer::Gone),
            Err(Error::NoRights { .. }) => Ok(ViewersAnswer::Refused),
            Err(error) => Err(error),
        }
    }

    /// Asks for the names of accounts, at most [`crate::USERS_AT_ONCE`] of them. An account that the server does not tell of is not
    /// in the answer. One account can spoil the call for all: ask for them in smaller parts then.
    pub async fn users(&self, ids: &[UserId]) -> Result<UsersAnswer> {
        self.inner.users(ids).await
    }

    /// Asks which accounts may add recordings to a folder. Members of groups are not told.
    pub async fn creators_of(&self, folder: FolderId) -> Result<ManyAnswer<UserId>> {
        self.inner.creators_of(folder).await
    }

    /// Asks for the folders and videos directly in these folders, at most [`crate::IDS_AT_ONCE`] of them, in one call that no
    /// published limit counts. A folder that the server does not tell of is not in the answer.
    pub async fn folders_by_id(&self, ids: &[FolderId]) -> Result<ManyAnswer<FolderParts>> {
        self.inner.folders_by_id(ids).await
    }

    /// Asks for these videos, at most [`crate::IDS_AT_ONCE`] of them, likewise.
    pub async fn sessions_by_id(&self, ids: &[SessionId]) -> Result<ManyAnswer<SessionState>> {
        self.inner.sessions_by_id(ids).await
    }

    /// The folders directly inside a folder ([`FolderId::NIL`]: the top level), from all pages, in the server's order
    /// of names. If this user cannot see the folder, the server answers with an empty list, not with an error.
    pub async fn child_folders(&self, parent: FolderId) -> Result<Vec<Folder>> {
        self.folders(&RestCall::children(self.server(), parent), usize::MAX).await
    }

    /// The videos directly inside a folder, from all pages, in the server's order of names, each once. If this user
    /// cannot see the folder, the server answers with an empty list, not with an error.
    ///
    /// `told` receives the videos of each page as it arrives. At the pace of REST a long list takes seconds, so work on
    /// its first videos can begin meanwhile. The list may still fail after that.
    pub async fn sessions_by_page(&self, folder: FolderId, told: impl FnMut(&[Session])) -> Result<Vec<Session>> {
        let call = RestCall::sessions(self.server(), folder);
        self.inner.list(&call, usize::MAX, |body| session_page(body, folder), |session| session.id, told).await
    }

    /// Folders whose names match, best first, at most `limit`. A query word matches the beginning of a word in the
    /// name; `*` or an empty query matches everything.
    pub async fn search_folders(&self, query: &str, limit: usize) -> Result<Vec<Folder>> {
        self.folders(&RestCall::search(self.server(), query), limit).await
    }

    /// The folders in which this user has creator rights: probably a teacher's courses.
    pub async fn creator_folders(&self) -> Result<Vec<Folder>> {
        self.folders(&RestCall::creator_folders(self.server()), usize::MAX).await
    }

    /// Reads the viewing records of one video that were stored in `range` into `sink`, each exactly once; exact
    /// duplicates are genuine and included. Memory does not grow with their number.
    ///
    /// On error, or if the future is dropped, `sink` may hold some of the records: discard them.
    pub async fn usage(&self, session: SessionId, range: UsageRange, sink: &mut dyn UsageSink) -> Result<Usage> {
        self.inner.usage(session, range, sink).await
    }

    /// Whether an empty answer is by now known to mean "no views". Makes no call.
    pub fn is_proven(&self, zero: &UnprovenZero) -> bool {
        self.inner.proof.is_proven(zero)
    }

    /// Whether the proof is the stronger one: the same sign-in later received records of some video. The weaker proof
    /// is that several sign-ins received nothing; it is possible that none of them may see anything.
    pub fn is_proven_by_records(&self, zero: &UnprovenZero) -> bool {
        self.inner.proof.is_proven_by_records(zero)
    }

    /// Signs in before the first usage call, so that the call does not have to wait. Errors are dropped: that call
    /// tries again and reports them.
    pub async fn sign_in_for_usage(&self) {
        let _ = self.inner.ticket(None).await;
    }

    /// Tries to prove that earlier empty answers were real. It asks for one record of `witness` (a video and range
    /// known to have some) and of the latest report that brought records to this client. If neither brings a record, it
    /// signs in again. [`UnprovenZero`] shows the few lines that a caller needs.
    pub async fn prove_signed_in(&self, witness: Option<(SessionId, UsageRange)>) -> Result<Proof> {
        self.inner.prove_signed_in(witness).await
    }

    async fn folders(&self, call: &RestCall, limit: usize) -> Result<Vec<Folder>> {
        self.inner.list(call, limit, folder_page, |folder| folder.id, |_| ()).await
    }
}

impl fmt::Debug for Client {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Client({})", self.server())
    }
}
