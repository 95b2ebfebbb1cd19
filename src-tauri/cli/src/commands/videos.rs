//! `videos`: the videos of a course with their figures, as the window's table shows them.

use chrono_tz::Tz;
use engine::Result;
use engine::store::DataFolder;
use engine::views::{Views, facts_of_course, never_fetched};
use model::words::{clock, count, count_with_share, counted, day_year, range as dates, time};
use model::{CourseFigures, DateRange, Day, VideoInfo, VideoRow};
use serde_json::{Value, json};

use crate::args::VideosArgs;
use crate::commands::zone::zone_to_look;
use crate::named::{Parts, course_named, listed_courses};
use crate::setup::Setup;
use crate::table::{Side, Table};
use crate::terminal::{Outcome, shown};

/// Lists them, in the order of the overview.
pub(crate) async fn videos(setup: &Setup, args: VideosArgs) -> Result<Outcome> {
    let range = args.dates.range()?;
    let folder = setup.data_folder()?;
    let zone = zone_to_look(setup, &folder, &args.zone)?;
    super::blocking(move || listed(&folder, &args.course, range, zone)).await
}

fn listed(folder: &DataFolder, course: &str, range: DateRange, zone: Tz) -> Result<Outcome> {
    let id = course_named(&listed_courses(folder)?, course, Parts::Suffice)?;
    let facts = facts_of_course(folder, id)?;
    let course = Views::default().course(folder, id, zone)?;
    let figures = CourseFigures::new(&course.views, range);
    let rows: Vec<(&VideoInfo, &VideoRow)> = course.views.videos().iter().zip(&figures.rows).collect();
    let waiting = never_fetched(folder, &facts, rows.iter().map(|(video, _)| video.session_id))?;

    let mut table = Table::new([
        ("Video", Side::Left),
        ("Duration", Side::Right),
        ("Viewers", Side::Right),
        ("Covered 75 %", Side::Right),
        ("Watch time", Side::Right),
        ("ID", Side::Left),
    ]);
    for (video, row) in &rows {
        if waiting.contains(&video.session_id) {
            let [name, id] = [video.name.to_string(), video.session_id.to_string()];
            let duration = row.duration_secs.map(clock).unwrap_or_default();
            table.row([name, duration, "not fetched yet".to_owned(), String::new(), String::new(), id]);
            continue;
        }
        table.row([
            video.name.to_string(),
            row.duration_secs.map(clock).unwrap_or_default(),
            count(row.unique_viewers.into()),
            count_with_share(row.covered_viewers.into(), row.covered_percent),
            time(row.watch_secs),
            video.session_id.to_string(),
        ]);
    }
    let up_to = match facts.fetched_through {
        Some(day) => format!("data up to {} (UTC)", day_year(Day::from_date(day))),
        None => "not fetched to the end yet".to_owned(),
    };
    let about = format!(
        "{}: {}, {}, {}, {up_to}",
        facts.name,
        counted(rows.len() as u64, "video", "videos"),
        counted(figures.unique_viewers.into(), "viewer", "viewers"),
        dates(range)
    );
    let listed = if rows.is_empty() { String::new() } else { table.to_text() + "\n\n" };
    Ok(Outcome::done(
        listed + &shown(&about),
        json!({
            "id": id,
            "name": facts.name,
            "fetchedThrough": facts.fetched_through,
            "timeZone": zone.name(),
            "range": dates(range),
            "viewers": figures.unique_viewers,
            "watchSecs": figures.watch_secs,
            "videos": rows.iter().map(|(video, row)| as_json(video, row, !waiting.contains(&video.session_id))).collect::<Vec<_>>(),
        }),
    ))
}

/// A video that was never fetched has no figures, not even zeros.
fn as_json(video: &VideoInfo, row: &VideoRow, is_fetched: bool) -> Value {
    let known = |figure: Value| if is_fetched { figure } else { Value::Null };
    json!({
        "id": video.session_id,
        "name": video.name,
        "folder": video.folder_name,
        "durationSecs": row.duration_secs,
        "isFetched": is_fetched,
        "viewers": known(json!(row.unique_viewers)),
        "covered75": known(json!(row.covered_viewers)),
        "covered75Percent": known(json!(row.covered_percent)),
        "watchSecs": known(json!(row.watch_secs)),
        "lastViewed": row.last_viewed.map(Day::date),
    })
}
