//! The people of a course as somebody looks at them: with names where these are wanted, else as *Viewer 17*.
//!
//! Deliberately absent: figures. Invariants: without names nothing leaves here that Panopto or a class list has told; two
//! people never have the same label.

use std::collections::HashMap;
use std::sync::Arc;

use model::{Account, Person, PersonId, Recorded, Role, SameBecause, merge_suggestions, user_key_parts};

use crate::Error;
use crate::store::{DataFolder, People};
use crate::views::CourseInView;

/// Whether names are shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum WithNames {
    /// They are.
    Shown,
    /// Everybody is *Viewer 17*.
    Hidden,
}

/// The people of a course.
#[derive(Debug)]
pub struct PeopleInView {
    /// The course.
    pub course: Arc<CourseInView>,
    /// Why nothing is known of names and decisions, where the file of people is damaged.
    pub damage: Option<Error>,
    known: People,
    labels: Vec<String>,
}

impl PeopleInView {
    /// The people of a course. A damaged file of people is told in [`Self::damage`]; everybody then is without a name.
    pub fn new(folder: &DataFolder, course: Arc<CourseInView>, names: WithNames) -> Self {
        let (known, damage) = match folder.people() {
            Ok(known) => (known, None),
            Err(error) => (People::default(), Some(error.into())),
        };
        let labels = labels(&course, &known, names);
        Self { course, damage, known, labels }
    }

    /// What a person is called where they are listed.
    ///
    /// # Panics
    /// If there is no such person.
    pub fn label(&self, person: usize) -> &str {
        &self.labels[person]
    }

    /// The accounts of a person, with what is known of each.
    ///
    /// # Panics
    /// If there is no such person.
    pub fn accounts(&self, person: usize) -> Vec<Account> {
        self.course.people.people()[person].accounts.iter().map(|id| self.known.account(*id)).collect()
    }

    /// The accounts of each of those who are left out, with what is known of them.
    pub(crate) fn left_out_accounts(&self) -> Vec<Vec<Account>> {
        let left_out = self.course.people.left_out().iter();
        left_out.map(|person| person.accounts.iter().map(|id| self.known.account(*id)).collect()).collect()
    }

    /// Whether all accounts of a person are known to be nobody's: somebody who was not signed in.
    ///
    /// # Panics
    /// If there is no such person.
    pub fn is_anonymous(&self, person: usize) -> bool {
        self.accounts(person).iter().all(Account::is_anonymous)
    }

    /// The role of a person, where somebody has said so.
    ///
    /// # Panics
    /// If there is no such person.
    pub fn role(&self, person: usize) -> Option<&Recorded<Role>> {
        self.known.decisions.role_of(self.course.people.people()[person].id.account())
    }

    /// Whether any name is known of the course's people.
    pub fn has_names(&self) -> bool {
        let people = self.course.people.people().iter();
        people.flat_map(|person| &person.accounts).any(|id| self.known.names.contains_key(id))
    }

    /// Pairs of people who may be one, with the reason; none of those who were said to be two.
    pub(crate) fn merge_suggestions(&self) -> Vec<(PersonId, PersonId, SameBecause)> {
        let people = self.course.people.people();
        let accounts = (0..people.len()).map(|person| (people[person].id, self.accounts(person)));
        let different = self.known.decisions.different();
        let mut suggestions = merge_suggestions(&accounts.collect::<Vec<_>>());
        suggestions.retain(|(one, other, _)| !different.contains(&(*one.min(other), *one.max(other))));
        suggestions
    }

    /// Who a person is.
    ///
    /// # Panics
    /// If there is no such person.
    pub fn id(&self, person: usize) -> PersonId {
        self.course.people.people()[person].id
    }
}

/// What somebody is called who has no name, or whose name is not shown.
pub fn numbered(person: &Person) -> String {
    format!("Viewer {}", person.number)
}

/// Names where there are some; a name that two people share gets the login.
fn labels(course: &CourseInView, known: &People, names: WithNames) -> Vec<String> {
    let people = course.people.people();
    let numbered = |place: usize| numbered(&people[place]);
    if names == WithNames::Hidden {
        return (0..people.len()).map(numbered).collect();
    }
    let account_of = |place: usize| {
        let person = &people[place];
        // The account that stands for the person first, then the others.
        let ids = std::iter::once(person.id.account()).chain(person.accounts.iter().copied());
        let accounts: Vec<Account> = ids.map(|id| known.account(id)).collect();
        let has_full_name = |account: &&Account| !account.name.last.is_empty() || !account.name.first.is_empty();
        let has_a_name = |account: &&Account| account.name.shown().is_some();
        accounts.iter().find(has_full_name).or_else(|| accounts.iter().find(has_a_name)).cloned()
    };
    let accounts: Vec<Option<Account>> = (0..people.len()).map(account_of).collect();
    let shown = |account: &Option<Account>| account.as_ref().and_then(|account| account.name.shown());
    let mut times: HashMap<String, u32> = HashMap::new();
    for name in accounts.iter().filter_map(shown) {
        *times.entry(name).or_default() += 1;
    }
    let label = |(place, account): (usize, &Option<Account>)| match (shown(account), account) {
        (Some(name), Some(account)) if times.get(&name).is_some_and(|times| *times > 1) => {
            let login = user_key_parts(&account.name.user_key).1.trim();
            if login.is_empty() { format!("{name} ({})", numbered(place)) } else { format!("{name} ({login})") }
        }
        (Some(name), _) => name,
        (None, _) => numbered(place),
    };
    let mut labels: Vec<String> = accounts.iter().enumerate().map(label).collect();
    let mut seen: HashMap<String, u32> = HashMap::new();
    for (place, label) in labels.iter_mut().enumerate() {
        let times = seen.entry(label.clone()).or_default();
        *times += 1;
        if *times > 1 {
            *label = format!("{label} ({})", numbered(place));
        }
    }
    labels
}
