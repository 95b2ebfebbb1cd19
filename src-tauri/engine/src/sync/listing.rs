//! What is in a course: its folder and all folders below it, with their videos.
//!
//! Each folder is read once, whatever the server says of its parents: a ring of folders ends. Folders are read several at
//! a time, but the result is in one order, which does not depend on who answered first: a folder's videos in the server's
//! order, then its subfolders in the server's order, each with everything below it.

use std::collections::{HashMap, HashSet};
use std::sync::{Arc, Mutex, PoisonError};

use futures_util::stream::{FuturesUnordered, StreamExt as _};
use model::{FolderId, SessionId};
use panopto::{Client, Folder, Session};
use tokio::sync::mpsc::UnboundedSender;

use super::shared::Shared;
use crate::folders::about_folder;
use crate::{Error, ErrorCode, Result};

/// Folders that are read at the same time.
const FOLDERS_AT_ONCE: usize = 8;
/// More folders than any course has: a server that invents folders without end must not hold us for ever.
const MOST_FOLDERS: usize = 20_000;
/// Likewise videos.
const MOST_VIDEOS: usize = 200_000;
/// Likewise, in bytes, names and descriptions of all videos, which are held in memory.
const MOST_TEXT_BYTES: usize = 256 << 20;

/// A video and where it was found.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct ListedVideo {
    pub(super) session: Session,
    pub(super) folder_id: FolderId,
    pub(super) folder_name: String,
}

/// A subfolder this user may not read.
#[derive(Debug)]
pub(super) struct UnreadableFolder {
    pub(super) name: String,
    pub(super) error: Error,
}

/// Everything in a course, before the name of its folder is known.
#[derive(Debug)]
pub(super) struct Found {
    course: FolderId,
    nodes: HashMap<FolderId, Arc<Node>>,
    unreadable: Vec<UnreadableFolder>,
}

impl Found {
    /// The listing of the course whose folder has this name.
    pub(super) fn named(self, name: String) -> Listing {
        let folders = self.nodes.keys().copied().collect();
        Listing { videos: in_order(self.course, self.nodes, &name), name, folders, unreadable: self.unreadable }
    }
}

/// Everything in a course.
#[derive(Debug)]
pub(super) struct Listing {
    /// The name of the course's folder.
    pub(super) name: String,
    /// The folders read, the course's own included.
    pub(super) folders: HashSet<FolderId>,
    /// The videos, each once, in order.
    pub(super) videos: Vec<ListedVideo>,
    /// Subfolders that could not be read for want of rights.
    pub(super) unreadable: Vec<UnreadableFolder>,
}

/// What is directly in a folder.
#[derive(Debug, Clone)]
pub(super) struct Node {
    children: Vec<(FolderId, String)>,
    pub(super) sessions: Vec<Session>,
}

/// How much a course holds, against a server that invents it without end.
#[derive(Debug, Default)]
struct Extent {
    videos: usize,
    text_bytes: usize,
}

impl Extent {
    /// Adds a folder's videos; whether the sum is still believable.
    fn add(&mut self, sessions: &[Session]) -> bool {
        self.videos += sessions.len();
        let text = |session: &Session| session.name.len() + session.description.as_ref().map_or(0, String::len);
        self.text_bytes += sessions.iter().map(text).sum::<usize>();
        self.videos <= MOST_VIDEOS && self.text_bytes <= MOST_TEXT_BYTES
    }
}

/// The course's own folder, which tells its name.
pub(super) async fn course_folder(client: &Client, course: FolderId) -> Result<Folder> {
    client.folder(course).await.map_err(|error| about_folder(error, course))
}

