//! A class list beside the viewers of its course.
//!
//! Worked out at each look, so that names that were fetched and people that were merged count at once. Deliberately absent:
//! keeping any of it.
//!
//! Invariant: a share of enrolled counts only people of whom it is sure who they are; those who are not stand beside it.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use chrono_tz::Tz;
use model::line::one_line;
use model::{
    Account, ClassList, ClassMatches, FolderId, Listed, ListedPerson, MatchInput, MatchState, ViewingSpan, WatchState,
    match_class, people_of_video,
};

use crate::people::{PeopleInView, WithNames};
use crate::store::DataFolder;
use crate::views::Views;
use crate::{Error, ErrorCode, Result};

/// A class list, and who of it is who.
#[derive(Debug)]
pub struct ClassInView {
    /// What is kept.
    pub list: ClassList,
    /// Places in [`ClassList::people`] of those who are on the list now.
    pub enrolled: Vec<usize>,
    /// The viewers; `None` where nothing of the course was fetched yet.
    pub people: Option<PeopleInView>,
    /// Who is who. The rows are [`Self::enrolled`]; the viewers are the people of the course.
    pub matches: ClassMatches,
    /// Rows of people whom the teacher has left out with all their accounts. They count nowhere.
    pub(super) left_out: HashSet<usize>,
}

/// How many of those enrolled have watched a video.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct OfEnrolled {
    /// People on the class list, without those who are left out.
    pub enrolled: u32,
    /// Those of them with any viewing of the video.
    pub opened: u32,
    /// Those of them who have covered at least 75 %.
    pub covered: u32,
    /// Those who cannot be identified for certain: suggested, in conflict, or not found.
    pub unsure: u32,
}

/// The class list of a course beside its viewers; `None` where it has none.
pub fn class_in_view(folder: &DataFolder, views: &Views, course: FolderId, zone: Tz) -> Result<Option<ClassInView>> {
    match folder.class_list(course)? {
        Some(list) => beside_viewers(folder, views, course, list, zone).map(Some),
        None => Ok(None),
    }
}

/// What somebody of the class list is called where names are hidden. `row` counts from 0.
pub fn hidden_label(row: usize) -> String {
    format!("Person {} on the list", row + 1)
}

/// What tells somebody of a class list apart from others of this name; absent where the list says nothing else of them.
pub(super) fn told_apart(person: &ListedPerson, name: &str) -> Option<String> {
    let texts = [&person.login, &person.number, &person.email, &person.system_id];
    texts.into_iter().flatten().map(|text| one_line(text)).find(|text| text.as_str() != name)
}

pub(super) fn beside_viewers(
    folder: &DataFolder,
    views: &Views,
    course: FolderId,
    list: ClassList,
    zone: Tz,
) -> Result<ClassInView> {
    let people = match views.course(folder, course, zone) {
        Ok(seen) => Some(PeopleInView::new(folder, Arc::clone(&seen), WithNames::Shown)),
        Err(error) if error.code() == ErrorCode::NotFound => None,
        Err(error) => return Err(error),
    };
    let viewers: Vec<Vec<Account>> = people.as_ref().map_or_else(Vec::new, |people| {
        (0..people.course.people.people().len()).map(|person| people.accounts(person)).collect()
    });
    let enrolled: Vec<usize> =
        (0..list.people.len()).filter(|place| list.people[*place].gone_since.is_none()).collect();
    let listed: Vec<Listed> = enrolled.iter().map(|place| list.people[*place].clone()).collect();
    let input = MatchInput { listed: &listed, viewers: &viewers, confirmed_domains: &list.confirmed_domains };
    let matches = match_class(input);
    let left_out = people.as_ref().map_or_else(HashSet::new, |people| left_out_rows(people, input, &matches));
    Ok(ClassInView { list, enrolled, people, matches, left_out })
}

/// The rows of people whose accounts are all left out, so that they are no viewers any more. Of somebody with two accounts one
/// may be left out; the other counts on.
fn left_out_rows(people: &PeopleInView, among: MatchInput<'_>, matches: &ClassMatches) -> HashSet<usize> {
    let left_out = people.left_out_accounts();
    if left_out.is_empty() {
        return HashSet::new();
    }
    let found = match_class(MatchInput { viewers: &left_out, ..among });
    let is_matched = |state: &MatchState| matches!(state, MatchState::Matched { .. });
    let rows = found.rows.iter().zip(&matches.rows).enumerate();
    rows.filter(|(_, (out, row))| is_matched(&out.state) && !is_matched(&row.state)).map(|(row, _)| row).collect()
}

impl ClassInView {
    /// A row of the list.
    ///
    /// # Panics
    /// If there is no such row.
    pub fn listed(&self, row: usize) -> &Listed {
        &self.list.people[self.enrolled[row]]
    }

    /// What the people of the list are called, row by row; a name that several of them share comes with what tells them apart.
    pub fn names(&self) -> Vec<String> {
        let person = |row: usize| &self.listed(row).person;
        let names: Vec<String> = (0..self.enrolled.len()).map(|row| one_line(person(row).shown())).collect();
        let mut times: HashMap<&str, u32> = HashMap::new();
        for name in &names {
            *times.entry(name.as_str()).or_default() += 1;
        }
        let called = |(row, name): (usize, &String)| match times.get(name.as_str()) {
            Some(2..) => {
                let apart = told_apart(person(row), name).unwrap_or_else(|| hidden_label(row));
                format!("{name} ({apart})")
            }
            _ => name.clone(),
        };
        names.iter().enumerate().map(called).collect()
    }

    /// Why names are missing, where the file of people is damaged.
    pub fn damage(&self) -> Option<&Error> {
        self.people.as_ref().and_then(|people| people.damage.as_ref())
    }

    /// Whether the name of any viewer is known; without, nobody can be matched.
    pub fn has_names(&self) -> bool {
        self.people.as_ref().is_some_and(PeopleInView::has_names)
    }

    /// The viewers who are nobody's account: browsers in which nobody was signed in.
    pub fn anonymous(&self) -> usize {
        let Some(people) = &self.people else { return 0 };
        self.matches.not_listed.iter().filter(|viewer| people.is_anonymous(**viewer)).count()
    }

    /// How many of those enrolled have watched a video in a span.
    ///
    /// # Panics
    /// If there is no such video.
    pub fn of_video(&self, video: usize, span: ViewingSpan) -> OfEnrolled {
        let mut counted = OfEnrolled { enrolled: self.counted() as u32, ..OfEnrolled::default() };
        let mut states = Vec::new();
        if let Some(people) = &self.people {
            states.resize(people.course.people.people().len(), WatchState::NotOpened);
            for person in people_of_video(&people.course.views, video, span) {
                states[person.person as usize] = person.state;
            }
        }
        let rows = self.matches.rows.iter().enumerate();
        for (_, row) in rows.filter(|(place, _)| !self.left_out.contains(place)) {
            let MatchState::Matched { viewers, .. } = &row.state else {
                counted.unsure += 1;
                continue;
            };
            match viewers.iter().map(|viewer| states[*viewer]).max() {
                Some(WatchState::Covered) => {
                    counted.opened += 1;
                    counted.covered += 1;
                }
                Some(WatchState::Started) => counted.opened += 1,
                Some(WatchState::NotOpened) | None => {}
            }
        }
        counted
    }

    /// How many are on the class list, without those who are left out.
    pub fn counted(&self) -> usize {
        self.matches.rows.len() - self.left_out.len()
    }

    /// How many of those enrolled have any viewing in the course.
    pub fn seen(&self) -> u32 {
        self.matches.counts()[0] as u32
    }
}
