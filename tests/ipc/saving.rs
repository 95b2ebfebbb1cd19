//! What is saved from the window: charts of every kind, and reports.

use std::collections::BTreeSet;
use std::path::Path;

use serde_json::{Value, json};

use crate::course_list::copy;
use crate::support::Program;

#[test]
fn charts_are_saved_where_the_user_says() {
    let program = Program::start();
    copy(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/fixtures/golden").as_ref(), &program.data());
    let courses = program.get("courses_list", json!({}));
    let request = |kind: &str, format: &str| {
        json!({ "request": {
            "kind": kind, "courseId": courses[0]["id"], "sessionId": null, "range": null,
            "frame": { "width": 800, "height": 220 }, "theme": "light", "mapMeasure": "reached", "format": format,
        } })
    };
    assert_eq!(program.get("chart_save", request("time", "svg")), Value::Null);
    let name = match &program.desktop.asked.lock().unwrap()[0].what {
        shell::desktop::PickerTarget::Save { name, .. } => name.clone(),
        other => panic!("{other:?}"),
    };
    assert!(name.ends_with("Viewers across time.svg") && !name.contains(['/', ':']), "{name}");
    for (kind, format, begins) in [
        ("time", "svg", &b"<svg"[..]),
        ("map", "png", &b"\x89PNG"[..]),
        ("heat", "svg", &b"<svg"[..]),
        ("timelines", "png", &b"\x89PNG"[..]),
    ] {
        let path = program.dir.path().join(format!("{kind} chart"));
        program.desktop.will_pick(&path);
        let saved = program.get("chart_save", request(kind, format));
        assert_eq!(saved["name"], format!("{kind} chart.{format}"));
        assert!(std::fs::read(path.with_extension(format)).unwrap().starts_with(begins));
    }
    program.get("open_folder", json!({ "folder": "chart" }));
    assert_eq!(program.refusal("chart_save", request("timeline", "svg"))["code"], "invalid-input");
}

#[test]
fn a_report_stands_alone_and_names_nobody() {
    let program = Program::start();
    copy(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/fixtures/golden").as_ref(), &program.data());
    let course = program.get("courses_list", json!({}))[0].clone();
    let overview = program.get(
        "course_overview",
        json!({ "request": {
            "courseId": course["id"], "range": null, "mapMeasure": "reached", "heatMeasure": "viewers", "theme": "light",
            "timeFrame": null,
        } }),
    );
    let video = &overview["videos"][0];
    let report = |session: &Value, name: &str| {
        let path = program.dir.path().join(name);
        program.desktop.will_pick(&path);
        let request = json!({ "courseId": course["id"], "sessionId": session, "range": null });
        let saved = program.get("report_save", json!({ "request": request }));
        std::fs::read_to_string(Path::new(saved["folder"].as_str().unwrap()).join(saved["name"].as_str().unwrap()))
            .unwrap()
    };
    let of_course = report(&Value::Null, "course");
    let of_video = report(&video["sessionId"], "video");
    let escaped =
        |text: &str| text.replace('&', "&amp;").replace('<', "&lt;").replace('\'', "&apos;").replace('"', "&quot;");
    for (page, name, drawings) in [(&of_course, &course["name"], 2), (&of_video, &video["name"], 3)] {
        assert!(page.contains(&format!(">{}</h1>", escaped(name.as_str().unwrap()))), "{name}");
        assert_eq!(page.matches("<svg ").count(), drawings);
        assert!(page.contains("All dates, ") && page.contains("Data up to "), "{name}");
        assert!(page.contains("default-src &apos;none&apos;") || page.contains("default-src 'none'"));
        assert!(
            !page.contains("<script") && !page.contains("<link") && !page.contains("src=") && !page.contains("href=")
        );
        for viewer in viewers_of(&program) {
            assert!(!page.contains(&viewer), "{viewer}");
        }
    }
    // The figures are those of the page.
    let viewers = video["figures"]["viewers"]["text"].as_str().unwrap();
    assert!(of_video.contains(&format!("<dt>Unique viewers</dt>\n<dd><strong>{viewers}</strong>")));
    // A name without an ending, whose file already exists: the new file gets a number.
    assert_eq!(report(&Value::Null, "course"), of_course);
    assert!(program.dir.path().join("course (2).html").exists());
    // Closing the dialog saves nothing.
    let request = json!({ "courseId": course["id"], "sessionId": null, "range": null });
    assert_eq!(program.get("report_save", json!({ "request": request })), Value::Null);
}

/// Everybody in the stored records.
fn viewers_of(program: &Program) -> BTreeSet<String> {
    let database = program.data().join("database");
    let courses =
        std::fs::read_dir(database).unwrap().map(|course| course.unwrap().path().join("viewing_activity.csv"));
    courses
        .filter_map(|path| std::fs::read_to_string(path).ok())
        .flat_map(|text| {
            let rows = text.lines().skip(1).filter_map(|line| line.split(',').nth(1).map(str::to_owned));
            rows.collect::<Vec<_>>()
        })
        .collect()
}

#[test]
fn a_saved_heat_map_is_of_the_measure_on_screen() {
    let program = Program::start();
    copy(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/fixtures/golden").as_ref(), &program.data());
    let courses = program.get("courses_list", json!({}));
    let mut drawn = Vec::new();
    for measure in ["viewers", "coveredShare", "watchTime"] {
        let path = program.dir.path().join(format!("{measure}.svg"));
        program.desktop.will_pick(&path);
        program.get(
            "chart_save",
            json!({ "request": {
                "kind": "heat", "courseId": courses[0]["id"], "sessionId": null, "range": null, "mapMeasure": null,
                "heatMeasure": measure, "frame": { "width": 800, "height": 220 }, "theme": "light", "format": "svg",
            } }),
        );
        drawn.push(std::fs::read_to_string(path).unwrap());
    }
    assert!(drawn[0].contains(" viewers<") && drawn[1].contains(" %<") && drawn[2].contains(" min<"));
}
