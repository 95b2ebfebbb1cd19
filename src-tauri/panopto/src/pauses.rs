//! Tells the progress display why nothing happens for a while: the server asked for a pause, a call is being retried,
//! or a published limit is used up.
//!
//! Deliberately absent: any influence on the work. Nobody has to listen, and a slow listener misses some pauses.

use std::time::Duration;

use tokio::sync::broadcast;

/// Shorter waits are the normal pace of a few calls a second and not worth reporting.
const WORTH_TELLING: Duration = Duration::from_secs(2);
/// How many pauses are kept for a slow listener.
const KEPT: usize = 64;

/// A wait.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pause {
    /// The reason, as one sentence without a full stop.
    pub reason: String,
    /// How long the wait is.
    pub length: Duration,
}

/// Where pauses are reported; a client and its clones share one.
#[derive(Debug, Clone)]
pub(crate) struct Pauses(broadcast::Sender<Pause>);

impl Default for Pauses {
    fn default() -> Self {
        Self(broadcast::Sender::new(KEPT))
    }
}

impl Pauses {
    /// Receives every pause from now on.
    pub(crate) fn subscribe(&self) -> broadcast::Receiver<Pause> {
        self.0.subscribe()
    }

    /// Reports that a call that failed is retried after this time.
    pub(crate) fn before_retry(&self, error: &crate::Error, length: Duration) {
        self.tell(|| Pause { reason: error.to_string(), length });
    }

    /// Reports that a published limit lets the next call out only after this time. The server has not asked for the
    /// pause, so the sentence says that it is this program's choice.
    pub(crate) fn for_pace(&self, calls: usize, window_name: &str, length: Duration) {
        if length >= WORTH_TELLING {
            let reason =
                format!("This program keeps to the limit that Panopto publishes: {calls} calls a {window_name}");
            self.tell(|| Pause { reason, length });
        }
    }

    fn tell(&self, pause: impl FnOnce() -> Pause) {
        if self.0.receiver_count() > 0 {
            // Fails only if the last listener has just left.
            let _ = self.0.send(pause());
        }
    }
}
