//! When to stop asking: a fault of one video must not stop the others, and a fault that all share must not be tried a
//! thousand times.

use std::future::Future;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};

use tokio_util::sync::CancellationToken;

use crate::{Error, ErrorCode, Result};

/// This many calls in a row that reach nobody, each tried several times by the client, mean that the server or the
/// network is gone.
const OUTAGE_AFTER: usize = 4;

/// Ends the work of a sync, because the user wishes it or because it has become pointless.
pub(super) struct Halt {
    cancel: CancellationToken,
    pointless: CancellationToken,
    reason: Mutex<Option<Error>>,
    unreachable_in_a_row: AtomicUsize,
}

impl Halt {
    /// Follows the user's wish.
    pub(super) fn new(cancel: &CancellationToken) -> Self {
        Self {
            cancel: cancel.clone(),
            pointless: CancellationToken::new(),
            reason: Mutex::new(None),
            unreachable_in_a_row: AtomicUsize::new(0),
        }
    }

    /// The user's wish.
    pub(super) fn cancel(&self) -> &CancellationToken {
        &self.cancel
    }

    /// Why the work has become pointless, if it has.
    pub(super) fn reason(&self) -> Option<Error> {
        self.reason.lock().unwrap_or_else(PoisonError::into_inner).as_ref().map(Error::repeated)
    }

    /// Does `work` until it ends or there is reason to stop; does not begin it if there already is.
    pub(super) async fn unless_stopped<T>(&self, work: impl Future<Output = Result<T>>) -> Result<T> {
        tokio::select! {
            biased;
            () = self.cancel.cancelled() => Err(Error::cancelled()),
            () = self.pointless.cancelled() => Err(self.reason().unwrap_or_else(Error::cancelled)),
            done = work => done,
        }
    }

    /// The server answered.
    pub(super) fn reached(&self) {
        self.unreachable_in_a_row.store(0, Ordering::Relaxed);
    }

    /// Something failed: decides whether everything else would fail in the same way.
    pub(super) fn failed(&self, error: &Error) {
        let concerns_all = match error.code() {
            ErrorCode::BadCredentials
            | ErrorCode::NotConfigured
            | ErrorCode::KeychainUnavailable
            | ErrorCode::KeychainLocked
            | ErrorCode::Disk => true,
            ErrorCode::Network | ErrorCode::Timeout | ErrorCode::RateLimited => {
                self.unreachable_in_a_row.fetch_add(1, Ordering::Relaxed) + 1 >= OUTAGE_AFTER
            }
            // These errors are answers: the server was reached.
            ErrorCode::NoRights | ErrorCode::NotFound | ErrorCode::ServerRejected | ErrorCode::ServerChanged => {
                self.reached();
                false
            }
            ErrorCode::InvalidInput
            | ErrorCode::CourseFileInvalid
            | ErrorCode::DataFileInvalid
            | ErrorCode::Busy
            | ErrorCode::Cancelled
            | ErrorCode::Internal => false,
        };
        if concerns_all {
            self.reason.lock().unwrap_or_else(PoisonError::into_inner).get_or_insert_with(|| error.repeated());
            self.pointless.cancel();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn error(code: ErrorCode) -> Error {
        Error::new(code, "x")
    }

    #[test]
    fn one_video_stops_nobody_and_a_wrong_password_stops_all() {
        let halt = Halt::new(&CancellationToken::new());
        for code in [ErrorCode::NotFound, ErrorCode::NoRights, ErrorCode::ServerRejected, ErrorCode::ServerChanged] {
            (0..100).for_each(|_| halt.failed(&error(code)));
        }
        assert!(halt.reason().is_none());
        halt.failed(&error(ErrorCode::BadCredentials));
        halt.failed(&error(ErrorCode::Disk));
        assert_eq!(halt.reason().unwrap().code(), ErrorCode::BadCredentials, "the first reason counts");
    }

    #[test]
    fn an_outage_is_several_in_a_row() {
        let halt = Halt::new(&CancellationToken::new());
        for _ in 0..10 {
            (1..OUTAGE_AFTER).for_each(|_| halt.failed(&error(ErrorCode::Timeout)));
            halt.reached();
        }
        assert!(halt.reason().is_none());
        (0..OUTAGE_AFTER).for_each(|_| halt.failed(&error(ErrorCode::Network)));
        assert_eq!(halt.reason().unwrap().code(), ErrorCode::Network);
    }

    #[tokio::test]
    async fn work_ends_at_once() {
        let cancel = CancellationToken::new();
        let halt = Halt::new(&cancel);
        assert_eq!(halt.unless_stopped(async { Ok(1) }).await.unwrap(), 1);
        cancel.cancel();
        let never = halt.unless_stopped(std::future::pending::<Result<()>>()).await;
        assert_eq!(never.unwrap_err().code(), ErrorCode::Cancelled);
        let halt = Halt::new(&CancellationToken::new());
        halt.failed(&error(ErrorCode::Disk));
        let never = halt.unless_stopped(std::future::pending::<Result<()>>()).await;
        assert_eq!(never.unwrap_err().code(), ErrorCode::Disk);
    }
}
