//! `people`, `viewers`, `matrix`, `person` and what is decided about people: what their JSON promises; and an attacker who
//! sees everything that is printed while presenting.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use sim::World;

use crate::support::{Ran, Sandbox, Server, clamped, password_variables, past};

/// The course of this year: last year's has the same name and a year behind it.
const GEOG: &str = "3f6d2c1a-8b54-4e0f-9c37-b21e00a4d5f1";

fn run(sandbox: &Sandbox, arguments: &[&str]) -> Ran {
    sandbox.run(&[&["--data", "sample"], arguments].concat())
}

fn result(sandbox: &Sandbox, arguments: &[&str]) -> Value {
    run(sandbox, &[arguments, &["--json"]].concat()).exits_with(0).json()["result"].clone()
}

fn list<'v>(value: &'v Value, name: &str) -> &'v Vec<Value> {
    value[name].as_array().unwrap_or_else(|| panic!("{name} in {value}"))
}

fn text<'v>(value: &'v Value, name: &str) -> &'v str {
    value[name].as_str().unwrap_or_else(|| panic!("{name} in {value}"))
}

/// Every name, login and address of the sample.
fn names(sandbox: &Sandbox) -> BTreeSet<String> {
    let people = result(sandbox, &["people", GEOG, "--names"]);
    let mut found = BTreeSet::new();
    for person in list(&people, "people") {
        found.extend(person["name"].as_str().map(str::to_owned));
        found.extend(person["address"].as_str().map(str::to_owned));
        found.extend(list(person, "userNames").iter().filter_map(Value::as_str).map(str::to_owned));
    }
    assert!(found.len() > 100, "{found:?}");
    found
}

#[test]
fn a_video_divides_the_people_of_its_course() {
    let sandbox = Sandbox::with_sample();
    let people = result(&sandbox, &["people", GEOG]);
    let not_anonymous = list(&people, "people").iter().filter(|person| person["isAnonymous"] == false).count();
    let videos = result(&sandbox, &["videos", GEOG]);
    for video in list(&videos, "videos").iter().step_by(7) {
        let of_video = result(&sandbox, &["viewers", text(video, "id")]);
        let entries = list(&of_video, "people");
        assert_eq!(entries.len(), not_anonymous);
        let count = |state: &str| entries.iter().filter(|entry| entry["state"] == state).count();
        assert_eq!(of_video["notOpened"], count("not-opened"));
        assert_eq!(of_video["started"], count("started"));
        assert_eq!(of_video["covered"], count("covered"));
        let opened = count("started") + count("covered") + of_video["anonymousViewers"].as_u64().unwrap() as usize;
        assert_eq!(video["viewers"], opened, "{video}");
        for entry in entries {
            let coverage = entry["coverage"].as_f64().expect("a percentage");
            let panopto = entry["panoptoPercent"].as_f64().expect("a percentage");
            assert!((0.0..=100.0).contains(&coverage) && (0.0..=100.0).contains(&panopto), "{entry}");
            assert_eq!(entry["state"] == "covered", coverage >= 75.0, "{entry}");
            assert_eq!(entry["lastDay"].is_null(), entry["state"] == "not-opened");
            assert!(!list(entry, "userIds").is_empty() && entry.get("name").is_none(), "{entry}");
            assert!(text(entry, "label").starts_with("Viewer "));
        }
    }
}

#[test]
fn by_an_instant_fewer_have_watched_and_a_date_of_the_course_is_one() {
    let sandbox = Sandbox::with_sample();
    let videos = result(&sandbox, &["videos", GEOG]);
    let video = list(&videos, "videos").iter().find(|video| video["viewers"].as_u64() > Some(50)).unwrap();
    let id = text(video, "id");
    let all = result(&sandbox, &["viewers", id]);
    let first = list(&all, "people").iter().filter_map(|person| person["firstDay"].as_str()).min().unwrap();
    let by = |instant: &str| result(&sandbox, &["viewers", id, "--by", instant]);
    let opened = |told: &Value| told["started"].as_u64().unwrap() + told["covered"].as_u64().unwrap();
    let on_first = by(first);
    assert!(opened(&on_first) > 0 && opened(&on_first) < opened(&all), "{on_first}");
    assert_eq!(opened(&by(&format!("{first} 00:00"))), 0);
    let noon = by(&format!("{first} 23:59"));
    assert!(opened(&noon) <= opened(&on_first));
    run(&sandbox, &["dates", GEOG, "add", "deadline", "Quiz 2", first]).exits_with(0);
    let named = by("quiz 2");
    assert_eq!((opened(&named), &named["notOpened"]), (opened(&on_first), &on_first["notOpened"]));
    assert!(text(&named, "by").starts_with("Quiz 2, "));
    let error = run(&sandbox, &["viewers", id, "--by", "Quiz 9", "--json"]).exits_with(2).json();
    assert_eq!(error["error"]["code"], "invalid-input");
}

