//! The access token that all calls share, and its renewal.
//!
//! Invariants:
//! - However many calls wait for a renewal, only one renewal runs at a time. Processes take turns (see [`TokenStore`]).
//! - A refresh token dies when it is used. So a renewal that has begun runs to its end even if every caller has gone,
//!   and the new refresh token is stored before the new access token is handed out.
//! - Refused credentials are not sent again: repeated wrong passwords can lock an account.

use std::sync::{Arc, Mutex as StdMutex, PoisonError, RwLock};
use std::time::Duration;

use tokio::sync::Mutex;
use tokio::time::Instant;

use super::endpoint::{Grant, TokenEndpoint};
use super::wire::TokenAnswer;
use crate::http::Transport;
use crate::password::PasswordAttempts;
use crate::{ApiClient, BoxError, Error, PasswordSignIn, Refusal, RenewalTurn, Result, Secret, TokenStore};

/// A token is renewed this long before it expires, so that it does not expire during a call.
const EARLY: Duration = Duration::from_secs(60);
/// After a renewal that did not cure a 403, further 403s count as final for this long.
const FUTILE_FOR: Duration = Duration::from_secs(5 * 60);
const SCOPE: &str = "openid api";
const NARROW_SCOPE: &str = "api";

/// An access token.
#[derive(Debug)]
pub(crate) struct AccessToken {
    pub(crate) text: Secret,
    /// The number of the renewal, so that a caller can say which token was refused.
    pub(crate) generation: u64,
    good_until: Option<Instant>,
}

/// Where access tokens come from.
#[derive(Debug)]
enum Source {
    Refresh(TokenEndpoint),
    Password(TokenEndpoint, PasswordSignIn, Arc<PasswordAttempts>),
    /// No source; the sentence says what is missing.
    None(String),
}

/// The access token and its renewal.
pub(crate) struct Tokens {
    transport: Arc<Transport>,
    source: Source,
    store: Arc<dyn TokenStore>,
    current: RwLock<Option<Arc<AccessToken>>>,
    renewal: Mutex<Renewal>,
    /// The token whose renewal last failed to cure a 403, and when that was.
    futile: StdMutex<Option<(u64, Instant)>>,
}

#[derive(Default)]
struct Renewal {
    refresh_token: Option<Secret>,
    generation: u64,
    /// A token that came with a refresh token that is not stored yet. It is not used until that is stored.
    unstored: Option<Arc<AccessToken>>,
    /// Set once the server has refused these credentials.
    refused: Option<Error>,
}

impl Tokens {
    pub(crate) fn new(
        transport: Arc<Transport>,
        api_client: Option<ApiClient>,
        refresh_token: Option<Secret>,
        password: Option<(PasswordSignIn, Arc<PasswordAttempts>)>,
        store: Arc<dyn TokenStore>,
    ) -> Self {
        let refresh_token = refresh_token.filter(|token| !token.is_empty());
        let source = match (api_client.map(TokenEndpoint::new), &refresh_token, password) {
            (Some(endpoint), Some(_), _) => Source::Refresh(endpoint),
            (Some(endpoint), None, Some((who, attempts))) => Source::Password(endpoint, who, attempts),
            (Some(_), None, None) => {
                Source::None("There is no sign-in yet: neither a browser sign-in nor a password".to_owned())
            }
            (None, ..) => {
                Source::None("The client ID and the client secret of a Panopto API client are missing".to_owned())
            }
        };
        Self {
            transport,
            source,
            store,
            current: RwLock::default(),
            renewal: Mutex::new(Renewal { refresh_token, ..Renewal::default() }),
            futile: StdMutex::default(),
        }
    }

    /// Whether there is any way to get a token.
    pub(crate) const fn available(&self) -> bool {
        !matches!(self.source, Source::None(_))
    }

    /// A usable token. `refused` is the generation of a token that the server did not accept.
    pub(crate) async fn access(self: &Arc<Self>, refused: Option<u64>) -> Result<Arc<AccessToken>> {
        if let Some(token) = self.usable(refused) {
            return Ok(token);
        }
        let tokens = self.clone();
        match tokio::spawn(async move { tokens.renewed(refused).await }).await {
            Ok(token) => token,
            Err(join) if join.is_panic() => std::panic::resume_unwind(join.into_panic()),
            // The runtime is shutting down.
            Err(_) => Err(Error::Cancelled),
        }
    }

    /// Whether another token may cure a 403; false if one has just failed to.
    pub(crate) fn may_cure_forbidden(&self, generation: u64) -> bool {
        let futile = self.futile.lock().unwrap_or_else(PoisonError::into_inner);
        futile.is_none_or(|(tried, at)| tried != generation || at.elapsed() > FUTILE_FOR)
    }

    /// Records that a fresh token did not cure a 403.
    pub(crate) fn did_not_cure_forbidden(&self, generation: u64) {
        *self.futile.lock().unwrap_or_else(PoisonError::into_inner) = Some((generation, Instant::now()));
    }

    fn usable(&self, refused: Option<u64>) -> Option<Arc<AccessToken>> {
        let current = self.current.read().unwrap_or_else(PoisonError::into_inner);
        current
            .as_ref()
            .filter(|token| refused.is_none_or(|refused| token.generation > refused) && token.is_good())
            .cloned()
    }

