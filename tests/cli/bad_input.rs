//! Input that cannot be used, and the sentence for it. Each sentence names the file, line or call and says what to do.

use crate::support::{Ran, Sandbox, Server, golden, password_variables, past, snapshot};

const COURSE: &str = "6513270e-269e-4d37-b2a7-4de452e6b438";

fn job(server: &Server) -> Sandbox {
    let mut sandbox = Sandbox::new();
    password_variables(&mut sandbox, server);
    sandbox.always(&["--no-keychain"]);
    sandbox
}

fn all(ran: &[Ran]) -> String {
    ran.iter().map(Ran::shown).collect::<Vec<_>>().join("\n")
}

#[test]
fn a_course_list_with_a_wrong_header() {
    let sandbox = Sandbox::new();
    let list = |text: &str| sandbox.write("data/courses.csv", text);
    let mut ran = Vec::new();
    for text in [
        "Name,ID\nCOMM 290,6513270e-269e-4d37-b2a7-4de452e6b438\n",
        "PanoptoFolderName|PanoptoFolderID\nCOMM 290|6513270e-269e-4d37-b2a7-4de452e6b438\n",
    ] {
        let file = list(text);
        ran.push(sandbox.run(&["courses", "list"]).exits_with(1));
        assert_eq!(std::fs::read_to_string(&file).expect("it is there"), text, "what the user wrote stays");
    }
    snapshot!("bad_header", all(&ran));
}

#[test]
fn a_course_list_with_a_bad_id() {
    let sandbox = Sandbox::new();
    let text = "PanoptoFolderName,PanoptoFolderID\nCOMM 290,6513270e-269e-4d37-b2a7-4de452e6b438\nCOMM 291,720ecd90-37f0-433d\n";
    sandbox.write("data/courses.csv", text);
    sandbox.write("other/courses.csv", text);
    let ran = [
        sandbox.run(&["status"]).exits_with(1),
        sandbox.run(&["courses", "add", COURSE]).exits_with(1),
        sandbox.run(&["--data", "fresh", "courses", "import", "other/courses.csv", "--json"]).exits_with(1),
        sandbox.run(&["courses", "import", "missing.csv"]).exits_with(1),
    ];
    snapshot!("bad_id_in_list", all(&ran));
}

#[test]
fn folders_that_are_none() {
    let server = Server::tiny();
    let sandbox = job(&server);
    let url = server.url();
    let course = server.course();
    let hidden = server.sim().world().folders[1].id;
    server.sim().world().folders[1].visible = false;
    let ran = [
        sandbox.run(&["courses", "add", "COMM 290"]).exits_with(2),
        sandbox.run(&["courses", "add", "6513270e-269e-4d37-b2a7"]).exits_with(2),
        sandbox.run(&["courses", "add", ""]).exits_with(2),
        sandbox
            .run(&[
                "courses",
                "add",
                &format!("https://other.hosted.panopto.com/Panopto/Pages/Sessions/List.aspx#folderID={course}"),
            ])
            .exits_with(2),
        sandbox.run(&["courses", "add", &format!("{url}/Panopto/Pages/Viewer.aspx?id={course}")]).exits_with(2),
        sandbox
            .run(&["courses", "add", &format!("{url}/Panopto/Pages/Sessions/List.aspx#folderID=%22123%22")])
            .exits_with(2),
        sandbox.run(&["courses", "add", COURSE]).exits_with(1),
        sandbox.run(&["courses", "add", &hidden.to_string()]).exits_with(3),
        sandbox.run(&["courses", "add", "nonsense", &course, COURSE]).exits_with(5),
        sandbox.run(&["courses", "remove", "nonsense"]).exits_with(1),
    ];
    snapshot!("bad_folders", all(&ran));
}

#[test]
fn a_link_before_a_server_is_set() {
    let sandbox = Sandbox::new();
    let link = |site: &str| format!("{site}/Panopto/Pages/Sessions/List.aspx#folderID=%22{COURSE}%22");
    let ran = [
        sandbox.run(&["courses", "add", &link("https://uni.hosted.panopto.com")]).exits_with(3),
        sandbox.run(&["courses", "add", &link("evil.example"), "--json"]).exits_with(3),
        sandbox.run(&["courses", "add", &format!("https://uni.hosted.panopto.com/{}", "x".repeat(200))]).exits_with(2),
        // An ID does not say which server it is on, and contacts none.
        sandbox.run(&["courses", "add", COURSE, &link("https://uni.hosted.panopto.com")]).exits_with(5),
    ];
    let listed = sandbox.run(&["courses", "list", "--json"]).exits_with(0).json();
    assert_eq!(listed["result"]["courses"].as_array().map(Vec::len), Some(1), "{listed}");
    snapshot!("bad_link_without_server", all(&ran));
    sandbox.run(&["settings", "set", "--server", "uni.hosted.panopto.com"]).exits_with(0);
    sandbox.run(&["--no-keychain", "courses", "add", &link("https://uni.hosted.panopto.com")]).exits_with(0);
    sandbox.run(&["--no-keychain", "courses", "add", &link("https://evil.example")]).exits_with(2);
}

