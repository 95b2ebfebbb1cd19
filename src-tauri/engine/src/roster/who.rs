//! Whom of a course a text means, as somebody types it.
//!
//! Deliberately absent: keys of the window, which [`Everybody::find`] takes. Invariants: it never guesses: where several fit,
//! the error lists them; no error repeats what was typed, because it may be a name.

use model::{Numbered, Person, UserId, user_key_parts};

use super::everybody::{Everybody, Standing};
use crate::people::numbered;
use crate::{Error, ErrorCode, Result};

/// How many people an error lists if several fit.
const MOST_NAMED: usize = 5;
/// What stands before the number of a viewer, in lower case.
const VIEWER: &str = "viewer";

impl Everybody {
    /// The person that a text means: a user ID, a label or its number, a user name, an address, a number of the class list, or a
    /// part of a name. Two accounts of one person are one answer.
    pub fn find_who(&self, text: &str) -> Result<usize> {
        if UserId::parse(text).is_ok() {
            return self.find(text).ok_or_else(nobody);
        }
        let wanted = text.trim().to_lowercase();
        if wanted.is_empty() {
            return Err(nobody());
        }
        let by_number = match self.numbered(&wanted) {
            Some(Numbered::LeftOut(person)) if wanted.starts_with(VIEWER) => return Err(left_out(person)),
            Some(Numbered::Counts(viewer)) => {
                self.people().iter().position(|somebody| somebody.viewers.contains(&viewer))
            }
            Some(Numbered::LeftOut(_)) | None => None,
        };
        // `viewer 17` is nobody's number on the class list; `17` may be.
        if let Some(who) = by_number.filter(|_| wanted.starts_with(VIEWER)) {
            return Ok(who);
        }
        // Somebody who cannot be identified for certain has nothing to show; the viewer who may be them has.
        let is_told = |who: usize| {
            let somebody = &self.people()[who];
            !somebody.viewers.is_empty() || somebody.standing == Standing::InClass
        };
        let called: Vec<Vec<String>> =
            (0..self.people().len()).map(|who| if is_told(who) { self.called(who) } else { Vec::new() }).collect();
        let fitting = |fits: &dyn Fn(&str) -> bool| -> Vec<usize> {
            (0..called.len()).filter(|who| called[*who].iter().any(|name| fits(name))).collect()
        };
        let mut found = fitting(&|name| name == wanted);
        found.extend(by_number.filter(|who| !found.contains(who)));
        if found.is_empty() {
            found = fitting(&|name| name.contains(&wanted));
        }
        match found.as_slice() {
            [who] => Ok(*who),
            [] => Err(nobody()),
            several => {
                let mut listed: Vec<&str> = several.iter().take(MOST_NAMED).map(|who| self.label(*who)).collect();
                if several.len() > MOST_NAMED {
                    listed.push("…");
                }
                let message = format!("{} people fit: {}", several.len(), listed.join("; "));
                Err(Error::new(ErrorCode::InvalidInput, message).with_hint("Give more of the name, or the user ID"))
            }
        }
    }

    /// The accounts of somebody who is left out, as `viewer 17`: they are in no list, and counting them again names them.
    pub fn left_out_numbered(&self, text: &str) -> Option<Vec<UserId>> {
        let wanted = text.trim().to_lowercase();
        match self.numbered(&wanted).filter(|_| wanted.starts_with(VIEWER))? {
            Numbered::LeftOut(person) => Some(person.accounts.clone()),
            Numbered::Counts(_) => None,
        }
    }

    fn numbered(&self, wanted: &str) -> Option<Numbered<'_>> {
        let number = wanted.strip_prefix(VIEWER).unwrap_or(wanted).trim().parse().ok()?;
        self.seen.course.people.numbered(number)
    }

    /// Everything that somebody is called, in lower case.
    fn called(&self, who: usize) -> Vec<String> {
        let of_accounts = self.accounts(who).into_iter().flat_map(|account| {
            let name = account.name;
            let login = user_key_parts(&name.user_key).1.to_owned();
            [name.shown().unwrap_or_default(), login, name.user_key, name.email]
        });
        let of_list = self.listed(who).into_iter().flat_map(|person| {
            [&person.name, &person.email, &person.login, &person.number].into_iter().flatten().cloned()
        });
        let all = of_accounts.chain(of_list).chain([self.label(who).to_owned()]);
        all.map(|name| name.to_lowercase()).collect()
    }
}

fn left_out(person: &Person) -> Error {
    Error::new(ErrorCode::NotFound, format!("{} is left out of figures, charts and the dataset", numbered(person)))
        .with_hint("`panopto-analytics leave-out COURSE WHO --undo` counts them again")
}

fn nobody() -> Error {
    Error::new(ErrorCode::NotFound, "Nobody like this has viewing in the course or is on its class list")
        .with_hint("`panopto-analytics people COURSE` lists everybody")
}
