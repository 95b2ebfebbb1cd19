//! Nothing is shown that is not explained: every figure says on some page what it counts, and every chart is saved in both
//! forms and both themes, and has its values.

use std::collections::BTreeSet;

use model::Figure;
use serde_json::{Value, json};
use shell::pages::chart::ChartKind;

use crate::support::Program;

/// Figures that the pages asked here do not show, with where they are shown.
const ELSEWHERE: [(Figure, &str); 9] = [
    (Figure::Behind, "the people of a course"),
    (Figure::LastViewed, "`videos`"),
    (Figure::WeeksActive, "`dates COURSE on-time`"),
    (Figure::DaysUntilWatched, "`dates COURSE on-time`"),
    (Figure::PersonCoverage, "`person` and `viewers`"),
    (Figure::PanoptoPercent, "`person` and `viewers`"),
    (Figure::Sittings, "`person`"),
    (Figure::PersonOnTime, "`person`"),
    (Figure::NotOpened, "`viewers`"),
];

/// The sample, with its course of this year.
struct Sample {
    program: Program,
    course: Value,
    last_year: Value,
}

impl Sample {
    fn begin() -> Self {
        let program = Program::start();
        let state = program.sample();
        let (course, last_year) = (state["courses"][0]["id"].clone(), state["courses"][2]["id"].clone());
        Self { program, course, last_year }
    }

    fn overview(&self, measure: &str, heat: &str, compare: &Value) -> Value {
        self.program.get(
            "course_overview",
            json!({ "request": {
                "courseId": self.course, "range": null, "mapMeasure": measure, "heatMeasure": heat, "theme": "light",
                "compare": compare, "timeFrame": { "width": 900, "height": 120 },
            } }),
        )
    }

    fn video(&self, session: &Value, compare: &Value, timeline: &Value) -> Value {
        self.program.get(
            "video",
            json!({ "request": {
                "courseId": self.course, "sessionId": session, "range": null, "theme": "light", "compare": compare,
                "timeFrame": { "width": 900, "height": 92 }, "timeline": timeline,
            } }),
        )
    }

    fn first_video(&self) -> Value {
        self.overview("reached", "viewers", &Value::Null)["videos"][3]["sessionId"].clone()
    }
}

/// Every explanation in an answer.
fn explained(answer: &Value, found: &mut BTreeSet<String>) {
    match answer {
        Value::Object(fields) => {
            if let (Some(Value::String(formula)), Some(Value::String(name)), true) =
                (fields.get("formula"), fields.get("name"), fields.contains_key("freshness"))
            {
                assert!(!name.is_empty());
                found.insert(formula.clone());
            }
            fields.values().for_each(|field| explained(field, found));
        }
        Value::Array(items) => items.iter().for_each(|item| explained(item, found)),
        _ => {}
    }
}

#[test]
fn every_figure_says_on_some_page_what_it_counts() {
    let sample = Sample::begin();
    let usual = json!({ "with": "usual" });
    let term = json!({ "with": "course", "courseId": sample.last_year, "laterWeeks": 0 });
    let frame = json!({ "width": 900, "height": 200 });
    let by_part = json!({ "view": "byPart", "frame": frame, "averageTimeFrame": frame });
    let by_second = json!({ "view": "bySecond", "frame": frame, "window": null, "usual": true });
    let mut answers = Vec::new();
    for measure in ["reached", "covered", "rewatched", "playedAgain", "comparedWithCourse", "difference"] {
        answers.push(sample.overview(measure, "viewers", &term));
    }
    for heat in ["viewers", "coveredShare", "watchTime"] {
        answers.push(sample.overview("reached", heat, &usual));
    }
    let video = sample.first_video();
    for compare in [&Value::Null, &usual, &term] {
        answers.push(sample.video(&video, compare, &by_part));
        answers.push(sample.video(&video, compare, &by_second));
    }
    let of_course = json!({ "courseId": sample.course });
    answers.push(sample.program.get("what_is_new", of_course.clone()));
    answers.push(sample.program.get("dates", of_course));
    answers.push(
        sample.program.get("video_moments", json!({ "courseId": sample.course, "sessionId": video, "range": null })),
    );
    let mut found = BTreeSet::new();
    for answer in &answers {
        explained(answer, &mut found);
    }
    let is_elsewhere = |figure: Figure| ELSEWHERE.iter().any(|(other, _)| *other == figure);
    let wrong: Vec<Figure> =
        Figure::ALL.into_iter().filter(|figure| found.contains(figure.definition()) == is_elsewhere(*figure)).collect();
    assert_eq!(wrong, [], "either explained on a page, or named here with its place");
    // Each chart explains each of its series.
    for answer in &answers {
        for chart in [&answer["timeChart"], &answer["timeline"]["chart"], &answer["timeline"]["viewers"]] {
            if chart.is_object() {
                let count = |field: &str| chart[field].as_array().unwrap().len();
                assert_eq!(count("explanations"), count("series"), "{}", chart["title"]);
            }
        }
    }
}

