//! What the server answers when it is asked who somebody is.
//!
//! Two roads: those who watched a video, with their user names, which a teacher may see; and accounts by their IDs with full
//! names, for which many users have no rights. Deliberately absent: what a name is good for, and keeping it.
//!
//! Invariants: *refused* is about the one who asks and says nothing of anybody; no name is in a `Debug` text or an error.

use std::fmt;

use model::{PanoptoRole, UserId};

/// The most accounts in one call. Nothing is published; for folders, calls with more than about fifty IDs fail.
pub const USERS_AT_ONCE: usize = 25;

/// Somebody with an account who watched a video.
#[derive(Clone, PartialEq, Eq)]
pub struct SessionViewer {
    /// The ID, as in viewing records.
    pub id: UserId,
    /// The user name, mostly `provider\login`; empty where the server gave none.
    pub user_key: String,
}

/// Who watched a video, as far as they have accounts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ViewersAnswer {
    /// Those.
    Viewers(Vec<SessionViewer>),
    /// There is no such video.
    Gone,
    /// This user may not see it.
    Refused,
}

/// An account. Every text may be empty.
#[derive(Clone, PartialEq, Eq)]
pub struct User {
    /// The ID, as in viewing records.
    pub id: UserId,
    /// The user name, mostly `provider\login`.
    pub user_key: String,
    /// First name.
    pub first: String,
    /// Last name.
    pub last: String,
    /// E-mail address.
    pub email: String,
    /// What it may do everywhere on the server; `None` where that is nothing, or was not told.
    pub role: Option<PanoptoRole>,
}

/// What the server says of some accounts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum UsersAnswer {
    /// Those that it tells of.
    Users(Vec<User>),
    /// This user may not ask.
    Refused,
    /// The call failed as a whole, perhaps because of one of the accounts.
    Spoiled,
}

impl fmt::Debug for SessionViewer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SessionViewer(…)")
    }
}

impl fmt::Debug for User {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("User(…)")
    }
}
