//! The occurrences of a repeating event (RFC 5545 §3.3.10): which days a rule selects.
//!
//! Each day from the start to the last is checked against the rule, so the work is bounded by the number of days,
//! whatever the rule says. Libraries look for the next match instead, and some rules have none for thousands of years.
//! Deliberately absent: rules that no timetable has (several times a day, days of the year, week numbers). Such a rule
//! is reported, not guessed at.
//!
//! Invariant: the first occurrence is the start, even if the rule alone would not select it.

use chrono::{DateTime, Datelike as _, Days, NaiveDate, NaiveDateTime, Utc, Weekday};
use model::Day;

use super::moment::{EventTime, instant_of};

/// A timetable has no more occurrences: this is seven years of weekdays.
const MOST_OCCURRENCES: usize = 2000;
const LONGEST_RULE: usize = 500;
/// A longer interval is a slip: no lecture is held every hundred weeks.
const LONGEST_INTERVAL: i32 = 100;

/// Why a rule is not followed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum BadRule {
    NotUnderstood,
    TooMany,
}

/// The occurrences of a rule from `start`, which is the first of them, up to the day `last`.
pub(super) fn occurrences(rule: &str, start: EventTime, last: NaiveDate) -> Result<Vec<EventTime>, BadRule> {
    let rule = Rule::read(rule).ok_or(BadRule::NotUnderstood)?;
    let first = start.day().date();
    let mut found = vec![start];
    for day in rule.days(first, last) {
        if rule.count.is_some_and(|count| found.len() >= count as usize) {
            break;
        }
        let at = match start {
            EventTime::Day(_) => EventTime::Day(Day::from_date(day)),
            EventTime::At(at, zone) => {
                let clock = at.with_timezone(&zone).time();
                EventTime::At(instant_of(day.and_time(clock), zone), zone)
            }
        };
        if rule.until.is_some_and(|until| until.is_before(at)) {
            break;
        }
        if day == first {
            continue;
        }
        if found.len() == MOST_OCCURRENCES {
            return Err(BadRule::TooMany);
        }
        found.push(at);
    }
    Ok(found)
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Every {
    Day,
    Week,
    Month,
    Year,
}

/// The end of a rule. Programs write it as a day, as a local time or as an instant.
#[derive(Debug, Clone, Copy)]
enum Until {
    Day(NaiveDate),
    Local(NaiveDateTime),
    Utc(DateTime<Utc>),
}

impl Until {
    fn read(text: &str) -> Option<Self> {
        const TIME: &str = "%Y%m%dT%H%M%S";
        if let Some(utc) = text.strip_suffix('Z') {
            return Some(Self::Utc(NaiveDateTime::parse_from_str(utc, TIME).ok()?.and_utc()));
        }
        let local = NaiveDateTime::parse_from_str(text, TIME).ok().map(Self::Local);
        local.or_else(|| NaiveDate::parse_from_str(text, "%Y%m%d").ok().map(Self::Day))
    }

    fn is_before(self, time: EventTime) -> bool {
        let day = time.day().date();
        match (self, time) {
            (Self::Day(last), _) => last < day,
            (Self::Local(last), EventTime::At(at, zone)) => last < at.with_timezone(&zone).naive_local(),
            (Self::Utc(last), EventTime::At(at, _)) => last < at,
            (Self::Local(last), EventTime::Day(_)) => last.date() < day,
            (Self::Utc(last), EventTime::Day(_)) => last.date_naive() < day,
        }
    }
}

/// A rule that was read.
#[derive(Debug)]
struct Rule {
    every: Every,
    interval: i32,
    count: Option<u32>,
    until: Option<Until>,
    week_start: Weekday,
    months: Vec<u32>,
    month_days: Vec<i32>,
    /// Weekdays, each with its number counted from the beginning or, if negative, from the end of the month or year.
    weekdays: Vec<(Option<i32>, Weekday)>,
    positions: Vec<i32>,
}

impl Rule {
    fn read(text: &str) -> Option<Self> {
        if text.len() > LONGEST_RULE {
            return None;
        }
        let (mut every, mut rule) = (None, Self::default());
        for part in text.split(';').map(str::trim).filter(|part| !part.is_empty()) {
            let (name, value) = part.split_once('=')?;
            let (name, value) = (name.trim().to_ascii_uppercase(), value.trim().to_ascii_uppercase());
            match name.as_str() {
                "FREQ" => {
                    every = Some(match value.as_str() {
                        "DAILY" => Every::Day,
                        "WEEKLY" => Every::Week,
                        "MONTHLY" => Every::Month,
                        "YEARLY" => Every::Year,
                        _ => return None,
                    });
                }
                "INTERVAL" => {
                    rule.interval = value.parse().ok().filter(|number| (1..=LONGEST_INTERVAL).contains(number))?;
                }
                "COUNT" => rule.count = Some(value.parse().ok().filter(|count| *count > 0)?),
                "UNTIL" => rule.until = Some(Until::read(&value)?),
                "WKST" => rule.week_start = weekday(&value)?,
                "BYMONTH" => rule.months = numbers(&value, 1..=12)?.into_iter().map(i32::cast_unsigned).collect(),
                "BYMONTHDAY" => rule.month_days = numbers(&value, -31..=31)?,
                "BYSETPOS" => rule.positions = numbers(&value, -366..=366)?,
                "BYDAY" => {
                    for text in value.split(',') {
                        let (number, day) = text.trim().split_at_checked(text.trim().len().checked_sub(2)?)?;
                        let number = match number {
                            "" => None,
                            _ => {
                                Some(number.parse().ok().filter(|number| *number != 0 && (-53..=53).contains(number))?)
                            }
                        };
                        rule.weekdays.push((number, weekday(day)?));
                    }
                }
                _ => return None,
            }
        }
        rule.every = every?;
        rule.is_usual().then_some(rule)
    }

    /// Whether the parts make sense together.
    fn is_usual(&self) -> bool {
        let is_short = matches!(self.every, Every::Day | Every::Week);
        let is_numbered = self.weekdays.iter().any(|(number, _)| number.is_some());
        !(is_short && (is_numbered || !self.positions.is_empty())
            || self.every == Every::Week && !self.month_days.is_empty())
    }

    /// The days that the rule selects, from `first` to `last`, ascending. `first` is among them only if the rule
    /// selects it.
    fn days(&self, first: NaiveDate, last: NaiveDate) -> impl Iterator<Item = NaiveDate> {
        let begin = self.begin_of_period(first);
        let mut next = Some(begin);
        let mut ready: std::collections::VecDeque<NaiveDate> = std::collections::VecDeque::new();
        std::iter::from_fn(move || {
            loop {
                if let Some(day) = ready.pop_front() {
                    return Some(day);
                }
                // One period after the other, because positions count within a period.
                let start = next.filter(|start| *start <= last)?;
                let end = self.begin_of_next(start)?;
                next = self.skipped(end);
                let all = start.iter_days().take_while(|day| *day < end);
                let meant: Vec<NaiveDate> = all.filter(|day| self.means(*day, first)).collect();
                let chosen = meant.iter().enumerate().filter(|(place, _)| {
                    let (place, length) = (signed(*place), signed(meant.len()));
                    let (from_start, from_end) = (place + 1, place - length);
                    self.positions.is_empty()
                        || self.positions.contains(&from_start)
                        || self.positions.contains(&from_end)
                });
                ready.extend(chosen.map(|(_, day)| *day).filter(|day| *day >= first && *day <= last));
            }
        })
    }

    fn begin_of_period(&self, day: NaiveDate) -> NaiveDate {
        match self.every {
            Every::Day => day,
            Every::Week => day.week(self.week_start).checked_first_day().unwrap_or(day),
            Every::Month => day.with_day(1).unwrap_or(day),
            Every::Year => day.with_ordinal(1).unwrap_or(day),
        }
    }

    fn begin_of_next(&self, start: NaiveDate) -> Option<NaiveDate> {
        self.later(start, 1)
    }

    /// Where the next period begins that counts (every second one, for example), after the period that ends at `end`.
    fn skipped(&self, end: NaiveDate) -> Option<NaiveDate> {
        self.later(end, self.interval.cast_unsigned() - 1)
    }

    fn later(&self, start: NaiveDate, periods: u32) -> Option<NaiveDate> {
        match self.every {
            Every::Day => start.checked_add_days(Days::new(periods.into())),
            Every::Week => start.checked_add_days(Days::new(u64::from(periods) * 7)),
            Every::Month => start.checked_add_months(chrono::Months::new(periods)),
            Every::Year => start.checked_add_months(chrono::Months::new(periods * 12)),
        }
    }

    /// Whether the rule selects a day of a period that counts. What the rule leaves open is as on the first day.
    fn means(&self, day: NaiveDate, first: NaiveDate) -> bool {
        if !self.months.is_empty() && !self.months.contains(&day.month()) {
            return false;
        }
        let month_length = i32::from(day.num_days_in_month());
        let from_end = day.day().cast_signed() - month_length - 1;
        if !self.month_days.is_empty()
            && !self.month_days.contains(&day.day().cast_signed())
            && !self.month_days.contains(&from_end)
        {
            return false;
        }
        if !self.weekdays.is_empty() {
            return self.weekdays.iter().any(|(number, weekday)| {
                *weekday == day.weekday() && number.is_none_or(|number| self.is_numbered(day, number))
            });
        }
        if !self.month_days.is_empty() {
            return true;
        }
        match self.every {
            Every::Day => true,
            Every::Week => day.weekday() == first.weekday(),
            Every::Month => day.day() == first.day(),
            Every::Year => day.day() == first.day() && (!self.months.is_empty() || day.month() == first.month()),
        }
    }

    /// Whether a day is the `number`-th of its weekday, in the month or, if the rule names no month, in the year.
    fn is_numbered(&self, day: NaiveDate, number: i32) -> bool {
        let (place, length) = if self.every == Every::Year && self.months.is_empty() {
            let length = if day.leap_year() { 366 } else { 365 };
            (day.ordinal0().cast_signed(), length)
        } else {
            (day.day0().cast_signed(), i32::from(day.num_days_in_month()))
        };
        number == place / 7 + 1 || number == -((length - 1 - place) / 7 + 1)
    }
}

impl Default for Rule {
    fn default() -> Self {
        Self {
            every: Every::Day,
            interval: 1,
            count: None,
            until: None,
            week_start: Weekday::Mon,
            months: Vec::new(),
            month_days: Vec::new(),
            weekdays: Vec::new(),
            positions: Vec::new(),
        }
    }
}

/// A number of days within one period: at most 366.
fn signed(days: usize) -> i32 {
    i32::try_from(days).unwrap_or(i32::MAX)
}

fn weekday(text: &str) -> Option<Weekday> {
    Some(match text {
        "MO" => Weekday::Mon,
        "TU" => Weekday::Tue,
        "WE" => Weekday::Wed,
        "TH" => Weekday::Thu,
        "FR" => Weekday::Fri,
        "SA" => Weekday::Sat,
        "SU" => Weekday::Sun,
        _ => return None,
    })
}

fn numbers(text: &str, range: std::ops::RangeInclusive<i32>) -> Option<Vec<i32>> {
    text.split(',')
        .map(|number| number.trim().parse().ok().filter(|number| *number != 0 && range.contains(number)))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn days_of(rule: &str, first: &str, last: &str) -> Vec<String> {
        let start = EventTime::Day(Day::from_date(first.parse().unwrap()));
        let found = occurrences(rule, start, last.parse().unwrap()).unwrap();
        found.into_iter().map(|time| time.day().date().to_string()).collect()
    }

    /// The examples of RFC 5545 §3.8.5.3 that a timetable can have, with the days given there.
    #[test]
    fn the_examples_of_the_standard_are_followed() {
        for (rule, first, days) in [
            ("FREQ=DAILY;INTERVAL=10;COUNT=5", "1997-09-02", "09-02 09-12 09-22 10-02 10-12"),
            ("FREQ=WEEKLY;COUNT=3", "1997-09-02", "09-02 09-09 09-16"),
            ("FREQ=WEEKLY;INTERVAL=2;WKST=SU;COUNT=3", "1997-09-02", "09-02 09-16 09-30"),
            (
                "FREQ=WEEKLY;COUNT=10;WKST=SU;BYDAY=TU,TH",
                "1997-09-02",
                "09-02 09-04 09-09 09-11 09-16 09-18 09-23 09-25 09-30 10-02",
            ),
            (
                "FREQ=WEEKLY;INTERVAL=2;COUNT=8;WKST=SU;BYDAY=TU,TH",
                "1997-09-02",
                "09-02 09-04 09-16 09-18 09-30 10-02 10-14 10-16",
            ),
            ("FREQ=WEEKLY;INTERVAL=2;COUNT=4;BYDAY=TU,SU;WKST=MO", "1997-08-05", "08-05 08-10 08-19 08-24"),
            ("FREQ=WEEKLY;INTERVAL=2;COUNT=4;BYDAY=TU,SU;WKST=SU", "1997-08-05", "08-05 08-17 08-19 08-31"),
            ("FREQ=MONTHLY;COUNT=4;BYDAY=1FR", "1997-09-05", "09-05 10-03 11-07 12-05"),
            ("FREQ=MONTHLY;INTERVAL=2;COUNT=4;BYDAY=1SU,-1SU", "1997-09-07", "09-07 09-28 11-02 11-30"),
            ("FREQ=MONTHLY;COUNT=3;BYDAY=-2MO", "1997-09-22", "09-22 10-20 11-17"),
            ("FREQ=MONTHLY;COUNT=3;BYMONTHDAY=-3", "1997-09-28", "09-28 10-29 11-28"),
            ("FREQ=MONTHLY;COUNT=6;BYMONTHDAY=1,-1", "1997-09-30", "09-30 10-01 10-31 11-01 11-30 12-01"),
            ("FREQ=MONTHLY;COUNT=3;BYDAY=TU,WE,TH;BYSETPOS=3", "1997-09-04", "09-04 10-07 11-06"),
            ("FREQ=MONTHLY;COUNT=3;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-2", "1997-09-29", "09-29 10-30 11-27"),
            // A month without that day is skipped.
            ("FREQ=MONTHLY;COUNT=3", "1997-08-31", "08-31 10-31 12-31"),
            // The start counts, though the rule does not select it.
            ("FREQ=WEEKLY;COUNT=3;BYDAY=MO", "1997-09-02", "09-02 09-08 09-15"),
            ("FREQ=WEEKLY;UNTIL=19970909", "1997-09-02", "09-02 09-09"),
        ] {
            let days: Vec<String> = days.split(' ').map(|day| format!("1997-{day}")).collect();
            assert_eq!(days_of(rule, first, "1999-01-01"), days, "{rule}");
        }
        let years = days_of("FREQ=YEARLY;COUNT=4;BYMONTH=6,7", "1997-06-10", "2030-01-01");
        assert_eq!(years, ["1997-06-10", "1997-07-10", "1998-06-10", "1998-07-10"]);
        let monday = days_of("FREQ=YEARLY;COUNT=3;BYDAY=20MO", "1997-05-19", "2030-01-01");
        assert_eq!(monday, ["1997-05-19", "1998-05-18", "1999-05-17"]);
        let leap = days_of("FREQ=YEARLY;COUNT=3", "1996-02-29", "2030-01-01");
        assert_eq!(leap, ["1996-02-29", "2000-02-29", "2004-02-29"]);
        let friday = days_of("FREQ=MONTHLY;BYDAY=FR;BYMONTHDAY=13", "1998-02-13", "1998-12-31");
        assert_eq!(friday, ["1998-02-13", "1998-03-13", "1998-11-13"]);
    }

    #[test]
    fn a_rule_that_means_no_day_ends_with_its_start() {
        for rule in [
            "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30",
            "FREQ=DAILY;INTERVAL=7;BYDAY=WE",
            "FREQ=DAILY;BYMONTH=2;BYMONTHDAY=31",
        ] {
            assert_eq!(days_of(rule, "1997-09-02", "2100-01-01"), ["1997-09-02"], "{rule}");
        }
    }

    #[test]
    fn what_no_timetable_has_is_not_understood() {
        let start = EventTime::Day(Day::new(10_000));
        for rule in [
            "",
            "FREQ=HOURLY",
            "FREQ=DAILY;BYHOUR=1",
            "FREQ=DAILY;INTERVAL=0",
            "FREQ=DAILY;INTERVAL=101",
            "FREQ=DAILY;COUNT=0",
            "FREQ=WEEKLY;BYDAY=1MO",
            "FREQ=WEEKLY;BYMONTHDAY=1",
            "FREQ=DAILY;BYSETPOS=1",
            "FREQ=MONTHLY;BYDAY=0MO",
            "FREQ=MONTHLY;BYDAY=MO,",
            "FREQ=MONTHLY;BYDAY=é",
            "FREQ=MONTHLY;BYMONTHDAY=32",
            "FREQ=YEARLY;BYWEEKNO=1",
            "COUNT=3",
            "FREQ",
        ] {
            assert_eq!(occurrences(rule, start, NaiveDate::MAX), Err(BadRule::NotUnderstood), "{rule}");
        }
        let last = "2100-01-01".parse().unwrap();
        assert_eq!(occurrences("FREQ=DAILY", start, last), Err(BadRule::TooMany));
    }
}
