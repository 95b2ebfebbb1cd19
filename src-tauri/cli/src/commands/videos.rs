//! `videos`: the videos of a course with their figures, as the window's table shows them.
//!
//! The model decides which figures exist and what they are called (`FIGURES_OF_VIDEO`); this file names none of them.

use chrono_tz::Tz;
use engine::Result;
use engine::roster::ClassInView;
use engine::store::DataFolder;
use engine::views::{Views, facts_of_course};
use model::words::{count, counted, day_year, range as dates};
use model::{
    CourseFigures, CourseViews, DateRange, Day, FIGURES_OF_VIDEO, Figure, Presented, VideoInfo, VideoTotals,
    ViewingSpan,
};
use serde_json::{Value, json};

use crate::args::VideosArgs;
use crate::commands::of_class::{self, class_of};
use crate::commands::people::check_presented_range;
use crate::commands::zone::zone_to_look;
use crate::named::{Parts, course_named, listed_courses};
use crate::setup::Setup;
use crate::table::{Side, Table};
use crate::terminal::{Outcome, Terminal, shown};

/// Lists the videos in the order of the overview.
pub(crate) async fn videos(setup: &Setup, args: VideosArgs) -> Result<Outcome> {
    let range = args.dates.range()?;
    let folder = setup.data_folder()?;
    let zone = zone_to_look(setup, &folder, &args.zone)?;
    if setup.presents {
        check_presented_range(range)?;
        return super::blocking(move || presented(&folder, &args.course, range, zone)).await;
    }
    let terminal = setup.terminal.clone();
    super::blocking(move || listed(&terminal, &folder, &args.course, range, zone)).await
}

/// The videos with nothing beside them but groups of 5 and more.
fn presented(folder: &DataFolder, course: &str, range: DateRange, zone: Tz) -> Result<Outcome> {
    let id = course_named(&listed_courses(folder)?, course, Parts::Suffice)?;
    let course = Views::default().course(folder, id, zone)?;
    let figures = CourseFigures::new(&course.views, range);
    let mut table = Table::new([
        ("Video", Side::Left),
        ("Viewers", Side::Right),
        ("Covered 75 %", Side::Right),
        ("ID", Side::Left),
    ]);
    let mut entries = Vec::new();
    for (video, row) in course.views.videos().iter().zip(&figures.rows) {
        let [viewers, covered] =
            [row.totals.unique_viewers, row.totals.covered_viewers].map(|people| Presented::of(people).text());
        entries.push(json!({ "id": video.session_id, "name": video.name, "viewers": viewers, "covered": covered }));
        table.row([video.name.to_string(), viewers, covered, video.session_id.to_string()]);
    }
    let text = format!("{}\n\n{}. Presenting: no names, groups below 5 hidden", table.to_text(), dates(range));
    let json = json!({
        "id": id,
        "timeZone": zone.name(),
        "range": dates(range),
        "isPresented": true,
        "viewers": Presented::of(figures.unique_viewers).text(),
        "videos": entries,
    });
    Ok(Outcome::done(text, json))
}

fn listed(terminal: &Terminal, folder: &DataFolder, course: &str, range: DateRange, zone: Tz) -> Result<Outcome> {
    let id = course_named(&listed_courses(folder)?, course, Parts::Suffice)?;
    let facts = facts_of_course(folder, id)?;
    let views = Views::default();
    let course = views.course(folder, id, zone)?;
    let class = class_of(terminal, folder, &views, id, zone);
    let figures = CourseFigures::new(&course.views, range);
    // Of those that were never fetched the length is known, and nothing else.
    let waiting = CourseViews::of_played(course.waiting.clone(), Vec::new());
    let lengths = CourseFigures::new(&waiting, range);
    let fetched = rows_of(&course.views, &figures, true);
    let mut rows: Vec<Row<'_>> = fetched.chain(rows_of(&waiting, &lengths, false)).collect();
    rows.sort_by_key(|row| row.video.order);
    let up_to = match facts.fetched_through {
        Some(day) => format!("data up to {} (UTC)", day_year(Day::from_date(day))),
        None => "not fetched to the end yet".to_owned(),
    };
    let of_class = class.as_ref().map_or_else(String::new, |class| {
        format!(", {} of {} enrolled", count(class.seen().into()), count(class.matches.rows.len() as u64))
    });
    let about = format!(
        "{}: {}, {}{of_class}, {}, {up_to}",
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
            "enrolled": class.as_ref().map(|class| class.matches.rows.len()),
            "enrolledSeen": class.as_ref().map(ClassInView::seen),
            "videos": rows.iter().map(|row| {
                let mut object = as_json(row);
                let place = course.views.videos().iter().position(|video| video.session_id == row.video.session_id);
                if let (Some(class), Some(place)) = (&class, place) {
                    object["ofEnrolled"] = of_class::as_json(class.of_video(place, ViewingSpan::of_days(range)));
                }
                object
            }).collect::<Vec<_>>(),
        }),
    ))
}

/// A video and its figures. A video that has never been fetched has a length but no figures, not even zeros.
struct Row<'v> {
    video: &'v VideoInfo,
    totals: &'v VideoTotals,
    is_fetched: bool,
}

fn rows_of<'v>(views: &'v CourseViews, figures: &'v CourseFigures, is_fetched: bool) -> impl Iterator<Item = Row<'v>> {
    let totals = figures.rows.iter().map(|row| &row.totals);
    views.videos().iter().zip(totals).map(move |(video, totals)| Row { video, totals, is_fetched })
}

impl Row<'_> {
    fn knows(&self, figure: Figure) -> bool {
        self.is_fetched || figure == Figure::Duration
    }
}

fn table(rows: &[Row<'_>]) -> Table {
    let figures = || FIGURES_OF_VIDEO.iter().filter_map(|figure| Some((figure.heading?, figure)));
    let headings = figures().map(|(heading, _)| (heading, Side::Right));
    let mut table = Table::new([("Video", Side::Left)].into_iter().chain(headings).chain([("ID", Side::Left)]));
    for row in rows {
        // Written once, in place of the first figure.
        let mut instead = Some("not fetched yet".to_owned());
        let cells = figures().map(|(_, figure)| {
            if row.knows(figure.figure) {
                figure.text_with_share(row.totals)
            } else {
                instead.take().unwrap_or_default()
            }
        });
        let (name, id) = (row.video.name.to_string(), row.video.session_id.to_string());
        table.row([name].into_iter().chain(cells).chain([id]));
    }
    table
}

fn as_json(row: &Row<'_>) -> Value {
    let mut object = json!({
        "id": row.video.session_id,
        "name": row.video.name,
        "folder": row.video.folder_name,
        "isFetched": row.is_fetched,
    });
    for figure in &FIGURES_OF_VIDEO {
        if let Some(name) = figure.json_name {
            object[name] = json!(if row.knows(figure.figure) { figure.value(row.totals) } else { None });
        }
    }
    object
}
