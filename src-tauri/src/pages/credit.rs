//! Credit for watching: which videos, by when, from which share on; what everybody of the class gets, and what is close.
//!
//! Deliberately absent: the arithmetic (crate `model`) and the files (`crediting.rs`).
//!
//! Invariants: the preview is what is saved; without names people are numbers of the list; a value that was decided says that it
//! was.

use engine::credit::CreditList;
use engine::people::WithNames;
use engine::roster::{ClassInView, GradebookFormat, hidden_label};
use model::words::{count, counted, percent};
use model::{Credit, LeftOutOfCredit, VideoInfo};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::chart::SavedFile;

/// What is counted.
#[derive(Debug, Clone, PartialEq, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export_to = "credit.ts")]
pub struct CreditAsked {
    /// The course.
    pub course_id: String,
    /// The videos that count.
    pub session_ids: Vec<String>,
    /// By when: a day, or a day and a time, in the reporting time zone.
    pub by: String,
    /// Minutes after it that still count.
    pub grace_minutes: u32,
    /// From which coverage on a video counts whole, in percent.
    pub threshold_percent: f64,
    /// The points for all videos.
    pub points: f64,
    /// Whether a video counts in part below the threshold.
    pub proportional: bool,
    /// Decimals of a value.
    pub decimals: u8,
    /// Who gets a zero.
    pub zero_for: CreditZero,
    /// What is decided otherwise.
    pub decided: Vec<DecidedCredit>,
}

/// Who gets a zero instead of no value.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export_to = "credit.ts")]
pub enum CreditZero {
    /// Nobody: where nothing is recorded, the gradebook keeps what it has.
    Nobody,
    /// Viewers who are in the class, with nothing recorded of these videos.
    Seen,
    /// Also those of the class who were not found among the viewers.
    NotFound,
}

/// What somebody has decided for one person.
#[derive(Debug, Clone, PartialEq, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export_to = "credit.ts")]
pub struct DecidedCredit {
    /// Their place in the class list.
    pub place: u32,
    /// The points; absent: no value.
    pub points: Option<f64>,
    /// Why.
    pub reason: String,
}

/// What can be counted.
#[derive(Debug, Clone, PartialEq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export_to = "credit.ts")]
pub struct CreditChoices {
    /// Whether the course has a class list; without one there is nobody to give credit to.
    pub has_class_list: bool,
    /// The videos of the course.
    pub videos: Vec<CreditVideoChoice>,
    /// Dates that can be taken as the deadline.
    pub dates: Vec<CreditDate>,
    /// The forms of files.
    pub formats: Vec<CreditFormat>,
    /// The one of the system that the class list came from.
    pub likely: String,
    /// The reporting time zone, in which times are typed.
    pub time_zone: String,
}

/// A video that can count.
#[derive(Debug, Clone, PartialEq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export_to = "credit.ts")]
pub struct CreditVideoChoice {
    /// The video.
    pub session_id: String,
    /// Its name.
    pub name: String,
    /// Whether it has a length; without one nothing of it can be covered.
    pub can_count: bool,
}

/// A date that can be the deadline.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export_to = "credit.ts")]
pub struct CreditDate {
    /// `Quiz 2, Thu 1 Oct 09:00`.
    pub label: String,
    /// The same as it is typed.
    pub by: String,
}

/// A form of file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export_to = "credit.ts")]
pub struct CreditFormat {
    /// The word: `canvas`.
    pub word: String,
    /// `Canvas`.
    pub label: String,
    /// What somebody should know who imports it.
    pub advice: String,
}

/// What everybody gets.
#[derive(Debug, Clone, PartialEq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export_to = "credit.ts")]
pub struct CreditPreview {
    /// `162 with points, 4 close below the threshold`.
    pub summary: Vec<String>,
    /// Everybody of the class, in its order.
    pub rows: Vec<CreditPerson>,
    /// What was counted, as it stands beside the saved file.
    pub text: String,
}

/// What one person gets.
#[derive(Debug, Clone, PartialEq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export_to = "credit.ts")]
pub struct CreditPerson {
    /// Their place in the class list.
    pub place: u32,
    /// The name, or `Person 17 on the list`.
    pub label: String,
    /// `7.5`, or `–`.
    pub points: String,
    /// `3 of 4 videos`.
    pub counted: String,
    /// Why there is no value, or what is close: `Lecture 3: 73.4 %`.
    pub note: String,
    /// Whether a video is close below the threshold.
    pub is_near: bool,
    /// Why somebody decided otherwise.
    pub reason: Option<String>,
}

