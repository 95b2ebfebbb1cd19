//! Decimal numbers as the original tool reads and writes them.
//!
//! It writes as Python's `repr` does (the shortest text that reads back as the same number). It reads as pandas does,
//! which does *not* give the nearest number: see `docs/decisions/0002-number-parsing.md`. Both are needed so that users
//! of the original tool get the same digits again. Stored numbers are read correctly rounded, so that writing them
//! again changes nothing.

use std::sync::LazyLock;

/// How the digits of a number become an `f64`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reading {
    /// To the nearest number; writing it again gives the same digits.
    Nearest,
    /// As pandas' default parser does, sometimes one step away from the nearest number. The original tool computes with
    /// these values.
    AsPandas,
}

impl Reading {
    /// Reads a finite number; `None` for anything else. Blanks around it are ignored.
    pub fn number(self, text: &[u8]) -> Option<f64> {
        match self {
            Self::Nearest => parse_nearest(text),
            Self::AsPandas => parse_as_pandas(text),
        }
    }
}

/// Reads a finite number, correctly rounded. Accepts the same texts as [`parse_as_pandas`].
pub fn parse_nearest(text: &[u8]) -> Option<f64> {
    // The other parser decides whether the text is a number, because Rust's also accepts `inf` and `nan`.
    parse_as_pandas(text)?;
    let number: f64 = std::str::from_utf8(text.trim_ascii()).ok()?.parse().ok()?;
    number.is_finite().then_some(number)
}

/// How many digits pandas uses, including leading zeros.
const PANDAS_DIGITS: u32 = 17;
/// Up to this many digits, their integer sum is exact and therefore equals the sum in floating point.
const EXACT_DIGITS: u32 = 15;

/// Powers of ten that are exact.
const EXACT_POWERS: [f64; 23] = [
    1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19, 1e20,
    1e21, 1e22,
];

/// All powers of ten, each correctly rounded.
static POWERS: LazyLock<Vec<f64>> =
    LazyLock::new(|| (0..=308).map(|exponent| format!("1e{exponent}").parse().unwrap_or(f64::INFINITY)).collect());

fn power(exponent: usize) -> f64 {
    if exponent < EXACT_POWERS.len() { EXACT_POWERS[exponent] } else { POWERS[exponent] }
}

/// Whether a number begins with a minus, and the text after its sign.
fn sign(text: &[u8]) -> (bool, &[u8]) {
    match text {
        [b'-', rest @ ..] => (true, rest),
        [b'+', rest @ ..] | rest => (false, rest),
    }
}

/// Reads a finite number as pandas' `precise_xstrtod` does; `None` for anything else.
///
/// At most 17 digits count, every step rounds, and one multiplication or division by a power of ten places the decimal
/// point. Source: pandas, `pandas/_libs/src/parser/tokenizer.c`.
pub fn parse_as_pandas(text: &[u8]) -> Option<f64> {
    let text = text.trim_ascii();
    let (negative, mut rest) = sign(text);
    let mut exact: u64 = 0;
    let mut number = 0.0;
    let mut digits: u32 = 0;
    let mut exponent: i64 = 0;
    let take = |digit: u8, exact: &mut u64, number: &mut f64, digits: u32| {
        if digits < EXACT_DIGITS {
            *exact = *exact * 10 + u64::from(digit);
            *number = *exact as f64;
        } else {
            *number = *number * 10.0 + f64::from(digit);
        }
    };
    while let [byte @ b'0'..=b'9', after @ ..] = rest {
        if digits < PANDAS_DIGITS {
            take(byte - b'0', &mut exact, &mut number, digits);
            digits += 1;
        } else {
            exponent += 1;
        }
        rest = after;
    }
    let mut any_digit = digits > 0;
    if let [b'.', after @ ..] = rest {
        rest = after;
        while let [byte @ b'0'..=b'9', after @ ..] = rest {
            if digits < PANDAS_DIGITS {
                take(byte - b'0', &mut exact, &mut number, digits);
                digits += 1;
                exponent -= 1;
            }
            any_digit = true;
            rest = after;
        }
    }
    if !any_digit {
        return None;
    }
    if let [b'e' | b'E', after @ ..] = rest {
        let (down, mut after) = sign(after);
        if !matches!(after, [b'0'..=b'9', ..]) {
            return None;
        }
        let mut explicit: i64 = 0;
        while let [byte @ b'0'..=b'9', next @ ..] = after {
            explicit = (explicit * 10 + i64::from(byte - b'0')).min(1_000_000);
            after = next;
        }
        exponent += if down { -explicit } else { explicit };
        rest = after;
    }
    if !rest.is_empty() {
        return None;
    }
    let number = match exponent {
        309.. => return (number == 0.0).then_some(if negative { -0.0 } else { 0.0 }),
        1..=308 => number * power(exponent as usize),
        -308..=0 => number / power(exponent.unsigned_abs() as usize),
        -616..=-309 => number / power(exponent.unsigned_abs() as usize - 308) / power(308),
        _ => 0.0,
    };
    number.is_finite().then_some(if negative { -number } else { number })
}

