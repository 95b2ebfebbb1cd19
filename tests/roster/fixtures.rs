//! Each system's export and each trap, as files of our own: the right people, or a sentence with the line and what to do.

use model::ListedPerson;
use roster::{Problem, SkipReason, System};

use super::{class, fixture};

/// `name|email|login|number|system id|section`, what is absent empty.
fn line(person: &ListedPerson) -> String {
    let of = |text: &Option<String>| text.clone().unwrap_or_default();
    [&person.name, &person.email, &person.login, &person.number, &person.system_id, &person.section].map(of).join("|")
}

/// A file, what wrote it, its encoding, how many rows it has, its people, and the lines that are nobody.
type Expected = (&'static str, System, &'static str, usize, &'static [&'static str], &'static [(usize, SkipReason)]);

const FILES: &[Expected] = &[
    (
        "canvas.csv",
        System::Canvas,
        "UTF-8",
        7,
        &[
            "Okonjo-Vale, Mira||mvale7|0012345|40112|Lecture 01",
            "Lindqvist, Tariq||tlind|0012346|40113|Lecture 01, and Lab 02",
            "=Formula, Ann||afor|0012347|40114|Lecture 01",
            "Quill, Sofía||squill@example.edu||40115|Lecture 01",
        ],
        &[(2, SkipReason::Points), (4, SkipReason::Points), (9, SkipReason::TestStudent)],
    ),
    (
        "canvas-split-names.csv",
        System::Canvas,
        "UTF-8",
        4,
        &["Okonjo-Vale, Mira||mvale7||40112|Lecture 01", "Lindqvist, Tariq||tlind||40113|Lecture 02"],
        &[(2, SkipReason::Points), (3, SkipReason::Points)],
    ),
    (
        "moodle-participants.csv",
        System::Moodle,
        "UTF-8",
        3,
        &[
            "Ahlmann, Jörg|jahlmann@example.edu||0098761||Group A",
            "Quill, Sofía|sofia.quill@example.edu||0098762||Group A, Group B",
            "Núñez-Ó Briain, Åsa|asa@private.example||||",
        ],
        &[],
    ),
    (
        "moodle-grades-de.csv",
        System::Moodle,
        "UTF-8",
        2,
        &["Ahlmann, Jörg|jahlmann@example.edu||0098761||", "Quill, =Sofía|sofia.quill@example.edu||0098762||"],
        &[],
    ),
    (
        "blackboard-utf16.xls",
        System::Blackboard,
        "UTF-16",
        3,
        &["Okonjo-Vale, Mira||mvale7|0012345||", "Lindqvist, Tariq||tlind|0012346||"],
        &[(4, SkipReason::Left)],
    ),
    (
        "blackboard-ultra.csv",
        System::Blackboard,
        "UTF-8",
        2,
        &["Okonjo-Vale, Mira||mvale7|0012345||", "Nguyễn, Văn||vnguyen|0012350||"],
        &[],
    ),
    (
        "brightspace.csv",
        System::Brightspace,
        "UTF-8",
        2,
        &["Okonjo-Vale, Mira|mvale7@example.edu|mvale7|0012345||", "Lindqvist||tlind|0012346||"],
        &[],
    ),
    (
        "sakai.csv",
        System::Sakai,
        "UTF-8",
        2,
        &["Okonjo-Vale, Mira||mvale7|0012345||A", "Lindqvist, Tariq||tlind|0012346||A"],
        &[],
    ),
    (
        "open-edx.csv",
        System::OpenEdx,
        "UTF-8",
        3,
        &["|sofia.quill@example.edu|sofiaq||77001|Default Group", "|mvale7@example.edu|mvale||77003|Second"],
        &[(3, SkipReason::Left)],
    ),
    (
        "ilias.csv",
        System::Ilias,
        "UTF-8",
        4,
        &["Ahlmann, Jörg|jahlmann@example.edu|jahlmann|0098761||", "Quill, Sofía||squill|||"],
        &[(4, SkipReason::Teacher), (5, SkipReason::NotAdmitted)],
    ),
    (
        "stud-ip.csv",
        System::StudIp,
        "UTF-8",
        4,
        &["Ahlmann, Jörg|jahlmann@example.edu|jahlmann|0098761||", "Quill, Sofía|squill@example.edu|squill|0098762||"],
        &[(2, SkipReason::Teacher), (3, SkipReason::Teacher)],
    ),
    (
        "stud-ip-older.csv",
        System::StudIp,
        "windows-1252",
        2,
        &["Ahlmann, Jörg|jahlmann@example.edu|jahlmann|0098761||", "Quill, Sofía|squill@example.edu|squill|0098762||"],
        &[],
    ),
    (
        "stud-ip-vips.csv",
        System::StudIp,
        "UTF-8",
        3,
        &["Ahlmann, Jörg||jahlmann|0098761||", "Quill, Sofía||squill|0098762||"],
        &[(2, SkipReason::Points)],
    ),
    (
        "google-classroom.csv",
        System::GoogleClassroom,
        "UTF-8",
        5,
        &["Okonjo-Vale, Mira|mvale7@example.edu||||", "Lindqvist, Tariq|tlind@example.edu||||"],
        &[(2, SkipReason::Points), (3, SkipReason::Points), (4, SkipReason::Points)],
    ),
    (
        "four-columns-windows-1252.csv",
        System::Table,
        "windows-1252",
        2,
        &["Ahlmann, Jörg|jahlmann@example.edu||0098761||", "Größ, Zoë|zoe@example.edu||0098764||"],
        &[],
    ),
    (
        "perm-numbers.csv",
        System::Table,
        "UTF-8",
        2,
        &["OKONJO-VALE, MIRA ANNE|mvale7@example.edu||A0012345||", "LINDQVIST, TARIQ|||A0012346||"],
        &[],
    ),
    (
        "french.csv",
        System::Moodle,
        "UTF-8",
        2,
        &["François, Zoé|zoe.francois@example.fr||0045||", "Lefèvre, Loïc|loic.lefevre@example.fr||0046||"],
        &[],
    ),
    (
        "addresses.txt",
        System::Lines,
        "UTF-8",
        4,
        &[
            "Okonjo-Vale, Mira|mvale7@example.edu||||",
            "Lindqvist, Tariq|tlind@example.edu||||",
            "|asa@private.example||||",
            "|jahlmann@example.edu||||",
        ],
        &[],
    ),
    ("logins.txt", System::Lines, "UTF-8", 3, &["||mvale7|||", "||tlind|||", "||jahlmann|||"], &[]),
    ("numbers.txt", System::Lines, "UTF-8", 3, &["|||0012345||", "|||0012346||", "|||0098761||"], &[]),
    (
        "twice-same.csv",
        System::Table,
        "UTF-8",
        3,
        &[
            "Okonjo-Vale, Mira|mvale7@example.edu|mvale7|||Lecture 01, Lab 02",
            "Lindqvist, Tariq|tlind@example.edu|tlind|||Lecture 01",
        ],
        &[],
    ),
    (
        "formulas.csv",
        System::Table,
        "UTF-8",
        4,
        &[
            "=HYPERLINK(\"http://evil.example\",\"x\")|mvale7@example.edu|mvale7|||",
            "+cmd|' /C calc'!A0|tlind@example.edu|tlind|||",
            "<script>alert(1)</script>|jahlmann@example.edu|jahlmann|||",
            "@SUM(1+1)|squill@example.edu|squill|||",
        ],
        &[],
    ),
    ("equal-names.csv", System::Table, "UTF-8", 2, &["Kim, Min||mkim1|||", "Kim, Min||mkim2|||"], &[]),
    ("names-only.csv", System::Table, "UTF-8", 2, &["Okonjo-Vale, Mira|||||A", "Lindqvist, Tariq|||||B"], &[]),
    ("invisible.csv", System::Table, "UTF-8", 2, &["Mira Vale|mvale7@example.edu||||", "|tlind@example.edu||||"], &[]),
    (
        "trailing.csv",
        System::Table,
        "UTF-8",
        3,
        &["Vale, Mira|mvale7@example.edu||||", "Lindqvist, Tariq|tlind@example.edu||||"],
        &[(4, SkipReason::HeaderAgain)],
    ),
    (
        "html.xls",
        System::Table,
        "UTF-8",
        2,
        &["Ahlmann, Jörg|jahlmann@example.edu||0098761||", "O'Neil, Ann Marie|aoneil@example.edu||0098765||"],
        &[],
    ),
    (
        "participants.xlsx",
        System::Moodle,
        "",
        3,
        &[
            "Ahlmann, Jörg|jahlmann@example.edu||0098761||",
            "Quill, Sofía|sofia.quill@example.edu||0098762||",
            "Núñez, Åsa|asa@private.example||98763||",
        ],
        &[],
    ),
    (
        "participants.ods",
        System::Moodle,
        "",
        2,
        &["Ahlmann, Jörg|jahlmann@example.edu||||", "Quill, Sofía|sofia.quill@example.edu||||"],
        &[],
    ),
    (
        "opal.xls",
        System::Table,
        "",
        2,
        &["Ahlmann, Jörg|jahlmann@example.edu||0098761||", "Quill, Sofía|sofia.quill@example.edu||98762||"],
        &[],
    ),
];

