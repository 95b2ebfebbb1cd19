//! `people.csv`: what Panopto calls the viewers, and what the teacher has decided about them, one user ID a line.
//!
//! The only file that holds names, apart from a class list. Plain, so that a teacher can read what is kept about people.
//! Decisions cannot be made again, so it is durable; owner-only like every file here. Deliberately absent: viewing.
//!
//! Invariants: nothing of a damaged file is taken, and it is never written over; every account named as somebody's person is
//! that person itself, so there are no chains; a forgotten person leaves no line.

use std::collections::{BTreeMap, HashSet};
use std::path::PathBuf;

use chrono::{DateTime, SecondsFormat, Utc};
use model::{Account, AccountName, Decisions, NameState, PanoptoRole, Recorded, Role, UserId};

use super::disk::{Durability, replace};
use super::table::{self, Row, ShortLines, Source, read_growing_table};
use super::{DataFolder, FolderLock};
use crate::{ErrorKind, Result};

const FILE: &str = "people.csv";
const COLUMNS: [&str; 12] = [
    "UserId",
    "NameState",
    "UserName",
    "FirstName",
    "LastName",
    "Email",
    "AskedAt",
    "Role",
    "LeftOut",
    "PersonUserId",
    "PanoptoRole",
    "DifferentFrom",
];
/// The first of the columns that files of earlier versions lack.
const SINCE_LATER: usize = PANOPTO_ROLE;
// The places of the columns.
const USER: usize = 0;
const STATE: usize = 1;
const USER_NAME: usize = 2;
const FIRST: usize = 3;
const LAST: usize = 4;
const EMAIL: usize = 5;
const ASKED_AT: usize = 6;
const ROLE: usize = 7;
const LEFT_OUT: usize = 8;
const PERSON: usize = 9;
const PANOPTO_ROLE: usize = 10;
const DIFFERENT_FROM: usize = 11;
/// Some hundred bytes for each viewer; a whole university fits.
const MOST_BYTES: u64 = 64 << 20;
/// No name is longer; what is, is cut before it is kept.
const LONGEST_NAME_CHARS: usize = 200;
const YES: &str = "yes";

/// What Panopto said about an account, and when.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KnownName {
    /// The answer.
    pub state: Recorded<NameState>,
    /// The name; empty unless the answer was one.
    pub name: AccountName,
    /// When Panopto was asked.
    pub asked_at: DateTime<Utc>,
}

/// Everything that is kept about people.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct People {
    /// What is known of each account.
    pub names: BTreeMap<UserId, KnownName>,
    /// What the teacher has decided.
    pub decisions: Decisions,
    /// What Panopto lets an account do, where that tells that it is perhaps no student's.
    pub panopto_roles: BTreeMap<UserId, Recorded<PanoptoRole>>,
}

impl People {
    /// An account with what is known of it.
    pub fn account(&self, id: UserId) -> Account {
        match self.names.get(&id) {
            Some(known) => Account { id, state: Some(known.state.clone()), name: known.name.clone() },
            None => Account::unknown(id),
        }
    }

    /// Keeps an answer. A refusal, which is about the one who asks, does not take the place of a name.
    pub fn learn(&mut self, id: UserId, answer: KnownName) {
        let is_refusal = answer.state == Recorded::Known(NameState::Refused);
        let is_named = |known: &KnownName| known.state != Recorded::Known(NameState::Refused);
        if is_refusal && self.names.get(&id).is_some_and(is_named) {
            return;
        }
        let cut = |text: &str| model::line::one_line(text).chars().take(LONGEST_NAME_CHARS).collect::<String>();
        let AccountName { user_key, first, last, email } = &answer.name;
        let name = AccountName { user_key: cut(user_key), first: cut(first), last: cut(last), email: cut(email) };
        self.names.insert(id, KnownName { name, ..answer });
    }

