//! Deliberate faults: what goes wrong at which request.
//!
//! A plan is data, written by hand or generated from a seed. Each planned fault strikes once, unless its place is
//! [`At::From`].

use crate::lies::{FolderLie, Lies};
use crate::{EmptyLists, Route};
use rand::{Rng as _, SeedableRng as _};
use rand_chacha::ChaCha12Rng;
use std::collections::{HashMap, HashSet};
use std::time::Duration;
use uuid::Uuid;

/// What goes wrong and when.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct FaultPlan {
    /// The faults. If several fit one request, the first strikes.
    pub faults: Vec<PlannedFault>,
}

/// One fault and its place.
#[derive(Debug, Clone, PartialEq)]
pub struct PlannedFault {
    /// When it strikes.
    pub at: At,
    /// What happens.
    pub fault: Fault,
}

/// The place of a fault. Counting begins at 1 when the plan is set.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum At {
    /// The nth request of all.
    Request(u64),
    /// The nth request of a route.
    Nth(Route, u64),
    /// The nth request of a route and every later one.
    From(Route, u64),
}

/// What happens to a request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Fault {
    /// A reply with this status and no body.
    Status {
        /// The status.
        status: u16,
        /// Value of `Retry-After` in seconds; `None` sends no such header.
        retry_after: Option<u64>,
    },
    /// A web page with this status, as a proxy or a sign-in page would send.
    Html(u16),
    /// A SOAP fault with this text (REST: a bare 500).
    SoapFault(String),
    /// The connection is reset before any reply.
    Reset,
    /// The reply comes only after this much time.
    Stall(Duration),
    /// Half of the reply's body comes at once, the rest only after this much time.
    StallBody(Duration),
    /// The connection closes after half of the reply's body.
    CutBody,
    /// The right body with the content type `application/octet-stream`.
    WrongContentType,
    /// Every access token expires just before this request is handled.
    ExpireToken,
    /// Every cookie dies just before this request is handled. Calls that carry one succeed and find nothing until the
    /// next sign-in.
    KillCookie,
    /// Every refresh token is used up just before this request is handled.
    RefreshTokenUsed,
    /// The next page of any list, after its first, repeats the page before it.
    RepeatedPage,
    /// The next page beyond the end of any list holds rows of earlier pages in another order.
    PhantomPage,
    /// Rows appear at the beginning of the requested list just before this request is handled: late viewing records
    /// within the requested range, or a session or folder that sorts first. Waits for a request for a list.
    AddRowsWhilePaging,
    /// From the next request for `children` on, the folder in that request lists its own topmost folder as a child.
    FolderCycle,
    /// After the next reply that lists sessions, or after the next usage call, one session from it is gone from the
    /// server. Its viewing records stay in the world, but no call can reach them.
    VanishSession,
    /// After the next reply that lists sessions, the first of them moves to a folder outside every course.
    MoveSession,
    /// Just before the next list of subfolders is made, the first of them is deleted with everything below it.
    VanishFolder,
    /// From this request on, this many lists of folders and sessions are 200 and empty.
    EmptyLists(u64),
    /// From the next list of subfolders on, the first of them looks like this permanently.
    HideFolder(FolderLie),
    /// The next page of a list of folders or sessions, after its first, begins one entry too late, as if an entry of an
    /// earlier page had gone. No page shows the entry in between. The fault ends when the list is read again from its
    /// first page.
    LoseEntryWhilePaging,
    /// From the next list of a folder's subfolders or sessions on, the last third of that list (at least one entry) is
    /// missing from every list permanently.
    ShorterList,
}

impl FaultPlan {
    /// A plan of these faults.
    pub fn new(faults: impl IntoIterator<Item = (At, Fault)>) -> Self {
        Self { faults: faults.into_iter().map(|(at, fault)| PlannedFault { at, fault }).collect() }
    }

