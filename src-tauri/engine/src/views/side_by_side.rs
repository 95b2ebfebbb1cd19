//! Looks at several courses at the same time, so that the first paint waits for the slowest of them and not for one
//! after the other.
//!
//! Invariant: a long course list takes no more threads than a short one. If the system provides no threads, everything
//! is looked at all the same.

use std::num::NonZero;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread::available_parallelism;

use crate::chunk::on_threads;

/// How many courses to look at together; each may use all processors for its records.
const MOST_AT_ONCE: NonZero<usize> = NonZero::new(4).expect("it is not zero");

/// What `look` returns for each item, in the order of the items. Blocks.
pub fn side_by_side<T: Sync, R: Send>(items: &[T], look: impl Fn(&T) -> R + Sync) -> Vec<R> {
    let threads = available_parallelism().map_or(NonZero::<usize>::MIN, |processors| processors.min(MOST_AT_ONCE));
    on_so_many_threads(threads, items, look)
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
}
