//! What is new in a course, comparing it with last year's or with itself, and who was on time: over the sample, whose course
//! has all of it.

use std::path::Path;
use std::process::{Command, Stdio};

use serde_json::{Value, json};

use crate::support::Program;

/// A program with the sample: the course of this year and that of last year.
struct Terms {
    program: Program,
    here: Value,
    there: Value,
}

impl Terms {
    fn begin() -> Self {
        let program = Program::start();
        let state = program.sample();
        let courses = state["courses"].as_array().expect("courses");
        let (here, there) = (courses[0]["id"].clone(), courses[2]["id"].clone());
        Self { program, here, there }
    }

    fn with_last_year(&self) -> Value {
        json!({ "with": "course", "courseId": self.there, "laterWeeks": 0 })
    }

    fn overview_by(&self, compare: &Value, measure: &str) -> Value {
        let request = json!({
            "courseId": self.here, "range": null, "mapMeasure": measure, "heatMeasure": "viewers", "nameRoom": null,
            "theme": "light", "compare": compare, "timeFrame": { "width": 1000, "height": 120 },
        });
        self.program.get("course_overview", json!({ "request": request }))
    }

    fn overview(&self, compare: &Value) -> Value {
        self.overview_by(compare, "reached")
    }

    fn video(&self, session: &Value, compare: &Value, view: &Value) -> Value {
        let request = json!({
            "courseId": self.here, "sessionId": session, "range": null, "theme": "light", "compare": compare,
            "timeFrame": { "width": 1000, "height": 120 }, "timeline": view,
        });
        self.program.get("video", json!({ "request": request }))
    }

    fn news(&self) -> Value {
        self.program.get("what_is_new", json!({ "courseId": self.here }))
    }

    /// The command line on the same data folder.
    fn command_line(&self, arguments: &[&str]) -> Value {
        let window = Path::new(env!("CARGO_BIN_EXE_panopto-video-analytics"));
        let path = window.with_file_name(format!("panopto-analytics{}", std::env::consts::EXE_SUFFIX));
        assert!(path.exists(), "build the command line first: cargo build --workspace --bins");
        let data = self.program.shell().workspace().folder().expect("a folder").root().to_owned();
        let mut command = Command::new(path);
        command.args(["--no-keychain", "--json", "--data"]).arg(data).args(arguments);
        command.env("HOME", self.program.dir.path());
        command.env("PANOPTO_ANALYTICS_CONFIG_DIR", self.program.dir.path().join("config"));
        let output = command.stdin(Stdio::null()).output().expect("it runs");
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        serde_json::from_slice::<Value>(&output.stdout).expect("it is JSON")["result"].clone()
    }
}

fn by_id<'v>(videos: &'v Value, id: &Value) -> &'v Value {
    videos.as_array().expect("videos").iter().find(|video| video["sessionId"] == *id).expect("the video")
}

fn series(chart: &Value) -> Vec<&str> {
    chart["series"].as_array().expect("series").iter().filter_map(|series| series["label"].as_str()).collect()
}

#[test]
fn news_open_their_evidence_and_stay_away_until_something_else_is_new() {
    let terms = Terms::begin();
    let room = || terms.overview(&Value::Null)["roomForNews"].clone();
    assert_eq!(room(), json!(3), "before it is known, for as many as there can be");
    let told = terms.news();
    let sentences = told["sentences"].as_array().expect("sentences");
    assert_eq!(room(), json!(sentences.len()));
    assert!((1..=3).contains(&sentences.len()), "{told}");
    let all = terms.command_line(&["digest", terms.here.as_str().expect("an ID")]);
    let all = all["courses"][0]["sentences"].as_array().expect("sentences").clone();
    let first: Vec<&Value> = all.iter().take(3).map(|entry| &entry["sentence"]).collect();
    assert_eq!(sentences.iter().map(|sentence| &sentence["text"]).collect::<Vec<_>>(), first, "those of `digest`");
    // The final is over since some days, and its sentence shows the days before it.
    assert!(sentences[0]["text"].as_str().is_some_and(|text| text.starts_with("Final")), "{told}");
    assert_eq!(sentences[0]["evidence"]["kind"], "range");
    let range = sentences[0]["evidence"]["range"].clone();
    let dates = terms.program.get("dates", json!({ "courseId": terms.here }));
    let until = dates["ranges"].as_array().expect("ranges").iter().find(|range| range["label"] == "Until Final");
    assert_eq!(until.map(|until| until["range"].clone()), Some(range));

    let put = |is_away: bool| {
        terms.program.get("news_put_away", json!({ "courseId": terms.here, "isAway": is_away }))["sentences"].clone()
    };
    assert_eq!(put(true), json!([]));
    assert_eq!(terms.news()["sentences"], json!([]), "and it is remembered");
    assert_eq!(room(), json!(0), "what was put away takes no room");
    // Another deadline that has just passed is something else.
    let day = dates["term"]["range"]["to"].clone();
    let date = json!({ "request": {
        "courseId": terms.here, "number": null, "kind": "deadline", "name": "Essay", "start": day, "end": null,
        "timeZone": null, "sessionIds": [],
    } });
    terms.program.get("date_save", date);
    let told = terms.news()["sentences"].clone();
    let texts: Vec<&str> = told.as_array().expect("news").iter().filter_map(|told| told["text"].as_str()).collect();
    assert!(texts.len() == 1 && texts[0].starts_with("Essay"), "{texts:?}");
    assert_eq!(room(), json!(1));
    assert_eq!(put(false).as_array().map(Vec::len), Some(3));
}

