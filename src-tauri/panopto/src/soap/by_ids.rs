//! A SOAP call about many things by their IDs: its request, and what to make of each outcome.
//!
//! Nobody has to be allowed to ask, one ID can spoil the call for all, and a service may refuse a sign-in that others accept. So
//! every outcome is normal here, and none is an error but a server that cannot be reached or understood.

use std::fmt::Display;

use reqwest::StatusCode;

use super::envelope::{self, Fault, FaultMeaning, Reply, auth_element, fault};
use super::exchange::Posted;
use super::xml::Document;
use crate::connection::Connection;
use crate::pace::retry::{Failed, persist};
use crate::unreadable::Unreadable;
use crate::{Error, ManyAnswer, PasswordSignIn, Result};

/// The namespace of lists of IDs.
const ARRAYS: &str = "http://schemas.microsoft.com/2003/10/Serialization/Arrays";

/// A call.
#[derive(Debug, Clone, Copy)]
pub(super) struct CallByIds {
    /// The path of the service on the server.
    pub(super) path: &'static str,
    /// The `SOAPAction`, in quotes.
    pub(super) action: &'static str,
    /// What the call is, for sentences.
    pub(super) call: &'static str,
}

enum Outcome<T> {
    Answered(ManyAnswer<T>),
    /// Perhaps a dead sign-in: worth one more try under a fresh one.
    SignedOut {
        generation: u64,
    },
}

impl Connection {
    /// Makes a call. `write` gets user name and password where they belong into it.
    pub(super) async fn by_ids<T>(
        &self,
        call: CallByIds,
        write: impl Fn(Option<&PasswordSignIn>) -> String,
        read: impl Fn(&[u8]) -> Result<Reply<Vec<T>>, Unreadable>,
    ) -> Result<ManyAnswer<T>> {
        let mut refused = None;
        loop {
            let tried = persist(&self.transport.options, &self.transport.pauses, |tried| {
                self.try_by_ids(call, &write, &read, refused, tried)
            });
            match tried.await {
                Ok(Outcome::Answered(answer)) => return Ok(answer),
                // This service may refuse a sign-in that others accept.
                Ok(Outcome::SignedOut { .. }) if refused.is_some() => return Ok(ManyAnswer::Refused),
                Ok(Outcome::SignedOut { generation }) => {
                    if !self.fresh_sign_in_may_help(generation).await {
                        return Ok(ManyAnswer::Refused);
                    }
                    refused = Some(generation);
                }
                Err(Error::NoRights { .. }) => return Ok(ManyAnswer::Refused),
                Err(Error::NotFound { .. } | Error::Rejected { passing: false, .. }) => return Ok(ManyAnswer::Spoiled),
                Err(error) => return Err(error),
            }
        }
    }

    async fn try_by_ids<T>(
        &self,
        CallByIds { path, action, call }: CallByIds,
        write: &impl Fn(Option<&PasswordSignIn>) -> String,
        read: &impl Fn(&[u8]) -> Result<Reply<Vec<T>>, Unreadable>,
        refused: Option<u64>,
        tried: u32,
    ) -> Result<Outcome<T>, Failed> {
        let transport = &self.transport;
        let ticket = self.ticket(refused).await?;
        let posted = Posted { path, action, call, body: write(self.auth_in_call(&ticket)) };
        let (reply, ()) = self.exchange_under(&ticket, posted, tried, || ()).await?;
        let generation = ticket.generation;
        if reply.status.is_success() {
            return match read(&reply.body) {
                Ok(Reply::Answer(told)) => Ok(Outcome::Answered(ManyAnswer::Told(told))),
                Ok(Reply::Fault(fault)) => Ok(of_fault(&fault, generation)),
                // A web page is the sign-in page.
                Err(unreadable) if unreadable.is_html() => Ok(Outcome::SignedOut { generation }),
                Err(unreadable) => Err(transport.unreadable(&unreadable, call)),
            };
        }
        if let Some(fault) = fault(&reply.body) {
            return Ok(of_fault(&fault, generation));
        }
        if let Some(failed) = transport.try_again_later(&reply, call, "") {
            return Err(failed);
        }
        if let Some(error) = transport.redirected(&reply, call) {
            return Err(error.into());
        }
        let is_refused = matches!(reply.status, StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN);
        if is_refused || reply.status.is_redirection() {
            return Ok(Outcome::SignedOut { generation });
        }
        Err(transport.rejected(reply.status, call, "").into())
    }
}

/// A fault is an answer: asking the same again brings the same.
fn of_fault<T>(fault: &Fault, generation: u64) -> Outcome<T> {
    match fault.meaning() {
        FaultMeaning::SignedOut => Outcome::SignedOut { generation },
        FaultMeaning::NoRights => Outcome::Answered(ManyAnswer::Refused),
        FaultMeaning::NotFound | FaultMeaning::PageTooLarge { .. } | FaultMeaning::System | FaultMeaning::Other => {
            Outcome::Answered(ManyAnswer::Spoiled)
        }
    }
}

/// The request of `operation` for the list `member` of IDs. With `auth` it holds the password: never log it.
pub(super) fn request_by_ids(
    operation: &str,
    member: &str,
    ids: impl IntoIterator<Item = impl Display>,
    auth: Option<&PasswordSignIn>,
) -> String {
    let auth = auth.map(auth_element).unwrap_or_default();
    let guids = ids.into_iter().fold(String::new(), |guids, id| guids + "<a:guid>" + &id.to_string() + "</a:guid>");
    envelope::request(operation, &format!("{auth}<t:{member} xmlns:a=\"{ARRAYS}\">{guids}</t:{member}>"))
}

/// Reads the entries called `entry` in the result of `operation`; `read` reads one.
pub(super) fn answer_by_ids<T>(
    body: &[u8],
    operation: &str,
    entry: &str,
    mut read: impl FnMut(&mut Document<'_>) -> Result<Option<T>, Unreadable>,
) -> Result<Reply<Vec<T>>, Unreadable> {
    let mut document = match envelope::open(body, operation)? {
        Reply::Answer(document) => document,
        Reply::Fault(fault) => return Ok(Reply::Fault(fault)),
    };
    let mut told = Vec::new();
    while let Some(result) = document.child()? {
        if result.name().strip_suffix("Result") != Some(operation) {
            document.skip()?;
            continue;
        }
        while let Some(item) = document.child()? {
            if item.name() == entry {
                told.extend(read(&mut document)?);
            } else {
                document.skip()?;
            }
        }
    }
    envelope::finish(&mut document)?;
    Ok(Reply::Answer(told))
}
