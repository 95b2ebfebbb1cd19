//! The class list of a course: the sheet on which it is imported, looked at, and taken away.
//!
//! Deliberately absent: the matrix and the list of people. Invariant: a name stands here only because the teacher's own list
//! has it; of viewers stands what Panopto says, where names were fetched.

use std::path::Path;

use engine::roster::{ClassInView, RosterPlan};
use model::words::{self, counted, day_year};
use model::{Day, MatchState};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// Open questions that are shown; the sentence counts them all.
const MOST_QUESTIONS: usize = 50;
/// Rows of a preview.
const PREVIEWED: usize = 5;
/// Skipped lines that a preview names.
const MOST_SKIPPED: usize = 8;

/// The class list of a course.
#[derive(Debug, Clone, PartialEq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export_to = "classList.ts")]
pub struct ClassListPage {
    /// What is on it; `None` where the course has none.
    pub list: Option<ShownClassList>,
    /// Whether this is the sample, which has a list to try.
    pub is_sample: bool,
}

/// A class list that is there.
#[derive(Debug, Clone, PartialEq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export_to = "classList.ts")]
pub struct ShownClassList {
    /// Where it came from: `students.csv, 2 Oct 2026`.
    pub source: String,
    /// `180 people on the list`.
    pub people: String,
    /// `174 found among the viewers`.
    pub found: String,
    /// `6 not found`; what is open is told apart.
    pub open: Option<String>,
    /// `38 viewers are not on the list, 5 of them not signed in`.
    pub not_listed: String,
    /// Why nobody can be found, and what helps.
    pub hint: Option<String>,
    /// People of whom somebody must say who they are.
    pub questions: Vec<ClassQuestion>,
}

/// Somebody on the list who cannot be identified for certain.
#[derive(Debug, Clone, PartialEq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export_to = "classList.ts")]
pub struct ClassQuestion {
    /// Their place in what is kept.
    pub place: u32,
    /// As the list names them.
    pub name: String,
    /// What is known: `not found`, or why it is a conflict.
    pub detail: String,
    /// Who they could be.
    pub suggestions: Vec<ClassSuggestion>,
}

/// A viewer who could be somebody on the list.
#[derive(Debug, Clone, PartialEq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export_to = "classList.ts")]
pub struct ClassSuggestion {
    /// The user IDs.
    pub user_ids: Vec<String>,
    /// What the viewer is called.
    pub name: String,
    /// Why: `the same name`.
    pub because: String,
}

/// What importing a list would do, or has done.
#[derive(Debug, Clone, PartialEq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export_to = "classList.ts")]
pub struct ClassListImport {
    /// The file; `None` where the list was pasted.
    pub path: Option<String>,
    /// What was pasted.
    pub pasted: Option<String>,
    /// What it is called: the file's name.
    pub source: String,
    /// What it is: `Canvas gradebook, UTF-8, 180 people in 184 rows`.
    pub about: String,
    /// What the columns were taken for: `E-mail: "SIS Login ID"`.
    pub columns: Vec<String>,
    /// The first people, as they were read.
    pub first: Vec<String>,
    /// What should be looked at: a guessed encoding, lost zeros, contradictions.
    pub warnings: Vec<String>,
    /// Lines that are no people, with the reason.
    pub skipped: Vec<String>,
    /// How many lines are skipped beyond those named.
    pub more_skipped: Option<String>,
    /// What it comes to: `174 found among the viewers, …`.
    pub found: Vec<String>,
}

/// Which list to import.
#[derive(Debug, Clone, PartialEq, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export_to = "classList.ts")]
pub struct ClassListRequest {
    /// The course.
    pub course_id: String,
    /// The file of the preview.
    pub path: Option<String>,
    /// What was pasted, where there is no file.
    pub pasted: Option<String>,
}

/// Who somebody on the list is.
#[derive(Debug, Clone, PartialEq, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export_to = "classList.ts")]
pub struct ClassDecision {
    /// The course.
    pub course_id: String,
    /// Their place in what is kept.
    pub place: u32,
    /// The user IDs.
    pub user_ids: Vec<String>,
    /// Whether they are the same person; `None` opens the question again.
    pub is_same: Option<bool>,
}

/// A list that was taken away.
#[derive(Debug, Clone, PartialEq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export_to = "classList.ts")]
pub struct RemovedClassList {
    /// What was done, in words.
    pub text: String,
    /// What puts it back; `None` where the list was damaged.
    pub undo: Option<String>,
}

impl ClassListPage {
    /// The page of a list, or of none.
    pub fn new(class: Option<&ClassInView>, is_sample: bool) -> Self {
        Self { list: class.map(ShownClassList::new), is_sample }
    }
}

impl ShownClassList {
    fn new(class: &ClassInView) -> Self {
        let [_, suggested, conflicts, not_found] = class.matches.counts();
        let source = class.list.versions.last().map_or_else(String::new, |version| {
            let day = day_year(Day::from_date(version.imported_at.date_naive()));
            format!("{}, {day}", version.file.as_deref().unwrap_or("Pasted"))
        });
        let open: Vec<String> = [(not_found, "not found"), (suggested, "only suggested"), (conflicts, "in conflict")]
            .into_iter()
            .filter(|(people, _)| *people > 0)
            .map(|(people, what)| format!("{} {what}", words::count(people as u64)))
            .collect();
        // Without names everybody would be a question that nobody can answer.
        let rows = class.matches.rows.iter().enumerate().filter(|_| class.has_names());
        let questions = rows.filter_map(|(row, found)| question(class, row, &found.state));
        // Those that can be answered first.
        let mut questions: Vec<ClassQuestion> = questions.collect();
        questions.sort_by_key(|question| question.suggestions.is_empty());
        questions.truncate(MOST_QUESTIONS);
        Self {
            source,
            people: format!("{} on the list", counted(class.matches.rows.len() as u64, "person", "people")),
            found: found(class),
            open: (!open.is_empty()).then(|| open.join(", ")),
            not_listed: not_listed(class),
            hint: hint(class),
            questions,
        }
    }
}

