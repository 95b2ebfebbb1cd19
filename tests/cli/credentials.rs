//! `credentials`, `login` and `logout` without a keychain. Tests with a keychain are in `keychain.rs`.

#[cfg(target_os = "linux")]
use crate::support::OnTerminal;
use crate::support::{Sandbox, Server, password_variables, snapshot};

/// Without a keychain the sentence carries the system's reason, which differs.
#[cfg(target_os = "linux")]
fn without_reason(text: &str) -> String {
    text.lines()
        .map(|line| match (line.find("no keychain that answers"), line.find(" (")) {
            (Some(_), Some(reason)) => line[..reason].to_owned() + "\n",
            _ => line.to_owned() + "\n",
        })
        .collect()
}

#[cfg(target_os = "linux")]
#[test]
fn without_a_keychain_nothing_secret_is_asked_for() {
    let mut sandbox = Sandbox::new();
    let all: Vec<String> = [
        (&["credentials", "show"][..], 0, None),
        (&["credentials", "set", "client-secret"], 3, Some("s3cret\n")),
        (&["credentials", "set"], 2, Some("s3cret\n")),
        (
            &["credentials", "set", "server", "client-id"],
            0,
            Some("uni.hosted.panopto.com\n5EB1EE0B-A28E-4BB0-8F55-B2F0010B4F64\n"),
        ),
        (&["credentials", "import-env", "-"], 3, Some("SERVER=uni.example\nPASSWORD=s3cret\n")),
        (&["login"], 3, None),
        (&["logout"], 3, None),
        (&["credentials", "show"], 0, None),
        (&["--no-keychain", "login"], 3, None),
    ]
    .iter()
    .map(|(arguments, code, input)| {
        let ran = match input {
            Some(input) => sandbox.run_with_input(arguments, input),
            None => sandbox.run(arguments),
        };
        assert!(!ran.stdout.contains("s3cret") && !ran.stderr.contains("s3cret"));
        without_reason(&ran.exits_with(*code).shown())
    })
    .collect();
    snapshot!("credentials_without_keychain", all.join("\n"));
    sandbox.unset("none");
    for (name, text) in sandbox.files("") {
        assert!(!String::from_utf8_lossy(&text).contains("s3cret"), "{name}");
    }
}

#[test]
fn what_comes_from_the_environment_is_said_and_not_shown() {
    let server = Server::tiny();
    let mut sandbox = Sandbox::new();
    password_variables(&mut sandbox, &server);
    snapshot!(
        "credentials_show_environment",
        sandbox.run(&["--no-keychain", "credentials", "show"]).exits_with(0).shown()
    );
    snapshot!(
        "credentials_show_check_json",
        sandbox.run(&["--no-keychain", "credentials", "show", "--check", "--json"]).exits_with(0).shown()
    );
}

#[test]
fn what_the_server_refuses_is_told_apart() {
    let mut server = Server::tiny();
    let mut sandbox = Sandbox::new();
    password_variables(&mut sandbox, &server);
    let check = ["--no-keychain", "credentials", "show", "--check"];
    let mut all = Vec::new();
    sandbox.set("PANOPTO_PASSWORD", "wrong");
    all.push(sandbox.run(&check).exits_with(3).shown());
    sandbox.set("PANOPTO_PASSWORD", sim::DEMO_PASSWORD).set("PANOPTO_CLIENT_SECRET", "wrong");
    all.push(sandbox.run(&check).exits_with(3).shown());
    sandbox.set("PANOPTO_CLIENT_SECRET", sim::DEMO_CLIENT_SECRET).unset("PANOPTO_PASSWORD");
    all.push(sandbox.run(&check).exits_with(3).shown());
    sandbox.set("PANOPTO_REFRESH_TOKEN", "long-dead");
    all.push(sandbox.run(&check).exits_with(3).shown());
    sandbox.set("PANOPTO_CA_FILE", "missing.pem");
    all.push(sandbox.run(&check).exits_with(2).shown());
    sandbox.unset("PANOPTO_CA_FILE").set("PANOPTO_SERVER", "not a host");
    all.push(sandbox.run(&check).exits_with(2).shown());
    snapshot!("credentials_refused", all.join("\n"));
    // Nothing listens there any more.
    let gone = server.url();
    server.stop();
    sandbox.set("PANOPTO_SERVER", gone).set("PANOPTO_PASSWORD", sim::DEMO_PASSWORD).unset("PANOPTO_REFRESH_TOKEN");
    let ran = sandbox.run(&check).exits_with(4);
    assert!(ran.stderr.contains("cannot be reached"), "{}", ran.stderr);
    assert!(ran.stderr.contains("hint: Check the name of the server and the network connection"), "{}", ran.stderr);
}

#[cfg(target_os = "linux")]
#[test]
fn on_a_terminal_what_cannot_be_is_asked_for_again() {
    let sandbox = Sandbox::new();
    let command = "$PROGRAM --no-keychain credentials set server client-id username";
    let Some(mut terminal) = OnTerminal::start(&sandbox, command) else {
        eprintln!("SKIPPED: a terminal is tried with `script` (util-linux), which is not installed");
        return;
    };
    terminal.wait_for("Panopto server, for example");
    terminal.press("http://uni.example\n");
    terminal.wait_for("must be reached over https");
    terminal.press("uni.example\n");
    terminal.wait_for("Client ID of the API client");
    terminal.press("abc\n");
    terminal.wait_for("The client ID is not a GUID");
    terminal.press("5eb1ee0b-a28e-4bb0-8f55-b2f0010b4f64\n");
    terminal.wait_for("Panopto user name");
    terminal.press("\n");
    let (code, seen) = terminal.end();
    assert_eq!(code, Some(0), "{seen}");
    assert!(seen.contains("Kept: server, client ID"), "{seen}");
}

#[test]
fn lines_and_names_must_match() {
    let sandbox = Sandbox::new();
    let ran = sandbox.run_with_input(&["credentials", "set", "server", "client-id"], "only-one\n").exits_with(2);
    snapshot!("credentials_lines", ran.shown());
    for (line, sentence) in
        [("s3cret", "The client ID is not a GUID"), ("http://uni.example", "must be reached over https")]
    {
        let name = if line == "s3cret" { "client-id" } else { "server" };
        let ran = sandbox.run_with_input(&["credentials", "set", "username", name], &format!("me\n{line}\n"));
        let ran = ran.exits_with(2);
        assert!(ran.stderr.contains(sentence) && !ran.stderr.contains("s3cret"), "{}", ran.stderr);
    }
    assert!(sandbox.files("config").is_empty(), "nothing is set by halves");
}
