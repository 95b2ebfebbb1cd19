//! `SessionManagement.GetFoldersById` and `GetSessionsById`: what is in many folders, and many videos, in one call each.
//!
//! The members are those of the schema of 4.6 and of recorded replies (`docs/panopto-protocol.md`, many at once).
//!
//! Invariant: no answer about a folder or video that was not asked for is taken over, and a folder whose reply does not say what
//! is in it is an error, not an empty folder.

use model::{FolderId, SessionId};

use super::by_ids::{CallByIds, answer_by_ids, request_by_ids};
use super::envelope::Reply;
use super::xml::Document;
use crate::connection::Connection;
use crate::unreadable::{Unreadable, clean, moment};
use crate::{FolderParts, ManyAnswer, PasswordSignIn, Result, Session, SessionState};

const PATH: &str = "/Panopto/PublicAPI/4.6/SessionManagement.svc";
const FOLDERS: &str = "GetFoldersById";
const FOLDERS_CALL: CallByIds = CallByIds {
    path: PATH,
    action: "\"http://tempuri.org/ISessionManagement/GetFoldersById\"",
    call: "SessionManagement.GetFoldersById",
};
const SESSIONS: &str = "GetSessionsById";
const SESSIONS_CALL: CallByIds = CallByIds {
    path: PATH,
    action: "\"http://tempuri.org/ISessionManagement/GetSessionsById\"",
    call: "SessionManagement.GetSessionsById",
};
/// The `State` of a video that can be watched.
const COMPLETE: &str = "Complete";

impl Connection {
    /// Asks what is in these folders.
    pub(crate) async fn folders_by_id(&self, ids: &[FolderId]) -> Result<ManyAnswer<FolderParts>> {
        self.by_ids(FOLDERS_CALL, |auth| folders_request(ids, auth), |body| folders_answer(body, ids)).await
    }

    /// Asks for these videos.
    pub(crate) async fn sessions_by_id(&self, ids: &[SessionId]) -> Result<ManyAnswer<SessionState>> {
        self.by_ids(SESSIONS_CALL, |auth| sessions_request(ids, auth), |body| sessions_answer(body, ids)).await
    }
}

/// The request. With `auth` it holds the password: never log it.
pub fn folders_request(ids: &[FolderId], auth: Option<&PasswordSignIn>) -> String {
    request_by_ids(FOLDERS, "folderIds", ids, auth)
}

/// The request. With `auth` it holds the password: never log it.
pub fn sessions_request(ids: &[SessionId], auth: Option<&PasswordSignIn>) -> String {
    request_by_ids(SESSIONS, "sessionIds", ids, auth)
}

/// Reads the answer about the folders `asked` for.
pub fn folders_answer(body: &[u8], asked: &[FolderId]) -> Result<Reply<Vec<FolderParts>>, Unreadable> {
    answer_by_ids(body, FOLDERS, "Folder", |document| {
        Ok(read_folder(document)?.filter(|folder| asked.contains(&folder.id)))
    })
}

/// Reads the answer about the videos `asked` for.
pub fn sessions_answer(body: &[u8], asked: &[SessionId]) -> Result<Reply<Vec<SessionState>>, Unreadable> {
    answer_by_ids(body, SESSIONS, "Session", |document| {
        Ok(read_session(document)?.filter(|told| asked.contains(&told.session.id)))
    })
}

/// Reads one folder; `None` for an entry without an ID.
fn read_folder(document: &mut Document<'_>) -> Result<Option<FolderParts>, Unreadable> {
    let (mut id, mut name, mut subfolders, mut sessions) = (None, String::new(), None, None);
    while let Some(part) = document.child()? {
        match part.name() {
            "Id" => id = read_id(document.value(&part)?.as_deref(), "Id", FolderId::parse)?,
            "Name" => name = document.value(&part)?.unwrap_or_default().into_owned(),
            "ChildFolders" => subfolders = Some(read_ids(document, "ChildFolders", FolderId::parse)?),
            "Sessions" => sessions = Some(read_ids(document, "Sessions", SessionId::parse)?),
            _ => document.skip()?,
        }
    }
    let Some(id) = id.filter(|id| *id != FolderId::NIL) else { return Ok(None) };
    match (subfolders, sessions) {
        (Some(subfolders), Some(sessions)) => Ok(Some(FolderParts { id, name, subfolders, sessions })),
        _ => Err(Unreadable::new("a `Folder` does not say what is in it")),
    }
}

/// Reads one video; `None` for an entry without an ID.
fn read_session(document: &mut Document<'_>) -> Result<Option<SessionState>, Unreadable> {
    let (mut id, mut folder_id, mut folder_name, mut name) = (None, None, None, String::new());
    let (mut description, mut duration_secs, mut start_time, mut is_complete) = (None, None, None, false);
    while let Some(part) = document.child()? {
        let text = match part.name() {
            "Id" | "FolderId" | "FolderName" | "Name" | "Description" | "Duration" | "StartTime" | "State" => {
                document.value(&part)?
            }
            _ => {
                document.skip()?;
                continue;
            }
        };
        match (part.name(), text) {
            ("Id", text) => id = read_id(text.as_deref(), "Id", SessionId::parse)?,
            ("FolderId", text) => folder_id = read_id(text.as_deref(), "FolderId", FolderId::parse)?,
            ("FolderName", text) => folder_name = text.map(std::borrow::Cow::into_owned),
            ("Name", text) => name = text.unwrap_or_default().into_owned(),
            ("Description", text) => description = text.map(std::borrow::Cow::into_owned),
            ("Duration", Some(text)) => {
                let secs: f64 = text.trim().parse().map_err(|_| bad("Duration", &text))?;
                duration_secs = Some(secs).filter(|secs| secs.is_finite() && *secs >= 0.0);
            }
            ("StartTime", Some(text)) => start_time = moment(&text),
            ("State", Some(text)) => is_complete = text.trim() == COMPLETE,
            _ => {}
        }
    }
    let Some(id) = id.filter(|id| *id != SessionId::NIL) else { return Ok(None) };
    let folder_id = folder_id.ok_or_else(|| Unreadable::new("a `Session` does not say in which folder it is"))?;
    let session = Session { id, name, description, duration_secs, folder_id, folder_name, start_time };
    Ok(Some(SessionState { session, is_complete }))
}

/// Reads a list of IDs; nil is an empty one.
fn read_ids<T, E>(
    document: &mut Document<'_>,
    member: &str,
    parse: impl Fn(&str) -> Result<T, E>,
) -> Result<Vec<T>, Unreadable> {
    let mut ids = Vec::new();
    while let Some(entry) = document.child()? {
        let text = document.value(&entry)?;
        ids.extend(read_id(text.as_deref(), member, &parse)?);
    }
    Ok(ids)
}

fn read_id<T, E>(
    text: Option<&str>,
    member: &str,
    parse: impl Fn(&str) -> Result<T, E>,
) -> Result<Option<T>, Unreadable> {
    text.map(|text| parse(text.trim()).map_err(|_| bad(member, text))).transpose()
}

fn bad(member: &str, text: &str) -> Unreadable {
    Unreadable::new(&format!("`{member}` is `{}`", clean(text)))
}
