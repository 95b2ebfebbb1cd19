//! What the caller provides to sign in with, and where rotated refresh tokens go.

use async_trait::async_trait;

use crate::{BoxError, Secret};

/// The API client that was created in Panopto under *System > API Clients*.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ApiClient {
    /// The client ID. It is not secret.
    pub id: String,
    /// The client secret. It may hold any character.
    pub secret: Secret,
}

/// A user whose account is in Panopto itself (the password of a single-sign-on user does not work here).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PasswordSignIn {
    /// The user name.
    pub user_name: String,
    /// The password.
    pub password: Secret,
}

/// How usage calls (SOAP) prove who is calling.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum SoapSignIn {
    /// With a web cookie: from `legacyLogin` if there is a token, otherwise from `LogOnWithPassword`.
    #[default]
    Cookie,
    /// With user name and password in each call, as old scripts do. Needs [`SignIn::password`].
    AuthInCall,
}

/// Everything that can be used to sign in. Rules:
/// - REST: the refresh token if there is one, otherwise the password grant (both need [`SignIn::api_client`]);
/// - SOAP: see [`SoapSignIn`]; if the server has no usable `legacyLogin`, the password is tried.
#[derive(Debug, Clone, Default)]
pub struct SignIn {
    /// The API client; without one there is no REST.
    pub api_client: Option<ApiClient>,
    /// The refresh token of an earlier browser sign-in. Each use replaces it: see [`TokenStore`].
    pub refresh_token: Option<Secret>,
    /// User name and password.
    pub password: Option<PasswordSignIn>,
    /// How SOAP calls are signed in.
    pub soap: SoapSignIn,
}

/// The right to renew a sign-in, from reading its refresh token until the new one is kept. Dropping it ends the turn.
pub struct RenewalTurn {
    _held: Option<Box<dyn Send>>,
}

impl RenewalTurn {
    /// A turn that holds `held` while it lasts, for example a lock between processes.
    pub fn holding(held: impl Send + 'static) -> Self {
        Self { _held: Some(Box::new(held)) }
    }

    /// A turn that excludes nobody, for a sign-in that nobody else uses.
    pub const fn alone() -> Self {
        Self { _held: None }
    }
}

/// Where a rotated refresh token is kept. Other processes may use the same sign-in, and the server accepts each refresh
/// token only once. So renewals take turns, and each begins with the token that is kept at that moment.
#[async_trait]
pub trait TokenStore: Send + Sync {
    /// Waits for the turn to renew. An error fails the call that needed the token with [`crate::Error::TokenStore`],
    /// before anything is sent.
    async fn begin_renewal(&self) -> Result<RenewalTurn, BoxError> {
        Ok(RenewalTurn::alone())
    }

    /// The refresh token that is kept now, if it can be read. One that differs from the client's own comes from another
    /// process and replaces it. Called within a turn: before a renewal, and again when the server refuses the token.
    async fn kept_refresh_token(&self) -> Option<Secret> {
        None
    }

    /// Keeps `new`; the token that it replaces is already dead. Awaited within the turn, before the new access token is
    /// used.
    ///
    /// If this fails, the call that needed the token fails with [`crate::Error::TokenStore`]. The token stays in
    /// memory, and the next call first tries to store it again.
    async fn refresh_token_rotated(&self, new: &Secret) -> Result<(), BoxError>;
}
