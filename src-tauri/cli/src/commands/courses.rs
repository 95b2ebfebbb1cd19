//! `courses list`, `add`, `remove` and `import`.

use std::path::Path;

use engine::clock::{Clock as _, SystemClock};
use engine::courses::{self, Added};
use engine::folders::{self, folder_to_add};
use engine::store::course_list::ListedCourse;
use engine::store::{DataFolder, RealDisk};
use engine::views::course_facts;
use engine::{Error, ErrorCode, Result};
use model::FolderId;
use model::line::quotable;
use model::words::counted;
use serde_json::{Value, json};

use crate::commands::status::fetched_in_words;
use crate::exit::Exit;
use crate::named::{Parts, course_named};
use crate::prompt;
use crate::setup::{Setup, path_text};
use crate::table::{Side, Table};
use crate::terminal::{Outcome, shown};

/// Shows the course list.
pub(crate) async fn list(setup: &Setup) -> Result<Outcome> {
    let folder = setup.data_folder()?;
    // Does not count what is stored, because that takes time if there is much of it.
    let courses = super::blocking(move || course_facts(&folder)).await?;
    let json = courses.iter().map(|course| {
        let name = if course.is_named { course.name.as_str() } else { "" };
        json!({ "id": course.id, "name": name, "fetchedThrough": course.fetched_through })
    });
    let json = json!({ "courses": json.collect::<Vec<_>>() });
    if courses.is_empty() {
        return Ok(Outcome::done(
            "The course list is empty; add a folder with `panopto-analytics courses add LINK`",
            json,
        ));
    }
    let mut table = Table::new([("Course", Side::Left), ("ID", Side::Left), ("Fetched up to (UTC)", Side::Left)]);
    for course in &courses {
        table.row([course.name.clone(), course.id.to_string(), fetched_in_words(course.fetched_through)]);
    }
    Ok(Outcome::done(table.to_text(), json))
}

/// A folder that may become a course.
struct Candidate {
    /// What the person gave: an ID, a link, or a name.
    input: String,
    /// The folder that this refers to, or why it refers to none.
    folder: Result<ListedCourse>,
}

/// The candidates after they have been looked up.
#[derive(Default)]
struct LookedUp {
    /// The courses with their names. An empty name is filled in by the first sync.
    courses: Vec<ListedCourse>,
    /// What the person gave that cannot be a course, and why.
    refused: Vec<(String, Error)>,
    /// Why the server could not be asked, if it could not.
    unasked: Option<Error>,
    /// Why the server was not asked at all, if nobody is signed in.
    not_signed_in: Option<Error>,
}

/// Adds folders by ID or link. Their names come from the server if it can be asked.
pub(crate) async fn add(setup: &Setup, folders: Vec<String>) -> Result<Outcome> {
    let inputs = inputs(setup, folders).await?;
    setup.data_place()?;
    let server = match setup.connector.server(&setup.settings) {
        Ok(server) => Some(server),
        Err(error) if error.code() == ErrorCode::NotConfigured => None,
        Err(error) => return Err(error),
    };
    let candidates = inputs.into_iter().map(|input| {
        let folder = folder_to_add(&input, server.as_ref()).map_err(|error| in_our_words(error, &input));
        Candidate { input: quotable(&input), folder: folder.map(|id| ListedCourse { id, name: String::new() }) }
    });
    let found = look_up_unless_stopped(setup, candidates.collect()).await?;
    tell(setup, &found).await;
    if found.courses.is_empty() && found.refused.len() == 1 {
        // It was the only one, so its refusal is the error.
        return Err(found.refused.into_iter().next().expect("there is one").1);
    }
    take(setup, &found)
}

/// Says why names were not looked up, and which folders are not added.
async fn tell(setup: &Setup, found: &LookedUp) {
    if let Some(error) = found.not_signed_in.as_ref().filter(|_| !found.courses.is_empty()) {
        setup.terminal.note(&format!("The folders are not looked up: {}", error.message()));
    }
    if let Some(error) = &found.unasked {
        setup.terminal.warning(&format!("The folders could not be looked up: {}", error.message()), error.hint());
    }
    if let Some(notice) = setup.connector.notice().await {
        setup.terminal.warning(&notice, None);
    }
    if found.courses.is_empty() && found.refused.len() == 1 {
        return;
    }
    for (input, error) in &found.refused {
        setup.terminal.warning(&format!("Not added: `{input}`: {}", error.message()), error.hint());
    }
}

