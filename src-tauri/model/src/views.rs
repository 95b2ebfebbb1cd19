//! The viewing of one course, laid out so that any figure under any date range takes one pass.
//!
//! The engine fills it from stored records: videos in lecture order, viewers and videos as small numbers, instants as
//! local days and minutes. Deliberately absent: names of viewers, time zones, and why a run stopped, which no figure needs.
//!
//! Invariant: the runs of one viewer of one video lie together, cut to the video and sorted by start. Filtering by day
//! keeps them sorted, so that their union is one linear merge.

use std::sync::OnceLock;

use crate::{DateRange, Day, Interval, LocalMinute, Playback, PlayedRun, Run, SessionId, clipped};

/// What is known about a video apart from its viewing.
#[derive(Debug, Clone, PartialEq)]
pub struct VideoInfo {
    /// Panopto's ID; what tells videos apart, never the name.
    pub session_id: SessionId,
    /// The name as the server wrote it.
    pub name: Box<str>,
    /// The Panopto folder that holds it: the course's own or a subfolder.
    pub folder_name: Box<str>,
    /// Its length in seconds; `None` if the server gave none. Zero and less count as none.
    pub duration_secs: Option<f64>,
    /// Its place in the course's lecture order, from 1.
    pub order: u32,
}

impl VideoInfo {
    /// The length in seconds where it is usable: finite and more than zero.
    pub fn usable_duration_secs(&self) -> Option<f64> {
        self.duration_secs.filter(|secs| secs.is_finite() && *secs > 0.0)
    }
}

/// How many distinct viewers a day had.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize)]
pub struct DayViewers {
    /// The local day.
    pub day: Day,
    /// Distinct viewers with any record on it, at least 1.
    pub viewers: u32,
}

/// The viewing of one course, ready for figures.
#[derive(Debug, Clone)]
pub struct CourseViews {
    videos: Vec<VideoInfo>,
    viewer_count: usize,
    /// For video v: its audience is `audience[audience_from[v]..audience_from[v + 1]]`.
    audience_from: Vec<u32>,
    audience: Vec<Audience>,
    /// Distinct days with any record, per viewer of a video, ascending.
    visits: Vec<Day>,
    run_days: Vec<Day>,
    run_minutes: Vec<u16>,
    runs: Vec<Interval>,
    playback: Vec<Playback>,
    viewers_per_day: Vec<DayViewers>,
    /// Counted at the first look: every page asks for it, and it needs all of the viewing.
    busy_weeks: OnceLock<Option<BusyWeeks>>,
}

/// The busy weeks of a course without a long break between them; of several such runs of weeks, the last.
#[derive(Debug, Clone, Copy)]
pub(crate) struct BusyWeeks {
    /// The first day with viewing in the first of them.
    pub(crate) first: Day,
    /// The Sunday that ends the last of them.
    pub(crate) sunday: Day,
}

/// Where the visits and runs of one viewer of one video begin; they end where the next one's begin.
#[derive(Debug, Clone, Copy)]
struct Audience {
    viewer: u32,
    visits_from: u32,
    runs_from: u32,
}

/// What one viewer watched of one video.
#[derive(Debug, Clone, Copy)]
pub(crate) struct ViewerOfVideo<'a> {
    pub(crate) viewer: u32,
    /// Distinct days with any record, ascending, at least one.
    pub(crate) visits: &'a [Day],
    /// The day of each of `runs`.
    pub(crate) run_days: &'a [Day],
    /// The minute of the day of each of `runs`.
    run_minutes: &'a [u16],
    /// The runs that meet the video, cut to it, by start.
    pub(crate) runs: &'a [Interval],
    /// How each of `runs` was played.
    pub(crate) playback: &'a [Playback],
}

impl<'a> ViewerOfVideo<'a> {
    /// The last visit within the range; `None` if there was none.
    pub(crate) fn last_visit(&self, range: DateRange) -> Option<Day> {
        let end = self.visits.partition_point(|day| *day <= range.last());
        self.visits[..end].last().copied().filter(|day| *day >= range.first())
    }

    /// Whether every visit lies in the range, so that the days of single runs need not be checked.
    pub(crate) fn lies_within(&self, range: DateRange) -> bool {
        range.contains(self.visits[0]) && range.contains(self.visits[self.visits.len() - 1])
    }

