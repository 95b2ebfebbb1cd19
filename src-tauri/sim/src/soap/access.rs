//! `AccessManagement.svc`: who may do what in a folder.
//!
//! Members in the order of a recorded reply. Whoever created a folder may add recordings to it; nobody else is known to.
//! Deliberately absent: groups, viewers, and every operation but `GetFolderAccessDetails`.

use std::fmt::Write as _;

use uuid::Uuid;

use crate::config::GetUsers;
use crate::log::SoapCall;
use crate::quota::limited;
use crate::shared::Call;
use crate::soap::auth::{Who, who};
use crate::soap::envelope::Element;
use crate::soap::{ARRAYS, OPERATIONS, TYPES, fault, is_operation, members, open, unreadable};
use crate::wire::{Answer, Reply};

const NAME: &str = "GetFolderAccessDetails";

/// `GetFolderAccessDetails(auth, folderId)`. Whoever may not read users may not read this.
pub(crate) fn folder_access(call: &Call<'_>, body: &Element) -> Answer {
    if !is_operation(body, NAME) {
        return Ok(fault("Value cannot be null. Parameter name: folderId"));
    }
    let [auth, folder] = members(call, body, OPERATIONS, ["auth", "folderId"]);
    let caller = who(call, auth);
    let client = match caller {
        Who::User(user) => user.to_string(),
        Who::Nobody | Who::DeadCookie(_) | Who::Wrong => call.request.peer.to_string(),
    };
    call.note(|entry| {
        entry.authenticated = matches!(caller, Who::User(_));
        entry.soap = Some(SoapCall { operation: NAME.to_owned(), ..SoapCall::default() });
    });
    if let Some(reply) = limited(call, call.config.soap_limit, NAME, &client) {
        return Ok(reply);
    }
    let id = Uuid::try_parse(folder.map_or("", |folder| folder.text.trim()))
        .map_err(|_| unreadable("folderId", "Guid should contain 32 digits with 4 dashes."))?;
    let Who::User(_) = caller else { return Ok(fault("Unable to authenticate the user.")) };
    match call.config.get_users {
        GetUsers::Refuses => return Ok(fault("Access denied: the user may not read the folder's access.")),
        GetUsers::KnowsNobody => return Ok(fault("Unable to authenticate the user.")),
        GetUsers::TellsNoAddresses | GetUsers::Tells | GetUsers::SpoiledByOne(_) => {}
    }
    let mut content = call.state.content();
    let look = content.look();
    let Some(folder) = look.folder(id).filter(|folder| !call.folder_is_refused(folder)) else {
        return Ok(fault(&format!("Folder {id} was not found")));
    };
    let attributes = format!(r#" xmlns:a="{TYPES}" xmlns:i="http://www.w3.org/2001/XMLSchema-instance""#);
    let mut xml = open(NAME, &attributes);
    let _ = write!(xml, "<a:FolderId>{id}</a:FolderId>");
    for empty in ["GroupsWithCreatorAccess", "GroupsWithPublisherAccess", "GroupsWithViewerAccess"] {
        let _ = write!(xml, r#"<a:{empty} xmlns:b="{ARRAYS}"/>"#);
    }
    let creators = folder.creator.map_or_else(String::new, |user| format!("<b:guid>{user}</b:guid>"));
    let _ = write!(
        xml,
        r#"<a:IsPublic>false</a:IsPublic><a:UsersWithCreatorAccess xmlns:b="{ARRAYS}">{creators}</a:UsersWithCreatorAccess><a:UsersWithPublisherAccess xmlns:b="{ARRAYS}"/><a:UsersWithViewerAccess xmlns:b="{ARRAYS}"/>"#
    );
    crate::soap::close(&mut xml, NAME);
    Ok(Reply::xml(200, xml))
}
