//! What the window shows, compared with an independent count over the same files.
//!
//! The count here is deliberately simple: it reads the CSV with the `csv` crate, asks chrono for each local day and
//! looks at every piece between two borders. It shares nothing with the code that draws.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use chrono::{DateTime, NaiveDate, Utc};
use serde_json::{Value, json};

use crate::course_list::copy;
use crate::support::Program;

struct Row {
    video: String,
    viewer: String,
    day: NaiveDate,
    start: f64,
    stop: f64,
}

/// All records of the course in the golden data, with days in Vancouver.
fn records(directory: &Path) -> Vec<Row> {
    let mut reader = csv::Reader::from_path(directory.join("viewing_activity.csv")).unwrap();
    let headers = reader.headers().unwrap().clone();
    let column = |name: &str| headers.iter().position(|header| header == name).unwrap();
    let (video, viewer, at) = (column("SessionId"), column("UserId"), column("DateTime"));
    let (start, stop) = (column("StartPosition"), column("StopPosition"));
    let local = |text: &str| {
        let text = text.replace(' ', "T").replace("+00:00", "Z");
        let at: DateTime<Utc> = text.parse().unwrap();
        at.with_timezone(&chrono_tz::America::Vancouver).date_naive()
    };
    let rows = reader.records().map(|record| {
        let record = record.unwrap();
        Row {
            video: record[video].to_lowercase(),
            viewer: record[viewer].to_lowercase(),
            day: local(&record[at]),
            start: record[start].parse().unwrap(),
            stop: record[stop].parse().unwrap(),
        }
    });
    rows.collect()
}

/// The lengths of the videos of a course, as its list has them, by their IDs; none where there is no number above 0.
fn lengths(directory: &Path) -> BTreeMap<String, Option<f64>> {
    let mut reader = csv::Reader::from_path(directory.join("sessions_overview.csv")).unwrap();
    let headers = reader.headers().unwrap().clone();
    let column = |name: &str| headers.iter().position(|header| header == name).unwrap();
    let (video, duration) = (column("SessionId"), column("Duration"));
    let rows = reader.records().map(|record| {
        let record = record.unwrap();
        (record[video].to_lowercase(), record[duration].parse().ok().filter(|secs| *secs > 0.0))
    });
    rows.collect()
}

/// Seconds of `[from, to)` that lie in any of the runs.
fn covered(runs: &[(f64, f64)], from: f64, to: f64) -> f64 {
    let mut borders: Vec<f64> = runs.iter().flat_map(|run| [run.0, run.1]).map(|at| at.clamp(from, to)).collect();
    borders.extend([from, to]);
    borders.sort_by(f64::total_cmp);
    let pieces = borders.windows(2).map(|piece| (piece[0], piece[1]));
    let within = |(left, right): &(f64, f64)| {
        let middle = (left + right) / 2.0;
        right > left && runs.iter().any(|run| run.0 <= middle && middle < run.1)
    };
    pieces.filter(within).map(|(left, right)| right - left).sum()
}

/// Whether a figure and its count are equal, apart from the rounding of sums in different orders.
fn same(shown: &Value, counted: f64) -> bool {
    shown.as_f64().is_some_and(|shown| (shown - counted).abs() < 1e-6 * counted.abs().max(1.0))
}

/// The same for a difference of two sums, whose rounding error does not shrink with it.
fn same_within(shown: &Value, counted: f64, most: f64) -> bool {
    shown.as_f64().is_some_and(|shown| (shown - counted).abs() < most)
}

