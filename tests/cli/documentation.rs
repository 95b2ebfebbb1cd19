//! `docs/command-line.md` and `--help` have the same commands, options, variables and codes; README and user guide name
//! the same differences to the scripts.

use std::path::Path;

use crate::support::Sandbox;

fn document(path: &str) -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..").join(path);
    std::fs::read_to_string(path).expect("the document is there")
}

fn reference() -> String {
    document("docs/command-line.md")
}

fn help(sandbox: &Sandbox, arguments: &[&str]) -> String {
    let mut all = arguments.to_vec();
    all.push("--help");
    sandbox.run_bare(&all).exits_with(0).stdout
}

/// The commands that a help text lists.
fn commands(help: &str) -> Vec<String> {
    let list = help.split("\nCommands:\n").nth(1).unwrap_or_default();
    list.lines()
        .take_while(|line| line.starts_with("  "))
        .filter_map(|line| line.split_whitespace().next().map(str::to_owned))
        .collect()
}

/// The long options that a help text lists, except those of every command.
fn options(help: &str) -> Vec<String> {
    let own = help.split("Options of every command").next().unwrap_or_default();
    own.lines()
        .filter_map(|line| line.trim_start().strip_prefix("--").or(line.trim_start().strip_prefix("-h, --")))
        .map(|line| line.split(['=', ' ', '[', '<']).next().unwrap_or_default().to_owned())
        .filter(|option| option != "help" && option != "version")
        .collect()
}

#[test]
fn no_command_has_two_rows_in_a_table_of_the_reference() {
    for table in reference().split("\n\n").filter(|part| part.starts_with("| command")) {
        let mut seen = std::collections::BTreeSet::new();
        for row in table.lines().skip(2) {
            // What stands before the first option, word in capitals or further command names the command.
            let name: Vec<&str> = row
                .trim_start_matches(['|', ' ', '`'])
                .split([' ', '`'])
                .take_while(|word| *word == "COURSE" || word.starts_with(|first: char| first.is_ascii_lowercase()))
                .collect();
            assert!(seen.insert(name.clone()), "{name:?} has two rows");
        }
        assert!(seen.len() > 20, "{seen:?}");
    }
}

#[test]
fn every_command_and_option_is_in_the_reference() {
    let (sandbox, reference) = (Sandbox::new(), reference());
    let mut seen = 0;
    for command in commands(&help(&sandbox, &[])) {
        let text = help(&sandbox, &[&command]);
        let below = commands(&text);
        // Some commands name the course before what to do with it: `dates COURSE list`.
        let begin: Vec<&str> =
            if text.contains("<COURSE> <COMMAND>") { vec![&command, "COURSE"] } else { vec![&command] };
        let paths: Vec<Vec<&str>> = if below.is_empty() {
            vec![begin]
        } else {
            below.iter().map(|sub| begin.iter().copied().chain([&**sub]).collect()).collect()
        };
        for path in paths {
            let name = path.join(" ");
            assert!(reference.contains(&format!("`{name}")), "`{name}` is not in the reference");
            let line = reference.lines().find(|line| line.starts_with('|') && line.contains(&format!("`{name}")));
            let line = line.unwrap_or_else(|| panic!("`{name}` is in no table"));
            if name == "settings set" {
                continue; // its options are the settings, which that line names in words
            }
            for option in options(&help(&sandbox, &path)) {
                assert!(line.contains(&format!("--{option}")), "--{option} of `{name}` is not in: {line}");
            }
            seen += 1;
        }
    }
    assert!(seen >= 16, "{seen} commands were looked at");
}

#[test]
fn every_variable_of_the_help_is_in_the_reference() {
    let (help, reference) = (help(&Sandbox::new(), &[]), reference());
    let part = help.split("Environment variables").nth(1).and_then(|rest| rest.split("Exit codes").next());
    let words = part.expect("the help has this part").split_whitespace();
    let variables: Vec<&str> = words.filter(|word| word.starts_with("PANOPTO_")).collect();
    assert!(variables.len() >= 9, "{variables:?}");
    for variable in variables {
        assert!(reference.contains(&format!("`{variable}`")), "{variable}");
    }
    for variable in engine::connection::variables::ALL {
        assert!(help.contains(variable), "{variable} is not in the help");
    }
}

#[test]
fn exit_codes_are_the_same() {
    let (help, reference) = (help(&Sandbox::new(), &[]), reference());
    for code in ["0", "1", "2", "3", "4", "5", "130"] {
        assert!(reference.contains(&format!("\n| {code} | ")), "{code} in the reference");
        assert!(help.lines().any(|line| line.starts_with(&format!("  {code} "))), "{code} in the help");
    }
}

#[test]
fn every_error_code_is_in_the_reference() {
    let reference = reference();
    for code in model::ErrorCode::ALL {
        assert!(reference.contains(&format!("`{code}`")), "{code}");
    }
}

/// What a person must know who compares our dataset with the scripts' own.
#[test]
fn readme_and_user_guide_name_all_differences_to_the_scripts() {
    const DIFFERENCES: [&str; 5] =
        ["only touches the border", "percentage covered", "past the end of a video", "several times", "`NaN`"];
    for (path, begin, end) in [
        ("README.md", "except where the scripts were wrong:", "Do not run the scripts"),
        ("docs/user-guide.md", "except where the scripts were wrong:", "## Without the window"),
    ] {
        let text = document(path);
        let part = text.split(begin).nth(1).and_then(|rest| rest.split(end).next()).expect(path);
        let told: Vec<&str> = part.split("\n- ").skip(1).collect();
        assert_eq!(told.len(), DIFFERENCES.len(), "{path}: {told:?}");
        for difference in DIFFERENCES {
            assert!(told.iter().any(|told| told.contains(difference)), "{path}: {difference}");
        }
    }
}
