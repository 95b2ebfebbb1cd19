//! Viewers across the timeline of a video: how many reached each part, and how many covered at least 75 % of it.
//!
//! Drawn as steps, because a part is one number: nothing is known between its borders, and a part nobody reached is zero.
//! Everybody who covered a part also reached it, so that one area always lies within the other: the pale band between the
//! two lines is what was reached and not covered. Line, depth and order tell the two apart, not hue alone. Below ten
//! viewers the lines are dotted.
//!
//! Deliberately absent: what happens within a part. Invariant: no line joins the neighbours of a part nobody reached.

use model::readout::part_label;
use model::{CHUNK_COUNT, DateRange, Figure, GroupSize, TOO_FEW, VideoFigures, VideoRow, words};

use crate::canvas::{Canvas, area, dotted_area, line, pixel};
use crate::caption::{Captioned, PADDING_PX, definitions};
use crate::chart::{Chart, Hue, PlotArea, Point, Series, Style, Value};
use crate::frame::{
    Frame, Swatch, description, draw_base_line, draw_empty, draw_flat_axis, draw_legend, draw_tick, draw_upright_axis,
    viewers_extent, widest_px,
};
use crate::outline::{self, Outline};
use crate::palette::Palette;
use crate::ticks::{OVER_PX, timeline_ticks, viewer_ticks};

/// Title of the chart.
pub const TITLE: &str = "Viewers across the timeline";

/// Width of the lines, in pixels, and of those of a small timeline. Legends show the same.
const LINE_PX: i32 = 2;
pub(crate) const SMALL_LINE_PX: i32 = 1;

/// Narrower parts have no gap between them in the base line.
const LEAST_CHUNK_PX: i32 = 8;

/// What is said of a video without a length.
pub(crate) const NO_LENGTH: &str = "Panopto gives no length for this video, so it has no timeline";

/// What is said where nobody ever watched.
const NOBODY_YET: &str = "Nobody has watched this video yet";

/// Draws viewers across the timeline of a video.
pub fn viewers_across_timeline(figures: &VideoFigures, style: &Style) -> Chart {
    viewers_across_timeline_beside(figures, None, style)
}

