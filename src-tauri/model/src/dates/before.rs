//! How viewing before an exam or deadline was spread, and how far people were: the read-out at a flag.
//!
//! *Watch time before* covers the date's videos, from their first viewing to the date; later viewing, for another exam,
//! does not change it. A person had covered the videos if their coverage of all of them together is at least 75 % of
//! the videos' total length. Deliberately absent: whether any of that is good; revision before an exam is normal.
//! normal.

use super::Flag;
use crate::figures::{Statistic, percent};
use crate::interval::{covered_secs, union};
use crate::words::{self, counted};
use crate::{CourseViews, Day, LocalMinute, is_completed};

/// The two stretches of days before a date that the read-out names.
const LONG_DAYS: i32 = 7;
const SHORT_DAYS: i32 = 3;

/// What a flag says.
#[derive(Debug, Clone, PartialEq)]
pub enum ReadOut {
    /// It is no exam and no deadline, so nothing is counted.
    Nothing,
    /// Nobody had watched any of its videos before it.
    NobodyBefore,
    /// What was counted.
    Counted(BeforeDate),
}

/// The viewing of a date's videos before it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct BeforeDate {
    /// Its videos that somebody had watched before it.
    pub videos: u32,
    /// People with viewing of them before it.
    pub viewers: u32,
    /// Those whose coverage of these videos together was at least 75 % of the videos' total length.
    pub covered_viewers: u32,
    /// Their share of the people.
    pub covered_percent: Statistic,
    /// Seconds watched before it.
    pub watch_secs: f64,
    /// The share of these seconds that fell in the 7 days before.
    pub in_7_days_percent: Statistic,
    /// The share that fell in the 3 days before.
    pub in_3_days_percent: Statistic,
    /// Whether the data reach up to the date; if not, the numbers can still change.
    pub has_passed: bool,
}

impl BeforeDate {
    /// The viewing before a flag. `through` is the last day for which everything is fetched. The cost is that of one
    /// pass over the runs of its videos.
    pub fn of(views: &CourseViews, flag: &Flag, through: Option<Day>) -> ReadOut {
        if !flag.kind.is_due() {
            return ReadOut::Nothing;
        }
        let cutoff = flag.cutoff();
        let (long, short) = (cutoff.plus_days(-LONG_DAYS), cutoff.plus_days(-SHORT_DAYS));
        let [mut all_secs, mut long_secs, mut short_secs] = [0.0; 3];
        let (mut videos, mut lengths_secs) = (0, 0.0);
        let mut covered_of_viewer: Vec<Option<f64>> = vec![None; views.viewer_count()];
        let mut runs = Vec::new();
        for (video, info) in views.videos().iter().enumerate().filter(|(video, _)| flag.concerns(*video)) {
            let begun = views.video_days(video).is_some_and(|days| LocalMinute::start_of(days.first()) < cutoff);
            let Some(duration_secs) = info.usable_duration_secs().filter(|_| begun) else { continue };
            let mut is_watched = false;
            for viewer in views.audience(video) {
                runs.clear();
                for (at, run) in viewer.runs_in_time().filter(|(at, _)| *at < cutoff) {
                    let secs = run.length_secs();
                    all_secs += secs;
                    long_secs += if at >= long { secs } else { 0.0 };
                    short_secs += if at >= short { secs } else { 0.0 };
                    runs.push(run);
                }
                if !runs.is_empty() {
                    union(&mut runs);
                    *covered_of_viewer[viewer.viewer as usize].get_or_insert(0.0) += covered_secs(&runs);
                    is_watched = true;
                }
            }
            if is_watched {
                videos += 1;
                lengths_secs += duration_secs;
            }
        }
        let covered = || covered_of_viewer.iter().flatten();
        let viewers = covered().count() as u32;
        if viewers == 0 {
            return ReadOut::NobodyBefore;
        }
        let covered_viewers = covered().filter(|secs| is_completed(**secs, lengths_secs)).count() as u32;
        let share = |secs: f64| Statistic::of(viewers, (all_secs > 0.0).then(|| secs / all_secs * 100.0));
        ReadOut::Counted(Self {
            videos,
            viewers,
            covered_viewers,
            covered_percent: Statistic::of(viewers, percent(covered_viewers, viewers)),
            watch_secs: all_secs,
            in_7_days_percent: share(long_secs),
            in_3_days_percent: share(short_secs),
            has_passed: through.is_some_and(|through| cutoff.last_day_before() <= through),
        })
    }

    /// The sentence after the date's own name: `38.0 % of the watch time of its 14 videos fell in the 7 days before, …`.
    pub fn sentence(&self) -> String {
        let videos = counted(self.videos.into(), "video", "videos");
        let people = words::viewers(self.viewers.into());
        let (Statistic::Value(covered), Statistic::Value(long), Statistic::Value(short)) =
            (self.covered_percent, self.in_7_days_percent, self.in_3_days_percent)
        else {
            return format!("{people} of {videos} before it: too few to say anything in general");
        };
        let covered = words::percent(covered);
        if self.has_passed {
            format!(
                "{} of the watch time of {videos} fell in the 7 days before, {} in the last 3; {covered} of {people} had \
                 covered at least 75 % of them together",
                words::percent(long),
                words::percent(short),
            )
        } else {
            format!("So far {covered} of {people} have covered at least 75 % of {videos} together")
        }
    }
}
