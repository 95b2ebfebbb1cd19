//! The SOAP 1.1 services, document/literal as WCF's basicHttpBinding speaks it.
//!
//! Replies are string templates in WCF's own form: prefix `s`, no declaration, no whitespace. Deliberately absent:
//! `AuthCode` for external sign-in providers, and every operation that reading viewing records does not need.

mod access;
mod auth;
mod envelope;
mod many;
mod usage;
mod users;
pub(crate) mod wsdl;

use crate::route::Route;
use crate::shared::Call;
use crate::text::push_escaped;
use crate::wire::Reply;
use envelope::Element;
use http::header;
use std::fmt::Write as _;
use uuid::Uuid;

/// Namespace of the operations.
const OPERATIONS: &str = "http://tempuri.org/";
/// Namespace of the types.
const TYPES: &str = "http://schemas.datacontract.org/2004/07/Panopto.Server.Services.PublicAPI.V40";

/// Namespace of lists of ids.
const ARRAYS: &str = "http://schemas.microsoft.com/2003/10/Serialization/Arrays";

/// Answers a call to one of the services.
pub(crate) fn answer(call: &Call<'_>) -> Reply {
    let request = call.request;
    if request.method != "POST" {
        return crate::pages::page(200, "Service", "<p>You have created a service.</p>");
    }
    if !request.header(&header::CONTENT_TYPE).to_ascii_lowercase().starts_with("text/xml") {
        return Reply::empty(415);
    }
    let Some(body) = envelope::body(&request.body) else { return Reply::empty(400) };
    let interface = match call.target.route {
        Route::SoapAuth => "IAuth",
        Route::SoapAccess => "IAccessManagement",
        Route::SoapUsers => "IUserManagement",
        Route::SoapSessions => "ISessionManagement",
        _ => "IUsageReporting",
    };
    let action = request.headers.get("soapaction").and_then(|action| action.to_str().ok()).unwrap_or_default();
    let action = action.trim().trim_matches('"');
    let operation = action
        .strip_prefix(OPERATIONS)
        .and_then(|rest| rest.strip_prefix(interface))
        .and_then(|rest| rest.strip_prefix('/'));
    let answered = operation.and_then(|operation| match (call.target.route, operation) {
        (Route::SoapAuth, "LogOnWithPassword") => Some(auth::log_on_with_password(call, &body)),
        (Route::SoapAuth, "GetServerVersion") => Some(auth::server_version(call, &body)),
        (Route::SoapUsage, "GetSessionExtendedDetailedUsage") => Some(usage::detailed(call, &body, true).into()),
        (Route::SoapAccess, "GetFolderAccessDetails") => Some(access::folder_access(call, &body).into()),
        (Route::SoapUsers, "GetUsers") => Some(users::get_users(call, &body).into()),
        (Route::SoapSessions, "GetFoldersById") => Some(many::get_folders(call, &body).into()),
        (Route::SoapSessions, "GetSessionsById") => Some(many::get_sessions(call, &body).into()),
        (Route::SoapUsage, "GetSessionDetailedUsage") => Some(usage::detailed(call, &body, false).into()),
        _ => None,
    });
    answered.unwrap_or_else(|| unknown_action(action))
}

/// A fault raised by the service, status 500.
pub(crate) fn fault(text: &str) -> Reply {
    fault_with_code("s:Client", "", text)
}

fn unknown_action(action: &str) -> Reply {
    let text = format!(
        "The message with Action '{action}' cannot be processed at the receiver, due to a ContractFilter mismatch at the EndpointDispatcher. This may be because of either a contract mismatch (mismatched Actions between sender and receiver) or a binding/security mismatch between the sender and the receiver."
    );
    let namespace = r#" xmlns:a="http://schemas.microsoft.com/ws/2005/05/addressing/none""#;
    fault_with_code("a:ActionNotSupported", namespace, &text)
}

/// WCF's refusal of a member that it cannot read.
fn unreadable(member: &str, why: &str) -> Box<Reply> {
    let text = format!(
        "The formatter threw an exception while trying to deserialize the message: There was an error while trying to deserialize parameter {OPERATIONS}:{member}. The InnerException message was '{why}'."
    );
    let namespace = r#" xmlns:a="http://schemas.microsoft.com/net/2005/12/windowscommunicationfoundation/dispatcher""#;
    Box::new(fault_with_code("a:DeserializationFailed", namespace, &text))
}

fn fault_with_code(code: &str, namespace: &str, text: &str) -> Reply {
    let mut xml = format!(
        r#"<s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/"><s:Body><s:Fault><faultcode{namespace}>{code}</faultcode><faultstring xml:lang="en-US">"#
    );
    push_escaped(&mut xml, text);
    xml.push_str("</faultstring></s:Fault></s:Body></s:Envelope>");
    Reply::xml(500, xml)
}

/// Reads a list of ids, the member `member` of a request.
fn guids(call: &Call<'_>, ids: &Element, member: &str) -> Result<Vec<Uuid>, Box<Reply>> {
    let mut found = Vec::new();
    for child in &ids.children {
        if child.name != "guid" || child.namespace != ARRAYS {
            call.note(|entry| entry.ignored.push(child.name.clone()));
            continue;
        }
        found.push(
            Uuid::try_parse(child.text.trim())
                .map_err(|_| unreadable(member, "Guid should contain 32 digits with 4 dashes."))?,
        );
    }
    Ok(found)
}

/// Writes a text member; nil where there is none.
fn push_or_nil(xml: &mut String, member: &str, text: &str) {
    if text.is_empty() {
        let _ = write!(xml, r#"<a:{member} i:nil="true"/>"#);
        return;
    }
    push_text(xml, member, text);
}

fn push_text(xml: &mut String, member: &str, text: &str) {
    let _ = write!(xml, "<a:{member}>");
    push_escaped(xml, text);
    let _ = write!(xml, "</a:{member}>");
}

/// The beginning of a reply, up to the inside of `{operation}Result`. That element gets `attributes`.
fn open(operation: &str, attributes: &str) -> String {
    format!(
        r#"<s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/"><s:Body><{operation}Response xmlns="http://tempuri.org/"><{operation}Result{attributes}>"#
    )
}

/// The end of a reply that [`open`] began.
fn close(xml: &mut String, operation: &str) {
    xml.push_str("</");
    xml.push_str(operation);
    xml.push_str("Result></");
    xml.push_str(operation);
    xml.push_str("Response></s:Body></s:Envelope>");
}

/// The members of `parent`, in the order in which the server reads them. Members in the wrong namespace or order are
/// skipped silently, as in WCF, but the request log notes them.
fn members<'e, const N: usize>(
    call: &Call<'_>,
    parent: &'e Element,
    namespace: &str,
    names: [&str; N],
) -> [Option<&'e Element>; N] {
    let mut found = [None; N];
    let mut next = 0;
    for child in &parent.children {
        let place = names.iter().skip(next).position(|name| child.name == *name && child.namespace == namespace);
        if let Some(place) = place {
            found[next + place] = Some(child).filter(|child| !child.nil);
            next += place + 1;
        } else {
            call.note(|entry| entry.ignored.push(child.name.clone()));
        }
    }
    found
}

fn is_operation(body: &Element, name: &str) -> bool {
    body.name == name && body.namespace == OPERATIONS
}
