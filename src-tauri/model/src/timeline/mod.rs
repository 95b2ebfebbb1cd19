//! The timeline of one video, exactly: how many viewers and how many plays there are at each position.
//!
//! Both are step functions: they change only where a run, or the union of a viewer's runs, begins or ends. So one sweep
//! over the sorted borders finds them, without sampling. The borders of a video are sorted once ([`Borders`]); a date
//! range only marks which of them count ([`Timeline`]), so dragging a range sorts nothing.
//!
//! Deliberately absent: pixels and colours (crate `charts`), and the 20 chunks, which stay as they are.
//!
//! Invariants: the integral of viewers is the sum of what each viewer covered; that of plays is the watch time; viewers
//! are never more than plays or than the viewers of the video.

mod bins;
mod points;
mod steps;

pub use bins::{Bin, Extent, Reading};
pub use points::{WatchedPoint, watched_points};
pub use steps::Step;

use crate::playback::speed_shares;
use crate::{CourseViews, DateRange, Interval, SpeedShare};

/// Width of the window in which arrivals and departures at a position are counted, in seconds.
const NEAR_SECS: f64 = 5.0;

/// Where the runs of one video begin and end, in order, whatever the dates.
///
/// Takes 24 bytes for each run of the video: keep it for the video on screen, not for a whole course.
#[derive(Debug, Clone)]
pub struct Borders {
    video: usize,
    duration_secs: f64,
    /// All starts and ends, ascending.
    secs: Vec<f64>,
    /// For each run, in the order of the views, the places of its start and its end in `secs`.
    places: Vec<[u32; 2]>,
}

/// Buckets for sorting; with them, sorting takes hardly longer than reading.
const BUCKETS: usize = 1 << 16;

impl Borders {
    /// The borders of one video; `None` if it has no length, and so no timeline. The cost is that of sorting.
    ///
    /// # Panics
    /// If there is no such video.
    pub fn new(views: &CourseViews, video: usize) -> Option<Self> {
        let duration_secs = views.videos()[video].usable_duration_secs()?;
        let runs = views.audience(video).flat_map(|viewer| viewer.runs);
        let borders: Vec<f64> = runs.flat_map(|run| [run.start_secs(), run.end_secs()]).collect();
        let bucket = |secs: f64| ((secs / duration_secs * BUCKETS as f64) as usize).min(BUCKETS - 1);
        let mut ends = vec![0_u32; BUCKETS];
        for secs in &borders {
            ends[bucket(*secs)] += 1;
        }
        let mut before = 0;
        for end in &mut ends {
            before += *end;
            *end = before;
        }
        // Fills each bucket from its end downwards, then sorts each bucket.
        let mut sorted = vec![(0.0, 0_u32); borders.len()];
        for (number, secs) in (0..).zip(&borders) {
            let place = &mut ends[bucket(*secs)];
            *place -= 1;
            sorted[*place as usize] = (*secs, number);
        }
        for of_bucket in sorted.chunk_by_mut(|a, b| bucket(a.0) == bucket(b.0)) {
            of_bucket.sort_unstable_by(|a, b| a.0.total_cmp(&b.0).then_with(|| a.1.cmp(&b.1)));
        }
        let mut places = vec![[0; 2]; borders.len() / 2];
        for (place, (_, number)) in (0..).zip(&sorted) {
            places[*number as usize / 2][*number as usize % 2] = place;
        }
        Some(Self { video, duration_secs, secs: sorted.into_iter().map(|(secs, _)| secs).collect(), places })
    }
}

/// What a border means under the chosen dates: a run begins or ends, a piece of a viewer's union begins or ends, or the
/// run that begins follows a jump. A border of a run that does not count means nothing.
mod mark {
    pub(super) const PLAY_BEGINS: u8 = 1;
    pub(super) const PLAY_ENDS: u8 = 2;
    pub(super) const PIECE_BEGINS: u8 = 4;
    pub(super) const PIECE_ENDS: u8 = 8;
    pub(super) const JUMP: u8 = 16;
}

/// The timeline of one video under a date range.
#[derive(Debug, Clone)]
pub struct Timeline<'a> {
    views: &'a CourseViews,
    borders: &'a Borders,
    range: DateRange,
    /// For each border a union of [`mark`]s.
    marks: Vec<u8>,
    /// The last covered second of each viewer, ascending.
    departures_secs: Vec<f64>,
    viewers: u32,
    watch_secs: f64,
    covered_secs: f64,
}

