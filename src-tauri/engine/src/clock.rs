//! The time. It comes from outside the engine so that tests can set it.

#[cfg(any(test, feature = "testing"))]
use std::sync::Mutex;

use chrono::{DateTime, NaiveDate, Utc};

/// Tells what time it is.
pub trait Clock: Send + Sync {
    /// The present moment.
    fn now(&self) -> DateTime<Utc>;
}

/// The computer's own clock.
#[derive(Debug, Clone, Copy, Default)]
pub struct SystemClock;

impl Clock for SystemClock {
    #[expect(clippy::disallowed_methods, reason = "the one place that asks the system")]
    fn now(&self) -> DateTime<Utc> {
        Utc::now()
    }
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
    use super::*;

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
