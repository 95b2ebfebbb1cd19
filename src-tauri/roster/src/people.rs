//! Rows made people: who is on the list, which rows are nobody, and rows that name somebody twice.
//!
//! Exports hold lines that are no people: points, averages, a student for trying things out, those who teach. They are left
//! out by rules that are told with the line, because a list that loses somebody in silence is worse than none. Deliberately
//! absent: where the columns are (`header`).
//!
//! Invariants: each row is a person, part of a person, or told with its reason; a reason never repeats what the row holds.

use std::collections::HashMap;

use model::{ListedPerson, compared};

use crate::field::{Field, word};
use crate::header::Header;
use crate::system::System;
use crate::table::Row;

/// Why a row is no person.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum SkipReason {
    /// It holds points, averages or totals.
    Points,
    /// It is the platform's student for trying things out.
    TestStudent,
    /// It is somebody who teaches.
    Teacher,
    /// It is somebody who waits, or has not been admitted.
    NotAdmitted,
    /// It is somebody who has left or is suspended.
    Left,
    /// It names nobody.
    Nobody,
    /// It repeats the names of the columns.
    HeaderAgain,
}

impl SkipReason {
    /// In words, after *line 3*.
    pub const fn sentence(self) -> &'static str {
        match self {
            Self::Points => "holds points, not a person",
            Self::TestStudent => "is the test student",
            Self::Teacher => "is somebody who teaches",
            Self::NotAdmitted => "is somebody who waits or has not been admitted",
            Self::Left => "is somebody who has left or is suspended",
            Self::Nobody => "has no e-mail address, user name or number",
            Self::HeaderAgain => "repeats the names of the columns",
        }
    }

    /// What to do if it is wrong.
    pub const fn remedy(self) -> &'static str {
        match self {
            Self::Points | Self::TestStudent | Self::HeaderAgain => "Nothing has to be done",
            Self::Teacher => "If it is a student, change the role in that line and import again",
            Self::NotAdmitted | Self::Left => {
                "If it is a student of the course, change the state in that line and import again"
            }
            Self::Nobody => "Give that line an e-mail address, a user name or a student number",
        }
    }

    /// Whether a person may be missing because of it.
    pub const fn may_lose_a_person(self) -> bool {
        matches!(self, Self::Nobody)
    }
}

/// A row that is no person.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SkippedRow {
    /// Its line, or its row in the sheet, from 1.
    pub line: usize,
    /// Why.
    pub reason: SkipReason,
}

/// What rows come to.
#[derive(Debug, Default)]
pub(crate) struct People {
    pub(crate) found: Vec<ListedPerson>,
    /// The line on which each was first named.
    pub(crate) lines: Vec<usize>,
    pub(crate) skipped: Vec<SkippedRow>,
    /// Lines that say no more of a person than an earlier one.
    pub(crate) repeated: Vec<usize>,
    by_identifier: HashMap<(Field, String), usize>,
}

impl People {
    /// Adds a person, or what another line says of one who is there already.
    pub(crate) fn add(&mut self, line: usize, person: ListedPerson) {
        let keys = keys(&person);
        let places = keys.iter().filter_map(|key| self.by_identifier.get(key).copied());
        let place = if let Some(place) = places.min() {
            self.repeated.push(line);
            join(&mut self.found[place], person);
            place
        } else {
            self.found.push(person);
            self.lines.push(line);
            self.found.len() - 1
        };
        for key in keys {
            let known = *self.by_identifier.entry(key).or_insert(place);
            if known != place {
                // This line ties together two who were told apart before.
                self.found[known].is_contradicted = true;
                self.found[place].is_contradicted = true;
            }
        }
    }
}

fn keys(person: &ListedPerson) -> Vec<(Field, String)> {
    [
        (Field::Email, &person.email),
        (Field::Login, &person.login),
        (Field::Number, &person.number),
        (Field::SystemId, &person.system_id),
    ]
    .into_iter()
    .filter_map(|(field, text)| Some((field, compared(text.as_deref()?))))
    .filter(|(_, text)| !text.is_empty())
    .collect()
}

/// Takes over what a second line says: other sections are added, anything else that differs is a contradiction.
fn join(person: &mut ListedPerson, other: ListedPerson) {
    let mut differs = false;
    let mut fill = |own: &mut Option<String>, theirs: Option<String>| match (&own, theirs) {
        (Some(own), Some(theirs)) => differs |= compared(own) != compared(&theirs),
        (None, Some(theirs)) => *own = Some(theirs),
        (_, None) => {}
    };
    fill(&mut person.name, other.name);
    fill(&mut person.email, other.email);
    fill(&mut person.login, other.login);
    fill(&mut person.number, other.number);
    fill(&mut person.system_id, other.system_id);
    person.is_contradicted |= differs;
    match (&mut person.section, other.section) {
        (Some(own), Some(theirs)) if !own.split(", ").any(|section| section == theirs) => {
            own.push_str(", ");
            own.push_str(&theirs);
        }
        (own @ None, theirs) => *own = theirs,
        (Some(_), _) => {}
    }
}

