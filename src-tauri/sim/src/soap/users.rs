//! `UserManagement.svc`: who accounts belong to.
//!
//! Members in the order and with the empty values of a recorded reply. Deliberately absent: every operation but `GetUsers`,
//! and a description of the service.

use crate::config::GetUsers;
use crate::log::SoapCall;
use crate::quota::limited;
use crate::shared::Call;
use crate::soap::auth::{Who, who};
use crate::soap::envelope::Element;
use crate::soap::{ARRAYS, OPERATIONS, TYPES, close, fault, guids, is_operation, members, open, push_or_nil};
use crate::text::push_escaped;
use crate::wire::{Answer, Reply};
use crate::world::User;
use std::fmt::Write as _;

const NAME: &str = "GetUsers";
/// What Panopto's plug-ins write over the names of somebody who asks to be forgotten.
const DELETED: &str = "--Deleted--";

/// `GetUsers(auth, userIds)`.
pub(crate) fn get_users(call: &Call<'_>, body: &Element) -> Answer {
    if !is_operation(body, NAME) {
        return Ok(fault("Value cannot be null. Parameter name: userIds"));
    }
    let [auth, ids] = members(call, body, OPERATIONS, ["auth", "userIds"]);
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
    let asked = ids.map(|ids| guids(call, ids, "userIds")).transpose()?.unwrap_or_default();
    let Who::User(_) = caller else { return Ok(fault("Unable to authenticate the user.")) };
    let with_addresses = match call.config.get_users {
        GetUsers::Refuses => return Ok(fault("Access denied: the user may not read users.")),
        GetUsers::KnowsNobody => return Ok(fault("Unable to authenticate the user.")),
        GetUsers::TellsNoAddresses => false,
        GetUsers::Tells | GetUsers::SpoiledByOne(_) => true,
    };
    let mut content = call.state.content();
    let look = content.look();
    let found: Vec<Option<&User>> = asked.iter().map(|id| look.user(*id)).collect();
    if let GetUsers::SpoiledByOne(most) = call.config.get_users
        && (asked.len() > most || found.iter().any(|user| user.is_none_or(|user| user.is_deleted)))
    {
        return Ok(fault("System error."));
    }
    let attributes = format!(r#" xmlns:a="{TYPES}" xmlns:i="http://www.w3.org/2001/XMLSchema-instance""#);
    let mut xml = open(NAME, &attributes);
    for user in found.into_iter().flatten() {
        push_user(&mut xml, user, with_addresses);
    }
    close(&mut xml, NAME);
    Ok(Reply::xml(200, xml))
}

fn push_user(xml: &mut String, user: &User, with_addresses: bool) {
    let (first, last) = match user.name.rsplit_once(' ') {
        _ if user.is_deleted => (DELETED, DELETED),
        Some((first, last)) => (first, last),
        None => ("", user.name.as_str()),
    };
    let email = match (user.is_deleted, with_addresses) {
        (true, _) => DELETED,
        (false, true) => &user.email,
        (false, false) => "",
    };
    xml.push_str("<a:User>");
    // An empty address is empty; an empty name is nil. Both were seen in one reply.
    xml.push_str("<a:Email>");
    push_escaped(xml, email);
    xml.push_str("</a:Email><a:EmailSessionNotifications>false</a:EmailSessionNotifications>");
    push_or_nil(xml, "FirstName", first);
    let _ = write!(xml, r#"<a:GroupMemberships xmlns:b="{ARRAYS}"/>"#);
    push_or_nil(xml, "LastName", last);
    let _ = write!(
        xml,
        "<a:SystemRole>{}</a:SystemRole><a:UserBio/><a:UserId>{}</a:UserId><a:UserKey>",
        user.system_role.as_str(),
        user.id
    );
    push_escaped(xml, &user.username);
    xml.push_str(r#"</a:UserKey><a:UserSettingsUrl i:nil="true"/></a:User>"#);
}
