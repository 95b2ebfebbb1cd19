//! One SOAP call under a sign-in: within the window, with the proof of who asks, counted.
//!
//! Deliberately absent: what the answer means, and whether to ask again; each call reads its own.

use reqwest::StatusCode;
use reqwest::header::{CONTENT_TYPE, COOKIE};

use super::identity::{Ticket, TicketProof};
use crate::PasswordSignIn;
use crate::connection::Connection;
use crate::http::{Counts, HttpReply};
use crate::pace::retry::{Failed, retry_after};

/// What is sent.
pub(super) struct Posted<'a> {
    /// The path of the service on the server.
    pub(super) path: &'static str,
    /// The `SOAPAction`, in quotes.
    pub(super) action: &'static str,
    /// What the call is, for sentences.
    pub(super) call: &'a str,
    /// The envelope. It can hold the password: never log it.
    pub(super) body: String,
}

impl Connection {
    /// The user name and password for the envelope, where they prove who asks.
    pub(super) fn auth_in_call(&self, ticket: &Ticket) -> Option<&PasswordSignIn> {
        matches!(ticket.proof, TicketProof::InCall).then_some(self.password.as_ref()).flatten()
    }

    /// Sends a call as soon as the window lets it, and tells the window how the server took it. `before_sending` runs once it
    /// may go out.
    pub(super) async fn exchange_under<T>(
        &self,
        ticket: &Ticket,
        posted: Posted<'_>,
        tried: u32,
        before_sending: impl FnOnce() -> T,
    ) -> Result<(HttpReply, T), Failed> {
        let transport = &self.transport;
        let slot = self.soap_window.enter().await;
        let request = transport
            .post(transport.server.url(posted.path))
            .header(CONTENT_TYPE, "text/xml; charset=utf-8")
            .header("SOAPAction", posted.action)
            .body(posted.body);
        let request = match &ticket.proof {
            TicketProof::Cookie(cookie) => request.header(COOKIE, cookie),
            TicketProof::InCall => request,
        };
        Counts::add(&transport.counts.soap);
        if tried > 0 {
            Counts::add(&transport.counts.retries);
        }
        let before = before_sending();
        let reply = transport.exchange(request, posted.call, transport.options.max_soap_bytes).await?;
        if matches!(reply.status, StatusCode::TOO_MANY_REQUESTS | StatusCode::SERVICE_UNAVAILABLE) {
            let asked = retry_after(&reply.headers).filter(|pause| *pause <= transport.options.max_retry_after);
            slot.refused(asked.unwrap_or(transport.options.backoff_base));
        } else {
            slot.answered();
        }
        Ok((reply, before))
    }
}
