//! `demo`: the whole job on the sample courses, from a simulated server inside this program.
//!
//! Deliberately absent: the user's settings, keychain, environment variables and network. Nothing is written except the
//! given folder.
//!
//! Invariant: the sample is the same on every day and every computer, so that a second run changes nothing.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use chrono::{DateTime, Utc};
use chrono_tz::Tz;
use engine::chunk::ChunkOptions;
use engine::clock::SystemClock;
use engine::connection::{Options, RestLimits, variables};
use engine::courses;
use engine::dates::{NewDate, add_date, dates_of, set_term};
use engine::environment::FixedEnvironment;
use engine::export::{ExportReport, ExportRequest};
use engine::settings::Settings;
use engine::source::Source;
use engine::store::course_list::ListedCourse;
use engine::store::{DataFolder, Durability, FolderLock, RealDisk, replace};
use engine::sync::{SyncReport, SyncRequest};
use engine::time_zone::{choose, settle};
use engine::views::{CourseInView, Views};
use engine::{Error, ErrorCode, Result};
use model::words::{count, count_with_share, counted};
use model::{CourseDates, CourseFigures, DateRange, Day, FolderId, SessionId, When};
use serde_json::json;

use crate::args::{FolderZone, TableFormat};
use crate::commands::{captions, chunk, export, names};
use crate::exit::not_the_call;
use crate::progress::SyncProgress;
use crate::setup::{Setup, path_text};
use crate::sparkline::sparkline;
use crate::table::{Side, Table};
use crate::terminal::{Outcome, shown, with_ids};

/// The seed that gives the same courses as the window's sample.
const SEED: u64 = 290;
/// The present time of the sample; its term ended a few days earlier.
const SAMPLE_DAY: &str = "2025-12-19T12:00:00Z";
/// The dataset's folder within the demo's folder.
const EXPORT_FOLDER: &str = "tableau-export";
/// A class list of the first course, to be imported.
const CLASS_LIST: &str = "class-list.csv";
/// How many videos of each course are drawn.
const VIDEOS_DRAWN: usize = 5;

/// Syncs, chunks and exports the sample courses.
pub(crate) async fn demo(setup: &Setup, dir: &Path, zone: &FolderZone) -> Result<Outcome> {
    if setup.is_told_data() {
        return Err(Error::new(
            ErrorCode::InvalidInput,
            "The demo works in a data folder of its own, not in that of --data",
        )
        .with_hint("Give its folder alone: `panopto-analytics demo DIR`"));
    }
    let terminal = setup.terminal.clone();
    zone.given()?;
    let folder = DataFolder::create(std::path::absolute(dir).unwrap_or_else(|_| dir.to_owned()))
        .map_err(|error| not_the_call(error.into(), ErrorCode::Disk))?;
    let now: DateTime<Utc> = SAMPLE_DAY.parse().expect("a constant");
    let listed = list_courses(&folder, now)?;

    terminal.note("1. Starting a simulated Panopto server on this computer, with made-up courses");
    let world = sim::World::sample(SEED, now);
    let class_list = world.class_list(sim::DEMO_COURSES[0].folder_id);
    let server = sim::start(world, sim::Config::default()).await.map_err(|error| {
        Error::new(ErrorCode::Internal, "The simulated server cannot be started on this computer")
            .with_hint("Something keeps programs here from listening on 127.0.0.1")
            .with_source(error)
    })?;
    let sample = setup.of_sample(folder.root(), sample_variables(&server), unhurried());

    terminal.note("2. Syncing: videos and viewing records, as from a real server");
    let synced = sync(&sample, &folder, &listed).await?;
    server.stop().await;

    terminal.note("3. Chunking: who covered which of the 20 parts of each video");
    let lock = setup.lock(&folder)?;
    let zone = sample_zone(setup, &folder, &lock, zone)?;
    keep_dates(&folder, &lock, zone, now)?;
    let chunked = chunk::run(&sample, &folder, lock, ChunkOptions::new(zone)).await?;
    if let Some((_, error)) = chunked.first_failure() {
        return Err(Error::new(error.code(), error.message().to_owned()));
    }

    terminal.note("4. Saving the dataset and a workbook for Tableau");
    let target = folder.root().join(EXPORT_FOLDER);
    let exported =
        export::run(&sample, &folder, sample.lock(&folder)?, ExportRequest::new(&target, zone), TableFormat::Csv)
            .await?;

    let class_list_file = folder.root().join(CLASS_LIST);
    replace(&RealDisk, &class_list_file, Durability::Remakable, |file| file.write_all(class_list.as_bytes()))?;

    let views = Views::default();
    let (mut drawn, mut most_viewed) = (Vec::new(), None);
    for course in &listed {
        let in_view = views.course(&folder, course.id, zone)?;
        let figures = CourseFigures::new(&in_view.views, DateRange::ALL);
        let top = figures.top_by_viewers(VIDEOS_DRAWN);
        most_viewed = most_viewed.or(top.first().map(|video| in_view.views.videos()[*video].session_id));
        drawn.push(drawing(&course.name, &in_view, &figures, &top));
    }
    let text = format!("{}\n\n{}", drawn.join("\n\n"), where_and_next(dir, &exported, &listed, most_viewed));
    let json = json!({
        "dataFolder": path_text(folder.root()),
        "exportFolder": path_text(&target),
        "classList": path_text(&class_list_file),
        "files": exported.files.iter().map(|file| path_text(&file.path)).collect::<Vec<_>>(),
        "courses": with_ids(json!(synced.courses)),
        "videos": exported.contents.videos,
        "chunkRows": exported.contents.rows,
        "newRecords": synced.new_records,
    });
    Ok(Outcome::done(text, json))
}