    /// The runs by their start, each with the minute in which the server stored it.
    pub(crate) fn runs_in_time(self) -> impl Iterator<Item = (LocalMinute, Interval)> + use<'a> {
        (0..self.runs.len())
            .map(move |index| (LocalMinute::new(self.run_days[index], self.run_minutes[index]), self.runs[index]))
    }

    /// The runs of days within the range, with their place in `runs` and how they were played.
    pub(crate) fn runs_within(self, range: DateRange) -> impl Iterator<Item = (usize, Interval, Playback)> + use<'a> {
        let every_day = self.lies_within(range);
        (0..self.runs.len())
            .filter(move |index| every_day || range.contains(self.run_days[*index]))
            .map(move |index| (index, self.runs[index], self.playback[index]))
    }
}

impl CourseViews {
    /// The viewing of a course, from its runs in any order; the result does not depend on the order.
    ///
    /// A run that misses its video (0 s, past the end, or a video without a length) is still a record and makes its
    /// viewer a viewer on its day. Nothing more is known about a [`Run`]: it counts from the start of its day, at
    /// normal speed, without a jump.
    ///
    /// # Panics
    /// If a run names a video that is not in `videos`.
    pub fn new(videos: Vec<VideoInfo>, runs: Vec<Run>) -> Self {
        Self::of_played(videos, runs.into_iter().map(PlayedRun::from).collect())
    }

    /// The same from runs whose minute, speed and jumps are known. The cost is that of sorting; it needs about 60 bytes
    /// per run while it works and keeps 24 to 44.
    ///
    /// # Panics
    /// If a run names a video that is not in `videos`.
    pub fn of_played(videos: Vec<VideoInfo>, mut runs: Vec<PlayedRun>) -> Self {
        // An unstable sort by every field: equal keys are equal runs, so the result is the same for any input order.
        runs.sort_unstable_by(|a, b| {
            (a.video, a.viewer)
                .cmp(&(b.video, b.viewer))
                .then_with(|| a.start_secs.total_cmp(&b.start_secs))
                .then_with(|| a.stop_secs.total_cmp(&b.stop_secs))
                .then_with(|| (a.day, a.minute, a.playback).cmp(&(b.day, b.minute, b.playback)))
        });
        assert!(runs.last().is_none_or(|run| (run.video as usize) < videos.len()), "a run names a video of the course");
        let viewer_count = runs.iter().map(|run| run.viewer as usize + 1).max().unwrap_or(0);

        let mut views = Self {
            audience_from: Vec::with_capacity(videos.len() + 1),
            videos,
            viewer_count,
            audience: Vec::new(),
            visits: Vec::new(),
            run_days: Vec::with_capacity(runs.len()),
            run_minutes: Vec::with_capacity(runs.len()),
            runs: Vec::with_capacity(runs.len()),
            playback: Vec::with_capacity(runs.len()),
            viewers_per_day: Vec::new(),
            busy_weeks: OnceLock::new(),
        };
        let mut rest = runs.as_slice();
        for video in 0..views.videos.len() {
            views.audience_from.push(views.audience.len() as u32);
            let length = rest.partition_point(|run| run.video as usize == video);
            let (of_video, after) = rest.split_at(length);
            rest = after;
            let duration_secs = views.videos[video].usable_duration_secs();
            for of_viewer in of_video.chunk_by(|a, b| a.viewer == b.viewer) {
                views.push_viewer(of_viewer, duration_secs);
            }
        }
        views.audience_from.push(views.audience.len() as u32);
        drop(runs);
        views.audience.shrink_to_fit();
        views.visits.shrink_to_fit();
        views.runs.shrink_to_fit();
        views.run_days.shrink_to_fit();
        views.run_minutes.shrink_to_fit();
        views.playback.shrink_to_fit();
        views.viewers_per_day = views.count_course_days();
        views
    }

