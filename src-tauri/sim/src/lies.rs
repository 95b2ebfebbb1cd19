//! Where the server's replies differ from what it holds.
//!
//! The [`World`](crate::World) stays the truth, so that a test can compare what a client believes with what is really
//! there. A test tells lies through [`Handle::lies`](crate::Handle::lies); a fault plan adds its own, which end with the
//! plan. Deliberately absent: lies about viewing records, whose total would give them away.

use std::collections::{HashMap, HashSet};
use uuid::Uuid;

/// Where REST contradicts the truth. The default is honest.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Lies {
    /// Lists that are 200 and empty, whatever they hold.
    pub empty_lists: EmptyLists,
    /// Folders that are not shown as they are.
    pub folders: HashMap<Uuid, FolderLie>,
    /// Folders and sessions that no list shows. A request for one by its id is answered as always.
    pub left_out: HashSet<Uuid>,
    /// What `folders/{id}` and `sessions/{id}` answer.
    pub details: HashMap<Uuid, DetailLie>,
}

/// Which lists are empty. Each page counts as a list of its own.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum EmptyLists {
    /// None.
    #[default]
    None,
    /// The next so many.
    Next(u64),
    /// All, until this is changed.
    All,
}

/// How a folder is shown. Subfolders do not inherit this.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FolderLie {
    /// Its parent's list and every search leave it out. A request for it by its id is answered as always.
    Unlisted,
    /// Its own lists are 200 and empty. Its parent lists it, and its details can be read.
    ListsEmpty,
    /// Both, and its details and those of its sessions are 403. This is how a folder looks to a user who has lost the
    /// right to see it.
    Hidden,
}

/// What a request for one folder or session gets.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DetailLie {
    /// 403 without a body.
    Refused,
    /// 404 with Panopto's own body.
    Gone,
    /// 200, but with this folder as the one it is in.
    MovedTo(Uuid),
    /// 200, but about this other folder or session.
    Another(Uuid),
}

impl FolderLie {
    /// Whether lists of folders leave it out.
    pub(crate) const fn hides_it(self) -> bool {
        match self {
            Self::Unlisted | Self::Hidden => true,
            Self::ListsEmpty => false,
        }
    }

    /// Whether its own lists are empty.
    pub(crate) const fn empties_it(self) -> bool {
        match self {
            Self::ListsEmpty | Self::Hidden => true,
            Self::Unlisted => false,
        }
    }

    /// Whether its details and those of its sessions are refused.
    pub(crate) const fn refuses_it(self) -> bool {
        match self {
            Self::Hidden => true,
            Self::Unlisted | Self::ListsEmpty => false,
        }
    }
}

impl Lies {
    /// Whether this list is to be empty. Counts it.
    pub(crate) fn take_empty_list(&mut self) -> bool {
        match &mut self.empty_lists {
            EmptyLists::None => false,
            EmptyLists::All => true,
            EmptyLists::Next(lists) => match lists.checked_sub(1) {
                Some(fewer) => {
                    *lists = fewer;
                    true
                }
                None => false,
            },
        }
    }
}
