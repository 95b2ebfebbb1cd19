//! A file made a class list: what it is, which columns it has, who is on it, and which rows are nobody.
//!
//! One function for the preview and for the import. Deliberately absent: keeping anything.
//!
//! Invariant: the separator is the one with which most columns are understood, so that a file never depends on the language
//! of the computer that wrote it.

use model::ListedPerson;

use crate::decode::TextEncoding;
use crate::error::{Problem, Unreadable};
use crate::field::Field;
use crate::header::{Header, header};
use crate::held::{Held, SEPARATORS, held, rows_of_text, told_separator};
use crate::lines;
use crate::people::{People, SkippedRow, people_of};
use crate::system::System;
use crate::table::{Container, LOOKED_AT, MOST_ROWS, Row, Rows};

/// How to read a file where somebody knows better.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Reading {
    /// The encoding of a text, by its usual name.
    pub encoding: Option<String>,
}

/// A class list as a file holds it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ClassFile {
    /// What the file is.
    pub container: Container,
    /// Which system wrote it.
    pub system: System,
    /// The separator of a text.
    pub separator: Option<char>,
    /// The line that names the columns, from 1; `None` where none does.
    pub header_line: Option<usize>,
    /// The names of the columns that are used, and what for.
    pub columns: Vec<(String, Field)>,
    /// Rows that are not blank, those above and with the names of the columns not counted.
    pub rows: usize,
    /// The people, in the order of the file.
    pub people: Vec<ListedPerson>,
    /// The line on which each was first named, from 1.
    pub lines: Vec<usize>,
    /// Rows that are no people.
    pub skipped: Vec<SkippedRow>,
    /// Lines that name somebody again.
    pub repeated: Vec<usize>,
    /// Whether numbers of students have different lengths in a spreadsheet, as they do where zeros were lost.
    pub may_have_lost_zeros: bool,
}

impl ClassFile {
    /// The encoding, where the file is text.
    pub fn encoding(&self) -> Option<TextEncoding> {
        self.container.encoding()
    }

    /// People of whom the file says two different things.
    pub fn contradicted(&self) -> usize {
        self.people.iter().filter(|person| person.is_contradicted).count()
    }
}

/// Reads a class list.
pub fn read(bytes: &[u8], reading: &Reading) -> Result<ClassFile, Unreadable> {
    let (container, held) = held(bytes, reading.encoding.as_deref())?;
    match held {
        Held::Sheets(sheets) => {
            let with_header = sheets.iter().find_map(|rows| Some((rows, header(rows)?)));
            match with_header {
                Some((rows, header)) => class_of(container, None, rows, &header),
                None => single_column(container, &sheets),
            }
        }
        Held::Text(text) => {
            if let Some((from, separator)) = dialect(&text) {
                let rows = rows_of_text(&text, from, separator, usize::MAX)?;
                let header = header(&rows).ok_or(Unreadable::new(1, Problem::NoHeader))?;
                class_of(container, Some(separator), &rows, &header)
            } else {
                check_quotes(&text)?;
                let people = lines::people_of(&text).ok_or(Unreadable::new(1, why_no_list(&text)))?;
                Ok(of_lines(container, people))
            }
        }
    }
}

/// A text that is a table can also fail because of a quotation mark that is not closed.
fn check_quotes(text: &str) -> Result<(), Unreadable> {
    let has_table = text.lines().next().is_some_and(|line| line.contains(['\t', ';', ',']));
    if has_table && !text.contains('<') {
        let separator =
            SEPARATORS.into_iter().find(|separator| text.lines().next().unwrap_or_default().contains(*separator));
        rows_of_text(text, 0, separator.unwrap_or(','), usize::MAX)?;
    }
    Ok(())
}

fn why_no_list(text: &str) -> Problem {
    let has_columns = text.lines().take(LOOKED_AT).any(|line| line.contains([';', '\t', ',', '|']));
    if has_columns { Problem::NoHeader } else { Problem::NoPeople }
}

