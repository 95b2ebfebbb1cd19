//! Where the server's replies differ from what it holds.
//!
//! The [`World`](crate::World) remains the truth, so that a test can compare what a client believes with what is really
//! there. A test tells lies through [`Handle::lies`](crate::Handle::lies). A fault plan adds lies of its own, which end
//! with the plan. Deliberately absent: lies about viewing records, because their total would give them away.

use std::collections::{HashMap, HashSet};
use uuid::Uuid;

/// Where REST contradicts the truth. The default is honest.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Lies {
    /// Lists that answer 200 and are empty, whatever the server holds.
    pub empty_lists: EmptyLists,
    /// Folders that are not shown as they are.
    pub folders: HashMap<Uuid, FolderLie>,
    /// Folders and sessions that no list shows. A request for one of them by id is answered as usual.
    pub left_out: HashSet<Uuid>,
    /// What `folders/{id}` and `sessions/{id}` answer.
    pub details: HashMap<Uuid, DetailLie>,
}

/// Which lists are empty. Each page counts as one list.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum EmptyLists {
    /// None.
    #[default]
    None,
    /// The next this many.
    Next(u64),
    /// All, until the test changes this.
    All,
}

/// How a folder is shown. Subfolders do not inherit this.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FolderLie {
    /// Its parent's list and every search leave it out. A request for it by id is answered as usual.
    Unlisted,
    /// Its own lists are 200 and empty. Its parent lists it, and its details can be read.
    ListsEmpty,
    /// Both; in addition, its details and those of its sessions answer 403. This is how a folder looks to a user who
    /// has lost the right to see it.
    Hidden,
}

/// What a request for a single folder or session gets.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DetailLie {
    /// 403 without a body.
    Refused,
    /// 404 with Panopto's own body.
    Gone,
    /// 200, but with this folder as its parent.
    MovedTo(Uuid),
    /// 200, but with the details of this other folder or session.
    Another(Uuid),
}

impl FolderLie {
    /// Whether lists of folders leave the folder out.
    pub(crate) const fn hides_it(self) -> bool {
        match self {
            Self::Unlisted | Self::Hidden => true,
            Self::ListsEmpty => false,
        }
    }

    /// Whether the folder's own lists are empty.
    pub(crate) const fn empties_it(self) -> bool {
        match self {
            Self::ListsEmpty | Self::Hidden => true,
            Self::Unlisted => false,
        }
    }

    /// Whether the details of the folder and of its sessions are refused.
    pub(crate) const fn refuses_it(self) -> bool {
        match self {
            Self::Hidden => true,
            Self::Unlisted | Self::ListsEmpty => false,
        }
    }
}

impl Lies {
    /// Whether to send this list empty. Counts the list.
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
