//! Hostile names on one journey through the whole program: sync, chunk, export, workbook, charts, terminal, removal.
//!
//! Whatever a server calls its folders and videos, it is text: it reaches the columns, charts and lines where it
//! belongs, and nothing else on this computer.

use std::collections::{BTreeMap, BTreeSet};

use sim::{Config, Fault, FaultPlan, Folder, Route, Session, View, World};
use uuid::Uuid;

use crate::support::{Ran, Sandbox, Server, password_variables, past};

const CHARTS: [&str; 3] = ["timeline", "average-time", "across-time"];

/// Names for folders and videos, descriptions, and reasons of records.
fn names() -> Vec<String> {
    let mut names: Vec<String> = [
        "../../..",
        "CON",
        "nul.txt",
        "\u{0}\u{1b}]0;pwned\u{7}\u{1b}[2J\u{1b}[31mred\u{9b}2J\u{7f}\u{8}",
        "<img src=x onerror=alert(1)>",
        "=cmd|' /C calc'!A0",
        "]]><!--",
        "</svg><script>alert(1)</script>",
        "<!DOCTYPE svg [<!ENTITY x SYSTEM \"file:///etc/passwd\">]>&x;",
        "&lt;b&gt; &amp;amp; &#x1b; &#0; &nosuch;",
        "\u{202e}fdp.exe\u{2066}\u{200f}",
        "C:\\Windows\\System32\\drivers",
        "/etc/passwd",
        "~/.ssh/authorized_keys",
        "-2+3",
        "@SUM(1+9)",
        "\ttab, \"quoted\"\r\nsecond line; 'x'",
        "$HOME `id` $(id) %s%n %PATH%",
        "\u{fffe}\u{ffff}\u{fdd0}\u{10ffff}\u{feff}",
        "",
        " . ",
    ]
    .map(str::to_owned)
    .to_vec();
    names.push("x".repeat(300));
    names.push("數".repeat(300));
    names
}

/// Courses, subfolders, videos and descriptions with all of these names, and records that have them as reasons.
fn world() -> World {
    let id = |kind: u128, number: usize| {
        Uuid::from_u128(0x2222_0000_4000_8000_0000_0000_0000 | kind << 112 | number as u128)
    };
    let names = names();
    let mut world = World { users: World::tiny(past()).users, ..World::default() };
    // A course for every second name only, because each course costs calls at the server's published pace.
    for (number, name) in names.iter().step_by(2).enumerate() {
        world.folders.push(Folder::new(id(0xf, number), name.clone(), None));
    }
    world.folders.push(Folder::new(id(0xe, 0), names[7].clone(), Some(id(0xf, 0))));
    let courses = names.len().div_ceil(2);
    for (number, name) in names.iter().enumerate() {
        let folder = if number == 1 { id(0xe, 0) } else { id(0xf, number % courses) };
        let description = Some(names[(number + 5) % names.len()].clone());
        let video = id(5, number);
        world.sessions.push(Session { description, ..Session::new(video, folder, name.clone(), 100.0) });
        let time = sim::sql_time(past() - chrono::TimeDelta::days(2));
        let reason = names[(number + 9) % names.len()].clone();
        let view = View::new(video, id(0xa, number % 3), time, 10.0, 60.0);
        world.views.push(View { start_reason: reason.clone(), stop_reason: reason, ..view });
    }
    world
}

fn journey() -> (Server, Sandbox) {
    let server = Server::start(world(), Config::default());
    let mut sandbox = Sandbox::new();
    password_variables(&mut sandbox, &server);
    sandbox.always(&["--no-keychain"]);
    (server, sandbox)
}

