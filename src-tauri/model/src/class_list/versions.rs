//! A class list over time: each import is a version; people who are gone from the newest stay, with the day they went.
//!
//! Deliberately absent: files. Invariants: a person keeps the links that somebody has made, whatever a later list calls them;
//! nobody is ever removed by an import; importing the same list again changes nothing.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::{Identifier, ListedPerson, compared};
use crate::UserId;

/// Where a version came from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ListSource {
    /// When it was imported.
    pub imported_at: DateTime<Utc>,
    /// The name of its file, without its folder; `None` where it was pasted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub file: Option<String>,
    /// The first 16 hexadecimal digits of the SHA-256 of its bytes.
    pub hash: String,
    /// The people on it.
    pub people: usize,
    /// The word of the system that wrote it, where that is known: `canvas`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub system: Option<String>,
}

/// What somebody has decided about a listed person and a user ID.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ListedLink {
    /// The user ID.
    pub user: UserId,
    /// Whether it is this person; else it is somebody else, whatever the list suggests.
    pub is_same: bool,
}

/// One person of a class list, over its versions.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Listed {
    /// As the newest version that names them says.
    #[serde(flatten)]
    pub person: ListedPerson,
    /// When they were first on a list of the course.
    pub since: DateTime<Utc>,
    /// The first import on which they were missing; `None` for those on the list.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub gone_since: Option<DateTime<Utc>>,
    /// What somebody has decided.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub links: Vec<ListedLink>,
}

/// The class list of one course.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ClassList {
    /// The imports, oldest first; the last one is what counts.
    pub versions: Vec<ListSource>,
    /// Domains of which somebody has said that what stands before the `@` is the login, as they are compared.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub confirmed_domains: Vec<String>,
    /// Everybody who was ever on it.
    pub people: Vec<Listed>,
}

/// What an import changes.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Update {
    /// People who are new on the list.
    pub joined: usize,
    /// People who were on it before and are still.
    pub stayed: usize,
    /// People who are gone with this version.
    pub gone: usize,
}

impl ClassList {
    /// Those who are on the list now.
    pub fn enrolled(&self) -> impl Iterator<Item = &Listed> {
        self.people.iter().filter(|listed| listed.gone_since.is_none())
    }

    /// Takes over a newer version.
    pub fn update(&mut self, people: Vec<ListedPerson>, source: ListSource) -> Update {
        let at = source.imported_at;
        let mut update = Update::default();
        let mut is_met = vec![false; self.people.len()];
        let mut new = Vec::new();
        let earlier = Earlier::new(&self.people);
        for person in people {
            match earlier.known(&self.people, &person, &is_met) {
                Some(place) => {
                    is_met[place] = true;
                    let listed = &mut self.people[place];
                    if listed.gone_since.take().is_some() {
                        update.joined += 1;
                    } else {
                        update.stayed += 1;
                    }
                    listed.person = person;
                }
                None => new.push(Listed { person, since: at, gone_since: None, links: Vec::new() }),
            }
        }
        for (listed, is_met) in self.people.iter_mut().zip(&is_met) {
            if !is_met && listed.gone_since.is_none() {
                listed.gone_since = Some(at);
                update.gone += 1;
            }
        }
        update.joined += new.len();
        self.people.extend(new);
        let is_same = self.versions.last().is_some_and(|last| last.hash == source.hash);
        if !is_same {
            self.versions.push(source);
        }
        update
    }

    /// Remembers a decision about a listed person; `is_same` `None` forgets it. One user ID is one person: linking it to one
    /// takes it from the others.
    ///
    /// # Panics
    /// If there is no such place.
    pub fn decide(&mut self, place: usize, user: UserId, is_same: Option<bool>) {
        if is_same == Some(true) {
            for listed in &mut self.people {
                listed.links.retain(|link| link.user != user || !link.is_same);
            }
        }
        let links = &mut self.people[place].links;
        links.retain(|link| link.user != user);
        links.extend(is_same.map(|is_same| ListedLink { user, is_same }));
    }

    /// Forgets everybody at one of these places, linked to one of these user IDs or with one of these identifiers, and returns
    /// how many.
    pub fn forget(&mut self, places: &[usize], users: &[UserId], identifiers: &[String]) -> usize {
        let before = self.people.len();
        let identifiers: Vec<String> = identifiers.iter().map(|text| compared(text)).collect();
        let mut place = 0;
        self.people.retain(|listed| {
            let is_there = places.contains(&place);
            place += 1;
            let is_linked = listed.links.iter().any(|link| link.is_same && users.contains(&link.user));
            let is_named = listed.person.identifiers().any(|(_, text)| identifiers.contains(&text));
            !is_there && !is_linked && !is_named
        });
        for listed in &mut self.people {
            listed.links.retain(|link| !users.contains(&link.user));
        }
        before - self.people.len()
    }
}

/// Everybody who was on a list before, to be found by what tells them apart.
struct Earlier {
    by_identifier: HashMap<(Identifier, String), Vec<usize>>,
    by_name: HashMap<String, Vec<usize>>,
}

