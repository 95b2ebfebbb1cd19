//! What is usual in a course: how far viewers get in its videos, place by place.
//!
//! Videos differ in length, so places are compared by their share of the video: the 20 parts. Deliberately absent:
//! videos of other courses. Invariant: a course with too few videos has no usual curve.

use super::median;
use super::row::VideoRow;
use super::statistic::Statistic;
use crate::{CHUNK_COUNT, ChunkBounds};

/// The fewest videos that make something usual. With fewer, each would mostly be compared with itself.
const LEAST_VIDEOS: usize = 5;

/// The median share of viewers who reached each part, over the videos that have enough viewers for a share. `None` if
/// fewer than five have.
pub(super) fn usual_reached_percent(rows: &[VideoRow]) -> Option<[f64; CHUNK_COUNT]> {
    let mut usual = [0.0; CHUNK_COUNT];
    for (part, middle) in usual.iter_mut().enumerate() {
        let mut shares: Vec<f64> = rows.iter().filter_map(|row| row.reached_percent(part).value()).collect();
        if shares.len() < LEAST_VIDEOS {
            return None;
        }
        *middle = median(&mut shares)?;
    }
    Some(usual)
}

/// Videos whose lengths differ by more than this share of the length are not alike: a clip and a lecture lose viewers
/// in different ways.
const SIMILAR_LENGTH: f64 = 0.25;

/// Whether a course with so many videos can have a usual curve at all: asked before its figures are calculated for it.
pub const fn can_be_usual(videos: usize) -> bool {
    videos > LEAST_VIDEOS
}

/// What is usual for a video of this length: for each of the 20 parts, the median over the course's other videos of the
/// percentage of their viewers who are there at a time. Uses the others of similar length (within 25 %) if five of them
/// have enough viewers for a share, or else all others; `None` if even those are fewer.
///
/// # Panics
/// If there is no such video.
pub fn usual_viewers_percent(rows: &[VideoRow], video: usize) -> Option<[f64; CHUNK_COUNT]> {
    let duration_secs = rows[video].totals.duration_secs?;
    let mut others: Vec<(f64, [f64; CHUNK_COUNT])> = Vec::new();
    for (index, row) in rows.iter().enumerate() {
        if let (true, Some(length_secs), Some(shares)) =
            (index != video, row.totals.duration_secs, viewers_percent(row))
        {
            others.push((length_secs, shares));
        }
    }
    let is_similar = |length_secs: f64| (length_secs - duration_secs).abs() <= SIMILAR_LENGTH * duration_secs;
    if others.iter().filter(|(length_secs, _)| is_similar(*length_secs)).count() >= LEAST_VIDEOS {
        others.retain(|(length_secs, _)| is_similar(*length_secs));
    }
    if others.len() < LEAST_VIDEOS {
        return None;
    }
    let mut usual = [0.0; CHUNK_COUNT];
    for (part, middle) in usual.iter_mut().enumerate() {
        *middle = median(&mut others.iter().map(|(_, shares)| shares[part]).collect::<Vec<_>>())?;
    }
    Some(usual)
}

/// The mean share of a video's viewers who are at a place, averaged over the places of each part: the seconds of it
/// that viewers covered, divided by its length and by the number of viewers. `None` if there are too few viewers for a
/// share.
fn viewers_percent(row: &VideoRow) -> Option<[f64; CHUNK_COUNT]> {
    let bounds = row.totals.duration_secs.and_then(ChunkBounds::new)?;
    let mut shares = [0.0; CHUNK_COUNT];
    for (part, share) in shares.iter_mut().enumerate() {
        let covered_secs = row.average_secs[part] * f64::from(row.reached[part]) - row.again_secs[part];
        let viewers = covered_secs.max(0.0) / bounds.length_secs(part);
        let percent = (row.totals.unique_viewers > 0).then(|| viewers / f64::from(row.totals.unique_viewers) * 100.0);
        *share = Statistic::of(row.totals.unique_viewers, percent).value()?;
    }
    Some(shares)
}
