//! What the server answers, in the program's own terms: folders, videos, who is signed in, and the contents of a usage
//! report.
//!
//! Deliberately absent: how anything is requested or read.

use chrono::{DateTime, Utc};
use model::{FolderId, SessionId, UserId, ViewingRecord};

use crate::error::BoxError;
use crate::proof::UnprovenZero;

/// A folder.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Folder {
    /// The folder's ID.
    pub id: FolderId,
    /// The folder's name on the server; it may be any text.
    pub name: String,
    /// The folder that contains it directly; `None` at the top level.
    pub parent: Option<FolderId>,
    /// The name of that folder, if the server gave it.
    pub parent_name: Option<String>,
}

/// A video.
#[derive(Debug, Clone, PartialEq)]
pub struct Session {
    /// The video's ID.
    pub id: SessionId,
    /// The video's name on the server; it may be any text.
    pub name: String,
    /// The video's description.
    pub description: Option<String>,
    /// The video's length in seconds; `None` for live and scheduled videos.
    pub duration_secs: Option<f64>,
    /// The folder that contains it.
    pub folder_id: FolderId,
    /// The name of that folder, if the server gave it.
    pub folder_name: Option<String>,
    /// When the recording began or will begin.
    pub start_time: Option<DateTime<Utc>>,
}

/// What the server says about one video.
#[derive(Debug, Clone, PartialEq)]
pub enum SessionAnswer {
    /// It exists, in the folder that [`Session::folder_id`] names.
    Found(Box<Session>),
    /// It does not exist (404 in Panopto's own words).
    Gone,
    /// This user may not see it (403). It may or may not exist.
    Refused,
}

/// Who is signed in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SignedIn {
    /// The user's ID, if the server gave it.
    pub user_id: Option<UserId>,
    /// The name to show.
    pub name: Option<String>,
    /// The name to sign in with, for example `unified\jsmith`.
    pub user_name: Option<String>,
}

/// What a usage report contained.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Usage {
    /// Viewing records given to the sink.
    pub records: u64,
    /// Set if the server answered "none", which may also mean "signed out". Do not store the video as fetched until
    /// `Client::is_proven` confirms it.
    pub emptiness: Option<UnprovenZero>,
}

/// Receives the viewing records of one video, page by page.
pub trait UsageSink: Send {
    /// Forget every record of this video received so far. The report changed while it was being read, so it is read
    /// again.
    fn restart(&mut self);

    /// Takes records out of `page`, in the server's order; whatever remains in it is dropped. `total` is the number of
    /// records that the server gives for the whole report, for progress only. An error ends the call with
    /// [`crate::Error::Sink`].
    fn records(&mut self, page: &mut Vec<ViewingRecord>, total: Option<u64>) -> Result<(), BoxError>;
}

/// How many calls a client and its clones have made, including retries.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Counters {
    /// REST calls, including userinfo and `legacyLogin`.
    pub rest: u64,
    /// SOAP calls.
    pub soap: u64,
    /// SOAP calls for usage reports.
    pub usage: u64,
    /// Token requests.
    pub token: u64,
    /// Retries of any call.
    pub retries: u64,
}
