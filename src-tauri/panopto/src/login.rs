//! The browser sign-in: OAuth2 authorization code with a redirect to this computer.
//!
//! Invariants: listens on 127.0.0.1 only and only while an attempt runs; serves exactly the redirect path; `state` must
//! match; at most one attempt at a time in a process; the port is closed when the attempt ends or is dropped.

use std::future::Future;
use std::time::Duration;

use url::Url;

use crate::{ApiClient, Options, Result, Secret, Server};

/// The redirect address that Panopto's own samples register.
pub const DEFAULT_REDIRECT: &str = "http://localhost:9127/redirect";

/// How to run a browser sign-in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LoginOptions {
    /// The redirect address exactly as registered for the API client: `http://localhost:PORT/PATH` or
    /// `http://127.0.0.1:PORT/PATH`.
    pub redirect: String,
    /// Whether to use PKCE (S256). Sites differ: on for API clients of type *Mobile or Desktop Application*, off for
    /// *Server-side Web Application*.
    pub pkce: bool,
    /// The scopes; `offline_access` is needed for a refresh token.
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

/// What a sign-in gives.
#[derive(Debug, Clone)]
pub struct Tokens {
    /// Opens REST for about an hour.
    pub access_token: Secret,
    /// To be kept in the keychain; absent if the API client does not allow `offline_access`.
    pub refresh_token: Option<Secret>,
    /// How long the access token lives.
    pub expires_in: Option<Duration>,
}

/// A running browser sign-in. Dropping it closes the port.
#[derive(Debug)]
pub struct LoginAttempt {
    url: Url,
}

impl LoginAttempt {
    /// Opens the port and makes the address for the browser. Needs a tokio runtime.
    ///
    /// [`crate::Error::SignInRunning`] if an attempt is running in this process, [`crate::Error::PortTaken`],
    /// [`crate::Error::NotConfigured`] if the redirect address is not one of this computer.
    pub async fn begin(
        server: &Server,
        api_client: &ApiClient,
        login: LoginOptions,
        options: &Options,
    ) -> Result<Self> {
        let _ = (server, api_client, login, options);
        unimplemented!()
    }

    /// The address to open in the person's browser (and to print where there is none).
    pub fn url(&self) -> &Url {
        &self.url
    }

    /// Waits for the browser to come back and exchanges the code for tokens. `cancel` ends it with
    /// [`crate::Error::Cancelled`]; use `std::future::pending()` for none.
    pub async fn finish(self, cancel: impl Future<Output = ()> + Send) -> Result<Tokens> {
        cancel.await;
        unimplemented!()
    }
}
