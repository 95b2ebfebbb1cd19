//! Every subcommand on a small world, with everything that it prints.

use crate::support::{Sandbox, Server, password_variables, snapshot};

fn signed_in(server: &Server) -> Sandbox {
    let mut sandbox = Sandbox::new();
    password_variables(&mut sandbox, server);
    // Keychains differ from computer to computer; `credentials.rs` tests what is said about them.
    sandbox.always(&["--no-keychain"]);
    sandbox
}

/// A link as people copy it from the browser.
fn link(server: &Server) -> String {
    format!("{}/Panopto/Pages/Sessions/List.aspx#folderID=%22{}%22&view=0", server.url(), server.course())
}

#[test]
fn the_course_list() {
    let server = Server::tiny();
    let sandbox = signed_in(&server);
    let course = server.course();
    let subfolder = server.sim().world().folders[1].id.to_string();
    let all: Vec<String> = [
        sandbox.run(&["courses", "add", &link(&server), &course]).exits_with(0),
        sandbox.run(&["courses", "list"]).exits_with(0),
        sandbox.run(&["courses", "list", "--json"]).exits_with(0),
        sandbox.run_with_input(&["courses", "add", "-", "--json"], &format!("{subfolder}\n\n{course}\n")).exits_with(0),
        sandbox.run(&["courses", "remove", &subfolder]).exits_with(0),
        sandbox.run(&["courses", "remove", &subfolder]).exits_with(1),
        sandbox.run(&["sync"]).exits_with(0),
        sandbox.run(&["chunk", "--timezone", "UTC"]).exits_with(0),
        sandbox.run(&["courses", "remove", &link(&server), "--delete-data", "--json"]).exits_with(0),
        sandbox.run(&["courses", "list"]).exits_with(0),
        sandbox.run(&["sync"]).exits_with(1),
    ]
    .iter()
    .map(crate::support::Ran::shown)
    .collect();
    snapshot!("courses", all.join("\n"));
    let viewer = server.sim().world().views[0].user.to_string();
    for (name, bytes) in sandbox.files("data") {
        assert!(!String::from_utf8_lossy(&bytes).contains(&viewer), "{name} still holds viewing records");
    }
}

#[test]
fn a_list_of_courses_from_a_file() {
    let server = Server::tiny();
    let mut sandbox = signed_in(&server);
    // If the server cannot be asked, the list is believed.
    sandbox.unset("PANOPTO_PASSWORD");
    let file = sandbox.write(
        "old/courses.csv",
        "PanoptoFolderName,PanoptoFolderID\n\"COMM 290, Análisis\",6513270e-269e-4d37-b2a7-4de452e6b438\nCOMM 291,{720ECD90-37F0-433D-A28F-01B129741837}\n",
    );
    let file = file.display().to_string();
    let all = [
        sandbox.run(&["courses", "import", &file]).exits_with(0).shown(),
        sandbox.run(&["courses", "import", &file, "--json"]).exits_with(0).shown(),
        sandbox.run(&["courses", "list"]).exits_with(0).shown(),
    ];
    snapshot!("courses_import", all.join("\n"));
}

#[test]
fn offline_a_course_is_named_by_its_first_sync() {
    let server = Server::tiny();
    let mut sandbox = signed_in(&server);
    sandbox.unset("PANOPTO_PASSWORD");
    let added = sandbox.run(&["courses", "add", &link(&server)]).exits_with(0).shown();
    let listed = sandbox.run(&["courses", "list"]).exits_with(0).shown();
    sandbox.set("PANOPTO_PASSWORD", sim::DEMO_PASSWORD);
    sandbox.run(&["-q", "sync"]).exits_with(0);
    let named = sandbox.run(&["courses", "list"]).exits_with(0).shown();
    snapshot!("courses_offline", [added, listed, named].join("\n"));
}

