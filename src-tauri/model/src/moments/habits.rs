//! What one viewer did with one video, as far as it tells of moments: what they played again, jumped over and played
//! more slowly, where they jumped to, and where they left.
//!
//! Counting by viewer, and not by curve, is what makes few people enough: somebody who leaves is not somebody who jumps over
//! the rest, and somebody who presses *back* five times is one person.

use crate::views::ViewerOfVideo;
use crate::{DateRange, Interval, Speed};

/// Players resume a trifle later than they stopped; shorter breaks in a piece are none.
const BREAK_SECS: f64 = 2.0;
/// Less than this between two jumps is looking for a place, not watching it: *forward* pressed again and again.
const GLIMPSE_SECS: f64 = 3.0;
/// Whoever stopped so near before has not jumped there from elsewhere.
const SHORT_JUMP_SECS: f64 = 30.0;
/// Passes that are told apart. Whoever plays something six times and more counts as with five.
const MOST_PASSES: usize = 5;

/// The habits of the viewer that was asked about last; its memory serves for the next.
#[derive(Debug, Default)]
pub(super) struct Habits {
    /// What was covered, in order; breaks of less than 2 s closed.
    pub(super) covered: Vec<Interval>,
    /// What was played at least twice, at least three times and so on; by start, breaks closed.
    pub(super) again: Vec<Interval>,
    /// What was jumped over: parts that were not played between parts that were.
    pub(super) skipped: Vec<Interval>,
    /// What was played more slowly than this viewer usually plays the video.
    pub(super) slowed: Vec<Interval>,
    /// Where runs begin that follow a jump from elsewhere.
    pub(super) arrivals_secs: Vec<f64>,
    runs: Vec<(Interval, Speed)>,
    ends_secs: Vec<f64>,
    by_speed: Vec<(Speed, f64)>,
}

impl Habits {
    /// Takes in one viewer; `false` where they played nothing within the range.
    pub(super) fn read(&mut self, viewer: ViewerOfVideo<'_>, range: DateRange) -> bool {
        self.runs.clear();
        self.arrivals_secs.clear();
        for (_, run, playback) in viewer.runs_within(range) {
            self.runs.push((run, playback.speed()));
            if playback.after_jump() {
                self.arrivals_secs.push(run.start_secs());
            }
        }
        if self.runs.is_empty() {
            return false;
        }
        self.count_passes();
        self.drop_short_jumps();
        self.find_skipped();
        self.find_slowed();
        true
    }

    /// The viewer's runs, by start.
    pub(super) fn runs(&self) -> impl Iterator<Item = Interval> {
        self.runs.iter().map(|(run, _)| *run)
    }

    /// From the first covered second to the last.
    pub(super) fn span_secs(&self) -> (f64, f64) {
        let first = self.covered.first().map_or(0.0, |piece| piece.start_secs());
        let last = self.covered.last().map_or(0.0, |piece| piece.end_secs());
        (first, last)
    }

