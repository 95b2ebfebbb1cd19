//! The real program behind its loopback connection: who may call, what comes back, and that none of it is shipped.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on stops")]

mod calls;
mod guard;
mod shipped;
mod situations;
mod support;
