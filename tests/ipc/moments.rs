//! The timeline of a video second by second, its moments, and a teacher's notes about them.

use serde_json::{Value, json};

use crate::support::{CHANNEL, Program, connected};

/// A program whose window shows the first sample course, with the ID of a lecture that has moments.
struct Looking {
    program: Program,
    course: Value,
    video: Value,
}

impl Looking {
    fn begin() -> Self {
        let program = Program::start();
        program.sample();
        Self::over(program)
    }

    fn over(program: Program) -> Self {
        let course = program.get("courses_list", json!({}))[0]["id"].clone();
        let request = json!({
            "courseId": course, "range": null, "mapMeasure": "playedAgain", "heatMeasure": "viewers", "nameRoom": null,
            "theme": "light", "timeFrame": null,
        });
        let overview = program.get("course_overview", json!({ "request": request }));
        let named = |video: &&Value| video["name"].as_str().is_some_and(|name| name.contains("Shade is a right"));
        let video = overview["videos"].as_array().unwrap().iter().find(named).unwrap()["sessionId"].clone();
        Self { program, course, video }
    }

    fn page(&self, window: &Value, usual: bool) -> Value {
        let request = json!({
            "courseId": self.course, "sessionId": self.video, "range": null, "theme": "light", "timeFrame": null,
            "timeline": {
                "view": "bySecond", "frame": { "width": 1000, "height": 220 }, "window": window, "usual": usual,
            },
        });
        self.program.get("video", json!({ "request": request }))["timeline"].clone()
    }

    fn moments(&self) -> Value {
        let arguments = json!({ "courseId": self.course, "sessionId": self.video, "range": null });
        self.program.get("video_moments", arguments)
    }

    fn note_on(&self, moment: &Value, tag: &Value, text: &str) -> Value {
        json!({ "request": {
            "sessionId": self.video, "kind": moment["kind"], "startSecs": moment["startSecs"],
            "endSecs": moment["endSecs"], "tag": tag, "text": text,
        } })
    }

    fn notes_file(&self) -> std::path::PathBuf {
        self.program.shell().workspace().folder().unwrap().notes_file()
    }
}

#[test]
fn the_page_reads_out_every_second_and_is_zoomed_within_the_video() {
    let looking = Looking::begin();
    let whole = looking.page(&Value::Null, false);
    let (points, readings) = (whole["chart"]["points"].as_array().unwrap(), whole["readings"].as_array().unwrap());
    assert_eq!(points.len(), readings.len());
    let duration_secs = whole["durationSecs"].as_f64().unwrap();
    assert_eq!(whole["window"], json!({ "fromSecs": 0.0, "toSecs": duration_secs }));
    for reading in readings {
        let (label, values) = (reading["label"].as_str().unwrap(), &reading["values"]);
        assert_eq!(label, model::words::clock(reading["atSecs"].as_f64().unwrap()));
        let viewers = values[0].as_str().unwrap();
        let plural = if viewers == "1" { "viewer" } else { "viewers" };
        let text = format!("{label} · {viewers} {plural} · {} again", values[1].as_str().unwrap());
        assert_eq!(reading["text"], json!(text));
    }
    // Ten seconds is the closest zoom, wherever it is requested.
    for (from, to) in [(100.0, 101.0), (-50.0, -40.0), (duration_secs - 1.0, duration_secs + 90.0)] {
        let near = looking.page(&json!({ "fromSecs": from, "toSecs": to }), false);
        let (from, to) = (near["window"]["fromSecs"].as_f64().unwrap(), near["window"]["toSecs"].as_f64().unwrap());
        assert!(from >= 0.0 && to <= duration_secs && to - from >= 10.0 - 1e-9, "{from} {to}");
    }
    let usual = looking.page(&Value::Null, true);
    assert_eq!(usual["chart"]["series"].as_array().unwrap().len(), 3, "{}", usual["nothingUsual"]);
    assert_eq!(usual["chart"]["explanations"].as_array().unwrap().len(), 3);
}