#[test]
fn a_data_folder_that_is_not_there() {
    let sandbox = Sandbox::new();
    let mut ran: Vec<Ran> = [
        &["--data", "speled", "status"][..],
        &["--data", "no/drive/data", "status", "--json"],
        &["--data", "no/drive/data", "courses", "add", COURSE],
    ]
    .iter()
    .map(|arguments| sandbox.run_bare(arguments).exits_with(1))
    .collect();
    assert!(!sandbox.path("no").exists() && !sandbox.path("speled").exists(), "nothing was made");
    ran.push(sandbox.run_bare(&["--no-keychain", "--data", "new", "courses", "add", COURSE]).exits_with(0));
    ran.push(sandbox.run_bare(&["--no-keychain", "--data", "new", "courses", "add", COURSE]).exits_with(0));
    ran.push(sandbox.run_bare(&["settings", "set", "--data-folder", "gone/data"]).exits_with(0));
    ran.push(sandbox.run_bare(&["courses", "list"]).exits_with(1));
    sandbox.run_bare(&["settings", "set", "--data-folder", ""]).exits_with(0);
    // The usual place is created at its first use, without a message.
    let usual = sandbox.run_bare(&["courses", "list"]).exits_with(0);
    assert_eq!(usual.stderr, "");
    ran.push(usual);
    let mut shown = all(&ran);
    if let Some(place) = sandbox.run_bare(&["settings", "show", "--json"]).json()["result"]["dataFolder"].as_str() {
        shown = shown.replace(place, "[USUAL]");
    }
    snapshot!("bad_data_folder", shown);
}

#[test]
fn a_course_that_is_gone_or_hidden() {
    let server = Server::tiny();
    let sandbox = job(&server);
    let text = |id: &str| format!("PanoptoFolderName,PanoptoFolderID\nCOMM 290,{id}\n");
    sandbox.write("data/courses.csv", text(COURSE));
    let unknown = sandbox.run(&["sync"]).exits_with(1);
    let course = server.course();
    sandbox.write("data/courses.csv", text(&course));
    server.sim().world().folders[0].visible = false;
    let hidden = sandbox.run(&["sync"]).exits_with(3);
    server.sim().world().folders[0].visible = true;
    // One of two courses fails; the other goes on.
    sandbox.write("data/courses.csv", text(COURSE) + "," + &course + "\n");
    let part = sandbox.run(&["-q", "sync"]).exits_with(5);
    let json = sandbox.run(&["sync", "--json"]).exits_with(5);
    let status = sandbox.run(&["status"]).exits_with(0);
    // How many requests go to a folder before the server says that it does not exist depends on which answer comes
    // first.
    let requests = format!("\"requests\": {}", json.json()["result"]["requests"]);
    let shown = all(&[unknown, hidden, part, json, status]).replace(&requests, "\"requests\": [SOME]");
    snapshot!("bad_courses", shown);
}

#[test]
fn wrong_credentials() {
    let server = Server::tiny();
    let mut sandbox = job(&server);
    sandbox.run(&["courses", "add", &server.course()]).exits_with(0);
    sandbox.set("PANOPTO_PASSWORD", "wrong");
    let password = sandbox.run(&["sync"]).exits_with(3);
    sandbox.set("PANOPTO_PASSWORD", sim::DEMO_PASSWORD).set("PANOPTO_CLIENT_SECRET", "wrong");
    let secret = sandbox.run(&["sync", "--json"]).exits_with(3);
    sandbox.unset("PANOPTO_CLIENT_SECRET");
    let missing = sandbox.run(&["sync"]).exits_with(3);
    sandbox.unset("PANOPTO_SERVER");
    let server_missing = sandbox.run(&["sync"]).exits_with(3);
    snapshot!("bad_credentials", all(&[password, secret, missing, server_missing]));
}

