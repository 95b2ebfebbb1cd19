//! The file of a credit list for a gradebook, and the gradebook's own export with one column filled.
//!
//! Deliberately absent: writing them; the caller does that with the folder's disk. Invariant: a person of the gradebook gets the
//! value of the one row of the class list with whom all identifiers agree, else none.

use std::collections::HashMap;

use model::{ListedPerson, compared};
use roster::{Filled, Gradebook, GradebookFile, GradebookFormat, NoGradebook, fill, gradebook_file};

use super::CreditList;
use crate::roster::ClassInView;
use crate::{Error, ErrorCode, Result};

/// A file for a gradebook.
#[derive(Debug, Clone)]
pub struct CreditFile {
    /// Its bytes.
    pub bytes: Vec<u8>,
    /// The title of the item as it is written.
    pub title: String,
    /// People in it.
    pub people: usize,
    /// People with a value who are not in it, because the class list does not say what the gradebook tells them apart by.
    pub without_key: usize,
}

/// The file of a credit list in the form of a gradebook.
pub fn credit_file(class: &ClassInView, list: &CreditList, format: GradebookFormat, title: &str) -> Result<CreditFile> {
    let values: Vec<(&ListedPerson, f64)> = list
        .rows
        .iter()
        .enumerate()
        .filter_map(|(row, credit)| Some((&class.listed(row).person, credit.credit.value()?)))
        .collect();
    let book = Gradebook { format, title, points: list.rule.points, values: &values };
    let GradebookFile { bytes, title, people, without_key } = gradebook_file(book).map_err(|refused| {
        let hint = match refused {
            NoGradebook::NoTitle => "Give the new item a title",
            NoGradebook::TitleOfTotal => "Give another title, without words such as Final Score",
            NoGradebook::NobodyHasKey => {
                "Import a class list that this system has exported, or fill its own gradebook export"
            }
        };
        let code = match refused {
            NoGradebook::NoTitle | NoGradebook::TitleOfTotal => ErrorCode::InvalidInput,
            NoGradebook::NobodyHasKey => ErrorCode::NotFound,
        };
        let message = refused.to_string();
        let mut letters = message.chars();
        let first = letters.next().map(char::to_uppercase).into_iter().flatten();
        Error::new(code, first.chain(letters).collect::<String>()).with_hint(hint)
    })?;
    Ok(CreditFile { bytes, title, people, without_key: without_key.len() })
}

/// The teacher's own gradebook export with one column filled. `name` is that of the file, for the refusal.
pub fn filled_gradebook(
    class: &ClassInView,
    list: &CreditList,
    export: &[u8],
    name: &str,
    column: &str,
) -> Result<Filled> {
    let mut rows: HashMap<String, Option<usize>> = HashMap::new();
    for row in 0..list.rows.len() {
        for key in keys(&class.listed(row).person) {
            let known = rows.entry(key).or_insert(Some(row));
            if *known != Some(row) {
                *known = None;
            }
        }
    }
    let value_of = |person: &ListedPerson| {
        let mut found = None;
        for key in keys(person) {
            match (rows.get(&key), found) {
                (None, _) => {}
                // Two rows share it, or another identifier leads to somebody else.
                (Some(None), _) => return None,
                (Some(Some(row)), Some(known)) if *row != known => return None,
                (Some(Some(row)), _) => found = Some(*row),
            }
        }
        list.rows[found?].credit.value()
    };
    fill(export, column, value_of).map_err(|refused| crate::roster::unreadable(&format!("`{name}`"), &refused))
}

/// What tells a person apart, each with its kind, so that a login never meets a number.
fn keys(person: &ListedPerson) -> impl Iterator<Item = String> {
    let keys =
        [("email", &person.email), ("login", &person.login), ("number", &person.number), ("system", &person.system_id)];
    keys.into_iter().filter_map(|(kind, text)| {
        let text = compared(text.as_deref()?);
        // Where people sign in with their address, one file calls it a login and another an address.
        let kind = if kind == "login" && text.contains('@') { "email" } else { kind };
        (!text.is_empty()).then(|| format!("{kind} {text}"))
    })
}