#[test]
fn moments_are_those_of_the_model_and_marked_on_the_map() {
    let looking = Looking::begin();
    let shown = looking.moments();
    let workspace = looking.program.shell().workspace();
    let zone = workspace.zone(&workspace.settings().unwrap()).unwrap();
    let id = looking.course.as_str().unwrap().parse().unwrap();
    let course = workspace.views.course(&workspace.folder().unwrap(), id, zone).unwrap();
    let place = course.video(looking.video.as_str().unwrap().parse().unwrap()).unwrap();
    let found = course.moments(model::DateRange::ALL);
    let expected: Vec<&str> = found[place].found().iter().map(|moment| moment.sentence.as_str()).collect();
    let sentences: Vec<&str> =
        shown["moments"].as_array().unwrap().iter().map(|moment| moment["sentence"].as_str().unwrap()).collect();
    assert!(expected.len() >= 2, "the sample has planted ones: {expected:?}");
    assert_eq!(sentences, expected);
    assert_eq!(shown["nothing"], Value::Null);
    let map = looking.program.get("map_moments", json!({ "courseId": looking.course, "range": null }));
    let mut strongest: Vec<(f64, usize, &model::Moment)> = Vec::new();
    for (video, found) in found.iter().enumerate() {
        strongest.extend(found.found().iter().map(|moment| (moment.effect(), video, moment)));
    }
    strongest.sort_by(|a, b| b.0.total_cmp(&a.0));
    let told = map["strongest"].as_array().unwrap();
    assert_eq!(told.len(), strongest.len().min(5));
    for (told, (_, video, moment)) in told.iter().zip(&strongest) {
        assert_eq!(told["sessionId"], course.views.videos()[*video].session_id.to_string());
        assert_eq!((&told["sentence"], &told["atSecs"]), (&json!(moment.sentence), &json!(moment.start_secs as u32)));
    }
    let cells = map["cells"][looking.video.as_str().unwrap()].as_array().unwrap();
    let row = looking
        .program
        .get("map_row", json!({ "courseId": looking.course, "sessionId": looking.video, "range": null }));
    for cell in 0..20 {
        let told = row["cells"][cell]["moments"].as_array().unwrap();
        assert_eq!(cells.contains(&json!(cell)), !told.is_empty(), "{cell}: {told:?}");
    }
    // If nobody watched, the page says so.
    let quiet = json!({ "from": "2001-01-01", "to": "2001-01-02" });
    let arguments = json!({ "courseId": looking.course, "sessionId": looking.video, "range": quiet });
    let nobody = looking.program.get("video_moments", arguments);
    assert_eq!(nobody["nothing"], "Nobody watched this video in these days");
}

#[test]
fn a_note_is_kept_and_taken_back() {
    let looking = Looking::begin();
    let moment = looking.moments()["moments"][0].clone();
    let undo = looking.program.get("note_keep", looking.note_on(&moment, &json!("confusing"), " say it\nagain "));
    assert_eq!(looking.moments()["moments"][0]["note"], json!({ "tag": "confusing", "text": "say it again" }));
    assert_eq!(looking.moments()["moments"][1]["note"], Value::Null);
    let second = looking.program.get("note_keep", looking.note_on(&moment, &json!("done"), ""));
    assert_eq!(second["text"], "say it again");
    looking.program.get("note_keep", json!({ "request": second }));
    assert_eq!(looking.moments()["moments"][0]["note"]["tag"], "confusing");
    looking.program.get("note_keep", json!({ "request": undo }));
    assert_eq!(looking.moments()["moments"][0]["note"], Value::Null);
    let long = looking.program.refusal("note_keep", looking.note_on(&moment, &Value::Null, &"x".repeat(1001)));
    assert_eq!(long["code"], "invalid-input");
    let nowhere = json!({ "startSecs": 5.0, "endSecs": 5.0, "kind": "left" });
    assert_eq!(
        looking.program.refusal("note_keep", looking.note_on(&nowhere, &Value::Null, "x"))["code"],
        "invalid-input"
    );
}

#[test]
fn a_note_without_its_moment_is_shown_and_a_damaged_file_is_told() {
    let looking = Looking::begin();
    let elsewhere = json!({ "startSecs": 2.0, "endSecs": 9.0, "kind": "slowed-down" });
    looking.program.get("note_keep", looking.note_on(&elsewhere, &json!("mistake"), "wrong unit"));
    let others = looking.moments()["otherNotes"].clone();
    assert_eq!((&others[0]["tagName"], &others[0]["text"]), (&json!("Mistake"), &json!("wrong unit")));
    let path = looking.notes_file();
    std::fs::write(&path, "SessionId,Kind\nnonsense").unwrap();
    let shown = looking.moments();
    assert_eq!(shown["notesError"]["code"], "data-file-invalid");
    assert!(!shown["moments"].as_array().unwrap().is_empty(), "nothing but notes suffers");
    let refused = looking.program.refusal("note_keep", looking.note_on(&elsewhere, &Value::Null, "x"));
    assert_eq!(refused["code"], "data-file-invalid");
    assert_eq!(std::fs::read_to_string(&path).unwrap(), "SessionId,Kind\nnonsense");
}

