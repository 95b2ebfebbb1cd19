//! Which days are over: by this computer's clock and by the server's.
//!
//! A day that counts as complete is not asked for again, so a clock that is ahead would lose what is recorded on the
//! days that it skipped. So both clocks count: a day is over only if both say so, and a claim that an earlier sync made
//! under a wrong clock is withdrawn if both contradict it. Without a time from the server this computer's clock decides
//! alone, and nothing is withdrawn.
//!
//! Invariant: the days are decided once for a sync, so that it fetches all its courses through the same day.

use std::sync::OnceLock;

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};

use crate::clock::last_complete_day;

/// A smaller difference between clocks counts as none: it may come from the network and from rounding.
const WORTH_TELLING: TimeDelta = TimeDelta::minutes(5);

/// What both clocks say together.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Days {
    /// The last day that is over by every clock. Records are fetched through this day.
    pub(super) through: NaiveDate,
    /// The last day that is over by at least one clock, if both are known. Nothing can be fetched through a later day.
    pub(super) at_most: Option<NaiveDate>,
    /// How far this computer's clock is ahead of the server's; zero where they agree or only one is known.
    pub(super) ahead: TimeDelta,
}

impl Days {
    /// From the time at which the sync began, and from what both clocks say at one later moment.
    pub(super) fn of(began: DateTime<Utc>, own: DateTime<Utc>, server: Option<DateTime<Utc>>) -> Self {
        let Some(server) = server else {
            return Self { through: last_complete_day(began), at_most: None, ahead: TimeDelta::zero() };
        };
        let ahead = own - server;
        Self {
            through: last_complete_day(began.min(server)),
            at_most: Some(last_complete_day(own.max(server))),
            ahead: if ahead.abs() < WORTH_TELLING { TimeDelta::zero() } else { ahead },
        }
    }

    /// One sentence about clocks that differ, and what to do.
    pub(super) fn warning(self) -> Option<ClockWarning> {
        if self.ahead.is_zero() {
            return None;
        }
        let side = if self.ahead > TimeDelta::zero() { "ahead of" } else { "behind" };
        let message = format!("This computer's clock is {} {side} the server's", in_words(self.ahead.abs()));
        let hint = format!(
            "Set this computer's clock; what was watched after {} is fetched once both clocks say that the day is over",
            self.through
        );
        Some(ClockWarning { message, hint })
    }
}

/// What to tell about clocks that differ.
pub(super) struct ClockWarning {
    pub(super) message: String,
    /// What to do about it.
    pub(super) hint: String,
}

fn in_words(span: TimeDelta) -> String {
    // Rounded to the nearest: the server's time has whole seconds, so three days would fall just short.
    let (count, unit) = match span {
        span if span < TimeDelta::hours(2) => ((span + TimeDelta::seconds(30)).num_minutes(), "minutes"),
        span if span < TimeDelta::days(2) => ((span + TimeDelta::minutes(30)).num_hours(), "hours"),
        span => ((span + TimeDelta::hours(12)).num_days(), "days"),
    };
    format!("{count} {unit}")
}

/// [`Days`], once they are decided.
#[derive(Debug, Default)]
pub(super) struct DecidedDays(OnceLock<Days>);

impl DecidedDays {
    /// The days, decided by `decide` if they are not yet; and whether this call decided them.
    pub(super) fn get_or_decide(&self, decide: impl FnOnce() -> Days) -> (Days, bool) {
        let mut now = false;
        let days = *self.0.get_or_init(|| {
            now = true;
            decide()
        });
        (days, now)
    }

    pub(super) fn get(&self) -> Option<Days> {
        self.0.get().copied()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> DateTime<Utc> {
        text.parse().unwrap()
    }

    fn days(own: &str, server: Option<&str>) -> (String, Option<String>, Option<String>) {
        let days = Days::of(at(own), at(own), server.map(at));
        (
            days.through.to_string(),
            days.at_most.map(|day| day.to_string()),
            days.warning().map(|warning| warning.message),
        )
    }

    fn words(through: &str, at_most: &str, warning: Option<&str>) -> (String, Option<String>, Option<String>) {
        (
            through.to_owned(),
            Some(at_most.to_owned()),
            warning.map(|words| format!("This computer's clock is {words} the server's")),
        )
    }

    #[test]
    fn a_day_is_over_by_both_clocks() {
        let noon = "2024-03-15T12:00:00Z";
        assert_eq!(days(noon, Some("2024-03-15T12:04:59Z")), words("2024-03-14", "2024-03-14", None));
        assert_eq!(
            days("2024-03-18T12:00:00Z", Some(noon)),
            words("2024-03-14", "2024-03-17", Some("3 days ahead of"))
        );
        assert_eq!(days(noon, Some("2024-03-18T13:00:00Z")), words("2024-03-14", "2024-03-17", Some("3 days behind")));
        assert_eq!(
            days("2024-03-16T00:00:10Z", Some("2024-03-15T23:59:50Z")),
            words("2024-03-14", "2024-03-15", None),
            "seconds around midnight"
        );
        assert_eq!(days(noon, Some("2024-03-15T09:00:00Z")).2, words("", "", Some("3 hours ahead of")).2);
        assert_eq!(days(noon, Some("2024-03-15T12:07:20Z")).2, words("", "", Some("7 minutes behind")).2);
        assert_eq!(days("2024-03-17T11:59:59.9Z", Some(noon)).2, words("", "", Some("48 hours ahead of")).2);
    }

    #[test]
    fn without_a_time_from_the_server_the_own_clock_decides() {
        assert_eq!(days("2024-03-15T12:00:00Z", None), ("2024-03-14".to_owned(), None, None));
    }

    #[test]
    fn no_clock_is_too_far_off() {
        for (own, server) in
            [("9999-12-31T23:59:59Z", "2020-01-01T00:00:00Z"), ("1970-01-01T00:00:00Z", "9999-12-31T23:59:59Z")]
        {
            let days = Days::of(at(own), at(own), Some(at(server)));
            assert!(days.through <= days.at_most.unwrap() && days.warning().is_some());
        }
    }

    #[test]
    fn it_is_decided_once() {
        let decided = DecidedDays::default();
        let first = Days::of(at("2024-03-15T12:00:00Z"), at("2024-03-15T12:00:00Z"), None);
        assert_eq!(decided.get_or_decide(|| first), (first, true));
        let other = Days::of(at("2025-03-15T12:00:00Z"), at("2025-03-15T12:00:00Z"), None);
        assert_eq!(decided.get_or_decide(|| other), (first, false));
        assert_eq!(decided.get(), Some(first));
    }
}