#[test]
fn the_window_compares_with_the_numbers_of_the_command_line() {
    let terms = Terms::begin();
    let (here, there) = (terms.here.as_str().expect("an ID"), terms.there.as_str().expect("an ID"));
    let told = terms.command_line(&["compare", here, there]);
    let overview = terms.overview_by(&terms.with_last_year(), "difference");
    let pairs = told["pairs"].as_array().expect("pairs");
    assert!(pairs.len() > 30, "{}", pairs.len());
    for pair in pairs {
        let video = by_id(&overview["videos"], &pair["here"]["sessionId"]);
        let figures = &video["figures"];
        assert_eq!(figures["otherTermPercent"]["value"], pair["there"]["covered75Percent"], "{pair}");
        assert_eq!(figures["differenceOfTerms"]["value"], pair["difference"], "{pair}");
        let other = pair["there"]["name"].as_str().expect("a name");
        let lines = video["readout"].as_array().expect("lines").iter().filter_map(Value::as_str);
        let of_pair = format!("{}, {other}: ", told["there"]["name"].as_str().expect("a name"));
        assert_eq!(lines.filter(|line| line.starts_with(&of_pair)).count(), 1, "{video}");
    }
    for alone in told["onlyHere"].as_array().expect("videos") {
        let figures = &by_id(&overview["videos"], &alone["sessionId"])["figures"];
        assert_eq!(
            (&figures["otherTermPercent"]["text"], &figures["differenceOfTerms"]["text"]),
            (&json!("–"), &json!("–"))
        );
    }
    let mean = &told["meanCovered75Percent"];
    let percent = |value: &Value| model::words::percent(value.as_f64().expect("a share"));
    let name = told["there"]["name"].as_str().expect("a name");
    let sentence = format!("{} here, {} in {name}, over", percent(&mean["here"]), percent(&mean["there"]));
    let said = overview["compared"]["sentence"].as_str().expect("a sentence");
    assert!(said.starts_with(&sentence) && said.ends_with("paired videos"), "{said}");
    let titles: Vec<&Value> =
        overview["columns"].as_array().expect("columns").iter().map(|column| &column["title"]).collect();
    assert!(titles.windows(4).any(|titles| titles == ["Share", "Other term", "± points", "On time"]), "{titles:?}");
}

