//! The tokens, codes and cookies that the server has issued, and to whom.
//!
//! Deliberately absent: who may do what. Invariant: a code works once; with rotation, so does a refresh token.

use crate::config::{Config, DeadCookie};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chrono::{DateTime, TimeDelta, Utc};
use rand::{RngCore as _, SeedableRng as _};
use rand_chacha::ChaCha12Rng;
use std::collections::HashMap;
use std::time::Duration;
use uuid::Uuid;

/// Everything issued so far. None of it can be printed.
pub(crate) struct Accounts {
    rng: ChaCha12Rng,
    access: HashMap<String, Access>,
    refresh: HashMap<String, Refresh>,
    codes: HashMap<String, Code>,
    cookies: HashMap<String, Cookie>,
}

/// What an access token grants.
#[derive(Clone)]
pub(crate) struct Access {
    /// `None` for a client's own token, which belongs to no user.
    pub(crate) user: Option<Uuid>,
    pub(crate) client: String,
    pub(crate) scope: String,
    expires: DateTime<Utc>,
}

/// What a refresh token grants.
#[derive(Clone)]
struct Refresh {
    user: Option<Uuid>,
    client: String,
    scope: String,
    expires: Option<DateTime<Utc>>,
    used: bool,
}

/// What PKCE asks the exchange of a code to prove (RFC 7636 §4.3).
pub(crate) struct Challenge {
    pub(crate) value: String,
    /// `plain` or `S256`.
    pub(crate) method: String,
}

/// An authorization code that has not been exchanged yet.
pub(crate) struct Code {
    pub(crate) user: Uuid,
    pub(crate) client: String,
    pub(crate) scope: String,
    pub(crate) redirect: String,
    pub(crate) nonce: Option<String>,
    pub(crate) challenge: Option<Challenge>,
    pub(crate) expires: DateTime<Utc>,
}

struct Cookie {
    user: Uuid,
    expires: DateTime<Utc>,
    killed: bool,
}

/// What the server makes of a cookie it is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum CookieState {
    Valid(Uuid),
    /// Expired, killed or never issued. The value says how to answer a SOAP call that carries it.
    Dead(DeadCookie),
}

/// The tokens in one reply of the token endpoint.
pub(crate) struct Issued {
    pub(crate) access: String,
    pub(crate) refresh: Option<String>,
    pub(crate) scope: String,
    pub(crate) user: Option<Uuid>,
}

impl Accounts {
    pub(crate) fn new(seed: u64) -> Self {
        Self {
            rng: ChaCha12Rng::seed_from_u64(seed),
            access: HashMap::new(),
            refresh: HashMap::new(),
            codes: HashMap::new(),
            cookies: HashMap::new(),
        }
    }

    fn random(&mut self, bytes: usize) -> String {
        let mut buffer = vec![0; bytes];
        self.rng.fill_bytes(&mut buffer);
        URL_SAFE_NO_PAD.encode(buffer)
    }

    pub(crate) fn add_code(&mut self, code: Code) -> String {
        let name = self.random(32);
        self.codes.insert(name.clone(), code);
        name
    }

    /// Uses up a code, whether or not the exchange then succeeds.
    pub(crate) fn take_code(&mut self, name: &str) -> Option<Code> {
        self.codes.remove(name)
    }

    /// Issues new tokens, with a refresh token if `scope` includes `offline_access`.
    pub(crate) fn issue(
        &mut self,
        user: Option<Uuid>,
        client: &str,
        scope: &str,
        config: &Config,
        now: DateTime<Utc>,
    ) -> Issued {
        let access = format!("{}.{}.{}", self.random(27), self.random(120), self.random(64));
        self.access.insert(
            access.clone(),
            Access {
                user,
                client: client.to_owned(),
                scope: scope.to_owned(),
                expires: after(now, config.token_lifetime),
            },
        );
        let offline = user.is_some() && scope.split_whitespace().any(|word| word == "offline_access");
        let refresh = offline.then(|| {
            let token = self.random(32);
            let expires = config.refresh_lifetime.map(|life| after(now, life));
            let entry = Refresh { user, client: client.to_owned(), scope: scope.to_owned(), expires, used: false };
            self.refresh.insert(token.clone(), entry);
            token
        });
        Issued { access, refresh, scope: scope.to_owned(), user }
    }

    /// Redeems a refresh token. `None` if the token is unknown, used, too old or another client's.
    pub(crate) fn redeem(&mut self, token: &str, client: &str, config: &Config, now: DateTime<Utc>) -> Option<Issued> {
        let entry = self.refresh.get_mut(token)?;
        if entry.used || entry.client != client || entry.expires.is_some_and(|expires| expires <= now) {
            return None;
        }
        entry.used = config.rotate_refresh_tokens;
        let (user, scope) = (entry.user, entry.scope.clone());
        if config.rotate_refresh_tokens {
            Some(self.issue(user, client, &scope, config, now))
        } else {
            let without: Vec<&str> = scope.split_whitespace().filter(|word| *word != "offline_access").collect();
            let issued = self.issue(user, client, &without.join(" "), config, now);
            Some(Issued { scope, ..issued })
        }
    }

    pub(crate) fn access(&self, token: &str, now: DateTime<Utc>) -> Option<&Access> {
        self.access.get(token).filter(|access| now < access.expires)
    }

    pub(crate) fn revoke(&mut self, token: &str) {
        self.access.remove(token);
        self.refresh.remove(token);
    }

    pub(crate) fn add_cookie(&mut self, user: Uuid, config: &Config, now: DateTime<Utc>) -> String {
        let mut bytes = [0; 96];
        self.rng.fill_bytes(&mut bytes);
        let value: String = bytes.iter().flat_map(|byte| [byte >> 4, byte & 15]).map(hex_digit).collect();
        let expires = after(now, config.cookie_lifetime);
        self.cookies.insert(value.clone(), Cookie { user, expires, killed: false });
        value
    }

    pub(crate) fn cookie(&self, value: &str, config: &Config, now: DateTime<Utc>) -> CookieState {
        match self.cookies.get(value) {
            Some(cookie) if cookie.killed => CookieState::Dead(DeadCookie::Empty),
            Some(cookie) if now < cookie.expires => CookieState::Valid(cookie.user),
            _ => CookieState::Dead(config.dead_cookie),
        }
    }

    /// Expires every access token now.
    pub(crate) fn expire_tokens(&mut self) {
        self.access.clear();
    }

    /// Kills every cookie now; `dead_cookie` decides what calls with them get.
    pub(crate) fn kill_cookies(&mut self) {
        self.cookies.clear();
    }

    /// Kills every cookie in the worst way: calls that carry one succeed and find nothing.
    pub(crate) fn blind_cookies(&mut self) {
        self.cookies.values_mut().for_each(|cookie| cookie.killed = true);
    }

    /// Marks every refresh token as used, as if another process had used it.
    pub(crate) fn use_refresh_tokens(&mut self) {
        self.refresh.values_mut().for_each(|entry| entry.used = true);
    }
}

fn after(now: DateTime<Utc>, life: Duration) -> DateTime<Utc> {
    TimeDelta::from_std(life).ok().and_then(|life| now.checked_add_signed(life)).unwrap_or(DateTime::<Utc>::MAX_UTC)
}

fn hex_digit(value: u8) -> char {
    char::from(b"0123456789ABCDEF"[usize::from(value & 15)])
}
