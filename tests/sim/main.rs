//! Tests of `sim`: the simulated server, over the wire.

mod support;

mod worlds;
