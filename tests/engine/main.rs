//! Tests of `engine`.

#[path = "../support/mod.rs"]
mod support;

mod faults;
mod resume;
mod chunk_fixture;
mod chunk_golden;
mod sync;
