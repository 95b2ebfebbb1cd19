//! `roster …`: imports the class list of a course, shows it beside the viewers, remembers who is who, removes it.

use std::fmt::Write as _;
use std::path::Path;

use engine::clock::{Clock as _, SystemClock};
use engine::people::WithNames;
use engine::roster::{
    ClassInView, Reading, RosterPlan, WhoIsIt, class_in_view, confirm_domain, decide_match, find_listed, import_roster,
    preview_roster, remove_class_list, roster_of_file,
};
use engine::store::{DataFolder, RealDisk};
use engine::time_zone::time_zone_of;
use engine::views::Views;
use engine::{Error, ErrorCode, Result};
use model::words::counted;
use model::{FolderId, MatchState};
use serde_json::{Value, json};

use crate::args::{MatchArgs, RosterCommand};
use crate::named::{Parts, course_named, listed_courses};
use crate::setup::{Setup, path_text};
use crate::table::{Side, Table};
use crate::terminal::{Outcome, shown};

/// Carries it out.
pub(crate) async fn roster(setup: &Setup, command: RosterCommand) -> Result<Outcome> {
    let folder = setup.data_folder()?;
    let zone = time_zone_of(&folder, &setup.settings, &*setup.environment)?;
    let listed = listed_courses(&folder)?;
    match command {
        RosterCommand::Import { file, course, dry_run, encoding } => {
            let course = course_named(&listed, &course, Parts::Suffice)?;
            let roster = roster_of_file(&RealDisk, &file, &Reading { encoding })?;
            let (views, now) = (Views::default(), SystemClock.now());
            let plan = if dry_run {
                preview_roster(&folder, &views, course, roster, zone, now)?
            } else {
                import_roster(&folder, &setup.lock(&folder)?, &views, course, roster, zone, now)?
            };
            Ok(imported(&plan, course, &file, dry_run))
        }
        RosterCommand::Show { course } => {
            let course = course_named(&listed, &course, Parts::Suffice)?;
            let names = setup.names == WithNames::Shown;
            super::blocking(move || {
                let class = class_in_view(&folder, &Views::default(), course, zone)?.ok_or_else(no_list)?;
                Ok(shown_list(&class, course, names))
            })
            .await
        }
        RosterCommand::Match(args) => {
            let course = course_named(&listed, &args.course, Parts::Suffice)?;
            matched(setup, &folder, course, &args)
        }
        RosterCommand::Remove { course } => {
            let course = course_named(&listed, &course, Parts::TooLittle)?;
            let removed = remove_class_list(&folder, &setup.lock(&folder)?, course)?;
            let people = removed.map(|list| list.people.len());
            let told =
                people.map_or_else(String::new, |people| format!(": {}", counted(people as u64, "person", "people")));
            Ok(Outcome::done(format!("Removed the class list{told}"), json!({ "id": course, "people": people })))
        }
    }
}

fn no_list() -> Error {
    Error::new(ErrorCode::NotFound, "The course has no class list")
        .with_hint("`panopto-analytics roster import FILE --course COURSE` imports one")
}