/// Reads everything below the folder of `course`; tells `found` of videos page by page, each once, long before the
/// listing is whole. Does not wait for the folder's name.
///
/// Fails as a whole when the course's own folder cannot be read or any call fails for another reason than rights: half a
/// list would make videos seem gone.
pub(super) async fn list_course(
    client: &Client,
    shared: &Shared,
    course: FolderId,
    found: UnboundedSender<Vec<Session>>,
) -> Result<Found> {
    let mut nodes: HashMap<FolderId, Arc<Node>> = HashMap::new();
    let mut names = HashMap::from([(course, String::new())]);
    let met: Mutex<HashSet<SessionId>> = Mutex::default();
    let tell = |page: &[Session]| {
        let mut met = met.lock().unwrap_or_else(PoisonError::into_inner);
        let new: Vec<Session> = page.iter().filter(|session| met.insert(session.id)).cloned().collect();
        if !new.is_empty() {
            // Whoever fetches may have been stopped; that is told elsewhere.
            let _ = found.send(new);
        }
    };
    let mut extent = Extent::default();
    let mut unreadable = Vec::new();
    let mut waiting = vec![course];
    let mut reading = FuturesUnordered::new();
    loop {
        while reading.len() < FOLDERS_AT_ONCE
            && let Some(folder) = waiting.pop()
        {
            reading.push(async move { (folder, shared.folder(client, folder, &tell).await) });
        }
        let Some((folder, read)) = reading.next().await else { break };
        let node = match read {
            Ok(node) => node,
            Err(error) if folder == course => return Err(about_folder(error, course)),
            // Deleted since its parent was read.
            Err(panopto::Error::NotFound { .. }) => continue,
            Err(error @ panopto::Error::NoRights { .. }) => {
                let name = names.get(&folder).cloned().unwrap_or_default();
                unreadable.push(UnreadableFolder { name, error: error.into() });
                continue;
            }
            Err(error) => return Err(error.into()),
        };
        if !extent.add(&node.sessions) {
            return Err(endless(&format!("{MOST_VIDEOS} videos")));
        }
        for (child, name) in &node.children {
            if names.len() >= MOST_FOLDERS {
                return Err(endless(&format!("{MOST_FOLDERS} subfolders")));
            }
            if names.insert(*child, name.clone()).is_none() {
                waiting.push(*child);
            }
        }
        nodes.insert(folder, node);
    }
    unreadable.sort_by(|a, b| a.name.cmp(&b.name));
    Ok(Found { course, nodes, unreadable })
}

fn endless(more_than: &str) -> Error {
    Error::new(ErrorCode::ServerChanged, format!("The course's folder seems to have no end: more than {more_than}"))
        .with_hint("Check in Panopto that this is a course's folder, and choose one further down if it is not")
}

/// Reads what is directly in a folder; tells `tell` of its videos page by page.
pub(super) async fn read_folder(
    client: &Client,
    folder: FolderId,
    tell: &impl Fn(&[Session]),
) -> panopto::Result<Node> {
    let sessions = client.sessions_by_page(folder, tell);
    let (children, sessions) = futures_util::future::try_join(client.child_folders(folder), sessions).await?;
    // The nil ID stands for the top level of the whole site, which is in no folder.
    let children = children.into_iter().filter(|child| child.id != FolderId::NIL);
    Ok(Node { children: children.map(|child| (child.id, child.name)).collect(), sessions })
}

fn in_order(course: FolderId, mut nodes: HashMap<FolderId, Arc<Node>>, name: &str) -> Vec<ListedVideo> {
    let mut videos = Vec::new();
    let mut seen: HashSet<SessionId> = HashSet::new();
    let mut path = vec![(course, name.to_owned())];
    while let Some((folder_id, folder_name)) = path.pop() {
        // Taken out, so that a folder met again on a ring is not walked again.
        let Some(node) = nodes.remove(&folder_id) else { continue };
        let Node { children, sessions } = Arc::unwrap_or_clone(node);
        for session in sessions {
            if seen.insert(session.id) {
                videos.push(ListedVideo { session, folder_id, folder_name: folder_name.clone() });
            }
        }
        path.extend(children.into_iter().rev());
    }
    videos
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_course_without_end_is_given_up() {
        let session = |description: usize| Session {
            id: SessionId::NIL,
            name: "x".repeat(10),
            description: Some("y".repeat(description)),
            duration_secs: None,
            folder_id: FolderId::NIL,
            folder_name: None,
            start_time: None,
        };
        let mut extent = Extent::default();
        let folder = vec![session(0); 1000];
        assert!((0..200).all(|_| extent.add(&folder)), "many, but believable");
        assert!(!extent.add(&[session(0)]));
        let mut extent = Extent::default();
        let long = [session(8 << 20)];
        assert!((0..31).all(|_| extent.add(&long)));
        assert!(!extent.add(&long));
    }
}
