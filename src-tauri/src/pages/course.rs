//! The page of a course: its viewers across time, and all its videos for the map, the heat map and the table.
//!
//! The columns of the table come from the model's `FIGURES_OF_VIDEO`: this file names none of them.
//!
//! Deliberately absent: the colours (`map.rs`), the top lists (`top.rs`) and the small charts (`timelines.rs`).

use std::collections::BTreeMap;

use charts::{Palette, Theme};
use chrono::{DateTime, Utc};
use model::{
    CourseFigures, DateRange as Days, FIGURES_OF_VIDEO, Figure, HeatMeasure, MapMeasure, Unit, VideoInfo,
    VideoRow as RowFigures, words,
};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::chart::{Chart, ChartKind, Frame};
use super::explanation::{Explainer, Explanation};
use super::figure::ShownFigure;
use super::map::{ColourScale, Scales};
use super::range::{DateRange, RangeState};
use super::sidebar::CourseSummary;
use super::top::TopVideo;
use crate::open_course::OpenCourse;

/// How the videos of a course are shown.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export_to = "course.ts")]
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
#[ts(export_to = "course.ts")]
pub struct TableSort {
    /// By which column.
    pub key: SortKey,
    /// From the smallest up.
    pub up: bool,
}

impl Default for TableSort {
    fn default() -> Self {
        Self { key: SortKey::Video(VideoColumn::Order), up: true }
    }
}

/// What the table can be sorted by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(untagged)]
#[ts(export_to = "course.ts")]
pub enum SortKey {
    /// A column that tells which video it is.
    Video(VideoColumn),
    /// A column with a figure.
    Figure(Figure),
}

/// The columns that tell which video it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export_to = "course.ts")]
pub enum VideoColumn {
    /// Its place in lecture order.
    Order,
    /// Its name.
    Name,
}

/// What to show of a course.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export_to = "course.ts")]
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
#[derive(Debug, Clone, PartialEq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export_to = "course.ts")]
pub struct CourseOverview {
    /// The course, over all dates.
    pub course: CourseSummary,
    /// One line of facts under the date range: `42 videos · 187 viewers · 370 h 12 min watched`.
    pub facts: String,
    /// The date range and its choices.
    pub range: RangeState,
    /// Viewers across time over all dates (the range is chosen on it); absent where the request left it out.
    pub time_chart: Option<Chart>,
    /// The columns of the table with figures, from left to right.
    pub columns: Vec<FigureColumn>,
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
}

/// A column of the table that holds a figure.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export_to = "course.ts")]
pub struct FigureColumn {
    /// Which figure: the key of its values in [`VideoRow::figures`].
    pub key: Figure,
    /// The beginning of its title, which narrow windows leave out.
    pub lead: String,
    /// Its title, or the rest of it.
    pub title: String,
    /// What its numbers count in; decides how much room they need.
    pub unit: Unit,
    /// Whether the narrowest windows leave it out.
    pub is_spare: bool,
    /// What it counts.
    pub explanation: Explanation,
}

/// One video of a course.
#[derive(Debug, Clone, PartialEq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export_to = "course.ts")]
pub struct VideoRow {
    /// The video's ID.
    pub session_id: String,
    /// Place in lecture order, from 1.
    pub order: u32,
    /// Its name.
    pub name: String,
    /// The subfolder it lies in; absent: in the course's own folder.
    pub folder: Option<String>,
    /// Its figures: those of the columns of the table.
    pub figures: BTreeMap<Figure, ShownFigure>,
    /// Its viewers with the right plural: `61 viewers`.
    pub viewers_text: String,
    /// Colours of its 20 cells in the map: indices into `mapLegend.colours`; empty where the video has no duration.
    pub cells: Vec<u8>,
    /// Its colour in the heat map: an index into `heatLegend.colours`.
    pub heat: u8,
    /// The figure behind that colour.
    pub heat_figure: ShownFigure,
}

