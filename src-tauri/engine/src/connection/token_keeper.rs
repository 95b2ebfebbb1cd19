//! Keeps the refresh token that took the place of the one just used.
//!
//! The server kills a refresh token at its use, so the new one must be in the store before anything else happens: the
//! client waits for [`TokenKeeper::refresh_token_rotated`] before it uses the access token that came along.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use async_trait::async_trait;
use panopto::{BoxError, Secret, TokenStore};

use crate::ErrorCode;
use crate::secrets::{SecretName, SecretStore, on_blocking_thread};

pub(super) struct TokenKeeper {
    store: Arc<dyn SecretStore>,
    /// The connector's: held until the new token is both in the store and in use.
    rotation: Arc<tokio::sync::Mutex<()>>,
    server: String,
    /// Set when the token in use descends from one in the environment.
    origin: Option<String>,
    current: Mutex<Option<Secret>>,
    unsaved: AtomicBool,
    retired: AtomicBool,
}

impl TokenKeeper {
    pub(super) fn new(
        store: Arc<dyn SecretStore>,
        rotation: Arc<tokio::sync::Mutex<()>>,
        server: String,
        origin: Option<String>,
        current: Option<Secret>,
    ) -> Self {
        Self {
            store,
            rotation,
            server,
            origin,
            current: Mutex::new(current),
            unsaved: AtomicBool::new(false),
            retired: AtomicBool::new(false),
        }
    }

    /// The refresh token in use.
    pub(super) fn current(&self) -> Option<Secret> {
        self.current.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Whether the token in use will be lost when the program ends, although it replaced one that was given from outside.
    pub(super) fn is_unsaved(&self) -> bool {
        self.unsaved.load(Ordering::Relaxed)
    }

    /// From now on nothing is stored: somebody signed out, or in as somebody else.
    pub(super) fn retire(&self) {
        self.retired.store(true, Ordering::Relaxed);
    }
}

#[async_trait]
impl TokenStore for TokenKeeper {
    async fn refresh_token_rotated(&self, new: &Secret) -> Result<(), BoxError> {
        let _turn = self.rotation.lock().await;
        if self.retired.load(Ordering::Relaxed) {
            return Ok(());
        }
        let (server, origin, token) = (self.server.clone(), self.origin.clone(), new.clone());
        let lasting = self.store.is_lasting();
        let kept = on_blocking_thread(&self.store, move |store| {
            // The token first: a crash between the two leaves the origin of an older one, and then the token given from
            // outside is tried, refused, and the user signs in again. Nothing wrong is ever believed.
            store.set(&SecretName::RefreshToken { server: server.clone() }, &token)?;
            match origin {
                Some(origin) => store.set(&SecretName::RefreshTokenOrigin { server }, &Secret::new(origin)),
                None => store.delete(&SecretName::RefreshTokenOrigin { server }),
            }
        })
        .await;
        let unsaved = match kept {
            Ok(()) => !lasting && self.origin.is_some(),
            // A job that got its token from the environment has perhaps no keychain at all; it can finish its work, and
            // is told that the token it was given is used up.
            Err(error)
                if self.origin.is_some()
                    && matches!(error.code(), ErrorCode::KeychainUnavailable | ErrorCode::KeychainLocked) =>
            {
                true
            }
            Err(error) => return Err(Box::new(error)),
        };
        self.unsaved.store(unsaved, Ordering::Relaxed);
        *self.current.lock().unwrap_or_else(PoisonError::into_inner) = Some(new.clone());
        Ok(())
    }
}
