//! The real program in a separate world: temporary folders, a cleared environment, a simulated server.

mod browser;
mod processes;
#[cfg(target_os = "linux")]
mod pty;
mod sandbox;
mod server;
mod tap;

pub(crate) use browser::{get, post_form};
#[cfg(unix)]
pub(crate) use processes::signal;
#[cfg(target_os = "linux")]
pub(crate) use processes::signal_taken;
pub(crate) use processes::{end, start, wait_until};
#[cfg(target_os = "linux")]
pub(crate) use pty::OnTerminal;
pub(crate) use sandbox::{Ran, Sandbox, golden, kept_files};
pub(crate) use server::{Server, clamped, password_variables, past, refresh_token, yesterday};
pub(crate) use tap::Tap;

/// Compares with the snapshot of this name, without present times and without lines that only a slow computer prints.
macro_rules! snapshot {
    ($name:expr, $text:expr) => {
        insta::with_settings!({
            filters => vec![
                (r"\d{4}-\d\d-\d\d \d\d:\d\d UTC", "[WHEN]"),
                (r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z", "[WHEN]"),
                (r"(?m)^.*: [\d,]+ of [\d,]+ videos?, .*\n", ""),
                (r"(?m)^Waiting .*\n", ""),
            ],
            omit_expression => true,
        }, { insta::assert_snapshot!($name, $text) })
    };
}
pub(crate) use snapshot;
