//! The published limits of REST: so many calls in any second, minute and hour, per route.
//!
//! Kept as the moments of past calls rather than as a bucket that refills: a refilling bucket lets through up to twice the
//! limit in one window, which a server that counts by windows answers with 429. What the limits allow at once goes at once.

use std::collections::VecDeque;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use tokio::time::{Instant, sleep_until};

use crate::RestLimits;
use crate::pauses::Pauses;

/// Calls reach the server with varying delay, so that two sent a second apart may arrive closer together.
const MARGIN: Duration = Duration::from_millis(50);

/// The pace of one route.
#[derive(Debug)]
pub(crate) struct Limiter {
    windows: [(usize, Duration); 3],
    state: Mutex<State>,
    pauses: Pauses,
}

#[derive(Debug, Default)]
struct State {
    /// When calls went out or will go out, ascending, an hour back.
    calls: VecDeque<Instant>,
    paused_until: Option<Instant>,
}

impl Limiter {
    pub(crate) fn new(limits: RestLimits, pauses: Pauses) -> Self {
        let window = |calls: u32, secs| (calls.max(1) as usize, Duration::from_secs(secs) + MARGIN);
        Self {
            windows: [window(limits.per_second, 1), window(limits.per_minute, 60), window(limits.per_hour, 3600)],
            state: Mutex::default(),
            pauses,
        }
    }

    /// Waits for the next free turn. Turns are given in the order of asking; a future that is dropped while it waits (a
    /// search that is overtaken by the next letter) gives its turn back.
    pub(crate) async fn acquire(&self) {
        let now = Instant::now();
        let mut turn = Turn { limiter: self, at: self.reserve(now), taken: false };
        self.pauses.for_pace(turn.at - now);
        let mut wake = turn.at;
        loop {
            sleep_until(wake).await;
            match self.lock().paused_until {
                Some(until) if until > Instant::now() => wake = until,
                _ => break,
            }
        }
        turn.taken = true;
    }

    /// No call of this route before `pause` has passed.
    pub(crate) fn pause(&self, pause: Duration) {
        let until = Instant::now() + pause;
        let mut state = self.lock();
        state.paused_until = state.paused_until.max(Some(until));
    }

    fn reserve(&self, now: Instant) -> Instant {
        let mut state = self.lock();
        let state = &mut *state;
        let longest = self.windows[2].1;
        while state.calls.front().is_some_and(|call| *call + longest <= now) {
            state.calls.pop_front();
        }
        let mut at = state.calls.back().map_or(now, |last| now.max(*last));
        for (calls, window) in self.windows {
            if let Some(index) = state.calls.len().checked_sub(calls) {
                at = at.max(state.calls[index] + window);
            }
        }
        state.calls.push_back(at);
        at
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A turn that is waited for.
struct Turn<'a> {
    limiter: &'a Limiter,
    at: Instant,
    taken: bool,
}

impl Drop for Turn<'_> {
    fn drop(&mut self) {
        if !self.taken {
            let calls = &mut self.limiter.lock().calls;
            if let Ok(index) = calls.binary_search(&self.at) {
                calls.remove(index);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    async fn moments(limiter: &Limiter, calls: usize) -> Vec<f64> {
        let start = Instant::now();
        let mut moments = Vec::new();
        for _ in 0..calls {
            limiter.acquire().await;
            moments.push(start.elapsed().as_secs_f64());
        }
        moments
    }

    #[tokio::test(start_paused = true)]
    async fn no_window_ever_holds_more_than_its_limit() {
        let limits = RestLimits { per_second: 5, per_minute: 20, per_hour: 50 };
        let moments = moments(&Limiter::new(limits, Pauses::default()), 120).await;
        for (limit, window) in [(5, 1.0), (20, 60.0), (50, 3600.0)] {
            for run in moments.windows(limit + 1) {
                assert!(run[limit] - run[0] > window, "{limit} calls in {window} s: {run:?}");
            }
        }
    }

    #[tokio::test(start_paused = true)]
    async fn what_the_limit_allows_goes_at_once() {
        let moments = moments(&Limiter::new(RestLimits::default(), Pauses::default()), 100).await;
        assert!(moments[4] < 0.01, "the first five at once, not at {}", moments[4]);
        assert!(moments[99] < 19.0 * 1.06, "a hundred in about 19 s, not {}", moments[99]);
    }

    #[tokio::test(start_paused = true)]
    async fn turns_that_are_not_taken_cost_nothing() {
        let limiter = Limiter::new(RestLimits::default(), Pauses::default());
        for _ in 0..5 {
            limiter.acquire().await;
        }
        let start = Instant::now();
        for _ in 0..40 {
            let overtaken = tokio::time::timeout(Duration::from_millis(1), limiter.acquire()).await;
            assert!(overtaken.is_err());
        }
        limiter.acquire().await;
        assert!(start.elapsed() < Duration::from_millis(1100), "{:?}", start.elapsed());
    }

    #[tokio::test(start_paused = true)]
    async fn a_pause_holds_back_calls_that_are_already_waiting() {
        let limiter = Limiter::new(RestLimits { per_second: 1, ..RestLimits::default() }, Pauses::default());
        let start = Instant::now();
        limiter.acquire().await;
        let (second, ()) = tokio::join!(
            async {
                limiter.acquire().await;
                start.elapsed()
            },
            async { limiter.pause(Duration::from_secs(30)) }
        );
        assert!(second >= Duration::from_secs(30), "{second:?}");
    }
}
