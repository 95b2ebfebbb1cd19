//! Tries a user name and a password in one place at a time, and never again once the server has refused them.
//!
//! Two services accept them: the token endpoint and `LogOnWithPassword`. Invariant: a wrong password reaches the server
//! only once, however many calls need it, because repeated wrong passwords often lock an account.

use tokio::sync::Mutex;

use crate::{Error, Refusal, Result};

/// What is known about the password of one connection.
#[derive(Debug, Default)]
pub(crate) struct PasswordAttempts {
    refused: Mutex<Option<Error>>,
}

impl PasswordAttempts {
    /// Runs `attempt`, which sends the password, or returns the refusal of an earlier attempt.
    pub(crate) async fn make<T>(&self, attempt: impl Future<Output = Result<T>>) -> Result<T> {
        let mut refused = self.refused.lock().await;
        if let Some(error) = &*refused {
            return Err(error.clone());
        }
        let outcome = attempt.await;
        if let Err(error @ Error::BadCredentials { refusal: Refusal::Password, .. }) = &outcome {
            *refused = Some(error.clone());
        }
        outcome
    }
}
