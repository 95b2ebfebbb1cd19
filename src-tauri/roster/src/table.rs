//! Rows of cells, what they come from, and how large they may be.
//!
//! Deliberately absent: how each kind of file is read, and what the columns mean.
//!
//! Invariant: a cell is text, whatever it looks like, so that a student number keeps its zeros and a formula is never run.

use crate::decode::TextEncoding;

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
}
