//! Asks for values: on the terminal, without showing secrets, or line by line from a pipe or file.

use std::io::{self, BufRead as _, IsTerminal as _};
#[cfg(unix)]
use std::sync::Mutex;

use engine::secrets::Secret;
use engine::{Error, ErrorCode, Result};
use model::text::decoded;
use tokio_util::sync::CancellationToken;

use crate::terminal::Terminal;

/// The longest input to read from a pipe or file, in bytes.
const LONGEST_INPUT: u64 = 1 << 20;

/// Whether there is a person to ask.
pub(crate) fn is_interactive() -> bool {
    io::stdin().is_terminal()
}

/// Asks for a value that may be seen. An empty answer means no change.
pub(crate) async fn ask(terminal: &Terminal, question: &str, cancel: &CancellationToken) -> Result<String> {
    terminal.question(question);
    let line = unless_cancelled(cancel, || {
        let mut line = String::new();
        io::stdin().lock().read_line(&mut line).map(|_| line)
    })
    .await?;
    terminal.answered();
    Ok(line.trim().to_owned())
}

/// Asks for a secret without showing it. An empty answer means no change.
pub(crate) async fn ask_secret(terminal: &Terminal, question: &str, cancel: &CancellationToken) -> Result<Secret> {
    terminal.question(question);
    remember_echo();
    let line = unless_cancelled(cancel, || console::Term::stderr().read_secure_line()).await;
    restore_echo();
    let line = line?;
    terminal.answered();
    Ok(Secret::new(line))
}

/// Reads standard input to its end, as text. Windows programs write a byte order mark or UTF-16 into a pipe; neither
/// becomes part of the text.
pub(crate) async fn read_all(cancel: &CancellationToken) -> Result<Secret> {
    let bytes = unless_cancelled(cancel, || {
        let mut bytes = Vec::new();
        io::Read::read_to_end(&mut io::Read::take(io::stdin().lock(), LONGEST_INPUT + 1), &mut bytes).map(|_| bytes)
    })
    .await?;
    if bytes.len() as u64 > LONGEST_INPUT {
        return Err(Error::new(ErrorCode::InvalidInput, "Standard input is longer than a megabyte")
            .with_hint("Give the values as text, one a line"));
    }
    let text = decoded(&bytes).map(|text| Secret::new(text.into_owned()));
    text.map_err(|error| {
        Error::new(ErrorCode::InvalidInput, format!("Standard input cannot be read: {error}"))
            .with_hint("Give the values as UTF-8 text, one a line")
    })
}

/// Runs a reading call, which nothing can stop, on a thread of its own, and leaves it behind if the user stops.
async fn unless_cancelled<T: Send + 'static>(
    cancel: &CancellationToken,
    read: impl FnOnce() -> io::Result<T> + Send + 'static,
) -> Result<T> {
    tokio::select! {
        biased;
        () = cancel.cancelled() => Err(Error::cancelled()),
        read = tokio::task::spawn_blocking(read) => {
            read.map_err(io::Error::other).flatten().map_err(|error| {
                Error::new(ErrorCode::InvalidInput, format!("Standard input cannot be read: {error}"))
                    .with_hint("Give the values as text, one a line")
            })
        }
    }
}

/// The state of the terminal before it asked for a secret.
#[cfg(unix)]
static ECHOING: Mutex<Option<rustix::termios::Termios>> = Mutex::new(None);

#[cfg(unix)]
fn remember_echo() {
    *ECHOING.lock().unwrap_or_else(std::sync::PoisonError::into_inner) = rustix::termios::tcgetattr(io::stdin()).ok();
}

/// Makes the terminal show typed text again, after a prompt that was left behind.
#[cfg(unix)]
pub(crate) fn restore_echo() {
    use rustix::termios::{OptionalActions, tcsetattr};
    if let Some(before) = ECHOING.lock().unwrap_or_else(std::sync::PoisonError::into_inner).take() {
        let _ = tcsetattr(io::stdin(), OptionalActions::Now, &before);
    }
}

#[cfg(not(unix))]
fn remember_echo() {}

/// Windows reads secrets key by key and does not change the console.
#[cfg(not(unix))]
pub(crate) fn restore_echo() {}