fn imported(plan: &RosterPlan, course: FolderId, path: &Path, is_preview: bool) -> Outcome {
    let file = &plan.roster.file;
    let [matched, suggested, conflicts, not_found] = plan.class.matches.counts();
    let mut text = String::new();
    let encoding = file.encoding();
    let _ = write!(text, "{}", file.system.name());
    if let Some(encoding) = encoding {
        let guessed =
            if encoding.is_guessed { " (a guess: look at the letters, --encoding chooses another)" } else { "" };
        let _ = write!(text, ", {}{guessed}", encoding.name);
    }
    let _ = writeln!(text, ", {} in {}", people(file.people.len()), counted(file.rows as u64, "row", "rows"));
    for row in &file.skipped {
        let _ = writeln!(text, "Line {} {}", row.line, row.reason.sentence());
    }
    if !file.repeated.is_empty() {
        let lines = counted(file.repeated.len() as u64, "line names", "lines name");
        let _ = writeln!(text, "{lines} somebody again");
    }
    if file.contradicted() > 0 {
        let _ = writeln!(text, "{} named twice with different details", people_are(file.contradicted()));
    }
    if file.may_have_lost_zeros {
        text.push_str("The numbers have different lengths: a spreadsheet may have dropped their first zeros\n");
    }
    let _ = writeln!(
        text,
        "{} {} joined, {} stayed, {} gone",
        if is_preview { "Would keep the list:" } else { "Kept the list:" },
        plan.update.joined,
        plan.update.stayed,
        plan.update.gone
    );
    text.push_str(&found(&plan.class));
    let skipped: Vec<Value> = file
        .skipped
        .iter()
        .map(|row| {
            json!({
                "file": path_text(path),
                "line": row.line,
                "reason": row.reason.sentence(),
                "remedy": row.reason.remedy(),
                "mayLoseAPerson": row.reason.may_lose_a_person(),
            })
        })
        .collect();
    let json = json!({
        "id": course,
        "isPreview": is_preview,
        "file": path_text(path),
        "format": file.system.word(),
        "container": file.container.name(),
        "encoding": encoding.map(|encoding| encoding.name),
        "isEncodingGuessed": encoding.is_some_and(|encoding| encoding.is_guessed),
        "separator": file.separator.map(String::from),
        "headerLine": file.header_line,
        "columns": file.columns.iter().map(|(name, field)| json!({ "name": name, "holds": field.word() })).collect::<Vec<_>>(),
        "rows": file.rows,
        "people": file.people.len(),
        "skipped": skipped,
        "repeatedLines": file.repeated,
        "contradicted": file.contradicted(),
        "mayHaveLostZeros": file.may_have_lost_zeros,
        "joined": plan.update.joined,
        "stayed": plan.update.stayed,
        "gone": plan.update.gone,
        "matched": matched,
        "suggested": suggested,
        "conflicts": conflicts,
        "notFound": not_found,
        "notOnList": plan.class.matches.not_listed.len(),
        "anonymous": plan.class.anonymous(),
    });
    Outcome::done(text.trim_end(), json)
}

fn people(count: usize) -> String {
    counted(count as u64, "person", "people")
}

fn people_are(count: usize) -> String {
    counted(count as u64, "person is", "people are")
}

/// How many were found, in lines.
fn found(class: &ClassInView) -> String {
    let [matched, suggested, conflicts, not_found] = class.matches.counts();
    let mut text = format!(
        "{matched} found among the viewers, {suggested} only suggested, {conflicts} in conflict, {not_found} not found\n"
    );
    let _ = writeln!(
        text,
        "{} not on the list, {} of them not signed in",
        counted(class.matches.not_listed.len() as u64, "viewer is", "viewers are"),
        class.anonymous()
    );
    if class.people.is_some() && !class.has_names() {
        text.push_str(
            "No names of viewers are known, so nobody can be found: `panopto-analytics names fetch` asks Panopto for them\n",
        );
    }
    if let Some(damage) = class.damage() {
        let _ = writeln!(text, "{}", damage.message());
    }
    text
}

