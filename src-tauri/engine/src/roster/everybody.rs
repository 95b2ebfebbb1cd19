//! Everybody of a course in one list: those on the class list, seen or not, and those who watch and are on no list.
//!
//! Worked out from the class list beside the viewers, so that a person stands here once, whatever accounts they have.
//! Deliberately absent: orders and filters, and figures of groups.
//!
//! Invariants: without names nothing leaves here that Panopto or a class list has told; somebody who cannot be identified
//! for certain is never said to have watched nothing.

use std::collections::{HashMap, HashSet};
use std::sync::{Arc, Mutex, PoisonError};

use model::line::one_line;
use model::{
    Account, Day, ListedPerson, MatchState, MatrixCell, PeopleMatrix, PersonId, PersonTotals, Recorded, Role,
    SameBecause, UserId, ViewingSpan, WatchState, is_behind,
};

use super::in_view::{ClassInView, hidden_label, told_apart};
use crate::people::{PeopleInView, WithNames, numbered};
use crate::store::DataFolder;
use crate::views::CourseInView;

/// How somebody belongs to a course.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Standing {
    /// On the class list; it is sure who they are, or that no viewer is them.
    InClass,
    /// On the class list; who they are is only suggested, contradicts itself, or cannot be told without names.
    Unsure,
    /// On the class list, and left out of everything by the teacher.
    LeftOut,
    /// A viewer whom no class list names for sure.
    Viewer,
    /// A browser in which nobody was signed in.
    Anonymous,
}

/// Somebody of a course.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Somebody {
    /// Their numbers in the course's people, ascending; none for somebody who was never seen.
    pub viewers: Vec<u32>,
    /// Their row of the class list.
    pub row: Option<usize>,
    /// How they belong to the course.
    pub standing: Standing,
}

/// Everybody of a course.
#[derive(Debug)]
pub struct Everybody {
    /// Those with viewing.
    pub seen: PeopleInView,
    /// The class list, where there is one.
    pub class: Option<Arc<ClassInView>>,
    names: WithNames,
    people: Vec<Somebody>,
    labels: Vec<String>,
    last_table: Mutex<Option<LastTable>>,
}

/// The table that was asked for last.
#[derive(Debug)]
struct LastTable {
    span: ViewingSpan,
    today: Option<Day>,
    table: Arc<PeopleTable>,
}

/// What somebody watched of the whole course.
#[derive(Debug, Clone, PartialEq)]
pub struct PeopleRow {
    /// One for each video.
    pub cells: Vec<MatrixCell>,
    /// All of them together.
    pub totals: PersonTotals,
    /// Whether they are behind.
    pub is_behind: bool,
}

/// What everybody watched of a course over some days. The rows are [`Everybody::people`].
#[derive(Debug)]
pub struct PeopleTable {
    /// One for each person.
    pub rows: Vec<PeopleRow>,
}

impl Everybody {
    /// Everybody of a course, or of the very state of it that the class list was compared with.
    pub fn new(
        folder: &DataFolder,
        course: &Arc<CourseInView>,
        class: Option<Arc<ClassInView>>,
        names: WithNames,
    ) -> Self {
        let beside = class.as_ref().and_then(|class| class.people.as_ref());
        let course = beside.map_or(course, |people| &people.course);
        let seen = PeopleInView::new(folder, Arc::clone(course), names);
        let people = somebodies(&seen, class.as_deref());
        let labels = labels(&seen, class.as_deref(), &people, names);
        Self { seen, class, names, people, labels, last_table: Mutex::default() }
    }

    /// Everybody: those of the class in its order, then the viewers by number.
    pub fn people(&self) -> &[Somebody] {
        &self.people
    }

    /// Whether names are shown.
    pub const fn names(&self) -> WithNames {
        self.names
    }

    /// Whether it can be told who of the class is who: there is a list, and names of viewers are known.
    pub fn is_class_told(&self) -> bool {
        self.class.as_ref().is_some_and(|class| class.has_names())
    }

    /// Pairs of people who may be one, with the reason. Two people of the class who only have the same name are two: the list
    /// says so.
    pub fn merge_suggestions(&self) -> Vec<(PersonId, PersonId, SameBecause)> {
        let row = |person: PersonId| self.people[self.find(&person.to_string())?].row;
        let are_two = |one, other| row(one).zip(row(other)).is_some_and(|(one, other)| one != other);
        let mut pairs = self.seen.merge_suggestions();
        pairs.retain(|(one, other, because)| *because != SameBecause::Name || !are_two(*one, *other));
        pairs
    }

    /// How many are on the class list, without those who are left out.
    pub fn enrolled(&self) -> Option<usize> {
        self.class.as_ref().map(|class| class.counted())
    }

