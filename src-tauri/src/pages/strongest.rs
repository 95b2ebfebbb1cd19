//! The strongest moments of a course: where in all its videos the most viewing by the most people is involved.
//!
//! Deliberately absent: finding moments, and those of one video (`moments.rs`). Invariant: few, the strongest first, and each
//! opens its video at its second.

use model::{Moment, Telling, VideoMoments, readout, words};
use serde::Serialize;
use ts_rs::TS;

use crate::open_course::OpenCourse;

/// As many as a top list has lines.
const MOST: usize = 5;

/// One of the strongest moments of a course.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export_to = "strongest.ts")]
pub struct StrongMoment {
    /// The video.
    pub session_id: String,
    /// Its name.
    pub name: String,
    /// `Watched again`.
    pub kind_name: String,
    /// `0:29:10 – 0:46:50`.
    pub place: String,
    /// The sentence that says why it is a moment.
    pub sentence: String,
    /// The whole second to open the video at.
    pub at_secs: u32,
}

impl StrongMoment {
    /// The strongest of all videos.
    pub(super) fn of_course(open: &OpenCourse, found: &[VideoMoments]) -> Vec<Self> {
        let of_video = |(video, found)| VideoMoments::found(found).iter().map(move |moment| (video, moment));
        let mut all: Vec<(usize, &Moment)> = found.iter().enumerate().flat_map(of_video).collect();
        all.sort_by(|(video, a), (other, b)| b.effect().total_cmp(&a.effect()).then_with(|| video.cmp(other)));
        all.into_iter().take(MOST).map(|(video, moment)| Self::new(open, video, moment)).collect()
    }

    fn new(open: &OpenCourse, video: usize, moment: &Moment) -> Self {
        let info = open.video(video);
        Self {
            session_id: info.session_id.to_string(),
            name: info.name.to_string(),
            kind_name: moment.kind.name().to_owned(),
            place: words::stretch(moment.start_secs, moment.end_secs),
            sentence: match open.telling {
                Telling::Exactly => moment.sentence.clone(),
                Telling::InFives => readout::people_of_moment(moment, open.telling),
            },
            at_secs: moment.start_secs.max(0.0) as u32,
        }
    }
}
