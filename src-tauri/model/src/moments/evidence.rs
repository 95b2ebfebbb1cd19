//! What is said about a moment: the number of its people, counted exactly, and the sentence.
//!
//! Deliberately absent: the search. A candidate comes with its borders; its people are counted here, once, for the
//! borders that are shown.

use super::excess::around_secs;
use super::grid::{Curve, Grid};
use super::habits::{Habits, within_secs};
use super::windows::Crowd;
use super::{EXPLAINED_SECS, LEAST_PEOPLE, Moment, MomentKind};
use crate::{CourseViews, DateRange, words};

/// A person who did it for at least this share of a stretch took part.
const PART: f64 = 0.5;

/// How many people were at each place, on the grid.
pub(super) struct Curves {
    pub(super) grid: Grid,
    /// Viewers whose coverage includes a place.
    pub(super) covered: Curve,
    /// Viewers for whom a place lies between their first and last covered second.
    pub(super) there: Curve,
    /// Plays.
    pub(super) plays: Curve,
    /// Viewers who play more slowly than they usually do.
    pub(super) slow: Curve,
    /// Everybody who played anything, at every place.
    pub(super) players: Curve,
}

impl Curves {
    /// The mean of a curve around a stretch.
    fn around(&self, curve: &Curve, from_secs: f64, to_secs: f64) -> f64 {
        let grid = self.grid;
        let reach_secs = around_secs(grid);
        let left = (grid.border((from_secs - reach_secs).max(0.0)), grid.border(from_secs));
        let right = (grid.border(to_secs), grid.border(to_secs + reach_secs));
        let cells = left.1 - left.0 + right.1 - right.0;
        let sum = curve.sum(left.0, left.1) + curve.sum(right.0, right.1);
        if cells > 0 { sum / cells as f64 } else { 0.0 }
    }
}

/// A crowd, as the sentence states it.
#[derive(Debug, Clone, Copy)]
pub(super) struct Crowded {
    from_secs: f64,
    to_secs: f64,
    of: u32,
    usual: f64,
}

impl Crowded {
    pub(super) fn new(grid: Grid, crowd: Crowd) -> Self {
        // A crowd at one instant still needs a stretch that can be seen.
        let to_secs = crowd.to_secs.max(crowd.from_secs + 1.0).min(grid.duration_secs);
        Self { from_secs: crowd.from_secs, to_secs, of: crowd.of, usual: crowd.usual }
    }
}

/// A possible moment, found but not yet counted.
#[derive(Debug, Clone, Copy)]
pub(super) struct Candidate {
    kind: MomentKind,
    from_secs: f64,
    to_secs: f64,
    crowded: Option<Crowded>,
}

impl Candidate {
    pub(super) const fn stretch(kind: MomentKind, from_secs: f64, to_secs: f64) -> Self {
        Self { kind, from_secs, to_secs, crowded: None }
    }

    pub(super) const fn crowd(kind: MomentKind, crowded: Crowded) -> Self {
        Self { kind, from_secs: crowded.from_secs, to_secs: crowded.to_secs, crowded: Some(crowded) }
    }

    /// Whether a crowd that jumps to one place is only a consequence of this moment.
    pub(super) fn explains(&self, crowd: &Crowd) -> bool {
        let border_secs = match self.kind {
            MomentKind::WatchedAgain => self.from_secs,
            MomentKind::Skipped => self.to_secs,
            MomentKind::Left | MomentKind::JumpedTo | MomentKind::SlowedDown => return false,
        };
        crowd.from_secs < border_secs + EXPLAINED_SECS && crowd.to_secs > border_secs - EXPLAINED_SECS
    }
}

/// The counts for a candidate.
#[derive(Debug, Clone, Copy, Default)]
struct WindowCounts {
    people: u32,
    /// How many could have taken part.
    of: u32,
    involved_secs: f64,
    /// Seconds that the people who took part played in it.
    played_secs: f64,
}

