//! The identity that all SOAP calls share.

use std::sync::Arc;
use std::time::Duration;

use reqwest::header::HeaderValue;
use tokio::sync::Mutex;
use tokio::time::Instant;

use crate::Error;

/// How long a refusal counts as final after a fresh sign-in did not help against one.
pub(super) const FUTILE_FOR: Duration = Duration::from_secs(5 * 60);

/// What signs a SOAP call in.
#[derive(Debug)]
pub(crate) struct Ticket {
    pub(crate) proof: TicketProof,
    /// The number of the sign-in. Proofs of zeros and renewals use it to tell sign-ins apart.
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

/// What is known about the sign-in so far.
#[derive(Debug, Default)]
pub(super) struct KnownSignIn {
    pub(super) current: Option<Arc<Ticket>>,
    pub(super) generation: u64,
    /// The server confirms passwords but gives no cookie.
    pub(super) no_cookies: bool,
    pub(super) refused: Option<Error>,
    /// The ticket whose fresh sign-in last did not help against a refusal, and when.
    pub(super) futile: Option<(u64, Instant)>,
}