/// Reads the decimal number at the start of `text`, and returns it with its length, if it is written plainly (`12`,
/// `12.345`) with at most 15 digits. For these texts it equals [`parse_as_pandas`] and [`parse_nearest`], because the
/// single division rounds only once.
#[inline]
pub(crate) fn read_short_decimal(text: &[u8]) -> Option<(f64, usize)> {
    let mut digits: u64 = 0;
    let mut length = 0;
    while let Some(digit) = text.get(length).map(|byte| byte.wrapping_sub(b'0')).filter(|digit| *digit < 10) {
        digits = digits.wrapping_mul(10).wrapping_add(u64::from(digit));
        length += 1;
    }
    let whole = length;
    if whole == 0 || whole > EXACT_DIGITS as usize {
        return None;
    }
    if text.get(length) != Some(&b'.') {
        return Some((digits as f64, length));
    }
    length += 1;
    while let Some(digit) = text.get(length).map(|byte| byte.wrapping_sub(b'0')).filter(|digit| *digit < 10) {
        digits = digits.wrapping_mul(10).wrapping_add(u64::from(digit));
        length += 1;
    }
    let decimals = length - whole - 1;
    (whole + decimals <= EXACT_DIGITS as usize).then(|| (digits as f64 / EXACT_POWERS[decimals], length))
}

/// Appends a finite number as Python's `repr` writes it: `0.0`, `21.458`, `1e-05`, `1e+16`.
pub fn push_number(out: &mut Vec<u8>, number: f64) {
    debug_assert!(number.is_finite(), "only finite numbers are stored");
    let mut buffer = zmij::Buffer::new();
    let text = buffer.format_finite(number).as_bytes();
    // Two differences, both below 0.0001: Python uses the exponent one step earlier, and with two digits.
    match text {
        [before @ .., b'e', b'-', digit] => {
            out.extend_from_slice(before);
            out.extend_from_slice(&[b'e', b'-', b'0', *digit]);
        }
        [b'0', b'.', b'0', b'0', b'0', b'0', digits @ ..] => push_hundred_thousandths(out, digits),
        [b'-', b'0', b'.', b'0', b'0', b'0', b'0', digits @ ..] => {
            out.push(b'-');
            push_hundred_thousandths(out, digits);
        }
        _ => out.extend_from_slice(text),
    }
}

/// Appends a number by its significant digits, the first of which is the digit of 0.00001.
#[cold]
fn push_hundred_thousandths(out: &mut Vec<u8>, digits: &[u8]) {
    if let [first, rest @ ..] = digits {
        out.push(*first);
        if !rest.is_empty() {
            out.push(b'.');
            out.extend_from_slice(rest);
        }
        out.extend_from_slice(b"e-05");
    }
}

