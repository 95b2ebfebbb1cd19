//! The brute-force oracle: one flag for every whole second of video, and sets of people.
//!
//! It shares nothing with the code that it judges. Times are whole seconds and the length is a multiple of 20, so every
//! comparison is exact.

use std::collections::{BTreeMap, BTreeSet};

use model::{DateRange, Day, Run, SessionId, Statistic, VideoInfo};

/// A run in whole seconds. It may be outside the video or have no length.
#[derive(Debug, Clone, Copy)]
pub(crate) struct WholeRun {
    pub(crate) video: u32,
    pub(crate) viewer: u32,
    pub(crate) day: i32,
    pub(crate) start: i32,
    pub(crate) stop: i32,
}

impl WholeRun {
    pub(crate) fn run(&self) -> Run {
        Run {
            video: self.video,
            viewer: self.viewer,
            day: Day::new(self.day),
            start_secs: f64::from(self.start),
            stop_secs: f64::from(self.stop),
        }
    }

    /// The whole seconds of the video that the run plays.
    pub(crate) fn seconds(&self, duration: i32) -> impl Iterator<Item = usize> + use<> {
        (self.start.max(0)..self.stop.min(duration)).map(|second| second as usize)
    }
}

pub(crate) fn video(index: usize, duration: Option<i32>) -> VideoInfo {
    VideoInfo {
        session_id: SessionId::from_bytes([index as u8; 16]),
        name: format!("Video {index}").into(),
        folder_name: "Course".into(),
        duration_secs: duration.map(f64::from),
        order: index as u32 + 1,
    }
}

/// What the oracle counts about a video.
#[derive(Debug, Default)]
pub(crate) struct Counted {
    pub(crate) viewers: BTreeSet<u32>,
    pub(crate) viewers_of_day: BTreeMap<i32, BTreeSet<u32>>,
    pub(crate) watch_secs: i64,
    pub(crate) replayed_secs: i64,
    pub(crate) covered_viewers: usize,
    pub(crate) median_percent: Option<f64>,
    pub(crate) first_viewed: Option<i32>,
    pub(crate) reached: [usize; 20],
    pub(crate) covered: [usize; 20],
    pub(crate) spent_secs: [i64; 20],
    pub(crate) again_secs: [i64; 20],
}

pub(crate) fn count(runs: &[WholeRun], video: u32, duration: Option<i32>, range: DateRange) -> Counted {
    let first_viewed = runs.iter().filter(|run| run.video == video).map(|run| run.day).min();
    let mut counted = Counted { first_viewed, ..Counted::default() };
    let mut seconds_of_viewer: BTreeMap<u32, Vec<bool>> = BTreeMap::new();
    for run in runs.iter().filter(|run| run.video == video && range.contains(Day::new(run.day))) {
        counted.viewers.insert(run.viewer);
        counted.viewers_of_day.entry(run.day).or_default().insert(run.viewer);
        let Some(duration) = duration.filter(|secs| *secs > 0) else { continue };
        let seconds = seconds_of_viewer.entry(run.viewer).or_insert_with(|| vec![false; duration as usize]);
        for second in run.seconds(duration) {
            counted.again_secs[second / (duration as usize / 20)] += i64::from(seconds[second]);
            counted.replayed_secs += i64::from(std::mem::replace(&mut seconds[second], true));
            counted.watch_secs += 1;
            counted.spent_secs[second / (duration as usize / 20)] += 1;
        }
    }
    let mut percents = Vec::new();
    for seconds in seconds_of_viewer.values() {
        let seen = seconds.iter().filter(|seen| **seen).count();
        counted.covered_viewers += usize::from(seen * 4 >= seconds.len() * 3);
        percents.push(seen as f64 / seconds.len() as f64 * 100.0);
        for (chunk, of_chunk) in seconds.chunks(seconds.len() / 20).enumerate() {
            let seen = of_chunk.iter().filter(|seen| **seen).count();
            counted.reached[chunk] += usize::from(seen > 0);
            counted.covered[chunk] += usize::from(seen * 4 >= of_chunk.len() * 3);
        }
    }
    percents.sort_by(f64::total_cmp);
    if !percents.is_empty() {
        counted.median_percent = Some(f64::midpoint(percents[(percents.len() - 1) / 2], percents[percents.len() / 2]));
    }
    counted
}

impl Counted {
    /// A statistic of the viewers; for one to four of them there is none.
    pub(crate) fn statistic(&self, value: Option<f64>) -> Statistic {
        match (value, self.viewers.len()) {
            (None, _) => Statistic::Absent,
            (Some(_), 1..5) => Statistic::TooFew,
            (Some(value), _) => Statistic::Value(value),
        }
    }
}
