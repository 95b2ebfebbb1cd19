//! `kill -9` while the course list, the place of the data folder or the settings change: no record is lost, the settings
//! lead to all of them, and every command works afterwards.
//!
//! `SWEEP_KILLS` and `SWEEP_SEED` as in [`crate::kill`].

use std::process::Stdio;
use std::time::{Duration, Instant};

use crate::kill::{Random, kills_and_seed};
use crate::support::{Sandbox, golden};

/// The course that is removed, and the one that never is.
const REMOVED: &str = "720ecd90-37f0-433d-a28f-01b129741837";
const KEPT: &str = "6513270e-269e-4d37-b2a7-4de452e6b438";
const NEW: &str = "11111111-2222-4333-8444-555555555555";
const CHANGES: [&[&str]; 6] = [
    &["courses", "add", NEW],
    &["courses", "remove", REMOVED],
    &["courses", "remove", REMOVED, "--delete-data"],
    &["courses", "import", "list.csv"],
    &["settings", "move-data", "moved"],
    &["settings", "set", "--lookback", "5"],
];

/// Two courses of the scripts in the data folder of the settings.
fn prepared() -> Sandbox {
    let mut sandbox = Sandbox::new();
    sandbox.always(&["--no-keychain"]);
    golden(&sandbox, "data", false);
    let data = sandbox.data().display().to_string();
    sandbox.run_bare(&["settings", "set", "--data-folder", &data, "--timezone", "UTC"]).exits_with(0);
    sandbox.write("list.csv", format!("PanoptoFolderName,PanoptoFolderID\nNew,{NEW}\n"));
    sandbox
}

/// The records of a course as they are stored, and whether in its own directory.
fn records(sandbox: &Sandbox, course: &str) -> Vec<(bool, Vec<u8>)> {
    ["data", "moved"]
        .into_iter()
        .filter(|folder| sandbox.path(folder).exists())
        .flat_map(|folder| sandbox.files(folder))
        .filter(|(name, _)| name.contains(course) && name.ends_with("/viewing_activity.csv"))
        .map(|(name, bytes)| (name.starts_with("database/"), bytes))
        .collect()
}

#[test]
fn killed_at_any_instant_of_a_change_nothing_is_lost() {
    let (kills, seed) = kills_and_seed();
    let mut random = Random(seed);
    let undisturbed = prepared();
    let begun = Instant::now();
    undisturbed.run_bare(CHANGES[4]).exits_with(0);
    let span = begun.elapsed();
    let whole = |course: &str| records(&undisturbed, course).remove(0).1;
    let (removed, kept) = (whole(REMOVED), whole(KEPT));

    let mut struck = 0;
    while struck < kills {
        let change = CHANGES[random.below(CHANGES.len() as u64) as usize];
        let sandbox = prepared();
        let instant = Duration::from_micros(random.below(span.as_micros() as u64 * 11 / 10));
        let mut child = sandbox.command(change).stdout(Stdio::null()).stderr(Stdio::null()).spawn().expect("it starts");
        std::thread::sleep(instant);
        struck += u64::from(child.try_wait().expect("it can be asked").is_none());
        child.kill().expect("it can be killed");
        child.wait().expect("it ends");

        let context = format!("SWEEP_SEED={seed}, {struck} kills: {change:?} after {instant:?}");
        let shown = sandbox.run_bare(&["settings", "show", "--json"]).exits_with(0).json();
        let folder = std::path::PathBuf::from(shown["result"]["dataFolder"].as_str().expect("a folder is set"));
        assert!(folder == sandbox.data() || folder == sandbox.path("moved"), "{context}: {}", folder.display());
        let name = folder.file_name().expect("it has a name").to_string_lossy().into_owned();
        let in_use: Vec<_> = sandbox.files(&name).into_iter().map(|(_, bytes)| bytes).collect();
        assert!(in_use.contains(&kept), "{context}: the records of the other course");
        // Deleted only where that was asked for and promised.
        assert!(change.contains(&"--delete-data") || in_use.contains(&removed), "{context}: the records");
        let listed = sandbox.run_bare(&["courses", "list"]).exits_with(0).stdout;
        assert!(listed.contains(KEPT), "{context}: {listed}");
        // A course that is listed has its records in their place.
        let at_home = |course: &str| records(&sandbox, course).into_iter().any(|(at_home, _)| at_home);
        sandbox.run_bare(&["--no-keychain", "courses", "add", NEW]).exits_with(0);
        let listed = sandbox.run_bare(&["courses", "list"]).exits_with(0).stdout;
        assert!(at_home(KEPT) && (!listed.contains(REMOVED) || at_home(REMOVED)), "{context}: {listed}");
        assert_eq!(records(&sandbox, KEPT).len(), 1, "{context}: a move leaves one place");
        sandbox.run_bare(&["chunk"]).exits_with(0);
        sandbox.run_bare(&["status"]).exits_with(0);
    }
}
