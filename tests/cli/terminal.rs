//! On a real terminal: bars, colours, and no trace of them afterwards.

#![cfg(target_os = "linux")]

use std::time::Duration;

use sim::{Config, World};

use crate::support::{OnTerminal, Sandbox, Server, clamped, password_variables, past};

#[test]
fn progress_is_drawn_and_taken_away() {
    let config = Config { latency: Duration::from_millis(40), ..clamped(2) };
    let server = Server::start(World::tiny(past()), config);
    let mut sandbox = Sandbox::new();
    password_variables(&mut sandbox, &server);
    sandbox.run(&["--no-keychain", "courses", "add", &server.course()]).exits_with(0);
    let Some(terminal) = OnTerminal::start(&sandbox, "$PROGRAM --data data --no-keychain sync") else {
        eprintln!("SKIPPED: progress is tried with `script` (util-linux), which is not installed");
        return;
    };
    let (code, seen) = terminal.end();
    assert_eq!(code, Some(0), "{seen}");
    assert!(seen.contains("TINY 100 A & B") && seen.contains("of 3 videos"), "{seen}");
    assert!(seen.contains('\u{1b}'), "it moves: {seen:?}");
    let last = seen.rsplit("Course ").next().expect("the table");
    assert!(!last.contains('━'), "no bar is left below the result: {last:?}");
}

#[test]
fn errors_are_coloured_unless_that_is_not_wanted() {
    let sandbox = Sandbox::new();
    let seen = |command: &str| OnTerminal::start(&sandbox, command).map(|terminal| terminal.end().1);
    let Some(coloured) = seen("$PROGRAM --data none status") else { return };
    assert!(coloured.contains("\u{1b}[31m"), "{coloured:?}");
    let plain = seen("NO_COLOR=1 $PROGRAM --data none status").expect("it started before");
    assert!(!plain.contains('\u{1b}'), "{plain:?}");
    assert!(plain.contains("error: There is no data folder"), "{plain}");
}

#[test]
fn a_table_is_no_wider_than_the_terminal() {
    let server = Server::tiny();
    let mut sandbox = Sandbox::new();
    password_variables(&mut sandbox, &server);
    sandbox.run(&["--no-keychain", "courses", "add", &server.course()]).exits_with(0);
    sandbox.run(&["--no-keychain", "-q", "sync"]).exits_with(0);
    for (columns, command) in [(100, "videos tiny"), (80, "status"), (80, "videos tiny"), (40, "status")] {
        let command = format!("COLUMNS={columns} $PROGRAM --data data {command}");
        let Some(terminal) = OnTerminal::start(&sandbox, &command) else { return };
        let (code, seen) = terminal.end();
        assert_eq!(code, Some(0), "{seen}");
        // Paths are never cut, because people copy them.
        let lines = seen.lines().filter(|line| !line.starts_with("Data folder"));
        let widest = lines.map(console::measure_text_width).max().unwrap_or(0);
        assert!((20..=columns).contains(&widest), "{command}: {widest} columns\n{seen}");
    }
}
