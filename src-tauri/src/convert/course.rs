//! A course as the sidebar shows it.

use chrono::{DateTime, Utc};
use chrono_tz::Tz;
use engine::views::{CourseFacts, CourseInView};
use model::words;

use super::{figure, moment, sync};
use crate::dto::course::CourseSummary;
use crate::dto::error::IpcError;
use crate::dto::sync::{CourseResult, SyncOutcome};

/// A course whose stored data cannot be read: the reason stands where a failed sync would.
pub fn unreadable(facts: &CourseFacts, error: IpcError, now: DateTime<Utc>, zone: Tz) -> CourseSummary {
    let reason = CourseResult {
        course_id: facts.id.to_string(),
        outcome: SyncOutcome::Failed,
        text: "Its data cannot be read".to_owned(),
        at: moment::at(now, zone),
        error: Some(error),
        failures: Vec::new(),
        failures_left_off: 0,
    };
    CourseSummary { last_sync: Some(reason), ..summary(facts, None, now, zone) }
}

/// A course of the list, with what is stored of it, where something is and could be read.
pub fn summary(facts: &CourseFacts, stored: Option<&CourseInView>, now: DateTime<Utc>, zone: Tz) -> CourseSummary {
    let videos = stored.map(|course| course.views.videos().len() as u64);
    let viewers = stored.map(|course| u64::from(course.viewer_count));
    CourseSummary {
        id: facts.id.to_string(),
        name: facts.name.clone(),
        has_data: facts.has_data,
        videos: videos.map_or_else(figure::unknown, figure::count),
        viewers: viewers.map_or_else(figure::unknown, figure::count),
        videos_text: videos
            .map_or_else(|| "no videos yet".to_owned(), |videos| words::counted(videos, "video", "videos")),
        viewers_text: viewers.map_or_else(|| "no viewers yet".to_owned(), words::viewers),
        data_up_to: facts.fetched_through.map(moment::date),
        last_sync: facts
            .last_attempt
            .as_ref()
            .map(|attempt| sync::last_sync(facts.id, attempt, videos.unwrap_or_default(), now, zone)),
    }
}