/// Draws viewers across the timeline of a video, with what it is compared with as a grey outline.
pub fn viewers_across_timeline_beside(figures: &VideoFigures, outline: Option<Outline<'_>>, style: &Style) -> Chart {
    let palette = style.palette();
    let reached: Vec<u32> = figures.chunks.iter().map(|chunk| chunk.reached).collect();
    let covered: Vec<u32> = figures.chunks.iter().map(|chunk| chunk.covered).collect();
    let outlined = outline.map(|outline| outline.viewers(figures.totals.unique_viewers));
    let most_outlined = outlined.iter().flatten().fold(0.0_f64, |most, viewers| most.max(*viewers));
    let max = reached.iter().copied().max().unwrap_or(0).max(most_outlined.ceil() as u32);
    let max = if style.telling.is_few(max) { FEW_TOP as u32 } else { max };
    let caution = caution(figures.totals.group_size());
    let lengths = part_length(figures);
    let subtitle = match (lengths, caution) {
        (Some(length), Some(caution)) => Some(format!("{length} · {caution}")),
        (length, caution) => length.or(caution.map(str::to_owned)),
    };
    let mut series = vec![
        Series {
            label: Figure::ChunkReached.name().to_owned(),
            hue: Hue::Reached,
            extent: viewers_extent(reached.iter().copied(), style.telling),
        },
        Series {
            label: Figure::ChunkCovered.name().to_owned(),
            hue: Hue::Covered,
            extent: viewers_extent(covered.iter().copied(), style.telling),
        },
    ];
    let mut counted = vec![Figure::ChunkReached, Figure::ChunkCovered];
    if let Some((outline, viewers)) = outline.zip(outlined) {
        series.push(outline::series(outline.label, viewers.into_iter()));
        counted.push(outline.counts);
    }
    let captioned = Captioned::new(style, TITLE, subtitle.as_deref(), &definitions(&counted));
    let measure = |frame: Frame| viewer_ticks(max, f64::from(frame.plot.height()));
    let first_frame = Frame::new(style, captioned.as_ref(), true, 0.0);
    let frame = Frame::new(style, captioned.as_ref(), true, widest_px(&measure(first_frame).1));
    let (y_end, y_ticks) = measure(frame);

    let values = |index: usize| {
        let value = |viewers: f64| (viewers, style.telling.count(outline::whole(viewers) as u32), viewers / y_end);
        let mut values = vec![value(f64::from(reached[index])), value(f64::from(covered[index]))];
        values.extend(outlined.map(|viewers| value(viewers[index])));
        values
    };
    let mut chart = Chart {
        title: TITLE.to_owned(),
        subtitle,
        svg: String::new(),
        width_px: frame.size_px.0,
        height_px: frame.size_px.1,
        plot: frame.plot,
        position_label: "Part of the video".to_owned(),
        series,
        points: chunk_points(figures, frame.plot, values),
        summary: summary(figures),
        empty: nothing(figures),
        caution,
    };
    for value in chart.points.iter_mut().flat_map(|point| &mut point.values) {
        // The height of the mark says no more than its text.
        value.number = value.number.filter(|people| !style.telling.is_few(*people as u32));
    }
    chart.svg = Canvas::document(style, frame.size_px, TITLE, &description(style, &chart), |canvas| {
        if let Some(captioned) = &captioned {
            captioned.draw(canvas, palette, chart.height_px);
            if chart.empty.is_none() {
                draw_legend(
                    canvas,
                    palette,
                    frame,
                    PADDING_PX + captioned.height_px() + 4,
                    &chart.series,
                    Swatch::Line(LINE_PX),
                );
            }
        }
        draw_upright_axis(canvas, palette, frame.plot, &y_ticks, y_end);
        if chart.empty.is_none() {
            let lines = Outlines { line_px: LINE_PX, dotted: dotted(figures.totals.group_size()) };
            draw_areas(canvas, palette, frame.plot, (&reached, &covered), y_end, lines);
            hatch_few(canvas, style, frame.plot, &reached, y_end);
            if let Some(viewers) = &outlined {
                draw_outline(canvas, palette, frame.plot, viewers, y_end);
            }
        }
        draw_timeline_axis(canvas, palette, frame.plot, figures.totals.duration_secs);
        if let Some(message) = &chart.empty {
            draw_empty(canvas, palette, frame.plot, message);
        }
    });
    chart
}

/// Marks the parts of which only *fewer than 5* may be told: the same mark for each of them.
fn hatch_few(canvas: &Canvas<'_>, style: &Style, place: PlotArea, reached: &[u32], y_end: f64) {
    let plot = canvas.plot(place, CHUNK_COUNT as f64, y_end);
    for (index, _) in reached.iter().enumerate().filter(|(_, people)| style.telling.is_few(**people)) {
        let ((left, top), (right, _)) = (pixel(&plot, index as f64, FEW_TOP), pixel(&plot, index as f64 + 1.0, 0.0));
        canvas.hatch(left, top, right, place.bottom, style.palette().text_muted);
    }
}

/// Up to where a mark for *fewer than 5* reaches.
pub(crate) const FEW_TOP: f64 = 5.0;

/// Draws a small timeline, for a grid: both areas over a base line, no text, and what it is compared with as a grey outline,
/// as shares of its viewers. `viewers_at_top` is the common scale of the grid. Without viewers or length there is only the base
/// line.
pub fn small_timeline(
    row: &VideoRow,
    outline_percent: Option<&[f64; CHUNK_COUNT]>,
    viewers_at_top: u32,
    style: &Style,
) -> String {
    let palette = style.palette();
    let size_px = (style.width_px.max(40), style.height_px.max(24));
    let plot = PlotArea { left: 0, top: 2, right: size_px.0.cast_signed(), bottom: size_px.1.cast_signed() - 1 };
    let said = format!(
        "Reached by {} at the most, covered by {}",
        style.telling.viewers(row.reached.iter().copied().max().unwrap_or(0)),
        style.telling.count(row.covered.iter().copied().max().unwrap_or(0))
    );
    Canvas::document(style, size_px, TITLE, &said, |canvas| {
        draw_small(canvas, palette, plot, (row, outline_percent), viewers_at_top);
    })
}

