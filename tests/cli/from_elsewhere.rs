//! Lists, pipes and paths in the forms in which spreadsheets, shells and mail programs pass them on.

use std::fmt::Write as _;

use crate::support::{Sandbox, Server, password_variables};

const GEOG: &str = "3f6d2c1a-8b54-4e0f-9c37-b21e00a4d5f1";
const PSYC: &str = "c09be7d4-51f2-47a6-8e1d-b21e00a4f0a3";

/// The names and IDs on the course list.
fn listed(sandbox: &Sandbox) -> Vec<(String, String)> {
    let listed = sandbox.run(&["courses", "list", "--json"]).exits_with(0).json();
    let text = |course: &serde_json::Value, key: &str| course[key].as_str().expect("text").to_owned();
    let courses = listed["result"]["courses"].as_array().expect("courses").clone();
    courses.iter().map(|course| (text(course, "name"), text(course, "id"))).collect()
}

fn utf16(text: &str) -> Vec<u8> {
    text.encode_utf16().flat_map(u16::to_le_bytes).collect()
}

#[test]
fn course_lists_are_read_as_spreadsheets_write_them() {
    let both = [("GEOG 204, Été".to_owned(), GEOG.to_owned()), ("PSYC".to_owned(), PSYC.to_owned())];
    let semicolons =
        format!("\u{feff}\"PanoptoFolderName\";\"PanoptoFolderID\"\r\n\"GEOG 204, Été\";{GEOG}\r\nPSYC;{PSYC}\r\n");
    let tabs = semicolons.replace(';', "\t");
    let short =
        format!("PanoptoFolderName,PanoptoFolderID,Instructor\r\n\"GEOG 204, Été\",{GEOG},Lee\r\nPSYC,{PSYC}\r\n");
    let invisible =
        format!("PanoptoFolderName,PanoptoFolderID\n\"GEOG 204, Été\",\u{a0}{GEOG}\u{200b}\nPSYC\u{a0},{PSYC}\n");
    for (what, bytes) in [
        ("semicolons", semicolons.clone().into_bytes()),
        ("tabs", tabs.clone().into_bytes()),
        ("UTF-16 with tabs", utf16(&tabs)),
        ("UTF-16 without a mark", utf16(tabs.trim_start_matches('\u{feff}'))),
        ("missing trailing cells", short.into_bytes()),
        ("characters that cannot be seen", invisible.into_bytes()),
    ] {
        let mut sandbox = Sandbox::new();
        sandbox.always(&["--no-keychain"]).write("list.csv", &bytes);
        sandbox.run(&["courses", "import", "list.csv"]).exits_with(0);
        assert_eq!(listed(&sandbox), both, "{what}");
        // The same list as that of the data folder itself.
        sandbox.write("data/courses.csv", &bytes);
        assert_eq!(listed(&sandbox), both, "{what}");
    }
}

#[test]
fn what_cannot_be_seen_in_an_id_is_named() {
    let sandbox = Sandbox::new();
    let id = format!("{}\u{200b}{}", &GEOG[..8], &GEOG[8..]);
    sandbox.write("list.csv", format!("PanoptoFolderName,PanoptoFolderID\nGEOG,{id}\n"));
    let refused = sandbox.run(&["courses", "import", "list.csv"]).exits_with(1);
    assert!(refused.stderr.contains("`3f6d2c1a<U+200B>-8b54-"), "{}", refused.stderr);
    // A line without its ID is not a short line but a line without a course.
    sandbox.write("list.csv", "PanoptoFolderName,PanoptoFolderID\nGEOG\n");
    let refused = sandbox.run(&["courses", "import", "list.csv"]).exits_with(1);
    assert!(refused.stderr.contains("Line 2") && refused.stderr.contains("PanoptoFolderID"), "{}", refused.stderr);
}

#[test]
fn piped_text_may_begin_with_a_byte_order_mark_or_be_utf_16() {
    let text = format!("\u{feff}{GEOG}\r\n{PSYC}\r\n");
    let mut sandbox = Sandbox::new();
    sandbox.always(&["--no-keychain"]);
    sandbox.run_with_input(&["courses", "add", "-"], &text).exits_with(0);
    assert_eq!(listed(&sandbox).len(), 2);
    let ran = sandbox.run_with_bytes(&["courses", "add", "-", "--json"], &utf16(&text)).exits_with(0);
    assert_eq!(ran.json()["result"]["alreadyThere"].as_array().map(Vec::len), Some(2));
    let id = "5eb1ee0b-a28e-4bb0-8f55-b2f0010b4f64";
    sandbox
        .run_with_input(&["credentials", "set", "server", "client-id"], &format!("\u{feff}uni.example\r\n{id}\r\n"))
        .exits_with(0);
    let shown = sandbox.run(&["settings", "show", "--json"]).exits_with(0).json();
    assert_eq!(
        (shown["result"]["server"].as_str(), shown["result"]["clientId"].as_str()),
        (Some("uni.example"), Some(id))
    );
}

#[test]
fn more_than_a_megabyte_is_refused_and_not_cut() {
    let sandbox = Sandbox::new();
    let mut text = String::new();
    while text.len() <= 1 << 20 {
        writeln!(text, "{GEOG}").expect("strings take it");
    }
    let refused = sandbox.run_with_input(&["--no-keychain", "courses", "add", "-"], &text).exits_with(2);
    assert!(refused.stderr.contains("longer than a megabyte"), "{}", refused.stderr);
}

#[test]
fn a_tilde_that_no_shell_replaced_is_the_home_folder() {
    let mut sandbox = Sandbox::new();
    sandbox.always(&["--no-keychain"]);
    sandbox.write("home/list.csv", format!("PanoptoFolderName,PanoptoFolderID\nGEOG,{GEOG}\n"));
    sandbox.run_bare(&["--no-keychain", "--data=~/panopto", "courses", "import", "~/list.csv"]).exits_with(0);
    assert!(sandbox.path("home/panopto/courses.csv").is_file());
    assert!(!sandbox.path("~").exists());
    sandbox.run_bare(&["settings", "set", "--data-folder", "~/panopto"]).exits_with(0);
    let shown = sandbox.run_bare(&["settings", "show", "--json"]).exits_with(0).json();
    let folder = shown["result"]["dataFolder"].as_str().expect("a path").to_owned();
    assert_eq!(std::path::Path::new(&folder), sandbox.path("home/panopto"));
    let refused = sandbox.run_bare(&["--data", "~anna/panopto", "status"]).exits_with(2);
    assert!(refused.stderr.contains("home folder of another user"), "{}", refused.stderr);
}

#[test]
fn an_import_asks_the_server_whether_a_folder_is_there() {
    let server = Server::tiny();
    let mut sandbox = Sandbox::new();
    password_variables(&mut sandbox, &server);
    sandbox.always(&["--no-keychain"]);
    let list = format!("PanoptoFolderName,PanoptoFolderID\nGone,{GEOG}\nOld name,{}\n", server.course());
    sandbox.write("list.csv", list);
    let ran = sandbox.run(&["courses", "import", "list.csv"]).exits_with(5);
    assert!(ran.stderr.contains("Not added: `Gone`"), "{}", ran.stderr);
    assert_eq!(listed(&sandbox), [("TINY 100 A & B".to_owned(), server.course())]);
}
