//! The connection to a Panopto server: what is set, who is signed in, signing in and out.

use std::fmt;

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::BINDINGS;

/// What is set up, without any secret.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export_to = BINDINGS)]
pub struct Connection {
    /// Host name or address of the server; empty before it is set.
    pub server: String,
    /// The API client's ID; empty before it is set.
    pub client_id: String,
    /// Whether a client secret is stored.
    pub has_client_secret: bool,
    /// Whether PKCE is used when signing in with the browser.
    pub pkce: bool,
    /// The user name for signing in with a password; empty before it is set.
    pub user_name: String,
    /// Whether a password is stored.
    pub has_password: bool,
    /// Who is signed in.
    pub sign_in: SignIn,
    /// Where secrets are kept on this computer.
    pub keychain: Keychain,
    /// The redirect URL the API client must allow.
    pub redirect_url: String,
}

/// Where secrets are kept.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export_to = BINDINGS)]
pub struct Keychain {
    /// Whether the system's keychain can be used; if not, secrets last until the program is closed.
    pub available: bool,
    /// The same in one sentence: `Kept in the Windows Credential Manager`, `No keychain was found: …`.
    pub text: String,
}

/// Who is signed in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase", rename_all_fields = "camelCase", tag = "state")]
#[ts(export_to = BINDINGS)]
pub enum SignIn {
    /// No server or client is set yet.
    NotConfigured,
    /// Set up, but nobody is signed in, or the server no longer accepts the sign-in.
    SignedOut {
        /// Why, where there is more to say than "not yet".
        reason: Option<String>,
    },
    /// Signed in.
    SignedIn {
        /// The person's name where known, else the user name.
        name: String,
        /// The server's host name.
        server: String,
        /// Browser or password.
        method: SignInMethod,
        /// Whether the sign-in ends with the program because there is no keychain.
        session_only: bool,
    },
}

/// How someone signed in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export_to = BINDINGS)]
pub enum SignInMethod {
    /// OAuth2 in the user's own browser.
    Browser,
    /// User name and password.
    Password,
}

/// What the user typed about the server and its API client. `Debug` shows no secret.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export_to = BINDINGS)]
pub struct ConnectionInput {
    /// Host name, address, or any link into the server; reduced to what is needed.
    pub server: String,
    /// The API client's ID.
    pub client_id: String,
    /// The API client's secret; absent: keep the stored one.
    pub client_secret: Option<String>,
    /// Whether to use PKCE.
    pub pkce: bool,
}

impl fmt::Debug for ConnectionInput {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ConnectionInput")
            .field("server", &self.server)
            .field("client_id", &self.client_id)
            .field("client_secret", &self.client_secret.as_ref().map(|_| "…"))
            .field("pkce", &self.pkce)
            .finish()
    }
}

/// User name and password as typed. `Debug` shows no secret.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export_to = BINDINGS)]
pub struct PasswordInput {
    /// The user name; with an instance prefix where the site has one (`unified\name`).
    pub user_name: String,
    /// The password; absent: use the stored one.
    pub password: Option<String>,
}

impl fmt::Debug for PasswordInput {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PasswordInput")
            .field("user_name", &self.user_name)
            .field("password", &self.password.as_ref().map(|_| "…"))
            .finish()
    }
}

/// How signing in with the browser goes on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase", rename_all_fields = "camelCase", tag = "type")]
#[ts(export_to = BINDINGS)]
pub enum SignInEvent {
    /// The program listens for the answer, and the browser was asked to open the address.
    Waiting {
        /// The address, to open by hand where no browser came up. Holds no secret.
        url: String,
        /// Whether a browser could be started.
        browser_opened: bool,
    },
    /// The browser came back; the sign-in is being checked with the server.
    Checking,
}

/// What was taken over from an `.env` file of the original.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export_to = BINDINGS)]
pub struct EnvImport {
    /// The file's name and folder.
    pub file: String,
    /// What was found, in the user's words: `server`, `client ID`, `client secret`, `user name`, `password`.
    pub taken: Vec<String>,
    /// What to do with the file now.
    pub advice: String,
    /// What is set afterwards.
    pub connection: Connection,
}
