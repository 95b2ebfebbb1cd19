//! The class list of a sample course, as a learning platform would export it: with gaps, as every class list has.
//!
//! Some who watch are on no list, some on the list never watched, and a few addresses are private, so that only the number or
//! the name is left. All people are invented. Deliberately absent: chance.
//!
//! Invariant: the same world gives the same list.

use std::collections::HashSet;
use std::fmt::Write as _;

use uuid::Uuid;

use crate::world::World;

/// People of the list who never watched anything.
const NEVER_SEEN: [(&str, &str); 6] = [
    ("Lúcia", "Costa"),
    ("Mair", "Evans"),
    ("Tariq", "Lindqvist"),
    ("Sofía", "Quill"),
    ("Jörg", "Ahlmann"),
    ("Åsa", "Núñez-Ó Briain"),
];
/// One in so many viewers is on no list.
const NOT_LISTED_EVERY: usize = 11;
/// One in so many has given a private address.
const PRIVATE_EVERY: usize = 13;

impl World {
    /// The class list of a course, a folder with all its subfolders, as a table with names of columns; without people where
    /// `course` is no folder's ID.
    pub fn class_list(&self, course: &str) -> String {
        let course = Uuid::try_parse(course).unwrap_or_default();
        let mut folders: HashSet<Uuid> = HashSet::from([course]);
        // Subfolders stand behind the folder that holds them.
        for folder in &self.folders {
            if folder.parent.is_some_and(|parent| folders.contains(&parent)) {
                folders.insert(folder.id);
            }
        }
        let videos: HashSet<Uuid> = self
            .sessions
            .iter()
            .filter(|session| folders.contains(&session.folder))
            .map(|session| session.id)
            .collect();
        let watched: HashSet<Uuid> =
            self.views.iter().filter(|view| videos.contains(&view.session)).map(|view| view.user).collect();
        let viewers = self.users.iter().filter(|user| watched.contains(&user.id));
        let students =
            viewers.filter(|user| !user.is_deleted && !user.username.contains(".staff") && !user.name.is_empty());
        let mut text = "First name,Last name,ID number,Email address,Groups\n".to_owned();
        let mut addresses = HashSet::new();
        for (place, user) in students.enumerate() {
            let login = user.username.rsplit('\\').next().unwrap_or_default();
            let number = if login.bytes().all(|byte| byte.is_ascii_digit()) {
                login.to_owned()
            } else {
                format!("{:07}", 20_001 + place)
            };
            let (first, last) = user.name.split_once(' ').unwrap_or(("", &user.name));
            let email = match place % PRIVATE_EVERY {
                4 => format!("{}.{place}@private.example", last.to_lowercase()),
                _ => user.email.clone(),
            };
            if place % NOT_LISTED_EVERY == NOT_LISTED_EVERY - 1 || !addresses.insert(user.email.clone()) {
                continue;
            }
            let _ = writeln!(text, "{first},{last},{number},{email},Group {}", place % 3 + 1);
        }
        for (place, (first, last)) in NEVER_SEEN.iter().enumerate() {
            let (number, group) = (30_001 + place, place % 3 + 1);
            let _ = writeln!(text, "{first},{last},{number:07},absent{place}@example.edu,Group {group}");
        }
        text
    }
}
