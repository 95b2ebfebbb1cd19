//! Files that gradebooks import: one new item, and a value for each person who has one.
//!
//! Each system has its rules for the line of names, the line of points and what tells people apart (`docs/gradebooks.md`).
//! Deliberately absent: who gets what (crate `model`), and people without a value, who are in no file, because gradebooks take
//! an empty cell for a change.
//!
//! Invariants: identifiers are written as the class list has them; a name is never a formula; a value has a decimal point and
//! at most two decimals; nobody stands twice in a file.

use std::collections::HashSet;

use model::{ListedPerson, compared};

/// A gradebook.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum GradebookFormat {
    /// Instructure Canvas.
    Canvas,
    /// Moodle.
    Moodle,
    /// Blackboard Learn and Ultra.
    Blackboard,
    /// D2L Brightspace.
    Brightspace,
    /// Sakai.
    Sakai,
    /// A plain table.
    Plain,
}

impl GradebookFormat {
    /// All of them, in the order in which they are offered.
    pub const ALL: [Self; 6] =
        [Self::Canvas, Self::Moodle, Self::Blackboard, Self::Brightspace, Self::Sakai, Self::Plain];

    /// The word for programs.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Canvas => "canvas",
            Self::Moodle => "moodle",
            Self::Blackboard => "blackboard",
            Self::Brightspace => "brightspace",
            Self::Sakai => "sakai",
            Self::Plain => "plain",
        }
    }

    /// As people read it.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Canvas => "Canvas",
            Self::Moodle => "Moodle",
            Self::Blackboard => "Blackboard",
            Self::Brightspace => "Brightspace",
            Self::Sakai => "Sakai",
            Self::Plain => "A plain table",
        }
    }

    /// What somebody should know who imports the file.
    pub const fn advice(self) -> &'static str {
        match self {
            Self::Canvas => "Canvas makes a new assignment with this title and its points",
            Self::Moodle => {
                "Moodle takes 100 as the maximum of a new item: make the item with its points first, and map the column to it"
            }
            Self::Blackboard => {
                "Original courses make a new text column of this file: make the column first, download it, and let that file be \
                 filled"
            }
            Self::Brightspace => "Brightspace asks whether to make the new item: tick it",
            Self::Sakai => "Sakai makes a new item with this title and its points",
            Self::Plain => "Open it in a spreadsheet",
        }
    }
}

/// What is written.
#[derive(Debug, Clone, Copy)]
pub struct Gradebook<'a> {
    /// The gradebook.
    pub format: GradebookFormat,
    /// The title of the new item.
    pub title: &'a str,
    /// Its points.
    pub points: f64,
    /// The people with a value.
    pub values: &'a [(&'a ListedPerson, f64)],
}

/// A file for a gradebook.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GradebookFile {
    /// Its bytes.
    pub bytes: Vec<u8>,
    /// The title as it is written: without what the system would take for something else.
    pub title: String,
    /// The people in it.
    pub people: usize,
    /// Places of people who are not in it, because the list does not say what the system tells them apart by.
    pub without_key: Vec<usize>,
}

/// Why there is no file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum NoGradebook {
    /// The title is empty.
    #[error("the new item needs a title")]
    NoTitle,
    /// Canvas ignores columns with such a title.
    #[error("Canvas takes a column with this title for one of its totals and ignores it")]
    TitleOfTotal,
    /// Nobody can be told apart in this system.
    #[error("the class list has nothing by which this gradebook tells people apart")]
    NobodyHasKey,
}

