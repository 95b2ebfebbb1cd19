//! One page of a usage report: signed in, within the window, retried, with its faults put into words.

use std::sync::Arc;

use model::SessionId;
use reqwest::StatusCode;

use super::envelope::{Fault, FaultMeaning, Reply, fault};
use super::exchange::Posted;
use super::identity::{Ticket, TicketProof};
use super::usage::{ACTION, PATH, UsagePage, UsageQuestion, usage_page, usage_request};
use crate::connection::Connection;
use crate::http::{Counts, HttpReply};
use crate::pace::retry::{Failed, persist};
use crate::proof::Question;
use crate::unreadable::Unreadable;
use crate::{Error, Refusal, Result};

/// A reply of this size takes so long to read that the cost of handing it to another thread does not matter.
const LARGE_REPLY_BYTES: usize = 32 * 1024;

/// A page, and what is needed to judge an empty one.
pub(crate) struct AnsweredPage {
    pub(crate) page: UsagePage,
    pub(crate) generation: u64,
    /// When the call was sent, on the proof ledger's clock.
    pub(crate) sent: u64,
    /// The server has confirmed the user name and password in the call.
    pub(crate) proven: bool,
}

/// The answer to a usage call.
pub(crate) enum UsageReply {
    Page(AnsweredPage),
    /// The requested page is larger than the server allows; its limit, if it says one.
    TooLarge(Option<u32>),
}

enum SoapTry {
    Answered(UsageReply),
    /// May come from a dead sign-in: worth one more try with a fresh one.
    Suspicious {
        generation: u64,
        error: Error,
    },
}

impl Connection {
    /// Requests a page of a usage report.
    pub(crate) async fn usage_page(&self, question: &UsageQuestion) -> Result<UsageReply> {
        let mut refused = None;
        loop {
            let outcome = persist(&self.transport.options, &self.transport.pauses, |tried| {
                self.usage_try(question, refused, tried)
            })
            .await?;
            let (generation, error) = match outcome {
                SoapTry::Answered(reply) => return Ok(reply),
                SoapTry::Suspicious { generation, error } => (generation, error),
            };
            if refused.is_some() {
                self.fresh_sign_in_did_not_help(generation).await;
                return Err(error);
            }
            if !error.is_auth() {
                if !self.fresh_sign_in_may_help(generation).await {
                    return Err(error);
                }
                if self.is_alive(generation).await {
                    self.fresh_sign_in_did_not_help(generation).await;
                    return Err(error);
                }
            }
            refused = Some(generation);
        }
    }

    /// Whether a sign-in provably still works: requests one record of a video known to have some. If it does, no fresh
    /// sign-in is needed; after a fresh one, every empty answer of the old one would have to be requested again.
    async fn is_alive(&self, generation: u64) -> bool {
        match self.proof.witness() {
            Some(witness) => matches!(self.ask_witness(witness, None).await, Ok(Some(alive)) if alive == generation),
            None => false,
        }
    }

    /// Requests one record of a witness. Returns the generation of the sign-in that received it, or `None`. A refusal
    /// counts as `None`, because the witness may be gone.
    pub(crate) async fn ask_witness(&self, witness: Question, refused: Option<u64>) -> Result<Option<u64>> {
        let (session_id, range) = witness;
        let question = UsageQuestion { session_id, range, page_size: 1, page: 0 };
        match persist(&self.transport.options, &self.transport.pauses, |tried| {
            self.usage_try(&question, refused, tried)
        })
        .await?
        {
            SoapTry::Answered(UsageReply::Page(answered)) if answered.page.places > 0 => {
                self.proof.answered(witness, answered.generation, answered.sent);
                Ok(Some(answered.generation))
            }
            SoapTry::Answered(UsageReply::Page(answered)) => {
                self.proof.witness_failed(witness, answered.generation);
                Ok(None)
            }
            SoapTry::Answered(UsageReply::TooLarge(_)) => Ok(None),
            SoapTry::Suspicious { generation, .. } => {
                self.proof.witness_failed(witness, generation);
                Ok(None)
            }
        }
    }

    async fn usage_try(&self, question: &UsageQuestion, refused: Option<u64>, tried: u32) -> Result<SoapTry, Failed> {
        let ticket = self.ticket(refused).await?;
        let call = name(question);
        let auth = self.auth_in_call(&ticket);
        let posted = Posted { path: PATH, action: ACTION, call: &call, body: usage_request(question, auth) };
        let before_sending = || {
            Counts::add(&self.transport.counts.usage);
            self.proof.sending()
        };
        let (mut reply, sent) = self.exchange_under(&ticket, posted, tried, before_sending).await?;
        self.read_usage(question, &mut reply, &call, &ticket, sent, tried).await
    }

