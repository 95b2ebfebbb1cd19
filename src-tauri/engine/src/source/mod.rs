//! The port between where records come from and what is stored: lists with how sure they are, records with their proof.
//!
//! `sync` speaks to a [`Source`] in these words and knows no server. The adapter to Panopto is `panopto.rs`, the only file of
//! the use cases that names that crate for what a sync needs. Deliberately absent: a trait. There is one source, and
//! tests replace the server behind it, not the source.
//!
//! Invariant: what leads to the removal of a video is a [`ProvenGone`], and only this module makes one, from what the source
//! said of that very video. No list can be turned into one.

mod panopto;

use model::{AccountName, FolderId, NameState, SessionId, UserId, ViewingRecord};

use crate::{Error, Result};

pub use self::panopto::Source;
pub(crate) use self::panopto::{KnownPlaces, PROOF_ROUNDS, USERS_AT_ONCE, UnprovenZero};

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
    /// The name of that folder, where the source told it.
    pub(crate) folder_name: Option<String>,
}

/// What is directly in a folder, as far as its lists tell.
///
/// A list that is short, or empty, proves nothing: a hidden folder, lost rights and a bad hour all look like this.
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

/// What the source says of one video.
#[derive(Debug)]
pub(crate) enum VideoAnswer {
    /// It is there.
    Found(Box<SourceVideo>),
    /// It is not.
    Gone(ProvenGone),
    /// This user may not see it; it may exist or not.
    Refused,
}

/// What the source says when it is asked for the captions of one video.
#[derive(Debug)]
pub(crate) enum CaptionsAnswer {
    /// There are none.
    None,
    /// This user may not see them.
    Refused,
    /// It takes the call for signed out.
    SignedOut,
    /// There is nothing in them.
    Empty,
    /// The captions.
    Text {
        /// The language, where it was asked for by name.
        language: Option<&'static str>,
        /// The file.
        bytes: Vec<u8>,
    },
}

/// What the source says when it is asked who accounts belong to.
pub(crate) enum UsersAnswer {
    /// Those that it tells of.
    Users(Vec<(UserId, NameState, AccountName)>),
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
    /// Elsewhere: the way up from it was followed to its end.
    Outside(OutsideCourse),
    /// The way up could not be followed.
    Unknown(Error),
}

/// Proof that a folder is outside a course: each folder on the way up from it was asked.
#[derive(Debug, Clone, Copy)]
pub(crate) struct OutsideCourse(());

/// Proof that a video has left a course: what its source said of that very video.
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

/// Takes over the viewing records of one video, page by page.
pub(crate) trait RecordSink: Send {
    /// Forget every record given so far: the report changed while it was read and is read again.
    fn restart(&mut self);

    /// Takes records out of `page`, in the source's order. `total` is how many the source says there are, for progress.
    fn records(&mut self, page: &mut Vec<ViewingRecord>, total: Option<u64>) -> Result<()>;
}

/// Whether the sign-in can see records.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Proof {
    /// It can: zeros that came with it are proven.
    SignedIn,
    /// Nothing was proven; the sign-in is a fresh one, so what is unproven is worth asking once more.
    AskAgain,
}