/// Which file to save.
#[derive(Debug, Clone, PartialEq, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export_to = "credit.ts")]
pub struct CreditSaveRequest {
    /// What is counted.
    pub of: CreditAsked,
    /// The word of the form.
    pub format: String,
    /// The title of the new item.
    pub title: String,
}

/// Which column of a gradebook export to fill.
#[derive(Debug, Clone, PartialEq, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export_to = "credit.ts")]
pub struct CreditFillRequest {
    /// What is counted.
    pub of: CreditAsked,
    /// The column, as the gradebook names it.
    pub column: String,
}

/// A credit file that was saved.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export_to = "credit.ts")]
pub struct CreditSaved {
    /// The file.
    pub file: SavedFile,
    /// What is in it, and what to know: `162 people in the file. Canvas makes a new assignment …`.
    pub text: String,
}

impl CreditChoices {
    /// What can be counted of these videos.
    pub(crate) fn new(videos: &[VideoInfo], class: Option<&ClassInView>, dates: Vec<CreditDate>, zone: &str) -> Self {
        let system = class.and_then(|class| class.list.versions.last()?.system.as_deref());
        let likely = GradebookFormat::ALL.into_iter().find(|format| Some(format.word()) == system);
        let choice = |info: &VideoInfo| CreditVideoChoice {
            session_id: info.session_id.to_string(),
            name: info.name.to_string(),
            can_count: info.usable_duration_secs().is_some(),
        };
        let format = |format: GradebookFormat| CreditFormat {
            word: format.word().to_owned(),
            label: format.name().to_owned(),
            advice: format.advice().to_owned(),
        };
        Self {
            has_class_list: class.is_some(),
            videos: videos.iter().map(choice).collect(),
            dates,
            formats: GradebookFormat::ALL.into_iter().map(format).collect(),
            likely: likely.unwrap_or(GradebookFormat::Plain).word().to_owned(),
            time_zone: zone.to_owned(),
        }
    }
}

impl CreditPreview {
    /// What everybody of a class gets.
    pub(crate) fn new(class: &ClassInView, list: &CreditList, text: String, names: WithNames) -> Self {
        let people = |state: &str| list.rows.iter().filter(|row| row.credit.word() == state).count() as u64;
        let near = list.rows.iter().filter(|row| !row.near.is_empty()).count() as u64;
        let decided = list.rows.iter().filter(|row| row.reason.is_some()).count() as u64;
        let mut summary = vec![format!("{} with points", count(people("points")))];
        summary.extend(
            [
                (people("decided-zero"), "with zero, as you decided"),
                (people("left-out"), "without a value"),
                (near, "close below the threshold"),
                (decided, "decided by you"),
            ]
            .into_iter()
            .filter(|(people, _)| *people > 0)
            .map(|(people, what)| format!("{} {what}", count(people))),
        );
        if list.is_provisional {
            summary.push("provisional: Panopto may still add records of the time before the deadline".to_owned());
        }
        let called = match names {
            WithNames::Shown => class.names(),
            WithNames::Hidden => (0..list.rows.len()).map(hidden_label).collect(),
        };
        let rows = called.into_iter().enumerate().map(|(row, label)| CreditPerson::new(class, list, row, label));
        Self { summary, rows: rows.collect(), text }
    }
}

impl CreditPerson {
    fn new(class: &ClassInView, list: &CreditList, row: usize, label: String) -> Self {
        let of = &list.rows[row];
        let near = of.near.iter().filter_map(|video| {
            Some(format!("{}: {}", model::line::listed_name(&list.videos[*video].name), percent(of.coverage[*video]?)))
        });
        let note = match of.credit {
            Credit::LeftOut(LeftOutOfCredit::Decided) => String::new(),
            Credit::LeftOut(because) => because.sentence().to_owned(),
            Credit::DecidedZero => "nothing recorded".to_owned(),
            Credit::Points(_) => near.collect::<Vec<_>>().join(", "),
        };
        Self {
            place: class.enrolled[row] as u32,
            label,
            points: of.credit.value().map_or_else(|| model::words::NONE.to_owned(), |value| value.to_string()),
            counted: format!("{} of {}", of.counted, counted(list.videos.len() as u64, "video", "videos")),
            note,
            is_near: !of.near.is_empty(),
            reason: of.reason.clone(),
        }
    }
}
