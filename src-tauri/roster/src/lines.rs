//! Lists without names of columns: one login, number or address a line, or addresses as mail programs copy them.
//!
//! Deliberately absent: tables without a header, whose columns nobody could tell for certain.
//!
//! Invariant: a line that is none of these is told, never guessed.

use model::ListedPerson;

use crate::people::{People, SkipReason, SkippedRow};
use crate::table::{MOST_ROWS, plain};

/// The people of a list without names of columns; `None` where the text is no such list.
pub(crate) fn people_of(text: &str) -> Option<People> {
    let mut people = People::default();
    for (line, number) in text.lines().zip(1..) {
        if people.found.len() >= MOST_ROWS {
            return None;
        }
        for entry in entries(line) {
            let entry = plain(entry);
            if entry.is_empty() {
                continue;
            }
            match person(&entry) {
                Some(person) => people.add(number, person),
                None => people.skipped.push(SkippedRow { line: number, reason: SkipReason::Nobody }),
            }
        }
    }
    // A few wrong lines are told; a text of them is no list.
    let is_list = !people.found.is_empty() && people.found.len() >= people.skipped.len() * 2;
    is_list.then_some(people)
}

/// The entries of a line: one, or addresses between commas and semicolons.
fn entries(line: &str) -> Vec<&str> {
    if !line.contains('@') {
        return vec![line];
    }
    let (mut entries, mut from, mut is_quoted) = (Vec::new(), 0, false);
    for (at, character) in line.char_indices() {
        match character {
            '"' => is_quoted = !is_quoted,
            // `Okonjo-Vale, Mira <mvale7@example.edu>` is one entry.
            ',' | ';' if !is_quoted && line[from..at].contains('@') => {
                entries.push(&line[from..at]);
                from = at + 1;
            }
            _ => {}
        }
    }
    entries.push(&line[from..]);
    entries
}

fn person(entry: &str) -> Option<ListedPerson> {
    if let Some((name, address)) = entry.strip_suffix('>').and_then(|entry| entry.rsplit_once('<')) {
        let name = name.trim().trim_matches('"').trim();
        let email = Some(address.trim()).filter(|address| is_address(address))?;
        let name = Some(name).filter(|name| !name.is_empty()).map(str::to_owned);
        return Some(ListedPerson { name, email: Some(email.to_owned()), ..ListedPerson::default() });
    }
    let entry = entry.trim_matches('"').trim();
    if is_address(entry) {
        return Some(ListedPerson { email: Some(entry.to_owned()), ..ListedPerson::default() });
    }
    let is_short = entry.chars().count() <= 64;
    let is_word = entry
        .chars()
        .all(|character| character.is_alphanumeric() || matches!(character, '.' | '-' | '_' | '\\' | '#' | '/'));
    if !is_short || !is_word {
        return None;
    }
    let bare = entry.trim_start_matches('#');
    if !bare.is_empty() && bare.bytes().all(|byte| byte.is_ascii_digit() || byte == b'-') {
        return Some(ListedPerson { number: Some(bare.to_owned()), ..ListedPerson::default() });
    }
    // A login has a digit or is one short word; a list of first names is no list of logins.
    let is_login = bare.is_ascii() && bare.bytes().any(|byte| byte.is_ascii_alphabetic());
    is_login.then(|| ListedPerson { login: Some(bare.to_owned()), ..ListedPerson::default() })
}

fn is_address(text: &str) -> bool {
    text.split_once('@').is_some_and(|(local, domain)| {
        !local.is_empty() && domain.contains('.') && !domain.contains('@') && !text.contains([' ', '<', '>', ','])
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn emails(text: &str) -> Vec<String> {
        people_of(text).unwrap().found.into_iter().filter_map(|person| person.email).collect()
    }

    #[test]
    fn addresses_are_read_as_mail_programs_copy_them() {
        let text = "Okonjo-Vale, Mira <mvale7@example.edu>; \"Lindqvist, Tariq\" <tlind@example.edu>, ana@example.edu\n\nzoe@example.edu;";
        assert_eq!(emails(text), ["mvale7@example.edu", "tlind@example.edu", "ana@example.edu", "zoe@example.edu"]);
        assert_eq!(people_of(text).unwrap().found[0].name.as_deref(), Some("Okonjo-Vale, Mira"));
        assert_eq!(people_of(text).unwrap().found[1].name.as_deref(), Some("Lindqvist, Tariq"));
    }

    #[test]
    fn numbers_keep_their_zeros_and_logins_are_words() {
        let people = people_of("0012345\n#0012346\nmvale7\n").unwrap().found;
        assert_eq!(people[0].number.as_deref(), Some("0012345"));
        assert_eq!(people[1].number.as_deref(), Some("0012346"));
        assert_eq!(people[2].login.as_deref(), Some("mvale7"));
    }

    #[test]
    fn a_text_is_no_list() {
        assert!(people_of("Dear all,\nplease watch the lecture.\nBest wishes\n").is_none());
    }
}
