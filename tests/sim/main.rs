//! Tests of `sim`: the simulated server, over the wire.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod support;

mod faults;
mod https;
mod lies;
mod limits;
mod oauth;
mod program;
mod rest;
mod schema;
mod soap;
mod steering;
mod worlds;
