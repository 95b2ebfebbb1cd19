//! `roster` and `credit`: the contract of their JSON on the sample, exit codes, and that names stand only where they were wanted.

use std::fmt::Write as _;

use serde_json::Value;

use crate::support::{Ran, Sandbox};

/// The first course of the sample; its name is also that of last year's.
const COURSE: &str = sim::DEMO_COURSES[0].folder_id;

/// The sample, and a class list of it: everybody with an address, and three who never watched.
fn sample() -> (Sandbox, Vec<Value>) {
    let sandbox = Sandbox::with_sample();
    let people =
        result(&sandbox, &["people", COURSE, "--names"])["people"].as_array().expect("as the contract says").clone();
    let named: Vec<Value> = people.into_iter().filter(|person| person["address"].is_string()).collect();
    let mut list = "Name,Email Address,Section\n".to_owned();
    for (place, person) in named.iter().enumerate() {
        let name = person["name"].as_str().unwrap_or_default();
        let address = person["address"].as_str().expect("as the contract says");
        let _ = writeln!(list, "\"{name}\",{address},S{}", place % 2 + 1);
    }
    for number in 1..=3 {
        let _ = writeln!(list, "\"Absent{number}, Zelda\",zelda{number}@example.org,S1");
    }
    list.push_str(",,\n\"Only, Name\",,S2\n");
    std::fs::write(sandbox.path("class.csv"), list).expect("as the contract says");
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
    let rows = rows.as_array().expect("as the contract says").iter();
    rows.flat_map(|row| row["userIds"].as_array().expect("as the contract says"))
        .map(|id| id.as_str().expect("as the contract says").to_owned())
        .collect()
}

#[test]
fn a_preview_says_what_the_import_then_does_and_every_viewer_is_in_one_place() {
    let (sandbox, named) = sample();
    let preview = result(&sandbox, &["roster", "import", "class.csv", "--course", COURSE, "--dry-run"]);
    assert_eq!(run(&sandbox, &["roster", "show", COURSE]).exits_with(1).stdout, "");
    let mut imported = result(&sandbox, &["roster", "import", "class.csv", "--course", COURSE]);
    imported["isPreview"] = true.into();
    assert_eq!(preview, imported);
    assert_eq!((preview["format"].as_str(), preview["encoding"].as_str()), (Some("table"), Some("UTF-8")));
    let people = number(&preview, "people");
    let lines = |name: &str| preview[name].as_array().expect("as the contract says").len();
    assert_eq!(number(&preview, "rows"), people + lines("skipped") + lines("repeatedLines"));
    let skipped = &preview["skipped"][0];
    assert!(skipped["line"].as_u64().is_some_and(|line| line as usize > named.len()), "{skipped}");
    assert!(["file", "reason", "remedy"].iter().all(|name| skipped[name].is_string()), "{skipped}");
    let states: Vec<usize> =
        ["matched", "suggested", "conflicts", "notFound"].map(|name| number(&preview, name)).into();
    assert_eq!(states.iter().sum::<usize>(), people);
    assert!(states[0] > 100 && number(&preview, "notFound") == 3, "{preview}");

    let shown = result(&sandbox, &["roster", "show", COURSE]);
    let rows = shown["rows"].as_array().expect("as the contract says");
    assert_eq!(rows.len(), people);
    let count = |state: &str| rows.iter().filter(|row| row["state"] == state).count();
    assert_eq!(["matched", "suggested", "conflict", "not-found"].map(count).to_vec(), states);
    for row in rows {
        assert_eq!(
            row["userIds"].as_array().expect("as the contract says").is_empty(),
            row["state"] == "not-found",
            "{row}"
        );
    }
    let mut everybody = ids(&shown["rows"]);
    everybody.extend(ids(&shown["notOnList"]));
    everybody.sort();
    let mut viewers = ids(&result(&sandbox, &["people", COURSE])["people"]);
    viewers.sort();
    assert_eq!(everybody, viewers, "each viewer is in one row or on no list");
    assert_eq!(number(&preview, "notOnList"), shown["notOnList"].as_array().expect("as the contract says").len());
}

#[test]
fn names_stand_only_where_they_were_wanted() {
    let (sandbox, named) = sample();
    let address = named[5]["address"].as_str().expect("as the contract says");
    run(&sandbox, &["roster", "import", "class.csv", "--course", COURSE]).exits_with(0);
    for arguments in [&["roster", "show", COURSE][..], &["roster", "show", COURSE, "--json"]] {
        let told = run(&sandbox, arguments).exits_with(0).stdout;
        assert!(!told.contains(address) && !told.contains("Zelda") && !told.contains("example."), "{told}");
    }
    let named = run(&sandbox, &["roster", "show", COURSE, "--json", "--names"]).exits_with(0).stdout;
    assert!(named.contains(address) && named.contains("Absent1, Zelda"), "{named}");
    run(&sandbox, &["roster", "show", COURSE, "--present"]).exits_with(2);
}

