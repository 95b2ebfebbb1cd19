//! What all charts with two axes share: the place of the plot, its grid, base line, labels and legend.
//!
//! Deliberately absent: the marks within the plot. Invariant: charts of the same width have the same plot edges, so
//! that positions line up between charts placed below each other.

use model::Telling;
use model::line::{cut, one_line};

use crate::canvas::{Canvas, Ink};
use crate::caption::{Captioned, PADDING_PX};
use crate::chart::{Chart, Hue, PlotArea, Series, Style};
use crate::palette::{Palette, Rgb};
use crate::text::measure_px;
use crate::ticks::{Anchor, LABEL_GAP_PX, LABEL_PX, OVER_PX, Tick};

/// Room above the plot for half of the top label.
const ABOVE_PX: i32 = 8;

/// Room below the plot for ticks and labels.
const BELOW_PX: i32 = 24;

/// Room between the vertical axis and its labels. The handles of a date range are drawn here, outside the first bar.
const LABEL_OFF_PX: i32 = 12;

/// Left edge of all plots, so that charts below each other line up: room for a label like `0:05:00` or `100,000`. Only
/// longer labels move it, or a drawing that is too narrow for it.
const USUAL_LEFT_PX: i32 = 64;

/// Narrower drawings get only the room that their labels need.
const NARROW_PX: u32 = 200;

/// Where the parts of a chart with two axes are.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Frame {
    pub(crate) size_px: (u32, u32),
    pub(crate) plot: PlotArea,
    /// Left edge of title and legend, and the room that they have.
    pub(crate) text_left: i32,
    pub(crate) text_px: f64,
}

/// Height of a legend row, in pixels.
pub(crate) const LEGEND_PX: i32 = 24;

impl Frame {
    /// The frame of a chart. `label_px` is the width of its widest label on the left. The style's height covers plot
    /// and axis; a caption is added to it.
    pub(crate) fn new(style: &Style, captioned: Option<&Captioned>, legend: bool, label_px: f64) -> Self {
        let (width, height) = (style.width_px.max(40), style.height_px.max(24));
        let padding = if captioned.is_some() { PADDING_PX } else { 0 };
        let needed = (label_px.ceil() as i32 + LABEL_OFF_PX).max(OVER_PX);
        let left = if width < NARROW_PX { needed } else { needed.max(USUAL_LEFT_PX) } + padding;
        let legend_px = if legend { LEGEND_PX } else { 0 };
        // Anything around the plot makes the drawing taller, never the plot shorter.
        let (before, after) =
            captioned.map_or((0, 0), |it| (padding + it.height_px() + legend_px + 4, padding + it.notes_px()));
        let height = height.cast_signed() + before + after;
        let right = width.cast_signed() - OVER_PX - padding / 2;
        let bottom = height - BELOW_PX - after;
        let plot = PlotArea {
            left: left.min(right - 1),
            top: (ABOVE_PX + before).min(bottom - 1),
            right: right.max(1),
            bottom: bottom.max(1),
        };
        let height = height.unsigned_abs();
        Self {
            size_px: (width, height),
            plot,
            text_left: padding.max(4),
            text_px: f64::from(width.cast_signed() - 2 * padding.max(4)),
        }
    }
}

impl Frame {
    /// The same with more room above the plot.
    pub(crate) const fn lowered(self, px: i32) -> Self {
        let (width, height) = self.size_px;
        let plot = PlotArea { top: self.plot.top + px, bottom: self.plot.bottom + px, ..self.plot };
        Self { size_px: (width, height.saturating_add_signed(px)), plot, ..self }
    }
}

/// The width of the widest of these labels.
pub(crate) fn widest_px(ticks: &[Tick]) -> f64 {
    ticks.iter().map(|tick| measure_px(&tick.label, LABEL_PX)).fold(0.0, f64::max)
}

/// Draws the grid lines and labels of the vertical axis.
pub(crate) fn draw_upright_axis(canvas: &Canvas<'_>, palette: &Palette, plot: PlotArea, ticks: &[Tick], y_end: f64) {
    let y = |at: f64| plot.bottom - (at / y_end * f64::from(plot.height())).round() as i32;
    let step_px = ticks.get(1).map_or(f64::INFINITY, |tick| tick.at / y_end * f64::from(plot.height()));
    let crowded = step_px < 16.0;
    for (index, tick) in ticks.iter().enumerate() {
        let y = y(tick.at);
        if index > 0 {
            canvas.fill(plot.left, y, plot.right, y + 1, palette.grid);
        }
        if !crowded || index + 1 == ticks.len() {
            canvas.text_middle(
                &tick.label,
                plot.left - LABEL_OFF_PX,
                y,
                Ink::new(palette.text_muted, LABEL_PX).at(Anchor::End),
            );
        }
    }
}

/// Draws the base line, over the marks.
pub(crate) fn draw_base_line(canvas: &Canvas<'_>, palette: &Palette, plot: PlotArea) {
    canvas.fill(plot.left, plot.bottom, plot.right, plot.bottom + 1, palette.axis);
}

