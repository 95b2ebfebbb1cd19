//! What the settings say about people's data: the fact sheet, for how long records are kept, what went out with names.
//!
//! Deliberately absent: the facts themselves (`engine::people`), which the command line shows too. Invariant: a period is never
//! set without the number of records that it would delete.

use chrono_tz::Tz;
use engine::people::{FACTS, Fact, RetentionReport, SETTINGS_FACTS};
use engine::store::NamedExportEntry;
use model::line::one_line;
use model::words::{self, counted};
use model::{Day, Recorded};
use serde::Serialize;
use ts_rs::TS;

use super::when;
use crate::error::IpcError;

/// The part of the settings about people's data.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export_to = "privacy.ts")]
pub struct PrivacyPage {
    /// Whom the program speaks to, and where secrets are: a sentence each.
    pub statements: Vec<String>,
    /// Every kind of file in the data folder.
    pub files: Vec<FactRow>,
    /// Every kind of file beside the settings.
    pub settings_files: Vec<FactRow>,
    /// The courses of the list, with how long their records are kept.
    pub courses: Vec<KeptCourse>,
    /// Why that cannot be read; nothing is deleted then.
    pub courses_error: Option<IpcError>,
    /// What went out with names, the newest first.
    pub exports: Vec<ExportRow>,
    /// Why the journal cannot be read.
    pub exports_error: Option<IpcError>,
}

/// One kind of file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export_to = "privacy.ts")]
pub struct FactRow {
    /// Its path; `*` stands for one name.
    pub path: String,
    /// What it says about people: `names`.
    pub holds: String,
    /// What it is for, and until when it is kept.
    pub purpose: String,
}

/// For how long the records of a course are kept.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export_to = "privacy.ts")]
pub struct KeptCourse {
    /// The course.
    pub course_id: String,
    /// Its name.
    pub name: String,
    /// The days; absent: until the course is removed.
    pub keep_days: Option<u32>,
    /// The periods that can be chosen, its own among them.
    pub choices: Vec<KeepChoice>,
}

/// A period that can be chosen.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export_to = "privacy.ts")]
pub struct KeepChoice {
    /// The days; absent: until the course is removed.
    pub days: Option<u32>,
    /// `Two years`.
    pub label: String,
}

/// What keeping records for a time would delete.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export_to = "privacy.ts")]
pub struct KeepPreview {
    /// The course.
    pub course_id: String,
    /// The days; absent: until the course is removed.
    pub days: Option<u32>,
    /// `The next sync deletes 1,204 viewing records from before 28 Nov 2024. They cannot be brought back`.
    pub text: String,
    /// Whether anything would be deleted.
    pub deletes: bool,
}

/// Something that went out with names.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export_to = "privacy.ts")]
pub struct ExportRow {
    /// When.
    pub at: String,
    /// What: `Credit`.
    pub what: String,
    /// The file, or the clipboard.
    pub place: String,
}

/// The periods that are offered.
const PERIODS: [(u32, &str); 5] =
    [(180, "Half a year"), (365, "One year"), (730, "Two years"), (1_095, "Three years"), (1_825, "Five years")];

impl FactRow {
    pub(crate) fn of_data_folder() -> Vec<Self> {
        FACTS.iter().map(Self::new).collect()
    }

    pub(crate) fn beside_the_settings() -> Vec<Self> {
        SETTINGS_FACTS.iter().map(Self::new).collect()
    }

    fn new(fact: &Fact) -> Self {
        Self { path: fact.path.to_owned(), holds: fact.keeps.text().to_owned(), purpose: fact.purpose.to_owned() }
    }
}

impl KeptCourse {
    pub(crate) fn new(course_id: String, name: String, keep_days: Option<u32>) -> Self {
        let mut choices = vec![KeepChoice { days: None, label: "Until the course is removed".to_owned() }];
        choices.extend(PERIODS.map(|(days, label)| KeepChoice { days: Some(days), label: label.to_owned() }));
        if let Some(days) = keep_days.filter(|days| PERIODS.iter().all(|(period, _)| period != days)) {
            choices.push(KeepChoice { days: Some(days), label: counted(days.into(), "day", "days") });
        }
        Self { course_id, name, keep_days, choices }
    }
}

impl KeepPreview {
    /// What a period would delete; without one, nothing.
    pub(crate) fn new(course_id: String, days: Option<u32>, report: Option<&RetentionReport>) -> Self {
        let records = report.map_or(0, |report| report.records);
        let text = match report {
            None => "Nothing is deleted".to_owned(),
            Some(report) if records == 0 => {
                format!("Nothing is from before {} yet; each sync deletes what has become older", day(report))
            }
            Some(report) => format!(
                "The next sync deletes {} from before {}. They cannot be brought back",
                counted(records, "viewing record", "viewing records"),
                day(report)
            ),
        };
        Self { course_id, days, text, deletes: records > 0 }
    }
}

fn day(report: &RetentionReport) -> String {
    words::day_year(Day::from_date(report.before))
}

impl ExportRow {
    pub(crate) fn new(entry: &NamedExportEntry, zone: Tz) -> Self {
        Self {
            at: when::at(entry.at, zone),
            what: match &entry.what {
                Recorded::Known(what) => what.text().to_owned(),
                Recorded::Unknown(word) => one_line(word),
            },
            place: one_line(&entry.place),
        }
    }
}
