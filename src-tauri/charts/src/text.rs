//! How wide a text will be, without knowing the font it will be shown in; and names made fit for a drawing.
//!
//! The widths are those of DejaVu Sans, the widest of the usual interface fonts, so that what fits here fits anywhere.
//! Deliberately absent: shaping, kerning, real fonts.

use unicode_segmentation::UnicodeSegmentation;

/// Advance widths of U+0020 to U+007E in thousandths of the font size.
const ASCII_WIDTHS: [u16; 95] = [
    318, 401, 460, 838, 636, 950, 780, 275, 390, 390, 500, 838, 318, 361, 318, 337, 636, 636, 636, 636, 636, 636, 636,
    636, 636, 636, 337, 337, 838, 838, 838, 531, 1000, 684, 686, 698, 770, 632, 575, 775, 752, 295, 295, 656, 557, 863,
    748, 787, 603, 787, 695, 635, 611, 732, 684, 989, 685, 611, 685, 390, 337, 390, 838, 500, 500, 613, 635, 550, 635,
    615, 352, 635, 634, 278, 278, 579, 278, 974, 634, 612, 635, 635, 411, 521, 392, 634, 592, 818, 592, 592, 525, 636,
    337, 636, 838,
];

/// Bold letters are up to this much wider.
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

/// A name from the server made fit for one line of an XML document: blanks of any kind become one blank; characters that
/// XML does not allow, and those that turn the direction of what follows, are left out.
pub fn one_line(name: &str) -> String {
    let mut line = String::with_capacity(name.len());
    for word in name.split(|character: char| character.is_whitespace() || character.is_control()) {
        let kept = word.chars().filter(|character| {
            !matches!(character, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{fffe}' | '\u{ffff}' | '\u{feff}')
        });
        let before = line.len();
        if before > 0 {
            line.push(' ');
        }
        let start = line.len();
        line.extend(kept);
        if line.len() == start {
            line.truncate(before);
        }
    }
    line
}

/// The name of a video in a list: one that can be seen even where the server's is blank, in the words of the window.
pub(crate) fn listed_name(name: &str) -> String {
    let line = one_line(name);
    if line.is_empty() { "Without a name".to_owned() } else { line }
}

/// Whether a text ends in a script written from right to left: Hebrew, Arabic and their neighbours.
fn ends_right_to_left(text: &str) -> bool {
    text.chars().rev().find(|character| character.is_alphabetic()).is_some_and(|character| {
        matches!(character, '\u{590}'..='\u{8ff}' | '\u{fb1d}'..='\u{fdff}' | '\u{fe70}'..='\u{fefc}' | '\u{10800}'..='\u{10fff}' | '\u{1e800}'..='\u{1efff}')
    })
}

/// A text cut to a width, with `…` in place of what is left out; empty where not even that fits.
pub(crate) fn cut(text: &str, max_px: f64, width_px: impl Fn(&str) -> f64) -> String {
    if width_px(text) <= max_px {
        return text.to_owned();
    }
    let mut room = max_px - width_px("…");
    if room < 0.0 {
        return String::new();
    }
    let mut kept = String::new();
    for grapheme in text.graphemes(true) {
        room -= width_px(grapheme);
        if room < 0.0 {
            break;
        }
        kept.push_str(grapheme);
    }
    let kept = kept.trim_end();
    // A mark of direction after it keeps `…` at the end of what is read from right to left, not before its beginning.
    let mark = if ends_right_to_left(kept) { "\u{200f}" } else { "" };
    format!("{kept}…{mark}")
}

/// A text broken into at most `max_lines` lines of a width, between words where they allow it; the last line is cut.
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
    use super::{cut, listed_name, measure_px, one_line, wrap};

    fn tens(text: &str) -> f64 {
        text.chars().count() as f64 * 10.0
    }

    #[test]
    fn names_become_one_harmless_line() {
        assert_eq!(one_line(" Costs\r\n\tII\u{0}\u{8} "), "Costs II");
        assert_eq!(one_line("a\u{202e}b\u{2066}c\u{feff}\u{ffff}"), "abc");
        assert_eq!(one_line("\u{202e} x"), "x");
        assert_eq!(one_line("\u{1b}[31m"), "[31m");
        assert_eq!(one_line("数据 – été"), "数据 – été");
        assert_eq!((listed_name("\n \u{202e}").as_str(), listed_name(" a\tb").as_str()), ("Without a name", "a b"));
    }

    #[test]
    fn cutting_keeps_within_the_width_and_whole_characters() {
        assert_eq!(cut("Costs", 50.0, tens), "Costs");
        assert_eq!(cut("Costs II", 60.0, tens), "Costs…");
        assert_eq!(cut("Costs II", 5.0, tens), "");
        assert_eq!(cut("עברית ארוכה", 60.0, tens), "עברית…\u{200f}");
        assert_eq!(cut("עברית Costs", 100.0, tens), "עברית Cos…");
        assert_eq!(cut("مقدمة 2021 في", 100.0, tens), "مقدمة 202…\u{200f}");
        assert_eq!(cut("e\u{301}e\u{301}e\u{301}", 30.0, tens), "e\u{301}…");
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
