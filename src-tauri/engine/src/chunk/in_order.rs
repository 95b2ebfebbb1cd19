//! Work that several threads do at once, with its results written in order.
//!
//! Threads take the tasks in order, and one task at a time has the turn to write. Its results are written at once;
//! those of later tasks wait. No thread begins a task while too much waits, so the waiting bytes are bounded. Buffers
//! are reused.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Condvar, Mutex, PoisonError};

use super::work::locked;
use crate::{Error, ErrorCode, Result};

/// How many tasks may be begun beyond the one that has the turn.
const TASKS_AHEAD: usize = 16;
/// While this many bytes wait, no task is begun.
const MOST_WAITING_BYTES: usize = 16 << 20;
/// How many buffers are kept for reuse.
const MOST_SPARE: usize = 4;

/// Where the results go, in order: the number of the task and a piece of its result.
pub(super) trait Sink: Send {
    /// Takes the next piece.
    fn take(&mut self, task: usize, bytes: &[u8]) -> Result<()>;
}

impl<F: FnMut(usize, &[u8]) -> Result<()> + Send> Sink for F {
    fn take(&mut self, task: usize, bytes: &[u8]) -> Result<()> {
        self(task, bytes)
    }
}

/// The tasks `0..count` and their one sink.
pub(super) struct InOrder<S> {
    count: usize,
    state: Mutex<WriterState>,
    changed: Condvar,
    /// The task that has the turn: a copy of `WriterState::turn` that can be read without waiting.
    turn: AtomicUsize,
    failed: AtomicBool,
    sink: Mutex<S>,
}

#[derive(Default)]
struct WriterState {
    next: usize,
    turn: usize,
    waiting: BTreeMap<usize, Vec<u8>>,
    waiting_bytes: usize,
    spare: Vec<Vec<u8>>,
    error: Option<Error>,
}

impl<S: Sink> InOrder<S> {
    pub(super) fn new(count: usize, sink: S) -> Self {
        Self {
            count,
            state: Mutex::default(),
            changed: Condvar::new(),
            turn: AtomicUsize::new(0),
            failed: AtomicBool::new(false),
            sink: Mutex::new(sink),
        }
    }

    /// The next task and an empty buffer for it. `None` if there are no more, or if one has failed.
    pub(super) fn next_task(&self) -> Option<(usize, Vec<u8>)> {
        let mut state = locked(&self.state);
        loop {
            if state.error.is_some() || state.next == self.count {
                return None;
            }
            // The task that has the turn was begun before anything could wait for it, so some thread is at work on it.
            if state.next <= state.turn + TASKS_AHEAD && state.waiting_bytes < MOST_WAITING_BYTES {
                let task = state.next;
                state.next += 1;
                return Some((task, state.spare.pop().unwrap_or_default()));
            }
            state = self.changed.wait(state).unwrap_or_else(PoisonError::into_inner);
        }
    }

    /// If it is this unfinished task's turn, writes what it has made so far and empties the buffer.
    pub(super) fn hand_on(&self, task: usize, bytes: &mut Vec<u8>) -> Result<()> {
        if self.failed.load(Ordering::Relaxed) {
            // Another task has failed and its error is kept, so this one only has to stop.
            return Err(Error::cancelled());
        }
        if self.turn.load(Ordering::Acquire) == task {
            locked(&self.sink).take(task, bytes)?;
            bytes.clear();
        }
        Ok(())
    }

    /// Ends a task. If it has the turn, writes the rest of its result and everything that waited for it; otherwise its
    /// result waits.
    pub(super) fn finish(&self, task: usize, bytes: Vec<u8>) -> Result<()> {
        let mut state = locked(&self.state);
        if task != state.turn {
            state.waiting_bytes += bytes.len();
            state.waiting.insert(task, bytes);
            return Ok(());
        }
        let mut ready = bytes;
        loop {
            // Only the thread of the task that has the turn writes. So nobody else needs the sink, and the state need
            // not stay locked.
            let turn = state.turn;
            drop(state);
            if !ready.is_empty() {
                locked(&self.sink).take(turn, &ready)?;
            }
            ready.clear();
            state = locked(&self.state);
            if state.spare.len() < MOST_SPARE {
                state.spare.push(ready);
            }
            state.turn += 1;
            self.turn.store(state.turn, Ordering::Release);
            self.changed.notify_all();
            match state.waiting.remove(&(turn + 1)) {
                Some(next) => {
                    state.waiting_bytes -= next.len();
                    ready = next;
                }
                None => return Ok(()),
            }
        }
    }

