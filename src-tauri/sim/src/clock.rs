//! The simulator's time: the system's time, or one that a test has set.
//!
//! Deliberately absent: waiting. A time that a test has set stands still until the test sets or advances it again.
//! Pauses (latency, stalls, the rate limiter) always use real time.

use chrono::{DateTime, TimeDelta, Utc};
use std::sync::{Mutex, PoisonError};

/// Where "now" comes from.
#[derive(Debug, Default)]
pub(crate) struct Clock {
    set: Mutex<Option<DateTime<Utc>>>,
}

impl Clock {
    pub(crate) fn new(set: Option<DateTime<Utc>>) -> Self {
        Self { set: Mutex::new(set) }
    }

    #[expect(clippy::disallowed_methods, reason = "a server's clock is its own, not the client's")]
    pub(crate) fn now(&self) -> DateTime<Utc> {
        self.set.lock().unwrap_or_else(PoisonError::into_inner).unwrap_or_else(Utc::now)
    }

    pub(crate) fn set(&self, now: DateTime<Utc>) {
        *self.set.lock().unwrap_or_else(PoisonError::into_inner) = Some(now);
    }
}

/// The nearest instant that a SQL Server `datetime` column can hold. Its steps are 1/300 s, shown as whole milliseconds
/// that end in 0, 3 or 7. Panopto's own viewing times lie on this grid.
pub fn sql_time(time: DateTime<Utc>) -> DateTime<Utc> {
    let micros = i64::from(time.timestamp_subsec_micros());
    let ticks = (micros * 300 + 500_000) / 1_000_000;
    let millis = (ticks * 10 + 1) / 3;
    DateTime::from_timestamp(time.timestamp(), 0).unwrap_or(time) + TimeDelta::milliseconds(millis)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_fall_on_the_grid_of_sql_server() {
        for (given, held) in [(0, 0), (1, 0), (2, 3), (5, 7), (8, 7), (9, 10), (972, 973), (999, 1000)] {
            let time = DateTime::from_timestamp_millis(1_600_000_000_000 + given).expect("in range");
            let expected = DateTime::from_timestamp_millis(1_600_000_000_000 + held).expect("in range");
            assert_eq!(sql_time(time), expected, "{given} ms");
            assert_eq!(sql_time(expected), expected, "idempotent at {held} ms");
        }
    }
}