    /// Removes everything about an account.
    pub fn forget(&mut self, id: UserId) {
        self.names.remove(&id);
        self.decisions.forget(id);
        self.panopto_roles.remove(&id);
    }
}

impl DataFolder {
    /// Where people are kept.
    pub fn people_file(&self) -> PathBuf {
        self.root().join(FILE)
    }

    /// What is kept about people; nothing where nothing is kept. [`ErrorKind::DataFileInvalid`] names the line that is wrong.
    pub fn people(&self) -> Result<People> {
        let path = self.people_file();
        if !self.exists(&path)? {
            return Ok(People::default());
        }
        let source = Source {
            path: &path,
            code: ErrorKind::DataFileInvalid,
            remedy: "Correct the line in a text editor, or move the file away: names are then fetched again, and nobody is left out",
            most_bytes: MOST_BYTES,
        };
        let mut people = People::default();
        let (mut lines, mut seen) = (Vec::new(), HashSet::new());
        read_growing_table(self.disk(), source, &COLUMNS, SINCE_LATER, ShortLines::EmptyCells, |row| {
            let line = line(row)?;
            if !seen.insert(line.id) {
                return Err(row.error(USER, format_args!("{} stands twice in the file", line.id)));
            }
            lines.push(line);
            Ok(())
        })?;
        // First who is whom: what is said of an account is said of its person.
        let parts = lines
            .iter()
            .filter_map(|line: &Line| line.person.filter(|person| *person != line.id).map(|person| (line.id, person)));
        people.decisions = Decisions::of_parts(parts.collect()).ok_or_else(|| {
            source.file_error(
                "names as somebody's `PersonUserId` a user ID that is itself part of somebody else, or of nobody",
            )
        })?;
        for line in lines {
            if line.is_left_out {
                people.decisions.leave_out(line.id, None);
            }
            if let Some(role) = line.role {
                people.decisions.set_role(line.id, Some(role));
            }
            for other in line.different_from {
                people.decisions.keep_different(line.id, other);
            }
            if let Some(role) = line.panopto_role {
                people.panopto_roles.insert(line.id, role);
            }
            if let Some(known) = line.known {
                people.names.insert(line.id, known);
            }
        }
        Ok(people)
    }

    /// Replaces what is kept about people. Where that is nothing, and there is no file, none is made.
    pub fn save_people(&self, _lock: &FolderLock, people: &People) -> Result<()> {
        let path = self.people_file();
        if *people == People::default() && !self.exists(&path)? {
            return Ok(());
        }
        let mut text = Vec::new();
        table::push_line(&mut text, COLUMNS);
        let mut accounts = people.decisions.accounts();
        accounts.extend(people.names.keys());
        accounts.extend(people.panopto_roles.keys());
        for id in accounts {
            push_account(&mut text, people, id);
        }
        replace(self.disk(), &path, Durability::Durable, |file| file.write_all(&text))
    }
}

/// What a line says.
struct Line {
    id: UserId,
    known: Option<KnownName>,
    role: Option<Recorded<Role>>,
    is_left_out: bool,
    person: Option<UserId>,
    panopto_role: Option<Recorded<PanoptoRole>>,
    different_from: Vec<UserId>,
}

