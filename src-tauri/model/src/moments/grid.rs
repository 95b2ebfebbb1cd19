//! The timeline in small cells, in which moments are searched for.
//!
//! Deliberately absent: anything that is shown. A moment's numbers are counted exactly once it is found.

/// The narrowest cell, in seconds: players report no more precisely.
const LEAST_CELL_SECS: f64 = 1.0;
/// The most cells of a video, so that searching a day of recording takes no longer than two lectures.
const MOST_CELLS: f64 = 3000.0;

/// Equal cells of a video.
#[derive(Debug, Clone, Copy)]
pub(super) struct Grid {
    pub(super) duration_secs: f64,
    pub(super) cell_secs: f64,
    pub(super) cells: usize,
}

impl Grid {
    pub(super) fn new(duration_secs: f64) -> Self {
        let cell_secs = (duration_secs / MOST_CELLS).max(LEAST_CELL_SECS);
        Self { duration_secs, cell_secs, cells: ((duration_secs / cell_secs).ceil() as usize).max(1) }
    }

    /// The cell border nearest to a position.
    pub(super) fn border(self, secs: f64) -> usize {
        ((secs / self.cell_secs).round() as usize).min(self.cells)
    }

    /// The cell that contains a position.
    pub(super) fn cell(self, secs: f64) -> usize {
        ((secs / self.cell_secs) as usize).min(self.cells - 1)
    }

    /// How many cells a length of time takes, at least one.
    pub(super) fn span(self, secs: f64) -> usize {
        ((secs / self.cell_secs).round() as usize).max(1)
    }

    /// Where a border lies, in seconds.
    pub(super) fn secs(self, border: usize) -> f64 {
        (border as f64 * self.cell_secs).min(self.duration_secs)
    }
}

/// A count for each cell, built up from pieces of the timeline.
#[derive(Debug, Clone)]
pub(super) struct Count(Vec<i32>);

impl Count {
    pub(super) fn new(grid: Grid) -> Self {
        Self(vec![0; grid.cells + 1])
    }

    /// Adds one in all cells from one border to another.
    pub(super) fn add(&mut self, from: usize, to: usize) {
        if from < to {
            self.0[from] += 1;
            self.0[to] -= 1;
        }
    }

    /// The counts.
    pub(super) fn finish(self) -> Curve {
        let mut counts = self.0;
        counts.pop();
        let mut here = 0;
        for count in &mut counts {
            here += *count;
            *count = here;
        }
        Curve::new(counts.into_iter().map(f64::from).collect())
    }
}

/// A number for each cell, with precomputed sums.
#[derive(Debug, Clone)]
pub(super) struct Curve {
    values: Vec<f64>,
    /// Sums of the values and of their squares before each cell.
    sums: Vec<(f64, f64)>,
}

impl Curve {
    pub(super) fn new(values: Vec<f64>) -> Self {
        let mut sums = Vec::with_capacity(values.len() + 1);
        let (mut sum, mut squares) = (0.0, 0.0);
        sums.push((sum, squares));
        for value in &values {
            sum += value;
            squares += value * value;
            sums.push((sum, squares));
        }
        Self { values, sums }
    }

    pub(super) fn values(&self) -> &[f64] {
        &self.values
    }

    pub(super) fn most(&self) -> f64 {
        self.values.iter().copied().fold(0.0, f64::max)
    }

    /// Sum of the values between two borders.
    pub(super) fn sum(&self, from: usize, to: usize) -> f64 {
        self.sums[to].0 - self.sums[from].0
    }

    /// Sum of the squares of the values between two borders.
    pub(super) fn squares(&self, from: usize, to: usize) -> f64 {
        self.sums[to].1 - self.sums[from].1
    }

    /// Mean between two borders; 0 if they are equal.
    pub(super) fn mean(&self, from: usize, to: usize) -> f64 {
        if from < to { self.sum(from, to) / (to - from) as f64 } else { 0.0 }
    }

    /// The curve with each value replaced by the mean of the `width` values around it.
    pub(super) fn smoothed(&self, width: usize) -> Self {
        let (before, after) = (width / 2, width - width / 2);
        let cells = self.values.len();
        let mean = |cell: usize| self.mean(cell.saturating_sub(before), (cell + after).min(cells));
        Self::new((0..cells).map(mean).collect())
    }
}
