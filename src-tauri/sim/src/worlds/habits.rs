//! How people watch a course: when, how often, how far.

use crate::world::View;
use crate::worlds::planted::Planted;
use crate::worlds::player::Player;
use chrono::{DateTime, TimeDelta, Utc};
use rand::Rng as _;
use rand::seq::IndexedRandom as _;
use rand_chacha::ChaCha12Rng;
use uuid::Uuid;

/// How many hours the campus is behind UTC. Evening views fall on the next UTC day.
const CAMPUS_HOURS_BEHIND: i64 = 7;

/// How one viewer studies.
pub(crate) struct Viewer {
    pub(crate) id: Uuid,
    /// Share of the videos that this person opens at all.
    diligence: f64,
    manner: Manner,
    speed: f64,
    /// Average days between a recording and its first viewing.
    lag_days: f64,
    /// The last week in which this person watches anything.
    gives_up: Option<i64>,
    /// Whether this person watches videos again before an exam.
    crammer: bool,
}

#[derive(Clone, Copy)]
enum Manner {
    /// Mostly from beginning to end.
    Full,
    /// A bit here and there.
    Skim,
    /// From the beginning, but not to the end.
    DropOff,
    /// In two sittings on different days.
    Sittings,
}

/// A video from a viewer's point of view.
pub(crate) struct Video {
    pub(crate) session: Uuid,
    pub(crate) duration_secs: f64,
    pub(crate) recorded: DateTime<Utc>,
    pub(crate) week: i64,
    /// Where the hard part begins, as a fraction of the video; people come back to it.
    pub(crate) hard_part: f64,
    /// How popular the video is; 1 is average.
    pub(crate) draw: f64,
    /// Places that viewers treat differently from the rest.
    pub(crate) places: &'static [Planted],
}

/// When the exams are, and when viewing ends.
pub(crate) struct Calendar {
    pub(crate) exams: [DateTime<Utc>; 2],
    pub(crate) end: DateTime<Utc>,
}

impl Viewer {
    pub(crate) fn new(id: Uuid, anonymous: bool, rng: &mut ChaCha12Rng) -> Self {
        let manner = match rng.random_range(0..100) {
            0..=44 => Manner::Full,
            45..=62 => Manner::Skim,
            63..=82 => Manner::DropOff,
            _ => Manner::Sittings,
        };
        let speed = [1.0, 1.0, 1.0, 1.25, 1.25, 1.5, 1.5, 2.0].choose(rng).copied().unwrap_or(1.0);
        let diligence = if anonymous { rng.random_range(0.03..0.2) } else { rng.random_range(0.2_f64..1.05).min(0.98) };
        Self {
            id,
            diligence,
            manner,
            speed,
            lag_days: rng.random_range(0.3..6.0),
            gives_up: rng.random_bool(0.18).then(|| rng.random_range(3..11)),
            crammer: rng.random_bool(0.4),
        }
    }

    /// Everything this person does with one video.
    pub(crate) fn watch(&self, video: &Video, calendar: &Calendar, views: &mut Vec<View>, rng: &mut ChaCha12Rng) {
        if self.gives_up.is_some_and(|week| video.week > week) {
            return;
        }
        let fatigue = 1.0 - 0.022 * video.week as f64;
        let opens = rng.random_bool((self.diligence * fatigue * video.draw).clamp(0.0, 1.0));
        if opens {
            let lag_hours = -self.lag_days * 24.0 * rng.random_range(0.05_f64..1.0).ln();
            self.first_time(
                video,
                evening(video.recorded + TimeDelta::hours(lag_hours as i64 + 3), rng),
                calendar,
                views,
                rng,
            );
        }
        for (exam, again) in calendar.exams.into_iter().zip([0.25, 0.34]) {
            let age = exam - video.recorded;
            if self.crammer && age > TimeDelta::days(2) && age < TimeDelta::days(50) && rng.random_bool(again) {
                let day = exam - TimeDelta::days(rng.random_range(0..4)) - TimeDelta::hours(10);
                self.before_exam(video, evening(day, rng), calendar, views, rng);
            }
        }
    }

    fn first_time(
        &self,
        video: &Video,
        at: DateTime<Utc>,
        calendar: &Calendar,
        views: &mut Vec<View>,
        rng: &mut ChaCha12Rng,
    ) {
        if at >= calendar.end {
            return;
        }
        // People vary from day to day.
        let manner = if rng.random_bool(0.75) {
            self.manner
        } else {
            [Manner::Full, Manner::Skim, Manner::DropOff][rng.random_range(0..3)]
        };
        let whole = (video.session, video.duration_secs);
        let mut player = Player::open(rng, views, whole, self.id, at, self.speed);
        match manner {
            Manner::Full => {
                let until = if player.rng.random_bool(0.8) { 1.0 } else { player.rng.random_range(0.9..1.0) };
                player.watch(video.duration_secs * until);
            }
            Manner::Skim => {
                let pieces = player.rng.random_range(3..12);
                player.skim(pieces);
            }
            Manner::DropOff => {
                // Most leave early.
                let part = player.rng.random_range(0.15_f64..0.95).powi(2);
                player.watch(video.duration_secs * part);
            }
            Manner::Sittings => {
                let part = player.rng.random_range(0.3..0.7);
                player.watch(video.duration_secs * part);
            }
        }
        let left_at = player.position;
        player.close();
        if matches!(manner, Manner::Sittings) {
            let later = evening(at + TimeDelta::days(rng.random_range(1..5)), rng);
            if later < calendar.end && rng.random_bool(0.8) {
                let mut player = Player::open(rng, views, whole, self.id, later, self.speed);
                player.seek(left_at - 10.0);
                player.watch(video.duration_secs);
                player.close();
            }
        }
    }

    /// Comes back to the hard part; rarely watches the whole video again.
    fn before_exam(
        &self,
        video: &Video,
        at: DateTime<Utc>,
        calendar: &Calendar,
        views: &mut Vec<View>,
        rng: &mut ChaCha12Rng,
    ) {
        if at >= calendar.end {
            return;
        }
        let speed = if rng.random_bool(0.5) { 2.0 } else { self.speed };
        let mut player = Player::open(rng, views, (video.session, video.duration_secs), self.id, at, speed);
        if player.rng.random_bool(0.2) {
            player.watch(video.duration_secs);
        } else {
            let start = video.duration_secs * (video.hard_part + player.rng.random_range(-0.05..0.05));
            player.seek(start);
            let length = video.duration_secs * player.rng.random_range(0.06..0.22);
            player.watch(start + length);
        }
        player.close();
    }
}

/// A time at which people study: mostly the afternoon and evening of the same day, or of the next if it is already
/// late.
fn evening(around: DateTime<Utc>, rng: &mut ChaCha12Rng) -> DateTime<Utc> {
    let local_midnight = (around - TimeDelta::hours(CAMPUS_HOURS_BEHIND)).date_naive().and_time(chrono::NaiveTime::MIN);
    let hour = f64::midpoint(rng.random_range(8.0..23.0), rng.random_range(11.0..23.5));
    let at =
        local_midnight.and_utc() + TimeDelta::hours(CAMPUS_HOURS_BEHIND) + TimeDelta::seconds((hour * 3600.0) as i64);
    if at < around { at + TimeDelta::days(1) } else { at }
}
