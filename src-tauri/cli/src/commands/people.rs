//! `people`: everybody of a course, seen or on its class list, and how much of it each covered.
//!
//! While presenting: how many there are, and how many covered a quarter, half, three quarters of what they could. Nobody
//! stands alone.

use std::fmt::Write as _;

use chrono_tz::Tz;
use engine::people::{WithNames, numbered};
use engine::roster::{Everybody, Standing};
use engine::store::DataFolder;
use engine::views::facts_of_course;
use engine::{Error, ErrorCode, Result};
use model::words::{count, counted, day_year, range as dates, time};
use model::{
    DateRange, Day, Decisions, Person, PersonId, Presented, Recorded, Role, ViewingSpan, is_wide_enough,
    presented_groups,
};
use serde_json::{Value, json};

use crate::args::PeopleArgs;
use crate::commands::everybody::{self, everybody_of, person_as_json};
use crate::commands::zone::zone_to_look;
use crate::named::{Parts, course_named, listed_courses};
use crate::setup::Setup;
use crate::table::{Side, Table};
use crate::terminal::{Outcome, shown};

/// How many of those who are left out are told one by one; `--json` has all.
const MOST_LEFT_OUT: usize = 5;
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
        let everybody = everybody_of(&terminal, &folder, course, zone, names)?;
        if presents {
            return presented(&everybody, range, zone);
        }
        let through = facts_of_course(&folder, course)?.known_through(&everybody.seen.course.views);
        Ok(told(&folder, &everybody, range, zone, through))
    })
    .await
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

fn told(folder: &DataFolder, everybody: &Everybody, range: DateRange, zone: Tz, through: Option<Day>) -> Outcome {
    let course = &everybody.seen.course;
    let counts = everybody.table(ViewingSpan::of_days(range), through);
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
    for who in everybody::told(everybody) {
        let totals = counts.rows[who].totals;
        let day = |day: Option<Day>| day.map(day_year).unwrap_or_default();
        table.row([
            everybody.label(who).to_owned(),
            count(totals.opened.into()),
            count(totals.covered.into()),
            time(totals.watch_secs),
            day(totals.first_day),
            day(totals.last_day),
            everybody.user_ids(who).iter().map(ToString::to_string).collect::<Vec<_>>().join(" "),
        ]);
        let mut entry = person_as_json(everybody, who);
        entry["opened"] = json!(totals.opened);
        entry["covered"] = json!(totals.covered);
        entry["watchSecs"] = json!(totals.watch_secs);
        entry["firstDay"] = json!(totals.first_day.map(Day::date));
        entry["lastDay"] = json!(totals.last_day.map(Day::date));
        entry["isBehind"] = json!(counts.rows[who].is_behind);
        entries.push(entry);
    }
    let listed: Vec<usize> = (0..everybody.people().len()).filter(|who| everybody.is_listed(*who)).collect();
    let opened_nothing = listed.iter().filter(|who| counts.rows[**who].totals.opened == 0).count();
    let behind = listed.iter().filter(|who| counts.rows[**who].is_behind).count();
    let left_out = course.people.left_out();
    let decisions = folder.people().map(|people| people.decisions).unwrap_or_default();
    let mut about = format!("{}, {}", everybody::in_words(everybody), dates(range));
    for (number, what) in [(opened_nothing, "opened nothing"), (behind, "behind")] {
        if number > 0 {
            let _ = write!(about, "; {what}: {}", count(number as u64));
        }
    }
    if !left_out.is_empty() {
        // Their numbers, because `leave-out --undo` needs them.
        let mut numbers: Vec<String> = left_out.iter().take(MOST_LEFT_OUT).map(numbered).collect();
        if left_out.len() > MOST_LEFT_OUT {
            numbers.push("…".to_owned());
        }
        let number = counted(left_out.len() as u64, "person", "people");
        let _ = write!(about, "; without {number} you left out ({})", numbers.join(", "));
    }
    if everybody.names() == WithNames::Hidden {
        about.push_str("; --names shows names");
    } else if !everybody.seen.has_names() {
        about.push_str("; no names are known yet: `panopto-analytics names fetch` asks Panopto for them");
    }
    let suggestions = everybody.merge_suggestions();
    if !suggestions.is_empty() {
        let pairs = counted(suggestions.len() as u64, "pair", "pairs");
        let _ = write!(
            about,
            "\n{pairs} may be one person each; `merge` makes them one, `merge --not` remembers that they are two:"
        );
        for (one, other, reason) in suggestions.iter().take(MOST_SUGGESTED) {
            let _ =
                write!(about, "\n  {} and {}: {}", account(everybody, *one), account(everybody, *other), reason.text());
        }
    }
    let json = json!({
        "id": course.id,
        "timeZone": zone.name(),
        "range": dates(range),
        "videos": course.views.videos().len(),
        "listed": listed.len(),
        "openedNothing": opened_nothing,
        "behind": behind,
        "notOnList": everybody.not_on_list_count(),
        "anonymousViewers": everybody.count(Standing::Anonymous),
        "unsure": everybody.unsure_count(),
        "people": entries,
        "suggestions": suggestions.iter().map(|(one, other, reason)| json!({ "people": [one, other], "reason": reason.text() }))
            .collect::<Vec<_>>(),
        "leftOut": left_out.iter().map(|person| left_out_as_json(person, &decisions)).collect::<Vec<_>>(),
    });
    let about = about.lines().map(shown).collect::<Vec<_>>().join("\n");
    Outcome::done(format!("{}\n\n{about}", table.to_text()), json)
}

/// What one of the accounts is called that may be one person: two of them may stand in the list as one already.
fn account(everybody: &Everybody, person: PersonId) -> String {
    let viewer = everybody.seen.course.people.number_of(person.account());
    viewer.map_or_else(String::new, |viewer| everybody.seen.label(viewer as usize).to_owned())
}

fn left_out_as_json(person: &Person, decisions: &Decisions) -> Value {
    let role = decisions.role_of(person.id.account()).map(Recorded::<Role>::as_str);
    json!({ "person": person.id, "userIds": person.accounts, "role": role })
}

fn presented(everybody: &Everybody, range: DateRange, zone: Tz) -> Result<Outcome> {
    check_presented_range(range)?;
    let course = &everybody.seen.course;
    let table = everybody.table(ViewingSpan::of_days(range), None);
    let mut groups = [0_u32; 4];
    for row in table.rows.iter().filter(|row| row.totals.opened > 0) {
        let percents: Vec<f32> = row.cells.iter().filter_map(|cell| cell.percent()).collect();
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