/// The sample's time zone. If the computer's own zone is unknown, the demo says so and counts in UTC.
fn sample_zone(setup: &Setup, folder: &DataFolder, lock: &FolderLock, zone: &FolderZone) -> Result<Tz> {
    if let Some(zone) = zone.given()? {
        return Ok(choose(folder, lock, zone)?.zone);
    }
    match settle(folder, lock, &Settings::default(), &*setup.environment) {
        Err(error) if error.code() == ErrorCode::InvalidInput => {
            setup.terminal.note(&format!("{}: the days of the sample are counted in UTC", error.message()));
            Ok(choose(folder, lock, Tz::UTC)?.zone)
        }
        settled => Ok(settled?.zone),
    }
}

/// Puts the sample courses on the folder's list. A folder with other courses holds somebody's own data.
fn list_courses(folder: &DataFolder, now: DateTime<Utc>) -> Result<Vec<ListedCourse>> {
    let sample: Vec<ListedCourse> = sim::sample_courses(now)
        .into_iter()
        .map(|course| ListedCourse { id: FolderId::parse(course.id).expect("a constant"), name: course.name })
        .collect();
    if folder.courses()?.iter().any(|course| !sample.iter().any(|known| known.id == course.id)) {
        return Err(Error::new(
            ErrorCode::InvalidInput,
            format!("`{}` is a data folder with courses of its own", path_text(folder.root())),
        )
        .with_hint("Give the demo a new folder"));
    }
    courses::add(folder, &folder.lock()?, sample.iter().cloned())?;
    Ok(sample)
}

/// Keeps the terms and dates of the sample courses; those of a course that has some already stay as they are.
fn keep_dates(folder: &DataFolder, lock: &FolderLock, zone: Tz, now: DateTime<Utc>) -> Result<()> {
    let day = |at: DateTime<Utc>| Day::from_date(at.with_timezone(&zone).date_naive());
    for term in sim::sample_terms(now) {
        let course = FolderId::parse(term.course).expect("a constant");
        if dates_of(folder, course)? != CourseDates::default() {
            continue;
        }
        set_term(folder, lock, course, Some(DateRange::between(day(term.begin), day(term.end))))?;
        for date in sim::sample_dates(now).into_iter().filter(|date| date.course == term.course) {
            let kind = date.kind.parse().expect("a constant");
            let (name, when) = (date.name.to_owned(), When::At(date.at, zone));
            add_date(folder, lock, course, NewDate { kind, name, when, videos: Vec::new() })?;
        }
    }
    Ok(())
}

/// The credentials for the simulated server. Its secrets are public in its source and open nothing else.
fn sample_variables(server: &sim::Handle) -> FixedEnvironment {
    FixedEnvironment::new([
        (variables::SERVER, server.base_url()),
        (variables::CLIENT_ID, sim::DEMO_CLIENT_ID.to_owned()),
        (variables::CLIENT_SECRET, sim::DEMO_CLIENT_SECRET.to_owned()),
        (variables::USERNAME, sim::DEMO_USER.to_owned()),
        (variables::PASSWORD, sim::DEMO_PASSWORD.to_owned()),
    ])
}

