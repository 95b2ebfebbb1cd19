//! Finding the Panopto folder that becomes a course: by name, by link or ID, among one's own; and a video's page.
//!
//! Deliberately absent: the course list itself (see [`crate::courses`]).

use std::collections::{BTreeSet, HashMap};

use futures_util::stream::{self, StreamExt as _};
use model::text::trimmed;
use model::{FolderId, SessionId};
use panopto::{Client, Folder, Server};
use url::Url;

use crate::store::course_list::ListedCourse;
use crate::{Error, ErrorCode, Result};

/// Folders above that are looked up at most in one search, where the server does not name them by itself, to tell folders
/// of one name apart.
const MOST_PARENTS: usize = 20;
const PARENTS_AT_ONCE: usize = 4;

/// A folder that was found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FoundFolder {
    /// The folder.
    pub id: FolderId,
    /// Its name.
    pub name: String,
    /// The name of the folder above. Where the server does not tell it, it is looked up only where several found folders
    /// have the same name.
    pub parent_name: Option<String>,
}

/// What was found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FoundFolders {
    /// Best first.
    pub folders: Vec<FoundFolder>,
    /// Whether there are more than were asked for.
    pub more: bool,
}

/// Folders whose names match, best first, at most `limit`.
pub async fn search(client: &Client, query: &str, limit: usize) -> Result<FoundFolders> {
    let found = client.search_folders(query.trim(), limit + 1).await?;
    Ok(told_apart(client, found, limit).await)
}

/// Folders in which the signed-in person may create videos, by name, at most `limit`.
pub async fn mine(client: &Client, limit: usize) -> Result<FoundFolders> {
    let mut found = client.creator_folders().await?;
    found.sort_by_cached_key(|folder| folder.name.to_lowercase());
    Ok(told_apart(client, found, limit).await)
}

async fn told_apart(client: &Client, mut found: Vec<Folder>, limit: usize) -> FoundFolders {
    let more = found.len() > limit;
    found.truncate(limit);
    let mut times: HashMap<&str, u32> = HashMap::new();
    for folder in &found {
        *times.entry(&folder.name).or_default() += 1;
    }
    let mut wanted = BTreeSet::new();
    for folder in found.iter().filter(|folder| folder.parent_name.is_none() && times[folder.name.as_str()] > 1) {
        if let Some(parent) = folder.parent
            && wanted.len() < MOST_PARENTS
        {
            wanted.insert(parent);
        }
    }
    // A parent that cannot be read costs its name and nothing else.
    let names: HashMap<FolderId, String> = stream::iter(wanted)
        .map(|parent| async move { client.folder(parent).await.ok().map(|folder| (parent, folder.name)) })
        .buffer_unordered(PARENTS_AT_ONCE)
        .filter_map(std::future::ready)
        .collect()
        .await;
    let folders = found
        .into_iter()
        .map(|folder| FoundFolder {
            id: folder.id,
            parent_name: folder.parent_name.or_else(|| names.get(&folder.parent?).cloned()),
            name: folder.name,
        })
        .collect();
    FoundFolders { folders, more }
}

/// The folder a person means by an ID or a link. With `server`, links to another site are refused.
pub fn folder_of_link(text: &str, server: Option<&Server>) -> Result<FolderId> {
    panopto::folder_link(trimmed(text), server)
        .map_err(|error| Error::new(ErrorCode::InvalidInput, error.to_string()).with_hint(error.hint()))
}

/// [`folder_of_link`] for a folder that is to become a course. As long as no server is set, a link to one may be a link to
/// anywhere: [`ErrorCode::NotConfigured`] names where it leads.
pub fn folder_to_add(text: &str, server: Option<&Server>) -> Result<FolderId> {
    let id = folder_of_link(text, server)?;
    match (server, server_of_link(text)) {
        (None, Some(named)) => Err(Error::new(
            ErrorCode::NotConfigured,
            format!("This link leads to {named}, and no Panopto server is set"),
        )
        .with_hint(format!("If {named} is your Panopto server, set it first, then add the folder again"))),
        _ => Ok(id),
    }
}

/// The server that a link leads to; `None` where the text is no link.
pub fn server_of_link(text: &str) -> Option<Server> {
    panopto::link_server(trimmed(text))
}

/// The course that a folder would be, with the name the server gives it.
pub async fn look_up(client: &Client, id: FolderId) -> Result<ListedCourse> {
    let folder = client.folder(id).await.map_err(|error| about_folder(error, id))?;
    Ok(ListedCourse { id: folder.id, name: folder.name })
}

/// A refusal that concerns a folder a person has chosen names that folder.
pub(crate) fn about_folder(error: panopto::Error, folder: FolderId) -> Error {
    match error {
        panopto::Error::NotFound { server, .. } => {
            Error::new(ErrorCode::NotFound, format!("{server} has no folder {folder}, or hides it from this user"))
                .with_hint(
                    "Check the folder in Panopto; it may be deleted, or not shared with the one who is signed in",
                )
        }
        panopto::Error::NoRights { server, .. } => {
            Error::new(ErrorCode::NoRights, format!("{server} does not let this user see the folder {folder}"))
                .with_hint("Ask a Panopto administrator, or whoever owns the folder, for the creator role on it")
        }
        other => other.into(),
    }
}

/// The video a person means by an ID or by a link to its page. [`ErrorCode::InvalidInput`] where it is neither.
pub fn video_of_link(text: &str) -> Result<SessionId> {
    SessionId::parse(text).or_else(|error| panopto::session_link(text).ok_or(error)).map_err(|error| {
        Error::new(ErrorCode::InvalidInput, error.to_string()).with_hint("Give the video's ID, or a link to its page")
    })
}

/// The page on which a video is watched, from a whole second on where one is given.
pub fn video_page(server: &Server, video: SessionId, start_secs: Option<u32>) -> Url {
    panopto::viewer_url(server, video, start_secs)
}
