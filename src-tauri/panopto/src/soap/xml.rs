//! Reads the XML of WCF replies by local name, one element after the other.
//!
//! Deliberately absent: namespaces (they differ between versions of the server), document types and entities that the
//! sender defines (refused), and a tree of the document. Invariant: depth is bounded, and no byte sequence can cause a
//! panic.

use std::borrow::Cow;

use quick_xml::events::{BytesStart, Event};
use quick_xml::reader::Reader;

use crate::unreadable::Unreadable;

/// Deeper than any reply of the server; a fault with details has 7 levels.
const MAX_DEPTH: usize = 64;

/// One step through the document.
#[derive(Debug)]
pub(super) enum Step<'a> {
    /// An element begins.
    Open(Element<'a>),
    /// The innermost open element ends.
    Close,
    /// The document has ended.
    End,
}

/// The beginning of an element.
#[derive(Debug)]
pub(super) struct Element<'a> {
    start: BytesStart<'a>,
}

impl Element<'_> {
    /// The name without its prefix.
    pub(super) fn name(&self) -> &str {
        self.start.local_name().into_inner()
    }

    /// Whether the element says that it has no value (`i:nil="true"`).
    fn is_nil(&self) -> bool {
        self.start.attributes_raw().contains("nil")
            && self.start.attributes().with_checks(false).flatten().any(|attribute| {
                attribute.key.local_name().into_inner() == "nil" && matches!(attribute.value.trim(), "true" | "1")
            })
    }
}

/// A document being read.
pub(super) struct Document<'a> {
    reader: Reader<&'a [u8]>,
    depth: usize,
    /// `<x/>` was opened, and its end has not been reported yet.
    close_pending: bool,
}

impl<'a> Document<'a> {
    /// Begins to read. Recognises input that is not UTF-8, is a web page, or is not XML.
    pub(super) fn new(body: &'a [u8]) -> Result<Self, Unreadable> {
        let text = std::str::from_utf8(body).map_err(|_| Unreadable::new("it is not UTF-8 text"))?;
        let text = text.trim_start_matches('\u{feff}').trim_start();
        if text.is_empty() {
            return Err(Unreadable::cut_off("it is empty"));
        }
        if Unreadable::looks_like_html(text) {
            return Err(Unreadable::html());
        }
        if !text.starts_with('<') {
            return Err(Unreadable::new("it is not XML"));
        }
        Ok(Self { reader: Reader::from_str(text), depth: 0, close_pending: false })
    }

    /// The next beginning or end of an element; text in between is skipped.
    pub(super) fn step(&mut self) -> Result<Step<'a>, Unreadable> {
        loop {
            match self.event()? {
                Piece::Open(element) => return Ok(Step::Open(element)),
                Piece::Close => return Ok(Step::Close),
                Piece::Text(_) => {}
                Piece::End => return Ok(Step::End),
            }
        }
    }

    /// The next child of the open element, or `None` when that element ends.
    pub(super) fn child(&mut self) -> Result<Option<Element<'a>>, Unreadable> {
        match self.step()? {
            Step::Open(element) => Ok(Some(element)),
            Step::Close | Step::End => Ok(None),
        }
    }

    /// The text of the element just opened, up to its end. `None` if it is nil or blank; the server does not
    /// distinguish these reliably.
    pub(super) fn value(&mut self, element: &Element<'a>) -> Result<Option<Cow<'a, str>>, Unreadable> {
        let nil = element.is_nil();
        let mut text: Cow<'a, str> = Cow::Borrowed("");
        loop {
            match self.event()? {
                Piece::Text(more) if text.is_empty() => text = more,
                Piece::Text(more) => text.to_mut().push_str(&more),
                Piece::Open(_) => self.skip()?,
                Piece::Close => break,
                Piece::End => return Err(Unreadable::cut_off("it ends in the middle")),
            }
        }
        Ok((!nil && !text.trim().is_empty()).then_some(text))
    }

    /// Skips the rest of the open element.
    pub(super) fn skip(&mut self) -> Result<(), Unreadable> {
        let outside = self.depth - 1;
        while self.depth > outside {
            if matches!(self.step()?, Step::End) {
                return Err(Unreadable::cut_off("it ends in the middle"));
            }
        }
        Ok(())
    }

    fn event(&mut self) -> Result<Piece<'a>, Unreadable> {
        if self.close_pending {
            self.close_pending = false;
            self.depth -= 1;
            return Ok(Piece::Close);
        }
        loop {
            let event = self.reader.read_event().map_err(|error| {
                let detail = format!("its XML is damaged at byte {}: {error}", self.reader.error_position());
                // The reader's syntax errors all mean "the input ended in the middle of ...".
                let ended = matches!(error, quick_xml::Error::Syntax(_)) || self.reader.get_ref().is_empty();
                if ended { Unreadable::cut_off(&detail) } else { Unreadable::new(&detail) }
            })?;
            return Ok(match event {
                Event::Start(start) => self.open(start)?,
                Event::Empty(start) => {
                    self.close_pending = true;
                    self.open(start)?
                }
                Event::End(_) => {
                    // The reader refuses an end without a beginning, so this never falls below zero.
                    self.depth = self.depth.saturating_sub(1);
                    Piece::Close
                }
                Event::Text(text) => Piece::Text(text.xml10_content()),
                Event::CData(text) => Piece::Text(text.xml10_content()),
                Event::GeneralRef(reference) => Piece::Text(resolve(&reference)?),
                Event::DocType(_) => {
                    return Err(Unreadable::new("it holds a document type definition, which is refused"));
                }
                Event::Comment(_) | Event::Decl(_) | Event::PI(_) => continue,
                Event::Eof if self.depth > 0 => return Err(Unreadable::cut_off("it ends in the middle")),
                Event::Eof => Piece::End,
            });
        }
    }

    fn open(&mut self, start: BytesStart<'a>) -> Result<Piece<'a>, Unreadable> {
        self.depth += 1;
        if self.depth > MAX_DEPTH {
            return Err(Unreadable::new("its XML is nested too deeply"));
        }
        Ok(Piece::Open(Element { start }))
    }
}

enum Piece<'a> {
    Open(Element<'a>),
    Text(Cow<'a, str>),
    Close,
    End,
}

/// Resolves `&amp;`, its four relatives and numbered characters. Anything else would need a definition, which is
/// refused.
fn resolve<'a>(reference: &quick_xml::events::BytesRef<'a>) -> Result<Cow<'a, str>, Unreadable> {
    let unknown = || Unreadable::new("it holds an entity that XML does not define");
    if let Some(character) = reference.resolve_char_ref().map_err(|_| unknown())? {
        return Ok(Cow::Owned(character.to_string()));
    }
    let text = match &*reference.xml10_content() {
        "amp" => "&",
        "lt" => "<",
        "gt" => ">",
        "quot" => "\"",
        "apos" => "'",
        _ => return Err(unknown()),
    };
    Ok(Cow::Borrowed(text))
}
