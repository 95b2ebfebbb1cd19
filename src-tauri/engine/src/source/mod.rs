//! The port between the origin of records and what is stored: lists with how certain they are, records with their
//! proof.
//!
//! `sync` speaks to a [`Source`] in these words and knows no server. The adapter to Panopto is `panopto.rs`, the only
//! file of the use cases that names the crate `panopto` for what a sync needs. Deliberately absent: a trait. There is
//! one source, and tests replace the server behind it, not the source.
//!
//! Invariant: only a [`ProvenGone`] leads to the removal of a video, and only this module makes one, from what the
//! source said about that very video. No list can be turned into one.

mod panopto;

use model::{AccountName, FolderId, NameState, PanoptoRole, SessionId, UserId, ViewingRecord};

use crate::{Error, Result};

pub use self::panopto::Source;
pub(crate) use self::panopto::{GLANCED_AT_ONCE, KnownPlaces, PROOF_ROUNDS, USERS_AT_ONCE, UnprovenZero};

/// A video, as its source describes it.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct SourceVideo {
    pub(crate) id: SessionId,
    pub(crate) name: String,
    pub(crate) description: Option<String>,
    /// Length in seconds; absent for live and scheduled videos.
    pub(crate) duration_secs: Option<f64>,
    /// The folder it is in.
    pub(crate) folder: FolderId,
    /// The name of that folder, if the source gave it.
    pub(crate) folder_name: Option<String>,
}

/// What is directly in a folder, according to its lists.
///
/// A short or empty list proves nothing: a hidden folder, lost rights and a bad hour all look like this.
#[derive(Debug, Clone)]
pub(crate) struct FolderContent {
    pub(crate) subfolders: Vec<(FolderId, String)>,
    pub(crate) videos: Vec<SourceVideo>,
}

/// What the source says when it is asked for the lists of a folder.
#[derive(Debug)]
pub(crate) enum FolderAnswer {
    /// Its lists.
    Content(FolderContent),
    /// It refuses them: no such folder, or none for this user.
    Refused(Error),
}

/// What the source says about one video.
#[derive(Debug)]
pub(crate) enum VideoAnswer {
    /// It is there.
    Found(Box<SourceVideo>),
    /// It is not.
    Gone(ProvenGone),
    /// This user may not see it; it may exist or not.
    Refused,
}

/// A folder, as a look at many folders at once shows it.
///
/// It may leave things out without a word, so it proves nothing. Where it shows what is stored, nothing seems to have
/// changed; where it shows anything else, the lists are read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct GlancedFolder {
    pub(crate) id: FolderId,
    pub(crate) name: String,
    pub(crate) subfolders: Vec<FolderId>,
    pub(crate) videos: Vec<SessionId>,
}

/// A video, as a look at many videos at once shows it; likewise.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct GlancedVideo {
    pub(crate) video: SourceVideo,
    /// Whether it can be watched already. Until then its length is the planned one.
    pub(crate) is_complete: bool,
}

/// What the source says when it is asked for the captions of one video.
#[derive(Debug)]
pub(crate) enum CaptionsAnswer {
    /// There are none.
    None,
    /// This user may not see them.
    Refused,
    /// The source treats the call as signed out.
    SignedOut,
    /// There is nothing in them.
    Empty,
    /// The captions.
    Text {
        /// The language, if the captions were requested by language.
        language: Option<&'static str>,
        /// The file.
        bytes: Vec<u8>,
    },
}

/// What the source says of an account.
pub(crate) struct ToldUser {
    pub(crate) id: UserId,
    pub(crate) state: NameState,
    pub(crate) name: AccountName,
    pub(crate) role: Option<PanoptoRole>,
}

/// What the source says when it is asked who accounts belong to.
pub(crate) enum UsersAnswer {
    /// Those that it tells of.
    Users(Vec<ToldUser>),
    /// This user may not ask.
    Refused,
    /// The call failed as a whole, perhaps because of one of the accounts.
    Spoiled,
}

/// What the source says when it is asked who watched a video.
pub(crate) enum ViewersAnswer {
    /// Those with an account, with their user names.
    Viewers(Vec<(UserId, AccountName)>),
    /// There is no such video, or none for this user.
    Refused,
}

/// Where a folder lies.
#[derive(Debug)]
pub(crate) enum Containment {
    /// In the course, directly or further down.
    Inside,
    /// Elsewhere: the way up from it was followed to the top.
    Outside(OutsideCourse),
    /// The way up could not be followed.
    Unknown(Error),
}

/// Proof that a folder is outside a course: each folder on the way up from it was asked for.
#[derive(Debug, Clone, Copy)]
pub(crate) struct OutsideCourse(());

/// Proof that a video has left a course: the source's answer about that very video.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct ProvenGone {
    video: SessionId,
}

impl ProvenGone {
    /// The video was found in a folder that is outside the course.
    pub(crate) fn moved(video: &SourceVideo, _: OutsideCourse) -> Self {
        Self { video: video.id }
    }

    /// The video.
    pub(crate) fn video(self) -> SessionId {
        self.video
    }
}

/// Receives the viewing records of one video, page by page.
pub(crate) trait RecordSink: Send {
    /// Forget all records so far: the report changed while it was being read and is read again.
    fn restart(&mut self);

    /// Takes records out of `page`, in the source's order. `total` is how many the source says there are, for progress.
    fn records(&mut self, page: &mut Vec<ViewingRecord>, total: Option<u64>) -> Result<()>;
}

/// Whether the sign-in can see records.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Proof {
    /// It can: zeros received with it are proven.
    SignedIn,
    /// Nothing was proven. The sign-in is a fresh one, so unproven videos are worth asking about once more.
    AskAgain,
}
