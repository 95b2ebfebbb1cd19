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
        // `--data` applies to this run and sets nothing.
        &["settings", "set"],
    ]
    .iter()
    .map(|arguments| sandbox.run(arguments).exits_with(2).shown())
    .collect();
    snapshot!("settings_refused", refused.join("\n"));
    assert!(sandbox.files("config").is_empty());
}

/// The defaults would name another server, time zone and data folder, so no command goes on with them.
#[test]
fn damaged_settings_stop_every_command_until_somebody_decides() {
    let sandbox = Sandbox::new();
    sandbox.run_bare(&["settings", "set", "--server", "uni.example", "--data-folder", "elsewhere"]).exits_with(0);
    let damage = "{\n  \"server\": \"uni.example\",\n  oops\n}\n";
    sandbox.write("config/settings.json", damage);
    let before = sandbox.files("");
    for command in [
        &["settings", "show"][..],
        &["settings", "set", "--lookback", "5"],
        &["courses", "list"],
        &["courses", "add", "5eb1ee0b-a28e-4bb0-8f55-b2f0010b4f64"],
        &["sync"],
        &["status"],
        &["credentials", "show"],
        &["logout"],
    ] {
        let refused = sandbox.run_bare(command).exits_with(1);
        assert!(refused.stderr.contains("settings.json` is damaged at line 3"), "{}", refused.stderr);
    }
    assert_eq!(sandbox.files(""), before, "nothing is written");
    let first = sandbox.run_bare(&["settings", "show"]).shown();
    let restored = sandbox.run_bare(&["settings", "restore"]).exits_with(0).shown();
    let again = sandbox.run_bare(&["settings", "restore"]).exits_with(2).shown();
    snapshot!("settings_damaged", [first, restored, again].join("\n"));
    let kept = std::fs::read_to_string(sandbox.path("config/settings.json.damaged-1")).expect("kept aside");
    assert_eq!(kept, damage);

    sandbox.write("config/settings.json", "");
    sandbox.write("config/settings.json.backup", "");
    let refused = sandbox.run_bare(&["settings", "restore"]).exits_with(1);
    assert!(refused.stderr.contains("settings restore --defaults`"), "{}", refused.stderr);
    let restored = sandbox.run_bare(&["settings", "restore", "--defaults", "--json"]).exits_with(0).json();
    assert_eq!(restored["result"]["server"], serde_json::Value::Null);
}

#[test]
fn the_data_folder_of_the_settings_is_used() {
    let sandbox = Sandbox::new();
    sandbox.run_bare(&["settings", "set", "--data-folder", "elsewhere"]).exits_with(0);
    let shown = sandbox.run_bare(&["settings", "show", "--json"]).exits_with(0).json();
    let folder = shown["result"]["dataFolder"].as_str().expect("a path").to_owned();
    assert_eq!(std::path::Path::new(&folder), sandbox.path("elsewhere"));
}
