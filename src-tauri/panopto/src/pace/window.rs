//! How many SOAP calls are in flight. No limit is published, so the number follows the server's answers.
//!
//! The number starts small and doubles with each round of good answers, until the server first asks for less. From then
//! on it halves each time the server asks, and grows by one with each round of good answers. Each such request also
//! stops all calls for the time of its `Retry-After`, or briefly if it has none.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::time::{Instant, sleep_until};

/// The window. Clones share one window.
#[derive(Debug, Clone)]
pub(crate) struct Window {
    inner: Arc<Inner>,
}

#[derive(Debug)]
struct Inner {
    /// Its permits are the free slots: first come, first served.
    slots: Arc<Semaphore>,
    largest: usize,
    measure: Mutex<Measure>,
}

#[derive(Debug)]
struct Measure {
    size: usize,
    /// Slots to remove as soon as calls return them.
    owed: usize,
    /// Good answers since the window last grew.
    answers: usize,
    /// True until the server first asks for less.
    opening: bool,
    paused_until: Option<Instant>,
    /// Calls that went out before this moment belong to a burst that has already halved the window.
    halved_at: Option<Instant>,
}

/// A slot in the window, returned when dropped.
#[derive(Debug)]
pub(crate) struct Slot {
    window: Window,
    permit: Option<OwnedSemaphorePermit>,
    taken_at: Instant,
}

impl Window {
    pub(crate) fn new(start: usize, largest: usize) -> Self {
        let largest = largest.clamp(1, 256);
        let size = start.clamp(1, largest);
        let measure = Measure { size, owed: 0, answers: 0, opening: true, paused_until: None, halved_at: None };
        let slots = Arc::new(Semaphore::new(size));
        Self { inner: Arc::new(Inner { slots, largest, measure: Mutex::new(measure) }) }
    }

    /// Waits for a slot.
    pub(crate) async fn enter(&self) -> Slot {
        // The semaphore is never closed. If it were, the call would simply go out.
        let permit = self.inner.slots.clone().acquire_owned().await.ok();
        loop {
            let until = self.lock().paused_until.filter(|until| *until > Instant::now());
            let Some(until) = until else { break };
            sleep_until(until).await;
        }
        Slot { window: self.clone(), permit, taken_at: Instant::now() }
    }

    fn lock(&self) -> MutexGuard<'_, Measure> {
        self.inner.measure.lock().unwrap_or_else(PoisonError::into_inner)
    }

    #[cfg(test)]
    fn size(&self) -> usize {
        self.lock().size
    }
}

impl Slot {
    /// Records that the server answered without complaint.
    pub(crate) fn answered(self) {
        let mut measure = self.window.lock();
        measure.answers += 1;
        let round = if measure.opening { 1 } else { measure.size };
        if measure.answers >= round && measure.size < self.window.inner.largest {
            measure.answers = 0;
            measure.size += 1;
            if measure.owed > 0 {
                measure.owed -= 1;
            } else {
                self.window.inner.slots.add_permits(1);
            }
        }
    }

    /// Records that the server asks for less (429, 503). No call goes out during the pause. A burst of such answers
    /// halves the window only once.
    pub(crate) fn refused(self, pause: Duration) {
        let now = Instant::now();
        let mut measure = self.window.lock();
        measure.paused_until = measure.paused_until.max(Some(now + pause));
        if measure.halved_at.is_some_and(|halved_at| self.taken_at < halved_at) {
            return;
        }
        let smaller = (measure.size / 2).max(1);
        measure.owed += measure.size - smaller;
        measure.size = smaller;
        measure.opening = false;
        measure.answers = 0;
        measure.halved_at = Some(now);
    }
}

impl Drop for Slot {
    fn drop(&mut self) {
        let mut measure = self.window.lock();
        if measure.owed > 0
            && let Some(permit) = self.permit.take()
        {
            measure.owed -= 1;
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
        assert_eq!(window.inner.slots.available_permits(), 16);
    }

    #[tokio::test(start_paused = true)]
    async fn halves_once_for_one_burst_and_grows_slowly_after() {
        let window = Window::new(8, 16);
        let mut slots = Vec::new();
        for _ in 0..8 {
            slots.push(window.enter().await);
        }
        tokio::time::advance(Duration::from_millis(50)).await;
        for slot in slots {
            slot.refused(Duration::ZERO);
        }
        assert_eq!(window.size(), 4);
        assert_eq!(window.inner.slots.available_permits(), 4);
        tokio::time::advance(Duration::from_millis(50)).await;
        for _ in 0..4 {
            window.enter().await.answered();
        }
        assert_eq!(window.size(), 5, "one round of good answers adds one slot");
        assert_eq!(window.inner.slots.available_permits(), 5);
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
    async fn a_dropped_call_gives_its_slot_back() {
        let window = Window::new(1, 1);
        drop(window.enter().await);
        drop(window.enter().await);
        assert_eq!(window.inner.slots.available_permits(), 1);
    }
}
