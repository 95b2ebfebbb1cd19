//! Imports the original tool's `.env`: server and user go into the settings, secrets go into the secret store and
//! nowhere else.
//!
//! Invariant: the report names variables but never values.

use panopto::{Secret, Server};
use serde::Serialize;

use super::{Settings, dotenv};
use crate::secrets::{SecretName, SecretStore};
use crate::{Error, ErrorCode, Result};

/// The result of an import.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct EnvImport {
    /// The server that the credentials are for.
    pub server: String,
    /// Names that were imported, in the order of the file.
    pub found: Vec<String>,
    /// Names of credentials that have no value in the file, so that nothing was imported for them.
    pub empty: Vec<String>,
    /// Names in the file that mean nothing to this program.
    pub ignored: Vec<String>,
    /// What the user should do with the file now.
    pub advice: String,
}

/// Reads the text of a `.env` file (`SERVER`, `USERNAME`, `PASSWORD`, `CLIENT_ID`, `CLIENT_SECRET`), stores its secrets
/// in `secrets` and changes `settings`, which the caller saves. Blocks on the secret store.
///
/// Without `SERVER`, the server in the settings is meant. All or nothing: after an error, nothing has been stored.
pub fn import_env(text: &str, settings: &mut Settings, secrets: &dyn SecretStore) -> Result<EnvImport> {
    let mut changed = settings.clone();
    let (mut found, mut empty, mut ignored) = (Vec::new(), Vec::new(), Vec::new());
    let (mut password, mut client_secret) = (None, None);
    for dotenv::Assignment { name, value } in dotenv::parse(text)? {
        let value = Some(value).filter(|value| !value.trim().is_empty());
        let place = match name.as_str() {
            "SERVER" => &mut changed.server,
            "USERNAME" => &mut changed.user_name,
            "CLIENT_ID" => &mut changed.client_id,
            "PASSWORD" => &mut password,
            "CLIENT_SECRET" => &mut client_secret,
            _ => &mut None,
        };
        let known = matches!(name.as_str(), "SERVER" | "USERNAME" | "CLIENT_ID" | "PASSWORD" | "CLIENT_SECRET");
        let list = match (known, &value) {
            (true, Some(_)) => &mut found,
            (true, None) => &mut empty,
            (false, _) => &mut ignored,
        };
        if !list.contains(&name) {
            list.push(name);
        }
        if value.is_some() {
            *place = value;
        }
    }
    empty.retain(|name| !found.contains(name));
    if found.is_empty() {
        return Err(Error::new(ErrorCode::InvalidInput, "The .env file holds no Panopto credentials").with_hint(
            "Expected are SERVER, USERNAME, PASSWORD, CLIENT_ID and CLIENT_SECRET, as the scripts used them",
        ));
    }
    let server = changed.server.as_deref().ok_or_else(|| {
        Error::new(ErrorCode::InvalidInput, "The .env file names no SERVER, and none is set")
            .with_hint("Add a line SERVER=university.hosted.panopto.com or set the server first")
    })?;
    let server = Server::parse(server).map_err(|error| {
        Error::new(ErrorCode::InvalidInput, format!("SERVER in the .env file: {error}"))
            .with_hint("Correct the line SERVER=… and import it again")
    })?;
    let host = server.host().to_owned();
    for (name, text) in [
        (SecretName::Password { server: host.clone() }, password),
        (SecretName::ClientSecret { server: host }, client_secret),
    ] {
        if let Some(text) = text {
            secrets.set(&name, &Secret::new(text))?;
        }
    }
    *settings = changed;
    Ok(EnvImport { server: server.to_string(), advice: advice(&empty), found, empty, ignored })
}

/// Only suggests deleting a file whose every value has been taken over.
fn advice(empty: &[String]) -> String {
    if empty.is_empty() {
        return "The credentials are now in the keychain; delete the .env file, because anyone who gets hold of it can read them"
            .to_owned();
    }
    format!(
        "Keep the .env file until you have looked at it: it gives no value for {}, so that was not taken over",
        empty.join(", ")
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::secrets::MemorySecrets;

    fn secret(secrets: &MemorySecrets, name: &SecretName) -> Option<String> {
        secrets.get(name).unwrap().map(|secret| secret.expose().to_owned())
    }

    #[test]
    fn takes_over_the_originals_file() {
        let text = "SERVER='ubc.ca.panopto.com'\nUSERNAME=admin\nPASSWORD='p=w#d $x'\nCLIENT_ID=abc\nCLIENT_SECRET=\"s+/=&<\"\nOTHER=1\n";
        let (mut settings, secrets) = (Settings::default(), MemorySecrets::default());
        let report = import_env(text, &mut settings, &secrets).unwrap();
        assert_eq!(report.found, ["SERVER", "USERNAME", "PASSWORD", "CLIENT_ID", "CLIENT_SECRET"]);
        assert_eq!(report.ignored, ["OTHER"]);
        assert_eq!(settings.server.as_deref(), Some("ubc.ca.panopto.com"));
        assert_eq!((settings.user_name.as_deref(), settings.client_id.as_deref()), (Some("admin"), Some("abc")));
        let server = || "ubc.ca.panopto.com".to_owned();
        assert_eq!(secret(&secrets, &SecretName::Password { server: server() }).as_deref(), Some("p=w#d $x"));
        assert_eq!(secret(&secrets, &SecretName::ClientSecret { server: server() }).as_deref(), Some("s+/=&<"));
        let shown = format!(
            "{report:?}{}{}",
            serde_json::to_string(&report).unwrap(),
            serde_json::to_string(&settings).unwrap()
        );
        assert!(!shown.contains("p=w#d") && !shown.contains("s+/="));
    }

    #[test]
    fn a_file_with_an_empty_value_is_not_to_be_deleted() {
        let import = |text| import_env(text, &mut Settings::default(), &MemorySecrets::default()).unwrap();
        let report = import("SERVER=x.example\nPASSWORD=\nCLIENT_SECRET = '' \nOTHER=\n");
        assert_eq!(
            (report.found, report.empty),
            (vec!["SERVER".to_owned()], vec!["PASSWORD".into(), "CLIENT_SECRET".into()])
        );
        assert_eq!(report.ignored, ["OTHER"]);
        assert!(report.advice.starts_with("Keep the .env file") && report.advice.contains("PASSWORD, CLIENT_SECRET"));
        let report = import("SERVER=x.example\nPASSWORD=\nPASSWORD=#a\n");
        assert!(report.empty.is_empty() && report.advice.contains("delete the .env file"), "a later value counts");
    }

    #[test]
    fn keeps_nothing_of_a_file_it_cannot_use() {
        for (text, message) in [
            ("PASSWORD=hunter2", "names no SERVER"),
            ("SERVER=http://evil.example\nPASSWORD=hunter2", "https"),
            ("A=b", "no Panopto credentials"),
            ("SERVER=x.example\nPASSWORD='hunter2", "Line 2"),
        ] {
            let (mut settings, secrets) = (Settings::default(), MemorySecrets::default());
            let error = import_env(text, &mut settings, &secrets).unwrap_err();
            assert!(error.message().contains(message), "{error}");
            assert!(!format!("{error:?}").contains("hunter2"));
            assert_eq!(settings, Settings::default());
            assert!(secret(&secrets, &SecretName::Password { server: "evil.example".into() }).is_none());
        }
    }
}
