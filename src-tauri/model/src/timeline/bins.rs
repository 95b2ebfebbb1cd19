//! The timeline as a drawing needs it: a window cut into equal bins.
//!
//! A bin has the mean of what lies in it, and keeps the least and the most, so that three seconds that everybody replays
//! are not lost in a two-hour lecture.

use serde::Serialize;

use super::{Step, Timeline};
use crate::Interval;

/// The numbers of a bin.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize)]
pub struct Extent {
    /// The mean over the bin.
    pub mean: f64,
    /// The least anywhere in it.
    pub min: u32,
    /// The most anywhere in it.
    pub max: u32,
}

/// An equal part of a window.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Bin {
    /// Where it begins, in seconds of video.
    pub from_secs: f64,
    /// Where it ends, in seconds of video.
    pub to_secs: f64,
    /// Viewers.
    pub viewers: Extent,
    /// Plays: viewers and replays.
    pub plays: Extent,
    /// Replays: every pass after a viewer's first.
    pub replays: Extent,
}

impl Timeline<'_> {
    /// A window of the video in `count` equal bins, at least one. What lies outside the video has nobody.
    pub fn bins(&self, window: Interval, count: usize) -> Vec<Bin> {
        let count = count.max(1);
        let border = |index: usize| window.start_secs() + window.length_secs() * index as f64 / count as f64;
        let mut bins: Vec<Filling> = (0..count).map(|index| Filling::new(border(index), border(index + 1))).collect();
        let mut first = 0;
        for step in self.steps() {
            if step.to_secs <= window.start_secs() {
                continue;
            }
            if step.from_secs >= window.end_secs() {
                break;
            }
            while first < count && bins[first].to_secs <= step.from_secs {
                first += 1;
            }
            for bin in bins[first..].iter_mut().take_while(|bin| bin.from_secs < step.to_secs) {
                let secs = step.to_secs.min(bin.to_secs) - step.from_secs.max(bin.from_secs);
                if secs > 0.0 {
                    bin.add(secs, step);
                }
            }
        }
        bins.into_iter().map(Filling::finish).collect()
    }
}

/// A bin while steps come in.
struct Filling {
    from_secs: f64,
    to_secs: f64,
    /// Seconds that lie in the video.
    filled_secs: f64,
    viewers: Sum,
    plays: Sum,
    replays: Sum,
}

#[derive(Clone, Copy)]
struct Sum {
    /// The number, for as many seconds as it held.
    number_secs: f64,
    least: u32,
    most: u32,
}

impl Sum {
    const NOTHING: Self = Self { number_secs: 0.0, least: u32::MAX, most: 0 };

    fn add(&mut self, secs: f64, number: u32) {
        self.number_secs += secs * f64::from(number);
        self.least = self.least.min(number);
        self.most = self.most.max(number);
    }

    fn over(self, secs: f64) -> Extent {
        if secs <= 0.0 {
            return Extent::default();
        }
        // Rounding must not lift a mean over what it is the mean of.
        let mean = (self.number_secs / secs).clamp(f64::from(self.least), f64::from(self.most));
        Extent { mean, min: self.least, max: self.most }
    }
}

impl Filling {
    const fn new(from_secs: f64, to_secs: f64) -> Self {
        let nothing = Sum::NOTHING;
        Self { from_secs, to_secs, filled_secs: 0.0, viewers: nothing, plays: nothing, replays: nothing }
    }

    fn add(&mut self, secs: f64, step: Step) {
        self.filled_secs += secs;
        self.viewers.add(secs, step.viewers);
        self.plays.add(secs, step.plays);
        self.replays.add(secs, step.replays());
    }

    fn finish(self) -> Bin {
        let secs = self.filled_secs;
        let (viewers, plays, replays) = (self.viewers.over(secs), self.plays.over(secs), self.replays.over(secs));
        Bin { from_secs: self.from_secs, to_secs: self.to_secs, viewers, plays, replays }
    }
}
