//! `timeline`: how many viewers and plays each second of a video has.
//!
//! People get a table of equal parts; the JSON has every step.

use engine::Result;
use engine::views::CourseInView;
use model::words::{clock, count, day_year, percent, range as dates, time, viewers};
use model::{Borders, DateRange, Day, Extent, SpeedShare, Step, Timeline};
use serde_json::{Value, json};

use crate::args::TimelineArgs;
use crate::commands::chart::find;
use crate::commands::zone::zone_to_look;
use crate::setup::Setup;
use crate::table::{Side, Table};
use crate::terminal::{Outcome, shown};

/// Rows of the table: as many as a terminal shows at once.
const ROWS: usize = 20;

/// Shows the timeline.
pub(crate) async fn timeline(setup: &Setup, args: TimelineArgs) -> Result<Outcome> {
    let range = args.dates.range()?;
    let folder = setup.data_folder()?;
    let zone = zone_to_look(setup, &folder, &args.zone)?;
    super::blocking(move || {
        let (facts, course, video) = find(&folder, args.session, |views, course| views.course(&folder, course, zone))?;
        let up_to = facts.fetched_through.map(|day| format!(", data up to {} (UTC)", day_year(Day::from_date(day))));
        Ok(told(&course, video, range, &up_to.unwrap_or_default(), zone.name()))
    })
    .await
}

fn told(course: &CourseInView, video: usize, range: DateRange, up_to: &str, zone: &str) -> Outcome {
    let info = &course.views.videos()[video];
    let borders = course.borders(video);
    let timeline = borders.as_deref().map(|borders: &Borders| Timeline::new(&course.views, borders, range));
    let steps: Vec<Step> = timeline.iter().flat_map(Timeline::steps).collect();
    let speeds = timeline.as_ref().map_or_else(Vec::new, |timeline| timeline.speeds(None));
    let about = match &timeline {
        Some(timeline) => format!(
            "{}: {}, {} watched, {}{up_to}",
            info.name,
            viewers(timeline.unique_viewers().into()),
            time(timeline.watch_secs()),
            dates(range)
        ),
        None => format!("{}: Panopto gives no length for this video, so it has no timeline", info.name),
    };
    let mut text = timeline.as_ref().map_or_else(String::new, |timeline| table(timeline) + "\n\n");
    text.push_str(&shown(&about));
    if !speeds.is_empty() {
        text.push('\n');
        text.push_str(&speeds_in_words(&speeds));
    }
    let result: Value = json!({
        "sessionId": info.session_id,
        "name": info.name,
        "durationSecs": info.usable_duration_secs(),
        "timeZone": zone,
        "range": dates(range),
        "viewers": timeline.as_ref().map_or(0, Timeline::unique_viewers),
        "watchSecs": timeline.as_ref().map_or(0.0, Timeline::watch_secs),
        "steps": steps,
        "speeds": speeds,
    });
    Outcome::done(text, result)
}

fn table(timeline: &Timeline<'_>) -> String {
    let mut table = Table::new([("Time", Side::Left), ("Viewers", Side::Right), ("Played again", Side::Right)]);
    let bins = timeline.whole().map_or_else(Vec::new, |whole| timeline.bins(whole, ROWS));
    for bin in bins {
        table.row([
            format!("{} – {}", clock(bin.from_secs), clock(bin.to_secs)),
            extent(bin.viewers),
            extent(bin.replays),
        ]);
    }
    table.to_text()
}

fn extent(extent: Extent) -> String {
    let (low, high) = (count(extent.min.into()), count(extent.max.into()));
    if low == high { high } else { format!("{low} to {high}") }
}

/// Shares of the watch time, such as `Speed: 0.75× 4.0 %, 1× 80.0 %`.
fn speeds_in_words(speeds: &[SpeedShare]) -> String {
    let each = speeds.iter().map(|share| format!("{}× {}", share.speed.factor(), percent(share.percent)));
    format!("Share of the watch time by speed: {}", each.collect::<Vec<_>>().join(", "))
}
