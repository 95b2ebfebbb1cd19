//! Journeys in the real window: tauri-driver and WebKitWebDriver under Xvfb, a real keychain, the simulated server.
//!
//! Not part of `cargo test`: `.ci/e2e` builds the program with the feature `e2e` (pickers answer from a file), starts
//! display, session bus and keyring, and runs these tests one after the other.

#![allow(clippy::disallowed_methods, clippy::disallowed_types, reason = "a test lays out files and reads them")]
#![allow(clippy::unwrap_used, clippy::print_stdout, reason = "a test that cannot go on stops, and says what it found")]

mod hostile;
mod journeys;
mod pictures;
mod program;
mod window;
