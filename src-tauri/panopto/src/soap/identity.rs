//! The identity that all SOAP calls share.

use std::sync::Arc;
use std::time::Duration;

use reqwest::header::HeaderValue;
use tokio::sync::Mutex;
use tokio::time::Instant;

use crate::Error;

/// How long a refusal is taken for final after a fresh sign-in made no difference to one.
pub(super) const FUTILE_FOR: Duration = Duration::from_secs(5 * 60);

/// What a SOAP call is signed in with.
#[derive(Debug)]
pub(crate) struct Ticket {
    pub(crate) proof: TicketProof,
    /// Counts sign-ins: the proof of zeros and renewals go by it.
    pub(crate) generation: u64,
}

#[derive(Debug)]
pub(crate) enum TicketProof {
    /// `.ASPXAUTH=...`, marked as sensitive.
    Cookie(HeaderValue),
    /// User name and password go into each call; the server has confirmed them.
    InCall,
}

/// The shared identity of all SOAP calls.
#[derive(Debug, Default)]
pub(crate) struct SoapIdentity {
    pub(super) known: Mutex<KnownSignIn>,
}

/// What is known of the sign-in so far.
#[derive(Debug, Default)]
pub(super) struct KnownSignIn {
    pub(super) current: Option<Arc<Ticket>>,
    pub(super) generation: u64,
    /// The server confirms passwords but gives no cookie.
    pub(super) no_cookies: bool,
    pub(super) refused: Option<Error>,
    /// The ticket with which a fresh sign-in last made no difference to a refusal, and when.
    pub(super) futile: Option<(u64, Instant)>,
}
