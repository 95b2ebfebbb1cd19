//! The course map: one row per video in lecture order, its 20 parts as cells. This is the drawing that is saved; on
//! screen the window lays out the same cells with the same colours.
//!
//! Deliberately absent: sorting and finding. Invariant: names that differ stay different, however narrow their column.

use std::ops::Range;

use model::line::{cut, listed_name};
use model::names::ListedNames;
use model::{CHUNK_COUNT, CourseFigures, Figure, GroupSize, MapMeasure, Statistic, TOO_FEW, VideoInfo, words};

use crate::canvas::{Canvas, Ink};
use crate::caption::{Captioned, PADDING_PX, definitions};
use crate::chart::{Chart, Hue, PlotArea, Point, Series, Style, Value};
use crate::frame::description;
use crate::legend;
use crate::palette::Palette;
use crate::scale::{ColourScale, Grading, map_text};
use crate::text::measure_px;
use crate::ticks::{Anchor, LABEL_GAP_PX, LABEL_PX};

/// Title of the chart.
pub const TITLE: &str = "Course map";
const CONTINUED: &str = "Course map, continued";

const ROW_PX: i32 = 26;
const CELL_PX: i32 = 20;
const NAME_PX: f64 = 13.0;
const HEADS: [&str; 2] = ["Viewers", "At least 75 %"];
const GAP_PX: i32 = 16;

/// Where the columns are.
struct Columns {
    order_right: i32,
    name_left: i32,
    name_px: f64,
    cells_left: i32,
    cells_right: i32,
    viewers_right: i32,
    covered_right: i32,
}

impl Columns {
    fn new(width_px: i32, figures: &CourseFigures) -> Self {
        let order_px = figures.rows.iter().map(|row| width_px_of_count(row.order)).fold(0.0, f64::max).ceil() as i32;
        let viewers_px = figures
            .rows
            .iter()
            .map(|row| width_px_of(&row.totals.telling.count(row.totals.unique_viewers)))
            .fold(width_px_of(HEADS[0]), f64::max)
            .ceil() as i32;
        let covered_right = width_px - PADDING_PX;
        let viewers_right = covered_right - width_px_of(HEADS[1]).ceil() as i32 - GAP_PX;
        let cells_right = viewers_right - viewers_px - GAP_PX;
        let order_right = PADDING_PX + order_px;
        let name_left = order_right + 10;
        let name_px = ((cells_right - name_left) * 2 / 5).clamp(0, 320);
        Self {
            order_right,
            name_left,
            name_px: f64::from(name_px),
            cells_left: (name_left + name_px + GAP_PX).min(cells_right - CHUNK_COUNT as i32),
            cells_right,
            viewers_right,
            covered_right,
        }
    }

    fn border(&self, chunk: usize) -> i32 {
        let share = chunk as f64 / CHUNK_COUNT as f64;
        self.cells_left + (share * f64::from(self.cells_right - self.cells_left)).round() as i32
    }
}

fn width_px_of(text: &str) -> f64 {
    measure_px(text, LABEL_PX)
}

fn width_px_of_count(number: u32) -> f64 {
    width_px_of(&words::count(u64::from(number)))
}

/// Draws the course map, as high as it needs to be; `videos` are those of `figures`. Title, legend and column heads are
/// always part of it. Narrower than 480 pixels is drawn as 480.
pub fn course_map(videos: &[VideoInfo], figures: &CourseFigures, measure: MapMeasure, style: &Style) -> Chart {
    rows_of_map(videos, figures, measure, style, 0..figures.rows.len())
}

/// The course map in drawings of at most `most_rows` rows, for paper: none is cut by the end of a page. Each has its title and
/// column heads, the first the legend, and the last what is counted.
pub fn course_map_in_parts(
    videos: &[VideoInfo],
    figures: &CourseFigures,
    measure: MapMeasure,
    style: &Style,
    most_rows: usize,
) -> Vec<Chart> {
    let rows = figures.rows.len();
    // As many in each as in the others, so that no drawing is left with one or two.
    let each = rows.div_ceil(rows.div_ceil(most_rows.max(1)).max(1)).max(1);
    let starts = (0..rows.max(1)).step_by(each);
    starts.map(|start| rows_of_map(videos, figures, measure, style, start..(start + each).min(rows))).collect()
}

