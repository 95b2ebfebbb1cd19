//! The browser sign-in: OAuth2 authorization code, with a redirect to this computer.
//!
//! Invariants: it listens on 127.0.0.1 only and serves exactly the redirect path; `state` must match; at most one
//! attempt runs at a time in a process. The port is open while an attempt runs. After the browser has returned, the
//! port stays open for some seconds and only shows how the sign-in ended. An attempt that is stopped or dropped closes
//! it at once.

mod page;
mod redirect;

use std::future::Future;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use sha2::{Digest, Sha256};
use url::Url;

use self::redirect::{Answer, Reception, RedirectAddress};
use crate::http::Transport;
use crate::oauth::endpoint::{Grant, TokenEndpoint};
use crate::oauth::wire::TokenAnswer;
use crate::{ApiClient, Error, Options, Refusal, Result, Secret, Server};

/// The redirect address that Panopto's own samples register.
const DEFAULT_REDIRECT: &str = "http://localhost:9127/redirect";

/// Whether a sign-in can wait at this redirect address: `http://localhost:PORT/PATH` or `http://127.0.0.1:PORT/PATH`,
/// with nothing after the path. If not, the error completes a sentence that says what is wrong with it.
pub fn check_redirect(address: &str) -> std::result::Result<(), &'static str> {
    RedirectAddress::read(address).map(drop)
}

/// How to run a browser sign-in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LoginOptions {
    /// The redirect address, exactly as registered for the API client: `http://localhost:PORT/PATH` or
    /// `http://127.0.0.1:PORT/PATH`.
    pub redirect: String,
    /// Whether to use PKCE (S256). Sites differ: on for API clients of type *Mobile or Desktop Application*, off for
    /// *Server-side Web Application*.
    pub pkce: bool,
    /// The scopes. Without `offline_access` the server gives no refresh token.
    pub scopes: Vec<String>,
    /// How long to wait for the person.
    pub timeout: Duration,
}

impl Default for LoginOptions {
    fn default() -> Self {
        Self {
            redirect: DEFAULT_REDIRECT.to_owned(),
            pkce: false,
            scopes: ["openid", "api", "offline_access"].map(str::to_owned).to_vec(),
            timeout: Duration::from_secs(5 * 60),
        }
    }
}

/// What a sign-in returns.
#[derive(Debug, Clone)]
pub struct SignedInTokens {
    /// To keep in the keychain; absent if the API client does not allow `offline_access`.
    pub refresh_token: Option<Secret>,
}

/// A running browser sign-in. Dropping it closes the port.
#[derive(Debug)]
pub struct LoginAttempt {
    url: Url,
    redirect: String,
    timeout: Duration,
    verifier: Option<Secret>,
    endpoint: TokenEndpoint,
    transport: Transport,
    reception: Reception,
    /// Released last, after the port is closed.
    _only: OnlyAttempt,
}

impl LoginAttempt {
    /// Opens the port and prepares the address for the browser. Needs a tokio runtime.
    ///
    /// Errors: [`crate::Error::SignInRunning`] if an attempt is running in this process, [`crate::Error::PortTaken`] if
    /// the port is in use, [`crate::Error::NotConfigured`] if the redirect address is not on this computer.
    pub async fn begin(
        server: &Server,
        api_client: &ApiClient,
        login: LoginOptions,
        options: &Options,
    ) -> Result<Self> {
        let address = RedirectAddress::parse(&login.redirect)?;
        let only = OnlyAttempt::take().ok_or(Error::SignInRunning)?;
        let transport = Transport::new(server.clone(), options.clone())?;
        let (state, verifier) = (random(), login.pkce.then(random));
        let reception = Reception::open(address, state.clone()).await?;
        let mut url = server.url("/Panopto/oauth2/connect/authorize");
        url.query_pairs_mut()
            .append_pair("response_type", "code")
            .append_pair("client_id", &api_client.id)
            .append_pair("redirect_uri", &login.redirect)
            .append_pair("scope", &login.scopes.join(" "))
            .append_pair("state", state.expose());
        if let Some(verifier) = &verifier {
            let challenge = URL_SAFE_NO_PAD.encode(Sha256::digest(verifier.expose()));
            url.query_pairs_mut()
                .append_pair("code_challenge", &challenge)
                .append_pair("code_challenge_method", "S256");
        }
        Ok(Self {
            url,
            redirect: login.redirect,
            timeout: login.timeout,
            verifier,
            endpoint: TokenEndpoint::new(api_client.clone()),
            transport,
            reception,
            _only: only,
        })
    }

