//! The published limits of REST: a number of calls in any second, minute and hour, for each route.
//!
//! It keeps a ledger of the moments of past calls instead of a bucket that refills. A bucket lets up to twice the limit
//! through in one window, and a server that counts by windows answers that with 429. Whatever the limits allow goes out
//! at once.
//!
//! Invariant: a call enters the ledger at the moment it goes out, and not before. A moment reserved ahead would be
//! wrong as soon as something holds the call up (a pause that the server asks for, the wait for a free slot or a fresh
//! token). Calls held up together would then also go out together.

use std::collections::VecDeque;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use tokio::time::{Instant, sleep_until};

use crate::RestLimits;
use crate::pauses::Pauses;

/// Network delay varies, so calls sent a second apart may arrive closer together.
const MARGIN: Duration = Duration::from_millis(50);

/// The pace of one route.
#[derive(Debug)]
pub(crate) struct Limiter {
    limits: [Limit; 3],
    /// Held by the call that goes out next. The others queue for it: first come, first served.
    queue: tokio::sync::Mutex<()>,
    ledger: Mutex<Ledger>,
    pauses: Pauses,
}

#[derive(Debug)]
struct Limit {
    calls: usize,
    window: Duration,
    /// The window in words, for the progress display.
    window_name: &'static str,
}

#[derive(Debug, Default)]
struct Ledger {
    /// When the calls of the last hour went out, ascending.
    calls: VecDeque<Instant>,
    paused_until: Option<Instant>,
}

/// The call at the head of the queue. Dropping it lets the next one move up and costs nothing.
#[derive(Debug)]
pub(crate) struct Head<'a> {
    limiter: &'a Limiter,
    _queue: tokio::sync::MutexGuard<'a, ()>,
}

/// When the next call may go out, and which published limit decides that.
struct NextTurn<'a> {
    at: Instant,
    limit: Option<&'a Limit>,
}

impl Limiter {
    pub(crate) fn new(limits: RestLimits, pauses: Pauses) -> Self {
        let limit = |calls: u32, secs, window_name| Limit {
            calls: calls.max(1) as usize,
            window: Duration::from_secs(secs) + MARGIN,
            window_name,
        };
        Self {
            limits: [
                limit(limits.per_second, 1, "second"),
                limit(limits.per_minute, 60, "minute"),
                limit(limits.per_hour, 3600, "hour"),
            ],
            queue: tokio::sync::Mutex::default(),
            ledger: Mutex::default(),
            pauses,
        }
    }

    /// Waits until every earlier call has gone out or has been given up.
    pub(crate) async fn line_up(&self) -> Head<'_> {
        Head { _queue: self.queue.lock().await, limiter: self }
    }

    /// Lets no call to this route out before `pause` has passed.
    pub(crate) fn pause(&self, pause: Duration) {
        let until = Instant::now() + pause;
        let mut ledger = self.lock();
        ledger.paused_until = ledger.paused_until.max(Some(until));
    }

    fn turn(&self, now: Instant) -> NextTurn<'_> {
        let mut ledger = self.lock();
        let longest = self.limits[2].window;
        while ledger.calls.front().is_some_and(|call| *call + longest <= now) {
            ledger.calls.pop_front();
        }
        let mut turn = NextTurn { at: now.max(ledger.paused_until.unwrap_or(now)), limit: None };
        for limit in &self.limits {
            if let Some(index) = ledger.calls.len().checked_sub(limit.calls) {
                let free = ledger.calls[index] + limit.window;
                if free > turn.at {
                    turn = NextTurn { at: free, limit: Some(limit) };
                }
            }
        }
        turn
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Ledger> {
        self.ledger.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Head<'_> {
    /// Waits until the limits allow the call and no pause is in force.
    pub(crate) async fn wait(&self) {
        loop {
            let now = Instant::now();
            let NextTurn { at, limit } = self.limiter.turn(now);
            if at <= now {
                return;
            }
            if let Some(Limit { calls, window_name, .. }) = limit {
                self.limiter.pauses.for_pace(*calls, window_name, at - now);
            }
            sleep_until(at).await;
        }
    }

    /// Records that the call goes out now. `false` if it may not, because a pause has begun since [`Head::wait`].
    pub(crate) fn go(&self) -> bool {
        let now = Instant::now();
        if self.limiter.turn(now).at > now {
            return false;
        }
        self.limiter.lock().calls.push_back(now);
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    impl Limiter {
        async fn acquire(&self) {
            let head = self.line_up().await;
            head.wait().await;
            assert!(head.go());
        }
    }

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

    #[tokio::test(start_paused = true)]
    async fn calls_held_back_by_a_pause_do_not_go_out_together() {
        let limiter = Limiter::new(RestLimits::default(), Pauses::default());
        let start = Instant::now();
        let waiting = futures_util::future::join_all((0..40).map(|_| async {
            limiter.acquire().await;
            start.elapsed().as_secs_f64()
        }));
        let (mut moments, ()) = tokio::join!(waiting, async {
            tokio::time::sleep(Duration::from_millis(500)).await;
            limiter.pause(Duration::from_secs(3));
        });
        moments.sort_by(f64::total_cmp);
        assert!(moments[5] >= 3.5, "nothing within the pause: {moments:?}");
        for run in moments.windows(6) {
            assert!(run[5] - run[0] > 1.0, "six calls in a second: {run:?}");
        }
    }

    #[tokio::test(start_paused = true)]
    async fn a_call_held_up_at_its_turn_is_counted_when_it_goes() {
        let limiter = Limiter::new(RestLimits::default(), Pauses::default());
        let head = limiter.line_up().await;
        head.wait().await;
        // Stands for the wait for a slot or a token, during which the server asks for a pause.
        tokio::time::sleep(Duration::from_secs(5)).await;
        limiter.pause(Duration::from_secs(2));
        assert!(!head.go(), "not within a pause");
        head.wait().await;
        assert!(head.go());
        drop(head);
        let moments = moments(&limiter, 5).await;
        assert!(moments[3] < 0.01 && moments[4] > 1.0, "the first counts from when it went: {moments:?}");
    }

    #[tokio::test(start_paused = true)]
    async fn only_the_limits_of_a_minute_or_an_hour_are_worth_telling() {
        let pauses = Pauses::default();
        let mut told = pauses.subscribe();
        let limits = RestLimits { per_second: 5, per_minute: 10, per_hour: 5000 };
        let limiter = Limiter::new(limits, pauses);
        moments(&limiter, 9).await;
        assert!(told.try_recv().is_err(), "five a second is the usual pace");
        moments(&limiter, 2).await;
        let pause = told.try_recv().unwrap();
        assert_eq!(pause.reason, "This program keeps to the limit that Panopto publishes: 10 calls a minute");
        assert!(pause.length > Duration::from_secs(50));
        limiter.pause(Duration::from_secs(90));
        moments(&limiter, 1).await;
        assert!(told.try_recv().is_err(), "a pause that the server asked for is told by the call it answered");
    }
}
