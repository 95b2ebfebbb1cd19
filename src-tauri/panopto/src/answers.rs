//! What the server says, in the program's own words: folders, videos, who is signed in, what a usage report held.
//!
//! Deliberately absent: how any of it is asked for or read.

use chrono::{DateTime, Utc};
use model::{FolderId, SessionId, UserId, ViewingRecord};

use crate::error::BoxError;
use crate::proof::UnprovenZero;

/// A folder.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Folder {
    /// Its ID.
    pub id: FolderId,
    /// Its name on the server: any text at all.
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
    /// Its name on the server: any text at all.
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
    /// Set when the server answered "none", which may also mean "signed out". Do not store the video as fetched before
    /// `Client::is_proven` says so.
    pub emptiness: Option<UnprovenZero>,
}

/// Receives the viewing records of one video, page by page.
pub trait UsageSink: Send {
    /// Forget every record of this video received so far: the report changed while it was read, and is read again.
    fn restart(&mut self);

    /// Takes records out of `page`, in the server's order; what is left in it is dropped. `total` is how many records the
    /// server says the whole report has, for progress only. An error ends the call with [`crate::Error::Sink`].
    fn records(&mut self, page: &mut Vec<ViewingRecord>, total: Option<u64>) -> Result<(), BoxError>;
}

/// How many calls a client and its clones have made, repeated tries included.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Counters {
    /// REST calls (userinfo and `legacyLogin` included).
    pub rest: u64,
    /// SOAP calls.
    pub soap: u64,
    /// SOAP calls for usage reports.
    pub usage: u64,
    /// Token requests.
    pub token: u64,
    /// Repeated tries of any call.
    pub retries: u64,
}