/// What the map counts, and where its colours change.
fn notes_of(measure: MapMeasure, scale: &ColourScale) -> Vec<String> {
    let counted = match measure {
        MapMeasure::Reached => Figure::ChunkReachedPercent,
        MapMeasure::Covered => Figure::ChunkCoveredPercent,
        MapMeasure::Rewatched => Figure::ChunkRewatched,
        MapMeasure::PlayedAgain => Figure::ChunkPlayedAgain,
        MapMeasure::ComparedWithCourse => Figure::ChunkComparedWithCourse,
        MapMeasure::Difference => Figure::ChunkDifferenceOfTerms,
    };
    let mut notes = definitions(&[counted, Figure::UniqueViewers, Figure::CoveredPercent]);
    if matches!(scale.grading, Grading::Stepped(_) | Grading::TwoSided) {
        notes[0].push_str(" The colour changes at the numbers named, which are the same for every course.");
    }
    notes
}

fn rows_of_map(
    videos: &[VideoInfo],
    figures: &CourseFigures,
    measure: MapMeasure,
    style: &Style,
    rows: Range<usize>,
) -> Chart {
    let (is_first, is_last) = (rows.start == 0, rows.end == figures.rows.len());
    let title = if is_first { TITLE } else { CONTINUED };
    let palette = style.palette();
    let scale = ColourScale::of_map(measure);
    let names = ListedNames::new(videos.iter().map(|video| &*video.name));
    let shared = names.note(|index| videos[index].order);
    let width_px = style.width_px.max(480).cast_signed();
    let caption = Some(style.caption.clone().unwrap_or_default());
    let style = &Style { caption, width_px: width_px.unsigned_abs(), ..style.clone() };
    let notes = if is_last { notes_of(measure, &scale) } else { Vec::new() };
    let captioned = Captioned::new(style, title, shared.as_deref().filter(|_| is_first), &notes);
    let legend_top = PADDING_PX + captioned.as_ref().map_or(0, Captioned::height_px) + 10;
    let heads_top = if is_first { legend_top + legend::HEIGHT_PX + 16 } else { legend_top };
    let rows_top = heads_top + 22;
    let bottom = rows_top + ROW_PX * rows.len().max(1) as i32;
    let height_px = bottom + PADDING_PX + captioned.as_ref().map_or(0, Captioned::notes_px);
    let columns = Columns::new(width_px, figures);
    let mut chart = Chart {
        title: title.to_owned(),
        subtitle: Some(scale.label.to_owned()),
        svg: String::new(),
        width_px: width_px.unsigned_abs(),
        height_px: height_px.unsigned_abs(),
        plot: PlotArea { left: columns.cells_left, top: rows_top, right: columns.cells_right, bottom },
        position_label: "Video".to_owned(),
        series: (0..CHUNK_COUNT).map(part_of_percent).collect(),
        points: points(videos, figures, measure, &columns, rows_top, rows.clone()),
        summary: format!("{}, for {}", scale.label, words::counted(rows.len() as u64, "video", "videos")),
        empty: figures.rows.is_empty().then(|| "No videos yet".to_owned()),
        caution: None,
    };
    let size_px = (chart.width_px, chart.height_px);
    chart.svg = Canvas::document(style, size_px, title, &description(style, &chart), |canvas| {
        let room_px = width_px - 2 * PADDING_PX;
        if let Some(captioned) = &captioned {
            captioned.draw(canvas, palette, chart.height_px);
        }
        if is_first {
            legend::draw(canvas, palette, &scale, PADDING_PX, legend_top, room_px);
        }
        draw_heads(canvas, palette, &columns, heads_top);
        if let Some(message) = &chart.empty {
            canvas.text(message, columns.name_left, rows_top + 5, Ink::new(palette.text_muted, NAME_PX));
        }
        let fitted = names.fitted(columns.name_px, |text| measure_px(text, NAME_PX));
        let shown = figures.rows.iter().zip(&fitted).skip(rows.start).take(rows.len());
        for (index, (row, name)) in shown.enumerate() {
            let top = rows_top + ROW_PX * index as i32 + (ROW_PX - CELL_PX) / 2;
            let middle = top + CELL_PX / 2;
            let muted = Ink::new(palette.text_muted, LABEL_PX);
            let order = words::count(u64::from(row.order));
            canvas.text_middle(&order, columns.order_right, middle, muted.at(Anchor::End));
            canvas.text_middle(name, columns.name_left, middle, Ink::new(palette.text, NAME_PX));
            match (row.totals.duration_secs, row.totals.group_size()) {
                (None, _) => canvas.text_middle("length unknown", columns.cells_left, middle, muted),
                (Some(_), GroupSize::TooFew) => {
                    let room_px = f64::from(columns.cells_right - columns.cells_left);
                    let said = cut(TOO_FEW, room_px, |text| measure_px(text, LABEL_PX));
                    canvas.text_middle(&said, columns.cells_left, middle, muted);
                }
                (Some(_), GroupSize::Nobody | GroupSize::Few | GroupSize::Enough) => {
                    for chunk in 0..CHUNK_COUNT {
                        let colour = scale.colour(measure.value(row, chunk), palette);
                        let (left, right) = (columns.border(chunk), columns.border(chunk + 1));
                        canvas.fill(left, top, right, top + CELL_PX, colour);
                        if measure.value(row, chunk) == Statistic::TooFew {
                            canvas.hatch(left, top, right, top + CELL_PX, palette.text_muted);
                        }
                    }
                }
            }
            let viewers = style.telling.count(row.totals.unique_viewers);
            canvas.text_middle(
                &viewers,
                columns.viewers_right,
                middle,
                Ink::new(palette.text, LABEL_PX).at(Anchor::End),
            );
            let covered = row.totals.covered_percent.text(words::percent);
            canvas.text_middle(
                &covered,
                columns.covered_right,
                middle,
                Ink::new(palette.text, LABEL_PX).at(Anchor::End),
            );
        }
    });
    chart
}

