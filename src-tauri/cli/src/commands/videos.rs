//! `videos`: the videos of a course with their figures, as the window's table shows them.
//!
//! Which figures there are, and under which names, is the model's (`FIGURES_OF_VIDEO`): this file names none of them.

use chrono_tz::Tz;
use engine::Result;
use engine::store::DataFolder;
use engine::views::{Views, facts_of_course};
use model::words::{counted, day_year, range as dates};
use model::{CourseFigures, DateRange, Day, FIGURES_OF_VIDEO, VideoInfo, VideoTotals};
use serde_json::{Value, json};

use crate::args::VideosArgs;
use crate::commands::zone;
use crate::named::{Parts, course_named, listed_courses};
use crate::setup::Setup;
use crate::table::{Side, Table};
use crate::terminal::{Outcome, shown};

/// Lists them, in the order of the overview.
pub(crate) async fn videos(setup: &Setup, args: VideosArgs) -> Result<Outcome> {
    let range = args.dates.range()?;
    let zone = zone(setup, &args.zone)?;
    let folder = setup.data_folder()?;
    super::blocking(move || listed(&folder, &args.course, range, zone)).await
}

fn listed(folder: &DataFolder, course: &str, range: DateRange, zone: Tz) -> Result<Outcome> {
    let id = course_named(&listed_courses(folder)?, course, Parts::Suffice)?;
    let facts = facts_of_course(folder, id)?;
    let course = Views::default().course(folder, id, zone)?;
    let figures = CourseFigures::new(&course.views, range);
    let totals = figures.rows.iter().map(|row| &row.totals);
    let rows: Vec<(&VideoInfo, &VideoTotals)> = course.views.videos().iter().zip(totals).collect();
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
    let listed = if rows.is_empty() { String::new() } else { table(&rows).to_text() + "\n\n" };
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
            "videos": rows.iter().map(|(video, totals)| as_json(video, totals)).collect::<Vec<_>>(),
        }),
    ))
}

fn table(rows: &[(&VideoInfo, &VideoTotals)]) -> Table {
    let figures = || FIGURES_OF_VIDEO.iter().filter_map(|figure| Some((figure.heading?, figure)));
    let headings = figures().map(|(heading, _)| (heading, Side::Right));
    let mut table = Table::new([("Video", Side::Left)].into_iter().chain(headings).chain([("ID", Side::Left)]));
    for (video, totals) in rows {
        let cells = figures().map(|(_, figure)| figure.text_with_share(totals));
        table.row([video.name.to_string()].into_iter().chain(cells).chain([video.session_id.to_string()]));
    }
    table
}

fn as_json(video: &VideoInfo, totals: &VideoTotals) -> Value {
    let mut object = json!({ "id": video.session_id, "name": video.name, "folder": video.folder_name });
    for figure in &FIGURES_OF_VIDEO {
        if let Some(name) = figure.json_name {
            object[name] = json!(figure.value(totals));
        }
    }
    object
}
