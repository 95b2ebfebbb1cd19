//! An attacker sits in the class while the window is presented. They see every answer that the window gets and every file
//! that is saved, know the rules, and try what a person could: narrow ranges, neighbouring ranges, a range less another,
//! typed days, two saved files, every command there is. They find no name, no ID and no group of fewer than 5.
//!
//! What commands exist is read from the table, so a new command that is presented must be attacked here too. Subtracting
//! numbers that are in fives is `tests/model/presenting.rs`.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use chrono::{Datelike as _, NaiveDate};
use engine::store::DataFolder;
use serde_json::{Value, json};
use shell::commands::{COMMANDS, WhilePresenting};
use sim::{At, Fault, FaultPlan, Route};

use crate::course_list::copy;
use crate::support::{CHANNEL, Program, connected};

/// Longer than any test.
const NEVER: std::time::Duration = std::time::Duration::from_secs(3_600);

/// The sample with names, a teacher's note and a class list's worth of people; nobody presents yet.
struct Class {
    program: Program,
    folder: PathBuf,
    courses: Vec<String>,
}

impl Class {
    fn new() -> Self {
        let program = Program::start();
        let state = program.sample();
        program.get("settings_set", json!({ "request": { "showNames": true } }));
        program.get("sync_start", json!({ "courseIds": null, "jobId": "names", "onEvent": CHANNEL }));
        let courses = state["courses"].as_array().unwrap().iter();
        Self {
            folder: PathBuf::from(state["dataFolder"].as_str().unwrap()),
            courses: courses.map(|course| course["id"].as_str().unwrap().to_owned()).collect(),
            program,
        }
    }

    /// Two real courses, some of whose videos had very few viewers.
    fn golden() -> Self {
        let program = Program::start();
        copy(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/fixtures/golden").as_ref(), &program.data());
        let courses = program.get("courses_list", json!({}));
        let courses = courses.as_array().unwrap().iter().map(|course| course["id"].as_str().unwrap().to_owned());
        Self { folder: program.data(), courses: courses.collect(), program }
    }

    fn present(&self) -> Value {
        self.program.get("set_presenting", json!({ "presents": true }))
    }

    /// Everything that tells people apart: IDs, names, user names, addresses; each in lower case.
    fn betraying(&self) -> Betraying {
        let people = DataFolder::open(&self.folder).unwrap().people().unwrap();
        let mut betraying = BTreeSet::new();
        let mut add = |text: &str| {
            if text.trim().len() > 4 {
                betraying.insert(text.trim().to_lowercase());
            }
        };
        for (id, known) in &people.names {
            add(&id.to_string());
            add(&known.name.email);
            add(&known.name.user_key);
            add(&known.name.shown().unwrap_or_default());
            add(&format!("{} {}", known.name.first, known.name.last));
        }
        for course in std::fs::read_dir(self.folder.join("database")).unwrap() {
            let records = course.unwrap().path().join("viewing_activity.csv");
            let mut reader = csv::Reader::from_path(records).unwrap();
            let user = reader.headers().unwrap().iter().position(|header| header == "UserId").unwrap();
            reader.records().for_each(|record| add(&record.unwrap()[user]));
        }
        Betraying::new(betraying)
    }

    fn overview(&self, course: &str, range: &Value) -> Value {
        let request = json!({
            "courseId": course, "range": range, "mapMeasure": "rewatched", "heatMeasure": "watchTime", "nameRoom": null,
            "theme": "light", "compare": { "with": "usual" }, "timeFrame": { "width": 900, "height": 120 },
        });
        self.program.get("course_overview", json!({ "request": request }))
    }

    fn video(&self, course: &str, session: &Value, range: &Value) -> Value {
        let timeline =
            json!({ "view": "bySecond", "frame": { "width": 900, "height": 200 }, "window": null, "usual": true });
        let request = json!({
            "courseId": course, "sessionId": session, "range": range, "theme": "light", "itsDays": true,
            "compare": { "with": "usual" }, "timeFrame": { "width": 900, "height": 90 }, "timeline": timeline,
        });
        self.program.get("video", json!({ "request": request }))
    }

    /// Saves a chart and reads the file.
    fn saved(&self, kind: &str, course: &str, session: &Value, range: &Value) -> String {
        let path = self.program.dir.path().join("saved chart.svg");
        self.program.desktop.will_pick(&path);
        let request = json!({
            "kind": kind, "courseId": course, "sessionId": session, "range": range,
            "frame": { "width": 800, "height": 220 }, "theme": "light", "mapMeasure": "playedAgain",
            "heatMeasure": "watchTime", "compare": { "with": "usual" }, "format": "svg",
        });
        self.program.get("chart_save", json!({ "request": request }));
        std::fs::read_to_string(path).unwrap()
    }
}

/// What tells people apart, by its first four bytes: answers are long, and there is much of it.
struct Betraying(BTreeMap<[u8; 4], Vec<String>>);

impl Betraying {
    fn new(all: BTreeSet<String>) -> Self {
        let mut by_start: BTreeMap<[u8; 4], Vec<String>> = BTreeMap::new();
        for one in all {
            by_start.entry(*one.as_bytes().first_chunk().unwrap()).or_default().push(one);
        }
        Self(by_start)
    }

