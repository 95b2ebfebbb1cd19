//! Places in the sample lectures that viewers treat differently from the rest: so that whoever looks around sees what a
//! moment is.
//!
//! Planted into the finished viewing of a video, with a randomness of its own, so that all other videos stay as they are.
//! Deliberately absent: how moments are found. Invariant: the same video gives the same viewing.

use crate::clock::sql_time;
use crate::world::View;
use crate::worlds::stress::micros;
use chrono::TimeDelta;
use rand::{Rng as _, SeedableRng as _};
use rand_chacha::ChaCha12Rng;
use uuid::Uuid;

/// What a share of the viewers who come there do; places are shares of the video.
#[derive(Clone, Copy)]
pub(crate) enum Planted {
    /// They go back to its beginning and play it once more.
    Again { from: f64, to: f64, share: f64 },
    /// They jump over it.
    Skipped { from: f64, to: f64, share: f64 },
    /// They stop here, within some seconds.
    Left { at: f64, share: f64 },
}

/// The lectures with such places, by their titles.
const PLACES: &[(&str, &[Planted])] = &[
    ("Energy balance of a street", &[Planted::Again { from: 0.35, to: 0.385, share: 0.5 }]),
    ("Wind between buildings", &[Planted::Skipped { from: 0.05, to: 0.078, share: 0.55 }]),
    ("Trees as air conditioning", &[Planted::Left { at: 0.55, share: 0.4 }]),
    (
        "Statistics for field data, part 1",
        &[Planted::Again { from: 0.44, to: 0.475, share: 0.55 }, Planted::Left { at: 0.78, share: 0.35 }],
    ),
    ("Water in the city", &[Planted::Again { from: 0.61, to: 0.64, share: 0.45 }]),
    (
        "Guest lecture: \"Shade is a right\"",
        &[
            Planted::Again { from: 0.4, to: 0.445, share: 0.6 },
            Planted::Skipped { from: 0.16, to: 0.185, share: 0.6 },
            Planted::Left { at: 0.8, share: 0.4 },
        ],
    ),
];

/// What is planted in a lecture, by its title; mostly nothing.
pub(crate) fn places_of(title: &str) -> &'static [Planted] {
    PLACES.iter().find(|(planted, _)| *planted == title).map_or(&[], |(_, places)| places)
}

/// Plants into the viewing of one video.
pub(crate) fn plant(views: &mut Vec<View>, session: Uuid, duration_secs: f64, places: &[Planted]) {
    let mut rng = ChaCha12Rng::seed_from_u64(session.as_u128() as u64);
    let mut viewers: Vec<Uuid> = Vec::new();
    for view in views.iter().filter(|view| view.session == session) {
        if !viewers.contains(&view.user) {
            viewers.push(view.user);
        }
    }
    for place in places {
        for viewer in &viewers {
            let mut theirs: Vec<View> = Vec::new();
            views.retain(|view| {
                let is_theirs = view.session == session && view.user == *viewer;
                if is_theirs {
                    theirs.push(view.clone());
                }
                !is_theirs
            });
            views.append(&mut planted(theirs, *place, duration_secs, &mut rng));
        }
    }
}