#[test]
fn matrix_person_and_viewers_say_the_same() {
    let sandbox = Sandbox::with_sample();
    let matrix = result(&sandbox, &["matrix", GEOG]);
    let (videos, people) = (list(&matrix, "videos"), list(&matrix, "people"));
    for (place, video) in videos.iter().enumerate().step_by(11) {
        let of_video = result(&sandbox, &["viewers", text(video, "id")]);
        let states: BTreeMap<&str, &Value> =
            list(&of_video, "people").iter().map(|entry| (text(entry, "person"), entry)).collect();
        for person in people.iter().filter(|person| person["isAnonymous"] == false) {
            let entry = states[text(person, "person")];
            assert_eq!(person["states"][place], entry["state"]);
            let (cell, coverage) = (person["coverage"][place].as_f64().unwrap(), entry["coverage"].as_f64().unwrap());
            assert!((cell - coverage).abs() < 1e-3, "{cell} and {coverage}");
        }
    }
    let someone = &people[3];
    let alone = result(&sandbox, &["person", GEOG, text(someone, "person")]);
    assert_eq!(list(&alone, "videos").len(), videos.len());
    for (place, video) in list(&alone, "videos").iter().enumerate() {
        assert_eq!(video["state"], someone["states"][place]);
        assert_eq!(list(video, "plays").len(), if video["state"] == "not-opened" { 0 } else { 40 });
    }
    assert_eq!(result(&sandbox, &["person", GEOG, text(someone, "label")])["person"], someone["person"]);
    let csv = run(&sandbox, &["matrix", GEOG, "--csv"]).exits_with(0).stdout;
    let mut reader = csv::Reader::from_reader(csv.as_bytes());
    assert_eq!(reader.headers().unwrap().len(), videos.len() + 2);
    assert_eq!(reader.records().map(Result::unwrap).count(), people.len());
}

/// How often a text holds one of these names. Looks a text of megabytes through once, not once for each name.
fn held_by(text: &str, names: &BTreeSet<String>) -> usize {
    let word_starts = |text: &str| -> Vec<usize> {
        let starts = text.match_indices(|letter: char| !letter.is_alphanumeric());
        std::iter::once(0).chain(starts.map(|(place, letter)| place + letter.len())).collect()
    };
    let first_word =
        |text: &str| text.split(|letter: char| !letter.is_alphanumeric()).next().unwrap_or_default().to_owned();
    let mut by_first_word: BTreeMap<String, Vec<&str>> = BTreeMap::new();
    for name in names.iter().filter(|name| name.len() > 4) {
        by_first_word.entry(first_word(name)).or_default().push(name);
    }
    let fitting = |place: usize| by_first_word.get(&first_word(&text[place..]));
    let found = word_starts(text)
        .into_iter()
        .filter(|place| fitting(*place).is_some_and(|names| names.iter().any(|name| text[*place..].starts_with(name))));
    found.count()
}

#[test]
fn names_are_shown_only_where_they_are_asked_for_and_stand_in_one_file() {
    let sandbox = Sandbox::with_sample();
    let names = names(&sandbox);
    for arguments in [vec!["people", GEOG], vec!["matrix", GEOG, "--csv"], vec!["person", GEOG, "viewer 2"]] {
        for json in [&["--json"][..], &[]] {
            let told = run(&sandbox, &[&arguments[..], json].concat()).exits_with(0);
            let printed = told.stdout + &told.stderr;
            assert_eq!(held_by(&printed, &names), 0, "{arguments:?}");
        }
    }
    for (path, bytes) in sandbox.files("sample") {
        let held = held_by(&String::from_utf8_lossy(&bytes), &names);
        // The list that comes with the sample is the teacher's own file.
        assert_eq!(held > 0, path == "people.csv" || path == "class-list.csv", "{path} holds {held} names");
    }
}

