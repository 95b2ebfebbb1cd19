//! One rule for exit codes over all commands: 2 if the call itself must be changed; 1 if the call is correct but what
//! it names does not exist or does not hold what it should; 3 if no sign-in or keychain is set up.

use crate::support::{Sandbox, golden};

const ID: &str = "6513270e-269e-4d37-b2a7-4de452e6b438";
const NO_VIDEO: &str = "84cef7f7-f168-4a80-9a5a-000000000000";

/// What the sandbox contains: the original tool's data in `data`, an empty course list in `empty`, damaged files.
fn sandbox() -> Sandbox {
    let mut sandbox = Sandbox::new();
    sandbox.always(&["--no-keychain"]);
    golden(&sandbox, "data", false);
    sandbox.write("empty/courses.csv", "PanoptoFolderName,PanoptoFolderID\n");
    sandbox.write("header.csv", "Name,ID\nCOMM 290,1\n");
    sandbox.write("none.csv", "PanoptoFolderName,PanoptoFolderID\n");
    sandbox.write("latin.csv", b"PanoptoFolderName,PanoptoFolderID\nM\xe9moire,6513270e-269e-4d37-b2a7-4de452e6b438\n");
    sandbox.write("a-file", "not a folder");
    sandbox.write("a-folder/x", "");
    sandbox
}

#[test]
fn the_code_follows_from_the_rule() {
    let sandbox = sandbox();
    let cases: &[(i32, &[&str])] = &[
        // 1: a correct call, but what it names does not exist, is not readable, or is not what it should be.
        (1, &["courses", "list", "--data", "none"]),
        (1, &["courses", "add", ID, "--data", "none/none"]),
        (1, &["courses", "remove", "Biology"]),
        (1, &["courses", "remove", NO_VIDEO]),
        (1, &["courses", "import", "none"]),
        (1, &["courses", "import", "a-folder"]),
        (1, &["courses", "import", "header.csv"]),
        (1, &["courses", "import", "none.csv"]),
        (1, &["courses", "import", "latin.csv"]),
        (1, &["credentials", "import-env", "none"]),
        (1, &["credentials", "import-env", "a-folder"]),
        (1, &["sync", "--course", "Biology"]),
        (1, &["sync", "--data", "empty"]),
        (1, &["sync", "--data", "none"]),
        (1, &["chunk", "--data", "empty"]),
        (1, &["chunk", "--data", "none"]),
        (1, &["export", "out", "--course", "Biology"]),
        (1, &["export", "out", "--data", "empty"]),
        (1, &["export", "out", "--data", "none"]),
        (1, &["export", "a-file"]),
        (1, &["status", "--data", "none"]),
        (1, &["status", "--data", "a-file"]),
        (1, &["courses", "add", ID, "--data", "a-file"]),
        (1, &["videos", "Biology"]),
        (1, &["videos", "COMM", "--data", "empty"]),
        (1, &["videos", "COMM", "--data", "none"]),
        (1, &["chart", NO_VIDEO, "--out", "a.svg"]),
        (1, &["chart", NO_VIDEO, "--out", "a.svg", "--data", "none"]),
        (1, &["demo", "a-file", "--timezone", "UTC"]),
        (1, &["man", "--out", "a-file"]),
        // 2: the call must be changed, whatever is on the disk.
        (2, &["courses", "add", "nonsense"]),
        (2, &["courses", "add"]),
        (2, &["courses", "remove", ""]),
        (2, &["courses", "import"]),
        (2, &["credentials", "set", "token"]),
        (2, &["credentials", "import-env"]),
        (2, &["login", "me"]),
        (2, &["sync", "--lookback", "-1"]),
        (2, &["sync", "--lookback", "366"]),
        (2, &["sync", "--server", "http://uni.example"]),
        (2, &["sync", "--course", ""]),
        (2, &["chunk", "--timezone", "Mars/Olympus"]),
        (2, &["export"]),
        (2, &["export", "out", "--timezone", "Mars/Olympus"]),
        (2, &["videos", "COMM", "--from", "yesterday"]),
        (2, &["videos", "COMM", "--from", "2024-02-02", "--to", "2024-02-01"]),
        (2, &["chart", "nonsense", "--out", "a.svg"]),
        (2, &["chart", NO_VIDEO, "--out", "a.gif"]),
        (2, &["settings", "set"]),
        (2, &["settings", "set", "--lookback", "many"]),
        (2, &["settings", "set", "--client-id", "abc"]),
        (2, &["settings", "set", "--redirect", "https://localhost:9127/redirect"]),
        (2, &["settings", "set", "--timezone", "Mars/Olympus"]),
        (2, &["demo", "demo", "--data", "data"]),
        (2, &["demo", "demo", "--timezone", "Mars/Olympus"]),
        (2, &["completions", "tcsh"]),
        (2, &["status", "now"]),
        (2, &["nonsense"]),
        // 3: no sign-in is set up, or there is nowhere to store a secret.
        (3, &["login"]),
        (3, &["logout"]),
        (3, &["sync"]),
        (3, &["credentials", "show", "--check"]),
        (3, &["credentials", "set", "client-secret"]),
        (
            3,
            &[
                "courses",
                "add",
                "https://uni.panopto.com/Panopto/Pages/Sessions/List.aspx#folderID=%226513270e-269e-4d37-b2a7-4de452e6b438%22",
            ],
        ),
        // 0: done, even if there was nothing to do.
        (0, &["courses", "list", "--data", "empty"]),
        (0, &["status", "--data", "empty"]),
        (0, &["credentials", "show"]),
        (0, &["settings", "show"]),
    ];
    for (code, arguments) in cases {
        // The demo does not accept `--data`, which `run` passes.
        let run = |arguments: &[&str]| {
            if arguments.contains(&"demo") { sandbox.run_bare(arguments) } else { sandbox.run(arguments) }
        };
        let ran = run(arguments).exits_with(*code);
        // The manual pages are for packagers.
        let is_plain = !ran.stderr.contains("os error") || arguments[0] == "man";
        assert!(is_plain, "`{}`: {}", arguments.join(" "), ran.stderr);
        let is_told = ran.stderr.contains("error: ") || ran.stderr.contains("Usage: ");
        assert_eq!(is_told, *code != 0, "`{}`: {}", arguments.join(" "), ran.stderr);
        let mut json = vec!["--json"];
        json.extend(*arguments);
        let ran = run(&json).exits_with(*code);
        assert_eq!(ran.json()["exitCode"], *code, "`{}`: the same with --json", arguments.join(" "));
    }
    for made in ["none", "demo", "out", "a.svg", "a.gif", "config"] {
        assert!(!sandbox.path(made).exists(), "`{made}` was made by a call that failed");
    }
}