#[test]
fn charts_carry_the_other_course_as_an_outline_until_it_is_closed() {
    let terms = Terms::begin();
    let choices = terms.program.get("compare_choices", json!({ "courseId": terms.here }));
    assert_eq!(choices["likely"]["courseId"], terms.there, "the same course of another year");
    assert_eq!((&choices["courses"][0]["courseId"], &choices["nothing"]), (&terms.there, &Value::Null));
    let name = choices["likely"]["name"].as_str().expect("a name").to_owned();
    let (plain, beside) = (terms.overview(&Value::Null), terms.overview(&terms.with_last_year()));
    assert_eq!(series(&plain["timeChart"]).len(), 1);
    assert_eq!(series(&beside["timeChart"])[1], name);
    let there = |overview: &Value| -> Vec<f64> {
        let points = overview["timeChart"]["points"].as_array().expect("points").clone();
        points.iter().map(|point| point["values"][1]["value"].as_f64().expect("a number")).collect()
    };
    let (now, later) = (there(&beside), {
        let compare = json!({ "with": "course", "courseId": terms.there, "laterWeeks": 1 });
        there(&terms.overview(&compare))
    });
    assert!(now.iter().sum::<f64>() > 100.0);
    assert_eq!(now[..now.len() - 7], later[7..], "a week later, on the same days of the week");
    // A difference can only be chosen where there is one.
    let measures = |overview: &Value| overview["mapMeasures"].as_array().expect("measures").len();
    assert_eq!(measures(&beside), measures(&plain) + 1);
    assert_eq!(terms.overview_by(&Value::Null, "difference")["mapMeasure"], "reached");
    assert_ne!(
        terms.overview_by(&terms.with_last_year(), "difference")["videos"][0]["cells"],
        plain["videos"][0]["cells"]
    );

    let video = &plain["videos"][0]["sessionId"];
    let frame = json!({ "width": 900, "height": 200 });
    let parts = json!({ "view": "byPart", "frame": frame, "averageTimeFrame": frame });
    let seconds = json!({ "view": "bySecond", "frame": frame, "window": null, "usual": false });
    let page = terms.video(video, &terms.with_last_year(), &parts);
    assert_eq!(series(&page["timeline"]["viewers"])[2], name);
    assert_eq!(series(&page["timeChart"])[1], name);
    let page = terms.video(video, &terms.with_last_year(), &seconds);
    assert_eq!(series(&page["timeline"]["chart"])[2], name);
    assert!(page["compared"]["sentence"].as_str().is_some_and(|told| told.starts_with("with ")), "{page}");
    // What was noted of the pair last year stands beside it, and nowhere else.
    let pairs = terms.program.get("pairs", json!({ "courseId": terms.here, "otherId": terms.there }));
    let pair = &by_id(&pairs["videos"], video)["otherId"];
    terms.program.get("note_keep", json!({ "request": {
        "sessionId": pair, "kind": "watched-again", "startSecs": 60.0, "endSecs": 90.0, "tag": "confusing", "text": "slower",
    } }));
    let noted = |compare: &Value| terms.video(video, compare, &seconds)["compared"]["notes"].clone();
    assert_eq!(noted(&terms.with_last_year())[0]["text"], "slower");
    assert_eq!(noted(&terms.with_last_year())[0]["tagName"], "Confusing");
    assert_eq!(noted(&json!({ "with": "usual" })), json!([]));
    for view in [&parts, &seconds] {
        let usual = terms.video(video, &json!({ "with": "usual" }), view);
        let chart = if view["view"] == "byPart" { &usual["timeline"]["viewers"] } else { &usual["timeline"]["chart"] };
        assert_eq!(series(chart).last(), Some(&"Usual for this course"));
    }
    let timelines = |compare: &Value| {
        let request = json!({
            "courseId": terms.here, "sessionIds": [video], "range": null, "theme": "light", "frame": frame,
            "compare": compare,
        });
        terms.program.get("timelines", json!({ "request": request }))
    };
    assert_eq!(timelines(&terms.with_last_year())["outline"], name);
    assert_ne!(timelines(&terms.with_last_year())["charts"][0]["svg"], timelines(&Value::Null)["charts"][0]["svg"]);

    for kind in ["time", "timelines", "map"] {
        let file = terms.program.dir.path().join(format!("{kind}.svg"));
        terms.program.desktop.will_pick(&file);
        let request = json!({
            "kind": kind, "courseId": terms.here, "sessionId": null, "range": null, "frame": frame, "theme": "light",
            "mapMeasure": "difference", "compare": terms.with_last_year(), "format": "svg",
        });
        terms.program.get("chart_save", json!({ "request": request }));
        let svg = std::fs::read_to_string(&file).expect("it is saved");
        let says = if kind == "map" { "in the other term" } else { "GEOG 204, Cities &amp; Climate (" };
        assert!(svg.contains(says), "{kind} does not say what it is compared with");
    }
}

