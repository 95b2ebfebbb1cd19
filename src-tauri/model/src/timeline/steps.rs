//! The sweep: from one border to the next, with the numbers between them.
//!
//! Invariant: steps follow each other without gaps from 0 to the end of the video, none is empty, and no two neighbours
//! are alike.

use serde::Serialize;

use super::{PIECE, PLAY, Timeline};

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
    /// Runs that hold it: every pass counts, so at least as many as viewers.
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
        Sweep { timeline: self, next_start: 0, next_end: 0, at_secs: 0.0, viewers: 0, plays: 0 }
    }
}

struct Sweep<'a, 'v> {
    timeline: &'a Timeline<'v>,
    next_start: usize,
    next_end: usize,
    /// Where the step that is being measured begins.
    at_secs: f64,
    viewers: u32,
    plays: u32,
}

impl Sweep<'_, '_> {
    /// Takes all borders at the next position at which there are any; `None` after the last.
    fn advance(&mut self) -> Option<f64> {
        let Timeline { borders, start_marks, end_marks, .. } = self.timeline;
        let start = borders.starts.secs.get(self.next_start).copied();
        let end = borders.ends.secs.get(self.next_end).copied();
        let secs = match (start, end) {
            (Some(start), Some(end)) => start.min(end),
            // Whatever starts also ends, later.
            (None, Some(end)) => end,
            (_, None) => return None,
        };
        while borders.ends.secs.get(self.next_end).is_some_and(|end| *end <= secs) {
            let mark = end_marks[self.next_end];
            self.plays -= u32::from(mark & PLAY != 0);
            self.viewers -= u32::from(mark & PIECE != 0);
            self.next_end += 1;
        }
        while borders.starts.secs.get(self.next_start).is_some_and(|start| *start <= secs) {
            let mark = start_marks[self.next_start];
            self.plays += u32::from(mark & PLAY != 0);
            self.viewers += u32::from(mark & PIECE != 0);
            self.next_start += 1;
        }
        Some(secs)
    }
}

impl Iterator for Sweep<'_, '_> {
    type Item = Step;

    fn next(&mut self) -> Option<Step> {
        let (from_secs, viewers, plays) = (self.at_secs, self.viewers, self.plays);
        let duration_secs = self.timeline.borders.duration_secs;
        while let Some(secs) = self.advance() {
            let changed = (self.viewers, self.plays) != (viewers, plays);
            if changed && secs > from_secs {
                self.at_secs = secs;
                return Some(Step { from_secs, to_secs: secs, viewers, plays });
            }
            if changed {
                // At the very beginning: the first step has what starts at 0.
                return self.next();
            }
        }
        self.at_secs = duration_secs;
        (from_secs < duration_secs).then_some(Step { from_secs, to_secs: duration_secs, viewers, plays })
    }
}
