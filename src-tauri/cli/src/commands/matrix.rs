//! `matrix`: people by videos, how much of each video each person covered.

use std::fmt::Write as _;

use chrono_tz::Tz;
use engine::Result;
use engine::people::{PeopleInView, WithNames};
use engine::store::push_line;
use model::line::guarded_line;
use model::words::{counted, range as dates};
use model::{DateRange, MatrixCell, PeopleMatrix, ViewingSpan, Word as _};
use serde_json::{Value, json};

use crate::args::MatrixArgs;
use crate::commands::people::{person_as_json, seen};
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
        let seen = seen(&terminal, &folder, course, zone, names)?;
        let people = seen.course.people.people().len();
        let matrix = PeopleMatrix::new(&seen.course.views, people, ViewingSpan::of_days(range));
        let text = if args.csv { csv(&seen, &matrix) } else { table(&seen, &matrix, range) };
        Ok(Outcome::done(text, as_json(&seen, &matrix, range, zone, names)))
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

fn csv(seen: &PeopleInView, matrix: &PeopleMatrix) -> String {
    let videos = seen.course.views.videos();
    let mut text = Vec::new();
    let names: Vec<String> = videos.iter().map(|video| guarded_line(&video.name)).collect();
    push_line(&mut text, ["Person", "UserIds"].into_iter().chain(names.iter().map(String::as_str)));
    for (place, person) in seen.course.people.people().iter().enumerate() {
        let ids = person.accounts.iter().map(ToString::to_string).collect::<Vec<_>>().join(" ");
        let cells: Vec<String> = matrix.row(place).iter().map(|cell| cell_text(*cell)).collect();
        let label = guarded_line(seen.label(place));
        push_line(&mut text, [label.as_str(), &ids].into_iter().chain(cells.iter().map(String::as_str)));
    }
    String::from_utf8_lossy(&text).trim_end().to_owned()
}

fn table(seen: &PeopleInView, matrix: &PeopleMatrix, range: DateRange) -> String {
    let videos = seen.course.views.videos();
    let numbers: Vec<String> = (1..=videos.len()).map(|number| number.to_string()).collect();
    let headings = numbers.iter().map(|number| (number.as_str(), Side::Right));
    let mut table = Table::new([("Person", Side::Left)].into_iter().chain(headings));
    for place in 0..seen.course.people.people().len() {
        let whole = |cell: &MatrixCell| match cell {
            MatrixCell::NotOpened => String::new(),
            MatrixCell::NoLength => "?".to_owned(),
            MatrixCell::Coverage { percent, .. } => format!("{percent:.0}"),
        };
        let cells = matrix.row(place).iter().map(whole);
        table.row(std::iter::once(seen.label(place).to_owned()).chain(cells));
    }
    let mut text = table.to_text();
    text.push_str("\n\n");
    for (number, video) in numbers.iter().zip(videos) {
        let _ = writeln!(text, "{number}: {}", shown(&video.name));
    }
    let people = counted(seen.course.people.people().len() as u64, "person", "people");
    let _ = write!(text, "{people}, percent of each video covered, {}", dates(range));
    text
}

fn as_json(seen: &PeopleInView, matrix: &PeopleMatrix, range: DateRange, zone: Tz, names: WithNames) -> Value {
    let row = |place: usize| {
        let mut entry = person_as_json(seen, place, names);
        let cells = matrix.row(place);
        entry["coverage"] = json!(cells.iter().map(|cell| cell.percent()).collect::<Vec<_>>());
        entry["states"] = json!(cells.iter().map(|cell| cell.state().as_str()).collect::<Vec<_>>());
        entry
    };
    let videos = seen.course.views.videos();
    json!({
        "id": seen.course.id,
        "timeZone": zone.name(),
        "range": dates(range),
        "videos": videos.iter().map(|video| json!({ "id": video.session_id, "name": video.name })).collect::<Vec<_>>(),
        "people": (0..seen.course.people.people().len()).map(row).collect::<Vec<_>>(),
    })
}
