//! Connecting and signing in, in both ways; and no secret comes back.

use std::io::{Read as _, Write as _};
use std::net::TcpStream;

use serde_json::{Value, json};

use crate::support::{CHANNEL, Program, connected, serve, set_connection};

#[test]
fn nothing_is_set_up_at_first() {
    let program = Program::start();
    let connection = program.get("connection_get", json!({}));
    assert_eq!(connection["signIn"]["state"], "notConfigured");
    assert_eq!(connection["redirectUrl"], sim::DEMO_REDIRECT);
    assert_eq!(program.get("app_state", json!({}))["configured"], false);
    assert_eq!(program.refusal("folders_search", json!({ "query": "x" }))["code"], "not-configured");
}

#[test]
fn a_link_into_the_server_is_cut_to_it_and_nonsense_is_refused() {
    let program = Program::start();
    let set = |server: &str| json!({ "request": { "server": server, "clientId": "id", "clientSecret": null, "pkce": false } });
    let connection = program.get("connection_set", set("https://uni.example/Panopto/Pages/Home.aspx?x=1"));
    assert_eq!(
        (&connection["server"], &connection["signIn"]["state"]),
        (&json!("uni.example"), &json!("notConfigured"))
    );
    for wrong in ["http://uni.example", "not a server", "ftp://uni.example", ""] {
        let code = program.refusal("connection_set", set(wrong))["code"].clone();
        assert!(code == "invalid-input" || code == "not-configured", "{wrong}: {code}");
    }
    assert_eq!(program.get("connection_get", json!({}))["server"], "uni.example");
}

#[test]
fn a_wrong_password_is_refused_and_not_kept() {
    let program = Program::start();
    let server = serve(sim::Config::default());
    let connection = set_connection(&program, &server);
    assert_eq!((&connection["signIn"]["state"], &connection["hasClientSecret"]), (&json!("signedOut"), &json!(true)));
    let wrong = json!({ "request": { "userName": sim::DEMO_USER, "password": "wrong" } });
    let refusal = program.refusal("sign_in_password", wrong);
    assert_eq!(refusal["code"], "bad-credentials");
    assert!(refusal["hint"].is_string());
    assert_eq!(program.get("connection_get", json!({}))["hasPassword"], false);
}

#[test]
fn signing_in_with_a_password_lasts_and_signing_out_forgets_every_secret() {
    let (program, _server) = connected();
    let state = program.get("app_state", json!({}));
    assert_eq!((&state["signIn"]["state"], &state["signIn"]["method"]), (&json!("signedIn"), &json!("password")));
    assert_eq!(program.get("who_am_i", json!({})), state["signIn"]);
    let shown = program.get("connection_get", json!({})).to_string();
    assert!(!shown.contains(sim::DEMO_PASSWORD) && !shown.contains(sim::DEMO_CLIENT_SECRET));
    let connection = program.get("sign_out", json!({}));
    assert_eq!((&connection["hasPassword"], &connection["hasClientSecret"]), (&json!(false), &json!(false)));
    assert_eq!(connection["signIn"]["state"], "notConfigured");
}

#[test]
fn a_server_that_is_gone_is_a_network_error() {
    let (program, server) = connected();
    tauri::async_runtime::block_on(server.stop());
    assert_eq!(program.refusal("who_am_i", json!({}))["code"], "network");
    // The sign-in is still there, because nobody said that it was wrong.
    assert_eq!(program.get("app_state", json!({}))["signIn"]["state"], "signedIn");
}

/// Follows the addresses as a browser does, but with plain sockets, because everything is on this computer.
pub(crate) fn follow(address: &str) {
    let mut next = Some(address.to_owned());
    for _ in 0..5 {
        let Some(address) = next.take() else { return };
        let url: tauri::Url = address.parse().unwrap();
        let (host, port) = ("127.0.0.1", url.port_or_known_default().unwrap());
        let mut stream = TcpStream::connect((host, port)).unwrap();
        let target = format!("{}?{}", url.path(), url.query().unwrap_or_default());
        write!(
            stream,
            "GET {target} HTTP/1.1\r\nHost: {}:{port}\r\nConnection: close\r\n\r\n",
            url.host_str().unwrap()
        )
        .unwrap();
        let mut reply = String::new();
        let _ = stream.read_to_string(&mut reply);
        let location =
            reply.lines().find_map(|line| line.strip_prefix("location: ").or(line.strip_prefix("Location: ")));
        next = location.map(|location| location.trim().to_owned());
    }
}

#[test]
fn signing_in_with_the_browser_and_stopping_it() {
    let program = Program::start();
    let server = serve(sim::Config { auto_approve: true, ..sim::Config::default() });
    set_connection(&program, &server);
    let sign_in = |job: &str| json!({ "jobId": job, "onEvent": CHANNEL });
    let signing_in = program.begin("sign_in_browser", sign_in("one"));
    let page = wait_for(|| program.desktop.opened.lock().unwrap().first().cloned());
    assert!(page.starts_with(&server.base_url()) && !page.contains(sim::DEMO_CLIENT_SECRET), "{page}");
    assert_eq!(program.refusal("sign_in_browser", sign_in("two"))["code"], "busy");
    follow(&page);
    let connection = signing_in.join().unwrap().unwrap();
    let state = (&connection["signIn"]["state"], &connection["signIn"]["method"]);
    assert_eq!(state, (&json!("signedIn"), &json!("browser")));

    let signing_in = program.begin("sign_in_browser", sign_in("three"));
    wait_for(|| program.desktop.opened.lock().unwrap().get(1).cloned());
    program.get("job_cancel", json!({ "jobId": "three" }));
    assert_eq!(signing_in.join().unwrap().unwrap_err()["code"], "cancelled");
}

pub(crate) fn wait_for<T>(mut look: impl FnMut() -> Option<T>) -> T {
    for _ in 0..2400 {
        if let Some(found) = look() {
            return found;
        }
        std::thread::sleep(std::time::Duration::from_millis(25));
    }
    panic!("nothing came within a minute");
}

#[test]
fn the_env_file_of_the_scripts_is_taken_over() {
    let program = Program::start();
    let file = program.dir.path().join(".env");
    std::fs::write(&file, "SERVER=uni.example\nUSERNAME='ann'\nPASSWORD=p#w\nCLIENT_ID=id\nCLIENT_SECRET=s+/=\n")
        .unwrap();
    program.desktop.will_pick(&file);
    let import = program.get("env_import_pick", json!({}));
    assert_eq!(import["taken"], json!(["server", "user name", "password", "client ID", "client secret"]));
    assert_eq!(import["connection"]["hasPassword"], true);
    assert!(!import.to_string().contains("p#w") && !import.to_string().contains("s+/="));
    assert_eq!(program.get("env_import_pick", json!({})), Value::Null);
    let refusal = program.refusal("env_import_path", json!({ "path": program.dir.path() }));
    assert!(refusal["message"].as_str().unwrap().contains("it is a folder"));
}

#[test]
fn the_text_for_the_it_department_names_the_server() {
    let program = Program::start();
    let text = program.get("it_text", json!({ "server": "uni.example" }));
    assert!(text.as_str().unwrap().contains("uni.example") && text.as_str().unwrap().contains(sim::DEMO_REDIRECT));
}
