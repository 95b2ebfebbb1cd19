//! The simulator as a program.

use std::io::{BufRead as _, BufReader};
use std::process::{Child, Command, Stdio};

/// Ends the program, and only it, when the test is over.
struct Running(Child);

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

fn simulator(arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_panopto-simulator"));
    command.args(arguments);
    command
}

#[tokio::test]
async fn it_says_where_it_listens_and_how_to_sign_in() {
    let dir = tempfile::tempdir().unwrap();
    let made = rcgen::generate_simple_self_signed(vec!["localhost".to_owned()]).unwrap();
    let (cert, key) = (dir.path().join("c.pem"), dir.path().join("k.pem"));
    std::fs::write(&cert, made.cert.pem()).unwrap();
    std::fs::write(&key, made.signing_key.serialize_pem()).unwrap();
    let arguments = [
        "--http",
        "127.0.0.1:0",
        "--https",
        "127.0.0.1:0",
        "--cert",
        cert.to_str().unwrap(),
        "--key",
        key.to_str().unwrap(),
        "--world",
        "tiny",
        "--page-size",
        "1",
        "--usage-clamp",
        "100",
        "--odd-rows",
    ];
    let mut running = Running(simulator(&arguments).stdout(Stdio::piped()).spawn().unwrap());
    let mut lines = BufReader::new(running.0.stdout.take().unwrap()).lines();
    let first = lines.next().unwrap().unwrap();
    assert!(
        first.starts_with("Panopto simulator on http://127.0.0.1:") && first.contains(" and https://localhost:"),
        "{first}"
    );
    for part in [sim::DEMO_CLIENT_ID, sim::DEMO_CLIENT_SECRET, sim::DEMO_USER, sim::DEMO_PASSWORD, sim::DEMO_REDIRECT] {
        assert!(first.contains(part), "{first}");
    }
    assert!(lines.next().unwrap().unwrap().ends_with("TINY 100 A & B"));
    let base = first.split_whitespace().nth(3).unwrap();
    let url = format!("{base}/Panopto/oauth2/.well-known/openid-configuration");
    assert_eq!(crate::support::client().get(url).send().await.unwrap().status(), 200);
}

#[test]
fn wrong_arguments_and_addresses_are_explained() {
    let taken = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let address = taken.local_addr().unwrap().to_string();
    let output = simulator(&["--http", &address, "--world", "tiny"]).output().unwrap();
    assert_eq!(output.status.code(), Some(1));
    let text = String::from_utf8(output.stderr).unwrap();
    assert!(text.starts_with("error: ") && text.contains(&address) && text.contains("hint: "), "{text}");
    let output = simulator(&["--https", "127.0.0.1:0"]).output().unwrap();
    assert_eq!(output.status.code(), Some(2));
    let missing =
        ["--http", "127.0.0.1:0", "--https", "127.0.0.1:0", "--cert", "/no/such/file", "--key", "/no/such/file"];
    let output = simulator(&missing).output().unwrap();
    assert!(String::from_utf8(output.stderr).unwrap().contains("Cannot read /no/such/file"));
    let help = String::from_utf8(simulator(&["--help"]).output().unwrap().stdout).unwrap();
    for option in [
        "--http",
        "--https",
        "--seed",
        "--world",
        "--latency",
        "--page-size",
        "--usage-clamp",
        "--rest-limit",
        "--soap-limit",
        "--faults",
    ] {
        assert!(help.contains(option), "{option}");
    }
}
