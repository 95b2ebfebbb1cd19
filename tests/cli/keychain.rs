//! Journeys with a real keychain: GNOME Keyring on a session bus of its own, with folders of its own.
//!
//! The outer test starts the bus and the keyring and runs the inner tests inside them; otherwise these are ignored. On
//! Windows and macOS the real keychain belongs to the person who runs the tests, so it is left alone.

use std::io::{BufRead as _, BufReader, Read as _};
use std::net::TcpListener;
#[cfg(target_os = "linux")]
use std::process::Command;
use std::process::{Child, Stdio};
use std::sync::mpsc;
use std::thread;
use std::time::Duration;

use sim::{ApiClient, Config, World};

use crate::support::{Sandbox, Server, get, past};
#[cfg(unix)]
use crate::support::{end, signal, start, wait_until};

/// Set inside the bus.
const INSIDE: &str = "PANOPTO_CLI_TEST_KEYCHAIN";

#[cfg(target_os = "linux")]
#[test]
fn on_a_real_keychain() {
    for program in ["dbus-run-session", "gnome-keyring-daemon"] {
        let found = std::env::split_paths(&std::env::var_os("PATH").unwrap_or_default())
            .any(|folder| folder.join(program).is_file());
        if !found {
            eprintln!("SKIPPED: the journeys with a real keychain need `{program}`, which is not installed");
            return;
        }
    }
    let home = tempfile::tempdir().expect("a temporary folder");
    let script = "printf 'keyring password' | gnome-keyring-daemon --unlock --components=secrets >/dev/null && \
                  exec \"$0\" --ignored --exact --nocapture --test-threads=1 keychain::a_browser_journey \
                  keychain::a_password_journey keychain::the_env_file_of_the_scripts \
                  keychain::a_prompt_shows_no_secret keychain::the_browser_is_given_no_secret \
                  keychain::two_syncs_on_one_sign_in keychain::a_signal_during_a_renewal \
                  keychain::signing_out_during_a_sync";
    let output = Command::new("dbus-run-session")
        .args(["--", "sh", "-c", script])
        .arg(std::env::current_exe().expect("this program"))
        .env("HOME", home.path())
        .env("XDG_DATA_HOME", home.path().join("data"))
        .env("XDG_RUNTIME_DIR", home.path())
        .env("XDG_CONFIG_HOME", home.path().join("config"))
        .env(INSIDE, "1")
        .stdin(Stdio::null())
        .output()
        .expect("dbus-run-session starts");
    let said = format!("{}\n{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    assert!(output.status.success(), "{said}");
    assert!(said.contains("8 passed"), "{said}");
}

/// A sandbox on the surrounding bus.
fn on_the_bus() -> Sandbox {
    assert!(std::env::var_os(INSIDE).is_some(), "run by `on_a_real_keychain`");
    let mut sandbox = Sandbox::new();
    let bus = std::env::var("DBUS_SESSION_BUS_ADDRESS").expect("dbus-run-session sets it");
    let service = format!("Panopto Video Analytics test {}", std::process::id());
    sandbox.set("DBUS_SESSION_BUS_ADDRESS", bus).set("PANOPTO_ANALYTICS_KEYCHAIN_SERVICE", service);
    sandbox
}

/// A server whose browser sign-in may return to a free port, and that port's address.
fn server_for_browsers() -> (Server, String) {
    let port = TcpListener::bind("127.0.0.1:0").and_then(|free| free.local_addr()).expect("a free port").port();
    let redirect = format!("http://localhost:{port}/redirect");
    let client = ApiClient { redirects: vec![redirect.clone()], ..ApiClient::demo() };
    let config = Config { clients: vec![client], auto_approve: true, ..Config::default() };
    (Server::start(World::tiny(past()), config), redirect)
}

/// Waits for the line with the address that `login` prints, then reads until the end.
fn follow(child: &mut Child) -> (String, thread::JoinHandle<String>) {
    let mut lines = BufReader::new(child.stderr.take().expect("piped"));
    let (send, receive) = mpsc::channel();
    let reading = thread::spawn(move || {
        let mut all = String::new();
        let mut line = String::new();
        while lines.read_line(&mut line).is_ok_and(|length| length > 0) {
            if line.trim().starts_with("http") {
                let _ = send.send(line.trim().to_owned());
            }
            all.push_str(&line);
            line.clear();
        }
        all
    });
    (receive.recv_timeout(Duration::from_secs(20)).expect("the address is printed"), reading)
}

fn kept(sandbox: &Sandbox) -> Vec<(&'static str, String)> {
    let shown = sandbox.run(&["credentials", "show", "--json"]).exits_with(0).json();
    ["clientSecret", "password", "browserSignIn"]
        .map(|name| (name, shown["result"][name].as_str().unwrap_or("-").to_owned()))
        .into()
}

#[test]
#[ignore = "run by on_a_real_keychain, on a bus of its own"]
fn a_browser_journey() {
    let (server, redirect) = server_for_browsers();
    let sandbox = on_the_bus();
    let set = ["credentials", "set", "server", "client-id", "client-secret"];
    let input = format!("{}\n{}\n{}\n", server.url(), sim::DEMO_CLIENT_ID, sim::DEMO_CLIENT_SECRET);
    let ran = sandbox.run_with_input(&set, &input).exits_with(0);
    assert_eq!(ran.stdout, "Kept: server, client ID, client secret\n");
    sandbox.run(&["settings", "set", "--redirect", &redirect]).exits_with(0);
    sandbox.run(&["courses", "add", &server.course()]).exits_with(0);
    assert!(sandbox.run(&["sync"]).exits_with(3).stderr.contains("Nobody is signed in"));

    let mut child = sandbox
        .command(&["login", "--no-browser"])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the program starts");
    let (address, reading) = follow(&mut child);
    assert!(!address.contains(sim::DEMO_CLIENT_SECRET) && !address.contains("sim%2BSecret"), "{address}");
    let back = get(&address).location.expect("the server sends the browser back");
    assert!(back.starts_with(&redirect), "{back}");
    assert_eq!(get(&back.replace("localhost", "127.0.0.1")).status, 200, "a page that says it may be closed");
    let mut stdout = String::new();
    child.stdout.take().expect("piped").read_to_string(&mut stdout).expect("text");
    let stderr = reading.join().expect("it is read");
    assert!(child.wait().expect("it ends").success(), "{stderr}");
    assert!(stdout.contains("as Demo Teacher"), "{stdout}");
    assert!(
        TcpListener::bind(redirect.trim_start_matches("http://localhost").trim_end_matches("/redirect").replacen(
            ':',
            "127.0.0.1:",
            1
        ))
        .is_ok(),
        "the port is closed"
    );

    // Each run is a process of its own and uses up the refresh token that it finds; the next run finds the new one.
    for _ in 0..3 {
        sandbox.run(&["sync"]).exits_with(0);
    }
    assert!(server.sim().requests().iter().any(|entry| entry.route == sim::Route::LegacyLogin));
    assert!(!server.sim().requests().iter().any(|entry| entry.grant.as_deref() == Some("password")));

    // The key for pseudonyms is stored too.
    sandbox.run(&["export", "one", "--pseudonyms"]).exits_with(0);
    sandbox.run(&["export", "two", "--pseudonyms"]).exits_with(0);
    sandbox.run(&["export", "plain"]).exits_with(0);
    let csv = |folder: &str| std::fs::read_to_string(sandbox.path(folder).join("chunked_data.csv")).expect("written");
    assert_eq!(csv("one"), csv("two"));
    assert_ne!(csv("one"), csv("plain"));

    sandbox.run(&["logout"]).exits_with(0);
    let after: Vec<_> = kept(&sandbox);
    assert_eq!(after[0].1, "keychain", "the client secret stays");
    assert_eq!(after[2].1, "-");
    assert!(sandbox.run(&["sync"]).exits_with(3).stderr.contains("Nobody is signed in"));
    sandbox.run(&["logout", "--client-secret"]).exits_with(0);
    assert_eq!(kept(&sandbox)[0].1, "-");
}

/// A person who has signed in with the browser and has two data folders, and the server.
#[cfg(unix)]
fn signed_in() -> (Server, Sandbox) {
    let (server, redirect) = server_for_browsers();
    let sandbox = on_the_bus();
    let set = ["credentials", "set", "server", "client-id", "client-secret"];
    let input = format!("{}\n{}\n{}\n", server.url(), sim::DEMO_CLIENT_ID, sim::DEMO_CLIENT_SECRET);
    sandbox.run_with_input(&set, &input).exits_with(0);
    sandbox.run(&["settings", "set", "--redirect", &redirect]).exits_with(0);
    sign_in(&server, &sandbox);
    for data in ["data", "data2"] {
        let data = sandbox.path(data).display().to_string();
        sandbox.run(&["--data", &data, "courses", "add", &server.course()]).exits_with(0);
    }
    server.sim().clear_requests();
    (server, sandbox)
}

#[cfg(unix)]
fn renewals(server: &Server) -> usize {
    server.sim().requests().iter().filter(|entry| entry.grant.as_deref() == Some("refresh_token")).count()
}

/// Each process uses up the refresh token that it finds; none signs out another.
#[cfg(unix)]
#[test]
#[ignore = "run by on_a_real_keychain, on a bus of its own"]
fn two_syncs_on_one_sign_in() {
    let (server, sandbox) = signed_in();
    server.sim().config_mut().latency = Duration::from_millis(60);
    for _ in 0..3 {
        server.sim().expire_tokens();
        let runs: Vec<_> = ["data", "data2", "data", "data2"]
            .into_iter()
            .zip(["sync", "sync", "credentials", "credentials"])
            .map(|(data, command)| {
                let data = sandbox.path(data).display().to_string();
                let arguments = match command {
                    "sync" => vec!["--data", &data, "sync"],
                    _ => vec!["--data", &data, "credentials", "show", "--check"],
                };
                let child = sandbox.command(&arguments).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn();
                (command, child.expect("the program starts"))
            })
            .collect();
        for (command, child) in runs {
            end(&sandbox, child, &[command]).exits_with(0);
        }
    }
    sandbox.run(&["credentials", "show", "--check"]).exits_with(0);
    sandbox.run(&["logout", "--client-secret"]).exits_with(0);
}

/// The server has used up the token when the signal comes; the new one is stored all the same.
#[cfg(unix)]
#[test]
#[ignore = "run by on_a_real_keychain, on a bus of its own"]
fn a_signal_during_a_renewal() {
    let (server, sandbox) = signed_in();
    for (number, signals) in [&["-INT"][..], &["-TERM"], &["-HUP"], &["-INT", "-INT"]].into_iter().enumerate() {
        server.sim().config_mut().latency = Duration::from_millis(700);
        // Looking ends at the first signal, a sync stops.
        let arguments = if number % 2 == 0 { &["sync"][..] } else { &["credentials", "show", "--check"] };
        let before = renewals(&server);
        let child = start(&sandbox, arguments);
        wait_until("the renewal is in flight", || renewals(&server) > before);
        for name in signals {
            signal(&child, name);
            thread::sleep(Duration::from_millis(60));
        }
        end(&sandbox, child, arguments).exits_with(130);
        server.sim().config_mut().latency = Duration::ZERO;
        let next = sandbox.run(&["credentials", "show", "--check"]);
        assert_eq!(next.code, Some(0), "{signals:?}: {}", next.stderr);
    }
    sandbox.run(&["logout", "--client-secret"]).exits_with(0);
}

#[cfg(unix)]
#[test]
#[ignore = "run by on_a_real_keychain, on a bus of its own"]
fn signing_out_during_a_sync() {
    let (server, sandbox) = signed_in();
    for wait_ms in [0, 250, 500] {
        server.sim().config_mut().latency = Duration::from_millis(300);
        let child = start(&sandbox, &["sync"]);
        wait_until("the renewal is in flight", || renewals(&server) > 0);
        thread::sleep(Duration::from_millis(wait_ms));
        sandbox.run(&["logout"]).exits_with(0);
        server.sim().config_mut().latency = Duration::ZERO;
        let _ = child.wait_with_output().expect("it ends");
        assert_eq!(kept(&sandbox)[2].1, "-", "after {wait_ms} ms: nothing of the sign-in is left");
        server.sim().clear_requests();
        if wait_ms < 500 {
            sign_in(&server, &sandbox);
        }
    }
    sandbox.run(&["logout", "--client-secret"]).exits_with(0);
}

#[cfg(unix)]
fn sign_in(server: &Server, sandbox: &Sandbox) {
    let login = sandbox.command(&["login", "--no-browser"]).stdout(Stdio::null()).stderr(Stdio::piped()).spawn();
    let mut login = login.expect("the program starts");
    let (address, reading) = follow(&mut login);
    let back = get(&address).location.expect("the server sends the browser back");
    assert_eq!(get(&back.replace("localhost", "127.0.0.1")).status, 200);
    assert!(login.wait().expect("it ends").success(), "{}", reading.join().expect("it is read"));
    server.sim().clear_requests();
}

/// A program in place of the browser records what it receives.
#[cfg(target_os = "linux")]
#[test]
#[ignore = "run by on_a_real_keychain, on a bus of its own"]
fn the_browser_is_given_no_secret() {
    use std::os::unix::fs::PermissionsExt as _;

    let (server, redirect) = server_for_browsers();
    let mut sandbox = on_the_bus();
    let script = "#!/bin/sh\ntr '\\0' '\\n' < /proc/$$/environ > environment\nprintf '%s\\n' \"$@\" > arguments\nmv arguments opened\nsleep 2\n";
    let browser = sandbox.write("bin/xdg-open", script);
    std::fs::set_permissions(&browser, std::fs::Permissions::from_mode(0o755)).expect("it is ours");
    let path = std::env::var("PATH").expect("there is one");
    let secrets = [
        ("PANOPTO_CLIENT_SECRET", sim::DEMO_CLIENT_SECRET),
        ("PANOPTO_PASSWORD", sim::DEMO_PASSWORD),
        ("PANOPTO_ANALYTICS_PSEUDONYM_KEY", "a key that nobody guesses"),
    ];
    for (name, secret) in secrets {
        sandbox.set(name, secret);
    }
    sandbox.set("PATH", format!("{}:{path}", sandbox.path("bin").display()));
    sandbox.set("PANOPTO_SERVER", server.url()).set("PANOPTO_CLIENT_ID", sim::DEMO_CLIENT_ID);
    sandbox.run(&["settings", "set", "--redirect", &redirect]).exits_with(0);
    let mut child =
        sandbox.command(&["login"]).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("the program starts");
    let (address, reading) = follow(&mut child);
    let opened = sandbox.path("opened");
    for _ in 0..500 {
        if opened.exists() {
            break;
        }
        thread::sleep(Duration::from_millis(20));
    }
    let read = |name: &str| std::fs::read_to_string(sandbox.path(name)).expect("the browser was opened");
    assert_eq!(read("opened").trim(), address);
    let environment = read("environment");
    assert!(environment.contains("PANOPTO_CLIENT_ID=") && environment.contains("HOME="), "{environment}");
    for (name, secret) in secrets {
        for text in [&environment, &address] {
            assert!(!text.contains(name) && !text.contains(secret), "{name} in {text}");
        }
    }
    let back = get(&address).location.expect("the server sends the browser back");
    assert_eq!(get(&back.replace("localhost", "127.0.0.1")).status, 200);
    assert!(child.wait().expect("it ends").success(), "{}", reading.join().expect("it is read"));
    sandbox.run(&["logout", "--client-secret"]).exits_with(0);
}

#[test]
#[ignore = "run by on_a_real_keychain, on a bus of its own"]
fn a_password_journey() {
    let server = Server::tiny();
    let sandbox = on_the_bus();
    let set = ["credentials", "set", "server", "client-id", "client-secret", "username", "password"];
    let lines = |password: &str| {
        let (url, id, secret, user) = (server.url(), sim::DEMO_CLIENT_ID, sim::DEMO_CLIENT_SECRET, sim::DEMO_USER);
        format!("{url}\n{id}\n{secret}\n{user}\n{password}\n")
    };
    let ran = sandbox.run_with_input(&set, &lines("wrong")).exits_with(3);
    assert!(ran.stderr.contains("does not accept this user name and password"), "{}", ran.stderr);
    assert_eq!(kept(&sandbox)[1].1, "-", "a wrong password is not kept");
    let ran = sandbox.run_with_input(&set, &lines(sim::DEMO_PASSWORD)).exits_with(0);
    assert!(ran.stderr.contains("The server accepts the password of Demo Teacher"), "{}", ran.stderr);
    assert_eq!(kept(&sandbox)[1].1, "keychain");
    sandbox.run(&["courses", "add", &server.course()]).exits_with(0);
    sandbox.run(&["sync"]).exits_with(0);
    sandbox.run(&["logout", "--client-secret"]).exits_with(0);
    assert!(kept(&sandbox).iter().all(|(_, place)| place == "-"));
}

#[test]
#[ignore = "run by on_a_real_keychain, on a bus of its own"]
fn the_env_file_of_the_scripts() {
    let server = Server::tiny();
    let sandbox = on_the_bus();
    let env = format!(
        "# credentials\nSERVER='{}'\nUSERNAME='{}'\nPASSWORD='{}'\nCLIENT_ID={}\nCLIENT_SECRET=\"{}\"\nDEBUG=1\n",
        server.url(),
        sim::DEMO_USER,
        sim::DEMO_PASSWORD,
        sim::DEMO_CLIENT_ID,
        sim::DEMO_CLIENT_SECRET
    );
    sandbox.write("scripts/.env", env);
    let ran = sandbox.run(&["credentials", "import-env", "scripts/.env"]).exits_with(0);
    assert!(ran.stdout.contains("SERVER, USERNAME, PASSWORD, CLIENT_ID, CLIENT_SECRET"), "{}", ran.stdout);
    assert!(ran.stdout.contains("Left alone: DEBUG"), "{}", ran.stdout);
    assert!(ran.stderr.contains("delete the .env file") && !ran.stderr.contains("warning"), "{}", ran.stderr);
    sandbox.run(&["credentials", "show", "--check"]).exits_with(0);
    // An error inside a file does not mean that the call is wrong; on standard input it does.
    sandbox.write("damaged.env", "SERVER=uni.example\nPASSWORD s3cret\n");
    let ran = sandbox.run(&["credentials", "import-env", "damaged.env"]).exits_with(1);
    assert!(ran.stderr.contains("Line 2") && !ran.stderr.contains("s3cret"), "{}", ran.stderr);
    sandbox.run_with_input(&["credentials", "import-env", "-"], "PASSWORD s3cret\n").exits_with(2);
    sandbox.write("odd.env", format!("SERVER='{}'\nCLIENT_ID=abc\n", server.url()));
    let ran = sandbox.run(&["-q", "credentials", "import-env", "odd.env"]).exits_with(0);
    assert!(ran.stderr.starts_with("warning: The client ID is not a GUID"), "{}", ran.stderr);
    sandbox.run(&["logout", "--client-secret"]).exits_with(0);
    for (name, bytes) in sandbox.files("config") {
        let text = String::from_utf8_lossy(&bytes).into_owned();
        assert!(!text.contains("sim+Secret") && !text.contains("p&ss"), "{name}: {text}");
    }
}

#[cfg(target_os = "linux")]
#[test]
#[ignore = "run by on_a_real_keychain, on a bus of its own"]
fn a_prompt_shows_no_secret() {
    use crate::support::OnTerminal;
    let mut sandbox = on_the_bus();
    sandbox.set("PANOPTO_SERVER", "uni.example");
    let echo = "stty -a | tr ' ;' '\\n\\n' | grep -x -- '-*echo'";
    let command = format!("trap : INT; $PROGRAM credentials set username client-secret; echo code $?; {echo}");
    let Some(mut terminal) = OnTerminal::start(&sandbox, &command) else {
        eprintln!("SKIPPED: prompts are tried with `script` (util-linux), which is not installed");
        return;
    };
    terminal.wait_for("Panopto user name");
    terminal.press("jsmith\n");
    terminal.wait_for("Client secret (is not shown): ");
    terminal.press("s3cret+/=\n");
    let (_, seen) = terminal.end();
    assert!(seen.contains("jsmith") && seen.contains("code 0"), "{seen}");
    assert!(!seen.contains("s3cret"), "{seen}");
    assert!(seen.trim_end().ends_with("\necho"), "what is typed is shown again: {seen}");
    assert_eq!(kept(&sandbox)[0].1, "keychain");

    // Ctrl-C while a secret is being typed.
    let mut terminal = OnTerminal::start(&sandbox, &command).expect("it started before");
    terminal.wait_for("Panopto user name");
    terminal.press("\n");
    terminal.wait_for("Client secret (is not shown): ");
    terminal.press("s3c\u{3}");
    let (_, seen) = terminal.end();
    assert!(seen.contains("code 130"), "{seen}");
    assert!(!seen.contains("s3c"), "{seen}");
    assert!(seen.trim_end().ends_with("\necho"), "what is typed is shown again: {seen}");
    sandbox.run(&["logout", "--client-secret"]).exits_with(0);
}
