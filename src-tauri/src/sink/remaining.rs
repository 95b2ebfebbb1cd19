//! An honest guess of how long the rest takes.
//!
//! From the pace so far: steps done over the time they took. Said only when it can be trusted: some steps and some
//! seconds must have passed. Rounded up to what a person would say, so that it does not twitch.

use std::time::Duration;

const FEWEST_STEPS: usize = 3;
const SHORTEST: Duration = Duration::from_secs(3);

/// The rest, for `done` of `total` steps after `elapsed`; `None` where it would be a guess in the dark.
pub(super) fn remaining(done: usize, total: usize, elapsed: Duration) -> Option<Duration> {
    if done < FEWEST_STEPS || elapsed < SHORTEST || done >= total {
        return None;
    }
    Some(elapsed.mul_f64((total - done) as f64 / done as f64))
}

/// The rest in words: `less than 10 s left`, `about 40 s left`, `about 2 min left`, `about 1 h 30 min left`.
pub(super) fn in_words(rest: Duration) -> String {
    let secs = rest.as_secs() + u64::from(rest.subsec_nanos() > 0);
    match secs {
        0..=9 => "less than 10 s left".to_owned(),
        10..=54 => format!("about {} s left", secs.div_ceil(10) * 10),
        55..=3_569 => format!("about {} min left", secs.div_ceil(60)),
        _ => {
            let halves = secs.div_ceil(1800);
            if halves.is_multiple_of(2) {
                format!("about {} h left", halves / 2)
            } else {
                format!("about {} h 30 min left", halves / 2)
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_is_said_before_there_is_a_pace() {
        assert_eq!(remaining(2, 100, Duration::from_secs(60)), None);
        assert_eq!(remaining(50, 100, Duration::from_secs(2)), None);
        assert_eq!(remaining(100, 100, Duration::from_secs(60)), None);
        assert_eq!(remaining(0, 0, Duration::from_secs(60)), None);
    }

    #[test]
    fn the_rest_goes_on_at_the_pace_so_far() {
        assert_eq!(remaining(10, 40, Duration::from_secs(20)), Some(Duration::from_secs(60)));
    }

    #[test]
    fn people_say_it_roughly() {
        let words = |secs| in_words(Duration::from_secs(secs));
        assert_eq!(words(0), "less than 10 s left");
        assert_eq!(words(31), "about 40 s left");
        assert_eq!(words(55), "about 1 min left");
        assert_eq!(words(61), "about 2 min left");
        assert_eq!(words(3_570), "about 1 h left");
        assert_eq!(words(3_601), "about 1 h 30 min left");
        assert_eq!(words(7_000), "about 2 h left");
    }
}
