//! The stored course on blocking threads, and the promise that a stop waits for them.
//!
//! Invariant: what a blocking thread holds, the folder's lock above all, is dropped before its tracker counts it as done,
//! also where a stop leaves the result unread.

use tokio::task::JoinHandle;
use tokio_util::task::TaskTracker;
use tokio_util::task::task_tracker::TaskTrackerToken;

use super::stored::StoredCourse;
use crate::{Error, ErrorCode, Result};

/// The stored course, lent to blocking threads and back.
pub(super) struct LentCourse {
    stored: Option<Box<StoredCourse>>,
    tasks: TaskTracker,
}

impl LentCourse {
    /// No course yet; `tasks` counts the threads that will have it.
    pub(super) const fn none(tasks: TaskTracker) -> Self {
        Self { stored: None, tasks }
    }

    pub(super) fn put(&mut self, stored: StoredCourse) {
        self.stored = Some(Box::new(stored));
    }

    pub(super) async fn with<T: Send + 'static>(
        &mut self,
        work: impl FnOnce(&mut StoredCourse) -> Result<T> + Send + 'static,
    ) -> Result<T> {
        let Some(mut stored) = self.stored.take() else { return Err(lost()) };
        let worked = tracked(&self.tasks, move || {
            let result = work(&mut stored);
            (stored, result)
        });
        let ((stored, result), _) = worked.await.map_err(|error| lost().with_source(error))?;
        self.stored = Some(stored);
        result
    }

    pub(super) fn get_mut(&mut self) -> Result<&mut StoredCourse> {
        self.stored.as_deref_mut().ok_or_else(lost)
    }

    pub(super) fn get(&self) -> Result<&StoredCourse> {
        self.stored.as_deref().ok_or_else(lost)
    }
}

/// Runs blocking work. It counts as done only once its result is dropped, because the result may hold the folder's lock, and a
/// stop leaves it unread.
pub(super) fn tracked<T: Send + 'static>(
    tracker: &TaskTracker,
    work: impl FnOnce() -> T + Send + 'static,
) -> JoinHandle<(T, TaskTrackerToken)> {
    let token = tracker.token();
    tokio::task::spawn_blocking(move || (work(), token))
}

pub(super) fn lost() -> Error {
    Error::new(ErrorCode::Internal, "The stored course is lost: storing it did not end")
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;
    use std::sync::atomic::{AtomicBool, Ordering};
    use std::time::Duration;

    use super::*;

    /// Lets go of what it holds slowly, as a lock does on a busy machine.
    struct Held(Arc<AtomicBool>);

    impl Drop for Held {
        fn drop(&mut self) {
            std::thread::sleep(Duration::from_millis(100));
            self.0.store(true, Ordering::SeqCst);
        }
    }

    #[tokio::test]
    async fn work_whose_result_nobody_reads_counts_until_the_result_is_dropped() {
        let (tracker, is_free) = (TaskTracker::new(), Arc::new(AtomicBool::new(false)));
        let held = Held(Arc::clone(&is_free));
        // The stop.
        drop(tracked(&tracker, move || held));
        tracker.close();
        tracker.wait().await;
        assert!(is_free.load(Ordering::SeqCst));
    }
}
