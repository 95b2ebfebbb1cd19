//! Everything the running server shares between its connections.
//!
//! Each part has its own lock, held only while a reply is made, never across a wait and never two of the same.
//! Order where two are needed: configuration, content, then any of the others.

use crate::accounts::Accounts;
use crate::clock::Clock;
use crate::config::Config;
use crate::faults::{Fault, Injector};
use crate::index::Content;
use crate::limiter::Limiter;
use crate::log::{Log, RequestLogEntry};
use crate::route::Target;
use crate::wire::Request;
use crate::world::World;
use chrono::{DateTime, Utc};
use rand::{Rng as _, SeedableRng as _};
use rand_chacha::ChaCha12Rng;
use std::sync::{Mutex, MutexGuard, PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard};

/// The shared state.
pub(crate) struct State {
    config: RwLock<Config>,
    content: Mutex<Content>,
    accounts: Mutex<Accounts>,
    injector: Mutex<Injector>,
    limiter: Mutex<Limiter>,
    chance: Mutex<ChaCha12Rng>,
    pub(crate) log: Log,
    pub(crate) clock: Clock,
}

// A test that panics while it holds a guard must not take the server down with it.
fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl State {
    pub(crate) fn new(world: World, config: Config) -> Self {
        let mut content = Content::new(world);
        // Before the first request, which would otherwise wait for the tables of a large world.
        content.look();
        Self {
            content: Mutex::new(content),
            accounts: Mutex::new(Accounts::new(config.seed)),
            injector: Mutex::new(Injector::new(config.faults.clone())),
            limiter: Mutex::new(Limiter::default()),
            chance: Mutex::new(ChaCha12Rng::seed_from_u64(config.seed.wrapping_add(1))),
            log: Log::default(),
            clock: Clock::new(config.now),
            config: RwLock::new(config),
        }
    }

    pub(crate) fn config(&self) -> RwLockReadGuard<'_, Config> {
        self.config.read().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn config_mut(&self) -> RwLockWriteGuard<'_, Config> {
        self.config.write().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn content(&self) -> MutexGuard<'_, Content> {
        locked(&self.content)
    }

    pub(crate) fn accounts(&self) -> MutexGuard<'_, Accounts> {
        locked(&self.accounts)
    }

    pub(crate) fn injector(&self) -> MutexGuard<'_, Injector> {
        locked(&self.injector)
    }

    pub(crate) fn limiter(&self) -> MutexGuard<'_, Limiter> {
        locked(&self.limiter)
    }

    /// True with this probability.
    pub(crate) fn by_chance(&self, probability: f64) -> bool {
        probability > 0.0 && locked(&self.chance).random_bool(probability.clamp(0.0, 1.0))
    }
}

/// A request being answered.
pub(crate) struct Call<'a> {
    pub(crate) state: &'a State,
    pub(crate) config: &'a Config,
    pub(crate) request: &'a Request,
    pub(crate) target: &'a Target,
    pub(crate) now: DateTime<Utc>,
    pub(crate) log_number: u64,
}

impl Call<'_> {
    pub(crate) fn note(&self, change: impl FnOnce(&mut RequestLogEntry)) {
        self.state.log.amend(self.log_number, change);
    }

    /// Takes a waiting fault of this kind.
    pub(crate) fn take_fault(&self, fault: &Fault) -> bool {
        self.state.injector().take_armed(fault)
    }
}