    /// Stops all threads with this error, unless there already is one.
    pub(super) fn fail(&self, error: Error) {
        // First the reason, then the sign: a thread that sees the sign and stops reports too, and must not be the first.
        locked(&self.state).error.get_or_insert(error);
        self.failed.store(true, Ordering::Relaxed);
        self.changed.notify_all();
    }

    /// Each thread that takes tasks holds this guard. If the thread panics, the others stop instead of waiting for its
    /// task for ever.
    pub(super) fn guard(&self) -> PanicGuard<'_, S> {
        PanicGuard(self)
    }

    /// The overall result, once all threads have ended.
    pub(super) fn outcome(self) -> Result<()> {
        self.state.into_inner().unwrap_or_else(PoisonError::into_inner).error.map_or(Ok(()), Err)
    }
}

/// See [`InOrder::guard`].
pub(super) struct PanicGuard<'a, S: Sink>(&'a InOrder<S>);

impl<S: Sink> Drop for PanicGuard<'_, S> {
    fn drop(&mut self) {
        if std::thread::panicking() {
            self.0.fail(Error::new(ErrorCode::Internal, "A fault of this program ended the chunking"));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn run(threads: usize, count: usize, make: impl Fn(usize) -> Result<Vec<Vec<u8>>> + Sync) -> Result<Vec<u8>> {
        let mut written = Vec::new();
        let mut last = 0;
        let tasks = InOrder::new(count, |task: usize, bytes: &[u8]| {
            assert!(task >= last, "task {task} after {last}");
            last = task;
            written.extend_from_slice(bytes);
            Ok(())
        });
        std::thread::scope(|scope| {
            for _ in 0..threads {
                scope.spawn(|| {
                    let _guard = tasks.guard();
                    while let Some((task, mut out)) = tasks.next_task() {
                        let done = make(task).and_then(|pieces| {
                            for piece in pieces {
                                out.extend_from_slice(&piece);
                                tasks.hand_on(task, &mut out)?;
                            }
                            tasks.finish(task, out)
                        });
                        if let Err(error) = done {
                            tasks.fail(error);
                        }
                    }
                });
            }
        });
        tasks.outcome()?;
        Ok(written)
    }

    fn pieces(task: usize) -> Vec<Vec<u8>> {
        (0..task % 5).map(|piece| format!("{task}.{piece};").into_bytes()).collect()
    }

    #[test]
    fn everything_is_written_once_and_in_order() {
        let expected: Vec<u8> = (0..500).flat_map(pieces).flatten().collect();
        for threads in 1..=8 {
            for _ in 0..20 {
                assert_eq!(run(threads, 500, |task| Ok(pieces(task))).unwrap(), expected);
            }
        }
    }

    #[test]
    fn threads_wait_where_too_much_waits_and_go_on_after() {
        let large = |task: usize| vec![vec![task as u8; MOST_WAITING_BYTES / 3]];
        let expected: Vec<u8> = (0..12).flat_map(large).flatten().collect();
        let make = |task: usize| {
            // Gives the others time to get as far ahead as they may.
            if task == 0 {
                std::thread::sleep(std::time::Duration::from_millis(100));
            }
            Ok(large(task))
        };
        assert!(run(4, 12, make).unwrap() == expected);
    }

    #[test]
    fn a_panic_in_one_thread_ends_the_others() {
        let (done, ended) = std::sync::mpsc::channel();
        std::thread::spawn(move || {
            let panicked = std::panic::catch_unwind(|| {
                run(4, 500, |task| {
                    assert!(task != 3, "a planned panic");
                    Ok(pieces(task))
                })
            });
            done.send(panicked.is_err()).unwrap();
        });
        assert!(ended.recv_timeout(std::time::Duration::from_secs(20)).expect("the other threads end"));
    }

    #[test]
    fn a_failure_stops_all_threads_and_is_told() {
        for threads in 1..=4 {
            let error = run(threads, 500, |task| {
                if task == 100 { Err(Error::new(ErrorCode::Internal, "a planned failure")) } else { Ok(pieces(task)) }
            });
            assert_eq!(error.unwrap_err().message(), "a planned failure");
        }
    }
}
