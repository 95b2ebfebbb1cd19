//! What every step of chunking needs: the disk, the number of threads, how to stop, and where to report progress.

use std::num::NonZero;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::thread::Builder;

use model::FolderId;
use tokio_util::sync::CancellationToken;

use crate::store::Disk;
use crate::{Error, Result};

/// How far chunking has got. Reported about once for every MiB that is read, from several threads.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ChunkProgress {
    /// The course being chunked.
    pub course: FolderId,
    /// Bytes of viewing records read so far, over all courses that must be chunked.
    pub read_bytes: u64,
    /// Bytes to read in all.
    pub total_bytes: u64,
}

/// Receives the progress of chunking. It is called from several threads and must return quickly.
pub type OnProgress<'a> = &'a (dyn Fn(ChunkProgress) + Sync);

/// The surroundings of the work.
pub(super) struct Work<'a> {
    pub(super) disk: &'a dyn Disk,
    threads: NonZero<usize>,
    cancel: &'a CancellationToken,
    on_progress: OnProgress<'a>,
    course: FolderId,
    read_bytes: AtomicU64,
    total_bytes: u64,
}

impl<'a> Work<'a> {
    pub(super) fn new(
        disk: &'a dyn Disk,
        threads: NonZero<usize>,
        cancel: &'a CancellationToken,
        on_progress: OnProgress<'a>,
        total_bytes: u64,
    ) -> Self {
        Self { disk, threads, cancel, on_progress, course: FolderId::NIL, read_bytes: AtomicU64::new(0), total_bytes }
    }

    /// From here on the work is for this course.
    pub(super) fn begin_course(&mut self, course: FolderId) {
        self.course = course;
    }

    /// [`crate::ErrorCode::Cancelled`] once the user has stopped the work.
    pub(super) fn check(&self) -> Result<()> {
        if self.cancel.is_cancelled() { Err(Error::cancelled()) } else { Ok(()) }
    }

    /// Counts bytes that were read and reports them.
    pub(super) fn advance(&self, bytes: u64) -> Result<()> {
        self.check()?;
        let read_bytes = self.read_bytes.fetch_add(bytes, Ordering::Relaxed) + bytes;
        (self.on_progress)(ChunkProgress {
            course: self.course,
            read_bytes: read_bytes.min(self.total_bytes),
            total_bytes: self.total_bytes,
        });
        Ok(())
    }

    /// Runs `task` once on each thread and returns the results.
    pub(super) fn on_all_threads<T: Send>(&self, task: impl Fn() -> T + Sync) -> Vec<T> {
        on_threads(self.threads, task)
    }
}

/// Runs `task` once on each of `threads` threads, or on fewer if the system does not provide that many, and returns the
/// results.
pub(crate) fn on_threads<T: Send>(threads: NonZero<usize>, task: impl Fn() -> T + Sync) -> Vec<T> {
    on_threads_built(Builder::new, threads, task)
}

fn on_threads_built<T: Send>(
    builder: impl Fn() -> Builder,
    threads: NonZero<usize>,
    task: impl Fn() -> T + Sync,
) -> Vec<T> {
    std::thread::scope(|scope| {
        let spawn = |_| builder().spawn_scoped(scope, &task).ok();
        let others: Vec<_> = (1..threads.get()).map_while(spawn).collect();
        let mut results = vec![task()];
        for other in others {
            match other.join() {
                Ok(result) => results.push(result),
                Err(panic) => std::panic::resume_unwind(panic),
            }
        }
        results
    })
}

/// The contents of a mutex, even after another thread has panicked: that panic is on its way to the caller anyway.
pub(super) fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn where_the_system_gives_no_thread_the_work_is_done_all_the_same() {
        // No system has room for a stack of this size.
        let refused = || Builder::new().stack_size(usize::MAX / 4);
        assert!(std::thread::scope(|scope| refused().spawn_scoped(scope, || ()).is_err()));
        let threads = NonZero::new(8).unwrap();
        assert_eq!(on_threads_built(refused, threads, || 7), [7]);
        assert_eq!(on_threads(threads, || 7).len(), 8);
    }
}
