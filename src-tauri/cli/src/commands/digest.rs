//! `digest`: what is new in a course or in all courses, as text, Markdown or JSON.

use std::fmt::Write as _;

use chrono_tz::Tz;
use engine::clock::{Clock as _, SystemClock};
use engine::digest::{CourseDigest, digest_of};
use engine::store::DataFolder;
use engine::views::Views;
use engine::{Error, ErrorCode, Result};
use model::{DigestEntry, DigestEvidence, FolderId};
use serde_json::{Value, json};

use crate::args::DigestArgs;
use crate::commands::zone::zone_to_look;
use crate::exit::Exit;
use crate::named::{Parts, course_named, listed_courses};
use crate::setup::Setup;
use crate::terminal::{Outcome, shown};

/// Tells it.
pub(crate) async fn digest(setup: &Setup, args: DigestArgs) -> Result<Outcome> {
    let folder = setup.data_folder()?;
    let zone = zone_to_look(setup, &folder, &args.zone)?;
    let listed = listed_courses(&folder)?;
    let courses = match &args.course {
        Some(course) => vec![course_named(&listed, course, Parts::Suffice)?],
        None => listed.iter().map(|course| course.id).collect(),
    };
    let is_one = args.course.is_some();
    let terminal = setup.terminal.clone();
    let (told, failed) = super::blocking(move || look(&folder, &courses, zone, is_one)).await?;
    for error in &failed {
        terminal.warning(error.message(), error.hint());
    }
    Ok(outcome(&told, args.markdown, !failed.is_empty()))
}

fn look(folder: &DataFolder, ids: &[FolderId], zone: Tz, is_one: bool) -> Result<(Vec<CourseDigest>, Vec<Error>)> {
    let (mut told, mut failed) = (Vec::new(), Vec::new());
    let views = Views::default();
    for id in ids {
        match digest_of(folder, &views, *id, zone, SystemClock.now()) {
            Ok(digest) => told.push(digest),
            Err(error) if is_one => return Err(error),
            // Added and not synced yet.
            Err(error) if error.code() == ErrorCode::NotFound => {}
            Err(error) => failed.push(error),
        }
        views.clear();
    }
    Ok((told, failed))
}

fn outcome(courses: &[CourseDigest], is_markdown: bool, is_partial: bool) -> Outcome {
    let mut text = String::new();
    for course in courses {
        let name = shown(&course.facts.name);
        let _ = if is_markdown { writeln!(text, "## {}\n", escaped(&name)) } else { writeln!(text, "{name}") };
        for entry in course.digest.entries() {
            let sentence = shown(&entry.sentence);
            let _ =
                if is_markdown { writeln!(text, "- {}.", escaped(&sentence)) } else { writeln!(text, "  {sentence}") };
        }
        if let Some(nothing) = course.digest.nothing() {
            let _ = if is_markdown { writeln!(text, "{nothing}.") } else { writeln!(text, "  {nothing}") };
        }
        text.push('\n');
    }
    let entries = courses.iter().map(|course| {
        json!({
            "id": course.facts.id,
            "name": course.facts.name,
            "fetchedThrough": course.facts.fetched_through,
            "silence": course.digest.nothing(),
            "sentences": course.digest.entries().iter().map(|entry| as_json(course, entry)).collect::<Vec<_>>(),
        })
    });
    let outcome = Outcome::done(text.trim_end(), json!({ "courses": entries.collect::<Vec<_>>() }));
    if is_partial { Outcome { exit: Exit::Partial, ..outcome } } else { outcome }
}

fn as_json(course: &CourseDigest, entry: &DigestEntry) -> Value {
    let video = |video: usize| course.course.views.videos()[video].session_id;
    let (session, start_secs, date) = match entry.evidence {
        DigestEvidence::Video(place) => (Some(video(place)), None, None),
        DigestEvidence::Place(place, start_secs) => (Some(video(place)), Some(start_secs), None),
        DigestEvidence::Date(number) => (None, None, Some(number)),
    };
    json!({
        "rule": entry.rule,
        "sentence": entry.sentence,
        "sessionId": session,
        "startSecs": start_secs,
        "dateNumber": date,
    })
}

/// Names are text: what Markdown would read as its own is written as it stands.
fn escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for character in text.chars() {
        if matches!(character, '\\' | '`' | '*' | '_' | '[' | ']' | '<' | '>' | '#' | '|' | '!' | '&' | '~') {
            escaped.push('\\');
        }
        escaped.push(character);
    }
    escaped
}

#[cfg(test)]
mod tests {
    use super::escaped;

    #[test]
    fn a_name_is_no_markup() {
        assert_eq!(escaped("<b>[x](y) *1*"), "\\<b\\>\\[x\\](y) \\*1\\*");
    }
}
