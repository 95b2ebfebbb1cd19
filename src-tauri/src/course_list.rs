//! The course list as the window changes it: finding, adding, importing, removing, undoing.
//!
//! Changes to the list alone are allowed beside a running sync; changes that move a course's data are not.

use std::path::PathBuf;
use std::sync::Arc;

use engine::courses;
use engine::folders::{self, FoundFolders};
use engine::store::course_list::ListedCourse;
use engine::store::path_text;
use engine::{ErrorCode, Result};
use model::FolderId;

use crate::error::IpcError;
use crate::pages::add::{AddReport, FolderHit, FolderHits, Refused, Removed};
use crate::pages::sidebar::CourseSummary;
use crate::state::blocking;
use crate::workspace::Workspace;

/// The most folders that are sent to the window.
const MOST_HITS: usize = 50;
/// How many folders' names are asked for at the same time.
const LOOKED_UP_AT_ONCE: usize = 4;
/// How many characters of a refused input are shown.
const SHOWN_INPUT: usize = 80;

impl Workspace {
    /// Folders whose names match.
    pub async fn search_folders(&self, query: &str) -> Result<FolderHits> {
        let client = self.connector.client(&self.settings()?).await?;
        Ok(hits(folders::search(&client, query, MOST_HITS).await?))
    }

    /// Folders in which the signed-in person may create videos.
    pub(crate) async fn my_folders(&self) -> Result<FolderHits> {
        let client = self.connector.client(&self.settings()?).await?;
        Ok(hits(folders::mine(&client, MOST_HITS).await?))
    }

    /// Adds folders by ID or link. If the server can be asked, it supplies their names and says whether they exist.
    pub(crate) async fn add_courses(self: &Arc<Self>, inputs: Vec<String>) -> Result<AddReport> {
        let settings = self.settings()?;
        let server = self.connector.server(&settings).ok();
        let client = self.connector.client(&settings).await.ok();
        let (server, client) = (server.as_ref(), client.as_ref());
        let (mut courses, mut refused) = (Vec::new(), Vec::new());
        for group in inputs.chunks(LOOKED_UP_AT_ONCE) {
            let answers = group.iter().map(|input| look_up(input, server, client));
            for (input, answer) in group.iter().zip(futures_util::future::join_all(answers).await) {
                match answer {
                    Ok(course) => courses.push(course),
                    Err(error) => refused.push(Refused {
                        input: input.trim().chars().take(SHOWN_INPUT).collect(),
                        error: IpcError::within_report(&error),
                    }),
                }
            }
        }
        let workspace = Arc::clone(self);
        blocking(move || {
            let added = workspace.change_quickly(|folder, lock| courses::add(folder, lock, courses))?;
            workspace.add_report(&added, refused)
        })
        .await
    }

    /// Adds the courses of a `courses.csv`.
    pub(crate) async fn import_courses(self: &Arc<Self>, file: PathBuf) -> Result<AddReport> {
        let workspace = Arc::clone(self);
        blocking(move || {
            let added = workspace.change_quickly(|folder, lock| courses::import(folder, lock, &file))?;
            workspace.add_report(&added, Vec::new())
        })
        .await
    }

    fn add_report(&self, added: &courses::Added, refused: Vec<Refused>) -> Result<AddReport> {
        let summaries = self.summaries()?;
        let of = |courses: &[ListedCourse]| {
            let ids: Vec<String> = courses.iter().map(|course| course.id.to_string()).collect();
            summaries.iter().filter(|summary| ids.contains(&summary.id)).cloned().collect::<Vec<CourseSummary>>()
        };
        Ok(AddReport { added: of(&added.added), already: of(&added.already_there), refused })
    }

    /// Takes a course off the list. Its data stays, or is set aside until the program exits.
    pub(crate) async fn remove_course(self: &Arc<Self>, course: FolderId, delete_data: bool) -> Result<Removed> {
        let workspace = Arc::clone(self);
        blocking(move || {
            let removed = if delete_data {
                let (folder, lock) = workspace.lock_folder()?;
                let promises = workspace.lifetime.promises();
                courses::remove_with_data(&folder, &lock, course, promises, workspace.clock.now())?
            } else {
                workspace.change_quickly(|folder, lock| courses::remove(folder, lock, course))?
            };
            let name = if removed.course.name.is_empty() { course.to_string() } else { removed.course.name.clone() };
            let text = match (delete_data, removed.stays()) {
                (false, _) => format!("{name} removed; its data stays in the data folder"),
                (true, []) => format!("{name} removed; its data is deleted when the program is closed"),
                (true, [linked, ..]) => format!(
                    "{name} removed; its data in “{}” stays, because that folder is only linked into the data folder",
                    path_text(linked)
                ),
            };
            Ok(Removed { undo: workspace.removals.add(removed), text })
        })
        .await
    }

    /// Undoes a removal.
    pub(crate) async fn undo_removal(self: &Arc<Self>, undo: String) -> Result<Vec<CourseSummary>> {
        let workspace = Arc::clone(self);
        blocking(move || {
            let removed = workspace.removals.get(&undo)?;
            let promises = workspace.lifetime.promises();
            if removed.trashed.is_some() {
                let (folder, lock) = workspace.lock_folder()?;
                courses::restore(&folder, &lock, promises, &removed)?;
            } else {
                workspace.change_quickly(|folder, lock| courses::restore(folder, lock, promises, &removed))?;
            }
            workspace.summaries()
        })
        .await
    }

    /// Rebuilds a missing or damaged course list from what is stored.
    pub(crate) async fn repair_courses(self: &Arc<Self>) -> Result<()> {
        let workspace = Arc::clone(self);
        blocking(move || workspace.change_quickly(|folder, lock| courses::repair(folder, lock).map(drop))).await
    }
}

fn hits(found: FoundFolders) -> FolderHits {
    let hit = |folder: folders::FoundFolder| FolderHit {
        id: folder.id.to_string(),
        name: folder.name,
        path: (!folder.path.is_empty()).then(|| folder.path.join(" › ")),
        level: u32::try_from(folder.level).unwrap_or(u32::MAX),
        has_below: folder.below > 0,
    };
    FolderHits { hits: found.folders.into_iter().map(hit).collect(), more: found.more }
}

/// The course that an input names. Without an answer from the server, the input is taken at its word.
async fn look_up(
    input: &str,
    server: Option<&engine::connection::Server>,
    client: Option<&engine::connection::Client>,
) -> Result<ListedCourse> {
    let id = folders::folder_to_add(input, server)?;
    let unnamed = || Ok(ListedCourse { id, name: String::new() });
    let Some(client) = client else { return unnamed() };
    match folders::look_up(client, id).await {
        Err(error) if !matches!(error.code(), ErrorCode::NotFound | ErrorCode::NoRights) => unnamed(),
        found => found,
    }
}
