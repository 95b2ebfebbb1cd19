//! A course of people for tests: what is stored of it, counted independently, and a class list with gaps.
//!
//! The count reads the CSV with the `csv` crate and asks chrono for each local time. Names are those that the test writes.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use chrono::{DateTime, NaiveDateTime, Utc};
use serde_json::json;

use crate::course_list::copy;
use crate::support::Program;

pub(crate) const COURSE: &str = "720ecd90-37f0-433d-a28f-01b129741837";

struct Row {
    video: String,
    viewer: String,
    at: NaiveDateTime,
    start: f64,
    stop: f64,
}

/// What is stored of the course, with local times in Vancouver, and the lengths of its videos.
pub(crate) struct Stored {
    rows: Vec<Row>,
    pub(crate) lengths: BTreeMap<String, f64>,
}

impl Stored {
    fn of(program: &Program) -> Self {
        let directory = course_dir(&program.data());
        let mut activity = csv::Reader::from_path(directory.join("viewing_activity.csv")).unwrap();
        let headers = activity.headers().unwrap().clone();
        let column = |name: &str| headers.iter().position(|header| header == name).unwrap();
        let rows = activity.records().map(|record| {
            let record = record.unwrap();
            let at: DateTime<Utc> =
                record[column("DateTime")].replace(' ', "T").replace("+00:00", "Z").parse().unwrap();
            Row {
                video: record[column("SessionId")].to_lowercase(),
                viewer: record[column("UserId")].to_lowercase(),
                at: at.with_timezone(&chrono_tz::America::Vancouver).naive_local(),
                start: record[column("StartPosition")].parse().unwrap(),
                stop: record[column("StopPosition")].parse().unwrap(),
            }
        });
        let rows = rows.collect();
        let mut overview = csv::Reader::from_path(directory.join("sessions_overview.csv")).unwrap();
        let headers = overview.headers().unwrap().clone();
        let column = |name: &str| headers.iter().position(|header| header == name).unwrap();
        let lengths = overview.records().filter_map(|record| {
            let record = record.unwrap();
            let length: f64 = record[column("Duration")].parse().ok()?;
            (length > 0.0).then(|| (record[column("SessionId")].to_lowercase(), length))
        });
        Self { rows, lengths: lengths.collect() }
    }

    pub(crate) fn viewers(&self) -> BTreeSet<&str> {
        self.rows.iter().map(|row| row.viewer.as_str()).collect()
    }

    /// When anything was watched.
    pub(crate) fn instants(&self) -> Vec<NaiveDateTime> {
        self.rows.iter().map(|row| row.at).collect()
    }

    /// What each viewer covered of a video before an instant, in percent; whoever opened it is in it.
    pub(crate) fn coverage(&self, video: &str, before: Option<NaiveDateTime>) -> BTreeMap<&str, Option<f64>> {
        let mut runs: BTreeMap<&str, Vec<(f64, f64)>> = BTreeMap::new();
        for row in self.rows.iter().filter(|row| row.video == video && before.is_none_or(|before| row.at < before)) {
            runs.entry(&row.viewer).or_default().push((row.start, row.stop));
        }
        let length = self.lengths.get(video).copied();
        let percent = |runs: &[(f64, f64)]| length.map(|length| covered(runs, length) / length * 100.0);
        runs.iter().map(|(viewer, runs)| (*viewer, percent(runs))).collect()
    }
}

/// Seconds of a video that lie in any of the runs.
fn covered(runs: &[(f64, f64)], length: f64) -> f64 {
    let mut borders: Vec<f64> = runs.iter().flat_map(|run| [run.0, run.1]).map(|at| at.clamp(0.0, length)).collect();
    borders.sort_by(f64::total_cmp);
    let within = |middle: f64| runs.iter().any(|run| run.0 <= middle && middle < run.1);
    borders.windows(2).filter(|pair| within(f64::midpoint(pair[0], pair[1]))).map(|pair| pair[1] - pair[0]).sum()
}

pub(crate) fn course_dir(data: &Path) -> PathBuf {
    let mut directories = std::fs::read_dir(data.join("database")).unwrap().map(|entry| entry.unwrap().path());
    directories.find(|path| path.to_string_lossy().to_lowercase().contains(COURSE)).unwrap()
}

pub(crate) fn golden() -> (Program, Stored) {
    let program = Program::start();
    copy(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/fixtures/golden").as_ref(), &program.data());
    let stored = Stored::of(&program);
    (program, stored)
}

/// The same with names of all viewers, shown, and a class list: all viewers but the last, and two who never watched anything.
pub(crate) fn named() -> (Program, Stored) {
    let (program, stored) = golden();
    let heads = "UserId,NameState,UserName,FirstName,LastName,Email,AskedAt,Role,LeftOut,PersonUserId";
    let mut people = format!("{heads}\n");
    let viewers: Vec<&str> = stored.viewers().into_iter().collect();
    for (place, viewer) in viewers.iter().enumerate() {
        let _ = writeln!(
            people,
            "{viewer},named,unified\\viewer{place},Vera{place},Núñez{place},viewer{place}@example.edu,2026-11-01T08:00:00Z,,,"
        );
    }
    std::fs::write(program.data().join("people.csv"), people).unwrap();
    let mut listed: Vec<String> = (0..viewers.len() - 1)
        .map(|place| format!("\"Núñez{place}, Vera{place}\" <viewer{place}@example.edu>"))
        .collect();
    listed.extend(["Costa, Lúcia <costa@example.edu>", "Evans, Mair <evans@example.edu>"].map(str::to_owned));
    let import = json!({ "request": { "courseId": COURSE, "path": null, "pasted": listed.join("\n") } });
    program.get("class_list_import", import);
    program.get("settings_set", json!({ "request": { "showNames": true } }));
    (program, stored)
}
