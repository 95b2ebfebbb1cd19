//! Reads folders and sessions from the JSON of REST replies.
//!
//! Deliberately absent: everything that the program neither shows nor stores. Unknown members are ignored.

use std::fmt;

use model::{FolderId, SessionId, UserId};
use serde::Deserialize;
use serde::de::{Deserializer, Visitor};

use crate::unreadable::{Unreadable, clean, moment};
use crate::{Folder, Session, SessionViewer};

#[derive(Deserialize)]
#[serde(bound = "T: Deserialize<'de>")]
struct Listing<T> {
    /// `null` is an empty list. If the member is missing, this is not a list at all.
    #[serde(rename = "Results", deserialize_with = "Option::deserialize")]
    results: Option<Vec<Option<T>>>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct FolderJson {
    id: Option<String>,
    name: Option<Text>,
    parent_folder: Option<ReferenceJson>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct ReferenceJson {
    id: Option<String>,
    name: Option<Text>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct SessionJson {
    id: Option<String>,
    name: Option<Text>,
    description: Option<Text>,
    duration: Option<f64>,
    start_time: Option<String>,
    folder: Option<String>,
    folder_details: Option<ReferenceJson>,
}

impl SessionJson {
    fn folder_text(&self) -> Option<String> {
        self.folder.clone().or_else(|| self.folder_details.as_ref()?.id.clone())
    }
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct ViewerJson {
    user: Option<UserJson>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct UserJson {
    id: Option<String>,
    username: Option<Text>,
}

/// Text that a person wrote. Half a surrogate pair, or bytes that are not UTF-8, become `�`: one bad name must not cost
/// the whole list.
#[derive(Default)]
struct Text(String);

impl<'de> Deserialize<'de> for Text {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Bytes;

        impl Visitor<'_> for Bytes {
            type Value = Text;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a string")
            }

            fn visit_bytes<E>(self, bytes: &[u8]) -> Result<Text, E> {
                Ok(Text(String::from_utf8_lossy(bytes).into_owned()))
            }
        }

        deserializer.deserialize_bytes(Bytes)
    }
}

/// Reads one folder.
pub fn folder(body: &[u8]) -> Result<Folder, Unreadable> {
    to_folder(parse(body)?)
}

/// Reads one page of a list of folders.
pub fn folder_page(body: &[u8]) -> Result<Vec<Folder>, Unreadable> {
    parse::<Listing<_>>(body)?.results.unwrap_or_default().into_iter().flatten().map(to_folder).collect()
}

/// Reads one page of the videos in a folder.
pub fn session_page(body: &[u8], folder: FolderId) -> Result<Vec<Session>, Unreadable> {
    let results = parse::<Listing<_>>(body)?.results.unwrap_or_default();
    results.into_iter().flatten().map(|session| to_session(session, folder)).collect()
}

/// Reads one page of those who watched a video. Entries without a user say nothing and are left out.
pub fn viewer_page(body: &[u8]) -> Result<Vec<SessionViewer>, Unreadable> {
    let results = parse::<Listing<ViewerJson>>(body)?.results.unwrap_or_default();
    let users = results.into_iter().flatten().filter_map(|viewer| viewer.user);
    users
        .map(|user| {
            let id = id("User.Id", user.id, UserId::parse)?;
            Ok(SessionViewer { id, user_key: user.username.map(|name| name.0).unwrap_or_default() })
        })
        .collect()
}

/// Reads the video that was requested by its ID.
pub fn session(body: &[u8], asked: SessionId) -> Result<Session, Unreadable> {
    let json: SessionJson = parse(body)?;
    let Some(folder) = json.folder_text() else { return Err(Unreadable::new("`Folder` is missing")) };
    let folder = id("Folder", Some(folder), FolderId::parse)?;
    let session = to_session(json, folder)?;
    if session.id == asked { Ok(session) } else { Err(Unreadable::new("it is about another video")) }
}

/// Whether the body of a 404 is Panopto's own statement that there is no such folder or video. A proxy, a server under
/// maintenance and an unknown path also answer 404, which says nothing about the folder or video.
pub fn says_not_found(body: &[u8]) -> bool {
    let Ok(json) = serde_json::from_slice::<serde_json::Value>(body) else { return false };
    let of_route = json.get("Message").and_then(serde_json::Value::as_str);
    json.get("Error").is_some_and(serde_json::Value::is_object)
        || of_route.is_some_and(|text| !text.starts_with("No HTTP resource was found"))
}

/// What the body of a refusal says: `Error.Message`, otherwise `Message`, otherwise nothing (a web page, an empty
/// body).
pub fn error_text(body: &[u8]) -> String {
    let Ok(json) = serde_json::from_slice::<serde_json::Value>(body) else { return String::new() };
    let text = json.pointer("/Error/Message").or_else(|| json.get("Message")).and_then(serde_json::Value::as_str);
    text.map(clean).unwrap_or_default()
}

/// Reads JSON. Web pages and cut-off replies are errors of their own kinds.
pub(crate) fn parse<'a, T: Deserialize<'a>>(body: &'a [u8]) -> Result<T, Unreadable> {
    let body = body.strip_prefix(b"\xef\xbb\xbf").unwrap_or(body);
    serde_json::from_slice(body).map_err(|error| {
        let start = String::from_utf8_lossy(&body[..body.len().min(1000)]);
        if Unreadable::looks_like_html(&start) {
            Unreadable::html()
        } else if error.is_eof() {
            Unreadable::cut_off("its JSON ends in the middle")
        } else if error.is_data() {
            Unreadable::new(&format!("its JSON has another form: {error}"))
        } else {
            Unreadable::new("it is not JSON")
        }
    })
}

fn to_folder(json: FolderJson) -> Result<Folder, Unreadable> {
    let id = id("Id", json.id, FolderId::parse)?;
    let (parent, parent_name) = json.parent_folder.map_or((None, None), |above| (above.id, above.name));
    let parent = parent.map(|text| self::id("ParentFolder.Id", Some(text), FolderId::parse));
    let parent = parent.transpose()?.filter(|parent| *parent != FolderId::NIL);
    let parent_name = parent_name.map(|name| name.0).filter(|name| parent.is_some() && !name.is_empty());
    Ok(Folder { id, name: json.name.unwrap_or_default().0, parent, parent_name })
}

fn to_session(json: SessionJson, listed_in: FolderId) -> Result<Session, Unreadable> {
    let folder = json.folder_text();
    let details = json.folder_details;
    Ok(Session {
        id: id("Id", json.id, SessionId::parse)?,
        name: json.name.unwrap_or_default().0,
        description: json.description.map(|text| text.0),
        duration_secs: json.duration.filter(|secs| secs.is_finite() && *secs >= 0.0),
        folder_id: folder.map_or(Ok(listed_in), |text| id("Folder", Some(text), FolderId::parse))?,
        folder_name: details.and_then(|details| details.name).map(|text| text.0),
        start_time: json.start_time.as_deref().and_then(moment),
    })
}

fn id<T, E>(member: &str, text: Option<String>, parse: impl FnOnce(&str) -> Result<T, E>) -> Result<T, Unreadable> {
    let text = text.ok_or_else(|| Unreadable::new(&format!("`{member}` is missing")))?;
    parse(&text).map_err(|_| Unreadable::new(&format!("`{member}` is `{}`, which is no ID", clean(&text))))
}