    /// The address to open in the person's browser, or to print if there is no browser.
    pub fn url(&self) -> &Url {
        &self.url
    }

    /// Waits for the browser to return, then exchanges the code for tokens. `cancel` ends the wait with
    /// [`crate::Error::Cancelled`]; pass `std::future::pending()` to wait without it.
    pub async fn finish(self, cancel: impl Future<Output = ()> + Send) -> Result<SignedInTokens> {
        tokio::select! {
            biased;
            () = cancel => Err(Error::Cancelled),
            tokens = self.run() => tokens,
        }
    }

    async fn run(self) -> Result<SignedInTokens> {
        // `_only` comes first, so that it is dropped last.
        let Self { _only, redirect, timeout, verifier, endpoint, transport, mut reception, url: _ } = self;
        let Ok(answer) = tokio::time::timeout(timeout, reception.wait()).await else {
            return Err(Error::SignInTimedOut { minutes: timeout.as_secs().div_ceil(60) });
        };
        // The page in the browser waits for the outcome, so that it can show it.
        let outcome = match &answer {
            Answer::Code(code) => {
                let grant = Grant::Code { code, redirect: &redirect, verifier: verifier.as_ref() };
                reception.during(endpoint.ask(&transport, &grant)).await.map(SignedInTokens::from)
            }
            Answer::Refused(reason) => Err(refused(&transport.server, reason, verifier.is_some())),
        };
        let shown = match &outcome {
            Ok(_) => page::signed_in(),
            Err(error) => page::failed(&error.to_string(), error.hint().as_deref()),
        };
        reception.show(shown).await;
        outcome
    }
}

impl From<TokenAnswer> for SignedInTokens {
    fn from(answer: TokenAnswer) -> Self {
        Self { refresh_token: answer.refresh_token }
    }
}

/// Turns the OAuth2 `error` word that the browser brought back into an error.
fn refused(server: &Server, reason: &str, pkce: bool) -> Error {
    let (refusal, message) = match reason {
        "access_denied" => (Refusal::Denied, format!("The access was not allowed on the sign-in page of {server}")),
        "unauthorized_client" | "unsupported_response_type" => (
            Refusal::GrantNotAllowed,
            format!("The API client at {server} is of a type that does not allow the browser sign-in"),
        ),
        "invalid_scope" => (
            Refusal::GrantNotAllowed,
            format!("The API client at {server} is not allowed what this program asks for (`offline_access`)"),
        ),
        "invalid_request" if pkce => {
            (Refusal::Code { pkce: true }, format!("The server {server} does not accept this way of signing in"))
        }
        other => (Refusal::Denied, format!("The sign-in page of {server} refused: {other}")),
    };
    Error::BadCredentials { refusal, message }
}

/// The right to run this process's only attempt.
#[derive(Debug)]
struct OnlyAttempt;

static RUNNING: AtomicBool = AtomicBool::new(false);

impl OnlyAttempt {
    fn take() -> Option<Self> {
        RUNNING.compare_exchange(false, true, Ordering::AcqRel, Ordering::Acquire).is_ok().then_some(Self)
    }
}

impl Drop for OnlyAttempt {
    fn drop(&mut self) {
        RUNNING.store(false, Ordering::Release);
    }
}

/// 256 random bits, as text that needs no escaping.
fn random() -> Secret {
    URL_SAFE_NO_PAD.encode(rand::random::<[u8; 32]>()).into()
}
