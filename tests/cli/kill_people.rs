//! `kill -9` while what is kept about people changes: names and decisions, class lists, periods, the journal of exports with
//! names, and a person who is forgotten. Each file is the old one or the new one, and no viewing record is touched but those of
//! the person who is forgotten.
//!
//! `SWEEP_KILLS` and `SWEEP_SEED` as in [`crate::kill`].

use std::process::Stdio;
use std::time::{Duration, Instant};

use crate::kill::{Random, kills_and_seed};
use crate::support::{Sandbox, golden};

const COURSE: &str = "6513270e-269e-4d37-b2a7-4de452e6b438";
const FORGOTTEN: &str = "18f135d2-5f55-4203-b018-50c5a38fd547";
const VIDEO: &str = "b2f14c94-2e05-419a-8b5c-74273f98e277";
const CHANGES: [&[&str]; 7] = [
    &["leave-out", COURSE, "viewer 4"],
    &["merge", COURSE, "viewer 5", "viewer 6"],
    &["roster", "import", "longer.csv", "--course", COURSE],
    &["roster", "remove", COURSE],
    &["retention", COURSE, "--keep-for", "36500", "--delete"],
    &["credit", COURSE, "--videos", VIDEO, "--by", "2022-01-01", "--format", "plain", "--out", "credit.csv"],
    &["forget", COURSE, FORGOTTEN, "--delete"],
];

/// A course of the scripts with a class list, somebody left out and a period.
fn prepared() -> Sandbox {
    let sandbox = Sandbox::new();
    golden(&sandbox, "data", false);
    sandbox.write("class.csv", "Name,Email Address\n\"Vale, Mira\",m@example.edu\n\"Dang, Minh\",d@example.edu\n");
    sandbox.write("longer.csv", "Name,Email Address\n\"Vale, Mira\",m@example.edu\n\"Okoro, Ada\",a@example.edu\n");
    sandbox.run(&["roster", "import", "class.csv", "--course", COURSE]).exits_with(0);
    sandbox.run(&["leave-out", COURSE, "viewer 3"]).exits_with(0);
    sandbox.run(&["retention", COURSE, "--keep-for", "30000", "--delete"]).exits_with(0);
    sandbox
}

/// The viewing records of all courses but those of one person, in their order.
fn records_of_others(sandbox: &Sandbox) -> Vec<String> {
    let files = sandbox.files("data").into_iter();
    let records = files.filter(|(name, _)| name.ends_with("/viewing_activity.csv"));
    let lines = records.flat_map(|(_, bytes)| {
        String::from_utf8(bytes).expect("records are text").lines().map(str::to_owned).collect::<Vec<_>>()
    });
    lines.filter(|line| !line.contains(FORGOTTEN)).collect()
}

fn holds_the_forgotten(sandbox: &Sandbox) -> Vec<String> {
    let files = sandbox.files("data").into_iter();
    let holding = files.filter(|(_, bytes)| String::from_utf8_lossy(bytes).contains(FORGOTTEN));
    holding.map(|(name, _)| name).collect()
}

#[test]
fn killed_at_any_instant_what_is_kept_about_people_is_whole() {
    let (kills, seed) = kills_and_seed();
    let mut random = Random(seed);
    let undisturbed = prepared();
    let others = records_of_others(&undisturbed);
    assert!(!holds_the_forgotten(&undisturbed).is_empty(), "the person has records");
    // Every change can be made at all, and takes about so long.
    let spans: Vec<Duration> = CHANGES
        .iter()
        .map(|change| {
            let sandbox = prepared();
            let begun = Instant::now();
            sandbox.run(change).exits_with(0);
            begun.elapsed()
        })
        .collect();

    let mut struck = 0;
    while struck < kills {
        let which = random.below(CHANGES.len() as u64) as usize;
        let (change, span) = (CHANGES[which], spans[which]);
        let sandbox = prepared();
        let instant = Duration::from_micros(random.below(span.as_micros() as u64 * 11 / 10));
        let mut arguments = vec!["--data".to_owned(), sandbox.data().display().to_string()];
        arguments.extend(change.iter().map(|part| (*part).to_owned()));
        let mut child =
            sandbox.command(&arguments).stdout(Stdio::null()).stderr(Stdio::null()).spawn().expect("it starts");
        std::thread::sleep(instant);
        struck += u64::from(child.try_wait().expect("it can be asked").is_none());
        child.kill().expect("it can be killed");
        child.wait().expect("it ends");

        let context = format!("SWEEP_SEED={seed}, {struck} kills: {change:?} after {instant:?}");
        assert_eq!(records_of_others(&sandbox), others, "{context}: the records");
        for look in [&["people", COURSE][..], &["retention", COURSE], &["facts"], &["forget", COURSE, "viewer 1"]] {
            let ran = sandbox.run(look).exits_with(0);
            assert!(!ran.stderr.contains("Line "), "{context}: {}", ran.stderr);
        }
        let listed = sandbox.run(&["roster", "show", COURSE, "--json"]);
        let is_removed = change[..2] == ["roster", "remove"] && listed.code == Some(1);
        assert!(is_removed || listed.code == Some(0), "{context}: {}", listed.stderr);
        // What was cut off is finished by whatever is written next; where it had not begun, it is done by doing it again.
        sandbox.run(&["chunk"]).exits_with(0);
        if change[0] == "forget" && !holds_the_forgotten(&sandbox).is_empty() {
            sandbox.run(change).exits_with(0);
        }
        if change[0] == "forget" {
            assert_eq!(holds_the_forgotten(&sandbox), Vec::<String>::new(), "{context}");
            assert_eq!(records_of_others(&sandbox), others, "{context}: the records of the others");
        }
    }
}