/// Checks that the output has no character that a terminal acts on, except line ends.
#[track_caller]
fn is_plain(ran: &Ran) {
    for text in [&ran.stdout, &ran.stderr] {
        let acting = |c: char| {
            (c.is_control() && c != '\n')
                || matches!(c, '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
        };
        let found = text.chars().find(|c| acting(*c));
        assert!(found.is_none(), "`{}` prints {found:?}: {text:?}", ran.arguments.join(" "));
    }
}

/// Reads a document from its first to its last byte and returns its elements, attributes and text.
fn parsed(name: &str, bytes: &[u8]) -> (BTreeSet<String>, BTreeSet<String>, String) {
    use quick_xml::events::Event;

    let text = std::str::from_utf8(bytes).unwrap_or_else(|error| panic!("{name}: {error}"));
    let allowed = |c: char| matches!(c, '\t' | '\n' | '\r' | ' '..='\u{d7ff}' | '\u{e000}'..='\u{fffd}' | '\u{10000}'..='\u{10ffff}');
    assert!(text.chars().all(allowed), "{name}: XML does not allow {:?}", text.chars().find(|c| !allowed(*c)));
    let mut reader = quick_xml::Reader::from_str(text);
    reader.config_mut().check_end_names = true;
    let (mut elements, mut attributes, mut said) = (BTreeSet::new(), BTreeSet::new(), String::new());
    let mut depth = 0_i32;
    loop {
        let event = reader.read_event().unwrap_or_else(|error| panic!("{name} is not well-formed: {error}"));
        match &event {
            Event::Eof => break,
            Event::Start(element) | Event::Empty(element) => {
                depth += i32::from(matches!(event, Event::Start(_)));
                elements.insert(element.name().as_ref().to_owned());
                for attribute in element.attributes() {
                    let attribute = attribute.unwrap_or_else(|error| panic!("{name}: {error}"));
                    quick_xml::escape::unescape(&attribute.value).unwrap_or_else(|error| panic!("{name}: {error}"));
                    attributes.insert(attribute.key.as_ref().to_owned());
                }
            }
            Event::End(_) => depth -= 1,
            Event::Text(text) => said.push_str(text),
            Event::GeneralRef(reference) => match &**reference {
                "lt" => said.push('<'),
                "gt" => said.push('>'),
                "amp" => said.push('&'),
                "apos" => said.push('\''),
                "quot" => said.push('"'),
                other if other.starts_with('#') => {}
                other => panic!("{name} holds the entity {other}"),
            },
            Event::Decl(_) => {}
            other => panic!("{name} holds {other:?}"),
        }
    }
    assert_eq!(depth, 0, "{name}");
    (elements, attributes, said)
}

/// The rows of a file, by column.
fn rows(sandbox: &Sandbox, file: &str) -> Vec<BTreeMap<String, String>> {
    let mut reader = csv::Reader::from_path(sandbox.path(file)).unwrap_or_else(|error| panic!("{file}: {error}"));
    reader.deserialize().map(|row| row.unwrap_or_else(|error| panic!("{file}: {error}"))).collect()
}

fn run_all(sandbox: &Sandbox, commands: &[&[&str]]) {
    for arguments in commands {
        is_plain(&sandbox.run(arguments).exits_with(0));
    }
}

/// Everything in the sandbox that no command was told to write.
fn others(sandbox: &Sandbox) -> Vec<(String, Vec<u8>)> {
    let mut files = sandbox.files("");
    let ours = ["data/", "out/", "guarded/", "charts/", "config/"];
    files.retain(|(name, _)| !ours.iter().any(|folder| name.starts_with(folder)));
    files
}

#[test]
fn hostile_names_stay_in_their_place() {
    let (server, sandbox) = journey();
    for file in ["beside", "home/.ssh/authorized_keys", "home/.config/x", "Windows/System32/drivers/x"] {
        sandbox.write(file, "untouched");
    }
    std::fs::create_dir(sandbox.path("charts")).expect("a folder can be made");
    let before = others(&sandbox);

    let folders = server.sim().world().folders.clone();
    let courses: Vec<&Folder> = folders.iter().filter(|folder| folder.parent.is_none()).collect();
    let ids: Vec<String> = courses.iter().map(|folder| folder.id.to_string()).collect();
    let add: Vec<&str> = ["courses", "add"].into_iter().chain(ids.iter().map(String::as_str)).collect();
    run_all(
        &sandbox,
        &[
            &add,
            &["courses", "list"],
            &["courses", "list", "--json"],
            &["-vv", "sync"],
            &["status"],
            &["status", "--json"],
            &["sync", "--json", "--progress"],
            &["-vv", "chunk", "--timezone", "UTC"],
            &["-vv", "export", "out", "--timezone", "UTC"],
            &["export", "guarded", "--timezone", "UTC", "--guard-formulas", "--json"],
        ],
    );
    check_directories(&sandbox, &courses);
    check_tables(&sandbox, &server);
    check_workbook(&sandbox);
    check_charts(&sandbox, &server);

    // Failures are reported by name.
    let world = server.sim().world().clone();
    server.sim().world().views.clear();
    for (view, days) in world.views.iter().zip([1, 2].into_iter().cycle()) {
        let time = view.time + chrono::TimeDelta::days(days);
        server.sim().world().views.push(View { time, ..view.clone() });
    }
    let fault = Fault::SoapFault(names().concat().chars().take(400).collect());
    server.sim().set_faults(FaultPlan::new([(sim::At::From(Route::SoapUsage, 1), fault)]));
    for arguments in [&["-v", "sync", "--lookback", "30"][..], &["sync", "--json"]] {
        let ran = sandbox.run(arguments);
        assert_ne!(ran.code, Some(101), "no panic: {}", ran.stderr);
        is_plain(&ran);
    }
    run_all(&sandbox, &[&["status"], &["status", "--json"]]);

    for id in &ids {
        run_all(&sandbox, &[&["courses", "remove", id, "--delete-data"]]);
    }
    let left: Vec<String> = sandbox.files("data/database").into_iter().map(|(name, _)| name).collect();
    assert!(left.is_empty(), "removed is what was asked for: {left:?}");
    let after = others(&sandbox);
    let names = |files: &[(String, Vec<u8>)]| files.iter().map(|(name, _)| name.clone()).collect::<Vec<_>>();
    assert_eq!(names(&after), names(&before), "nothing beside the folders that were named");
    assert!(after == before, "and nothing in them changed");
}

/// Each course has one directory, directly below `database`, with a name that every system takes.
fn check_directories(sandbox: &Sandbox, courses: &[&Folder]) {
    for area in ["data/database", "data/output[CHUNKED]"] {
        let found: Vec<String> = std::fs::read_dir(sandbox.path(area))
            .expect("it was made")
            .map(|entry| entry.expect("an entry").file_name().into_string().expect("UTF-8"))
            .filter(|name| name != "tableau")
            .collect();
        assert_eq!(found.len(), courses.len(), "{area}: {found:?}");
        for name in &found {
            assert!(courses.iter().any(|course| name.ends_with(&format!("[{}]", course.id))), "{name}");
            assert!(name.len() <= 160 && !name.starts_with(['.', ' ', '~']) || name.starts_with("~_"), "{name}");
            let odd = |c: char| c.is_control() || "/\\:*?\"<>|\u{202e}\u{feff}".contains(c);
            assert!(!name.contains(odd), "{name:?}");
        }
    }
}

/// The texts in every table are those of the server, to the character.
fn check_tables(sandbox: &Sandbox, server: &Server) {
    let world = server.sim().world().clone();
    let name_of = |id: &str| world.folders.iter().find(|folder| folder.id.to_string() == id).map(|f| f.name.clone());
    let mut videos = BTreeMap::new();
    for session in &world.sessions {
        videos.insert(session.id.to_string(), session);
    }
    let listed = rows(sandbox, "data/courses.csv");
    for row in &listed {
        assert_eq!(Some(row["PanoptoFolderName"].trim()), name_of(&row["PanoptoFolderID"]).as_deref().map(str::trim));
    }
    let mut stored = 0;
    for (file, _) in sandbox.files("data/database") {
        let file = format!("data/database/{file}");
        if file.ends_with("viewing_activity.csv") {
            stored += rows(sandbox, &file).len();
        }
    }
    assert_eq!(stored, world.views.len(), "each record is one row, whatever its reasons are");
    let overview = rows(sandbox, "out/sessions_overview.csv");
    assert_eq!(overview.len(), videos.len());
    for row in &overview {
        let video = videos[&row["SessionId"]];
        assert_eq!(row["SessionName"], video.name);
        assert_eq!(Some(&row["Description"]), video.description.as_ref());
    }
    assert_eq!(rows(sandbox, "out/chunked_data.csv").len(), videos.len() * 12, "chunks 2 to 13 of each");

    // Guarded: anything that a spreadsheet would run begins with an apostrophe, and nothing else differs.
    let mut guarded = 0;
    for (row, plain) in rows(sandbox, "guarded/sessions_overview.csv").iter().zip(&overview) {
        for (column, text) in row {
            let plain = &plain[column];
            if plain.starts_with(['=', '+', '-', '@', '\t', '\r']) && plain.parse::<f64>().is_err() {
                assert_eq!(*text, format!("'{plain}"), "{column}");
                guarded += 1;
            } else {
                assert_eq!(text, plain, "{column}");
            }
        }
    }
    assert!(guarded >= 4, "{guarded}");
}

/// The workbook is the same whatever the names are, because it contains none.
fn check_workbook(sandbox: &Sandbox) {
    let workbook = std::fs::read(sandbox.path("out/panopto_viewing.twb")).expect("it was written");
    let (elements, _, said) = parsed("the workbook", &workbook);
    assert!(elements.contains("workbook") && !elements.iter().any(|name| name.contains("script")), "{elements:?}");
    for name in names().iter().filter(|name| name.trim().len() > 3) {
        assert!(!said.contains(name.as_str()), "{name:?}");
    }
    let harmless = Server::tiny();
    let mut other = Sandbox::new();
    password_variables(&mut other, &harmless);
    other.always(&["--no-keychain"]);
    run_all(&other, &[&["courses", "add", &harmless.course()], &["sync"], &["export", "out", "--timezone", "UTC"]]);
    assert!(std::fs::read(other.path("out/panopto_viewing.twb")).expect("it was written") == workbook);
}

fn check_charts(sandbox: &Sandbox, server: &Server) {
    let sessions = server.sim().world().sessions.clone();
    for (number, session) in sessions.iter().enumerate() {
        let (id, kind) = (session.id.to_string(), CHARTS[number % CHARTS.len()]);
        for ending in ["svg", "png"] {
            if ending == "png" && number % 4 != 0 {
                continue;
            }
            let file = format!("charts/{number}.{ending}");
            run_all(sandbox, &[&["chart", &id, "--out", &file, "--kind", kind, "--timezone", "UTC"]]);
            let bytes = std::fs::read(sandbox.path(&file)).expect("it was drawn");
            if ending == "png" {
                assert!(bytes.starts_with(b"\x89PNG\r\n\x1a\n") && bytes.ends_with(b"IEND\xaeB`\x82"), "{file}");
                assert!(bytes.len() > 2000, "{file}: {} bytes", bytes.len());
                continue;
            }
            let (elements, attributes, said) = parsed(&format!("{file} ({:?})", session.name), &bytes);
            let known = ["svg", "title", "desc", "rect", "text", "polygon", "polyline", "line", "path", "circle", "g"];
            assert!(elements.iter().all(|name| known.contains(&name.as_str())), "{file}: {elements:?}");
            let acts = |name: &String| {
                name.starts_with("on") || ["href", "src", "style", "class", "id", "filter"].contains(&name.as_str())
            };
            assert!(!attributes.iter().any(|name| acts(name) || name.contains(':')), "{file}: {attributes:?}");
            if session.name.starts_with('<') {
                assert!(said.contains(&session.name), "{file} says the name as text: {said}");
            }
        }
    }
    run_all(sandbox, &[&["chart", &sessions[3].id.to_string(), "--out", "charts/x.svg", "--json"]]);
}

/// Bars and colours are the program's own; names cannot move anything.
#[cfg(target_os = "linux")]
#[test]
fn hostile_names_move_nothing_on_a_terminal() {
    let (server, sandbox) = journey();
    for folder in &mut server.sim().world().folders {
        folder.name = names()[3].clone();
    }
    for session in &mut server.sim().world().sessions {
        session.name = names()[3].clone();
    }
    sandbox.run(&["courses", "add", &server.course()]).exits_with(0);
    let commands = "$PROGRAM --data data --no-keychain -vv sync; $PROGRAM --data data status; \
        $PROGRAM --data data courses list; $PROGRAM --data data status --json";
    let Some(terminal) = crate::support::OnTerminal::start(&sandbox, commands) else {
        eprintln!("SKIPPED: names on a terminal are tried with `script` (util-linux), which is not installed");
        return;
    };
    let (code, seen) = terminal.end();
    assert_eq!(code, Some(0), "{seen}");
    assert!(seen.contains("pwned") && seen.contains("2J"), "the name is shown: {seen}");
    for acting in ["\u{1b}]", "\u{1b}[2J\u{1b}[31mred", "\u{9b}", "\u{7}", "\u{0}", "\u{7f}"] {
        assert!(!seen.contains(acting), "{acting:?} reached the terminal: {seen:?}");
    }
}
