//! What the program says about itself, and its answers to wrong arguments.

use crate::support::{Sandbox, snapshot};

#[test]
fn help_of_the_program() {
    let sandbox = Sandbox::new();
    snapshot!("help", sandbox.run_bare(&["--help"]).exits_with(0).shown());
    snapshot!("help_short", sandbox.run_bare(&["-h"]).exits_with(0).shown());
    snapshot!("version", sandbox.run_bare(&["--version"]).exits_with(0).shown());
}

#[test]
fn help_of_each_command() {
    let sandbox = Sandbox::new();
    for command in [
        "courses",
        "courses list",
        "courses add",
        "courses remove",
        "courses import",
        "courses repair",
        "login",
        "logout",
        "credentials",
        "credentials set",
        "credentials show",
        "credentials import-env",
        "sync",
        "chunk",
        "export",
        "status",
        "videos",
        "timeline",
        "moments",
        "captions",
        "captions fetch",
        "captions find",
        "dates",
        "dates COMM list",
        "dates COMM add",
        "dates COMM import",
        "dates COMM on-time",
        "compare",
        "digest",
        "nightly",
        "nightly install",
        "nightly remove",
        "nightly status",
        "nightly run",
        "people",
        "viewers",
        "matrix",
        "person",
        "names",
        "names fetch",
        "leave-out",
        "merge",
        "forget",
        "retention",
        "facts",
        "chart",
        "settings",
        "settings show",
        "settings set",
        "settings move-data",
        "settings restore",
        "demo",
        "completions",
    ] {
        let mut arguments: Vec<&str> = command.split(' ').collect();
        arguments.push("--help");
        let name = format!("help_{}", command.replace([' ', '-'], "_"));
        snapshot!(name, sandbox.run_bare(&arguments).exits_with(0).shown());
    }
}

#[test]
fn a_number_below_zero_is_refused_with_the_numbers_that_can_be_given() {
    let sandbox = Sandbox::new();
    for (call, expected) in [
        (&["retention", "COMM", "--days", "-1"][..], "1..=36500"),
        (&["dates", "COMM", "on-time", "--days", "-1"], "0..=65535"),
        (&["nightly", "run", "--wait", "-1"], "0.."),
        (&["sync", "--lookback", "-1"], "0 to 365"),
    ] {
        let told = sandbox.run_bare(call).exits_with(2).stderr;
        assert!(told.contains("invalid value '-1'") && told.contains(expected), "{call:?}: {told}");
    }
}

/// Other programs take `courses help`; whatever has subcommands does, without anybody keeping a list of them.
#[test]
fn every_command_with_subcommands_takes_help_as_one() {
    let sandbox = Sandbox::new();
    let help = sandbox.run_bare(&["--help"]).exits_with(0).stdout;
    let commands = help.lines().skip_while(|line| *line != "Commands:").skip(1).take_while(|line| !line.is_empty());
    let mut groups = 0;
    for command in commands.filter_map(|line| line.split_whitespace().next()) {
        let of_command = sandbox.run_bare(&[command, "--help"]).exits_with(0).stdout;
        // `dates COURSE add`: the word after it is the course.
        if of_command.contains("\nCommands:\n") && command != "dates" {
            groups += 1;
            assert_eq!(sandbox.run_bare(&[command, "help"]).exits_with(0).stdout, of_command, "{command}");
        }
    }
    assert!(groups >= 7, "{groups}");
}

#[test]
fn wrong_arguments() {
    let sandbox = Sandbox::new();
    let all: Vec<String> = [
        &["synk"][..],
        &["--json", "synk"],
        &["--json"],
        &["courses", "--json"],
        &["export"],
        &["export", "--json"],
        &["videos"],
        &["chart", "84cef7f7-f168-4a80-9a5a-ac100144db29"],
        &["chart", "84cef7f7-f168-4a80-9a5a-ac100144db29", "--out", "a.svg", "--from", "yesterday"],
        &["settings", "set", "--pkce", "maybe"],
        &["credentials", "set", "token"],
        &["credentials", "set", "password", "hunter2"],
    ]
    .iter()
    .map(|arguments| sandbox.run_bare(arguments).exits_with(2).shown())
    .collect();
    snapshot!("wrong_arguments", all.join("\n"));
}

