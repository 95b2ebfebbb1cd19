//! A course: its viewers across time, and all its videos as map, heat map, timelines and table.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::chart::{Chart, Frame};
use super::course::CourseSummary;
use super::video::Explanation;
use super::{BINDINGS, DateRange, Figure, RangeState, Theme};

/// How the videos of a course are shown.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export_to = BINDINGS)]
pub enum CourseTab {
    /// One row for each video, 20 cells.
    #[default]
    Map,
    /// One cell for each video.
    Heat,
    /// One small chart for each video.
    Timelines,
    /// Sortable columns.
    Table,
    /// The most watched and the most completed.
    Top,
}

/// How the table of videos is sorted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export_to = BINDINGS)]
pub struct TableSort {
    /// By which column.
    pub key: TableColumn,
    /// From the smallest up.
    pub up: bool,
}

impl Default for TableSort {
    fn default() -> Self {
        Self { key: TableColumn::Order, up: true }
    }
}

/// A column of the table, by what it sorts by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export_to = BINDINGS)]
pub enum TableColumn {
    /// Lecture order.
    Order,
    /// Name.
    Name,
    /// Length.
    Duration,
    /// Viewers.
    Viewers,
    /// Viewers who covered at least 75 %.
    Covered,
    /// Their share.
    CoveredShare,
    /// What the typical viewer covered.
    Typical,
    /// Time watched by all.
    WatchTime,
}

/// What the colour of the map means.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export_to = BINDINGS)]
pub enum MapMeasure {
    /// Share of the video's viewers who reached the chunk.
    #[default]
    Reached,
    /// Share of the video's viewers who covered at least 75 % of the chunk.
    Covered,
    /// Time per viewer who reached the chunk, in lengths of the chunk: above 1 it is watched again.
    Rewatched,
}

/// What the colour of the heat map means.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export_to = BINDINGS)]
pub enum HeatMeasure {
    /// Unique viewers.
    #[default]
    Viewers,
    /// Share of viewers who covered at least 75 % of the video.
    CoveredShare,
    /// Total watch time.
    WatchTime,
}

/// What to show of a course.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export_to = BINDINGS)]
pub struct OverviewRequest {
    /// The course.
    pub course_id: String,
    /// The days; absent: all dates.
    pub range: Option<DateRange>,
    /// What the colour of the map means.
    pub map_measure: MapMeasure,
    /// What the colour of the heat map means.
    pub heat_measure: HeatMeasure,
    /// Light or dark.
    pub theme: Theme,
    /// Size of the chart across time; absent: the one on screen is still right, do not draw it again.
    pub time_frame: Option<Frame>,
}

/// A course, seen under one date range.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export_to = BINDINGS)]
pub struct CourseOverview {
    /// The course, over all dates.
    pub course: CourseSummary,
    /// One line of facts under the date range: `42 videos · 187 viewers · 370 h 12 min watched`.
    pub facts: String,
    /// The date range and its choices.
    pub range: RangeState,
    /// Viewers across time over all dates (the range is chosen on it); absent where the request left it out.
    pub time_chart: Option<Chart>,
    /// All videos in lecture order.
    pub videos: Vec<VideoRow>,
    /// What the colours of the map mean.
    pub map_legend: ColourScale,
    /// What the colours of the heat map mean.
    pub heat_legend: ColourScale,
    /// The five videos with most viewers.
    pub top_by_viewers: Vec<TopVideo>,
    /// The five videos with the largest share of viewers who covered at least 75 %.
    pub top_by_covered: Vec<TopVideo>,
    /// How the numbers of the videos are counted: the columns of the table, by their key.
    pub explanations: Vec<ColumnExplanation>,
}

/// One video of a course.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export_to = BINDINGS)]
pub struct VideoRow {
    /// The video's ID.
    pub session_id: String,
    /// Place in lecture order, from 1.
    pub order: u32,
    /// Its name.
    pub name: String,
    /// The subfolder it lies in; absent: in the course's own folder.
    pub folder: Option<String>,
    /// Its length.
    pub duration: Figure,
    /// Unique viewers in the range.
    pub viewers: Figure,
    /// The same with the right plural: `61 viewers`.
    pub viewers_text: String,
    /// Viewers who covered at least 75 % of the video in the range.
    pub covered: Figure,
    /// The same as a share of the viewers.
    pub covered_share: Figure,
    /// Total watch time in the range.
    pub watch_time: Figure,
    /// Median coverage of the video's viewers.
    pub typical: Figure,
    /// Colours of its 20 cells in the map: indices into `mapLegend.colours`; empty where the video has no duration.
    pub cells: Vec<u8>,
    /// Its colour in the heat map: an index into `heatLegend.colours`.
    pub heat: u8,
    /// The figure behind that colour.
    pub heat_figure: Figure,
}

/// A perceptually even scale of colours and the numbers at its ends.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export_to = BINDINGS)]
pub struct ColourScale {
    /// What the colour means, as a sentence part: `Share of the video's viewers who reached each part`.
    pub label: String,
    /// From least to most, as `#rrggbb`. The first one means exactly none.
    pub colours: Vec<String>,
    /// Which of the two text colours is readable on each colour: `true` for light text.
    pub light_text: Vec<bool>,
    /// Real numbers along the scale.
    pub ticks: Vec<ScaleTick>,
}

/// A number at a place of the scale.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export_to = BINDINGS)]
pub struct ScaleTick {
    /// Place from 0 (least) to 1 (most).
    pub place: f64,
    /// `0 %`, `50 %`, `61 viewers`.
    pub text: String,
}

/// One line of a top list.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export_to = BINDINGS)]
pub struct TopVideo {
    /// The video.
    pub session_id: String,
    /// Its name.
    pub name: String,
    /// What it is in the list for.
    pub figure: Figure,
    /// Length of its bar, 0 to 1: viewers to the scale of the most, shares, which have a whole, to that of 100 %.
    pub share: f64,
}

/// What a column of the table counts.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export_to = BINDINGS)]
pub struct ColumnExplanation {
    /// The field of [`VideoRow`] in the window's spelling, for example `coveredShare`.
    pub column: String,
    /// What it counts.
    pub explanation: Explanation,
}

/// The exact values behind one row of the map, asked for when a pointer or the keyboard comes to it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export_to = BINDINGS)]
pub struct MapRowDetail {
    /// The video.
    pub session_id: String,
    /// One for each cell.
    pub cells: Vec<CellDetail>,
}

/// The exact values behind one cell of the map.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export_to = BINDINGS)]
pub struct CellDetail {
    /// `0:12:00 – 0:18:00`.
    pub part: String,
    /// `31 of 61 viewers reached this part (51 %)`.
    pub reached: String,
    /// `20 covered at least 75 % of it (33 %)`.
    pub covered: String,
    /// `0:05:12 per viewer`.
    pub time: String,
}

/// Which small charts to draw: those on screen.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export_to = BINDINGS)]
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
}

/// Small charts on one scale of viewers.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export_to = BINDINGS)]
pub struct Timelines {
    /// The number of viewers at the upper edge of every chart of the course: `61 viewers`.
    pub scale_text: String,
    /// In the order of the request; videos without viewing have an empty drawing.
    pub charts: Vec<SmallTimeline>,
}

/// Viewers across the timeline of one video, small.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export_to = BINDINGS)]
pub struct SmallTimeline {
    /// The video.
    pub session_id: String,
    /// The drawing: both areas, no axes; empty where nobody watched.
    pub svg: String,
}
