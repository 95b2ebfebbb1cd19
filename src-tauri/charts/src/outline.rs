//! What a chart is compared with: a grey outline over its marks, of the other term or of what is usual.
//!
//! Deliberately absent: where the numbers come from. Invariant: an outline has an entry in the legend with a name of its own.

use model::line::listed_name;
use model::{CHUNK_COUNT, Figure, Timeline, words};

use crate::chart::{Hue, Series};

/// An outline over the parts of a video.
#[derive(Debug, Clone, Copy)]
pub struct Outline<'a> {
    /// What it is of: `Usual for this course`, `GEOG 204 2025`.
    pub label: &'a str,
    /// The figure that says what it counts.
    pub counts: Figure,
    /// The share of viewers who reached each part, in percent.
    pub percent: &'a [f64; CHUNK_COUNT],
}

/// An outline over the days, weeks or months of a chart across time.
#[derive(Debug, Clone, Copy)]
pub struct OtherViewers<'a> {
    /// Of which course.
    pub label: &'a str,
    /// Its viewers, one number for each period of the chart.
    pub viewers: &'a [u32],
}

/// The pair of a video in another term, as an outline by second.
#[derive(Debug, Clone, Copy)]
pub struct OtherTimeline<'a> {
    /// Of which course.
    pub label: &'a str,
    /// The pair's timeline.
    pub timeline: &'a Timeline<'a>,
}

impl Outline<'_> {
    /// The viewers that a video of so many would have in each part.
    pub(crate) fn viewers(&self, of: u32) -> [f64; CHUNK_COUNT] {
        self.percent.map(|percent| percent / 100.0 * f64::from(of))
    }
}

/// The entry of an outline in the legend.
pub(crate) fn series(label: &str, viewers: impl Iterator<Item = f64>) -> Series {
    let (low, high) = viewers.map(whole).fold((u64::MAX, 0), |(low, high), many| (low.min(many), high.max(many)));
    let extent = if low >= high { words::viewers(high) } else { format!("{low} to {}", words::viewers(high)) };
    Series { label: listed_name(label), hue: Hue::Usual, extent }
}

/// A number of people that need not be whole, as it is told.
pub(crate) fn whole(viewers: f64) -> u64 {
    viewers.round() as u64
}
