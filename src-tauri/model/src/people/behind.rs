//! Who is behind: seen before, not seen lately, with videos left to cover.
//!
//! It is a rule that can be read, not a judgement of a person: somebody who was ill is behind as well. Deliberately absent:
//! words, and who it is.
//!
//! Invariant: somebody without any viewing is not behind; of them it is said that they have opened nothing.

use super::matrix::{MatrixCell, PersonTotals};
use super::of_video::WatchState;
use crate::Day;

/// Days without viewing after which somebody can be behind: a week holds every weekly lecture once.
const BEHIND_AFTER_DAYS: i32 = 7;
/// Released videos that are not covered, from which on somebody is behind: one or two are a bad week.
const BEHIND_FROM_VIDEOS: usize = 3;

/// Whether somebody is behind on `today`, the last day of which everything is known. `is_released` says of each cell whether
/// anybody has opened the video.
pub fn is_behind(totals: &PersonTotals, cells: &[MatrixCell], is_released: &[bool], today: Day) -> bool {
    let Some(last) = totals.last_day else { return false };
    if last.plus(BEHIND_AFTER_DAYS) > today {
        return false;
    }
    let open = cells.iter().zip(is_released).filter(|(cell, is_released)| {
        // Nobody can cover a video without a length.
        **is_released && cell.percent().is_some() && cell.state() != WatchState::Covered
    });
    open.count() >= BEHIND_FROM_VIDEOS
}

#[cfg(test)]
mod tests {
    use super::*;

    const STARTED: MatrixCell = MatrixCell::Coverage { percent: 40.0, is_covered: false };
    const COVERED: MatrixCell = MatrixCell::Coverage { percent: 90.0, is_covered: true };

    fn seen(last: i32) -> PersonTotals {
        PersonTotals { opened: 1, last_day: Some(Day::new(last)), ..PersonTotals::default() }
    }

    #[test]
    fn a_week_without_viewing_and_three_open_videos_are_behind() {
        let cells = [COVERED, STARTED, MatrixCell::NotOpened, MatrixCell::NotOpened];
        let all = [true; 4];
        assert!(is_behind(&seen(100), &cells, &all, Day::new(107)));
        assert!(!is_behind(&seen(101), &cells, &all, Day::new(107)), "six days ago");
        assert!(!is_behind(&seen(100), &cells, &[true, true, true, false], Day::new(107)), "two are open");
        assert!(!is_behind(&seen(100), &[COVERED, COVERED, STARTED, MatrixCell::NoLength], &all, Day::new(107)));
        assert!(!is_behind(&PersonTotals::default(), &cells, &all, Day::new(107)), "never seen");
    }
}
