//! A lock between processes: the operating system's own, on a file that stays and means nothing.
//!
//! It ends with its process, however that ends. Two holders in one process also exclude each other. Deliberately
//! absent: what is locked (see [`super::lock`] for the data folder).

use std::fs::{File, TryLockError};
use std::io;
use std::path::Path;
use std::time::{Duration, Instant};

use super::permissions;
use super::unfit::refuse_special;

/// How often to try again to get a lock that somebody else holds.
const TRY_EVERY: Duration = Duration::from_millis(20);

/// A held lock. Dropping it releases it.
#[derive(Debug)]
pub struct ProcessLock {
    // Closing the file releases the lock.
    _file: File,
}

impl ProcessLock {
    /// Takes the lock on `path`, whose directory must exist. `None` while somebody else holds it.
    pub fn try_acquire(path: &Path) -> io::Result<Option<Self>> {
        refuse_special(path)?;
        let file = permissions::options_for_new(path).truncate(false).open(path)?;
        match file.try_lock() {
            Ok(()) => Ok(Some(Self { _file: file })),
            Err(TryLockError::WouldBlock) => Ok(None),
            Err(TryLockError::Error(error)) => Err(error),
        }
    }

    /// The same, but keeps trying for as long as `patience`. Blocks.
    pub fn acquire_within(path: &Path, patience: Duration) -> io::Result<Option<Self>> {
        let begun = Instant::now();
        loop {
            let taken = Self::try_acquire(path)?;
            if taken.is_some() || begun.elapsed() >= patience {
                return Ok(taken);
            }
            std::thread::sleep(TRY_EVERY);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_holds_it_and_the_next_gets_it_when_that_one_lets_go() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("turn.lock");
        let held = ProcessLock::try_acquire(&path).unwrap().unwrap();
        assert!(ProcessLock::try_acquire(&path).unwrap().is_none());
        assert!(ProcessLock::acquire_within(&path, Duration::from_millis(30)).unwrap().is_none());
        let waiting = std::thread::spawn({
            let path = path.clone();
            move || ProcessLock::acquire_within(&path, Duration::from_secs(30)).unwrap().is_some()
        });
        drop(held);
        assert!(waiting.join().unwrap());
    }
}
