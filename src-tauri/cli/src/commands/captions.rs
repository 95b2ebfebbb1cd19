//! `captions`: fetching what is said in the videos, and finding words in it.

use std::fmt::Write as _;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use chrono_tz::Tz;
use engine::captions::{
    CaptionsFetch, CaptionsOfVideo, CaptionsProgress, CaptionsReport, CourseWords, FoundWords, Patience, Words,
};
use engine::clock::SystemClock;
use engine::outcome::Failure;
use engine::source::Source;
use engine::store::course_list::ListedCourse;
use engine::store::{DataFolder, FolderLock};
use engine::views::{CourseInView, Views};
use engine::{Error, ErrorCode, Result};
use model::words::{clock, count, counted, range as dates};
use model::{DateRange, Query};
use serde_json::{Value, json};

use crate::commands::zone::zone_to_look;
use crate::exit::Exit;
use crate::named::{Parts, course_named, courses_named, listed_courses};
use crate::setup::Setup;
use crate::table::{Side, Table};
use crate::terminal::{Outcome, Terminal, shown, with_ids};

/// Videos between two lines that say how far fetching is.
const LINE_EVERY: usize = 25;

/// Fetches the captions of some courses, or of all on the list.
pub(crate) async fn fetch(setup: &Setup, courses: &[String]) -> Result<Outcome> {
    let folder = setup.data_folder()?;
    let listed = listed_courses(&folder)?;
    let named = courses_named(&listed, courses)?;
    let chosen: Vec<ListedCourse> =
        listed.into_iter().filter(|course| named.is_empty() || named.contains(&course.id)).collect();
    let client = setup.connector.client(&setup.settings).await?;
    let lock = Arc::new(setup.lock(&folder)?);
    let report = fetch_with(setup, &folder, &lock, &Source::new(client), &chosen, Patience::Impatient).await?;
    for course in &report.courses {
        for warning in &course.warnings {
            setup.terminal.warning(warning, None);
        }
        for part in &course.failed {
            let told = format!("{}, video \"{}\": {}", course.name, part.name, part.failure.reason);
            setup.terminal.warning(&told, part.failure.hint.as_deref());
        }
    }
    Ok(outcome(&report))
}

/// Fetches what a sync brings along: never a reason for the sync to fail, so what goes wrong is only noted.
pub(crate) async fn after_sync(
    setup: &Setup,
    folder: &DataFolder,
    lock: &Arc<FolderLock>,
    source: &Source,
    courses: &[ListedCourse],
) -> Option<CaptionsReport> {
    match fetch_with(setup, folder, lock, source, courses, Patience::Patient).await {
        Ok(report) => {
            if let Some(failure) = report.first_failure() {
                setup.terminal.note(&format!("Captions are not complete: {}", failure.reason));
            }
            Some(report)
        }
        Err(error) => {
            setup.terminal.note(&format!("Captions could not be fetched: {}", error.message()));
            None
        }
    }
}

async fn fetch_with(
    setup: &Setup,
    folder: &DataFolder,
    lock: &Arc<FolderLock>,
    source: &Source,
    courses: &[ListedCourse],
    patience: Patience,
) -> Result<CaptionsReport> {
    let line = CaptionsLine { terminal: setup.terminal.clone(), last: AtomicUsize::new(0) };
    let tell = |progress: CaptionsProgress| line.tell(&progress);
    let fetch = CaptionsFetch { folder, lock, source, patience, clock: &SystemClock, tell: &tell };
    fetch.run(courses, &setup.cancel).await
}

/// Says now and then how far fetching is; a course of a few videos needs no line.
struct CaptionsLine {
    terminal: Terminal,
    last: AtomicUsize,
}

impl CaptionsLine {
    fn tell(&self, progress: &CaptionsProgress) {
        let CaptionsProgress { name, done, total, .. } = progress;
        let line = done / LINE_EVERY;
        if line != self.last.swap(line, Ordering::Relaxed) && line > 0 {
            let (done, total) = (count(*done as u64), counted(*total as u64, "video", "videos"));
            self.terminal.note(&format!("{}: captions of {done} of {total}", shown(name)));
        }
    }
}

fn outcome(report: &CaptionsReport) -> Outcome {
    let mut table = Table::new([
        ("Course", Side::Left),
        ("Videos", Side::Right),
        ("With captions", Side::Right),
        ("New", Side::Right),
        ("Result", Side::Left),
    ]);
    for course in &report.courses {
        let number = |number: usize| count(number as u64);
        table.row([
            course.name.clone(),
            number(course.videos),
            number(course.kept),
            number(course.fetched),
            result_in_words(course),
        ]);
    }
    let (exit, error) = match report.first_failure() {
        _ if report.is_cancelled => (Exit::Cancelled, Some(Error::cancelled())),
        None => (Exit::Done, None),
        Some(failure) if report.fetched() == 0 && report.courses.iter().all(|course| course.ended_early.is_some()) => {
            let error = error_of(failure);
            (Exit::of(error.code()), Some(error))
        }
        Some(_) => (Exit::Partial, None),
    };
    let mut json = as_json(report);
    json["isComplete"] = json!(report.is_complete());
    Outcome { exit, text: table.to_text(), json, error }
}

fn error_of(failure: &Failure) -> Error {
    let error = Error::new(failure.code, &failure.reason);
    match &failure.hint {
        Some(hint) => error.with_hint(hint),
        None => error,
    }
}