    /// How many stand so.
    pub fn count(&self, standing: Standing) -> usize {
        self.people.iter().filter(|somebody| somebody.standing == standing).count()
    }

    /// How many viewers are not on the class list; 0 where it cannot be told who of the class is who.
    pub fn not_on_list_count(&self) -> usize {
        if self.is_class_told() { self.count(Standing::Viewer) } else { 0 }
    }

    /// How many people of the class list cannot be identified for certain; 0 where none can.
    pub fn unsure_count(&self) -> usize {
        if self.is_class_told() { self.count(Standing::Unsure) } else { 0 }
    }

    /// Whether somebody is one of those whom the lists are of: the class where it can be told, else the viewers.
    pub fn is_listed(&self, who: usize) -> bool {
        let Somebody { viewers, standing, .. } = &self.people[who];
        match standing {
            // Where the class cannot be told, a decision may all the same say which viewer somebody is.
            Standing::InClass => self.is_class_told() || !viewers.is_empty(),
            Standing::Viewer => !self.is_class_told(),
            Standing::Unsure | Standing::LeftOut | Standing::Anonymous => false,
        }
    }

    /// What somebody is called: a name, or `Viewer 17`. Two people never have the same.
    pub fn label(&self, who: usize) -> &str {
        &self.labels[who]
    }

    /// The role of somebody, where somebody has said so.
    pub fn role(&self, who: usize) -> Option<&Recorded<Role>> {
        self.people[who].viewers.iter().find_map(|viewer| self.seen.role(*viewer as usize))
    }

    /// Where somebody can be written to; only where names are shown.
    pub fn address(&self, who: usize) -> Option<String> {
        if self.names == WithNames::Hidden {
            return None;
        }
        let of_list = self.listed(who).and_then(|person| person.email.clone());
        of_list.or_else(|| self.accounts(who).iter().find_map(|account| account.name.address().map(str::to_owned)))
    }

    /// The section of the class; only where names are shown.
    pub fn section(&self, who: usize) -> Option<String> {
        let section = self.listed(who)?.section.as_deref().map(one_line);
        section.filter(|_| self.names == WithNames::Shown)
    }

    /// The user IDs of somebody.
    pub fn user_ids(&self, who: usize) -> Vec<UserId> {
        let people = self.seen.course.people.people();
        self.people[who].viewers.iter().flat_map(|viewer| people[*viewer as usize].accounts.clone()).collect()
    }

    /// What tells somebody apart from everybody else of the course, also later: a user ID, or the place in the class list.
    pub fn key(&self, who: usize) -> String {
        let somebody = &self.people[who];
        match (somebody.viewers.first(), somebody.row, &self.class) {
            (Some(viewer), _, _) => self.seen.course.people.people()[*viewer as usize].id.to_string(),
            (None, Some(row), Some(class)) => format!("{LISTED}{}", class.enrolled[row]),
            (None, _, _) => String::new(),
        }
    }

    /// The place of the person with this key. A user ID finds whoever it belongs to.
    pub fn find(&self, key: &str) -> Option<usize> {
        if let Some(place) = key.strip_prefix(LISTED) {
            let place: usize = place.parse().ok()?;
            let row = self.class.as_ref()?.enrolled.iter().position(|enrolled| *enrolled == place)?;
            return self.people.iter().position(|somebody| somebody.row == Some(row));
        }
        let viewer = self.seen.course.people.number_of(UserId::parse(key).ok()?)?;
        self.people.iter().position(|somebody| somebody.viewers.contains(&viewer))
    }

    /// The share of those whom the lists are of who covered a video, in percent; `None` without anybody.
    ///
    /// # Panics
    /// If there is no such video.
    pub fn covered_percent(&self, table: &PeopleTable, video: usize) -> Option<f64> {
        let listed = table.rows.iter().enumerate().filter(|(who, _)| self.is_listed(*who));
        let (people, covered) = listed.fold((0_u32, 0_u32), |(people, covered), (_, row)| {
            (people + 1, covered + u32::from(row.cells[video].state() == WatchState::Covered))
        });
        (people > 0).then(|| f64::from(covered) / f64::from(people) * 100.0)
    }

    /// What everybody watched over a span. `today` is the last day of which everything is known. What was asked for last is
    /// kept: a list that is scrolled asks for its rows many times.
    pub fn table(&self, span: ViewingSpan, today: Option<Day>) -> Arc<PeopleTable> {
        let mut last = self.last_table.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(last) = last.as_ref().filter(|last| last.span == span && last.today == today) {
            return Arc::clone(&last.table);
        }
        let table = Arc::new(self.counted(span, today));
        *last = Some(LastTable { span, today, table: Arc::clone(&table) });
        table
    }