#[test]
fn decisions_change_what_is_counted_and_are_taken_back() {
    let sandbox = Sandbox::with_sample();
    let before = result(&sandbox, &["people", GEOG]);
    let people = list(&before, "people");
    let ids: Vec<&str> = people.iter().take(3).map(|person| text(person, "person")).collect();
    let staff = run(&sandbox, &["leave-out", GEOG, "viewer 1", "--as", "staff", "--json"]).exits_with(0).json();
    assert_eq!(staff["result"]["userIds"], serde_json::json!([ids[0]]));
    run(&sandbox, &["merge", GEOG, ids[1], ids[2]]).exits_with(0);
    let after = result(&sandbox, &["people", GEOG]);
    assert_eq!(list(&after, "people").len(), people.len() - 2);
    assert_eq!(after["leftOut"][0]["role"], "staff");
    assert_eq!(list(&after["people"][0], "userIds").len(), 2);
    let told = run(&sandbox, &["people", GEOG]).exits_with(0).stdout;
    assert!(told.contains("without 1 person you left out"), "{told}");
    run(&sandbox, &["leave-out", GEOG, ids[0], "--undo"]).exits_with(0);
    run(&sandbox, &["merge", GEOG, ids[2], "--undo"]).exits_with(0);
    assert_eq!(result(&sandbox, &["people", GEOG]), before);
    run(&sandbox, &["merge", GEOG, ids[0]]).exits_with(2);
    run(&sandbox, &["leave-out", GEOG, "no such person"]).exits_with(1);
}

/// A number is what people type. If a decision gave it to somebody else, the next command would be about the wrong person.
#[test]
fn a_number_means_the_same_person_whatever_is_decided() {
    let sandbox = Sandbox::with_sample();
    let told = || -> BTreeMap<String, String> {
        let people = result(&sandbox, &["people", GEOG]);
        let one = |person: &Value| (text(person, "label").to_owned(), person["userIds"].to_string());
        list(&people, "people").iter().map(one).collect()
    };
    let before = told();
    run(&sandbox, &["leave-out", GEOG, "viewer 3", "--as", "staff"]).exits_with(0);
    let mut without = before.clone();
    without.remove("Viewer 3").expect("there is a third viewer");
    assert_eq!(told(), without, "nobody else is Viewer 3 now");
    let refused = run(&sandbox, &["person", GEOG, "viewer 3"]).exits_with(1);
    assert!(refused.stderr.contains("Viewer 3 is left out"), "{}", refused.stderr);
    let people = run(&sandbox, &["people", GEOG]).exits_with(0);
    assert!(people.stdout.contains("without 1 person you left out (Viewer 3)"), "{}", people.stdout);
    assert_eq!(result(&sandbox, &["leave-out", GEOG, "viewer 3", "--undo"])["people"], 1);
    assert_eq!(told(), before);
    for _ in 0..2 {
        let merged = result(&sandbox, &["merge", GEOG, "viewer 5", "viewer 2"]);
        assert_eq!(list(&merged, "userIds").len(), 2, "merging twice takes nobody else: {merged}");
    }
    let mut joined = before.clone();
    let second = joined.remove("Viewer 2").expect("there is a second viewer");
    let fifth = joined.remove("Viewer 5").expect("there is a fifth viewer");
    let mut now = told();
    let both = now.remove("Viewer 5").expect("the first one stands for both");
    assert!([second, fifth].iter().all(|ids| both.contains(ids.trim_matches(['[', ']']))), "{both}");
    assert_eq!(now, joined);
    assert_eq!(result(&sandbox, &["person", GEOG, "viewer 2"])["label"], "Viewer 5");
    run(&sandbox, &["merge", GEOG, "viewer 2", "--undo"]).exits_with(0);
    assert_eq!(told(), before);
}

/// As the user guide has it: a part of the name is enough to see what would go.
#[test]
fn a_preview_needs_a_part_of_the_name_and_deleting_all_of_it() {
    let sandbox = Sandbox::with_sample();
    let before = run(&sandbox, &["people", "PSYC"]).exits_with(0).stdout;
    for command in [&["retention", "PSYC", "--keep-for", "730"][..], &["forget", "PSYC", "viewer 1"]] {
        run(&sandbox, command).exits_with(0);
        let refused = run(&sandbox, &[command, &["--delete"]].concat()).exits_with(2);
        assert!(refused.stderr.contains("The course is called `PSYC 118"), "{}", refused.stderr);
    }
    assert_eq!(run(&sandbox, &["people", "PSYC"]).exits_with(0).stdout, before);
}

