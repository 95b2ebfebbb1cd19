//! Reads SubRip and WebVTT into cues.
//!
//! A line with two times and `-->` begins a cue; everything else is read around it. So the faults of real files do
//! little harm: numbers that are missing or out of order, `.` for `,`, a blank line inside a cue or none between two,
//! cues that overlap, are out of order, say nothing, or end before they start.
//!
//! Deliberately absent: styles, positions on the screen and speakers, which nobody needs in a transcript.
//!
//! Invariant: the cost grows no faster than the length of the text.

use std::borrow::Cow;

use super::Cue;
use super::fold::beginning;
use crate::text::is_invisible;

/// How long a cue lasts that has no usable end and no successor.
const UNKNOWN_LENGTH_SECS: f64 = 2.0;
/// Hours with more digits are not a time.
const MOST_DIGITS: usize = 6;
/// Longer markup and longer character names count as text.
const LONGEST_TAG_BYTES: usize = 200;
const LONGEST_ENTITY_BYTES: usize = 12;

/// A cue as written in the file.
struct Read<'t> {
    start_secs: f64,
    end_secs: f64,
    lines: Vec<&'t str>,
}

/// The cues of a text, ordered by their start.
pub(super) fn cues(text: &str) -> Vec<Cue> {
    let text = with_plain_line_ends(text.trim_start_matches('\u{feff}'));
    let mut read = read(&text);
    read.sort_by(|a, b| a.start_secs.total_cmp(&b.start_secs));
    if let Some(first) = read.iter_mut().find(|cue| !cue.lines.is_empty())
        && is_notice(first.lines[0])
    {
        first.lines.remove(0);
    }
    let mut next_secs = None;
    for index in (0..read.len()).rev() {
        let start_secs = read[index].start_secs;
        if read[index].end_secs <= start_secs {
            read[index].end_secs = next_secs.unwrap_or(start_secs + UNKNOWN_LENGTH_SECS);
        }
        if index > 0 && read[index - 1].start_secs < start_secs {
            next_secs = Some(start_secs);
        }
    }
    let cues = read.into_iter().map(|cue| Cue {
        start_secs: cue.start_secs,
        end_secs: cue.end_secs,
        text: plain(&cue.lines.join(" ")),
    });
    cues.filter(|cue| !cue.text.is_empty()).collect()
}

fn with_plain_line_ends(text: &str) -> Cow<'_, str> {
    if text.contains('\r') { text.replace("\r\n", "\n").replace('\r', "\n").into() } else { text.into() }
}

/// The note of the machine that made the captions. It is in the first cue, in brackets, and nobody says it.
fn is_notice(line: &str) -> bool {
    let line = line.trim();
    line.starts_with('[') && line.ends_with(']')
}

fn read(text: &str) -> Vec<Read<'_>> {
    let is_vtt = text.trim_start().starts_with("WEBVTT");
    let mut cues: Vec<Read<'_>> = Vec::new();
    // Lines since the last blank line or the last times, and whether they belong to the cue whose times are above them.
    let mut block: Vec<&str> = Vec::new();
    let mut in_cue = false;
    for line in text.split('\n').chain([""]) {
        if let Some((start_secs, end_secs)) = times(line) {
            if block.last().is_some_and(|last| is_number(last)) || (is_vtt && !in_cue) {
                // The line above the times is the cue's number or name.
                block.pop();
            }
            belongs(&mut cues, &mut block, in_cue, is_vtt);
            cues.push(Read { start_secs, end_secs, lines: Vec::new() });
            in_cue = true;
        } else if line.trim().is_empty() {
            belongs(&mut cues, &mut block, in_cue, is_vtt);
            in_cue = false;
        } else {
            block.push(line);
        }
    }
    cues
}

/// Adds the lines of a block to the last cue, if they are part of it.
fn belongs<'t>(cues: &mut [Read<'t>], block: &mut Vec<&'t str>, in_cue: bool, is_vtt: bool) {
    let lines = block.drain(..);
    let Some(last) = cues.last_mut() else { return };
    if in_cue {
        last.lines.extend(lines);
        return;
    }
    let lines: Vec<&str> = lines.collect();
    let is_remark = lines.first().is_some_and(|line| {
        let word = line.split_whitespace().next().unwrap_or_default();
        is_vtt && matches!(word, "NOTE" | "STYLE" | "REGION")
    });
    let is_only_a_number = lines.iter().all(|line| is_number(line));
    // A blank line inside a cue. WebVTT allows none, except that every line may be followed by one.
    if !is_remark && !is_only_a_number && (!is_vtt || last.lines.is_empty()) {
        last.lines.extend(lines);
    }
}

