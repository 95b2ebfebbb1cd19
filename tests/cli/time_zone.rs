//! The reporting time zone of a data folder, over several commands and computers.

use crate::support::{Ran, Sandbox, golden};

const LOS_ANGELES: &str = "America/Los_Angeles";

fn with_data() -> Sandbox {
    let mut sandbox = Sandbox::new();
    golden(&sandbox, "data", false);
    sandbox.always(&["--no-keychain"]);
    sandbox
}

fn zone(ran: &Ran) -> String {
    ran.json()["result"]["timeZone"].as_str().expect("a zone").to_owned()
}

fn kept(sandbox: &Sandbox) -> String {
    std::fs::read_to_string(sandbox.data().join(".panopto-analytics/time-zone.txt")).unwrap_or_default()
}

#[test]
fn two_computers_make_the_same_chunks() {
    let mut sandbox = with_data();
    sandbox.set("TZ", LOS_ANGELES);
    let first = sandbox.run(&["chunk"]).exits_with(0);
    assert!(first.stderr.contains("counted in America/Los_Angeles from now on"), "{}", first.stderr);
    let output = sandbox.files("data/output[CHUNKED]");
    sandbox.set("TZ", "Asia/Tokyo");
    let other = sandbox.run(&["chunk", "--json"]).exits_with(0);
    assert_eq!(zone(&other), LOS_ANGELES);
    for course in other.json()["result"]["courses"].as_array().expect("courses") {
        assert_eq!(course["status"], "unchanged", "{course}");
    }
    assert_eq!(sandbox.files("data/output[CHUNKED]"), output);
    assert_eq!(zone(&sandbox.run(&["settings", "show", "--json"]).exits_with(0)), LOS_ANGELES);
}

#[test]
fn an_export_cuts_the_days_of_the_chunking_before() {
    let sandbox = with_data();
    sandbox.run(&["chunk", "--timezone", LOS_ANGELES]).exits_with(0);
    let output = sandbox.files("data/output[CHUNKED]");
    assert_eq!(zone(&sandbox.run(&["export", "out", "--json"]).exits_with(0)), LOS_ANGELES);
    assert_eq!(sandbox.files("data/output[CHUNKED]"), output);
    // Conversely, an export in another zone changes the dataset too, and says so, even in a quiet job.
    let changed = sandbox.run(&["-q", "export", "out", "--timezone", "Asia/Tokyo"]).exits_with(0);
    assert!(
        changed.stderr.contains("Asia/Tokyo from now on, and no longer in America/Los_Angeles"),
        "{}",
        changed.stderr
    );
    let again = sandbox.run(&["chunk", "--json"]).exits_with(0);
    assert_eq!(
        (zone(&again).as_str(), again.json()["result"]["courses"][0]["status"].as_str()),
        ("Asia/Tokyo", Some("unchanged"))
    );
}

#[test]
fn a_look_in_another_zone_changes_nothing() {
    let sandbox = with_data();
    sandbox.run(&["chunk", "--timezone", LOS_ANGELES]).exits_with(0);
    assert_eq!(
        zone(&sandbox.run(&["videos", "COMM 291", "--timezone", "Asia/Tokyo", "--json"]).exits_with(0)),
        "Asia/Tokyo"
    );
    assert_eq!(zone(&sandbox.run(&["videos", "COMM 291", "--json"]).exits_with(0)), LOS_ANGELES);
    assert_eq!(kept(&sandbox), "America/Los_Angeles\n");
    assert!(sandbox.files("config").is_empty());
}

#[test]
fn a_zone_of_older_settings_is_taken_over_once() {
    let sandbox = with_data();
    sandbox.write("config/settings.json", "{\"timeZone\": \"Europe/Zurich\"}");
    assert_eq!(zone(&sandbox.run(&["chunk", "--json"]).exits_with(0)), "Europe/Zurich");
    assert_eq!(kept(&sandbox), "Europe/Zurich\n");
    sandbox.write("config/settings.json", "{}");
    assert_eq!(zone(&sandbox.run(&["chunk", "--json"]).exits_with(0)), "Europe/Zurich");
}

#[test]
fn an_unknown_zone_is_refused_and_never_utc() {
    let mut sandbox = with_data();
    sandbox.set("TZ", "CET-1CEST");
    for command in [&["chunk"][..], &["export", "out"], &["videos", "COMM 291"]] {
        let refused = sandbox.run(command).exits_with(2);
        assert!(refused.stderr.contains("`CET-1CEST`"), "{}", refused.stderr);
    }
    assert_eq!(kept(&sandbox), "");
    sandbox.write("data/.panopto-analytics/time-zone.txt", "Mars/Base\n");
    let refused = sandbox.run(&["chunk"]).exits_with(1);
    assert!(refused.stderr.contains("names `Mars/Base`, which is no time zone known here"), "{}", refused.stderr);
    assert!(refused.stderr.contains("settings set --timezone"), "the remedy is a command: {}", refused.stderr);
    let repaired = sandbox.run(&["settings", "set", "--timezone", "UTC"]).exits_with(0);
    assert!(repaired.stderr.contains("could not be read"), "{}", repaired.stderr);
    sandbox.run(&["chunk"]).exits_with(0);
}

#[test]
fn an_abbreviation_is_told_with_the_name_of_a_place() {
    let refused = with_data().run(&["chunk", "--timezone", "CEST"]).exits_with(2);
    assert!(refused.stderr.contains("the abbreviation of a time zone, not its IANA name"), "{}", refused.stderr);
    assert!(refused.stderr.contains("such as Europe/Berlin"), "{}", refused.stderr);
}

#[test]
fn the_settings_choose_for_the_data_folder() {
    let sandbox = with_data();
    sandbox.run(&["settings", "set", "--timezone", "Europe/Zurich"]).exits_with(0);
    assert_eq!(kept(&sandbox), "Europe/Zurich\n");
    let other = sandbox.run(&["--data", "other", "settings", "show", "--json"]).exits_with(0).json();
    assert_eq!(other["result"]["timeZone"], serde_json::Value::Null, "another data folder has none");
    assert_eq!(other["result"]["proposedTimeZone"], "UTC");
    // Back to the computer's own zone, by name.
    sandbox.run(&["settings", "set", "--timezone", ""]).exits_with(0);
    assert_eq!(kept(&sandbox), "UTC\n");
}
