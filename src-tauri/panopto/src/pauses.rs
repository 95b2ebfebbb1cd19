//! Tells whoever shows progress why nothing happens for a while: the server asked for a pause, a call is tried again, the
//! published limits are used up.
//!
//! Deliberately absent: any influence on the work. Nobody has to listen, and who listens too slowly misses some.

use std::time::Duration;

use tokio::sync::broadcast;

/// Pauses shorter than this are not worth telling when it is only the usual pace.
const WORTH_TELLING: Duration = Duration::from_secs(1);
/// Pauses that are kept for a slow listener.
const KEPT: usize = 64;

/// Something is waited for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pause {
    /// Why, in one sentence without full stop.
    pub reason: String,
    /// How long.
    pub length: Duration,
}

/// Where pauses are told, one for each client and its clones.
#[derive(Debug, Clone)]
pub struct Pauses(broadcast::Sender<Pause>);

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

    /// The limits let the next call out only after this time.
    pub(crate) fn for_pace(&self, length: Duration) {
        if length >= WORTH_TELLING {
            self.tell(|| Pause { reason: "The server takes only so many calls a minute".to_owned(), length });
        }
    }

    fn tell(&self, pause: impl FnOnce() -> Pause) {
        if self.0.receiver_count() > 0 {
            // Fails only when the last listener has just left.
            let _ = self.0.send(pause());
        }
    }
}
