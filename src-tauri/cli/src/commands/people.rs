//! `people`: everybody with viewing in a course, and how much of it each covered.
//!
//! While presenting: how many there are, and how many covered a quarter, half, three quarters of what they could. Nobody
//! stands alone.

use std::fmt::Write as _;

use chrono_tz::Tz;
use engine::people::{PeopleInView, WithNames};
use engine::roster::ClassInView;
use engine::store::DataFolder;
use engine::views::Views;
use engine::{Error, ErrorCode, Result};
use model::words::{count, counted, day_year, range as dates, time};
use model::{
    DateRange, Decisions, FolderId, PeopleMatrix, Person, PersonId, Presented, Recorded, Role, ViewingSpan,
    is_wide_enough, presented_groups,
};
use serde_json::{Value, json};

use crate::args::PeopleArgs;
use crate::commands::never_seen;
use crate::commands::of_class::class_of;
use crate::commands::zone::zone_to_look;
use crate::named::{Parts, course_named, listed_courses};
use crate::setup::Setup;
use crate::table::{Side, Table};
use crate::terminal::{Outcome, Terminal, shown};

/// How many suggestions people read; `--json` has all.
const MOST_SUGGESTED: usize = 5;

/// Shows the people of a course.
pub(crate) async fn people(setup: &Setup, args: PeopleArgs) -> Result<Outcome> {
    let range = args.dates.range()?;
    let folder = setup.data_folder()?;
    let course = course_named(&listed_courses(&folder)?, &args.course, Parts::Suffice)?;
    let zone = zone_to_look(setup, &folder, &args.zone)?;
    let (names, presents, terminal) = (setup.names, setup.presents, setup.terminal.clone());
    super::blocking(move || {
        let seen = seen(&terminal, &folder, course, zone, names)?;
        if presents {
            return presented(&seen, range, zone);
        }
        let class = class_of(&terminal, &folder, &Views::default(), course, zone);
        Ok(told(&folder, &seen, range, zone, names, class.as_ref()))
    })
    .await
}

/// The people of a course in view. Says so where the file of people is damaged.
pub(super) fn seen(
    terminal: &Terminal,
    folder: &DataFolder,
    course: FolderId,
    zone: Tz,
    names: WithNames,
) -> Result<PeopleInView> {
    let seen = PeopleInView::new(folder, Views::default().course(folder, course, zone)?, names);
    if let Some(damage) = &seen.damage {
        terminal.warning(damage.message(), damage.hint());
    }
    Ok(seen)
}

/// [`ErrorCode::InvalidInput`] for a range that could betray a person while presenting.
pub(super) fn check_presented_range(range: DateRange) -> Result<()> {
    if is_wide_enough(range) {
        return Ok(());
    }
    Err(Error::new(ErrorCode::InvalidInput, "While presenting, dates are whole weeks from Monday to Sunday").with_hint(
        "Give --from a Monday and --to a Sunday, or all dates: shorter ranges could show what one person did",
    ))
}

fn told(
    folder: &DataFolder,
    seen: &PeopleInView,
    range: DateRange,
    zone: Tz,
    names: WithNames,
    class: Option<&ClassInView>,
) -> Outcome {
    let course = &seen.course;
    let people = course.people.people();
    let matrix = PeopleMatrix::new(&course.views, people.len(), ViewingSpan::of_days(range));
    let mut table = Table::new([
        ("Person", Side::Left),
        ("Opened", Side::Right),
        ("Covered 75 %", Side::Right),
        ("Watch time", Side::Right),
        ("First", Side::Left),
        ("Last", Side::Left),
        ("User IDs", Side::Left),
    ]);
    let mut entries = Vec::new();
    for (place, (person, totals)) in people.iter().zip(matrix.totals()).enumerate() {
        let day = |day: Option<model::Day>| day.map(day_year).unwrap_or_default();
        table.row([
            seen.label(place).to_owned(),
            count(totals.opened.into()),
            count(totals.covered.into()),
            time(totals.watch_secs),
            day(totals.first_day),
            day(totals.last_day),
            person.accounts.iter().map(ToString::to_string).collect::<Vec<_>>().join(" "),
        ]);
        let mut entry = person_as_json(seen, place, names);
        entry["opened"] = json!(totals.opened);
        entry["covered"] = json!(totals.covered);
        entry["watchSecs"] = json!(totals.watch_secs);
        entry["firstDay"] = json!(totals.first_day.map(model::Day::date));
        entry["lastDay"] = json!(totals.last_day.map(model::Day::date));
        entries.push(entry);
    }
    let never = class
        .map_or_else(Vec::new, |class| never_seen::rows(Some(class)).into_iter().map(|row| (class, row)).collect());
    for (class, row) in &never {
        let nothing = String::new;
        table.row([
            never_seen::label(class, *row, names),
            count(0),
            count(0),
            time(0.0),
            nothing(),
            nothing(),
            nothing(),
        ]);
        let mut entry = never_seen::as_json(class, *row, names);
        entry["opened"] = json!(0);
        entry["covered"] = json!(0);
        entry["watchSecs"] = json!(0.0);
        entry["firstDay"] = Value::Null;
        entry["lastDay"] = Value::Null;
        entries.push(entry);
    }
    let left_out = course.people.left_out();
    let decisions = folder.people().map(|people| people.decisions).unwrap_or_default();
    let mut about = format!("{}, {}", counted((people.len() + never.len()) as u64, "person", "people"), dates(range));
    if !never.is_empty() {
        about = format!("{about}, {} of them on the class list and never seen", count(never.len() as u64));
    }
    if !left_out.is_empty() {
        about = format!("{about}, without {} you left out", counted(left_out.len() as u64, "person", "people"));
    }
    if names == WithNames::Hidden {
        about.push_str("; --names shows names");
    } else if !seen.has_names() {
        about.push_str("; no names are known yet: `panopto-analytics names fetch` asks Panopto for them");
    }
    let suggestions = seen.merge_suggestions();
    if !suggestions.is_empty() {
        let pairs = counted(suggestions.len() as u64, "pair", "pairs");
        let _ = write!(about, "\n{pairs} may be one person each; `merge` makes them one:");
        for (one, other, reason) in suggestions.iter().take(MOST_SUGGESTED) {
            let label = |id: &PersonId| {
                people
                    .iter()
                    .position(|person| person.id == *id)
                    .map_or_else(String::new, |place| seen.label(place).to_owned())
            };
            let _ = write!(about, "\n  {} and {}: {}", label(one), label(other), reason.text());
        }
    }
    let json = json!({
        "id": course.id,
        "timeZone": zone.name(),
        "range": dates(range),
        "videos": course.views.videos().len(),
        "people": entries,
        "suggestions": suggestions.iter().map(|(one, other, reason)| json!({ "people": [one, other], "reason": reason.text() }))
            .collect::<Vec<_>>(),
        "leftOut": left_out.iter().map(|person| left_out_as_json(person, &decisions)).collect::<Vec<_>>(),
    });
    let about = about.lines().map(shown).collect::<Vec<_>>().join("\n");
    Outcome::done(format!("{}\n\n{about}", table.to_text()), json)
}

