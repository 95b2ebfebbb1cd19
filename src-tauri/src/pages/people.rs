//! The people of a course: everybody by every video, and as a list; what can be asked of them, and in which order they stand.
//!
//! Only the rows in sight cross: a course has a thousand people and two hundred videos. Deliberately absent: what somebody
//! watched, which the model counts, and what is decided about people (`tidy.rs`).
//!
//! Invariant: names and addresses cross only where they are shown.

use std::cmp::Reverse;

use engine::roster::{Everybody, PeopleTable, Standing, Watched};
use model::words::{NONE, count, counted, day_month, time, whole_percent};
use model::{DateRange as Days, Figure, MatrixCell, Recorded, folded_name, name_order};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::explanation::{Explainer, Explanation};
use super::people_told::PeopleTold;
use super::range::DateRange;

use crate::open_course::OpenCourse;

/// Rows that cross at once.
const ROWS_AT_ONCE: usize = 100;
/// Steps of the height of a cell.
const STEPS: u8 = 20;

/// Which people of a course to show, and in which order.
#[derive(Debug, Clone, PartialEq, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export_to = "people.ts")]
pub struct PeopleRequest {
    /// The course.
    pub course_id: String,
    /// The chosen days; absent for all.
    pub range: Option<DateRange>,
    /// Who is shown.
    pub show: PeopleShown,
    /// In which order.
    pub order: PeopleOrder,
    /// The other way round.
    pub reversed: bool,
    /// What name, address or section must hold, word by word; empty for all.
    pub query: String,
    /// The key of somebody whose place among the rows is wanted.
    #[serde(default)]
    #[ts(optional)]
    pub start: Option<String>,
}

/// Who is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export_to = "people.ts")]
pub enum PeopleShown {
    /// Everybody of the class, or every viewer where there is no class list.
    Everybody,
    /// Those of them with no viewing.
    OpenedNothing,
    /// Those of them who are behind.
    Behind,
    /// Those who are none of them: viewers who are on no list, browsers in which nobody was signed in.
    NotListed,
}

impl PeopleShown {
    const ALL: [Self; 4] = [Self::Everybody, Self::OpenedNothing, Self::Behind, Self::NotListed];
}

/// In which order people stand.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, TS)]
#[serde(rename_all = "camelCase", tag = "by")]
#[ts(export_to = "people.ts")]
pub enum PeopleOrder {
    /// Those who are behind first, of them those who were seen longest ago.
    Behind,
    /// By name.
    Name,
    /// By videos opened, the most first.
    Opened,
    /// By videos covered, the most first.
    Covered,
    /// By watch time, the longest first.
    WatchTime,
    /// By the last day, the latest first.
    LastSeen,
    /// By what they covered of one video, the most first.
    #[serde(rename_all = "camelCase")]
    Video {
        /// The video.
        session_id: String,
    },
}

/// The people of a course.
#[derive(Debug, Clone, PartialEq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export_to = "people.ts")]
pub struct PeoplePage {
    /// The course.
    pub course_id: String,
    /// The columns: its videos in lecture order.
    pub videos: Vec<MatrixVideo>,
    /// Who can be shown, each with how many they are.
    pub choices: Vec<ShownChoice>,
    /// `28 of 180`: how many are shown.
    pub shown: String,
    /// How many rows there are.
    pub count: u32,
    /// The first of them.
    pub rows: Vec<MatrixPerson>,
    /// The place among all rows of the person whom the request names as its start, from 0; absent where they are in none.
    pub start: Option<u32>,
    /// `Of 37`: the head of the column of videos covered.
    pub of_videos: String,
    /// `of the class, at least 75 %`: whom the numbers under the columns are of.
    pub foot: String,
    /// What the list says about itself.
    pub told: PeopleTold,
    /// How much there is to tidy: suggestions, people left out, accounts joined; absent where there is nothing.
    pub tidy: Option<String>,
    /// What a cell shows.
    pub coverage: Explanation,
    /// Who is behind.
    pub behind: Explanation,
}

/// A column of the matrix.
#[derive(Debug, Clone, PartialEq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export_to = "people.ts")]
pub struct MatrixVideo {
    /// The video.
    pub session_id: String,
    /// Its place in lecture order, with leading zeros: `07`.
    pub number: String,
    /// Its name.
    pub name: String,
    /// The share of those shown as *everybody* who covered at least 75 %: `62`; without a length nothing.
    pub covered: String,
}

/// A choice of whom to show.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export_to = "people.ts")]
pub struct ShownChoice {
    /// Who.
    pub show: PeopleShown,
    /// `Behind (28)`.
    pub label: String,
}

