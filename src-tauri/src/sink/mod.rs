//! Events of a running sync on their way to the window: reworded, and not more often than an eye can follow.
//!
//! The engine emits from several threads and must not wait, so events go through a queue to one task. It sends at most
//! one progress event per course in [`PACE`], but never leaves the last one out.
//!
//! Invariant: an event that cannot be sent is dropped. A window that is gone is no error.

mod progress;

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use engine::captions::CaptionsProgress;
use engine::events::{Events, SyncEvent as EngineEvent};
use engine::sync::CourseOutcome;
use model::FolderId;
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};
use tokio::task::JoinHandle;

use crate::events::JobEvents;
use crate::pages::sidebar::CourseSummary;
use crate::pages::sync::SyncEvent;
use crate::state::blocking;
use crate::workspace::Workspace;
use progress::{Progress, Step};

/// The shortest time between two progress events of one course.
const PACE: Duration = Duration::from_millis(100);

/// What goes through the queue.
enum Message {
    Engine(EngineEvent),
    Chunking(FolderId),
    Captions(CaptionsProgress),
    CourseSoFar(Box<CourseSummary>),
    CourseDone(Box<CourseSummary>),
}

/// Why a course is looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Look {
    /// Many more videos have come than at the last look.
    SoFar(FolderId),
    /// It is done.
    Done(FolderId),
}

/// How many videos must be fetched before there is something to look at.
const FIRST_LOOK_AT: usize = 10;

/// How many warnings are kept; nobody reads more.
const MOST_WARNINGS: usize = 20;

/// At how many videos each course is looked at next. All looks together read a few times what one look at the end
/// reads.
type NextLooks = Mutex<HashMap<FolderId, usize>>;

/// Watches a sync for the window.
#[derive(Debug)]
pub(crate) struct SyncSink {
    queue: UnboundedSender<Message>,
    looks: UnboundedSender<Look>,
    next_looks: NextLooks,
    warnings: Mutex<Vec<String>>,
}

/// The tasks that serve a sink; they end when the sink is dropped and everything is sent.
#[derive(Debug)]
pub(crate) struct Watchers(JoinHandle<()>, JoinHandle<()>);

impl Watchers {
    /// Waits until everything is sent.
    pub(crate) async fn finish(self) {
        let _ = self.0.await;
        let _ = self.1.await;
    }
}

impl SyncSink {
    /// A sink that feeds `events`; `workspace` tells how a finished course looks.
    pub(crate) fn new(events: JobEvents<SyncEvent>, workspace: Arc<Workspace>) -> (Arc<Self>, Watchers) {
        let (queue, messages) = unbounded_channel();
        let (looks, wanted) = unbounded_channel();
        let sending = tokio::spawn(forward(messages, move |event| events.send(event)));
        let looking = tokio::spawn(look_at(wanted, workspace, queue.clone()));
        (
            Arc::new(Self { queue, looks, next_looks: NextLooks::default(), warnings: Mutex::default() }),
            Watchers(looking, sending),
        )
    }

    /// The chunks of a course are being worked out now.
    pub(crate) fn chunking(&self, course: FolderId) {
        let _ = self.queue.send(Message::Chunking(course));
    }

    /// The captions of a course are being fetched.
    pub(crate) fn captions(&self, progress: CaptionsProgress) {
        let _ = self.queue.send(Message::Captions(progress));
    }

    /// A course is completely done.
    pub(crate) fn course_done(&self, course: FolderId) {
        let _ = self.looks.send(Look::Done(course));
    }

    /// What the sync has warned of so far, each once.
    pub(crate) fn take_warnings(&self) -> Vec<String> {
        std::mem::take(&mut *self.warnings.lock().unwrap_or_else(PoisonError::into_inner))
    }

    fn warned(&self, message: &str) {
        let mut warnings = self.warnings.lock().unwrap_or_else(PoisonError::into_inner);
        if warnings.len() < MOST_WARNINGS && !warnings.iter().any(|known| known == message) {
            warnings.push(message.to_owned());
        }
    }

