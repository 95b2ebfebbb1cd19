//! What is set up and who is signed in, as the window shows it.

use engine::connection::ConnectionInfo;
use engine::settings::{EnvImport as Imported, Settings};

use crate::dto::connection::{Connection, EnvImport, Keychain, SignIn, SignInMethod};
use crate::memory::SignedInAs;

/// The connection as it is, from what the engine knows and what the window remembers.
pub fn connection(info: ConnectionInfo, settings: &Settings, known: Option<&SignedInAs>, lasting: bool) -> Connection {
    let sign_in = sign_in(&info, known, lasting);
    Connection {
        keychain: keychain(info.keychain_refusal, lasting),
        server: info.server.unwrap_or_default(),
        client_id: info.client_id.map(|(id, _)| id).unwrap_or_default(),
        has_client_secret: info.client_secret.is_some(),
        pkce: settings.pkce,
        user_name: info.user_name.map(|(name, _)| name).unwrap_or_default(),
        has_password: info.password.is_some(),
        sign_in,
        redirect_url: settings.redirect_url.clone(),
    }
}

fn keychain(refusal: Option<String>, lasting: bool) -> Keychain {
    let text = match (refusal, lasting) {
        (Some(refusal), _) => refusal,
        (None, false) => {
            "This computer has no keychain that answers, so the sign-in lasts until the program is closed".to_owned()
        }
        (None, true) if cfg!(windows) => "Kept in the Windows Credential Manager, and only there".to_owned(),
        (None, true) if cfg!(target_os = "macos") => "Kept in the macOS Keychain, and only there".to_owned(),
        (None, true) => "Kept in the keyring of this computer, and only there".to_owned(),
    };
    Keychain { available: lasting, text }
}

/// Who is signed in, without asking the server.
pub fn sign_in(info: &ConnectionInfo, known: Option<&SignedInAs>, lasting: bool) -> SignIn {
    let Some(server) = &info.server else { return SignIn::NotConfigured };
    let known = known.filter(|known| known.server == *server);
    let has_client = info.client_id.is_some() && info.client_secret.is_some();
    let method = match (info.browser_sign_in, info.password) {
        (Some(_), _) => Some(SignInMethod::Browser),
        (None, Some(_)) if info.user_name.is_some() => Some(SignInMethod::Password),
        _ => None,
    };
    match (method, known) {
        (_, Some(known)) if known.refused => {
            SignIn::SignedOut { reason: Some(format!("{server} no longer accepts the sign-in of {}", known.name)) }
        }
        (Some(method), known) if info.is_complete => SignIn::SignedIn {
            name: known
                .map(|known| known.name.clone())
                .or_else(|| info.user_name.as_ref().map(|(name, _)| name.clone()))
                .unwrap_or_else(|| "this account".to_owned()),
            server: server.clone(),
            method,
            session_only: !lasting,
        },
        _ if !has_client => SignIn::NotConfigured,
        _ => SignIn::SignedOut { reason: None },
    }
}

/// What was taken over from an `.env` file; `connection` is what is set afterwards.
pub fn env_import(file: String, imported: Imported, lasting: bool, connection: Connection) -> EnvImport {
    let words = |name: &String| match name.as_str() {
        "SERVER" => "server",
        "CLIENT_ID" => "client ID",
        "CLIENT_SECRET" => "client secret",
        "USERNAME" => "user name",
        "PASSWORD" => "password",
        _ => "another value",
    };
    let advice = if lasting {
        imported.advice
    } else {
        "This computer has no keychain, so the secrets are kept until the program is closed; keep the file until they are kept elsewhere".to_owned()
    };
    EnvImport { file, taken: imported.found.iter().map(|name| words(name).to_owned()).collect(), advice, connection }
}

#[cfg(test)]
mod tests {
    use engine::connection::Origin;

    use super::*;

    fn info() -> ConnectionInfo {
        ConnectionInfo {
            server: Some("uni.example".to_owned()),
            client_id: Some(("id".to_owned(), Origin::Stored)),
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
        let name = |server: &str| match sign_in(&info(), Some(&known(server, false)), true) {
            SignIn::SignedIn { name, method: SignInMethod::Browser, session_only: false, .. } => name,
            other => panic!("{other:?}"),
        };
        assert_eq!(name("uni.example"), "Ann");
        assert_eq!(name("other.example"), "this account");
    }

    #[test]
    fn a_refused_sign_in_says_so_until_somebody_signs_in() {
        let refused = sign_in(&info(), Some(&known("uni.example", true)), true);
        assert!(matches!(refused, SignIn::SignedOut { reason: Some(reason) } if reason.contains("uni.example")));
    }

    #[test]
    fn what_is_missing_decides_between_not_configured_and_signed_out() {
        let without_sign_in = ConnectionInfo { browser_sign_in: None, is_complete: false, ..info() };
        assert_eq!(sign_in(&without_sign_in, None, true), SignIn::SignedOut { reason: None });
        let without_client = ConnectionInfo { client_secret: None, ..without_sign_in };
        assert_eq!(sign_in(&without_client, None, true), SignIn::NotConfigured);
        assert_eq!(sign_in(&ConnectionInfo { server: None, ..without_client }, None, true), SignIn::NotConfigured);
    }

    #[test]
    fn without_a_keychain_it_is_said_plainly() {
        let connection = connection(info(), &Settings::default(), None, false);
        assert!(!connection.keychain.available && connection.keychain.text.contains("until the program is closed"));
        assert!(matches!(connection.sign_in, SignIn::SignedIn { session_only: true, .. }));
    }
}
