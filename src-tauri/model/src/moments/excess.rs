//! Where more people did something than in the surroundings: stretches of a curve that stand out.
//!
//! A stretch reaches from half height to half height. Its surroundings reach [`around_secs`] to either side, without
//! the stretches found before: the strongest is found first and then no longer hides the others.

use super::chance::at_least;
use super::grid::{Curve, Grid};
use super::{LEAST_PEOPLE, MOST_CHANCE};

/// How far the surroundings reach on either side, as a share of the video; at least [`LEAST_AROUND_SECS`].
const AROUND_SHARE: f64 = 1.0 / 8.0;
const LEAST_AROUND_SECS: f64 = 180.0;
/// If less than this on either side shows what is usual, nothing can be said about a stretch: it is the edge of
/// something longer, or of the video.
const LEAST_KNOWN_SECS: f64 = 15.0;
/// The first guess of what is usual: this share of the surrounding cells has less. It is below a half, so that a moment
/// that fills half of its surroundings is still recognised.
const USUAL_QUANTILE: f64 = 0.3;
/// Curves are smoothed over this share of the least length they contain, but over at least a few seconds.
const SMOOTHING: f64 = 0.25;
const LEAST_SMOOTHING_SECS: f64 = 3.0;
/// A stretch longer than this share of the video is not a place in it.
const MOST_OF_VIDEO: f64 = 0.3;
/// A cell that is not this many standard deviations above the first guess, which is low, is not examined.
const HOPELESS: f64 = 3.5;
/// The most candidates examined in one curve.
const MOST_TRIES: usize = 16;

/// How far the surroundings of a place reach on either side, in seconds.
pub(super) fn around_secs(grid: Grid) -> f64 {
    (grid.duration_secs * AROUND_SHARE).max(LEAST_AROUND_SECS)
}

/// A stretch that stands out.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Stretch {
    /// The borders, in cells.
    pub(super) from: usize,
    pub(super) to: usize,
    /// The number of people at its highest point, and in its surroundings.
    pub(super) peak: f64,
    pub(super) usual: f64,
    /// How far it stands out, in standard deviations of the surroundings.
    pub(super) strength: f64,
}

/// What a stretch must have.
#[derive(Debug, Clone, Copy)]
pub(super) struct StretchThreshold {
    /// The least length, in seconds.
    pub(super) least_secs: f64,
    /// How many more people than in the surroundings it needs, as a share of those who could have taken part, 0 to 1.
    pub(super) least_share: f64,
}

/// The stretches of a curve of people that stand out; `base` counts the people who could have been among them.
pub(super) fn stretches(grid: Grid, people: &Curve, base: &Curve, wanted: StretchThreshold) -> Vec<Stretch> {
    if people.most() < f64::from(LEAST_PEOPLE) {
        return Vec::new();
    }
    let smoothing = grid.span((wanted.least_secs * SMOOTHING).max(LEAST_SMOOTHING_SECS));
    let smooth = people.smoothed(smoothing);
    let mut search = Search { grid, people: &smooth, base, wanted, taken: vec![false; grid.cells], found: Vec::new() };
    let hopeless = (0..grid.cells).all(|cell| !search.could_be(cell, smooth.values()[cell]));
    if hopeless {
        return Vec::new();
    }
    // A found stretch is removed from the surroundings of the others, so they get another chance.
    while search.round() {}
    search.found
}

struct Search<'a> {
    grid: Grid,
    people: &'a Curve,
    base: &'a Curve,
    wanted: StretchThreshold,
    /// Cells of stretches that were found.
    taken: Vec<bool>,
    found: Vec<Stretch>,
}

