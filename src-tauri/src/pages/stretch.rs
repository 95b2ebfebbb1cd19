//! A stretch of a video, as several pages and requests name it.

use model::Interval;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// A stretch of a video.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export_to = "timeline.ts")]
pub struct Stretch {
    /// Where it begins, in seconds of video.
    pub from_secs: f64,
    /// Where it ends, in seconds of video; not part of it.
    pub to_secs: f64,
}

impl Stretch {
    /// The same for the model; `None` if it is empty or cannot be a place in a video.
    pub fn interval(self) -> Option<Interval> {
        Interval::new(self.from_secs, self.to_secs)
    }
}
