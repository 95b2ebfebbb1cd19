//! Where secrets live: the operating system's keychain, or memory for this session only.
//!
//! Deliberately absent: any file, and the names of servers and people, which are settings. Only [`keychain`] names the
//! keychain's crate.
//!
//! Invariant: a secret leaves this module only inside a [`Secret`], whose `Debug` shows nothing and whose memory is
//! wiped. Calls block, possibly for minutes while the keychain asks the user; async code uses [`on_blocking_thread`].

mod keychain;
mod memory;

use std::sync::Arc;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD_NO_PAD;
pub use keychain::{KeychainSecrets, SERVICE_VARIABLE};
pub use memory::MemorySecrets;
pub use panopto::Secret;
use rand::TryRngCore as _;

use crate::{Error, ErrorCode, Result};

/// Which secret.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum SecretName {
    /// The secret of the API client at this server.
    ClientSecret {
        /// Host name of the server.
        server: String,
    },
    /// The password of the Panopto user at this server.
    Password {
        /// Host name of the server.
        server: String,
    },
    /// The OAuth refresh token at this server. The server replaces it at each use.
    RefreshToken {
        /// Host name of the server.
        server: String,
    },
    /// Fingerprint of the environment's refresh token from which the stored one descends; see [`crate::connection`].
    RefreshTokenOrigin {
        /// Host name of the server.
        server: String,
    },
    /// The key from which viewers' pseudonyms are made. All servers share one.
    PseudonymKey,
}

impl SecretName {
    /// The name under which the keychain keeps the secret, for example `refresh-token@uni.panopto.com`.
    pub(super) fn account(&self) -> String {
        match self {
            Self::ClientSecret { server } => format!("client-secret@{server}"),
            Self::Password { server } => format!("password@{server}"),
            Self::RefreshToken { server } => format!("refresh-token@{server}"),
            Self::RefreshTokenOrigin { server } => format!("refresh-token-origin@{server}"),
            Self::PseudonymKey => "pseudonym-key".to_owned(),
        }
    }

    /// The secret's name in messages for people.
    pub fn label(&self) -> &'static str {
        match self {
            Self::ClientSecret { .. } => "client secret",
            Self::Password { .. } => "password",
            Self::RefreshToken { .. } | Self::RefreshTokenOrigin { .. } => "sign-in",
            Self::PseudonymKey => "key for pseudonyms",
        }
    }

    /// All secrets that belong to one server.
    pub fn of_server(server: &str) -> [Self; 4] {
        let server = server.to_owned();
        [
            Self::ClientSecret { server: server.clone() },
            Self::Password { server: server.clone() },
            Self::RefreshToken { server: server.clone() },
            Self::RefreshTokenOrigin { server },
        ]
    }
}

/// A place that keeps secrets. All calls may block.
pub trait SecretStore: Send + Sync {
    /// The secret; `None` if it is not stored.
    fn get(&self, name: &SecretName) -> Result<Option<Secret>>;
    /// Stores the secret and replaces an earlier one.
    fn set(&self, name: &SecretName, secret: &Secret) -> Result<()>;
    /// Deletes the secret, if there is one.
    fn delete(&self, name: &SecretName) -> Result<()>;
    /// Whether secrets outlive this process.
    fn is_lasting(&self) -> bool;
}

/// Runs a call of a [`SecretStore`] on a thread that may block.
pub async fn on_blocking_thread<T: Send + 'static>(
    store: &Arc<dyn SecretStore>,
    call: impl FnOnce(&dyn SecretStore) -> Result<T> + Send + 'static,
) -> Result<T> {
    let store = Arc::clone(store);
    tokio::task::spawn_blocking(move || call(&*store)).await.map_err(|error| {
        Error::new(ErrorCode::Internal, "The keychain could not be asked: the call did not end").with_source(error)
    })?
}

/// Length of the key for pseudonyms in bytes.
const PSEUDONYM_KEY_BYTES: usize = 32;

/// The key for pseudonyms. On first use a new random one is made and stored. Blocks.
///
/// Only the same key gives the same pseudonyms, so a damaged one is an error and is not silently replaced.
pub fn pseudonym_key(store: &dyn SecretStore) -> Result<[u8; PSEUDONYM_KEY_BYTES]> {
    if let Some(stored) = store.get(&SecretName::PseudonymKey)? {
        return STANDARD_NO_PAD.decode(stored.expose()).ok().and_then(|bytes| bytes.try_into().ok()).ok_or_else(|| {
            Error::new(ErrorCode::InvalidInput, "The key for pseudonyms in the keychain is damaged").with_hint(
                "Delete the entry `pseudonym-key` in the keychain; later exports will then give viewers new pseudonyms",
            )
        });
    }
    let mut key = [0; PSEUDONYM_KEY_BYTES];
    rand::rngs::OsRng.try_fill_bytes(&mut key).map_err(|error| {
        Error::new(ErrorCode::Internal, "The system gave no random numbers for the key for pseudonyms")
            .with_source(error)
    })?;
    // Base64, because some keychains (KDE's) accept only text.
    store.set(&SecretName::PseudonymKey, &Secret::new(STANDARD_NO_PAD.encode(key)))?;
    Ok(key)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_pseudonym_key_is_made_once() {
        let store = MemorySecrets::default();
        let key = pseudonym_key(&store).unwrap();
        assert_ne!(key, [0; 32]);
        assert_eq!(pseudonym_key(&store).unwrap(), key);
        assert_ne!(pseudonym_key(&MemorySecrets::default()).unwrap(), key);
    }

    #[test]
    fn a_damaged_pseudonym_key_is_not_replaced() {
        let store = MemorySecrets::default();
        store.set(&SecretName::PseudonymKey, &Secret::new("c2hvcnQ".to_owned())).unwrap();
        assert!(pseudonym_key(&store).unwrap_err().message().contains("damaged"));
    }

    #[test]
    fn secrets_of_two_servers_do_not_meet() {
        let store = MemorySecrets::default();
        let name = |server: &str| SecretName::Password { server: server.to_owned() };
        store.set(&name("a.example"), &Secret::new("one".to_owned())).unwrap();
        assert!(store.get(&name("b.example")).unwrap().is_none());
        for name in SecretName::of_server("a.example") {
            store.delete(&name).unwrap();
        }
        assert!(store.get(&name("a.example")).unwrap().is_none());
    }
}