impl CourseOverview {
    /// The page of a course under one date range.
    pub fn new(open: &OpenCourse, request: &OverviewRequest, range: Days, now: DateTime<Utc>) -> Self {
        let figures = open.course.figures(range);
        let scales = Scales::new(&figures, request.map_measure, request.heat_measure);
        let palette = Palette::of(request.theme);
        let across_time = |frame: Frame| {
            let style = frame.on_screen(request.theme);
            Chart::new(ChartKind::Time, open.across_time(None, range, Days::ALL, &style))
        };
        Self {
            course: CourseSummary::new(&open.facts, Some(&open.course), now, open.zone),
            facts: facts(&figures),
            range: RangeState::new(range, open.course.views.days(), open.facts.fetched_through),
            time_chart: request.time_frame.map(across_time),
            columns: columns(&Explainer::new(range, &open.facts, open.zone)),
            videos: rows(open, &figures, &scales),
            map_legend: scales.map_legend(palette),
            heat_legend: scales.heat_legend(palette),
            top_by_viewers: TopVideo::by_viewers(open, &figures),
            top_by_covered: TopVideo::by_covered(open, &figures),
        }
    }
}

/// `42 videos · 187 viewers · 370 h 12 min watched`.
fn facts(figures: &CourseFigures) -> String {
    format!(
        "{} · {} · {} watched",
        words::counted(figures.rows.len() as u64, "video", "videos"),
        words::viewers(u64::from(figures.unique_viewers)),
        words::time(figures.watch_secs)
    )
}

fn columns(explainer: &Explainer) -> Vec<FigureColumn> {
    let columns = FIGURES_OF_VIDEO.iter().filter_map(|of| Some((of, of.column?)));
    columns
        .map(|(of, column)| FigureColumn {
            key: of.figure,
            lead: column.lead.to_owned(),
            title: column.title.to_owned(),
            unit: of.unit,
            is_spare: column.is_spare,
            explanation: explainer.explain(of.figure),
        })
        .collect()
}

fn rows(open: &OpenCourse, figures: &CourseFigures, scales: &Scales) -> Vec<VideoRow> {
    let videos = open.course.views.videos().iter().zip(&open.course.in_subfolder);
    let rows = videos.zip(&figures.rows);
    rows.map(|((video, in_subfolder), row)| VideoRow::new(video, *in_subfolder, row, scales)).collect()
}

impl VideoRow {
    fn new(video: &VideoInfo, in_subfolder: bool, row: &RowFigures, scales: &Scales) -> Self {
        let (heat, heat_figure) = scales.heat(row);
        let columns = FIGURES_OF_VIDEO.iter().filter(|of| of.column.is_some());
        Self {
            session_id: video.session_id.to_string(),
            order: row.order,
            name: video.name.to_string(),
            folder: in_subfolder.then(|| video.folder_name.to_string()),
            figures: columns.map(|of| (of.figure, ShownFigure::of_video(of, &row.totals))).collect(),
            viewers_text: words::viewers(u64::from(row.totals.unique_viewers)),
            cells: scales.cells(row),
            heat,
            heat_figure,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The words under which a sorting was remembered by earlier versions, and is remembered still.
    #[test]
    fn a_remembered_sorting_is_read_as_it_was_written() {
        for (word, key) in [
            ("order", SortKey::Video(VideoColumn::Order)),
            ("name", SortKey::Video(VideoColumn::Name)),
            ("duration", SortKey::Figure(Figure::Duration)),
            ("viewers", SortKey::Figure(Figure::UniqueViewers)),
            ("covered", SortKey::Figure(Figure::CoveredViewers)),
            ("coveredShare", SortKey::Figure(Figure::CoveredPercent)),
            ("typical", SortKey::Figure(Figure::TypicalPercent)),
            ("watchTime", SortKey::Figure(Figure::WatchTime)),
        ] {
            let text = format!(r#"{{"key":"{word}","up":false}}"#);
            let sort: TableSort = serde_json::from_str(&text).unwrap();
            assert_eq!((sort.key, sort.up), (key, false));
            assert_eq!(serde_json::to_string(&sort).unwrap(), text);
        }
        assert!(serde_json::from_str::<TableSort>(r#"{"key":"nonsense","up":true}"#).is_err());
    }

    #[test]
    fn remembered_measures_are_read_as_they_were_written() {
        for word in ["viewers", "coveredShare", "watchTime"] {
            let measure: HeatMeasure = serde_json::from_value(word.into()).unwrap();
            assert_eq!(serde_json::to_value(measure).unwrap(), word);
        }
        for word in ["reached", "covered", "rewatched"] {
            let measure: MapMeasure = serde_json::from_value(word.into()).unwrap();
            assert_eq!(serde_json::to_value(measure).unwrap(), word);
        }
    }
}