/// A finite number as Python's `repr` writes it.
pub fn number_text(number: f64) -> String {
    let mut out = Vec::with_capacity(24);
    push_number(&mut out, number);
    String::from_utf8(out).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// What CPython 3.11 prints.
    const REPR: [(f64, &str); 22] = [
        (0.0, "0.0"),
        (-0.0, "-0.0"),
        (1.0, "1.0"),
        (100.0, "100.0"),
        (21.458, "21.458"),
        (489.801_000_000_000_04, "489.80100000000004"),
        (0.1, "0.1"),
        (0.001, "0.001"),
        (0.0001, "0.0001"),
        (0.000_123_4, "0.0001234"),
        (0.00001, "1e-05"),
        (-0.000_012_34, "-1.234e-05"),
        (0.000_099_999_999_999_999_99, "9.999999999999999e-05"),
        (1e-7, "1e-07"),
        (1.5e-10, "1.5e-10"),
        (1e15, "1000000000000000.0"),
        (9_999_999_999_999_998.0, "9999999999999998.0"),
        (1e16, "1e+16"),
        (1.234e16, "1.234e+16"),
        (1e22, "1e+22"),
        (5e-324, "5e-324"),
        (f64::MAX, "1.7976931348623157e+308"),
    ];

    #[test]
    fn numbers_are_written_as_python_writes_them() {
        for (number, text) in REPR {
            assert_eq!(number_text(number), text);
        }
    }

    /// A text, the bits that `pandas.read_csv` 2.2.3 makes of it, and whether that is the nearest number.
    const PANDAS: [(&str, u64, bool); 22] = [
        ("1960.0470477863157", 0x409e_a030_2d4b_7e4e, false),
        ("1644.2149046113261", 0x4099_b0dc_0ff4_559e, false),
        ("1007.0581082178063", 0x408f_7877_0170_f8dc, false),
        ("1953.9801610511254", 0x409e_87eb_af56_ad95, false),
        ("2952.3311203032426", 0x40a7_10a9_8899_b2ef, false),
        ("252.15748492210156", 0x406f_850a_1dd1_c143, false),
        ("2040.6961575296698", 0x409f_e2c8_dd84_fb2e, false),
        ("1736.6581100762635", 0x409b_22a1_e79b_9ae2, false),
        ("2776.5959792444637", 0x40a5_b131_2431_0823, false),
        ("15.826338932012685", 0x402f_a715_e580_cfe5, false),
        ("0.00012345678901234567", 0x3f20_2e85_be18_04df, false),
        ("12345678901234567.5", 0x4345_ee2a_2eb5_a5c4, true),
        ("12345678901234567890.5", 0x43e5_6a95_319d_63e1, true),
        ("0.000012345678901234567e-3", 0x3e4a_831b_d731_50ea, false),
        ("1845.54599999999980000", 0x409c_d62f_1a9f_be77, false),
        ("9007199254740993.0", 0x4340_0000_0000_0000, true),
        ("1e23", 0x44b5_2d02_c7e1_4af6, true),
        ("123456.7e-310", 0x00a1_56be_c81a_cc6d, true),
        ("1.7976931348623157e308", 0x7fef_ffff_ffff_ffff, true),
        ("4.9406564584124654e-324", 0x0000_0000_0000_0001, true),
        ("489.80100000000004", 0x407e_9cd0_e560_4189, false),
        ("00000000000000000123.5", 0, false),
    ];

    #[test]
    fn numbers_are_read_as_pandas_reads_them() {
        for (text, bits, nearest) in PANDAS {
            assert_eq!(parse_as_pandas(text.as_bytes()).map(f64::to_bits), Some(bits), "{text}");
            assert_eq!(parse_nearest(text.as_bytes()).map(f64::to_bits) == Some(bits), nearest, "{text}");
        }
    }

    #[test]
    fn all_spellings_of_a_number_are_read() {
        for (text, expected) in [
            ("0.1", 0.1),
            ("275.319", 275.319),
            (" 12.5", 12.5),
            ("1e3", 1000.0),
            ("1E-3", 0.001),
            (".5", 0.5),
            ("5.", 5.0),
            ("-7.25", -7.25),
            ("+7.25", 7.25),
        ] {
            for reading in [Reading::AsPandas, Reading::Nearest] {
                assert_eq!(reading.number(text.as_bytes()), Some(expected), "{text}");
            }
        }
    }

    #[test]
    fn what_is_not_a_number_is_refused() {
        for text in ["", " ", ".", "-", "e5", "1e", "1e+", "1.2.3", "nan", "inf", "-inf", "1,5", "1 2", "0x10", "1e999"]
        {
            assert_eq!(parse_as_pandas(text.as_bytes()), None, "{text}");
            assert_eq!(parse_nearest(text.as_bytes()), None, "{text}");
        }
        assert_eq!(parse_as_pandas(b"0e999"), Some(0.0));
    }

    proptest! {
        #[test]
        fn what_is_written_reads_back_as_the_same_number(bits: u64) {
            let number = f64::from_bits(bits);
            prop_assume!(number.is_finite());
            let text = number_text(number);
            prop_assert_eq!(text.parse::<f64>().unwrap().to_bits(), bits);
            let exponent = number.abs().log10().floor();
            let plain = number == 0.0 || (-4.0..16.0).contains(&exponent);
            // log10 may round at a power of ten itself; everywhere else the exponent alone decides the layout.
            if !text.trim_start_matches('-').starts_with('1') && !text.trim_start_matches('-').starts_with('9') {
                prop_assert_eq!(!text.contains('e'), plain, "{}", text);
            }
        }

        #[test]
        fn positions_are_read_alike_up_to_15_digits(millis in 0u64..1_000_000_000_000) {
            let text = number_text(millis as f64 / 1000.0);
            prop_assume!(text.len() <= 16);
            prop_assert_eq!(parse_as_pandas(text.as_bytes()), parse_nearest(text.as_bytes()));
        }

        #[test]
        fn plain_decimals_take_a_short_way_to_the_same_number(text in "[0-9]{1,20}(\\.[0-9]{0,20})?", after in ",|\n|e5|") {
            if let Some((number, length)) = read_short_decimal(format!("{text}{after}").as_bytes()) {
                prop_assert_eq!(length, text.len());
                prop_assert_eq!(Some(number), parse_as_pandas(text.as_bytes()));
                prop_assert_eq!(Some(number), parse_nearest(text.as_bytes()));
            } else {
                prop_assert!(text.len() > 15);
            }
        }

        #[test]
        fn any_bytes_are_read_without_panic(bytes in prop::collection::vec(any::<u8>(), 0..40)) {
            let _ = parse_as_pandas(&bytes);
            let _ = parse_nearest(&bytes);
        }

        #[test]
        fn any_digits_are_read_close_to_the_truth(text in "-?[1-9][0-9]{0,25}\\.?[0-9]{0,25}(e[-+]?[0-9]{1,2})?") {
            let read = parse_as_pandas(text.as_bytes());
            if let (Some(read), Ok(truth)) = (read, text.parse::<f64>()) {
                prop_assert!((read - truth).abs() <= truth.abs() * 1e-15, "{} read as {}", text, read);
            }
        }
    }
}