impl Earlier {
    fn new(people: &[Listed]) -> Self {
        let (mut by_identifier, mut by_name) = (HashMap::new(), HashMap::new());
        for (place, listed) in people.iter().enumerate() {
            let mut has_any = false;
            for identifier in listed.person.identifiers() {
                has_any = true;
                by_identifier.entry(identifier).or_insert_with(Vec::new).push(place);
            }
            if let (false, Some(name)) = (has_any, &listed.person.name) {
                by_name.entry(compared(name)).or_insert_with(Vec::new).push(place);
            }
        }
        Self { by_identifier, by_name }
    }

    /// The place of somebody who was on the list before: the one with whom more identifiers agree than differ. Those without
    /// any identifier are found by their name.
    fn known(&self, people: &[Listed], person: &ListedPerson, is_met: &[bool]) -> Option<usize> {
        let mine: Vec<(Identifier, String)> = person.identifiers().collect();
        if mine.is_empty() {
            let places = self.by_name.get(&compared(person.name.as_deref()?))?;
            return places.iter().copied().find(|place| !is_met[*place]);
        }
        let mut best: Option<(usize, usize)> = None;
        for place in mine.iter().filter_map(|identifier| self.by_identifier.get(identifier)).flatten() {
            if is_met[*place] {
                continue;
            }
            let (mut agreeing, mut differing) = (0, 0);
            for (kind, text) in people[*place].person.identifiers() {
                match mine.iter().find(|(mine, _)| *mine == kind) {
                    Some((_, mine)) if *mine == text => agreeing += 1,
                    Some(_) => differing += 1,
                    None => {}
                }
            }
            // Where as much agrees as differs, as after a new address, the name decides.
            let name = |listed: &ListedPerson| listed.name.as_deref().map(compared);
            let has_same_name = person.name.is_some() && name(person) == name(&people[*place].person);
            let weight = agreeing * 2 + usize::from(has_same_name);
            if weight > differing * 2 && best.is_none_or(|(_, most)| weight > most) {
                best = Some((*place, weight));
            }
        }
        best.map(|(place, _)| place)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(day: u32) -> DateTime<Utc> {
        format!("2026-10-{day:02}T08:00:00Z").parse().unwrap()
    }

    fn source(day: u32) -> ListSource {
        ListSource { imported_at: at(day), file: None, hash: format!("{day}"), people: 0, system: None }
    }

    fn person(login: &str, email: &str) -> ListedPerson {
        ListedPerson { login: Some(login.to_owned()), email: Some(email.to_owned()), ..ListedPerson::default() }
    }

    #[test]
    fn people_who_go_stay_marked_and_may_come_back() {
        let mut list = ClassList::default();
        list.update(vec![person("a", "a@x"), person("b", "b@x")], source(1));
        assert_eq!(list.update(vec![person("a", "a@x")], source(2)), Update { joined: 0, stayed: 1, gone: 1 });
        assert_eq!(list.people[1].gone_since, Some(at(2)));
        assert_eq!(list.enrolled().count(), 1);
        list.update(vec![person("a", "a@x")], source(3));
        assert_eq!(list.people[1].gone_since, Some(at(2)), "gone since the first list without them");
        assert_eq!(list.update(vec![person("b", "b@x"), person("a", "a@x")], source(4)).joined, 1);
        assert_eq!((list.people[1].since, list.people[1].gone_since), (at(1), None));
    }

    #[test]
    fn a_new_login_is_the_same_person_where_more_agrees_than_differs() {
        let mut list = ClassList::default();
        let numbered =
            |login: &str, number: &str| ListedPerson { number: Some(number.to_owned()), ..person(login, "m@x") };
        list.update(vec![numbered("mira", "1")], source(1));
        list.decide(0, UserId::from_bytes([7; 16]), Some(true));
        list.update(vec![numbered("mvale", "1")], source(2));
        assert_eq!((list.people.len(), list.people[0].links.len()), (1, 1), "the link stays");
        list.update(vec![ListedPerson { email: Some("other@x".to_owned()), ..numbered("mvale", "2") }], source(3));
        assert_eq!(list.people.len(), 2, "login alone against e-mail and number is somebody else");
    }

    #[test]
    fn importing_again_changes_nothing() {
        let mut list = ClassList::default();
        let people = vec![person("a", "a@x"), ListedPerson { name: Some("Only A".into()), ..ListedPerson::default() }];
        list.update(people.clone(), source(1));
        let before = list.clone();
        assert_eq!(list.update(people, ListSource { imported_at: at(9), ..source(1) }).stayed, 2);
        assert_eq!(list, before);
    }

    #[test]
    fn one_user_id_is_one_person_and_can_be_forgotten() {
        let user = UserId::from_bytes([7; 16]);
        let mut list = ClassList::default();
        list.update(vec![person("a", "a@x"), person("b", "b@x"), person("c", "c@x")], source(1));
        list.decide(0, user, Some(true));
        list.decide(1, user, Some(true));
        assert!(list.people[0].links.is_empty());
        list.decide(2, user, Some(false));
        assert_eq!(list.people[1].links.len(), 1, "a refusal takes nothing from others");
        assert_eq!(list.forget(&[], &[user], &["C@x".to_owned()]), 2);
        assert_eq!(list.people.len(), 1);
        assert!(!format!("{list:?}").contains("07070707"));
    }
}