fn draw_heads(canvas: &Canvas<'_>, palette: &Palette, columns: &Columns, top: i32) {
    let ink = Ink::new(palette.text_muted, LABEL_PX);
    canvas.text(HEADS[0], columns.viewers_right, top, ink.at(Anchor::End));
    canvas.text(HEADS[1], columns.covered_right, top, ink.at(Anchor::End));
    let room = f64::from(columns.cells_right - columns.cells_left);
    canvas.text("Start", columns.cells_left, top, ink);
    if room >= width_px_of("Start") + width_px_of("End") + width_px_of("Middle of the video") + 2.0 * LABEL_GAP_PX {
        let middle = i32::midpoint(columns.cells_left, columns.cells_right);
        canvas.text("Middle of the video", middle, top, ink.at(Anchor::Middle));
    }
    if room >= width_px_of("Start") + width_px_of("End") + LABEL_GAP_PX {
        canvas.text("End", columns.cells_right, top, ink.at(Anchor::End));
    }
}

/// The column of a part in the data table: `0 – 5 %`.
fn part_of_percent(chunk: usize) -> Series {
    let label = format!("{} – {} %", chunk * 100 / CHUNK_COUNT, (chunk + 1) * 100 / CHUNK_COUNT);
    Series { label, hue: Hue::Heat, extent: String::new() }
}

fn points(
    videos: &[VideoInfo],
    figures: &CourseFigures,
    measure: MapMeasure,
    columns: &Columns,
    rows_top: i32,
    rows: Range<usize>,
) -> Vec<Point> {
    figures
        .rows
        .iter()
        .zip(videos)
        .skip(rows.start)
        .take(rows.len())
        .enumerate()
        .map(|(index, (row, video))| Point {
            left: f64::from(columns.cells_left),
            right: f64::from(columns.cells_right),
            label: listed_name(&video.name),
            days: None,
            values: (0..CHUNK_COUNT)
                .map(|chunk| {
                    let value = measure.value(row, chunk);
                    let top = f64::from(rows_top + ROW_PX * index as i32);
                    Value { number: value.value(), text: map_text(measure, value), top }
                })
                .collect(),
        })
        .collect()
}
