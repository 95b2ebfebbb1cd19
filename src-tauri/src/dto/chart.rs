//! A chart as it crosses: the drawing, where things are in it, and the exact values behind it.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::{BINDINGS, DateRange, Figure};

/// The charts that exist.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export_to = BINDINGS)]
pub enum ChartKind {
    /// Viewers of a course or of a video, day by day (or week by week, where days would be thinner than a pixel).
    Time,
    /// Viewers of a video who reached each chunk, and who covered at least 75 % of it.
    Timeline,
    /// Average time a viewer who reached a chunk spent in it.
    AverageTime,
    /// The course map: videos by chunks. Only to save; on screen the window lays out the cells.
    Map,
}

/// The size of a drawing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export_to = BINDINGS)]
pub struct Frame {
    /// Width, 200 to 4,000.
    pub width: u32,
    /// Height, 40 to 2,000.
    pub height: u32,
}

/// One chart, drawn.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export_to = BINDINGS)]
pub struct Chart {
    /// Which.
    pub kind: ChartKind,
    /// `Viewers across the timeline`.
    pub title: String,
    /// A line that belongs to the title: `chunk length 0:06:00`.
    pub subtitle: Option<String>,
    /// The drawing: an SVG document of exactly `frame`, without script, style sheet or foreign content. It holds axes,
    /// labels and marks; title, legend, selection and cursor are the window's.
    pub svg: String,
    /// Its size.
    pub frame: Frame,
    /// Where its values are drawn.
    pub plot: PlotArea,
    /// Head of the first column of the data table: `Day`, `Part of the video`.
    pub position_label: String,
    /// What is drawn, in the order of `points.values`; also the legend and the heads of the other columns.
    pub series: Vec<ChartSeries>,
    /// From left to right, without gaps: together they fill the plot's width.
    pub points: Vec<ChartPoint>,
    /// One sentence that says what the chart shows, for a screen reader: `Highest on Tue 8 Sept with 57 viewers`.
    pub summary: String,
    /// What to say instead of the chart where there is nothing to draw.
    pub empty: Option<String>,
}

/// The rectangle within which values are drawn.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export_to = BINDINGS)]
pub struct PlotArea {
    /// Left edge.
    pub left: f64,
    /// Upper edge.
    pub top: f64,
    /// Right edge.
    pub right: f64,
    /// Lower edge, where zero is.
    pub bottom: f64,
}

/// One thing that is drawn.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export_to = BINDINGS)]
pub struct ChartSeries {
    /// `Viewers`, `Covered at least 75 % of the chunk`, `Average time per viewer`.
    pub label: String,
    /// Its hue, which means the same everywhere.
    pub hue: Hue,
    /// Its real numbers, for the legend: `12 to 187 viewers`.
    pub extent: String,
}

/// The two hues with a meaning, and the one scale.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export_to = BINDINGS)]
pub enum Hue {
    /// Blue: watched some of it.
    Reached,
    /// Red-orange: covered at least 75 % of it.
    Covered,
    /// Teal: time.
    Time,
    /// The heat scale.
    Heat,
}

/// One position of the horizontal axis: a day (or week), or a chunk.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export_to = BINDINGS)]
pub struct ChartPoint {
    /// Left edge of the band that belongs to it.
    pub left: f64,
    /// Right edge of the band.
    pub right: f64,
    /// `Tue 8 Sept 2020`, `0:12:00 – 0:18:00`.
    pub label: String,
    /// Its days, in a chart across time.
    pub days: Option<DateRange>,
    /// The exact values, one for each series.
    pub values: Vec<Figure>,
    /// Where each value is drawn: the height of its mark's upper end.
    pub tops: Vec<f64>,
}

/// How a chart is saved.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export_to = BINDINGS)]
pub enum ChartFormat {
    /// SVG.
    Svg,
    /// PNG, twice the size on screen.
    Png,
}

/// Which chart to save.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export_to = BINDINGS)]
pub struct ChartRequest {
    /// Which.
    pub kind: ChartKind,
    /// The course.
    pub course_id: String,
    /// The video; absent: the course's chart.
    pub session_id: Option<String>,
    /// The date range on screen.
    pub range: Option<DateRange>,
    /// Its size on screen.
    pub frame: Frame,
    /// Light or dark, as on screen.
    pub theme: super::Theme,
    /// What the colour of the map means; only for the map.
    pub map_measure: Option<super::overview::MapMeasure>,
    /// SVG or PNG.
    pub format: ChartFormat,
}
