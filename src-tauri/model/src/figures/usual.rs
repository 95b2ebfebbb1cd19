//! What is usual in a course: how far viewers of its videos get, place by place.
//!
//! Videos differ in length, so places are compared by their share of the video: the 20 parts. Deliberately absent: videos
//! of other courses. Invariant: a course with too few videos to have a usual course has none.

use super::median;
use super::row::VideoRow;
use crate::CHUNK_COUNT;

/// The fewest videos from which something is usual. Of fewer, each would mostly be compared with itself.
const LEAST_VIDEOS: usize = 5;

/// The median share of viewers who reached each part, over the videos that have enough viewers for a share. `None` where
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
