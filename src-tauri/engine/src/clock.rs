//! The time. It comes from outside the engine so that tests can set it.

#[cfg(any(test, feature = "testing"))]
use std::sync::Mutex;
use std::time::{SystemTime, UNIX_EPOCH};

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};

/// Tells what time it is.
pub trait Clock: Send + Sync {
    /// The present moment.
    fn now(&self) -> DateTime<Utc>;
}

/// The computer's own clock.
#[derive(Debug, Clone, Copy, Default)]
pub struct SystemClock;

impl Clock for SystemClock {
    fn now(&self) -> DateTime<Utc> {
        moment(SystemTime::now())
    }
}

/// What the system's clock says, also where it stands before 1970 or where no calendar goes: a wrong clock is no fault.
fn moment(system: SystemTime) -> DateTime<Utc> {
    let since = match system.duration_since(UNIX_EPOCH) {
        Ok(after) => TimeDelta::from_std(after),
        Err(before) => TimeDelta::from_std(before.duration()).map(|before| -before),
    };
    since.ok().and_then(|since| DateTime::UNIX_EPOCH.checked_add_signed(since)).unwrap_or(DateTime::UNIX_EPOCH)
}

/// A clock that stands still until it is set, for tests.
#[cfg(any(test, feature = "testing"))]
#[derive(Debug)]
pub struct FixedClock(Mutex<DateTime<Utc>>);

#[cfg(any(test, feature = "testing"))]
impl FixedClock {
    /// A clock that stands at this moment.
    pub fn at(moment: DateTime<Utc>) -> Self {
        Self(Mutex::new(moment))
    }

    /// Moves the clock to another moment, forwards or backwards.
    pub fn set(&self, moment: DateTime<Utc>) {
        *self.0.lock().unwrap_or_else(std::sync::PoisonError::into_inner) = moment;
    }
}

#[cfg(any(test, feature = "testing"))]
impl Clock for FixedClock {
    fn now(&self) -> DateTime<Utc> {
        *self.0.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
    }
}

/// The last UTC day that is over at this moment: the day up to which a sync fetches.
pub fn last_complete_day(now: DateTime<Utc>) -> NaiveDate {
    now.date_naive().pred_opt().unwrap_or(NaiveDate::MIN)
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    #[test]
    fn a_clock_before_1970_tells_its_time() {
        let system = |secs| UNIX_EPOCH.checked_sub(Duration::from_secs(secs)).unwrap();
        assert_eq!(moment(system(100)).to_rfc3339(), "1969-12-31T23:58:20+00:00");
        assert_eq!(moment(UNIX_EPOCH + Duration::from_millis(1500)).to_rfc3339(), "1970-01-01T00:00:01.500+00:00");
        assert_eq!(moment(system(1 << 62)), DateTime::UNIX_EPOCH, "no calendar goes there");
    }

    #[test]
    fn a_day_is_complete_only_after_midnight() {
        let day = |text: &str| last_complete_day(text.parse().unwrap()).to_string();
        assert_eq!(day("2024-03-01T00:00:00Z"), "2024-02-29");
        assert_eq!(day("2024-03-01T23:59:59.999Z"), "2024-02-29");
        assert_eq!(day("2024-03-02T00:00:00Z"), "2024-03-01");
    }

    #[test]
    fn a_fixed_clock_stands_still() {
        let clock = FixedClock::at("2024-03-01T12:00:00Z".parse().unwrap());
        assert_eq!(clock.now(), clock.now());
        clock.set("2024-03-02T12:00:00Z".parse().unwrap());
        assert_eq!(clock.now().to_rfc3339(), "2024-03-02T12:00:00+00:00");
    }
}
