//! The envelope around every SOAP request and reply, and the faults that can replace an answer.

use std::borrow::Cow;

use super::xml::{Document, Step};
use crate::PasswordSignIn;
use crate::unreadable::{Unreadable, clean};

/// The namespace of the operations and of their direct arguments.
pub(super) const OPERATIONS: &str = "http://tempuri.org/";
/// The namespace of what is inside `auth` and `pagination`.
pub(super) const TYPES: &str = "http://schemas.datacontract.org/2004/07/Panopto.Server.Services.PublicAPI.V40";

/// An answer, or a fault in its place.
#[derive(Debug, Clone, PartialEq)]
pub enum Reply<T> {
    /// The operation's result.
    Answer(T),
    /// The server refused. It sends HTTP status 500 with this.
    Fault(Fault),
}

/// A SOAP fault.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    /// The `faultcode` without its prefix. For logs only, because it is unknown which codes the server uses.
    pub code: String,
    /// The `faultstring`, on one line, at most 200 characters.
    pub text: String,
}

/// What a fault's text means. The texts are those seen in public code (`docs/panopto-protocol.md`, faults).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FaultMeaning {
    /// The sign-in is not accepted.
    SignedOut,
    /// This user is not allowed to see this.
    NoRights,
    /// The video does not exist, or is hidden.
    NotFound,
    /// The requested page was too large.
    PageTooLarge {
        /// The server's limit, if it could be read.
        at_most: Option<u32>,
    },
    /// "System error", which tells nothing: seen when signed out, and when the server is in trouble.
    System,
    /// Anything else.
    Other,
}

impl Fault {
    /// What the fault's text means.
    pub fn meaning(&self) -> FaultMeaning {
        let text = self.text.to_lowercase();
        let has = |words: &[&str]| words.iter().any(|word| text.contains(word));
        if text.contains("maxnumberresults") {
            let at_most = text.rsplit(|c: char| !c.is_ascii_digit()).find(|digits| !digits.is_empty());
            FaultMeaning::PageTooLarge { at_most: at_most.and_then(|digits| digits.parse().ok()) }
        } else if has(&[
            "unable to authenticate",
            "not authenticated",
            "not logged",
            "not signed in",
            "session expired",
        ]) {
            FaultMeaning::SignedOut
        } else if has(&[
            "not have access",
            "access denied",
            "access is denied",
            "not authorized",
            "not allowed",
            "permission",
        ]) {
            FaultMeaning::NoRights
        } else if has(&["not found", "does not exist"]) {
            FaultMeaning::NotFound
        } else if has(&["system error"]) {
            FaultMeaning::System
        } else {
            FaultMeaning::Other
        }
    }
}

/// The envelope around an operation. `arguments` is already XML.
pub(super) fn request(operation: &str, arguments: &str) -> String {
    format!(
        "<?xml version=\"1.0\" encoding=\"utf-8\"?>\
         <s:Envelope xmlns:s=\"http://schemas.xmlsoap.org/soap/envelope/\"><s:Body>\
         <t:{operation} xmlns:t=\"{OPERATIONS}\" xmlns:p=\"{TYPES}\">{arguments}</t:{operation}>\
         </s:Body></s:Envelope>"
    )
}

/// User name and password as the first argument of a call. Never log it.
pub(super) fn auth_element(who: &PasswordSignIn) -> String {
    let (user_key, password) = (escaped(&who.user_name), escaped(who.password.expose()));
    format!("<t:auth><p:Password>{password}</p:Password><p:UserKey>{user_key}</p:UserKey></t:auth>")
}

/// Escapes text for XML. Characters that XML cannot hold at all are left out; no user name or password contains them.
pub(super) fn escaped(text: &str) -> Cow<'_, str> {
    let forbidden = |character: char| matches!(character, '\u{0}'..='\u{8}' | '\u{b}' | '\u{c}' | '\u{e}'..='\u{1f}' | '\u{fffe}' | '\u{ffff}');
    if text.contains(forbidden) {
        Cow::Owned(quick_xml::escape::escape(text.replace(forbidden, "")).into_owned())
    } else {
        quick_xml::escape::escape(text)
    }
}

/// Opens a reply and enters `<{operation}Response>`, or returns the fault.
pub(super) fn open<'a>(body: &'a [u8], operation: &str) -> Result<Reply<Document<'a>>, Unreadable> {
    let mut document = Document::new(body)?;
    enter(&mut document, "Envelope")?;
    while let Some(part) = document.child()? {
        if part.name() != "Body" {
            document.skip()?;
            continue;
        }
        let Some(content) = document.child()? else { break };
        return match content.name() {
            "Fault" => Ok(Reply::Fault(read_fault(&mut document)?)),
            name if name.strip_suffix("Response") == Some(operation) => Ok(Reply::Answer(document)),
            name => Err(Unreadable::new(&format!("it holds `{name}` where `{operation}Response` is expected"))),
        };
    }
    Err(Unreadable::new("its SOAP body is empty"))
}

/// Reads the fault in a reply, if it is one.
pub fn fault(body: &[u8]) -> Option<Fault> {
    match open(body, "") {
        Ok(Reply::Fault(fault)) => Some(fault),
        _ => None,
    }
}

/// Reads whatever follows the answer. If it is not well-formed, the end of the reply was lost on the way.
pub(super) fn finish(document: &mut Document<'_>) -> Result<(), Unreadable> {
    while !matches!(document.step()?, Step::End) {}
    Ok(())
}

fn enter(document: &mut Document<'_>, name: &str) -> Result<(), Unreadable> {
    match document.step()? {
        Step::Open(element) if element.name() == name => Ok(()),
        Step::Open(element) if element.name().eq_ignore_ascii_case("html") => Err(Unreadable::html()),
        Step::Open(element) => {
            Err(Unreadable::new(&format!("it begins with `{}` where a SOAP envelope is expected", element.name())))
        }
        Step::Close | Step::End => Err(Unreadable::new("it holds no XML element")),
    }
}

/// Reads a fault of SOAP 1.1 (`faultcode`, `faultstring`), or of SOAP 1.2 (`Code`, `Reason`) as some proxies send it.
fn read_fault(document: &mut Document<'_>) -> Result<Fault, Unreadable> {
    let mut fault = Fault { code: String::new(), text: String::new() };
    while let Some(part) = document.child()? {
        let (target, nested) = match part.name() {
            "faultcode" => (&mut fault.code, false),
            "faultstring" => (&mut fault.text, false),
            "Code" => (&mut fault.code, true),
            "Reason" => (&mut fault.text, true),
            _ => {
                document.skip()?;
                continue;
            }
        };
        if nested {
            while let Some(inner) = document.child()? {
                *target = clean(&document.value(&inner)?.unwrap_or_default());
            }
        } else {
            *target = clean(&document.value(&part)?.unwrap_or_default());
        }
    }
    if let Some((_, code)) = fault.code.rsplit_once(':') {
        fault.code = code.to_owned();
    }
    if fault.text.is_empty() {
        "a fault without a text".clone_into(&mut fault.text);
    }
    Ok(fault)
}
