//! What the pages of a course and of a video say, so that nobody is misled: names remain distinct, facts of all dates
//! are shown beside those of the chosen ones, and so are days on which nobody watched.

use std::collections::BTreeSet;

use chrono::{Days, NaiveDate};
use serde_json::{Value, json};

use crate::course_list::copy;
use crate::support::Program;

struct Page {
    program: Program,
    course: String,
}

impl Page {
    /// A course of the golden data. One name begins differently from the others; it gets their beginning.
    fn open() -> Self {
        let program = Program::start();
        copy(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/fixtures/golden").as_ref(), &program.data());
        let course = program.get("courses_list", json!({}))[0]["id"].as_str().unwrap().to_owned();
        let overview = program
            .data()
            .join("database")
            .read_dir()
            .unwrap()
            .map(|entry| entry.unwrap().path())
            .find(|path| path.to_string_lossy().contains(&course))
            .unwrap()
            .join("sessions_overview.csv");
        let text = std::fs::read_to_string(&overview).unwrap();
        let (before, name) = text.split_once("\"He said").unwrap();
        let name_of_another = before.lines().last().unwrap();
        let folder = name_of_another.split(',').nth(1).unwrap().trim_matches('"');
        let folder =
            if name_of_another.contains("\"COMM 290") { "COMM 290, Análisis & 数据 – été" } else { folder };
        std::fs::write(&overview, format!("{before}\"{folder} He said{name}")).unwrap();
        Self { program, course }
    }

    fn overview(&self, range: &Value, name_room: Option<u32>) -> Value {
        let request = json!({
            "courseId": self.course, "range": range, "mapMeasure": "comparedWithCourse", "heatMeasure": "viewers",
            "nameRoom": name_room, "theme": "light", "timeFrame": null,
        });
        self.program.get("course_overview", json!({ "request": request }))
    }

    fn video(&self, session: &Value, range: &Value, its_days: bool) -> Value {
        let frame = json!({ "width": 900, "height": 200 });
        let request = json!({
            "courseId": self.course, "sessionId": session, "range": range, "itsDays": its_days, "theme": "dark",
            "timeFrame": { "width": 4000, "height": 200 },
            "timeline": { "view": "byPart", "frame": frame, "averageTimeFrame": frame },
        });
        self.program.get("video", json!({ "request": request }))
    }
}

fn texts<'v>(videos: &'v Value, key: &str) -> Vec<&'v str> {
    videos.as_array().unwrap().iter().map(|video| video[key].as_str().unwrap()).collect()
}

fn date(text: &Value) -> NaiveDate {
    text.as_str().unwrap().parse().unwrap()
}

#[test]
fn names_that_differ_look_different_in_little_room() {
    let page = Page::open();
    let different = |names: &[&str]| names.iter().collect::<BTreeSet<_>>().len();
    for room in [None, Some(40), Some(22), Some(14)] {
        let overview = page.overview(&Value::Null, room);
        let (names, short) = (texts(&overview["videos"], "name"), texts(&overview["videos"], "shortName"));
        assert_eq!(different(&short), different(&names), "{room:?}: {short:?}");
        let note = overview["namesNote"].as_str().unwrap();
        let shared = note.strip_prefix("all begin with ").unwrap();
        assert!(shared.len() >= 8 && names.iter().all(|name| name.starts_with(shared)), "{note}");
        assert!(short.iter().all(|name| !name.starts_with(shared)), "{short:?}");
        // Screen readers get the whole name, and the numbers.
        let said = overview["videos"][0]["readout"].as_array().unwrap();
        assert_eq!(said[0], names[0]);
        assert!(said.iter().any(|line| line.as_str().unwrap().ends_with(" watched")), "{said:?}");
    }
    let top = &page.overview(&Value::Null, None)["topByViewers"][0];
    assert_eq!(top["readout"][0], top["name"]);
}