    /// Sweeps over the viewer's own borders: `covered` and `again`.
    fn count_passes(&mut self) {
        self.covered.clear();
        self.again.clear();
        self.ends_secs.clear();
        self.ends_secs.extend(self.runs.iter().map(|(run, _)| run.end_secs()));
        self.ends_secs.sort_unstable_by(f64::total_cmp);
        // Where the piece of each number of passes began that is open, or the one that was closed last lies.
        let mut began_secs = [0.0; MOST_PASSES];
        let mut closed: [Option<(f64, f64)>; MOST_PASSES] = [None; MOST_PASSES];
        let (mut next_end, mut depth) = (0, 0);
        let mut keep = |level: usize, (from, to): (f64, f64)| {
            let piece = Interval::new(from, to);
            if level == 0 { self.covered.extend(piece) } else { self.again.extend(piece) }
        };
        let mut close = |level: usize, at_secs: f64, began_secs: &[f64; MOST_PASSES]| {
            let piece = (began_secs[level], at_secs);
            closed[level] = match closed[level] {
                Some((from, to)) if piece.0 - to < BREAK_SECS => Some((from, piece.1)),
                Some(done) => {
                    keep(level, done);
                    Some(piece)
                }
                None => Some(piece),
            };
        };
        for (run, _) in &self.runs {
            while next_end < self.ends_secs.len() && self.ends_secs[next_end] <= run.start_secs() {
                depth -= 1;
                if depth < MOST_PASSES {
                    close(depth, self.ends_secs[next_end], &began_secs);
                }
                next_end += 1;
            }
            if depth < MOST_PASSES {
                began_secs[depth] = run.start_secs();
            }
            depth += 1;
        }
        for end_secs in &self.ends_secs[next_end..] {
            depth -= 1;
            if depth < MOST_PASSES {
                close(depth, *end_secs, &began_secs);
            }
        }
        for (level, piece) in closed.into_iter().enumerate() {
            if let Some(piece) = piece {
                keep(level, piece);
            }
        }
        self.again.sort_unstable_by(|a, b| a.start_secs().total_cmp(&b.start_secs()));
    }

    /// Keeps the arrivals from elsewhere: those near which the viewer stopped before came from there, by *back* or *forward*.
    fn drop_short_jumps(&mut self) {
        let ends_secs = &self.ends_secs;
        self.arrivals_secs.retain(|secs| {
            let next = ends_secs.partition_point(|end| *end < secs - SHORT_JUMP_SECS);
            ends_secs.get(next).is_none_or(|end| *end > secs + SHORT_JUMP_SECS)
        });
    }

    fn find_skipped(&mut self) {
        self.skipped.clear();
        let mut watched_to: Option<f64> = None;
        let last = self.covered.len().saturating_sub(1);
        for (index, piece) in self.covered.iter().enumerate() {
            // The first and the last are where the viewer came in and left, however short.
            if piece.length_secs() < GLIMPSE_SECS && index > 0 && index < last {
                continue;
            }
            if let Some(to) = watched_to {
                self.skipped.extend(Interval::new(to, piece.start_secs()));
            }
            watched_to = Some(piece.end_secs());
        }
    }

    fn find_slowed(&mut self) {
        self.slowed.clear();
        let one_speed = self.runs.iter().all(|(_, speed)| *speed == self.runs[0].1);
        if one_speed {
            return;
        }
        let Some(usual) = self.usual_speed() else { return };
        for (run, speed) in &self.runs {
            if *speed >= usual {
                continue;
            }
            match self.slowed.last_mut() {
                Some(last) if run.start_secs() - last.end_secs() < BREAK_SECS => {
                    let to = last.end_secs().max(run.end_secs());
                    *last = Interval::new(last.start_secs(), to).unwrap_or(*last);
                }
                _ => self.slowed.push(*run),
            }
        }
    }

    /// The speed at which this viewer played most.
    fn usual_speed(&mut self) -> Option<Speed> {
        self.by_speed.clear();
        self.by_speed.extend(self.runs.iter().map(|(run, speed)| (*speed, run.length_secs())));
        self.by_speed.sort_unstable_by_key(|(speed, _)| *speed);
        let total = |same: &[(Speed, f64)]| same.iter().map(|(_, secs)| secs).sum::<f64>();
        let groups = self.by_speed.chunk_by(|a, b| a.0 == b.0);
        groups.max_by(|a, b| total(a).total_cmp(&total(b))).map(|same| same[0].0)
    }
}

/// The seconds that disjoint or nested pieces, by start, have within a stretch; what several of them hold counts once.
pub(super) fn within_secs(pieces: &[Interval], from_secs: f64, to_secs: f64) -> f64 {
    let mut counted_to = from_secs;
    let mut secs = 0.0;
    for piece in pieces {
        let from = piece.start_secs().max(counted_to);
        let to = piece.end_secs().min(to_secs);
        if to > from {
            secs += to - from;
            counted_to = to;
        }
    }
    secs
}
