//! `compare`: two terms of a course side by side, video by video and week by week.

use engine::Result;
use engine::compare::{ComparedCourse, TwoTerms, compare as compare_courses, forget_pair, mend_pair};
use engine::views::Views;
use model::words::{self, counted, points, range};
use model::{CourseFigures, PeriodViewers};
use serde_json::{Value, json};

use crate::args::{CompareArgs, PairWith};
use crate::commands::zone::zone_to_look;
use crate::named::{Parts, course_named, listed_courses};
use crate::setup::Setup;
use crate::table::{Side, Table};
use crate::terminal::{Outcome, shown};

/// Compares them.
pub(crate) async fn compare(setup: &Setup, args: CompareArgs) -> Result<Outcome> {
    let folder = setup.data_folder()?;
    let listed = listed_courses(&folder)?;
    let here = course_named(&listed, &args.course, Parts::Suffice)?;
    let there = course_named(&listed, &args.other, Parts::Suffice)?;
    let zone = zone_to_look(setup, &folder, &args.zone)?;
    if !args.pairs.is_empty() {
        let lock = setup.lock(&folder)?;
        for (video, with) in args.pairs {
            match with {
                PairWith::Video(other) => mend_pair(&folder, &lock, video, Some(other)).map(drop)?,
                PairWith::Nothing => mend_pair(&folder, &lock, video, None).map(drop)?,
                PairWith::Name => forget_pair(&folder, &lock, video).map(drop)?,
            }
        }
    }
    super::blocking(move || Ok(told(&compare_courses(&folder, &Views::default(), here, there, zone)?, zone.name())))
        .await
}

#[allow(clippy::similar_names, reason = "here and there are the two sides of a comparison")]
fn told(terms: &TwoTerms, zone: &str) -> Outcome {
    let TwoTerms { here, there, comparison, .. } = terms;
    let (figures_here, figures_there) =
        (here.course.figures(comparison.days_here), there.course.figures(comparison.days_there));
    let mut table = Table::new([
        ("Video", Side::Left),
        ("Viewers", Side::Right),
        ("Then", Side::Right),
        ("Covered 75 %", Side::Right),
        ("Then", Side::Right),
        ("Difference", Side::Right),
    ]);
    let mut pairs = Vec::new();
    for compared in &comparison.pairs {
        let (one, other) = (compared.pair.here, compared.pair.there);
        let (row, row_there) = (&figures_here.rows[one].totals, &figures_there.rows[other].totals);
        table.row([
            here.course.views.videos()[one].name.to_string(),
            row.unique_viewers.to_string(),
            row_there.unique_viewers.to_string(),
            row.covered_percent.text(words::percent),
            row_there.covered_percent.text(words::percent),
            compared.covered_difference.map_or_else(|| "too few".to_owned(), points),
        ]);
        pairs.push(json!({
            "here": video_as_json(here, &figures_here, one),
            "there": video_as_json(there, &figures_there, other),
            "pairedBy": compared.pair.by,
            "difference": compared.covered_difference,
            "reachedDifferences": compared.reached_differences,
        }));
    }
    let mut text = if pairs.is_empty() { String::new() } else { table.to_text() + "\n\n" };
    text.push_str(&shown(&summary(terms)));
    let alone = |course: &ComparedCourse, videos: &[usize]| -> Vec<Value> {
        let infos = course.course.views.videos();
        videos
            .iter()
            .map(|video| json!({ "sessionId": infos[*video].session_id, "name": infos[*video].name }))
            .collect()
    };
    let side = |course: &ComparedCourse, days: model::DateRange, weeks: &[PeriodViewers]| {
        json!({
            "id": course.facts.id,
            "name": course.facts.name,
            "from": days.first().date(),
            "to": days.last().date(),
            "viewersPerWeek": weeks.iter().map(|week| week.viewers).collect::<Vec<_>>(),
        })
    };
    let json = json!({
        "timeZone": zone,
        "here": side(here, comparison.days_here, &comparison.weeks_here),
        "there": side(there, comparison.days_there, &comparison.weeks_there),
        "pairs": pairs,
        "onlyHere": alone(here, &comparison.only_here),
        "onlyThere": alone(there, &comparison.only_there),
        "compared": comparison.compared,
        "meanCovered75Percent": comparison.mean_covered.map(|mean| json!({ "here": mean.here, "there": mean.there })),
    });
    Outcome::done(text, json)
}

/// `62.0 % here, 68.4 % in GEOG 204 2025, over 34 paired videos`.
fn summary(terms: &TwoTerms) -> String {
    let TwoTerms { here, there, comparison, .. } = terms;
    let days = format!(
        "{}: {}; {}: {}",
        here.facts.name,
        range(comparison.days_here),
        there.facts.name,
        range(comparison.days_there)
    );
    let without = comparison.only_here.len() + comparison.only_there.len();
    let rest = match (comparison.pairs.len() - comparison.compared as usize, without) {
        (0, 0) => String::new(),
        (few, without) => format!(
            "\n{} with too few viewers, {} without a pair",
            counted(few as u64, "pair", "pairs"),
            counted(without as u64, "video", "videos")
        ),
    };
    let sentence = comparison.sentence(&there.facts.name);
    let mean = match comparison.mean_covered {
        Some(_) => format!("Covered at least 75 %, on average: {sentence}"),
        None => sentence,
    };
    format!("{mean}{rest}\n{days}")
}

fn video_as_json(course: &ComparedCourse, figures: &CourseFigures, video: usize) -> Value {
    let (info, totals) = (&course.course.views.videos()[video], &figures.rows[video].totals);
    json!({
        "sessionId": info.session_id,
        "name": info.name,
        "viewers": totals.unique_viewers,
        "covered75Percent": totals.covered_percent.value(),
    })
}
