//! The values behind the map, the heat map and the timelines of a course, as a table: what their drawings hold, to be read out
//! and copied.
//!
//! Deliberately absent: the other charts, which bring their values with them (`chart.rs`). Invariant: a value reads as it does in
//! the legend of its drawing.

use charts::{heat_text, map_text, titles};
use engine::{Error, ErrorCode, Result};
use model::{CHUNK_COUNT, DateRange as Days, Figure, HeatMeasure, MapMeasure, VideoRow, words};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::chart::ChartKind;
use super::comparing::CompareWith;
use super::range::DateRange;
use crate::beside::{Beside, map_measure, with_differences};
use crate::open_course::OpenCourse;

/// Of which chart, and what its colours mean.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export_to = "chartTable.ts")]
pub struct ChartTableRequest {
    /// The map, the heat map or the timelines.
    pub kind: ChartKind,
    /// The course.
    pub course_id: String,
    /// The days; absent: all dates.
    pub range: Option<DateRange>,
    /// What the colour of the map means.
    pub map_measure: MapMeasure,
    /// What the colour of the heat map means.
    pub heat_measure: HeatMeasure,
    /// What the course is compared with; absent: with nothing.
    #[serde(default)]
    pub compare: Option<CompareWith>,
}

/// The values of a chart.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export_to = "chartTable.ts")]
pub struct ChartTable {
    /// `Course map`.
    pub title: String,
    /// What its values are: `Share who reached the part`.
    pub summary: String,
    /// The heads of its columns; the first is that of the labels.
    pub columns: Vec<String>,
    /// Its rows, in lecture order.
    pub rows: Vec<ChartTableRow>,
}

/// The values of one video.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export_to = "chartTable.ts")]
pub struct ChartTableRow {
    /// The video.
    pub label: String,
    /// Its values, one for each further column.
    pub values: Vec<String>,
}

impl ChartTable {
    /// The values of a chart. [`ErrorCode::InvalidInput`] for a chart that brings its values with it.
    pub(crate) fn new(
        open: &OpenCourse,
        request: &ChartTableRequest,
        range: Days,
        beside: Option<&Beside>,
    ) -> Result<Self> {
        let figures = open.figures(range);
        let differing = with_differences(&figures, beside);
        let rows = &differing.as_ref().unwrap_or(&figures).rows;
        let listed = |values: &dyn Fn(&VideoRow) -> Vec<String>| {
            let row = |(video, row): (usize, &VideoRow)| ChartTableRow {
                label: open.video(video).name.to_string(),
                values: values(row),
            };
            rows.iter().enumerate().map(row).collect::<Vec<_>>()
        };
        match request.kind {
            ChartKind::Map => {
                let measure = map_measure(request.map_measure, beside);
                let of_parts = |row: &VideoRow| of_parts(row, |part| map_text(measure, measure.value(row, part)));
                Ok(Self::of(titles::COURSE_MAP, measure.figure().name(), parts(), listed(&of_parts)))
            }
            ChartKind::Heat => {
                let measure = request.heat_measure;
                let value = |row: &VideoRow| vec![heat_text(measure, measure.value(row), open.telling)];
                let name = measure.figure().name();
                Ok(Self::of(titles::HEAT_MAP, name, vec![name.to_owned()], listed(&value)))
            }
            ChartKind::Timelines => {
                type OfParts = fn(&VideoRow) -> [u32; CHUNK_COUNT];
                let counts: [(Figure, OfParts); 2] =
                    [(Figure::ChunkReached, |row| row.reached), (Figure::ChunkCovered, |row| row.covered)];
                let two = rows.iter().enumerate().flat_map(|(video, row)| {
                    counts.map(|(figure, viewers)| ChartTableRow {
                        label: format!("{}: {}", open.video(video).name, figure.name()),
                        values: of_parts(row, |part| words::count(viewers(row)[part].into())),
                    })
                });
                Ok(Self::of(titles::TIMELINE_GRID, "Viewers", parts(), two.collect()))
            }
            ChartKind::Time | ChartKind::Timeline | ChartKind::BySecond | ChartKind::AverageTime => {
                Err(Error::new(ErrorCode::InvalidInput, "This chart brings its values with it"))
            }
        }
    }

    fn of(title: &str, summary: &str, heads: Vec<String>, rows: Vec<ChartTableRow>) -> Self {
        let columns = std::iter::once("Video".to_owned()).chain(heads).collect();
        Self { title: title.to_owned(), summary: summary.to_owned(), columns, rows }
    }
}

/// `Part 0` to `Part 19`, as the dataset counts them.
fn parts() -> Vec<String> {
    (0..CHUNK_COUNT).map(|part| format!("Part {part}")).collect()
}

/// One text for each part; nothing of a video without a length, which has no parts.
fn of_parts(row: &VideoRow, text: impl Fn(usize) -> String) -> Vec<String> {
    let has_parts = row.totals.duration_secs.is_some();
    (0..CHUNK_COUNT).map(|part| if has_parts { text(part) } else { words::NONE.to_owned() }).collect()
}
