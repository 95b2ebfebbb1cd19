//! How fast calls go out: published limits for REST, an adaptive window for SOAP, pauses between tries.

pub(crate) mod limiter;
pub(crate) mod retry;
pub(crate) mod window;
