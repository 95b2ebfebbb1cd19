//! The small charts of a course: viewers across the timeline of each video on screen, on one scale.

use charts::{Style, Theme, small_timeline, viewers_at_top};
use engine::{Error, ErrorCode, Result};
use model::DateRange as Days;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::chart::Frame;
use super::comparing::CompareWith;
use super::id;
use super::range::DateRange;
use crate::beside::Beside;
use crate::open_course::OpenCourse;

/// The most small charts that one request draws.
const MOST_SMALL_CHARTS: usize = 100;

/// Which small charts to draw: those on screen.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export_to = "timelines.ts")]
pub struct TimelinesRequest {
    /// The course.
    pub course_id: String,
    /// The videos, at most 100.
    pub session_ids: Vec<String>,
    /// The days; absent: all dates.
    pub range: Option<DateRange>,
    /// Light or dark.
    pub theme: Theme,
    /// The size of each.
    pub frame: Frame,
    /// What the course is compared with; absent: with nothing.
    #[serde(default)]
    pub compare: Option<CompareWith>,
}

/// Small charts on one scale of viewers.
#[derive(Debug, Clone, PartialEq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export_to = "timelines.ts")]
pub struct Timelines {
    /// The number of viewers at the upper edge of every chart of the course: `61 viewers`.
    pub scale_text: String,
    /// What the grey outlines are of; absent where there are none.
    pub outline: Option<String>,
    /// In the order of the request; videos without viewing have an empty drawing.
    pub charts: Vec<SmallTimeline>,
}

/// Viewers across the timeline of one video, small.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export_to = "timelines.ts")]
pub struct SmallTimeline {
    /// The video.
    pub session_id: String,
    /// The drawing: both areas, no axes; empty where nobody watched.
    pub svg: String,
}

impl TimelinesRequest {
    /// Refuses more charts than a screen can show.
    pub fn check(&self) -> Result<()> {
        if self.session_ids.len() > MOST_SMALL_CHARTS {
            return Err(Error::new(
                ErrorCode::InvalidInput,
                format!("More than {MOST_SMALL_CHARTS} small charts were asked for"),
            ));
        }
        Ok(())
    }
}

impl Timelines {
    /// The small charts of the videos that were asked for.
    pub(crate) fn new(
        open: &OpenCourse,
        request: &TimelinesRequest,
        range: Days,
        beside: Option<&Beside>,
    ) -> Result<Self> {
        let figures = open.figures(range);
        let style = Style::screen(request.theme, request.frame.width.min(4_000), request.frame.height.min(2_000))
            .told(open.telling);
        let outlines = beside.map_or_else(Vec::new, |beside| beside.percents(&figures));
        let top = viewers_at_top(&figures, &outlines);
        let draw = |session_id: &String| {
            let video = open.course.video(id::video(session_id)?)?;
            let (row, outline) = (&figures.rows[video], outlines.get(video).and_then(Option::as_ref));
            let watched = row.reached.iter().any(|viewers| *viewers > 0);
            let svg = if watched { small_timeline(row, outline, top, &style) } else { String::new() };
            Ok(SmallTimeline { session_id: session_id.clone(), svg })
        };
        Ok(Self {
            scale_text: open.telling.viewers(top),
            outline: beside.filter(|_| outlines.iter().any(Option::is_some)).map(|beside| beside.label().to_owned()),
            charts: request.session_ids.iter().map(draw).collect::<Result<_>>()?,
        })
    }
}
