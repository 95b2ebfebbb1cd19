//! The progress of a sync: bars on a terminal, otherwise an occasional line.
//!
//! Events of several courses alternate and come from several threads, so each course has its own bar or lines.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use engine::events::{Events, SyncEvent};
use engine::outcome::failed_in_words;
use engine::remaining::{Pace, in_words};
use engine::sync::CourseOutcome;
use indicatif::{ProgressBar, ProgressStyle};
use model::line::cut_middle;
use model::{FolderId, SessionId, words};

use crate::terminal::{Showing, Terminal, shown};

/// Without a terminal: the shortest time between two lines about one course if only its counts have changed.
const LINE_EVERY: Duration = Duration::from_secs(10);
/// The shortest time between two lines that say that the server asks to wait.
const WAITING_EVERY: Duration = Duration::from_secs(60);
/// Shorter pauses are not reported.
const SHORTEST_WAITING_SECS: f64 = 2.0;
/// Most columns of a name in front of a bar.
const NAME_WIDTH: usize = 28;

/// Watches one sync. See [`Events`].
pub(crate) struct SyncProgress {
    terminal: Terminal,
    state: Mutex<ShownState>,
}

/// Everything that is known about the sync so far.
struct ShownState {
    started: Instant,
    courses: HashMap<FolderId, CourseProgress>,
    /// How many courses the sync will work on; 0 before it has begun.
    expected: usize,
    listed: usize,
    finished: usize,
    pace: Pace,
    total_bar: Option<ProgressBar>,
    last_waiting: Option<Instant>,
}

/// How far one course is.
struct CourseProgress {
    name: String,
    /// Whether all of its folders have been read. Videos may be requested before that.
    listed: bool,
    done: usize,
    total: usize,
    /// Records of the videos that are done.
    records: u64,
    /// Records of the videos that are being read.
    being_read: HashMap<SessionId, u64>,
    bar: Option<ProgressBar>,
    last_line: Instant,
}

impl CourseProgress {
    fn text(&self) -> String {
        let records = self.records + self.being_read.values().sum::<u64>();
        if !self.listed {
            return format!("reading its folders, {}", words::counted(records, "record", "records"));
        }
        format!(
            "{} of {}, {}",
            words::count(self.done as u64),
            words::counted(self.total as u64, "video", "videos"),
            words::counted(records, "record", "records")
        )
    }
}

impl SyncProgress {
    /// Begins to watch.
    pub(crate) fn new(terminal: Terminal) -> Self {
        let state = ShownState {
            started: Instant::now(),
            courses: HashMap::new(),
            expected: 0,
            listed: 0,
            finished: 0,
            pace: Pace::default(),
            total_bar: None,
            last_waiting: None,
        };
        Self { terminal, state: Mutex::new(state) }
    }

    fn line(&self, text: &str) {
        if self.terminal.showing() != Showing::Nothing {
            self.terminal.line(text);
        }
    }

    fn bar(&self, template: &str) -> Option<ProgressBar> {
        (self.terminal.showing() == Showing::Bars).then(|| {
            let style = ProgressStyle::with_template(template).expect("the template is a constant");
            self.terminal.bars().add(ProgressBar::new(1).with_style(style.progress_chars("━╸ ")))
        })
    }

    fn course<'a>(&self, state: &'a mut ShownState, id: FolderId, name: &str) -> &'a mut CourseProgress {
        let total_bar = state.total_bar.clone();
        let course = state.courses.entry(id).or_insert_with(|| CourseProgress {
            name: String::new(),
            listed: false,
            done: 0,
            total: 0,
            records: 0,
            being_read: HashMap::new(),
            bar: self.bar("{prefix} {bar:24.cyan/dim} {msg}").map(|bar| match &total_bar {
                // The line about all courses stays at the bottom.
                Some(total) => {
                    self.terminal.bars().remove(&bar);
                    self.terminal.bars().insert_before(total, bar)
                }
                None => bar,
            }),
            last_line: Instant::now(),
        });
        if !name.is_empty() {
            course.name = shown(name);
        } else if course.name.is_empty() {
            course.name = id.to_string();
        }
        if let Some(bar) = &course.bar {
            let fitted = cut_middle(&course.name, NAME_WIDTH as f64, |text| console::measure_text_width(text) as f64);
            bar.set_prefix(console::pad_str(&fitted, NAME_WIDTH, console::Alignment::Left, None).into_owned());
        }
        course
    }

    fn show_total(state: &ShownState) {
        let Some(bar) = &state.total_bar else { return };
        let mut text =
            format!("{} of {} done", state.finished, words::counted(state.expected as u64, "course", "courses"));
        if let Some(left) = remaining(state) {
            text.push_str(", ");
            text.push_str(&left);
        }
        bar.set_message(text);
    }

    fn waiting(&self, state: &mut ShownState, reason: &str, secs: f64) {
        let is_news = state.last_waiting.is_none_or(|last| last.elapsed() >= WAITING_EVERY);
        if secs >= SHORTEST_WAITING_SECS && is_news {
            state.last_waiting = Some(Instant::now());
            self.line(&format!("Waiting {}: {}", words::time(secs), shown(reason)));
        }
    }

    fn counted_on(&self, state: &mut ShownState, id: FolderId) {
        let left = remaining(state);
        let alone = state.expected == 1;
        if let Some(course) = state.courses.get_mut(&id) {
            let mut text = course.text();
            if let Some(left) = left.filter(|_| alone || course.bar.is_none()) {
                text.push_str(", ");
                text.push_str(&left);
            }
            if let Some(bar) = &course.bar {
                bar.set_length(course.total.max(1) as u64);
                bar.set_position(if course.listed && course.total == 0 { 1 } else { course.done as u64 });
                bar.set_message(text);
            } else if course.last_line.elapsed() >= LINE_EVERY {
                course.last_line = Instant::now();
                self.line(&format!("{}: {text}", course.name));
            }
        }
        Self::show_total(state);
    }
}

