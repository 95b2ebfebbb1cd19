//! The use cases over a data folder: keep the course list, sync viewing records from Panopto, chunk them, export them.
//!
//! Deliberately absent: anything a window or a terminal needs (both call the same functions here), and the server's
//! protocols (crate `panopto`). Only [`store`] touches data files, only [`secrets`] names the keychain.

pub mod error;
pub mod store;

pub use error::{Error, ErrorCode, Result};
