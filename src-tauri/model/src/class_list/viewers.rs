//! The viewers of a course, to be found by what a class list says of a person.
//!
//! Deliberately absent: what two rows mean for each other. Invariant: only accounts that have a name are found by anything but
//! a decision; *not signed in* and *deleted* are nobody's.

use std::collections::{BTreeSet, HashMap};

use super::found::{Found, MatchInput};
use super::identity::{bare_number, compared, local_part, name_words};
use super::matched::{ConflictBecause, MatchedBy, SuggestedBecause};
use super::names::{Likeness, likeness};
use super::{Identifier, Listed};
use crate::people::user_key_parts;
use crate::{Account, NameState, Recorded, UserId};

/// How often each local part stands on the list; one that stands twice finds nobody.
pub(super) fn listed_local_parts(listed: &[Listed]) -> HashMap<String, usize> {
    let mut counts = HashMap::new();
    for person in listed {
        for local in own_local_parts(person) {
            *counts.entry(local).or_insert(0) += 1;
        }
    }
    counts
}

fn own_local_parts(listed: &Listed) -> BTreeSet<String> {
    let texts = [&listed.person.email, &listed.person.login].into_iter().flatten();
    texts.map(|text| local_part(&compared(text)).0.to_owned()).filter(|local| !local.is_empty()).collect()
}

/// The viewers, to be found by what tells them apart.
pub(super) struct Viewers {
    accounts: HashMap<UserId, usize>,
    emails: HashMap<String, BTreeSet<usize>>,
    logins: HashMap<String, BTreeSet<usize>>,
    bare_numbers: HashMap<String, BTreeSet<usize>>,
    /// By local part: the viewer, and the domain if there is one.
    locals: HashMap<String, BTreeSet<(usize, Option<String>)>>,
    of_platform: HashMap<String, BTreeSet<usize>>,
    names: Vec<Vec<Vec<String>>>,
    by_word: HashMap<String, Vec<usize>>,
    /// The addresses of each viewer.
    addresses: Vec<BTreeSet<String>>,
}

impl Viewers {
    pub(super) fn new(input: MatchInput<'_>) -> Self {
        let mut viewers = Self {
            accounts: HashMap::new(),
            emails: HashMap::new(),
            logins: HashMap::new(),
            bare_numbers: HashMap::new(),
            locals: HashMap::new(),
            of_platform: HashMap::new(),
            names: vec![Vec::new(); input.viewers.len()],
            by_word: HashMap::new(),
            addresses: vec![BTreeSet::new(); input.viewers.len()],
        };
        for (viewer, accounts) in input.viewers.iter().enumerate() {
            for account in accounts {
                viewers.accounts.insert(account.id, viewer);
                if account.state == Some(Recorded::Known(NameState::Named)) {
                    viewers.add(viewer, account);
                }
            }
        }
        viewers
    }

    fn add(&mut self, viewer: usize, account: &Account) {
        let (provider, login) = user_key_parts(&account.name.user_key);
        let (login, email) = (compared(login), compared(&account.name.email));
        if !login.is_empty() {
            self.logins.entry(login.clone()).or_default().insert(viewer);
            let bare = bare_number(local_part(&login).0);
            if !bare.is_empty() {
                self.bare_numbers.entry(bare).or_default().insert(viewer);
            }
            if provider.is_some_and(|provider| compared(provider).contains("canvas")) {
                self.of_platform.entry(login.clone()).or_default().insert(viewer);
            }
        }
        for address in [&email, &login].into_iter().filter(|text| text.contains('@')) {
            self.emails.entry(address.clone()).or_default().insert(viewer);
            self.addresses[viewer].insert(address.clone());
        }
        for text in [&email, &login].into_iter().filter(|text| !text.is_empty()) {
            let (local, domain) = local_part(text);
            self.locals.entry(local.to_owned()).or_default().insert((viewer, domain.map(str::to_owned)));
        }
        let words = name_words(&format!("{} {}", account.name.first, account.name.last));
        if words.len() > 1 {
            for word in &words {
                let with = self.by_word.entry(word.clone()).or_default();
                if with.last() != Some(&viewer) {
                    with.push(viewer);
                }
            }
            self.names[viewer].push(words);
        }
    }

    pub(super) fn find(&self, listed: &Listed, input: MatchInput<'_>, listed_locals: &HashMap<String, usize>) -> Found {
        let mut found = Found::default();
        let decided = listed.links.iter().filter(|link| link.is_same).filter_map(|link| self.accounts.get(&link.user));
        found.viewers.extend(decided);
        if !found.viewers.is_empty() {
            found.by = Some(MatchedBy::Decision);
            return found;
        }
        let refused: BTreeSet<usize> = listed
            .links
            .iter()
            .filter(|link| !link.is_same)
            .filter_map(|link| self.accounts.get(&link.user).copied())
            .collect();
        self.by_identifiers(listed, &mut found, &refused);
        if found.by.is_none() && found.conflict.is_none() {
            self.by_local_part(listed, input, listed_locals, &mut found);
        }
        if found.by.is_none() && found.conflict.is_none() {
            self.suggest(listed, &mut found);
        }
        found.viewers.retain(|viewer| !refused.contains(viewer));
        found.suggested.retain(|viewer, _| !refused.contains(viewer));
        if found.viewers.is_empty() {
            (found.by, found.conflict) = (None, None);
        }
        if listed.person.is_contradicted {
            found.by = None;
            found.conflict = Some(ConflictBecause::ListContradicts);
        }
        found
    }

