//! Folders: details, children, search.

use crate::faults::Fault;
use crate::index::Look;
use crate::lies::DetailLie;
use crate::paging;
use crate::rest::{self, Caller, problem};
use crate::shared::Call;
use crate::wire::{Answer, Reply};
use crate::world::{Folder, World};
use serde_json::{Value, json};
use uuid::Uuid;

/// `folders/{id}`.
pub(crate) fn details(call: &Call<'_>) -> Answer {
    let asked = rest::path_id(call)?;
    let lie = call.detail_lie(asked);
    let id = match lie {
        Some(DetailLie::Gone) => return Err(problem::not_found("folder")),
        Some(DetailLie::Refused) => return Ok(Reply::empty(403)),
        Some(DetailLie::Another(other)) => other,
        Some(DetailLie::MovedTo(_)) | None => asked,
    };
    let mut content = call.state.content();
    let look = content.look();
    match look.folder(id) {
        None => Err(problem::not_found("folder")),
        Some(folder) if call.folder_is_refused(folder) => Ok(Reply::empty(403)),
        Some(folder) => {
            let mut value = folder_json(call, look, folder);
            if let Some(DetailLie::MovedTo(parent)) = lie {
                value["ParentFolder"] = basic(look, parent);
            }
            Ok(Reply::json(200, &value))
        }
    }
}

/// `folders/{id}/children`; the nil id stands for the top level.
pub(crate) fn children(call: &Call<'_>) -> Answer {
    let id = rest::path_id(call)?;
    if call.take_fault(&Fault::AddRowsWhilePaging) {
        add_first_folder(call, id);
    }
    if call.take_fault(&Fault::FolderCycle) {
        call.state.injector().cycles.push(id);
    }
    let cycle = call.state.injector().cycles.contains(&id);
    let mut content = call.state.content();
    if let Some(first) = first_child(call, content.look(), id) {
        if call.take_fault(&Fault::VanishFolder) {
            delete_tree(content.change(), first);
        } else {
            call.state.injector().hide(first);
        }
    }
    let look = content.look();
    let readable = id.is_nil() || call.lists_of_folder_are_shown(look, id);
    let mut found = Vec::new();
    if readable && !call.config.children_empty {
        found.extend(below(call, look, id));
        rest::shorten(call, found.iter().map(|folder| folder.id));
        found.retain(|folder| !call.is_left_out(folder.id));
        if cycle {
            found.extend(topmost(look, id));
        }
    }
    list(call, look, found)
}

/// `folders/search`.
pub(crate) fn search(call: &Call<'_>) -> Answer {
    let words = rest::search_words(call)?;
    let mut content = call.state.content();
    let look = content.look();
    let mut found: Vec<&Folder> = look
        .world
        .folders
        .iter()
        .filter(|folder| call.folder_is_listed(folder) && rest::matches(&folder.name, &words))
        .collect();
    found.sort_by_cached_key(|folder| folder.name.to_lowercase());
    list(call, look, found)
}

/// `folders/creator`: the folders that the user created.
pub(crate) fn creator(call: &Call<'_>, caller: &Caller) -> Answer {
    let mut content = call.state.content();
    let look = content.look();
    let mine =
        |folder: &&Folder| call.folder_is_listed(folder) && caller.user.is_some() && folder.creator == caller.user;
    let mut found: Vec<&Folder> = look.world.folders.iter().filter(mine).collect();
    found.sort_by_cached_key(|folder| folder.name.to_lowercase());
    list(call, look, found)
}

/// The subfolders that a list of `parent` shows, by name.
fn below<'a>(call: &Call<'_>, look: Look<'a>, parent: Uuid) -> Vec<&'a Folder> {
    look.children(Some(parent).filter(|id| !id.is_nil())).filter(|folder| call.folder_is_listed(folder)).collect()
}

fn first_child(call: &Call<'_>, look: Look<'_>, parent: Uuid) -> Option<Uuid> {
    below(call, look, parent).first().map(|folder| folder.id)
}

fn delete_tree(world: &mut World, root: Uuid) {
    let gone = world.folder_tree(root);
    world.folders.retain(|folder| !gone.contains(&folder.id));
    world.sessions.retain(|session| !gone.contains(&session.folder));
}

/// One page of folders that are already sorted by name. In the simulator, order of relevance is order of names.
fn list(call: &Call<'_>, look: Look<'_>, mut found: Vec<&Folder>) -> Answer {
    rest::sort_field(call, &["name", "relevance"])?;
    let page = rest::page_number(call)?;
    if rest::descending(call)? {
        found.reverse();
    }
    paging::lose_entry(call, &mut found, page);
    let rows = paging::rows(call, found.len(), page, paging::even(call.config.page_size_rest.max(1)));
    let results: Vec<Value> = rows.into_iter().map(|row| folder_json(call, look, found[row])).collect();
    Ok(Reply::json(200, &json!({ "Results": results })))
}

fn folder_json(call: &Call<'_>, look: Look<'_>, folder: &Folder) -> Value {
    let pages = format!("{}/Panopto/Pages", call.request.origin);
    let parent = folder.parent.map(|parent| basic(look, parent));
    json!({
        "Description": folder.description,
        "ParentFolder": parent,
        "Urls": {
            "FolderUrl": format!("{pages}/Sessions/List.aspx#folderID=%22{}%22", folder.id),
            "EmbedUrl": format!("{pages}/Sessions/List.aspx?embedded=1#folderID=%22{}%22", folder.id),
            "ShareSettingsUrl": format!("{pages}/Sessions/List.aspx#folderID=%22{}%22&isFolderInfoOpen=true", folder.id),
        },
        "Id": folder.id,
        "Name": folder.name,
    })
}

/// A folder's id and name.
pub(crate) fn basic(look: Look<'_>, id: Uuid) -> Value {
    json!({ "Id": id, "Name": look.folder(id).map(|folder| folder.name.as_str()) })
}

/// The topmost folder of the branch that contains `id`.
fn topmost(look: Look<'_>, id: Uuid) -> Option<&Folder> {
    let mut top = look.folder(id)?;
    for _ in 0..look.world.folders.len() {
        let Some(parent) = top.parent.and_then(|parent| look.folder(parent)) else { break };
        top = parent;
    }
    Some(top)
}

fn add_first_folder(call: &Call<'_>, parent: Uuid) {
    let mut content = call.state.content();
    let number = content.world.folders.len();
    let id = Uuid::new_v5(&parent, format!("added folder {number}").as_bytes());
    let parent = Some(parent).filter(|parent| !parent.is_nil());
    content.change().folders.push(Folder::new(id, format!("!added while paging {number}"), parent));
}
