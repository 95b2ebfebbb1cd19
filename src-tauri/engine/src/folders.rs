//! Finding the Panopto folder that becomes a course (by name, by link or ID, or among the user's own folders), and a
//! video's page.
//!
//! Deliberately absent: the course list itself (see [`crate::courses`]).

use std::collections::{BTreeSet, HashMap, HashSet};

use futures_util::stream::{self, StreamExt as _};
use model::text::trimmed;
use model::{FolderId, SessionId};
use panopto::{Client, Folder, Server};
use url::Url;

use crate::store::course_list::ListedCourse;
use crate::{Error, ErrorCode, Result};

/// The most parent folders that one search looks up, to tell apart folders of the same name. Only needed where the
/// server does not name the parents itself.
const MOST_PARENTS: usize = 20;
const PARENTS_AT_ONCE: usize = 4;

/// The most folders in the tree of the user's own; the rest are left out.
const MOST_IN_TREE: usize = 2_000;
/// How many levels of the tree are told apart; deeper folders stand on the last one.
const MOST_LEVELS: usize = 12;

/// A folder that was found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FoundFolder {
    /// The folder.
    pub id: FolderId,
    /// Its name.
    pub name: String,
    /// The names of the folders above it, the nearest last, as far as they are known. If the server does not name the
    /// nearest, it is looked up only when several found folders have the same name.
    pub path: Vec<String>,
    /// Its level in the tree of found folders, from 1. Folders of level 2 follow the folder of level 1 that they are
    /// in.
    pub level: usize,
    /// How many of the found folders are directly in it.
    pub below: usize,
}

/// What was found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FoundFolders {
    /// Best first, or as a tree.
    pub folders: Vec<FoundFolder>,
    /// Whether there are more than were asked for.
    pub more: bool,
}

/// Folders whose names match, best first, at most `limit`.
pub async fn search(client: &Client, query: &str, limit: usize) -> Result<FoundFolders> {
    let mut found = client.search_folders(query.trim(), limit + 1).await?;
    let more = found.len() > limit;
    found.truncate(limit);
    name_parents(client, &mut found, |_| true).await;
    let names: HashMap<FolderId, &Folder> = found.iter().map(|folder| (folder.id, folder)).collect();
    let folders = found.iter().map(|folder| {
        let path = path_of(folder, &names);
        FoundFolder { id: folder.id, name: folder.name.clone(), path, level: 1, below: 0 }
    });
    Ok(FoundFolders { folders: folders.collect(), more })
}

/// Folders in which the signed-in person may create videos, as a tree, sorted by name on each level. At most `limit`
/// are at the top; each is followed by the folders inside it.
pub async fn mine(client: &Client, limit: usize) -> Result<FoundFolders> {
    let mut found = client.creator_folders().await?;
    found.sort_by_cached_key(|folder| folder.name.to_lowercase());
    let ids: HashSet<FolderId> = found.iter().map(|folder| folder.id).collect();
    let is_top = |folder: &Folder| folder.parent.is_none_or(|parent| !ids.contains(&parent));
    name_parents(client, &mut found, is_top).await;
    Ok(as_tree(&found, limit))
}

/// The folders in the order of their tree. Folders that contain each other in a circle, which no server should report,
/// each stand at the top.
fn as_tree(found: &[Folder], most_at_top: usize) -> FoundFolders {
    let mut by_id: HashMap<FolderId, &Folder> = HashMap::new();
    let found: Vec<&Folder> = found.iter().filter(|folder| by_id.insert(folder.id, folder).is_none()).collect();
    let mut below: HashMap<FolderId, Vec<&Folder>> = HashMap::new();
    let mut top = Vec::new();
    for folder in found {
        match folder.parent.filter(|parent| by_id.contains_key(parent) && !is_in_circle(folder, &by_id)) {
            Some(parent) => below.entry(parent).or_default().push(folder),
            None => top.push(folder),
        }
    }
    let mut more = top.len() > most_at_top;
    top.truncate(most_at_top);
    let mut folders = Vec::new();
    let mut next: Vec<(&Folder, usize)> = top.into_iter().rev().map(|folder| (folder, 1)).collect();
    while let Some((folder, level)) = next.pop() {
        if folders.len() == MOST_IN_TREE {
            more = true;
            break;
        }
        let within = below.get(&folder.id).map_or(&[][..], Vec::as_slice);
        let is_last_level = level == MOST_LEVELS;
        folders.push(FoundFolder {
            id: folder.id,
            name: folder.name.clone(),
            path: path_of(folder, &by_id),
            level,
            below: if is_last_level { 0 } else { within.len() },
        });
        let level = if is_last_level { level } else { level + 1 };
        next.extend(within.iter().rev().map(|folder| (*folder, level)));
    }
    FoundFolders { folders, more }
}

/// The found folders above it, from the top down, preceded by the one above those that the server names.
fn path_of(folder: &Folder, found: &HashMap<FolderId, &Folder>) -> Vec<String> {
    let mut path: Vec<String> = above(folder, found).map(|above| above.name.clone()).take(MOST_LEVELS).collect();
    let highest = above(folder, found).take(MOST_LEVELS).last().unwrap_or(folder);
    path.extend(highest.parent_name.clone());
    path.reverse();
    path
}

/// The found folders above it, the nearest first. Endless if they contain each other.
fn above<'f>(folder: &Folder, found: &HashMap<FolderId, &'f Folder>) -> impl Iterator<Item = &'f Folder> {
    let parent = |folder: &Folder| folder.parent.and_then(|parent| found.get(&parent).copied());
    std::iter::successors(parent(folder), move |folder| parent(folder))
}

