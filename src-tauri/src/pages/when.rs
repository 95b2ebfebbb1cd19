//! When something happened, in words.

use chrono::{DateTime, Datelike as _, NaiveDate, Timelike as _, Utc};
use chrono_tz::Tz;
use model::{Day, words};

/// `Mon 23 Nov 2020, 08:15`, in the reporting time zone.
pub fn at(moment: DateTime<Utc>, zone: Tz) -> String {
    let local = moment.with_timezone(&zone);
    format!("{}, {:02}:{:02}", words::day_year(Day::from_date(local.date_naive())), local.hour(), local.minute())
}

/// `Sun 22 Nov 2020`.
pub fn date(date: NaiveDate) -> String {
    words::day_year(Day::from_date(date))
}

/// How long ago: `just now`, `5 minutes ago`, `2 hours ago`, `yesterday`, `3 days ago`, `on 8 Sept 2020`.
pub(crate) fn ago(moment: DateTime<Utc>, now: DateTime<Utc>, zone: Tz) -> String {
    let secs = (now - moment).num_seconds();
    if secs < 60 {
        return "just now".to_owned();
    }
    let count =
        |number: i64, one: &str, many: &str| format!("{} ago", words::counted(number.cast_unsigned(), one, many));
    let (then, today) = (moment.with_timezone(&zone).date_naive(), now.with_timezone(&zone).date_naive());
    match (today - then).num_days() {
        ..=1 if secs < 3_600 => count(secs / 60, "minute", "minutes"),
        ..=0 => count(secs / 3_600, "hour", "hours"),
        1 if secs < 3_600 * 6 => count(secs / 3_600, "hour", "hours"),
        1 => "yesterday".to_owned(),
        days @ 2..=13 => count(days, "day", "days"),
        _ => format!("on {} {}", words::day_month(Day::from_date(then)), then.year()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn utc(text: &str) -> DateTime<Utc> {
        text.parse().unwrap()
    }

    #[test]
    fn moments_are_told_in_the_reporting_time_zone() {
        assert_eq!(at(utc("2020-11-23T07:15:00Z"), Tz::Europe__Zurich), "Mon 23 Nov 2020, 08:15");
        assert_eq!(at(utc("2020-11-23T07:15:00Z"), Tz::America__Vancouver), "Sun 22 Nov 2020, 23:15");
    }

    #[test]
    fn the_past_is_told_as_people_do() {
        let now = utc("2020-11-23T12:00:00Z");
        for (moment, words) in [
            ("2020-11-23T12:00:30Z", "just now"),
            ("2020-11-23T11:59:30Z", "just now"),
            ("2020-11-23T11:58:59Z", "1 minute ago"),
            ("2020-11-23T10:00:00Z", "2 hours ago"),
            ("2020-11-22T23:00:00Z", "yesterday"),
            ("2020-11-20T23:00:00Z", "3 days ago"),
            ("2020-09-08T12:00:00Z", "on 8 Sept 2020"),
        ] {
            assert_eq!(ago(utc(moment), now, Tz::UTC), words);
        }
        // A few minutes across midnight are neither an hour nor a day.
        assert_eq!(ago(utc("2020-11-22T23:58:00Z"), utc("2020-11-23T00:02:00Z"), Tz::UTC), "4 minutes ago");
        assert_eq!(ago(utc("2020-11-22T22:00:00Z"), utc("2020-11-23T01:00:00Z"), Tz::UTC), "3 hours ago");
    }
}