/// Makes the file.
pub fn gradebook_file(book: Gradebook<'_>) -> Result<GradebookFile, NoGradebook> {
    let title = title(book.format, book.title)?;
    let mut sheet = Sheet::new(book.format);
    let points = number(book.points);
    let key = key_of(book)?;
    match book.format {
        GradebookFormat::Canvas => {
            sheet.line(&["Student", "ID", "SIS Login ID", "Section", &title]);
            sheet.line(&["    Points Possible", "", "", "", &points]);
        }
        GradebookFormat::Moodle => sheet.line(&[key.moodle_name(), &title]),
        GradebookFormat::Blackboard => {
            sheet.line(&["Last Name", "First Name", "Username", &format!("{title} [Total Pts: {points} Score]")]);
        }
        GradebookFormat::Brightspace => sheet.line(&[
            "OrgDefinedId",
            "Username",
            &format!("{title} Points Grade <Numeric MaxPoints:{points}>"),
            "End-of-Line Indicator",
        ]),
        GradebookFormat::Sakai => sheet.line(&["Student ID", "Name", &format!("{title} [{points}]")]),
        GradebookFormat::Plain => {
            sheet.line(&["Name", "E-mail", "Username", "Student number", "Section", &title, "Out of"]);
        }
    }
    let mut seen = HashSet::new();
    let mut file = GradebookFile { bytes: Vec::new(), title: title.clone(), people: 0, without_key: Vec::new() };
    for (place, (person, value)) in book.values.iter().enumerate() {
        let its_key = key.of(person, book.format);
        if its_key.as_ref().is_none_or(|its_key| !seen.insert(compared(its_key))) {
            file.without_key.push(place);
            continue;
        }
        let value = number(*value);
        let text = |text: &Option<String>| text.clone().unwrap_or_default();
        let name = guarded(person.name.as_deref().unwrap_or_default());
        let (login, number, id) = (text(&person.login), text(&person.number), text(&person.system_id));
        match book.format {
            GradebookFormat::Canvas => sheet.line(&[&name, &id, &login, &guarded(&text(&person.section)), &value]),
            GradebookFormat::Moodle => sheet.line(&[its_key.as_deref().unwrap_or_default(), &value]),
            GradebookFormat::Blackboard => {
                let (last, first) = last_and_first(person.name.as_deref().unwrap_or_default());
                sheet.line(&[&guarded(last), &guarded(first), &login, &value]);
            }
            GradebookFormat::Brightspace => {
                let marked = |text: &str| if text.is_empty() { String::new() } else { format!("#{text}") };
                sheet.line(&[&marked(&number), &marked(&login), &value, "#"]);
            }
            GradebookFormat::Sakai => sheet.line(&[&login, &name, &value]),
            GradebookFormat::Plain => {
                let section = guarded(&text(&person.section));
                sheet.line(&[
                    &name,
                    &guarded(&text(&person.email)),
                    &guarded(&login),
                    &guarded(&number),
                    &section,
                    &value,
                    &points,
                ]);
            }
        }
        file.people += 1;
    }
    file.bytes = sheet.bytes;
    Ok(file)
}

/// What a gradebook tells people apart by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Key {
    Email,
    Login,
    Number,
    /// The number of the platform, else the login.
    SystemIdOrLogin,
    /// The number of the institution, else the login.
    NumberOrLogin,
    /// Anything.
    Any,
}

impl Key {
    fn of(self, person: &ListedPerson, format: GradebookFormat) -> Option<String> {
        let either = |one: &Option<String>, other: &Option<String>| one.clone().or_else(|| other.clone());
        let key = match self {
            Self::Email => person.email.clone(),
            Self::Login => person.login.clone(),
            Self::Number => person.number.clone(),
            Self::SystemIdOrLogin => either(&person.system_id, &person.login),
            Self::NumberOrLogin => either(&person.number, &person.login),
            Self::Any => {
                let texts = [&person.login, &person.email, &person.number, &person.system_id, &person.name];
                texts.into_iter().flatten().next().cloned()
            }
        };
        // A login that is a formula is no login; Brightspace writes its mark before it.
        key.filter(|key| !key.is_empty() && (format == GradebookFormat::Plain || !is_formula(key)))
    }

    fn moodle_name(self) -> &'static str {
        match self {
            Self::Number => "ID number",
            Self::Login => "Username",
            Self::Email | Self::SystemIdOrLogin | Self::NumberOrLogin | Self::Any => "Email address",
        }
    }
}

