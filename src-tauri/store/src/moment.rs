//! Points in time as viewing records store them: `2021-09-08 15:00:12.123000+00:00`.
//!
//! Both spellings are read (a blank or `T` before the time, `+00:00` or `Z` after it), as are other offsets and one to
//! nine digits of a second. The first spelling is always the one written, with microseconds only if they are not zero.

use chrono::{DateTime, Datelike, NaiveDate, Timelike, Utc};

const MICROS_PER_SEC: i64 = 1_000_000;
const SECS_PER_DAY: i64 = 86_400;
/// 1970-01-01 in chrono's count, in which 0001-01-01 is day 1.
const EPOCH_DAY_FROM_CE: i32 = 719_163;

/// A point in time, in microseconds since 1970-01-01 00:00 UTC.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Moment {
    micros: i64,
}

impl Moment {
    /// Seconds since 1970-01-01 00:00 UTC, rounded down.
    pub const fn unix_secs(self) -> i64 {
        self.micros.div_euclid(MICROS_PER_SEC)
    }

    /// From chrono's type. Anything below a microsecond is dropped.
    pub fn from_utc(moment: DateTime<Utc>) -> Self {
        Self { micros: moment.timestamp_micros() }
    }

    /// As chrono's type.
    pub fn to_utc(self) -> DateTime<Utc> {
        DateTime::from_timestamp_micros(self.micros).unwrap_or_default()
    }

    /// 1970-01-01 00:00 UTC.
    pub(crate) const EPOCH: Self = Self { micros: 0 };

    /// Reads only the spelling that is written here, at exactly its length. `None` for anything else, which may still
    /// be a point in time.
    #[inline]
    pub(crate) fn parse_usual(text: &[u8]) -> Option<Self> {
        let (stem, rest) = text.split_at_checked(19)?;
        let fraction_micros = match rest {
            b"+00:00" => 0,
            [b'.', micros @ .., b'+', b'0', b'0', b':', b'0', b'0'] if micros.len() == 6 => {
                micros.iter().try_fold(0, |sum, byte| Some(sum * 10 + i64::from(digit(*byte)?)))?
            }
            _ => return None,
        };
        let [h1, h2, b':', m1, m2, b':', s1, s2] = stem.get(11..)? else { return None };
        let (hour, minute, second) = (pair(*h1, *h2)?, pair(*m1, *m2)?, pair(*s1, *s2)?);
        if stem[10] != b' ' || hour > 23 || minute > 59 || second > 59 {
            return None;
        }
        let day = i64::from(parse_day(&stem[..10])?);
        let secs = day * SECS_PER_DAY + i64::from(hour * 3600 + minute * 60 + second);
        Some(Self { micros: secs * MICROS_PER_SEC + fraction_micros })
    }

    /// Reads a point in time; without an offset it is UTC. `None` if the text is not one.
    pub fn parse(text: &[u8]) -> Option<Self> {
        let text = text.trim_ascii();
        let (day, rest) = (text.get(..10)?, text.get(10..)?);
        let day = i64::from(parse_day(day)?);
        let [b' ' | b'T' | b't', rest @ ..] = rest else { return None };
        let [h1, h2, b':', m1, m2, b':', s1, s2, rest @ ..] = rest else { return None };
        let (hour, minute, second) = (pair(*h1, *h2)?, pair(*m1, *m2)?, pair(*s1, *s2)?);
        if hour > 23 || minute > 59 || second > 59 {
            return None;
        }
        let (fraction_micros, rest) = match rest {
            [b'.' | b',', rest @ ..] => fraction(rest)?,
            rest => (0, rest),
        };
        let offset_secs = offset(rest)?;
        let secs =
            day * SECS_PER_DAY + i64::from(hour) * 3600 + i64::from(minute) * 60 + i64::from(second) - offset_secs;
        Some(Self { micros: secs * MICROS_PER_SEC + fraction_micros })
    }
}

fn digit(byte: u8) -> Option<u32> {
    byte.is_ascii_digit().then(|| u32::from(byte - b'0'))
}

fn pair(tens: u8, ones: u8) -> Option<u32> {
    Some(digit(tens)? * 10 + digit(ones)?)
}

/// Up to nine digits; only the first six count.
fn fraction(text: &[u8]) -> Option<(i64, &[u8])> {
    let digits = text.iter().take_while(|byte| byte.is_ascii_digit()).count();
    if !(1..=9).contains(&digits) {
        return None;
    }
    let (digits, rest) = text.split_at(digits);
    let places = digits.iter().map(|digit| i64::from(digit - b'0')).chain(std::iter::repeat(0)).take(6);
    Some((places.fold(0, |micros, digit| micros * 10 + digit), rest))
}

fn offset(text: &[u8]) -> Option<i64> {
    let (sign, hours, minutes) = match text {
        [] | [b'Z' | b'z'] => return Some(0),
        [sign @ (b'+' | b'-'), h1, h2] => (sign, pair(*h1, *h2)?, 0),
        [sign @ (b'+' | b'-'), h1, h2, m1, m2] | [sign @ (b'+' | b'-'), h1, h2, b':', m1, m2] => {
            (sign, pair(*h1, *h2)?, pair(*m1, *m2)?)
        }
        _ => return None,
    };
    if hours > 23 || minutes > 59 {
        return None;
    }
    let secs = i64::from(hours * 3600 + minutes * 60);
    Some(if *sign == b'-' { -secs } else { secs })
}

