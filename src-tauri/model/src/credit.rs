//! Credit for watching: points for people by what they covered of some videos before a deadline.
//!
//! The rule is the teacher's and is said beside every list. Deliberately absent: who is who, deadlines as instants, and files of
//! gradebooks. Panopto's own percentage and where a play head last was never count.
//!
//! Invariants: nothing recorded is not zero until the teacher decides so; a value lies in 0 to the maximum and has at most
//! two decimals; what is close to the threshold is told.

/// How coverage becomes points.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum CreditScale {
    /// A video counts whole from the threshold on, and not at all below it.
    Full,
    /// Below the threshold a video counts in proportion: half of the threshold is half of its points.
    Proportional,
}

impl CreditScale {
    /// The word for programs.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Full => "full",
            Self::Proportional => "proportional",
        }
    }
}

/// The rule.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct CreditRule {
    /// From which coverage on a video counts whole, in percent, more than 0, at most 100.
    pub threshold_percent: f64,
    /// The points for all videos, more than 0.
    pub points: f64,
    /// How coverage becomes points.
    pub scale: CreditScale,
    /// Decimals of a value: 0 to 2.
    pub decimals: u8,
    /// Whether somebody without any viewing of these videos gets 0; else they are left out.
    pub nothing_is_zero: bool,
}

/// Why a rule cannot be used.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum NoCreditRule {
    /// The threshold is out of range.
    #[error("the threshold is a percentage above 0 and up to 100")]
    Threshold,
    /// The points are out of range.
    #[error("the points are a number above 0 and up to 100,000")]
    Points,
    /// The decimals are out of range.
    #[error("a value has 0, 1 or 2 decimals")]
    Decimals,
    /// There is no video to count.
    #[error("at least one video with a length is needed")]
    NoVideo,
}

/// This far below the threshold, in points of coverage, is close to it.
pub const NEAR_POINTS: f64 = 2.0;
/// No gradebook has more.
const MOST_POINTS: f64 = 100_000.0;

impl CreditRule {
    /// Checks the rule.
    pub fn check(&self) -> Result<(), NoCreditRule> {
        if !(self.threshold_percent > 0.0 && self.threshold_percent <= 100.0) {
            return Err(NoCreditRule::Threshold);
        }
        if !(self.points > 0.0 && self.points <= MOST_POINTS) {
            return Err(NoCreditRule::Points);
        }
        if self.decimals > 2 {
            return Err(NoCreditRule::Decimals);
        }
        Ok(())
    }

    /// A number of points as the rule rounds it: half up, within 0 and the maximum.
    pub fn rounded(&self, points: f64) -> f64 {
        let scale = 10_f64.powi(i32::from(self.decimals));
        // A sum such as 2.675 lies a hair below what is meant.
        let rounded = (points * scale + 1e-9).round() / scale;
        rounded.clamp(0.0, self.points)
    }

    /// What somebody has earned. `coverage` is of each video in percent; `None` where no viewing is recorded.
    pub fn earned(&self, coverage: &[Option<f64>]) -> Earned {
        let reaches = |percent: f64| percent + 1e-9 >= self.threshold_percent;
        let share = |percent: Option<f64>| match percent {
            None => 0.0,
            Some(percent) if reaches(percent) => 1.0,
            Some(percent) => match self.scale {
                CreditScale::Full => 0.0,
                CreditScale::Proportional => (percent / self.threshold_percent).clamp(0.0, 1.0),
            },
        };
        let sum: f64 = coverage.iter().map(|percent| share(*percent)).sum();
        let near = coverage.iter().enumerate().filter(|(_, percent)| {
            percent.is_some_and(|percent| !reaches(percent) && percent + NEAR_POINTS + 1e-9 >= self.threshold_percent)
        });
        Earned {
            near: near.map(|(video, _)| video).collect(),
            counted: coverage.iter().flatten().filter(|percent| reaches(**percent)).count(),
            credit: if coverage.iter().all(Option::is_none) {
                if self.nothing_is_zero {
                    Credit::DecidedZero
                } else {
                    Credit::LeftOut(LeftOutOfCredit::NothingRecorded)
                }
            } else {
                Credit::Points(self.rounded(self.points * sum / coverage.len() as f64))
            },
        }
    }
}

/// What somebody gets: a value, a zero that was decided, or nothing at all. The three are never mixed.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Credit {
    /// These points.
    Points(f64),
    /// Zero, because the teacher has decided that nothing watched is zero.
    DecidedZero,
    /// No value; the gradebook keeps what it has.
    LeftOut(LeftOutOfCredit),
}

