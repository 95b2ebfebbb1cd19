//! Tests of `charts`: structure and text of every chart, colours, collisions, hostile names, bytes, PNG.

#![allow(clippy::disallowed_methods, clippy::disallowed_types, reason = "a test lays out files and reads them")]
#![allow(clippy::unwrap_used, clippy::print_stdout, reason = "a failing unwrap fails the test; the gallery prints")]

mod by_second;
mod bytes;
mod collisions;
mod colours;
mod edges;
mod extremes;
mod flags;
mod gallery;
mod hostile;
mod outlines;
mod picture;
mod sample;
mod structure;
