//! What the server answers when it is asked about many folders or videos in one call.
//!
//! Deliberately absent: order. The lists of REST have one, these have none that is known. And trust: such an answer may leave
//! something out without a word, so it can show that nothing changed, and only the lists of REST can show what did.

use model::{FolderId, SessionId};

use crate::Session;

/// The most IDs in one call. Nothing is published; a call for folders with more than 53 failed.
pub const IDS_AT_ONCE: usize = 50;

/// What is directly in a folder, by IDs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FolderParts {
    /// The folder.
    pub id: FolderId,
    /// Its name; it may be any text.
    pub name: String,
    /// The folders directly in it.
    pub subfolders: Vec<FolderId>,
    /// The videos directly in it.
    pub sessions: Vec<SessionId>,
}

/// A video, and whether it can be watched already.
#[derive(Debug, Clone, PartialEq)]
pub struct SessionState {
    /// The video. While it is scheduled, its length is the planned one.
    pub session: Session,
    /// Whether it is neither scheduled, nor being recorded, nor being processed.
    pub is_complete: bool,
}

/// What the server says of many folders or videos.
#[derive(Debug, Clone, PartialEq)]
pub enum ManyAnswer<T> {
    /// Those that it tells of, in any order.
    Told(Vec<T>),
    /// This user may not ask.
    Refused,
    /// The call failed as a whole, perhaps because of one of the IDs.
    Spoiled,
}
