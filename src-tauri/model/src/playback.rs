//! How a run was played: its speed, and whether it began with a jump.
//!
//! Two bytes for each run, because a course can have millions of them: a speed in hundredths and one flag. Deliberately
//! absent: other reasons why runs start and stop, which no figure needs.
//!
//! Invariant: a speed is more than 0; a missing or impossible speed counts as normal.

use serde::{Serialize, Serializer};

use crate::{Day, Interval, StartReason};

/// Panopto's word for a run that starts because the viewer jumped there.
const SEEK: &str = "Seek";

/// A speed of playback, to a hundredth; 1 is normal.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Speed(u16);

impl Speed {
    /// The normal speed.
    pub const NORMAL: Self = Self(100);

    /// Hundredths that fit beside the flag of [`Playback`]: speeds up to 327.67.
    const MOST: u16 = 0x7fff;

    /// The speed that a record gives. Old records give none; a missing or impossible speed counts as normal.
    pub fn of_record(speed: Option<f64>) -> Self {
        match speed {
            Some(speed) if speed.is_finite() && speed > 0.0 => {
                Self((speed * 100.0).round().clamp(1.0, f64::from(Self::MOST)) as u16)
            }
            _ => Self::NORMAL,
        }
    }

    /// As a factor: 1.5 plays three seconds of video in two.
    pub fn factor(self) -> f64 {
        f64::from(self.0) / 100.0
    }
}

impl Serialize for Speed {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_f64(self.factor())
    }
}

/// Speed of a run and whether it began with a jump.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Playback(u16);

impl Playback {
    /// Normal speed, and no jump.
    pub const PLAIN: Self = Self(Speed::NORMAL.0);

    const AFTER_JUMP: u16 = 0x8000;

    /// A run at this speed.
    pub const fn new(speed: Speed, after_jump: bool) -> Self {
        Self(speed.0 | if after_jump { Self::AFTER_JUMP } else { 0 })
    }

    /// What a viewing record says.
    pub fn of_record(speed: Option<f64>, reason: &StartReason) -> Self {
        Self::new(Speed::of_record(speed), Self::is_jump(reason.as_str().as_bytes()))
    }

    /// Whether a record's reason for the start of a run says that the viewer jumped there.
    pub fn is_jump(reason: &[u8]) -> bool {
        reason.trim_ascii().eq_ignore_ascii_case(SEEK.as_bytes())
    }

    /// Both in two bytes; [`Self::from_bits`] restores them.
    pub const fn to_bits(self) -> u16 {
        self.0
    }

    /// Restores what [`Self::to_bits`] gave.
    pub const fn from_bits(bits: u16) -> Self {
        Self(bits)
    }

    /// The speed.
    pub const fn speed(self) -> Speed {
        Speed(self.0 & Speed::MOST)
    }

    /// Whether the viewer jumped to where the run starts.
    pub const fn after_jump(self) -> bool {
        self.0 & Self::AFTER_JUMP != 0
    }
}

/// One run of playback and how it was played.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct PlayedRun {
    /// Index into the course's videos.
    pub video: u32,
    /// The viewer's number within the course: any numbering from 0 without large gaps.
    pub viewer: u32,
    /// The local day on which the server stored the run.
    pub day: Day,
    /// The minute of that day, 0 to 1439.
    pub minute: u16,
    /// How it was played.
    pub playback: Playback,
    /// Where it started, in seconds of video, uncut.
    pub start_secs: f64,
    /// Where it stopped, in seconds of video, uncut.
    pub stop_secs: f64,
}

/// One run of playback, as figures need it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Run {
    /// Index into the course's videos.
    pub video: u32,
    /// The viewer's number within the course, from 0. Any numbering without large gaps will do.
    pub viewer: u32,
    /// The local day on which the server stored the run.
    pub day: Day,
    /// Where it started, in seconds of video, uncut.
    pub start_secs: f64,
    /// Where it stopped, in seconds of video, uncut.
    pub stop_secs: f64,
}

impl From<Run> for PlayedRun {
    /// A run about which nothing more is known: at the start of its day, at normal speed, without a jump.
    fn from(run: Run) -> Self {
        Self {
            video: run.video,
            viewer: run.viewer,
            day: run.day,
            minute: 0,
            playback: Playback::PLAIN,
            start_secs: run.start_secs,
            stop_secs: run.stop_secs,
        }
    }
}

/// How much was watched at one speed.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct SpeedShare {
    /// The speed.
    pub speed: Speed,
    /// Seconds of video played at it.
    pub secs: f64,
    /// Their share of the watch time, 0 to 100.
    pub percent: f64,
}

/// Adds up runs by speed, slowest first; `window` cuts them if only a part of the video is wanted.
pub(crate) fn speed_shares(
    runs: impl Iterator<Item = (Interval, Playback)>,
    window: Option<Interval>,
) -> Vec<SpeedShare> {
    let mut by_speed = std::collections::BTreeMap::<Speed, f64>::new();
    for (run, playback) in runs {
        let secs = window.map_or(run.length_secs(), |window| run.overlap_secs(window.start_secs(), window.end_secs()));
        if secs > 0.0 {
            *by_speed.entry(playback.speed()).or_default() += secs;
        }
    }
    let total_secs: f64 = by_speed.values().sum();
    by_speed.into_iter().map(|(speed, secs)| SpeedShare { speed, secs, percent: secs / total_secs * 100.0 }).collect()
}

#[cfg(test)]
mod tests {
    use super::{Playback, PlayedRun};
    use crate::{Run, StartReason};

    #[test]
    fn what_a_record_says_fits_two_bytes() {
        for (speed, factor) in [
            (None, 1.0),
            (Some(1.0), 1.0),
            (Some(0.75), 0.75),
            (Some(1.333), 1.33),
            (Some(2.0), 2.0),
            (Some(0.0), 1.0),
            (Some(-1.0), 1.0),
            (Some(f64::NAN), 1.0),
            (Some(f64::INFINITY), 1.0),
            (Some(1e-9), 0.01),
            (Some(1e9), 327.67),
        ] {
            for (reason, jumped) in [("Seek", true), ("seek", true), ("Start", false), ("Resume", false), ("", false)] {
                let playback = Playback::of_record(speed, &StartReason::from(reason));
                assert!((playback.speed().factor() - factor).abs() < 1e-9, "{speed:?}");
                assert_eq!(playback.after_jump(), jumped, "{reason}");
            }
        }
        assert_eq!(std::mem::size_of::<Playback>(), 2);
        assert_eq!(std::mem::size_of::<PlayedRun>(), std::mem::size_of::<Run>(), "what is known more costs no room");
    }
}
