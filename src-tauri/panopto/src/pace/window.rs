//! How many SOAP calls are in flight: no limit is published, so the number follows the answers.
//!
//! It starts small, doubles with each round of good answers until the server first asks for less, then halves on every such
//! request and grows again by one per round. Each such request stops all calls
//! for the time of its `Retry-After`, or briefly.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::time::{Instant, sleep_until};

/// The window. Clones are the same window.
#[derive(Debug, Clone)]
pub(crate) struct Window {
    inner: Arc<Inner>,
}

#[derive(Debug)]
struct Inner {
    /// Its permits are the free places; it serves in the order of asking.
    places: Arc<Semaphore>,
    largest: usize,
    state: Mutex<State>,
}

#[derive(Debug)]
struct State {
    size: usize,
    /// Places to take away as soon as a call gives them back.
    owed: usize,
    /// Good answers since the window last grew.
    answers: usize,
    /// Whether the server has never asked for less so far.
    opening: bool,
    paused_until: Option<Instant>,
    /// Calls that went out before this moment have already been counted as too many.
    halved_at: Option<Instant>,
}

/// A place in the window, given back when dropped.
#[derive(Debug)]
pub(crate) struct Place {
    window: Window,
    permit: Option<OwnedSemaphorePermit>,
    taken_at: Instant,
}

impl Window {
    pub(crate) fn new(start: usize, largest: usize) -> Self {
        let largest = largest.clamp(1, 256);
        let size = start.clamp(1, largest);
        let state = State { size, owed: 0, answers: 0, opening: true, paused_until: None, halved_at: None };
        let places = Arc::new(Semaphore::new(size));
        Self { inner: Arc::new(Inner { places, largest, state: Mutex::new(state) }) }
    }

    /// Waits for a place.
    pub(crate) async fn enter(&self) -> Place {
        // The semaphore is never closed; were it, the call would simply go out.
        let permit = self.inner.places.clone().acquire_owned().await.ok();
        loop {
            let until = self.lock().paused_until.filter(|until| *until > Instant::now());
            let Some(until) = until else { break };
            sleep_until(until).await;
        }
        Place { window: self.clone(), permit, taken_at: Instant::now() }
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.inner.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    #[cfg(test)]
    fn size(&self) -> usize {
        self.lock().size
    }
}

impl Place {
    /// The server answered without complaint.
    pub(crate) fn answered(self) {
        let mut state = self.window.lock();
        state.answers += 1;
        let round = if state.opening { 1 } else { state.size };
        if state.answers >= round && state.size < self.window.inner.largest {
            state.answers = 0;
            state.size += 1;
            if state.owed > 0 {
                state.owed -= 1;
            } else {
                self.window.inner.places.add_permits(1);
            }
        }
    }

    /// The server asks for less (429, 503): no call goes out for the pause. One burst of such answers halves the window
    /// once.
    pub(crate) fn refused(self, pause: Duration) {
        let now = Instant::now();
        let mut state = self.window.lock();
        state.paused_until = state.paused_until.max(Some(now + pause));
        if state.halved_at.is_some_and(|halved_at| self.taken_at < halved_at) {
            return;
        }
        let smaller = (state.size / 2).max(1);
        state.owed += state.size - smaller;
        state.size = smaller;
        state.opening = false;
        state.answers = 0;
        state.halved_at = Some(now);
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        let mut state = self.window.lock();
        if state.owed > 0
            && let Some(permit) = self.permit.take()
        {
            state.owed -= 1;
            permit.forget();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test(start_paused = true)]
    async fn opens_on_good_answers_up_to_its_bound() {
        let window = Window::new(4, 16);
        for _ in 0..100 {
            window.enter().await.answered();
        }
        assert_eq!(window.size(), 16);
        assert_eq!(window.inner.places.available_permits(), 16);
    }

    #[tokio::test(start_paused = true)]
    async fn halves_once_for_one_burst_and_grows_slowly_after() {
        let window = Window::new(8, 16);
        let mut places = Vec::new();
        for _ in 0..8 {
            places.push(window.enter().await);
        }
        tokio::time::advance(Duration::from_millis(50)).await;
        for place in places {
            place.refused(Duration::ZERO);
        }
        assert_eq!(window.size(), 4);
        assert_eq!(window.inner.places.available_permits(), 4);
        tokio::time::advance(Duration::from_millis(50)).await;
        for _ in 0..4 {
            window.enter().await.answered();
        }
        assert_eq!(window.size(), 5, "one round of good answers adds one place");
        assert_eq!(window.inner.places.available_permits(), 5);
    }

    #[tokio::test(start_paused = true)]
    async fn never_closes_entirely() {
        let window = Window::new(1, 4);
        for _ in 0..10 {
            tokio::time::advance(Duration::from_millis(50)).await;
            window.enter().await.refused(Duration::ZERO);
        }
        assert_eq!(window.size(), 1);
        drop(window.enter().await);
    }

    #[tokio::test(start_paused = true)]
    async fn retry_after_stops_every_call() {
        let window = Window::new(4, 4);
        window.enter().await.refused(Duration::from_secs(7));
        let start = Instant::now();
        drop(window.enter().await);
        assert!(start.elapsed() >= Duration::from_secs(7));
    }

    #[tokio::test(start_paused = true)]
    async fn a_dropped_call_gives_its_place_back() {
        let window = Window::new(1, 1);
        drop(window.enter().await);
        drop(window.enter().await);
        assert_eq!(window.inner.places.available_permits(), 1);
    }
}
