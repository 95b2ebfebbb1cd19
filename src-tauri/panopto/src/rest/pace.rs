//! The pace of REST: the limits of each route, and the number of calls in flight on all routes together.

use tokio::sync::{Semaphore, SemaphorePermit};

use super::route::Route;
use crate::Options;
use crate::pace::limiter::{Head, Limiter};
use crate::pauses::Pauses;

/// The pace of all routes together.
#[derive(Debug)]
pub(crate) struct RestPace {
    limiters: [Limiter; Route::ALL.len()],
    in_flight: Semaphore,
}

impl RestPace {
    pub(crate) fn new(options: &Options, pauses: &Pauses) -> Self {
        Self {
            limiters: Route::ALL.map(|_| Limiter::new(options.rest_limits, pauses.clone())),
            in_flight: Semaphore::new(options.rest_in_flight.max(1)),
        }
    }

    pub(super) fn of(&self, route: Route) -> &Limiter {
        &self.limiters[route as usize]
    }

    /// Waits until a call to this route may go out: for limits, pauses, and a free slot among the calls in flight.
    pub(super) async fn turn(&self, route: Route) -> CallTurn<'_> {
        let head = self.of(route).line_up().await;
        head.wait().await;
        // Only the head of the queue takes a slot. The calls that still wait for this route leave the slots to other
        // routes.
        let place = self.in_flight.acquire().await.ok();
        CallTurn { pace: self, head, place }
    }
}

/// The right to send the next call to a route.
pub(super) struct CallTurn<'a> {
    pace: &'a RestPace,
    head: Head<'a>,
    place: Option<SemaphorePermit<'a>>,
}

impl<'a> CallTurn<'a> {
    /// Uses up the turn. The slot is held until the call has ended.
    pub(super) async fn take(mut self) -> Option<SemaphorePermit<'a>> {
        while !self.head.go() {
            self.place = None;
            self.head.wait().await;
            self.place = self.pace.in_flight.acquire().await.ok();
        }
        self.place
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use tokio::time::Instant;

    use super::*;

    #[tokio::test(start_paused = true)]
    async fn routes_have_a_pace_of_their_own() {
        let pace = RestPace::new(&Options::default(), &Pauses::default());
        for _ in 0..17 {
            drop(pace.turn(Route::Folder).await.take().await);
        }
        pace.of(Route::Folder).pause(Duration::from_secs(60));
        let start = Instant::now();
        drop(pace.turn(Route::FolderSessions).await.take().await);
        assert_eq!(start.elapsed(), Duration::ZERO);
    }

    #[tokio::test(start_paused = true)]
    async fn calls_that_wait_for_a_free_place_do_not_go_out_together() {
        let pace = RestPace::new(&Options { rest_in_flight: 2, ..Options::default() }, &Pauses::default());
        let start = Instant::now();
        // The server is slow: each call holds its slot for a while, the first two for very long.
        let calls = futures_util::future::join_all((0..12).map(|number| {
            let pace = &pace;
            async move {
                let _place = pace.turn(Route::Folder).await.take().await;
                let went = start.elapsed().as_secs_f64();
                tokio::time::sleep(if number < 2 { Duration::from_secs(30) } else { Duration::ZERO }).await;
                went
            }
        }));
        let moments = calls.await;
        assert!(moments[2] >= 30.0, "two in flight at most: {moments:?}");
        for run in moments.windows(6) {
            assert!(run[5] - run[0] > 1.0, "six calls within a second: {moments:?}");
        }
    }
}
