//! A video player that one person watches: what it reports to the server, and when.
//!
//! A run ends with each pause, seek, change of speed, and when the player closes. The player reports runs in batches,
//! about once a minute of real time, and at once when it closes. The server stores the rows of a batch a few
//! milliseconds apart.

use crate::clock::sql_time;
use crate::world::View;
use crate::worlds::stress::micros;
use chrono::{DateTime, TimeDelta, Utc};
use rand::Rng as _;
use rand_chacha::ChaCha12Rng;
use uuid::Uuid;

/// Seconds of real time between two reports of the player.
const REPORT_SECS: f64 = 60.0;

/// An open player.
pub(crate) struct Player<'a> {
    pub(crate) rng: &'a mut ChaCha12Rng,
    views: &'a mut Vec<View>,
    session: Uuid,
    user: Uuid,
    duration_secs: f64,
    opened: DateTime<Utc>,
    /// Real seconds since the player was opened.
    elapsed_secs: f64,
    /// Where the player is, in seconds of video.
    pub(crate) position: f64,
    speed: f64,
    next_reason: &'static str,
    /// Runs not yet reported.
    batch: Vec<View>,
    reported_secs: f64,
}

impl<'a> Player<'a> {
    pub(crate) fn open(
        rng: &'a mut ChaCha12Rng,
        views: &'a mut Vec<View>,
        (session, duration_secs): (Uuid, f64),
        user: Uuid,
        opened: DateTime<Utc>,
        speed: f64,
    ) -> Self {
        Self {
            rng,
            views,
            session,
            user,
            duration_secs,
            opened,
            elapsed_secs: 0.0,
            position: 0.0,
            speed,
            next_reason: "Start",
            batch: Vec::new(),
            reported_secs: 0.0,
        }
    }

    pub(crate) fn at_end(&self) -> bool {
        self.position >= self.duration_secs - 0.5
    }

    /// Plays up to `until` (in seconds of video) or to the end of the video, then stops for `reason`.
    fn run(&mut self, until: f64, reason: &'static str) {
        let until = until.min(self.duration_secs);
        let seconds = micros(until - self.position);
        if seconds < 0.05 {
            return;
        }
        self.elapsed_secs += seconds / self.speed;
        let ended = until >= self.duration_secs - 0.01;
        let mut view = View::new(self.session, self.user, self.opened, micros(self.position), seconds);
        view.playback_speed = Some(self.speed);
        self.next_reason.clone_into(&mut view.start_reason);
        (if ended { "End" } else { reason }).clone_into(&mut view.stop_reason);
        self.batch.push(view);
        self.position = until;
        self.next_reason = if ended { "Start" } else { "Resume" };
        if self.elapsed_secs - self.reported_secs >= REPORT_SECS {
            let late = (self.elapsed_secs / REPORT_SECS).ceil() * REPORT_SECS;
            self.report(late);
        }
    }

    /// Watches up to `until`, with an ordinary viewer's pauses and an occasional jump back.
    pub(crate) fn watch(&mut self, until: f64) {
        while self.position < until.min(self.duration_secs) - 0.5 {
            let length = -self.rng.random_range(0.02_f64..1.0).ln() * 330.0 + 12.0;
            let next = (self.position + length).min(until);
            match self.rng.random_range(0..20) {
                0..=9 => {
                    self.run(next, "Pause");
                    self.pause();
                }
                10..=14 => {
                    self.run(next, "Seek");
                    let back = self.rng.random_range(5.0..40.0);
                    self.seek(self.position - back);
                }
                15..=16 => {
                    self.run(next, "Seek");
                    let ahead = self.rng.random_range(5.0..60.0);
                    self.seek((self.position + ahead).min(until));
                }
                _ => {
                    self.run(next, "SpeedChange");
                    self.change_speed();
                }
            }
        }
    }

    /// Watches `pieces` short pieces between the current position and the end.
    pub(crate) fn skim(&mut self, pieces: usize) {
        let step = (self.duration_secs - self.position) / pieces.max(1) as f64;
        for _ in 0..pieces {
            if self.at_end() {
                break;
            }
            let length = self.rng.random_range(8.0..75.0_f64).min(step * 0.9);
            self.run(self.position + length, "Seek");
            let ahead = step * self.rng.random_range(0.6..1.1) - length;
            self.seek(self.position + ahead.max(1.0));
        }
    }

    pub(crate) fn seek(&mut self, to: f64) {
        self.position = micros(to.clamp(0.0, (self.duration_secs - 0.2).max(0.0)));
        self.elapsed_secs += self.rng.random_range(0.4..3.0);
        if self.next_reason != "Start" || !self.batch.is_empty() || self.reported_secs > 0.0 {
            self.next_reason = "Seek";
        }
    }

    fn pause(&mut self) {
        let secs = if self.rng.random_bool(0.8) {
            self.rng.random_range(2.0..40.0)
        } else {
            self.rng.random_range(40.0..900.0)
        };
        self.elapsed_secs += secs;
        // The real player resumes slightly after the position at which it stopped.
        self.position = (self.position + self.rng.random_range(0.0..0.12)).min(self.duration_secs);
    }

    fn change_speed(&mut self) {
        let speeds = [1.0, 1.0, 1.25, 1.5, 2.0];
        self.speed = speeds[self.rng.random_range(0..speeds.len())];
        if !self.at_end() {
            self.next_reason = "NewSpeed";
        }
    }

    /// Closes the player, which reports whatever it has not reported yet.
    pub(crate) fn close(mut self) {
        if let Some(last) = self.batch.last_mut()
            && last.stop_reason != "End"
            && self.rng.random_bool(0.7)
        {
            "PlayerClose".clone_into(&mut last.stop_reason);
        }
        let now = self.elapsed_secs + 0.3;
        self.report(now);
    }

    fn report(&mut self, at_secs: f64) {
        let mut millis = (at_secs * 1000.0) as i64 + self.rng.random_range(0..400);
        for mut view in self.batch.drain(..) {
            view.time = sql_time(self.opened + TimeDelta::milliseconds(millis));
            millis += 7;
            self.views.push(view);
        }
        self.reported_secs = at_secs;
    }
}
