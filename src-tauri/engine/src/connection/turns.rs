//! Who may renew or change a sign-in: one at a time, within this process and between processes, and nobody after the
//! end has come.
//!
//! Deliberately absent: what is renewed (see [`super::token_keeper`]). If the lock files cannot be created (a nightly
//! job with a read-only home), turns exist only within one process.

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::{Mutex, OwnedMutexGuard};
use tokio_util::task::TaskTracker;
use tokio_util::task::task_tracker::TaskTrackerToken;

use crate::lifetime::Locks;
use crate::store::ProcessLock;
use crate::{Error, ErrorCode, Result};

/// A renewal takes as long as the server does. One that takes longer than this belongs to a process that hangs.
const RENEWAL_PATIENCE: Duration = Duration::from_secs(60);
/// A person who signs in or out waits no longer than this; see [`Turns::take_anyway`].
const CHANGE_PATIENCE: Duration = Duration::from_secs(10);

/// The turns of one connector.
#[derive(Debug)]
pub(super) struct Turns {
    locks: Option<Locks>,
    here: Arc<Mutex<()>>,
    running: TaskTracker,
}

/// A held turn. Dropping it ends it.
pub(super) struct Turn {
    _between: Option<ProcessLock>,
    _here: Option<OwnedMutexGuard<()>>,
    _running: TaskTrackerToken,
}

impl Turns {
    pub(super) fn new(locks: Option<Locks>) -> Self {
        Self { locks, here: Arc::default(), running: TaskTracker::new() }
    }

    /// The turn to renew. [`ErrorCode::Cancelled`] after the end has come, [`ErrorCode::Busy`] if somebody keeps the
    /// turn.
    pub(super) async fn take(&self, host: &str) -> Result<Turn> {
        let running = self.running.token();
        if self.running.is_closed() {
            return Err(Error::cancelled());
        }
        let here = Arc::clone(&self.here).lock_owned().await;
        if self.running.is_closed() {
            return Err(Error::cancelled());
        }
        let between = match self.between_processes(host, RENEWAL_PATIENCE).await {
            Lock::Held(lock) => Some(lock),
            Lock::CannotBeMade => None,
            Lock::KeptBySomebody => {
                return Err(Error::new(
                    ErrorCode::Busy,
                    format!("Another window or command is renewing the sign-in at {host} and does not end"),
                )
                .with_hint("Close it and try again"));
            }
        };
        Ok(Turn { _between: between, _here: Some(here), _running: running })
    }

    /// The turn to sign in or out, for which a person is waiting: granted after a while even if a renewal still holds
    /// it. That renewal then finds that the sign-in has changed; see [`Turns::sign_ins`].
    pub(super) async fn take_anyway(&self, host: &str) -> Turn {
        let running = self.running.token();
        let here = tokio::time::timeout(CHANGE_PATIENCE, Arc::clone(&self.here).lock_owned()).await.ok();
        let between = match self.between_processes(host, CHANGE_PATIENCE).await {
            Lock::Held(lock) => Some(lock),
            Lock::CannotBeMade | Lock::KeptBySomebody => None,
        };
        Turn { _between: between, _here: here, _running: running }
    }

    /// How often the sign-in has been changed so far, here or by another process. Renewals do not count.
    pub(super) async fn sign_ins(&self, host: &str) -> u64 {
        let (locks, host) = (self.locks.clone(), host.to_owned());
        let count = move || locks.map_or(0, |locks| locks.sign_ins(&host));
        tokio::task::spawn_blocking(count).await.unwrap_or(0)
    }

    /// Tells all processes that the sign-in is a different one from now on.
    pub(super) async fn count_sign_in(&self, host: &str) {
        let Some(locks) = self.locks.clone() else { return };
        let host = host.to_owned();
        let counted = tokio::task::spawn_blocking(move || locks.count_sign_in(&host)).await;
        if let Ok(Err(error)) = counted {
            // Other processes go on with the old sign-in until the server ends it.
            tracing::warn!(
                code = error.code().as_str(),
                "other windows and commands are not told of the sign-in: {error}"
            );
        }
    }

    /// Lets no renewal begin from now on. Waits for the one in flight; `false` if that takes longer than `patience`.
    pub(super) async fn end(&self, patience: Duration) -> bool {
        self.running.close();
        tokio::time::timeout(patience, self.running.wait()).await.is_ok()
    }

    /// Whether nobody holds or waits for a turn.
    pub(super) fn is_idle(&self) -> bool {
        self.running.is_empty()
    }

    async fn between_processes(&self, host: &str, patience: Duration) -> Lock {
        let Some(locks) = self.locks.clone() else { return Lock::CannotBeMade };
        let host = host.to_owned();
        match tokio::task::spawn_blocking(move || locks.sign_in(&host, patience)).await {
            Ok(Ok(Some(lock))) => Lock::Held(lock),
            Ok(Ok(None)) => Lock::KeptBySomebody,
            Ok(Err(error)) => {
                tracing::info!("the sign-in is renewed without a turn between processes: {error}");
                Lock::CannotBeMade
            }
            Err(_) => Lock::CannotBeMade,
        }
    }
}

/// The result of trying to take the lock between processes.
enum Lock {
    Held(ProcessLock),
    KeptBySomebody,
    CannotBeMade,
}
