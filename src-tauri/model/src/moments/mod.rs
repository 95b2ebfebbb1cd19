//! Moments: stretches of a video's timeline that deserve a look, each with the evidence for it.
//!
//! They are found in three steps. First, each viewer's habits are read separately ([`habits`]). Then people are counted
//! at each place, separated by how long they did what they did ([`bands`]); where there are more than the surroundings
//! lead one to expect, there is a stretch ([`excess`]). Leaving and jumping happen at points and are counted in windows
//! ([`windows`]). Finally, each find is counted exactly and put into a sentence ([`evidence`]).
//!
//! What a teacher notes about a moment is in [`notes`]. Deliberately absent: the words that were said there, and any
//! guess at the reasons.
//!
//! Invariants: no moment of fewer than [`LEAST_PEOPLE`] people; none of a video with fewer than [`LEAST_VIEWERS`] viewers; at
//! most [`MOST_MOMENTS`] of a video, in the order of their effect; the same viewing gives the same moments.

mod bands;
mod chance;
mod evidence;
mod excess;
mod grid;
mod habits;
mod notes;
mod windows;

use serde::Serialize;

use crate::{CHUNK_COUNT, ChunkBounds, CourseViews, DateRange, Interval};
use bands::Bands;
use evidence::{Candidate, Crowded, Curves};
use excess::{Stretch, stretches};
use grid::{Count, Curve, Grid};
use habits::Habits;
pub use notes::{LONGEST_NOTE_CHARS, Note, NoteTag, notes_of_moments};
use windows::{Event, crowds};

/// With fewer viewers, chance cannot be distinguished from habit, and a moment would point at individuals.
const LEAST_VIEWERS: u32 = 10;
/// If fewer people are in a moment, they are known to each other and to the teacher by name.
const LEAST_PEOPLE: u32 = 5;
/// A teacher does not look at more.
const MOST_MOMENTS: usize = 5;
/// If chance brings something about more often than this at a given place, it is no moment. Ten hours of video have
/// about ten thousand places.
const MOST_CHANCE: f64 = 1e-5;

/// Shorter replays are one press of *back*, which everybody does everywhere.
const LEAST_AGAIN_SECS: f64 = 8.0;
/// Shorter gaps are one press of *forward*.
const LEAST_SKIPPED_SECS: f64 = 10.0;
const LEAST_SLOWED_SECS: f64 = 10.0;
/// Something that one viewer in ten does more than elsewhere is worth a look; less is not, however certain it is.
const LEAST_SHARE: f64 = 0.1;

/// People who leave together do so within half a minute: at an announced break, at the end of an example. Shorter
/// windows find fewer people but have less noise.
const LEAVING_WINDOWS_SECS: [f64; 4] = [5.0, 10.0, 20.0, 30.0];
const LEAST_LEAVING_SHARE: f64 = 0.08;
/// Everybody leaves at the end, and somebody who leaves in the first half minute only looked in.
const END_SHARE: f64 = 0.05;
const BEGINNING_SECS: f64 = 30.0;

/// People who jump to one place land within a few seconds of each other.
const JUMPING_WINDOWS_SECS: [f64; 1] = [5.0];
const LEAST_JUMPING_TIMES: f64 = 4.0;
/// Somebody who replays something, or jumps over it, jumps to its border; that is reported already.
const EXPLAINED_SECS: f64 = 15.0;
/// Stretches of one kind that are closer than this are one.
const JOINED_SECS: f64 = 15.0;

/// What viewers do in a moment.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum MomentKind {
    /// They play it again.
    WatchedAgain,
    /// They jump over it.
    Skipped,
    /// They stop watching and do not come back to what follows.
    Left,
    /// They jump there from elsewhere.
    JumpedTo,
    /// They play it more slowly than they usually play this video.
    SlowedDown,
}

impl MomentKind {
    /// All kinds, in the order of the documentation.
    pub const ALL: [Self; 5] = [Self::WatchedAgain, Self::Skipped, Self::Left, Self::JumpedTo, Self::SlowedDown];

    /// The kind as people read it: `Watched again`.
    pub const fn name(self) -> &'static str {
        match self {
            Self::WatchedAgain => "Watched again",
            Self::Skipped => "Skipped",
            Self::Left => "Many stop here",
            Self::JumpedTo => "Jumped to",
            Self::SlowedDown => "Slowed down",
        }
    }
}

/// A stretch of a video that deserves a look.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Moment {
    /// What viewers do there.
    pub kind: MomentKind,
    /// Where it begins, in seconds of video.
    pub start_secs: f64,
    /// Where it ends, in seconds of video.
    pub end_secs: f64,
    /// Different people who do it, at least 5.
    pub people: u32,
    /// Out of how many who could have done it.
    pub of_people: u32,
    /// Seconds of viewing involved: played again, jumped over, not watched any more, played after the jump, or played slowly.
    pub involved_secs: f64,
    /// The sentence that says why it is a moment.
    pub sentence: String,
}