/// A row of the matrix and of the list.
#[derive(Debug, Clone, PartialEq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export_to = "people.ts")]
pub struct MatrixPerson {
    /// Opens the person.
    pub key: String,
    /// A name, or `Viewer 17`.
    pub label: String,
    /// The address and the section; empty where names are not shown.
    pub detail: String,
    /// `staff`; empty where nobody has said it.
    pub role: String,
    /// The address alone, for copying; absent where none is known or shown.
    pub address: Option<String>,
    /// A letter for each video: `.` not opened, `?` opened and without a length, `a` to `t` for the share covered in
    /// twentieths, `A` to `T` where it is at least 75 %.
    pub cells: String,
    /// Videos opened.
    pub opened: String,
    /// Videos covered at least 75 %.
    pub covered: String,
    /// `6 h 40 min`.
    pub watch_time: String,
    /// `3 Oct`, or `never`.
    pub last: String,
}

/// The rows of a request: places in [`Everybody::people`], in their order.
pub(crate) fn rows_of(
    everybody: &Everybody,
    table: &PeopleTable,
    request: &PeopleRequest,
    video: Option<usize>,
) -> Vec<usize> {
    let wanted: Vec<String> = request.query.split_whitespace().map(folded_name).collect();
    let holds = |who: usize| {
        let parts = [Some(everybody.label(who).to_owned()), everybody.address(who), everybody.section(who)];
        let text = folded_name(&parts.into_iter().flatten().collect::<Vec<_>>().join(" "));
        wanted.iter().all(|word| text.contains(word.as_str()))
    };
    let mut rows: Vec<usize> = (0..everybody.people().len())
        .filter(|who| is_shown(everybody, table, *who, request.show))
        .filter(|who| wanted.is_empty() || holds(*who))
        .collect();
    let totals = |who: usize| table.rows[who].totals;
    // Numbers are turned so that the most stands first; equals stand by name.
    rows.sort_by_cached_key(|who| name_order(everybody.label(*who)));
    match &request.order {
        PeopleOrder::Name => {}
        PeopleOrder::Behind => rows.sort_by_key(|who| (!table.rows[*who].is_behind, totals(*who).last_day)),
        PeopleOrder::Opened => rows.sort_by_key(|who| Reverse(totals(*who).opened)),
        PeopleOrder::Covered => rows.sort_by_key(|who| Reverse(totals(*who).covered)),
        PeopleOrder::WatchTime => {
            rows.sort_by(|one, other| totals(*other).watch_secs.total_cmp(&totals(*one).watch_secs));
        }
        PeopleOrder::LastSeen => rows.sort_by_key(|who| Reverse(totals(*who).last_day)),
        PeopleOrder::Video { .. } => {
            let rank = |who: usize| video.map_or(0.0, |video| table.rows[who].cells[video].rank());
            rows.sort_by(|one, other| rank(*other).total_cmp(&rank(*one)));
        }
    }
    if request.reversed {
        rows.reverse();
    }
    rows
}

fn is_shown(everybody: &Everybody, table: &PeopleTable, who: usize, show: PeopleShown) -> bool {
    match show {
        PeopleShown::Everybody => everybody.is_listed(who),
        PeopleShown::OpenedNothing => everybody.is_listed(who) && table.rows[who].totals.opened == 0,
        PeopleShown::Behind => everybody.is_listed(who) && table.rows[who].is_behind,
        PeopleShown::NotListed => {
            let standing = everybody.people()[who].standing;
            !everybody.is_listed(who) && matches!(standing, Standing::Viewer | Standing::Anonymous)
        }
    }
}

impl PeoplePage {
    /// The people of a course; `rows` are those of the request.
    pub(crate) fn new(
        open: &OpenCourse,
        everybody: &Everybody,
        table: &PeopleTable,
        range: Days,
        rows: &[usize],
        start: Option<&str>,
    ) -> Self {
        let all = 0..everybody.people().len();
        let of = |show| all.clone().filter(|who| is_shown(everybody, table, *who, show)).count();
        let listed = of(PeopleShown::Everybody);
        let explainer = Explainer::new(range, &open.facts, open.zone);
        let videos = everybody.seen.course.views.videos();
        let digits = videos.len().to_string().len().max(2);
        let columns = videos.iter().enumerate().map(|(video, info)| MatrixVideo {
            session_id: info.session_id.to_string(),
            number: format!("{:0digits$}", video + 1),
            name: info.name.to_string(),
            covered: info.usable_duration_secs().map_or_else(String::new, |_| share(everybody, table, video)),
        });
        let whole = if everybody.is_class_told() { "of the class" } else { "of viewers" };
        Self {
            course_id: open.course.id.to_string(),
            videos: columns.collect(),
            choices: PeopleShown::ALL
                .into_iter()
                .map(|show| (show, of(show)))
                .filter(|(show, people)| *show == PeopleShown::Everybody || *people > 0)
                .map(|(show, people)| ShownChoice { show, label: choice(everybody, show, people) })
                .collect(),
            shown: format!("{} of {}", count(rows.len() as u64), count(listed.max(rows.len()) as u64)),
            count: rows.len() as u32,
            rows: some_rows(everybody, table, rows, 0),
            start: start.and_then(|key| place_of(everybody, rows, key)),
            of_videos: format!("Of {}", count(videos.len() as u64)),
            foot: format!("{whole}, at least 75 %"),
            told: PeopleTold::new(open, everybody),
            tidy: tidy(everybody),
            coverage: explainer.explain(Figure::PersonCoverage),
            behind: explainer.explain(Figure::Behind),
        }
    }
}

