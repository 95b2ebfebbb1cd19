//! Which videos of a course are fetched: a zero beside the others would be a claim that nobody made.
//!
//! The names of the others are known from the list of videos, which is there as soon as a first sync has read the folders.
//! Deliberately absent: why they are not fetched, which the course's last attempt tells.

use std::collections::BTreeMap;

use model::{FolderId, SessionId};

use crate::Result;
use crate::store::DataFolder;
use crate::store::journal::{Journal, JournalFile};
use crate::store::missing::check_by_journal;
use crate::store::staging::StagedVideo;
use crate::sync::is_whole_history;

/// What the journal of a course says of its videos.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct FetchedVideos {
    told: BTreeMap<SessionId, bool>,
    /// Of those that the journal does not name.
    others: bool,
}

impl FetchedVideos {
    /// As it is now. [`crate::ErrorCode::DataFileInvalid`] where the journal claims records that are not there.
    ///
    /// A course that was fetched by the original has a date and no journal; its videos are fetched. So are those that the
    /// first sync of ours has not come to. Once one has completed, the journal names every video that is fetched.
    pub(super) fn of_course(folder: &DataFolder, course: FolderId) -> Result<Self> {
        let journal = match Journal::load(folder, course)? {
            JournalFile::Journal(journal) => journal,
            // The next sync says so and goes on without.
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

/// Whether all that was ever recorded of a video is in a staged file.
pub(super) fn holds_whole_history(staged: &StagedVideo) -> bool {
    is_whole_history(staged.range)
}
