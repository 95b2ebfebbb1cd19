//! What is said at each whole second of a video, for a read-out that goes along the timeline.
//!
//! Deliberately absent: cutting of texts, and the server. Invariants: for every second the answer is that of
//! [`Captions::at`]; stretches are in order and do not meet; time grows with the cues and the seconds, not with their product.

use std::cmp::Ordering;
use std::collections::BinaryHeap;

use super::{Captions, Cue, NEAR_SECS};

/// A stretch of whole seconds at which the same caption is read out.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct SaidSeconds<'a> {
    /// The first second.
    pub from_secs: u32,
    /// The first second that no longer belongs to it.
    pub to_secs: u32,
    /// The caption.
    pub cue: &'a Cue,
}

impl Captions {
    /// What is said at each whole second before `end_secs`; seconds without a caption nearby are left out.
    pub fn by_second(&self, end_secs: u32) -> Vec<SaidSeconds<'_>> {
        let mut said: Vec<SaidSeconds<'_>> = Vec::new();
        let mut last = None;
        let mut along = Along { cues: &self.cues, next: 0, begun: BinaryHeap::new(), ended: None };
        for second in 0..end_secs {
            let place = along.at(f64::from(second));
            match (place, said.last_mut()) {
                (Some(_), Some(stretch)) if place == last => stretch.to_secs = second + 1,
                (Some(place), _) => {
                    said.push(SaidSeconds { from_secs: second, to_secs: second + 1, cue: &self.cues[place] });
                }
                (None, _) if along.is_over() => break,
                (None, _) => {}
            }
            last = place;
        }
        said
    }
}

/// A walk over the cues, from second to second.
struct Along<'a> {
    cues: &'a [Cue],
    /// The first cue that has not begun.
    next: usize,
    /// Those that have, the latest on top; ended ones lie below it at most.
    begun: BinaryHeap<usize>,
    /// The one that ended last.
    ended: Option<usize>,
}

impl Along<'_> {
    /// The place of the cue that is said at a second; seconds are asked for in ascending order.
    fn at(&mut self, secs: f64) -> Option<usize> {
        while self.cues.get(self.next).is_some_and(|cue| cue.start_secs <= secs) {
            self.begun.push(self.next);
            self.next += 1;
        }
        while let Some(top) = self.begun.peek().copied() {
            if self.cues[top].end_secs > secs {
                return Some(top);
            }
            self.begun.pop();
            self.ended = Some(self.ended.map_or(top, |ended| self.later_end(ended, top)));
        }
        let before = self.ended.map(|place| (secs - self.cues[place].end_secs, place));
        let after = self.cues.get(self.next).map(|cue| (cue.start_secs - secs, self.next));
        let near = |(apart_secs, _): &(f64, usize)| *apart_secs <= NEAR_SECS;
        match (before.filter(near), after.filter(near)) {
            (Some(before), Some(after)) => Some(if after.0 < before.0 { after.1 } else { before.1 }),
            (before, after) => before.or(after).map(|(_, place)| place),
        }
    }

    /// The one of two that ends later, else the earlier one.
    fn later_end(&self, one: usize, other: usize) -> usize {
        match self.cues[one].end_secs.total_cmp(&self.cues[other].end_secs) {
            Ordering::Greater => one,
            Ordering::Less => other,
            Ordering::Equal => one.min(other),
        }
    }

    /// Whether nothing more will be said.
    fn is_over(&self) -> bool {
        self.next == self.cues.len() && self.begun.is_empty()
    }
}