fn place_of(everybody: &Everybody, rows: &[usize], key: &str) -> Option<u32> {
    let who = everybody.find(key)?;
    rows.iter().position(|row| *row == who).map(|place| place as u32)
}

fn choice(everybody: &Everybody, show: PeopleShown, people: usize) -> String {
    let name = match show {
        PeopleShown::Everybody => "Everybody",
        PeopleShown::OpenedNothing => "Opened nothing",
        PeopleShown::Behind => "Behind",
        PeopleShown::NotListed if everybody.is_class_told() => "Not on the class list",
        PeopleShown::NotListed => "Not signed in",
    };
    format!("{name} ({})", count(people as u64))
}

/// In whole percent, without its sign: there is room for two digits.
fn share(everybody: &Everybody, table: &PeopleTable, video: usize) -> String {
    let text = everybody.covered_percent(table, video).map(whole_percent).unwrap_or_default();
    text.trim_end_matches(" %").to_owned()
}

fn tidy(everybody: &Everybody) -> Option<String> {
    let suggestions = everybody.merge_suggestions().len() as u64;
    let left_out = everybody.seen.course.people.left_out().len() as u64;
    let joined = everybody.seen.course.people.people().iter().filter(|person| person.accounts.len() > 1).count() as u64;
    let parts: Vec<String> = [
        (suggestions, counted(suggestions, "suggestion", "suggestions")),
        (left_out, format!("{} left out", count(left_out))),
        (joined, format!("{} joined", count(joined))),
    ]
    .into_iter()
    .filter(|(number, _)| *number > 0)
    .map(|(_, text)| text)
    .collect();
    (!parts.is_empty()).then(|| parts.join(", "))
}

/// The rows from a place on, as many as cross at once.
pub(crate) fn some_rows(everybody: &Everybody, table: &PeopleTable, rows: &[usize], from: usize) -> Vec<MatrixPerson> {
    let some = rows.iter().skip(from).take(ROWS_AT_ONCE);
    some.map(|who| MatrixPerson::new(everybody, table, *who)).collect()
}

impl MatrixPerson {
    fn new(everybody: &Everybody, table: &PeopleTable, who: usize) -> Self {
        let row = &table.rows[who];
        let address = everybody.address(who);
        let detail = [address.clone(), everybody.section(who)].into_iter().flatten().collect::<Vec<_>>().join(" · ");
        Self {
            key: everybody.key(who),
            label: everybody.label(who).to_owned(),
            detail,
            role: everybody.role(who).map(Recorded::as_str).unwrap_or_default().to_owned(),
            address,
            cells: row.cells.iter().map(|cell| letter(*cell)).collect(),
            opened: count(row.totals.opened.into()),
            covered: count(row.totals.covered.into()),
            watch_time: if row.totals.opened == 0 { NONE.to_owned() } else { time(row.totals.watch_secs) },
            last: row.totals.last_day.map_or_else(|| "never".to_owned(), day_month),
        }
    }
}

/// A cell as a letter.
fn letter(cell: MatrixCell) -> char {
    match cell {
        MatrixCell::NotOpened => '.',
        MatrixCell::NoLength => '?',
        MatrixCell::Coverage { percent, is_covered } => {
            let step = (f64::from(percent) / 100.0 * f64::from(STEPS)).ceil().clamp(1.0, f64::from(STEPS)) as u8;
            char::from(if is_covered { b'A' } else { b'a' } + step - 1)
        }
    }
}

/// One cell in words: `Abara, Ifeoma · Lecture 07 · 31.0 % · last on 24 Sept · 12 min`.
pub(crate) fn cell_in_words(label: &str, video: &str, watched: Option<&Watched>) -> String {
    let mut parts = vec![label.to_owned(), model::line::listed_name(video)];
    match watched {
        None => parts.push("not opened".to_owned()),
        Some((of, _)) => {
            parts.push(of.coverage_percent.map_or_else(|| "opened, length unknown".to_owned(), model::words::percent));
            parts.push(format!("last on {}", day_month(of.last_day)));
            parts.push(time(of.watch_secs));
        }
    }
    parts.join(" · ")
}