impl Moment {
    /// How much it matters: the seconds of viewing involved times the number of people.
    pub fn effect(&self) -> f64 {
        self.involved_secs * f64::from(self.people)
    }

    /// The parts of its video, 0 to 19, in which it is marked: those of which it takes at least half, and the one that
    /// has most of it. A part that it barely reaches into gets no mark.
    pub fn parts(&self, duration_secs: f64) -> Vec<usize> {
        let (Some(bounds), Some(stretch)) =
            (ChunkBounds::new(duration_secs), Interval::new(self.start_secs, self.end_secs))
        else {
            return Vec::new();
        };
        let shared: Vec<f64> = (0..CHUNK_COUNT)
            .map(|part| {
                stretch.overlap_secs(bounds.start_secs(part), bounds.start_secs(part) + bounds.length_secs(part))
            })
            .collect();
        let most = shared.iter().copied().fold(0.0, f64::max);
        let first = shared.iter().position(|secs| *secs > 0.0 && *secs >= most);
        let holds = |part: usize| Some(part) == first || shared[part] >= bounds.length_secs(part) / 2.0;
        (0..CHUNK_COUNT).filter(|part| holds(*part)).collect()
    }
}

/// What can be said about the moments of a video.
#[derive(Debug, Clone, PartialEq)]
pub enum VideoMoments {
    /// It has no length, and so no timeline.
    NoLength,
    /// Too few viewers to tell; this many.
    TooFewViewers(u32),
    /// Its moments, the largest effect first, at most five; often none.
    Found(Vec<Moment>),
}

impl VideoMoments {
    /// The moments; none if nothing can be said.
    pub fn found(&self) -> &[Moment] {
        match self {
            Self::Found(moments) => moments,
            Self::NoLength | Self::TooFewViewers(_) => &[],
        }
    }
}

/// The moments of one video in a date range. The cost is proportional to its runs and, with ten or more viewers, to its
/// length up to 3000 cells.
///
/// # Panics
/// If there is no such video.
pub fn moments(views: &CourseViews, video: usize, range: DateRange) -> VideoMoments {
    let Some(duration_secs) = views.videos()[video].usable_duration_secs() else { return VideoMoments::NoLength };
    let viewers = views.audience(video).filter(|viewer| viewer.last_visit(range).is_some()).count() as u32;
    if viewers < LEAST_VIEWERS {
        return VideoMoments::TooFewViewers(viewers);
    }
    let observed = Observed::new(views, video, range, duration_secs);
    let mut moments = evidence::moments(views, video, range, &observed.curves, &observed.candidates());
    moments.sort_by(|a, b| b.effect().total_cmp(&a.effect()).then_with(|| a.start_secs.total_cmp(&b.start_secs)));
    moments.truncate(MOST_MOMENTS);
    VideoMoments::Found(moments)
}

/// Everything that was counted about a video.
struct Observed {
    again: Vec<(f64, Curve)>,
    skipped: Vec<(f64, Curve)>,
    slowed: Vec<(f64, Curve)>,
    departures: Vec<Event>,
    arrivals: Vec<Event>,
    curves: Curves,
}

impl Observed {
    fn new(views: &CourseViews, video: usize, range: DateRange, duration_secs: f64) -> Self {
        let grid = Grid::new(duration_secs);
        let mut again = Bands::new(grid, LEAST_AGAIN_SECS);
        let mut skipped = Bands::new(grid, LEAST_SKIPPED_SECS);
        let mut slowed = Bands::new(grid, LEAST_SLOWED_SECS);
        let [mut covered, mut there, mut plays, mut slow] = std::array::from_fn(|_| Count::new(grid));
        let (mut departures, mut arrivals) = (Vec::new(), Vec::new());
        let mut habits = Habits::default();
        let mut players = 0;
        for viewer in views.audience(video) {
            if !habits.read(viewer, range) {
                continue;
            }
            players += 1;
            again.add(&habits.again);
            skipped.add(&habits.skipped);
            slowed.add(&habits.slowed);
            let add = |count: &mut Count, from: f64, to: f64| count.add(grid.border(from), grid.border(to));
            habits.covered.iter().for_each(|piece| add(&mut covered, piece.start_secs(), piece.end_secs()));
            habits.runs().for_each(|run| add(&mut plays, run.start_secs(), run.end_secs()));
            habits.slowed.iter().for_each(|piece| add(&mut slow, piece.start_secs(), piece.end_secs()));
            let (first_secs, last_secs) = habits.span_secs();
            add(&mut there, first_secs, last_secs);
            departures.push(Event { secs: last_secs, person: viewer.viewer });
            arrivals.extend(habits.arrivals_secs.iter().map(|secs| Event { secs: *secs, person: viewer.viewer }));
        }
        for events in [&mut departures, &mut arrivals] {
            events.sort_unstable_by(|a, b| a.secs.total_cmp(&b.secs).then_with(|| a.person.cmp(&b.person)));
        }
        let players = Curve::new(vec![f64::from(players); grid.cells]);
        let [covered, there, plays, slow] = [covered, there, plays, slow].map(Count::finish);
        Self {
            again: again.finish().collect(),
            skipped: skipped.finish().collect(),
            slowed: slowed.finish().collect(),
            departures,
            arrivals,
            curves: Curves { grid, covered, there, plays, slow, players },
        }
    }