#[test]
fn a_course_that_cannot_be_compared_takes_nothing_else_from_the_page() {
    let terms = Terms::begin();
    let gone = json!({ "with": "course", "courseId": "00000000-0000-4000-8000-000000000000", "laterWeeks": 0 });
    let overview = terms.overview(&gone);
    assert!(overview["compared"]["problem"].is_string(), "{}", overview["compared"]);
    let plain = terms.overview(&Value::Null);
    assert_eq!((&overview["videos"], &overview["columns"]), (&plain["videos"], &plain["columns"]));
    let own = json!({ "with": "course", "courseId": terms.here, "laterWeeks": 0 });
    assert!(terms.overview(&own)["compared"]["problem"].is_string());

    let remove = |id: &Value| terms.program.get("course_remove", json!({ "courseId": id, "deleteData": false }));
    let courses = terms.program.get("courses_list", json!({}));
    for course in courses.as_array().expect("courses").iter().filter(|course| course["id"] != terms.here) {
        remove(&course["id"]);
    }
    let choices = terms.program.get("compare_choices", json!({ "courseId": terms.here }));
    assert_eq!(choices["nothing"], "There is no other course on the list");
}

#[test]
fn pairs_are_mended_and_put_back() {
    let terms = Terms::begin();
    let ids = json!({ "courseId": terms.here, "otherId": terms.there });
    let before = terms.program.get("pairs", ids.clone());
    let videos = before["videos"].as_array().expect("videos");
    let paired = videos.iter().find(|video| video["by"] == "by name").expect("a pair");
    let mend = |pair: &Value| {
        let request = json!({
            "courseId": terms.here, "otherId": terms.there, "sessionId": paired["sessionId"], "pair": pair,
        });
        terms.program.get("pair_mend", json!({ "request": request }))
    };
    let row = |page: &Value| by_id(&page["videos"], &paired["sessionId"]).clone();
    let none = mend(&json!({ "kind": "nothing" }));
    assert_eq!((&row(&none["page"])["otherId"], &row(&none["page"])["isByHand"]), (&Value::Null, &json!(true)));
    assert!(none["text"].as_str().is_some_and(|text| text.ends_with("is compared with no video")), "{none}");
    let other = before["others"].as_array().expect("videos").last().expect("a video")["sessionId"].clone();
    let mended = mend(&json!({ "kind": "video", "sessionId": other }));
    assert_eq!((&row(&mended["page"])["otherId"], &row(&mended["page"])["by"]), (&other, &json!("by you")));
    let undone = terms.program.get("pair_mend_undo", json!({ "undo": mended["undo"] }));
    assert_eq!(undone, none["page"]);
    assert_eq!(mend(&json!({ "kind": "byName" }))["page"], before);
    let request = json!({ "request": {
        "courseId": terms.here, "otherId": terms.there, "sessionId": paired["sessionId"],
        "pair": { "kind": "video", "sessionId": paired["sessionId"] },
    } });
    assert_eq!(terms.program.refusal("pair_mend", request)["code"], "not-found");
    assert_eq!(terms.program.refusal("pair_mend_undo", json!({ "undo": "never" }))["code"], "not-found");
}

#[test]
fn who_was_on_time_stands_in_the_table_and_on_the_page_of_the_video() {
    let terms = Terms::begin();
    let overview = terms.overview(&Value::Null);
    let id = terms.here.as_str().expect("an ID");
    let told = terms.command_line(&["dates", id, "on-time"]);
    let shares = told["videos"].as_array().expect("videos");
    assert!(shares.iter().any(|video| video["onTimePercent"].is_number()), "{told}");
    for share in shares {
        let figures = &by_id(&overview["videos"], &share["sessionId"])["figures"];
        assert_eq!(figures["onTime"]["value"], share["onTimePercent"], "{share}");
    }
    let frame = json!({ "width": 900, "height": 200 });
    let parts = json!({ "view": "byPart", "frame": frame, "averageTimeFrame": frame });
    let video = &overview["videos"][0];
    let page = terms.video(&video["sessionId"], &Value::Null, &parts);
    let card = page["figures"].as_array().expect("figures").last().expect("a figure").clone();
    assert_eq!((&card["label"], &card["figure"]), (&json!("On time"), &video["figures"]["onTime"]));
    assert!(card["explanation"]["range"].as_str().is_some_and(|range| range.starts_with("Due: Midterm")), "{card}");

    // Without dates there is no column and no figure.
    for date in terms.program.get("dates", json!({ "courseId": id }))["dates"].as_array().expect("dates") {
        terms.program.get("date_remove", json!({ "courseId": id, "number": date["number"] }));
    }
    assert_eq!(terms.overview(&Value::Null)["videos"][0]["figures"]["onTime"], Value::Null);
    let figures = terms.video(&video["sessionId"], &Value::Null, &parts)["figures"].as_array().map(Vec::len);
    assert_eq!(figures, page["figures"].as_array().map(|figures| figures.len() - 1));
}