/// Puts the courses that were found on the list.
fn take(setup: &Setup, found: &LookedUp) -> Result<Outcome> {
    let added = if found.courses.is_empty() {
        Added { added: Vec::new(), already_there: Vec::new() }
    } else {
        let folder = setup.made_data_folder()?;
        courses::add(&folder, &setup.lock(&folder)?, found.courses.iter().cloned())?
    };
    Ok(added_outcome(&added, &found.refused))
}

/// Asks the server about the folders and their names, as long as it answers and nobody stops it.
async fn look_up_unless_stopped(setup: &Setup, candidates: Vec<Candidate>) -> Result<LookedUp> {
    tokio::select! {
        biased;
        () = setup.cancel.cancelled() => Err(Error::cancelled()),
        found = look_up(setup, candidates) => found,
    }
}

/// The courses on the list; none if there is no data folder yet. A problem with the folder is reported when the list is
/// written.
fn already_listed(setup: &Setup) -> Vec<FolderId> {
    let Ok(path) = setup.data_path() else { return Vec::new() };
    let listed = DataFolder::open(path).and_then(|folder| folder.courses());
    listed.unwrap_or_default().into_iter().map(|course| course.id).collect()
}

async fn look_up(setup: &Setup, candidates: Vec<Candidate>) -> Result<LookedUp> {
    let mut found = LookedUp::default();
    let mut client = match setup.connector.client(&setup.settings).await {
        Ok(client) => Some(client),
        // Nobody is signed in, which is no reason not to make a list.
        Err(error) if Exit::of(error.code()) == Exit::Credentials => {
            found.not_signed_in = Some(error);
            None
        }
        Err(error) if Exit::of(error.code()) == Exit::Network => {
            found.unasked = Some(error);
            None
        }
        Err(error) => return Err(error),
    };
    let listed = already_listed(setup);
    for Candidate { input, folder } in candidates {
        let given = match folder {
            Ok(given) => given,
            Err(error) => {
                found.refused.push((input, error));
                continue;
            }
        };
        // A course on the list stays there, whatever the server says about it now.
        let asked = client.as_ref().filter(|_| !listed.contains(&given.id));
        let Some(asked) = asked else {
            found.courses.push(given);
            continue;
        };
        match folders::look_up(asked, given.id).await {
            Ok(course) => found.courses.push(course),
            Err(error) if matches!(error.code(), ErrorCode::NotFound | ErrorCode::NoRights) => {
                found.refused.push((input, error));
            }
            Err(error) => {
                found.courses.push(given);
                found.unasked = Some(error);
                client = None;
            }
        }
    }
    Ok(found)
}

/// For a link that comes before a server is set: says how to set the server that it names.
fn in_our_words(error: Error, input: &str) -> Error {
    match folders::server_of_link(input) {
        Some(server) if error.code() == ErrorCode::NotConfigured => error.with_hint(format!(
            "If that is your Panopto: `panopto-analytics settings set --server {server}`, then add the folder again"
        )),
        _ => error,
    }
}

/// The arguments, with the lines of standard input in place of `-`.
async fn inputs(setup: &Setup, folders: Vec<String>) -> Result<Vec<String>> {
    let mut inputs = Vec::new();
    for folder in folders {
        if folder == "-" {
            let text = prompt::read_all(&setup.cancel).await?;
            inputs.extend(text.expose().lines().map(str::trim).filter(|line| !line.is_empty()).map(str::to_owned));
        } else {
            inputs.push(folder);
        }
    }
    if inputs.is_empty() {
        return Err(Error::new(ErrorCode::InvalidInput, "Standard input holds no folder")
            .with_hint("Give folder IDs or links, one a line"));
    }
    Ok(inputs)
}

