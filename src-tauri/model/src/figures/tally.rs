//! One pass over the viewers of one video: counts everything about it under a date range.
//!
//! Deliberately absent: words. Invariant: nothing is allocated per viewer, because unions are merged as the runs stream
//! past.

use super::{Statistic, VideoTotals, median, percent};
use crate::views::ViewerOfVideo;
use crate::{CHUNK_COUNT, ChunkBounds, CourseViews, DateRange, Interval, is_completed};

/// What was counted about one video.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Tally {
    /// The video as a whole.
    pub(super) totals: VideoTotals,
    /// Per chunk: viewers who watched some of it.
    pub(super) reached: [u32; CHUNK_COUNT],
    /// Per chunk: viewers who covered at least 75 % of it.
    pub(super) covered: [u32; CHUNK_COUNT],
    /// Per chunk: seconds that all viewers spent in it.
    pub(super) spent_secs: [f64; CHUNK_COUNT],
    /// Per chunk: the seconds of it that are in each viewer's union, summed over the viewers.
    pub(super) first_pass_secs: [f64; CHUNK_COUNT],
}

/// Counts one video in a range; calls `seen` with every viewer who has a record in it.
///
/// `coverages` is working memory that is cleared first, so that a course needs only one for all its videos.
pub(super) fn tally(
    views: &CourseViews,
    video: usize,
    range: DateRange,
    coverages: &mut Vec<f64>,
    mut seen: impl FnMut(u32),
) -> Tally {
    let duration_secs = views.videos()[video].usable_duration_secs();
    let mut tally = Tally {
        totals: VideoTotals { duration_secs, ..VideoTotals::default() },
        reached: [0; CHUNK_COUNT],
        covered: [0; CHUNK_COUNT],
        spent_secs: [0.0; CHUNK_COUNT],
        first_pass_secs: [0.0; CHUNK_COUNT],
    };
    coverages.clear();
    let measured = duration_secs.and_then(|duration_secs| Some((duration_secs, ChunkLookup::new(duration_secs)?)));
    for viewer in views.audience(video) {
        // Visits are in order, so the first tells whether any lies before the range.
        let first_visit = viewer.visits[0];
        tally.totals.begins_before_range |= first_visit < range.first();
        tally.totals.first_viewed = Some(tally.totals.first_viewed.map_or(first_visit, |day| day.min(first_visit)));
        let Some(last_visit) = viewer.last_visit(range) else { continue };
        tally.totals.unique_viewers += 1;
        tally.totals.last_viewed = tally.totals.last_viewed.max(Some(last_visit));
        seen(viewer.viewer);
        if let Some((duration_secs, timeline)) = &measured {
            let covered_secs = tally.add_runs(&viewer, range, timeline);
            tally.totals.covered_viewers += u32::from(is_completed(covered_secs, *duration_secs));
            coverages.push((covered_secs / duration_secs * 100.0).min(100.0));
        }
    }
    let totals = &mut tally.totals;
    let covered = duration_secs.and_then(|_| percent(totals.covered_viewers, totals.unique_viewers));
    totals.covered_percent = Statistic::of(totals.unique_viewers, covered);
    totals.typical_percent = Statistic::of(totals.unique_viewers, median(coverages));
    tally
}

