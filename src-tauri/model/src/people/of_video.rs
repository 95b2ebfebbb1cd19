//! What one person watched of one video, over a range of days or by an instant.
//!
//! Deliberately absent: who it is, and words. Invariants: somebody with any record in the span has at least *started*;
//! coverage is the union of what was played, so accounts of one person never count a second twice.

use super::segments::panopto_percent;
use super::strip::{StripLevel, plays_strip};
use crate::interval::{covered_secs, union};
use crate::views::ViewerOfVideo;
use crate::{CourseViews, DateRange, Day, Interval, LocalMinute, Word, is_completed};

/// The viewing that counts: days, and an instant at which it ends.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct ViewingSpan {
    /// The days.
    pub range: DateRange,
    /// What is recorded in this minute or later does not count.
    pub before: Option<LocalMinute>,
}

impl ViewingSpan {
    /// All viewing of these days.
    pub const fn of_days(range: DateRange) -> Self {
        Self { range, before: None }
    }

    /// All viewing before an instant, whatever the days.
    pub const fn before(instant: LocalMinute) -> Self {
        Self { range: DateRange::ALL, before: Some(instant) }
    }

    fn holds(&self, at: LocalMinute) -> bool {
        self.range.contains(at.day()) && self.before.is_none_or(|before| at < before)
    }
}

/// How far somebody is with a video.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS), ts(export_to = "people.ts"))]
#[serde(rename_all = "kebab-case")]
pub enum WatchState {
    /// No viewing is recorded.
    NotOpened,
    /// Some viewing is recorded; less than 75 % is covered.
    Started,
    /// At least 75 % is covered.
    Covered,
}

impl Word for WatchState {
    const ALL: &'static [Self] = &[Self::NotOpened, Self::Started, Self::Covered];

    fn as_str(self) -> &'static str {
        match self {
            Self::NotOpened => "not-opened",
            Self::Started => "started",
            Self::Covered => "covered",
        }
    }
}

/// What one person watched of one video; only people with a record in the span have it.
#[derive(Debug, Clone, PartialEq)]
pub struct PersonOfVideo {
    /// The person's number in [`super::PeopleOfCourse::people`].
    pub person: u32,
    /// How far: [`WatchState::Started`] or [`WatchState::Covered`].
    pub state: WatchState,
    /// Share of the video that was played at least once, 0 to 100; `None` for a video without a length.
    pub coverage_percent: Option<f64>,
    /// What Panopto's own rule makes of the same records, in whole points; `None` for a video without a length.
    pub panopto_percent: Option<u32>,
    /// Seconds of video played, repeats counted.
    pub watch_secs: f64,
    /// The first day with a record.
    pub first_day: Day,
    /// The last day with a record.
    pub last_day: Day,
    /// Times they sat down to it; at least 1.
    pub sittings: u32,
}

/// A pause of more minutes than this ends a sitting.
const LONGEST_PAUSE_MINUTES: i64 = 30;

/// What each person watched of a video: everybody with a record in the span, by number.
///
/// # Panics
/// If there is no such video.
pub fn people_of_video(views: &CourseViews, video: usize, span: ViewingSpan) -> Vec<PersonOfVideo> {
    let duration_secs = views.videos()[video].usable_duration_secs();
    views.audience(video).filter_map(|viewer| of_viewer(viewer, duration_secs, span)).collect()
}

/// What one person watched of a video, with the strip of their plays in `places` places. `None` where no viewing is recorded.
///
/// # Panics
/// If there is no such video.
pub fn person_of_video(
    views: &CourseViews,
    video: usize,
    person: u32,
    span: ViewingSpan,
    places: usize,
) -> Option<(PersonOfVideo, Vec<StripLevel>)> {
    let duration_secs = views.videos()[video].usable_duration_secs();
    let viewer = views.audience(video).find(|viewer| viewer.viewer == person)?;
    let found = of_viewer(viewer, duration_secs, span)?;
    let runs: Vec<Interval> = viewer.runs_in_time().filter(|(at, _)| span.holds(*at)).map(|(_, run)| run).collect();
    Some((found, duration_secs.map_or_else(Vec::new, |secs| plays_strip(&runs, secs, places))))
}

/// What each person watched of a video, with the strips of their plays in `places` places; one pass over the audience.
///
/// # Panics
/// If there is no such video.
pub fn people_with_strips(
    views: &CourseViews,
    video: usize,
    span: ViewingSpan,
    places: usize,
) -> Vec<(PersonOfVideo, Vec<StripLevel>)> {
    let duration_secs = views.videos()[video].usable_duration_secs();
    let strip = |viewer: ViewerOfVideo<'_>| {
        let found = of_viewer(viewer, duration_secs, span)?;
        let runs: Vec<Interval> = viewer.runs_in_time().filter(|(at, _)| span.holds(*at)).map(|(_, run)| run).collect();
        Some((found, duration_secs.map_or_else(Vec::new, |secs| plays_strip(&runs, secs, places))))
    };
    views.audience(video).filter_map(strip).collect()
}

/// How far one viewer is, without what only a look at a single video needs.
pub(super) struct Glance {
    pub(super) person: u32,
    pub(super) coverage_percent: Option<f64>,
    pub(super) is_covered: bool,
    pub(super) watch_secs: f64,
    pub(super) first_day: Day,
    pub(super) last_day: Day,
}

