//! `credit COURSE …`: points for watching, as a list, as a file for a gradebook, or in the gradebook's own export.

use std::ffi::OsString;
use std::path::{Path, PathBuf};

use engine::clock::{Clock as _, SystemClock};
use engine::credit::{
    CreditFile, CreditList, CreditOverride, CreditRequest, CreditWho, credit_file, credit_list, credit_text,
    filled_gradebook, typed_deadline,
};
use engine::people::WithNames;
use engine::roster::{ClassInView, GradebookFormat, class_in_view};
use engine::store::{Disk as _, Durability, NamedExport, RealDisk, replace};
use engine::time_zone::time_zone_named;
use engine::views::{Views, facts_of_course};
use engine::{Error, ErrorCode, Result};
use model::CreditRule;
use model::words::counted;
use serde_json::{Value, json};

use crate::args::{CreditArgs, ZeroFor};
use crate::commands::named_export;
use crate::commands::zone::zone_to_look;
use crate::named::{Parts, course_named, listed_courses};
use crate::setup::{Setup, path_text};
use crate::table::{Side, Table};
use crate::terminal::Outcome;

/// A gradebook export is not larger.
const MOST_EXPORT_BYTES: u64 = 16 << 20;

/// Carries it out.
pub(crate) async fn credit(setup: &Setup, args: CreditArgs) -> Result<Outcome> {
    let folder = setup.data_folder()?;
    let course = course_named(&listed_courses(&folder)?, &args.course, Parts::Suffice)?;
    let zone = zone_to_look(setup, &folder, &args.zone)?;
    let zone_of_deadline = args.zone_of_deadline.as_deref().map(time_zone_named).transpose()?.unwrap_or(zone);
    let request = request(&args, zone_of_deadline)?;
    let names = setup.names == WithNames::Shown;
    let terminal = setup.terminal.clone();
    super::blocking(move || {
        let class = class_in_view(&folder, &Views::default(), course, zone)?.ok_or_else(|| {
            Error::new(ErrorCode::NotFound, "The course has no class list")
                .with_hint("`panopto-analytics roster import FILE --course COURSE` imports one")
        })?;
        let facts = facts_of_course(&folder, course)?;
        let list = credit_list(&class, &request, zone, facts.fetched_through)?;
        let now = SystemClock.now().with_timezone(&zone).format("%Y-%m-%d %H:%M %Z");
        let told = credit_text(&list, &facts.name, &format!("panopto-analytics on {now}"));
        let file = made(&class, &list, &args)?;
        // A gradebook's file tells people apart by who they are, whether or not names are shown here.
        let saved = file.is_some().then_some(args.out.as_ref()).flatten().map(|out| path_text(out));
        let outcome = finish(&class, &list, &args, file, &told, names)?;
        if let Some(place) = saved {
            named_export::note(&terminal, &folder, NamedExport::Credit, place);
        }
        Ok(outcome)
    })
    .await
}

fn request(args: &CreditArgs, zone: chrono_tz::Tz) -> Result<CreditRequest> {
    Ok(CreditRequest {
        videos: args.videos.clone(),
        deadline: typed_deadline(&args.by, zone, args.grace)?,
        rule: CreditRule {
            threshold_percent: args.threshold,
            points: args.points,
            scale: args.scale,
            decimals: args.decimals,
            nothing_is_zero: args.zero_for != ZeroFor::Nobody,
        },
        not_found_is_zero: args.zero_for == ZeroFor::NotFound,
        overrides: args.decided.iter().map(|text| decided(text)).collect::<Result<_>>()?,
    })
}

/// `mvale7=10 was ill`
fn decided(text: &str) -> Result<CreditOverride> {
    let parts = text.split_once('=').and_then(|(who, rest)| {
        let (points, reason) = rest.trim().split_once(char::is_whitespace).unwrap_or((rest.trim(), ""));
        let points = if points == "-" { None } else { Some(points.replace(',', ".").parse::<f64>().ok()?) };
        Some(CreditOverride {
            who: CreditWho::Named(who.trim().to_owned()),
            points,
            reason: model::line::one_line(reason),
        })
    });
    // The text is not repeated: it names a person.
    parts.ok_or_else(|| {
        Error::new(ErrorCode::InvalidInput, "A value that you decide is not written as it must be")
            .with_hint("Write --decide 'WHO=POINTS REASON', such as --decide 'mvale7=10 was ill'")
    })
}

/// A file that was made, and in which words.
struct Made {
    bytes: Vec<u8>,
    json: Value,
    text: String,
}

fn made(class: &ClassInView, list: &CreditList, args: &CreditArgs) -> Result<Option<Made>> {
    if let (Some(path), Some(column)) = (&args.fill, &args.column) {
        let shown = path_text(path);
        let export = RealDisk.read_at_most(path, MOST_EXPORT_BYTES).map_err(|error| {
            Error::new(ErrorCode::NotFound, format!("The gradebook export `{shown}` cannot be read: {error}"))
                .with_hint("Check the spelling after --fill")
        })?;
        let filled = filled_gradebook(class, list, &export, &shown, column)?;
        let text = format!(
            "Filled `{}` for {}; {} without a value keep what they have",
            filled.column,
            counted(filled.people as u64, "person", "people"),
            filled.unchanged
        );
        let json = json!({
            "format": filled.system.word(),
            "column": filled.column,
            "people": filled.people,
            "unchanged": filled.unchanged,
        });
        return Ok(Some(Made { bytes: filled.bytes, json, text }));
    }
    let Some(format) = args.format.or_else(|| args.out.as_ref().map(|_| GradebookFormat::Plain)) else {
        return Ok(None);
    };
    let CreditFile { bytes, title, people, without_key } = credit_file(class, list, format, &args.title)?;
    let mut text = format!("{} in the file. {}", counted(people as u64, "person", "people"), format.advice());
    if without_key > 0 {
        let missing = counted(without_key as u64, "person with a value is", "people with a value are");
        text = format!(
            "{text}\n{missing} not in the file: the class list does not say what this gradebook tells them apart by"
        );
    }
    let json = json!({ "format": format.word(), "title": title, "people": people, "withoutKey": without_key, "advice": format.advice() });
    Ok(Some(Made { bytes, json, text }))
}

