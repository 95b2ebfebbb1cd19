//! The right to write the data folder of a workspace: alone, or for a quick change beside other work.

use std::sync::Arc;

use engine::Result;
use engine::store::{DataFolder, FolderLock};

use crate::workspace::Workspace;

impl Workspace {
    /// The data folder with the exclusive right to write it. [`engine::ErrorCode::Busy`] while this program or another
    /// process writes it. Blocks.
    pub(crate) fn lock_folder(&self) -> Result<(DataFolder, Arc<FolderLock>)> {
        let folder = self.folder()?;
        let lock = self.folder_use.for_long_work(&folder)?;
        self.note_what_was_mended(&lock);
        Ok((folder, lock))
    }

    /// Makes a change that takes milliseconds, to the course list or to a file that a sync never writes. It may be made while
    /// this program syncs or exports. [`engine::ErrorCode::Busy`] while another process writes the folder. Blocks.
    pub(crate) fn change_quickly<T>(&self, change: impl FnOnce(&DataFolder, &FolderLock) -> Result<T>) -> Result<T> {
        let folder = self.folder()?;
        self.folder_use.for_a_quick_change(
            &folder,
            |lock| self.note_what_was_mended(lock),
            |lock| change(&folder, lock),
        )
    }

    fn note_what_was_mended(&self, lock: &FolderLock) {
        for notice in lock.notices() {
            tracing::warn!(code = "data-file-invalid", "{notice}");
            self.findings.add(notice);
        }
    }
}
