//! The content lines of a calendar file (RFC 5545 §3.1): folded lines are joined again, and each line belongs to the
//! components that are open around it.
//!
//! Deliberately absent: what a property means. `icalendar` reads each needed line by itself, so a line that nobody
//! needs cannot make the file unreadable. Invariant: nesting is counted and never recursed into, so no file can be too
//! deep; the file is read once from start to end.

use icalendar::parser::Property;

use crate::store::quoted;
use crate::{Error, ErrorCode, Result};

/// No program nests components deeper: calendar, event, alarm.
const DEEPEST: usize = 16;
/// The hint of every error here.
const HINT: &str = "Export the calendar again as an .ics file and import that";

/// A line within a component.
pub(super) struct ContentLine<'a> {
    /// Its number in the file, from 1.
    pub(super) number: usize,
    /// The names of the components around it, outermost first.
    pub(super) within: &'a [String],
    pub(super) event: LineKind<'a>,
}

/// What a line does.
pub(super) enum LineKind<'a> {
    /// Opens the last of the components.
    Begin,
    /// Closes the last of the components.
    End,
    /// A property, as written.
    Property(&'a str),
}

/// The name of a property, as written at the beginning of a line.
pub(super) fn name_of(line: &str) -> &str {
    &line[..line.find([';', ':']).unwrap_or(line.len())]
}

/// Reads a property.
pub(super) fn property(line: &str) -> Option<Property<'_>> {
    Property::try_from(line).ok()
}

/// A parameter of a property, without the quotes around it.
pub(super) fn parameter<'p>(property: &'p Property<'_>, name: &str) -> Option<&'p str> {
    let found = property.params.iter().find(|parameter| parameter.key.as_str().eq_ignore_ascii_case(name))?;
    Some(found.val.as_ref()?.as_str().trim_matches('"'))
}

/// Calls a function for each line of a calendar. `file` is its name in errors.
pub(super) fn for_each_line(
    text: &str,
    file: &str,
    mut found: impl FnMut(ContentLine<'_>) -> Result<()>,
) -> Result<()> {
    let refused = |line: usize, problem: &str| {
        Error::new(ErrorCode::InvalidInput, format!("Line {line} of {}: {problem}", quoted(file))).with_hint(HINT)
    };
    let mut open: Vec<String> = Vec::new();
    let mut is_begun = false;
    for (number, line) in UnfoldedLines::new(text) {
        let line = line.trim_end();
        if line.is_empty() {
            continue;
        }
        let opens = word_after(line, "BEGIN:");
        if !is_begun {
            if !opens.is_some_and(|name| name.eq_ignore_ascii_case("VCALENDAR")) {
                return Err(refused(number, "a calendar begins with BEGIN:VCALENDAR"));
            }
            is_begun = true;
        }
        if let Some(name) = opens {
            if open.len() == DEEPEST {
                return Err(refused(number, "components are nested too deeply"));
            }
            open.push(name.to_ascii_uppercase());
            found(ContentLine { number, within: &open, event: LineKind::Begin })?;
        } else if let Some(name) = word_after(line, "END:") {
            if !open.last().is_some_and(|last| last.eq_ignore_ascii_case(name)) {
                return Err(refused(number, &format!("{} ends what has not begun", quoted(line))));
            }
            found(ContentLine { number, within: &open, event: LineKind::End })?;
            open.pop();
        } else {
            found(ContentLine { number, within: &open, event: LineKind::Property(line) })?;
        }
    }
    if !is_begun {
        return Err(refused(1, "the file is empty"));
    }
    match open.last() {
        Some(name) => Err(refused(text.lines().count(), &format!("the file ends within {}", quoted(name)))),
        None => Ok(()),
    }
}

fn word_after<'l>(line: &'l str, word: &str) -> Option<&'l str> {
    let begin = line.get(..word.len())?;
    begin.eq_ignore_ascii_case(word).then(|| line[word.len()..].trim())
}

/// Lines, each joined with the folded lines that follow it.
struct UnfoldedLines<'a> {
    rest: std::iter::Peekable<std::iter::Enumerate<std::str::Split<'a, char>>>,
}

impl<'a> UnfoldedLines<'a> {
    fn new(text: &'a str) -> Self {
        Self { rest: text.split('\n').enumerate().peekable() }
    }
}

impl Iterator for UnfoldedLines<'_> {
    /// The number of the first line, and the whole text.
    type Item = (usize, String);

    fn next(&mut self) -> Option<Self::Item> {
        let (place, line) = self.rest.next()?;
        let mut whole = line.strip_suffix('\r').unwrap_or(line).to_owned();
        while let Some((_, line)) = self.rest.next_if(|(_, line)| line.starts_with([' ', '\t'])) {
            whole.push_str(line[1..].strip_suffix('\r').unwrap_or(&line[1..]));
        }
        Some((place + 1, whole))
    }
}
