//! `matrix`: people by videos, how much of each video each person covered.

use std::fmt::Write as _;

use chrono_tz::Tz;
use engine::Result;
use engine::roster::{Everybody, PeopleTable};
use engine::store::push_line;
use model::line::guarded_line;
use model::words::range as dates;
use model::{DateRange, MatrixCell, VideoInfo, ViewingSpan, Word as _};
use serde_json::{Value, json};

use crate::args::MatrixArgs;
use crate::commands::everybody::{self, everybody_of, person_as_json};
use crate::commands::zone::zone_to_look;
use crate::named::{Parts, course_named, listed_courses};
use crate::setup::Setup;
use crate::table::{Side, Table};
use crate::terminal::{Outcome, shown};

/// Shows the matrix.
pub(crate) async fn matrix(setup: &Setup, args: MatrixArgs) -> Result<Outcome> {
    let range = args.dates.range()?;
    let folder = setup.data_folder()?;
    let course = course_named(&listed_courses(&folder)?, &args.course, Parts::Suffice)?;
    let zone = zone_to_look(setup, &folder, &args.zone)?;
    let (names, terminal) = (setup.names, setup.terminal.clone());
    super::blocking(move || {
        let everybody = everybody_of(&terminal, &folder, course, zone, names)?;
        let counts = everybody.table(ViewingSpan::of_days(range), None);
        let text = if args.csv { csv(&everybody, &counts) } else { table(&everybody, &counts, range) };
        Ok(Outcome::done(text, as_json(&everybody, &counts, range, zone)))
    })
    .await
}

/// In percent with one decimal; empty for what was not opened.
fn cell_text(cell: MatrixCell) -> String {
    match cell {
        MatrixCell::NotOpened => String::new(),
        MatrixCell::NoLength => "opened".to_owned(),
        MatrixCell::Coverage { percent, .. } => format!("{percent:.1}"),
    }
}

fn csv(everybody: &Everybody, counts: &PeopleTable) -> String {
    let videos = everybody.seen.course.views.videos();
    let mut text = Vec::new();
    let names: Vec<String> = videos.iter().map(|video| guarded_line(&video.name)).collect();
    push_line(&mut text, ["Person", "UserIds"].into_iter().chain(names.iter().map(String::as_str)));
    for who in everybody::told(everybody) {
        let ids = everybody.user_ids(who).iter().map(ToString::to_string).collect::<Vec<_>>().join(" ");
        let cells: Vec<String> = counts.rows[who].cells.iter().map(|cell| cell_text(*cell)).collect();
        let label = guarded_line(everybody.label(who));
        push_line(&mut text, [label.as_str(), &ids].into_iter().chain(cells.iter().map(String::as_str)));
    }
    String::from_utf8_lossy(&text).trim_end().to_owned()
}

fn table(everybody: &Everybody, counts: &PeopleTable, range: DateRange) -> String {
    let videos = everybody.seen.course.views.videos();
    let numbers: Vec<String> = (1..=videos.len()).map(|number| number.to_string()).collect();
    let headings = numbers.iter().map(|number| (number.as_str(), Side::Right));
    let mut table = Table::new([("Person", Side::Left)].into_iter().chain(headings));
    for who in everybody::told(everybody) {
        let whole = |cell: &MatrixCell| match cell {
            MatrixCell::NotOpened => String::new(),
            MatrixCell::NoLength => "?".to_owned(),
            MatrixCell::Coverage { percent, .. } => format!("{percent:.0}"),
        };
        let cells = counts.rows[who].cells.iter().map(whole);
        table.row(std::iter::once(everybody.label(who).to_owned()).chain(cells));
    }
    let mut text = table.to_text();
    text.push_str("\n\n");
    for (number, video) in numbers.iter().zip(videos) {
        let _ = writeln!(text, "{number}: {}", shown(&video.name));
    }
    let _ = write!(text, "{}, percent of each video covered, {}", everybody::in_words(everybody), dates(range));
    text
}

fn as_json(everybody: &Everybody, counts: &PeopleTable, range: DateRange, zone: Tz) -> Value {
    let row = |who: usize| {
        let mut entry = person_as_json(everybody, who);
        let cells = &counts.rows[who].cells;
        entry["coverage"] = json!(cells.iter().map(|cell| cell.percent()).collect::<Vec<_>>());
        entry["states"] = json!(cells.iter().map(|cell| cell.state().as_str()).collect::<Vec<_>>());
        entry
    };
    let videos = everybody.seen.course.views.videos().iter().enumerate();
    let video = |(video, info): (usize, &VideoInfo)| {
        let covered = info.usable_duration_secs().and_then(|_| everybody.covered_percent(counts, video));
        json!({ "id": info.session_id, "name": info.name, "coveredPercent": covered })
    };
    json!({
        "id": everybody.seen.course.id,
        "timeZone": zone.name(),
        "range": dates(range),
        "videos": videos.map(video).collect::<Vec<_>>(),
        "people": everybody::told(everybody).into_iter().map(row).collect::<Vec<_>>(),
    })
}