    async fn read_usage(
        &self,
        question: &UsageQuestion,
        reply: &mut HttpReply,
        call: &str,
        ticket: &Arc<Ticket>,
        sent: u64,
        tried: u32,
    ) -> Result<SoapTry, Failed> {
        let transport = &self.transport;
        let generation = ticket.generation;
        // A fault comes with status 500, so the body is read before the status is judged.
        if !reply.status.is_success() {
            if let Some(fault) = fault(&reply.body) {
                return self.read_fault(&fault, reply.status, call, generation, tried);
            }
            if let Some(failed) = transport.try_again_later(reply, call, "") {
                return Err(failed);
            }
            if let Some(error) = transport.redirected(reply, call) {
                return Err(error.into());
            }
            let refused = matches!(reply.status, StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN);
            if refused || reply.status.is_redirection() {
                return Ok(SoapTry::Suspicious { generation, error: self.not_signed_in(call) });
            }
            return Err(transport.rejected(reply.status, call, "").into());
        }
        match self.read_page(std::mem::take(&mut reply.body), question.session_id).await {
            Ok(Reply::Answer(page)) => {
                let proven = matches!(ticket.proof, TicketProof::InCall);
                Ok(SoapTry::Answered(UsageReply::Page(AnsweredPage { page, generation, sent, proven })))
            }
            Ok(Reply::Fault(fault)) => self.read_fault(&fault, reply.status, call, generation, tried),
            Err(unreadable) => {
                let failed = transport.unreadable(&unreadable, call);
                // A web page that keeps coming may be the sign-in page.
                if unreadable.is_html() && failed.again.is_some_and(|again| tried + 1 >= again.attempts) {
                    return Ok(SoapTry::Suspicious { generation, error: failed.error });
                }
                Err(failed)
            }
        }
    }

    /// Reads a reply; a large one on another thread. At most as many are read at once as there are processors.
    async fn read_page(&self, body: Vec<u8>, asked: SessionId) -> Result<Reply<UsagePage>, Unreadable> {
        if body.len() < LARGE_REPLY_BYTES {
            return usage_page(&body, asked);
        }
        let _place = self.readers.acquire().await;
        match tokio::task::spawn_blocking(move || usage_page(&body, asked)).await {
            Ok(page) => page,
            Err(error) if error.is_panic() => std::panic::resume_unwind(error.into_panic()),
            Err(_) => Err(Unreadable::cut_off("the program is ending")),
        }
    }

    fn read_fault(
        &self,
        fault: &Fault,
        status: StatusCode,
        call: &str,
        generation: u64,
        tried: u32,
    ) -> Result<SoapTry, Failed> {
        let (server, name) = (self.transport.server.to_string(), call.to_owned());
        let detail = self.redacted(&fault.text);
        let suspicious = |error| Ok(SoapTry::Suspicious { generation, error });
        match fault.meaning() {
            FaultMeaning::PageTooLarge { at_most } => Ok(SoapTry::Answered(UsageReply::TooLarge(at_most))),
            FaultMeaning::SignedOut => suspicious(self.not_signed_in(call)),
            FaultMeaning::NoRights => suspicious(Error::NoRights { server, call: name, detail }),
            FaultMeaning::NotFound => suspicious(Error::NotFound { server, call: name, detail }),
            FaultMeaning::System => {
                let error = Error::Rejected { server, call: name, detail, passing: true };
                if tried < 2 { Err(Failed::again(error, 3)) } else { suspicious(error) }
            }
            FaultMeaning::Other => {
                let passing = status == StatusCode::SERVICE_UNAVAILABLE;
                Err(Error::Rejected { server, call: name, detail, passing }.into())
            }
        }
    }

    fn not_signed_in(&self, call: &str) -> Error {
        let server = &self.transport.server;
        Error::BadCredentials {
            refusal: Refusal::Soap,
            message: format!("The server {server} takes `{call}` for signed out, even after a fresh sign-in"),
        }
    }
}

/// The name of the call in errors.
pub(crate) fn name(question: &UsageQuestion) -> String {
    format!("UsageReporting.GetSessionExtendedDetailedUsage of video {}", question.session_id)
}