    /// At how many videos a course is looked at next.
    fn next_look(&self, course: FolderId) -> usize {
        let next_looks = self.next_looks.lock().unwrap_or_else(PoisonError::into_inner);
        next_looks.get(&course).copied().unwrap_or(FIRST_LOOK_AT)
    }

    /// Looks at a course whenever a quarter more videos have come.
    fn videos_came(&self, course: FolderId, done: usize) {
        let mut next_looks = self.next_looks.lock().unwrap_or_else(PoisonError::into_inner);
        let next = next_looks.entry(course).or_insert(FIRST_LOOK_AT);
        if done >= *next {
            *next = done + (done / 4).max(1);
            let _ = self.looks.send(Look::SoFar(course));
        }
    }

    /// Whether a course with this outcome is done only once its chunks are worked out, because its records have
    /// changed.
    pub(crate) fn waits_for_chunks(outcome: &CourseOutcome) -> bool {
        matches!(outcome, CourseOutcome::Synced { .. } | CourseOutcome::Partial { .. })
    }
}

impl Events for SyncSink {
    fn emit(&self, event: EngineEvent) {
        if let EngineEvent::CourseFinished { course, outcome, .. } = &event
            && !Self::waits_for_chunks(outcome)
        {
            self.course_done(*course);
        }
        if let EngineEvent::Video { course, done, .. } = &event {
            self.videos_came(*course, *done);
        }
        // Videos that came before the list was stored could not be looked at.
        if let EngineEvent::Listed { course, .. } = &event
            && self.next_look(*course) > FIRST_LOOK_AT
        {
            let _ = self.looks.send(Look::SoFar(*course));
        }
        if let EngineEvent::Warning { message, .. } = &event {
            self.warned(message);
        }
        let _ = self.queue.send(Message::Engine(event));
    }
}

/// Looks at how courses are now. That blocks, so the engine's threads do not do it.
async fn look_at(mut looks: UnboundedReceiver<Look>, workspace: Arc<Workspace>, queue: UnboundedSender<Message>) {
    while let Some(look) = looks.recv().await {
        let workspace = Arc::clone(&workspace);
        let (Look::SoFar(course) | Look::Done(course)) = look;
        // A course that had data before keeps showing it until it is done.
        let wanted = move |summary: &CourseSummary| look == Look::Done(course) || summary.so_far.is_some();
        let looked = blocking(move || workspace.summary_of(course)).await.ok().filter(wanted).map(Box::new);
        let _ = match (look, looked) {
            (_, None) => Ok(()),
            (Look::SoFar(_), Some(summary)) => queue.send(Message::CourseSoFar(summary)),
            (Look::Done(_), Some(summary)) => queue.send(Message::CourseDone(summary)),
        };
    }
}

async fn forward(mut messages: UnboundedReceiver<Message>, mut send: impl FnMut(SyncEvent)) {
    let mut progress = Progress::default();
    let mut last_sent: HashMap<FolderId, Instant> = HashMap::new();
    let mut held_back: HashMap<FolderId, Instant> = HashMap::new();
    loop {
        let due = held_back.values().min().copied();
        let message = tokio::select! {
            message = messages.recv() => message,
            () = until(due) => {
                let now = Instant::now();
                held_back.retain(|course, at| {
                    if *at > now {
                        return true;
                    }
                    send(progress.event(*course, now));
                    last_sent.insert(*course, now);
                    false
                });
                continue;
            }
        };
        let Some(message) = message else { break };
        let now = Instant::now();
        let (course, at_once) = match message {
            Message::CourseSoFar(course) => {
                send(SyncEvent::CourseSoFar { course });
                continue;
            }
            Message::CourseDone(course) => {
                if let Ok(id) = FolderId::parse(&course.id)
                    && held_back.remove(&id).is_some()
                {
                    send(progress.event(id, now));
                }
                send(SyncEvent::CourseDone { course });
                continue;
            }
            Message::Chunking(course) => {
                progress.chunking(course);
                (course, true)
            }
            Message::Captions(captions) => {
                progress.captions(captions.course, captions.done, captions.total);
                (captions.course, captions.done == captions.total)
            }
            Message::Engine(event) => match progress.take(event, now) {
                Step::Nothing => continue,
                Step::Progress(course) => (course, false),
                Step::Turn(course) => (course, true),
            },
        };
        let next = last_sent.get(&course).map_or(now, |sent| *sent + PACE);
        if at_once || next <= now {
            send(progress.event(course, now));
            last_sent.insert(course, now);
            held_back.remove(&course);
        } else {
            held_back.insert(course, next);
        }
    }
    for course in held_back.into_keys() {
        send(progress.event(course, Instant::now()));
    }
}

