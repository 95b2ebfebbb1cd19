//! Tests of `store`.

#![allow(clippy::unwrap_used, clippy::print_stdout, reason = "a test that cannot go on stops, and says what it found")]
#![allow(clippy::disallowed_methods, clippy::disallowed_types, reason = "a test lays out files and reads them")]

mod disk;
mod names;
mod stamp;
mod tables;
