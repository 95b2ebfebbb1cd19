//! Local days in the reporting time zone, fast enough to compute for every viewing record.
//!
//! A time zone's offset changes on a few days a year. On all other days one addition gives the local time, so the
//! offset of each UTC day is looked up once. Deliberately absent: names of time zones (see [`crate::time_zone`]).

use chrono::{DateTime, Offset, TimeZone};
use chrono_tz::Tz;

use crate::store::moment::Moment;

const SECS_PER_DAY: i64 = 86_400;
/// Days whose offset is remembered: 2000-01-01 to 2069-12-31. For other days it is looked up each time.
const FIRST_DAY: i64 = 10_957;
const LAST_DAY: i64 = 36_524;

/// Not looked up yet.
const UNKNOWN: i32 = i32::MIN;
/// The offset changes within this UTC day.
const CHANGES: i32 = i32::MAX;

/// Turns moments into local days of one time zone. Fast; takes 100 KB; each thread has its own.
#[derive(Debug, Clone)]
pub(crate) struct LocalDays {
    zone: Tz,
    /// Seconds east of UTC, for each UTC day from [`FIRST_DAY`].
    offsets_secs: Box<[i32]>,
}

impl LocalDays {
    /// The days of this time zone.
    pub(crate) fn new(zone: Tz) -> Self {
        Self { zone, offsets_secs: vec![UNKNOWN; (LAST_DAY - FIRST_DAY + 1) as usize].into_boxed_slice() }
    }

    /// The local date of a moment, in days since 1970-01-01, and the minute of that day. In the hour that a clock
    /// change repeats, one minute stands for two.
    #[inline]
    pub(crate) fn day_and_minute_of(&mut self, moment: Moment) -> (i32, u16) {
        let secs = moment.unix_secs();
        let utc_day = secs.div_euclid(SECS_PER_DAY);
        let offset_secs = if (FIRST_DAY..=LAST_DAY).contains(&utc_day) {
            let known = &mut self.offsets_secs[(utc_day - FIRST_DAY) as usize];
            if *known == UNKNOWN {
                *known = constant_offset_secs(self.zone, utc_day).unwrap_or(CHANGES);
            }
            *known
        } else {
            CHANGES
        };
        let offset_secs = if offset_secs == CHANGES { offset_secs_at(self.zone, secs) } else { offset_secs };
        let local_secs = secs + i64::from(offset_secs);
        (local_secs.div_euclid(SECS_PER_DAY) as i32, (local_secs.rem_euclid(SECS_PER_DAY) / 60) as u16)
    }
}

fn offset_secs_at(zone: Tz, unix_secs: i64) -> i32 {
    let moment = DateTime::from_timestamp(unix_secs, 0).unwrap_or_default();
    zone.offset_from_utc_datetime(&moment.naive_utc()).fix().local_minus_utc()
}

/// The offset of a UTC day; `None` if it changes within the day. Checked every hour, because no zone changes twice
/// within one.
fn constant_offset_secs(zone: Tz, utc_day: i64) -> Option<i32> {
    let midnight = utc_day * SECS_PER_DAY;
    let offset_secs = offset_secs_at(zone, midnight);
    let last_second = midnight + SECS_PER_DAY - 1;
    (1..24)
        .map(|hour| midnight + hour * 3600)
        .chain([last_second])
        .all(|secs| offset_secs_at(zone, secs) == offset_secs)
        .then_some(offset_secs)
}

#[cfg(test)]
mod tests {
    use chrono::{NaiveDate, Timelike as _, Utc};
    use proptest::prelude::*;

    use super::*;
    use crate::store::moment::date_of_day;

    fn exact(zone: Tz, moment: DateTime<Utc>) -> NaiveDate {
        moment.with_timezone(&zone).date_naive()
    }

    fn date_of(days: &mut LocalDays, moment: DateTime<Utc>) -> NaiveDate {
        date_of_day(days.day_and_minute_of(Moment::from_utc(moment)).0).unwrap()
    }

    #[test]
    fn days_are_local_on_both_sides_of_midnight_and_of_clock_changes() {
        let mut days = LocalDays::new(Tz::America__Los_Angeles);
        for (moment, day) in [
            ("2021-09-08T06:59:59.999Z", "2021-09-07"),
            ("2021-09-08T07:00:00Z", "2021-09-08"),
            // Standard time begins on 2021-11-07 at 09:00 UTC.
            ("2021-11-08T07:59:59Z", "2021-11-07"),
            ("2021-11-08T08:00:00Z", "2021-11-08"),
            ("2021-11-07T06:59:59Z", "2021-11-06"),
            ("2021-11-07T07:00:00Z", "2021-11-07"),
            ("1969-12-31T23:00:00Z", "1969-12-31"),
        ] {
            assert_eq!(date_of(&mut days, moment.parse().unwrap()).to_string(), day, "{moment}");
        }
    }

    #[test]
    fn a_day_that_a_zone_left_out_is_left_out() {
        // Samoa skipped from 2011-12-29 to 2011-12-31.
        let mut days = LocalDays::new(Tz::Pacific__Apia);
        assert_eq!(date_of(&mut days, "2011-12-30T09:59:59Z".parse().unwrap()).to_string(), "2011-12-29");
        assert_eq!(date_of(&mut days, "2011-12-30T10:00:00Z".parse().unwrap()).to_string(), "2011-12-31");
    }

    proptest! {
        #[test]
        fn days_equal_those_of_chrono(
            zone in prop::sample::select(&chrono_tz::TZ_VARIANTS[..]),
            secs in prop::collection::vec(800_000_000i64..3_300_000_000, 1..200),
        ) {
            let mut days = LocalDays::new(zone);
            for secs in secs {
                let moment = DateTime::from_timestamp(secs, 0).unwrap();
                prop_assert_eq!(date_of(&mut days, moment), exact(zone, moment), "{} {}", zone, moment);
                let clock = moment.with_timezone(&zone).time();
                let minute = days.day_and_minute_of(Moment::from_utc(moment)).1;
                prop_assert_eq!(u32::from(minute), clock.hour() * 60 + clock.minute(), "{} {}", zone, moment);
            }
        }
    }
}