impl WindowCounts {
    /// Adds a viewer.
    fn add(&mut self, candidate: &Candidate, habits: &Habits, curves: &Curves) {
        let (from, to) = (candidate.from_secs, candidate.to_secs);
        let part_secs = (to - from) * PART;
        let played_secs = || habits.runs().map(|run| run.overlap_secs(from, to)).sum::<f64>();
        let (first_secs, last_secs) = habits.span_secs();
        match candidate.kind {
            MomentKind::WatchedAgain => {
                let covered_secs = within_secs(&habits.covered, from, to);
                self.of += u32::from(covered_secs >= part_secs);
                if within_secs(&habits.again, from, to) >= part_secs {
                    self.people += 1;
                    self.played_secs += played_secs();
                    self.involved_secs += (played_secs() - covered_secs).max(0.0);
                }
            }
            MomentKind::Skipped => {
                self.of += u32::from(first_secs < from + part_secs && last_secs > to - part_secs);
                let secs = within_secs(&habits.skipped, from, to);
                if secs >= part_secs {
                    self.people += 1;
                    self.involved_secs += secs;
                }
            }
            MomentKind::SlowedDown => {
                self.of += u32::from(within_secs(&habits.covered, from, to) >= part_secs);
                let secs = within_secs(&habits.slowed, from, to);
                if secs >= part_secs {
                    self.people += 1;
                    self.involved_secs += secs;
                }
            }
            MomentKind::Left => {
                if last_secs >= from && last_secs <= to {
                    self.people += 1;
                    // Only viewing in the surroundings counts: what comes later would have been lost for other reasons
                    // as well.
                    let unseen_secs = curves.grid.duration_secs - last_secs;
                    self.involved_secs += unseen_secs.min(around_secs(curves.grid));
                }
            }
            MomentKind::JumpedTo => {
                let arrived = |secs: &f64| *secs >= from && *secs <= to;
                if habits.arrivals_secs.iter().any(arrived) {
                    self.people += 1;
                    let runs = habits.runs().filter(|run| arrived(&run.start_secs()));
                    self.involved_secs += runs.map(crate::Interval::length_secs).sum::<f64>();
                }
            }
        }
    }

    fn moment(&self, candidate: &Candidate, curves: &Curves) -> Moment {
        Moment {
            kind: candidate.kind,
            start_secs: candidate.from_secs,
            end_secs: candidate.to_secs,
            people: self.people,
            of_people: candidate.crowded.map_or(self.of, |crowded| crowded.of).max(self.people),
            // Rounded to the millisecond, so that the order in which viewers are numbered and added up does not show.
            involved_secs: (self.involved_secs * 1000.0).round() / 1000.0,
            sentence: self.sentence(candidate, curves),
        }
    }

    fn sentence(&self, candidate: &Candidate, curves: &Curves) -> String {
        let (from, to) = (candidate.from_secs, candidate.to_secs);
        let of = candidate.crowded.map_or(self.of, |crowded| crowded.of).max(self.people);
        let shares = format!("{} of {}", words::count(self.people.into()), words::viewers(of.into()));
        let around = |curve: &Curve| curves.around(curve, from, to);
        let usual = candidate.crowded.map_or(0.0, |crowded| crowded.usual);
        match candidate.kind {
            MomentKind::WatchedAgain => {
                let times_here = self.played_secs / (f64::from(self.people.max(1)) * (to - from));
                let viewers_around = around(&curves.covered);
                let times_around = if viewers_around > 0.0 { around(&curves.plays) / viewers_around } else { 0.0 };
                format!(
                    "Watched again by {shares} who were here, {} on average; around it viewers watch {}",
                    times(times_here),
                    times(times_around)
                )
            }
            MomentKind::Skipped => {
                let usual = around(&curves.there) - around(&curves.covered);
                format!("{shares} who watched before and after it jump over it; around it {}", about(usual))
            }
            MomentKind::Left => format!(
                "{shares} who were still watching stop here within {}; as often as around it, {} would",
                words::time((to - from).ceil()),
                about(usual)
            ),
            MomentKind::JumpedTo => {
                format!("{shares} jump to this place; as often as around it, {} would", about(usual))
            }
            MomentKind::SlowedDown => format!(
                "{shares} who were here play it more slowly than they usually play this video; around it {}",
                about(around(&curves.slow))
            ),
        }
    }
}

/// `2.4 times`, `once`.
fn times(value: f64) -> String {
    let tenths = (value * 10.0).round() / 10.0;
    if (tenths - 1.0).abs() < 0.05 { "once".to_owned() } else { format!("{tenths:.1} times") }
}

/// A mean number of people: `about 6`, `fewer than one`.
fn about(people: f64) -> String {
    if people < 0.95 { "fewer than one".to_owned() } else { format!("about {}", words::count(people.round() as u64)) }
}

/// Counts the people of each candidate; candidates with too few are not moments.
pub(super) fn moments(
    views: &CourseViews,
    video: usize,
    range: DateRange,
    curves: &Curves,
    candidates: &[Candidate],
) -> Vec<Moment> {
    if candidates.is_empty() {
        return Vec::new();
    }
    let mut tallies = vec![WindowCounts::default(); candidates.len()];
    let mut habits = Habits::default();
    for viewer in views.audience(video) {
        if habits.read(viewer, range) {
            for (tally, candidate) in tallies.iter_mut().zip(candidates) {
                tally.add(candidate, &habits, curves);
            }
        }
    }
    let counted = tallies.iter().zip(candidates).filter(|(tally, _)| tally.people >= LEAST_PEOPLE);
    counted.map(|(tally, candidate)| tally.moment(candidate, curves)).collect()
}