#[test]
fn a_server_that_is_none() {
    let mut gone = Server::tiny();
    let url = gone.url();
    gone.stop();
    let mut sandbox = Sandbox::new();
    password_variables(&mut sandbox, &Server::tiny());
    sandbox.always(&["--no-keychain"]).set("PANOPTO_SERVER", &url).hide(url.trim_start_matches("http://"), "[SERVER]");
    let added = sandbox.run(&["courses", "add", COURSE]).exits_with(0);
    assert!(added.stderr.contains("warning: The folders could not be looked up"), "{}", added.stderr);
    let ran = sandbox.run(&["sync"]).exits_with(4);
    assert!(ran.stderr.contains("cannot be reached"), "{}", ran.stderr);
    // A reason that applies to all courses is given once.
    sandbox.run(&["-q", "courses", "add", "720ecd90-37f0-433d-a28f-01b129741837"]).exits_with(0);
    let ran = sandbox.run(&["-q", "sync"]).exits_with(4);
    assert_eq!(ran.stderr.matches("cannot be reached").count(), 1, "{}", ran.stderr);
    // A server that is not Panopto.
    let other = Server::start(
        sim::World::tiny(past()),
        sim::Config {
            faults: sim::FaultPlan::new([(sim::At::From(sim::Route::Token, 1), sim::Fault::Html(200))]),
            ..sim::Config::default()
        },
    );
    sandbox.set("PANOPTO_SERVER", other.url());
    let ran = sandbox.run(&["sync"]).exits_with(4);
    assert!(ran.stderr.contains("is not understood"), "{}", ran.stderr);
    assert!(ran.stderr.contains("hint: Check that the address is that of a Panopto server"), "{}", ran.stderr);
}

#[test]
fn damaged_data_files() {
    let sandbox = Sandbox::new();
    golden(&sandbox, "data", false);
    let course = sandbox
        .files("data")
        .into_iter()
        .map(|(name, _)| name)
        .find(|name| name.starts_with("database/COMM 290") && name.ends_with("viewing_activity.csv"))
        .expect("the fixture has it");
    let whole = std::fs::read_to_string(sandbox.data().join(&course)).expect("it is text");
    let damaged = whole.replacen(",0.0,", ",zero,", 1);
    assert_ne!(damaged, whole);
    sandbox.write(&format!("data/{course}"), &damaged);
    let mut ran = vec![sandbox.run(&["chunk", "--timezone", "UTC"]).exits_with(5)];
    sandbox.write(&format!("data/{course}"), whole.replacen("SessionId", "SessionID_", 1));
    ran.push(sandbox.run(&["chunk", "--timezone", "UTC"]).exits_with(5));
    ran.push(sandbox.run(&["export", "out", "--timezone", "UTC"]).exits_with(1));
    // Everything else is shown, and a script sees that something is wrong.
    ran.push(sandbox.run(&["status"]).exits_with(5));
    let list = std::fs::read_to_string(sandbox.data().join("courses.csv")).expect("it is text");
    let only =
        list.lines().filter(|line| line.contains("PanoptoFolderID") || line.contains("6513270e")).collect::<Vec<_>>();
    sandbox.write("data/courses.csv", only.join("\n") + "\n");
    ran.push(sandbox.run(&["status", "--json"]).exits_with(1));
    sandbox.write("data/courses.csv", list);
    sandbox.write(&format!("data/{course}"), &whole);
    sandbox.run(&["status"]).exits_with(0);
    sandbox.write(
        "data/state.csv",
        "PanoptoFolderName,PanoptoFolderID,LastDateFetched(UTC)\nx,6513270e-269e-4d37-b2a7-4de452e6b438,soon\n",
    );
    ran.push(sandbox.run(&["status"]).exits_with(1));
    ran.push(sandbox.run_bare(&["--data", "data/courses.csv", "status"]).exits_with(1));
    snapshot!("bad_data_files", all(&ran));
}

#[test]
fn a_second_process() {
    let server = Server::tiny();
    let sandbox = job(&server);
    sandbox.run(&["courses", "add", &server.course()]).exits_with(0);
    sandbox.run(&["sync"]).exits_with(0);
    let folder = engine::store::DataFolder::open(sandbox.data()).expect("it is there");
    let lock = folder.lock().expect("nobody has it");
    let mut ran = Vec::new();
    for arguments in [&["sync"][..], &["chunk"], &["export", "out"], &["courses", "remove", &server.course()]] {
        ran.push(sandbox.run(arguments).exits_with(1));
    }
    // Looking is always possible.
    sandbox.run(&["status"]).exits_with(0);
    sandbox.run(&["courses", "list"]).exits_with(0);
    drop(lock);
    sandbox.run(&["sync"]).exits_with(0);
    snapshot!("bad_second_process", all(&ran));
}

