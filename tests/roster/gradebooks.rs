//! Files for gradebooks, read back by readers written from each system's rules, and exports with one column filled.
//!
//! The readers here share nothing with the crate: they use another CSV reader, and know only what the system's importer does.

use std::collections::BTreeMap;

use model::ListedPerson;
use roster::{Gradebook, GradebookFile, GradebookFormat, NoGradebook, Problem, Reading, fill, gradebook_file, read};

use super::fixture;

fn person(name: &str, email: &str, login: &str, number: &str, system_id: &str) -> ListedPerson {
    let some = |text: &str| Some(text.to_owned()).filter(|text| !text.is_empty());
    ListedPerson {
        name: some(name),
        email: some(email),
        login: some(login),
        number: some(number),
        system_id: some(system_id),
        ..ListedPerson::default()
    }
}

fn class() -> Vec<ListedPerson> {
    vec![
        person("Okonjo-Vale, Mira \"M\"", "mvale7@example.edu", "mvale7", "0012345", "40112"),
        person("=HYPERLINK(\"http://evil.example\")", "tlind@example.edu", "tlind", "0012346", "40113"),
        person("Quill, Sofía", "", "", "", ""),
        person("Ahlmann, Jörg", "jahlmann@example.edu", "jahlmann", "0098761", "40115"),
    ]
}

fn file(format: GradebookFormat, title: &str) -> GradebookFile {
    let class = class();
    let values: Vec<(&ListedPerson, f64)> = class.iter().zip([9.5, 0.0, 7.0, 10.0]).collect();
    gradebook_file(Gradebook { format, title, points: 10.0, values: &values }).unwrap()
}

/// The lines of a file, as a reader of RFC 4180 sees them.
fn lines(bytes: &[u8], separator: u8) -> Vec<Vec<String>> {
    let mut reader =
        csv::ReaderBuilder::new().delimiter(separator).has_headers(false).flexible(true).from_reader(bytes);
    reader.records().map(|record| record.unwrap().iter().map(str::to_owned).collect()).collect()
}

/// What a gradebook holds after an import: for each person the value, by what the system knows them by.
type Grades = BTreeMap<String, f64>;

/// Canvas: more than three columns, the first holds `Student`, the second `ID`, the last of the student's holds `Section`; a row
/// with `Points Possible` gives the points; a title with a number in brackets is an existing item; a cell that is empty is a
/// change, so there must be none.
fn canvas(bytes: &[u8]) -> (String, f64, Grades) {
    let lines = lines(bytes, b',');
    let names = &lines[0];
    assert!(names.len() > 3 && names[0].contains("Student") && names[1].contains("ID"), "{names:?}");
    let section = names.iter().position(|name| name.contains("Section")).expect("a section");
    assert_eq!(section + 1, names.len() - 1, "all after the section are assignments");
    let title = names.last().unwrap().clone();
    assert!(!title.ends_with(')') || !title.contains('('), "an item that exists: {title}");
    let mut points = None;
    let mut grades = Grades::new();
    for line in &lines[1..] {
        if line[0].contains("Points Possible") {
            points = line.last().unwrap().parse().ok();
            continue;
        }
        let cell = line.last().unwrap();
        assert!(!cell.is_empty(), "an empty cell would take a score away");
        let id = if line[1].is_empty() { &line[2] } else { &line[1] };
        assert!(grades.insert(id.clone(), cell.parse().unwrap()).is_none(), "twice: {id}");
    }
    (title, points.expect("points of the new item"), grades)
}

/// Moodle: any columns, all rows as long as the header; one value that is no number, or above the maximum, stops it.
fn moodle(bytes: &[u8], maximum: f64) -> (String, Grades) {
    let lines = lines(bytes, b',');
    assert!(["Email address", "ID number", "Username"].contains(&lines[0][0].as_str()), "{:?}", lines[0]);
    let mut grades = Grades::new();
    for line in &lines[1..] {
        assert_eq!(line.len(), lines[0].len());
        let value: f64 = line[1].parse().expect("a number");
        assert!(value <= maximum);
        assert!(grades.insert(line[0].clone(), value).is_none());
    }
    (lines[0][1].clone(), grades)
}

