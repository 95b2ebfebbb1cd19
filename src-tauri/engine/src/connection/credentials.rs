//! Collects everything to sign in with from the environment, the settings and the secret store.
//!
//! Environment variables win. The secret store is asked only for what the environment does not give. If the store
//! cannot be asked, that is an error only if something is then missing: a nightly job has no keychain.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD_NO_PAD;
use panopto::{ApiClient, PasswordSignIn, Secret, Server, SignIn, SoapSignIn};
use sha2::{Digest, Sha256};

use crate::environment::Environment;
use crate::secrets::{SecretName, SecretStore};
use crate::settings::Settings;
use crate::{Error, ErrorCode, Result};

/// The environment variables, which win over settings and keychain.
pub mod variables {
    /// Host name or URL of the server.
    pub const SERVER: &str = "PANOPTO_SERVER";
    /// ID of the API client.
    pub const CLIENT_ID: &str = "PANOPTO_CLIENT_ID";
    /// Secret of the API client.
    pub const CLIENT_SECRET: &str = "PANOPTO_CLIENT_SECRET";
    /// Panopto user name.
    pub const USERNAME: &str = "PANOPTO_USERNAME";
    /// Panopto password.
    pub const PASSWORD: &str = "PANOPTO_PASSWORD";
    /// Refresh token of an earlier browser sign-in.
    pub const REFRESH_TOKEN: &str = "PANOPTO_REFRESH_TOKEN";
    /// File with certificates (PEM) to trust in addition to the system's.
    pub const CA_FILE: &str = "PANOPTO_CA_FILE";

    /// Key from which pseudonyms are made.
    pub const PSEUDONYM_KEY: &str = "PANOPTO_ANALYTICS_PSEUDONYM_KEY";

    /// The variables that hold secrets.
    pub(crate) const SECRET: [&str; 4] = [CLIENT_SECRET, PASSWORD, REFRESH_TOKEN, PSEUDONYM_KEY];
    /// Everything that a sign-in may need.
    pub const ALL: [&str; 7] = [SERVER, CLIENT_ID, CLIENT_SECRET, USERNAME, PASSWORD, REFRESH_TOKEN, CA_FILE];
}

/// Where a value came from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "camelCase")]
pub enum Origin {
    /// An environment variable.
    Environment,
    /// The settings or the secret store.
    Stored,
}

/// A value with the place it came from.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Sourced<T> {
    /// The value.
    pub value: T,
    /// Where it came from.
    pub origin: Origin,
}

impl<T> Sourced<T> {
    fn given(value: T) -> Self {
        Self { value, origin: Origin::Environment }
    }

    fn stored(value: T) -> Self {
        Self { value, origin: Origin::Stored }
    }
}

/// Everything that was found, whether or not it is enough. `Debug` shows no secret.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Credentials {
    pub(super) client_id: Option<Sourced<String>>,
    pub(super) client_secret: Option<Sourced<Secret>>,
    pub(super) user_name: Option<Sourced<String>>,
    pub(super) password: Option<Sourced<Secret>>,
    pub(super) refresh_token: Option<Sourced<Secret>>,
    /// Fingerprint of the environment's refresh token. It is stored beside the token that descends from it.
    pub(super) token_origin: Option<String>,
    pub(super) password_in_each_call: bool,
}

/// The server in use: the environment's, otherwise the one in the settings.
pub fn effective_server(settings: &Settings, environment: &dyn Environment) -> Result<Server> {
    let (text, place) = match environment.variable(variables::SERVER) {
        Some(text) => (text, "in PANOPTO_SERVER"),
        None => (settings.server.clone().unwrap_or_default(), "in the settings"),
    };
    if text.trim().is_empty() {
        return Err(Error::new(ErrorCode::NotConfigured, "No Panopto server is set")
            .with_hint("Set the server and its API client first"));
    }
    Server::parse(&text).map_err(|error| {
        Error::new(ErrorCode::InvalidInput, error.to_string()).with_hint(format!("Correct the server {place}"))
    })
}

