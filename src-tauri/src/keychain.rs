//! The system's keychain if there is one, or else memory for this session.
//!
//! Deliberately absent: any file. The first use finds out which of the two it is (asking may take a moment), and that
//! holds until the program restarts, because the keychain's own library works that way.

use std::sync::OnceLock;

use engine::Result;
use engine::environment::Environment;
use engine::secrets::{KeychainSecrets, MemorySecrets, Secret, SecretName, SecretStore};

/// Where this program keeps secrets on this computer.
#[derive(Debug)]
pub(crate) struct BestSecrets {
    keychain: KeychainSecrets,
    memory: MemorySecrets,
    refusal: OnceLock<Option<String>>,
}

impl BestSecrets {
    /// The keychain of the user, or memory where none answers.
    pub(crate) fn new(environment: &dyn Environment) -> Self {
        Self {
            keychain: KeychainSecrets::from_environment(environment),
            memory: MemorySecrets::default(),
            refusal: OnceLock::new(),
        }
    }

    fn store(&self) -> &dyn SecretStore {
        let refusal = self.refusal.get_or_init(|| {
            let error = self.keychain.probe().err()?;
            tracing::warn!(code = error.code().as_str(), "secrets are kept for this session only: {error}");
            Some(error.to_string())
        });
        if refusal.is_none() { &self.keychain } else { &self.memory }
    }
}

impl SecretStore for BestSecrets {
    fn get(&self, name: &SecretName) -> Result<Option<Secret>> {
        self.store().get(name)
    }

    fn set(&self, name: &SecretName, secret: &Secret) -> Result<()> {
        self.store().set(name, secret)
    }

    fn delete(&self, name: &SecretName) -> Result<()> {
        self.store().delete(name)
    }

    fn is_lasting(&self) -> bool {
        self.store().is_lasting()
    }
}
