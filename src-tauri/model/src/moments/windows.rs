//! Where something happens to many people at once: they leave, or they jump there. Each event is a point on the
//! timeline, so events are counted in windows and compared with how often they happen around them.

use super::chance::at_least;
use super::excess::around_secs;
use super::grid::{Curve, Grid};
use super::{LEAST_PEOPLE, MOST_CHANCE};

/// Where one person left or arrived.
#[derive(Debug, Clone, Copy, PartialEq, PartialOrd)]
pub(super) struct Event {
    pub(super) secs: f64,
    pub(super) person: u32,
}

/// A stretch in which events happened more often than around it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Crowd {
    pub(super) from_secs: f64,
    pub(super) to_secs: f64,
    /// Different people.
    pub(super) people: u32,
    /// How many people it could have happened to.
    pub(super) of: u32,
    /// How many people it would have happened to at the rate around it.
    pub(super) usual: f64,
    pub(super) strength: f64,
}

/// What makes a crowd.
#[derive(Debug, Clone, Copy)]
pub(super) struct CrowdThreshold<'a> {
    /// Lengths of the window, in seconds.
    pub(super) windows_secs: &'a [f64],
    /// At least this share of the people it could have happened to, 0 to 1.
    pub(super) least_share: f64,
    /// At least this many times the number expected from around it.
    pub(super) least_times: f64,
    /// The part of the video that counts, in seconds.
    pub(super) between_secs: (f64, f64),
}

/// Crowds among events, which are in order; the strongest first. `base` counts the people it could have happened to.
pub(super) fn crowds(grid: Grid, events: &[Event], base: &Curve, wanted: CrowdThreshold<'_>) -> Vec<Crowd> {
    let (first_secs, last_secs) = wanted.between_secs;
    let counted =
        events.partition_point(|event| event.secs < first_secs)..events.partition_point(|event| event.secs < last_secs);
    let mut left: Vec<Event> = events[counted].to_vec();
    let mut found: Vec<Crowd> = Vec::new();
    while let Some(best) = strongest(grid, &left, &found, base, wanted) {
        left.retain(|event| event.secs < best.from_secs || event.secs > best.to_secs);
        found.push(best);
    }
    found
}

fn strongest(grid: Grid, events: &[Event], found: &[Crowd], base: &Curve, wanted: CrowdThreshold<'_>) -> Option<Crowd> {
    let mut best: Option<Crowd> = None;
    let persons = events.iter().map(|event| event.person as usize + 1).max().unwrap_or(0);
    for window_secs in wanted.windows_secs {
        // How often each person is in the window, and how many people are.
        let mut times = vec![0_u32; persons];
        let (mut people, mut to) = (0, 0);
        for (from, first) in events.iter().enumerate() {
            while to < events.len() && events[to].secs < first.secs + window_secs {
                let times = &mut times[events[to].person as usize];
                people += u32::from(*times == 0);
                *times += 1;
                to += 1;
            }
            let crowd = judge(grid, events, from..to, people, found, base, (*window_secs, wanted));
            if let Some(crowd) = crowd
                && best.is_none_or(|best| crowd.strength > best.strength)
            {
                best = Some(crowd);
            }
            let times = &mut times[first.person as usize];
            *times -= 1;
            people -= u32::from(*times == 0);
        }
    }
    best
}

fn judge(
    grid: Grid,
    events: &[Event],
    inside: std::ops::Range<usize>,
    people: u32,
    found: &[Crowd],
    base: &Curve,
    (window_secs, wanted): (f64, CrowdThreshold<'_>),
) -> Option<Crowd> {
    if people < LEAST_PEOPLE {
        return None;
    }
    let (from_secs, to_secs) = (events[inside.start].secs, events[inside.end - 1].secs);
    // The people who were there just before it.
    let of = base.values()[grid.cell((from_secs - grid.cell_secs).max(0.0))];
    if f64::from(people) < wanted.least_share * of {
        return None;
    }
    // How often it happens around: events per person and second, without those of crowds found before.
    let (first_secs, last_secs) = wanted.between_secs;
    let reach_secs = around_secs(grid);
    let end_secs = from_secs + window_secs;
    let (mut happened, mut could_secs) = (0.0, 0.0);
    for (from, to) in [((from_secs - reach_secs).max(first_secs), from_secs), (end_secs, end_secs + reach_secs)] {
        let to = to.min(last_secs);
        if from >= to {
            continue;
        }
        let first = events.partition_point(|event| event.secs < from);
        happened += (events.partition_point(|event| event.secs < to) - first) as f64;
        could_secs += base.sum(grid.border(from), grid.border(to)) * grid.cell_secs;
        for crowd in found {
            let (from, to) = (crowd.from_secs.max(from), crowd.to_secs.min(to));
            if from < to {
                could_secs -= base.sum(grid.border(from), grid.border(to)) * grid.cell_secs;
            }
        }
    }
    if could_secs <= 0.0 {
        return None;
    }
    let usual = happened / could_secs * of * window_secs;
    let chance = at_least(people, usual);
    let enough = f64::from(people) >= wanted.least_times * usual;
    (enough && chance < MOST_CHANCE).then(|| Crowd {
        from_secs,
        to_secs,
        people,
        of: of.round() as u32,
        usual,
        strength: (f64::from(people) - usual) / (usual + 1.0).sqrt(),
    })
}
