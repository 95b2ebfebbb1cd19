//! Reads the body of a SOAP 1.1 envelope into a small tree. Headers are ignored.

use quick_xml::NsReader;
use quick_xml::events::Event;
use quick_xml::name::ResolveResult;

const ENVELOPE: &str = "http://schemas.xmlsoap.org/soap/envelope/";
const INSTANCE: &str = "http://www.w3.org/2001/XMLSchema-instance";
/// Requests that nest deeper are refused.
const MAX_DEPTH: usize = 16;

/// An element with its text and children. Attributes other than `nil` are dropped.
#[derive(Debug, Default, Clone, PartialEq)]
pub(crate) struct Element {
    pub(crate) namespace: String,
    pub(crate) name: String,
    pub(crate) text: String,
    pub(crate) nil: bool,
    pub(crate) children: Vec<Element>,
}

/// The first element inside the envelope's body; `None` if this is not a SOAP 1.1 envelope.
pub(crate) fn body(xml: &[u8]) -> Option<Element> {
    let envelope = parse(xml)?;
    if envelope.name != "Envelope" || envelope.namespace != ENVELOPE {
        return None;
    }
    let body = envelope.children.into_iter().find(|child| child.name == "Body" && child.namespace == ENVELOPE)?;
    body.children.into_iter().next()
}

fn parse(xml: &[u8]) -> Option<Element> {
    let text = std::str::from_utf8(xml).ok()?.trim_start_matches('\u{feff}');
    let mut reader = NsReader::from_str(text);
    let mut open: Vec<Element> = Vec::new();
    loop {
        let event = reader.read_event().ok()?;
        match event {
            Event::Start(_) if open.len() >= MAX_DEPTH => return None,
            Event::Start(ref start) => open.push(element(&reader, start)?),
            Event::Empty(ref start) => {
                let empty = element(&reader, start)?;
                match open.last_mut() {
                    Some(parent) => parent.children.push(empty),
                    None => return Some(empty),
                }
            }
            Event::End(_) => {
                let done = open.pop()?;
                match open.last_mut() {
                    Some(parent) => parent.children.push(done),
                    None => return Some(done),
                }
            }
            Event::Text(ref part) => {
                if let Some(parent) = open.last_mut() {
                    parent.text.push_str(&part.xml10_content());
                }
            }
            Event::CData(ref part) => {
                open.last_mut()?.text.push_str(&part.xml10_content());
            }
            Event::GeneralRef(ref reference) => {
                let parent = open.last_mut()?;
                if let Some(c) = reference.resolve_char_ref().ok()? {
                    parent.text.push(c);
                } else {
                    parent.text.push_str(quick_xml::escape::resolve_predefined_entity(reference.as_ref())?);
                }
            }
            // Entities of a document type could expand without limit; WCF refuses it too.
            Event::DocType(_) | Event::Eof => return None,
            Event::Decl(_) | Event::PI(_) | Event::Comment(_) => {}
        }
    }
}

fn element(reader: &NsReader<&[u8]>, start: &quick_xml::events::BytesStart<'_>) -> Option<Element> {
    let (namespace, name) = reader.resolver().resolve_element(start.name());
    let namespace = match namespace {
        ResolveResult::Bound(namespace) => namespace.as_ref().to_owned(),
        ResolveResult::Unbound => String::new(),
        ResolveResult::Unknown(_) => return None,
    };
    let mut nil = false;
    for attribute in start.attributes() {
        let attribute = attribute.ok()?;
        let (space, local) = reader.resolver().resolve_attribute(attribute.key);
        if local.as_ref() == "nil" && matches!(space, ResolveResult::Bound(space) if space.as_ref() == INSTANCE) {
            nil = matches!(&*attribute.value, "true" | "1");
        }
    }
    Some(Element { namespace, name: name.as_ref().to_owned(), nil, ..Element::default() })
}
