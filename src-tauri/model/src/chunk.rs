//! The 20 equal chunks of a video, and how much of them one viewer's runs cover.
//!
//! The arithmetic follows the original tool down to the order of additions, so that its users get the same numbers to
//! the last digit (`tests/fixtures/golden`). Two faults of the original are not repeated: it writes a row for a run
//! that only touches a chunk's border, and if the first run alone reaches 75 % it ignores the other runs.
//!
//! Deliberately absent: dates and viewers. Invariant: chunks follow each other without gaps, from 0 to the video's end.

use crate::Interval;

/// How many chunks a video has: twentieths, 5 % each.
pub const CHUNK_COUNT: usize = 20;

/// The share of a chunk, or of a video, that counts as completed.
const COMPLETED_SHARE: f64 = 0.75;

/// The borders of the 20 chunks of one video.
#[derive(Debug, Clone, PartialEq)]
pub struct ChunkBounds {
    borders_secs: [f64; CHUNK_COUNT + 1],
}

impl ChunkBounds {
    /// The chunks of a video of `duration_secs`; `None` unless that is finite and more than zero.
    ///
    /// Each border is the one before plus `duration / 20`, cut to the video. Rounding may leave the last border short of
    /// the video's end by about 1e-13 of its length.
    pub fn new(duration_secs: f64) -> Option<Self> {
        if !(duration_secs.is_finite() && duration_secs > 0.0) {
            return None;
        }
        let step_secs = duration_secs / CHUNK_COUNT as f64;
        let mut borders_secs = [0.0; CHUNK_COUNT + 1];
        for index in 0..CHUNK_COUNT {
            borders_secs[index + 1] = (borders_secs[index] + step_secs).min(duration_secs);
        }
        Some(Self { borders_secs })
    }

    /// Start of a chunk in seconds; `index` below [`CHUNK_COUNT`].
    pub const fn start_secs(&self, index: usize) -> f64 {
        self.borders_secs[index]
    }

    /// End of a chunk in seconds; `index` below [`CHUNK_COUNT`].
    pub const fn end_secs(&self, index: usize) -> f64 {
        self.borders_secs[index + 1]
    }

    /// Length of a chunk in seconds; `index` below [`CHUNK_COUNT`].
    pub const fn length_secs(&self, index: usize) -> f64 {
        self.borders_secs[index + 1] - self.borders_secs[index]
    }
}

/// What one viewer covered of one chunk.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ChunkCoverage {
    /// Which chunk, 0 to 19.
    pub index: usize,
    /// Seconds of the chunk that lie in the union of the runs; more than 0, at most its length.
    pub covered_secs: f64,
    /// Seconds spent in the chunk: the runs' overlaps added up, so that re-watching counts again.
    pub spent_secs: f64,
    /// `covered_secs` in percent of the chunk's length.
    pub percent_covered: f64,
    /// Whether at least 75 % of the chunk is covered.
    pub completed: bool,
}

/// Whether `covered_secs` is at least 75 % of `whole_secs`; never of something without a length.
pub fn is_completed(covered_secs: f64, whole_secs: f64) -> bool {
    whole_secs > 0.0 && covered_secs >= whole_secs * COMPLETED_SHARE
}

/// Calls `found` for each chunk of which anything was covered, in ascending order.
///
/// `runs` are the viewer's runs in the order they are stored (start, stop; uncut, in seconds), `coverage` their union
/// after cutting each to the video (see [`crate::clipped`], [`crate::union`]). Allocates nothing; the cost is
/// proportional to the chunks the runs touch.
pub fn chunk_coverage(
    bounds: &ChunkBounds,
    runs: &[(f64, f64)],
    coverage: &[Interval],
    mut found: impl FnMut(ChunkCoverage),
) {
    let mut first = 0;
    for index in 0..CHUNK_COUNT {
        let (start_secs, end_secs) = (bounds.start_secs(index), bounds.end_secs(index));
        while first < coverage.len() && coverage[first].end_secs() <= start_secs {
            first += 1;
        }
        if first == coverage.len() {
            return;
        }
        let mut covered_secs = 0.0;
        for run in &coverage[first..] {
            if run.start_secs() >= end_secs {
                break;
            }
            covered_secs += run.overlap_secs(start_secs, end_secs);
        }
        if covered_secs <= 0.0 {
            continue;
        }
        let mut spent_secs = 0.0;
        for &(run_start, run_stop) in runs {
            if run_start < end_secs && run_stop > start_secs && run_start < run_stop {
                spent_secs += end_secs.min(run_stop) - start_secs.max(run_start);
            }
        }
        let length_secs = bounds.length_secs(index);
        found(ChunkCoverage {
            index,
            covered_secs,
            spent_secs,
            percent_covered: covered_secs / length_secs * 100.0,
            completed: is_completed(covered_secs, length_secs),
        });
    }
}
