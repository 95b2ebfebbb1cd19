//! Which work of this program writes the data folder, so that the program does not lock itself out.
//!
//! A sync or an export holds the folder's lock for minutes. A quick change, to the course list or to a file that a sync
//! never writes (dates, notes), takes milliseconds and shares that lock. Quick changes run one at a time; where a sync
//! writes the same file (course list, state), the two take turns ([`FolderLock::turn`]). Everything else needs the lock to
//! itself. The lock refuses other processes.
//!
//! A nightly run that has the folder is asked to end: whoever sits at the window has the right of way.
//!
//! Invariant: at most one piece of long work at a time holds the lock of this program.

use std::path::PathBuf;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};
use std::time::Duration;

use engine::nightly::ask_night_to_end;
use engine::roster::finish_forgetting;
use engine::store::{DataFolder, FolderLock};
use engine::{Error, ErrorCode, Result};

/// A run ends within seconds: calls to the server end at once, and what is on its way to the disk is finished.
const NIGHT_PATIENCE: Duration = Duration::from_secs(20);

/// The use of a data folder.
#[derive(Debug, Default)]
pub(crate) struct FolderUse {
    /// The lock of the long work under way; dead while there is none.
    held: Mutex<Weak<FolderLock>>,
    /// The folder of the settings, over which a nightly run may go on.
    config_dir: Option<PathBuf>,
}

impl FolderUse {
    /// Beside nightly runs over the settings of this folder.
    pub(crate) fn beside_nights(config_dir: PathBuf) -> Self {
        Self { held: Mutex::default(), config_dir: Some(config_dir) }
    }

    /// The lock for work that has the folder to itself.
    pub(crate) fn for_long_work(&self, folder: &DataFolder) -> Result<Arc<FolderLock>> {
        let mut held = self.held();
        if held.upgrade().is_some_and(|lock| lock.root() == folder.root()) {
            return Err(Error::new(ErrorCode::Busy, "This window is still syncing or exporting")
                .with_hint("Wait until it has ended, or stop it, and try again"));
        }
        let lock = Arc::new(self.lock(folder)?);
        *held = Arc::downgrade(&lock);
        Ok(lock)
    }

    /// Makes a quick change: under the lock of the long work, or else under a lock of its own, which is first passed to
    /// `taken`.
    pub(crate) fn for_a_quick_change<T>(
        &self,
        folder: &DataFolder,
        taken: impl FnOnce(&FolderLock),
        change: impl FnOnce(&FolderLock) -> Result<T>,
    ) -> Result<T> {
        // Kept until the change is done: long work that begins meanwhile waits for it instead of being refused.
        let held = self.held();
        if let Some(lock) = held.upgrade().filter(|lock| lock.root() == folder.root()) {
            return change(&lock);
        }
        let lock = self.lock(folder)?;
        taken(&lock);
        change(&lock)
    }

    /// The lock, once more after a nightly run has ended. Blocks.
    fn lock(&self, folder: &DataFolder) -> Result<FolderLock> {
        let lock = match folder.lock() {
            Err(error)
                if error.code() == ErrorCode::Busy
                    && self.config_dir.as_ref().is_some_and(|dir| ask_night_to_end(dir, NIGHT_PATIENCE)) =>
            {
                folder.lock()?
            }
            lock => lock?,
        };
        finish_forgetting(folder, &lock);
        Ok(lock)
    }

    fn held(&self) -> MutexGuard<'_, Weak<FolderLock>> {
        self.held.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use engine::courses;
    use engine::store::course_list::ListedCourse;
    use model::FolderId;

    use super::*;

    fn course(last: char) -> ListedCourse {
        let id = FolderId::parse(&format!("6513270e-269e-4d37-b2a7-4de452e6b43{last}")).unwrap();
        ListedCourse { id, name: format!("Course {last}") }
    }

    #[test]
    fn the_list_is_changed_during_long_work_and_nothing_else_is() {
        let dir = tempfile::tempdir().unwrap();
        let folder = DataFolder::create(dir.path()).unwrap();
        let in_use = FolderUse::default();
        let syncing = in_use.for_long_work(&folder).unwrap();
        let add = |course| in_use.for_a_quick_change(&folder, |_| (), |lock| courses::add(&folder, lock, [course]));
        add(course('1')).unwrap();
        assert_eq!(in_use.for_long_work(&folder).unwrap_err().code(), ErrorCode::Busy);
        assert_eq!(folder.lock().unwrap_err().kind(), engine::store::ErrorKind::Busy, "another process is refused");
        drop(syncing);
        add(course('2')).unwrap();
        assert_eq!(folder.courses().unwrap(), [course('1'), course('2')]);
        in_use.for_long_work(&folder).unwrap();
    }

    #[test]
    fn changes_made_at_once_do_not_lose_each_other() {
        let dir = tempfile::tempdir().unwrap();
        let folder = DataFolder::create(dir.path()).unwrap();
        let in_use = FolderUse::default();
        let _syncing = in_use.for_long_work(&folder).unwrap();
        std::thread::scope(|scope| {
            for last in '0'..='9' {
                let (folder, in_use) = (&folder, &in_use);
                scope.spawn(move || {
                    in_use
                        .for_a_quick_change(folder, |_| (), |lock| courses::add(folder, lock, [course(last)]))
                        .unwrap()
                });
            }
        });
        assert_eq!(folder.courses().unwrap().len(), 10);
    }
}