    async fn renewed(&self, refused: Option<u64>) -> Result<Arc<AccessToken>> {
        let mut renewal = self.renewal.lock().await;
        // Another call may have renewed the token while this one waited for the lock.
        if renewal.unstored.is_none()
            && let Some(token) = self.usable(refused)
        {
            return Ok(token);
        }
        // Held to the end, so that the new refresh token is kept before another process reads the store.
        let _turn = self.turn().await?;
        if renewal.unstored.is_some() {
            self.store(&mut renewal).await?;
            if let Some(token) = self.usable(refused) {
                return Ok(token);
            }
        }
        self.take_over_kept(&mut renewal).await;
        if let Some(error) = &renewal.refused {
            return Err(error.clone());
        }
        let answer = self.granted_with_kept(&mut renewal).await?;
        renewal.generation += 1;
        let token = Arc::new(AccessToken {
            text: answer.access_token,
            generation: renewal.generation,
            good_until: answer.expires_in.map(|life| Instant::now() + life.saturating_sub(EARLY.min(life / 2))),
        });
        renewal.unstored = Some(token.clone());
        let rotated = matches!(self.source, Source::Refresh(_)).then_some(answer.refresh_token).flatten();
        match rotated.filter(|new| renewal.refresh_token.as_ref() != Some(new)) {
            Some(new) => {
                renewal.refresh_token = Some(new);
                self.store(&mut renewal).await?;
            }
            None => self.hand_out(&mut renewal),
        }
        Ok(token)
    }

    /// Waits for the turn to renew. Only refresh tokens need one, because use kills them; several processes can send a
    /// password at once.
    async fn turn(&self) -> Result<Option<RenewalTurn>> {
        match self.source {
            Source::Refresh(_) => Ok(Some(self.store.begin_renewal().await.map_err(store_failed)?)),
            Source::Password(..) | Source::None(_) => Ok(None),
        }
    }

    /// Takes over a refresh token that another process has kept since. `true` if there was one.
    async fn take_over_kept(&self, renewal: &mut Renewal) -> bool {
        if !matches!(self.source, Source::Refresh(_)) {
            return false;
        }
        let kept = self.store.kept_refresh_token().await.filter(|token| !token.is_empty());
        if kept.is_none() || kept == renewal.refresh_token {
            return false;
        }
        renewal.refresh_token = kept;
        if matches!(renewal.refused, Some(Error::BadCredentials { refusal: Refusal::SignInExpired, .. })) {
            renewal.refused = None;
        }
        true
    }

    /// Requests an access token. A process that takes no turns (an older version of this program) may have used up the
    /// refresh token and just kept the new one; then this tries again with that one.
    async fn granted_with_kept(&self, renewal: &mut Renewal) -> Result<TokenAnswer> {
        loop {
            let error = match self.granted(renewal).await {
                Ok(answer) => return Ok(answer),
                Err(error) => error,
            };
            let Error::BadCredentials { refusal, .. } = &error else { return Err(error) };
            // The loop ends, because each round needs a token that another process has got from the server meanwhile.
            if *refusal == Refusal::SignInExpired && self.take_over_kept(renewal).await {
                continue;
            }
            if matches!(refusal, Refusal::SignInExpired | Refusal::Password | Refusal::ApiClient) {
                renewal.refused = Some(error.clone());
            }
            return Err(error);
        }
    }

    async fn granted(&self, renewal: &Renewal) -> Result<TokenAnswer> {
        match (&self.source, &renewal.refresh_token) {
            (Source::Refresh(endpoint), Some(token)) => endpoint.ask(&self.transport, &Grant::Refresh(token)).await,
            (Source::Password(endpoint, who, attempts), _) => {
                attempts.make(self.granted_for_password(endpoint, who)).await
            }
            (Source::None(missing), _) => Err(Error::NotConfigured(missing.clone())),
            (Source::Refresh(_), None) => Err(Error::NotConfigured("There is no browser sign-in yet".to_owned())),
        }
    }

    async fn granted_for_password(&self, endpoint: &TokenEndpoint, who: &PasswordSignIn) -> Result<TokenAnswer> {
        match endpoint.ask(&self.transport, &Grant::Password { who, scope: SCOPE }).await {
            // Some API clients may not request `openid`; the user's name then remains unknown.
            Err(Error::Rejected { detail, passing: false, .. }) if detail.contains("invalid_scope") => {
                endpoint.ask(&self.transport, &Grant::Password { who, scope: NARROW_SCOPE }).await
            }
            answer => answer,
        }
    }

    async fn store(&self, renewal: &mut Renewal) -> Result<()> {
        if let Some(new) = &renewal.refresh_token {
            self.store.refresh_token_rotated(new).await.map_err(store_failed)?;
        }
        self.hand_out(renewal);
        Ok(())
    }

    fn hand_out(&self, renewal: &mut Renewal) {
        *self.current.write().unwrap_or_else(PoisonError::into_inner) = renewal.unstored.take();
    }
}

fn store_failed(error: BoxError) -> Error {
    Error::TokenStore(Arc::from(error))
}

impl AccessToken {
    /// Whether the token will still be valid for a while.
    pub(crate) fn is_good(&self) -> bool {
        self.good_until.is_none_or(|until| Instant::now() < until)
    }
}