#[cfg(unix)]
mod on_unix {
    use std::os::unix::fs::PermissionsExt as _;
    use std::os::unix::process::CommandExt as _;
    use std::path::Path;
    use std::process::Command;

    use super::*;

    fn set_mode(path: &Path, mode: u32) {
        std::fs::set_permissions(path, std::fs::Permissions::from_mode(mode)).expect("it is ours");
    }

    /// Permissions do not restrict root, so root runs the program as nobody.
    #[test]
    fn a_folder_without_write_access() {
        let server = Server::tiny();
        let sandbox = job(&server);
        golden(&sandbox, "data", false);
        sandbox.run(&["courses", "list"]).exits_with(0);
        let program = sandbox.path("program");
        std::fs::copy(env!("CARGO_BIN_EXE_panopto-analytics"), &program).expect("it can be copied");
        set_mode(&sandbox.path(""), 0o755);
        set_mode(&sandbox.data(), 0o555);
        let data = sandbox.data().display().to_string();
        let is_root = rustix::process::geteuid().is_root();
        let run = |arguments: &[&str]| {
            let mut command = Command::new(&program);
            sandbox.prepare(&mut command);
            command.args(["--data", &data]).args(arguments);
            if is_root {
                command.uid(65534).gid(65534);
            }
            sandbox.finish(command, arguments, None)
        };
        let mut ran = Vec::new();
        for arguments in [
            &["--no-keychain", "courses", "add", COURSE][..],
            &["--no-keychain", "sync"],
            &["--no-keychain", "chunk", "--timezone", "UTC"],
            &["--no-keychain", "export", "out", "--timezone", "UTC"],
        ] {
            ran.push(run(arguments));
        }
        run(&["courses", "list"]).exits_with(0);
        set_mode(&sandbox.data(), 0o755);
        let ran: Vec<Ran> = ran.into_iter().map(|ran| ran.exits_with(1)).collect();
        snapshot!("bad_no_write_access", all(&ran));
    }

    /// A limit on the size of files stands for a full disk: the system refuses to write in the same way.
    #[test]
    fn a_full_disk() {
        let server = Server::tiny();
        let sandbox = job(&server);
        golden(&sandbox, "data", false);
        let before = sandbox.files("data");
        let data = sandbox.data().display().to_string();
        // Half a block of 512 bytes is too small for any of the files, but not for the lock.
        let run = |blocks: u32, arguments: &[&str]| {
            let mut command = Command::new("sh");
            sandbox.prepare(&mut command);
            let script = format!("trap '' XFSZ; ulimit -f {blocks}; exec \"$0\" \"$@\"");
            command.args(["-c", &script, env!("CARGO_BIN_EXE_panopto-analytics"), "--data", &data]).args(arguments);
            sandbox.finish(command, arguments, None)
        };
        let mut ran = vec![
            run(8, &["--no-keychain", "chunk", "--timezone", "UTC"]).exits_with(1),
            run(8, &["--no-keychain", "export", "out", "--timezone", "UTC"]).exits_with(1),
        ];
        let after: Vec<_> = sandbox
            .files("data")
            .into_iter()
            .filter(|(name, _)| !name.starts_with('.') && !name.starts_with("output"))
            .collect();
        assert_eq!(after, before, "nothing stored is harmed");
        assert!(sandbox.files("out").is_empty());
        // A first sync.
        let fresh = job(&server);
        fresh.run(&["courses", "add", &server.course()]).exits_with(0);
        let mut command = Command::new("sh");
        fresh.prepare(&mut command);
        let script = "trap '' XFSZ; ulimit -f 0; exec \"$0\" \"$@\"";
        let data = fresh.data().display().to_string();
        command.args(["-c", script, env!("CARGO_BIN_EXE_panopto-analytics"), "--data", &data, "--no-keychain", "sync"]);
        ran.push(fresh.finish(command, &["sync"], None).exits_with(1));
        assert!(fresh.files("data/database").iter().all(|(name, _)| !name.contains(".csv")), "no half file");
        snapshot!("bad_full_disk", all(&ran));
        sandbox.run(&["chunk", "--timezone", "UTC"]).exits_with(0);
        fresh.run(&["sync"]).exits_with(0);
        fresh.run(&["status"]).exits_with(0);
    }
}
