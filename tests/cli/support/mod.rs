//! The real program in a world of its own: temporary folders, a cleared environment, a simulated server.

mod browser;
#[cfg(target_os = "linux")]
mod pty;
mod sandbox;
mod server;
mod tap;

pub(crate) use browser::{get, post_form};
#[cfg(target_os = "linux")]
pub(crate) use pty::OnTerminal;
pub(crate) use sandbox::{Ran, Sandbox, golden, kept_files};
pub(crate) use server::{Server, clamped, password_variables, past, refresh_token, yesterday};
pub(crate) use tap::Tap;