fn key_of(book: Gradebook<'_>) -> Result<Key, NoGradebook> {
    let key = match book.format {
        GradebookFormat::Canvas => Key::SystemIdOrLogin,
        // One column for all: the one that most people have.
        GradebookFormat::Moodle => {
            let having =
                |key: Key| book.values.iter().filter(|(person, _)| key.of(person, book.format).is_some()).count();
            let keys = [Key::Login, Key::Number, Key::Email];
            keys.into_iter().max_by_key(|key| having(*key)).unwrap_or(Key::Email)
        }
        GradebookFormat::Blackboard | GradebookFormat::Sakai => Key::Login,
        GradebookFormat::Brightspace => Key::NumberOrLogin,
        GradebookFormat::Plain => Key::Any,
    };
    let has_any = book.values.iter().any(|(person, _)| key.of(person, book.format).is_some());
    if has_any || book.values.is_empty() { Ok(key) } else { Err(NoGradebook::NobodyHasKey) }
}

/// The title as the system takes it for a new item.
fn title(format: GradebookFormat, title: &str) -> Result<String, NoGradebook> {
    const TOTALS: [&str; 9] = [
        "current score",
        "final score",
        "current grade",
        "final grade",
        "current points",
        "final points",
        "override score",
        "override grade",
        "override status",
    ];
    let mut title = model::line::one_line(title).trim_start_matches(['=', '+', '-', '@', '\'', ' ']).to_owned();
    if title.is_empty() {
        return Err(NoGradebook::NoTitle);
    }
    match format {
        GradebookFormat::Canvas => {
            let lower = title.to_lowercase();
            if TOTALS.iter().any(|total| lower.contains(total)) {
                return Err(NoGradebook::TitleOfTotal);
            }
            // `(12)` at the end would be the number of an item that exists.
            let is_number = title
                .strip_suffix(')')
                .and_then(|rest| rest.rsplit_once('('))
                .is_some_and(|(_, digits)| !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit()));
            if is_number && let Some(open) = title.rfind('(') {
                let digits = title[open + 1..title.len() - 1].to_owned();
                title.replace_range(open.., &digits);
            }
        }
        GradebookFormat::Blackboard => title = title.replace(['[', '|'], "(").replace(']', ")"),
        GradebookFormat::Brightspace => title = title.replace('<', "(").replace('>', ")"),
        GradebookFormat::Sakai => {
            let plain = title.replace('[', "(").replace(']', ")");
            title = plain.trim_start_matches(['*', '#', ' ']).into();
        }
        GradebookFormat::Moodle | GradebookFormat::Plain => {}
    }
    if title.is_empty() { Err(NoGradebook::NoTitle) } else { Ok(title) }
}

/// A number with a decimal point and at most two decimals, without zeros at its end.
pub(crate) fn number(value: f64) -> String {
    let text = format!("{value:.2}");
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}

fn is_formula(text: &str) -> bool {
    text.starts_with(['=', '+', '-', '@', '\t', '\r'])
}

/// A text that no spreadsheet runs.
fn guarded(text: &str) -> String {
    if is_formula(text) { format!("'{text}") } else { text.to_owned() }
}

fn last_and_first(name: &str) -> (&str, &str) {
    match name.split_once(", ") {
        Some((last, first)) => (last, first),
        None => name.rsplit_once(' ').map_or((name, ""), |(first, last)| (last, first)),
    }
}

struct Sheet {
    bytes: Vec<u8>,
    separator: u8,
    end: &'static str,
    quotes_all: bool,
}

impl Sheet {
    fn new(format: GradebookFormat) -> Self {
        let (end, quotes_all) = match format {
            GradebookFormat::Blackboard => ("\n", true),
            GradebookFormat::Sakai => ("\r\n", true),
            GradebookFormat::Canvas
            | GradebookFormat::Moodle
            | GradebookFormat::Brightspace
            | GradebookFormat::Plain => ("\n", false),
        };
        Self { bytes: Vec::new(), separator: b',', end, quotes_all }
    }

    fn line(&mut self, cells: &[&str]) {
        for (place, cell) in cells.iter().enumerate() {
            if place > 0 {
                self.bytes.push(self.separator);
            }
            let needs = self.quotes_all || cell.contains(['"', ',', ';', '\t', '\n', '\r']);
            if needs {
                self.bytes.push(b'"');
                self.bytes.extend(cell.replace('"', "\"\"").as_bytes());
                self.bytes.push(b'"');
            } else {
                self.bytes.extend(cell.as_bytes());
            }
        }
        self.bytes.extend(self.end.as_bytes());
    }
}
