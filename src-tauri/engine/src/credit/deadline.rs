//! By when something must have been watched: an instant in the zone in which it was set, and the grace after it.
//!
//! Deliberately absent: dates of a course. Invariant: a day alone means until its end, in its zone.

use chrono::{DateTime, Duration, NaiveTime, TimeZone as _, Utc};
use chrono_tz::Tz;
use model::words::day_year;
use model::{Day, LocalMinute};

use crate::store::dates::{typed_day, typed_instant};
use crate::{Error, ErrorCode, Result};

/// More grace than a year is none.
const MOST_GRACE_MINUTES: u32 = 366 * 24 * 60;

/// A deadline.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Deadline {
    /// The first instant that is too late, without grace.
    pub at: DateTime<Utc>,
    /// The zone in which it was set.
    pub zone: Tz,
    /// Minutes after it that still count.
    pub grace_minutes: u32,
}

impl Deadline {
    /// The first instant that is too late.
    pub fn end(&self) -> DateTime<Utc> {
        self.at + Duration::minutes(i64::from(self.grace_minutes))
    }

    /// The first minute of the reporting calendar that is too late. A part of a minute counts whole, because records are kept to
    /// the minute.
    pub fn cutoff(&self, reporting: Tz) -> LocalMinute {
        let end = self.end() + Duration::seconds(59) + Duration::milliseconds(999);
        LocalMinute::of(end.with_timezone(&reporting).naive_local())
    }

    /// In words: `Thu 1 Oct 2026 09:00 (Europe/Zurich)`; a midnight is the end of the day before.
    pub fn words(&self) -> String {
        let local = self.at.with_timezone(&self.zone);
        let day = Day::from_date(local.date_naive());
        if local.time() == NaiveTime::MIN {
            return format!("the end of {} ({})", day_year(day.plus(-1)), self.zone);
        }
        format!("{} {} ({})", day_year(day), local.format("%H:%M"), self.zone)
    }
}

/// A deadline as a person types it: a day (its end), a day and a time of `zone`, or an instant with its offset.
pub fn typed_deadline(text: &str, zone: Tz, grace_minutes: u32) -> Result<Deadline> {
    if grace_minutes > MOST_GRACE_MINUTES {
        return Err(Error::new(ErrorCode::InvalidInput, "The grace is longer than a year")
            .with_hint("Give a later deadline instead"));
    }
    if let Some(day) = typed_day(text) {
        let next = day.plus(1).date().and_time(NaiveTime::MIN);
        // Where clocks leave out midnight, the day ends when they go on.
        let at = zone
            .from_local_datetime(&next)
            .earliest()
            .or_else(|| zone.from_local_datetime(&(next + Duration::hours(1))).earliest());
        return at
            .map(|at| Deadline { at: at.with_timezone(&Utc), zone, grace_minutes })
            .ok_or_else(|| no_time(text, zone));
    }
    let at = typed_instant(text, zone).map_err(|_| no_time(text, zone))?;
    Ok(Deadline { at, zone, grace_minutes })
}

fn no_time(text: &str, zone: Tz) -> Error {
    Error::new(ErrorCode::InvalidInput, format!("{} is no day and no time of {zone}", crate::store::quoted(text)))
        .with_hint("Give a day such as 2026-10-01, which ends at midnight, or a time such as '2026-10-01 09:00'")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_lasts_until_its_end_in_its_zone() {
        let zurich: Tz = "Europe/Zurich".parse().unwrap();
        let deadline = typed_deadline("2026-10-24", zurich, 0).unwrap();
        assert_eq!(deadline.at.to_rfc3339(), "2026-10-24T22:00:00+00:00");
        assert_eq!(deadline.words(), "the end of Sat 24 Oct 2026 (Europe/Zurich)");
        let after = typed_deadline("2026-10-25", zurich, 0).unwrap();
        assert_eq!((after.at - deadline.at).num_hours(), 25, "the clocks go back");
    }

    #[test]
    fn grace_counts_and_the_reporting_zone_sees_the_same_instant() {
        let deadline = typed_deadline("2026-10-01 09:00", "Europe/Zurich".parse().unwrap(), 30).unwrap();
        let cutoff = deadline.cutoff("America/Vancouver".parse().unwrap());
        assert_eq!(cutoff, LocalMinute::new(Day::from_date("2026-10-01".parse().unwrap()), 30));
        assert!(typed_deadline("tomorrow", Tz::UTC, 0).is_err());
    }
}
