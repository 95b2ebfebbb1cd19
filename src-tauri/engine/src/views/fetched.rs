//! Which videos of a course have never been fetched. A zero beside them would be a claim without any basis.
//!
//! Their names come from the list of videos, which exists as soon as a first sync has read the folders. Deliberately
//! absent: why they have not been fetched, which the course's last attempt says.

use std::collections::HashSet;

use model::SessionId;

use super::CourseFacts;
use crate::Result;
use crate::store::DataFolder;
use crate::store::journal::{Journal, JournalFile};

/// The videos of a course whose records have never been fetched, not even in part.
///
/// A course that the original tool fetched has a date and no journal; its videos count as fetched.
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