/// Who a person is. The name only where names are shown.
pub(super) fn person_as_json(seen: &PeopleInView, place: usize, names: WithNames) -> Value {
    let person = &seen.course.people.people()[place];
    let mut entry = json!({
        "person": person.id,
        "userIds": person.accounts,
        "label": seen.label(place),
        "role": seen.role(place).map(Recorded::as_str),
        "isAnonymous": seen.is_anonymous(place),
    });
    if names == WithNames::Shown {
        let accounts = seen.accounts(place);
        let address = accounts.iter().find_map(|account| account.name.address());
        let keys: Vec<&str> = accounts.iter().map(|account| account.name.user_key.as_str()).collect();
        entry["name"] = json!(accounts.iter().find_map(|account| account.name.shown()));
        entry["address"] = json!(address);
        entry["userNames"] = json!(keys.into_iter().filter(|key| !key.is_empty()).collect::<Vec<_>>());
        entry["nameStates"] =
            json!(accounts.iter().map(|account| account.state.as_ref().map(Recorded::as_str)).collect::<Vec<_>>());
    }
    entry
}

fn left_out_as_json(person: &Person, decisions: &Decisions) -> Value {
    let role = decisions.role_of(person.id.account()).map(Recorded::<Role>::as_str);
    json!({ "person": person.id, "userIds": person.accounts, "role": role })
}

fn presented(seen: &PeopleInView, range: DateRange, zone: Tz) -> Result<Outcome> {
    check_presented_range(range)?;
    let course = &seen.course;
    let people = course.people.people().len();
    let matrix = PeopleMatrix::new(&course.views, people, ViewingSpan::of_days(range));
    let mut groups = [0_u32; 4];
    for (person, _) in matrix.totals().iter().enumerate().filter(|(_, totals)| totals.opened > 0) {
        let percents: Vec<f32> = matrix.row(person).iter().filter_map(|cell| cell.percent()).collect();
        let mean = percents.iter().sum::<f32>() / percents.len().max(1) as f32;
        groups[((mean / 25.0) as usize).min(3)] += 1;
    }
    let (whole, shown_groups) = presented_groups(&groups);
    let names = ["less than 25 %", "25 to 50 %", "50 to 75 %", "75 % and more"];
    let mut text = format!("{}: {} people\n", dates(range), whole.text());
    match &shown_groups {
        Some(shown_groups) => {
            for (name, group) in names.iter().zip(shown_groups) {
                let _ = writeln!(text, "  covered {name} of the course's videos on average: {}", group.text());
            }
        }
        None => text.push_str("  Too few people to say more\n"),
    }
    text.push_str("Presenting: no names, groups below 5 hidden");
    let json = json!({
        "id": course.id,
        "timeZone": zone.name(),
        "range": dates(range),
        "isPresented": true,
        "people": whole.text(),
        "coveredOnAverage": shown_groups.map(|groups| {
            names.iter().zip(groups).map(|(name, group)| json!({ "group": name, "people": Presented::text(group) }))
                .collect::<Vec<_>>()
        }),
    });
    Ok(Outcome::done(text, json))
}