fn shown_list(class: &ClassInView, course: FolderId, names: bool) -> Outcome {
    let mut table =
        Table::new([("Row", Side::Right), ("Person", Side::Left), ("State", Side::Left), ("Why", Side::Left)]);
    let mut rows = Vec::new();
    for (row, found) in class.matches.rows.iter().enumerate() {
        let listed = class.listed(row);
        let person = &listed.person;
        let why = match &found.state {
            MatchState::Matched { by, .. } => by.word().to_owned(),
            MatchState::Suggested(suggestions) => {
                suggestions.first().map_or_else(String::new, |first| first.because.sentence().to_owned())
            }
            MatchState::Conflict { because, .. } => because.sentence().to_owned(),
            MatchState::NotFound => String::new(),
        };
        let label = if names { person.shown().to_owned() } else { format!("Person {}", row + 1) };
        table.row([(row + 1).to_string(), label, found.state.word().to_owned(), why]);
        let viewers = found.state.viewers();
        let mut entry = json!({
            "row": row + 1,
            "state": found.state.word(),
            "userIds": user_ids(class, &viewers),
            "since": listed.since,
            "because": match &found.state {
                MatchState::Matched { by, .. } => Some(by.word()),
                MatchState::Conflict { because, .. } => Some(because.word()),
                MatchState::Suggested(_) | MatchState::NotFound => None,
            },
            "suggestions": match &found.state {
                MatchState::Suggested(suggestions) => suggestions.iter().map(|suggestion| json!({
                    "userIds": user_ids(class, &[suggestion.viewer]),
                    "because": suggestion.because.word(),
                    "label": names.then(|| label_of(class, suggestion.viewer)),
                })).collect::<Vec<_>>(),
                MatchState::Matched { .. } | MatchState::Conflict { .. } | MatchState::NotFound => Vec::new(),
            },
        });
        if names {
            entry["name"] = json!(person.name);
            entry["email"] = json!(person.email);
            entry["login"] = json!(person.login);
            entry["number"] = json!(person.number);
            entry["section"] = json!(person.section);
        }
        rows.push(entry);
    }
    let not_listed: Vec<Value> = class
        .matches
        .not_listed
        .iter()
        .map(|viewer| {
            let mut entry = json!({
                "userIds": user_ids(class, &[*viewer]),
                "isAnonymous": class.people.as_ref().is_some_and(|people| people.is_anonymous(*viewer)),
            });
            if names {
                entry["label"] = json!(label_of(class, *viewer));
            }
            entry
        })
        .collect();
    let [matched, suggested, conflicts, not_found] = class.matches.counts();
    let newest = class.list.versions.last();
    let text = format!("{}\n\n{}", table.to_text(), found(class));
    let json = json!({
        "id": course,
        "importedAt": newest.map(|version| version.imported_at),
        "file": newest.and_then(|version| version.file.clone()),
        "versions": class.list.versions.len(),
        "people": rows.len(),
        "noLongerOnTheList": class.list.people.len() - rows.len(),
        "matched": matched,
        "suggested": suggested,
        "conflicts": conflicts,
        "notFound": not_found,
        "rows": rows,
        "notOnList": not_listed,
        "anonymous": class.anonymous(),
        "confirmedDomains": class.list.confirmed_domains,
    });
    Outcome::done(text.trim_end(), json)
}

fn user_ids(class: &ClassInView, viewers: &[usize]) -> Vec<Value> {
    let Some(people) = &class.people else { return Vec::new() };
    viewers.iter().flat_map(|viewer| &people.course.people.people()[*viewer].accounts).map(|user| json!(user)).collect()
}

fn label_of(class: &ClassInView, viewer: usize) -> String {
    class.people.as_ref().map_or_else(String::new, |people| shown(people.label(viewer)))
}

fn matched(setup: &Setup, folder: &DataFolder, course: FolderId, args: &MatchArgs) -> Result<Outcome> {
    let lock = setup.lock(folder)?;
    if let Some(domain) = &args.domain {
        confirm_domain(folder, &lock, course, domain)?;
        let text = format!("What stands before the @ of {} is the user name from now on", shown(domain));
        return Ok(Outcome::done(text, json!({ "id": course, "domain": domain })));
    }
    let list = folder.class_list(course)?.ok_or_else(no_list)?;
    let place = place_of(&list, args.who.as_deref().unwrap_or_default())?;
    let who = match (args.not, args.open) {
        (true, _) => WhoIsIt::Another,
        (false, true) => WhoIsIt::Open,
        (false, false) => WhoIsIt::Same,
    };
    decide_match(folder, &lock, course, place, &args.user, who)?;
    let (text, decision) = match who {
        WhoIsIt::Same => ("Remembered: they are the same person", "same"),
        WhoIsIt::Another => ("Remembered: they are not the same person", "another"),
        WhoIsIt::Open => ("Forgotten what was said of them", "open"),
    };
    Ok(Outcome::done(text, json!({ "id": course, "userIds": args.user, "decision": decision })))
}

/// The place of somebody on the list: by the row that `show` gives, such as `#7`, or by what the list says of them.
fn place_of(list: &model::ClassList, who: &str) -> Result<usize> {
    let row = who.strip_prefix('#').and_then(|row| row.parse::<usize>().ok());
    if let Some(row) = row.and_then(|row| row.checked_sub(1)) {
        let enrolled = list.people.iter().enumerate().filter(|(_, listed)| listed.gone_since.is_none());
        if let Some((place, _)) = enrolled.clone().nth(row).filter(|_| find_listed(list, who).is_err()) {
            return Ok(place);
        }
    }
    find_listed(list, who)
}
