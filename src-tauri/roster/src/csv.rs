//! Separated text read with the place of every cell, so that a file can be given back with one column changed and all other
//! bytes as they were.
//!
//! Deliberately absent: what a cell means. Lines may have any number of cells; a quotation mark that is opened must be closed,
//! because otherwise the rest of a class would be one cell.
//!
//! Invariant: the cells of a record lie in the text one after the other, each between separators, and reading takes one pass.

use std::borrow::Cow;
use std::ops::Range;

use crate::error::{Problem, Unreadable};
use crate::table::MOST_CELLS;

/// One line of cells.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Record<'t> {
    /// The line on which it begins, from 1.
    pub(crate) line: usize,
    pub(crate) cells: Vec<Cell<'t>>,
}

/// One cell.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Cell<'t> {
    /// Where it stands in the text, its quotation marks included.
    pub(crate) place: Range<usize>,
    /// What it holds, its quotation marks resolved.
    pub(crate) text: Cow<'t, str>,
}

impl Record<'_> {
    /// Whether nothing stands in any of its cells.
    pub(crate) fn is_blank(&self) -> bool {
        self.cells.iter().all(|cell| model::text::trimmed(&cell.text).is_empty())
    }
}

/// The records of a text from `from` on, at most `most` of them.
pub(crate) fn records(text: &str, from: usize, separator: char, most: usize) -> Result<Vec<Record<'_>>, Unreadable> {
    let mut reader = Reader { text, at: from, line: 1 + line_ends(&text[..from]), separator };
    let mut records = Vec::new();
    let mut cells = 0;
    while reader.at < text.len() && records.len() < most {
        let record = reader.record(MOST_CELLS - cells)?;
        cells += record.cells.len();
        records.push(record);
    }
    Ok(records)
}

/// How many line ends are in a text: LF, CR LF, or CR alone.
fn line_ends(text: &str) -> usize {
    let bytes = text.as_bytes();
    (0..bytes.len())
        .filter(|&at| bytes[at] == b'\n' || (bytes[at] == b'\r' && bytes.get(at + 1) != Some(&b'\n')))
        .count()
}

struct Reader<'t> {
    text: &'t str,
    at: usize,
    line: usize,
    separator: char,
}

impl<'t> Reader<'t> {
    fn record(&mut self, most_cells: usize) -> Result<Record<'t>, Unreadable> {
        let line = self.line;
        let mut cells = Vec::new();
        loop {
            if cells.len() >= most_cells {
                return Err(Unreadable::new(line, Problem::TooMany("cells")));
            }
            cells.push(self.cell()?);
            let rest = &self.text[self.at..];
            if rest.starts_with(self.separator) {
                self.at += self.separator.len_utf8();
                continue;
            }
            if rest.starts_with("\r\n") {
                self.at += 2;
            } else if !rest.is_empty() {
                self.at += 1;
            }
            self.line += usize::from(!rest.is_empty());
            return Ok(Record { line, cells });
        }
    }

    fn cell(&mut self) -> Result<Cell<'t>, Unreadable> {
        let begin = self.at;
        if !self.text[begin..].starts_with('"') {
            self.at += self.plain_end();
            return Ok(Cell { place: begin..self.at, text: Cow::Borrowed(&self.text[begin..self.at]) });
        }
        let first_line = self.line;
        let mut held = String::new();
        self.at += 1;
        loop {
            let Some(length) = self.text[self.at..].find('"') else {
                return Err(Unreadable::new(first_line, Problem::OpenQuote));
            };
            let piece = &self.text[self.at..self.at + length];
            self.line += line_ends(piece);
            held.push_str(piece);
            self.at += length + 1;
            if self.text[self.at..].starts_with('"') {
                held.push('"');
                self.at += 1;
            } else {
                break;
            }
        }
        // What follows the closing mark belongs to the cell: `"Bob" Smith`.
        let end = self.at + self.plain_end();
        if end > self.at && line_ends(&held) > 0 {
            // A mark that nobody closed has taken the beginning of a later line for its end.
            return Err(Unreadable::new(first_line, Problem::OpenQuote));
        }
        held.push_str(&self.text[self.at..end]);
        self.at = end;
        Ok(Cell { place: begin..end, text: Cow::Owned(held) })
    }

    /// How far it is to the next separator or line end.
    fn plain_end(&self) -> usize {
        let rest = &self.text[self.at..];
        rest.find([self.separator, '\n', '\r']).unwrap_or(rest.len())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Vec<(usize, Vec<String>)> {
        let records = records(text, 0, ',', usize::MAX).unwrap();
        records
            .into_iter()
            .map(|record| (record.line, record.cells.into_iter().map(|cell| cell.text.into_owned()).collect()))
            .collect()
    }

    #[test]
    fn cells_are_read_as_spreadsheets_write_them_with_their_lines() {
        let text = "a,\"b \"\"x\"\"\r\nsecond\",\r\n\r\n\"c\" d,e\rf";
        let expected = [(1, vec!["a", "b \"x\"\r\nsecond", ""]), (3, vec![""]), (4, vec!["c d", "e"]), (5, vec!["f"])];
        let expected: Vec<(usize, Vec<String>)> =
            expected.into_iter().map(|(line, cells)| (line, cells.into_iter().map(str::to_owned).collect())).collect();
        assert_eq!(read(text), expected);
    }

    #[test]
    fn an_open_quotation_mark_names_its_line() {
        let refused = records("a,b\nc,\"d\ne,f\n", 0, ',', usize::MAX).unwrap_err();
        assert_eq!(refused, Unreadable::new(2, Problem::OpenQuote));
        let later = records("a,b\n\"c,d\n\"e\",f\n", 0, ',', usize::MAX).unwrap_err();
        assert_eq!(later, Unreadable::new(2, Problem::OpenQuote), "a later mark does not close it");
    }

    proptest::proptest! {
        #[test]
        fn every_byte_of_the_text_is_a_cell_a_separator_or_a_line_end(text in "[ab\",;\r\n é]{0,60}") {
            if let Ok(records) = records(&text, 0, ',', usize::MAX) {
                let mut at = 0;
                for cell in records.iter().flat_map(|record| &record.cells) {
                    let between = &text[at..cell.place.start];
                    proptest::prop_assert!(["", ",", "\n", "\r", "\r\n"].contains(&between), "{between:?}");
                    at = cell.place.end;
                }
                proptest::prop_assert!(["", "\n", "\r", "\r\n"].contains(&&text[at..]));
            }
        }
    }
}
