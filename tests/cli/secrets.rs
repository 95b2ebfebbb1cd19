//! No secret leaves the program except to the server: not in an output, a log, a file, or its arguments.

use crate::support::{Ran, Sandbox, Server, Tap, password_variables, refresh_token};

/// All spellings in which a secret could appear.
fn spellings(secret: &str) -> Vec<String> {
    let percent: String = secret
        .bytes()
        .map(|byte| {
            let plain = byte.is_ascii_alphanumeric() || b"-._~".contains(&byte);
            if plain { char::from(byte).to_string() } else { format!("%{byte:02X}") }
        })
        .collect();
    let form = percent.replace("%20", "+");
    let xml = secret.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;");
    let json = serde_json::to_string(secret).expect("text").trim_matches('"').to_owned();
    let debug = format!("{secret:?}").trim_matches('"').to_owned();
    vec![secret.to_owned(), percent.to_ascii_lowercase(), percent, form, xml, json, debug]
}

struct Watch {
    secrets: Vec<(String, String)>,
    outputs: Vec<(String, String)>,
}

impl Watch {
    fn secret(&mut self, what: &str, secret: &str) {
        for spelling in spellings(secret) {
            self.secrets.push((what.to_owned(), spelling));
        }
    }

    fn ran(&mut self, ran: Ran) {
        let name = ran.arguments.join(" ");
        self.outputs.push((format!("standard output of `{name}`"), ran.stdout));
        self.outputs.push((format!("standard error of `{name}`"), ran.stderr));
    }

    fn finish(mut self, sandbox: &Sandbox) {
        for (name, bytes) in sandbox.files("") {
            self.outputs.push((format!("file {name}"), String::from_utf8_lossy(&bytes).into_owned() + &name));
        }
        assert!(self.secrets.len() > 20 && self.outputs.len() > 20, "there is something to look for, and in");
        for (place, text) in &self.outputs {
            for (what, secret) in &self.secrets {
                assert!(!text.contains(secret.as_str()), "{what} `{secret}` is in the {place}");
            }
        }
    }
}

fn journey(sandbox: &mut Sandbox, course: &str, watch: &mut Watch) {
    // The most talkative run possible, including the libraries below.
    sandbox.set("RUST_LOG", "trace");
    for arguments in [
        &["-vv", "--no-keychain", "courses", "add", course][..],
        &["-vv", "--no-keychain", "credentials", "show"],
        &["-vv", "--no-keychain", "credentials", "show", "--json"],
        &["-vv", "--no-keychain", "sync"],
        &["-vv", "--no-keychain", "--json", "--progress", "sync"],
        &["-vv", "--no-keychain", "status"],
        &["-vv", "--no-keychain", "chunk"],
        &["-vv", "--no-keychain", "export", "out"],
        &["-vv", "--no-keychain", "settings", "show"],
    ] {
        watch.ran(sandbox.run(arguments));
    }
}

#[test]
fn a_password_journey_leaks_nothing() {
    let server = Server::tiny();
    let tap = Tap::before(&server.url());
    let mut sandbox = Sandbox::new();
    password_variables(&mut sandbox, &server);
    sandbox.set("PANOPTO_SERVER", tap.url());
    let mut watch = Watch { secrets: Vec::new(), outputs: Vec::new() };
    journey(&mut sandbox, &server.course(), &mut watch);
    sandbox.set("PANOPTO_CLIENT_SECRET", "wrong+but/secret=&<>");
    watch.ran(sandbox.run(&["-vv", "--no-keychain", "sync"]).exits_with(3));
    sandbox.set("PANOPTO_CLIENT_SECRET", sim::DEMO_CLIENT_SECRET).set("PANOPTO_PASSWORD", "wrong & secret");
    watch.ran(sandbox.run(&["-vv", "--no-keychain", "sync"]).exits_with(3));

    watch.secret("the client secret", sim::DEMO_CLIENT_SECRET);
    watch.secret("a client secret", "wrong+but/secret=&<>");
    watch.secret("the password", sim::DEMO_PASSWORD);
    watch.secret("a password", "wrong & secret");
    let on_the_wire = on_the_wire(&tap);
    assert!(on_the_wire.iter().any(|(what, _)| what == "an access token"));
    assert!(on_the_wire.iter().any(|(what, _)| what == "a cookie"));
    for (what, secret) in on_the_wire {
        watch.secret(&what, &secret);
    }
    watch.finish(&sandbox);
}

