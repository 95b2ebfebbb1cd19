//! `status`: how far each course has been fetched, and what failed last. Asks no server and no keychain.

use chrono::NaiveDate;
use engine::outcome::failed_in_words;
use engine::status::{CourseStatus, Stored, status as courses};
use engine::store::journal::Attempt;
use engine::{Error, Result};
use model::words::{count, counted, day_year};
use model::{Day, OutcomeWord, Recorded};
use serde_json::json;

use crate::commands::sync::part_in_words;
use crate::exit::Exit;
use crate::setup::{Setup, path_text};
use crate::table::{Side, Table};
use crate::terminal::{Outcome, shown, with_ids};

/// Shows the status.
pub(crate) async fn status(setup: &Setup) -> Result<Outcome> {
    let folder = setup.data_folder()?;
    let read = folder.clone();
    let courses = super::blocking(move || courses(&read)).await?;
    for course in &courses {
        if let Some(trouble) = &course.trouble {
            setup.terminal.warning(&format!("{}: {}", name(course), trouble.reason), trouble.hint.as_deref());
        }
    }
    let (exit, error) = unreadable(&courses);
    let text = format!("Data folder: {}\n\n{}", path_text(folder.root()), text(&courses));
    let json = json!({ "dataFolder": path_text(folder.root()), "courses": with_ids(json!(courses)) });
    Ok(Outcome { exit, text, json, error })
}

/// Damaged data gives an exit code that a script can see, whatever else could be shown.
fn unreadable(courses: &[CourseStatus]) -> (Exit, Option<Error>) {
    let mut troubles = courses.iter().filter_map(|course| course.trouble.as_ref());
    match (troubles.next(), troubles.count() + 1) {
        (None, _) => (Exit::Done, None),
        (Some(first), count) if count == courses.len() => {
            let error = match count {
                1 => "What is stored of the course cannot be read",
                _ => "What is stored of the courses cannot be read",
            };
            let error = Error::new(first.code, error);
            (Exit::of(error.code()), Some(error))
        }
        (Some(_), _) => (Exit::Partial, None),
    }
}

fn text(courses: &[CourseStatus]) -> String {
    if courses.is_empty() {
        return "The course list is empty; add a folder with `panopto-analytics courses add LINK`".to_owned();
    }
    let mut table = Table::new([
        ("Course", Side::Left),
        ("Videos", Side::Right),
        ("Viewers", Side::Right),
        ("Records", Side::Right),
        ("Fetched up to (UTC)", Side::Left),
        ("Last sync", Side::Left),
    ]);
    for course in courses {
        let number = |pick: fn(&Stored) -> u64| course.stored.as_ref().map(|s| count(pick(s))).unwrap_or_default();
        table.row([
            name(course),
            number(|stored| stored.videos as u64),
            number(|stored| stored.viewers),
            number(|stored| stored.records),
            fetched_in_words(course.fetched_through),
            if course.trouble.is_some() {
                "cannot be read".to_owned()
            } else {
                let videos = course.stored.map_or(0, |stored| stored.videos);
                course.last.as_ref().map(|last| attempt_in_words(last, videos)).unwrap_or_default()
            },
        ]);
    }
    let failures: Vec<String> = courses.iter().flat_map(failures).collect();
    if failures.is_empty() {
        table.to_text()
    } else {
        format!("{}\n\nFailed at the last sync, tried again by the next:\n  {}", table.to_text(), failures.join("\n  "))
    }
}

/// The course's name, or its ID as long as the name is unknown.
fn name(course: &CourseStatus) -> String {
    if course.name.is_empty() { course.course.to_string() } else { course.name.clone() }
}

/// `Sun 22 Nov 2020`, or `never`.
pub(crate) fn fetched_in_words(through: Option<NaiveDate>) -> String {
    through.map_or_else(|| "never".to_owned(), |day| day_year(Day::from_date(day)))
}

fn attempt_in_words(attempt: &Attempt, videos: usize) -> String {
    let at = attempt.at.format("%Y-%m-%d %H:%M UTC");
    let outcome = match &attempt.outcome {
        Recorded::Known(OutcomeWord::UpToDate) => "up to date".to_owned(),
        Recorded::Known(OutcomeWord::Synced) => counted(attempt.new_records, "new record", "new records"),
        Recorded::Known(OutcomeWord::Partial) => failed_in_words(&attempt.failed, videos as u64),
        Recorded::Known(OutcomeWord::Cancelled) => "stopped".to_owned(),
        Recorded::Known(OutcomeWord::Failed) => "failed".to_owned(),
        Recorded::Unknown(word) => format!("\"{word}\", as another version of this program noted"),
    };
    format!("{at}: {outcome}")
}

fn failures(course: &CourseStatus) -> Vec<String> {
    let Some(attempt) = &course.last else { return Vec::new() };
    let name = name(course);
    let whole = attempt.error.iter().map(|failure| shown(&format!("{name}: {}", failure.reason)));
    let parts = attempt.failed.iter().map(|part| shown(&part_in_words(&name, part)));
    whole.chain(parts).collect()
}
