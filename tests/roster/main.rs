//! Class lists and gradebooks, from and to the bytes of files.

#![allow(clippy::disallowed_methods, clippy::disallowed_types, reason = "a test lays out files and reads them")]
#![allow(clippy::unwrap_used, clippy::print_stdout, reason = "a test that cannot go on stops, and says what it found")]

#[path = "../support/damage.rs"]
mod damage;
mod fixtures;
mod fuzz;
mod gradebooks;

use roster::{ClassFile, Reading, Unreadable, read};

/// A file of `tests/fixtures/rosters`.
fn fixture(name: &str) -> Vec<u8> {
    let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/fixtures/rosters").join(name);
    std::fs::read(path).unwrap_or_else(|error| panic!("{name}: {error}"))
}

fn class(name: &str) -> Result<ClassFile, Unreadable> {
    read(&fixture(name), &Reading::default())
}