/// Days since 1970-01-01 of a date written as `YYYY-MM-DD`.
pub fn parse_day(text: &[u8]) -> Option<i32> {
    let [y1, y2, y3, y4, b'-', m1, m2, b'-', d1, d2] = text else { return None };
    let year = pair(*y1, *y2)? * 100 + pair(*y3, *y4)?;
    Some(day_of_date(NaiveDate::from_ymd_opt(year.cast_signed(), pair(*m1, *m2)?, pair(*d1, *d2)?)?))
}

/// Days since 1970-01-01 of a date.
fn day_of_date(date: NaiveDate) -> i32 {
    date.num_days_from_ce() - EPOCH_DAY_FROM_CE
}

/// The date this many days after 1970-01-01.
pub fn date_of_day(day: i32) -> Option<NaiveDate> {
    NaiveDate::from_num_days_from_ce_opt(day.checked_add(EPOCH_DAY_FROM_CE)?)
}

fn push_pair(out: &mut Vec<u8>, number: u32) {
    out.push(b'0' + (number / 10 % 10) as u8);
    out.push(b'0' + (number % 10) as u8);
}

/// Appends a date as `YYYY-MM-DD`.
pub fn push_date(out: &mut Vec<u8>, date: NaiveDate) {
    let year = date.year().unsigned_abs();
    push_pair(out, year / 100);
    push_pair(out, year % 100);
    out.push(b'-');
    push_pair(out, date.month());
    out.push(b'-');
    push_pair(out, date.day());
}

/// Appends a point in time as `2021-09-08 15:00:12.123000+00:00`.
pub(crate) fn push_moment(out: &mut Vec<u8>, moment: DateTime<Utc>) {
    push_date(out, moment.date_naive());
    let time = moment.time();
    for (separator, number) in [(b' ', time.hour()), (b':', time.minute()), (b':', time.second())] {
        out.push(separator);
        push_pair(out, number);
    }
    let micros = time.nanosecond() / 1000 % 1_000_000;
    if micros != 0 {
        out.push(b'.');
        push_pair(out, micros / 10_000);
        push_pair(out, micros / 100);
        push_pair(out, micros);
    }
    out.extend_from_slice(b"+00:00");
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn written(text: &str) -> Option<String> {
        let mut out = Vec::new();
        push_moment(&mut out, Moment::parse(text.as_bytes())?.to_utc());
        Some(String::from_utf8(out).unwrap())
    }

    #[test]
    fn all_spellings_of_one_moment_are_read() {
        for text in [
            "2021-09-08 15:00:12.123000+00:00",
            "2021-09-08T15:00:12.123Z",
            "2021-09-08 15:00:12.123",
            "2021-09-08T08:00:12.1230000-07:00",
            "2021-09-08 20:30:12.123000000+0530",
            " 2021-09-08T17:00:12.123+02 ",
        ] {
            assert_eq!(written(text).as_deref(), Some("2021-09-08 15:00:12.123000+00:00"), "{text}");
        }
        assert_eq!(written("2021-09-08 15:00:12Z").as_deref(), Some("2021-09-08 15:00:12+00:00"));
        assert_eq!(written("1969-12-31T23:59:59.9Z").as_deref(), Some("1969-12-31 23:59:59.900000+00:00"));
    }

    #[test]
    fn what_is_not_a_moment_is_refused() {
        for text in [
            "",
            "2021-09-08",
            "2021-02-29 00:00:00Z",
            "2021-13-01 00:00:00Z",
            "2021-09-08 24:00:00Z",
            "2021-09-08 15:60:00Z",
            "2021-09-08 15:00:60Z",
            "2021-09-08 15:00:12.",
            "2021-09-08 15:00:12.1234567890",
            "2021-09-08 15:00:12+1",
            "2021-09-08 15:00:12 UTC",
            "09/08/2021 15:00:12",
            "2021-09-08x15:00:12",
        ] {
            assert_eq!(Moment::parse(text.as_bytes()), None, "{text}");
        }
    }

    proptest! {
        #[test]
        fn moments_read_back(micros in -62_000_000_000_000_000i64..250_000_000_000_000_000) {
            let moment = Moment { micros };
            let mut out = Vec::new();
            push_moment(&mut out, moment.to_utc());
            prop_assert_eq!(Moment::parse(&out), Some(moment));
            prop_assert_eq!(Moment::parse_usual(&out), Some(moment));
        }

        #[test]
        fn any_bytes_are_read_without_panic(bytes in prop::collection::vec(any::<u8>(), 0..40)) {
            let _ = Moment::parse(&bytes);
            let _ = Moment::parse_usual(&bytes);
            let _ = parse_day(&bytes);
        }

        #[test]
        fn nearly_right_text_is_read_without_panic(text in "[0-9]{4}-[0-9]{2}-[0-9]{2}[ T][0-9:]{8}(\\.[0-9]{0,10})?[-+Z]?[0-9:]{0,6}") {
            if let Some(usual) = Moment::parse_usual(text.as_bytes()) {
                prop_assert_eq!(Moment::parse(text.as_bytes()), Some(usual));
            }
        }
    }
}