fn line(row: &Row<'_>) -> Result<Line> {
    let id: UserId = row.id(USER)?;
    let state = row.text(STATE).trim();
    let known = if state.is_empty() {
        None
    } else {
        let text = |column: usize| unguarded(row.text(column)).to_owned();
        Some(KnownName {
            state: Recorded::of(state),
            name: AccountName { user_key: text(USER_NAME), first: text(FIRST), last: text(LAST), email: text(EMAIL) },
            asked_at: row.parsed(ASKED_AT, "a time such as 2026-11-28T15:00:00Z", |text| {
                DateTime::parse_from_rfc3339(text.trim()).ok().map(|at| at.to_utc())
            })?,
        })
    };
    let (role, panopto_role) = (row.text(ROLE).trim(), row.text(PANOPTO_ROLE).trim());
    let is_left_out = match row.text(LEFT_OUT).trim() {
        "" | "no" => false,
        YES => true,
        _ => return Err(row.error(LEFT_OUT, "`yes` or nothing is expected")),
    };
    let others = row.text(DIFFERENT_FROM).split_whitespace().map(UserId::parse);
    let different_from = others
        .collect::<std::result::Result<Vec<_>, _>>()
        .map_err(|_| row.error(DIFFERENT_FROM, "user IDs with spaces between them are expected"))?;
    Ok(Line {
        id,
        known,
        role: (!role.is_empty()).then(|| Recorded::of(role)),
        is_left_out,
        person: row.optional_id(PERSON)?,
        panopto_role: (!panopto_role.is_empty()).then(|| Recorded::of(panopto_role)),
        different_from,
    })
}

fn push_account(text: &mut Vec<u8>, people: &People, id: UserId) {
    let known = people.names.get(&id);
    let name = |part: fn(&AccountName) -> &String| known.map_or_else(String::new, |known| guarded(part(&known.name)));
    let person = people.decisions.person_of(id);
    let is_head = person.account() == id;
    table::push_line(
        text,
        [
            id.to_string().as_str(),
            known.map_or("", |known| known.state.as_str()),
            &name(|name| &name.user_key),
            &name(|name| &name.first),
            &name(|name| &name.last),
            &name(|name| &name.email),
            &known.map_or_else(String::new, |known| known.asked_at.to_rfc3339_opts(SecondsFormat::AutoSi, true)),
            // Said once, of the account that stands for the person.
            people.decisions.role_of(id).filter(|_| is_head).map_or("", Recorded::as_str),
            if is_head && people.decisions.is_left_out(id) { YES } else { "" },
            &if is_head { String::new() } else { person.to_string() },
            people.panopto_roles.get(&id).map_or("", Recorded::as_str),
            &people.decisions.different_from(id).map(|other| other.to_string()).collect::<Vec<_>>().join(" "),
        ],
    );
}

/// What a spreadsheet would take for a formula gets a mark in front.
fn guarded(text: &str) -> String {
    if text.starts_with(['=', '+', '-', '@', '\'']) { format!("'{text}") } else { text.to_owned() }
}

