//! Looks at several courses at the same time, so that the first paint waits for the slowest of them and not for one
//! after the other; and does two things at the same time, so that a redraw waits for the slower one.
//!
//! Invariant: a long course list takes no more threads than a short one. If the system provides no threads, everything
//! is looked at all the same.

use std::num::NonZero;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread::{Builder, available_parallelism};

use crate::chunk::on_threads;

/// How many courses to look at together; each may use all processors for its records.
const MOST_AT_ONCE: NonZero<usize> = NonZero::new(4).expect("it is not zero");

/// What `look` returns for each item, in the order of the items. Blocks.
pub fn side_by_side<T: Sync, R: Send>(items: &[T], look: impl Fn(&T) -> R + Sync) -> Vec<R> {
    let threads = available_parallelism().map_or(NonZero::<usize>::MIN, |processors| processors.min(MOST_AT_ONCE));
    on_so_many_threads(threads, items, look)
}

/// Does both at the same time and returns both results. Blocks. Worth it for work of a millisecond and more.
pub fn both<A: Send, B>(one: impl Fn() -> A + Sync, other: impl FnOnce() -> B) -> (A, B) {
    both_built(Builder::new(), one, other)
}

fn both_built<A: Send, B>(builder: Builder, one: impl Fn() -> A + Sync, other: impl FnOnce() -> B) -> (A, B) {
    std::thread::scope(|scope| {
        let running = builder.spawn_scoped(scope, &one).ok();
        let other = other();
        let one = match running.map(std::thread::ScopedJoinHandle::join) {
            Some(Ok(done)) => done,
            Some(Err(panic)) => std::panic::resume_unwind(panic),
            None => one(),
        };
        (one, other)
    })
}

fn on_so_many_threads<T: Sync, R: Send>(threads: NonZero<usize>, items: &[T], look: impl Fn(&T) -> R + Sync) -> Vec<R> {
    let next = AtomicUsize::new(0);
    let looked = on_threads(threads, || {
        let mut looked = Vec::new();
        loop {
            let at = next.fetch_add(1, Ordering::Relaxed);
            let Some(item) = items.get(at) else { return looked };
            looked.push((at, look(item)));
        }
    });
    let mut looked: Vec<(usize, R)> = looked.into_iter().flatten().collect();
    looked.sort_by_key(|(at, _)| *at);
    looked.into_iter().map(|(_, result)| result).collect()
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;
    use std::sync::Mutex;

    use super::*;

    #[test]
    fn all_items_are_looked_at_in_their_order_by_few_threads() {
        let items: Vec<usize> = (0..500).collect();
        for threads in 1..=4 {
            let seen = Mutex::new(HashSet::new());
            let doubled = on_so_many_threads(NonZero::new(threads).unwrap(), &items, |item| {
                seen.lock().unwrap().insert(std::thread::current().id());
                item * 2
            });
            assert_eq!(doubled, items.iter().map(|item| item * 2).collect::<Vec<_>>());
            assert!(seen.into_inner().unwrap().len() <= threads);
        }
        assert!(side_by_side(&[(); 0], |()| ()).is_empty());
    }

    #[test]
    fn both_are_done_even_where_the_system_gives_no_thread() {
        let here = std::thread::current().id();
        let (elsewhere, other) = both(|| std::thread::current().id(), || 2);
        assert_ne!(elsewhere, here);
        assert_eq!(other, 2);
        // No system gives a thread so much memory.
        let greedy = Builder::new().stack_size(usize::MAX / 4);
        assert_eq!(both_built(greedy, || std::thread::current().id(), || 3), (here, 3));
    }
}
