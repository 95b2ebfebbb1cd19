//! Tests of `panopto`: recorded and hostile replies, and the whole client with the simulated server and with a scripted
//! one that does what no server should do.

#![allow(clippy::disallowed_methods, clippy::disallowed_types, reason = "a test lays out files and reads them")]
#![allow(
    clippy::unwrap_used,
    clippy::float_cmp,
    clippy::format_push_string,
    clippy::print_stdout,
    reason = "a failing unwrap fails the test; numbers must be the same to the bit"
)]

#[path = "../support/damage.rs"]
mod damage;
mod script;
mod support;

mod addresses;
mod captions;
mod detours;
mod hostile;
mod json_replies;
mod lists;
mod login;
mod many;
mod pages;
mod proof;
mod retries;
mod secrets;
mod sign_in;
mod soap_replies;
mod speed;
mod sweep;
mod tls;
mod turns;
mod users;