impl Credentials {
    /// Collects everything for this server. Blocks on the secret store. The second value says why the secret store
    /// could not be asked, if that happened.
    pub fn collect(
        server: &Server,
        settings: &Settings,
        environment: &dyn Environment,
        store: &dyn SecretStore,
    ) -> (Self, Option<Error>) {
        let mut stored = AskedOnce { store, refusal: None };
        let host = || server.host().to_owned();
        let text = |name: &str, setting: &Option<String>| {
            environment
                .variable(name)
                .map(Sourced::given)
                .or_else(|| setting.clone().filter(|text| !text.is_empty()).map(Sourced::stored))
        };
        let secret = |name: &str| environment.variable(name).map(|text| Sourced::given(Secret::new(text)));

        let client_id = text(variables::CLIENT_ID, &settings.client_id);
        let client_secret = secret(variables::CLIENT_SECRET)
            .or_else(|| stored.get(&SecretName::ClientSecret { server: host() }).map(Sourced::stored));
        let user_name = text(variables::USERNAME, &settings.user_name);
        let password = secret(variables::PASSWORD)
            .or_else(|| stored.get(&SecretName::Password { server: host() }).map(Sourced::stored));
        let (refresh_token, token_origin) = match secret(variables::REFRESH_TOKEN) {
            Some(Sourced { value: given, .. }) => {
                let origin = fingerprint(&given);
                // The server kills a refresh token at its first use. The store holds the one that replaced it.
                let descends = stored
                    .get(&SecretName::RefreshTokenOrigin { server: host() })
                    .is_some_and(|known| known.expose() == origin);
                let successor = if descends { stored.get(&SecretName::RefreshToken { server: host() }) } else { None };
                (Some(Sourced::given(successor.unwrap_or(given))), Some(origin))
            }
            // If the environment has a complete sign-in by password, nothing is needed from the store.
            None if is_given(user_name.as_ref()) && is_given(password.as_ref()) => (None, None),
            None => (stored.get(&SecretName::RefreshToken { server: host() }).map(Sourced::stored), None),
        };
        let found = Self {
            client_id,
            client_secret,
            user_name,
            password,
            refresh_token,
            token_origin,
            password_in_each_call: settings.password_in_each_call,
        };
        (found, stored.refusal)
    }

    /// Whether both are the same apart from the refresh token, which every renewal changes.
    pub(super) fn are_alike(&self, others: &Self) -> bool {
        let origin = |credentials: &Self| credentials.refresh_token.as_ref().map(|token| token.origin);
        let without = |credentials: &Self| Self { refresh_token: None, ..credentials.clone() };
        origin(self) == origin(others) && without(self) == without(others)
    }

    /// The API client; [`ErrorCode::NotConfigured`] if a part of it is missing.
    pub fn api_client(&self, server: &Server) -> Result<ApiClient> {
        let missing = |what: &str| {
            Error::new(ErrorCode::NotConfigured, format!("No {what} is set for {server}")).with_hint(
                "Ask a Panopto administrator for an API client (System > API Clients), then set its ID and secret",
            )
        };
        let id = self.client_id.as_ref().ok_or_else(|| missing("client ID"))?;
        let secret = self.client_secret.as_ref().ok_or_else(|| missing("client secret"))?;
        Ok(ApiClient { id: id.value.clone(), secret: secret.value.clone() })
    }

    /// User name and password, if both are given.
    pub(super) fn password_sign_in(&self) -> Option<PasswordSignIn> {
        let (user_name, password) = (self.user_name.as_ref()?, self.password.as_ref()?);
        Some(PasswordSignIn { user_name: user_name.value.clone(), password: password.value.clone() })
    }

    /// What the client signs in with; [`ErrorCode::NotConfigured`] if it is not enough.
    pub fn sign_in(&self, server: &Server) -> Result<SignIn> {
        let api_client = self.api_client(server)?;
        let password = self.password_sign_in();
        let refresh_token = self.refresh_token.as_ref().map(|token| token.value.clone());
        if refresh_token.is_none() && password.is_none() {
            return Err(Error::new(ErrorCode::NotConfigured, format!("Nobody is signed in to {server}"))
                .with_hint("Sign in with the browser, or give user name and password"));
        }
        let soap = if self.password_in_each_call { SoapSignIn::AuthInCall } else { SoapSignIn::Cookie };
        if soap == SoapSignIn::AuthInCall && password.is_none() {
            return Err(Error::new(
                ErrorCode::NotConfigured,
                "Usage calls are set to carry a password each, and no user name and password are set",
            )
            .with_hint("Give user name and password, or switch that setting off"));
        }
        Ok(SignIn { api_client: Some(api_client), refresh_token, password, soap })
    }
}

fn is_given<T>(found: Option<&Sourced<T>>) -> bool {
    found.is_some_and(|found| found.origin == Origin::Environment)
}

/// Asks the store, and remembers its first refusal instead of stopping there.
struct AskedOnce<'a> {
    store: &'a dyn SecretStore,
    refusal: Option<Error>,
}

impl AskedOnce<'_> {
    fn get(&mut self, name: &SecretName) -> Option<Secret> {
        if self.refusal.is_some() {
            return None;
        }
        self.store.get(name).unwrap_or_else(|error| {
            self.refusal = Some(error);
            None
        })
    }
}

/// SHA-256 in base 64: enough to recognise a token, useless for signing in.
fn fingerprint(token: &Secret) -> String {
    STANDARD_NO_PAD.encode(Sha256::digest(token.expose().as_bytes()))
}
