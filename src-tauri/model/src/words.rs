//! Numbers, times and dates written for people, in English.
//!
//! All in one place, so that window, charts and terminal write a number the same way. Deliberately absent: locales, and
//! no-break spaces (a page decides what must stay on one line).
//!
//! ```
//! use model::{DateRange, Day, words};
//! assert_eq!(words::count(1204), "1,204");
//! assert_eq!(words::percent(62.5), "62.5 %");
//! assert_eq!(words::clock(7199.4), "1:59:59");
//! assert_eq!(words::time(1_332_720.0), "370 h 12 min");
//! assert_eq!(words::day(Day::new(18_878)), "Wed 8 Sept");
//! ```

use chrono::{Datelike, Weekday};

use crate::{DateRange, Day};

/// Stands for a number that does not exist.
pub const NONE: &str = "–";

/// A count with a comma every three digits: `1,204`.
pub fn count(number: u64) -> String {
    let digits = number.to_string();
    let mut text = String::with_capacity(digits.len() + digits.len() / 3);
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// A count with its noun: `1 viewer`, `1,204 viewers`, `0 viewers`.
pub fn counted(number: u64, singular: &str, plural: &str) -> String {
    format!("{} {}", count(number), if number == 1 { singular } else { plural })
}

/// A count of viewers: `1 viewer`, `1,204 viewers`.
pub fn viewers(number: u64) -> String {
    counted(number, "viewer", "viewers")
}

/// A percentage, always with one decimal so that columns line up: `62.5 %`, `74.0 %`.
///
/// Only zero reads `0.0 %` and only all reads `100.0 %`: other values that round to them read `<0.1 %` or `99.9 %`.
pub fn percent(value: f64) -> String {
    let tenths = (value * 10.0).round();
    if value > 0.0 && tenths < 1.0 {
        return "<0.1 %".to_owned();
    }
    format!("{:.1} %", if value < 100.0 && tenths >= 1000.0 { 99.9 } else { tenths / 10.0 })
}

/// A percentage without decimals, for scales: `62 %`. A value that only rounds to none or all reads `<1 %` or `99 %`.
pub fn whole_percent(value: f64) -> String {
    let whole = value.round();
    if value > 0.0 && whole < 1.0 {
        return "<1 %".to_owned();
    }
    format!("{:.0} %", if value < 100.0 && whole >= 100.0 { 99.0 } else { whole })
}

/// A count with its share: `9 (62.5 %)`, or the count alone if there is no share.
pub fn count_with_share(number: u64, share_percent: Option<f64>) -> String {
    share_percent.map_or_else(|| count(number), |share| format!("{} ({})", count(number), percent(share)))
}

fn whole_secs(secs: f64) -> u64 {
    // `as` turns NaN and negatives into 0 and stops at the largest number.
    secs.round() as u64
}

/// A stretch of a video: `0:12:00 – 0:18:00`.
pub fn stretch(start_secs: f64, end_secs: f64) -> String {
    format!("{} – {}", clock(start_secs), clock(end_secs))
}

/// A position or length as h:mm:ss to the nearest second. Hours go beyond 24: `1:59:59`, `370:12:00`.
pub fn clock(secs: f64) -> String {
    let secs = whole_secs(secs);
    format!("{}:{:02}:{:02}", secs / 3600, secs / 60 % 60, secs % 60)
}

/// A stretch of time in its two largest units: `370 h 12 min`, `7 min 5 s`, `45 s`.
pub fn time(secs: f64) -> String {
    let secs = whole_secs(secs);
    let (hours, minutes, rest) = (secs / 3600, secs / 60 % 60, secs % 60);
    match (hours, minutes, rest) {
        (0, 0, _) => format!("{rest} s"),
        (0, _, 0) => format!("{minutes} min"),
        (0, _, _) => format!("{minutes} min {rest} s"),
        (_, 0, _) => format!("{} h", count(hours)),
        _ => format!("{} h {minutes} min", count(hours)),
    }
}

const MONTHS: [&str; 12] = ["Jan", "Feb", "Mar", "Apr", "May", "June", "July", "Aug", "Sept", "Oct", "Nov", "Dec"];

/// The month of a day: `Sept`.
pub fn month(day: Day) -> &'static str {
    MONTHS[day.date().month0() as usize]
}

