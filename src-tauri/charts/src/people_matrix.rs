//! People by videos: a cell for each, filled from below by what the person covered. This is the drawing that is saved; on
//! screen the window lays out the same cells.
//!
//! Deliberately absent: who is shown and in which order. Invariant: it survives a print without colour, because height is
//! coverage and the deeper fill stands only where at least 75 % is covered.

use model::line::{cut, one_line};
use model::{Figure, MatrixCell, WatchState, words};

use crate::canvas::{Canvas, Ink};
use crate::caption::{Captioned, PADDING_PX, definitions};
use crate::chart::{Chart, Hue, PlotArea, Point, Series, Style, Value};
use crate::frame::description;
use crate::palette::Palette;
use crate::text::measure_px;
use crate::ticks::{Anchor, LABEL_PX};

/// Title of the chart.
pub const TITLE: &str = "People by videos";

const ROW_PX: i32 = 21;
const CELL_PX: i32 = 18;
const CELL_WIDTH_PX: (i32, i32) = (4, 18);
const NAME_PX: f64 = 13.0;
const LONGEST_NAME_PX: i32 = 220;
const GAP_PX: i32 = 16;
const HEADS: [&str; 2] = ["At least 75 %", "Last seen"];

/// A row: one person.
#[derive(Debug, Clone, Copy)]
pub struct MatrixRow<'a> {
    /// What they are called.
    pub label: &'a str,
    /// One cell for each video.
    pub cells: &'a [MatrixCell],
    /// Videos covered at least 75 %.
    pub covered: u32,
    /// The last day with viewing, in words.
    pub last: &'a str,
}

