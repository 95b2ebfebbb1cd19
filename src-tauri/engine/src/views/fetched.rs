//! Which videos of a course were never fetched: a zero beside them would be a claim that nobody made.
//!
//! Their names are known from the list of videos, which is there as soon as a first sync has read the folders. Deliberately
//! absent: why they are not fetched, which the course's last attempt tells.

use std::collections::HashSet;

use model::SessionId;

use super::CourseFacts;
use crate::Result;
use crate::store::DataFolder;
use crate::store::journal::{Journal, JournalFile};

/// Those of a course's videos whose records were never fetched, not even in part.
///
/// A course that was fetched by the original has a date and no journal; its videos are fetched.
pub fn never_fetched(
    folder: &DataFolder,
    course: &CourseFacts,
    videos: impl IntoIterator<Item = SessionId>,
) -> Result<HashSet<SessionId>> {
    let journal = match Journal::load(folder, course.id)? {
        JournalFile::Journal(journal) => journal,
        JournalFile::Nothing | JournalFile::Damaged(_) => return Ok(HashSet::new()),
    };
    let is_missing = |video: &SessionId| match journal.videos.get(video) {
        Some(state) => state.fetched_through.is_none(),
        None => course.fetched_through.is_none(),
    };
    Ok(videos.into_iter().filter(is_missing).collect())
}