#[test]
fn each_file_gives_its_people_and_tells_the_rest() {
    for (name, system, encoding, rows, people, skipped) in FILES {
        let read = class(name).unwrap_or_else(|refused| panic!("{name}: {refused}"));
        assert_eq!(read.system, *system, "{name}");
        assert_eq!(read.encoding().map_or("", |encoding| encoding.name), *encoding, "{name}");
        assert_eq!(read.people.iter().map(line).collect::<Vec<_>>(), *people, "{name}");
        let told: Vec<(usize, SkipReason)> = read.skipped.iter().map(|row| (row.line, row.reason)).collect();
        assert_eq!(told, *skipped, "{name}");
        assert_eq!(read.rows, *rows, "{name}");
        assert_eq!(read.people.len() + read.skipped.len() + read.repeated.len(), read.rows, "{name}: each row is told");
    }
}

#[test]
fn each_fixture_is_looked_at() {
    let dir = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/fixtures/rosters");
    for entry in std::fs::read_dir(dir).unwrap() {
        let name = entry.unwrap().file_name().into_string().unwrap();
        let is_refused = name.starts_with("refused-");
        let is_known = FILES.iter().any(|(file, ..)| *file == name)
            || ["twice-different.csv", "lost-zeros.xlsx"].contains(&&*name);
        assert!(
            is_refused || is_known || name == "README.md" || name.starts_with("gradebook-"),
            "{name} is in no test"
        );
    }
}

