//! `names fetch`: asks Panopto who the viewers are.

use std::fmt::Write as _;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use engine::clock::SystemClock;
use engine::people::{NamesAsk, NamesFetch, NamesProgress, NamesReport};
use engine::source::Source;
use engine::store::course_list::ListedCourse;
use engine::store::{DataFolder, FolderLock};
use engine::{Error, Result};
use model::words::{count, counted};
use serde_json::json;

use crate::exit::Exit;
use crate::named::{courses_named, listed_courses};
use crate::setup::Setup;
use crate::terminal::Outcome;

/// Accounts between two lines that say how far fetching is.
const LINE_EVERY: usize = 250;

/// Fetches the names of some courses, or of all on the list.
pub(crate) async fn fetch(setup: &Setup, courses: &[String]) -> Result<Outcome> {
    let folder = setup.data_folder()?;
    let listed = listed_courses(&folder)?;
    let named = courses_named(&listed, courses)?;
    let chosen: Vec<ListedCourse> =
        listed.into_iter().filter(|course| named.is_empty() || named.contains(&course.id)).collect();
    // A damaged file of people is told before anybody is asked.
    folder.people()?;
    let client = setup.connector.client(&setup.settings).await?;
    let lock = Arc::new(setup.lock(&folder)?);
    let report = fetch_with(setup, &folder, &lock, (&Source::new(client), NamesAsk::Again), &chosen).await?;
    Ok(outcome(&report))
}

/// Fetches what a sync brings along where names are wanted: never a reason for the sync to fail.
pub(crate) async fn after_sync(
    setup: &Setup,
    folder: &DataFolder,
    lock: &Arc<FolderLock>,
    source: &Source,
    courses: &[ListedCourse],
) -> Option<NamesReport> {
    match fetch_with(setup, folder, lock, (source, NamesAsk::Missing), courses).await {
        Ok(report) => {
            // Said by the sync that meets the refusal, and not by those after it.
            if (report.full_names_refused || report.refused_videos > 0) && !report.refusal_is_known {
                let words = "Panopto does not tell this user all names; `names fetch` asks again";
                setup.terminal.note(words);
            }
            if let Some(failure) = &report.ended_early {
                setup.terminal.note(&format!("Names are not complete: {}", failure.reason));
            }
            Some(report)
        }
        Err(error) => {
            setup.terminal.note(&format!("Names could not be fetched: {}", error.message()));
            None
        }
    }
}

async fn fetch_with(
    setup: &Setup,
    folder: &DataFolder,
    lock: &Arc<FolderLock>,
    (source, ask): (&Source, NamesAsk),
    courses: &[ListedCourse],
) -> Result<NamesReport> {
    let last = AtomicUsize::new(0);
    let terminal = setup.terminal.clone();
    let tell = |progress: NamesProgress| {
        let line = progress.done / LINE_EVERY;
        if line != last.swap(line, Ordering::Relaxed) && line > 0 {
            let (done, total) = (count(progress.done as u64), counted(progress.total as u64, "viewer", "viewers"));
            terminal.note(&format!("Names of {done} of {total}"));
        }
    };
    let fetch = NamesFetch { folder, lock, source, ask, clock: &SystemClock, tell: &tell };
    fetch.run(courses, &setup.cancel).await
}

fn outcome(report: &NamesReport) -> Outcome {
    let mut parts = vec![format!("{} with a name", count(report.named as u64))];
    for (number, words) in
        [(report.not_signed_in, "not signed in"), (report.deleted, "deleted"), (report.unknown, "not known")]
    {
        if number > 0 {
            parts.push(format!("{} {words}", count(number as u64)));
        }
    }
    let mut text = format!("{}: {}", counted(report.accounts as u64, "viewer", "viewers"), parts.join(", "));
    if report.full_names_refused {
        text.push_str("\nPanopto does not tell this user full names; user names come from the viewers of each video");
    }
    if report.refused_videos > 0 {
        let _ = write!(
            text,
            "\nPanopto tells names only to creators of a folder; you are not one for {} of {}",
            report.refused_videos,
            counted(report.asked_videos as u64, "video", "videos")
        );
    }
    let (exit, error) = match &report.ended_early {
        _ if report.is_cancelled => (Exit::Cancelled, Some(Error::cancelled())),
        None => (Exit::Done, None),
        Some(failure) if report.named == 0 => {
            let error = Error::new(failure.code, &failure.reason);
            let error = match &failure.hint {
                Some(hint) => error.with_hint(hint),
                None => error,
            };
            (Exit::of(error.code()), Some(error))
        }
        Some(_) => (Exit::Partial, None),
    };
    Outcome { exit, text, json: json!(report), error }
}
