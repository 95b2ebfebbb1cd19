//! What one viewer did with one video, as far as moments need it: what they replayed, jumped over and played more
//! slowly, where they jumped to, and where they left.
//!
//! Counting by viewer, not by curve, is what makes a few people enough: somebody who leaves is not somebody who jumps
//! over the rest, and somebody who presses *back* five times is one person.

use crate::views::ViewerOfVideo;
use crate::{DateRange, Interval, Speed};

/// Players resume slightly later than they stopped; shorter breaks do not interrupt a piece.
const BREAK_SECS: f64 = 2.0;
/// A shorter stretch between two jumps means looking for a place, not watching it: *forward* pressed again and again.
const GLIMPSE_SECS: f64 = 3.0;
/// A viewer who last stopped this close has not jumped there from elsewhere.
const SHORT_JUMP_SECS: f64 = 30.0;
/// How many passes are told apart. Six or more passes count as five.
const MOST_PASSES: usize = 5;

/// The habits of the viewer read last; the memory is reused for the next one.
#[derive(Debug, Default)]
pub(super) struct Habits {
    /// What was covered, in order; breaks of less than 2 s are closed.
    pub(super) covered: Vec<Interval>,
    /// What was played at least twice, at least three times and so on; ordered by start, breaks closed.
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
    /// Reads one viewer; `false` if they played nothing in the range.
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

    /// Sweeps over the viewer's own borders to find `covered` and `again`.
    fn count_passes(&mut self) {
        self.covered.clear();
        self.again.clear();
        self.ends_secs.clear();
        self.ends_secs.extend(self.runs.iter().map(|(run, _)| run.end_secs()));
        self.ends_secs.sort_unstable_by(f64::total_cmp);
        // For each number of passes: where its open piece began, or where the one closed last lies.
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

    /// Keeps only arrivals from elsewhere. If the viewer had stopped near an arrival, they came from there, by *back*
    /// or *forward*.
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
            // The first and the last piece are where the viewer came and left, however short.
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

    /// The speed at which this viewer played for the longest time.
    fn usual_speed(&mut self) -> Option<Speed> {
        self.by_speed.clear();
        self.by_speed.extend(self.runs.iter().map(|(run, speed)| (*speed, run.length_secs())));
        self.by_speed.sort_unstable_by_key(|(speed, _)| *speed);
        let total = |same: &[(Speed, f64)]| same.iter().map(|(_, secs)| secs).sum::<f64>();
        let groups = self.by_speed.chunk_by(|a, b| a.0 == b.0);
        groups.max_by(|a, b| total(a).total_cmp(&total(b))).map(|same| same[0].0)
    }
}

/// How many seconds of a stretch disjoint or nested pieces, ordered by start, cover; where several overlap, it counts
/// once.
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
