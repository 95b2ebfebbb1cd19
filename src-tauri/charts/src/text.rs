//! Estimates how wide a text will be in a font that is not known here, and breaks texts into lines.
//!
//! The widths are those of DejaVu Sans, the widest of the usual interface fonts: whatever fits here fits anywhere.
//! Deliberately absent: shaping, kerning, real fonts; and cutting, which is `model::line`. Invariant: widths are
//! additive.

use model::line::cut;
use unicode_segmentation::UnicodeSegmentation;

/// Advance widths of U+0020 to U+007E in thousandths of the font size.
const ASCII_WIDTHS: [u16; 95] = [
    318, 401, 460, 838, 636, 950, 780, 275, 390, 390, 500, 838, 318, 361, 318, 337, 636, 636, 636, 636, 636, 636, 636,
    636, 636, 636, 337, 337, 838, 838, 838, 531, 1000, 684, 686, 698, 770, 632, 575, 775, 752, 295, 295, 656, 557, 863,
    748, 787, 603, 787, 695, 635, 611, 732, 684, 989, 685, 611, 685, 390, 337, 390, 838, 500, 500, 613, 635, 550, 635,
    615, 352, 635, 634, 278, 278, 579, 278, 974, 634, 612, 635, 635, 411, 521, 392, 634, 592, 818, 592, 592, 525, 636,
    337, 636, 838,
];

/// Bold letters are wider by up to this factor.
const BOLD: f64 = 1.14;

fn char_width(character: char) -> u16 {
    match character {
        ' '..='~' => ASCII_WIDTHS[character as usize - 0x20],
        // Combining marks, joiners and variation selectors take no room of their own.
        '\u{300}'..='\u{36f}' | '\u{200b}'..='\u{200f}' | '\u{fe00}'..='\u{fe0f}' | '\u{e0100}'..='\u{e01ef}' => 0,
        '–' | '’' | '‘' => 500,
        '\u{a0}'..='\u{24f}' => 800,
        '\u{370}'..='\u{52f}' => 900,
        '\u{530}'..='\u{10ff}' => 1000,
        _ => 1100,
    }
}

/// An upper estimate of the width of a text in pixels, at a font size in pixels.
pub fn measure_px(text: &str, size_px: f64) -> f64 {
    text.chars().map(|character| f64::from(char_width(character))).sum::<f64>() / 1000.0 * size_px
}

/// The same for bold text.
pub(crate) fn measure_bold_px(text: &str, size_px: f64) -> f64 {
    measure_px(text, size_px) * BOLD
}

/// Breaks a text into at most `max_lines` lines of a width, between words if possible. The last line is cut.
pub(crate) fn wrap(text: &str, max_px: f64, max_lines: usize, width_px: impl Fn(&str) -> f64) -> Vec<String> {
    let mut lines = Vec::new();
    let mut rest = text.trim();
    while !rest.is_empty() && lines.len() < max_lines {
        if lines.len() + 1 == max_lines || width_px(rest) <= max_px {
            lines.push(cut(rest, max_px, &width_px));
            break;
        }
        let mut fits = 0;
        let mut fits_to_boundary = 0;
        let mut used = 0.0;
        for (index, grapheme) in rest.grapheme_indices(true) {
            if grapheme == " " {
                fits_to_boundary = index;
            }
            used += width_px(grapheme);
            if used > max_px {
                break;
            }
            fits = index + grapheme.len();
        }
        let end = if fits_to_boundary > 0 {
            fits_to_boundary
        } else {
            fits.max(rest.graphemes(true).next().map_or(1, str::len))
        };
        lines.push(rest[..end].trim_end().to_owned());
        rest = rest[end..].trim_start();
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::{measure_px, wrap};

    fn tens(text: &str) -> f64 {
        text.chars().count() as f64 * 10.0
    }

    #[test]
    fn wrapping_breaks_between_words_and_cuts_the_rest() {
        assert_eq!(wrap("Cost of capital", 80.0, 2, tens), ["Cost of", "capital"]);
        assert_eq!(wrap("Cost of capital and more", 80.0, 2, tens), ["Cost of", "capital…"]);
        assert_eq!(wrap("Incomprehensible", 60.0, 3, tens), ["Incomp", "rehens", "ible"]);
        assert_eq!(wrap("", 60.0, 3, tens), Vec::<String>::new());
        assert_eq!(wrap("ab cd", 1.0, 9, tens).len(), 4);
    }

    #[test]
    fn widths_are_additive_and_zero_for_marks() {
        assert!((measure_px("00", 10.0) - 12.72).abs() < 1e-9);
        assert!((measure_px("e\u{301}", 10.0) - measure_px("e", 10.0)).abs() < 1e-9);
    }
}
