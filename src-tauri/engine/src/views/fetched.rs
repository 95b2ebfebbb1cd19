//! Which videos of a course are fetched. Showing a zero for the others would be a claim that nobody made.
//!
//! The names of the others come from the list of videos, which is there as soon as a first sync has read the folders.
//! Deliberately absent: why they are not fetched, which the course's last attempt tells.

use std::collections::BTreeMap;

use model::{FolderId, SessionId};

use crate::Result;
use crate::store::DataFolder;
use crate::store::journal::{Journal, JournalFile};
use crate::store::missing::check_by_journal;
use crate::store::staging::StagedVideo;
use crate::sync::is_whole_history;

/// What the journal of a course says about its videos.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) struct FetchedVideos {
    told: BTreeMap<SessionId, bool>,
    /// Whether videos that the journal does not name are fetched.
    others: bool,
}

impl FetchedVideos {
    /// The present state. [`crate::ErrorCode::DataFileInvalid`] if the journal claims records that are not there.
    ///
    /// A course that the original fetched has a date and no journal; its videos are fetched, even those that our first
    /// sync has not reached yet. Once one of our syncs has completed, the journal names every fetched video.
    pub(super) fn of_course(folder: &DataFolder, course: FolderId) -> Result<Self> {
        let journal = match Journal::load(folder, course)? {
            JournalFile::Journal(journal) => journal,
            // The next sync reports it and goes on without a journal.
            JournalFile::Nothing | JournalFile::Damaged(_) => return Ok(Self { told: BTreeMap::new(), others: true }),
        };
        check_by_journal(folder, &journal)?;
        let told = journal.videos.iter().map(|(video, state)| (*video, state.fetched_through.is_some())).collect();
        let has_date = || {
            let state = folder.state()?;
            Ok::<_, crate::Error>(state.iter().any(|row| row.id == course && row.last_day.is_some()))
        };
        Ok(Self { told, others: journal.last_complete.is_none() && has_date()? })
    }

    pub(super) fn has(&self, video: SessionId) -> bool {
        self.told.get(&video).copied().unwrap_or(self.others)
    }
}

/// Whether a staged file holds everything that was ever recorded of a video.
pub(super) fn holds_whole_history(staged: &StagedVideo) -> bool {
    is_whole_history(staged.range)
}