#[test]
fn a_token_journey_leaks_nothing() {
    let server = Server::tiny();
    let tap = Tap::before(&server.url());
    let mut sandbox = Sandbox::new();
    password_variables(&mut sandbox, &server);
    let mut watch = Watch { secrets: Vec::new(), outputs: Vec::new() };
    for _ in 0..2 {
        let token = refresh_token(&server);
        sandbox.unset("PANOPTO_USERNAME").unset("PANOPTO_PASSWORD");
        sandbox.set("PANOPTO_SERVER", tap.url()).set("PANOPTO_REFRESH_TOKEN", &token);
        watch.secret("the refresh token", &token);
        journey(&mut sandbox, &server.course(), &mut watch);
    }
    watch.secret("the client secret", sim::DEMO_CLIENT_SECRET);
    let on_the_wire = on_the_wire(&tap);
    assert!(on_the_wire.iter().any(|(what, _)| what == "a refresh token"));
    for (what, secret) in on_the_wire {
        watch.secret(&what, &secret);
    }
    watch.finish(&sandbox);
}

/// A program that is killed in the middle of its work, and the list of all processes on this computer meanwhile.
#[cfg(target_os = "linux")]
#[test]
fn a_crash_and_the_list_of_processes_leak_nothing() {
    use std::os::unix::process::ExitStatusExt as _;

    let server = Server::tiny();
    let stall = sim::Fault::Stall(std::time::Duration::from_secs(60));
    server.sim().set_faults(sim::FaultPlan::new([(sim::At::From(sim::Route::SoapUsage, 1), stall)]));
    let tap = Tap::before(&server.url());
    let mut sandbox = Sandbox::new();
    password_variables(&mut sandbox, &server);
    sandbox.set("PANOPTO_SERVER", tap.url()).set("RUST_BACKTRACE", "full");
    sandbox.run(&["--no-keychain", "courses", "add", &server.course()]).exits_with(0);
    let mut watch = Watch { secrets: Vec::new(), outputs: Vec::new() };

    let mut command = std::process::Command::new("sh");
    sandbox.prepare(&mut command);
    // Memory may be written to a file, unless the program itself forbids it.
    let script = "ulimit -c unlimited 2>/dev/null; exec \"$0\" \"$@\"";
    command.args([
        "-c",
        script,
        env!("CARGO_BIN_EXE_panopto-analytics"),
        "--data",
        "data",
        "--no-keychain",
        "-vv",
        "sync",
    ]);
    command.stdout(std::process::Stdio::piped()).stderr(std::process::Stdio::piped());
    let child = command.spawn().expect("the program starts");
    let asked = || server.sim().requests().iter().any(|entry| entry.route == sim::Route::SoapUsage);
    let begun = std::time::Instant::now();
    while !asked() {
        assert!(begun.elapsed() < std::time::Duration::from_secs(60), "it asks for records");
        std::thread::sleep(std::time::Duration::from_millis(20));
    }
    for entry in std::fs::read_dir("/proc").expect("Linux has it").flatten() {
        // Processes may end meanwhile.
        let Ok(line) = std::fs::read(entry.path().join("cmdline")) else { continue };
        let name = entry.file_name().display().to_string();
        watch.outputs.push((format!("command line of {name}"), String::from_utf8_lossy(&line).replace('\0', " ")));
    }
    let pid = rustix::process::Pid::from_child(&child);
    rustix::process::kill_process(pid, rustix::process::Signal::ABORT).expect("it runs");
    let output = child.wait_with_output().expect("it ends");
    assert_eq!(output.status.signal(), Some(6), "{output:?}");
    watch.ran(sandbox.ran(&["sync"], &output));

    watch.secret("the client secret", sim::DEMO_CLIENT_SECRET);
    watch.secret("the password", sim::DEMO_PASSWORD);
    for (what, secret) in on_the_wire(&tap) {
        watch.secret(&what, &secret);
    }
    watch.finish(&sandbox);
}

fn on_the_wire(tap: &Tap) -> Vec<(String, String)> {
    [
        ("an access token", "\"access_token\":\"", &['"'][..]),
        ("a refresh token", "\"refresh_token\":\"", &['"']),
        ("an identity token", "\"id_token\":\"", &['"']),
        ("a header of a client", "asic ", &['\r']),
        ("a bearer header", "earer ", &['\r', '"']),
        ("a cookie", ".ASPXAUTH=", &[';', '\r']),
    ]
    .iter()
    .flat_map(|(what, before, ends)| {
        tap.heard_after(before, ends).into_iter().map(|secret| ((*what).to_owned(), secret))
    })
    .collect()
}
