//! What a running sync tells its watcher: the window, the terminal, a test.
//!
//! Deliberately absent: throttling and wording. The engine emits every event, the watcher decides how often it draws.
//!
//! Invariant: events are only for showing; nothing depends on anybody receiving them. What a sync did is in its report.

#[cfg(any(test, feature = "testing"))]
use std::sync::Mutex;

use model::{FolderId, SessionId};
use serde::Serialize;

use crate::outcome::CourseOutcome;

/// One step of a sync. Courses are worked on side by side, so events of different courses are mixed.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(tag = "type", rename_all = "camelCase", rename_all_fields = "camelCase")]
pub enum SyncEvent {
    /// The sync begins.
    Started {
        /// The courses it will work on, in this order.
        courses: Vec<FolderId>,
    },
    /// The folders of a course are being read.
    Listing {
        /// The course.
        course: FolderId,
        /// Its name as known so far.
        name: String,
    },
    /// All folders of a course are read.
    Listed {
        /// The course.
        course: FolderId,
        /// Its name on the server.
        name: String,
        /// Folders in it, its own included.
        folders: usize,
        /// Videos in it.
        videos: usize,
        /// Videos whose viewing records are asked for; some of them are here already.
        to_fetch: usize,
    },
    /// The records of one more video are here, or it has failed.
    Video {
        /// The course.
        course: FolderId,
        /// The video.
        video: SessionId,
        /// Its name.
        name: String,
        /// Videos of the course done so far.
        done: usize,
        /// Videos of the course to do, as far as it has been listed.
        total: usize,
        /// Viewing records received for it; 0 when it failed.
        records: u64,
        /// Whether it failed.
        failed: bool,
    },
    /// Viewing records received so far in a video that is still being read; comes with each page.
    Records {
        /// The course.
        course: FolderId,
        /// The video.
        video: SessionId,
        /// Records received so far for this video.
        received: u64,
        /// Records that the server says there are, if it says so.
        total: Option<u64>,
    },
    /// The server asked for a pause, or a call must be tried again.
    Waiting {
        /// Why, as a short phrase.
        reason: String,
        /// Length of the pause in seconds.
        secs: f64,
    },
    /// Something that does not stop the sync but that the user should know.
    Warning {
        /// The course, if it concerns one.
        course: Option<FolderId>,
        /// One sentence.
        message: String,
        /// What to do about it.
        hint: Option<String>,
    },
    /// A course is done, successfully or not.
    CourseFinished {
        /// The course.
        course: FolderId,
        /// Its name.
        name: String,
        /// How it went.
        outcome: CourseOutcome,
    },
    /// The sync is over.
    Finished {
        /// Viewing records that were not there before.
        new_records: u64,
        /// Requests sent to the server.
        requests: u64,
    },
}

/// Receives the events of a sync. Called from several threads, must return quickly.
pub trait Events: Send + Sync {
    /// One event.
    fn emit(&self, event: SyncEvent);
}

/// Any function can watch.
impl<F: Fn(SyncEvent) + Send + Sync> Events for F {
    fn emit(&self, event: SyncEvent) {
        self(event);
    }
}

/// Keeps all events, for tests.
#[cfg(any(test, feature = "testing"))]
#[derive(Debug, Default)]
pub struct EventLog(Mutex<Vec<SyncEvent>>);

#[cfg(any(test, feature = "testing"))]
impl EventLog {
    /// All events so far, in the order they came.
    pub fn all(&self) -> Vec<SyncEvent> {
        self.0.lock().unwrap_or_else(std::sync::PoisonError::into_inner).clone()
    }
}

#[cfg(any(test, feature = "testing"))]
impl Events for EventLog {
    fn emit(&self, event: SyncEvent) {
        self.0.lock().unwrap_or_else(std::sync::PoisonError::into_inner).push(event);
    }
}