impl Credit {
    /// The value that is written; `None` where none is.
    pub const fn value(self) -> Option<f64> {
        match self {
            Self::Points(points) => Some(points),
            Self::DecidedZero => Some(0.0),
            Self::LeftOut(_) => None,
        }
    }

    /// The word for programs.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Points(_) => "points",
            Self::DecidedZero => "decided-zero",
            Self::LeftOut(_) => "left-out",
        }
    }
}

/// Why somebody gets no value.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum LeftOutOfCredit {
    /// No viewing of the videos is recorded before the deadline.
    NothingRecorded,
    /// Nobody in Panopto is known to be this person.
    NotFound,
    /// Who it is was only suggested.
    OnlySuggested,
    /// What is known of the person contradicts itself.
    Conflict,
    /// The teacher has decided it.
    Decided,
}

impl LeftOutOfCredit {
    /// The word for programs.
    pub const fn word(self) -> &'static str {
        match self {
            Self::NothingRecorded => "nothing-recorded",
            Self::NotFound => "not-found",
            Self::OnlySuggested => "only-suggested",
            Self::Conflict => "conflict",
            Self::Decided => "decided",
        }
    }

    /// In words.
    pub const fn sentence(self) -> &'static str {
        match self {
            Self::NothingRecorded => "no viewing recorded before the deadline",
            Self::NotFound => "not found among the viewers",
            Self::OnlySuggested => "not confirmed who it is",
            Self::Conflict => "what is known contradicts itself",
            Self::Decided => "left out by you",
        }
    }
}

/// What somebody has earned, and what is worth a look.
#[derive(Debug, Clone, PartialEq)]
pub struct Earned {
    /// What they get.
    pub credit: Credit,
    /// How many videos reach the threshold.
    pub counted: usize,
    /// Videos that are close below the threshold, by their place.
    pub near: Vec<usize>,
}

#[cfg(test)]
mod tests {
    use super::*;

    const RULE: CreditRule = CreditRule {
        threshold_percent: 75.0,
        points: 10.0,
        scale: CreditScale::Full,
        decimals: 1,
        nothing_is_zero: false,
    };

    #[test]
    fn full_counts_videos_and_proportional_counts_what_was_covered() {
        let coverage = [Some(75.0), Some(60.0), None, Some(100.0)];
        assert_eq!(RULE.earned(&coverage).credit, Credit::Points(5.0));
        let proportional = CreditRule { scale: CreditScale::Proportional, ..RULE };
        assert_eq!(proportional.earned(&coverage).credit, Credit::Points(7.0));
        assert_eq!(proportional.earned(&[Some(37.5)]).credit, Credit::Points(5.0));
    }

    #[test]
    fn nothing_recorded_is_no_zero_until_it_is_decided() {
        assert_eq!(RULE.earned(&[None, None]).credit, Credit::LeftOut(LeftOutOfCredit::NothingRecorded));
        let strict = CreditRule { nothing_is_zero: true, ..RULE };
        assert_eq!(strict.earned(&[None, None]).credit, Credit::DecidedZero);
        assert_eq!(RULE.earned(&[Some(0.5)]).credit, Credit::Points(0.0), "opened is no zero of nothing");
    }

    #[test]
    fn what_is_close_is_told_and_what_reaches_is_not() {
        let earned = RULE.earned(&[Some(73.0), Some(72.9), Some(74.999), Some(75.0)]);
        assert_eq!((earned.near, earned.counted), (vec![0, 2], 1));
    }

    #[expect(clippy::float_cmp, reason = "rounded numbers are the decimal they look like")]
    #[test]
    fn values_are_rounded_half_up_and_stay_within_the_maximum() {
        let rule = CreditRule { decimals: 2, points: 8.025, ..RULE };
        assert_eq!(rule.rounded(2.675), 2.68);
        assert_eq!(rule.rounded(9.0), 8.025);
        assert_eq!(CreditRule { decimals: 0, ..RULE }.rounded(2.5), 3.0);
    }

    #[test]
    fn a_rule_out_of_range_is_refused() {
        for rule in [
            CreditRule { threshold_percent: 0.0, ..RULE },
            CreditRule { threshold_percent: f64::NAN, ..RULE },
            CreditRule { points: -1.0, ..RULE },
            CreditRule { decimals: 3, ..RULE },
        ] {
            assert!(rule.check().is_err(), "{rule:?}");
        }
        assert_eq!(RULE.check(), Ok(()));
    }
}
