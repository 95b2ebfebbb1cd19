//! `SessionManagement.svc`: many folders or sessions in one call.
//!
//! Members in the order of the schema of 4.6 and of recorded replies, with their two kinds of nothing. Whatever is hidden from
//! the lists, or left out of them, is so here as well. Deliberately absent: lists, searches, and every operation that changes
//! something.

use crate::config::{DeadCookie, ManyAtOnce};
use crate::index::Look;
use crate::log::SoapCall;
use crate::quota::limited;
use crate::shared::Call;
use crate::soap::auth::{Who, who};
use crate::soap::envelope::Element;
use crate::soap::{ARRAYS, OPERATIONS, close, fault, guids, is_operation, members, open, push_or_nil, push_text};
use crate::text::{push_double, push_time};
use crate::wire::{Answer, Reply};
use crate::world::{Folder, Session};
use std::fmt::Write as _;
use uuid::Uuid;

/// Namespace of folders.
const FOLDER_TYPES: &str = "http://schemas.datacontract.org/2004/07/Panopto.Server.Services.PublicAPI.V46.Soap";
/// Namespace of sessions.
const SESSION_TYPES: &str = "http://schemas.datacontract.org/2004/07/Panopto.Server.Services.PublicAPI.V42.Soap";
/// More ids in one call failed on a real site.
const MOST_IDS: usize = 53;
/// The planned length of a session that is not recorded yet, which SOAP gives and REST does not.
const PLANNED_SECS: f64 = 2100.0;

/// `GetFoldersById(auth, folderIds)`.
pub(crate) fn get_folders(call: &Call<'_>, body: &Element) -> Answer {
    answer(call, body, "GetFoldersById", "folderIds", FOLDER_TYPES, |look, id, xml| {
        match look.folder(id).filter(|folder| !call.folder_is_refused(folder)) {
            Some(folder) => {
                push_folder(call, look, folder, xml);
                None
            }
            None => Some(format!("Folder {id} was not found")),
        }
    })
}

/// `GetSessionsById(auth, sessionIds)`.
pub(crate) fn get_sessions(call: &Call<'_>, body: &Element) -> Answer {
    answer(call, body, "GetSessionsById", "sessionIds", SESSION_TYPES, |look, id, xml| {
        let found = look.session(id).and_then(|session| Some((session, look.folder(session.folder)?)));
        match found.filter(|(_, folder)| !call.folder_is_refused(folder)) {
            Some((session, folder)) => {
                push_session(call, session, folder, xml);
                None
            }
            None => Some(format!("Session {id} was not found")),
        }
    })
}

