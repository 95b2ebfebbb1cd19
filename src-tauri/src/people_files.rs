//! Files of people that somebody saves: who watched a video, the list, the matrix, one person.
//!
//! Each is what the page shows, row for row, and is readable by its owner only. Deliberately absent: where to save, which the
//! dialog asks (`saving.rs`).
//!
//! Invariants: a name is never a formula of a spreadsheet; without names the file has none either.

use std::sync::Arc;

use charts::{Caption, MatrixRow, Report, ReportFact, Style, people_matrix, report_page};
use engine::roster::{Everybody, state_of};
use engine::store::{NamedExport, push_line};
use engine::{Error, ErrorCode, Result};
use model::line::guarded_line;
use model::words::{self, day_month};
use model::{Day, Figure, MatrixCell, WatchState, Word as _};

use crate::desktop::Desktop;
use crate::named_export::noted;
use crate::open_course::OpenCourse;
use crate::pages::chart::{ChartFormat, SavedFile};
use crate::pages::people_saving::{PeopleSaveRequest, PersonSaveRequest, SavedPeople, SavedPerson};
use crate::pages::person::{PersonPage, VideoOfPerson};
use crate::pages::video_people::VideoPeopleRequest;
use crate::pages::when;
use crate::people_pages::{AskedPeople, AskedVideo};
use crate::saving::{Kind, Ready, as_bytes, deliver};
use crate::state::blocking;
use crate::workspace::Workspace;

/// Spreadsheets take a file for UTF-8 that begins so.
const UTF8_MARK: &[u8] = b"\xEF\xBB\xBF";
const CSV: Kind = Kind { title: "Save the people", words: "Table (CSV)", ending: "csv" };
/// The width of a saved matrix, where its videos do not need more.
const MATRIX_PX: u32 = 1_200;

/// Saves who watched a video.
pub(crate) async fn save_video(
    workspace: &Arc<Workspace>,
    desktop: &dyn Desktop,
    request: VideoPeopleRequest,
) -> Result<Option<SavedFile>> {
    let asking = Arc::clone(workspace);
    let (ready, had_names) = blocking(move || {
        let had_names = asking.discretion().names_shown;
        let asked = asking.asked_video(&request)?;
        let subject = asked.open.video(asked.video).name.to_string();
        Ok((Ready { bytes: of_video(&asked), subject, title: "Who watched it" }, had_names))
    })
    .await?;
    noted(workspace, NamedExport::Viewers, had_names, deliver(workspace, desktop, CSV, ready).await?).await
}

/// Saves the people of a course.
pub(crate) async fn save_people(
    workspace: &Arc<Workspace>,
    desktop: &dyn Desktop,
    request: PeopleSaveRequest,
) -> Result<Option<SavedFile>> {
    let kind = match request.what {
        SavedPeople::List | SavedPeople::Matrix => CSV,
        SavedPeople::Svg => Kind { title: "Save the chart", words: "Scalable drawing (SVG)", ending: "svg" },
        SavedPeople::Png => Kind { title: "Save the chart", words: "Picture (PNG)", ending: "png" },
    };
    let asking = Arc::clone(workspace);
    let (ready, had_names) = blocking(move || {
        let had_names = asking.discretion().names_shown;
        let asked = asking.asked_people(&request.of)?;
        let subject = asked.open.facts.name.clone();
        let (bytes, title) = match request.what {
            SavedPeople::List => (list(&asked), "People"),
            SavedPeople::Matrix => (matrix(&asked), charts::titles::PEOPLE_BY_VIDEOS),
            SavedPeople::Svg => (drawn(&asked, &request, ChartFormat::Svg)?, charts::titles::PEOPLE_BY_VIDEOS),
            SavedPeople::Png => (drawn(&asked, &request, ChartFormat::Png)?, charts::titles::PEOPLE_BY_VIDEOS),
        };
        Ok((Ready { bytes, subject, title }, had_names))
    })
    .await?;
    noted(workspace, NamedExport::People, had_names, deliver(workspace, desktop, kind, ready).await?).await
}

