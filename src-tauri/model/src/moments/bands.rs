//! How many people did something at each place, separated by how long they did it.
//!
//! Somebody who presses *back* replays ten seconds, somebody who did not understand an example replays two minutes, and
//! somebody who studies for the exam replays half a lecture. Each of these is noise for the others. Once they are
//! separated, the noise around a place is small, and a few people are enough to rule out chance.

use super::LEAST_PEOPLE;
use super::grid::{Count, Curve, Grid};
use crate::Interval;

/// A band reaches from its least length to this many times that length. Bands begin at each doubling, so every length
/// lies well within one of them.
const BAND_RATIO: f64 = 4.0;

/// Pieces longer than this share of the video say nothing about one place: somebody watched all of it twice, or only
/// its beginning and its end.
const MOST_OF_VIDEO: f64 = 0.25;

/// People at each place, for each band of lengths.
pub(super) struct Bands {
    grid: Grid,
    bands: Vec<Band>,
}

struct Band {
    least_secs: f64,
    /// How many people have such a piece, and the grid borders of their pieces.
    people: u32,
    pieces: Vec<(u32, u32)>,
}

impl Bands {
    /// Bands for lengths from `least_secs` up.
    pub(super) fn new(grid: Grid, least_secs: f64) -> Self {
        let lengths = std::iter::successors(Some(least_secs), |secs| Some(secs * 2.0));
        let lengths = lengths.take_while(|secs| *secs < grid.duration_secs * MOST_OF_VIDEO);
        Self { grid, bands: lengths.map(|least_secs| Band { least_secs, people: 0, pieces: Vec::new() }).collect() }
    }

    /// Adds one person's pieces, sorted by start. In each cell of a band, a person counts once.
    pub(super) fn add(&mut self, pieces: &[Interval]) {
        let most_secs = self.grid.duration_secs * MOST_OF_VIDEO;
        for band in &mut self.bands {
            let most_secs = (band.least_secs * BAND_RATIO).min(most_secs);
            let mut counted_to = 0;
            for piece in pieces {
                let secs = piece.length_secs();
                if secs >= band.least_secs && secs < most_secs {
                    let from = self.grid.border(piece.start_secs()).max(counted_to);
                    let to = self.grid.border(piece.end_secs());
                    if from < to {
                        band.pieces.push((from as u32, to as u32));
                        counted_to = to;
                    }
                }
            }
            band.people += u32::from(counted_to > 0);
        }
    }

    /// For each band with enough people: its least length in seconds, and the number of people at each place.
    pub(super) fn finish(self) -> impl Iterator<Item = (f64, Curve)> {
        let grid = self.grid;
        self.bands.into_iter().filter(|band| band.people >= LEAST_PEOPLE).map(move |band| {
            let mut count = Count::new(grid);
            band.pieces.iter().for_each(|(from, to)| count.add(*from as usize, *to as usize));
            (band.least_secs, count.finish())
        })
    }
}
