//! A video: four figures and three charts under one date range.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::chart::{Chart, Frame};
use super::{BINDINGS, DateRange, Figure, RangeState, Theme};

/// Which video to show, and how large.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export_to = BINDINGS)]
pub struct VideoRequest {
    /// The course it is seen in.
    pub course_id: String,
    /// The video.
    pub session_id: String,
    /// The days; absent: all dates.
    pub range: Option<DateRange>,
    /// Light or dark.
    pub theme: Theme,
    /// Size of the chart across time; absent: the one on screen is still right, do not draw it again.
    pub time_frame: Option<Frame>,
    /// Size of the chart across the timeline.
    pub timeline_frame: Frame,
    /// Size of the chart of average time.
    pub average_time_frame: Frame,
}

/// A video, seen under one date range.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export_to = BINDINGS)]
pub struct VideoPage {
    /// The course it is seen in.
    pub course_id: String,
    /// The course's name.
    pub course_name: String,
    /// The video.
    pub session_id: String,
    /// Its name.
    pub name: String,
    /// One line of facts: `1:59:59 · video 3 of 42 · in Week 1`.
    pub facts: String,
    /// Whether the server's page for it can be opened (a server is known, and this is not the sample).
    pub can_open_in_panopto: bool,
    /// The video before in lecture order.
    pub previous: Option<Neighbour>,
    /// The video after.
    pub next: Option<Neighbour>,
    /// The date range and its choices.
    pub range: RangeState,
    /// The four figures, in this order: unique viewers, watch time, covered at least 75 %, typical coverage.
    pub figures: Vec<FigureCard>,
    /// Viewers of this video across time, over all dates of the course; absent where the request left it out.
    pub time_chart: Option<Chart>,
    /// Viewers across the timeline.
    pub timeline_chart: Chart,
    /// Average time per viewer and chunk.
    pub average_time_chart: Chart,
}

/// The video before or after.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export_to = BINDINGS)]
pub struct Neighbour {
    /// The video.
    pub session_id: String,
    /// Its name.
    pub name: String,
}

/// One large figure of the video page.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export_to = BINDINGS)]
pub struct FigureCard {
    /// `Unique viewers`.
    pub label: String,
    /// The figure.
    pub figure: Figure,
    /// What stands smaller beside it: `62.5 % of viewers`.
    pub detail: Option<String>,
    /// What it counts.
    pub explanation: Explanation,
}

/// What a number counts, for *What is this?*.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export_to = BINDINGS)]
pub struct Explanation {
    /// The formula in words.
    pub formula: String,
    /// Which days it covers: `Counted over all dates`.
    pub range: String,
    /// How fresh it is: `Data up to Sun 22 Nov 2020, synced Mon 23 Nov 2020, 08:15`.
    pub freshness: String,
    /// What it cannot tell: `Says nothing about attention; downloads are not counted`.
    pub caveat: Option<String>,
}