fn is_number(line: &str) -> bool {
    let line = line.trim();
    !line.is_empty() && line.bytes().all(|byte| byte.is_ascii_digit())
}

/// The two times of a line that begins a cue.
fn times(line: &str) -> Option<(f64, f64)> {
    let (start, rest) = line.split_once("-->")?;
    // After the second time, WebVTT says where the cue is shown.
    let end = rest.split_whitespace().next()?;
    Some((secs(start.trim())?, secs(end)?))
}

/// `01:02:03,456`, `02:03.4`, `100:00:00` in seconds.
fn secs(text: &str) -> Option<f64> {
    let (whole, fraction) = match text.split_once([',', '.']) {
        Some((whole, fraction)) => (whole, fraction),
        None => (text, ""),
    };
    let mut parts = whole.split(':').map(number);
    let (first, second, third) = (parts.next()??, parts.next()??, parts.next());
    if parts.next().is_some() {
        return None;
    }
    let (hours, minutes, seconds) = match third {
        Some(third) => (first, second, third?),
        None => (0, first, second),
    };
    if !fraction.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let milli = fraction.bytes().chain(*b"000").take(3).fold(0, |milli, digit| milli * 10 + u64::from(digit - b'0'));
    Some((((hours * 60 + minutes) * 60 + seconds) * 1000 + milli) as f64 / 1000.0)
}

fn number(text: &str) -> Option<u64> {
    let text = text.trim();
    let is_number = (1..=MOST_DIGITS).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit());
    is_number.then(|| text.parse().ok()).flatten()
}

/// The text on one line, without markup and with its named characters resolved.
fn plain(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(next) = rest.chars().next() {
        let (character, after) = match next {
            '<' => tag(rest).map_or(('<', &rest[1..]), |after| (' ', after)),
            '{' => override_of_style(rest).map_or(('{', &rest[1..]), |after| (' ', after)),
            '&' => entity(rest).unwrap_or(('&', &rest[1..])),
            other => (other, &rest[other.len_utf8()..]),
        };
        // A tag in the middle of a word does not split the word.
        let parts_nothing = next == '<' && character == ' ';
        if character.is_whitespace() {
            if !parts_nothing && !plain.is_empty() && !plain.ends_with(' ') {
                plain.push(' ');
            }
        } else if is_kept(character) {
            plain.push(character);
        }
        rest = after;
    }
    plain.truncate(plain.trim_end().len());
    plain
}

/// Joiners shape the letters of several scripts; all other invisible characters are left out.
fn is_kept(character: char) -> bool {
    !is_invisible(character) || matches!(character, '\u{200c}' | '\u{200d}' | '\u{fe00}'..='\u{fe0f}')
}

/// The text after a tag such as `<i>`, `</font>`, `<v Speaker>` or `<00:01.500>`. `a < b` is not a tag.
fn tag(text: &str) -> Option<&str> {
    let second = text.chars().nth(1)?;
    if !(second.is_ascii_alphanumeric() || second == '/') {
        return None;
    }
    closed(text, '>', LONGEST_TAG_BYTES)
}

/// The text after `{\an8}`, which subtitle programs write.
fn override_of_style(text: &str) -> Option<&str> {
    if text.starts_with("{\\") { closed(text, '}', LONGEST_TAG_BYTES) } else { None }
}

/// A named character, and the text after it.
fn entity(text: &str) -> Option<(char, &str)> {
    let after = closed(text, ';', LONGEST_ENTITY_BYTES)?;
    let name = &text[1..text.len() - after.len() - 1];
    let character = match name {
        "amp" => '&',
        "lt" => '<',
        "gt" => '>',
        "quot" => '"',
        "apos" => '\'',
        "nbsp" => ' ',
        "lrm" => '\u{200e}',
        "rlm" => '\u{200f}',
        _ => {
            let number = name.strip_prefix('#')?;
            let code = match number.strip_prefix(['x', 'X']) {
                Some(hexadecimal) => u32::from_str_radix(hexadecimal, 16),
                None => number.parse(),
            };
            char::from_u32(code.ok()?)?
        }
    };
    Some((character, after))
}

/// The text after the first `end`, if that is near.
fn closed(text: &str, end: char, most_bytes: usize) -> Option<&str> {
    beginning(text, most_bytes).find(end).map(|at| &text[at + end.len_utf8()..])
}