fn added_outcome(added: &Added, refused: &[(String, Error)]) -> Outcome {
    let mut lines = Vec::new();
    let line = |verb: &str, course: &ListedCourse| match course.name.as_str() {
        "" => format!("{verb}: {}", course.id),
        name => format!("{verb}: {} ({})", shown(name), course.id),
    };
    lines.extend(added.added.iter().map(|course| line("Added", course)));
    lines.extend(added.already_there.iter().map(|course| line("On the list already", course)));
    let json = |courses: &[ListedCourse]| -> Vec<Value> {
        courses.iter().map(|course| json!({ "id": course.id, "name": course.name })).collect()
    };
    let refused_json: Vec<Value> = refused
        .iter()
        .map(|(input, error)| {
            json!({ "input": input, "code": error.code().as_str(), "message": error.message(), "hint": error.hint() })
        })
        .collect();
    let nothing_taken = added.added.is_empty() && added.already_there.is_empty();
    let (exit, error) = match refused.len() {
        0 => (Exit::Done, None),
        _ if nothing_taken => {
            let error = Error::new(refused[0].1.code(), "None of the folders could be added");
            (Exit::of(error.code()), Some(error))
        }
        _ => (Exit::Partial, None),
    };
    Outcome {
        exit,
        text: lines.join("\n"),
        json: json!({ "added": json(&added.added), "alreadyThere": json(&added.already_there), "refused": refused_json }),
        error,
    }
}

/// Takes a course off the list.
pub(crate) fn remove(setup: &Setup, course: &str, delete_data: bool) -> Result<Outcome> {
    let folder = setup.data_folder()?;
    let id = course_named(&folder.courses()?, course, Parts::TooLittle)?;
    let lock = setup.lock(&folder)?;
    let promises = setup.lifetime.promises();
    let removed = if delete_data {
        let removed = courses::remove_with_data(&folder, &lock, id, promises, SystemClock.now())?;
        if let Some(trashed) = &removed.trashed {
            // The command line has no undo, so nothing of this course stays behind. Other removals can still be undone.
            promises.keep_now(&folder, &lock, trashed)?;
        }
        removed
    } else {
        let removed = courses::remove(&folder, &lock, id)?;
        setup.terminal.note("Its data stays in the data folder; added again, it goes on where it was");
        removed
    };
    for linked in removed.stays() {
        setup.terminal.warning(
            &format!("`{}` was linked into the data folder and is not deleted", path_text(linked)),
            Some("Delete it yourself if nothing else needs it"),
        );
    }
    let name = if removed.course.name.is_empty() { id.to_string() } else { removed.course.name.clone() };
    let what = if delete_data { "Removed with its data" } else { "Removed" };
    Ok(Outcome::done(
        format!("{what}: {}", shown(&name)),
        json!({ "id": id, "name": name, "dataDeleted": delete_data }),
    ))
}

/// Makes a missing or damaged course list again from what is stored.
pub(crate) fn repair(setup: &Setup) -> Result<Outcome> {
    let folder = setup.data_folder()?;
    let repaired = courses::repair(&folder, &setup.lock(&folder)?)?;
    if let Some(kept) = &repaired.damaged_kept_at {
        setup.terminal.note(&format!("The damaged course list is kept as {}", path_text(kept)));
    }
    setup.terminal.note("A course that was removed and its data kept is on the list again; remove it once more");
    let courses: Vec<Value> =
        repaired.courses.iter().map(|course| json!({ "id": course.id, "name": course.name })).collect();
    let lines = repaired.courses.iter().map(|course| match course.name.as_str() {
        "" => course.id.to_string(),
        name => format!("{} ({})", shown(name), course.id),
    });
    let text = format!(
        "The course list is made anew, with {}:\n{}",
        counted(repaired.courses.len() as u64, "course", "courses"),
        lines.collect::<Vec<_>>().join("\n")
    );
    Ok(Outcome::done(text.trim_end_matches([':', '\n']).to_owned(), json!({ "courses": courses })))
}

/// Adds the courses of a `courses.csv`. If the server can be asked, it confirms that each folder exists.
pub(crate) async fn import(setup: &Setup, file: &Path) -> Result<Outcome> {
    const WHICH: &str = "Give the path of a courses.csv, for example that of the scripts";
    if !file.exists() {
        return Err(Error::new(ErrorCode::NotFound, format!("There is no file `{}`", path_text(file))).with_hint(WHICH));
    }
    if file.is_dir() {
        return Err(Error::new(ErrorCode::Disk, format!("`{}` is a folder, not a course list", path_text(file)))
            .with_hint(WHICH));
    }
    // Read before the data folder is created: a file that is not a course list is no reason to create one.
    let listed = courses::listed_in(&RealDisk, file)?;
    let candidates = listed.into_iter().map(|course| {
        let input = if course.name.is_empty() { course.id.to_string() } else { quotable(&course.name) };
        Candidate { input, folder: Ok(course) }
    });
    setup.data_place()?;
    let found = look_up_unless_stopped(setup, candidates.collect()).await?;
    tell(setup, &found).await;
    take(setup, &found)
}