fn finish(
    class: &ClassInView,
    list: &CreditList,
    args: &CreditArgs,
    file: Option<Made>,
    told: &str,
    names: bool,
) -> Result<Outcome> {
    let mut json = as_json(class, list, names);
    json["text"] = json!(told);
    let Some(Made { bytes, json: mut about, text }) = file else {
        json["file"] = Value::Null;
        return Ok(Outcome::done(format!("{}\n\n{}", table(class, list, names), told.trim_end()), json));
    };
    let Some(out) = &args.out else {
        about["content"] = json!(String::from_utf8_lossy(&bytes));
        json["file"] = about;
        let content = String::from_utf8_lossy(&bytes).trim_end().to_owned();
        return Ok(Outcome::done(content, json));
    };
    let out = std::path::absolute(out).unwrap_or_else(|_| out.clone());
    let beside = beside(&out);
    replace(&RealDisk, &beside, Durability::Remakable, |file| file.write_all(told.as_bytes()))?;
    replace(&RealDisk, &out, Durability::Remakable, |file| file.write_all(&bytes))?;
    about["path"] = json!(path_text(&out));
    about["whatWasCounted"] = json!(path_text(&beside));
    json["file"] = about;
    let wrote = format!("{text}\nWrote {}, and what was counted to {}", path_text(&out), path_text(&beside));
    Ok(Outcome::done(wrote, json))
}

/// The text beside a file: `credit.csv` has `credit.what-was-counted.txt`.
fn beside(out: &Path) -> PathBuf {
    let mut name = out.file_stem().map_or_else(OsString::new, OsString::from);
    name.push(".what-was-counted.txt");
    out.with_file_name(name)
}

fn table(class: &ClassInView, list: &CreditList, names: bool) -> String {
    let mut table =
        Table::new([("Person", Side::Left), ("Points", Side::Right), ("Videos", Side::Right), ("Note", Side::Left)]);
    for (row, credit) in list.rows.iter().enumerate() {
        let label = if names { class.listed(row).person.shown().to_owned() } else { format!("Person {}", row + 1) };
        let value = credit.credit.value().map_or_else(|| model::words::NONE.to_owned(), |value| value.to_string());
        let note = match credit.credit {
            model::Credit::LeftOut(because) => because.sentence().to_owned(),
            model::Credit::DecidedZero => "nothing recorded, zero by your decision".to_owned(),
            model::Credit::Points(_) if credit.reason.is_some() => "decided by you".to_owned(),
            model::Credit::Points(_) if !credit.near.is_empty() => "close below the threshold".to_owned(),
            model::Credit::Points(_) => String::new(),
        };
        table.row([label, value, format!("{} of {}", credit.counted, list.videos.len()), note]);
    }
    table.to_text()
}

fn as_json(class: &ClassInView, list: &CreditList, names: bool) -> Value {
    let rows = list.rows.iter().enumerate().map(|(row, credit)| {
        let viewers = class.matches.rows[row].state.viewers();
        let accounts = class.people.as_ref().map_or_else(Vec::new, |people| {
            viewers.iter().flat_map(|viewer| people.course.people.people()[*viewer].accounts.clone()).collect()
        });
        let mut entry = json!({
            "row": row + 1,
            "userIds": accounts,
            "state": credit.credit.word(),
            "points": credit.credit.value(),
            "because": match credit.credit {
                model::Credit::LeftOut(because) => Some(because.word()),
                model::Credit::Points(_) | model::Credit::DecidedZero => None,
            },
            "coverage": credit.coverage,
            "panoptoPercent": credit.panopto_percent,
            "counted": credit.counted,
            "nearMisses": credit.near.iter().map(|video| list.videos[*video].session_id).collect::<Vec<_>>(),
            "isDecided": credit.reason.is_some(),
        });
        if names {
            let person = &class.listed(row).person;
            entry["name"] = json!(person.name);
            entry["email"] = json!(person.email);
            entry["login"] = json!(person.login);
            entry["number"] = json!(person.number);
            entry["reason"] = json!(credit.reason);
        }
        entry
    });
    let count = |state: &str| list.rows.iter().filter(|row| row.credit.word() == state).count();
    json!({
        "videos": list.videos.iter().map(|video| json!({ "id": video.session_id, "name": video.name })).collect::<Vec<_>>(),
        "deadline": {
            "at": list.deadline.at,
            "timeZone": list.deadline.zone.name(),
            "graceMinutes": list.deadline.grace_minutes,
        },
        "rule": {
            "thresholdPercent": list.rule.threshold_percent,
            "points": list.rule.points,
            "scale": list.rule.scale.word(),
            "decimals": list.rule.decimals,
        },
        "recordsThrough": list.records_through.map(model::Day::date),
        "isProvisional": list.is_provisional,
        "unknownViewers": list.unknown_viewers,
        "withPoints": count("points"),
        "decidedZero": count("decided-zero"),
        "leftOut": count("left-out"),
        "nearMisses": list.rows.iter().filter(|row| !row.near.is_empty()).count(),
        "rows": rows.collect::<Vec<_>>(),
    })
}