#[test]
fn forgetting_has_a_preview_and_leaves_nothing() {
    let sandbox = Sandbox::with_sample();
    let people = result(&sandbox, &["people", GEOG, "--names"]);
    let person = list(&people, "people").iter().find(|person| person["name"].is_string()).unwrap();
    let id = text(person, "person");
    let preview = result(&sandbox, &["forget", GEOG, id]);
    assert_eq!(preview["isPreview"], true);
    let in_files = || {
        let files = sandbox.files("sample");
        let kept = files.iter().filter(|(path, _)| !path.starts_with("tableau-export/"));
        kept.filter(|(_, bytes)| String::from_utf8_lossy(bytes).contains(id)).count()
    };
    assert!(in_files() >= 2);
    let done = result(&sandbox, &["forget", GEOG, id, "--delete"]);
    assert!(done["records"].as_u64() > Some(0), "{done}");
    assert_eq!(in_files(), 0);
    run(&sandbox, &["person", GEOG, id]).exits_with(1);
    // As if it had been cut off before its last step: no record tells of this person any more.
    sandbox.write("sample/.panopto-analytics/being-forgotten.csv", format!("UserId\n{id}\n"));
    run(&sandbox, &["chunk"]).exits_with(0);
    assert_eq!(in_files(), 0);
}

#[test]
fn a_period_is_said_and_previewed() {
    let sandbox = Sandbox::with_sample();
    let always = result(&sandbox, &["retention", GEOG]);
    assert_eq!((&always["keepDays"], &always["records"]), (&Value::Null, &0.into()));
    let preview = result(&sandbox, &["retention", GEOG, "--keep-for", "30"]);
    assert_eq!((&preview["isPreview"], &preview["keepDays"]), (&true.into(), &Value::Null), "nothing is kept yet");
    let old = preview["records"].as_u64().expect("a number");
    assert!(old > 0, "{preview}");
    assert_eq!(result(&sandbox, &["retention", GEOG]), always);
    let set = result(&sandbox, &["retention", GEOG, "--keep-for", "30", "--delete"]);
    assert_eq!((&set["keepDays"], &set["records"]), (&30.into(), &old.into()), "the next sync deletes them");
    let twice = result(&sandbox, &["retention", GEOG]);
    assert_eq!(twice["keepDays"], 30);
    assert_eq!(result(&sandbox, &["retention", GEOG, "--keep-for", "always"])["keepDays"], Value::Null);
    run(&sandbox, &["retention", GEOG, "--keep-for", "0"]).exits_with(2);
    run(&sandbox, &["retention", GEOG, "--delete"]).exits_with(2);
    run(&sandbox, &["retention", GEOG, "--keep-for", "30", "--days", "3"]).exits_with(2);
}

#[test]
fn a_sync_removes_what_is_older_than_it_is_kept() {
    let server = Server::start(World::tiny(past()), clamped(20));
    let mut sandbox = Sandbox::new();
    password_variables(&mut sandbox, &server);
    let course = server.course();
    sandbox.run(&["--no-keychain", "courses", "add", &course]).exits_with(0);
    sandbox.run(&["--no-keychain", "sync"]).exits_with(0);
    let records = |sandbox: &Sandbox| {
        let files = sandbox.files("data").into_iter();
        let activity = files.filter(|(name, _)| name.ends_with("/viewing_activity.csv"));
        activity.map(|(_, bytes)| String::from_utf8_lossy(&bytes).lines().count() - 1).sum::<usize>()
    };
    assert!(records(&sandbox) > 0);
    // The tiny world was watched long ago.
    sandbox.run(&["retention", &course, "--keep-for", "1", "--delete"]).exits_with(0);
    assert!(records(&sandbox) > 0, "the next sync does it");
    let synced = sandbox.run(&["--no-keychain", "sync"]).exits_with(0);
    assert!(synced.stderr.contains("that were older than they are to be kept"), "{}", synced.stderr);
    assert_eq!(records(&sandbox), 0);
    let again = sandbox.run(&["--no-keychain", "sync"]).exits_with(0);
    assert!(!again.stderr.contains("older than they are to be kept"), "{}", again.stderr);
}

#[test]
fn the_facts_name_every_file_of_the_sample() {
    let sandbox = Sandbox::with_sample();
    let facts = result(&sandbox, &["facts"]);
    let paths: Vec<&str> = list(&facts, "files").iter().map(|file| text(file, "path")).collect();
    for path in ["people.csv", "database/*/viewing_activity.csv"] {
        assert!(paths.contains(&path), "{paths:?}");
    }
    assert_eq!(facts["hosts"], serde_json::json!([]), "no server is set");
}