/// The people in the rows after the header.
pub(crate) fn people_of(rows: &[Row], header: &Header) -> People {
    let mut people = People::default();
    for row in &rows[header.row + 1..] {
        match one_person(row, header, &rows[header.row]) {
            Ok(person) => people.add(row.line, person),
            Err(reason) => people.skipped.push(SkippedRow { line: row.line, reason }),
        }
    }
    people
}

/// The person of a row, or why it is none.
pub(crate) fn one_person(row: &Row, header: &Header, names: &Row) -> Result<ListedPerson, SkipReason> {
    let cell = |field| header.column(field).map(|column| row.cell(column)).filter(|text| !text.is_empty());
    if row.cells == names.cells {
        return Err(SkipReason::HeaderAgain);
    }
    let identifier = |field| cell(field).map(|text| text.trim_start_matches(['#', '\'']).trim().to_owned());
    let is_one = |text: &String| !text.is_empty() && text != "-";
    let person = ListedPerson {
        name: name(row, header),
        email: identifier(Field::Email).filter(|text| text.contains('@')),
        login: identifier(Field::Login).filter(is_one),
        number: identifier(Field::Number).filter(is_one),
        system_id: identifier(Field::SystemId).filter(is_one),
        section: cell(Field::Section).map(str::to_owned),
        is_contradicted: false,
    };
    let has_identifier =
        [&person.email, &person.login, &person.number, &person.system_id].iter().any(|text| text.is_some());
    let begin = word(row.cells.iter().find(|text| !text.is_empty()).map_or("", String::as_str));
    let only_numbers = || {
        let cells = row.cells.iter().filter(|cell| !cell.is_empty());
        cells.clone().next().is_some() && cells.clone().all(|cell| cell.replace(',', ".").parse::<f64>().is_ok())
    };
    if !has_identifier && (is_points(&begin) || (person.name.is_none() && only_numbers())) || is_points_possible(&begin)
    {
        return Err(SkipReason::Points);
    }
    if person.name.as_deref().is_some_and(|name| is_test_student(header.system, name)) {
        return Err(SkipReason::TestStudent);
    }
    if let Some(reason) = cell(Field::Role).and_then(|role| by_role(&word(role))) {
        return Err(reason);
    }
    if let Some(state) = cell(Field::State)
        && by_state(header, &word(state))
    {
        return Err(SkipReason::Left);
    }
    let may_be_named = person.name.is_some() && !header.has_identifier() && header.column(Field::SystemId).is_none();
    if has_identifier || may_be_named { Ok(person) } else { Err(SkipReason::Nobody) }
}

fn name(row: &Row, header: &Header) -> Option<String> {
    let part =
        |field| header.column(field).map(|column| row.cell(column)).filter(|text| !text.is_empty() && *text != "_");
    match (part(Field::LastName), part(Field::FirstName)) {
        (Some(last), Some(first)) => Some(format!("{last}, {first}")),
        (Some(one), None) | (None, Some(one)) => Some(one.to_owned()),
        (None, None) => part(Field::Name).map(str::to_owned),
    }
}

fn is_points_possible(begin: &str) -> bool {
    begin.contains("points possible") || begin == "manual posting"
}

fn is_points(begin: &str) -> bool {
    const WORDS: [&str; 16] = [
        "points",
        "manual posting",
        "points possible",
        "average",
        "class average",
        "mean",
        "median",
        "overall average",
        "total",
        "summe",
        "durchschnitt",
        "mittelwert",
        "moyenne",
        "promedio",
        "date",
        "maximum",
    ];
    WORDS.contains(&begin)
}

/// Canvas ends its export with a student nobody is.
fn is_test_student(system: System, name: &str) -> bool {
    system == System::Canvas && ["student, test", "test student"].contains(&word(name).as_str())
}

fn by_role(role: &str) -> Option<SkipReason> {
    const TEACHES: [&str; 17] = [
        "dozent",
        "tutor",
        "kursadministrator",
        "administrator",
        "kurstutor",
        "course administrator",
        "course tutor",
        "teacher",
        "instructor",
        "staff",
        "lehrende",
        "lehrender",
        "ta",
        "teaching assistant",
        "enseignant",
        "profesor",
        "owner",
    ];
    const WAITS: [&str; 8] =
        ["warteliste", "waiting list", "subscriber", "anfrage", "bewerber", "interessent", "pending", "auf warteliste"];
    if TEACHES.contains(&role) {
        Some(SkipReason::Teacher)
    } else if WAITS.contains(&role) {
        Some(SkipReason::NotAdmitted)
    } else {
        None
    }
}

/// Whether a state says that somebody is no longer in the course. Which word does depends on the name of the column.
fn by_state(header: &Header, state: &str) -> bool {
    const LEFT: [&str; 10] = [
        "unenrolled",
        "inactive",
        "withdrawn",
        "dropped",
        "deleted",
        "removed",
        "suspended",
        "inaktiv",
        "ausgetragen",
        "concluded",
    ];
    let says_available = header.system == System::Blackboard;
    LEFT.contains(&state) || (says_available && ["no", "nein", "non"].contains(&state))
}
