//! A world made to break programs: deep, large, and full of unexpected values.

use crate::clock::sql_time;
use crate::world::{Folder, Session, User, View, World};
use crate::worlds::{demo_user, new_id};
use chrono::{DateTime, TimeDelta, Utc};
use rand::seq::IndexedRandom as _;
use rand::{Rng as _, SeedableRng as _};
use rand_chacha::ChaCha12Rng;
use std::collections::HashMap;
use uuid::Uuid;

/// The size of a stress world.
#[derive(Debug, Clone, PartialEq)]
pub struct Stress {
    /// Levels of folders below the course folder.
    pub depth: usize,
    /// Folders on each level; only the first of them contains the next level.
    pub folders_per_level: usize,
    /// Sessions in each folder, including the course folder.
    pub sessions_per_folder: usize,
    /// Viewers; one in ten is anonymous.
    pub viewers: usize,
    /// Viewing records of each session.
    pub views_per_session: usize,
    /// The last day with records.
    pub until: DateTime<Utc>,
    /// The number of days over which the records are spread.
    pub days: u32,
    /// Whether names, descriptions and durations are unexpected.
    pub hostile: bool,
    /// Whether some rows are odd: out of range, without a speed, with an unknown reason, with a nil viewer, or equal to
    /// another row in every value.
    pub odd_rows: bool,
}

impl Default for Stress {
    fn default() -> Self {
        Self {
            depth: 5,
            folders_per_level: 6,
            sessions_per_folder: 3,
            viewers: 40,
            views_per_session: 60,
            until: DateTime::from_timestamp(1_640_900_000, 0).unwrap_or_default(),
            days: 90,
            hostile: true,
            odd_rows: true,
        }
    }
}

/// Names that have broken programs before.
pub(crate) const HOSTILE_NAMES: [&str; 24] = [
    "../../etc/passwd",
    "..",
    "CON",
    "aux.txt",
    "trailing dot. ",
    "a/b\\c:d*e?f\"g<h>i|j",
    "<img src=x onerror=alert(1)>",
    "</svg><script>alert(1)</script>",
    "]]></name><x y='1'>&amp;&#x41;",
    "=cmd|' /C calc'!A0",
    "@SUM(1+1)*cmd|'x'!A1",
    "line one\nline two\r\nline three",
    "tab\tand bell \u{7} and escape \u{1b}[31m",
    "nul \u{0} inside",
    "right to left \u{202e}gnp.exe",
    "zero\u{200b}width\u{feff}",
    "👩🏽‍🏫 Vorlesung — Übung №1",
    "数据结构与算法・第三回",
    "comma, \"quoted\", and 'single'",
    "%2e%2e%2f%00 percent {0} ${HOME} $(id)",
    "[brackets] [6513270e-269e-4d37-b2a7-4de452e6b438]",
    "e\u{301}te\u{301} decomposed",
    "",
    "   ",
];

impl World {
    /// A course of this size; its folder is the first. The same seed gives the same course.
    pub fn stress(seed: u64, spec: &Stress) -> Self {
        let mut rng = ChaCha12Rng::seed_from_u64(seed);
        let mut world = Self { users: vec![demo_user()], ..Self::default() };
        world.add_folders(spec, &mut rng);
        world.add_sessions(spec, &mut rng);
        let viewers: Vec<_> = (0..spec.viewers)
            .map(|number| {
                let id = new_id(&mut rng);
                if number % 10 != 9 {
                    let username = format!("unified\\viewer{number:04}");
                    world.users.push(User { id, username, name: format!("Viewer {number}"), ..User::default() });
                }
                id
            })
            .collect();
        if !viewers.is_empty() {
            world.views.reserve(world.sessions.len() * spec.views_per_session);
            for session in 0..world.sessions.len() {
                world.add_views(session, &viewers, spec, &mut rng);
            }
        }
        world
    }

    fn add_folders(&mut self, spec: &Stress, rng: &mut ChaCha12Rng) {
        let creator = self.users.first().map(|user| user.id);
        let root = new_id(rng);
        self.folders.push(Folder { creator, ..Folder::new(root, "STRS 500 \"Stress\", tests & trials", None) });
        let mut parent = root;
        for level in 1..=spec.depth {
            let mut next = parent;
            for number in 0..spec.folders_per_level {
                let id = new_id(rng);
                let plain = format!("Level {level} folder {number:03}");
                let name = if spec.hostile && number % 2 == 1 { hostile_name(&plain, number + level) } else { plain };
                let description = (spec.hostile && number % 3 == 0).then(|| hostile_name("", number));
                self.folders.push(Folder { description, creator, ..Folder::new(id, name, Some(parent)) });
                if number == 0 {
                    next = id;
                }
            }
            parent = next;
        }
    }

