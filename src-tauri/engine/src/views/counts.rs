//! How much of a course is stored, with a mark of the files that were counted. Somebody who keeps both need not read a
//! course again only to say how large it is.

use serde::{Deserialize, Serialize};

use super::course::CourseInView;

/// How much of a course is stored.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct CourseCounts {
    /// Videos whose viewing records are fetched.
    pub fetched_videos: u64,
    /// Videos of which only names and lengths are known.
    pub waiting_videos: u64,
    /// Distinct people over all dates, without those who are left out.
    pub viewers: u64,
}

impl CourseInView {
    /// How much of it is stored.
    pub fn counts(&self) -> CourseCounts {
        CourseCounts {
            fetched_videos: self.views.videos().len() as u64,
            waiting_videos: self.waiting.len() as u64,
            viewers: self.viewer_count.into(),
        }
    }
}

/// Marks a state of the files of a course: it differs once one of them is written, replaced or gone.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct CourseMark(u64);

impl CourseMark {
    pub(super) const fn new(mark: u64) -> Self {
        Self(mark)
    }
}

/// Counts, and of which state of the files.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct MarkedCounts {
    /// The state of the files.
    pub mark: CourseMark,
    /// How much they hold.
    #[serde(flatten)]
    pub counts: CourseCounts,
}