fn planted(mut theirs: Vec<View>, place: Planted, duration_secs: f64, rng: &mut ChaCha12Rng) -> Vec<View> {
    match place {
        Planted::Again { from, to, share } => {
            let (from, to) = (from * duration_secs, to * duration_secs);
            let passed: f64 =
                theirs.iter().map(|view| (end(view).min(to) - view.start_position.max(from)).max(0.0)).sum();
            let last =
                theirs.iter().filter(|view| end(view) > from && view.start_position < to).max_by_key(|view| view.time);
            if let Some(last) = last.filter(|_| passed > 0.8 * (to - from) && rng.random_bool(share)).cloned() {
                let start_position = micros((from - rng.random_range(0.0..5.0)).max(0.0));
                theirs.push(View {
                    start_position,
                    seconds_viewed: micros(to + rng.random_range(0.0..5.0) - start_position),
                    time: sql_time(last.time + TimeDelta::milliseconds(7)),
                    start_reason: "Seek".to_owned(),
                    stop_reason: "Seek".to_owned(),
                    ..last
                });
            }
            theirs
        }
        Planted::Skipped { from, to, share } => {
            let (from, to) = (from * duration_secs, to * duration_secs);
            let goes_on = theirs.iter().any(|view| view.start_position < from - 30.0)
                && theirs.iter().any(|view| end(view) > to + 30.0);
            if !(goes_on && rng.random_bool(share)) {
                return theirs;
            }
            let (from, to) = (from + rng.random_range(0.0..3.0), to - rng.random_range(0.0..3.0));
            let pieces = theirs.into_iter().flat_map(|view| [before(&view, from, "Seek"), after(&view, to)]);
            pieces.flatten().collect()
        }
        Planted::Left { at, share } => {
            let at = at * duration_secs + rng.random_range(0.0..15.0);
            if !(theirs.iter().any(|view| end(view) > at) && rng.random_bool(share)) {
                return theirs;
            }
            theirs.iter().filter_map(|view| before(view, at, "PlayerClose")).collect()
        }
    }
}

fn end(view: &View) -> f64 {
    view.start_position + view.seconds_viewed
}

/// What of a run lies before a place; it stops there for `reason`.
fn before(view: &View, at: f64, reason: &str) -> Option<View> {
    let seconds_viewed = micros(end(view).min(at) - view.start_position);
    let is_cut = end(view) > at;
    (seconds_viewed > 0.05).then(|| View {
        seconds_viewed,
        stop_reason: if is_cut { reason.to_owned() } else { view.stop_reason.clone() },
        ..view.clone()
    })
}

/// What of a run lies after a place; it begins there with a jump.
fn after(view: &View, at: f64) -> Option<View> {
    let start_position = micros(view.start_position.max(at));
    let seconds_viewed = micros(end(view) - start_position);
    let is_cut = view.start_position < at;
    (seconds_viewed > 0.05).then(|| View {
        start_position,
        seconds_viewed,
        start_reason: if is_cut { "Seek".to_owned() } else { view.start_reason.clone() },
        ..view.clone()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn view(start_position: f64, seconds_viewed: f64) -> View {
        View { start_position, seconds_viewed, ..View::default() }
    }

    fn runs(place: Planted, theirs: Vec<View>) -> Vec<(f64, f64)> {
        let mut rng = ChaCha12Rng::seed_from_u64(1);
        let planted = planted(theirs, place, 1000.0, &mut rng);
        planted.iter().map(|view| (view.start_position, end(view))).collect()
    }

    #[test]
    fn a_share_of_all_plays_again_jumps_over_or_leaves() {
        let whole = || vec![view(0.0, 1000.0)];
        let again = runs(Planted::Again { from: 0.4, to: 0.5, share: 1.0 }, whole());
        assert_eq!(again.len(), 2);
        assert!(again[1].0 <= 400.0 && again[1].1 >= 500.0, "{again:?}");
        let skipped = runs(Planted::Skipped { from: 0.4, to: 0.5, share: 1.0 }, whole());
        assert!(skipped[0].1 < 404.0 && skipped[1].0 > 496.0 && skipped[1].1 >= 1000.0, "{skipped:?}");
        let left = runs(Planted::Left { at: 0.4, share: 1.0 }, whole());
        assert!(left.len() == 1 && left[0].1 >= 400.0 && left[0].1 < 416.0, "{left:?}");
        assert_eq!(runs(Planted::Left { at: 0.4, share: 0.0 }, whole()), [(0.0, 1000.0)]);
    }

    #[test]
    fn who_never_came_there_stays_as_they_are() {
        let early = || vec![view(0.0, 300.0)];
        for place in [
            Planted::Again { from: 0.4, to: 0.5, share: 1.0 },
            Planted::Skipped { from: 0.4, to: 0.5, share: 1.0 },
            Planted::Left { at: 0.4, share: 1.0 },
        ] {
            assert_eq!(runs(place, early()), [(0.0, 300.0)]);
        }
    }
}