#[test]
fn sync_and_status() {
    let server = Server::tiny();
    let sandbox = signed_in(&server);
    sandbox.run(&["courses", "add", &server.course()]).exits_with(0);
    let before = sandbox.run(&["status"]).exits_with(0).shown();
    let first = sandbox.run(&["sync"]).exits_with(0).shown();
    let calls = server.usage_calls();
    let again = sandbox.run(&["sync", "--json"]).exits_with(0).shown();
    assert_eq!(server.usage_calls(), calls, "up to date: no usage call");
    let all = [
        before,
        first,
        again,
        sandbox.run(&["sync", "--course", &server.course(), "--lookback", "10"]).exits_with(0).shown(),
        sandbox.run(&["sync", "--course", "720ecd90-37f0-433d-a28f-01b129741837"]).exits_with(1).shown(),
        sandbox.run(&["sync", "--lookback", "400"]).exits_with(2).shown(),
        sandbox.run(&["sync", "--json", "--progress"]).exits_with(0).shown(),
        sandbox.run(&["status"]).exits_with(0).shown(),
        sandbox.run(&["status", "--json"]).exits_with(0).shown(),
    ];
    snapshot!("sync_and_status", all.join("\n"));
}

#[test]
fn chunk_and_export() {
    let server = Server::tiny();
    let sandbox = signed_in(&server);
    sandbox.run(&["courses", "add", &server.course()]).exits_with(0);
    // The state after a first sync that was stopped early: a folder, but no list of videos yet.
    std::fs::create_dir_all(sandbox.data().join(format!("database/TINY[{}]", server.course())))
        .expect("it can be made");
    let before = sandbox.files("data");
    let early = sandbox.run(&["export", "out", "--timezone", "UTC"]).exits_with(1).shown();
    let too_early = sandbox.run(&["chunk", "--timezone", "UTC", "--json"]).exits_with(1).shown();
    assert_eq!(sandbox.files("data"), before, "nothing is written");
    assert!(!sandbox.path("out").exists(), "nor made");
    sandbox.run(&["sync"]).exits_with(0);
    let all = [
        early,
        too_early,
        sandbox.run(&["chunk", "--timezone", "America/Vancouver"]).exits_with(0).shown(),
        sandbox.run(&["chunk", "--timezone", "America/Vancouver", "--json"]).exits_with(0).shown(),
        sandbox.run(&["export", "out", "--timezone", "America/Vancouver"]).exits_with(0).shown(),
        sandbox
            .run(&[
                "export",
                "out",
                "--timezone",
                "Europe/Zurich",
                "--course",
                &server.course(),
                "--guard-formulas",
                "--json",
            ])
            .exits_with(0)
            .shown(),
        sandbox.run(&["export", "out", "--pseudonyms", "--timezone", "UTC"]).exits_with(3).shown(),
        sandbox.run(&["export", "data/database/x", "--timezone", "UTC"]).exits_with(2).shown(),
        sandbox.run(&["export", "out", "--timezone", "Mars/Olympus"]).exits_with(2).shown(),
        sandbox
            .run(&["export", "out", "--timezone", "UTC", "--course", "720ecd90-37f0-433d-a28f-01b129741837"])
            .exits_with(1)
            .shown(),
    ];
    snapshot!("chunk_and_export", all.join("\n"));
    let files: Vec<String> = sandbox.files("out").into_iter().map(|(name, _)| name).collect();
    assert_eq!(files, ["chunked_data.csv", "panopto_viewing.twb", "sessions_overview.csv"]);
}

#[test]
fn only_a_guarded_export_differs_from_the_output() {
    let sandbox = Sandbox::new();
    crate::support::golden(&sandbox, "data", false);
    let list = std::fs::read_to_string(sandbox.data().join("courses.csv")).expect("it is text");
    let overview = sandbox
        .files("data")
        .into_iter()
        .find(|(name, _)| name.contains("COMM 291") && name.ends_with("sessions_overview.csv"))
        .expect("the fixture has it");
    let text = String::from_utf8(overview.1).expect("it is text");
    let name = text.lines().nth(1).and_then(|line| line.split(',').nth(5)).expect("a video's name").to_owned();
    sandbox.write(&format!("data/{}", overview.0), text.replacen(&name, "=HYPERLINK(1)", 1));
    sandbox.run(&["-q", "export", "plain", "--timezone", "America/Los_Angeles"]).exits_with(0);
    sandbox.run(&["-q", "export", "guarded", "--timezone", "America/Los_Angeles", "--guard-formulas"]).exits_with(0);
    let csv = |folder: &str, file: &str| std::fs::read_to_string(sandbox.path(folder).join(file)).expect("it is text");
    for file in ["chunked_data.csv", "sessions_overview.csv"] {
        assert_eq!(csv("plain", file), csv("data/output[CHUNKED]/tableau", file), "as the scripts wrote it");
    }
    assert_eq!(csv("plain", "chunked_data.csv"), csv("guarded", "chunked_data.csv"));
    let (plain, guarded) = (csv("plain", "sessions_overview.csv"), csv("guarded", "sessions_overview.csv"));
    assert_eq!(plain.matches(",=HYPERLINK").count(), 1, "{plain}");
    assert_eq!(guarded, plain.replace(",=HYPERLINK", ",'=HYPERLINK"));
    assert_eq!(std::fs::read_to_string(sandbox.data().join("courses.csv")).expect("it is text"), list);
}

