//! `roster` and `credit`: the contract of their JSON on the sample, exit codes, and that names stand only where they were wanted.

use serde_json::Value;

use crate::support::{Ran, Sandbox};

/// The sample, and a class list of it: everybody with an address, and three who never watched.
fn sample() -> (Sandbox, Vec<Value>) {
    let sandbox = Sandbox::new();
    sandbox.run_bare(&["demo", "sample", "--timezone", "UTC"]).exits_with(0);
    let people = result(&sandbox, &["people", "GEOG", "--names"])["people"].as_array().unwrap().clone();
    let named: Vec<Value> = people.into_iter().filter(|person| person["address"].is_string()).collect();
    let mut list = "Name,Email Address,Section\n".to_owned();
    for (place, person) in named.iter().enumerate() {
        let name = person["name"].as_str().unwrap_or_default();
        list.push_str(&format!("\"{name}\",{},S{}\n", person["address"].as_str().unwrap(), place % 2 + 1));
    }
    for number in 1..=3 {
        list.push_str(&format!("\"Absent{number}, Zelda\",zelda{number}@example.org,S1\n"));
    }
    list.push_str(",,\n\"Only, Name\",,S2\n");
    std::fs::write(sandbox.path("class.csv"), list).unwrap();
    (sandbox, named)
}

fn run(sandbox: &Sandbox, arguments: &[&str]) -> Ran {
    sandbox.run(&[&["--data", "sample"], arguments].concat())
}

fn result(sandbox: &Sandbox, arguments: &[&str]) -> Value {
    run(sandbox, &[arguments, &["--json"]].concat()).exits_with(0).json()["result"].clone()
}

fn number(value: &Value, name: &str) -> usize {
    value[name].as_u64().unwrap_or_else(|| panic!("{name} in {value}")) as usize
}

fn ids(rows: &Value) -> Vec<String> {
    let rows = rows.as_array().unwrap().iter();
    rows.flat_map(|row| row["userIds"].as_array().unwrap()).map(|id| id.as_str().unwrap().to_owned()).collect()
}

#[test]
fn a_preview_says_what_the_import_then_does_and_every_viewer_is_in_one_place() {
    let (sandbox, named) = sample();
    let preview = result(&sandbox, &["roster", "import", "class.csv", "--course", "GEOG", "--dry-run"]);
    assert_eq!(run(&sandbox, &["roster", "show", "GEOG"]).exits_with(1).stdout, "");
    let mut imported = result(&sandbox, &["roster", "import", "class.csv", "--course", "GEOG"]);
    imported["isPreview"] = true.into();
    assert_eq!(preview, imported);
    assert_eq!((preview["format"].as_str(), preview["encoding"].as_str()), (Some("table"), Some("UTF-8")));
    let people = number(&preview, "people");
    assert_eq!(number(&preview, "rows"), people + preview["skipped"].as_array().unwrap().len());
    let skipped = &preview["skipped"][0];
    assert!(skipped["line"].as_u64().is_some_and(|line| line as usize > named.len()), "{skipped}");
    assert!(["file", "reason", "remedy"].iter().all(|name| skipped[name].is_string()), "{skipped}");
    let states: Vec<usize> =
        ["matched", "suggested", "conflicts", "notFound"].map(|name| number(&preview, name)).into();
    assert_eq!(states.iter().sum::<usize>(), people);
    assert!(states[0] > 100 && number(&preview, "notFound") == 3, "{preview}");

    let shown = result(&sandbox, &["roster", "show", "GEOG"]);
    let rows = shown["rows"].as_array().unwrap();
    assert_eq!(rows.len(), people);
    let count = |state: &str| rows.iter().filter(|row| row["state"] == state).count();
    assert_eq!(["matched", "suggested", "conflict", "not-found"].map(count).to_vec(), states);
    for row in rows {
        assert_eq!(row["userIds"].as_array().unwrap().is_empty(), row["state"] == "not-found", "{row}");
    }
    let mut everybody = ids(&shown["rows"]);
    everybody.extend(ids(&shown["notOnList"]));
    everybody.sort();
    let mut viewers = ids(&result(&sandbox, &["people", "GEOG"])["people"]);
    viewers.sort();
    assert_eq!(everybody, viewers, "each viewer is in one row or on no list");
    assert_eq!(number(&preview, "notOnList"), shown["notOnList"].as_array().unwrap().len());
}