/// Answers with an entry for each id. `push` writes one, or says why the whole call fails.
fn answer(
    call: &Call<'_>,
    body: &Element,
    operation: &str,
    member: &str,
    types: &str,
    push: impl Fn(Look<'_>, Uuid, &mut String) -> Option<String>,
) -> Answer {
    if call.config.many_at_once == ManyAtOnce::Unknown {
        return Ok(Reply::empty(404));
    }
    if !is_operation(body, operation) {
        return Ok(fault(&format!("Value cannot be null. Parameter name: {member}")));
    }
    let [auth, ids] = members(call, body, OPERATIONS, ["auth", member]);
    let caller = who(call, auth);
    let client = match caller {
        Who::User(user) => user.to_string(),
        Who::Nobody | Who::DeadCookie(_) | Who::Wrong => call.request.peer.to_string(),
    };
    call.note(|entry| {
        entry.authenticated = matches!(caller, Who::User(_));
        entry.soap = Some(SoapCall { operation: operation.to_owned(), ..SoapCall::default() });
    });
    if let Some(reply) = limited(call, call.config.soap_limit, operation, &client) {
        return Ok(reply);
    }
    let asked = ids.map(|ids| guids(call, ids, member)).transpose()?.unwrap_or_default();
    let attributes = format!(r#" xmlns:a="{types}" xmlns:i="http://www.w3.org/2001/XMLSchema-instance""#);
    let mut xml = open(operation, &attributes);
    let is_told = match caller {
        Who::User(_) => call.config.many_at_once != ManyAtOnce::Empty,
        Who::Wrong => return Ok(fault("Unable to authenticate the user.")),
        Who::DeadCookie(DeadCookie::Fault) => return Ok(fault("System error.")),
        Who::DeadCookie(DeadCookie::Redirect) => {
            return Ok(Reply::redirect("/Panopto/Pages/Auth/Login.aspx?ReturnUrl=%2fPanopto%2fPublicAPI"));
        }
        // A list without any sign-in was answered, and was empty.
        Who::Nobody | Who::DeadCookie(DeadCookie::Empty) => false,
    };
    if call.config.many_at_once == ManyAtOnce::Refuses {
        return Ok(fault("Access denied: the user may not read folders."));
    }
    if call.config.many_at_once == ManyAtOnce::Fails || asked.len() > MOST_IDS {
        return Ok(fault("System error."));
    }
    if is_told {
        let mut content = call.state.content();
        let look = content.look();
        for id in asked {
            if let Some(why) = push(look, id, &mut xml) {
                return Ok(fault(&why));
            }
        }
    }
    close(&mut xml, operation);
    Ok(Reply::xml(200, xml))
}

fn push_folder(call: &Call<'_>, look: Look<'_>, folder: &Folder, xml: &mut String) {
    let many = call.config.many_at_once;
    let are_shown = call.lists_of_folder_are_shown(look, folder.id);
    let pages = format!("{}/Panopto/Pages/Sessions/List.aspx", call.request.origin);
    xml.push_str(
        "<a:Folder><a:AllowPublicNotes>true</a:AllowPublicNotes><a:AllowSessionDownload>false</a:AllowSessionDownload>",
    );
    push_or_nil(xml, "AudioPodcastITunesUrl", "");
    push_or_nil(xml, "AudioRssUrl", "");
    if many != ManyAtOnce::SaysNothing {
        let below = look.children(Some(folder.id)).filter(|below| are_shown && call.folder_is_listed(below));
        let is_told = many != ManyAtOnce::LeavesOutFolders;
        push_guids(xml, "ChildFolders", below.map(|below| below.id).filter(|_| is_told));
    }
    xml.push_str("<a:DeliveriesHaveSpecifiedOrder>false</a:DeliveriesHaveSpecifiedOrder>");
    push_or_nil(xml, "Description", folder.description.as_deref().unwrap_or_default());
    xml.push_str("<a:EnablePodcast>true</a:EnablePodcast>");
    push_or_nil(xml, "ExternalId", "");
    let _ = write!(xml, "<a:Id>{}</a:Id><a:IsPublic>false</a:IsPublic>", folder.id);
    push_text(xml, "ListUrl", &format!("{pages}?folderID={}", folder.id));
    push_text(xml, "Name", &folder.name);
    push_or_nil(xml, "ParentFolder", &folder.parent.map(|parent| parent.to_string()).unwrap_or_default());
    let _ = write!(xml, r#"<a:Presenters xmlns:b="{ARRAYS}"><b:string/></a:Presenters>"#);
    if many != ManyAtOnce::SaysNothing {
        let within = look.sessions_of(folder.id).filter(|session| are_shown && !call.is_left_out(session.id));
        let is_told = many != ManyAtOnce::LeavesOutSessions;
        push_guids(xml, "Sessions", within.map(|session| session.id).filter(|_| is_told));
    }
    push_text(xml, "SettingsUrl", &format!("{pages}?modalPage=FolderSettings&folderID={}", folder.id));
    push_or_nil(xml, "VideoPodcastITunesUrl", "");
    push_or_nil(xml, "VideoRssUrl", "");
    xml.push_str("</a:Folder>");
}

fn push_session(call: &Call<'_>, session: &Session, folder: &Folder, xml: &mut String) {
    let pages = format!("{}/Panopto/Pages", call.request.origin);
    let creator = session.creator.unwrap_or_default();
    let _ = write!(xml, "<a:Session><a:CreatorId>{creator}</a:CreatorId>");
    push_or_nil(xml, "Description", session.description.as_deref().unwrap_or_default());
    xml.push_str("<a:Duration>");
    push_double(xml, session.duration.unwrap_or(PLANNED_SECS));
    xml.push_str("</a:Duration>");
    push_text(xml, "EditorUrl", &format!("{pages}/Editor/Default.aspx#{}", session.id));
    push_or_nil(xml, "ExternalId", "");
    let _ = write!(xml, "<a:FolderId>{}</a:FolderId>", folder.id);
    push_text(xml, "FolderName", &folder.name);
    let _ = write!(xml, "<a:Id>{}</a:Id><a:IosVideoUrl/><a:IsBroadcast>false</a:IsBroadcast>", session.id);
    xml.push_str("<a:IsDownloadable>false</a:IsDownloadable><a:MP3Url/><a:MP4Url/>");
    push_text(xml, "Name", &session.name);
    push_text(xml, "NotesURL", &format!("{pages}/Viewer.aspx?id={}&notes=true", session.id));
    push_text(xml, "OutputsPageUrl", &format!("{pages}/Sessions/List.aspx?id={}", session.id));
    let _ = write!(xml, r#"<a:RemoteRecorderIds xmlns:b="{ARRAYS}"/>"#);
    push_text(xml, "SharePageUrl", &format!("{pages}/Sessions/List.aspx?id={}&modalPage=SessionShare", session.id));
    match session.start_time {
        Some(time) => {
            xml.push_str("<a:StartTime>");
            push_time(xml, time);
            xml.push_str("</a:StartTime>");
        }
        None => push_or_nil(xml, "StartTime", ""),
    }
    let (state, message) =
        if session.duration.is_some() { ("Complete", "") } else { ("Scheduled", "Scheduled recording") };
    push_text(xml, "State", state);
    push_or_nil(xml, "StatusMessage", message);
    push_text(xml, "ThumbUrl", "/Panopto/Cache/Images/no_thumbnail.png");
    push_text(xml, "ViewerUrl", &format!("{pages}/Viewer.aspx?id={}", session.id));
    xml.push_str("</a:Session>");
}

fn push_guids(xml: &mut String, member: &str, ids: impl Iterator<Item = Uuid>) {
    let mut entries = String::new();
    for id in ids {
        let _ = write!(entries, "<b:guid>{id}</b:guid>");
    }
    if entries.is_empty() {
        let _ = write!(xml, r#"<a:{member} xmlns:b="{ARRAYS}"/>"#);
    } else {
        let _ = write!(xml, r#"<a:{member} xmlns:b="{ARRAYS}">{entries}</a:{member}>"#);
    }
}
