//! Tells the progress display why nothing happens for a while: the server asked for a pause, a call is tried again, or a
//! published limit is used up.
//!
//! Deliberately absent: any influence on the work. Nobody has to listen, and a slow listener misses some.

use std::time::Duration;

use tokio::sync::broadcast;

/// Shorter waits are the usual pace of a few calls a second and not worth telling.
const WORTH_TELLING: Duration = Duration::from_secs(2);
/// Pauses that are kept for a slow listener.
const KEPT: usize = 64;

/// A wait.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pause {
    /// Why, in one sentence without full stop.
    pub reason: String,
    /// How long.
    pub length: Duration,
}

/// Where pauses are told, one for each client and its clones.
#[derive(Debug, Clone)]
pub(crate) struct Pauses(broadcast::Sender<Pause>);

impl Default for Pauses {
    fn default() -> Self {
        Self(broadcast::Sender::new(KEPT))
    }
}

impl Pauses {
    /// Everything from now on.
    pub(crate) fn subscribe(&self) -> broadcast::Receiver<Pause> {
        self.0.subscribe()
    }

    /// A call that failed is tried again after this time.
    pub(crate) fn before_retry(&self, error: &crate::Error, length: Duration) {
        self.tell(|| Pause { reason: error.to_string(), length });
    }

    /// A published limit lets the next call out only after this time. The server has not asked for that: the sentence says
    /// whose choice it is.
    pub(crate) fn for_pace(&self, calls: usize, window_name: &str, length: Duration) {
        if length >= WORTH_TELLING {
            let reason =
                format!("This program keeps to the limit that Panopto publishes: {calls} calls a {window_name}");
            self.tell(|| Pause { reason, length });
        }
    }

    fn tell(&self, pause: impl FnOnce() -> Pause) {
        if self.0.receiver_count() > 0 {
            // Fails only when the last listener has just left.
            let _ = self.0.send(pause());
        }
    }
}