    fn candidates(&self) -> Vec<Candidate> {
        let curves = &self.curves;
        let grid = curves.grid;
        let long = [
            (MomentKind::WatchedAgain, &self.again, &curves.covered, LEAST_AGAIN_SECS),
            (MomentKind::Skipped, &self.skipped, &curves.there, LEAST_SKIPPED_SECS),
            (MomentKind::SlowedDown, &self.slowed, &curves.covered, LEAST_SLOWED_SECS),
        ];
        let mut candidates = Vec::new();
        for (kind, bands, base, least_secs) in long {
            for stretch in strongest_of(grid, bands, base, least_secs) {
                candidates.push(Candidate::stretch(kind, grid.secs(stretch.from), grid.secs(stretch.to)));
            }
        }
        let end_secs = grid.duration_secs * (1.0 - END_SHARE);
        let leaving = windows::CrowdThreshold {
            windows_secs: &LEAVING_WINDOWS_SECS,
            least_share: LEAST_LEAVING_SHARE,
            least_times: 1.0,
            between_secs: (BEGINNING_SECS.min(end_secs), end_secs),
        };
        let left = crowds(grid, &self.departures, &curves.there, leaving);
        let jumping = windows::CrowdThreshold {
            windows_secs: &JUMPING_WINDOWS_SECS,
            least_share: LEAST_SHARE,
            least_times: LEAST_JUMPING_TIMES,
            between_secs: (LEAST_SKIPPED_SECS.min(end_secs), grid.duration_secs),
        };
        let mut jumped = crowds(grid, &self.arrivals, &curves.players, jumping);
        jumped.retain(|crowd| !candidates.iter().any(|other| other.explains(crowd)));
        let crowded = |kind| move |crowd| Candidate::crowd(kind, Crowded::new(grid, crowd));
        candidates.extend(left.into_iter().map(crowded(MomentKind::Left)));
        candidates.extend(jumped.into_iter().map(crowded(MomentKind::JumpedTo)));
        candidates
    }
}

/// The stretches of all bands. Where two overlap, the stronger one stays; near ones are joined.
fn strongest_of(grid: Grid, bands: &[(f64, Curve)], base: &Curve, least_secs: f64) -> Vec<Stretch> {
    let mut all: Vec<Stretch> = Vec::new();
    for (band_secs, people) in bands {
        // A stretch of one band can be slightly shorter than the pieces in it, which seldom agree to the second.
        let wanted =
            excess::StretchThreshold { least_secs: (band_secs * 0.8).max(least_secs), least_share: LEAST_SHARE };
        all.extend(stretches(grid, people, base, wanted));
    }
    all.sort_by(|a, b| b.strength.total_cmp(&a.strength).then_with(|| a.from.cmp(&b.from)));
    let mut kept: Vec<Stretch> = Vec::new();
    for stretch in all {
        if kept.iter().all(|other| stretch.to <= other.from || other.to <= stretch.from) {
            kept.push(stretch);
        }
    }
    kept.sort_by_key(|stretch| stretch.from);
    let near = grid.span(JOINED_SECS);
    kept.dedup_by(|next, before| {
        let joined = next.from - before.to < near;
        if joined {
            before.to = next.to;
        }
        joined
    });
    kept
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_moment_lies_in_the_parts_it_fills_and_in_the_one_that_has_most_of_it() {
        let parts = |start_secs, end_secs| {
            let (kind, sentence) = (MomentKind::Skipped, String::new());
            let moment = Moment { kind, start_secs, end_secs, people: 5, of_people: 9, involved_secs: 1.0, sentence };
            moment.parts(2000.0)
        };
        assert_eq!(parts(310.0, 330.0), [3]);
        assert_eq!(parts(290.0, 330.0), [3], "what reaches over a border a little lies behind it");
        assert_eq!(parts(240.0, 560.0), [2, 3, 4, 5]);
        assert_eq!(parts(1990.0, 2000.0), [19]);
        assert_eq!(parts(2100.0, 2200.0), [0_usize; 0]);
    }
}