/// Blackboard: every cell quoted, `Username` is the key, the points stand in the name of the column.
fn blackboard(bytes: &[u8]) -> (String, Grades) {
    let text = std::str::from_utf8(bytes).unwrap();
    for line in text.lines() {
        assert!(line.starts_with('"') && line.ends_with('"'), "{line}");
    }
    let lines = lines(bytes, b',');
    let key = lines[0].iter().position(|name| name == "Username").expect("the key");
    let title = lines[0].last().unwrap().clone();
    assert!(title.contains("[Total Pts: 10 Score]") && !title.contains('|'), "a new column: {title}");
    let grades = lines[1..].iter().map(|line| (line[key].clone(), line.last().unwrap().parse().unwrap())).collect();
    (title, grades)
}

/// Brightspace: `OrgDefinedId` or `Username` first, `Name Points Grade`, and a last column whose cells are `#`.
fn brightspace(bytes: &[u8]) -> (String, Grades) {
    let lines = lines(bytes, b',');
    assert_eq!((lines[0][0].as_str(), lines[0].last().unwrap().as_str()), ("OrgDefinedId", "End-of-Line Indicator"));
    let title = &lines[0][2];
    let (name, rest) = title.split_once(" Points Grade ").expect("the kind of grade");
    assert_eq!(rest, "<Numeric MaxPoints:10>");
    let mut grades = Grades::new();
    for line in &lines[1..] {
        assert_eq!(line.last().unwrap(), "#");
        let key = [&line[0], &line[1]].into_iter().find(|key| !key.is_empty()).expect("a key");
        grades
            .insert(key.strip_prefix('#').expect("the mark that protects zeros").to_owned(), line[2].parse().unwrap());
    }
    (name.to_owned(), grades)
}

/// Sakai: the first two columns count by their place; brackets at the end hold the points and make the item new.
fn sakai(bytes: &[u8]) -> (String, f64, Grades) {
    let lines = lines(bytes, b',');
    assert_eq!(lines[0][..2], ["Student ID", "Name"]);
    assert!(bytes.ends_with(b"\"\r\n"));
    let (title, points) = lines[0][2].strip_suffix(']').and_then(|name| name.rsplit_once(" [")).expect("the points");
    assert!(!title.starts_with(['#', '*']) && !title.contains(['[', ']']));
    let grades = lines[1..].iter().map(|line| (line[0].clone(), line[2].parse().unwrap())).collect();
    (title.to_owned(), points.parse().unwrap(), grades)
}

fn grades(of: &[(&str, f64)]) -> Grades {
    of.iter().map(|(key, value)| ((*key).to_owned(), *value)).collect()
}

#[test]
fn each_file_is_read_back_by_the_rules_of_its_system() {
    let logins = grades(&[("mvale7", 9.5), ("tlind", 0.0), ("jahlmann", 10.0)]);
    let made = file(GradebookFormat::Canvas, "Lecture videos");
    let (title, points, read) = canvas(&made.bytes);
    assert_eq!((title.as_str(), points), ("Lecture videos", 10.0));
    assert_eq!(read, grades(&[("40112", 9.5), ("40113", 0.0), ("40115", 10.0)]));
    assert_eq!((made.people, made.without_key), (3, vec![2]));

    let (title, read) = moodle(&file(GradebookFormat::Moodle, "Lecture videos").bytes, 10.0);
    assert_eq!(title, "Lecture videos");
    assert_eq!(
        read,
        grades(&[("mvale7@example.edu", 9.5), ("tlind@example.edu", 0.0), ("jahlmann@example.edu", 10.0)])
    );
    let (_, read) = blackboard(&file(GradebookFormat::Blackboard, "Lecture videos").bytes);
    assert_eq!(read, logins);
    let (title, read) = brightspace(&file(GradebookFormat::Brightspace, "Lecture videos").bytes);
    assert_eq!(title, "Lecture videos");
    assert_eq!(read, grades(&[("0012345", 9.5), ("0012346", 0.0), ("0098761", 10.0)]));
    let (title, points, read) = sakai(&file(GradebookFormat::Sakai, "Lecture videos").bytes);
    assert_eq!((title.as_str(), points, read), ("Lecture videos", 10.0, logins));
    let plain = lines(&file(GradebookFormat::Plain, "Lecture videos").bytes, b',');
    assert_eq!(plain.len(), 5, "a plain table also has who can be told by a name only");
}

