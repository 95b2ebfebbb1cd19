//! The one door to a Panopto server: what the program asks it, in the program's own words.

use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use chrono::{DateTime, Utc};
use model::{FolderId, SessionId, UserId, ViewingRecord};

use crate::connection::Connection;
use crate::oauth::wire::user_info;
use crate::rest::route::RestCall;
use crate::rest::wire::{folder, folder_page, session, session_page};
use crate::{
    BoxError, Error, Options, Pause, Proof, Refusal, Result, Server, SignIn, TokenStore, UnprovenZero, UsageRange,
};

/// A folder.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Folder {
    /// Its ID.
    pub id: FolderId,
    /// Its name, as the server has it: any text at all.
    pub name: String,
    /// The folder it is directly in; absent at the top level.
    pub parent: Option<FolderId>,
    /// The name of that folder, if the server told it.
    pub parent_name: Option<String>,
}

/// A video.
#[derive(Debug, Clone, PartialEq)]
pub struct Session {
    /// Its ID.
    pub id: SessionId,
    /// Its name, as the server has it: any text at all.
    pub name: String,
    /// Its description.
    pub description: Option<String>,
    /// Its length in seconds; absent for live and scheduled videos.
    pub duration_secs: Option<f64>,
    /// The folder it is in.
    pub folder_id: FolderId,
    /// The name of that folder, if the server told it.
    pub folder_name: Option<String>,
    /// When it was recorded or will start.
    pub start_time: Option<DateTime<Utc>>,
}

/// What the server says of one video.
#[derive(Debug, Clone, PartialEq)]
pub enum SessionAnswer {
    /// It is there, in the folder that [`Session::folder_id`] names.
    Found(Box<Session>),
    /// It does not exist (404 in Panopto's own words).
    Gone,
    /// This user may not see it (403). It may exist or not.
    Refused,
}

/// Who is signed in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SignedIn {
    /// The user's ID, if the server told it.
    pub user_id: Option<UserId>,
    /// The name to show.
    pub name: Option<String>,
    /// The name to sign in with, for example `unified\jsmith`.
    pub user_name: Option<String>,
}

/// What a usage report held.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Usage {
    /// Viewing records given to the sink.
    pub records: u64,
    /// Set when the server answered "none": that may also mean "signed out". Do not store the video as fetched before
    /// [`Client::is_proven`] says so.
    pub emptiness: Option<UnprovenZero>,
}

/// Takes over the viewing records of one video, page by page.
pub trait UsageSink: Send {
    /// Forget every record of this video given so far: the report changed while it was read and is read again.
    fn restart(&mut self);

    /// Takes records out of `page` (what is left in it is dropped), in the server's order. `total` is how many the server
    /// says the whole report has, for progress only. An error ends the call with [`crate::Error::Sink`].
    fn records(&mut self, page: &mut Vec<ViewingRecord>, total: Option<u64>) -> Result<(), BoxError>;
}

/// How many calls were made by a client and its clones, tries included.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Counters {
    /// REST calls (userinfo and `legacyLogin` included).
    pub rest: u64,
    /// SOAP calls.
    pub soap: u64,
    /// Of those, usage calls.
    pub usage: u64,
    /// Token requests.
    pub token: u64,
    /// Of all, repeated tries.
    pub retries: u64,
}

/// A connection to one server as one user. Clones share sign-in, pace and connections.
///
/// Needs a tokio runtime. Every call can be cancelled by dropping its future; a renewal of the sign-in that is under way
/// completes all the same, so that a rotated token is never lost.
#[derive(Clone)]
pub struct Client {
    inner: Arc<Connection>,
}

impl Client {
    /// A client for `server`; no call is made yet. [`crate::Error::NotConfigured`] if the extra certificate is damaged.
    pub fn new(server: Server, sign_in: SignIn, tokens: Arc<dyn TokenStore>, options: Options) -> Result<Self> {
        Ok(Self { inner: Arc::new(Connection::new(server, sign_in, tokens, options)?) })
    }

    /// The server.
    pub fn server(&self) -> &Server {
        &self.inner.transport.server
    }

    /// Tells from now on why calls of this client and its clones wait: before a try is repeated, and where the published
    /// limits are used up.
    pub fn pauses(&self) -> tokio::sync::broadcast::Receiver<Pause> {
        self.inner.transport.options.pauses.subscribe()
    }

    /// Calls made so far.
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

    /// What time it is by the server's clock: from the `Date` of its latest successful reply, and the time passed since.
    /// `None` before the first, and where the server tells no time that can be believed.
    pub fn server_time(&self) -> Option<DateTime<Utc>> {
        self.inner.transport.clock.now()
    }

