//! Everything that the running server shares among its connections.
//!
//! Each part has its own lock. It is held only while a reply is made, never across a wait, and the same lock is never
//! taken twice. Code that needs two takes them in this order: configuration, content, then any of the others.

use crate::accounts::Accounts;
use crate::clock::Clock;
use crate::config::Config;
use crate::faults::{Fault, Injector};
use crate::index::{Content, Look};
use crate::lies::{DetailLie, FolderLie, Lies};
use crate::limiter::Limiter;
use crate::log::{Log, RequestLogEntry};
use crate::route::RouteTarget;
use crate::wire::Request;
use crate::world::{Folder, World};
use chrono::{DateTime, Utc};
use rand::{Rng as _, SeedableRng as _};
use rand_chacha::ChaCha12Rng;
use std::sync::{Mutex, MutexGuard, PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard};
use uuid::Uuid;

/// The shared state.
pub(crate) struct Shared {
    config: RwLock<Config>,
    content: Mutex<Content>,
    accounts: Mutex<Accounts>,
    injector: Mutex<Injector>,
    lies: Mutex<Lies>,
    limiter: Mutex<Limiter>,
    chance: Mutex<ChaCha12Rng>,
    pub(crate) log: Log,
    pub(crate) clock: Clock,
}

// A test that panics while it holds a guard must not bring the server down.
fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Shared {
    pub(crate) fn new(world: World, config: Config) -> Self {
        let mut content = Content::new(world);
        // Builds the tables of a large world now, so that the first request does not wait for them.
        content.look();
        Self {
            content: Mutex::new(content),
            accounts: Mutex::new(Accounts::new(config.seed)),
            injector: Mutex::new(Injector::new(config.faults.clone())),
            lies: Mutex::new(Lies::default()),
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

    /// The lies that a test tells. The injector holds those of a fault plan.
    pub(crate) fn lies(&self) -> MutexGuard<'_, Lies> {
        locked(&self.lies)
    }

    pub(crate) fn limiter(&self) -> MutexGuard<'_, Limiter> {
        locked(&self.limiter)
    }

    /// True with the given probability.
    pub(crate) fn by_chance(&self, probability: f64) -> bool {
        probability > 0.0 && locked(&self.chance).random_bool(probability.clamp(0.0, 1.0))
    }
}

/// A request being answered.
pub(crate) struct Call<'a> {
    pub(crate) state: &'a Shared,
    pub(crate) config: &'a Config,
    pub(crate) request: &'a Request,
    pub(crate) target: &'a RouteTarget,
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

    /// Whether to send the requested list empty.
    pub(crate) fn lists_nothing(&self) -> bool {
        let by_plan = self.state.injector().lies.take_empty_list();
        by_plan || self.state.lies().take_empty_list()
    }

    /// How a folder looks, if not as it really is.
    pub(crate) fn folder_lie(&self, id: Uuid) -> Option<FolderLie> {
        let by_test = self.state.lies().folders.get(&id).copied();
        by_test.or_else(|| self.state.injector().lies.folders.get(&id).copied())
    }

    /// Whether every list leaves out this folder or session.
    pub(crate) fn is_left_out(&self, id: Uuid) -> bool {
        let by_test = self.state.lies().left_out.contains(&id);
        by_test || self.state.injector().lies.left_out.contains(&id)
    }

    /// What is said about a single folder or session, if not the truth.
    pub(crate) fn detail_lie(&self, id: Uuid) -> Option<DetailLie> {
        self.state.lies().details.get(&id).copied()
    }

    /// Whether this folder's own lists show anything.
    pub(crate) fn lists_of_folder_are_shown(&self, look: Look<'_>, id: Uuid) -> bool {
        look.folder(id).is_some_and(|folder| folder.visible) && !self.folder_lie(id).is_some_and(FolderLie::empties_it)
    }

    /// Whether lists of folders show this folder.
    pub(crate) fn folder_is_listed(&self, folder: &Folder) -> bool {
        folder.visible && !self.is_left_out(folder.id) && !self.folder_lie(folder.id).is_some_and(FolderLie::hides_it)
    }

    /// Whether the details of this folder and of its sessions are refused.
    pub(crate) fn folder_is_refused(&self, folder: &Folder) -> bool {
        !folder.visible || self.folder_lie(folder.id).is_some_and(FolderLie::refuses_it)
    }
}