/// A server inside this very program needs no sparing.
fn unhurried() -> Options {
    let rest_limits = RestLimits { per_second: 1_000, per_minute: 60_000, per_hour: 3_600_000 };
    Options { rest_limits, ..Options::default() }
}

async fn sync(sample: &Setup, folder: &DataFolder, listed: &[ListedCourse]) -> Result<SyncReport> {
    let client = sample.connector.client(&sample.settings).await?;
    let lock = Arc::new(folder.lock()?);
    let request =
        SyncRequest { courses: Some(listed.iter().map(|course| course.id).collect()), ..SyncRequest::default() };
    let progress = SyncProgress::new(sample.terminal.clone());
    let source = Source::new(client);
    let report = engine::sync::run(folder, &lock, &source, &request, &SystemClock, &progress, &sample.cancel).await?;
    drop(progress);
    if report.is_cancelled() {
        return Err(Error::cancelled());
    }
    if !report.is_complete() {
        return Err(Error::new(ErrorCode::Internal, "The simulated server did not give everything")
            .with_hint("Run the demo again; if it stays, please report it"));
    }
    captions::after_sync(sample, folder, &lock, &source, listed).await;
    names::after_sync(sample, folder, &lock, &source, listed).await;
    Ok(report)
}

/// A course in a few lines: its figures, and where the viewers of its most watched videos were.
fn drawing(name: &str, course: &CourseInView, figures: &CourseFigures, top: &[usize]) -> String {
    let videos = course.views.videos();
    let mut table = Table::new([
        ("Most viewed", Side::Left),
        ("Viewers", Side::Right),
        ("Covered 75 %", Side::Right),
        ("Viewers along it", Side::Left),
    ]);
    for index in top {
        let row = &figures.rows[*index];
        table.row([
            videos[*index].name.to_string(),
            count(row.totals.unique_viewers.into()),
            count_with_share(row.totals.covered_viewers.into(), row.totals.covered_percent.value()),
            sparkline(&row.reached, row.totals.unique_viewers),
        ]);
    }
    format!(
        "{}: {}, {}, {}\n\n{}",
        shown(name),
        counted(videos.len() as u64, "video", "videos"),
        counted(course.viewer_count.into(), "viewer", "viewers"),
        counted(course.records as u64, "viewing record", "viewing records"),
        table.to_text()
    )
}

fn where_and_next(
    dir: &Path,
    exported: &ExportReport,
    listed: &[ListedCourse],
    most_viewed: Option<SessionId>,
) -> String {
    let mut lines = vec![format!("The dataset for Tableau ({} chunk rows):", count(exported.contents.rows))];
    lines.extend(exported.files.iter().map(|file| format!("  {}", path_text(&file.path))));
    let data = as_argument(path_text(dir));
    lines.push("\nLook around:".to_owned());
    let program = program_as_called();
    lines.push(format!("  {program} --data {data} status"));
    if let Some(word) = only_word(listed) {
        lines.push(format!("  {program} --data {data} videos {word}"));
    }
    if let Some(course) = sim::DEMO_COURSES.first().map(|course| course.folder_id) {
        let list = as_argument(path_text(&dir.join(CLASS_LIST)));
        lines.push(format!("  {program} --data {data} roster import {list} --course {course}"));
    }
    if let Some(video) = most_viewed {
        lines.push(format!("  {program} --data {data} chart {video} --out chart.svg"));
    }
    lines.push("With your own Panopto:".to_owned());
    lines.push(format!("  {program} credentials set"));
    lines.join("\n")
}

/// The first word of a course that is that of no other, so that it names the course.
fn only_word(listed: &[ListedCourse]) -> Option<&str> {
    let word = |course: &'_ ListedCourse| course.name.split([' ', ',']).next().map(str::to_owned);
    let is_only = |course: &&ListedCourse| listed.iter().filter(|other| word(other) == word(course)).count() == 1;
    listed.iter().find(is_only)?.name.split([' ', ',']).next()
}

/// This program in the way in which it was called, so that people can type what is printed: with its path if it is not
/// on the search path, as after `make demo`.
fn program_as_called() -> String {
    const NAME: &str = "panopto-analytics";
    match std::env::args_os().next().map(PathBuf::from) {
        Some(called) if called.components().count() > 1 => as_argument(path_text(&called)),
        _ => NAME.to_owned(),
    }
}

/// The text as one word of a command.
fn as_argument(text: String) -> String {
    if text.contains(' ') { format!("\"{text}\"") } else { text }
}