    fn counted(&self, span: ViewingSpan, today: Option<Day>) -> PeopleTable {
        let viewing = &self.seen.course;
        let matrix = PeopleMatrix::new(&viewing.views, viewing.people.people().len(), span);
        let mut rows: Vec<PeopleRow> = self
            .people
            .iter()
            .map(|somebody| match somebody.viewers.as_slice() {
                [viewer] => {
                    let viewer = *viewer as usize;
                    (matrix.row(viewer).to_vec(), matrix.totals()[viewer])
                }
                several => matrix.together(several),
            })
            .map(|(cells, totals)| PeopleRow { cells, totals, is_behind: false })
            .collect();
        let mut is_released = vec![false; viewing.views.videos().len()];
        for row in &rows {
            for (is_released, cell) in is_released.iter_mut().zip(&row.cells) {
                *is_released |= cell.state() != WatchState::NotOpened;
            }
        }
        if let Some(today) = today.map(|today| today.min(span.range.last())) {
            for row in &mut rows {
                row.is_behind = is_behind(&row.totals, &row.cells, &is_released, today);
            }
        }
        PeopleTable { rows }
    }

    pub(super) fn listed(&self, who: usize) -> Option<&ListedPerson> {
        Some(&self.class.as_ref()?.listed(self.people[who].row?).person)
    }

    /// The accounts of somebody, with what is known of each.
    pub fn accounts(&self, who: usize) -> Vec<Account> {
        self.people[who].viewers.iter().flat_map(|viewer| self.seen.accounts(*viewer as usize)).collect()
    }
}

/// What the key of somebody begins with who is on the list and was never seen.
const LISTED: &str = "list-";

fn somebodies(seen: &PeopleInView, class: Option<&ClassInView>) -> Vec<Somebody> {
    let mut people = Vec::new();
    let mut matched: HashSet<u32> = HashSet::new();
    let is_told = class.is_some_and(ClassInView::has_names);
    for (row, found) in class.into_iter().flat_map(|class| class.matches.rows.iter().enumerate()) {
        let viewers: Vec<u32> = match &found.state {
            MatchState::Matched { viewers, .. } => viewers.iter().map(|viewer| *viewer as u32).collect(),
            MatchState::Suggested(_) | MatchState::Conflict { .. } | MatchState::NotFound => Vec::new(),
        };
        let is_sure = !viewers.is_empty() || (is_told && found.state == MatchState::NotFound);
        matched.extend(&viewers);
        let standing = match (is_sure, class.is_some_and(|class| class.left_out.contains(&row))) {
            (_, true) => Standing::LeftOut,
            (true, false) => Standing::InClass,
            (false, false) => Standing::Unsure,
        };
        people.push(Somebody { viewers, row: Some(row), standing });
    }
    let viewers = 0..seen.course.people.people().len() as u32;
    people.extend(viewers.filter(|viewer| !matched.contains(viewer)).map(|viewer| Somebody {
        viewers: vec![viewer],
        row: None,
        standing: if seen.is_anonymous(viewer as usize) { Standing::Anonymous } else { Standing::Viewer },
    }));
    people
}

/// Names where they are shown: the class list's, else Panopto's; a name that two people share gets what tells them apart.
fn labels(seen: &PeopleInView, class: Option<&ClassInView>, people: &[Somebody], names: WithNames) -> Vec<String> {
    let listed = |somebody: &Somebody| Some(&class?.listed(somebody.row?).person);
    let by_number = |somebody: &Somebody| match (somebody.viewers.first(), somebody.row) {
        (Some(viewer), _) => numbered(&seen.course.people.people()[*viewer as usize]),
        (None, row) => hidden_label(row.unwrap_or_default()),
    };
    if names == WithNames::Hidden {
        return people.iter().map(by_number).collect();
    }
    let name = |somebody: &Somebody| match (listed(somebody), somebody.viewers.first()) {
        (Some(person), _) => one_line(person.shown()),
        (None, Some(viewer)) => seen.label(*viewer as usize).to_owned(),
        (None, None) => by_number(somebody),
    };
    let mut labels: Vec<String> = people.iter().map(name).collect();
    let mut times: HashMap<String, u32> = HashMap::new();
    for label in &labels {
        *times.entry(label.clone()).or_default() += 1;
    }
    let mut taken: HashSet<String> = HashSet::new();
    for (label, somebody) in labels.iter_mut().zip(people) {
        if times.get(&*label).is_some_and(|times| *times > 1) {
            let apart = listed(somebody).and_then(|person| told_apart(person, label));
            *label = format!("{label} ({})", apart.unwrap_or_else(|| by_number(somebody)));
        }
        if !taken.insert(label.clone()) {
            *label = format!("{label} ({})", by_number(somebody));
            taken.insert(label.clone());
        }
    }
    labels
}
