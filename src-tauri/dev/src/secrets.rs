//! A keychain in memory that claims to last, or not to.

use engine::Result;
use engine::secrets::{MemorySecrets, Secret, SecretName, SecretStore};

/// Keeps secrets as long as the program; `lasting` is what a real keychain would say.
#[derive(Debug, Default)]
pub(crate) struct PretendKeychain {
    pub(crate) lasting: bool,
    kept: MemorySecrets,
}

impl PretendKeychain {
    pub(crate) fn new(lasting: bool) -> Self {
        Self { lasting, kept: MemorySecrets::default() }
    }
}

impl SecretStore for PretendKeychain {
    fn get(&self, name: &SecretName) -> Result<Option<Secret>> {
        self.kept.get(name)
    }

    fn set(&self, name: &SecretName, secret: &Secret) -> Result<()> {
        self.kept.set(name, secret)
    }

    fn delete(&self, name: &SecretName) -> Result<()> {
        self.kept.delete(name)
    }

    fn is_lasting(&self) -> bool {
        self.lasting
    }
}
