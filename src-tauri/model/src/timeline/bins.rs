//! The timeline as a drawing needs it: a window cut into equal bins.
//!
//! A bin has the mean over its seconds, and keeps the least and the most, so that three seconds that everybody replays
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

/// The numbers at one place of the timeline, not over a stretch.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Reading {
    /// Where, in seconds of video.
    pub at_secs: f64,
    /// Viewers whose coverage holds it.
    pub viewers: u32,
    /// Every pass after a viewer's first.
    pub replays: u32,
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
    /// The numbers at one place in it: at the whole second nearest to its middle or, if it contains no whole second, at
    /// its start.
    pub reading: Reading,
}

impl Timeline<'_> {
    /// A window of the video in `count` equal bins, at least one. Outside the video there is nobody.
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
    reading: Reading,
}

#[derive(Clone, Copy)]
struct Sum {
    /// Each number times the seconds for which it held, summed.
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
        // Rounding must not push a mean outside its least and most.
        let mean = (self.number_secs / secs).clamp(f64::from(self.least), f64::from(self.most));
        Extent { mean, min: self.least, max: self.most }
    }
}

impl Filling {
    fn new(from_secs: f64, to_secs: f64) -> Self {
        let nothing = Sum::NOTHING;
        let reading = Reading { at_secs: read_at_secs(from_secs, to_secs), viewers: 0, replays: 0 };
        Self { from_secs, to_secs, filled_secs: 0.0, viewers: nothing, plays: nothing, replays: nothing, reading }
    }

    fn add(&mut self, secs: f64, step: Step) {
        if (step.from_secs..step.to_secs).contains(&self.reading.at_secs) {
            (self.reading.viewers, self.reading.replays) = (step.viewers, step.replays());
        }
        self.filled_secs += secs;
        self.viewers.add(secs, step.viewers);
        self.plays.add(secs, step.plays);
        self.replays.add(secs, step.replays());
    }

    fn finish(self) -> Bin {
        let secs = self.filled_secs;
        let (viewers, plays, replays) = (self.viewers.over(secs), self.plays.over(secs), self.replays.over(secs));
        Bin { from_secs: self.from_secs, to_secs: self.to_secs, viewers, plays, replays, reading: self.reading }
    }
}

/// The whole second nearest to the middle of a bin, if it contains one; or else its start.
fn read_at_secs(from_secs: f64, to_secs: f64) -> f64 {
    let first_secs = from_secs.ceil();
    let middle_secs = f64::midpoint(from_secs, to_secs).round().max(first_secs);
    if middle_secs < to_secs {
        middle_secs
    } else if first_secs < to_secs {
        first_secs
    } else {
        from_secs
    }
}
