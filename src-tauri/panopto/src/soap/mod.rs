//! SOAP 1.1 as Panopto's WCF services speak it: envelopes, faults, the usage report, the names of users, many
//! folders and videos at once, the sign-in with a password.
//!
//! Written by hand: five operations do not need a generated client, and the server is strict about the order and the
//! namespaces of a request (`docs/panopto-protocol.md`, request envelope).

pub(crate) mod access;
pub(crate) mod auth;
mod by_ids;
pub(crate) mod call;
pub(crate) mod envelope;
mod exchange;
pub(crate) mod identity;
pub(crate) mod many;
pub(crate) mod sign_in;
pub(crate) mod usage;
pub(crate) mod users;
mod xml;
