//! Which records are stored, and how many copies of each.
//!
//! Deliberately absent: the records themselves. Invariant: records are compared by value, through a 128-bit hash of all
//! fields, and not by spelling.

use std::collections::HashMap;

use model::ViewingRecord;
use xxhash_rust::xxh3::Xxh3;

/// The number of copies of each record, by its hash.
#[derive(Default)]
pub(crate) struct Counts(HashMap<u128, u32>);

impl Counts {
    pub(crate) fn len(&self) -> usize {
        self.0.len()
    }

    pub(crate) fn add(&mut self, record: &ViewingRecord) {
        *self.0.entry(hash(record)).or_default() += 1;
    }

    /// Whether one more copy of this record is stored already; counts it as used.
    pub(crate) fn take(&mut self, record: &ViewingRecord) -> bool {
        self.0.get_mut(&hash(record)).is_some_and(|left| {
            let any = *left > 0;
            *left = left.saturating_sub(1);
            any
        })
    }
}

/// A 128-bit hash of the whole record by value.
pub(crate) fn hash(record: &ViewingRecord) -> u128 {
    // Adding zero turns -0 into 0. An absent speed has bits that no number has.
    let bits = |number: f64| (number + 0.0).to_bits().to_le_bytes();
    let mut hasher = Xxh3::new();
    hasher.update(record.session_id.as_bytes());
    hasher.update(record.user_id.as_bytes());
    hasher.update(&record.recorded_at.timestamp_micros().to_le_bytes());
    hasher.update(&record.playback_speed.map_or(u64::MAX.to_le_bytes(), bits));
    hasher.update(&bits(record.start_secs));
    hasher.update(&bits(record.seconds_viewed));
    for word in [record.start_reason.as_str(), record.stop_reason.as_str()] {
        hasher.update(&(word.len() as u64).to_le_bytes());
        hasher.update(word.as_bytes());
    }
    hasher.digest128()
}
