//! Ctrl-C: the first asks the work to stop and keep what is done, the second stops at once. A command that keeps
//! nothing before its end ends at the first.
//!
//! `SIGTERM` counts as the first, so that a job that is stopped by its scheduler ends cleanly too. At once is safe as
//! well: no file is ever half-written under its name.

use tokio_util::sync::CancellationToken;

use crate::exit::Exit;
use crate::terminal::Terminal;

/// Begins to listen; the token is cancelled at the first interruption, which is answered on `told`. Needs a tokio runtime.
pub(crate) fn listen(told: Option<Terminal>) -> CancellationToken {
    let cancel = CancellationToken::new();
    let token = cancel.clone();
    tokio::spawn(async move {
        let mut interruptions = Interruptions::new();
        interruptions.next().await;
        token.cancel();
        if let Some(terminal) = told {
            // Also with --quiet: whoever pressed the keys wants to know that they were heard.
            terminal.line("Stopping; what is done is kept (Ctrl-C once more stops at once)");
        }
        interruptions.next().await;
        crate::prompt::restore_echo();
        std::process::exit(i32::from(Exit::Cancelled.number()));
    });
    cancel
}

#[cfg(unix)]
struct Interruptions {
    interrupt: Option<tokio::signal::unix::Signal>,
    terminate: Option<tokio::signal::unix::Signal>,
}

#[cfg(unix)]
impl Interruptions {
    fn new() -> Self {
        use tokio::signal::unix::{SignalKind, signal};
        // Where the system refuses a handler, the signal ends the process as it always did.
        Self { interrupt: signal(SignalKind::interrupt()).ok(), terminate: signal(SignalKind::terminate()).ok() }
    }

    async fn next(&mut self) {
        async fn one(signal: Option<&mut tokio::signal::unix::Signal>) {
            match signal {
                Some(signal) => {
                    signal.recv().await;
                }
                None => std::future::pending().await,
            }
        }
        tokio::select! {
            () = one(self.interrupt.as_mut()) => {}
            () = one(self.terminate.as_mut()) => {}
        }
    }
}

#[cfg(not(unix))]
struct Interruptions;

#[cfg(not(unix))]
impl Interruptions {
    fn new() -> Self {
        Self
    }

    async fn next(&mut self) {
        if tokio::signal::ctrl_c().await.is_err() {
            std::future::pending::<()>().await;
        }
    }
}
