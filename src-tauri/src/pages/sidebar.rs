//! A course as the sidebar shows it: its name, how much there is of it, and how its last sync ended.

use chrono::{DateTime, Utc};
use chrono_tz::Tz;
use engine::views::{CourseCounts, CourseFacts};
use model::{Day, Digest, Presented, words};
use serde::Serialize;
use ts_rs::TS;

use super::course_result::CourseResult;
use super::figure::ShownFigure;
use super::when;
use crate::error::IpcError;

/// One course as the sidebar shows it.
#[derive(Debug, Clone, PartialEq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export_to = "sidebar.ts")]
pub struct CourseSummary {
    /// The Panopto folder's ID.
    pub id: String,
    /// The Panopto folder's name; the ID where the name is not known yet.
    pub name: String,
    /// Whether anything was ever fetched.
    pub has_data: bool,
    /// How much of a first sync, running or stopped, can be looked at already: `12 of 40 videos fetched`.
    pub so_far: Option<String>,
    /// How many videos.
    pub videos: ShownFigure,
    /// How many viewers, each once.
    pub viewers: ShownFigure,
    /// `42 videos`, with the right plural.
    pub videos_text: String,
    /// `187 viewers`, with the right plural.
    pub viewers_text: String,
    /// Last fetched day in words: `Sun 22 Nov 2020`; absent before the first sync.
    pub data_up_to: Option<String>,
    /// Whether that is so long ago that nothing is new any more.
    pub data_is_old: bool,
    /// How the last sync of this course ended; absent before the first.
    pub last_sync: Option<CourseResult>,
}

impl CourseSummary {
    /// A course on the list, with how much of it is stored if there is any and it could be read.
    pub fn new(facts: &CourseFacts, stored: Option<CourseCounts>, now: DateTime<Utc>, zone: Tz) -> Self {
        let so_far = stored.filter(|_| !facts.has_data).and_then(so_far);
        let stored = stored.filter(|_| facts.has_data);
        let videos = stored.map(|counts| counts.fetched_videos + counts.waiting_videos);
        let viewers = stored.map(|counts| counts.viewers);
        Self {
            id: facts.id.to_string(),
            name: facts.name.clone(),
            has_data: facts.has_data,
            so_far,
            videos: videos.map_or_else(ShownFigure::unknown, ShownFigure::count),
            viewers: viewers.map_or_else(ShownFigure::unknown, ShownFigure::count),
            videos_text: videos
                .map_or_else(|| "no videos yet".to_owned(), |videos| words::counted(videos, "video", "videos")),
            viewers_text: viewers.map_or_else(|| "no viewers yet".to_owned(), words::viewers),
            data_up_to: facts.fetched_through.map(when::date),
            data_is_old: facts.fetched_through.is_some_and(|through| {
                let today = Day::from_date(now.with_timezone(&zone).date_naive());
                Digest::is_silent(Some(Day::from_date(through)), today, u32::MAX)
            }),
            last_sync: facts
                .last_attempt
                .as_ref()
                .map(|attempt| CourseResult::of_last_sync(facts.id, attempt, videos.unwrap_or_default(), now, zone)),
        }
    }

    /// The same while somebody presents: viewers in fives, and nothing about how many records the last sync brought.
    #[must_use]
    pub(crate) fn presented(self) -> Self {
        let Some(viewers) = self.viewers.value else { return Self { last_sync: None, ..self } };
        let viewers = Presented::of(viewers as u32);
        Self {
            viewers: ShownFigure { value: viewers.least().map(f64::from), text: viewers.text() },
            viewers_text: format!("{} viewers", viewers.text()),
            last_sync: None,
            ..self
        }
    }

    /// A course whose stored data cannot be read; the reason stands where a failed sync would.
    pub fn unreadable(facts: &CourseFacts, error: IpcError, now: DateTime<Utc>, zone: Tz) -> Self {
        Self {
            last_sync: Some(CourseResult::unreadable(facts.id, error, now, zone)),
            ..Self::new(facts, None, now, zone)
        }
    }
}

fn so_far(counts: CourseCounts) -> Option<String> {
    let CourseCounts { fetched_videos: fetched, waiting_videos: waiting, .. } = counts;
    let all = words::counted(fetched + waiting, "video", "videos");
    (fetched > 0).then(|| format!("{} of {all} fetched", words::count(fetched)))
}
