//! A video compared with videos of its length. Long videos are covered less, so ranking a course by plain coverage
//! would rank lengths.
//!
//! Deliberately absent: videos of other courses. Invariants: a video is never compared with itself; with fewer than
//! five others there is nothing usual.

use super::CourseFigures;
use super::median;

/// How much longer or shorter a video of similar length may be.
const SIMILAR: f64 = 0.25;
/// The fewest others of similar length; if there are fewer, all others count.
const LEAST_OTHERS: usize = 5;

/// The result of comparing a video with others.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ComparedCoverage {
    /// The median, over the others, of the share who covered at least 75 %.
    pub usual_percent: f64,
    /// The video's own share minus that, in points.
    pub difference: f64,
    /// How many others there are.
    pub others: u32,
    /// Whether the others are of similar length; if not, too few are, and all others count.
    pub are_similar: bool,
}

impl CourseFigures {
    /// Compares the share who covered at least 75 % of a video with other videos of the course whose length is within a
    /// quarter of its own, or with all others if fewer than five are. `None` if the video has no share, or if fewer
    /// than five others have one.
    ///
    /// # Panics
    /// If there is no such video.
    pub fn covered_compared(&self, video: usize) -> Option<ComparedCoverage> {
        let own = &self.rows[video].totals;
        let (share, length) = (own.covered_percent.value()?, own.duration_secs?);
        let others = |is_similar: &dyn Fn(f64) -> bool| -> Vec<f64> {
            let others = self.rows.iter().enumerate().filter(|(other, _)| *other != video);
            let fitting = others.filter(|(_, row)| row.totals.duration_secs.is_some_and(is_similar));
            fitting.filter_map(|(_, row)| row.totals.covered_percent.value()).collect()
        };
        let similar = others(&|other| (other - length).abs() <= length * SIMILAR);
        let are_similar = similar.len() >= LEAST_OTHERS;
        let mut shares = if are_similar { similar } else { others(&|_| true) };
        if shares.len() < LEAST_OTHERS {
            return None;
        }
        let count = shares.len() as u32;
        let usual_percent = median(&mut shares)?;
        Some(ComparedCoverage { usual_percent, difference: share - usual_percent, others: count, are_similar })
    }
}
