//! Which rows a page of a list holds, including every way in which paging goes wrong.

use crate::config::PastEnd;
use crate::faults::Fault;
use crate::shared::Call;
use rand::SeedableRng as _;
use rand::seq::SliceRandom as _;
use rand_chacha::ChaCha12Rng;
use std::ops::Range;

/// The rows of a page, as positions in a list of `len` rows. `window` maps a page number to its rows, as if the list
/// had no end.
pub(crate) fn rows(call: &Call<'_>, len: usize, page: usize, window: impl Fn(usize) -> Range<usize>) -> Vec<usize> {
    let on = |page: usize| {
        let Range { start, end } = window(page);
        start.min(len)..end.min(len)
    };
    if page > 0 && len > 0 && call.take_fault(&Fault::RepeatedPage) {
        return on(page - 1).collect();
    }
    let wanted = on(page);
    if !wanted.is_empty() || len == 0 || page == 0 {
        return wanted.collect();
    }
    let last = last_page(len, page, &window);
    let beyond = page - last;
    if call.take_fault(&Fault::PhantomPage) {
        return mixed(call, len, page, window(0).len());
    }
    match call.config.page_past_end {
        PastEnd::RepeatLast => on(last).collect(),
        PastEnd::Phantom(pages) if beyond <= pages => mixed(call, len, page, window(0).len()),
        PastEnd::Empty | PastEnd::Phantom(_) => Vec::new(),
    }
}

/// Removes the entry of a REST list that gets lost between two pages, if there is one.
pub(crate) fn lose_entry<T>(call: &Call<'_>, found: &mut Vec<T>, page: usize) {
    let has_rows = found.len() > page.saturating_mul(call.config.page_size_rest.max(1));
    let list = (call.target.route, call.target.id.as_str());
    if call.state.injector().loses_an_entry(list, page, has_rows) {
        // The rows after it move up by one. The first row of this page moves to the page before, which the client has
        // already read.
        found.remove(0);
    }
}

/// The number of the last page that has rows. `beyond` is a page known to have none.
fn last_page(len: usize, beyond: usize, window: &impl Fn(usize) -> Range<usize>) -> usize {
    let (mut with, mut without) = (0, beyond);
    while without - with > 1 {
        let middle = with.midpoint(without);
        if window(middle).start < len { with = middle } else { without = middle }
    }
    with
}

/// Rows of earlier pages in another order. The same seed, list and page give the same rows.
fn mixed(call: &Call<'_>, len: usize, page: usize, size: usize) -> Vec<usize> {
    let mut all: Vec<usize> = (0..len).collect();
    let mut rng = ChaCha12Rng::seed_from_u64(call.config.seed ^ (page as u64).rotate_left(32) ^ len as u64);
    all.shuffle(&mut rng);
    all.truncate(size.max(1));
    all
}

/// Windows that all have the same size.
pub(crate) fn even(size: usize) -> impl Fn(usize) -> Range<usize> {
    move |page| page.saturating_mul(size)..page.saturating_add(1).saturating_mul(size)
}

/// Windows of between half of `size` and `size` minus one rows. Neighbours have different sizes, and each begins where
/// the one before it ends.
pub(crate) fn short(size: usize, seed: u64) -> impl Fn(usize) -> Range<usize> {
    // The sizes repeat every seven pages, so that the sum over all earlier pages needs no loop over them.
    let lengths: [usize; 7] = std::array::from_fn(|at| {
        let spread = (size / 2).max(1);
        let less = (seed.wrapping_mul(2_654_435_761).wrapping_add(at as u64 * 97)) as usize % spread + 1;
        size.saturating_sub(less).max(1)
    });
    let round: usize = lengths.iter().sum();
    move |page| {
        let start = (page / 7).saturating_mul(round).saturating_add(lengths.iter().take(page % 7).sum());
        start..start.saturating_add(lengths[page % 7])
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn short_windows_follow_each_other_without_gap() {
        for size in [1, 2, 5, 100] {
            let window = short(size, 42);
            let mut next = 0;
            for page in 0..40 {
                let Range { start, end } = window(page);
                assert_eq!(start, next);
                assert!(end > start && end - start <= size);
                next = end;
            }
        }
    }

    #[test]
    fn the_last_page_is_found() {
        assert_eq!(last_page(101, 50, &even(10)), 10);
        assert_eq!(last_page(100, 50, &even(10)), 9);
        assert_eq!(last_page(1, 1, &even(10)), 0);
    }
}
