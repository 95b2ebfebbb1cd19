//! The one door to a Panopto server: what the program asks it, in the program's own words.

use std::sync::Arc;

use chrono::{DateTime, Utc};
use model::{FolderId, SessionId, UserId, ViewingRecord};

use crate::{BoxError, Options, Proof, Result, Server, SignIn, TokenStore, UnprovenZero, UsageRange};

/// A folder.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Folder {
    /// Its ID.
    pub id: FolderId,
    /// Its name, as the server has it: any text at all.
    pub name: String,
    /// The folder it is directly in; absent at the top level.
    pub parent: Option<FolderId>,
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
    inner: Arc<Inner>,
}

struct Inner {
    server: Server,
}

impl Client {
    /// A client for `server`; no call is made yet.
    pub fn new(server: Server, sign_in: SignIn, tokens: Arc<dyn TokenStore>, options: Options) -> Result<Self> {
        drop((sign_in, tokens, options));
        Ok(Self { inner: Arc::new(Inner { server }) })
    }

    /// The server.
    pub fn server(&self) -> &Server {
        &self.inner.server
    }

    /// Calls made so far.
    pub fn counters(&self) -> Counters {
        unimplemented!()
    }

    /// Signs in and says as whom: the check of *Test connection*.
    pub async fn who_am_i(&self) -> Result<SignedIn> {
        unimplemented!()
    }

    /// Checks that usage calls can be signed in (takes the SOAP cookie, or logs on): the second half of *Test connection*.
    pub async fn check_usage_access(&self) -> Result<()> {
        unimplemented!()
    }

    /// One folder. [`crate::Error::NotFound`] where it does not exist or is hidden.
    pub async fn folder(&self, id: FolderId) -> Result<Folder> {
        let _ = id;
        unimplemented!()
    }

    /// The folders directly in a folder ([`FolderId::NIL`]: the top level), all pages, in the server's order of names. A
    /// folder this user cannot see answers an empty list, not an error.
    pub async fn child_folders(&self, parent: FolderId) -> Result<Vec<Folder>> {
        let _ = parent;
        unimplemented!()
    }

    /// The videos directly in a folder, all pages, in the server's order of names, each once.
    pub async fn sessions(&self, folder: FolderId) -> Result<Vec<Session>> {
        let _ = folder;
        unimplemented!()
    }

    /// Folders whose names match (by beginnings of words; `*` or nothing: all), best first, at most `limit`.
    pub async fn search_folders(&self, query: &str, limit: usize) -> Result<Vec<Folder>> {
        let _ = (query, limit);
        unimplemented!()
    }

    /// Folders in which this user may create: the likely courses of a teacher.
    pub async fn creator_folders(&self) -> Result<Vec<Folder>> {
        unimplemented!()
    }

    /// Reads the viewing records of one video stored in `range` into `sink`, each exactly once, exact duplicates
    /// included. Memory does not grow with their number.
    ///
    /// On error, or when the future is dropped, `sink` may hold a part of the records: throw it away.
    pub async fn usage(&self, session: SessionId, range: UsageRange, sink: &mut dyn UsageSink) -> Result<Usage> {
        let _ = (session, range, sink);
        unimplemented!()
    }

    /// Whether an empty answer is by now known to mean "no views". Costs no call.
    pub fn is_proven(&self, zero: &UnprovenZero) -> bool {
        let _ = zero;
        unimplemented!()
    }

    /// Makes earlier empty answers believable: asks for one record of `witness`, a video and range known to have some
    /// (without one, that of an earlier non-empty answer of this client). Where that gives nothing, a fresh sign-in is
    /// taken. See the crate's module `proof` for the ten lines a caller needs.
    pub async fn prove_signed_in(&self, witness: Option<(SessionId, UsageRange)>) -> Result<Proof> {
        let _ = witness;
        unimplemented!()
    }
}