#[test]
fn what_is_no_class_list_is_refused_with_the_line_and_what_to_do() {
    let refused: [(&str, usize, Problem); 14] = [
        ("refused-open-quote.csv", 3, Problem::OpenQuote),
        ("refused-no-header.csv", 1, Problem::NoHeader),
        ("refused-letter.txt", 1, Problem::NoHeader),
        ("refused-empty.csv", 0, Problem::Empty),
        ("refused-header-only.csv", 1, Problem::NoPeople),
        ("refused-binary.csv", 2, Problem::NotText),
        ("refused-cut-utf16.xls", 0, Problem::CutUtf16),
        ("refused-pdf.csv", 0, Problem::WrongKind("a PDF")),
        ("refused-far-cell.xlsx", 1_048_576, Problem::TooMany("columns")),
        ("refused-far-cell.xls", 0, Problem::TooMany("rows or columns")),
        ("refused-repeated.ods", 0, Problem::TooMany("cells")),
        ("refused-bomb.xlsx", 0, Problem::TooLarge),
        ("refused-archive.csv", 0, Problem::WrongKind("an archive")),
        ("refused-header-only.csv", 1, Problem::NoPeople),
    ];
    for (name, line, problem) in refused {
        let refused = class(name).map(|read| read.people).unwrap_err();
        assert_eq!((refused.line, &refused.problem), (line, &problem), "{name}");
        assert!(!refused.to_string().is_empty() && !refused.problem.remedy().is_empty(), "{name}");
    }
}

#[test]
fn a_person_named_twice_is_one_and_a_contradiction_is_marked() {
    let same = class("twice-same.csv").unwrap();
    assert_eq!((same.repeated.as_slice(), same.contradicted()), ([3].as_slice(), 0));
    let different = class("twice-different.csv").unwrap();
    assert_eq!(
        (different.people.len(), different.repeated.as_slice(), different.contradicted()),
        (2, [3].as_slice(), 1)
    );
    assert!(different.people[0].is_contradicted);
}

#[test]
fn numbers_whose_zeros_may_be_lost_are_told() {
    let read = class("lost-zeros.xlsx").unwrap();
    assert!(read.may_have_lost_zeros);
    assert_eq!(read.people[0].number.as_deref(), Some("12345"), "never 12345.0");
    assert!(!class("participants.ods").unwrap().may_have_lost_zeros);
}

#[test]
fn a_guessed_encoding_is_told_and_can_be_chosen_again() {
    let read = class("stud-ip-older.csv").unwrap();
    assert!(read.encoding().is_some_and(|encoding| encoding.is_guessed));
    let chosen = roster::Reading { encoding: Some("macintosh".to_owned()) };
    let again = roster::read(&fixture("stud-ip-older.csv"), &chosen).unwrap();
    assert_ne!(again.people[0].name, read.people[0].name);
    let wrong = roster::Reading { encoding: Some("utf-8".to_owned()) };
    assert!(roster::read(&fixture("stud-ip-older.csv"), &wrong).is_err());
}

#[test]
fn no_sentence_repeats_what_a_cell_holds() {
    for (name, ..) in FILES {
        let read = class(name).unwrap();
        for row in &read.skipped {
            let told = format!("{} {}", row.reason.sentence(), row.reason.remedy());
            assert!(!told.contains("Gone") && !told.contains("Brandt"), "{told}");
        }
    }
}
