//! The operating system's keychain: macOS Keychain, Windows Credential Manager, Secret Service on Linux.
//!
//! The only file that names the crate `keyring`. The Secret Service behaves as follows, measured with keyring 4.2:
//! - Without a session bus, or without a keyring on it, `Entry::new` fails with `NoDefaultStore` for the rest of this
//!   process's life.
//! - If a collection is locked and cannot ask the user, storing fails with `NoStorageAccess`, but *reading says
//!   `NoEntry`*. So after a refused store, a missing entry proves nothing.

use std::sync::atomic::{AtomicBool, Ordering};

use keyring::Entry;

use super::{Secret, SecretName, SecretStore};
use crate::{Error, ErrorCode, Result};

/// The name under which the keychain lists all entries of this program.
const SERVICE: &str = "Panopto Video Analytics";
/// Environment variable that replaces [`SERVICE`], so that tests and development builds never touch real entries.
pub const SERVICE_VARIABLE: &str = "PANOPTO_ANALYTICS_KEYCHAIN_SERVICE";

/// The keychain of the user who is signed in to this computer.
#[derive(Debug)]
pub struct KeychainSecrets {
    service: String,
    was_locked: AtomicBool,
}

impl KeychainSecrets {
    /// The keychain under this service name.
    pub fn new(service: impl Into<String>) -> Self {
        Self { service: service.into(), was_locked: AtomicBool::new(false) }
    }

    /// The keychain under the usual service name, or under the one in [`SERVICE_VARIABLE`].
    pub fn from_environment(environment: &dyn crate::environment::Environment) -> Self {
        Self::new(environment.variable(SERVICE_VARIABLE).unwrap_or_else(|| SERVICE.to_owned()))
    }

    /// Checks whether a keychain can be reached; the error says why not. Blocks.
    pub fn probe(&self) -> Result<()> {
        Entry::store_status().as_ref().copied().map_err(unavailable)
    }

    fn entry(&self, name: &SecretName) -> Result<Entry> {
        Entry::new(&self.service, &name.account()).map_err(|error| self.explain(error, name))
    }

    fn explain(&self, error: keyring::Error, name: &SecretName) -> Error {
        match error {
            keyring::Error::NoDefaultStore => match Entry::store_status() {
                Err(reason) => unavailable(reason),
                Ok(()) => unavailable(&keyring::Error::NoDefaultStore),
            },
            keyring::Error::NoStorageAccess(_) => {
                self.was_locked.store(true, Ordering::Relaxed);
                locked(name)
            }
            keyring::Error::TooLong(what, limit) => Error::new(
                ErrorCode::InvalidInput,
                format!(
                    "The {} is too long for this computer's keychain, which takes {} characters",
                    name.label(),
                    limit_characters(&what, limit)
                ),
            )
            .with_hint("Ask for a shorter one, or give it in an environment variable"),
            keyring::Error::BadEncoding(_) | keyring::Error::BadDataFormat(..) | keyring::Error::Ambiguous(_) => {
                Error::new(ErrorCode::InvalidInput, format!("The {} in the keychain is damaged", name.label()))
                    .with_hint(format!(
                        "Delete the entries `{}` of `{}` in the keychain and enter it again",
                        name.account(),
                        self.service
                    ))
            }
            other => unavailable(&other),
        }
    }
}

/// How many characters a limit of the keychain allows. Windows stores passwords as UTF-16 and gives its limit in bytes:
/// 2,560 bytes are 1,280 characters.
fn limit_characters(what: &str, limit: u32) -> u32 {
    const BYTES_PER_UNIT: u32 = 2;
    if what.ends_with("UTF-16") { limit / BYTES_PER_UNIT } else { limit }
}

/// Keeps only a platform's own reason as the source, because other errors carry the bytes of the secret.
fn unavailable(error: &keyring::Error) -> Error {
    let hint = if cfg!(target_os = "linux") {
        "Start a keyring (GNOME Keyring, KWallet) and then this program again; or keep the sign-in for this session only, \
         or use the environment variables"
    } else {
        "Keep the sign-in for this session only, or use the environment variables"
    };
    let unavailable =
        Error::new(ErrorCode::KeychainUnavailable, "This computer has no keychain that answers").with_hint(hint);
    match error {
        keyring::Error::PlatformFailure(reason) => unavailable.with_source(reason.to_string()),
        _ => unavailable,
    }
}

fn locked(name: &SecretName) -> Error {
    Error::new(
        ErrorCode::KeychainLocked,
        format!("The keychain is locked, so the {} cannot be kept there", name.label()),
    )
    .with_hint("Unlock the keychain (on Linux: the default keyring) and try again")
}

impl SecretStore for KeychainSecrets {
    fn get(&self, name: &SecretName) -> Result<Option<Secret>> {
        match self.entry(name)?.get_password() {
            Ok(text) => Ok(Some(Secret::new(text))),
            Err(keyring::Error::NoEntry) if self.was_locked.load(Ordering::Relaxed) => Err(locked(name)),
            Err(keyring::Error::NoEntry) => Ok(None),
            Err(error) => Err(self.explain(error, name)),
        }
    }

    fn set(&self, name: &SecretName, secret: &Secret) -> Result<()> {
        self.entry(name)?.set_password(secret.expose()).map_err(|error| self.explain(error, name))?;
        self.was_locked.store(false, Ordering::Relaxed);
        Ok(())
    }

    fn delete(&self, name: &SecretName) -> Result<()> {
        match self.entry(name)?.delete_credential() {
            Ok(()) | Err(keyring::Error::NoEntry) => Ok(()),
            Err(error) => Err(self.explain(error, name)),
        }
    }

    fn is_lasting(&self) -> bool {
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_limit_in_bytes_is_told_in_characters() {
        let keychain = KeychainSecrets::new("test");
        let name = SecretName::Password { server: "uni.example".to_owned() };
        let told = |what: &str, limit| {
            keychain.explain(keyring::Error::TooLong(what.to_owned(), limit), &name).message().to_owned()
        };
        // As `windows-native-keyring-store` reports it.
        assert!(told("password encoded as UTF-16", 2560).ends_with("takes 1280 characters"));
        assert!(told("user", 513).ends_with("takes 513 characters"));
    }
}