    /// One to four faults of any kind, at plausible places among the first requests of a synchronisation. The same seed
    /// gives the same faults. Stalls last at most 400 ms.
    pub fn seeded(seed: u64) -> Self {
        let mut rng = ChaCha12Rng::seed_from_u64(seed ^ 0x0fa0_17a6_5eed);
        let count = rng.random_range(1..=4);
        let faults = (0..count).map(|_| {
            let fault = Fault::any(&mut rng);
            let busy = [Route::SoapUsage, Route::SoapUsage, Route::FolderSessions, Route::FolderChildren];
            let at = match &fault {
                Fault::RefreshTokenUsed if rng.random_bool(0.5) => At::Nth(Route::Token, rng.random_range(1..=3)),
                Fault::ExpireToken => At::Nth(
                    [Route::FolderSessions, Route::FolderChildren, Route::LegacyLogin][rng.random_range(0..3)],
                    rng.random_range(1..=4),
                ),
                Fault::KillCookie => At::Nth(Route::SoapUsage, rng.random_range(1..=12)),
                Fault::SoapFault(_) => At::Nth(Route::SoapUsage, rng.random_range(1..=20)),
                _ if rng.random_bool(0.5) => At::Nth(busy[rng.random_range(0..4)], rng.random_range(1..=12)),
                _ => At::Request(rng.random_range(1..=60)),
            };
            (at, fault)
        });
        Self::new(faults)
    }
}

impl FaultPlan {
    /// One to three lists that lie, or folders and sessions that really change, mixed with up to two other faults. The
    /// same seed gives the same plan. A request for a single folder or session may be refused, with 403 or with a 404
    /// that is not Panopto's own; but the server never says that a session is gone while the world holds it.
    pub fn seeded_lies(seed: u64) -> Self {
        let mut rng = ChaCha12Rng::seed_from_u64(seed ^ 0x11e5_17a6_5eed);
        let lies = rng.random_range(1..=3);
        let others = rng.random_range(0..=2);
        let mut faults = Vec::new();
        for _ in 0..lies {
            let lists = [Route::FolderSessions, Route::FolderChildren];
            faults.push((At::Nth(lists[rng.random_range(0..2)], rng.random_range(1..=12)), Fault::any_lie(&mut rng)));
        }
        if rng.random_bool(0.4) {
            let status = [403, 404, 500][rng.random_range(0..3)];
            let single = [Route::Session, Route::Folder][rng.random_range(0..2)];
            let fault = Fault::Status { status, retry_after: None };
            faults.push((At::Nth(single, rng.random_range(1..=6)), fault));
        }
        for _ in 0..others {
            faults.push((At::Request(rng.random_range(1..=60)), Fault::any(&mut rng)));
        }
        Self::new(faults)
    }
}

impl Fault {
    fn any_lie(rng: &mut ChaCha12Rng) -> Self {
        match rng.random_range(0..12) {
            0 | 1 => Self::EmptyLists(rng.random_range(1..=3)),
            2 => Self::EmptyLists([10, 40, u64::MAX][rng.random_range(0..3)]),
            3 => Self::HideFolder(FolderLie::Unlisted),
            4 => Self::HideFolder(FolderLie::ListsEmpty),
            5 => Self::HideFolder(FolderLie::Hidden),
            6 | 7 => Self::LoseEntryWhilePaging,
            8 | 9 => Self::ShorterList,
            10 => Self::MoveSession,
            _ => Self::VanishFolder,
        }
    }

    fn any(rng: &mut ChaCha12Rng) -> Self {
        match rng.random_range(0..20) {
            0 | 1 => Self::Status { status: 429, retry_after: rng.random_bool(0.5).then_some(1) },
            2 => Self::Status { status: 500, retry_after: None },
            3 => Self::Status { status: 502, retry_after: None },
            4 => Self::Status { status: 503, retry_after: rng.random_bool(0.5).then_some(1) },
            5 => Self::Html([200, 502, 503][rng.random_range(0..3)]),
            6 => Self::SoapFault("System error.".to_owned()),
            7 => Self::Reset,
            8 => Self::Stall(Duration::from_millis(rng.random_range(50..400))),
            9 => Self::StallBody(Duration::from_millis(rng.random_range(50..400))),
            10 => Self::CutBody,
            11 => Self::WrongContentType,
            12 => Self::ExpireToken,
            13 => Self::KillCookie,
            14 => Self::RefreshTokenUsed,
            15 => Self::RepeatedPage,
            16 => Self::PhantomPage,
            17 => Self::AddRowsWhilePaging,
            18 => Self::FolderCycle,
            _ => Self::VanishSession,
        }
    }

