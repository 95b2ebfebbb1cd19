//! How long the work will still take: said only when there is something to go by, and never more exactly than it is
//! known.
//!
//! Pure: the caller gives the time. The pace is that of the last minute, because videos differ and servers slow down.
//! Deliberately absent: what a step is, and when to show an estimate.

use std::collections::VecDeque;
use std::time::Duration;

/// The span from which the pace is taken.
const WINDOW: Duration = Duration::from_secs(60);
/// For this long after the first step nothing is said, because the first answers say little.
const SILENT_FOR: Duration = Duration::from_secs(4);
/// Steps within this time of the first set no pace: what an interrupted sync had fetched arrives all at once, without
/// the server.
const AT_ONCE: Duration = Duration::from_secs(1);
/// The fewest steps that give a pace.
const FEWEST_STEPS: usize = 5;

/// The steps that are done, and when they were.
#[derive(Debug, Default)]
pub struct Pace {
    /// The first step, whether or not it sets the pace.
    began: Option<Duration>,
    /// The steps that set the pace.
    steps: VecDeque<Duration>,
    done: usize,
}

impl Pace {
    /// A step was done at `now`, counted from the start of the work.
    pub fn step(&mut self, now: Duration) {
        self.done += 1;
        if now < *self.began.get_or_insert(now) + AT_ONCE {
            return;
        }
        self.steps.push_back(now);
        while self.steps.front().is_some_and(|step| *step + WINDOW < now) {
            self.steps.pop_front();
        }
    }

    /// The time for the rest of `total` steps; `None` while it is unknown, and when nothing is left.
    pub fn remaining(&self, total: usize, now: Duration) -> Option<Duration> {
        let left = total.checked_sub(self.done)?;
        let recent = || self.steps.iter().filter(|step| **step + WINDOW >= now);
        // Counted from the first step, because the work before it (listing folders) has a pace of its own.
        let span = now.checked_sub(*recent().next()?)?;
        let count = recent().count();
        if left == 0 || count < FEWEST_STEPS || span < SILENT_FOR {
            return None;
        }
        Some(span.mul_f64(left as f64 / (count - 1) as f64))
    }
}

/// A remaining time in words, rounded up: `less than a minute left`, `about 4 min left`, `about 2 h 10 min left`.
pub fn in_words(remaining: Duration) -> String {
    let minutes = remaining.as_secs().div_ceil(60);
    match minutes {
        0 | 1 => "less than a minute left".to_owned(),
        2..10 => format!("about {minutes} min left"),
        // From ten minutes on in steps of five, from two hours on in steps of ten.
        10..120 => format!("about {} min left", minutes.next_multiple_of(5)),
        _ => {
            let minutes = minutes.next_multiple_of(10);
            format!("about {} left", model::words::time(minutes as f64 * 60.0))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn secs(secs: u64) -> Duration {
        Duration::from_secs(secs)
    }

    #[test]
    fn nothing_is_said_at_the_start() {
        let mut pace = Pace::default();
        assert_eq!(pace.remaining(100, secs(30)), None);
        for tenth in 0..20 {
            pace.step(secs(30) + Duration::from_millis(100 * tenth));
        }
        assert_eq!(pace.remaining(100, secs(32)), None);
        let mut slow = Pace::default();
        slow.step(secs(8));
        assert_eq!(slow.remaining(100, secs(20)), None);
    }

    #[test]
    fn time_before_the_first_step_does_not_count() {
        let mut pace = Pace::default();
        for second in 1..=11 {
            pace.step(secs(1000 + second));
        }
        assert_eq!(pace.remaining(31, secs(1011)).unwrap(), secs(20));
    }

    #[test]
    fn the_pace_is_that_of_the_last_minute() {
        let mut pace = Pace::default();
        for second in 1..=200 {
            pace.step(secs(second));
        }
        // From now on there is one step every ten seconds.
        for step in 1..=12 {
            pace.step(secs(200 + 10 * step));
        }
        let left = pace.remaining(212 + 60, secs(320)).unwrap();
        assert!((500..=700).contains(&left.as_secs()), "{left:?}");
    }

    #[test]
    fn a_standstill_promises_nothing() {
        let mut pace = Pace::default();
        for second in 1..=20 {
            pace.step(secs(second));
        }
        assert!(pace.remaining(100, secs(30)).is_some());
        assert_eq!(pace.remaining(100, secs(200)), None);
        assert_eq!(pace.remaining(20, secs(30)), None);
    }

    #[test]
    fn what_an_earlier_sync_fetched_sets_no_pace() {
        let mut pace = Pace::default();
        for milli in 0..300 {
            pace.step(Duration::from_millis(milli));
        }
        assert_eq!(pace.remaining(320, secs(6)), None);
        for second in 2..=12 {
            pace.step(secs(second));
        }
        assert_eq!(pace.remaining(321, secs(12)).unwrap(), secs(10));
    }

    #[test]
    fn words_are_no_more_exact_than_the_guess() {
        assert_eq!(in_words(secs(3)), "less than a minute left");
        assert_eq!(in_words(secs(61)), "about 2 min left");
        assert_eq!(in_words(secs(11 * 60)), "about 15 min left");
        assert_eq!(in_words(secs(125 * 60)), "about 2 h 10 min left");
    }
}
