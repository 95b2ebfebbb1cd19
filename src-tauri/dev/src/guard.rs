//! Who may call: a page or a test on this computer that knows the token, and no other page in the browser.
//!
//! The token is the first part of every path, so a page served below it needs no header and no script to pass it on.
//! `Host` is compared because a page elsewhere can point its own name at 127.0.0.1; `Origin` because a browser lets any
//! page send a request.

use std::fmt::Write as _;
use std::net::SocketAddr;

use axum::extract::{Request, State};
use axum::http::header::{HOST, ORIGIN};
use axum::http::{HeaderMap, StatusCode};
use axum::middleware::Next;
use axum::response::{IntoResponse as _, Response};
use rand::Rng as _;
use subtle::ConstantTimeEq as _;

const TOKEN_BYTES: usize = 32;

/// The secret part of every address of one server.
#[derive(Clone)]
pub struct Token(String);

impl Token {
    /// A new one that nobody can guess.
    pub fn random() -> Self {
        let bytes: [u8; TOKEN_BYTES] = rand::rng().random();
        let mut text = String::with_capacity(2 * TOKEN_BYTES);
        for byte in bytes {
            // Writing to a string cannot fail.
            let _ = write!(text, "{byte:02x}");
        }
        Self(text)
    }

    /// The token in plain text, for the address that is given to the page.
    pub fn reveal(&self) -> &str {
        &self.0
    }

    fn begins(&self, path: &str) -> bool {
        let first = path.trim_start_matches('/').split('/').next().unwrap_or_default();
        first.as_bytes().ct_eq(self.0.as_bytes()).into()
    }
}

/// The pages that may call, apart from those without an origin, such as tests.
#[derive(Debug, Clone, Default)]
pub struct Origins(pub Vec<String>);

#[derive(Clone)]
pub(crate) struct Guard {
    pub(crate) token: Token,
    pub(crate) address: SocketAddr,
    pub(crate) origins: Origins,
}

impl Guard {
    fn refusal(&self, path: &str, headers: &HeaderMap) -> Option<StatusCode> {
        let own = self.address.to_string();
        let host = headers.get(HOST).and_then(|host| host.to_str().ok());
        if host != Some(own.as_str()) {
            return Some(StatusCode::FORBIDDEN);
        }
        if let Some(origin) = headers.get(ORIGIN) {
            let own = format!("http://{own}");
            let allowed =
                origin.to_str().is_ok_and(|origin| origin == own || self.origins.0.iter().any(|o| o == origin));
            if !allowed {
                return Some(StatusCode::FORBIDDEN);
            }
        }
        // Answers as if nothing were there.
        (!self.token.begins(path)).then_some(StatusCode::NOT_FOUND)
    }
}

pub(crate) async fn check(State(guard): State<Guard>, request: Request, next: Next) -> Response {
    match guard.refusal(request.uri().path(), request.headers()) {
        Some(status) => status.into_response(),
        None => next.run(request).await,
    }
}
