//! Rows of cells out of text, a spreadsheet or a web page that calls itself a spreadsheet. What begins the bytes decides, never
//! the name of the file.
//!
//! Deliberately absent: what the columns mean.
//!
//! Invariants: the number of rows, columns and bytes is bounded before anything is kept; a cell is text, whatever it looks
//! like, so that a student number keeps its zeros and a formula is never run.

use crate::csv::records;
use crate::decode::{TextEncoding, text_of};
use crate::error::{Problem, Unreadable};
use crate::{html, sheet};

/// No class list is larger, and reading it takes no longer than a blink.
pub const MOST_BYTES: usize = 16 << 20;
/// More people than the largest open course that has a class list.
pub(crate) const MOST_ROWS: usize = 100_000;
/// A gradebook of a year has a few hundred.
pub(crate) const MOST_COLUMNS: usize = 2_000;
/// Cells of a file: thousands of people in a gradebook of hundreds of columns.
pub(crate) const MOST_CELLS: usize = 2_000_000;
/// A longer cell is a text.
pub(crate) const MOST_CELL_CHARS: usize = 2_000;
/// More rows than this are not looked at to find the separator and the names of the columns.
pub(crate) const LOOKED_AT: usize = 30;

/// What a file is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Container {
    /// Separated text.
    Text(TextEncoding),
    /// A web page with a table.
    Html(TextEncoding),
    /// A workbook of Excel since 2007.
    Xlsx,
    /// A workbook of Excel before 2007.
    Xls,
    /// An OpenDocument spreadsheet.
    Ods,
}

impl Container {
    /// Its name: `csv`, `xlsx`.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Text(_) => "csv",
            Self::Html(_) => "html",
            Self::Xlsx => "xlsx",
            Self::Xls => "xls",
            Self::Ods => "ods",
        }
    }

    /// The encoding, where the file is text.
    pub const fn encoding(self) -> Option<TextEncoding> {
        match self {
            Self::Text(encoding) | Self::Html(encoding) => Some(encoding),
            Self::Xlsx | Self::Xls | Self::Ods => None,
        }
    }
}

/// One row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Row {
    /// Its line in the text, or its row in the sheet, from 1.
    pub(crate) line: usize,
    pub(crate) cells: Vec<String>,
}

impl Row {
    pub(crate) fn cell(&self, column: usize) -> &str {
        self.cells.get(column).map_or("", String::as_str)
    }

    pub(crate) fn is_blank(&self) -> bool {
        self.cells.iter().all(String::is_empty)
    }
}

/// The rows that are not blank.
pub(crate) type Rows = Vec<Row>;

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

/// A cell as people mean it: without blanks and invisible marks around it, out of the `="…"` that keeps zeros, and without the
/// `'` before what a spreadsheet would run.
pub(crate) fn plain(text: &str) -> String {
    let mut text = model::text::trimmed(text);
    if let Some(inner) = text.strip_prefix("=\"").and_then(|rest| rest.strip_suffix('"')) {
        text = model::text::trimmed(inner);
    }
    if let Some(guarded) = text.strip_prefix('\'')
        && guarded.starts_with(['=', '+', '-', '@'])
    {
        text = guarded;
    }
    let line = model::line::one_line(text);
    if line.len() <= MOST_CELL_CHARS { line } else { line.chars().take(MOST_CELL_CHARS).collect() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cell_is_what_people_mean_by_it() {
        for (cell, meant) in [
            ("\u{a0} mvale7\u{200b}", "mvale7"),
            ("=\"0012345\"", "0012345"),
            ("'=1+1", "=1+1"),
            ("'t Hooft", "'t Hooft"),
            ("two\nlines", "two lines"),
        ] {
            assert_eq!(plain(cell), meant);
        }
    }

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
