//! What the people of the sample courses are called: user names of every form, two accounts of one person, staff, an account
//! that was deleted, and accounts without a name.
//!
//! All people are invented. Deliberately absent: chance, and viewing: who watched what stays as it is.
//!
//! Invariant: the same place in the course has the same name in every sample.

use crate::world::User;

/// The domain of the invented university.
const DOMAIN: &str = "example.edu";

/// Gives the people of one course, in the order in which they were made, their user names and addresses.
pub(super) fn name_people(users: &mut [User]) {
    for (place, user) in users.iter_mut().enumerate() {
        let login = user.username.rsplit('\\').next().unwrap_or_default().to_owned();
        user.email = format!("{login}@{DOMAIN}");
        match place % 16 {
            // The learning platform passes the address, or a number with zeros in front.
            5 => user.username = format!("unified\\{login}@{DOMAIN}"),
            6 => user.username = format!("canvas\\{:07}", 12_345 + place),
            // An account of Panopto itself, and one that has nothing but a user name.
            7 => user.username = login,
            11 => (user.name, user.email) = (String::new(), String::new()),
            _ => {}
        }
    }
    // One person came by two roads, and so has two accounts.
    if let [first, second, ..] = users {
        (first.name, second.name) = ("Mira Castillo".to_owned(), "Mira Castillo".to_owned());
        (first.username, second.username) = ("unified\\mcastillo".to_owned(), "canvas\\mcastillo".to_owned());
        first.email = format!("mcastillo@{DOMAIN}");
        second.email.clone_from(&first.email);
    }
    if let Some(assistant) = users.get_mut(2) {
        assistant.name = "Ines Brandt (teaching assistant)".into();
        assistant.username = "unified\\ibrandt.staff".into();
        assistant.email = format!("ibrandt.staff@{DOMAIN}");
    }
    if let Some(gone) = users.get_mut(3) {
        gone.is_deleted = true;
    }
}