#[test]
fn figures_on_screen_equal_an_independent_count() {
    let program = Program::start();
    copy(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/fixtures/golden").as_ref(), &program.data());
    let courses = program.get("courses_list", json!({}));
    for course in courses.as_array().unwrap() {
        let id = course["id"].as_str().unwrap();
        let mut directories =
            std::fs::read_dir(program.data().join("database")).unwrap().map(|entry| entry.unwrap().path());
        let directory = directories.find(|path| path.to_string_lossy().to_lowercase().contains(id)).unwrap();
        let (rows, lengths) = (records(&directory), lengths(&directory));
        let days: BTreeSet<NaiveDate> = rows.iter().map(|row| row.day).collect();
        let (first, last) = (*days.first().unwrap(), *days.last().unwrap());
        let middle = first + (last - first) / 2;
        for range in [None, Some((first, middle)), Some((middle, middle))] {
            check_course(&program, id, &rows, &lengths, range);
        }
    }
}

fn check_course(
    program: &Program,
    id: &str,
    rows: &[Row],
    lengths: &BTreeMap<String, Option<f64>>,
    range: Option<(NaiveDate, NaiveDate)>,
) {
    let range_json = range.map(|(from, to)| json!({ "from": from.to_string(), "to": to.to_string() }));
    let frame = json!({ "width": 900, "height": 200 });
    let overview = program.get(
        "course_overview",
        json!({ "request": {
            "courseId": id, "range": range_json, "mapMeasure": "reached", "heatMeasure": "viewers",
            "theme": "light", "timeFrame": frame,
        } }),
    );
    let in_range: Vec<&Row> =
        rows.iter().filter(|row| range.is_none_or(|(from, to)| (from..=to).contains(&row.day))).collect();
    assert_eq!(overview["videos"].as_array().unwrap().len(), lengths.len(), "all videos of the list");
    for (place, video) in overview["videos"].as_array().unwrap().iter().enumerate() {
        let session = video["sessionId"].as_str().unwrap();
        assert_eq!(video["figures"]["duration"]["value"].as_f64(), lengths[session], "{video}");
        let mut viewers: BTreeMap<&str, Vec<(f64, f64)>> = BTreeMap::new();
        for row in in_range.iter().filter(|row| row.video == session) {
            viewers.entry(&row.viewer).or_default().push((row.start, row.stop));
        }
        assert_eq!(video["order"], place + 1);
        assert!(same(&video["figures"]["viewers"]["value"], viewers.len() as f64), "{range:?} {video}");
        let Some(length) = video["figures"]["duration"]["value"].as_f64() else { continue };
        let cut =
            |runs: &[(f64, f64)]| -> f64 { runs.iter().map(|run| (run.1.min(length) - run.0.max(0.0)).max(0.0)).sum() };
        let watched: f64 = viewers.values().map(|runs| cut(runs)).sum();
        let at_least = |runs: &[(f64, f64)], from: f64, to: f64| covered(runs, from, to) >= (to - from) * 0.75;
        let whole = viewers.values().filter(|runs| at_least(runs, 0.0, length)).count();
        assert!(same(&video["figures"]["watchTime"]["value"], watched), "{range:?} {video}");
        assert!(same(&video["figures"]["covered"]["value"], whole as f64), "{range:?} {video}");
        let again = viewers.values().map(|runs| cut(runs) - covered(runs, 0.0, length)).sum::<f64>() / watched * 100.0;
        assert!(
            if watched > 0.0 && viewers.len() >= 5 {
                same_within(&video["figures"]["watchedAgain"]["value"], again, 1e-6)
            } else {
                video["figures"]["watchedAgain"]["value"].is_null()
            },
            "{range:?} {again} {video}"
        );
        check_video(program, id, session, range_json.as_ref(), length, &viewers);
    }
    let per_day = overview["timeChart"]["points"].as_array().unwrap();
    for point in per_day {
        let (from, to) = (point["days"]["from"].as_str().unwrap(), point["days"]["to"].as_str().unwrap());
        let days = from.parse::<NaiveDate>().unwrap()..=to.parse().unwrap();
        let listed =
            |row: &&Row| overview["videos"].as_array().unwrap().iter().any(|video| video["sessionId"] == row.video);
        let there: BTreeSet<&str> =
            rows.iter().filter(|row| days.contains(&row.day)).filter(listed).map(|row| row.viewer.as_str()).collect();
        assert!(same(&point["values"][0]["value"], there.len() as f64), "{point}");
    }
}

fn check_video(
    program: &Program,
    course: &str,
    session: &str,
    range: Option<&Value>,
    length: f64,
    viewers: &BTreeMap<&str, Vec<(f64, f64)>>,
) {
    let frame = json!({ "width": 900, "height": 200 });
    let page = program.get(
        "video",
        json!({ "request": {
            "courseId": course, "sessionId": session, "range": range, "theme": "dark",
            "timeFrame": null, "timeline": { "view": "byPart", "frame": frame, "averageTimeFrame": frame },
        } }),
    );
    assert_eq!(page["timeChart"], Value::Null);
    assert!(same(&page["figures"][0]["figure"]["value"], viewers.len() as f64));
    let points = page["timeline"]["viewers"]["points"].as_array().unwrap();
    assert_eq!(points.len(), 20);
    for (index, point) in points.iter().enumerate() {
        let (from, to) = (length / 20.0 * index as f64, length / 20.0 * (index + 1) as f64);
        let seconds: Vec<f64> = viewers.values().map(|runs| covered(runs, from, to)).collect();
        // The program adds up the borders and this test multiplies them, so times are compared with a tolerance of 1e-9.
        let reached = seconds.iter().filter(|seconds| **seconds > 1e-9).count();
        let whole = seconds.iter().filter(|seconds| **seconds >= (to - from) * 0.75 - 1e-9).count();
        assert!(same(&point["values"][0]["value"], reached as f64), "chunk {index} of {session}: {point}, {reached}");
        assert!(same(&point["values"][1]["value"], whole as f64), "chunk {index} of {session}: {point}, {whole}");
    }
}

#[test]
fn days_can_be_typed_and_what_is_wrong_is_said() {
    let program = Program::start();
    copy(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/fixtures/golden").as_ref(), &program.data());
    let id = program.get("courses_list", json!({}))[0]["id"].clone();
    let typed = |from: &str, to: &str| json!({ "request": { "courseId": id, "from": from, "to": to } });
    let overview = |range: &Value| {
        program.get(
            "course_overview",
            json!({ "request": {
                "courseId": id, "range": range, "mapMeasure": "reached", "heatMeasure": "viewers", "theme": "light",
                "timeFrame": null,
            } }),
        )["range"]
            .clone()
    };
    // Both ends are written for all dates too, and what is written can be typed.
    let all = overview(&Value::Null);
    let (first, last) = (all["ends"]["from"].as_str().unwrap(), all["ends"]["to"].as_str().unwrap());
    assert_eq!(program.get("range_typed", typed(first, last)), Value::Null, "all of them are all dates");
    let domain: NaiveDate = all["domain"]["from"].as_str().unwrap().parse().unwrap();
    let second = domain.succ_opt().unwrap();
    for text in [second.to_string(), second.format("%-d %B %Y").to_string(), second.format("%-d.%-m.%Y").to_string()] {
        let range = program.get("range_typed", typed(&text, last));
        assert_eq!(range, json!({ "from": second.to_string(), "to": all["domain"]["to"] }), "{text}");
        assert_eq!(overview(&range)["ends"]["to"], last);
    }
    for (from, to, says) in [
        ("soon", last, "“soon” is not a date"),
        ("31 Feb 2021", last, "There is no day “31 Feb 2021”"),
        ("3/4/2021", last, "“3/4/2021” can be two different dates"),
        (last, first, "is after the last day"),
        ("1 Jan 1999", "2 Jan 1999", "There are no data of 1 – 2 Jan 1999"),
        ("", last, "A day is missing"),
    ] {
        let refusal = program.refusal("range_typed", typed(from, to));
        assert_eq!(refusal["code"], "invalid-input");
        assert!(refusal["message"].as_str().unwrap().contains(says), "{refusal}");
        assert!(refusal["hint"].is_string(), "{refusal}");
    }
}

#[test]
fn small_charts_and_rows_of_the_map_answer_for_the_videos_on_screen() {
    let program = Program::start();
    let state = program.sample();
    let course = &state["courses"][0]["id"];
    let overview = program.get(
        "course_overview",
        json!({ "request": {
            "courseId": course, "range": null, "mapMeasure": "rewatched", "heatMeasure": "watchTime",
            "theme": "dark", "timeFrame": null,
        } }),
    );
    let videos = overview["videos"].as_array().unwrap();
    assert!(videos.iter().all(|video| video["cells"].as_array().unwrap().len() == 20));
    // Bars of viewers are relative to the largest number, those of shares to 100 %.
    for (list, whole) in
        [("topByViewers", &overview["topByViewers"][0]["figure"]["value"]), ("topByCovered", &json!(100.0))]
    {
        let top = overview[list].as_array().unwrap();
        assert!(!top.is_empty(), "{list}");
        for video in top {
            let expected = video["figure"]["value"].as_f64().unwrap() / whole.as_f64().unwrap();
            assert!((video["share"].as_f64().unwrap() - expected).abs() < 1e-9, "{list}: {video}");
        }
    }
    let colours = overview["mapLegend"]["colours"].as_array().unwrap().len();
    assert_eq!(overview["mapLegend"]["lightText"].as_array().unwrap().len(), colours);
    let sessions: Vec<&Value> = videos.iter().take(12).map(|video| &video["sessionId"]).collect();
    let small = program.get(
        "timelines",
        json!({ "request": {
            "courseId": course, "sessionIds": sessions, "range": null, "theme": "dark",
            "frame": { "width": 160, "height": 48 },
        } }),
    );
    let watched = |index: usize| videos[index]["figures"]["viewers"]["value"].as_f64() > Some(0.0);
    for (index, chart) in small["charts"].as_array().unwrap().iter().enumerate() {
        assert_eq!(chart["svg"].as_str().unwrap().is_empty(), !watched(index));
    }
    let row = program.get("map_row", json!({ "courseId": course, "sessionId": sessions[0], "range": null }));
    assert_eq!(row["cells"].as_array().unwrap().len(), 20);
    assert!(row["cells"][0]["reached"].as_str().unwrap().contains("watched some of part 0"));
    let gone = json!({ "courseId": course, "sessionId": "6513270e-269e-4d37-b2a7-4de452e6b438", "range": null });
    assert_eq!(program.refusal("map_row", gone)["code"], "not-found");
    let page = json!({ "courseId": course, "sessionId": sessions[0] });
    assert_eq!(program.refusal("open_in_panopto", page)["code"], "invalid-input");
}

#[test]
fn the_chart_across_time_goes_on_to_the_end_of_the_data_and_covers_what_is_asked() {
    let program = Program::start();
    copy(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/fixtures/golden").as_ref(), &program.data());
    let course = program.get("courses_list", json!({}))[0].clone();
    let id = course["id"].as_str().unwrap();
    let overview = |range: Value| {
        program.get(
            "course_overview",
            json!({ "request": {
                "courseId": id, "range": range, "mapMeasure": "reached", "heatMeasure": "viewers",
                "theme": "light", "timeFrame": { "width": 4000, "height": 200 },
            } }),
        )
    };
    let ends = |overview: &Value| {
        let points = overview["timeChart"]["points"].as_array().unwrap();
        (points[0]["days"]["from"].clone(), points.last().unwrap()["days"]["to"].clone())
    };
    let before = overview(Value::Null);
    let viewed_last: NaiveDate = before["range"]["domain"]["to"].as_str().unwrap().parse().unwrap();
    let fetched = viewed_last + chrono::Days::new(4);
    let name = course["name"].as_str().unwrap();
    let state = format!("PanoptoFolderName,PanoptoFolderID,LastDateFetched(UTC)\n\"{name}\",{id},{fetched}\n");
    std::fs::write(program.data().join("state.csv"), state).unwrap();

    let all = overview(Value::Null);
    assert_eq!(all["range"]["until"], fetched.to_string());
    assert_eq!(ends(&all), (all["range"]["domain"]["from"].clone(), json!(fetched.to_string())));
    let presets = all["range"]["presets"].as_array().unwrap();
    let week = presets.iter().find(|preset| preset["id"] == "last7").unwrap()["range"].clone();
    let asked = overview(week.clone());
    let points = asked["timeChart"]["points"].as_array().unwrap();
    let bars = points.iter().filter(|point| point["days"]["from"].as_str() >= week["from"].as_str());
    let bars: Vec<f64> = bars.map(|point| point["values"][0]["value"].as_f64().unwrap()).collect();
    assert_eq!(bars.len(), 7, "a bar for each of the days, drawn or not");
    assert_eq!(bars[3..], [0.0; 4]);
    assert!(bars[2] > 0.0);
    // A saved chart says which days it covers.
    let saved = program.dir.path().join("saved.svg");
    program.desktop.will_pick(&saved);
    program.get(
        "chart_save",
        json!({ "request": {
            "kind": "time", "courseId": id, "sessionId": null, "range": null, "mapMeasure": null,
            "frame": { "width": 800, "height": 220 }, "theme": "light", "format": "svg",
        } }),
    );
    let (svg, last) = (std::fs::read_to_string(saved).unwrap(), model::Day::from_date(fetched));
    assert!(svg.contains(&format!("– {} {}", model::words::day_month(last), fetched.format("%Y"))), "{svg}");
    // If nobody watched, there is no explanation of a figure that does not exist.
    let quiet = json!({ "from": (viewed_last + chrono::Days::new(1)).to_string(), "to": fetched.to_string() });
    let frame = json!({ "width": 900, "height": 200 });
    let page = |range: &Value| {
        program.get(
            "video",
            json!({ "request": {
                "courseId": id, "sessionId": all["videos"][0]["sessionId"], "range": range, "theme": "dark",
                "timeFrame": null, "timeline": { "view": "bySecond", "frame": frame, "window": null, "usual": true },
            } }),
        )
    };
    let typical = |range: &Value| page(range)["figures"][3]["detail"].clone();
    assert_eq!((typical(&quiet), typical(&Value::Null)), (Value::Null, json!("of the video")));
    // The figures for all dates are the same as before.
    assert_eq!(all["videos"], before["videos"]);
    assert_eq!(all["facts"], before["facts"]);
    // Days before anybody watched, if they are requested.
    let early = (all["range"]["domain"]["from"].as_str().unwrap().parse::<NaiveDate>().unwrap() - chrono::Days::new(9))
        .to_string();
    assert_eq!(ends(&overview(json!({ "from": early, "to": fetched.to_string() }))).0, json!(early));
    assert_eq!(asked["range"]["domain"], all["range"]["domain"]);
}
