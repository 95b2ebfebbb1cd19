//! What all courses of a sync share.

use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use chrono::{DateTime, Utc};
use tokio::sync::{Notify, Semaphore};
use tokio_util::task::TaskTracker;

use super::days::{ClockWarning, Days, DecidedDays};
use super::halt::Halt;
use super::plan::LookBack;
use super::shared::Shared;
use crate::clock::Clock;
use crate::events::{Events, SyncEvent};
use crate::people::Forgotten;
use crate::source::Source;
use crate::store::{DataFolder, FolderLock};

/// One sync, as each of its courses sees it.
pub(super) struct SyncRun<'a> {
    pub(super) folder: &'a DataFolder,
    pub(super) lock: &'a Arc<FolderLock>,
    pub(super) turn: Arc<std::sync::Mutex<()>>,
    pub(super) source: &'a Source,
    pub(super) events: &'a dyn Events,
    pub(super) halt: Halt,
    pub(super) videos: Semaphore,
    /// Whether any call of this sync has shown records, which means that the sign-in can see some.
    pub(super) saw_records: AtomicBool,
    pub(super) shared: Arc<Shared>,
    pub(super) clock: &'a dyn Clock,
    pub(super) began: DateTime<Utc>,
    /// Decided after the server's first answer, which tells its time.
    pub(super) days: DecidedDays,
    pub(super) look_back: LookBack,
    /// Whose records are not taken over.
    pub(super) forgotten: Forgotten,
    /// Whether everything is fetched anew, to drop copies that the server does not have.
    pub(super) anew: bool,
    /// Whether a look at many folders at once may replace their lists. Taken back when the source does not answer it.
    pub(super) glances: AtomicBool,
    /// Work on the disk, which goes on even if the future that started it is dropped.
    pub(super) tasks: TaskTracker,
    /// Notified when some course will need a signed-in usage call.
    pub(super) usage_ahead: Notify,
}

impl SyncRun<'_> {
    /// The days that are over. Call it after the server has answered once.
    pub(super) fn days(&self) -> Days {
        let (days, decided_now) =
            self.days.get_or_decide(|| Days::of(self.began, self.clock.now(), self.source.time()));
        if decided_now && let Some(ClockWarning { message, hint }) = days.warning() {
            self.events.emit(SyncEvent::Warning { course: None, message, hint: Some(hint) });
        }
        days
    }
}
