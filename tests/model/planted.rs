//! Videos with planted moments, and plain ones. Their viewers leave one by one, pause, and jump back a few seconds; in
//! a planted moment some of them do one thing at one place.
//!
//! It shares nothing with the code that it judges. The same seed gives the same video.

use model::{Day, MomentKind, Playback, PlayedRun, Speed};

use crate::oracle;

/// A small generator of numbers.
pub(crate) struct Chance(u64);

impl Chance {
    pub(crate) fn new(seed: u64) -> Self {
        let mut chance = Self(seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1);
        for _ in 0..4 {
            chance.next();
        }
        chance
    }

    fn next(&mut self) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0.wrapping_mul(0x2545_F491_4F6C_DD1D)
    }

    /// From 0 to 1.
    pub(crate) fn share(&mut self) -> f64 {
        (self.next() >> 11) as f64 / (1u64 << 53) as f64
    }

    pub(crate) fn between(&mut self, low: f64, high: f64) -> f64 {
        low + (high - low) * self.share()
    }

    pub(crate) fn below(&mut self, limit: u32) -> u32 {
        (self.share() * f64::from(limit)) as u32
    }

    fn exponential(&mut self, mean: f64) -> f64 {
        -mean * (1.0 - self.share()).ln()
    }
}

/// How restless the viewers of a video are.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum Manner {
    /// They leave one by one, pause, and jump back a few seconds.
    Calm,
    /// They also press *back* and *forward* again and again, look into the video here and there, change the speed, come
    /// back on another day, or watch all of it twice. Some only look in briefly.
    Lively,
}

/// A planted moment.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Planted {
    pub(crate) kind: MomentKind,
    pub(crate) from_secs: f64,
    pub(crate) to_secs: f64,
    /// The chance that a viewer who reaches the place does it.
    pub(crate) share: f64,
    /// How many did.
    pub(crate) people: u32,
    /// How many reached the place.
    pub(crate) of: u32,
}

/// A video, and what happened in it.
pub(crate) struct Made {
    pub(crate) duration_secs: f64,
    pub(crate) runs: Vec<PlayedRun>,
    pub(crate) planted: Vec<Planted>,
}

impl Made {
    pub(crate) fn views(&self) -> model::CourseViews {
        let video = model::VideoInfo { duration_secs: Some(self.duration_secs), ..oracle::video(0, None) };
        model::CourseViews::of_played(vec![video], self.runs.clone())
    }
}

/// A video of 10 to 90 minutes with 40 to 220 viewers and, on request, one to three moments.
pub(crate) fn video(seed: u64, manner: Manner, with_moments: bool) -> Made {
    let mut chance = Chance::new(seed);
    let duration_secs = chance.between(600.0, 5400.0).round();
    let viewers = 40 + chance.below(181);
    let mut planted = if with_moments { plant(&mut chance, duration_secs) } else { Vec::new() };
    let completing = chance.between(0.3, 0.8);
    let mut runs = Vec::new();
    for viewer in 0..viewers {
        let mut player = Player {
            viewer,
            day: chance.below(30).cast_signed(),
            speed: [1.0, 1.0, 1.0, 1.25, 1.5, 2.0][chance.below(6) as usize],
            after_jump: false,
            at_secs: 0.0,
            runs: &mut runs,
        };
        let whole = chance.share() < completing;
        let mut until_secs = if whole { duration_secs } else { chance.between(0.02, 1.0) * duration_secs };
        if manner == Manner::Lively {
            match chance.below(20) {
                0 => until_secs = chance.exponential(40.0).min(duration_secs),
                1 | 2 => {
                    player.look_here_and_there(&mut chance, duration_secs);
                    continue;
                }
                _ => {}
            }
        }
        player.watch(&mut chance, until_secs, manner, &mut planted);
        if manner == Manner::Lively && chance.share() < 0.15 {
            player.day += 5;
            player.jump(0.0);
            let until_secs = chance.between(0.3, 1.0) * duration_secs;
            player.watch(&mut chance, until_secs, manner, &mut []);
        }
    }
    Made { duration_secs, runs, planted }
}

/// One to three places that are not close to each other.
fn plant(chance: &mut Chance, duration_secs: f64) -> Vec<Planted> {
    let count = 1 + chance.below(3);
    let mut planted: Vec<Planted> = Vec::new();
    for _ in 0..200 {
        if planted.len() as u32 == count {
            break;
        }
        let (kind, length_secs) = match chance.below(3) {
            0 => (MomentKind::WatchedAgain, chance.between(15.0, 150.0)),
            1 => (MomentKind::Skipped, chance.between(20.0, 120.0)),
            _ => (MomentKind::Left, 20.0),
        };
        let from_secs = chance.between(0.08, 0.85) * duration_secs;
        let to_secs = from_secs + length_secs;
        let room_secs = 60.0;
        let free =
            planted.iter().all(|other| to_secs + room_secs < other.from_secs || other.to_secs + room_secs < from_secs);
        if free && to_secs < 0.94 * duration_secs {
            let share = chance.between(0.18, 0.5);
            planted.push(Planted { kind, from_secs, to_secs, share, people: 0, of: 0 });
        }
    }
    planted.sort_by(|a, b| a.from_secs.total_cmp(&b.from_secs));
    planted
}

