//! The jobs that are under way, and how to stop them.
//!
//! The window makes up the ID of a job. Deliberately absent: what a job does and what it reports.
//!
//! Invariant: a job is listed exactly as long as its [`Job`] lives, however it ends, a panic included.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use engine::{Error, ErrorCode};
use tokio_util::sync::CancellationToken;

/// What a job does, as far as other jobs need to know.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum JobKind {
    /// Fetches viewing records.
    Sync,
    /// Writes the dataset for Tableau.
    Export,
    /// Moves the data folder.
    Move,
    /// Waits for a sign-in in the browser.
    SignIn,
    /// Prepares the sample courses.
    Sample,
    /// Fetches the names of viewers.
    Names,
}

impl JobKind {
    /// Whether the two cannot run side by side. A move changes the ground under everything that reads or writes data.
    /// Whether an export may run beside a sync is decided by the data folder's own lock.
    fn excludes(self, other: Self) -> bool {
        let on_data = |kind| matches!(kind, Self::Sync | Self::Export | Self::Move | Self::Names);
        self == other || (on_data(self) && on_data(other) && (self == Self::Move || other == Self::Move))
    }

    const fn going_on(self) -> &'static str {
        match self {
            Self::Sync => "A sync is running",
            Self::Export => "An export is running",
            Self::Move => "The data folder is being moved",
            Self::SignIn => "A sign-in is waiting for the browser",
            Self::Sample => "The sample courses are being prepared",
            Self::Names => "Names are being fetched",
        }
    }
}

#[derive(Debug)]
struct Entry {
    kind: JobKind,
    token: CancellationToken,
}

/// All jobs of the program. Clones share them.
#[derive(Debug, Clone, Default)]
pub struct Jobs(Arc<Mutex<HashMap<String, Entry>>>);

/// One job; dropping it takes it off the list.
#[derive(Debug)]
pub struct Job {
    jobs: Jobs,
    id: String,
    token: CancellationToken,
}

impl Jobs {
    /// Lists a job under the window's ID. [`ErrorCode::Busy`] while a job that excludes it runs, or if the ID is in
    /// use.
    pub fn begin(&self, id: &str, kind: JobKind) -> Result<Job, Error> {
        let mut entries = self.entries();
        let in_the_way = entries.values().map(|entry| entry.kind).find(|other| kind.excludes(*other));
        if let Some(other) = in_the_way.or_else(|| entries.get(id).map(|entry| entry.kind)) {
            return Err(Error::new(ErrorCode::Busy, other.going_on())
                .with_hint("Wait until it has ended, or stop it, and try again"));
        }
        let token = CancellationToken::new();
        entries.insert(id.to_owned(), Entry { kind, token: token.clone() });
        Ok(Job { jobs: self.clone(), id: id.to_owned(), token })
    }

    /// Asks a job to stop. An unknown job has just ended.
    pub fn cancel(&self, id: &str) {
        if let Some(entry) = self.entries().get(id) {
            entry.token.cancel();
        }
    }

    /// Asks all jobs to stop.
    pub fn cancel_all(&self) {
        for entry in self.entries().values() {
            entry.token.cancel();
        }
    }

    /// Refuses an action that cannot be done while a job of one of these kinds runs.
    pub(crate) fn refuse_during(&self, kinds: &[JobKind]) -> Result<(), Error> {
        match self.entries().values().map(|entry| entry.kind).find(|kind| kinds.contains(kind)) {
            Some(kind) => Err(Error::new(ErrorCode::Busy, kind.going_on())
                .with_hint("Wait until it has ended, or stop it, and try again")),
            None => Ok(()),
        }
    }

    /// Waits until no job is listed, but no longer than `patience`.
    pub(crate) async fn until_idle(&self, patience: Duration) {
        let start = Instant::now();
        while !self.is_idle() && start.elapsed() < patience {
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    }

    /// Whether no job is listed.
    pub fn is_idle(&self) -> bool {
        self.entries().is_empty()
    }

    fn entries(&self) -> std::sync::MutexGuard<'_, HashMap<String, Entry>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Job {
    /// Signals that the job should stop.
    pub fn token(&self) -> &CancellationToken {
        &self.token
    }
}

impl Drop for Job {
    fn drop(&mut self) {
        self.jobs.entries().remove(&self.id);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_second_sync_is_refused_until_the_first_has_ended() {
        let jobs = Jobs::default();
        let first = jobs.begin("a", JobKind::Sync).unwrap();
        let refusal = jobs.begin("b", JobKind::Sync).unwrap_err();
        assert_eq!((refusal.code(), refusal.message()), (ErrorCode::Busy, "A sync is running"));
        drop(first);
        assert!(jobs.is_idle());
        jobs.begin("b", JobKind::Sync).unwrap();
    }

    #[test]
    fn a_move_and_work_on_the_data_exclude_each_other() {
        let jobs = Jobs::default();
        let export = jobs.begin("a", JobKind::Export).unwrap();
        jobs.begin("b", JobKind::Sync).unwrap();
        assert_eq!(jobs.begin("c", JobKind::Move).unwrap_err().code(), ErrorCode::Busy);
        drop(export);
        let _move = jobs.begin("c", JobKind::Move).unwrap();
        assert_eq!(jobs.begin("d", JobKind::Export).unwrap_err().code(), ErrorCode::Busy);
        jobs.begin("e", JobKind::SignIn).unwrap();
    }

    #[test]
    fn only_the_named_job_is_stopped_and_a_panic_ends_a_job() {
        let jobs = Jobs::default();
        let one = jobs.begin("one", JobKind::Sync).unwrap();
        let other = jobs.begin("other", JobKind::SignIn).unwrap();
        jobs.cancel("one");
        jobs.cancel("never heard of");
        assert!(one.token().is_cancelled() && !other.token().is_cancelled());
        jobs.cancel_all();
        assert!(other.token().is_cancelled());
        drop((one, other));

        let shared = jobs.clone();
        let panicked = std::thread::spawn(move || {
            let _job = shared.begin("x", JobKind::Sync).unwrap();
            panic!("on purpose");
        });
        assert!(panicked.join().is_err());
        assert!(jobs.is_idle());
    }
}