fn is_in_circle(folder: &Folder, found: &HashMap<FolderId, &Folder>) -> bool {
    above(folder, found).take(found.len()).any(|above| above.id == folder.id)
}

/// Looks up the name of the parent folder if several of the folders picked by `concerned` have the same name and the
/// server did not give it. If a parent cannot be read, only its name is missing.
async fn name_parents(client: &Client, found: &mut [Folder], concerned: impl Fn(&Folder) -> bool) {
    let mut times: HashMap<&str, u32> = HashMap::new();
    for folder in found.iter().filter(|folder| concerned(folder)) {
        *times.entry(&folder.name).or_default() += 1;
    }
    let is_ambiguous =
        |folder: &&Folder| concerned(folder) && folder.parent_name.is_none() && times[folder.name.as_str()] > 1;
    let wanted: BTreeSet<FolderId> =
        found.iter().filter(is_ambiguous).filter_map(|folder| folder.parent).take(MOST_PARENTS).collect();
    let names: HashMap<FolderId, String> = stream::iter(wanted)
        .map(|parent| async move { client.folder(parent).await.ok().map(|folder| (parent, folder.name)) })
        .buffer_unordered(PARENTS_AT_ONCE)
        .filter_map(std::future::ready)
        .collect()
        .await;
    for folder in found.iter_mut().filter(|folder| folder.parent_name.is_none()) {
        folder.parent_name = folder.parent.and_then(|parent| names.get(&parent).cloned());
    }
}

/// The folder that a person means by an ID or a link. With `server`, links to another site are refused.
pub fn folder_of_link(text: &str, server: Option<&Server>) -> Result<FolderId> {
    panopto::folder_link(trimmed(text), server)
        .map_err(|error| Error::new(ErrorCode::InvalidInput, error.to_string()).with_hint(error.hint()))
}

/// Like [`folder_of_link`], for a folder to be added as a course. As long as no server is set, a link may lead
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

/// The server that a link leads to; `None` if the text is no link.
pub fn server_of_link(text: &str) -> Option<Server> {
    panopto::link_server(trimmed(text))
}

/// A folder as a course, with the name the server gives it.
pub async fn look_up(client: &Client, id: FolderId) -> Result<ListedCourse> {
    let folder = client.folder(id).await.map_err(|error| about_folder(error, id))?;
    Ok(ListedCourse { id: folder.id, name: folder.name })
}

/// Names the folder in a refusal that concerns a folder chosen by a person.
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

/// The video that a person means by an ID or by a link to its page. [`ErrorCode::InvalidInput`] if the text is neither.
pub fn video_of_link(text: &str) -> Result<SessionId> {
    SessionId::parse(text).or_else(|error| panopto::session_link(text).ok_or(error)).map_err(|error| {
        Error::new(ErrorCode::InvalidInput, error.to_string()).with_hint("Give the video's ID, or a link to its page")
    })
}

/// The page on which a video is watched; starts at a whole second if one is given.
pub fn video_page(server: &Server, video: SessionId, start_secs: Option<u32>) -> Url {
    panopto::viewer_url(server, video, start_secs)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn folder(number: u8, name: &str, parent: Option<u8>) -> Folder {
        let id = |number: u8| FolderId::parse(&format!("6513270e-269e-4d37-b2a7-4de452e6b4{number:02x}")).unwrap();
        Folder { id: id(number), name: name.to_owned(), parent: parent.map(id), parent_name: None }
    }

    fn shown(tree: &FoundFolders) -> Vec<String> {
        let line = |folder: &FoundFolder| {
            let indent = "  ".repeat(folder.level - 1);
            format!("{indent}{} {} [{}]", folder.name, folder.below, folder.path.join("/"))
        };
        tree.folders.iter().map(line).collect()
    }

    #[test]
    fn sub_folders_stand_below_the_folder_they_are_in_with_their_whole_path() {
        let mut top = folder(1, "COMM 290", Some(99));
        top.parent_name = Some("Sauder".to_owned());
        let found = [
            top,
            folder(4, "Lectures", Some(1)),
            folder(5, "Lectures", Some(2)),
            folder(2, "PSYC 118", None),
            folder(6, "Week 01", Some(4)),
            folder(7, "Week 01", Some(5)),
        ];
        let tree = as_tree(&found, 50);
        assert_eq!(
            shown(&tree),
            [
                "COMM 290 1 [Sauder]",
                "  Lectures 1 [Sauder/COMM 290]",
                "    Week 01 0 [Sauder/COMM 290/Lectures]",
                "PSYC 118 1 []",
                "  Lectures 1 [PSYC 118]",
                "    Week 01 0 [PSYC 118/Lectures]",
            ]
        );
        let one = as_tree(&found, 1);
        assert!(one.more && one.folders.len() == 3, "what is left out takes its sub-folders with it");
    }

    #[test]
    fn folders_in_a_circle_are_all_there_and_a_bottomless_tree_ends() {
        let circle =
            [folder(1, "a", Some(2)), folder(2, "b", Some(1)), folder(3, "c", Some(3)), folder(4, "d", Some(1))];
        let tree = as_tree(&circle, 50);
        let names: Vec<&str> = tree.folders.iter().map(|folder| folder.name.as_str()).collect();
        assert_eq!(names, ["a", "d", "b", "c"]);
        assert!(tree.folders.iter().all(|folder| folder.path.len() <= MOST_LEVELS));

        let deep: Vec<Folder> =
            (0..=60).map(|number| folder(number, &number.to_string(), number.checked_sub(1))).collect();
        let tree = as_tree(&deep, 50);
        assert_eq!((tree.folders.len(), tree.folders.last().unwrap().level), (61, MOST_LEVELS));
    }
}