/// Draws the ticks and labels below the base line. `x_end` is the end of the axis in the units of the ticks.
pub(crate) fn draw_flat_axis(canvas: &Canvas<'_>, palette: &Palette, plot: PlotArea, ticks: &[Tick], x_end: f64) {
    for tick in ticks {
        let x = plot.left + (tick.at / x_end * f64::from(plot.width())).round() as i32;
        canvas.text(&tick.label, x, plot.bottom + 9, Ink::new(palette.text_muted, LABEL_PX).at(tick.anchor));
    }
}

/// Draws a short tick below the base line.
pub(crate) fn draw_tick(canvas: &Canvas<'_>, plot: PlotArea, x: i32, length_px: i32, colour: Rgb) {
    canvas.fill(x, plot.bottom + 1, x + 1, plot.bottom + 1 + length_px, colour);
}

/// Writes into the middle of the plot why it is empty.
pub(crate) fn draw_empty(canvas: &Canvas<'_>, palette: &Palette, plot: PlotArea, message: &str) {
    let message = cut(message, f64::from(plot.width()), |text| measure_px(text, 13.0));
    let ink = Ink::new(palette.text_muted, 13.0).at(Anchor::Middle);
    canvas.text_middle(&message, i32::midpoint(plot.left, plot.right), i32::midpoint(plot.top, plot.bottom), ink);
}

fn colours(palette: &Palette, hue: Hue) -> (Rgb, Rgb) {
    match hue {
        Hue::Reached => (palette.reached_area, palette.reached),
        Hue::Covered => (palette.covered_area, palette.covered),
        Hue::Time => (palette.time, palette.time),
        Hue::Usual => (palette.surface, palette.text_muted),
        Hue::Heat => (palette.heat[crate::palette::HEAT_STEPS / 2], palette.heat[crate::palette::HEAT_STEPS / 2]),
    }
}

/// How a legend shows what it explains: in the same way as it is drawn.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Swatch {
    /// A bar.
    Bar,
    /// A line of this width over its area.
    Line(i32),
}

impl Swatch {
    /// The swatch's width, in pixels.
    const fn width_px(self) -> i32 {
        match self {
            Self::Bar => 10,
            Self::Line(_) => 16,
        }
    }
}

/// Draws the legend: a swatch, its meaning, and its real numbers. Whatever has no room is left out from the end,
/// numbers first.
pub(crate) fn draw_legend(
    canvas: &Canvas<'_>,
    palette: &Palette,
    frame: Frame,
    top: i32,
    series: &[Series],
    swatch: Swatch,
) {
    let with_numbers = |series: &Series| format!("{}: {}", series.label, series.extent);
    let swatch_px = swatch.width_px();
    let before_px = f64::from(swatch_px) + 6.0;
    let width = |texts: &[String]| {
        texts.iter().map(|text| before_px + measure_px(text, LABEL_PX)).sum::<f64>()
            + 2.0 * LABEL_GAP_PX * (texts.len().saturating_sub(1)) as f64
    };
    let long: Vec<String> = series.iter().map(with_numbers).collect();
    let short: Vec<String> = series.iter().map(|series| series.label.clone()).collect();
    let texts = if width(&long) <= frame.text_px { long } else { short };
    let mut x = f64::from(frame.text_left);
    let end = x + frame.text_px;
    for (series, text) in series.iter().zip(texts) {
        let text = cut(&text, end - x - before_px, |text| measure_px(text, LABEL_PX));
        if text.is_empty() {
            break;
        }
        let (fill, stroke) = colours(palette, series.hue);
        let left = x.round() as i32;
        let line_px = match (swatch, series.hue) {
            // An outline has no area, whatever stands beside it.
            (_, Hue::Usual) => 2,
            (Swatch::Bar, _) => 10,
            (Swatch::Line(line_px), _) => line_px,
        };
        canvas.fill(left, top, left + swatch_px, top + line_px, stroke);
        canvas.fill(left, top + line_px, left + swatch_px, top + 10, fill);
        canvas.text_middle(&text, left + swatch_px + 6, top + 5, Ink::new(palette.text_muted, LABEL_PX));
        x += before_px + measure_px(&text, LABEL_PX) + 2.0 * LABEL_GAP_PX;
    }
}

/// The smallest and largest count in words: `12 to 187 viewers`, `1 viewer`.
pub(crate) fn viewers_extent(counts: impl Iterator<Item = u32> + Clone, telling: Telling) -> String {
    let (low, high) = (counts.clone().min().unwrap_or(0), counts.max().unwrap_or(0));
    if low == high { telling.viewers(high) } else { format!("{} to {}", telling.count(low), telling.viewers(high)) }
}

/// The sentence for screen readers: what the chart shows, of which video or course, and for which dates.
pub(crate) fn description(style: &Style, chart: &Chart) -> String {
    let about = style.caption.as_ref().map_or_else(String::new, |caption| one_line(&caption.subject));
    let said = chart.empty.as_ref().unwrap_or(&chart.summary);
    if about.is_empty() { format!("{said}.") } else { format!("{about}. {said}.") }
}
