//! The use cases over a data folder: keep the course list, sync viewing records from Panopto, chunk them, export them.
//!
//! Deliberately absent: anything a window or a terminal needs (both call the same functions here), and the server's
//! protocols (crate `panopto`). Only crate [`store`] touches data files, only [`secrets`] names the keychain.

#![cfg_attr(test, allow(clippy::disallowed_methods, clippy::disallowed_types, reason = "a test lays out files"))]

pub mod captions;
pub mod chunk;
pub mod clock;
pub mod compare;
pub mod connection;
pub mod courses;
pub mod crash;
pub mod credit;
pub mod dates;
pub mod digest;
pub mod environment;
pub mod error;
pub mod events;
pub mod export;
pub mod folders;
pub mod home;
pub mod lifetime;
mod local_days;
pub mod nightly;
pub mod opening;
pub mod outcome;
pub mod people;
pub mod pseudonym;
pub mod remaining;
pub mod roster;
pub mod secrets;
mod server_error;
pub mod settings;
pub mod source;
pub mod status;
pub mod sync;
pub mod time_zone;
pub mod views;

pub use ::store;
pub use error::{Error, ErrorCode, Result};
