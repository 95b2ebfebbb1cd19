//! How far each course of a sync is, in the window's words.
//!
//! Pure: events of the engine and the time go in, what to show comes out. Invariant: the share of a course never goes
//! back.

use std::collections::HashMap;
use std::time::{Duration, Instant};

use engine::events::SyncEvent as EngineEvent;
use engine::remaining::{Pace, in_words};
use model::{FolderId, words};

use crate::pages::sync::{SyncEvent, SyncPhase};

/// What an event of the engine means for the window.
#[derive(Debug, PartialEq)]
pub(super) enum Step {
    /// Nothing to show.
    Nothing,
    /// The course has moved on; may be dropped in favour of a later step.
    Progress(FolderId),
    /// The same, but it must be shown.
    Turn(FolderId),
}

/// All courses of one sync.
#[derive(Debug, Default)]
pub(super) struct Progress {
    courses: HashMap<FolderId, Course>,
}

#[derive(Debug, Default)]
struct Course {
    phase: Phase,
    done: usize,
    total: usize,
    records: u64,
    /// Records of the videos that are still being read.
    reading: HashMap<model::SessionId, u64>,
    video: Option<String>,
    /// When its videos were listed; the pace counts from there.
    since: Option<Instant>,
    pace: Pace,
    note: Option<String>,
    captions: Captions,
}

/// Videos whose captions were asked for, of how many.
#[derive(Debug, Default, Clone, Copy)]
struct Captions {
    done: usize,
    total: usize,
}

#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
enum Phase {
    #[default]
    Waiting,
    Listing,
    Fetching,
    Chunking,
    Captions,
}

impl Progress {
    /// Takes in an event of the engine.
    pub(super) fn take(&mut self, event: EngineEvent, now: Instant) -> Step {
        match event {
            EngineEvent::Listing { course, .. } => {
                self.courses.entry(course).or_default().phase = Phase::Listing;
                Step::Turn(course)
            }
            EngineEvent::Listed { course, to_fetch, .. } => {
                let entry = self.courses.entry(course).or_default();
                (entry.phase, entry.total, entry.since) = (Phase::Fetching, to_fetch, Some(now));
                Step::Turn(course)
            }
            EngineEvent::Records { course, video, received, .. } => {
                self.courses.entry(course).or_default().reading.insert(video, received);
                Step::Progress(course)
            }
            EngineEvent::Video { course, video, name, done, total, records, .. } => {
                let entry = self.courses.entry(course).or_default();
                entry.reading.remove(&video);
                entry.records += records;
                // A video that is asked for again is counted once.
                if done > entry.done {
                    entry.done = done;
                    entry.pace.step(entry.elapsed(now));
                }
                entry.total = total;
                entry.video = Some(name);
                entry.note = None;
                if entry.done == total { Step::Turn(course) } else { Step::Progress(course) }
            }
            EngineEvent::Waiting { reason, secs } => {
                // A pause that the server asks for affects every course that is being fetched.
                for course in self.courses.values_mut().filter(|course| course.phase == Phase::Fetching) {
                    course.note = Some(format!("{reason}, waiting {}", words::time(secs.max(1.0))));
                }
                Step::Nothing
            }
            EngineEvent::Started { .. }
            | EngineEvent::Warning { .. }
            | EngineEvent::CourseFinished { .. }
            | EngineEvent::Finished { .. } => Step::Nothing,
        }
    }

    /// The chunks of a course are being worked out now.
    pub(super) fn chunking(&mut self, course: FolderId) {
        self.courses.entry(course).or_default().phase = Phase::Chunking;
    }

    /// The captions of a course are being fetched.
    pub(super) fn captions(&mut self, course: FolderId, done: usize, total: usize) {
        let entry = self.courses.entry(course).or_default();
        (entry.phase, entry.captions) = (Phase::Captions, Captions { done, total });
    }

    /// What to show of a course.
    pub(super) fn event(&self, course: FolderId, now: Instant) -> SyncEvent {
        let nothing = Course::default();
        let entry = self.courses.get(&course).unwrap_or(&nothing);
        let fetched = entry.done >= entry.total;
        let share = (entry.phase == Phase::Fetching && !fetched).then(|| entry.done as f64 / entry.total as f64);
        let (phase, short, text) = match entry.phase {
            Phase::Waiting => (SyncPhase::Waiting, "waiting".to_owned(), "Waiting for its turn".to_owned()),
            Phase::Listing => {
                (SyncPhase::Listing, "listing videos".to_owned(), "Listing folders and videos".to_owned())
            }
            Phase::Fetching if entry.total == 0 => (SyncPhase::Finishing, "nothing new".to_owned(), entry.fetching()),
            Phase::Fetching if fetched => (SyncPhase::Finishing, "finishing".to_owned(), entry.fetching()),
            Phase::Fetching => (SyncPhase::Fetching, short(share.unwrap_or_default()), entry.fetching()),
            Phase::Captions => {
                let Captions { done, total } = entry.captions;
                let videos = words::counted(total as u64, "video", "videos");
                let text = format!("Captions of {} of {videos}", words::count(done as u64));
                (SyncPhase::Captions, "captions".to_owned(), text)
            }
            Phase::Chunking => (SyncPhase::Chunking, "finishing".to_owned(), "Working out the parts".to_owned()),
        };
        let remaining = share.and_then(|_| entry.pace.remaining(entry.total, entry.elapsed(now)));
        SyncEvent::Progress {
            course_id: course.to_string(),
            phase,
            share,
            short,
            text,
            remaining: remaining.map(in_words),
            remaining_secs: remaining.map(|rest| rest.as_secs_f64().ceil() as u32),
            video: entry.video.clone().filter(|_| phase == SyncPhase::Fetching),
        }
    }
}