impl Tally {
    /// Adds one viewer's runs to the chunks and returns the seconds of the video that their union covers.
    fn add_runs(&mut self, viewer: &ViewerOfVideo<'_>, range: DateRange, timeline: &ChunkLookup) -> f64 {
        let every_day = viewer.lies_within(range);
        let mut chunk_covered_secs = [0.0; CHUNK_COUNT];
        let (mut first_chunk, mut after_last_chunk) = (CHUNK_COUNT, 0);
        let mut covered_secs = 0.0;
        let mut open: Option<(f64, f64)> = None;
        let mut close = |(start_secs, end_secs): (f64, f64)| {
            covered_secs += end_secs - start_secs;
            timeline.spread(start_secs, end_secs, |chunk, secs| {
                chunk_covered_secs[chunk] += secs;
                first_chunk = first_chunk.min(chunk);
                after_last_chunk = after_last_chunk.max(chunk + 1);
            });
        };
        for (run, day) in viewer.runs.iter().zip(viewer.run_days) {
            if !every_day && !range.contains(*day) {
                continue;
            }
            let (start_secs, end_secs) = ends(*run);
            self.totals.watch_secs += end_secs - start_secs;
            timeline.spread(start_secs, end_secs, |chunk, secs| self.spent_secs[chunk] += secs);
            open = match open {
                Some((from, to)) if start_secs <= to => {
                    // Added run by run, so that runs that only touch add exactly nothing.
                    self.totals.replayed_secs += end_secs.min(to) - start_secs;
                    Some((from, to.max(end_secs)))
                }
                Some(done) => {
                    close(done);
                    Some((start_secs, end_secs))
                }
                None => Some((start_secs, end_secs)),
            };
        }
        if let Some(done) = open {
            close(done);
        }
        for (chunk, &secs) in chunk_covered_secs.iter().enumerate().take(after_last_chunk).skip(first_chunk) {
            if secs > 0.0 {
                self.reached[chunk] += 1;
                self.first_pass_secs[chunk] += secs;
                self.covered[chunk] += u32::from(is_completed(secs, timeline.bounds.length_secs(chunk)));
            }
        }
        covered_secs
    }
}

fn ends(run: Interval) -> (f64, f64) {
    (run.start_secs(), run.end_secs())
}

/// The chunks of a video, with a quick way to the chunk of a position.
struct ChunkLookup {
    bounds: ChunkBounds,
    chunks_per_sec: f64,
}

impl ChunkLookup {
    fn new(duration_secs: f64) -> Option<Self> {
        Some(Self { bounds: ChunkBounds::new(duration_secs)?, chunks_per_sec: CHUNK_COUNT as f64 / duration_secs })
    }

    /// Calls `found` with the seconds that a piece of the timeline has in each chunk it meets, ascending.
    fn spread(&self, start_secs: f64, end_secs: f64, mut found: impl FnMut(usize, f64)) {
        // The division lands within one chunk of the right one; the summed borders decide.
        let mut chunk = ((start_secs * self.chunks_per_sec) as usize).min(CHUNK_COUNT - 1);
        while chunk > 0 && start_secs < self.bounds.start_secs(chunk) {
            chunk -= 1;
        }
        while chunk < CHUNK_COUNT && self.bounds.start_secs(chunk) < end_secs {
            let secs = end_secs.min(self.bounds.end_secs(chunk)) - start_secs.max(self.bounds.start_secs(chunk));
            if secs > 0.0 {
                found(chunk, secs);
            }
            chunk += 1;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::ChunkLookup;

    #[test]
    fn a_piece_is_spread_over_the_chunks_it_meets_and_no_other() {
        let timeline = ChunkLookup::new(100.0).unwrap();
        let mut parts = Vec::new();
        timeline.spread(4.0, 15.0, |chunk, secs| parts.push((chunk, secs)));
        assert_eq!(parts, [(0, 1.0), (1, 5.0), (2, 5.0)]);
        parts.clear();
        timeline.spread(5.0, 10.0, |chunk, secs| parts.push((chunk, secs)));
        assert_eq!(parts, [(1, 5.0)]);
    }

    #[test]
    fn spreading_loses_nothing_where_borders_are_not_exact() {
        for duration_secs in [0.3, 7199.9, 1.0 / 3.0, 5025.123, 86_400.0 * 3.1] {
            let timeline = ChunkLookup::new(duration_secs).unwrap();
            for step in 0..200 {
                let start_secs = duration_secs * f64::from(step) / 200.0;
                let mut total = 0.0;
                timeline.spread(start_secs, duration_secs, |_, secs| total += secs);
                assert!((total - (duration_secs - start_secs)).abs() < 1e-9 * duration_secs.max(1.0));
            }
        }
    }
}
