//! The sweep: from one border to the next, with the numbers between them.
//!
//! Invariant: steps follow each other without gaps from 0 to the end of the video, none is empty, and no two neighbours
//! are alike.

use serde::Serialize;

use super::{Timeline, mark};

/// A piece of the timeline on which nothing changes.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Step {
    /// Where it begins, in seconds of video.
    pub from_secs: f64,
    /// Where it ends, in seconds of video; not part of it.
    pub to_secs: f64,
    /// Viewers whose coverage holds it.
    pub viewers: u32,
    /// Runs that hold it. Every pass counts, so there are at least as many as viewers.
    pub plays: u32,
}

impl Step {
    /// Every pass after a viewer's first.
    pub const fn replays(&self) -> u32 {
        self.plays - self.viewers
    }
}

impl Timeline<'_> {
    /// The steps in order, from 0 to the end of the video.
    pub fn steps(&self) -> impl Iterator<Item = Step> {
        Sweep { timeline: self, next: 0, at_secs: 0.0, viewers: 0, plays: 0 }
    }
}

struct Sweep<'a, 'v> {
    timeline: &'a Timeline<'v>,
    /// The next border.
    next: usize,
    /// Where the step that is being measured begins.
    at_secs: f64,
    viewers: i32,
    plays: i32,
}

impl Sweep<'_, '_> {
    /// Takes all borders at the next position where any of them counts; `None` after the last.
    fn advance(&mut self) -> Option<f64> {
        let (secs, marks) = (&self.timeline.borders.secs, &self.timeline.marks);
        self.next += marks[self.next..].iter().position(|mark| *mark != 0)?;
        let here_secs = secs[self.next];
        while self.next < marks.len() && secs[self.next] <= here_secs {
            let mark = marks[self.next];
            let delta = |up: u8, down: u8| i32::from(mark & up != 0) - i32::from(mark & down != 0);
            self.plays += delta(mark::PLAY_BEGINS, mark::PLAY_ENDS);
            self.viewers += delta(mark::PIECE_BEGINS, mark::PIECE_ENDS);
            self.next += 1;
        }
        Some(here_secs)
    }
}

impl Iterator for Sweep<'_, '_> {
    type Item = Step;

    fn next(&mut self) -> Option<Step> {
        let (mut viewers, mut plays) = (self.viewers, self.plays);
        let from_secs = self.at_secs;
        let step = |to_secs: f64, viewers: i32, plays: i32| {
            // A piece that ends has begun before, so counts are never negative within a step.
            Step { from_secs, to_secs, viewers: viewers.cast_unsigned(), plays: plays.cast_unsigned() }
        };
        while let Some(secs) = self.advance() {
            if secs <= from_secs {
                // A piece that starts at 0 belongs to the first step.
                (viewers, plays) = (self.viewers, self.plays);
            } else if (self.viewers, self.plays) != (viewers, plays) {
                self.at_secs = secs;
                return Some(step(secs, viewers, plays));
            }
        }
        let duration_secs = self.timeline.borders.duration_secs;
        self.at_secs = duration_secs;
        (from_secs < duration_secs).then(|| step(duration_secs, viewers, plays))
    }
}