#[test]
fn help_is_the_same_text_however_it_is_asked_for() {
    let sandbox = Sandbox::new();
    let plain = sandbox.run_bare(&["sync", "--help"]).exits_with(0).stdout;
    for asked in [
        &["--json", "sync", "--help"][..],
        &["help", "sync"],
        &["-q", "help", "sync"],
        &["--data", "anywhere", "help", "sync"],
    ] {
        assert_eq!(sandbox.run_bare(asked).exits_with(0).stdout, plain);
    }
    for group in ["courses", "credentials", "settings"] {
        let plain = sandbox.run_bare(&[group, "--help"]).exits_with(0).stdout;
        for asked in [[group, "help"], ["help", group]] {
            assert_eq!(sandbox.run_bare(&asked).exits_with(0).stdout, plain);
        }
    }
    let all = sandbox.run_bare(&["--help"]).stdout;
    assert_eq!(sandbox.run_bare(&["help"]).exits_with(0).stdout, all);
}

/// On Windows the program's file ends in `.exe`, which nobody types.
#[cfg(unix)]
#[test]
fn usage_lines_name_the_program_as_it_is_typed() {
    use std::os::unix::process::CommandExt as _;

    let sandbox = Sandbox::new();
    for arguments in [&["sync", "--help"][..], &["sync", "--nonsense"], &["courses"]] {
        let mut command = sandbox.command(arguments);
        command.arg0("panopto-analytics.exe");
        let ran = sandbox.finish(command, arguments, None);
        let said = ran.stdout + &ran.stderr;
        assert!(said.contains("Usage: panopto-analytics ") && !said.contains(".exe"), "{said}");
    }
}

#[test]
fn completions_are_made_for_every_shell() {
    let sandbox = Sandbox::new();
    for shell in ["bash", "zsh", "fish", "powershell", "elvish"] {
        let ran = sandbox.run_bare(&["completions", shell]).exits_with(0);
        for word in ["panopto-analytics", "credentials", "import-env", "guard-formulas", "videos"] {
            assert!(ran.stdout.contains(word), "{shell} completes {word}");
        }
        assert_eq!(ran.stderr, "");
    }
}

#[cfg(unix)]
#[test]
fn bash_takes_the_completion_script() {
    let sandbox = Sandbox::new();
    let script = sandbox.run_bare(&["completions", "bash"]).exits_with(0).stdout;
    let file = sandbox.write("completions.bash", script);
    let complete = "source \"$0\"; function_name=$(complete -p panopto-analytics | sed 's/.*-F \\([^ ]*\\).*/\\1/');
        COMP_WORDS=(panopto-analytics \"$@\"); COMP_CWORD=$#;
        $function_name panopto-analytics \"${COMP_WORDS[$#]}\" \"${COMP_WORDS[$#-1]}\"; echo \"${COMPREPLY[@]}\"";
    for (typed, completed) in [
        (&["crede"][..], "credentials"),
        (&["credentials", "imp"], "import-env"),
        (&["sync", "--loo"], "--lookback"),
        (&["credentials", "set", "client-s"], "client-secret"),
    ] {
        let Ok(output) =
            std::process::Command::new("bash").args(["--norc", "-c", complete]).arg(&file).args(typed).output()
        else {
            eprintln!("skipped: there is no bash here");
            return;
        };
        assert_eq!(String::from_utf8_lossy(&output.stdout).trim(), completed, "{typed:?}");
    }
}

#[test]
fn manual_pages_are_made_for_every_command() {
    let sandbox = Sandbox::new();
    let main = sandbox.run_bare(&["man"]).exits_with(0).stdout;
    for part in [".TH panopto-analytics 1", "First steps", "Exit codes", "PANOPTO_REFRESH_TOKEN"] {
        assert!(main.contains(part), "{part}: {main}");
    }
    sandbox.run_bare(&["man", "--out", "pages"]).exits_with(0);
    let pages: Vec<String> = sandbox.files("pages").into_iter().map(|(name, _)| name).collect();
    for page in [
        "panopto-analytics.1",
        "panopto-analytics-sync.1",
        "panopto-analytics-videos.1",
        "panopto-analytics-credentials-import-env.1",
    ] {
        assert!(pages.iter().any(|name| name == page), "{page} in {pages:?}");
    }
}
