//! Text from the server made fit to show: on one line, and cut to the room there is.
//!
//! The same functions cut sentences, tables in the terminal and drawings: the caller says how wide a text is, in
//! whatever unit its room has. Deliberately absent: fonts, pixels, terminals.
//!
//! Invariants: a cut text is never wider than its room, never splits what a reader sees as one character, and says with
//! `…` where something is missing. A text that fits is unchanged.

use unicode_segmentation::UnicodeSegmentation;

/// Marks left-out text.
const ELLIPSIS: &str = "…";

/// What a name without visible characters is called.
const NAMELESS: &str = "Without a name";

/// Makes a text fit for one line: every run of blanks becomes one blank. Characters that XML does not allow, and those
/// that change the direction of the text after them, are left out.
pub fn one_line(text: &str) -> String {
    let mut line = String::with_capacity(text.len());
    for word in text.split(|character: char| character.is_whitespace() || character.is_control()) {
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

/// What a spreadsheet takes for the beginning of a formula: the list of the Open Web Application Security Project (CSV
/// injection).
pub const FORMULA_STARTS: [char; 10] = ['=', '+', '-', '@', '\t', '\r', '＝', '＋', '－', '＠'];

/// One line, with an apostrophe in front of what a spreadsheet would take for a formula.
pub fn guarded_line(text: &str) -> String {
    let line = one_line(text);
    if line.starts_with(FORMULA_STARTS) { format!("'{line}") } else { line }
}

/// The name of a video or course as a list shows it: on one line, and visible even where the server's name is blank.
pub fn listed_name(name: &str) -> String {
    let line = one_line(name);
    if line.is_empty() { NAMELESS.to_owned() } else { line }
}

/// Cuts a text at its end, for sentences and labels. Empty if not even `…` fits.
pub fn cut(text: &str, room: f64, width: impl Fn(&str) -> f64) -> String {
    if width(text) <= room {
        return text.to_owned();
    }
    let left = room - width(ELLIPSIS);
    if left < 0.0 {
        return String::new();
    }
    let kept = text[..fitting(text.grapheme_indices(true), left, &width)].trim_end();
    ended(kept)
}

/// Cuts a text in its middle, for names, because beginning and end both distinguish one from the next.
///
/// Cuts between words if that costs little. If the room is too small for two ends, only the beginning is kept.
pub fn cut_middle(text: &str, room: f64, width: impl Fn(&str) -> f64) -> String {
    if width(text) <= room {
        return text.to_owned();
    }
    let left = room - width(ELLIPSIS);
    let tail_room = left * TAIL_SHARE;
    let tail_from = text.len() - fitting_from_end(text, tail_room, &width);
    let tail = after_word_border(&text[tail_from..]);
    if tail.trim().graphemes(true).count() < LEAST_END {
        return cut(text, room, width);
    }
    let head_end = fitting(text.grapheme_indices(true), left - width(tail), &width);
    let head = before_word_border(&text[..head_end]);
    if head.trim().graphemes(true).count() < LEAST_END {
        return cut(text, room, width);
    }
    format!("{head}{ELLIPSIS}{tail}")
}

/// The share of the room that the end of a name gets.
const TAIL_SHARE: f64 = 0.45;

/// How many characters each end of a name needs to be useful.
const LEAST_END: usize = 3;

/// The share of a piece that may be given up so that it ends between words.
const WORD_SHARE: f64 = 0.4;

/// How many bytes of a text fit into a room, counted from its beginning.
fn fitting<'t>(graphemes: impl Iterator<Item = (usize, &'t str)>, room: f64, width: &impl Fn(&str) -> f64) -> usize {
    let (mut end, mut left) = (0, room);
    for (at, grapheme) in graphemes {
        left -= width(grapheme);
        if left < 0.0 {
            break;
        }
        end = at + grapheme.len();
    }
    end
}

/// How many bytes of a text fit into a room, counted back from its end.
fn fitting_from_end(text: &str, room: f64, width: &impl Fn(&str) -> f64) -> usize {
    let (mut kept, mut left) = (0, room);
    for grapheme in text.graphemes(true).rev() {
        left -= width(grapheme);
        if left < 0.0 {
            break;
        }
        kept += grapheme.len();
    }
    kept
}

/// The beginning of a piece, up to and including its last blank, unless that gives up too much of it.
fn before_word_border(piece: &str) -> &str {
    match piece.rfind(' ') {
        Some(blank) if (piece.len() - blank) as f64 <= piece.len() as f64 * WORD_SHARE => &piece[..=blank],
        _ => piece,
    }
}

