//! Whoever sits at the computer has the right of way: a nightly run ends when the window wants the data folder.
//!
//! The window holds a lock as long as it asks; the run looks now and then whether somebody holds it. Both die with their
//! processes, so that nothing is left over.
//!
//! Invariant: the run ends at a point where everything that it fetched is kept, as with Ctrl-C.

use std::path::Path;
use std::time::{Duration, Instant};

use crate::lifetime::Locks;

/// How often the run looks.
const LOOK_EVERY: Duration = Duration::from_millis(200);
/// How often the window looks whether it has ended.
const ENDED_EVERY: Duration = Duration::from_millis(20);

/// Asks a nightly run over the settings of this directory to end, and waits for that as long as `patience`. `false` where
/// there is none, or where it does not end. Blocks.
pub fn ask_night_to_end(config_dir: &Path, patience: Duration) -> bool {
    let locks = Locks::in_dir(config_dir);
    if !locks.is_night() {
        return false;
    }
    let begun = Instant::now();
    let Ok(Some(_asked)) = locks.ask_night_to_end(patience) else { return false };
    while locks.is_night() {
        if begun.elapsed() >= patience {
            return false;
        }
        std::thread::sleep(ENDED_EVERY);
    }
    true
}

/// Returns when somebody asks so.
pub(super) async fn asked_to_end(config_dir: &Path) {
    let locks = Locks::in_dir(config_dir);
    loop {
        let looked = locks.clone();
        if tokio::task::spawn_blocking(move || looked.is_night_to_end()).await.unwrap_or_default() {
            return;
        }
        tokio::time::sleep(LOOK_EVERY).await;
    }
}