fn unguarded(text: &str) -> &str {
    text.strip_prefix('\'').unwrap_or(text)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::RealDisk;

    fn folder() -> (tempfile::TempDir, DataFolder) {
        let dir = tempfile::tempdir().unwrap();
        let folder = DataFolder::create(dir.path().join("data")).unwrap();
        (dir, folder)
    }

    fn id(number: u8) -> UserId {
        UserId::from_bytes([number; 16])
    }

    fn named(user_key: &str, first: &str, last: &str, email: &str) -> KnownName {
        let text = str::to_owned;
        KnownName {
            state: NameState::Named.into(),
            name: AccountName { user_key: text(user_key), first: text(first), last: text(last), email: text(email) },
            asked_at: "2026-11-28T15:00:00Z".parse().unwrap(),
        }
    }

    fn people() -> People {
        let mut people = People::default();
        people.learn(id(1), named("unified\\mvale7", "Mira", "Okonjo-Vale", "mvale7@example.edu"));
        people.learn(id(2), named("=cmd", "+1", "-x, \"y\"", "@z"));
        people.learn(id(3), named("'quoted", "été", "数据", ""));
        people.learn(id(4), KnownName { state: NameState::Anonymous.into(), ..named("", "", "", "") });
        people.decisions.merge(&[id(1), id(9)]).unwrap();
        people.decisions.leave_out(id(9), Some(Role::Staff));
        people.decisions.set_role(id(7), Some(Role::Student.into()));
        people.decisions.say_different(&[id(2), id(3), id(9)]).unwrap();
        people
    }

    #[test]
    fn people_come_back_as_they_were_kept() {
        let (_dir, folder) = folder();
        let lock = folder.lock().unwrap();
        folder.save_people(&lock, &People::default()).unwrap();
        assert!(!folder.people_file().exists(), "nothing to keep, no file");
        folder.save_people(&lock, &people()).unwrap();
        assert_eq!(folder.people().unwrap(), people());
        let text = String::from_utf8(folder.disk().read(&folder.people_file()).unwrap()).unwrap();
        assert!(text.contains(",'=cmd,'+1,\"'-x, \"\"y\"\"\",'@z,"), "{text}");
    }

    #[test]
    fn a_forgotten_account_leaves_no_line() {
        let (_dir, folder) = folder();
        let lock = folder.lock().unwrap();
        let mut kept = people();
        kept.forget(id(1));
        kept.forget(id(2));
        folder.save_people(&lock, &kept).unwrap();
        let text = String::from_utf8(folder.disk().read(&folder.people_file()).unwrap()).unwrap();
        for gone in [&id(1).to_string(), &id(2).to_string(), "mvale7", "Mira", "cmd"] {
            assert!(!text.contains(gone), "{text}");
        }
        assert!(folder.people().unwrap().decisions.is_left_out(id(9)));
    }

    #[test]
    fn a_refusal_never_takes_the_place_of_a_name() {
        let mut people = people();
        people.learn(id(1), KnownName { state: NameState::Refused.into(), ..named("", "", "", "") });
        assert_eq!(people.account(id(1)).name.first, "Mira");
        people.learn(id(8), KnownName { state: NameState::Refused.into(), ..named("", "", "", "") });
        people.learn(id(8), named("jdoe", "", "", ""));
        assert_eq!(people.account(id(8)).name.user_key, "jdoe");
        people.learn(id(8), named("a\nb\u{7}", &"x".repeat(5000), "", ""));
        assert_eq!(people.account(id(8)).name.first.len(), LONGEST_NAME_CHARS);
        assert!(!people.account(id(8)).name.user_key.contains(char::is_control));
    }

    #[test]
    fn a_damaged_file_is_told_by_its_line() {
        let (_dir, folder) = folder();
        let header = COLUMNS.join(",");
        let one = id(1);
        for (lines, said) in [
            (format!("{one},named,,,,,yesterday"), "`AskedAt`"),
            (format!("{one},,,,,,,,perhaps"), "`LeftOut`"),
            (format!("{one},,,,,,,,,,,perhaps"), "`DifferentFrom`"),
            (format!("{one}\n{one}"), "stands twice"),
            ("x".to_owned(), "`UserId`"),
            (format!("{one},,,,,,,,,{0}\n{0},,,,,,,,,{1}\n{1}", id(2), id(3)), "somebody else"),
            (format!("{one},,,,,,,,,{}\n{},,,,,,,,,{one}", id(2), id(2)), "somebody else"),
        ] {
            let text = format!("{header}\n{lines}\n");
            replace(&RealDisk, &folder.people_file(), Durability::Durable, |file| file.write_all(text.as_bytes()))
                .unwrap();
            let error = folder.people().unwrap_err();
            assert!(error.to_string().contains(said), "{error}");
        }
    }

    #[test]
    fn words_of_another_version_stay() {
        let (_dir, folder) = folder();
        let lock = folder.lock().unwrap();
        let strange = format!("{}\n{},guessed,jdoe,,,,2026-11-28T15:00:00Z,observer,,,,\n", COLUMNS.join(","), id(1));
        replace(&RealDisk, &folder.people_file(), Durability::Durable, |file| file.write_all(strange.as_bytes()))
            .unwrap();
        let people = folder.people().unwrap();
        folder.save_people(&lock, &people).unwrap();
        assert_eq!(String::from_utf8(folder.disk().read(&folder.people_file()).unwrap()).unwrap(), strange);
    }
}
