//! The fact sheet for IT and data protection: what this program keeps, where, for how long, and whom it speaks to.
//!
//! Deliberately absent: opinions. Invariant: true by test (`tests/engine/facts.rs`): every file that a whole run writes is
//! listed here, and every host it speaks to.

/// Whether a file says something about single people.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Keeps {
    /// Nothing about viewers.
    Nothing,
    /// What people watched, by Panopto's user IDs.
    Viewing,
    /// Names, user names or addresses.
    Names,
}

impl Keeps {
    /// In words.
    pub const fn text(self) -> &'static str {
        match self {
            Self::Nothing => "nothing about viewers",
            Self::Viewing => "what was watched, by user ID",
            Self::Names => "names",
        }
    }
}

/// One kind of file in the data folder.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Fact {
    /// The path below the data folder; `*` stands for one name.
    pub path: &'static str,
    /// What it says about people.
    pub keeps: Keeps,
    /// What it is for, and until when it is kept.
    pub purpose: &'static str,
}

const fn fact(path: &'static str, keeps: Keeps, purpose: &'static str) -> Fact {
    Fact { path, keeps, purpose }
}

/// Every kind of file that this program keeps in the data folder.
pub const FACTS: &[Fact] = &[
    fact("courses.csv", Keeps::Nothing, "the course list; until a course is removed"),
    fact("state.csv", Keeps::Nothing, "up to which day each course is fetched"),
    fact("dates.csv", Keeps::Nothing, "exams, deadlines and lectures that the teacher has given"),
    fact("notes.csv", Keeps::Nothing, "what the teacher has noted about moments of videos"),
    fact("pairs.csv", Keeps::Nothing, "videos of two terms that the teacher has paired"),
    fact(
        "people.csv",
        Keeps::Names,
        "names that Panopto has told, what an account may do there, and who is left out; until forgotten or removed",
    ),
    fact("keep-for.csv", Keeps::Nothing, "for how long the teacher wants the records of each course kept"),
    fact(
        "exports-with-names.csv",
        Keeps::Nothing,
        "when something with names was saved elsewhere, and where; the newest 1,000; no names",
    ),
    fact(
        "class-lists/*",
        Keeps::Names,
        "the class list of a course as it was imported, and who was said to be whom; until removed or forgotten",
    ),
    fact("database/*/sessions_overview.csv", Keeps::Nothing, "the videos of a course"),
    fact("database/*/viewing_activity.csv", Keeps::Viewing, "viewing records; until removed, forgotten or too old"),
    fact(
        "database/*/viewing_activity.multiplied.csv",
        Keeps::Viewing,
        "the records as the scripts had stored them, before copies were dropped",
    ),
    fact("database/*/captions/*", Keeps::Nothing, "what is said in the videos, as Panopto sends it"),
    fact("output[CHUNKED]/*/chunked_data.csv", Keeps::Viewing, "made from the records; can be made again"),
    fact("output[CHUNKED]/*/sessions_overview.csv", Keeps::Nothing, "made from the records; can be made again"),
    fact(".panopto-analytics/lock", Keeps::Nothing, "so that one program at a time writes here"),
    fact(".panopto-analytics/time-zone.txt", Keeps::Nothing, "the reporting time zone"),
    fact(".panopto-analytics/chunked.json", Keeps::Nothing, "what the output was made from: sizes and hashes"),
    fact(
        ".panopto-analytics/being-forgotten.csv",
        Keeps::Viewing,
        "user IDs of people who are being forgotten; only while that goes on, or after it was cut off, until it is finished",
    ),
    fact(
        ".panopto-analytics/forgotten.csv",
        Keeps::Nothing,
        "salted hashes of people who were forgotten, so that no sync brings them back",
    ),
    fact(".panopto-analytics/sync/*", Keeps::Nothing, "how far each video is fetched, and what failed last"),
    fact(
        ".panopto-analytics/staging/*/*",
        Keeps::Viewing,
        "records on their way into the database; until the sync ends",
    ),
    fact(
        ".panopto-analytics/trash/*/*",
        Keeps::Names,
        "a removed course with its class list, until its removal can no longer be undone",
    ),
    fact(".panopto-analytics/trash/*/*/*", Keeps::Viewing, "the files of a removed course"),
];

/// Every kind of file that this program keeps in the folder of its settings, which is the user's own and holds no viewing.
pub const SETTINGS_FACTS: &[Fact] = &[
    fact("settings.json", Keeps::Nothing, "the settings, with the server and the teacher's own user name; no password"),
    fact("settings.json.backup", Keeps::Nothing, "the settings as they were kept last, in case of damage"),
    fact("window.json", Keeps::Nothing, "what was on screen, how large each course is, and who signed in last"),
    fact("window-place.json", Keeps::Nothing, "place and size of the window"),
    fact("nightly.json", Keeps::Nothing, "how the last nights went"),
    fact("data-folder-move.json", Keeps::Nothing, "a move of the data folder that is under way"),
    fact("promised-deletions.json", Keeps::Nothing, "data that is to be deleted when the program ends"),
    fact("locks/*", Keeps::Nothing, "so that two programs do not change the same thing at once; empty"),
    fact("logs/*", Keeps::Nothing, "what failed, in codes; 7 days; on some systems in the system's folder for logs"),
];

/// What the sheet says apart from files: whom the program speaks to, and where secrets are. `host` is the server that is set.
pub fn statements(host: Option<&str>) -> [String; 3] {
    let contacted = host.unwrap_or("none yet: no server is set");
    [
        format!("Hosts contacted: {contacted} (https; nothing else, no telemetry, no updates)"),
        "Port opened: one on 127.0.0.1, only while somebody signs in with the browser".to_owned(),
        "Secrets: in the system's keychain, or in environment variables; never in a file".to_owned(),
    ]
}

impl Fact {
    /// Whether a path below the data folder, with `/` between its parts, is of this kind.
    pub fn is_of(&self, path: &str) -> bool {
        let (mut wanted, mut parts) = (self.path.split('/'), path.split('/'));
        loop {
            match (wanted.next(), parts.next()) {
                (None, None) => return true,
                (Some("*"), Some(_)) => {}
                (Some(name), Some(part)) if name == part => {}
                _ => return false,
            }
        }
    }
}
