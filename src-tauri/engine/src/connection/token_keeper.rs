//! Stores the refresh token that replaced the one just used, and finds the one that another process has stored.
//!
//! The server kills a refresh token when it is used, so the new one must be in the store before anything else happens.
//! The client waits for [`TokenKeeper::refresh_token_rotated`] before it uses the access token that came with it.
//!
//! Invariant: nothing stays stored for a sign-in that somebody has ended, whichever process ended it and however late
//! this one finds out.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use async_trait::async_trait;
use panopto::{BoxError, RenewalTurn, Secret, TokenStore};

use super::turns::Turns;
use crate::secrets::{SecretName, SecretStore, on_blocking_thread};
use crate::{ErrorCode, Result};

pub(super) struct TokenKeeper {
    store: Arc<dyn SecretStore>,
    turns: Arc<Turns>,
    server: String,
    /// Set if the token in use descends from one in the environment.
    origin: Option<String>,
    /// [`Turns::sign_ins`] at the moment when the token was read.
    sign_ins: u64,
    unsaved: AtomicBool,
    retired: AtomicBool,
}

impl TokenKeeper {
    pub(super) fn new(
        store: Arc<dyn SecretStore>,
        turns: Arc<Turns>,
        server: String,
        origin: Option<String>,
        sign_ins: u64,
    ) -> Self {
        Self {
            store,
            turns,
            server,
            origin,
            sign_ins,
            unsaved: AtomicBool::new(false),
            retired: AtomicBool::new(false),
        }
    }

    /// Whether the token in use replaced one that was given from outside, and will be lost when the program ends.
    pub(super) fn is_unsaved(&self) -> bool {
        self.unsaved.load(Ordering::Relaxed)
    }

    /// Stores nothing from now on: somebody signed out, or in as somebody else.
    pub(super) fn retire(&self) {
        self.retired.store(true, Ordering::Relaxed);
    }

    /// Whether the sign-in has ended, here or through another process.
    async fn is_over(&self) -> bool {
        if !self.retired.load(Ordering::Relaxed) && self.turns.sign_ins(&self.server).await != self.sign_ins {
            self.retire();
        }
        self.retired.load(Ordering::Relaxed)
    }

    async fn keep(&self, new: &Secret) -> Result<()> {
        let (server, origin, token) = (self.server.clone(), self.origin.clone(), new.clone());
        on_blocking_thread(&self.store, move |store| {
            // The token first. After a crash between the two writes the stored origin is that of an older token; then
            // the token given from outside is tried and refused, and the user signs in again. Nothing wrong is ever
            // believed.
            store.set(&SecretName::RefreshToken { server: server.clone() }, &token)?;
            match origin {
                Some(origin) => store.set(&SecretName::RefreshTokenOrigin { server }, &Secret::new(origin)),
                None => store.delete(&SecretName::RefreshTokenOrigin { server }),
            }
        })
        .await
    }

    /// Removes a token that was stored too late. Removes only this very token, because somebody else may have signed
    /// in.
    async fn take_back(&self, kept: &Secret) -> Result<()> {
        let (server, kept) = (self.server.clone(), kept.clone());
        on_blocking_thread(&self.store, move |store| {
            let name = SecretName::RefreshToken { server: server.clone() };
            if store.get(&name)?.is_some_and(|found| found == kept) {
                store.delete(&name)?;
                store.delete(&SecretName::RefreshTokenOrigin { server })?;
            }
            Ok(())
        })
        .await
    }
}

#[async_trait]
impl TokenStore for TokenKeeper {
    async fn begin_renewal(&self) -> Result<RenewalTurn, BoxError> {
        Ok(RenewalTurn::holding(self.turns.take(&self.server).await?))
    }

    async fn kept_refresh_token(&self) -> Option<Secret> {
        if self.is_over().await {
            return None;
        }
        let (server, origin) = (self.server.clone(), self.origin.clone());
        let kept = on_blocking_thread(&self.store, move |store| {
            let kept_origin = store.get(&SecretName::RefreshTokenOrigin { server: server.clone() })?;
            if origin.is_some_and(|ours| kept_origin.is_none_or(|kept| kept.expose() != ours)) {
                return Ok(None);
            }
            store.get(&SecretName::RefreshToken { server })
        })
        .await;
        // A keychain that cannot be read offers no other token. If it cannot be written either, the write reports that.
        kept.unwrap_or_default()
    }

    async fn refresh_token_rotated(&self, new: &Secret) -> Result<(), BoxError> {
        if self.is_over().await {
            return Ok(());
        }
        let unsaved = match self.keep(new).await {
            Ok(()) => !self.store.is_lasting() && self.origin.is_some(),
            // A job that got its token from the environment may have no keychain at all. It can finish its work, and is
            // told that the token it was given is used up.
            Err(error)
                if self.origin.is_some()
                    && matches!(error.code(), ErrorCode::KeychainUnavailable | ErrorCode::KeychainLocked) =>
            {
                true
            }
            Err(error) => return Err(Box::new(error)),
        };
        // Somebody who did not wait for this turn has ended the sign-in meanwhile, and may have found nothing to
        // remove.
        if self.is_over().await {
            self.take_back(new).await?;
            return Ok(());
        }
        self.unsaved.store(unsaved, Ordering::Relaxed);
        Ok(())
    }
}
