//! The token endpoint: exchanges a grant for tokens, or says why it cannot.
//!
//! Deliberately not built on an OAuth2 crate. Those form-encode the ID and the secret before base64, as the standard
//! requires; Panopto refuses that for secrets with `+`, `/` or `=` (`docs/panopto-protocol.md`, client authentication).

use std::sync::atomic::{AtomicBool, Ordering};

use reqwest::StatusCode;

use super::wire::{TokenAnswer, token_answer, token_refusal};
use crate::http::{Counts, HttpReply, Transport};
use crate::pace::retry::{Failed, persist};
use crate::{ApiClient, Error, PasswordSignIn, Refusal, Result, Secret};

const PATH: &str = "/Panopto/oauth2/connect/token";
/// The name of the call in errors.
const CALL: &str = "oauth2/connect/token";

/// What is exchanged for tokens.
pub(crate) enum Grant<'a> {
    Refresh(&'a Secret),
    Password { who: &'a PasswordSignIn, scope: &'a str },
    Code { code: &'a Secret, redirect: &'a str, verifier: Option<&'a Secret> },
}

/// The token endpoint, with the API client that uses it.
#[derive(Debug)]
pub(crate) struct TokenEndpoint {
    api_client: ApiClient,
    /// Whether ID and secret go in the body: set once the server has refused them as Basic and accepted them there.
    in_body: AtomicBool,
}

impl TokenEndpoint {
    pub(crate) fn new(api_client: ApiClient) -> Self {
        Self { api_client, in_body: AtomicBool::new(false) }
    }

    /// Exchanges a grant for tokens.
    pub(crate) async fn ask(&self, transport: &Transport, grant: &Grant<'_>) -> Result<TokenAnswer> {
        let in_body = self.in_body.load(Ordering::Relaxed);
        match self.ask_with(transport, grant, in_body).await {
            Err(Error::BadCredentials { refusal: Refusal::ApiClient, .. }) => {
                let answer = self.ask_with(transport, grant, !in_body).await?;
                self.in_body.store(!in_body, Ordering::Relaxed);
                Ok(answer)
            }
            answer => answer,
        }
    }

    async fn ask_with(&self, transport: &Transport, grant: &Grant<'_>, in_body: bool) -> Result<TokenAnswer> {
        let mut form = grant.form();
        let ApiClient { id, secret } = &self.api_client;
        if in_body {
            form.extend([("client_id", id.as_str()), ("client_secret", secret.expose())]);
        }
        persist(&transport.options, &transport.pauses, |tried| {
            let request = transport.post(transport.server.url(PATH)).form(&form);
            // Not form-encoded before base64; the header of this file says why.
            let request = if in_body { request } else { request.basic_auth(id, Some(secret.expose())) };
            async move {
                Counts::add(&transport.counts.token);
                if tried > 0 {
                    Counts::add(&transport.counts.retries);
                }
                let reply = transport.exchange(request, CALL, transport.options.max_json_bytes).await?;
                read(transport, grant, &reply)
            }
        })
        .await
    }
}

fn read(transport: &Transport, grant: &Grant<'_>, reply: &HttpReply) -> Result<TokenAnswer, Failed> {
    if reply.status.is_success() {
        return token_answer(&reply.body).map_err(|unreadable| transport.unreadable(&unreadable, CALL));
    }
    if let Some(failed) = transport.try_again_later(reply, CALL, "") {
        return Err(failed);
    }
    if let Some(error) = transport.redirected(reply, CALL) {
        return Err(error.into());
    }
    let server = &transport.server;
    let refusal = token_refusal(&reply.body);
    let (refusal, message) = match (refusal.as_ref().map(|refusal| refusal.error.as_str()), grant) {
        (Some("invalid_client"), _) => {
            (Refusal::ApiClient, format!("The server {server} does not accept the client ID or the client secret"))
        }
        (Some("unauthorized_client" | "unsupported_grant_type"), _) => {
            let way = grant.way();
            (Refusal::GrantNotAllowed, format!("The API client at {server} is of a type that does not allow {way}"))
        }
        (Some("invalid_grant"), Grant::Refresh(_)) => {
            (Refusal::SignInExpired, format!("The sign-in at {server} has expired, or its renewal was used elsewhere"))
        }
        (Some("invalid_grant"), Grant::Password { .. }) => {
            (Refusal::Password, format!("The server {server} does not accept this user name and password"))
        }
        (Some("invalid_grant"), Grant::Code { verifier, .. }) => {
            let refusal = Refusal::Code { pkce: verifier.is_some() };
            (refusal, format!("The server {server} does not accept the code of the browser sign-in"))
        }
        (Some(other), _) => return Err(transport.rejected(reply.status, CALL, other).into()),
        (None, _) if reply.status == StatusCode::UNAUTHORIZED => {
            (Refusal::ApiClient, format!("The server {server} does not accept the client ID or the client secret"))
        }
        (None, _) => return Err(transport.rejected(reply.status, CALL, "").into()),
    };
    Err(Error::BadCredentials { refusal, message }.into())
}

impl Grant<'_> {
    fn form(&self) -> Vec<(&str, &str)> {
        match self {
            Self::Refresh(token) => vec![("grant_type", "refresh_token"), ("refresh_token", token.expose())],
            Self::Password { who, scope } => vec![
                ("grant_type", "password"),
                ("username", &who.user_name),
                ("password", who.password.expose()),
                ("scope", scope),
            ],
            Self::Code { code, redirect, verifier } => {
                let mut form =
                    vec![("grant_type", "authorization_code"), ("code", code.expose()), ("redirect_uri", redirect)];
                form.extend(verifier.map(|verifier| ("code_verifier", verifier.expose())));
                form
            }
        }
    }

    const fn way(&self) -> &'static str {
        match self {
            Self::Refresh(_) => "renewing a sign-in",
            Self::Password { .. } => "signing in with user name and password",
            Self::Code { .. } => "the browser sign-in",
        }
    }
}
