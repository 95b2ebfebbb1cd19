//! Secrets for this session only: for tests, and for computers without a keychain.

use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};

use super::{Secret, SecretName, SecretStore};
use crate::Result;

/// Keeps secrets in memory; they are gone when the program ends.
#[derive(Debug, Default)]
pub struct MemorySecrets(Mutex<BTreeMap<SecretName, Secret>>);

impl SecretStore for MemorySecrets {
    fn get(&self, name: &SecretName) -> Result<Option<Secret>> {
        Ok(self.0.lock().unwrap_or_else(PoisonError::into_inner).get(name).cloned())
    }

    fn set(&self, name: &SecretName, secret: &Secret) -> Result<()> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).insert(name.clone(), secret.clone());
        Ok(())
    }

    fn delete(&self, name: &SecretName) -> Result<()> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).remove(name);
        Ok(())
    }

    fn is_lasting(&self) -> bool {
        false
    }
}