#[test]
fn panopto_opens_at_a_second_on_the_user_s_own_server_only() {
    let (program, server) = connected();
    program.get("courses_add", json!({ "inputs": [sim::DEMO_COURSES[0].folder_id] }));
    program.get("sync_start", json!({ "courseIds": null, "jobId": "sync", "onEvent": CHANNEL }));
    let looking = Looking::over(program);
    let there = json!({ "courseId": looking.course, "sessionId": looking.video, "atSecs": 2020 });
    looking.program.get("open_in_panopto", there);
    let opened = looking.program.desktop.opened.lock().unwrap().clone();
    let video = looking.video.as_str().unwrap();
    assert_eq!(opened, [format!("{}/Panopto/Pages/Viewer.aspx?id={video}&start=2020", server.base_url())]);
    let odd = json!({ "courseId": looking.course, "sessionId": looking.video, "atSecs": "1&x=2" });
    assert!(looking.program.call("open_in_panopto", odd).is_err());
    let negative = json!({ "courseId": looking.course, "sessionId": looking.video, "atSecs": -3 });
    assert!(looking.program.call("open_in_panopto", negative).is_err());
}

#[test]
fn the_chart_by_second_is_saved_with_its_moments() {
    let looking = Looking::begin();
    let path = looking.program.dir.path().join("seconds.svg");
    looking.program.desktop.will_pick(&path);
    let request = json!({
        "kind": "bySecond", "courseId": looking.course, "sessionId": looking.video, "range": null,
        "frame": { "width": 1000, "height": 300 }, "theme": "dark", "mapMeasure": null, "format": "svg",
        "window": null, "usual": true,
    });
    looking.program.get("chart_save", json!({ "request": request }));
    let svg = std::fs::read_to_string(path).unwrap();
    assert!(svg.contains("Usual for this course") && svg.contains("1. 0:"), "{svg}");
}

#[test]
fn each_second_has_its_caption_and_a_moment_unfolds_into_its_own() {
    let looking = Looking::begin();
    let arguments = json!({ "courseId": looking.course, "sessionId": looking.video });
    let captions = looking.program.get("video_captions", arguments.clone());
    assert_eq!((&captions["sessionId"], &captions["nothing"]), (&looking.video, &Value::Null));
    let said = captions["said"].as_array().unwrap();
    assert!(said.windows(2).all(|pair| pair[0]["toSecs"].as_u64() <= pair[1]["fromSecs"].as_u64()));
    let shown = looking.moments();
    let moments = shown["moments"].as_array().unwrap();
    assert!(!moments.is_empty());
    for moment in moments {
        let lines = moment["captions"].as_array().unwrap();
        let whole: Vec<&str> = lines.iter().map(|line| line["text"].as_str().unwrap()).collect();
        let words = moment["words"].as_str().unwrap();
        assert!(whole.join(" ").starts_with(words.trim_end_matches('…')), "{words} of {whole:?}");
        for line in lines {
            assert_eq!(line["at"], json!(model::words::clock(line["atSecs"].as_f64().unwrap())));
            // What is read out a little later is the same caption.
            let second = line["atSecs"].as_u64().unwrap() + 1;
            let here = said
                .iter()
                .find(|said| said["fromSecs"].as_u64().unwrap() <= second && second < said["toSecs"].as_u64().unwrap());
            assert_eq!(here.unwrap()["text"], line["text"], "{second}");
        }
    }
    // Without them it is told why, and moments stay.
    let folder = looking.program.shell().workspace().folder().unwrap();
    let courses = std::fs::read_dir(folder.root().join("database")).unwrap();
    for course in courses {
        let _ = std::fs::remove_dir_all(course.unwrap().path().join("captions"));
    }
    let captions = looking.program.get("video_captions", arguments);
    assert_eq!((&captions["nothing"], &captions["said"]), (&json!("The words come when you are online"), &json!([])));
    let without = looking.moments();
    assert_eq!(without["moments"].as_array().unwrap().len(), moments.len());
    assert!(without["moments"].as_array().unwrap().iter().all(|moment| moment["captions"] == json!([])));
}
