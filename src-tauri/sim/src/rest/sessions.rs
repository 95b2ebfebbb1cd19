//! Sessions: lists, search, details.

use crate::captions;
use crate::faults::Fault;
use crate::index::Look;
use crate::lies::DetailLie;
use crate::paging;
use crate::rest::{self, Caller, folders, problem, users};
use crate::shared::Call;
use crate::text::time_text;
use crate::wire::{Answer, Reply};
use crate::world::{Folder, Session, World};
use serde_json::{Value, json};
use uuid::Uuid;

/// How much a reply says about a session.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Detail {
    /// Without the creator and most addresses.
    Listed,
    /// As in a list, with the context added.
    Found,
    Full,
}

/// `folders/{id}/sessions`.
pub(crate) fn in_folder(call: &Call<'_>, caller: &Caller) -> Answer {
    let id = rest::path_id(call)?;
    if call.state.by_chance(call.config.folder_sessions_500) {
        return Ok(Reply::empty(500));
    }
    if call.take_fault(&Fault::AddRowsWhilePaging) {
        add_first_session(call, id);
    }
    let mut content = call.state.content();
    let (reply, first) = {
        let look = content.look();
        let readable = call.lists_of_folder_are_shown(look, id);
        let mut found: Vec<&Session> = if readable { look.sessions_of(id).collect() } else { Vec::new() };
        found.retain(|session| !call.is_left_out(session.id));
        rest::shorten(call, found.iter().map(|session| session.id));
        found.retain(|session| !call.is_left_out(session.id));
        list(call, look, found, caller, Detail::Listed)?
    };
    if let Some(session) = first {
        if call.take_fault(&Fault::VanishSession) {
            content.change().sessions.retain(|other| other.id != session);
        } else if call.take_fault(&Fault::MoveSession) {
            move_away(content.change(), session);
        }
    }
    Ok(reply)
}

/// `sessions/search`; with `below`, `folders/{id}/sessions/search`.
pub(crate) fn search(call: &Call<'_>, caller: &Caller, below: bool) -> Answer {
    let words = rest::search_words(call)?;
    let folder = if below { Some(rest::path_id(call)?) } else { None };
    let mut content = call.state.content();
    let look = content.look();
    let mut found: Vec<&Session> = look
        .world
        .sessions
        .iter()
        .filter(|session| folder.is_none_or(|folder| session.folder == folder))
        .filter(|session| call.lists_of_folder_are_shown(look, session.folder) && !call.is_left_out(session.id))
        .filter(|session| rest::matches(&session.name, &words))
        .collect();
    found.sort_by_cached_key(|session| session.name.to_lowercase());
    Ok(list(call, look, found, caller, Detail::Found)?.0)
}

/// `sessions/{id}`.
pub(crate) fn details(call: &Call<'_>, caller: &Caller) -> Answer {
    let asked = rest::path_id(call)?;
    let lie = call.detail_lie(asked);
    let id = match lie {
        Some(DetailLie::Gone) => return Err(problem::not_found("session")),
        Some(DetailLie::Refused) => return Ok(Reply::empty(403)),
        Some(DetailLie::Another(other)) => other,
        Some(DetailLie::MovedTo(_)) | None => asked,
    };
    let mut content = call.state.content();
    let look = content.look();
    let refused = |session: &Session| look.folder(session.folder).is_some_and(|folder| call.folder_is_refused(folder));
    match look.session(id) {
        None => Err(problem::not_found("session")),
        Some(session) if refused(session) => Ok(Reply::empty(403)),
        Some(session) => {
            let mut told = session.clone();
            if let Some(DetailLie::MovedTo(folder)) = lie {
                told.folder = folder;
            }
            Ok(Reply::json(200, &session_json(call, look, &told, caller, Detail::Full)))
        }
    }
}

/// One page of sessions that are already sorted by name, and the id of the first session on it.
fn list(
    call: &Call<'_>,
    look: Look<'_>,
    mut found: Vec<&Session>,
    caller: &Caller,
    detail: Detail,
) -> Result<(Reply, Option<Uuid>), Box<Reply>> {
    let page = rest::page_number(call)?;
    if rest::sort_field(call, &["name", "createddate", "relevance"])? == "createddate" {
        found.sort_by_key(|session| session.start_time);
    }
    if rest::descending(call)? {
        found.reverse();
    }
    paging::lose_entry(call, &mut found, page);
    let rows = paging::rows(call, found.len(), page, paging::even(call.config.page_size_rest.max(1)));
    let first = rows.first().map(|&row| found[row].id);
    let results: Vec<Value> =
        rows.into_iter().map(|row| session_json(call, look, found[row], caller, detail)).collect();
    Ok((Reply::json(200, &json!({ "Results": results })), first))
}

fn session_json(call: &Call<'_>, look: Look<'_>, session: &Session, caller: &Caller, detail: Detail) -> Value {
    let pages = format!("{}/Panopto/Pages", call.request.origin);
    let id = session.id;
    let full = detail == Detail::Full;
    let address = |page: &str| format!("{pages}/{page}{id}");
    let detailed = |page: &str| full.then(|| address(page));
    let progress =
        caller.user.filter(|user| look.is_viewer(*user)).and_then(|user| users::progress(look, session, user));
    let creator = session.creator.filter(|_| full);
    let mut value = json!({
        "Description": session.description,
        "StartTime": session.start_time.map(time_text),
        "Duration": session.duration,
        "MostRecentViewPosition": progress.map(|progress| progress.position),
        "CreatedBy": {
            "Id": creator.unwrap_or_default(),
            "Username": creator.and_then(|user| look.user(user)).map(|user| user.username.as_str()),
        },
        "Urls": {
            "ViewerUrl": address("Viewer.aspx?id="),
            "EmbedUrl": detailed("Embed.aspx?id="),
            "ShareSettingsUrl": detailed("Sessions/List.aspx?share="),
            "DownloadUrl": detailed("Podcast/Download.ashx?id="),
            "AudioDescriptionDownloadUrl": null,
            "CaptionDownloadUrl": full.then(|| captions::address(call, look, id)).flatten(),
            "EditorUrl": detailed("Editor.aspx?id="),
            "ThumbnailUrl": address("Thumbnail.ashx?id="),
        },
        "Folder": session.folder,
        "FolderDetails": folders::basic(look, session.folder),
        "PercentCompleted": progress.map(|progress| progress.percent.floor() as i64),
        "Id": id,
        "Name": session.name,
    });
    if detail == Detail::Found {
        value["Context"] = json!([]);
    }
    value
}

/// Moves a session into a top-level folder outside every course.
fn move_away(world: &mut World, session: Uuid) {
    let elsewhere = Uuid::new_v5(&Uuid::NAMESPACE_OID, b"elsewhere");
    if world.folder(elsewhere).is_none() {
        world.folders.push(Folder::new(elsewhere, "Elsewhere", None));
    }
    if let Some(moved) = world.sessions.iter_mut().find(|other| other.id == session) {
        moved.folder = elsewhere;
    }
}

fn add_first_session(call: &Call<'_>, folder: Uuid) {
    let mut content = call.state.content();
    let number = content.world.sessions.len();
    let id = Uuid::new_v5(&folder, format!("added session {number}").as_bytes());
    let start_time = Some(call.now);
    let session = Session { start_time, ..Session::new(id, folder, format!("!added while paging {number}"), 600.0) };
    content.change().sessions.push(session);
}