#[test]
fn names_stand_only_where_they_were_wanted() {
    let (sandbox, named) = sample();
    let address = named[5]["address"].as_str().unwrap();
    run(&sandbox, &["roster", "import", "class.csv", "--course", "GEOG"]).exits_with(0);
    for arguments in [&["roster", "show", "GEOG"][..], &["roster", "show", "GEOG", "--json"]] {
        let told = run(&sandbox, arguments).exits_with(0).stdout;
        assert!(!told.contains(address) && !told.contains("Zelda") && !told.contains("example."), "{told}");
    }
    let named = run(&sandbox, &["roster", "show", "GEOG", "--json", "--names"]).exits_with(0).stdout;
    assert!(named.contains(address) && named.contains("Absent1, Zelda"), "{named}");
    run(&sandbox, &["roster", "show", "GEOG", "--present"]).exits_with(2);
}

#[test]
fn who_is_who_can_be_said_and_taken_back_and_the_list_removed() {
    let (sandbox, _) = sample();
    run(&sandbox, &["roster", "import", "class.csv", "--course", "GEOG"]).exits_with(0);
    let shown = result(&sandbox, &["roster", "show", "GEOG"]);
    let free = ids(&shown["notOnList"])[0].clone();
    let state = || {
        let shown = result(&sandbox, &["roster", "show", "GEOG", "--names"]);
        let rows = shown["rows"].as_array().unwrap().clone();
        rows.into_iter().find(|row| row["email"] == "zelda1@example.org").unwrap()["state"].clone()
    };
    assert_eq!(state(), "not-found");
    run(&sandbox, &["roster", "match", "GEOG", "zelda1@example.org", &free]).exits_with(0);
    assert_eq!(state(), "matched");
    run(&sandbox, &["roster", "match", "GEOG", "zelda1@example.org", &free, "--open"]).exits_with(0);
    assert_eq!(state(), "not-found");
    run(&sandbox, &["roster", "match", "GEOG", "nobody@example.org", &free]).exits_with(1);
    run(&sandbox, &["roster", "match", "GEOG", "zelda1@example.org"]).exits_with(2);
    run(&sandbox, &["roster", "match", "GEOG", "--domain", "example.edu"]).exits_with(0);
    let whole = result(&sandbox, &["courses", "list"]);
    let course =
        whole["courses"].as_array().unwrap().iter().find(|course| course["name"].as_str().unwrap().starts_with("GEOG"));
    run(&sandbox, &["roster", "remove", course.unwrap()["id"].as_str().unwrap()]).exits_with(0);
    run(&sandbox, &["roster", "show", "GEOG"]).exits_with(1);
}

#[test]
fn a_file_that_is_no_list_is_refused_with_file_line_and_remedy() {
    let (sandbox, _) = sample();
    std::fs::write(sandbox.path("broken.csv"), "Name,Email\n\"Vale, Mira,m@example.edu\n").unwrap();
    let refused = run(&sandbox, &["roster", "import", "broken.csv", "--course", "GEOG", "--json"]).exits_with(1).json();
    let error = &refused["error"];
    assert_eq!(error["code"], "data-file-invalid");
    let message = error["message"].as_str().unwrap();
    assert!(message.contains("broken.csv") && message.contains("line 2") && !message.contains("Vale"), "{message}");
    assert!(error["hint"].is_string());
    run(&sandbox, &["roster", "import", "missing.csv", "--course", "GEOG"]).exits_with(1);
    run(&sandbox, &["roster", "import", "class.csv", "--course", "GEOG", "--encoding", "klingon"]).exits_with(2);
}