fn remaining(state: &ShownState) -> Option<String> {
    // As long as a course has not been listed, nobody knows how much there is to do.
    if state.listed < state.expected {
        return None;
    }
    let total = state.courses.values().map(|course| course.total).sum();
    state.pace.remaining(total, state.started.elapsed()).map(in_words)
}

impl Events for SyncProgress {
    fn emit(&self, event: SyncEvent) {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        let state = &mut *state;
        match event {
            SyncEvent::Started { courses } => {
                state.expected = courses.len();
                if state.expected > 1 {
                    state.total_bar = self.bar("{msg}");
                    Self::show_total(state);
                }
            }
            SyncEvent::Listing { course, name } => {
                let course = self.course(state, course, &name);
                match &course.bar {
                    Some(bar) => bar.set_message("reading its folders"),
                    None => self.line(&format!("{}: reading its folders", course.name)),
                }
            }
            SyncEvent::Listed { course: id, name, folders, videos, to_fetch } => {
                state.listed += 1;
                let course = self.course(state, id, &name);
                course.listed = true;
                course.total = to_fetch;
                course.last_line = Instant::now();
                if course.bar.is_none() {
                    let asked = match to_fetch {
                        0 => "nothing to ask".to_owned(),
                        all if all == videos => "asking about all".to_owned(),
                        some => format!("asking about {}", words::count(some as u64)),
                    };
                    self.line(&format!(
                        "{}: {} in {}, {asked}",
                        course.name,
                        words::counted(videos as u64, "video", "videos"),
                        words::counted(folders as u64, "folder", "folders"),
                    ));
                }
                self.counted_on(state, id);
            }
            SyncEvent::Video { course: id, video, name, done, total, records, failed } => {
                state.pace.step(state.started.elapsed());
                let course = self.course(state, id, "");
                course.being_read.remove(&video);
                course.records += records;
                course.done = done;
                course.total = total;
                if failed {
                    self.line(&format!("{}: `{}` failed and will be tried again", course.name, shown(&name)));
                }
                self.counted_on(state, id);
            }
            SyncEvent::Records { course: id, video, received, .. } => {
                self.course(state, id, "").being_read.insert(video, received);
                self.counted_on(state, id);
            }
            SyncEvent::Waiting { reason, secs } => self.waiting(state, &reason, secs),
            SyncEvent::Warning { message, hint, .. } => self.terminal.warning(&message, hint.as_deref()),
            SyncEvent::CourseFinished { course: id, name, outcome } => {
                state.finished += 1;
                // The remaining videos will not be fetched any more.
                let course = self.course(state, id, &name);
                course.total = course.done;
                if let Some(bar) = self.course(state, id, &name).bar.take() {
                    self.terminal.bars().remove(&bar);
                }
                self.line(&format!("{}: {}", shown(&name), outcome_in_words(&outcome)));
                Self::show_total(state);
            }
            SyncEvent::Finished { .. } => {
                if let Some(bar) = state.total_bar.take() {
                    self.terminal.bars().remove(&bar);
                }
            }
        }
    }
}

impl Drop for SyncProgress {
    fn drop(&mut self) {
        // After an error there is no `Finished`; a bar that stayed would look as if the work went on.
        let state = self.state.get_mut().unwrap_or_else(PoisonError::into_inner);
        for bar in state.courses.values_mut().filter_map(|course| course.bar.take()).chain(state.total_bar.take()) {
            self.terminal.bars().remove(&bar);
        }
    }
}

/// The result of a course in a few words: `1,204 new records, 3 new videos`.
pub(crate) fn outcome_in_words(outcome: &CourseOutcome) -> String {
    let changes = |new_records: u64, new_videos: usize, gone_videos: usize| {
        let mut parts = vec![words::counted(new_records, "new record", "new records")];
        if new_videos > 0 {
            parts.push(words::counted(new_videos as u64, "new video", "new videos"));
        }
        if gone_videos > 0 {
            parts.push(words::counted(gone_videos as u64, "video", "videos") + " gone");
        }
        parts.join(", ")
    };
    match outcome {
        CourseOutcome::UpToDate { .. } => "up to date".to_owned(),
        CourseOutcome::Synced { new_records, new_videos, gone_videos, .. } => {
            changes(*new_records, *new_videos, *gone_videos)
        }
        CourseOutcome::Partial { videos, new_records, new_videos, gone_videos, failed } => {
            let failed = failed_in_words(failed, *videos as u64);
            format!("{}, {failed}", changes(*new_records, *new_videos, *gone_videos))
        }
        // The reason is reported once, with the result.
        CourseOutcome::Failed { .. } => "failed".to_owned(),
        CourseOutcome::Cancelled => "stopped; what is done is kept".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn outcomes_read_well() {
        let synced = CourseOutcome::Synced { videos: 40, new_records: 1204, new_videos: 1, gone_videos: 2 };
        assert_eq!(outcome_in_words(&synced), "1,204 new records, 1 new video, 2 videos gone");
        let same = CourseOutcome::Synced { videos: 40, new_records: 0, new_videos: 0, gone_videos: 0 };
        assert_eq!(outcome_in_words(&same), "0 new records");
    }
}
