//! `export --format parquet`, read back with the crate itself and compared with the CSV files row by row. Other programs read
//! it back in `tests/parquet/read_back.py`, also the sample courses, which have moments.

use std::collections::BTreeMap;
use std::fs::File;
use std::path::Path;

use parquet::basic::{LogicalType, Repetition, Type as Physical};
use parquet::file::reader::{FileReader as _, SerializedFileReader};
use parquet::record::Field;

use crate::support::{Sandbox, golden};

const ZONE: &str = "America/Los_Angeles";
const COURSES: [&str; 2] = ["6513270e-269e-4d37-b2a7-4de452e6b438", "720ecd90-37f0-433d-a28f-01b129741837"];
/// The tables, and how many of their columns are not text.
const TABLES: [(&str, usize); 5] =
    [("sessions_overview", 4), ("chunked_data", 7), ("timeline_steps", 4), ("video_moments", 4), ("course_dates", 3)];

/// The golden folder, which has a course without dates and one with some, a video without a length, and hostile names.
fn exported() -> Sandbox {
    let mut sandbox = Sandbox::new();
    golden(&sandbox, "data", false);
    sandbox.always(&["--no-keychain"]);
    sandbox.run(&["dates", "COMM 291", "add", "exam", "The \"exam\", first", "2021-10-12"]).exits_with(0);
    sandbox.run(&["export", "csv", "--tables", "--timezone", ZONE]).exits_with(0);
    sandbox.run(&["export", "parquet", "--tables", "--timezone", ZONE, "--format", "parquet"]).exits_with(0);
    sandbox
}

fn file(sandbox: &Sandbox, table: &str, course: &str) -> std::path::PathBuf {
    sandbox.path(&format!("parquet/{table}/CourseID={course}/{table}.parquet"))
}

fn open(path: &Path) -> SerializedFileReader<File> {
    SerializedFileReader::new(File::open(path).expect("the file is there")).expect("it is a Parquet file")
}

/// A cell as the CSV file writes it.
fn written(field: &Field) -> String {
    match field {
        Field::Null => String::new(),
        Field::Str(text) => text.clone(),
        Field::Long(number) => number.to_string(),
        Field::Double(number) => engine::store::number::number_text(*number),
        Field::Bool(truth) => if *truth { "True" } else { "False" }.to_owned(),
        Field::Date(days) => (chrono::NaiveDate::default() + chrono::TimeDelta::days(i64::from(*days))).to_string(),
        other => panic!("no column is of the type of {other:?}"),
    }
}

/// Compares every table in the folder `parquet` with the one in `csv`, and returns the names of those that have rows.
fn compare(sandbox: &Sandbox, courses: &[&str]) -> Vec<&'static str> {
    let mut with_rows = Vec::new();
    for (table, _) in TABLES {
        let text = std::fs::read(sandbox.path(&format!("csv/{table}.csv"))).expect("the CSV file is there");
        let mut reader = csv::Reader::from_reader(&*text);
        let header: Vec<String> = reader.headers().expect("a header").iter().map(str::to_owned).collect();
        let expected: Vec<Vec<String>> =
            reader.records().map(|row| row.expect("a row").iter().map(str::to_owned).collect()).collect();
        let mut found = Vec::new();
        for course in courses {
            for row in open(&file(sandbox, table, course)).get_row_iter(None).expect("rows") {
                let row = row.expect("a row");
                let (names, cells): (Vec<&String>, Vec<String>) =
                    row.get_column_iter().map(|(name, field)| (name, written(field))).unzip();
                assert!(names.into_iter().eq(&header), "{table}");
                found.push(cells);
            }
        }
        assert_eq!(found.len(), expected.len(), "{table}");
        for (number, (found, expected)) in found.iter().zip(&expected).enumerate() {
            assert_eq!(found, expected, "row {number} of {table}");
        }
        if !found.is_empty() {
            with_rows.push(table);
        }
    }
    with_rows
}

#[test]
fn every_row_reads_back_as_it_is_in_the_csv_file() {
    let with_rows = compare(&exported(), &COURSES);
    // So few people watch the golden courses that nothing is a moment.
    assert_eq!(with_rows, ["sessions_overview", "chunked_data", "timeline_steps", "course_dates"]);
}

#[test]
fn columns_have_types_and_the_file_says_what_they_mean() {
    let sandbox = exported();
    for (table, typed) in TABLES {
        for course in COURSES {
            let reader = open(&file(&sandbox, table, course));
            let about = reader.metadata().file_metadata();
            let entries: BTreeMap<String, String> = about
                .key_value_metadata()
                .expect("it describes itself")
                .iter()
                .map(|entry| (entry.key.clone(), entry.value.clone().expect("each says something")))
                .collect();
            assert_eq!(entries["table"], table);
            assert_eq!(entries["course_id"], course);
            assert_eq!(entries["time_zone"], ZONE);
            assert_eq!(entries["viewer_ids"], "as Panopto gives them");
            assert!(about.created_by().expect("a program").starts_with("panopto-analytics "));
            let columns = about.schema_descr().columns();
            for column in columns {
                assert!(entries[&format!("definition.{}", column.name())].len() > 8, "{}", column.name());
                let is_text = column.physical_type() == Physical::BYTE_ARRAY;
                assert_eq!(is_text, column.logical_type_ref() == Some(&LogicalType::String), "{}", column.name());
                let repetition = column.self_type().get_basic_info().repetition();
                let expected = if column.name() == "Duration" { Repetition::OPTIONAL } else { Repetition::REQUIRED };
                assert_eq!(repetition, expected, "{}", column.name());
            }
            let not_text = columns.iter().filter(|column| column.physical_type() != Physical::BYTE_ARRAY);
            assert_eq!(not_text.count(), typed, "{table}");
            assert_eq!(entries.len(), 4 + columns.len(), "nothing else is said, no name among it");
        }
    }
}

#[test]
fn the_csv_files_are_the_same_with_and_without_the_choice() {
    let sandbox = exported();
    sandbox.run(&["export", "named", "--tables", "--timezone", ZONE, "--format", "csv"]).exits_with(0);
    assert_eq!(sandbox.files("csv"), sandbox.files("named"));
}

#[test]
fn it_says_where_the_tables_are_and_what_it_removed() {
    let sandbox = exported();
    let again = sandbox.run(&["export", "parquet", "--course", "COMM 291", "--format", "parquet"]).exits_with(0);
    assert!(again.stdout.contains("chunked_data (") && again.stdout.contains(" rows in 1 file)"), "{}", again.stdout);
    assert!(again.stdout.contains("Removed 2 files of courses that are not in this export"), "{}", again.stdout);
    assert!(!file(&sandbox, "chunked_data", COURSES[0]).exists());
    let json = sandbox.run(&["export", "parquet", "--format", "parquet", "--json"]).exits_with(0);
    let json: serde_json::Value = serde_json::from_str(&json.stdout).expect("one object");
    assert_eq!(json["result"]["files"].as_array().map(Vec::len), Some(4));
    assert_eq!(json["result"]["removed"].as_array().map(Vec::len), Some(0));
    let refused = sandbox.run(&["export", "parquet", "--format", "parquet", "--guard-formulas"]).exits_with(2);
    assert!(refused.stderr.contains("--guard-formulas"), "{}", refused.stderr);
}