/// A glance at everybody with a record in the span. A course has hundreds of thousands of them, so nothing is kept of a run.
pub(super) fn glances(views: &CourseViews, video: usize, span: ViewingSpan) -> impl Iterator<Item = Glance> {
    let duration_secs = views.videos()[video].usable_duration_secs();
    views.audience(video).filter_map(move |viewer| {
        let (first_day, last_day) = days(viewer, span)?;
        let (mut watch_secs, mut covered, mut open) = (0.0, 0.0, None::<(f64, f64)>);
        // Runs lie by their start; what touches or overlaps is one piece, as in a union.
        for (_, run) in viewer.runs_in_time().filter(|(at, _)| span.holds(*at)) {
            watch_secs += run.length_secs();
            open = Some(match open {
                Some((start, end)) if run.start_secs() <= end => (start, end.max(run.end_secs())),
                Some((start, end)) => {
                    covered += end - start;
                    (run.start_secs(), run.end_secs())
                }
                None => (run.start_secs(), run.end_secs()),
            });
        }
        let played = open.is_some();
        covered += open.map_or(0.0, |(start, end)| end - start);
        Some(Glance {
            person: viewer.viewer,
            coverage_percent: duration_secs.map(|secs| (covered / secs * 100.0).min(100.0)),
            is_covered: played && duration_secs.is_some_and(|secs| is_completed(covered, secs)),
            watch_secs,
            first_day,
            last_day,
        })
    })
}

fn of_viewer(viewer: ViewerOfVideo<'_>, duration_secs: Option<f64>, span: ViewingSpan) -> Option<PersonOfVideo> {
    let (first_day, last_day) = days(viewer, span)?;
    let mut played: Vec<(LocalMinute, Interval, f64)> = viewer
        .runs_in_time()
        .zip(viewer.playback)
        .filter(|((at, _), _)| span.holds(*at))
        .map(|((at, run), playback)| (at, run, run.length_secs() / playback.speed().factor()))
        .collect();
    let mut runs: Vec<Interval> = played.iter().map(|(_, run, _)| *run).collect();
    let watch_secs = runs.iter().map(|run| run.length_secs()).sum();
    union(&mut runs);
    let covered = covered_secs(&runs);
    let is_covered = !runs.is_empty() && duration_secs.is_some_and(|secs| is_completed(covered, secs));
    // Of those stored in one minute the longest began first.
    played.sort_unstable_by(|a, b| a.0.cmp(&b.0).then_with(|| b.2.total_cmp(&a.2)));
    Some(PersonOfVideo {
        person: viewer.viewer,
        state: if is_covered { WatchState::Covered } else { WatchState::Started },
        coverage_percent: duration_secs.map(|secs| (covered / secs * 100.0).min(100.0)),
        panopto_percent: duration_secs.map(|secs| panopto_percent(&runs, secs)),
        watch_secs,
        first_day,
        last_day,
        sittings: sittings(played.iter().map(|(at, _, wall_secs)| (*at, *wall_secs))),
    })
}

/// The first and the last day with a record in the span.
///
/// A record that plays nothing of the video has no minute; it counts from the start of its day.
fn days(viewer: ViewerOfVideo<'_>, span: ViewingSpan) -> Option<(Day, Day)> {
    let counts = |day: &Day| {
        if !span.range.contains(*day) {
            return false;
        }
        let Some(before) = span.before.filter(|before| before.day() == *day) else {
            return span.holds(LocalMinute::start_of(*day));
        };
        // On the very day of the instant its runs decide, where there are any.
        let mut at = viewer.runs_in_time().map(|(at, _)| at).filter(|at| at.day() == *day).peekable();
        if at.peek().is_some() { at.any(|at| at < before) } else { LocalMinute::start_of(*day) < before }
    };
    let mut counted = viewer.visits.iter().filter(|day| counts(day)).copied();
    let first = counted.next()?;
    Some((first, counted.last().unwrap_or(first)))
}

/// How many sittings these runs are, each given by the minute in which it was stored and the seconds by the clock that it
/// took; by time. Panopto stores a run when it has ended, so it began that much earlier.
fn sittings(runs: impl Iterator<Item = (LocalMinute, f64)>) -> u32 {
    let (mut count, mut end) = (0, i64::MIN);
    for (at, wall_secs) in runs {
        let stored = at.minutes_since_1970();
        let began = stored - (wall_secs / 60.0).ceil() as i64;
        if count == 0 || began - end > LONGEST_PAUSE_MINUTES {
            count += 1;
        }
        end = end.max(stored);
    }
    count.max(1)
}

#[cfg(test)]
mod tests {
    use super::sittings;
    use crate::{Day, LocalMinute};

    fn at(day: i32, minute: u16) -> LocalMinute {
        LocalMinute::new(Day::new(day), minute)
    }

    #[test]
    fn a_pause_of_more_than_half_an_hour_ends_a_sitting() {
        let count = |runs: &[(LocalMinute, f64)]| sittings(runs.iter().copied());
        assert_eq!(count(&[]), 1, "a record that plays nothing is a sitting all the same");
        assert_eq!(count(&[(at(0, 100), 60.0), (at(0, 131), 60.0)]), 1, "30 minutes between them");
        assert_eq!(count(&[(at(0, 100), 60.0), (at(0, 132), 60.0)]), 2);
        assert_eq!(count(&[(at(0, 100), 60.0), (at(0, 160), 3600.0)]), 1, "an hour in one run");
        assert_eq!(count(&[(at(0, 1439), 60.0), (at(1, 10), 60.0)]), 1, "over midnight");
        assert_eq!(count(&[(at(0, 100), 60.0), (at(3, 100), 60.0), (at(3, 101), 60.0)]), 2);
    }
}