    fn add_sessions(&mut self, spec: &Stress, rng: &mut ChaCha12Rng) {
        let creator = self.users.first().map(|user| user.id);
        for folder in 0..self.folders.len() {
            for number in 0..spec.sessions_per_folder {
                let id = new_id(rng);
                let plain = format!("Session {folder:03}-{number:03}");
                let hostile = spec.hostile && rng.random_bool(0.3);
                let name = if hostile { hostile_name(&plain, self.sessions.len()) } else { plain };
                let length = f64::from(rng.random_range(60_000..5_400_000_u32)) / 1000.0;
                let duration = match rng.random_range(0..40) {
                    0 if spec.hostile => None,
                    1 if spec.hostile => Some(0.0),
                    _ => Some(length),
                };
                self.sessions.push(Session {
                    id,
                    folder: self.folders[folder].id,
                    name,
                    description: hostile.then(|| hostile_name("", self.sessions.len() + 7)),
                    duration,
                    start_time: Some(
                        spec.until
                            - TimeDelta::days(i64::from(spec.days))
                            - TimeDelta::hours(number.cast_signed() as i64),
                    ),
                    creator: creator.filter(|_| number % 5 != 4),
                });
            }
        }
    }

    fn add_views(&mut self, session: usize, viewers: &[Uuid], spec: &Stress, rng: &mut ChaCha12Rng) {
        let (id, duration) = (self.sessions[session].id, self.sessions[session].duration.unwrap_or(600.0));
        let span_millis = i64::from(spec.days) * 86_400_000;
        let speeds = [Some(1.0), Some(1.0), Some(1.25), Some(1.5), Some(2.0), Some(0.75)];
        let wanted = self.views.len() + spec.views_per_session;
        while self.views.len() < wanted {
            let Some(&user) = viewers.choose(rng) else { return };
            let time = sql_time(spec.until - TimeDelta::milliseconds(rng.random_range(0..span_millis.max(1))));
            let start = micros(rng.random_range(0.0..duration.max(1.0)));
            let seconds = micros(rng.random_range(0.0..(duration - start).max(0.001)));
            let mut view = View::new(id, user, time, start, seconds);
            view.playback_speed = speeds.choose(rng).copied().flatten();
            if let Some(reason) = ["Start", "Resume", "Seek", "NewSpeed"].choose(rng) {
                (*reason).clone_into(&mut view.start_reason);
            }
            if let Some(reason) = ["Pause", "Seek", "SpeedChange", "PlayerClose", "End"].choose(rng) {
                (*reason).clone_into(&mut view.stop_reason);
            }
            if spec.odd_rows && make_odd(&mut view, duration, rng) {
                self.views.push(view.clone());
            }
            self.views.push(view);
        }
    }
}

impl World {
    /// Makes some rows odd, like those of the stress world: out of range, without speed, with unknown reasons, or
    /// duplicated. Also removes the duration of one session in twenty. The same seed gives the same result.
    pub fn make_odd(&mut self, seed: u64) {
        let mut rng = ChaCha12Rng::seed_from_u64(seed);
        for session in &mut self.sessions {
            if rng.random_bool(0.05) {
                session.duration = None;
            }
        }
        let durations: HashMap<Uuid, f64> =
            self.sessions.iter().map(|session| (session.id, session.duration.unwrap_or(600.0))).collect();
        let views = std::mem::take(&mut self.views);
        for mut view in views {
            let duration = durations.get(&view.session).copied().unwrap_or(600.0);
            if make_odd(&mut view, duration, &mut rng) {
                self.views.push(view.clone());
            }
            self.views.push(view);
        }
    }
}

/// Turns a row into something unexpected, or leaves it as it is. True if the row should appear twice.
fn make_odd(view: &mut View, duration: f64, rng: &mut ChaCha12Rng) -> bool {
    match rng.random_range(0..60) {
        0 => view.seconds_viewed = 0.0,
        1 => view.seconds_viewed = -12.5,
        2 => view.seconds_viewed = 1e9,
        3 => view.seconds_viewed = duration * 1.5,
        4 => view.start_position = duration + 30.25,
        5 => view.start_position = -0.000_01,
        6 => view.start_position = 1e-7,
        7 => view.playback_speed = None,
        8 => "Unknown".clone_into(&mut view.start_reason),
        9 => "Unexpected".clone_into(&mut view.stop_reason),
        10 => "Rewind".clone_into(&mut view.start_reason),
        11 => "Network<&>".clone_into(&mut view.stop_reason),
        12 => view.user = Uuid::nil(),
        13 => return true,
        _ => {}
    }
    false
}

/// Goes through the hostile names in turn; one of the results is `plain` made very long.
fn hostile_name(plain: &str, turn: usize) -> String {
    match HOSTILE_NAMES.get(turn % (HOSTILE_NAMES.len() + 1)) {
        Some(name) => (*name).to_owned(),
        None => format!("{plain}{}", "x".repeat(300)),
    }
}

/// Rounds to millionths, as the player reports positions.
pub(crate) fn micros(seconds: f64) -> f64 {
    (seconds * 1e6).round() / 1e6
}