async fn until(at: Option<Instant>) {
    match at {
        Some(at) => tokio::time::sleep_until(at.into()).await,
        None => std::future::pending().await,
    }
}

#[cfg(test)]
mod tests {
    use model::SessionId;

    use super::*;

    fn course() -> FolderId {
        FolderId::parse("6513270e-269e-4d37-b2a7-4de452e6b438").unwrap()
    }

    #[tokio::test]
    async fn thousands_of_videos_are_a_few_messages_and_the_last_is_among_them() {
        let (queue, messages) = unbounded_channel();
        let sent = Arc::new(Mutex::new(Vec::new()));
        let task = tokio::spawn({
            let sent = Arc::clone(&sent);
            forward(messages, move |event| sent.lock().unwrap().push(event))
        });
        let sink = SyncSink {
            queue,
            looks: unbounded_channel().0,
            next_looks: NextLooks::default(),
            warnings: Mutex::default(),
        };
        sink.emit(EngineEvent::Listed {
            course: course(),
            name: String::new(),
            folders: 1,
            videos: 5_000,
            to_fetch: 5_000,
        });
        for done in 1..=4_999 {
            sink.emit(EngineEvent::Video {
                course: course(),
                video: SessionId::NIL,
                name: done.to_string(),
                done,
                total: 5_000,
                records: 1,
                failed: false,
            });
        }
        tokio::time::sleep(PACE * 2).await;
        drop(sink);
        task.await.unwrap();
        let sent = sent.lock().unwrap();
        assert!((2..50).contains(&sent.len()), "{}", sent.len());
        assert!(matches!(&sent[0], SyncEvent::Progress { text, .. } if text.starts_with("0 of 5,000")));
        assert!(matches!(sent.last(), Some(SyncEvent::Progress { text, .. }) if text.starts_with("4,999 of 5,000")));
    }

    #[tokio::test]
    async fn videos_that_came_before_the_list_are_looked_at_once_it_is_stored() {
        let (looks, mut wanted) = unbounded_channel();
        let queue = unbounded_channel().0;
        let sink = SyncSink { queue, looks, next_looks: NextLooks::default(), warnings: Mutex::default() };
        let listed =
            || EngineEvent::Listed { course: course(), name: String::new(), folders: 1, videos: 40, to_fetch: 40 };
        let came = |done| EngineEvent::Video {
            course: course(),
            video: SessionId::NIL,
            name: String::new(),
            done,
            total: 40,
            records: 1,
            failed: false,
        };
        sink.emit(listed());
        (1..10).for_each(|done| sink.emit(came(done)));
        assert!(wanted.try_recv().is_err(), "there is too little to look at");
        sink.emit(came(10));
        assert_eq!(wanted.try_recv().unwrap(), Look::SoFar(course()));
        sink.emit(came(11));
        assert!(wanted.try_recv().is_err());
        sink.emit(listed());
        assert_eq!(wanted.try_recv().unwrap(), Look::SoFar(course()));
    }
}