/// All numbers in what was printed, but for those in names of videos and in dates.
fn numbers(printed: &str) -> Vec<u32> {
    printed
        .split(|letter: char| !letter.is_ascii_digit())
        .filter(|digits| !digits.is_empty() && digits.len() < 6)
        .filter_map(|digits| digits.parse().ok())
        .collect()
}

#[test]
fn while_presenting_nobody_is_named_and_no_small_group_is_told() {
    let sandbox = Sandbox::with_sample();
    let names = names(&sandbox);
    let ids: BTreeSet<String> = list(&result(&sandbox, &["people", GEOG]), "people")
        .iter()
        .flat_map(|person| list(person, "userIds"))
        .filter_map(Value::as_str)
        .map(str::to_owned)
        .collect();
    let videos = result(&sandbox, &["videos", GEOG]);
    // Ranges that differ by a week, at both ends.
    let mondays = ["2025-09-15", "2025-09-22", "2025-12-01"];
    let sundays = ["2025-09-28", "2025-10-12", "2025-12-14"];
    let mut ranges: Vec<Vec<&str>> = vec![vec![]];
    ranges.extend(
        mondays.iter().flat_map(|from| {
            sundays.iter().filter(move |to| *to > from).map(move |to| vec!["--from", from, "--to", to])
        }),
    );
    let mut shown: Vec<(String, u32)> = Vec::new();
    for range in &ranges {
        let video_ids = list(&videos, "videos").iter().step_by(20).map(|video| vec!["viewers", text(video, "id")]);
        for command in video_ids.chain([vec!["people", GEOG], vec!["videos", GEOG]]) {
            let arguments = [&command[..], range, &["--present", "--json"]].concat();
            let told = run(&sandbox, &arguments).exits_with(0);
            let printed = told.stdout.clone() + &told.stderr;
            assert!(!names.iter().any(|name| name.len() > 3 && printed.contains(name.as_str())), "{printed}");
            assert!(!ids.iter().any(|id| printed.contains(id.as_str())), "{printed}");
            assert!(!printed.contains("Viewer "), "no label that stays the same: {printed}");
            let result = &told.json()["result"];
            let mut groups = vec![&result["people"], &result["notOpened"], &result["started"], &result["covered"]];
            groups
                .extend(result["videos"].as_array().into_iter().flatten().flat_map(|v| [&v["viewers"], &v["covered"]]));
            groups.push(&result["viewers"]);
            groups.extend(result["coveredOnAverage"].as_array().into_iter().flatten().map(|group| &group["people"]));
            for group in groups.into_iter().filter_map(Value::as_str) {
                match numbers(group).as_slice() {
                    [5] if group == "fewer than 5" => {}
                    [number] => shown.push((format!("{arguments:?}"), *number)),
                    other => panic!("{group}: {other:?}"),
                }
            }
        }
    }
    assert!(shown.len() > 40, "{}", shown.len());
    // Subtracts everything from everything.
    for (place, (what, one)) in shown.iter().enumerate() {
        assert!(!(1..5).contains(one), "{what}: {one}");
        for (other_what, other) in &shown[..place] {
            assert!(!(1..5).contains(&one.abs_diff(*other)), "{what}: {one}, {other_what}: {other}");
        }
    }
}

#[test]
fn what_could_betray_somebody_is_refused_while_presenting() {
    let sandbox = Sandbox::with_sample();
    let videos = result(&sandbox, &["videos", GEOG]);
    let video = text(&list(&videos, "videos")[0], "id").to_owned();
    for arguments in [
        // A range of three days; one that is no whole week; an instant.
        vec!["people", GEOG, "--from", "2025-10-06", "--to", "2025-10-08"],
        vec!["people", GEOG, "--from", "2025-10-07", "--to", "2025-10-19"],
        vec!["viewers", &video, "--by", "2025-10-06 09:00"],
        // One person, or rows that anybody can count.
        vec!["person", GEOG, "viewer 1"],
        vec!["matrix", GEOG, "--csv"],
        vec!["export", "out"],
        vec!["timeline", &video],
        vec!["status"],
        vec!["digest"],
        vec!["chart", &video, "--out", "x.svg"],
        vec!["names", "fetch"],
        // Both at once.
        vec!["people", GEOG, "--names"],
    ] {
        let told = run(&sandbox, &[&arguments[..], &["--present"]].concat()).exits_with(2);
        assert!(told.stdout.is_empty(), "{arguments:?}: {}", told.stdout);
    }
    assert!(!sandbox.path("out").exists() && !sandbox.path("x.svg").exists());
}
