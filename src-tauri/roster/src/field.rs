//! What a column holds, told by its name in the languages of the platforms.
//!
//! Deliberately absent: the whole line, which decides what a word means that several platforms use differently.

use icu_normalizer::DecomposingNormalizerBorrowed;

use crate::system::System;

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

/// What a column holds, by its name in this system.
pub(crate) fn field_of(system: System, column: usize, word: &str) -> Option<Field> {
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