impl Course {
    fn elapsed(&self, now: Instant) -> Duration {
        self.since.map_or(Duration::ZERO, |since| now.saturating_duration_since(since))
    }

    fn fetching(&self) -> String {
        let records = self.records + self.reading.values().sum::<u64>();
        let done =
            format!("{} of {}", words::count(self.done as u64), words::counted(self.total as u64, "video", "videos"));
        let text = format!("{done} · {}", words::counted(records, "viewing record", "viewing records"));
        match &self.note {
            Some(note) => format!("{text} · {note}"),
            None => text,
        }
    }
}

/// Whole percent, rounded down. `100 %` is never shown, because the course is not over yet.
fn short(share: f64) -> String {
    format!("{} %", (share * 100.0).floor())
}

#[cfg(test)]
mod tests {
    use model::SessionId;

    use super::*;

    fn course() -> FolderId {
        FolderId::parse("6513270e-269e-4d37-b2a7-4de452e6b438").unwrap()
    }

    fn video(done: usize, total: usize) -> EngineEvent {
        EngineEvent::Video {
            course: course(),
            video: SessionId::NIL,
            name: format!("Video {done}"),
            done,
            total,
            records: 1_000,
            failed: false,
        }
    }

    fn shown(progress: &Progress, now: Instant) -> (String, String, Option<String>) {
        match progress.event(course(), now) {
            SyncEvent::Progress { short, text, remaining, .. } => (short, text, remaining),
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn a_course_is_told_from_listing_to_its_last_video() {
        let (mut progress, start) = (Progress::default(), Instant::now());
        assert_eq!(shown(&progress, start).0, "waiting");
        assert_eq!(
            progress.take(EngineEvent::Listing { course: course(), name: String::new() }, start),
            Step::Turn(course())
        );
        assert_eq!(shown(&progress, start).0, "listing videos");
        let listed = EngineEvent::Listed { course: course(), name: String::new(), folders: 1, videos: 9, to_fetch: 8 };
        assert_eq!(progress.take(listed, start), Step::Turn(course()));
        assert_eq!(shown(&progress, start).1, "0 of 8 videos · 0 viewing records");
        let later = start + Duration::from_secs(14);
        for done in 1..8 {
            let at = start + Duration::from_secs(2) * u32::try_from(done).unwrap();
            assert_eq!(progress.take(video(done, 8), at), Step::Progress(course()));
        }
        let (short, text, remaining) = shown(&progress, later);
        assert_eq!((short.as_str(), text.as_str()), ("87 %", "7 of 8 videos · 7,000 viewing records"));
        assert_eq!(remaining.as_deref(), Some("less than a minute left"));
        assert!(matches!(progress.event(course(), later), SyncEvent::Progress { remaining_secs: Some(2), .. }));
        assert_eq!(progress.take(video(8, 8), start), Step::Turn(course()));
        // Everything is fetched, and there is still something to do.
        assert_eq!(shown(&progress, later).0, "finishing");
        assert!(matches!(
            progress.event(course(), later),
            SyncEvent::Progress { phase: SyncPhase::Finishing, share: None, video: None, .. }
        ));
        progress.chunking(course());
        assert_eq!(shown(&progress, later).1, "Working out the parts");
    }

    #[test]
    fn pages_of_a_video_count_until_it_is_done() {
        let (mut progress, now) = (Progress::default(), Instant::now());
        progress.take(
            EngineEvent::Listed { course: course(), name: String::new(), folders: 1, videos: 2, to_fetch: 2 },
            now,
        );
        let page = |received| EngineEvent::Records { course: course(), video: SessionId::NIL, received, total: None };
        progress.take(page(400), now);
        progress.take(page(900), now);
        assert_eq!(shown(&progress, now).1, "0 of 2 videos · 900 viewing records");
        progress.take(video(1, 2), now);
        assert_eq!(shown(&progress, now).1, "1 of 2 videos · 1,000 viewing records");
    }

    #[test]
    fn a_pause_the_server_asked_for_is_said() {
        let (mut progress, now) = (Progress::default(), Instant::now());
        progress.take(
            EngineEvent::Listed { course: course(), name: String::new(), folders: 1, videos: 2, to_fetch: 2 },
            now,
        );
        progress.take(EngineEvent::Waiting { reason: "the server is busy".to_owned(), secs: 20.0 }, now);
        assert!(shown(&progress, now).1.ends_with("the server is busy, waiting 20 s"));
    }
}