/// Saves what one person watched: as a table, or as a page to print or to give to somebody who asks what is kept.
pub(crate) async fn save_person(
    workspace: &Arc<Workspace>,
    desktop: &dyn Desktop,
    request: PersonSaveRequest,
) -> Result<Option<SavedFile>> {
    let (what, asking) = (request.what, Arc::clone(workspace));
    let (ready, had_names) = blocking(move || {
        let had_names = asking.discretion().names_shown;
        let page = asking.person(&request.of)?;
        let bytes = match what {
            SavedPerson::Csv => person_table(&page),
            SavedPerson::Page => person_page(&page).into_bytes(),
        };
        Ok((Ready { bytes, subject: page.label, title: "What was watched" }, had_names))
    })
    .await?;
    let kind = match what {
        SavedPerson::Csv => CSV,
        SavedPerson::Page => Kind { title: "Save the page", words: "Page for a browser (HTML)", ending: "html" },
    };
    noted(workspace, NamedExport::Person, had_names, deliver(workspace, desktop, kind, ready).await?).await
}

const OF_PERSON: [&str; 8] = ["Number", "Video", "State", "Covered", "Panopto", "Watch time", "Sittings", "Days"];

fn of_person(video: &VideoOfPerson) -> [&str; 8] {
    [
        &video.number,
        &video.name,
        &video.state_text,
        &video.coverage,
        &video.panopto,
        &video.watch_time,
        &video.sittings,
        &video.days,
    ]
}

fn person_table(page: &PersonPage) -> Vec<u8> {
    let mut text = UTF8_MARK.to_vec();
    push_line(&mut text, OF_PERSON.into_iter().chain(["Plays from start to end (p: in part)"]));
    for video in &page.videos {
        let cells: Vec<String> = of_person(video).into_iter().chain([video.plays.as_str()]).map(guarded_line).collect();
        push_line(&mut text, cells.iter().map(String::as_str));
    }
    text
}

fn person_page(page: &PersonPage) -> String {
    let fact = |figure, text: String| ReportFact { figure, text, detail: None };
    let [opened, covered, watched, rest @ ..] = page.figures.as_slice() else { return String::new() };
    let mut facts = vec![
        fact(Figure::NotOpened, format!("{} opened, {} covered", opened.figure.text, covered.figure.text)),
        fact(Figure::WatchTime, watched.figure.text.clone()),
        fact(Figure::PanoptoPercent, "beside our own in the table".to_owned()),
    ];
    facts.extend(rest.iter().map(|card| fact(Figure::PersonOnTime, card.figure.text.clone())));
    report_page(&Report {
        subject: &page.label,
        course: &page.course_name,
        range: format!("{} · {}", page.facts, page.range.text),
        freshness: page.caveat.clone(),
        facts,
        charts: Vec::new(),
        table: (&OF_PERSON, page.videos.iter().map(|video| of_person(video).map(str::to_owned).to_vec()).collect()),
    })
}

fn of_video(asked: &AskedVideo) -> Vec<u8> {
    let mut text = UTF8_MARK.to_vec();
    let heads = [
        "Person",
        "E-mail",
        "Section",
        "On the class list",
        "State",
        "Covered (%)",
        "Panopto (%)",
        "Watch time (s)",
        "Sittings",
        "First day",
        "Last day",
        "User IDs",
    ];
    push_line(&mut text, heads);
    let (everybody, watched) = (&asked.everybody, &asked.watched);
    let groups = [WatchState::NotOpened, WatchState::Started, WatchState::Covered];
    let listed = groups.into_iter().flat_map(|state| everybody.so_far(watched, state));
    let is_listed = if everybody.is_class_told() { "yes" } else { "" };
    let others = everybody.not_on_list(watched).into_iter().map(|who| (who, "no"));
    for (who, is_listed) in listed.map(|who| (who, is_listed)).chain(others) {
        let of = watched[who].as_ref().map(|(of, _)| of);
        let number = |number: Option<String>| number.unwrap_or_default();
        let mut cells = identity(everybody, who);
        let ids = cells.pop().unwrap_or_default();
        cells.extend([
            is_listed.to_owned(),
            state_of(watched[who].as_ref()).as_str().to_owned(),
            number(of.and_then(|of| of.coverage_percent).map(|percent| format!("{percent:.1}"))),
            number(of.and_then(|of| of.panopto_percent).map(|points| points.to_string())),
            number(of.map(|of| format!("{:.0}", of.watch_secs))),
            number(of.map(|of| of.sittings.to_string())),
            number(of.map(|of| of.first_day.date().to_string())),
            number(of.map(|of| of.last_day.date().to_string())),
            ids,
        ]);
        push_line(&mut text, cells.iter().map(String::as_str));
    }
    text
}

