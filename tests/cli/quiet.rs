//! `-q`: only warnings, errors, and what a command exists to show, so that a job's mail means something.

use crate::support::{Sandbox, Server, golden, password_variables};

#[test]
fn what_does_something_says_nothing() {
    let server = Server::tiny();
    let mut sandbox = Sandbox::new();
    password_variables(&mut sandbox, &server);
    sandbox.always(&["--no-keychain"]);
    let subfolder = server.sim().world().folders[1].id;
    sandbox.write("list.csv", format!("PanoptoFolderName,PanoptoFolderID\nWeek 1,{subfolder}\n"));
    let video = server.sim().world().sessions[0].id.to_string();
    let course = server.course();
    for arguments in [
        &["courses", "add", course.as_str()][..],
        &["sync"],
        &["sync", "--lookback", "3"],
        &["chunk", "--timezone", "UTC"],
        &["export", "out", "--timezone", "UTC"],
        &["chart", &video, "--out", "a.svg"],
        &["settings", "set", "--lookback", "3"],
        &["courses", "import", "list.csv"],
        &["courses", "remove", "TINY 100 A & B"],
        &["--data", "other", "courses", "add", &course],
        &["logout"],
        &["man", "--out", "pages"],
    ] {
        let mut quiet = vec!["-q"];
        quiet.extend(arguments);
        let ran = sandbox.run(&quiet).exits_with(0);
        let is_warning = arguments == ["logout"];
        assert_eq!(ran.stdout, "", "`{}`", arguments.join(" "));
        assert!(ran.stderr.is_empty() || is_warning && ran.stderr.starts_with("warning: "), "{}", ran.stderr);
    }
    let ran = sandbox.run_bare(&["-q", "demo", "demo"]).exits_with(0);
    assert_eq!((ran.stdout.as_str(), ran.stderr.as_str()), ("", ""));
    let server_line = sandbox.run_with_input(&["-q", "credentials", "set", "server"], "uni.example\n").exits_with(0);
    assert_eq!((server_line.stdout.as_str(), server_line.stderr.as_str()), ("", ""));
}

#[test]
fn what_shows_something_shows_it() {
    let mut sandbox = Sandbox::new();
    sandbox.always(&["--no-keychain"]);
    golden(&sandbox, "data", false);
    for arguments in [
        &["courses", "list"][..],
        &["status"],
        &["videos", "COMM 291"],
        &["credentials", "show"],
        &["settings", "show"],
        &["completions", "bash"],
        &["man"],
    ] {
        let loud = sandbox.run(arguments).exits_with(0);
        let mut quiet = vec!["-q"];
        quiet.extend(arguments);
        let ran = sandbox.run(&quiet).exits_with(0);
        assert_eq!(ran.stdout, loud.stdout, "`{}`", arguments.join(" "));
        assert!(!ran.stdout.is_empty());
        assert_eq!(ran.stderr, "");
    }
    // JSON was requested explicitly.
    let chunked = sandbox.run(&["-q", "--json", "chunk", "--timezone", "UTC"]).exits_with(0);
    assert_eq!(chunked.json()["result"]["timeZone"], "UTC");
    // Errors are reported, whatever the command.
    for arguments in [&["export", "out", "--course", "Biology"][..], &["status", "--data", "none"]] {
        let mut quiet = vec!["-q"];
        quiet.extend(arguments);
        let ran = sandbox.run(&quiet).exits_with(1);
        assert!(ran.stdout.is_empty() && ran.stderr.starts_with("error: "), "{}", ran.stderr);
    }
}
