//! `digest`: what is new in a course or in all courses, as text, Markdown or JSON.

use std::fmt::Write as _;

use chrono_tz::Tz;
use engine::clock::{Clock as _, SystemClock};
use engine::digest::{CourseDigest, as_markdown, digest_of, digests_of};
use engine::store::DataFolder;
use engine::views::Views;
use engine::{Error, Result};
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
    let now = SystemClock.now();
    match ids {
        // That of one course which was never synced is an error.
        [id] if is_one => Ok((vec![digest_of(folder, &Views::default(), *id, zone, now)?], Vec::new())),
        ids => Ok(digests_of(folder, ids, zone, now)),
    }
}

fn outcome(courses: &[CourseDigest], is_markdown: bool, is_partial: bool) -> Outcome {
    let text = if is_markdown {
        as_markdown(courses).lines().map(shown).collect::<Vec<_>>().join("\n")
    } else {
        as_text(courses)
    };
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

fn as_text(courses: &[CourseDigest]) -> String {
    let mut text = String::new();
    for course in courses {
        let _ = writeln!(text, "{}", shown(&course.facts.name));
        for entry in course.digest.entries() {
            let _ = writeln!(text, "  {}", shown(&entry.sentence));
        }
        if let Some(nothing) = course.digest.nothing() {
            let _ = writeln!(text, "  {nothing}");
        }
        text.push('\n');
    }
    text
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
