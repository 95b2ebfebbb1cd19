//! A user name and a password are tried in one place at a time, and not again once the server has refused them.
//!
//! Two services take them, the token endpoint and `LogOnWithPassword`. Invariant: a wrong password reaches the server
//! once, however many calls need it: a wrong password tried often locks an account.

use tokio::sync::Mutex;

use crate::{Error, Refusal, Result};

/// What is known of the password of one connection.
#[derive(Debug, Default)]
pub(crate) struct PasswordAttempts {
    refused: Mutex<Option<Error>>,
}

impl PasswordAttempts {
    /// Runs `attempt`, which sends the password; or repeats the refusal of an earlier attempt.
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
