//! Whom a sync must not bring back.
//!
//! Only salted hashes are kept, from which nobody can be told, not even by somebody who has the data folder and guesses at
//! names: what is hashed is Panopto's random ID.
//!
//! Deliberately absent: the file (crate `store`). Invariant: an account that was forgotten is recognised under any salt.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use model::UserId;
use sha2::{Digest as _, Sha256};

use crate::Result;
use crate::store::{DataFolder, ForgottenAccount};

/// The accounts that were forgotten.
#[derive(Debug, Default)]
pub(crate) struct Forgotten {
    accounts: Vec<ForgottenAccount>,
    /// What was asked before: one viewer has many records.
    known: Mutex<HashMap<UserId, bool>>,
}

impl Forgotten {
    /// Those of a data folder. [`crate::ErrorCode::DataFileInvalid`] where the list is damaged.
    pub(crate) fn of(folder: &DataFolder) -> Result<Self> {
        Ok(Self { accounts: folder.forgotten()?, known: Mutex::default() })
    }

    /// Whether an account was forgotten.
    pub(crate) fn has(&self, account: UserId) -> bool {
        if self.accounts.is_empty() {
            return false;
        }
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        *known
            .entry(account)
            .or_insert_with(|| self.accounts.iter().any(|(salt, hash)| hash_of(salt, account) == *hash))
    }
}

/// What is kept of accounts that are forgotten, each under a new salt.
pub(super) fn hashed(accounts: &[UserId]) -> Vec<ForgottenAccount> {
    accounts
        .iter()
        .map(|account| {
            let salt: [u8; 32] = rand::random();
            (salt, hash_of(&salt, *account))
        })
        .collect()
}

fn hash_of(salt: &[u8; 32], account: UserId) -> [u8; 32] {
    let mut hash = Sha256::new();
    hash.update(salt);
    hash.update(account.as_bytes());
    hash.finalize().into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_account_has_another_hash_each_time_and_is_known_all_the_same() {
        let one = UserId::from_bytes([1; 16]);
        let twice = [hashed(&[one])[0], hashed(&[one])[0]];
        assert!(twice[0].0 != twice[1].0 && twice[0].1 != twice[1].1);
        let forgotten = Forgotten { accounts: twice.to_vec(), known: Mutex::default() };
        assert!(forgotten.has(one) && forgotten.has(one));
        assert!(!forgotten.has(UserId::from_bytes([2; 16])));
        assert!(!Forgotten::default().has(one));
    }
}
