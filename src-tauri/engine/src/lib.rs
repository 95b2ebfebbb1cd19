//! The use cases over a data folder: keep the course list, sync viewing records from Panopto, chunk them, export them.
//!
//! Deliberately absent: anything a window or a terminal needs (both call the same functions here), and the server's
//! protocols (crate `panopto`). Only [`store`] touches data files, only [`secrets`] names the keychain.

pub mod chunk;
pub mod clock;
pub mod connection;
pub mod courses;
pub mod crash;
pub mod environment;
pub mod error;
pub mod events;
pub mod export;
pub mod folders;
pub mod home;
pub mod opening;
pub mod outcome;
pub mod pseudonym;
pub mod remaining;
pub mod secrets;
mod server_error;
pub mod settings;
pub mod status;
pub mod store;
pub mod sync;
pub mod time_zone;
pub mod views;
pub mod zone;

pub use error::{Error, ErrorCode, Result};