/// The end of a piece, from its first blank on, unless that gives up too much of it.
fn after_word_border(piece: &str) -> &str {
    match piece.find(' ') {
        Some(blank) if blank as f64 <= piece.len() as f64 * WORD_SHARE => &piece[blank..],
        _ => piece,
    }
}

/// A kept beginning followed by `…`. A direction mark keeps the `…` at the end of text that is read from right to left.
fn ended(kept: &str) -> String {
    let mark = if ends_right_to_left(kept) { "\u{200f}" } else { "" };
    format!("{kept}{ELLIPSIS}{mark}")
}

/// Whether a text ends in a script written from right to left: Hebrew, Arabic and their neighbours.
fn ends_right_to_left(text: &str) -> bool {
    text.chars().rev().find(|character| character.is_alphabetic()).is_some_and(|character| {
        matches!(character, '\u{590}'..='\u{8ff}' | '\u{fb1d}'..='\u{fdff}' | '\u{fe70}'..='\u{fefc}' | '\u{10800}'..='\u{10fff}' | '\u{1e800}'..='\u{1efff}')
    })
}

/// How many characters of an unusable text an error repeats.
const QUOTED_CHARS: usize = 80;

/// What an error repeats of an unusable text: one line, at most 80 characters.
pub fn quotable(text: &str) -> String {
    // The text may be as long as a file, so no more of it is read than can be shown.
    let start: String = text.chars().take(QUOTED_CHARS * 2).map(|c| if c.is_control() { ' ' } else { c }).collect();
    cut(&start, QUOTED_CHARS as f64, |text| text.chars().count() as f64)
}

#[cfg(test)]
mod tests {
    use super::{cut, cut_middle, listed_name, one_line, quotable};
    use proptest::prelude::*;
    use unicode_segmentation::UnicodeSegmentation;

    fn tens(text: &str) -> f64 {
        text.chars().filter(|character| *character != '\u{200f}').count() as f64 * 10.0
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
    fn a_name_keeps_both_its_ends() {
        let recording = "09/08/2021 8:00 AM-10:00 AM [SXRS] part 1";
        assert_eq!(cut_middle(recording, 240.0, tens), "09/08/2021 8:00 … part 1");
        assert_eq!(cut_middle("Incomprehensibilities", 110.0, tens), "Incomp…ties");
        assert_eq!(cut_middle("Costs II", 50.0, tens), "Cost…");
        assert_eq!(cut_middle("Costs II", 80.0, tens), "Costs II");
        assert_eq!(cut_middle("Costs II", 5.0, tens), "");
        assert_eq!(cut_middle("مقدمة في المحاسبة الإدارية", 160.0, tens), "مقدمة في …إدارية");
    }

    #[test]
    fn errors_repeat_one_line_of_a_text() {
        assert_eq!(quotable("a\nb"), "a b");
        assert_eq!(quotable(&"x".repeat(80)), "x".repeat(80));
        assert_eq!(quotable(&"x".repeat(1_000_000)), format!("{}…", "x".repeat(79)));
    }

    proptest! {
        #[test]
        fn no_cut_text_is_too_wide_or_splits_a_character(
            text in prop_oneof![any::<String>(), "[a-c ]{0,30}", "([a-z]|e\u{301}|👩‍🏫|ש| ){0,30}"],
            room in 0.0..400.0f64,
        ) {
            let shown = one_line(&text);
            let whole: Vec<&str> = shown.graphemes(true).collect();
            for cut in [cut(&shown, room, tens), cut_middle(&shown, room, tens)] {
                prop_assert!(tens(&cut) <= room || cut == shown, "{cut:?}");
                if let Some((head, tail)) = cut.trim_end_matches('\u{200f}').split_once('…').filter(|_| cut != shown) {
                    // Graphemes may join across what was left out, so ends are compared with the original's.
                    let starts = (0..=whole.len()).map(|count| whole[..count].concat());
                    prop_assert!(starts.map(|start| start.trim_end().to_owned()).any(|start| start == head.trim_end()), "{head:?} of {shown:?}");
                    let mut ends = (0..=whole.len()).map(|from| whole[from..].concat());
                    prop_assert!(shown.contains('…') || ends.any(|end| end == tail), "{tail:?} of {shown:?}");
                }
            }
        }
    }
}
