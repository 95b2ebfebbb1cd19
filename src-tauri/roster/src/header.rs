//! The line that names the columns: where it is, and what each column holds.
//!
//! Exports name their columns in the language of the site, put the line under a title or over lines of points, and use one
//! word for different things: *Student ID* is the login in Sakai, an internal number in Open edX, and the student number
//! elsewhere. So words are looked up (`field`), and the whole line decides (`system`). Deliberately absent: the people.
//!
//! Invariant: each column holds at most one thing, and each thing but names is held by one column.

use crate::field::{Field, field_of, word};
use crate::system::{System, system};
use crate::table::{LOOKED_AT, Row};

/// The line that names the columns.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Header {
    /// Its place among the rows.
    pub(crate) row: usize,
    /// Which system wrote it.
    pub(crate) system: System,
    /// What the columns hold, with their places, in the order of the columns.
    pub(crate) columns: Vec<(usize, Field)>,
}

impl Header {
    /// The column that holds this.
    pub(crate) fn column(&self, field: Field) -> Option<usize> {
        self.columns.iter().find(|(_, held)| *held == field).map(|(column, _)| *column)
    }

    /// Whether any column tells people apart better than a name.
    pub(crate) fn has_identifier(&self) -> bool {
        [Field::Email, Field::Login, Field::Number].iter().any(|field| self.column(*field).is_some())
    }

    /// How many columns are understood.
    pub(crate) fn understood(&self) -> usize {
        self.columns.len()
    }
}

/// The line that names the columns, among the first rows: the one of which most is understood.
pub(crate) fn header(rows: &[Row]) -> Option<Header> {
    let mut best: Option<Header> = None;
    for (place, row) in rows.iter().take(LOOKED_AT).enumerate() {
        let Some(found) = read(place, row) else { continue };
        if best.as_ref().is_none_or(|best| found.understood() > best.understood()) {
            best = Some(found);
        }
    }
    best
}

fn read(place: usize, row: &Row) -> Option<Header> {
    let words: Vec<String> = row.cells.iter().map(|cell| word(cell)).collect();
    let system = system(&words, &row.cells);
    let mut columns: Vec<(usize, Field)> = Vec::new();
    for (column, found) in words.iter().enumerate() {
        let Some(field) = field_of(system, column, found) else { continue };
        let is_taken = columns.iter().any(|(_, held)| *held == field);
        if !is_taken {
            columns.push((column, field));
        }
    }
    let has = |field| columns.iter().any(|(_, held)| *held == field);
    if has(Field::Name) && has(Field::LastName) && has(Field::FirstName) {
        // The two parts say more than the whole.
        columns.retain(|(_, held)| *held != Field::Name);
    }
    let header = Header { row: place, system, columns };
    let has_name = header.column(Field::Name).is_some() || header.column(Field::LastName).is_some();
    let is_enough = match row.cells.iter().filter(|cell| !cell.is_empty()).count() {
        0 => false,
        1 => header.has_identifier(),
        _ => header.has_identifier() || (has_name && header.understood() > 1) || (has_name && system != System::Table),
    };
    is_enough.then_some(header)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(lines: &[&str]) -> Header {
        let rows: Vec<Row> = lines
            .iter()
            .zip(1..)
            .map(|(line, number)| Row { line: number, cells: line.split(';').map(str::to_owned).collect() })
            .collect();
        header(&rows).unwrap()
    }

    #[test]
    fn one_word_means_what_its_line_says() {
        let sakai = found(&["Student ID;Name;# Student Number;Week 1 [10];* Week 1"]);
        assert_eq!((sakai.system, sakai.column(Field::Login)), (System::Sakai, Some(0)));
        assert_eq!(sakai.column(Field::Number), Some(2));
        let edx = found(&["Student ID;Email;Username;Grade;Homework 1;Enrollment Track;Enrollment Status"]);
        assert_eq!(
            (edx.system, edx.column(Field::SystemId), edx.column(Field::Number)),
            (System::OpenEdx, Some(0), None)
        );
        let plain = found(&["Student ID;Name"]);
        assert_eq!((plain.system, plain.column(Field::Number)), (System::Table, Some(0)));
    }

    #[test]
    fn the_line_is_found_under_titles_and_in_other_languages() {
        let german = found(&["Kurs: Geografie", "", "Nachname;Vorname;Matrikelnummer;E-Mail Adresse"]);
        assert_eq!((german.row, german.understood()), (2, 4));
        let french = found(&["Prénom;Nom de famille;Numéro d’identification;Adresse de courriel"]);
        assert_eq!((french.system, french.understood()), (System::Moodle, 4));
    }
}
