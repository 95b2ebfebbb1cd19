//! The real program without its window: the shell's commands behind a loopback HTTP connection.
//!
//! `npm run dev` opens it in a browser, and the window's tests run on it. Each program has its own folders, secrets,
//! clock and simulated server, so one process serves many tests at once.
//!
//! Deliberately absent: commands, figures and words, which belong to the shell. Invariant: nothing that is shipped
//! depends on this crate (`tests/cli/architecture.rs`), and without the token nobody reaches anything.

#![allow(clippy::disallowed_methods, reason = "lays out the folders of tests; never shipped")]

mod content;
mod desktop;
mod guard;
mod page;
mod program;
mod programs;
mod reply;
mod secrets;
mod server;
mod situation;

pub use guard::{Origins, Token};
pub use page::Page;
pub use server::{Serving, serve};