/// The same errors in standard input and in a file: from standard input the call must be corrected, from a file the
/// file.
#[test]
fn lines_of_standard_input_are_part_of_the_call() {
    let sandbox = sandbox();
    sandbox.write("damaged.env", "SERVER uni.example\n");
    sandbox.write("latin.env", b"USERNAME=Zo\xeb\n");
    for (arguments, input) in [
        (&["courses", "add", "-"][..], "\n"),
        (&["courses", "add", "-"], "nonsense\n"),
        (&["credentials", "set", "client-id"], "abc\n"),
        (&["credentials", "set", "server", "client-id"], "uni.example\n"),
        (&["credentials", "set"], "uni.example\n"),
    ] {
        sandbox.run_with_input(arguments, input).exits_with(2);
    }
    sandbox.run(&["credentials", "import-env", "latin.env"]).exits_with(1);
    assert!(!sandbox.path("config").exists());
}

#[test]
fn a_course_list_that_cannot_be_taken_makes_no_data_folder() {
    let sandbox = sandbox();
    for file in ["none", "a-folder", "header.csv", "none.csv", "latin.csv"] {
        sandbox.run(&["--data", "new", "courses", "import", file]).exits_with(1);
        sandbox.run_bare(&["courses", "import", file]).exits_with(1);
        assert!(!sandbox.path("new").exists(), "{file}");
        assert!(sandbox.files("home").is_empty() && !sandbox.path("home").exists(), "{file}: nor the usual one");
    }
    sandbox.run(&["--data", "new", "courses", "import", "data/courses.csv"]).exits_with(0);
    assert!(sandbox.path("new/courses.csv").is_file());
}
