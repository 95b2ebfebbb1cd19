//! Tests of `engine`.

#[path = "../support/mod.rs"]
mod support;

mod sync;
