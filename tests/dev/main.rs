//! The real program behind its loopback connection: who may call it, what comes back, and that none of this is shipped.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on stops")]
#![allow(clippy::disallowed_methods, clippy::disallowed_types, reason = "a test lays out files and reads them")]

mod calls;
mod guard;
mod shipped;
mod situations;
mod support;