#[test]
fn numbers_of_chosen_days_stand_beside_those_of_all_dates() {
    let page = Page::open();
    let all = page.overview(&Value::Null, None);
    let everything = all["facts"].as_str().unwrap();
    assert!(everything.ends_with(" watched"), "{everything}");
    assert!((&all["empty"], &all["besideNote"]) == (&Value::Null, &Value::Null));

    let (first, last) = (date(&all["range"]["domain"]["from"]), date(&all["range"]["domain"]["to"]));
    let middle = first + (last - first) / 2;
    let late = json!({ "from": middle.to_string(), "to": last.to_string() });
    let chosen = page.overview(&late, None);
    let watched = everything.rsplit(" · ").next().unwrap();
    assert!(chosen["facts"].as_str().unwrap().ends_with(&format!(" of {watched}")), "{}", chosen["facts"]);

    // A viewer who watched half before these days and half within them has covered the video all the same.
    let videos = chosen["videos"].as_array().unwrap();
    let cut_off = videos.iter().find(|video| !video["beside"].is_null()).unwrap();
    let beside = cut_off["beside"].as_str().unwrap();
    assert!(beside.starts_with("in these days; ") && beside.ends_with(" in all"), "{beside}");
    assert!(cut_off["readout"].as_array().unwrap().iter().any(|line| line.as_str().unwrap().ends_with(beside)));
    assert!(chosen["besideNote"].as_str().unwrap().starts_with('*'));
    let on_page = page.video(&cut_off["sessionId"], &late, false);
    let details: Vec<&Value> = on_page["figures"].as_array().unwrap().iter().map(|card| &card["detail"]).collect();
    assert!(details.iter().any(|detail| detail.as_str().is_some_and(|it| it.ends_with(beside))), "{details:?}");
    let whole = page.video(&cut_off["sessionId"], &Value::Null, false);
    assert!(!whole["figures"].to_string().contains("in these days"));
}

#[test]
fn days_on_which_nobody_watched_are_told_in_a_sentence() {
    let page = Page::open();
    let last = date(&page.overview(&Value::Null, None)["range"]["domain"]["to"]);
    let after = json!({
        "from": (last + Days::new(400)).to_string(), "to": (last + Days::new(406)).to_string(),
    });
    let empty = page.overview(&after, None)["empty"].clone();
    let said = empty.as_str().unwrap();
    assert!(said.starts_with("Nobody watched from ") || said.starts_with("No data yet "), "{said}");
}

#[test]
fn every_measure_of_the_map_is_offered_by_its_name() {
    let page = Page::open();
    let overview = page.overview(&Value::Null, None);
    let labels = texts(&overview["mapMeasures"], "label");
    assert_eq!(
        labels,
        ["Reached", "Covered at least 75 %", "Times watched", "Played again", "Compared with the course"]
    );
    for choice in overview["mapMeasures"].as_array().unwrap() {
        let request = json!({
            "courseId": page.course, "range": null, "mapMeasure": choice["id"], "heatMeasure": "viewers",
            "theme": "dark", "timeFrame": null,
        });
        let legend = page.program.get("course_overview", json!({ "request": request }))["mapLegend"].clone();
        assert!(legend["colours"].as_array().unwrap().len() > 3, "{legend}");
    }
}

#[test]
fn a_video_can_be_seen_across_its_own_days() {
    let page = Page::open();
    let overview = page.overview(&Value::Null, None);
    let ends = |page: &Value| {
        let points = page["timeChart"]["points"].as_array().unwrap();
        (date(&points[0]["days"]["from"]), date(&points.last().unwrap()["days"]["to"]))
    };
    let mut shorter = 0;
    for session in overview["videos"].as_array().unwrap().iter().map(|video| &video["sessionId"]) {
        let (course, own) = (page.video(session, &Value::Null, false), page.video(session, &Value::Null, true));
        if own["timeChart"]["points"].as_array().unwrap().is_empty() {
            continue;
        }
        let (course, own) = (ends(&course), ends(&own));
        assert!(course.0 <= own.0 && own.1 <= course.1, "{own:?} within {course:?}");
        shorter += usize::from(own != course);
    }
    assert!(shorter > 0);
}