#[test]
fn charts_of_a_video() {
    let server = Server::tiny();
    let sandbox = signed_in(&server);
    sandbox.run(&["courses", "add", &server.course()]).exits_with(0);
    sandbox.run(&["sync"]).exits_with(0);
    let video = server.sim().world().sessions[1].id.to_string();
    let all = [
        sandbox.run(&["chart", &video, "--out", "a.svg", "--timezone", "UTC"]).exits_with(0).shown(),
        sandbox
            .run(&[
                "chart",
                &video,
                "--out",
                "b.svg",
                "--kind",
                "average-time",
                "--theme",
                "dark",
                "--timezone",
                "UTC",
                "--json",
            ])
            .exits_with(0)
            .shown(),
        sandbox
            .run(&[
                "chart",
                &video,
                "--out",
                "c.png",
                "--kind",
                "across-time",
                "--theme",
                "print",
                "--timezone",
                "UTC",
                "--from",
                "2021-12-28",
                "--to",
                "2021-12-29",
            ])
            .exits_with(0)
            .shown(),
        sandbox
            .run(&["chart", &video, "--out", "none.svg", "--timezone", "UTC", "--to", "1999-12-31"])
            .exits_with(0)
            .shown(),
        sandbox.run(&["chart", &video, "--out", "d.gif"]).exits_with(2).shown(),
        sandbox
            .run(&["chart", &video, "--out", "d.svg", "--from", "2022-01-02", "--to", "2022-01-01"])
            .exits_with(2)
            .shown(),
        sandbox.run(&["chart", "720ecd90-37f0-433d-a28f-01b129741837", "--out", "d.svg"]).exits_with(1).shown(),
        sandbox.run(&["chart", &video, "--out", "missing/folder/d.svg"]).exits_with(1).shown(),
    ];
    snapshot!("chart", all.join("\n"));
    let svg = std::fs::read_to_string(sandbox.path("a.svg")).expect("it was written");
    assert!(svg.starts_with("<svg") && svg.contains("Second") && svg.trim_end().ends_with("</svg>"));
    assert!(svg.contains("all dates, ") && svg.contains(" 2021"), "a chart that stands alone says its years");
    assert!(std::fs::read(sandbox.path("c.png")).expect("it was written").starts_with(b"\x89PNG"));
}

#[test]
fn names_from_the_server_do_nothing_on_a_terminal() {
    let server = Server::tiny();
    {
        let mut world = server.sim().world();
        world.folders[0].name = "COMM \u{1b}[31mred\u{7}\u{202e}dne\u{1b}]0;title\u{7}".to_owned();
        world.sessions[0].name = "\u{1b}[2Jgone".to_owned();
    }
    let sandbox = signed_in(&server);
    sandbox.run(&["courses", "add", &server.course()]).exits_with(0);
    for arguments in
        [&["sync"][..], &["status"], &["courses", "list"], &["chunk"], &["export", "out"], &["-vv", "sync"]]
    {
        let ran = sandbox.run(arguments).exits_with(0);
        for text in [&ran.stdout, &ran.stderr] {
            let bad = text.chars().find(|c| (c.is_control() && *c != '\n') || *c == '\u{202e}');
            assert_eq!(bad, None, "{arguments:?}: {text:?}");
        }
    }
}

#[test]
fn a_reader_that_goes_away_is_no_failure() {
    let sandbox = Sandbox::new();
    let mut command = sandbox.command(&["completions", "bash"]);
    let mut child = command.stdout(std::process::Stdio::piped()).spawn().expect("the program starts");
    drop(child.stdout.take());
    assert!(child.wait().expect("it ends").success());
}
