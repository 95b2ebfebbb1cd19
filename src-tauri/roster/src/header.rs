//! The line that names the columns: where it is, and what each column holds.
//!
//! Exports name their columns in the language of the site, put the line under a title or over lines of points, and use one
//! word for different things: *Student ID* is the login in Sakai, an internal number in Open edX, and the student number
//! elsewhere. So words are looked up, and the whole line decides. Deliberately absent: the people.
//!
//! Invariant: each column holds at most one thing, and each thing but names is held by one column.

use icu_normalizer::DecomposingNormalizerBorrowed;

use crate::table::{LOOKED_AT, Row};

/// What a column holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Field {
    /// An e-mail address.
    Email,
    /// What people sign in with.
    Login,
    /// The number of the institution.
    Number,
    /// The number of the learning platform.
    SystemId,
    /// The last name.
    LastName,
    /// The first name.
    FirstName,
    /// The whole name.
    Name,
    /// The section or group.
    Section,
    /// What somebody is in the course: student, tutor.
    Role,
    /// Whether somebody is still in the course.
    State,
}

impl Field {
    /// The word for programs: `email`.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Email => "email",
            Self::Login => "login",
            Self::Number => "number",
            Self::SystemId => "systemId",
            Self::LastName => "lastName",
            Self::FirstName => "firstName",
            Self::Name => "name",
            Self::Section => "section",
            Self::Role => "role",
            Self::State => "state",
        }
    }
}

impl Field {
    /// As people read it.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Email => "e-mail",
            Self::Login => "user name",
            Self::Number => "student number",
            Self::SystemId => "number in the platform",
            Self::LastName => "last name",
            Self::FirstName => "first name",
            Self::Name => "name",
            Self::Section => "section",
            Self::Role => "role",
            Self::State => "state",
        }
    }
}

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

/// Words for the columns, as [`word`] makes them.
const WORDS: [(Field, &[&str]); 10] = [
    (
        Field::Email,
        &[
            "email",
            "e-mail",
            "email address",
            "e-mail address",
            "mail",
            "sis email",
            "e-mail-adresse",
            "e-mail adresse",
            "emailadresse",
            "adresse de courriel",
            "adresse e-mail",
            "courriel",
            "correo electronico",
            "correo",
            "direccion de correo",
            "direccion de correo electronico",
            "indirizzo email",
            "e-postadresse",
            "e-mailadres",
            "primary email",
            "student email",
            "university email",
        ],
    ),
    (
        Field::Login,
        &[
            "username",
            "user name",
            "sis login id",
            "login",
            "login id",
            "netid",
            "net id",
            "userid",
            "user id",
            "uid",
            "benutzername",
            "nutzernamen",
            "nutzername",
            "benutzerkennung",
            "anmeldename",
            "kennung",
            "nom d'utilisateur",
            "identifiant",
            "nombre de usuario",
            "usuario",
            "gebruikersnaam",
            "eid",
            "account",
            "unikey",
            "login name",
        ],
    ),
    (
        Field::Number,
        &[
            "student id",
            "student number",
            "id number",
            "sis user id",
            "orgdefinedid",
            "matrikelnummer",
            "matrikelnr",
            "matrikelnr.",
            "matr.-nr.",
            "matrikel-nr.",
            "id-nummer",
            "numero d'identification",
            "numero de id",
            "numero etudiant",
            "numero de identificacion",
            "perm #",
            "perm",
            "registration number",
            "student no",
            "student no.",
            "studentnummer",
            "student #",
            "matricola",
            "sid",
            "student display id",
            "id-number",
            "registrierungsnummer",
        ],
    ),
    (
        Field::LastName,
        &[
            "last name",
            "lastname",
            "surname",
            "family name",
            "nachname",
            "nom",
            "nom de famille",
            "apellido",
            "apellidos",
            "apellido(s)",
            "student last",
            "cognome",
            "achternaam",
            "familienname",
            "last",
        ],
    ),
    (
        Field::FirstName,
        &[
            "first name",
            "firstname",
            "given name",
            "vorname",
            "prenom",
            "nombre",
            "student first",
            "student first middle",
            "nome",
            "voornaam",
            "given names",
            "first",
            "forename",
        ],
    ),
    (
        Field::Name,
        &[
            "student",
            "name",
            "full name",
            "fullname",
            "sortable name",
            "teilnehmer",
            "teilnehmende",
            "student name",
            "nom complet",
            "nombre completo",
            "preferred name",
            "display name",
            "learner",
            "participant",
        ],
    ),
    (
        Field::Section,
        &[
            "section",
            "sections",
            "group",
            "groups",
            "cohort name",
            "gruppe",
            "gruppen",
            "groupe",
            "groupes",
            "grupo",
            "cohort",
            "section name",
        ],
    ),
    (Field::Role, &["role", "roles", "rolle", "rollen", "rolle/status", "role/status", "course role"]),
    (Field::State, &["status", "availability", "enrollment status", "enrolment status", "suspended", "state"]),
    (Field::SystemId, &["canvas id", "internal id"]),
];

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

/// A cell of the header as it is compared: lower case, without accents, marks and blanks around it.
pub(crate) fn word(cell: &str) -> String {
    let cell = cell.trim_start_matches(['#', '*', ' ']).trim_end_matches([':', '*', ' ']);
    let mut word = String::with_capacity(cell.len());
    let decomposed = DecomposingNormalizerBorrowed::new_nfkd().normalize_iter(cell.chars());
    for character in decomposed.flat_map(char::to_lowercase) {
        match character {
            '\u{300}'..='\u{36f}' => {}
            '’' | '`' => word.push('\''),
            '_' => word.push(' '),
            '\u{2010}'..='\u{2015}' => word.push('-'),
            other => word.push(other),
        }
    }
    word
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

/// What a column holds, by its name in this system.
fn field_of(system: System, column: usize, word: &str) -> Option<Field> {
    let special = match (system, word) {
        (System::Canvas, "id") | (System::OpenEdx, "student id") => Some(Field::SystemId),
        (System::Sakai, "student id") if column == 0 => Some(Field::Login),
        (System::Sakai, "student number") => Some(Field::Number),
        (System::Ilias, _) if column == 0 => Some(Field::Role),
        (System::StudIp, "status") => Some(Field::Role),
        (System::Blackboard, "availability") => Some(Field::State),
        // A name of an item, such as `Group`, is a grade in these.
        (System::OpenEdx, "grade") => return None,
        _ => None,
    };
    special.or_else(|| WORDS.iter().find(|(_, words)| words.contains(&word)).map(|(field, _)| *field))
}

fn system(words: &[String], cells: &[String]) -> System {
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
