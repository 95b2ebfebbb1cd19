//! Values as a .NET server writes them in XML, and the escaping of markup.

use chrono::{DateTime, Datelike as _, Timelike as _, Utc};
use std::fmt::Write as _;

/// Appends `text` with the five markup characters escaped. The result fits element text and quoted attributes, in XML
/// and in HTML. Characters that XML 1.0 forbids become U+FFFD; a .NET writer would fail the whole reply.
pub(crate) fn push_escaped(out: &mut String, text: &str) {
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            '\t' | '\n' | '\r' => {
                let _ = write!(out, "&#{};", u32::from(c));
            }
            '\0'..='\u{1f}' | '\u{fffe}' | '\u{ffff}' => out.push('\u{fffd}'),
            c => out.push(c),
        }
    }
}

/// `text` escaped, see [`push_escaped`].
pub(crate) fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 16);
    push_escaped(&mut out, text);
    out
}

/// Appends a double in .NET's round-trip form: `0`, `30.44654`, `1E-05`, `1.5E+15`, `NaN`, `INF`, `-INF`.
pub(crate) fn push_double(out: &mut String, value: f64) {
    if value.is_nan() {
        out.push_str("NaN");
    } else if value.is_infinite() {
        out.push_str(if value > 0.0 { "INF" } else { "-INF" });
    } else if value == 0.0 {
        out.push('0');
    } else if (1e-4..1e15).contains(&value.abs()) {
        // A page has thousands of numbers, and this is many times faster than the standard library.
        let mut buffer = zmij::Buffer::new();
        let text = buffer.format_finite(value);
        out.push_str(text.strip_suffix(".0").unwrap_or(text));
    } else {
        let scientific = format!("{value:e}");
        let (mantissa, exponent) = scientific.split_once('e').unwrap_or((&scientific, "0"));
        let (sign, digits) = exponent.strip_prefix('-').map_or(('+', exponent), |digits| ('-', digits));
        let _ = write!(out, "{mantissa}E{sign}{digits:0>2}");
    }
}

/// Appends a UTC time as WCF writes it: zone `Z`, the fraction of a second without trailing zeros.
pub(crate) fn push_time(out: &mut String, time: DateTime<Utc>) {
    // Written by hand: chrono parses its format string each time, and a page holds a thousand times.
    let (year, month, day) = (time.year(), time.month(), time.day());
    let (hour, minute, second) = (time.hour(), time.minute(), time.second());
    let year = year.unsigned_abs();
    push_pair(out, year / 100 % 100);
    push_pair(out, year % 100);
    for (before, number) in [('-', month), ('-', day), ('T', hour), (':', minute), (':', second)] {
        out.push(before);
        push_pair(out, number);
    }
    let micros = time.timestamp_subsec_micros() % 1_000_000;
    if micros > 0 {
        out.push('.');
        for pair in [micros / 10_000, micros / 100 % 100, micros % 100] {
            push_pair(out, pair);
        }
        out.truncate(out.trim_end_matches('0').len());
    }
    out.push('Z');
}

/// Appends two digits.
fn push_pair(out: &mut String, number: u32) {
    for digit in [number / 10 % 10, number % 10] {
        out.push(char::from(b'0' + digit as u8));
    }
}

/// A UTC time as WCF writes it, see [`push_time`].
pub(crate) fn time_text(time: DateTime<Utc>) -> String {
    let mut out = String::with_capacity(28);
    push_time(&mut out, time);
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn doubles_look_as_dot_net_writes_them() {
        for (value, text) in [
            (0.0, "0"),
            (-0.0, "0"),
            (1.0, "1"),
            (30.44654, "30.44654"),
            (0.0001, "0.0001"),
            (0.000_01, "1E-05"),
            (-1.5e15, "-1.5E+15"),
            (123_456_789_012_345.0, "123456789012345"),
            (1e100, "1E+100"),
            (f64::NAN, "NaN"),
            (f64::INFINITY, "INF"),
            (f64::NEG_INFINITY, "-INF"),
        ] {
            let mut out = String::new();
            push_double(&mut out, value);
            assert_eq!(out, text);
        }
    }

    #[test]
    fn fractions_of_a_second_are_trimmed() {
        for (millis, text) in [(0, "Z"), (900, ".9Z"), (980, ".98Z"), (973, ".973Z")] {
            let time = DateTime::from_timestamp_millis(1_602_884_673_000 + millis).expect("in range");
            assert_eq!(time_text(time), format!("2020-10-16T21:44:33{text}"));
        }
    }

    #[test]
    fn markup_is_escaped() {
        assert_eq!(escaped("a<b>&\"'\u{1}é"), "a&lt;b&gt;&amp;&quot;&#39;\u{fffd}é");
    }
}
