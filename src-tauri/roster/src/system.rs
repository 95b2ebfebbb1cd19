//! The system that wrote a file, recognised by the line that names its columns.
//!
//! Exports carry no name of their system, so the columns that only one of them has decide. Deliberately absent: what the
//! columns hold.

use crate::field::word;

/// The system that wrote a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum System {
    /// Instructure Canvas: gradebook.
    Canvas,
    /// Moodle: participants or grades.
    Moodle,
    /// Blackboard Learn or Ultra: gradebook.
    Blackboard,
    /// D2L Brightspace: grades.
    Brightspace,
    /// Sakai: gradebook.
    Sakai,
    /// Open edX: grade report.
    OpenEdx,
    /// ILIAS: members.
    Ilias,
    /// Stud.IP: participants.
    StudIp,
    /// Google Classroom: grades.
    GoogleClassroom,
    /// A table with names of columns, from anywhere.
    Table,
    /// One person a line, without names of columns.
    Lines,
}

impl System {
    /// The word for programs: `canvas`.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Canvas => "canvas",
            Self::Moodle => "moodle",
            Self::Blackboard => "blackboard",
            Self::Brightspace => "brightspace",
            Self::Sakai => "sakai",
            Self::OpenEdx => "open-edx",
            Self::Ilias => "ilias",
            Self::StudIp => "stud-ip",
            Self::GoogleClassroom => "google-classroom",
            Self::Table => "table",
            Self::Lines => "lines",
        }
    }

    /// As people read it.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Canvas => "Canvas gradebook",
            Self::Moodle => "Moodle list",
            Self::Blackboard => "Blackboard gradebook",
            Self::Brightspace => "Brightspace grades",
            Self::Sakai => "Sakai gradebook",
            Self::OpenEdx => "Open edX grade report",
            Self::Ilias => "ILIAS member list",
            Self::StudIp => "Stud.IP participants",
            Self::GoogleClassroom => "Google Classroom grades",
            Self::Table => "Table",
            Self::Lines => "List of addresses or user names",
        }
    }
}

/// The system whose columns these are. `words` are the cells as [`word`] makes them.
pub(crate) fn system(words: &[String], cells: &[String]) -> System {
    let has = |word: &str| words.iter().any(|found| found == word);
    let any = |words: &[&str]| words.iter().any(|word| has(word));
    let at = |column: usize, words: &[&str]| words.iter().any(|word| self::at(column, word, cells));
    let ends = |end: &str| words.iter().any(|word| word.ends_with(end));
    let names = has("student") || (has("lastname") && has("firstname"));
    if names && has("id") && has("section") {
        System::Canvas
    } else if any(&["end-of-line indicator", "orgdefinedid"]) {
        System::Brightspace
    } else if any(&["enrollment track", "certificate eligible", "verification status"]) && has("username") {
        System::OpenEdx
    } else if (has("username") && any(&["last access", "availability"]))
        || cells.iter().any(|cell| is_blackboard_item(cell))
    {
        System::Blackboard
    } else if at(0, &["student id"]) && at(1, &["name"]) && cells.iter().skip(2).any(|cell| is_sakai_column(cell)) {
        System::Sakai
    } else if any(&["benutzername", "nutzernamen", "username"]) && any(&["anrede", "titel nachgestellt"])
        || (has("kennung") && any(&["matrikelnr.", "matrikelnr"]) && at(0, &["nachname"]))
    {
        System::StudIp
    } else if at(0, &["rolle/status", "role/status", "rolle", "role", "rol"])
        && any(&["anmeldename", "login", "benutzername"])
    {
        System::Ilias
    } else if any(&["last downloaded from this course", "zuletzt aus diesem kurs geladen"])
        || ends("(real)")
        || any(&["id number", "id-nummer", "numero d'identification", "numero de id"])
        || (at(0, &["first name", "vorname", "prenom", "nombre"])
            && at(1, &["last name", "surname", "nachname", "nom", "nom de famille", "apellido(s)"])
            && any(&["email address", "e-mail-adresse", "adresse de courriel", "direccion de correo"]))
    {
        System::Moodle
    } else if at(0, &["last name"]) && at(1, &["first name"]) && at(2, &["email address"]) {
        System::GoogleClassroom
    } else {
        System::Table
    }
}

fn at(column: usize, expected: &str, cells: &[String]) -> bool {
    cells.get(column).is_some_and(|cell| word(cell) == expected)
}

/// `Quiz 3 [Total Pts: 10] |664617`
fn is_blackboard_item(cell: &str) -> bool {
    let number = cell.rsplit_once('|').map(|(_, number)| number.trim());
    cell.contains("[Total Pts")
        && number.is_some_and(|number| !number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit()))
}

/// `Week 1 [10]`, `* Week 1`, `# Student Number`
fn is_sakai_column(cell: &str) -> bool {
    let points = cell.strip_suffix(']').and_then(|cell| cell.rsplit_once('[')).map(|(_, points)| points);
    cell.starts_with("* ")
        || cell.starts_with("# ")
        || points.is_some_and(|points| !points.is_empty() && points.parse::<f64>().is_ok())
}