    fn push_viewer(&mut self, runs: &[PlayedRun], duration_secs: Option<f64>) {
        let visits_from = self.visits.len();
        self.audience.push(Audience {
            viewer: runs[0].viewer,
            visits_from: visits_from as u32,
            runs_from: self.runs.len() as u32,
        });
        for run in runs {
            if self.visits[visits_from..].last() != Some(&run.day) {
                self.visits.push(run.day);
            }
            let cut = duration_secs.and_then(|secs| clipped(run.start_secs, run.stop_secs, secs));
            if let Some(interval) = cut {
                // Cutting moves starts before 0 to 0, which preserves the order.
                self.runs.push(interval);
                self.run_days.push(run.day);
                self.run_minutes.push(run.minute);
                self.playback.push(run.playback);
            }
        }
        self.visits[visits_from..].sort_unstable();
        let mut kept = visits_from;
        for next in visits_from + 1..self.visits.len() {
            if self.visits[next] != self.visits[kept] {
                kept += 1;
                self.visits[kept] = self.visits[next];
            }
        }
        self.visits.truncate(kept + 1);
    }

    fn count_course_days(&self) -> Vec<DayViewers> {
        let mut pairs = Vec::with_capacity(self.visits.len());
        for video in 0..self.videos.len() {
            for viewer in self.audience(video) {
                pairs.extend(viewer.visits.iter().map(|day| (*day, viewer.viewer)));
            }
        }
        pairs.sort_unstable();
        pairs.dedup();
        pairs
            .chunk_by(|a, b| a.0 == b.0)
            .map(|of_day| DayViewers { day: of_day[0].0, viewers: of_day.len() as u32 })
            .collect()
    }

    /// The videos, as they were given.
    pub fn videos(&self) -> &[VideoInfo] {
        &self.videos
    }

    /// One more than the largest viewer number in use.
    pub(crate) const fn viewer_count(&self) -> usize {
        self.viewer_count
    }

    /// The days from the first to the last with any record; `None` without records.
    pub fn days(&self) -> Option<DateRange> {
        let (first, last) = (self.viewers_per_day.first()?, self.viewers_per_day.last()?);
        Some(DateRange::between(first.day, last.day))
    }

    /// The busy weeks that the term is guessed from, found by `find` at the first call; `None` if nobody has watched.
    pub(crate) fn busy_weeks(&self, find: impl FnOnce(&Self) -> Option<BusyWeeks>) -> Option<&BusyWeeks> {
        self.busy_weeks.get_or_init(|| find(self)).as_ref()
    }

    /// Distinct viewers of the whole course on each day within the range, ascending; days without viewers are left out.
    pub fn viewers_per_day(&self, range: DateRange) -> &[DayViewers] {
        let from = self.viewers_per_day.partition_point(|entry| entry.day < range.first());
        let to = self.viewers_per_day.partition_point(|entry| entry.day <= range.last());
        &self.viewers_per_day[from..to]
    }

    /// Distinct viewers of one video on each day within the range, ascending; days without viewers are left out.
    ///
    /// # Panics
    /// If there is no such video.
    pub(crate) fn video_viewers_per_day(&self, video: usize, range: DateRange) -> Vec<DayViewers> {
        let mut days: Vec<Day> = self.audience(video).flat_map(|viewer| viewer.visits).copied().collect();
        days.retain(|day| range.contains(*day));
        days.sort_unstable();
        days.chunk_by(|a, b| a == b).map(|same| DayViewers { day: same[0], viewers: same.len() as u32 }).collect()
    }

    /// The days from the first to the last with any record of one video; `None` without records.
    pub(crate) fn video_days(&self, video: usize) -> Option<DateRange> {
        self.audience(video)
            .filter_map(|viewer| Some(DateRange::between(*viewer.visits.first()?, *viewer.visits.last()?)))
            .reduce(|one, other| DateRange::between(one.first().min(other.first()), one.last().max(other.last())))
    }

    /// The viewers of one video, each with what they watched of it.
    pub(crate) fn audience(&self, video: usize) -> impl Iterator<Item = ViewerOfVideo<'_>> {
        let (from, to) = (self.audience_from[video] as usize, self.audience_from[video + 1] as usize);
        (from..to).map(|index| {
            let here = self.audience[index];
            let (visits_to, runs_to) =
                self.audience.get(index + 1).map_or((self.visits.len(), self.runs.len()), |next| {
                    (next.visits_from as usize, next.runs_from as usize)
                });
            let runs = here.runs_from as usize..runs_to;
            ViewerOfVideo {
                viewer: here.viewer,
                visits: &self.visits[here.visits_from as usize..visits_to],
                run_days: &self.run_days[runs.clone()],
                run_minutes: &self.run_minutes[runs.clone()],
                runs: &self.runs[runs.clone()],
                playback: &self.playback[runs],
            }
        })
    }
}
