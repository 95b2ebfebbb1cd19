//! How SOAP calls are signed in: with a cookie obtained by token, a cookie obtained by password, or the password in the
//! call.
//!
//! A token alone does not open SOAP: the call is then anonymous, which often looks like "no data"
//! (`docs/panopto-protocol.md`, no data). All calls share one identity, and only one call at a time signs in, because
//! the server limits `legacyLogin` tightly.

use std::sync::Arc;

use reqwest::header::{CONTENT_TYPE, HeaderMap, HeaderValue, SET_COOKIE};
use tokio::time::Instant;

use super::auth;
use super::envelope::{FaultMeaning, Reply, fault};
use super::identity::{FUTILE_FOR, KnownSignIn, Ticket, TicketProof};
use crate::connection::Connection;
use crate::http::{Counts, HttpReply};
use crate::pace::retry::{Failed, persist, retry_after};
use crate::rest::route::RestCall;
use crate::{Error, PasswordSignIn, Refusal, Result, SoapSignIn};

/// The name of the cookie that SOAP calls need.
const COOKIE: &str = ".ASPXAUTH";
/// The name of the call in errors.
const LOG_ON: &str = "Auth.LogOnWithPassword";

impl Connection {
    /// What to sign SOAP calls in with. `refused` is the generation of a ticket that must be replaced.
    pub(crate) async fn ticket(&self, refused: Option<u64>) -> Result<Arc<Ticket>> {
        let mut known = self.soap_identity.known.lock().await;
        if let Some(ticket) = &known.current
            && refused.is_none_or(|refused| ticket.generation > refused)
        {
            return Ok(ticket.clone());
        }
        if let Some(error) = &known.refused {
            return Err(error.clone());
        }
        let proof = match self.signed_in(&mut known).await {
            Ok(proof) => proof,
            Err(error) => {
                if let Error::BadCredentials { refusal: Refusal::Password, .. } = error {
                    known.refused = Some(error.clone());
                }
                return Err(error);
            }
        };
        known.generation += 1;
        let ticket = Arc::new(Ticket { proof, generation: known.generation });
        known.current = Some(ticket.clone());
        Ok(ticket)
    }

    /// Whether a fresh sign-in may help against a refusal that could come from a dead one. False if one was tried in
    /// vain just now.
    pub(crate) async fn fresh_sign_in_may_help(&self, generation: u64) -> bool {
        let known = self.soap_identity.known.lock().await;
        known.futile.is_none_or(|(tried, at)| tried != generation || at.elapsed() > FUTILE_FOR)
    }

    /// Records that a fresh sign-in did not help against a refusal.
    pub(crate) async fn fresh_sign_in_did_not_help(&self, generation: u64) {
        self.soap_identity.known.lock().await.futile = Some((generation, Instant::now()));
    }

    async fn signed_in(&self, known: &mut KnownSignIn) -> Result<TicketProof> {
        let in_call = self.soap == SoapSignIn::AuthInCall || known.no_cookies;
        match (&self.password, self.tokens.available()) {
            (Some(who), _) if in_call => {
                self.log_on(who).await?;
                Ok(TicketProof::InCall)
            }
            (None, _) if in_call => Err(Error::NotConfigured(
                "User name and password are missing: usage calls are set to carry them".to_owned(),
            )),
            (None, true) => self.legacy_login().await,
            (Some(who), true) => match self.legacy_login().await {
                Err(error) if legacy_login_is_unusable(&error) => {
                    tracing::info!(%error, "no cookie for the token, signing in with the password");
                    self.cookie_for_password(who, known).await
                }
                answer => answer,
            },
            (Some(who), false) => self.cookie_for_password(who, known).await,
            // Its error says what is missing.
            (None, false) => Err(self.tokens.access(None).await.err().unwrap_or(Error::Cancelled)),
        }
    }

    async fn cookie_for_password(&self, who: &PasswordSignIn, known: &mut KnownSignIn) -> Result<TicketProof> {
        let cookie = self.log_on(who).await?;
        known.no_cookies = cookie.is_none();
        Ok(cookie.map_or(TicketProof::InCall, TicketProof::Cookie))
    }

    /// Exchanges the access token for a cookie.
    async fn legacy_login(&self) -> Result<TicketProof> {
        let server = &self.transport.server;
        let call = RestCall::legacy_login(server);
        match self.rest(&call, |reply| Ok(cookie(&reply.headers))).await? {
            Some(cookie) => Ok(TicketProof::Cookie(cookie)),
            None => Err(Error::Changed {
                server: server.to_string(),
                call: call.name,
                detail: format!("it sets no cookie named `{COOKIE}`, without which usage calls cannot be signed in"),
            }),
        }
    }

    /// Checks user name and password, and returns the cookie for them if the server gives one.
    async fn log_on(&self, who: &PasswordSignIn) -> Result<Option<HeaderValue>> {
        self.password_attempts.make(self.log_on_once(who)).await
    }

