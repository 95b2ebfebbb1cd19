//! The viewing record: one row of Panopto's extended usage report, one run of playback.
//!
//! Deliberately absent: corrections. Runs before the start, past the end and of no length are kept as reported.

use std::fmt;

use chrono::{DateTime, NaiveDate, Utc};

use crate::{SessionId, UserId};

/// One run of playback, as the server reported it.
#[derive(Debug, Clone, PartialEq)]
pub struct ViewingRecord {
    /// The video.
    pub session_id: SessionId,
    /// The viewer.
    pub user_id: UserId,
    /// When the server stored the run, to the microsecond. Playback began earlier: players report in batches.
    pub recorded_at: DateTime<Utc>,
    /// Speed of playback, 1.0 = normal; absent in old records.
    pub playback_speed: Option<f64>,
    /// Where the run started, in seconds of video.
    pub start_secs: f64,
    /// Why the run started.
    pub start_reason: StartReason,
    /// Why the run stopped.
    pub stop_reason: StopReason,
    /// Length of the run in seconds of video, whatever the speed.
    pub seconds_viewed: f64,
}

impl ViewingRecord {
    /// Where the run stopped: start plus seconds viewed.
    pub fn stop_secs(&self) -> f64 {
        self.start_secs + self.seconds_viewed
    }

    /// The UTC day on which the server stored the run.
    pub fn utc_date(&self) -> NaiveDate {
        self.recorded_at.date_naive()
    }
}

macro_rules! reason {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub struct $name(Box<str>);

        impl $name {
            /// The word as the server wrote it.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl From<&str> for $name {
            fn from(word: &str) -> Self {
                Self(word.into())
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.fmt(f)
            }
        }
    };
}

reason!(
    /// Why a run started. An open list: Start, Seek, Resume, NewSpeed, Unknown and Unexpected are known; any other word
    /// is kept.
    StartReason
);
reason!(
    /// Why a run stopped. An open list: End, Seek, Pause, SpeedChange, PlayerClose, Unknown and Unexpected are known;
    /// any other word is kept.
    StopReason
);