#[test]
fn credit_agrees_with_the_viewers_and_its_files_hold_who_has_a_value() {
    let (sandbox, _) = sample();
    run(&sandbox, &["roster", "import", "class.csv", "--course", "GEOG"]).exits_with(0);
    let videos = result(&sandbox, &["videos", "GEOG"]);
    let video = videos["videos"].as_array().unwrap().iter().find(|video| video["viewers"].as_u64() > Some(50)).unwrap();
    let id = video["id"].as_str().unwrap();
    let by = "2025-12-31";
    let credit = result(&sandbox, &["credit", "GEOG", "--videos", id, "--by", by]);
    let viewers = result(&sandbox, &["viewers", id, "--by", by]);
    let rows = credit["rows"].as_array().unwrap();
    let mut compared = 0;
    for row in rows.iter().filter(|row| row["userIds"].as_array().unwrap().len() == 1 && row["coverage"][0].is_number())
    {
        let of = viewers["people"].as_array().unwrap().iter().find(|entry| entry["userIds"] == row["userIds"]);
        let Some(of) = of else { continue };
        assert_eq!(of["coverage"], row["coverage"][0], "{row}");
        assert_eq!(row["points"] == 10.0, of["state"] == "covered", "{row}");
        compared += 1;
    }
    assert!(compared > 30, "{compared}");
    assert_eq!(number(&credit, "withPoints") + number(&credit, "leftOut") + number(&credit, "decidedZero"), rows.len());
    assert!(rows.iter().all(|row| row.get("name").is_none()), "names only where wanted");

    let out = sandbox.path("credit.csv");
    let made = result(
        &sandbox,
        &[
            "credit",
            "GEOG",
            "--videos",
            id,
            "--by",
            by,
            "--format",
            "moodle",
            "--title",
            "Week 1",
            "--out",
            "credit.csv",
        ],
    );
    let text = std::fs::read_to_string(&out).unwrap();
    assert_eq!(text.lines().next(), Some("Email address,Week 1"));
    assert_eq!(text.lines().count() - 1, number(&credit, "withPoints"));
    let beside = std::fs::read_to_string(sandbox.path("credit.what-was-counted.txt")).unwrap();
    assert!(beside.contains("Deadline: the end of Wed 31 Dec 2025 (UTC)") && !beside.contains('@'), "{beside}");
    assert_eq!(made["file"]["people"].as_u64().unwrap() as usize, text.lines().count() - 1);
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        assert_eq!(std::fs::metadata(&out).unwrap().permissions().mode() & 0o077, 0, "it names people");
    }
    // The gradebook's own export, with a column that is filled.
    let export = text.replacen("Week 1", "Quiz: Week 1 (Real)", 1).replace('\n', "\r\n");
    let emptied: String = export
        .split_inclusive("\r\n")
        .enumerate()
        .map(
            |(place, line)| {
                if place == 0 { line.to_owned() } else { format!("{},-\r\n", line.split(',').next().unwrap()) }
            },
        )
        .collect();
    std::fs::write(sandbox.path("grades.csv"), &emptied).unwrap();
    let fill = ["--fill", "grades.csv", "--column", "Week 1", "--out", "filled.csv"];
    run(&sandbox, &[&["credit", "GEOG", "--videos", id, "--by", by], &fill[..]].concat()).exits_with(0);
    assert_eq!(std::fs::read_to_string(sandbox.path("filled.csv")).unwrap(), export);
    run(&sandbox, &["credit", "GEOG", "--videos", id, "--by", "soon"]).exits_with(2);
    run(&sandbox, &["credit", "GEOG", "--videos", id, "--by", by, "--decide", "x"]).exits_with(2);
    run(&sandbox, &["credit", "GEOG", "--videos", id, "--by", by, "--threshold", "0"]).exits_with(2);
}