#[test]
fn no_cell_of_a_file_is_a_formula() {
    for format in GradebookFormat::ALL {
        for line in lines(&file(format, "=1+1").bytes, b',') {
            for cell in line {
                assert!(!cell.starts_with(['=', '+', '-', '@']), "{}: {cell}", format.word());
            }
        }
    }
}

#[test]
fn titles_that_a_system_takes_for_something_else_are_changed_or_refused() {
    assert_eq!(file(GradebookFormat::Canvas, "Week (12)").title, "Week 12");
    assert_eq!(file(GradebookFormat::Sakai, "* Week [1]").title, "Week (1)");
    assert_eq!(file(GradebookFormat::Brightspace, "Week <1>").title, "Week (1)");
    assert!(!file(GradebookFormat::Blackboard, "Week |1").title.contains('|'));
    let values = [];
    let refused =
        |title| gradebook_file(Gradebook { format: GradebookFormat::Canvas, title, points: 10.0, values: &values });
    assert_eq!(refused("My Final Score"), Err(NoGradebook::TitleOfTotal));
    assert_eq!(refused(" \n"), Err(NoGradebook::NoTitle));
}

#[test]
fn one_person_is_in_a_file_once() {
    let twice = [person("A", "a@example.edu", "a", "1", "1"), person("A", "A@example.edu", "a", "1", "1")];
    let values: Vec<(&ListedPerson, f64)> = twice.iter().zip([1.0, 2.0]).collect();
    for format in GradebookFormat::ALL {
        let made = gradebook_file(Gradebook { format, title: "x", points: 10.0, values: &values }).unwrap();
        assert_eq!((made.people, made.without_key), (1, vec![1]), "{}", format.word());
    }
}

/// Fills a fixture for the people whose login or address is named.
fn filled(name: &str, column: &str, values: &[(&str, f64)]) -> (Vec<u8>, Vec<u8>, usize, usize) {
    let original = fixture(name);
    let value_of = |person: &ListedPerson| {
        let keys = [&person.login, &person.email];
        values.iter().find(|(key, _)| keys.iter().any(|own| own.as_deref() == Some(*key))).map(|(_, value)| *value)
    };
    let filled = fill(&original, column, value_of).unwrap();
    (original, filled.bytes, filled.people, filled.unchanged)
}