fn weekday(day: Day) -> &'static str {
    match day.date().weekday() {
        Weekday::Mon => "Mon",
        Weekday::Tue => "Tue",
        Weekday::Wed => "Wed",
        Weekday::Thu => "Thu",
        Weekday::Fri => "Fri",
        Weekday::Sat => "Sat",
        Weekday::Sun => "Sun",
    }
}

/// A day and month: `8 Sept`.
pub fn day_month(day: Day) -> String {
    format!("{} {}", day.date().day(), month(day))
}

/// A day with its weekday: `Tue 8 Sept`.
pub fn day(day: Day) -> String {
    format!("{} {}", weekday(day), day_month(day))
}

/// A day with its weekday and year: `Tue 8 Sept 2020`.
pub fn day_year(day: Day) -> String {
    format!("{} {} {}", weekday(day), day_month(day), day.date().year())
}

/// A range of days, without repeating a month or year: `all dates`, `Tue 8 Sept 2020`, `8 – 14 Sept 2020`, `8 Sept – 3 Oct 2020`,
/// `20 Dec 2020 – 4 Jan 2021`, `since 8 Sept 2020`, `until 8 Sept 2020`.
pub fn range(range: DateRange) -> String {
    let (first, last) = (range.first(), range.last());
    match (first == DateRange::ALL.first(), last == DateRange::ALL.last()) {
        (true, true) => return "all dates".to_owned(),
        (true, false) => return format!("until {} {}", day_month(last), last.date().year()),
        (false, true) => return format!("since {} {}", day_month(first), first.date().year()),
        (false, false) => {}
    }
    let (from, to) = (first.date(), last.date());
    if first == last {
        day_year(first)
    } else if from.year() != to.year() {
        format!("{} {} – {} {}", day_month(first), from.year(), day_month(last), to.year())
    } else if from.month() != to.month() {
        format!("{} – {} {}", day_month(first), day_month(last), to.year())
    } else {
        format!("{} – {} {}", from.day(), day_month(last), to.year())
    }
}

/// A range for a picture that stands alone. *All dates* is followed by the first and last day with data, `known`:
/// `all dates, 15 Sept – 14 Dec 2025`.
pub fn range_of(chosen: DateRange, known: Option<DateRange>) -> String {
    match known {
        Some(known) if chosen == DateRange::ALL => format!("{}, {}", range(chosen), range(known)),
        _ => range(chosen),
    }
}

/// Why there is no viewing on some dates: `Nobody watched from 21 to 27 Nov 2026`, or that the data do not reach that
/// far.
/// `data_through` is the last day whose records were fetched.
pub fn nobody_watched(chosen: DateRange, data_through: Option<Day>) -> String {
    if let Some(through) = data_through.filter(|through| chosen.first() > *through) {
        let days = match (chosen.first() == chosen.last(), chosen.last() == DateRange::ALL.last()) {
            (true, _) => format!("on {}", day_year(chosen.first())),
            (false, true) => range(chosen),
            (false, false) => format!("for {}", range(chosen)),
        };
        return format!("No data yet {days}: they reach to {}", day_year(through));
    }
    let (open_before, open_after) = (chosen.first() == DateRange::ALL.first(), chosen.last() == DateRange::ALL.last());
    match (open_before, open_after) {
        (true, true) => "Nobody has watched yet".to_owned(),
        (true, false) | (false, true) => format!("Nobody watched {}", range(chosen)),
        (false, false) if chosen.first() == chosen.last() => format!("Nobody watched on {}", day_year(chosen.first())),
        (false, false) => format!("Nobody watched from {}", range(chosen).replacen(" – ", " to ", 1)),
    }
}

/// How often something was played, with two decimals: `0.97 times`, `1.00 times`. Anything above zero is never rounded
/// to zero.
pub fn times(number: f64) -> String {
    let hundredths = (number * 100.0).round();
    if number > 0.0 && hundredths < 1.0 {
        return "<0.01 times".to_owned();
    }
    format!("{:.2} times", hundredths / 100.0)
}

/// A difference between two percentages, in points: `+12.5 points`, `–3.0 points`, `0.0 points`.
pub fn points(difference: f64) -> String {
    format!("{} points", signed(difference))
}

/// The same as a number alone, where its column says that it counts points: `+12.5`, `–3.0`, `0.0`.
pub fn signed(difference: f64) -> String {
    let tenths = (difference * 10.0).round();
    let sign = if tenths > 0.0 {
        "+"
    } else if tenths < 0.0 {
        "–"
    } else {
        ""
    };
    format!("{sign}{:.1}", tenths.abs() / 10.0)
}
