//! Tests of `engine`.

#[path = "../support/mod.rs"]
mod support;

mod chunk_fixture;
mod chunk_golden;
mod faults;
mod resume;
mod sync;
