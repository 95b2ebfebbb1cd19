//! Several accounts of one person that nobody has joined, taken as one.
//!
//! A class list may find two accounts of somebody. Until the teacher joins them, every figure counts them as two viewers, so
//! their viewing is not united: the account that is further with a video says how far the person is.
//!
//! Deliberately absent: accounts that are joined, whose viewing is united before anything is counted. Invariant: every list
//! and every credit takes the same account of the same person.

use super::of_video::{PersonOfVideo, WatchState};

/// Of several accounts the one that is furthest; the first of equals.
pub(super) fn furthest<T>(
    accounts: impl IntoIterator<Item = T>,
    how_far: impl Fn(&T) -> (WatchState, f64),
) -> Option<T> {
    accounts.into_iter().reduce(|best, other| {
        let ((state, covered), (other_state, other_covered)) = (how_far(&best), how_far(&other));
        let is_further = other_state.cmp(&state).then(other_covered.total_cmp(&covered)).is_gt();
        if is_further { other } else { best }
    })
}

/// What the accounts of one person watched of a video, each with something that belongs to it, such as its strip: how far is
/// what the furthest of them says; time and sittings are added, and the days are those of all. `None` without any.
pub fn accounts_together<S>(accounts: impl IntoIterator<Item = (PersonOfVideo, S)>) -> Option<(PersonOfVideo, S)> {
    let (mut watch_secs, mut sittings, mut days) = (0.0, 0, None);
    let counted = accounts.into_iter().inspect(|(of, _)| {
        watch_secs += of.watch_secs;
        sittings += of.sittings;
        let (first, last) = days.unwrap_or((of.first_day, of.last_day));
        days = Some((first.min(of.first_day), last.max(of.last_day)));
    });
    let (best, belonging) = furthest(counted, |(of, _)| (of.state, of.coverage_percent.unwrap_or_default()))?;
    let (first_day, last_day) = days?;
    Some((PersonOfVideo { watch_secs, first_day, last_day, sittings, ..best }, belonging))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Day;

    fn of(person: u32, percent: f64, day: i32) -> (PersonOfVideo, u32) {
        let of = PersonOfVideo {
            person,
            state: if percent >= 75.0 { WatchState::Covered } else { WatchState::Started },
            coverage_percent: Some(percent),
            panopto_percent: Some(percent.ceil() as u32),
            watch_secs: 60.0,
            first_day: Day::new(day),
            last_day: Day::new(day + 1),
            sittings: 1,
        };
        (of, person)
    }

    #[test]
    fn the_furthest_says_how_far_and_all_say_how_long() {
        let (one, strip) = accounts_together([of(1, 40.0, 9), of(2, 80.0, 3), of(3, 10.0, 5)]).expect("three accounts");
        assert_eq!((strip, one.person, one.state, one.panopto_percent), (2, 2, WatchState::Covered, Some(80)));
        assert_eq!((one.watch_secs, one.sittings), (180.0, 3));
        assert_eq!((one.first_day, one.last_day), (Day::new(3), Day::new(10)));
        assert_eq!(accounts_together([of(1, 40.0, 9)]), Some(of(1, 40.0, 9)), "a single account stays as it is");
        assert_eq!(accounts_together::<()>([]), None);
    }
}