#[test]
fn every_chart_is_saved_in_both_forms_and_themes_and_has_its_values() {
    let sample = Sample::begin();
    let video = sample.first_video();
    for kind in ChartKind::ALL {
        let word = serde_json::to_value(kind).unwrap();
        let name = word.as_str().unwrap();
        let of_video = matches!(kind, ChartKind::Timeline | ChartKind::BySecond | ChartKind::AverageTime);
        let mut drawn = BTreeSet::new();
        for (theme, format) in [("light", "svg"), ("dark", "svg"), ("light", "png"), ("dark", "png")] {
            let path = sample.program.dir.path().join(format!("{name}-{theme}.{format}"));
            sample.program.desktop.will_pick(&path);
            let saved = sample.program.get(
                "chart_save",
                json!({ "request": {
                    "kind": word, "courseId": sample.course, "sessionId": if of_video { video.clone() } else { Value::Null },
                    "range": null, "frame": { "width": 900, "height": 300 }, "theme": theme, "mapMeasure": "reached",
                    "format": format,
                } }),
            );
            assert_eq!(saved["name"], format!("{name}-{theme}.{format}"));
            let bytes = std::fs::read(&path).unwrap();
            let begins: &[u8] = if format == "svg" { b"<svg" } else { b"\x89PNG" };
            assert!(bytes.starts_with(begins) && bytes.len() > 2000, "{name} {theme} {format}: {} bytes", bytes.len());
            if format == "svg" {
                let svg = String::from_utf8(bytes.clone()).unwrap();
                assert!(svg.contains("Data up to "), "{name}: a saved chart says how fresh it is");
                assert!(svg.to_lowercase().contains("all dates"), "{name}: and of which dates it is");
            }
            assert!(drawn.insert(bytes), "{name}: light and dark differ");
        }
        let request = json!({ "request": {
            "kind": word, "courseId": sample.course, "range": null, "mapMeasure": "reached", "heatMeasure": "viewers",
        } });
        if matches!(kind, ChartKind::Map | ChartKind::Heat | ChartKind::Timelines) {
            let table = sample.program.get("chart_table", request);
            let columns = table["columns"].as_array().unwrap().len();
            let rows = table["rows"].as_array().unwrap();
            assert!(rows.len() >= 40 && columns >= 2, "{name}: {} rows", rows.len());
            assert!(rows.iter().all(|row| row["values"].as_array().unwrap().len() == columns - 1), "{name}");
        } else {
            assert_eq!(
                sample.program.refusal("chart_table", request)["code"],
                "invalid-input",
                "{name} brings its values"
            );
        }
    }
}

/// The table of the map has the very values that its read-outs and its colours come from.
#[test]
fn the_table_of_the_map_is_what_its_cells_say() {
    let sample = Sample::begin();
    let overview = sample.overview("reached", "viewers", &Value::Null);
    let table = sample.program.get(
        "chart_table",
        json!({ "request": {
            "kind": "map", "courseId": sample.course, "range": null, "mapMeasure": "reached", "heatMeasure": "viewers",
        } }),
    );
    for (video, row) in overview["videos"].as_array().unwrap().iter().zip(table["rows"].as_array().unwrap()).take(6) {
        assert_eq!(row["label"], video["name"]);
        let asked = json!({ "courseId": sample.course, "sessionId": video["sessionId"], "range": null });
        let cells = sample.program.get("map_row", asked)["cells"].as_array().unwrap().clone();
        for (cell, value) in cells.iter().zip(row["values"].as_array().unwrap()) {
            let (said, value) = (cell["reached"].as_str().unwrap(), value.as_str().unwrap());
            // Of nobody there is no share, and nothing is said in brackets.
            assert_eq!(said.contains('('), value != "–", "{said} {value}");
            assert!(value == "–" || said.contains(&format!("({value})")), "{said} {value}");
        }
    }
}
