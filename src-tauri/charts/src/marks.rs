//! Moments on a saved timeline: a bracket over each stretch with its number, and a line of text that says what it is.
//!
//! Deliberately absent: the marks on screen, which are buttons of the window. Invariant: a moment that is marked is also told.

use model::{Moment, words};

use crate::canvas::{Canvas, Ink};
use crate::chart::PlotArea;
use crate::palette::Palette;
use crate::ticks::{Anchor, LABEL_PX};

/// Height of a bracket, and half the side of the ground under its number.
const BRACKET_PX: i32 = 2;
const HALF_PX: i32 = 8;

/// The moments that lie in a window, each with its number on the page.
pub(crate) fn within(moments: &[Moment], (from_secs, to_secs): (f64, f64)) -> impl Iterator<Item = (usize, &Moment)> {
    let is_within = move |moment: &Moment| moment.start_secs < to_secs && moment.end_secs > from_secs;
    (1..).zip(moments).filter(move |(_, moment)| is_within(moment))
}

/// What each of them is: `1. 0:29:10 – 0:46:50, Watched again. Watched again by 26 of …`.
pub(crate) fn notes(moments: &[Moment], window: (f64, f64)) -> Vec<String> {
    let told = |(number, moment): (usize, &Moment)| {
        let place = words::stretch(moment.start_secs, moment.end_secs);
        format!("{number}. {place}, {}. {}.", moment.kind.name(), moment.sentence)
    };
    within(moments, window).map(told).collect()
}

/// Draws the brackets along the upper edge of the plot.
pub(crate) fn draw(canvas: &Canvas<'_>, palette: &Palette, plot: PlotArea, moments: &[Moment], window: (f64, f64)) {
    let (from_secs, to_secs) = window;
    let x = |secs: f64| {
        let share = ((secs - from_secs) / (to_secs - from_secs)).clamp(0.0, 1.0);
        plot.left + (share * f64::from(plot.width())).round() as i32
    };
    for (number, moment) in within(moments, window) {
        let left = x(moment.start_secs).min(plot.right - 1);
        let right = x(moment.end_secs).max(left + 1);
        let middle = i32::midpoint(left, right);
        canvas.fill(left, plot.top, right, plot.top + BRACKET_PX, palette.text);
        let top = plot.top + BRACKET_PX;
        canvas.fill(middle - HALF_PX, top, middle + HALF_PX, top + 2 * HALF_PX, palette.text);
        let ink = Ink::new(palette.surface, LABEL_PX).bold().at(Anchor::Middle);
        canvas.text_middle(&words::count(number as u64), middle, top + HALF_PX, ink);
    }
}