#[test]
fn who_is_who_can_be_said_and_taken_back_and_the_list_removed() {
    let (sandbox, _) = sample();
    run(&sandbox, &["roster", "import", "class.csv", "--course", COURSE]).exits_with(0);
    let shown = result(&sandbox, &["roster", "show", COURSE]);
    let free = ids(&shown["notOnList"])[0].clone();
    let state = || {
        let shown = result(&sandbox, &["roster", "show", COURSE, "--names"]);
        let rows = shown["rows"].as_array().expect("as the contract says").clone();
        rows.into_iter().find(|row| row["email"] == "zelda1@example.org").expect("as the contract says")["state"]
            .clone()
    };
    assert_eq!(state(), "not-found");
    run(&sandbox, &["roster", "match", COURSE, "zelda1@example.org", &free]).exits_with(0);
    assert_eq!(state(), "matched");
    run(&sandbox, &["roster", "match", COURSE, "zelda1@example.org", &free, "--open"]).exits_with(0);
    assert_eq!(state(), "not-found");
    run(&sandbox, &["roster", "match", COURSE, "nobody@example.org", &free]).exits_with(1);
    run(&sandbox, &["roster", "match", COURSE, "zelda1@example.org"]).exits_with(2);
    run(&sandbox, &["roster", "match", COURSE, "--domain", "example.edu"]).exits_with(0);
    run(&sandbox, &["roster", "remove", COURSE]).exits_with(0);
    run(&sandbox, &["roster", "show", COURSE]).exits_with(1);
}

#[test]
fn a_file_that_is_no_list_is_refused_with_file_line_and_remedy() {
    let (sandbox, _) = sample();
    std::fs::write(sandbox.path("broken.csv"), "Name,Email\n\"Vale, Mira,m@example.edu\n")
        .expect("as the contract says");
    let refused = run(&sandbox, &["roster", "import", "broken.csv", "--course", COURSE, "--json"]).exits_with(1).json();
    let error = &refused["error"];
    assert_eq!(error["code"], "data-file-invalid");
    let message = error["message"].as_str().expect("as the contract says");
    assert!(message.contains("broken.csv") && message.contains("line 2") && !message.contains("Vale"), "{message}");
    assert!(error["hint"].is_string());
    run(&sandbox, &["roster", "import", "missing.csv", "--course", COURSE]).exits_with(1);
    run(&sandbox, &["roster", "import", "class.csv", "--course", COURSE, "--encoding", "klingon"]).exits_with(2);
}

#[test]
fn credit_agrees_with_the_viewers_and_its_files_hold_who_has_a_value() {
    let (sandbox, _) = sample();
    run(&sandbox, &["roster", "import", "class.csv", "--course", COURSE]).exits_with(0);
    let videos = result(&sandbox, &["videos", COURSE]);
    let video = videos["videos"]
        .as_array()
        .expect("as the contract says")
        .iter()
        .find(|video| video["viewers"].as_u64() > Some(50))
        .expect("as the contract says");
    let id = video["id"].as_str().expect("as the contract says");
    let by = "2025-12-31";
    let credit = result(&sandbox, &["credit", COURSE, "--videos", id, "--by", by]);
    let viewers = result(&sandbox, &["viewers", id, "--by", by]);
    let rows = credit["rows"].as_array().expect("as the contract says");
    let mut compared = 0;
    for row in rows.iter().filter(|row| {
        row["userIds"].as_array().expect("as the contract says").len() == 1 && row["coverage"][0].is_number()
    }) {
        let of = viewers["people"]
            .as_array()
            .expect("as the contract says")
            .iter()
            .find(|entry| entry["userIds"] == row["userIds"]);
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
            COURSE,
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
    let text = std::fs::read_to_string(&out).expect("as the contract says");
    assert_eq!(text.lines().next(), Some("Email address,Week 1"));
    assert_eq!(text.lines().count() - 1, number(&credit, "withPoints"));
    let exports = result(&sandbox, &["facts"])["exportsWithNames"].clone();
    assert_eq!(exports[0]["what"], "credit", "it is written down that names went out");
    assert!(exports[0]["where"].as_str().is_some_and(|place| place.ends_with("credit.csv")), "{exports}");
    let beside = std::fs::read_to_string(sandbox.path("credit.what-was-counted.txt")).expect("as the contract says");
    assert!(beside.contains("Deadline: the end of Wed 31 Dec 2025 (UTC)") && !beside.contains('@'), "{beside}");
    assert_eq!(made["file"]["people"].as_u64().expect("as the contract says") as usize, text.lines().count() - 1);
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        assert_eq!(
            std::fs::metadata(&out).expect("as the contract says").permissions().mode() & 0o077,
            0,
            "it names people"
        );
    }
    // The gradebook's own export, with a column that is filled.
    let export = text.replacen("Week 1", "Quiz: Week 1 (Real)", 1).replace('\n', "\r\n");
    let emptied: String = export
        .split_inclusive("\r\n")
        .enumerate()
        .map(|(place, line)| {
            if place == 0 {
                line.to_owned()
            } else {
                format!("{},-\r\n", line.split(',').next().expect("as the contract says"))
            }
        })
        .collect();
    std::fs::write(sandbox.path("grades.csv"), &emptied).expect("as the contract says");
    let fill = ["--fill", "grades.csv", "--column", "Week 1", "--out", "filled.csv"];
    run(&sandbox, &[&["credit", COURSE, "--videos", id, "--by", by], &fill[..]].concat()).exits_with(0);
    assert_eq!(std::fs::read_to_string(sandbox.path("filled.csv")).expect("as the contract says"), export);
    run(&sandbox, &["credit", COURSE, "--videos", id, "--by", "soon"]).exits_with(2);
    run(&sandbox, &["credit", COURSE, "--videos", id, "--by", by, "--decide", "x"]).exits_with(2);
    run(&sandbox, &["credit", COURSE, "--videos", id, "--by", by, "--threshold", "0"]).exits_with(2);
}