impl<'a> Timeline<'a> {
    /// The timeline under a range; the cost is proportional to the runs of the video. `borders` must be of these `views`.
    pub fn new(views: &'a CourseViews, borders: &'a Borders, range: DateRange) -> Self {
        let mut timeline = Self {
            views,
            borders,
            range,
            marks: vec![0; borders.secs.len()],
            departures_secs: Vec::new(),
            viewers: 0,
            watch_secs: 0.0,
            covered_secs: 0.0,
        };
        let mut first_run = 0;
        for viewer in views.audience(borders.video) {
            let runs_from = first_run;
            first_run += viewer.runs.len();
            if viewer.last_visit(range).is_none() {
                continue;
            }
            timeline.viewers += 1;
            // The open piece: which run reaches furthest, and how far.
            let mut open: Option<(usize, f64)> = None;
            for (index, run, playback) in viewer.runs_within(range) {
                let number = runs_from + index;
                let (start_secs, end_secs) = (run.start_secs(), run.end_secs());
                timeline.watch_secs += run.length_secs();
                let jump = if playback.after_jump() { mark::JUMP } else { 0 };
                timeline.mark_start(number, mark::PLAY_BEGINS | jump);
                timeline.mark_end(number, mark::PLAY_ENDS);
                open = match open {
                    Some((_, to_secs)) if start_secs <= to_secs && end_secs > to_secs => {
                        timeline.covered_secs += end_secs - to_secs;
                        Some((number, end_secs))
                    }
                    Some(open) if start_secs <= open.1 => Some(open),
                    done => {
                        if let Some((furthest, _)) = done {
                            timeline.mark_end(furthest, mark::PIECE_ENDS);
                        }
                        timeline.mark_start(number, mark::PIECE_BEGINS);
                        timeline.covered_secs += run.length_secs();
                        Some((number, end_secs))
                    }
                };
            }
            if let Some((furthest, end_secs)) = open {
                timeline.mark_end(furthest, mark::PIECE_ENDS);
                timeline.departures_secs.push(end_secs);
            }
        }
        timeline.departures_secs.sort_unstable_by(f64::total_cmp);
        timeline
    }

    fn mark_start(&mut self, run: usize, mark: u8) {
        self.marks[self.borders.places[run][0] as usize] |= mark;
    }

    fn mark_end(&mut self, run: usize, mark: u8) {
        self.marks[self.borders.places[run][1] as usize] |= mark;
    }

    /// Index of the video in [`CourseViews::videos`].
    pub const fn video(&self) -> usize {
        self.borders.video
    }

    /// The dates that count.
    pub const fn range(&self) -> DateRange {
        self.range
    }

    /// Length of the video in seconds.
    pub const fn duration_secs(&self) -> f64 {
        self.borders.duration_secs
    }

    /// The whole video, as a window.
    pub fn whole(&self) -> Option<Interval> {
        Interval::new(0.0, self.borders.duration_secs)
    }

    /// Distinct viewers with any record, including those who played nothing.
    pub const fn unique_viewers(&self) -> u32 {
        self.viewers
    }

    /// Seconds of video played, repeats counted.
    pub const fn watch_secs(&self) -> f64 {
        self.watch_secs
    }

    /// The sum of what each viewer covered, in seconds.
    pub const fn covered_secs(&self) -> f64 {
        self.covered_secs
    }

    /// Where runs begin that follow a jump, in seconds, ascending.
    pub fn arrivals_secs(&self) -> impl Iterator<Item = f64> {
        let marked = self.borders.secs.iter().zip(&self.marks);
        marked.filter(|(_, mark)| **mark & mark::JUMP != 0).map(|(secs, _)| *secs)
    }

    /// The last covered second of each viewer who played something, ascending.
    pub fn departures_secs(&self) -> &[f64] {
        &self.departures_secs
    }

    /// Runs that follow a jump and begin within 5 s around a position.
    pub fn arrivals_at(&self, secs: f64) -> usize {
        let (from_secs, to_secs) = near(secs);
        let borders = &self.borders.secs;
        let from = borders.partition_point(|secs| *secs < from_secs);
        let to = borders.partition_point(|secs| *secs < to_secs);
        self.marks[from..to].iter().filter(|mark| **mark & mark::JUMP != 0).count()
    }

    /// Viewers whose last covered second lies within 5 s around a position.
    pub fn departures_at(&self, secs: f64) -> usize {
        let (from_secs, to_secs) = near(secs);
        let from = self.departures_secs.partition_point(|end| *end < from_secs);
        self.departures_secs.partition_point(|end| *end < to_secs) - from
    }

    /// Watch time by speed of playback, slowest first; only for a part of the video if a window is given. Empty if
    /// nothing was played. The cost is proportional to the runs of the video.
    pub fn speeds(&self, window: Option<Interval>) -> Vec<SpeedShare> {
        let runs = self.views.audience(self.borders.video).filter(|viewer| viewer.last_visit(self.range).is_some());
        let runs = runs.flat_map(|viewer| viewer.runs_within(self.range));
        speed_shares(runs.map(|(_, run, playback)| (run, playback)), window)
    }
}

/// The window around a position in which arrivals and departures are counted.
fn near(secs: f64) -> (f64, f64) {
    (secs - NEAR_SECS / 2.0, secs + NEAR_SECS / 2.0)
}