    /// E-mail, login and number: each may find viewers, and all that do must find the same.
    fn by_identifiers(&self, listed: &Listed, found: &mut Found, refused: &BTreeSet<usize>) {
        let mut agreed: Option<BTreeSet<usize>> = None;
        for (kind, text) in listed.person.identifiers() {
            let (place, by) = match kind {
                Identifier::Email => (self.emails.get(&text), MatchedBy::Email),
                Identifier::Login if text.contains('@') => {
                    (self.emails.get(&text).or_else(|| self.logins.get(&text)), MatchedBy::Login)
                }
                Identifier::Login => (self.logins.get(&text), MatchedBy::Login),
                Identifier::Number => (self.logins.get(&text), MatchedBy::Number),
                Identifier::SystemId => (self.of_platform.get(&text), MatchedBy::Number),
            };
            let these: BTreeSet<usize> =
                place.into_iter().flatten().filter(|viewer| !refused.contains(viewer)).copied().collect();
            if these.is_empty() {
                continue;
            }
            if by != MatchedBy::Email && these.len() > 1 && !self.share_an_address(&these) {
                // One login under several providers may be two people.
                for viewer in &these {
                    found.suggest(*viewer, SuggestedBecause::SameLogin);
                }
                if let Some(agreed) = &agreed
                    && agreed.is_disjoint(&these)
                {
                    found.conflict = Some(ConflictBecause::FindsSeveral);
                    found.viewers.extend(these);
                }
                continue;
            }
            match &mut agreed {
                None => agreed = Some(these.clone()),
                Some(agreed) if agreed.is_disjoint(&these) => found.conflict = Some(ConflictBecause::FindsSeveral),
                // What finds the same person may find a second account of theirs.
                Some(agreed) => agreed.extend(&these),
            }
            found.by = found.by.or(Some(by));
            found.viewers.extend(these);
        }
        if found.conflict.is_some() {
            found.by = None;
        } else if found.by.is_some() {
            found.suggested.clear();
        }
    }

    fn share_an_address(&self, viewers: &BTreeSet<usize>) -> bool {
        let mut addresses = viewers.iter().map(|viewer| &self.addresses[*viewer]);
        let Some(first) = addresses.next() else { return false };
        first.iter().any(|address| addresses.clone().all(|others| others.contains(address)))
    }

    /// What stands before the `@`: a match where the domain was confirmed and the part stands once on both sides.
    fn by_local_part(
        &self,
        listed: &Listed,
        input: MatchInput<'_>,
        listed_locals: &HashMap<String, usize>,
        found: &mut Found,
    ) {
        for local in own_local_parts(listed) {
            let Some(places) = self.locals.get(&local) else { continue };
            let viewers: BTreeSet<usize> = places.iter().map(|(viewer, _)| *viewer).collect();
            let is_unique = viewers.len() == 1 && listed_locals.get(&local) == Some(&1);
            let domains = places.iter().filter_map(|(_, domain)| domain.clone()).chain(own_domains(listed, &local));
            let domains: BTreeSet<String> = domains.collect();
            let is_confirmed =
                domains.iter().all(|domain| input.confirmed_domains.contains(domain)) && !domains.is_empty();
            if is_unique && is_confirmed {
                if found.by.is_some() && found.viewers.is_disjoint(&viewers) {
                    found.conflict = Some(ConflictBecause::FindsSeveral);
                    found.by = None;
                } else {
                    found.by = Some(MatchedBy::LocalPart);
                }
                found.viewers.extend(viewers);
            } else if listed_locals.get(&local) == Some(&1) {
                for viewer in viewers {
                    found.suggest(viewer, SuggestedBecause::SameLocalPart);
                }
            }
        }
    }

    fn suggest(&self, listed: &Listed, found: &mut Found) {
        let bare = listed.person.number.as_deref().map(|number| bare_number(&compared(number))).unwrap_or_default();
        if let Some(viewers) = self.bare_numbers.get(&bare).filter(|viewers| viewers.len() == 1) {
            for viewer in viewers {
                found.suggest(*viewer, SuggestedBecause::ZerosDiffer);
            }
        }
        let words = listed.person.name.as_deref().map(name_words).unwrap_or_default();
        let near = words.iter().filter_map(|word| self.by_word.get(word)).flatten();
        let near: BTreeSet<usize> = near.copied().collect();
        for viewer in near {
            let best = self.names[viewer].iter().filter_map(|name| likeness(&words, name)).max();
            match best {
                Some(Likeness::Same) => found.suggest(viewer, SuggestedBecause::SameName),
                Some(Likeness::Contained) => found.suggest(viewer, SuggestedBecause::LikeName),
                None => {}
            }
        }
    }
}

/// The domains of a listed person's own addresses with this part before the `@`.
fn own_domains(listed: &Listed, local: &str) -> BTreeSet<String> {
    let texts = [&listed.person.email, &listed.person.login].into_iter().flatten();
    texts
        .filter_map(|text| {
            let text = compared(text);
            let (its, domain) = local_part(&text);
            domain.filter(|_| its == local).map(str::to_owned)
        })
        .collect()
}
