//! One REST call: paces it, signs it in, retries it, and puts refusals into words.

use reqwest::StatusCode;

use super::route::{RestCall, Route};
use super::wire::{error_text, says_not_found};
use crate::connection::Connection;
use crate::http::{Counts, HttpReply};
use crate::pace::retry::{Failed, persist};
use crate::unreadable::Unreadable;
use crate::{Error, Refusal, Result};

enum RestTry<T> {
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
            let outcome = persist(&self.transport.options, &self.transport.pauses, |tried| {
                self.rest_try(call, refused, tried, &read)
            })
            .await?;
            let (reply, generation) = match outcome {
                RestTry::Read(answer) => return Ok(answer),
                RestTry::Refused { reply, generation } => (reply, generation),
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
    ) -> Result<RestTry<T>, Failed> {
        // The sign-in comes before the turn: renewing a token may take long, and a call whose turn has come must not
        // wait.
        let mut token = self.tokens.access(refused).await?;
        let mut turn = self.rest_pace.turn(call.route).await;
        if !token.is_good() {
            // The token expired while this call queued, which can take minutes. Another call may use the turn
            // meanwhile.
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
            return Ok(RestTry::Refused { reply, generation: token.generation });
        }
        read(&reply).map(RestTry::Read).map_err(|unreadable| self.transport.unreadable(&unreadable, &call.name))
    }

    fn refusal(&self, reply: &HttpReply, call: &RestCall) -> Error {
        let (server, name) = (self.transport.server.to_string(), call.name.clone());
        let detail = error_text(&reply.body);
        match reply.status {
            StatusCode::FORBIDDEN => Error::NoRights { server, call: name, detail },
            // A 404 about a single folder or video says something, but only in Panopto's own words.
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