    fn len(&self) -> usize {
        self.0.values().map(Vec::len).sum()
    }

    /// What of it stands in a text, whatever the case of its letters.
    fn within(&self, text: &str) -> Vec<&String> {
        let lower = text.to_lowercase();
        let bytes = lower.as_bytes();
        let starts = bytes.windows(4).enumerate().filter_map(|(at, start)| Some((at, self.0.get(start)?)));
        starts.flat_map(|(at, some)| some.iter().filter(move |one| bytes[at..].starts_with(one.as_bytes()))).collect()
    }
}

fn range(from: NaiveDate, to: NaiveDate) -> Value {
    json!({ "from": from.to_string(), "to": to.to_string() })
}

fn date(text: &Value) -> NaiveDate {
    text.as_str().unwrap().parse().unwrap()
}

/// A number as it is written, and whether it says *or more*.
fn number(word: &str) -> Option<(u64, bool)> {
    let word = word.trim_matches(|sign: char| "(),.;:·".contains(sign));
    let (digits, is_least) = word.strip_suffix('+').map_or((word, false), |digits| (digits, true));
    let digits = digits.replace(',', "");
    (!digits.is_empty() && digits.chars().all(|digit| digit.is_ascii_digit()))
        .then(|| (digits.parse().unwrap(), is_least))
}

/// The numbers of people in a text that may not be told: those that are neither zero nor in fives.
fn small_groups(text: &str) -> Vec<String> {
    // Only the words of a drawing; its coordinates are none.
    let parts = text.split('<').map(|part| part.split_once('>').map_or(part, |(_, words)| words));
    let plain = parts.collect::<Vec<_>>().join(" ");
    let words: Vec<&str> = plain.split_whitespace().collect();
    let mut found = Vec::new();
    for (place, word) in words.iter().enumerate() {
        let Some((people, is_least)) = number(word) else { continue };
        let before = |steps: usize| place.checked_sub(steps).map_or("", |at| words[at]);
        if people == 5 && (before(2), before(1)) == ("fewer", "than") {
            continue;
        }
        let after = |steps: usize| words.get(place + steps).copied().unwrap_or_default();
        let is_of_people = ["viewer", "people", "person"].iter().any(|noun| after(1).starts_with(noun));
        let is_part = after(1) == "of" && number(after(2)).is_some() && before(1) != "video";
        if (is_of_people || is_part) && people != 0 && (people % 5 != 0 || !is_least && after(1) != "or") {
            found.push(format!("{word} {} {}", after(1), after(2)));
        }
    }
    found
}

/// Everything in an answer that could betray somebody.
fn leaks(answer: &Value, betraying: &Betraying) -> Vec<String> {
    let mut found = Vec::new();
    let mut open = vec![("answer".to_owned(), answer)];
    while let Some((path, value)) = open.pop() {
        match value {
            Value::String(text) => {
                // A definition is the same for every course.
                let is_definition = path.ends_with(".formula");
                let groups = if is_definition { Vec::new() } else { small_groups(text) };
                found.extend(groups.into_iter().map(|group| format!("{path}: {group}")));
                found.extend(betraying.within(text).into_iter().map(|one| format!("{path}: {one}")));
            }
            Value::Array(items) => {
                open.extend(items.iter().enumerate().map(|(place, item)| (format!("{path}[{place}]"), item)));
            }
            Value::Object(fields) => {
                // A number with its text: counts of people are null, zero or in fives.
                if let (Some(value), Some(text)) = (fields.get("value"), fields.get("text").and_then(Value::as_str))
                    && let Some((people, _)) = number(text)
                    && people != 0
                    && !path.contains("duration")
                    && !path.ends_with(".videos")
                    && (people % 5 != 0 || value.as_f64().is_none_or(|value| value % 5.0 != 0.0))
                {
                    found.push(format!("{path}: {value} is {text}"));
                }
                open.extend(fields.iter().map(|(key, item)| (format!("{path}.{key}"), item)));
            }
            Value::Null | Value::Bool(_) | Value::Number(_) => {}
        }
    }
    found
}

#[track_caller]
fn tells_nobody(answer: &Value, betraying: &Betraying, of: &str) {
    let found = leaks(answer, betraying);
    assert!(found.is_empty(), "{of}: {found:#?}");
}

#[test]
fn the_attacker_can_read() {
    assert_eq!(small_groups("3 viewers"), ["3 viewers "]);
    assert_eq!(small_groups("117 of 118 viewers have watched"), ["117 of 118", "118 viewers have"]);
    assert_eq!(small_groups("60+ of 110+ viewers, video 3 of 42, 42 videos"), Vec::<String>::new());
    assert_eq!(small_groups("fewer than 5 viewers, 0 viewers, 60 or more viewers"), Vec::<String>::new());
    assert_eq!(small_groups("<desc>Most, with 61 viewers.</desc><text x=\"3\">12</text>"), ["61 viewers. 12"]);
    let class = Class::new();
    let betraying = class.betraying();
    let course = class.courses[0].clone();
    assert!(betraying.len() > 600, "the sample has names and IDs: {}", betraying.len());
    let found = leaks(&class.overview(&course, &Value::Null), &betraying);
    assert!(found.len() > 50, "what is not presented has numbers that the attacker sees: {found:?}");
}

#[test]
fn nothing_that_is_presented_names_or_betrays_anybody() {
    for class in [Class::new(), Class::golden()] {
        attack(&class);
    }
}

fn attack(class: &Class) {
    let betraying = class.betraying();
    let state = class.present();
    assert_eq!(state["discretion"], json!({ "namesShown": false, "presents": true }));
    tells_nobody(&state, &betraying, "the first paint");
    tells_nobody(&class.program.get("courses_list", json!({})), &betraying, "the course list");
    for course in &class.courses {
        let overview = class.overview(course, &Value::Null);
        let ends = overview["range"]["domain"].clone();
        let (first, last) = (date(&ends["from"]), date(&ends["to"]));
        let apart = ((last - first).num_days() / 4).max(1) as usize;
        let days: Vec<NaiveDate> = first.iter_days().take_while(|day| *day <= last).step_by(apart).collect();
        // All dates, single days, neighbouring weeks, and each range with a day less.
        let mut ranges = vec![Value::Null];
        for day in days {
            let after = |many| day + chrono::TimeDelta::days(many);
            ranges.extend([range(day, day), range(day, after(6)), range(after(1), after(7)), range(day, after(13))]);
            ranges.push(range(first, day));
        }
        let sessions: Vec<Value> =
            overview["videos"].as_array().unwrap().iter().map(|video| video["sessionId"].clone()).collect();
        let mut by_weeks: BTreeMap<String, Value> = BTreeMap::new();
        for asked in &ranges {
            let overview = class.overview(course, asked);
            tells_nobody(&overview, &betraying, &format!("the course in {asked}"));
            let told = &overview["range"]["range"];
            if !told.is_null() {
                let (from, to) = (date(&told["from"]), date(&told["to"]));
                assert_eq!((from.weekday(), to.weekday()), (chrono::Weekday::Mon, chrono::Weekday::Sun), "{asked}");
                // The same weeks give the same answer, whatever was asked for: nothing is learnt from a day more or less.
                let before = by_weeks.entry(told.to_string()).or_insert_with(|| overview["videos"].clone());
                assert_eq!(*before, overview["videos"], "{asked}");
            }
            for session in sessions.iter().step_by(sessions.len().div_ceil(3)) {
                let of = format!("video {session} in {asked}");
                let page = class.video(course, session, asked);
                assert_eq!(page["timeline"]["view"], "byPart", "the exact timeline is not presented");
                assert_eq!(page["timeline"]["averageTime"], Value::Null);
                tells_nobody(&page, &betraying, &of);
                let place = json!({ "courseId": course, "sessionId": session, "range": asked });
                tells_nobody(&class.program.get("map_row", place.clone()), &betraying, &of);
                tells_nobody(&class.program.get("video_moments", place), &betraying, &of);
            }
            let small = json!({
                "courseId": course, "sessionIds": sessions, "range": asked, "theme": "light",
                "frame": { "width": 200, "height": 60 }, "compare": { "with": "usual" },
            });
            tells_nobody(&class.program.get("timelines", json!({ "request": small })), &betraying, "small timelines");
            let moments = json!({ "courseId": course, "range": asked });
            tells_nobody(&class.program.get("map_moments", moments), &betraying, "moments of the map");
        }
        tells_nobody(&class.program.get("dates", json!({ "courseId": course })), &betraying, "dates");
        let typed = json!({ "courseId": course, "from": last.to_string(), "to": last.to_string() });
        let typed = class.program.get("range_typed", json!({ "request": typed }));
        assert_eq!(date(&typed["from"]).weekday(), chrono::Weekday::Mon, "a typed day is its week");
        assert_eq!(date(&typed["to"]).weekday(), chrono::Weekday::Sun);
    }
}

#[test]
fn saved_charts_tell_no_more_than_the_screen() {
    let class = Class::new();
    let betraying = class.betraying();
    class.present();
    let course = &class.courses[0];
    let overview = class.overview(course, &Value::Null);
    let session = &overview["videos"][3]["sessionId"];
    let last = date(&overview["range"]["domain"]["to"]);
    let (day, two_days) = (range(last, last), range(last - chrono::TimeDelta::days(1), last));
    for (kind, of) in [
        ("time", &Value::Null),
        ("time", session),
        ("timeline", session),
        ("map", &Value::Null),
        ("heat", &Value::Null),
        ("timelines", &Value::Null),
    ] {
        let files = [&Value::Null, &day, &two_days].map(|range| class.saved(kind, course, of, range));
        for file in &files {
            assert!(file.contains("Groups below 5 are hidden"), "{kind}: the file says what it leaves out");
            tells_nobody(&json!(file), &betraying, kind);
        }
        assert_eq!(files[1], files[2], "{kind}: two files of one week are one file");
    }
    for kind in ["bySecond", "averageTime"] {
        let request = json!({
            "kind": kind, "courseId": course, "sessionId": session, "range": null,
            "frame": { "width": 800, "height": 220 }, "theme": "light", "mapMeasure": null, "format": "svg",
        });
        let refusal = class.program.refusal("chart_save", json!({ "request": request }));
        assert!(refusal["message"].as_str().unwrap().contains("closed while presenting"), "{refusal}");
    }
}

/// What each command is called with. A command that is presented and not attacked above fails here.
#[test]
fn every_other_command_is_closed() {
    const ATTACKED: [&str; 9] = [
        "courses_list",
        "course_overview",
        "video",
        "map_row",
        "video_moments",
        "timelines",
        "map_moments",
        "dates",
        "range_typed",
    ];
    /// Those that answer with the state of the program, which is attacked above, or with a saved chart.
    const STATES: [&str; 9] = [
        "app_state",
        "notice_dismiss",
        "start_sample",
        "leave_sample",
        "data_folder_open_pick",
        "data_folder_open_path",
        "courses_repair",
        "settings_restore",
        "chart_save",
    ];
    let class = Class::new();
    class.present();
    let mut closed = 0;
    for command in COMMANDS {
        match command.while_presenting() {
            WhilePresenting::Same => {}
            WhilePresenting::Presented => {
                let is_known = ATTACKED.contains(&command.name) || STATES.contains(&command.name);
                assert!(is_known, "`{}` is presented: attack it here", command.name);
            }
            WhilePresenting::Closed => {
                let refusal = class.program.refusal(command.name, json!({}));
                assert!(refusal["message"].as_str().unwrap().contains("closed while presenting"), "{refusal}");
                closed += 1;
            }
        }
    }
    assert!(closed > 25, "{closed}");
    class.program.get("set_presenting", json!({ "presents": false }));
    let course = class.courses[0].clone();
    assert_eq!(class.overview(&course, &Value::Null)["mapMeasure"], "rewatched", "afterwards everything is as before");
}

#[test]
fn what_was_asked_before_is_not_answered_while_presenting() {
    let (program, server) = connected();
    server.set_faults(FaultPlan::new([(At::From(Route::SoapUsage, 1), Fault::Stall(NEVER))]));
    program.get("courses_add", json!({ "inputs": [sim::DEMO_COURSES[0].folder_id.to_string()] }));
    let syncing = program.begin("sync_start", json!({ "courseIds": null, "jobId": "sync", "onEvent": CHANNEL }));
    let begun = std::time::Instant::now();
    while !server.requests().iter().any(|request| request.route == Route::SoapUsage) {
        assert!(begun.elapsed() < std::time::Duration::from_secs(120), "the sync is at work");
        std::thread::sleep(std::time::Duration::from_millis(10));
    }
    program.get("set_presenting", json!({ "presents": true }));
    program.get("job_cancel", json!({ "jobId": "sync" }));
    let answer = syncing.join().unwrap();
    assert_eq!(answer.unwrap_err()["code"], "cancelled", "its report tells how many records came");
}

#[test]
fn presenting_ends_with_the_program_unless_it_is_to_begin_with() {
    let dir = crate::support::first_home();
    let program = Program::start_in(dir);
    program.get("set_presenting", json!({ "presents": true }));
    let again = restarted(program);
    assert_eq!(again.get("app_state", json!({}))["discretion"]["presents"], false);
    again.get("settings_set", json!({ "request": { "startPresenting": true } }));
    assert_eq!(again.get("app_state", json!({}))["discretion"]["presents"], false, "it is a choice for the next start");
    let third = restarted(again);
    assert_eq!(third.get("app_state", json!({}))["discretion"]["presents"], true);
}

fn restarted(program: Program) -> Program {
    let Program { app, window, dir, .. } = program;
    drop((window, app));
    Program::start_in(dir)
}

#[test]
fn names_wanted_in_the_sample_are_not_wanted_of_ones_own_students() {
    let program = Program::start();
    program.sample();
    program.get("settings_set", json!({ "request": { "showNames": true } }));
    assert_eq!(program.get("app_state", json!({}))["discretion"]["namesShown"], true);
    let own = program.get("leave_sample", json!({}));
    assert_eq!(own["discretion"]["namesShown"], false);
    let kept = std::fs::read_to_string(program.dir.path().join("config/settings.json")).unwrap();
    assert!(!kept.contains("\"showNames\": true"), "{kept}");
    assert!(Path::new(own["dataFolder"].as_str().unwrap()).ends_with("data"));
}