/// Both areas and the base line, in a place of a larger drawing or a small one of its own.
pub(crate) fn draw_small(
    canvas: &Canvas<'_>,
    palette: &Palette,
    plot: PlotArea,
    (row, outline_percent): (&VideoRow, Option<&[f64; CHUNK_COUNT]>),
    viewers_at_top: u32,
) {
    if row.reached.iter().any(|viewers| *viewers > 0) {
        let lines = Outlines { line_px: SMALL_LINE_PX, dotted: dotted(row.totals.group_size()) };
        let y_end = f64::from(viewers_at_top.max(1));
        draw_areas(canvas, palette, plot, (&row.reached, &row.covered), y_end, lines);
        if let Some(percent) = outline_percent {
            let viewers = percent.map(|percent| percent / 100.0 * f64::from(row.totals.unique_viewers));
            draw_outline(canvas, palette, plot, &viewers, y_end);
        }
    }
    draw_base_line(canvas, palette, plot);
}

/// What is compared, as grey steps over the areas.
fn draw_outline(canvas: &Canvas<'_>, palette: &Palette, place: PlotArea, viewers: &[f64], y_end: f64) {
    let plot = canvas.plot(place, CHUNK_COUNT as f64, y_end);
    line(&plot, &steps(viewers.iter().copied()), palette.text_muted);
}

fn draw_areas(
    canvas: &Canvas<'_>,
    palette: &Palette,
    place: PlotArea,
    (reached, covered): (&[u32], &[u32]),
    y_end: f64,
    Outlines { line_px, dotted }: Outlines,
) {
    let plot = canvas.plot(place, CHUNK_COUNT as f64, y_end);
    // The upper line lies outside its area, the lower one inside: where all who reached also covered, both are seen.
    let outside_px = -(line_px / 2);
    let inside_px = line_px + outside_px;
    let line_px = line_px.unsigned_abs();
    for (line, fill, stroke, down_px) in [
        (steps(counts(reached)), palette.reached_area, palette.reached, outside_px),
        (steps(counts(covered)), palette.covered_area, palette.covered, inside_px),
    ] {
        if dotted {
            dotted_area(canvas, &plot, &line, fill, stroke, line_px, down_px);
        } else {
            area(&plot, &line, fill, stroke, line_px, down_px);
        }
    }
}

/// How the two areas are outlined.
#[derive(Debug, Clone, Copy)]
struct Outlines {
    line_px: i32,
    dotted: bool,
}

/// Whether so few watched that a firm line would look more certain than it is.
pub(crate) const fn dotted(size: GroupSize) -> bool {
    match size {
        GroupSize::TooFew | GroupSize::Few => true,
        GroupSize::Nobody | GroupSize::Enough => false,
    }
}

/// What to say beside a chart of too few viewers.
pub(crate) const fn caution(size: GroupSize) -> Option<&'static str> {
    match size {
        GroupSize::TooFew => Some(TOO_FEW),
        GroupSize::Nobody | GroupSize::Few | GroupSize::Enough => None,
    }
}

fn counts(viewers: &[u32]) -> impl Iterator<Item = f64> {
    viewers.iter().map(|viewers| f64::from(*viewers))
}

/// The outline of steps: each value from the left to the right border of its part.
fn steps(heights: impl Iterator<Item = f64>) -> Vec<(f64, f64)> {
    let mut line: Vec<(f64, f64)> = Vec::with_capacity(2 * CHUNK_COUNT);
    for (index, height) in heights.enumerate() {
        // A step of the same height goes on.
        if line.last().is_some_and(|(_, before)| before.to_bits() == height.to_bits()) {
            line.pop();
        } else {
            line.push((index as f64, height));
        }
        line.push((index as f64 + 1.0, height));
    }
    line
}