fn found(class: &ClassInView) -> String {
    format!("{} found among the viewers", words::count(class.seen().into()))
}

fn not_listed(class: &ClassInView) -> String {
    let viewers = counted(class.matches.not_listed.len() as u64, "viewer is", "viewers are");
    match class.anonymous() {
        0 => format!("{viewers} not on the list"),
        anonymous => format!("{viewers} not on the list, {} of them not signed in", words::count(anonymous as u64)),
    }
}

fn hint(class: &ClassInView) -> Option<String> {
    if let Some(damage) = class.damage() {
        return Some(damage.message().to_owned());
    }
    let is_blind = class.people.is_some() && !class.has_names();
    is_blind.then(|| {
        "No names of viewers are known, so who is who cannot be told. Show names asks Panopto for them".to_owned()
    })
}

fn question(class: &ClassInView, row: usize, state: &MatchState) -> Option<ClassQuestion> {
    let people = class.people.as_ref();
    let (detail, suggestions) = match state {
        MatchState::Matched { .. } => return None,
        MatchState::NotFound => ("not found".to_owned(), Vec::new()),
        MatchState::Conflict { because, .. } => (because.sentence().to_owned(), Vec::new()),
        MatchState::Suggested(suggestions) => {
            let named = suggestions.iter().filter_map(|suggestion| {
                let people = people?;
                let accounts = &people.course.people.people()[suggestion.viewer].accounts;
                Some(ClassSuggestion {
                    user_ids: accounts.iter().map(ToString::to_string).collect(),
                    name: people.label(suggestion.viewer).to_owned(),
                    because: suggestion.because.sentence().to_owned(),
                })
            });
            let words = if suggestions.len() == 1 { "may be this viewer:" } else { "may be one of these viewers:" };
            (words.to_owned(), named.collect())
        }
    };
    let name = class.listed(row).person.shown().to_owned();
    Some(ClassQuestion { place: class.enrolled[row] as u32, name, detail, suggestions })
}

impl ClassListImport {
    /// What a plan says.
    pub fn new(path: Option<&Path>, pasted: Option<String>, plan: &RosterPlan) -> Self {
        let file = &plan.roster.file;
        let encoding = file.encoding();
        let mut warnings = Vec::new();
        if encoding.is_some_and(|encoding| encoding.is_guessed) {
            warnings.push("The encoding is a guess: look at the letters with accents below".to_owned());
        }
        if file.may_have_lost_zeros {
            warnings.push(
                "The numbers have different lengths: a spreadsheet may have dropped their first zeros".to_owned(),
            );
        }
        if file.contradicted() > 0 {
            let people = counted(file.contradicted() as u64, "person is", "people are");
            warnings.push(format!("{people} named twice with different details; nothing follows for them"));
        }
        let rows = counted(file.rows as u64, "row", "rows");
        let people = counted(file.people.len() as u64, "person", "people");
        let encoded = encoding.map_or_else(String::new, |encoding| format!(", {}", encoding.name));
        let told = file.skipped.iter().take(MOST_SKIPPED);
        let more = file.skipped.len().saturating_sub(MOST_SKIPPED);
        let [_, suggested, conflicts, not_found] = plan.class.matches.counts();
        let mut found = vec![found(&plan.class)];
        let open = [(suggested, "only suggested"), (conflicts, "in conflict"), (not_found, "not found")];
        found.extend(
            open.into_iter()
                .filter(|(count, _)| *count > 0)
                .map(|(count, what)| format!("{} {what}", words::count(count as u64))),
        );
        found.push(not_listed(&plan.class));
        if plan.update.gone > 0 {
            let gone = counted(plan.update.gone as u64, "person is", "people are");
            found.push(format!("{gone} no longer on the list; they stay, marked"));
        }
        found.extend(hint(&plan.class));
        Self {
            path: path.map(|path| path.display().to_string()),
            pasted,
            source: plan.roster.name.clone().unwrap_or_else(|| "What was pasted".to_owned()),
            about: format!("{}{encoded}, {people} in {rows}", file.system.name()),
            columns: file.columns.iter().map(|(name, field)| format!("{name}: {}", field.name())).collect(),
            first: file.people.iter().take(PREVIEWED).map(line).collect(),
            warnings,
            skipped: told.map(|row| format!("Line {} {}", row.line, row.reason.sentence())).collect(),
            more_skipped: (more > 0).then(|| format!("and {} more", counted(more as u64, "line", "lines"))),
            found,
        }
    }
}

/// A person in one line: name, address, login, number, section.
fn line(person: &model::ListedPerson) -> String {
    let parts = [&person.name, &person.email, &person.login, &person.number, &person.section];
    parts.into_iter().flatten().map(String::as_str).collect::<Vec<_>>().join(" · ")
}
