//! `export`: the dataset and a workbook for Tableau, or the dataset as Parquet.

use std::fmt::Write as _;
use std::path::Path;

use chrono_tz::Tz;
use engine::chunk::ChunkOptions;
use engine::connection::variables;
use engine::export::{
    CourseChoice, ExportProgress, ExportReport, ExportRequest, WrittenFile, check, export as write_dataset,
    export_by_course,
};
use engine::pseudonym::Pseudonyms;
use engine::secrets::on_blocking_thread;
use engine::store::{DataFolder, FolderLock};
use engine::{Error, ErrorCode, Result};
use model::words::{count, counted};
use serde_json::{Value, json};

use crate::args::{ExportArgs, TableFormat};
use crate::bytes_bar::BytesBar;
use crate::commands::zone::zone_to_write;
use crate::exit::not_the_call;
use crate::named::{courses_named, listed_courses};
use crate::parquet_file::ParquetFiles;
use crate::setup::{Setup, path_text};
use crate::terminal::{Outcome, Terminal, shown};

/// Brings the chunks up to date and writes the dataset.
pub(crate) async fn export(setup: &Setup, args: &ExportArgs) -> Result<Outcome> {
    args.zone.given()?;
    if args.guard_formulas && args.format == TableFormat::Parquet {
        let message = "`--guard-formulas` changes texts for spreadsheets, and none runs formulas from a Parquet file";
        return Err(
            Error::new(ErrorCode::InvalidInput, message).with_hint("Leave out --guard-formulas, or export as CSV")
        );
    }
    let folder = setup.data_folder()?;
    let target = std::path::absolute(&args.dir).map_err(|error| {
        Error::new(ErrorCode::InvalidInput, format!("`{}` is not a folder: {error}", path_text(&args.dir)))
    })?;
    let is_file = target.is_file();
    let pseudonyms = if args.pseudonyms { Some(pseudonyms(setup).await?) } else { None };
    let courses = courses_named(&listed_courses(&folder)?, &args.courses)?;
    let mut request = ExportRequest {
        courses: if courses.is_empty() { CourseChoice::All } else { CourseChoice::Some(courses) },
        pseudonyms,
        guard_formulas: args.guard_formulas,
        tables: args.tables,
        ..ExportRequest::new(target, Tz::UTC)
    };
    // Checked first, so that a refused call decides nothing about the data folder.
    check(&folder, &request)?;
    let lock = setup.lock(&folder)?;
    let zone = zone_to_write(setup, &folder, &lock, &args.zone)?;
    request.chunk = ChunkOptions::new(zone);
    let report = run(setup, &folder, lock, request, args.format).await;
    let report = if is_file { report.map_err(|error| not_the_call(error, ErrorCode::Disk)) } else { report }?;
    let decided = folder.people()?.decisions.in_words();
    let mut outcome = outcome(&setup.terminal, &report, zone, args.format);
    if let Some(decided) = &decided {
        let _ = write!(outcome.text, "\nThe dataset is {decided}");
    }
    outcome.json["people"] = json!(decided);
    if args.format == TableFormat::Parquet {
        outcome.json["removed"] = report.removed.iter().map(|path| path_text(path)).collect();
    }
    Ok(outcome)
}

/// Exports on a thread of its own, and shows bars.
pub(crate) async fn run(
    setup: &Setup,
    folder: &DataFolder,
    lock: FolderLock,
    request: ExportRequest,
    format: TableFormat,
) -> Result<ExportReport> {
    let (folder, cancel) = (folder.clone(), setup.cancel.clone());
    let chunking = BytesBar::new(&setup.terminal, "Chunking");
    let writing = BytesBar::new(&setup.terminal, "Writing");
    super::blocking(move || {
        let on_progress = |progress| match progress {
            ExportProgress::Chunking(chunks) => chunking.at(chunks.read_bytes, chunks.total_bytes),
            ExportProgress::Writing { written_bytes, total_bytes } => writing.at(written_bytes, total_bytes),
        };
        match format {
            TableFormat::Csv => write_dataset(&folder, &lock, &request, &cancel, &on_progress),
            TableFormat::Parquet => export_by_course(&folder, &lock, &request, &ParquetFiles, &cancel, &on_progress),
        }
    })
    .await
}

