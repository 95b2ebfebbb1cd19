//! `chunk`: from the database to `output[CHUNKED]`.

use engine::chunk::{ChunkCounts, ChunkOptions, ChunkReport, CourseChunks, UnionChunks, chunk as make_chunks};
use engine::store::{Area, DataFolder, FolderLock, overview_file};
use engine::{Error, ErrorCode, Result};
use model::words::count;
use serde_json::{Value, json};

use crate::args::FolderZone;
use crate::bytes_bar::BytesBar;
use crate::commands::zone::zone_to_write;
use crate::exit::Exit;
use crate::named::listed_courses;
use crate::setup::{Setup, path_text};
use crate::table::{Side, Table};
use crate::terminal::{Outcome, Terminal};

/// Chunks whatever has changed.
pub(crate) async fn chunk(setup: &Setup, zone: &FolderZone) -> Result<Outcome> {
    zone.given()?;
    let folder = setup.data_folder()?;
    refuse_nothing(&folder)?;
    let lock = setup.lock(&folder)?;
    let options = ChunkOptions::new(zone_to_write(setup, &folder, &lock, zone)?);
    let report = run(setup, &folder, lock, options).await?;
    Ok(outcome(&setup.terminal, &folder, options, &report))
}

/// Refuses to make tables that have only headings, because they help nobody. Once there is an output it follows the
/// course list, even an empty one.
fn refuse_nothing(folder: &DataFolder) -> Result<()> {
    if folder.exists(&folder.tableau_dir())? {
        return Ok(());
    }
    for course in listed_courses(folder)? {
        if let Some(directory) = folder.course_dir(Area::Database, course.id)?
            && folder.exists(&overview_file(&directory))?
        {
            return Ok(());
        }
    }
    Err(Error::new(ErrorCode::NotFound, "There is nothing to chunk yet: no course on the list was synced")
        .with_hint("Run `panopto-analytics sync` first"))
}

/// Chunks on a thread of its own, and shows a bar.
pub(crate) async fn run(
    setup: &Setup,
    folder: &DataFolder,
    lock: FolderLock,
    options: ChunkOptions,
) -> Result<ChunkReport> {
    let (folder, cancel) = (folder.clone(), setup.cancel.clone());
    let bar = BytesBar::new(&setup.terminal, "Chunking");
    super::blocking(move || {
        make_chunks(&folder, &lock, options, &cancel, &|progress| bar.at(progress.read_bytes, progress.total_bytes))
    })
    .await
}

fn outcome(terminal: &Terminal, folder: &DataFolder, options: ChunkOptions, report: &ChunkReport) -> Outcome {
    let mut table = Table::new([
        ("Course", Side::Left),
        ("Videos", Side::Right),
        ("Viewers", Side::Right),
        ("Chunk rows", Side::Right),
        ("Result", Side::Left),
    ]);
    let mut failed: Option<&Error> = None;
    for (course, chunks) in &report.courses {
        let name = if course.name.is_empty() { course.id.to_string() } else { course.name.clone() };
        if let CourseChunks::Failed(error) = chunks {
            terminal.warning(&format!("{name}: {}", error.message()), error.hint());
            failed = failed.or(Some(error));
        }
        let numbers = counts(chunks);
        let number = |pick: fn(&ChunkCounts) -> u64| numbers.map(|counts| count(pick(&counts))).unwrap_or_default();
        let (videos, viewers, rows) =
            (number(|counts| counts.videos), number(|counts| counts.viewers), number(|counts| counts.rows));
        table.row([name, videos, viewers, rows, word(chunks).to_owned()]);
    }
    let union = match report.union {
        UnionChunks::Unchanged { videos, rows } => {
            format!("All courses in one: {} videos, {} chunk rows, unchanged", count(videos), count(rows))
        }
        UnionChunks::Made { videos, rows } => {
            format!("All courses in one: {} videos, {} chunk rows", count(videos), count(rows))
        }
        UnionChunks::LeftAsItWas => "All courses in one: left as it was, because a course failed".to_owned(),
    };
    let output = path_text(&folder.area_dir(Area::Output));
    let all_failed = report.courses.iter().all(|(_, chunks)| matches!(chunks, CourseChunks::Failed(_)));
    let (exit, error) = match failed {
        None => (Exit::Done, None),
        Some(error) if all_failed => {
            let error = Error::new(error.code(), "None of the courses could be chunked");
            (Exit::of(error.code()), Some(error))
        }
        Some(_) => (Exit::Partial, None),
    };
    let text = format!("{}\n\n{union}\nTime zone: {}\nFolder: {output}", table.to_text(), options.zone);
    Outcome { exit, text, json: as_json(&output, options, report), error }
}

fn counts(chunks: &CourseChunks) -> Option<ChunkCounts> {
    match chunks {
        CourseChunks::Unchanged(counts) | CourseChunks::Chunked(counts) => Some(*counts),
        CourseChunks::NotSynced | CourseChunks::Failed(_) => None,
    }
}

fn word(chunks: &CourseChunks) -> &'static str {
    match chunks {
        CourseChunks::Unchanged(_) => "unchanged",
        CourseChunks::Chunked(_) => "chunked",
        CourseChunks::NotSynced => "not synced yet",
        CourseChunks::Failed(_) => "failed",
    }
}

fn as_json(output: &str, options: ChunkOptions, report: &ChunkReport) -> Value {
    let courses = report.courses.iter().map(|(course, chunks)| {
        let numbers = counts(chunks);
        let (status, error) = match chunks {
            CourseChunks::Unchanged(_) => ("unchanged", None),
            CourseChunks::Chunked(_) => ("chunked", None),
            CourseChunks::NotSynced => ("notSynced", None),
            CourseChunks::Failed(error) => ("failed", Some(error)),
        };
        json!({
            "id": course.id,
            "name": course.name,
            "status": status,
            "records": numbers.map(|counts| counts.records),
            "videos": numbers.map(|counts| counts.videos),
            "viewers": numbers.map(|counts| counts.viewers),
            "rows": numbers.map(|counts| counts.rows),
            "error": error.map(crate::terminal::error_json),
        })
    });
    let union = match report.union {
        UnionChunks::Unchanged { videos, rows } => json!({ "status": "unchanged", "videos": videos, "rows": rows }),
        UnionChunks::Made { videos, rows } => json!({ "status": "chunked", "videos": videos, "rows": rows }),
        UnionChunks::LeftAsItWas => json!({ "status": "leftAsItWas" }),
    };
    json!({
        "timeZone": options.zone.name(),
        "folder": output,
        "courses": courses.collect::<Vec<_>>(),
        "allCourses": union,
    })
}
