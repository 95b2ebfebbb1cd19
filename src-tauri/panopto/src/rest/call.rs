//! One REST call: paced, signed in, tried again, and its refusals put into words.

use reqwest::StatusCode;
use tokio::sync::{Semaphore, SemaphorePermit};

use super::route::{RestCall, Route};
use super::wire::{error_text, says_not_found};
use crate::connection::Connection;
use crate::http::{Counts, HttpReply};
use crate::pace::limiter::{Head, Limiter};
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

    /// Waits until a call of this route may go out: limits, pauses, and a free place among the calls in flight.
    async fn turn(&self, route: Route) -> Turn<'_> {
        let head = self.of(route).line_up().await;
        head.wait().await;
        // Taken at the head of the queue only, so that the calls that wait for one route leave the places to others.
        let place = self.in_flight.acquire().await.ok();
        Turn { pace: self, head, place }
    }
}

/// The right to send the next call of a route.
struct Turn<'a> {
    pace: &'a RestPace,
    head: Head<'a>,
    place: Option<SemaphorePermit<'a>>,
}

impl<'a> Turn<'a> {
    /// Uses the turn up. The place is held until the call is over.
    async fn take(mut self) -> Option<SemaphorePermit<'a>> {
        while !self.head.go() {
            self.place = None;
            self.head.wait().await;
            self.place = self.pace.in_flight.acquire().await.ok();
        }
        self.place
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
        // The sign-in comes before the turn: renewing it may take long, and calls whose turn has come may not wait.
        let mut token = self.tokens.access(refused).await?;
        let mut turn = self.rest_pace.turn(call.route).await;
        if !token.is_good() {
            // It died in the queue, which may take minutes. The turn goes to another call meanwhile.
            drop(turn);
            token = self.tokens.access(refused).await?;
            turn = self.rest_pace.turn(call.route).await;
        }
        let _place = turn.take().await;
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
                self.rest_pace.of(call.route).pause(pause);
            }
            return Err(failed);
        }
        if let Some(error) = self.transport.redirected(&reply, &call.name) {
            return Err(error.into());
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
            // For one folder or video a 404 is a statement, which counts only in Panopto's own words.
            StatusCode::NOT_FOUND
                if matches!(call.route, Route::Folder | Route::Session) && !says_not_found(&reply.body) =>
            {
                let detail = "HTTP 404 without the words in which Panopto says it".to_owned();
                Error::Changed { server, call: name, detail }
            }
            StatusCode::NOT_FOUND => Error::NotFound { server, call: name, detail },
            status if status == StatusCode::UNAUTHORIZED || status.is_redirection() => Error::BadCredentials {
                refusal: Refusal::Token,
                message: format!("The server {server} does not accept a fresh sign-in for `{name}`"),
            },
            status => self.transport.rejected(status, &name, &detail),
        }
    }
}