#[test]
fn an_export_comes_back_with_one_column_filled_and_all_else_byte_for_byte() {
    type Points<'a> = &'a [(&'a str, f64)];
    type Cells<'a> = &'a [(&'a str, &'a str)];
    let cases: [(&str, &str, Points<'_>, Cells<'_>); 8] = [
        (
            "canvas.csv",
            "Week 1",
            &[("mvale7", 9.5), ("tlind", 10.0)],
            &[("mvale7,Lecture 01,8.00,", "mvale7,Lecture 01,9.5,"), ("and Lab 02\",EX,", "and Lab 02\",10,")],
        ),
        (
            "canvas-split-names.csv",
            "Week 1 (81234)",
            &[("mvale7", 9.25), ("tlind", 0.0)],
            &[("Lecture 01;8,50;", "Lecture 01;9,25;"), ("Lecture 02;;", "Lecture 02;0;")],
        ),
        (
            "moodle-grades-de.csv",
            "Test: Woche 1 (Real)",
            &[("jahlmann@example.edu", 3.0)],
            &[("edu\t7,50\t7,50", "edu\t3\t7,50")],
        ),
        ("blackboard-ultra.csv", "Exam", &[("vnguyen", 80.0)], &[("\"77.5\"", "\"80\"")]),
        (
            "brightspace.csv",
            "Week 1",
            &[("mvale7", 9.5), ("tlind", 1.0)],
            &[("edu,8,8", "edu,9.5,8"), ("_,,,,,#", "_,,1,,,#")],
        ),
        ("sakai.csv", "week 1", &[("tlind", 7.0)], &[("\"A\",\"\",\"\"", "\"A\",\"7\",\"\"")]),
        (
            "google-classroom.csv",
            "Watch lecture 1",
            &[("tlind@example.edu", 4.0)],
            &[("tlind@example.edu,9", "tlind@example.edu,4")],
        ),
        ("stud-ip-vips.csv", "Blatt 1", &[("squill", 8.5)], &[("0098762;9,5;9,5", "0098762;8,5;9,5")]),
    ];
    for (name, column, values, changes) in cases {
        let (original, bytes, people, _) = filled(name, column, values);
        let mut expected = String::from_utf8(original).unwrap();
        for (was, is) in changes {
            assert_eq!(expected.matches(was).count(), 1, "{name}: {was}");
            expected = expected.replacen(was, is, 1);
        }
        assert_eq!(String::from_utf8(bytes.clone()).unwrap(), expected, "{name}");
        assert_eq!(people, values.len(), "{name}");
        // The gradebook would find the same people in it.
        let again = read(&bytes, &Reading::default()).unwrap();
        assert_eq!(again.people, super::class(name).unwrap().people, "{name}");
    }
}

#[test]
fn other_encodings_come_back_as_they_were() {
    let (original, bytes, ..) = filled("blackboard-utf16.xls", "Quiz 3", &[("mvale7", 9.5)]);
    let text = |bytes: &[u8]| {
        assert_eq!(bytes[..2], [0xff, 0xfe]);
        let units: Vec<u16> = bytes[2..].chunks(2).map(|two| u16::from_le_bytes([two[0], two[1]])).collect();
        String::from_utf16(&units).unwrap()
    };
    assert_eq!(text(&bytes), text(&original).replace("\"8.0\"", "\"9.5\""));
    let (original, bytes, ..) = filled("stud-ip-older.csv", "Bemerkung", &[("squill", 2.0)]);
    let mut expected = original.clone();
    let place = expected.len() - 2;
    expected.splice(place..place, *b"2");
    assert_eq!(bytes, expected);
}

#[test]
fn nobody_with_a_value_means_no_byte_changes() {
    for name in ["canvas.csv", "sakai.csv", "brightspace.csv", "blackboard-ultra.csv"] {
        let (original, bytes, people, unchanged) =
            filled(name, if name.starts_with("blackboard") { "Exam" } else { "Week 1" }, &[]);
        assert_eq!((bytes == original, people), (true, 0), "{name}");
        assert!(unchanged > 0);
    }
}

#[test]
fn a_column_that_is_missing_or_tells_people_apart_is_refused() {
    let refused = |name: &str, column: &str| fill(&fixture(name), column, |_| Some(1.0)).unwrap_err().problem;
    assert_eq!(refused("canvas.csv", "Week 9"), Problem::NoColumn);
    assert_eq!(refused("canvas.csv", "SIS Login ID"), Problem::NoColumn, "never a column that tells people apart");
    assert_eq!(refused("canvas.csv", ""), Problem::NoColumn);
    assert!(matches!(refused("participants.xlsx", "Points"), Problem::WrongKind(_)));
}
