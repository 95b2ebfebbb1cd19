//! Class lists and gradebooks, from and to the bytes of files.

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
