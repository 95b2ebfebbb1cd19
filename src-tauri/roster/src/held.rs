//! What a file holds: rows of cells out of text, a spreadsheet or a web page that calls itself a spreadsheet. What begins the
//! bytes decides, never the name of the file.
//!
//! Deliberately absent: what the columns mean.
//!
//! Invariant: the number of rows, columns and bytes is bounded before anything is kept.

use crate::csv::records;
use crate::decode::text_of;
use crate::error::{Problem, Unreadable};
use crate::table::{Container, MOST_BYTES, MOST_COLUMNS, MOST_ROWS, Row, Rows, plain};
use crate::{html, sheet};

/// What a file holds: the rows of each of its sheets, or its text to be cut into rows.
#[derive(Debug)]
pub(crate) enum Held {
    Sheets(Vec<Rows>),
    Text(String),
}

/// What the bytes of a file are and hold.
pub(crate) fn held(bytes: &[u8], asked_encoding: Option<&str>) -> Result<(Container, Held), Unreadable> {
    if bytes.len() > MOST_BYTES {
        return Err(Unreadable::new(0, Problem::TooLarge));
    }
    if let Some(kind) = kind_of_document(bytes) {
        return Err(Unreadable::new(0, Problem::WrongKind(kind)));
    }
    match bytes {
        [0xd0, 0xcf, 0x11, 0xe0, ..] => Ok((Container::Xls, Held::Sheets(sheet::xls(bytes)?))),
        [b'P', b'K', 3 | 5, ..] => sheet::zipped(bytes).map(|(container, rows)| (container, Held::Sheets(rows))),
        _ => {
            let (text, encoding) = text_of(bytes, asked_encoding)?;
            if model::text::trimmed(&text).is_empty() {
                return Err(Unreadable::new(0, Problem::Empty));
            }
            if html::is_html(&text) {
                return Ok((Container::Html(encoding), Held::Sheets(vec![html::rows(&text)?])));
            }
            if text.contains('\0') {
                return Err(Unreadable::new(0, Problem::NotText));
            }
            Ok((Container::Text(encoding), Held::Text(text.into_owned())))
        }
    }
}

/// The name of a kind of file that cannot hold a list, by its first bytes.
fn kind_of_document(bytes: &[u8]) -> Option<&'static str> {
    let kinds: [(&[u8], &str); 6] = [
        (b"%PDF", "a PDF"),
        (b"\x89PNG", "a picture"),
        (b"\xff\xd8\xff", "a picture"),
        (b"GIF8", "a picture"),
        (b"{\\rtf", "a document"),
        (b"MZ\x90", "a program"),
    ];
    kinds.iter().find(|(begin, _)| bytes.starts_with(begin)).map(|(_, kind)| *kind)
}

/// The separators that are tried, in the order in which they win where they fit equally.
pub(crate) const SEPARATORS: [char; 5] = [',', ';', '\t', '|', ':'];

/// Where the rows of a text begin: after a line `sep=;`, as Excel writes it; and that separator.
pub(crate) fn told_separator(text: &str) -> (usize, Option<char>) {
    let first = text.lines().next().unwrap_or_default();
    let told = first.trim().trim_matches('"').get(..4).filter(|begin| begin.eq_ignore_ascii_case("sep="));
    let separator = told.and_then(|_| first.trim().trim_matches('"').chars().nth(4));
    match separator {
        Some(separator) if SEPARATORS.contains(&separator) => {
            let end = text.find('\n').map_or(text.len(), |end| end + 1);
            (end, Some(separator))
        }
        _ => (0, None),
    }
}

/// The rows of a text with a separator between its cells, at most `most` lines of it.
pub(crate) fn rows_of_text(text: &str, from: usize, separator: char, most: usize) -> Result<Rows, Unreadable> {
    let mut rows = Vec::new();
    for record in records(text, from, separator, most)? {
        if record.is_blank() {
            continue;
        }
        if rows.len() >= MOST_ROWS {
            return Err(Unreadable::new(record.line, Problem::TooMany("rows")));
        }
        if record.cells.len() > MOST_COLUMNS {
            return Err(Unreadable::new(record.line, Problem::TooMany("columns")));
        }
        rows.push(Row { line: record.line, cells: record.cells.iter().map(|cell| plain(&cell.text)).collect() });
    }
    Ok(rows)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_no_list_is_told_by_its_kind() {
        for bytes in [b"%PDF-1.7".as_slice(), b"\x89PNG\r\n", b"{\\rtf1"] {
            let refused = held(bytes, None).unwrap_err();
            assert!(matches!(refused.problem, Problem::WrongKind(_)), "{refused:?}");
        }
        assert_eq!(held(b" \r\n\t", None).unwrap_err().problem, Problem::Empty);
        assert_eq!(held(&vec![b'a'; MOST_BYTES + 1], None).unwrap_err().problem, Problem::TooLarge);
    }
}
