//! A gradebook's own export given back with one column filled and every other byte as it was.
//!
//! The safest file there is: what tells people apart is what the gradebook itself wrote. Deliberately absent: adding a column,
//! and spreadsheets, whose bytes nobody can keep.
//!
//! Invariants: only cells of the one column change, and only of people with a value; a file that would not come back byte for
//! byte without any change is refused.

use std::borrow::Cow;

use encoding_rs::Encoding;
use model::ListedPerson;

use crate::csv::{Record, records};
use crate::error::{Problem, Unreadable};
use crate::field::Field;
use crate::gradebook::number;
use crate::header::header;
use crate::held::{Held, held};
use crate::people::one_person;
use crate::read::dialect;
use crate::system::System;
use crate::table::{Container, Row, plain};

/// A gradebook with one column filled.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Filled {
    /// Its bytes.
    pub bytes: Vec<u8>,
    /// Which system wrote it.
    pub system: System,
    /// The name of the column, as it stands in the file.
    pub column: String,
    /// The people whose cell was filled.
    pub people: usize,
    /// The people of the file without a value; their cells are as they were.
    pub unchanged: usize,
}

/// Fills the column `name` of a gradebook with what `value_of` says of each person in it.
pub fn fill(
    bytes: &[u8],
    name: &str,
    mut value_of: impl FnMut(&ListedPerson) -> Option<f64>,
) -> Result<Filled, Unreadable> {
    let (Container::Text(encoding), Held::Text(text)) = held(bytes, None)? else {
        return Err(Unreadable::new(
            0,
            Problem::WrongKind("a spreadsheet, whose other cells cannot be kept byte for byte"),
        ));
    };
    if encoded(&text, bytes, encoding.name).as_ref() != bytes {
        return Err(Unreadable::new(0, Problem::NotInEncoding(encoding.name)));
    }
    let (from, separator) = dialect(&text).ok_or(Unreadable::new(1, Problem::NoHeader))?;
    let records = records(&text, from, separator, usize::MAX)?;
    let rows: Vec<Row> = records.iter().map(row).collect();
    let header = header(&rows).ok_or(Unreadable::new(1, Problem::NoHeader))?;
    let column = column(&records[header.row], &header.columns, name)?;
    let has_decimal_comma = separator == ';' && has_decimal_comma(&records[header.row + 1..]);
    let mut filled = String::with_capacity(text.len() + 4096);
    let mut at = 0;
    let (mut people, mut unchanged) = (0, 0);
    for (record, row) in records.iter().zip(&rows).skip(header.row + 1) {
        if record.is_blank() {
            continue;
        }
        let Ok(person) = one_person(row, &header, &rows[header.row]) else { continue };
        let Some(value) = value_of(&person) else {
            unchanged += 1;
            continue;
        };
        let mut value = number(value);
        if has_decimal_comma {
            value = value.replace('.', ",");
        }
        if let Some(cell) = record.cells.get(column) {
            filled.push_str(&text[at..cell.place.start]);
            let is_quoted = text[cell.place.clone()].starts_with('"');
            let quote = if is_quoted { "\"" } else { "" };
            filled.extend([quote, &value, quote]);
            at = cell.place.end;
        } else {
            let end = record.cells.last().map_or(at, |cell| cell.place.end);
            filled.push_str(&text[at..end]);
            for _ in record.cells.len()..=column {
                filled.push(separator);
            }
            filled.push_str(&value);
            at = end;
        }
        people += 1;
    }
    filled.push_str(&text[at..]);
    Ok(Filled {
        bytes: encoded(&filled, bytes, encoding.name).into_owned(),
        system: header.system,
        column: records[header.row].cells[column].text.trim().to_owned(),
        people,
        unchanged,
    })
}

fn row(record: &Record<'_>) -> Row {
    Row { line: record.line, cells: record.cells.iter().map(|cell| plain(&cell.text)).collect() }
}

/// The text as the file had it: in its encoding, with its mark.
fn encoded<'t>(text: &'t str, original: &[u8], encoding: &str) -> Cow<'t, [u8]> {
    let wide = |to_bytes: fn(u16) -> [u8; 2], mark: &[u8]| -> Vec<u8> {
        let mut bytes = mark.to_vec();
        bytes.extend(text.encode_utf16().flat_map(to_bytes));
        bytes
    };
    match original {
        [0xff, 0xfe, ..] => Cow::Owned(wide(u16::to_le_bytes, &[0xff, 0xfe])),
        [0xfe, 0xff, ..] => Cow::Owned(wide(u16::to_be_bytes, &[0xfe, 0xff])),
        [0xef, 0xbb, 0xbf, ..] => Cow::Owned([b"\xef\xbb\xbf", text.as_bytes()].concat()),
        [1..=0x7f, 0, ..] => Cow::Owned(wide(u16::to_le_bytes, &[])),
        [0, 1..=0x7f, ..] => Cow::Owned(wide(u16::to_be_bytes, &[])),
        _ => match Encoding::for_label(encoding.as_bytes()) {
            Some(encoding) => encoding.encode(text).0,
            None => Cow::Borrowed(text.as_bytes()),
        },
    }
}

/// The column of this name: as it stands in the file, or without what the system adds to it, such as `(81234)`.
fn column(names: &Record<'_>, used: &[(usize, Field)], name: &str) -> Result<usize, Unreadable> {
    let wanted = plain(name).to_lowercase();
    let line = names.line;
    let open = |column: usize| !used.iter().any(|(used, _)| *used == column);
    let fitting = |same: &dyn Fn(&str) -> bool| -> Vec<usize> {
        let cells = names.cells.iter().enumerate();
        cells.filter(|(column, cell)| open(*column) && same(&plain(&cell.text))).map(|(column, _)| column).collect()
    };
    let mut found = fitting(&|cell| cell.to_lowercase() == wanted);
    if found.is_empty() {
        found = fitting(&|cell| title_of(cell).to_lowercase() == wanted);
    }
    match found.as_slice() {
        [column] if !wanted.is_empty() => Ok(*column),
        [] | [_] => Err(Unreadable::new(line, Problem::NoColumn)),
        _ => Err(Unreadable::new(line, Problem::SeveralColumns)),
    }
}

/// The title of an item without what a system adds: `Quiz 3 [Total Pts: 10] |664617`, `Week 1 (81234)`,
/// `Week 1 Points Grade <Numeric MaxPoints:10>`, `Week 1 [10]`, `Assignment: Week 1 (Real)`.
fn title_of(cell: &str) -> &str {
    let mut title = cell;
    for (open, close) in [('|', ""), ('<', ">"), ('[', "]"), ('(', ")")] {
        if close.is_empty() || title.trim_end().ends_with(close) {
            title = title.rsplit_once(open).map_or(title, |(title, _)| title).trim_end();
        }
    }
    let title = title.strip_suffix(" Points Grade").unwrap_or(title);
    title
        .split_once(": ")
        .filter(|(kind, _)| ["Assignment", "Quiz", "Aufgabe", "Test"].contains(kind))
        .map_or(title, |(_, title)| title)
}

/// Whether the numbers of a file have a comma for a decimal point.
fn has_decimal_comma(records: &[Record<'_>]) -> bool {
    let with = |mark: char| {
        records.iter().flat_map(|record| &record.cells).any(|cell| {
            cell.text.split_once(mark).is_some_and(|(whole, part)| {
                let digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
                digits(whole.trim()) && digits(part.trim())
            })
        })
    };
    with(',') && !with('.')
}