/// The base line with its labels: round times and both ends, each with its tick. Borders of parts need not lie at round
/// times. They are gaps in the base line, which nobody mistakes for a tick without a label.
pub(crate) fn draw_timeline_axis(canvas: &Canvas<'_>, palette: &Palette, place: PlotArea, duration_secs: Option<f64>) {
    let Some(duration_secs) = duration_secs else {
        draw_base_line(canvas, palette, place);
        return;
    };
    let plot = canvas.plot(place, CHUNK_COUNT as f64, 1.0);
    let border = |chunk: usize| pixel(&plot, chunk as f64, 0.0).0;
    let gap_px = i32::from(place.width() >= LEAST_CHUNK_PX * CHUNK_COUNT as i32);
    for chunk in 0..CHUNK_COUNT {
        let from = border(chunk) + if chunk > 0 { gap_px } else { 0 };
        let to = border(chunk + 1) - if chunk + 1 < CHUNK_COUNT { gap_px } else { 0 };
        canvas.fill(from, place.bottom, to, place.bottom + 1, palette.axis);
    }
    let ticks = timeline_ticks(duration_secs, f64::from(place.width()), f64::from(OVER_PX));
    for tick in &ticks {
        let x = place.left + (tick.at / duration_secs * f64::from(place.width())).round() as i32;
        draw_tick(canvas, place, x.min(place.right - 1), 5, palette.axis);
    }
    draw_flat_axis(canvas, palette, place, &ticks, duration_secs);
}

/// One point per part; `values` gives number, text and share of the plot's height of each series.
pub(crate) fn chunk_points(
    figures: &VideoFigures,
    plot: PlotArea,
    values: impl Fn(usize) -> Vec<(f64, String, f64)>,
) -> Vec<Point> {
    let x = |index: usize| f64::from(plot.left) + index as f64 / CHUNK_COUNT as f64 * f64::from(plot.width());
    figures
        .chunks
        .iter()
        .enumerate()
        .map(|(index, chunk)| Point {
            left: x(index),
            right: x(index + 1),
            label: part_label(index, chunk.start_secs, chunk.end_secs),
            days: None,
            values: values(index)
                .into_iter()
                .map(|(number, text, share)| Value {
                    number: Some(number),
                    text,
                    top: f64::from(plot.bottom) - share * f64::from(plot.height()),
                })
                .collect(),
        })
        .collect()
}

/// A part of a video in words: `0:12:00 – 0:18:00`.
pub fn part(start_secs: f64, end_secs: f64) -> String {
    words::stretch(start_secs, end_secs)
}

/// `each part 0:06:00`; `None` without a length.
fn part_length(figures: &VideoFigures) -> Option<String> {
    figures.totals.duration_secs.map(|secs| format!("each part {}", words::clock(secs / CHUNK_COUNT as f64)))
}

/// Why a chart of the timeline is empty; `None` where it is not.
pub(crate) fn nothing(figures: &VideoFigures) -> Option<String> {
    if figures.totals.duration_secs.is_none() {
        Some(NO_LENGTH.to_owned())
    } else {
        let then = if figures.range == DateRange::ALL { "" } else { " on these dates" };
        figures.chunks.iter().all(|chunk| chunk.reached == 0).then(|| match figures.totals.unique_viewers {
            0 if then.is_empty() => NOBODY_YET.to_owned(),
            0 => words::nobody_watched(figures.range, figures.data_through),
            // Records of no length, or past the end of the video, are of viewers too.
            viewers => {
                format!("{} opened this video{then} and played nothing of it", figures.totals.telling.viewers(viewers))
            }
        })
    }
}

fn summary(figures: &VideoFigures) -> String {
    let most = figures.chunks.iter().rev().max_by_key(|chunk| chunk.reached);
    let fewest = figures.chunks.iter().min_by_key(|chunk| chunk.reached);
    most.zip(fewest).map_or_else(String::new, |(most, fewest)| {
        format!(
            "Most viewers reached {} ({}), fewest {} ({})",
            part(most.start_secs, most.end_secs),
            figures.totals.telling.count(most.reached),
            part(fewest.start_secs, fewest.end_secs),
            figures.totals.telling.count(fewest.reached)
        )
    })
}