struct Player<'a> {
    viewer: u32,
    day: i32,
    speed: f64,
    after_jump: bool,
    at_secs: f64,
    runs: &'a mut Vec<PlayedRun>,
}

impl Player<'_> {
    fn play(&mut self, to_secs: f64) {
        if to_secs > self.at_secs {
            self.runs.push(PlayedRun {
                video: 0,
                viewer: self.viewer,
                day: Day::new(18_500 + self.day),
                minute: 0,
                playback: Playback::new(Speed::of_record(Some(self.speed)), self.after_jump),
                start_secs: self.at_secs,
                stop_secs: to_secs,
            });
            self.at_secs = to_secs;
            self.after_jump = false;
        }
    }

    fn jump(&mut self, to_secs: f64) {
        self.at_secs = to_secs.max(0.0);
        self.after_jump = true;
    }

    /// Watches on to `until_secs`, or until the viewer leaves at a planted place.
    fn watch(&mut self, chance: &mut Chance, until_secs: f64, manner: Manner, planted: &mut [Planted]) {
        let mut next_planted = 0;
        while self.at_secs < until_secs {
            let stretch_secs = chance.exponential(if manner == Manner::Calm { 240.0 } else { 120.0 }) + 3.0;
            let to_secs = (self.at_secs + stretch_secs).min(until_secs);
            if let Some(here) = planted.get_mut(next_planted) {
                // Nobody does it at exactly the same second.
                let trigger_secs = match here.kind {
                    MomentKind::WatchedAgain => here.to_secs + chance.between(-2.0, 2.0),
                    _ => here.from_secs + chance.between(-2.0, 2.0),
                };
                if to_secs >= trigger_secs {
                    next_planted += 1;
                    if trigger_secs <= self.at_secs {
                        continue;
                    }
                    here.of += 1;
                    if chance.share() < here.share {
                        here.people += 1;
                        self.play(trigger_secs);
                        match here.kind {
                            MomentKind::WatchedAgain => self.jump(here.from_secs + chance.between(-3.0, 3.0)),
                            MomentKind::Skipped => self.jump(here.to_secs + chance.between(-3.0, 3.0)),
                            _ => {
                                let left_secs = chance.between(here.from_secs, here.to_secs);
                                self.play(left_secs);
                                return;
                            }
                        }
                    }
                    continue;
                }
            }
            self.play(to_secs);
            if self.at_secs < until_secs {
                self.pause_or_jump(chance, manner);
            }
        }
    }

    fn pause_or_jump(&mut self, chance: &mut Chance, manner: Manner) {
        let back_secs = chance.between(3.0, 12.0);
        match (manner, chance.below(10)) {
            (Manner::Calm, 0..=4) | (Manner::Lively, 0..=2) => self.at_secs += chance.between(0.0, 0.12),
            (Manner::Calm, _) | (Manner::Lively, 3..=4) => self.jump(self.at_secs - back_secs),
            (Manner::Lively, 5 | 6) => {
                // *Back* pressed up to three times, with a moment of playing in between.
                for _ in 0..=chance.below(3) {
                    self.jump(self.at_secs - 10.0);
                    self.play(self.at_secs + 0.7);
                }
            }
            (Manner::Lively, 7) => {
                for _ in 0..=chance.below(4) {
                    self.jump(self.at_secs + 10.0);
                    self.play(self.at_secs + 0.7);
                }
            }
            (Manner::Lively, 8) => self.jump(self.at_secs - chance.between(5.0, 40.0)),
            (Manner::Lively, _) => self.speed = [0.75, 1.0, 1.25, 1.5, 2.0][chance.below(5) as usize],
        }
    }

    fn look_here_and_there(&mut self, chance: &mut Chance, duration_secs: f64) {
        let pieces = 3 + chance.below(9);
        for _ in 0..pieces {
            self.play((self.at_secs + chance.between(8.0, 75.0)).min(duration_secs));
            let on_secs = duration_secs / f64::from(pieces) * chance.between(0.6, 1.1);
            if self.at_secs + on_secs >= duration_secs {
                break;
            }
            self.jump(self.at_secs + on_secs);
        }
    }
}
