//! `settings`.

use crate::support::{Sandbox, snapshot};

#[test]
fn shown_and_changed() {
    let sandbox = Sandbox::new();
    snapshot!("settings_show", sandbox.run(&["settings", "show"]).exits_with(0).shown());
    let changed = sandbox.run(&[
        "settings",
        "set",
        "--server",
        "uni.hosted.panopto.com",
        "--client-id",
        "5eb1ee0b-a28e-4bb0-8f55-b2f0010b4f64",
        "--timezone",
        "Europe/Zurich",
        "--lookback",
        "5",
        "--pkce",
        "on",
    ]);
    snapshot!("settings_set", changed.exits_with(0).shown());
    snapshot!("settings_show_json", sandbox.run(&["settings", "show", "--json"]).exits_with(0).shown());
    let back = ["settings", "set", "--timezone", "", "--server", "", "--client-id", "", "--redirect", ""];
    let back = sandbox.run(&back).exits_with(0);
    assert!(back.stdout.contains("http://localhost:9127/redirect"), "{}", back.stdout);
    assert!(back.stdout.contains("time zone              UTC\n"), "the computer's own: {}", back.stdout);
}

#[test]
fn what_cannot_be_is_refused_and_nothing_is_changed() {
    let sandbox = Sandbox::new();
    let refused: Vec<String> = [
        &["settings", "set", "--timezone", "Mars/Olympus", "--lookback", "5"][..],
        &["settings", "set", "--lookback", "9999"],
        &["settings", "set", "--server", "http://uni.hosted.panopto.com"],
        &["settings", "set", "--server", "https://user:hunter2@uni.hosted.panopto.com"],
        &["settings", "set", "--lookback", "-1"],
        &["settings", "set", "--client-id", "hunter2"],
        &["settings", "set", "--redirect", "http://uni.example:9127/redirect"],
        &["settings", "set", "--redirect", "http://localhost/redirect"],
        // `--data` is for this run and sets nothing.
        &["settings", "set"],
    ]
    .iter()
    .map(|arguments| sandbox.run(arguments).exits_with(2).shown())
    .collect();
    snapshot!("settings_refused", refused.join("\n"));
    assert!(sandbox.files("config").is_empty());
}

#[test]
fn a_damaged_settings_file_is_put_aside_and_reported() {
    let sandbox = Sandbox::new();
    sandbox.write("config/settings.json", "{\n  \"server\": \"uni.example\",\n  oops\n}\n");
    snapshot!("settings_damaged", sandbox.run(&["settings", "show"]).exits_with(0).shown());
    let files: Vec<String> = sandbox.files("config").into_iter().map(|(name, _)| name).collect();
    assert_eq!(files, ["settings.json.damaged-1"]);
}

#[test]
fn the_data_folder_of_the_settings_is_used() {
    let sandbox = Sandbox::new();
    sandbox.run_bare(&["settings", "set", "--data-folder", "elsewhere"]).exits_with(0);
    let shown = sandbox.run_bare(&["settings", "show", "--json"]).exits_with(0).json();
    let folder = shown["result"]["dataFolder"].as_str().expect("a path").to_owned();
    assert_eq!(std::path::Path::new(&folder), sandbox.path("elsewhere"));
}
