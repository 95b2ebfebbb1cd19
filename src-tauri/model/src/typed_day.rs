//! Reads a day as people type it: `Mon 24 Aug 2026`, `24 August`, `Aug 24, 2026`, `2026-08-24`, `24.8.2026`.
//!
//! Whatever the program itself writes can be typed back. Deliberately absent: words like "yesterday", and guesses if
//! two days are possible. Invariant: a text is read as the one day it can mean, or not at all.

use chrono::{Datelike as _, NaiveDate};

use crate::Day;

/// People type no longer date, in characters.
const LONGEST: usize = 40;

const MONTHS: [&str; 12] = [
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
];

const WEEKDAYS: [&str; 7] = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"];

/// Why a text is no day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NotADay {
    /// It does not read as a date.
    Unreadable,
    /// It can be read as two days, as `5/6/2026` can.
    Ambiguous,
    /// It is a date that no calendar has, such as `31 Feb 2026`.
    NoSuchDay,
}

/// Reads a day. Without a year, it is the latest such day that is not after `latest`.
///
/// ```
/// use model::{Day, NotADay, typed_day, words};
/// let latest = typed_day("27 Nov 2026", Day::new(0))?;
/// assert_eq!(words::day_year(typed_day("Mon 24 Aug 2026", latest)?), "Mon 24 Aug 2026");
/// assert_eq!(typed_day("24 August", latest), typed_day("2026-08-24", latest));
/// assert_eq!(typed_day("5/6/2026", latest), Err(NotADay::Ambiguous));
/// # Ok::<(), NotADay>(())
/// ```
///
/// # Errors
/// Why the text is no day.
pub fn typed_day(text: &str, latest: Day) -> Result<Day, NotADay> {
    if text.chars().nth(LONGEST).is_some() {
        return Err(NotADay::Unreadable);
    }
    let text = text.trim().to_lowercase();
    for separator in ['-', '.', '/'] {
        let parts: Vec<&str> = text.split(separator).map(str::trim).collect();
        if let [first, second, third] = parts[..]
            && let (Some(first), Some(second), Some(third)) = (number(first), number(second), number(third))
        {
            return numeric(separator, [first, second, third]);
        }
    }
    let mut words: Vec<&str> =
        text.split(|c: char| c.is_whitespace() || c == ',' || c == '.').filter(|word| !word.is_empty()).collect();
    // People change the number beside a weekday and leave the weekday, so the weekday is ignored.
    if words.first().is_some_and(|word| name_of(&WEEKDAYS, word).is_some()) {
        words.remove(0);
    }
    let (day, month, year) = match words[..] {
        [one, other] => named(one, other).map(|(day, month)| (day, month, None)),
        [one, other, year] => named(one, other).map(|(day, month)| (day, month, Some(year))),
        _ => None,
    }
    .ok_or(NotADay::Unreadable)?;
    let Some(year) = year else { return latest_such_day(day, month, latest) };
    let year = number(year).filter(|_| year.len() == 4).ok_or(NotADay::Unreadable)?;
    calendar_day(year, month, day)
}

/// Day and month, in either order.
fn named(one: &str, other: &str) -> Option<(u32, u32)> {
    let day = |word: &str| {
        let digits = ["st", "nd", "rd", "th"].iter().find_map(|ending| word.strip_suffix(ending)).unwrap_or(word);
        number(digits)
    };
    let month = |word: &str| name_of(&MONTHS, word).map(|index| index as u32 + 1);
    day(one).zip(month(other)).or_else(|| day(other).zip(month(one)))
}

/// The name that begins with a word of at least three letters.
fn name_of(names: &[&str], word: &str) -> Option<usize> {
    (word.len() >= 3).then(|| names.iter().position(|name| name.starts_with(word))).flatten()
}

fn number(digits: &str) -> Option<u32> {
    (digits.len() <= 4 && digits.bytes().all(|digit| digit.is_ascii_digit())).then(|| digits.parse().ok()).flatten()
}

