//! Damages good replies and files, so that readers are tested beyond their first byte.
#![allow(dead_code, reason = "each test binary uses its own part")]

use proptest::prelude::*;
use proptest::sample::Index;

/// A damaged text is at most this long.
const MOST_BYTES: usize = 1 << 16;

/// Cases of a property test: `default`, or as many as `PROPTEST_CASES` asks for. `make sweep` asks for 100,000.
pub(crate) fn cases(default: u32) -> ProptestConfig {
    let asked = std::env::var("PROPTEST_CASES").ok().and_then(|cases| cases.parse().ok());
    ProptestConfig {
        cases: asked.unwrap_or(default),
        failure_persistence: None,
        // A reader that takes a second for 64 KiB is not bounded.
        max_shrink_iters: 20_000,
        ..ProptestConfig::default()
    }
}

/// One piece of damage.
#[derive(Debug, Clone)]
pub(crate) enum Damage {
    /// Other bytes replace existing ones.
    Replace(Index, Vec<u8>),
    /// Other bytes are added in between.
    Insert(Index, Vec<u8>),
    /// Some bytes are missing.
    Remove(Index, usize),
    /// Some bytes appear twice.
    Repeat(Index, usize),
    /// The end is missing.
    Cut(Index),
    /// The rest from one place also appears at another.
    Splice(Index, Index),
    /// One bit is flipped.
    Flip(Index, u8),
    /// A piece of another sample is added.
    Graft(Index, Index, Index),
}

/// Any damage; `words` (pieces that have a meaning for the reader) are more frequent than other bytes.
pub(crate) fn damage(words: &'static [&'static [u8]]) -> impl Strategy<Value = Damage> {
    let bytes = || {
        prop_oneof![
            3 => prop::sample::select(words).prop_map(<[u8]>::to_vec),
            1 => prop::collection::vec(any::<u8>(), 0..8),
            1 => "[<>&;/=\"'{}\\[\\],:!?\\-a-z0-9\r\n]{0,12}".prop_map(String::into_bytes),
        ]
    };
    prop_oneof![
        (any::<Index>(), bytes()).prop_map(|(at, bytes)| Damage::Replace(at, bytes)),
        (any::<Index>(), bytes()).prop_map(|(at, bytes)| Damage::Insert(at, bytes)),
        (any::<Index>(), 1usize..60).prop_map(|(at, length)| Damage::Remove(at, length)),
        (any::<Index>(), 1usize..60).prop_map(|(at, length)| Damage::Repeat(at, length)),
        any::<Index>().prop_map(Damage::Cut),
        (any::<Index>(), any::<Index>()).prop_map(|(from, to)| Damage::Splice(from, to)),
        (any::<Index>(), 0u8..8).prop_map(|(at, bit)| Damage::Flip(at, bit)),
        (any::<Index>(), any::<Index>(), any::<Index>()).prop_map(|(which, from, to)| Damage::Graft(which, from, to)),
    ]
}

/// One of the samples, damaged.
pub(crate) fn damaged_sample(samples: &[Vec<u8>], which: Index, damages: &[Damage]) -> Vec<u8> {
    damaged(samples[which.index(samples.len())].clone(), damages, samples)
}

fn damaged(mut body: Vec<u8>, damages: &[Damage], samples: &[Vec<u8>]) -> Vec<u8> {
    for damage in damages {
        if body.is_empty() {
            break;
        }
        let length = body.len();
        match damage {
            Damage::Replace(at, bytes) => {
                let at = at.index(length);
                body.splice(at..(at + bytes.len()).min(length), bytes.iter().copied());
            }
            Damage::Insert(at, bytes) => {
                let at = at.index(length);
                body.splice(at..at, bytes.iter().copied());
            }
            Damage::Remove(at, count) => {
                let at = at.index(length);
                body.drain(at..(at + count).min(length));
            }
            Damage::Repeat(at, count) => {
                let at = at.index(length);
                let copy = body[at..(at + count).min(length)].to_vec();
                body.splice(at..at, copy);
            }
            Damage::Cut(at) => body.truncate(at.index(length)),
            Damage::Splice(from, to) => {
                let tail = body[from.index(length)..].to_vec();
                let to = to.index(length);
                body.splice(to..to, tail);
            }
            Damage::Flip(at, bit) => body[at.index(length)] ^= 1 << bit,
            Damage::Graft(which, from, to) => {
                let donor = &samples[which.index(samples.len())];
                if !donor.is_empty() {
                    let from = from.index(donor.len());
                    let piece = donor[from..(from + 80).min(donor.len())].to_vec();
                    let to = to.index(length);
                    body.splice(to..to, piece);
                }
            }
        }
        body.truncate(MOST_BYTES);
    }
    body
}
