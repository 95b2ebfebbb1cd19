//! The rate limiter: how many requests one client may send to one endpoint.
//!
//! It uses sliding windows, the strictest reading of "5 per second". Refused requests do not count.

use crate::RateLimit;
use std::collections::{HashMap, VecDeque};
use std::time::Duration;
use tokio::time::Instant;

/// The times of admitted requests, by endpoint and client.
#[derive(Debug, Default)]
pub(crate) struct Limiter {
    admitted: HashMap<(String, String), VecDeque<Instant>>,
}

/// Why a request is refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Refusal {
    /// How many are allowed within `period`.
    pub(crate) allowed: usize,
    /// `second`, `minute` or `hour`.
    pub(crate) period: &'static str,
    /// How long until another request would be let through.
    pub(crate) wait: Duration,
}

impl Limiter {
    /// Admits a request now, or says why not.
    pub(crate) fn admit(
        &mut self,
        endpoint: &str,
        client: &str,
        limit: RateLimit,
        now: Instant,
    ) -> Result<(), Refusal> {
        const HOUR: Duration = Duration::from_secs(3600);
        let times = self.admitted.entry((endpoint.to_owned(), client.to_owned())).or_default();
        while times.front().is_some_and(|&time| now.duration_since(time) >= HOUR) {
            times.pop_front();
        }
        let windows = [
            (limit.per_hour, "hour", HOUR),
            (limit.per_minute, "minute", Duration::from_secs(60)),
            (limit.per_second, "second", Duration::from_secs(1)),
        ];
        for (allowed, period, span) in windows {
            // The request that must leave the window before another one fits.
            let blocking = times.len().checked_sub(allowed).and_then(|at| times.get(at));
            if allowed == 0 {
                return Err(Refusal { allowed, period, wait: span });
            }
            if let Some(age) = blocking.map(|&time| now.duration_since(time)).filter(|&age| age < span) {
                return Err(Refusal { allowed, period, wait: span.saturating_sub(age) });
            }
        }
        times.push_back(now);
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_window_refuses_what_is_too_much_and_says_for_how_long() {
        let mut limiter = Limiter::default();
        let limit = RateLimit { per_second: 2, per_minute: 3, per_hour: 4 };
        let start = Instant::now();
        let at = |millis| start + Duration::from_millis(millis);
        assert_eq!(limiter.admit("a", "x", limit, at(0)), Ok(()));
        assert_eq!(limiter.admit("a", "x", limit, at(100)), Ok(()));
        let refusal = limiter.admit("a", "x", limit, at(400)).unwrap_err();
        assert_eq!((refusal.period, refusal.wait), ("second", Duration::from_millis(600)));
        assert_eq!(limiter.admit("b", "x", limit, at(400)), Ok(()), "another endpoint");
        assert_eq!(limiter.admit("a", "y", limit, at(400)), Ok(()), "another client");
        assert_eq!(limiter.admit("a", "x", limit, at(1000)), Ok(()));
        let refusal = limiter.admit("a", "x", limit, at(3000)).unwrap_err();
        assert_eq!((refusal.period, refusal.wait), ("minute", Duration::from_secs(57)));
        assert_eq!(limiter.admit("a", "x", limit, at(60_000)), Ok(()));
        assert_eq!(limiter.admit("a", "x", limit, at(61_000)).unwrap_err().period, "hour");
        assert_eq!(limiter.admit("a", "x", limit, at(3_600_000)), Ok(()));
    }
}
