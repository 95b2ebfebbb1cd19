//! Tests of `sim`: the simulated server, over the wire.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]
#![allow(clippy::disallowed_methods, clippy::disallowed_types, reason = "a test lays out files and reads them")]

mod support;

mod captions;
mod faults;
mod https;
mod lies;
mod limits;
mod many;
mod oauth;
mod program;
mod rest;
mod schema;
mod soap;
mod steering;
mod worlds;