    /// The fault's name in the request log.
    pub fn name(&self) -> &'static str {
        match self {
            Self::Status { .. } => "status",
            Self::Html(_) => "html",
            Self::SoapFault(_) => "soap-fault",
            Self::Reset => "reset",
            Self::Stall(_) => "stall",
            Self::StallBody(_) => "stall-body",
            Self::CutBody => "cut-body",
            Self::WrongContentType => "wrong-content-type",
            Self::ExpireToken => "expire-token",
            Self::KillCookie => "kill-cookie",
            Self::RefreshTokenUsed => "refresh-token-used",
            Self::RepeatedPage => "repeated-page",
            Self::PhantomPage => "phantom-page",
            Self::AddRowsWhilePaging => "add-rows-while-paging",
            Self::FolderCycle => "folder-cycle",
            Self::VanishSession => "vanish-session",
            Self::MoveSession => "move-session",
            Self::VanishFolder => "vanish-folder",
            Self::EmptyLists(_) => "empty-lists",
            Self::HideFolder(_) => "hide-folder",
            Self::LoseEntryWhilePaging => "lose-entry-while-paging",
            Self::ShorterList => "shorter-list",
        }
    }
}

/// A plan being carried out.
#[derive(Debug, Default)]
pub(crate) struct Injector {
    plan: FaultPlan,
    struck: Vec<bool>,
    requests: u64,
    by_route: HashMap<Route, u64>,
    /// Faults that wait for a request they can strike.
    pub(crate) armed: Vec<Fault>,
    /// The folders that list their own topmost folder as a child.
    pub(crate) cycles: Vec<Uuid>,
    /// The lies that the faults so far have caused.
    pub(crate) lies: Lies,
    /// Lists whose later pages begin one entry too late until they are read again from the start.
    moved_up: HashSet<(Route, String)>,
}

impl Injector {
    pub(crate) fn new(plan: FaultPlan) -> Self {
        Self { struck: vec![false; plan.faults.len()], plan, ..Self::default() }
    }

    /// Counts a request and returns the fault that strikes it.
    pub(crate) fn strike(&mut self, route: Route) -> Option<Fault> {
        self.requests += 1;
        let of_route = self.by_route.entry(route).or_default();
        *of_route += 1;
        let (all, of_route) = (self.requests, *of_route);
        let hit = self.plan.faults.iter().zip(&self.struck).position(|(planned, struck)| match planned.at {
            At::Request(nth) => !struck && nth == all,
            At::Nth(wanted, nth) => !struck && wanted == route && nth == of_route,
            At::From(wanted, nth) => wanted == route && of_route >= nth,
        })?;
        self.struck[hit] = true;
        Some(self.plan.faults[hit].fault.clone())
    }

    /// Empties the next `lists` lists.
    pub(crate) fn empty_lists(&mut self, lists: u64) {
        self.lies.empty_lists = EmptyLists::Next(lists);
    }

    /// Applies a waiting fault that hides a folder, if there is one, to this folder.
    pub(crate) fn hide(&mut self, folder: Uuid) {
        if let Some(at) = self.armed.iter().position(|armed| matches!(armed, Fault::HideFolder(_)))
            && let Fault::HideFolder(lie) = self.armed.remove(at)
        {
            self.lies.folders.insert(folder, lie);
        }
    }

    /// Whether this page of a list begins one entry too late. `has_rows` says whether the page would have any rows.
    pub(crate) fn loses_an_entry(&mut self, list: (Route, &str), page: usize, has_rows: bool) -> bool {
        let list = (list.0, list.1.to_ascii_lowercase());
        if page == 0 {
            self.moved_up.remove(&list);
            return false;
        }
        if has_rows && !self.moved_up.contains(&list) && self.take_armed(&Fault::LoseEntryWhilePaging) {
            self.moved_up.insert(list);
            return true;
        }
        self.moved_up.contains(&list)
    }

    /// Takes a waiting fault of the same kind as `fault`.
    pub(crate) fn take_armed(&mut self, fault: &Fault) -> bool {
        let found = self.armed.iter().position(|armed| armed == fault);
        found.map(|at| self.armed.remove(at)).is_some()
    }

    pub(crate) fn struck(&self) -> Vec<Fault> {
        let planned = self.plan.faults.iter().zip(&self.struck);
        planned.filter(|(_, struck)| **struck).map(|(planned, _)| planned.fault.clone()).collect()
    }
}