/// The pseudonyms. Their key must stay the same, or the next export would give everybody a new pseudonym; so it comes
/// from the environment or the keychain.
async fn pseudonyms(setup: &Setup) -> Result<Pseudonyms> {
    if let Some(pseudonyms) = Pseudonyms::of_environment(&*setup.environment)? {
        return Ok(pseudonyms);
    }
    setup.keychain_is_there().await.map_err(|error| {
        Error::new(error.code(), format!("Pseudonyms need a key that stays, and there is no keychain: {error}"))
            .with_hint(format!("Give a key of your own in {}, always the same", variables::PSEUDONYM_KEY))
    })?;
    on_blocking_thread(&setup.secrets, Pseudonyms::of_keychain).await
}

fn outcome(terminal: &Terminal, report: &ExportReport, zone: chrono_tz::Tz, format: TableFormat) -> Outcome {
    for course in &report.not_synced {
        let name = if course.name.is_empty() { course.id.to_string() } else { course.name.clone() };
        terminal
            .warning(&format!("{name} is not in the export: it was never synced"), Some("Sync it, then export again"));
    }
    Outcome::done(text(report, zone, format), as_json(report, zone))
}

fn text(report: &ExportReport, zone: chrono_tz::Tz, format: TableFormat) -> String {
    let mut lines = vec![format!(
        "{}, {}, {}",
        counted(report.courses.len() as u64, "course", "courses"),
        counted(report.contents.videos, "video", "videos"),
        counted(report.contents.rows, "chunk row", "chunk rows")
    )];
    match format {
        TableFormat::Csv => lines.extend(report.files.iter().map(|file| {
            let rows = file.rows.map(|rows| format!(" ({} rows)", count(rows))).unwrap_or_default();
            format!("{}{rows}", path_text(&file.path))
        })),
        TableFormat::Parquet => lines.extend(folders(&report.files)),
    }
    if !report.removed.is_empty() {
        let files = counted(report.removed.len() as u64, "file", "files");
        lines.push(format!("Removed {files} of courses that are not in this export"));
    }
    lines.push(format!("Time zone: {zone}"));
    lines.iter().map(|line| shown(line)).collect::<Vec<_>>().join("\n")
}

/// A line for each folder of a table: there may be thousands of files.
fn folders(files: &[WrittenFile]) -> Vec<String> {
    let mut folders: Vec<(&Path, u64, u64)> = Vec::new();
    for file in files {
        let Some(folder) = file.path.parent().and_then(Path::parent) else { continue };
        let rows = file.rows.unwrap_or_default();
        match folders.iter_mut().find(|(known, ..)| *known == folder) {
            Some((_, all_rows, all_files)) => (*all_rows, *all_files) = (*all_rows + rows, *all_files + 1),
            None => folders.push((folder, rows, 1)),
        }
    }
    let line = |(folder, rows, files): (&Path, u64, u64)| {
        format!("{} ({} rows in {})", path_text(folder), count(rows), counted(files, "file", "files"))
    };
    folders.into_iter().map(line).collect()
}

fn as_json(report: &ExportReport, zone: chrono_tz::Tz) -> Value {
    let courses = |courses: &[engine::store::course_list::ListedCourse]| -> Vec<Value> {
        courses.iter().map(|course| json!({ "id": course.id, "name": course.name })).collect()
    };
    let files = report
        .files
        .iter()
        .map(|file| json!({ "path": path_text(&file.path), "rows": file.rows, "bytes": file.bytes }));
    json!({
        "timeZone": zone.name(),
        "files": files.collect::<Vec<_>>(),
        "courses": courses(&report.courses),
        "notSynced": courses(&report.not_synced),
        "videos": report.contents.videos,
        "rows": report.contents.rows,
    })
}