    async fn log_on_once(&self, who: &PasswordSignIn) -> Result<Option<HeaderValue>> {
        let transport = &self.transport;
        persist(&transport.options, &transport.pauses, |tried| async move {
            Counts::add(&transport.counts.soap);
            if tried > 0 {
                Counts::add(&transport.counts.retries);
            }
            let slot = self.soap_window.enter().await;
            let request = transport
                .post(transport.server.url(auth::PATH))
                .header(CONTENT_TYPE, "text/xml; charset=utf-8")
                .header("SOAPAction", auth::ACTION)
                .body(auth::log_on_request(who));
            let reply = transport.exchange(request, LOG_ON, transport.options.max_json_bytes).await?;
            if matches!(reply.status.as_u16(), 429 | 503) {
                let asked = retry_after(&reply.headers).filter(|pause| *pause <= transport.options.max_retry_after);
                slot.refused(asked.unwrap_or(transport.options.backoff_base));
            } else {
                slot.answered();
            }
            self.read_log_on(&reply)
        })
        .await
    }

    fn read_log_on(&self, reply: &HttpReply) -> Result<Option<HeaderValue>, Failed> {
        let transport = &self.transport;
        if let Some(error) = transport.redirected(reply, LOG_ON) {
            return Err(error.into());
        }
        if !reply.status.is_success() {
            return Err(match fault(&reply.body) {
                Some(fault) if fault.meaning() == FaultMeaning::SignedOut => self.wrong_password().into(),
                Some(fault) if fault.meaning() != FaultMeaning::System => {
                    transport.rejected(reply.status, LOG_ON, &self.redacted(&fault.text)).into()
                }
                Some(_) | None => transport
                    .try_again_later(reply, LOG_ON, "")
                    .unwrap_or_else(|| transport.rejected(reply.status, LOG_ON, "").into()),
            });
        }
        match auth::log_on_result(&reply.body).map_err(|unreadable| transport.unreadable(&unreadable, LOG_ON))? {
            Reply::Answer(true) => Ok(cookie(&reply.headers)),
            Reply::Answer(false) => Err(self.wrong_password().into()),
            Reply::Fault(fault) if fault.meaning() == FaultMeaning::SignedOut => Err(self.wrong_password().into()),
            Reply::Fault(fault) => Err(transport.rejected(reply.status, LOG_ON, &self.redacted(&fault.text)).into()),
        }
    }

    fn wrong_password(&self) -> Error {
        let server = &self.transport.server;
        Error::BadCredentials {
            refusal: Refusal::Password,
            message: format!("The server {server} does not accept this user name and password"),
        }
    }

    /// A text from the server without the password, in case it repeats what was sent.
    pub(crate) fn redacted(&self, text: &str) -> String {
        match &self.password {
            Some(who) if !who.password.is_empty() => text.replace(who.password.expose(), "…"),
            _ => text.to_owned(),
        }
    }
}

/// Whether `legacyLogin` itself fails, so that the password may help. False if the network fails.
fn legacy_login_is_unusable(error: &Error) -> bool {
    matches!(
        error,
        Error::BadCredentials { refusal: Refusal::Token, .. }
            | Error::NotFound { .. }
            | Error::NoRights { .. }
            | Error::Changed { .. }
            | Error::Redirected { .. }
            | Error::Rejected { passing: false, .. }
    )
}

/// The cookie among those that the server sets, in the form in which it is sent back: name and value, without
/// attributes.
fn cookie(headers: &HeaderMap) -> Option<HeaderValue> {
    headers.get_all(SET_COOKIE).iter().find_map(|line| {
        let pair = line.as_bytes().split(|byte| *byte == b';').next()?.trim_ascii();
        let (name, value) = pair.split_at_checked(COOKIE.len())?;
        if !name.eq_ignore_ascii_case(COOKIE.as_bytes()) || value.first() != Some(&b'=') || value.len() < 2 {
            return None;
        }
        let mut cookie = HeaderValue::from_bytes(pair).ok()?;
        cookie.set_sensitive(true);
        Some(cookie)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(lines: &[&'static str]) -> Option<String> {
        let mut headers = HeaderMap::new();
        for line in lines {
            headers.append(SET_COOKIE, HeaderValue::from_static(line));
        }
        cookie(&headers).map(|cookie| cookie.to_str().unwrap().to_owned())
    }

    #[test]
    fn the_cookie_is_found_among_others_and_stripped() {
        let line = ".ASPXAUTH=ABC123; path=/; HttpOnly; Secure";
        assert_eq!(found(&["csrfToken=x; path=/", line]).as_deref(), Some(".ASPXAUTH=ABC123"));
        assert_eq!(found(&[".aspxauth=v"]).as_deref(), Some(".aspxauth=v"));
        for none in [".ASPXAUTH=; path=/", ".ASPXAUTHOTHER=x", ".ASPXAUTH", "x=.ASPXAUTH=1", ""] {
            assert_eq!(found(&[none]), None, "{none}");
        }
        assert_eq!(found(&[]), None);
    }

    #[test]
    fn a_cookie_is_not_shown() {
        let mut headers = HeaderMap::new();
        headers.append(SET_COOKIE, HeaderValue::from_static(".ASPXAUTH=ABC123"));
        assert!(!format!("{:?}", cookie(&headers)).contains("ABC123"));
    }
}
