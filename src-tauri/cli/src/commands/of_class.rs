//! Shares of those enrolled, beside figures of viewers, wherever a course has a class list.
//!
//! Each says of whom it is, and beside it stands how many cannot be identified for certain. Deliberately absent: shares where there
//! is no class list; figures are then of viewers only.

use chrono_tz::Tz;
use engine::roster::{ClassInView, OfEnrolled, class_in_view};
use engine::store::DataFolder;
use engine::views::Views;
use model::words::{count, percent};
use model::{FolderId, MatchState, ViewingSpan};
use serde_json::{Value, json};

use crate::terminal::Terminal;

/// The class list of a course; `None` where there is none, or where it is damaged, which is told.
pub(super) fn class_of(
    terminal: &Terminal,
    folder: &DataFolder,
    views: &Views,
    course: FolderId,
    zone: Tz,
) -> Option<ClassInView> {
    match class_in_view(folder, views, course, zone) {
        Ok(class) => class,
        Err(error) => {
            terminal.warning(error.message(), error.hint());
            None
        }
    }
}

fn share(part: u32, whole: u32) -> Option<f64> {
    (whole > 0).then(|| f64::from(part) / f64::from(whole) * 100.0)
}

/// How many of those enrolled have watched a video, for programs.
pub(super) fn as_json(of: OfEnrolled) -> Value {
    json!({
        "people": of.enrolled,
        "opened": of.opened,
        "openedPercent": share(of.opened, of.enrolled),
        "covered": of.covered,
        "coveredPercent": share(of.covered, of.enrolled),
        "unsure": of.unsure,
    })
}

/// The same in one line: `Of 180 enrolled: 111 opened it (61.7 %), 62 covered at least 75 % (34.4 %); 6 cannot be
/// identified for certain`.
pub(super) fn in_words(of: OfEnrolled) -> String {
    let with_share = |part: u32| match share(part, of.enrolled) {
        Some(share) => format!("{} ({})", count(part.into()), percent(share)),
        None => count(part.into()),
    };
    let mut text = format!(
        "Of {} enrolled: {} opened it, {} covered at least 75 %",
        count(of.enrolled.into()),
        with_share(of.opened),
        with_share(of.covered)
    );
    if of.unsure > 0 {
        text = format!("{text}; {} cannot be identified for certain", count(of.unsure.into()));
    }
    text
}

/// A video and its class list, with the people of the list who were found nowhere: they are the ones whom no viewer can be.
pub(super) fn of_video(class: &ClassInView, video: usize, span: ViewingSpan, names: bool) -> Value {
    let mut json = as_json(class.of_video(video, span));
    let not_found = class.matches.rows.iter().enumerate().filter(|(_, row)| row.state == MatchState::NotFound);
    let entries = not_found.map(|(row, _)| {
        let mut entry = json!({ "row": row + 1 });
        if names {
            let person = &class.listed(row).person;
            entry["name"] = json!(person.name);
            entry["address"] = json!(person.email);
        }
        entry
    });
    json["notFound"] = entries.collect();
    json
}
