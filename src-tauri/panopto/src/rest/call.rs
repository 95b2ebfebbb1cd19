//! One REST call: paced, signed in, tried again, and its refusals put into words.

use reqwest::StatusCode;
use tokio::sync::Semaphore;

use super::route::{RestCall, Route};
use super::wire::error_text;
use crate::connection::Connection;
use crate::http::{Counts, HttpReply};
use crate::pace::limiter::Limiter;
use crate::pace::retry::{Failed, persist};
use crate::wire::Unreadable;
use crate::{Error, Options, Refusal, Result};

/// The pace of all routes.
#[derive(Debug)]
pub(crate) struct RestPace {
    limiters: [Limiter; Route::ALL.len()],
    in_flight: Semaphore,
}

impl RestPace {
    pub(crate) fn new(options: &Options) -> Self {
        Self {
            limiters: Route::ALL.map(|_| Limiter::new(options.rest_limits, options.pauses.clone())),
            in_flight: Semaphore::new(options.rest_in_flight.max(1)),
        }
    }

    fn of(&self, route: Route) -> &Limiter {
        &self.limiters[route as usize]
    }
}

enum Outcome<T> {
    Read(T),
    Refused { reply: HttpReply, generation: u64 },
}

impl Connection {
    /// Makes a call and reads its reply.
    pub(crate) async fn rest<T>(
        &self,
        call: &RestCall,
        read: impl Fn(&HttpReply) -> Result<T, Unreadable>,
    ) -> Result<T> {
        let mut refused = None;
        loop {
            let outcome = persist(&self.transport.options, |tried| self.rest_try(call, refused, tried, &read)).await?;
            let (reply, generation) = match outcome {
                Outcome::Read(answer) => return Ok(answer),
                Outcome::Refused { reply, generation } => (reply, generation),
            };
            let renewed = refused.is_some();
            match reply.status {
                StatusCode::FORBIDDEN if renewed || !self.tokens.may_cure_forbidden(generation) => {
                    if renewed {
                        self.tokens.did_not_cure_forbidden(generation);
                    }
                    return Err(self.refusal(&reply, call));
                }
                // A redirect leads to the sign-in page.
                status
                    if status == StatusCode::UNAUTHORIZED
                        || status == StatusCode::FORBIDDEN
                        || status.is_redirection() =>
                {
                    if renewed {
                        return Err(self.refusal(&reply, call));
                    }
                    refused = Some(generation);
                }
                _ => return Err(self.refusal(&reply, call)),
            }
        }
    }

    async fn rest_try<T>(
        &self,
        call: &RestCall,
        refused: Option<u64>,
        tried: u32,
        read: &impl Fn(&HttpReply) -> Result<T, Unreadable>,
    ) -> Result<Outcome<T>, Failed> {
        let limiter = self.rest_pace.of(call.route);
        // What has to be signed in first is signed in before the turn is taken, or calls would go out later than their turn
        // says, and the next ones too soon after them.
        self.tokens.access(refused).await?;
        limiter.acquire().await;
        let _place = self.rest_pace.in_flight.acquire().await;
        // And asked for again: waiting for a turn may take minutes, in which a token could die.
        let token = self.tokens.access(refused).await?;
        Counts::add(&self.transport.counts.rest);
        if tried > 0 {
            Counts::add(&self.transport.counts.retries);
        }
        let request = self.transport.get(call.url.clone()).bearer_auth(token.text.expose());
        let reply = self.transport.exchange(request, &call.name, self.transport.options.max_json_bytes).await?;
        if let Some(failed) = self.transport.try_again_later(&reply, &call.name, &error_text(&reply.body)) {
            if let Some(pause) = failed.again.and_then(|again| again.after)
                && pause <= self.transport.options.max_retry_after
            {
                limiter.pause(pause);
            }
            return Err(failed);
        }
        if !reply.status.is_success() {
            return Ok(Outcome::Refused { reply, generation: token.generation });
        }
        read(&reply).map(Outcome::Read).map_err(|unreadable| self.transport.unreadable(&unreadable, &call.name))
    }

    fn refusal(&self, reply: &HttpReply, call: &RestCall) -> Error {
        let (server, name) = (self.transport.server.to_string(), call.name.clone());
        let detail = error_text(&reply.body);
        match reply.status {
            StatusCode::FORBIDDEN => Error::NoRights { server, call: name, detail },
            StatusCode::NOT_FOUND => Error::NotFound { server, call: name, detail },
            status if status == StatusCode::UNAUTHORIZED || status.is_redirection() => Error::BadCredentials {
                refusal: Refusal::Token,
                message: format!("The server {server} does not accept a fresh sign-in for `{name}`"),
            },
            status => self.transport.rejected(status, &name, &detail),
        }
    }
}