/// Where the rows of a text begin and what separates their cells; `None` where no line names columns.
pub(crate) fn dialect(text: &str) -> Option<(usize, char)> {
    let (from, told) = told_separator(text);
    let mut best: Option<(usize, usize, char)> = None;
    for separator in SEPARATORS {
        if told.is_some_and(|told| told != separator) {
            continue;
        }
        // A mark that is never closed may stand far below; what is above it can be looked at.
        let Some(rows) = first_rows(text, from, separator) else { continue };
        let Some(header) = header(&rows) else { continue };
        let even = evenness(&rows[header.row..]);
        if best.is_none_or(|(understood, most_even, _)| (header.understood(), even) > (understood, most_even)) {
            best = Some((header.understood(), even, separator));
        }
    }
    best.map(|(_, _, separator)| (from, separator))
}

fn first_rows(text: &str, from: usize, separator: char) -> Option<Rows> {
    [LOOKED_AT * 2, LOOKED_AT, 10, 4, 2, 1].into_iter().find_map(|most| rows_of_text(text, from, separator, most).ok())
}

/// How many rows have as many cells as the header.
fn evenness(rows: &[Row]) -> usize {
    let Some(width) = rows.first().map(|row| row.cells.len()) else { return 0 };
    rows.iter().filter(|row| row.cells.len() == width && width > 1).count()
}

fn class_of(
    container: Container,
    separator: Option<char>,
    rows: &[Row],
    header: &Header,
) -> Result<ClassFile, Unreadable> {
    let names = &rows[header.row];
    let can_name = [Field::Email, Field::Login, Field::Number, Field::SystemId, Field::Name, Field::LastName];
    if !can_name.iter().any(|field| header.column(*field).is_some()) {
        return Err(Unreadable::new(names.line, Problem::NoPeople));
    }
    let found = people_of(rows, header);
    if found.found.is_empty() {
        return Err(Unreadable::new(names.line, Problem::NoPeople));
    }
    let is_sheet = container.encoding().is_none();
    Ok(ClassFile {
        container,
        system: header.system,
        separator,
        header_line: Some(names.line),
        columns: header.columns.iter().map(|(column, field)| (names.cell(*column).to_owned(), *field)).collect(),
        rows: rows.len() - header.row - 1,
        may_have_lost_zeros: is_sheet && has_ragged_numbers(&found.found),
        people: found.found,
        lines: found.lines,
        skipped: found.skipped,
        repeated: found.repeated,
    })
}

/// A sheet without names of columns can be a list with one column.
fn single_column(container: Container, sheets: &[Rows]) -> Result<ClassFile, Unreadable> {
    let rows = sheets.iter().find(|rows| !rows.is_empty()).ok_or(Unreadable::new(0, Problem::Empty))?;
    let one = |row: &Row| row.cells.iter().filter(|cell| !cell.is_empty()).count() == 1;
    if !rows.iter().all(one) {
        return Err(Unreadable::new(rows[0].line, Problem::NoHeader));
    }
    let (mut text, mut line) = (String::new(), 1);
    for row in rows {
        // Blank rows keep the numbers of the lines right.
        while line < row.line.min(MOST_ROWS) {
            text.push('\n');
            line += 1;
        }
        text.push_str(row.cells.iter().find(|cell| !cell.is_empty()).map_or("", String::as_str));
        text.push('\n');
        line += 1;
    }
    let people = lines::people_of(&text).ok_or(Unreadable::new(rows[0].line, Problem::NoPeople))?;
    Ok(of_lines(container, people))
}

fn of_lines(container: Container, found: People) -> ClassFile {
    ClassFile {
        container,
        system: System::Lines,
        separator: None,
        header_line: None,
        columns: Vec::new(),
        rows: found.found.len() + found.skipped.len() + found.repeated.len(),
        may_have_lost_zeros: false,
        people: found.found,
        lines: found.lines,
        skipped: found.skipped,
        repeated: found.repeated,
    }
}

/// Whether numbers of digits only have different lengths and none begins with a zero.
fn has_ragged_numbers(people: &[ListedPerson]) -> bool {
    let numbers: Vec<&str> = people
        .iter()
        .filter_map(|person| person.number.as_deref())
        .filter(|number| number.bytes().all(|byte| byte.is_ascii_digit()))
        .collect();
    let lengths = numbers.iter().map(|number| number.len());
    lengths.clone().min() != lengths.max() && !numbers.iter().any(|number| number.starts_with('0'))
}
