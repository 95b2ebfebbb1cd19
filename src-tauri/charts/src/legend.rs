//! The legend of the heat scale: its colours in a row, with numbers under them.

use crate::canvas::{Canvas, Ink};
use crate::palette::{HEAT_STEPS, Palette};
use crate::scale::ColourScale;
use crate::text::{cut, measure_px};
use crate::ticks::{Anchor, LABEL_GAP_PX, LABEL_PX};

/// Height of the whole, in pixels.
pub(crate) const HEIGHT_PX: i32 = 52;

const STRIP_PX: i32 = 10;

/// Draws label, colours and numbers with the upper left corner at (`left`, `top`), at most `room_px` wide.
pub(crate) fn draw(canvas: &Canvas<'_>, palette: &Palette, scale: &ColourScale, left: i32, top: i32, room_px: i32) {
    let label = cut(scale.label, f64::from(room_px), |text| measure_px(text, LABEL_PX));
    canvas.text(&label, left, top, Ink::new(palette.text_muted, LABEL_PX));
    let step_px = (room_px / (HEAT_STEPS as i32 + 2)).clamp(2, 14);
    let none_px = step_px.max(8);
    let strip_top = top + 18;
    canvas.fill(left, strip_top, left + none_px, strip_top + STRIP_PX, palette.heat_none);
    let heat_left = left + none_px + 2;
    for (index, colour) in (0..).zip(palette.heat) {
        canvas.fill(
            heat_left + index * step_px,
            strip_top,
            heat_left + (index + 1) * step_px,
            strip_top + STRIP_PX,
            colour,
        );
    }
    let strip_px = HEAT_STEPS as i32 * step_px;
    let mut free_from = f64::NEG_INFINITY;
    let last = scale.ticks.len().saturating_sub(1);
    let last_px = scale.ticks.last().map_or(0.0, |(_, text)| measure_px(text, LABEL_PX));
    for (index, (place, text)) in scale.ticks.iter().enumerate() {
        let at = f64::from(heat_left) + place * f64::from(strip_px);
        let label_px = measure_px(text, LABEL_PX);
        let (anchor, x, from) = if index == 0 {
            (Anchor::Start, f64::from(left), f64::from(left))
        } else if index == last {
            (Anchor::End, at, at - label_px)
        } else {
            (Anchor::Middle, at, at - label_px / 2.0)
        };
        let limit =
            if index == last { f64::INFINITY } else { f64::from(heat_left + strip_px) - last_px - LABEL_GAP_PX };
        if from >= free_from && (index == 0 || from + label_px <= limit) {
            canvas.text(
                text,
                x.round() as i32,
                strip_top + STRIP_PX + 6,
                Ink::new(palette.text_muted, LABEL_PX).at(anchor),
            );
            free_from = from + label_px + LABEL_GAP_PX;
        }
    }
}
