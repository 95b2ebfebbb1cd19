//! The sheet of the connection: what is set, who is signed in, signing in and out.

use std::fmt;

use engine::connection::ConnectionInfo;
use engine::settings::{EnvImport as Imported, Settings};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::plain;
use crate::signed_in_as::SignedInAs;

/// What is set up, without any secret.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export_to = "connect.ts")]
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
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export_to = "connect.ts")]
pub struct Keychain {
    /// Whether the system's keychain can be used; if not, secrets last until the program is closed.
    pub available: bool,
    /// The same in one sentence: `Kept in the Windows Credential Manager`, `No keychain was found: …`.
    pub text: String,
}

/// Who is signed in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase", rename_all_fields = "camelCase", tag = "state")]
#[ts(export_to = "connect.ts")]
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
        /// The person's name if it is known, or else the user name.
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
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export_to = "connect.ts")]
pub enum SignInMethod {
    /// OAuth2 in the user's own browser.
    Browser,
    /// User name and password.
    Password,
}

/// What the user typed about the server and its API client. `Debug` shows no secret.
#[derive(Clone, PartialEq, Eq, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export_to = "connect.ts")]
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
#[derive(Clone, PartialEq, Eq, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export_to = "connect.ts")]
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

/// How a sign-in with the browser is going.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase", rename_all_fields = "camelCase", tag = "type")]
#[ts(export_to = "connect.ts")]
pub enum SignInEvent {
    /// The program listens for the answer, and the browser was asked to open the address.
    Waiting {
        /// The address, to open by hand if no browser came up. Holds no secret.
        url: String,
        /// Whether a browser could be started.
        browser_opened: bool,
    },
    /// The browser came back; the sign-in is being checked with the server.
    Checking,
}

/// What was taken over from an `.env` file of the original.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export_to = "connect.ts")]
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

impl Connection {
    /// The connection as it is, from what the engine knows and what the window remembers. `lasting` says whether secrets
    /// outlive the program.
    pub fn new(info: ConnectionInfo, settings: &Settings, known: Option<&SignedInAs>, lasting: bool) -> Self {
        let sign_in = SignIn::new(&info, known, lasting);
        Self {
            keychain: Keychain::new(info.keychain_refusal, lasting),
            server: info.server.unwrap_or_default(),
            client_id: info.client_id.map(|id| id.value).unwrap_or_default(),
            has_client_secret: info.client_secret.is_some(),
            pkce: settings.pkce,
            user_name: info.user_name.map(|name| name.value).unwrap_or_default(),
            has_password: info.password.is_some(),
            sign_in,
            redirect_url: settings.redirect_url.clone(),
        }
    }
}

impl Keychain {
    fn new(refusal: Option<String>, lasting: bool) -> Self {
        let text = match (refusal, lasting) {
            (Some(refusal), _) => plain::quoted(&refusal),
            (None, false) => {
                "This computer has no keychain that answers, so the sign-in lasts until the program is closed"
                    .to_owned()
            }
            (None, true) if cfg!(windows) => "Kept in the Windows Credential Manager, and only there".to_owned(),
            (None, true) if cfg!(target_os = "macos") => "Kept in the macOS Keychain, and only there".to_owned(),
            (None, true) => "Kept in the keyring of this computer, and only there".to_owned(),
        };
        Self { available: lasting, text }
    }
}

impl SignIn {
    /// Who is signed in, without asking the server.
    fn new(info: &ConnectionInfo, known: Option<&SignedInAs>, lasting: bool) -> Self {
        let Some(server) = &info.server else { return Self::NotConfigured };
        let known = known.filter(|known| known.server == *server);
        let has_client = info.client_id.is_some() && info.client_secret.is_some();
        let method = match (info.browser_sign_in, info.password) {
            (Some(_), _) => Some(SignInMethod::Browser),
            (None, Some(_)) if info.user_name.is_some() => Some(SignInMethod::Password),
            _ => None,
        };
        match (method, known) {
            (_, Some(known)) if known.refused => {
                Self::SignedOut { reason: Some(format!("{server} no longer accepts the sign-in of {}", known.name)) }
            }
            (Some(method), known) if info.is_complete => Self::SignedIn {
                name: known
                    .map(|known| known.name.clone())
                    .or_else(|| info.user_name.as_ref().map(|name| name.value.clone()))
                    .unwrap_or_else(|| "this account".to_owned()),
                server: server.clone(),
                method,
                session_only: !lasting,
            },
            _ if !has_client => Self::NotConfigured,
            _ => Self::SignedOut { reason: None },
        }
    }
}

impl EnvImport {
    /// What was taken over from an `.env` file; `connection` is what is set afterwards.
    pub fn new(file: String, imported: &Imported, lasting: bool, connection: Connection) -> Self {
        let words = |name: &String| match name.as_str() {
            "SERVER" => "server",
            "CLIENT_ID" => "client ID",
            "CLIENT_SECRET" => "client secret",
            "USERNAME" => "user name",
            "PASSWORD" => "password",
            _ => "another value",
        };
        let advice = if lasting {
            plain::quoted(&imported.advice)
        } else {
            "This computer has no keychain, so the secrets are kept until the program is closed; keep the file until they are kept elsewhere".to_owned()
        };
        Self { file, taken: imported.found.iter().map(|name| words(name).to_owned()).collect(), advice, connection }
    }
}

#[cfg(test)]
mod tests {
    use engine::connection::{Origin, Sourced};

    use super::*;

    fn info() -> ConnectionInfo {
        ConnectionInfo {
            server: Some("uni.example".to_owned()),
            client_id: Some(Sourced { value: "id".to_owned(), origin: Origin::Stored }),
            client_secret: Some(Origin::Stored),
            user_name: None,
            password: None,
            browser_sign_in: Some(Origin::Stored),
            is_complete: true,
            keychain_refusal: None,
        }
    }

    fn known(server: &str, refused: bool) -> SignedInAs {
        SignedInAs { server: server.to_owned(), name: "Ann".to_owned(), refused }
    }

    #[test]
    fn the_remembered_name_belongs_to_its_server_only() {
        let name = |server: &str| match SignIn::new(&info(), Some(&known(server, false)), true) {
            SignIn::SignedIn { name, method: SignInMethod::Browser, session_only: false, .. } => name,
            other => panic!("{other:?}"),
        };
        assert_eq!(name("uni.example"), "Ann");
        assert_eq!(name("other.example"), "this account");
    }

    #[test]
    fn a_refused_sign_in_says_so_until_somebody_signs_in() {
        let refused = SignIn::new(&info(), Some(&known("uni.example", true)), true);
        assert!(matches!(refused, SignIn::SignedOut { reason: Some(reason) } if reason.contains("uni.example")));
    }

    #[test]
    fn what_is_missing_decides_between_not_configured_and_signed_out() {
        let without_sign_in = ConnectionInfo { browser_sign_in: None, is_complete: false, ..info() };
        assert_eq!(SignIn::new(&without_sign_in, None, true), SignIn::SignedOut { reason: None });
        let without_client = ConnectionInfo { client_secret: None, ..without_sign_in };
        assert_eq!(SignIn::new(&without_client, None, true), SignIn::NotConfigured);
        assert_eq!(SignIn::new(&ConnectionInfo { server: None, ..without_client }, None, true), SignIn::NotConfigured);
    }

    #[test]
    fn without_a_keychain_it_says_so() {
        let connection = Connection::new(info(), &Settings::default(), None, false);
        assert!(!connection.keychain.available && connection.keychain.text.contains("until the program is closed"));
        assert!(matches!(connection.sign_in, SignIn::SignedIn { session_only: true, .. }));
    }
}
