//! One sign-in in several processes: each refresh token is used only once, and nobody gets signed out.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use async_trait::async_trait;
use panopto::{BoxError, Client, ErrorKind, RenewalTurn, Secret, TokenStore};
use sim::{Config, Handle};
use tokio::sync::Mutex;

use crate::support::*;

/// What one person's processes share: the keychain and the turn.
struct Shared {
    token: Mutex<Secret>,
    turn: Arc<Mutex<()>>,
}

impl Shared {
    fn holding(token: Secret) -> Arc<Self> {
        Arc::new(Self { token: Mutex::new(token), turn: Arc::default() })
    }
}

/// The store of one of the processes that share a sign-in.
struct TakesTurns(Arc<Shared>);

#[async_trait]
impl TokenStore for TakesTurns {
    async fn begin_renewal(&self) -> Result<RenewalTurn, BoxError> {
        Ok(RenewalTurn::holding(Arc::clone(&self.0.turn).lock_owned().await))
    }

    async fn kept_refresh_token(&self) -> Option<Secret> {
        Some(self.0.token.lock().await.clone())
    }

    async fn refresh_token_rotated(&self, new: &Secret) -> Result<(), BoxError> {
        assert!(self.0.turn.try_lock().is_err(), "the successor is kept within the turn");
        *self.0.token.lock().await = new.clone();
        Ok(())
    }
}

/// A process that takes no turns: it reads the stored token before the other process has stored the new one.
struct ReadsTooEarly {
    shared: Arc<Shared>,
    stale: Secret,
    reads: AtomicUsize,
}

#[async_trait]
impl TokenStore for ReadsTooEarly {
    async fn kept_refresh_token(&self) -> Option<Secret> {
        match self.reads.fetch_add(1, Ordering::Relaxed) {
            0 => Some(self.stale.clone()),
            _ => Some(self.shared.token.lock().await.clone()),
        }
    }

    async fn refresh_token_rotated(&self, new: &Secret) -> Result<(), BoxError> {
        *self.shared.token.lock().await = new.clone();
        Ok(())
    }
}

/// A process that is about to end.
struct Closing;

#[async_trait]
impl TokenStore for Closing {
    async fn begin_renewal(&self) -> Result<RenewalTurn, BoxError> {
        Err("the program is closing".into())
    }

    async fn refresh_token_rotated(&self, _: &Secret) -> Result<(), BoxError> {
        unreachable!("nothing was renewed")
    }
}

fn process(server: &Handle, token: &Secret, store: Arc<dyn TokenStore>) -> Client {
    let sign_in =
        panopto::SignIn { api_client: Some(api_client()), refresh_token: Some(token.clone()), ..Default::default() };
    client_with(&server.base_url(), sign_in, store, hurried())
}

fn renewals(server: &Handle) -> usize {
    server.requests().iter().filter(|request| request.grant.as_deref() == Some("refresh_token")).count()
}

#[tokio::test]
async fn processes_that_share_a_sign_in_renew_it_by_turns() {
    let server = tiny(Config::default()).await;
    let token = refresh_token(&server).await;
    let shared = Shared::holding(token.clone());
    let clients = [0; 3].map(|_| process(&server, &token, Arc::new(TakesTurns(Arc::clone(&shared)))));
    let folder = course(&server);
    for round in 1..=4 {
        for outcome in futures_util::future::join_all(clients.iter().map(|client| client.folder(folder))).await {
            outcome.unwrap();
        }
        assert_eq!(renewals(&server), 3 * round);
        server.expire_tokens();
    }
}

#[tokio::test]
async fn a_token_that_is_refused_gives_way_to_the_one_kept_meanwhile() {
    let server = tiny(Config::default()).await;
    let token = refresh_token(&server).await;
    let shared = Shared::holding(token.clone());
    process(&server, &token, Arc::new(TakesTurns(Arc::clone(&shared)))).folder(course(&server)).await.unwrap();
    let early = ReadsTooEarly { shared: Arc::clone(&shared), stale: token.clone(), reads: AtomicUsize::default() };
    let client = process(&server, &token, Arc::new(early));
    server.clear_requests();
    client.folder(course(&server)).await.unwrap();
    assert_eq!(renewals(&server), 2, "the dead token, and the one that took its place");
}

#[tokio::test]
async fn a_refused_sign_in_works_again_once_somebody_has_signed_in() {
    let server = tiny(Config::default()).await;
    let dead = Secret::new("never valid");
    let shared = Shared::holding(dead.clone());
    let client = process(&server, &dead, Arc::new(TakesTurns(Arc::clone(&shared))));
    for _ in 0..2 {
        assert_eq!(client.folder(course(&server)).await.unwrap_err().kind(), ErrorKind::BadCredentials);
    }
    assert_eq!(renewals(&server), 1, "what was refused is not sent again");
    *shared.token.lock().await = refresh_token(&server).await;
    client.folder(course(&server)).await.unwrap();
}

#[tokio::test]
async fn without_a_turn_nothing_is_sent() {
    let server = tiny(Config::default()).await;
    let token = refresh_token(&server).await;
    server.clear_requests();
    let client = process(&server, &token, Arc::new(Closing));
    let error = client.folder(course(&server)).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Caller);
    assert!(server.requests().is_empty());
    // The token is still valid.
    process(&server, &token, Arc::new(Kept::default())).folder(course(&server)).await.unwrap();
}
