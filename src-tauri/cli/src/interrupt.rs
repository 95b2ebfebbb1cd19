//! Ctrl-C: the first asks the work to stop and keep what is done, the second stops at once. A command that keeps
//! nothing before its end ends at the first.
//!
//! The other signals that end a program count as well ([`engine::lifetime::Interruptions`]), so that a job that is stopped
//! by its scheduler, or whose terminal is closed, ends cleanly too. At once is safe: no file is ever half-written under its
//! name. Only a sign-in that is being renewed is waited for even then, because its old token is used up; a third
//! interruption does not wait for that either.

use std::sync::{Arc, OnceLock};

use engine::lifetime::{Interruptions, Lifetime};
use tokio_util::sync::CancellationToken;

use crate::exit::Exit;
use crate::terminal::Terminal;

/// The run of this process, once it has begun.
pub(crate) type Running = Arc<OnceLock<Lifetime>>;

/// Begins to listen; the token is cancelled at the first interruption, which is answered on `told`. Needs a tokio runtime.
pub(crate) fn listen(told: Option<Terminal>, running: Running) -> CancellationToken {
    let cancel = CancellationToken::new();
    let token = cancel.clone();
    // Now and not in the task: a signal may come before that has its turn.
    let mut interruptions = Interruptions::new();
    tokio::spawn(async move {
        interruptions.next().await;
        token.cancel();
        if let Some(terminal) = told {
            // Also with --quiet: the person who pressed the keys wants to know that they were heard.
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