impl Search<'_> {
    /// Looks for the strongest remaining stretch; `false` if there is none.
    fn round(&mut self) -> bool {
        let usual = self.first_guess();
        let mut looked_at = self.taken.clone();
        let mut best: Option<Stretch> = None;
        let mut tries = 0;
        for peak in self.peaks(&usual) {
            if looked_at[peak] {
                continue;
            }
            let (from, to) = self.half_height(peak, usual[peak]);
            looked_at[from..to].fill(true);
            tries += 1;
            if tries > MOST_TRIES {
                break;
            }
            if let Some(stretch) = self.judge(peak, usual[peak])
                && best.is_none_or(|best| stretch.strength > best.strength)
            {
                best = Some(stretch);
            }
        }
        let Some(best) = best else { return false };
        self.taken[best.from..best.to].fill(true);
        self.found.push(best);
        true
    }

    /// The cells that may be high enough, those highest above what is usual first.
    fn peaks(&self, usual: &[f64]) -> Vec<usize> {
        let above = |cell: usize| self.people.values()[cell] - usual[cell];
        let could_be = |cell: &usize| {
            !self.taken[*cell]
                && above(*cell) >= HOPELESS * (usual[*cell] + 1.0).sqrt()
                && self.could_be(*cell, above(*cell))
        };
        let mut peaks: Vec<usize> = (0..self.grid.cells).filter(could_be).collect();
        peaks.sort_unstable_by(|a, b| above(*b).total_cmp(&above(*a)).then_with(|| a.cmp(b)));
        peaks
    }

    fn could_be(&self, cell: usize, above: f64) -> bool {
        let people = self.people.values()[cell];
        people > f64::from(LEAST_PEOPLE) - 0.5 && above >= self.wanted.least_share * self.base.values()[cell]
    }

    /// From a peak to both sides, until half of its height is lost or a stretch found before begins.
    fn half_height(&self, peak: usize, usual: f64) -> (usize, usize) {
        let half = f64::midpoint(self.people.values()[peak], usual);
        let is_in = |cell: &usize| self.people.values()[*cell] >= half && !self.taken[*cell];
        let from = (0..peak).rev().take_while(is_in).last().unwrap_or(peak);
        let to = (peak..self.grid.cells).take_while(is_in).last().unwrap_or(peak) + 1;
        (from, to)
    }

    /// The stretch around a peak, if it is one.
    fn judge(&self, peak: usize, first_guess: f64) -> Option<Stretch> {
        let height = self.people.values()[peak];
        let (mut from, mut to) = self.half_height(peak, first_guess);
        let mut around = self.around(from, to, f64::midpoint(height, first_guess))?;
        (from, to) = self.half_height(peak, around.mean());
        around = self.around(from, to, f64::midpoint(height, around.mean()))?;
        let usual = around.mean();
        let secs = (to - from) as f64 * self.grid.cell_secs;
        let fits = secs >= self.wanted.least_secs && secs <= self.grid.duration_secs * MOST_OF_VIDEO;
        if !fits || !self.could_be(peak, height - usual) {
            return None;
        }
        // If the numbers around it vary more than by chance, each person counts for correspondingly less.
        let clumps = (around.variance() / usual.max(0.25)).max(1.0);
        let chance = at_least((height / clumps).round() as u32, usual / clumps);
        let strength = (height - usual) / ((usual + 1.0) * clumps).sqrt();
        (chance < MOST_CHANCE).then_some(Stretch { from, to, peak: height, usual, strength })
    }

    /// The surroundings of a stretch; `None` if too little is known about one side. At the ends of a video people come
    /// and go, and that is not a moment.
    fn around(&self, from: usize, to: usize, half: f64) -> Option<Around> {
        let reach = self.grid.span(around_secs(self.grid));
        // Smoothing spreads a stretch beyond its own borders.
        let guard = self.grid.span(self.wanted.least_secs * SMOOTHING);
        let left = self.side(from.saturating_sub(reach + guard)..from.saturating_sub(guard), half);
        let cells = self.grid.cells;
        let right = self.side((to + guard).min(cells)..(to + guard + reach).min(cells), half);
        let around = Around([left, right]);
        let least = self.grid.span(LEAST_KNOWN_SECS);
        (left.cells >= least && right.cells >= least).then_some(around)
    }

    /// One side. If something as high as half of the stretch lasts for as long as a stretch must, it is another event
    /// there, and not what is usual.
    fn side(&self, cells: std::ops::Range<usize>, half: f64) -> Side {
        let least = self.grid.span(self.wanted.least_secs);
        let mut side = Side::default();
        let mut at = cells.start;
        while at < cells.end {
            let is_high = self.people.values()[at] >= half;
            let alike = |cell: &usize| (self.people.values()[*cell] >= half) == is_high && !self.taken[*cell];
            let length = (at..cells.end).take_while(alike).count();
            if length == 0 {
                // Belongs to a stretch found before.
                at += 1;
                continue;
            }
            if !is_high || length < least {
                side.cells += length;
                side.sum += self.people.sum(at, at + length);
                side.squares += self.people.squares(at, at + length);
            }
            at += length;
        }
        side
    }

    /// What is usual at each place, before any moments are known: a low quantile of its surroundings.
    fn first_guess(&self) -> Vec<f64> {
        let reach = self.grid.span(around_secs(self.grid));
        let width = (2 * reach + 1).min(self.grid.cells);
        // The window is as wide at the ends as in the middle.
        let start_at = |cell: usize| cell.saturating_sub(reach).min(self.grid.cells - width);
        let values = self.people.values();
        let step = (reach / 8).max(1);
        let mut guesses = vec![0.0; self.grid.cells];
        let mut window = Vec::with_capacity(width);
        for from in (0..self.grid.cells).step_by(step) {
            let start = start_at(from);
            window.clear();
            window.extend((start..start + width).filter(|cell| !self.taken[*cell]).map(|cell| values[cell]));
            let at = ((window.len() as f64 * USUAL_QUANTILE) as usize).min(window.len().saturating_sub(1));
            let guess = if window.is_empty() { 0.0 } else { *window.select_nth_unstable_by(at, f64::total_cmp).1 };
            let to = (from + step).min(self.grid.cells);
            guesses[from..to].fill(guess);
        }
        guesses
    }
}

/// One side of the surroundings.
#[derive(Debug, Clone, Copy, Default)]
struct Side {
    /// The cells that show what is usual, and sums over them.
    cells: usize,
    sum: f64,
    squares: f64,
}

/// Both sides of the surroundings.
struct Around([Side; 2]);

impl Around {
    fn cells(&self) -> f64 {
        self.0.iter().map(|side| side.cells as f64).sum::<f64>().max(1.0)
    }

    fn mean(&self) -> f64 {
        self.0.iter().map(|side| side.sum).sum::<f64>() / self.cells()
    }

    /// How much the numbers on each side vary around that side's own mean.
    fn variance(&self) -> f64 {
        let apart = |side: &Side| side.squares - side.sum * side.sum / (side.cells as f64).max(1.0);
        (self.0.iter().map(apart).sum::<f64>() / self.cells()).max(0.0)
    }
}