fn result_in_words(course: &engine::captions::CourseCaptionsReport) -> String {
    let mut parts = Vec::new();
    for (number, words) in [
        (course.no_captions, "without captions"),
        (course.empty_captions, "with empty ones"),
        (course.refused, "not for this user"),
        (course.failed.len(), "failed"),
        (course.unknown, "still to ask about"),
    ] {
        if number > 0 {
            parts.push(format!("{} {words}", count(number as u64)));
        }
    }
    if course.videos == 0 {
        parts.push("not synced yet".to_owned());
    }
    if parts.is_empty() { "all have captions".to_owned() } else { parts.join(", ") }
}

/// The report for JSON, as `sync` has it.
pub(crate) fn as_json(report: &CaptionsReport) -> Value {
    let mut json = json!(report);
    json["courses"] = with_ids(json["courses"].take());
    json
}

/// Finds words in the captions of a course.
pub(crate) async fn find(
    setup: &Setup,
    course: &str,
    words: &[String],
    range: DateRange,
    zone: &crate::args::LookZone,
) -> Result<Outcome> {
    let folder = setup.data_folder()?;
    let id = course_named(&listed_courses(&folder)?, course, Parts::Suffice)?;
    let zone = zone_to_look(setup, &folder, zone)?;
    let asked = Query::parse(&as_typed(words));
    if asked.is_empty() {
        return Err(Error::new(ErrorCode::InvalidInput, "There is no word to look for")
            .with_hint("Give at least one word with letters or digits, or a phrase in quotes"));
    }
    super::blocking(move || {
        let course = Views::default().course(&folder, id, zone)?;
        let words = Words::default().of(&folder, &course)?;
        let found = words.find(&course.views, &asked, range, usize::MAX);
        Ok(told(&course, &words, &found, range, zone))
    })
    .await
}

/// Words of the shell as one line: what the shell kept together is a phrase.
fn as_typed(words: &[String]) -> String {
    let word = |word: &String| {
        let is_phrase = word.trim().contains(char::is_whitespace) && !word.contains('"');
        if is_phrase { format!("\"{word}\"") } else { word.clone() }
    };
    words.iter().map(word).collect::<Vec<_>>().join(" ")
}

fn told(course: &CourseInView, words: &CourseWords, found: &FoundWords, range: DateRange, zone: Tz) -> Outcome {
    let videos = course.views.videos();
    let mut text = String::new();
    for of_video in found.places.chunk_by(|a, b| a.place.video == b.place.video) {
        let _ = writeln!(text, "{}", shown(&videos[of_video[0].place.video].name));
        for said in of_video {
            let watched = if said.replays > 0 {
                format!("{}, {} again", model::words::viewers(said.viewers.into()), count(said.replays.into()))
            } else {
                model::words::viewers(said.viewers.into())
            };
            let _ = writeln!(text, "  {}  {watched}\n    {}", clock(said.place.start_secs), shown(&said.place.words()));
        }
        text.push('\n');
    }
    let spoken = words.count(|video| *video == CaptionsOfVideo::Kept);
    let _ = write!(
        text,
        "{} in the captions of {} of {}, {}",
        counted(found.total as u64, "place", "places"),
        count(spoken as u64),
        counted(videos.len() as u64, "video", "videos"),
        dates(range)
    );
    let not_fetched = words.count(|video| *video == CaptionsOfVideo::NotFetched);
    if not_fetched > 0 {
        let not_fetched = counted(not_fetched as u64, "video", "videos");
        let _ = write!(text, "; of {not_fetched} they are not fetched yet: `panopto-analytics captions fetch`");
    }
    for video in words.videos() {
        if let CaptionsOfVideo::Unreadable(path) = video {
            let path = crate::setup::path_text(path);
            let _ = write!(text, "\n`{path}` is not text; delete it and fetch the captions again");
        }
    }
    if let Some(damage) = &words.damage {
        let _ = write!(text, "\n{damage}");
    }
    let places: Vec<Value> = found
        .places
        .iter()
        .map(|said| {
            json!({
                "sessionId": videos[said.place.video].session_id,
                "startSecs": said.place.start_secs,
                "endSecs": said.place.end_secs,
                "words": said.place.words(),
                "viewers": said.viewers,
                "replays": said.replays,
            })
        })
        .collect();
    let count = |is_so: &dyn Fn(&CaptionsOfVideo) -> bool| words.count(is_so);
    let json = json!({
        "timeZone": zone.name(),
        "range": dates(range),
        "places": places,
        "videos": {
            "all": videos.len(),
            "withCaptions": spoken,
            "withoutCaptions": count(&|video| *video == CaptionsOfVideo::NoCaptions),
            "notGiven": count(&|video| matches!(video, CaptionsOfVideo::NotGiven | CaptionsOfVideo::SignedOut)),
            "notFetched": not_fetched,
            "unreadable": count(&|video| matches!(video, CaptionsOfVideo::Unreadable(_))),
        },
    });
    Outcome::done(text, json)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_the_shell_kept_together_is_a_phrase() {
        let typed = |words: &[&str]| as_typed(&words.iter().map(|word| (*word).to_owned()).collect::<Vec<_>>());
        assert_eq!(typed(&["second law", "heat"]), "\"second law\" heat");
        assert_eq!(typed(&["\"second law\" heat"]), "\"second law\" heat");
        assert_eq!(typed(&[" heat "]), " heat ");
    }
}