#[test]
fn those_of_the_list_whom_panopto_has_never_seen_have_opened_nothing() {
    let (sandbox, named) = sample();
    let people = || result(&sandbox, &["people", COURSE])["people"].as_array().expect("as the contract says").clone();
    let before = people();
    let video = result(&sandbox, &["videos", COURSE])["videos"][4]["id"].as_str().expect("an ID").to_owned();
    let viewers = || result(&sandbox, &["viewers", &video]);
    let without = viewers();
    run(&sandbox, &["roster", "import", "class.csv", "--course", COURSE]).exits_with(0);
    let never: Vec<Value> = people().into_iter().filter(|person| person["userIds"] == serde_json::json!([])).collect();
    // Three who never watched; of the one who has only a name, nothing agrees either.
    let expected = ids_not_found(&sandbox);
    assert!(expected >= 3, "{expected}");
    assert_eq!(never.len(), expected, "{never:?}");
    // A second account of somebody on the list is no second person.
    let ids =
        |people: &[Value]| people.iter().filter_map(|person| person["userIds"].as_array().cloned()).flatten().count();
    assert_eq!(ids(&people()), ids(&before), "every account is somebody's");
    assert!(
        never.iter().all(|person| person["opened"] == 0 && person["person"].is_null() && person.get("name").is_none())
    );
    let with = viewers();
    let entries = with["people"].as_array().expect("as the contract says");
    let in_state = |state: &str, is_listed: bool| {
        entries.iter().filter(|entry| entry["state"] == state && entry["isListed"] == is_listed).count()
    };
    for (name, state) in [("notOpened", "not-opened"), ("started", "started"), ("covered", "covered")] {
        assert_eq!(number(&with, name), in_state(state, true), "{name}");
    }
    assert_eq!(number(&with, "notOnList"), in_state("started", false) + in_state("covered", false));
    assert!(number(&with, "notOpened") >= expected && number(&without, "notOnList") == 0);
    let absent = |entry: &&Value| entry["person"].is_null();
    assert!(entries.iter().filter(absent).all(|entry| entry["state"] == "not-opened" && entry["coverage"] == 0.0));
    assert_eq!(entries.iter().filter(absent).count(), expected);
    let printed = run(&sandbox, &["viewers", &video, "--names"]).exits_with(0).stdout;
    assert!(printed.contains("Absent1, Zelda"), "{printed}");
    let hidden = run(&sandbox, &["viewers", &video]).exits_with(0).stdout;
    assert!(!hidden.contains("Zelda") && hidden.contains("on the list"), "{hidden}");
    assert!(named.len() > 100);
    // Somebody who is left out was seen.
    let matched = result(&sandbox, &["roster", "show", COURSE])["rows"].clone();
    let one = matched
        .as_array()
        .expect("rows")
        .iter()
        .find(|row| row["state"] == "matched" && row["userIds"].as_array().is_some_and(|ids| ids.len() == 1));
    let viewer = one.expect("somebody with one account")["userIds"][0].as_str().expect("an ID").to_owned();
    run(&sandbox, &["leave-out", COURSE, &viewer]).exits_with(0);
    let absent = people().iter().filter(|person| person["userIds"] == serde_json::json!([])).count();
    assert_eq!(absent, expected, "nobody becomes unseen by being left out");
}

/// How many of the list no viewer can be.
fn ids_not_found(sandbox: &Sandbox) -> usize {
    let shown = result(sandbox, &["roster", "show", COURSE]);
    let rows = shown["rows"].as_array().expect("as the contract says");
    rows.iter().filter(|row| row["state"] == "not-found").count()
}
