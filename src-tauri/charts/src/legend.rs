//! The legend of a scale of colours: its colours in a row, with numbers under them.
//!
//! Deliberately absent: which colours and numbers there are (`scale`). Invariant: numbers never touch; those without room
//! are left out, first and last kept.

use model::line::cut;

use crate::canvas::{Canvas, Ink};
use crate::palette::{HEAT_STEPS, Palette};
use crate::scale::{ColourScale, Grading};
use crate::text::measure_px;
use crate::ticks::{LABEL_GAP_PX, LABEL_PX};

/// Height of the whole, in pixels.
pub(crate) const HEIGHT_PX: i32 = 52;

const STRIP_PX: i32 = 10;

/// Least room between the numbers of steps, which stand close and under borders that can be seen.
const STEP_GAP_PX: f64 = 5.0;

/// Draws label, colours and numbers with the upper left corner at (`left`, `top`), at most `room_px` wide.
pub(crate) fn draw(canvas: &Canvas<'_>, palette: &Palette, scale: &ColourScale, left: i32, top: i32, room_px: i32) {
    let label = cut(scale.label, f64::from(room_px), |text| measure_px(text, LABEL_PX));
    canvas.text(&label, left, top, Ink::new(palette.text_muted, LABEL_PX));
    let unit_px = (room_px / (HEAT_STEPS as i32 + 2)).clamp(2, 14);
    let none_px = unit_px.max(8);
    let strip_top = top + 18;
    canvas.fill(left, strip_top, left + none_px, strip_top + STRIP_PX, palette.heat_none);
    let heat_left = left + none_px + 2;
    let strip_px = HEAT_STEPS as i32 * unit_px;
    let x = |place: f64| heat_left + (place * f64::from(strip_px)).round() as i32;
    let border = |step: usize| x(step as f64 / scale.steps() as f64);
    for (step, colour) in scale.colours(palette).skip(1).enumerate() {
        canvas.fill(border(step), strip_top, border(step + 1), strip_top + STRIP_PX, colour);
    }
    let labels_top = strip_top + STRIP_PX + 6;
    let ink = Ink::new(palette.text_muted, LABEL_PX);
    let last = scale.ticks.len().saturating_sub(1);
    let placed = scale.ticks.iter().enumerate().map(|(index, (place, text))| {
        let label_px = measure_px(text, LABEL_PX);
        let at = f64::from(x(*place));
        let from = match index {
            // Only where the scale begins with none does its first number belong under the grey.
            0 if *place <= 0.0 && scale.grading == Grading::Shares => f64::from(left),
            0 if *place <= 0.0 => at,
            // What ends the scale ends with it; a number in it stands at its border, whatever is said behind the number.
            _ if index == last && *place >= 1.0 => at - label_px,
            _ => at - measure_px(text.split(' ').next().unwrap_or(text), LABEL_PX) / 2.0,
        };
        (index, text, from, from + label_px)
    });
    let gap_px = if scale.steps() < HEAT_STEPS { STEP_GAP_PX } else { LABEL_GAP_PX };
    let last_from = placed.clone().next_back().map_or(f64::INFINITY, |(.., from, _)| from);
    let mut free_from = f64::NEG_INFINITY;
    for (index, text, from, to) in placed {
        if from >= free_from && (index == 0 || index == last || to + gap_px <= last_from) {
            canvas.text(text, from.round() as i32, labels_top, ink);
            free_from = to + gap_px;
        }
    }
}