    /// Signs in and says as whom: the first half of *Test connection*.
    pub async fn who_am_i(&self) -> Result<SignedIn> {
        let password = self.inner.password.as_ref();
        let by_password = |name: &str| SignedIn { user_id: None, name: None, user_name: Some(name.to_owned()) };
        if let (Some(who), false) = (password, self.inner.tokens.available()) {
            self.inner.ticket(None).await?;
            return Ok(by_password(&who.user_name));
        }
        let call = RestCall::user_info(self.server());
        match (self.inner.rest(&call, |reply| user_info(&reply.body)).await, password) {
            // A token without the scope `openid` opens everything but this.
            (Err(Error::NoRights { .. } | Error::BadCredentials { refusal: Refusal::Token, .. }), Some(who)) => {
                Ok(by_password(&who.user_name))
            }
            (answer, _) => answer,
        }
    }

    /// Checks that usage calls can be signed in (takes the SOAP cookie, or logs on): the second half of *Test connection*.
    pub async fn check_usage_access(&self) -> Result<()> {
        self.inner.ticket(None).await.map(|_| ())
    }

    /// One folder. [`crate::Error::NotFound`] where it does not exist or is hidden.
    pub async fn folder(&self, id: FolderId) -> Result<Folder> {
        self.inner.rest(&RestCall::folder(self.server(), id), |reply| folder(&reply.body)).await
    }

    /// One video. Any other answer than these three is an error and says nothing about the video: a 404 from a proxy, a
    /// reply about another video, a broken connection.
    pub async fn session(&self, id: SessionId) -> Result<SessionAnswer> {
        match self.inner.rest(&RestCall::session(self.server(), id), |reply| session(&reply.body, id)).await {
            Ok(found) => Ok(SessionAnswer::Found(Box::new(found))),
            Err(Error::NotFound { .. }) => Ok(SessionAnswer::Gone),
            Err(Error::NoRights { .. }) => Ok(SessionAnswer::Refused),
            Err(error) => Err(error),
        }
    }

    /// The folders directly in a folder ([`FolderId::NIL`]: the top level), all pages, in the server's order of names. A
    /// folder this user cannot see answers an empty list, not an error.
    pub async fn child_folders(&self, parent: FolderId) -> Result<Vec<Folder>> {
        self.folders(&RestCall::children(self.server(), parent), usize::MAX).await
    }

    /// The videos directly in a folder, all pages, in the server's order of names, each once. A folder this user cannot see
    /// answers an empty list, not an error.
    pub async fn sessions(&self, folder: FolderId) -> Result<Vec<Session>> {
        self.sessions_by_page(folder, |_| ()).await
    }

    /// [`Client::sessions`], which tells `told` of the videos of each page as it comes: the pace of REST makes a long list
    /// take seconds, in which the first videos can be worked on. The list may still fail after that.
    pub async fn sessions_by_page(&self, folder: FolderId, told: impl FnMut(&[Session])) -> Result<Vec<Session>> {
        let call = RestCall::sessions(self.server(), folder);
        self.inner.list(&call, usize::MAX, |body| session_page(body, folder), |session| session.id, told).await
    }

    /// Folders whose names match (by beginnings of words; `*` or nothing: all), best first, at most `limit`.
    pub async fn search_folders(&self, query: &str, limit: usize) -> Result<Vec<Folder>> {
        self.folders(&RestCall::search(self.server(), query), limit).await
    }

    /// The folders this user has creator rights in: the likely courses of a teacher.
    pub async fn creator_folders(&self) -> Result<Vec<Folder>> {
        self.folders(&RestCall::creator_folders(self.server()), usize::MAX).await
    }

    /// Reads the viewing records of one video stored in `range` into `sink`, each exactly once, exact duplicates
    /// included. Memory does not grow with their number.
    ///
    /// On error, or when the future is dropped, `sink` may hold a part of the records: throw it away.
    pub async fn usage(&self, session: SessionId, range: UsageRange, sink: &mut dyn UsageSink) -> Result<Usage> {
        self.inner.usage(session, range, sink).await
    }

    /// Whether an empty answer is by now known to mean "no views". Costs no call.
    pub fn is_proven(&self, zero: &UnprovenZero) -> bool {
        self.inner.proof.is_proven(zero)
    }

    /// Whether the proof is the better one: the same sign-in was shown records later, of whatever video. Else several
    /// sign-ins agree on nothing, and perhaps none of them can see anything.
    pub fn is_proven_by_records(&self, zero: &UnprovenZero) -> bool {
        self.inner.proof.is_proven_by_records(zero)
    }

    /// Signs in for usage calls ahead of the first of them, so that it need not wait. What goes wrong is told by that call,
    /// which then tries anew.
    pub async fn sign_in_for_usage(&self) {
        let _ = self.inner.ticket(None).await;
    }

    /// Makes earlier empty answers believable: asks for one record of `witness`, a video and range known to have some
    /// (and, without or beside one, of an earlier non-empty answer of this client). Where that gives nothing, a fresh
    /// sign-in is taken. [`UnprovenZero`] shows the few lines a caller needs.
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
