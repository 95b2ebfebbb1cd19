//! Ctrl-C: the first asks the work to stop and to keep what is done, the second stops at once. A command that keeps
//! nothing before its end stops at the first.
//!
//! The other signals that end a program count too ([`engine::lifetime::Interruptions`]), so that a job also ends
//! cleanly if its scheduler stops it or its terminal is closed. Stopping at once is safe, because no file is ever
//! half-written under its name. Even then, a sign-in that is being renewed is waited for, because its old token is used
//! up; a third interruption ends that wait as well.

use std::sync::{Arc, OnceLock};

use engine::lifetime::{Interruptions, Lifetime};
use tokio_util::sync::CancellationToken;

use crate::exit::Exit;
use crate::terminal::Terminal;

/// The run of this process, once it has begun.
pub(crate) type Running = Arc<OnceLock<Lifetime>>;

/// Begins to listen. The first interruption cancels the token and is acknowledged on `told`. Needs a tokio runtime.
pub(crate) fn listen(told: Option<Terminal>, running: Running) -> CancellationToken {
    let cancel = CancellationToken::new();
    let token = cancel.clone();
    // Created here and not in the task: a signal may come before the task gets to run.
    let mut interruptions = Interruptions::new();
    tokio::spawn(async move {
        interruptions.next().await;
        token.cancel();
        if let Some(terminal) = told {
            // Shown even with --quiet: the person who pressed the keys wants to know that the program noticed.
            terminal.line("Stopping; what is done is kept (Ctrl-C once more stops at once)");
        }
        interruptions.next().await;
        crate::prompt::restore_echo();
        if let Some(lifetime) = running.get() {
            tokio::select! {
                () = lifetime.end() => {}
                () = interruptions.next() => {}
            }
        }
        std::process::exit(i32::from(Exit::Cancelled.number()));
    });
    cancel
}