/// Three numbers: with hyphens the year is first, with dots the day is; with slashes it depends on the country.
fn numeric(separator: char, [first, second, third]: [u32; 3]) -> Result<Day, NotADay> {
    if first > 999 {
        return calendar_day(first, second, third);
    }
    if third <= 999 || separator == '-' {
        return Err(NotADay::Unreadable);
    }
    match separator {
        '.' => calendar_day(third, second, first),
        _ if first > 12 || first == second => calendar_day(third, second, first),
        _ if second > 12 => calendar_day(third, first, second),
        _ => Err(NotADay::Ambiguous),
    }
}

/// Years have four digits, as they are written.
fn calendar_day(year: u32, month: u32, day: u32) -> Result<Day, NotADay> {
    let year = i32::try_from(year).ok().filter(|year| *year > 999).ok_or(NotADay::Unreadable)?;
    NaiveDate::from_ymd_opt(year, month, day).map(Day::from_date).ok_or(NotADay::NoSuchDay)
}

/// The latest of these days that is not after another; 29 Feb looks back past years that have none.
fn latest_such_day(day: u32, month: u32, latest: Day) -> Result<Day, NotADay> {
    let this_year = latest.date().year();
    (0..=8)
        .filter_map(|back| NaiveDate::from_ymd_opt(this_year - back, month, day))
        .map(Day::from_date)
        .find(|found| *found <= latest)
        .ok_or(NotADay::NoSuchDay)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::words;

    fn read(text: &str) -> Result<String, NotADay> {
        let latest = Day::from_date(NaiveDate::from_ymd_opt(2026, 11, 27).unwrap());
        typed_day(text, latest).map(|day| day.date().to_string())
    }

    #[test]
    fn what_people_type_is_read() {
        for text in [
            "2026-08-24",
            " 24 Aug 2026 ",
            "Mon 24 Aug 2026",
            "Monday, 24 August 2026",
            "24th august 2026",
            "August 24, 2026",
            "24. Aug. 2026",
            "24 aug",
            "aug 24",
            "24.8.2026",
            "24/8/2026",
            "8/24/2026",
            // The number was changed, but not the weekday.
            "Fri 24 Aug 2026",
        ] {
            assert_eq!(read(text).as_deref(), Ok("2026-08-24"), "{text}");
        }
    }

    #[test]
    fn a_day_without_a_year_is_the_latest_that_has_been() {
        assert_eq!(read("27 Nov").as_deref(), Ok("2026-11-27"));
        assert_eq!(read("28 Nov").as_deref(), Ok("2025-11-28"));
        assert_eq!(read("29 Feb").as_deref(), Ok("2024-02-29"));
    }

    #[test]
    fn what_is_no_day_is_told_apart() {
        for text in
            ["", "soon", "24", "24 Aug 26", "24 Augustus 2026", "1-2-2026", "Mon", "24 Aug 2026 09:00", "٢٤ Aug"]
        {
            assert_eq!(read(text), Err(NotADay::Unreadable), "{text}");
        }
        assert_eq!(read(&"9".repeat(100_000)), Err(NotADay::Unreadable));
        assert_eq!(read("5/6/2026"), Err(NotADay::Ambiguous));
        assert_eq!(read("6/6/2026").as_deref(), Ok("2026-06-06"));
        for text in ["31 Feb 2026", "2026-13-01", "0 Aug 2026", "31 June"] {
            assert_eq!(read(text), Err(NotADay::NoSuchDay), "{text}");
        }
    }

    #[test]
    fn every_day_can_be_typed_as_it_is_written() {
        for days in (0..40_000).step_by(17) {
            let day = Day::new(days);
            assert_eq!(typed_day(&words::day_year(day), Day::new(0)), Ok(day));
            assert_eq!(typed_day(&day.date().to_string(), Day::new(0)), Ok(day));
        }
    }
}