fn list(asked: &AskedPeople) -> Vec<u8> {
    let mut text = UTF8_MARK.to_vec();
    let heads = [
        "Person",
        "E-mail",
        "Section",
        "Opened",
        "Covered 75 %",
        "Watch time (s)",
        "First day",
        "Last day",
        "User IDs",
    ];
    push_line(&mut text, heads);
    for who in &asked.rows {
        let totals = asked.table.rows[*who].totals;
        let day = |day: Option<Day>| day.map(|day| day.date().to_string()).unwrap_or_default();
        let mut cells = identity(&asked.everybody, *who);
        let ids = cells.pop().unwrap_or_default();
        cells.extend([
            totals.opened.to_string(),
            totals.covered.to_string(),
            format!("{:.0}", totals.watch_secs),
            day(totals.first_day),
            day(totals.last_day),
            ids,
        ]);
        push_line(&mut text, cells.iter().map(String::as_str));
    }
    text
}

fn matrix(asked: &AskedPeople) -> Vec<u8> {
    let mut text = UTF8_MARK.to_vec();
    let videos: Vec<String> = asked.open.course.views.videos().iter().map(|video| guarded_line(&video.name)).collect();
    push_line(
        &mut text,
        ["Person", "E-mail", "Section", "User IDs"].into_iter().chain(videos.iter().map(String::as_str)),
    );
    for who in &asked.rows {
        let mut cells = identity(&asked.everybody, *who);
        cells.extend(asked.table.rows[*who].cells.iter().map(|cell| match cell {
            MatrixCell::NotOpened => String::new(),
            MatrixCell::NoLength => "opened".to_owned(),
            MatrixCell::Coverage { percent, .. } => format!("{percent:.1}"),
        }));
        push_line(&mut text, cells.iter().map(String::as_str));
    }
    text
}

/// What tells somebody apart in a file: name, address, section, user IDs.
fn identity(everybody: &Everybody, who: usize) -> Vec<String> {
    let ids: Vec<String> = everybody.user_ids(who).iter().map(ToString::to_string).collect();
    vec![
        guarded_line(everybody.label(who)),
        guarded_line(&everybody.address(who).unwrap_or_default()),
        guarded_line(&everybody.section(who).unwrap_or_default()),
        ids.join(" "),
    ]
}

fn drawn(asked: &AskedPeople, request: &PeopleSaveRequest, format: ChartFormat) -> Result<Vec<u8>> {
    let OpenCourse { course, facts, .. } = &asked.open;
    let lasts: Vec<String> = asked
        .rows
        .iter()
        .map(|who| asked.table.rows[*who].totals.last_day.map_or_else(|| "never".to_owned(), day_month))
        .collect();
    let rows: Vec<MatrixRow<'_>> = asked
        .rows
        .iter()
        .zip(&lasts)
        .map(|(who, last)| {
            let row = &asked.table.rows[*who];
            MatrixRow { label: asked.everybody.label(*who), cells: &row.cells, covered: row.totals.covered, last }
        })
        .collect();
    if rows.is_empty() {
        return Err(Error::new(ErrorCode::InvalidInput, "There is nobody to draw").with_hint("Show somebody first"));
    }
    let videos: Vec<&str> = course.views.videos().iter().map(|video| &*video.name).collect();
    let up_to = facts.fetched_through.map(|day| format!("Data up to {}", when::date(day)));
    let caption = Caption {
        subject: facts.name.clone(),
        course: String::new(),
        range: words::range_of(asked.range, course.views.days()),
        freshness: up_to.unwrap_or_default(),
        dates: Vec::new(),
    };
    let style = Style::saved(request.theme, MATRIX_PX, MATRIX_PX, caption);
    as_bytes(people_matrix(&videos, &rows, &style), format)
}
