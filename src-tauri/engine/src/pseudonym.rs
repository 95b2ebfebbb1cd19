//! Pseudonyms for viewers: the same viewer always gets the same one, and nobody can trace it back without the key.
//!
//! A pseudonym is the first 16 bytes of HMAC-SHA256 over the viewer's ID, in the form of a GUID of version 8 (RFC 9562:
//! "custom"), so that any program that reads IDs reads pseudonyms too. Deliberately absent: storing the key; see
//! [`crate::secrets`].

use hmac::{Hmac, Mac};
use model::UserId;
use sha2::Sha256;

use crate::connection::variables;
use crate::environment::Environment;
use crate::secrets::{Secret, SecretStore, pseudonym_key};
use crate::{Error, ErrorCode, Result};

/// The shortest key that is accepted, in bytes.
const MIN_KEY_BYTES: usize = 16;

/// Gives pseudonyms under one key.
#[derive(Clone)]
pub struct Pseudonyms {
    mac: Hmac<Sha256>,
}

impl std::fmt::Debug for Pseudonyms {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Pseudonyms(…)")
    }
}

impl Pseudonyms {
    /// Pseudonyms under this key, at least [`MIN_KEY_BYTES`] random bytes; `None` if it is shorter.
    pub fn new(key: &[u8]) -> Option<Self> {
        if key.len() < MIN_KEY_BYTES {
            return None;
        }
        Some(Self { mac: Hmac::new_from_slice(key).ok()? })
    }

    /// Pseudonyms under the key in `PANOPTO_ANALYTICS_PSEUDONYM_KEY`, for jobs that have no keychain; `None` where it is not
    /// set.
    pub fn of_environment(environment: &dyn Environment) -> Result<Option<Self>> {
        let Some(key) = environment.variable(variables::PSEUDONYM_KEY).map(Secret::new) else { return Ok(None) };
        Self::new(key.expose().as_bytes()).map(Some).ok_or_else(|| {
            let message = format!("The key in {} is too short", variables::PSEUDONYM_KEY);
            Error::new(ErrorCode::InvalidInput, message)
                .with_hint(format!("Give at least {MIN_KEY_BYTES} characters that nobody guesses, and keep them"))
        })
    }

    /// Pseudonyms under the key in the keychain, which is made at the first use. Blocks.
    pub fn of_keychain(store: &dyn SecretStore) -> Result<Self> {
        Self::new(&pseudonym_key(store)?)
            .ok_or_else(|| Error::new(ErrorCode::Internal, "The key for pseudonyms is too short"))
    }

    /// The pseudonym of a viewer.
    pub fn of(&self, viewer: UserId) -> UserId {
        let mut mac = self.mac.clone();
        mac.update(viewer.as_bytes());
        let digest = mac.finalize().into_bytes();
        let mut bytes = [0; 16];
        bytes.copy_from_slice(&digest[..16]);
        bytes[6] = (bytes[6] & 0x0f) | 0x80;
        bytes[8] = (bytes[8] & 0x3f) | 0x80;
        UserId::from_bytes(bytes)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn viewer(number: u8) -> UserId {
        UserId::from_bytes([number; 16])
    }

    #[test]
    fn a_pseudonym_is_stable_and_depends_on_viewer_and_key() {
        let (one, other) = (Pseudonyms::new(&[1; 32]).unwrap(), Pseudonyms::new(&[2; 32]).unwrap());
        assert_eq!(one.of(viewer(7)), one.of(viewer(7)));
        assert_ne!(one.of(viewer(7)), one.of(viewer(8)));
        assert_ne!(one.of(viewer(7)), other.of(viewer(7)));
        assert_ne!(one.of(viewer(7)), viewer(7));
    }

    /// Computed with Python: `hmac.new(bytes([1]) * 32, bytes([7]) * 16, "sha256")`, version and variant set.
    #[test]
    fn a_pseudonym_never_changes_between_versions() {
        assert_eq!(
            Pseudonyms::new(&[1; 32]).unwrap().of(viewer(7)).to_string(),
            "fa7470d8-8191-8d1f-aece-a1e680931a1a"
        );
    }

    #[test]
    fn short_keys_are_refused_and_no_key_is_shown() {
        assert!(Pseudonyms::new(b"short").is_none());
        assert_eq!(format!("{:?}", Pseudonyms::new(&[1; 32]).unwrap()), "Pseudonyms(…)");
    }
}