/// Draws the matrix, as high and as wide as it needs to be. `videos` are their names, in lecture order.
pub fn people_matrix(videos: &[&str], rows: &[MatrixRow<'_>], style: &Style) -> Chart {
    let palette = style.palette();
    let widest = |texts: &mut dyn Iterator<Item = &str>, size: f64| {
        texts.map(|text| measure_px(text, size)).fold(0.0, f64::max).ceil() as i32
    };
    let name_px = widest(&mut rows.iter().map(|row| row.label), NAME_PX).clamp(60, LONGEST_NAME_PX);
    let last_px = widest(&mut rows.iter().map(|row| row.last).chain([HEADS[1]]), LABEL_PX);
    let covered_px = widest(&mut [HEADS[0]].into_iter(), LABEL_PX);
    let beside_px = 2 * PADDING_PX + name_px + covered_px + last_px + 3 * GAP_PX;
    let count = videos.len().max(1) as i32;
    let cell_px = ((style.width_px.cast_signed() - beside_px) / count).clamp(CELL_WIDTH_PX.0, CELL_WIDTH_PX.1);
    let width_px = (beside_px + cell_px * count).max(480);
    let style = &Style {
        caption: Some(style.caption.clone().unwrap_or_default()),
        width_px: width_px.unsigned_abs(),
        ..style.clone()
    };
    let notes = definitions(&[Figure::PersonCoverage]);
    let captioned = Captioned::new(style, TITLE, None, &notes);
    let legend_top = PADDING_PX + captioned.as_ref().map_or(0, Captioned::height_px) + 10;
    let heads_top = legend_top + 26;
    let rows_top = heads_top + 20;
    let bottom = rows_top + ROW_PX * rows.len().max(1) as i32;
    let height_px = bottom + PADDING_PX + captioned.as_ref().map_or(0, Captioned::notes_px);
    let cells_left = PADDING_PX + name_px + GAP_PX;
    let cells_right = cells_left + cell_px * count;
    let covered_right = cells_right + GAP_PX + covered_px;
    let last_left = covered_right + GAP_PX;
    let mut chart = Chart {
        title: TITLE.to_owned(),
        subtitle: None,
        svg: String::new(),
        width_px: width_px.unsigned_abs(),
        height_px: height_px.unsigned_abs(),
        plot: PlotArea { left: cells_left, top: rows_top, right: cells_right, bottom },
        position_label: "Person".to_owned(),
        series: videos.iter().map(|video| series(video)).collect(),
        points: rows.iter().enumerate().map(|(row, of)| point(of, rows_top + ROW_PX * row as i32)).collect(),
        summary: format!(
            "Coverage of {} by {}",
            words::counted(videos.len() as u64, "video", "videos"),
            words::counted(rows.len() as u64, "person", "people")
        ),
        empty: rows.is_empty().then(|| "Nobody to show".to_owned()),
        caution: None,
    };
    let size_px = (chart.width_px, chart.height_px);
    chart.svg = Canvas::document(style, size_px, TITLE, &description(style, &chart), |canvas| {
        if let Some(captioned) = &captioned {
            captioned.draw(canvas, palette, chart.height_px);
        }
        draw_legend(canvas, palette, legend_top);
        let muted = Ink::new(palette.text_muted, LABEL_PX);
        canvas.text(HEADS[0], covered_right, heads_top, muted.at(Anchor::End));
        canvas.text(HEADS[1], last_left, heads_top, muted);
        draw_numbers(canvas, muted, (cells_left, heads_top), cell_px, videos.len());
        if let Some(message) = &chart.empty {
            canvas.text(message, PADDING_PX, rows_top + 4, Ink::new(palette.text_muted, NAME_PX));
        }
        for (row, of) in rows.iter().enumerate() {
            let top = rows_top + ROW_PX * row as i32;
            let middle = top + CELL_PX / 2;
            let name = cut(&one_line(of.label), f64::from(name_px), |text| measure_px(text, NAME_PX));
            canvas.text_middle(&name, PADDING_PX, middle, Ink::new(palette.text, NAME_PX));
            for (video, cell) in of.cells.iter().enumerate() {
                let left = cells_left + cell_px * video as i32;
                draw_cell(canvas, palette, (left, top), cell_px, *cell);
            }
            let ink = Ink::new(palette.text, LABEL_PX);
            canvas.text_middle(&words::count(of.covered.into()), covered_right, middle, ink.at(Anchor::End));
            canvas.text_middle(of.last, last_left, middle, muted);
        }
    });
    chart
}

/// An outline below, and what is covered above it. What was opened and has no length is a line in the middle.
fn draw_cell(canvas: &Canvas<'_>, palette: &Palette, (left, top): (i32, i32), width_px: i32, cell: MatrixCell) {
    let (right, bottom) = (left + width_px - 1, top + CELL_PX);
    canvas.fill(left, bottom - 1, right, bottom, palette.grid);
    match cell {
        MatrixCell::NotOpened => {}
        MatrixCell::NoLength => {
            canvas.fill(left, top + CELL_PX / 2, right, top + CELL_PX / 2 + 2, palette.covered_area)
        }
        MatrixCell::Coverage { percent, is_covered } => {
            let height = (f64::from(percent) / 100.0 * f64::from(CELL_PX)).ceil().clamp(1.0, f64::from(CELL_PX)) as i32;
            let colour = if is_covered { palette.reached } else { palette.covered_area };
            canvas.fill(left, bottom - height, right, bottom, colour);
        }
    }
}

fn draw_legend(canvas: &Canvas<'_>, palette: &Palette, top: i32) {
    let ink = Ink::new(palette.text_muted, LABEL_PX);
    let mut left = PADDING_PX;
    for (state, text) in [
        (WatchState::NotOpened, "not opened"),
        (WatchState::Started, "started"),
        (WatchState::Covered, "covered at least 75 %"),
    ] {
        let (height, colour) = match state {
            WatchState::NotOpened => (1, palette.grid),
            WatchState::Started => (5, palette.covered_area),
            WatchState::Covered => (12, palette.reached),
        };
        canvas.fill(left, top + 12 - height, left + 12, top + 12, colour);
        canvas.text(text, left + 18, top, ink);
        left += 18 + measure_px(text, LABEL_PX).ceil() as i32 + GAP_PX;
    }
}

/// The numbers of the videos, as many as there is room for.
fn draw_numbers(canvas: &Canvas<'_>, ink: Ink, (left, top): (i32, i32), cell_px: i32, videos: usize) {
    let widest = measure_px(&videos.to_string(), LABEL_PX).ceil() as i32 + 4;
    let every = (1..).find(|every| every * cell_px >= widest).unwrap_or(1);
    let every = if every == 1 { 1 } else { (every + 4) / 5 * 5 };
    for number in (1..=videos as i32).filter(|number| every == 1 || number % every == 0 || *number == 1) {
        let middle = left + cell_px * (number - 1) + cell_px / 2;
        canvas.text(&number.to_string(), middle, top, ink.at(Anchor::Middle));
    }
}

fn series(video: &str) -> Series {
    Series { label: model::line::listed_name(video), hue: Hue::Heat, extent: String::new() }
}

fn point(row: &MatrixRow<'_>, top: i32) -> Point {
    let value = |cell: &MatrixCell| {
        let number = match cell {
            MatrixCell::NotOpened | MatrixCell::NoLength => None,
            MatrixCell::Coverage { percent, .. } => Some(f64::from(*percent)),
        };
        let text = match cell {
            MatrixCell::NotOpened => String::new(),
            MatrixCell::NoLength => "opened".to_owned(),
            MatrixCell::Coverage { percent, .. } => words::percent(f64::from(*percent)),
        };
        Value { number, text, top: f64::from(top) }
    };
    Point {
        left: 0.0,
        right: 0.0,
        label: row.label.to_owned(),
        days: None,
        values: row.cells.iter().map(value).collect(),
    }
}
