//! A chart on its way to the window: the drawing, where things are in it, and the exact values behind it; and the
//! request to save one.

use charts::{PlotArea, Series, Style, Theme};
use model::{Figure, HeatMeasure, MapMeasure};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::comparing::CompareWith;
use super::explanation::{Explainer, Explanation};
use super::figure::ShownFigure;
use super::range::DateRange;
use super::stretch::Stretch;
use crate::open_course::OpenCourse;

/// The charts that exist.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export_to = "chart.ts")]
pub enum ChartKind {
    /// Viewers of a course or of a video, day by day (or week by week, where days would be thinner than a pixel).
    Time,
    /// Viewers of a video who reached each chunk, and who covered at least 75 % of it.
    Timeline,
    /// Viewers of a video and what they played again, second by second.
    BySecond,
    /// Average time a viewer who reached a chunk spent in it.
    AverageTime,
    /// The course map: videos by chunks. Only to save; on screen the window lays out the cells.
    Map,
    /// The heat map: a cell for each video. Only to save.
    Heat,
    /// The timelines of all videos on one scale. Only to save.
    Timelines,
}

impl ChartKind {
    /// All charts.
    pub const ALL: [Self; 7] =
        [Self::Time, Self::Timeline, Self::BySecond, Self::AverageTime, Self::Map, Self::Heat, Self::Timelines];
}

/// The size of a drawing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export_to = "chart.ts")]
pub struct Frame {
    /// Width, 200 to 4,000.
    pub width: u32,
    /// Height, 40 to 2,000.
    pub height: u32,
}

impl Frame {
    /// Width and height within these bounds, whatever was asked for.
    pub(crate) fn bounded(self) -> (u32, u32) {
        (self.width.clamp(200, 4_000), self.height.clamp(40, 2_000))
    }

    /// The style of a chart of this size on screen.
    pub(crate) fn on_screen(self, theme: Theme) -> Style {
        let (width, height) = self.bounded();
        Style::screen(theme, width, height)
    }
}

/// One chart, drawn.
#[derive(Debug, Clone, PartialEq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export_to = "chart.ts")]
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
    pub series: Vec<Series>,
    /// From left to right, without gaps: together they fill the plot's width.
    pub points: Vec<ChartPoint>,
    /// One sentence that says what the chart shows, for a screen reader: `Highest on Tue 8 Sept with 57 viewers`.
    pub summary: String,
    /// What to say instead of the chart where there is nothing to draw.
    pub empty: Option<String>,
    /// What it counts: one for each series.
    pub explanations: Vec<Explanation>,
}

/// One position of the horizontal axis: a day (or week), or a chunk.
#[derive(Debug, Clone, PartialEq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export_to = "chart.ts")]
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
    pub values: Vec<ShownFigure>,
    /// Where each value is drawn: the height of its mark's upper end.
    pub tops: Vec<f64>,
}

impl Chart {
    /// Viewers across time. Its days are those that it shows, not those that are chosen on it.
    pub(crate) fn across_time(drawn: charts::Chart, open: &OpenCourse) -> Self {
        let explainer = Explainer::new(model::DateRange::ALL, &open.facts, open.zone);
        Self::new(ChartKind::Time, drawn, &[Figure::ViewersPerDay, Figure::OtherTermOutline], &explainer)
    }

    /// A drawn chart. `counted` are the figures of its series, in their order; what is counted and not drawn is left out.
    pub(crate) fn new(kind: ChartKind, drawn: charts::Chart, counted: &[Figure], explainer: &Explainer) -> Self {
        let drawn_figures = counted.iter().take(drawn.series.len()).copied();
        Self {
            kind,
            explanations: explainer.explain_all(drawn_figures),
            title: drawn.title,
            subtitle: drawn.subtitle,
            svg: drawn.svg,
            frame: Frame { width: drawn.width_px, height: drawn.height_px },
            plot: drawn.plot,
            position_label: drawn.position_label,
            series: drawn.series,
            points: drawn.points.into_iter().map(ChartPoint::new).collect(),
            summary: drawn.summary,
            empty: drawn.empty,
        }
    }
}

impl ChartPoint {
    fn new(point: charts::Point) -> Self {
        Self {
            left: hundredths(point.left),
            right: hundredths(point.right),
            label: point.label,
            days: point.days.map(Into::into),
            tops: point.values.iter().map(|value| hundredths(value.top)).collect(),
            values: point
                .values
                .into_iter()
                .map(|value| ShownFigure { value: value.number, text: value.text })
                .collect(),
        }
    }
}

/// Rounds a position to hundredths of a pixel: nobody sees more, and a page sends hundreds of positions.
fn hundredths(px: f64) -> f64 {
    (px * 100.0).round() / 100.0
}

/// How a chart is saved.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export_to = "chart.ts")]
pub enum ChartFormat {
    /// SVG.
    Svg,
    /// PNG, twice the size on screen.
    Png,
}

/// Which chart to save.
#[derive(Debug, Clone, PartialEq, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export_to = "chart.ts")]
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
    pub theme: Theme,
    /// What the colour of the map means; only for the map.
    pub map_measure: Option<MapMeasure>,
    /// What the colour of the heat map means; only for the heat map.
    #[serde(default)]
    #[ts(optional)]
    pub heat_measure: Option<HeatMeasure>,
    /// The stretch of the video that is on screen; absent: all of it. Only for the chart by second.
    #[serde(default)]
    pub window: Option<Stretch>,
    /// Whether to outline the usual curve of the course. Only for the chart by second.
    #[serde(default)]
    pub usual: bool,
    /// What the course is compared with; absent: with nothing.
    #[serde(default)]
    #[ts(optional)]
    pub compare: Option<CompareWith>,
    /// SVG or PNG.
    pub format: ChartFormat,
}

/// A saved file or folder, announced in a toast.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export_to = "chart.ts")]
pub struct SavedFile {
    /// The file's name alone.
    pub name: String,
    /// The folder it is in, as the system writes paths.
    pub folder: String,
}
