//! The files of the nightly job, read back by what reads them: systemd's own rules and `systemd-analyze`, a parser of property
//! lists, and the rules of the Task Scheduler's schema.

use std::path::Path;
use std::process::Command;

use engine::nightly::{NightlyJob, cron_line, launchd_agent, next_night, systemd_service, systemd_timer, windows_task};
use engine::settings::NightlyTime;
use proptest::prelude::*;

use crate::support::at;

/// Everything that means something to one of the systems or to a shell, and letters of several scripts.
const ODD: &str = "we ird \"q\" 'a' 100% %h %% $HOME ${X} $$ `id` back\\slash \\\" #; é 漢字 & <b> ~ * ! ; | = @ -";

fn job_in(program: &str, config: &str) -> NightlyJob {
    let time = NightlyTime::parse("2:05").unwrap();
    NightlyJob::new(time, Path::new(program), Path::new(config), Some(Path::new("/the data"))).unwrap()
}

/// What the program must receive.
fn expected(program: &str, config: &str) -> Vec<String> {
    [program, "--data", "/the data", "nightly", "run", "--config-dir", config].map(str::to_owned).into()
}

/// The value of a key in a unit, which stands there once.
fn value<'a>(unit: &'a str, key: &str) -> &'a str {
    let mut values = unit.lines().filter_map(|line| line.strip_prefix(key)?.strip_prefix('='));
    let value = values.next().unwrap_or_else(|| panic!("no {key} in {unit}"));
    assert!(values.next().is_none(), "{key} twice in {unit}");
    value
}

/// Takes a command line apart as `systemd.service(5)`, *Command lines*, says: quotes, C escapes, `%%`; with `:` no variables.
fn systemd_words(line: &str) -> Vec<String> {
    let mut rest = line.strip_prefix(':').expect("variables are not replaced").chars().peekable();
    let (mut words, mut word, mut quoted) = (Vec::new(), None::<String>, None);
    while let Some(character) = rest.next() {
        match (character, quoted) {
            ('\\', _) => match rest.next().expect("something is escaped") {
                same @ ('"' | '\'' | '\\') => word.get_or_insert_default().push(same),
                other => panic!("\\{other} in {line}"),
            },
            ('%', _) => {
                assert_eq!(rest.next(), Some('%'), "a specifier in {line}");
                word.get_or_insert_default().push('%');
            }
            (quote @ ('"' | '\''), None) => {
                quoted = Some(quote);
                word.get_or_insert_default();
            }
            (quote, Some(open)) if quote == open => quoted = None,
            (' ', None) => words.extend(word.take()),
            (other, _) => word.get_or_insert_default().push(other),
        }
    }
    assert!(quoted.is_none(), "{line}");
    words.into_iter().chain(word).collect()
}

/// Without the shell in front, which passes on what it is given.
#[track_caller]
fn program_and_arguments(words: Vec<String>) -> Vec<String> {
    if let Some(rest) = words.strip_prefix(&["/bin/sh", "-c", r#"exec "$0" "$@""#].map(str::to_owned)) {
        rest.to_vec()
    } else {
        assert!(!words[0].contains(['"', '\'', '\\']), "systemd refuses such a program: {}", words[0]);
        words
    }
}

#[test]
fn systemd_starts_the_program_with_every_letter_of_its_paths() {
    for (program, config) in [
        ("/usr/bin/panopto-analytics".to_owned(), "/home/me/.config/x".to_owned()),
        (format!("/opt/{ODD}/panopto-analytics"), format!("/home/{ODD}/c")),
    ] {
        let service = systemd_service(&job_in(&program, &config));
        let words = program_and_arguments(systemd_words(value(&service, "ExecStart")));
        assert_eq!(words, expected(&program, &config));
        let condition = value(&service, "ConditionFileIsExecutable");
        assert_eq!(condition.replace("%%", "%"), program);
        assert_eq!(value(&service, "UMask"), "0077");
    }
    let timer = systemd_timer(&job_in("/p", "/c"));
    assert_eq!(value(&timer, "OnCalendar"), "*-*-* 02:05:00");
    assert_eq!(value(&timer, "Persistent"), "true", "a night in which the computer was off is made up for");
    assert!(!timer.contains("WakeSystem"), "a sleeping computer is not woken");
}

/// systemd's own word on both units, and what the call really starts.
#[cfg(target_os = "linux")]
#[test]
fn systemd_itself_finds_nothing_wrong_with_the_units() {
    use std::os::unix::fs::PermissionsExt as _;

    let dir = tempfile::tempdir().unwrap();
    let place = dir.path().join(ODD);
    std::fs::create_dir_all(&place).unwrap();
    let program = place.join("panopto-analytics");
    std::fs::write(&program, "#!/bin/sh\nprintf '%s\\n' \"$0\" \"$@\"\n").unwrap();
    std::fs::set_permissions(&program, std::fs::Permissions::from_mode(0o755)).unwrap();
    let (program, config) = (program.to_str().unwrap().to_owned(), place.join("c").to_str().unwrap().to_owned());
    let job = job_in(&program, &config);

    let words = systemd_words(value(&systemd_service(&job), "ExecStart"));
    let started = Command::new(&words[0]).args(&words[1..]).output().unwrap();
    let printed = String::from_utf8(started.stdout).unwrap();
    assert_eq!(printed.lines().collect::<Vec<_>>(), expected(&program, &config));

    let units = dir.path().join("units");
    std::fs::create_dir_all(&units).unwrap();
    let verify = |service: &str| {
        std::fs::write(units.join("panopto-analytics-nightly.service"), service).unwrap();
        std::fs::write(units.join("panopto-analytics-nightly.timer"), systemd_timer(&job)).unwrap();
        let names = ["panopto-analytics-nightly.timer", "panopto-analytics-nightly.service"];
        let mut command = Command::new("systemd-analyze");
        command.args(["verify", "--user", "--man=no"]).args(names.map(|name| units.join(name)));
        command.env("XDG_RUNTIME_DIR", dir.path()).env("HOME", dir.path()).output()
    };
    let Ok(verified) = verify(&systemd_service(&job)) else {
        eprintln!("SKIPPED: `systemd-analyze` is not installed");
        return;
    };
    let said = String::from_utf8_lossy(&verified.stderr).into_owned();
    assert!(verified.status.success() && said.is_empty(), "{said}");
    // It would say so if something were wrong.
    let broken = verify(&systemd_service(&job).replace("/bin/sh", "/nowhere/sh")).unwrap();
    assert!(!broken.status.success() && !broken.stderr.is_empty());
}

#[test]
fn the_property_list_of_launchd_says_the_same() {
    let (program, config) = (format!("/Applications/{ODD}/panopto-analytics"), format!("/Users/{ODD}/c"));
    let text = launchd_agent(&job_in(&program, &config));
    let list = plist::Value::from_reader_xml(text.as_bytes()).unwrap().into_dictionary().unwrap();
    let words = list["ProgramArguments"].as_array().unwrap().iter();
    assert_eq!(words.map(|word| word.as_string().unwrap()).collect::<Vec<_>>(), expected(&program, &config));
    let when = list["StartCalendarInterval"].as_dictionary().unwrap();
    let number = |key: &str| when[key].as_signed_integer();
    assert_eq!((number("Hour"), number("Minute"), when.len()), (Some(2), Some(5), 2), "every day, not every minute");
    assert_eq!(list["Label"].as_string(), Some("io.github.panopto-video-analytics.nightly"));
    assert_eq!(list["Umask"].as_signed_integer(), Some(0o077));
    for key in list.keys() {
        // launchd.plist(5); it says nothing about a key that it does not know.
        assert!(["Label", "ProgramArguments", "StartCalendarInterval", "ProcessType", "Umask"].contains(&key.as_str()));
    }
}

/// The elements of the Task Scheduler's schema (MS-TSCH, 2.5) in the order in which a sequence wants them.
const SCHEMA: &[(&str, &[&str])] = &[
    ("Task", &["RegistrationInfo", "Triggers", "Principals", "Settings", "Actions"]),
    ("RegistrationInfo", &["URI", "SecurityDescriptor", "Source", "Date", "Author", "Version", "Description"]),
    ("Triggers", &["CalendarTrigger"]),
    (
        "CalendarTrigger",
        &["Enabled", "StartBoundary", "EndBoundary", "ExecutionTimeLimit", "RandomDelay", "ScheduleByDay"],
    ),
    ("ScheduleByDay", &["DaysInterval"]),
    ("Principals", &["Principal"]),
    ("Principal", &["UserId", "LogonType", "GroupId", "DisplayName", "RunLevel"]),
    (
        "Settings",
        &[
            "MultipleInstancesPolicy",
            "DisallowStartIfOnBatteries",
            "StopIfGoingOnBatteries",
            "StartWhenAvailable",
            "RunOnlyIfNetworkAvailable",
            "WakeToRun",
            "ExecutionTimeLimit",
            "Priority",
        ],
    ),
    ("Actions", &["Exec"]),
    ("Exec", &["Command", "Arguments", "WorkingDirectory"]),
];

fn follows_the_schema(element: roxmltree::Node<'_, '_>) {
    let children: Vec<_> = element.children().filter(roxmltree::Node::is_element).collect();
    let name = element.tag_name().name();
    assert_eq!(element.tag_name().namespace(), Some("http://schemas.microsoft.com/windows/2004/02/mit/task"));
    let Some((_, allowed)) = SCHEMA.iter().find(|(known, _)| *known == name) else {
        assert!(children.is_empty(), "`{name}` holds a value");
        let value = element.text().unwrap();
        let valid = match name {
            "StartBoundary" => value.parse::<chrono::NaiveDateTime>().is_ok(),
            "RandomDelay" | "ExecutionTimeLimit" => ["PT10M", "PT20H"].contains(&value),
            "DaysInterval" | "Priority" => value.parse::<u8>().is_ok(),
            "MultipleInstancesPolicy" => value == "IgnoreNew",
            "LogonType" => value == "InteractiveToken",
            "RunLevel" => value == "LeastPrivilege",
            "Command" | "Arguments" | "Author" | "Description" => true,
            _ => ["true", "false"].contains(&value),
        };
        assert!(valid, "`{value}` in `{name}`");
        return;
    };
    let places: Vec<usize> = children
        .iter()
        .map(|child| allowed.iter().position(|name| *name == child.tag_name().name()))
        .map(|place| place.unwrap_or_else(|| panic!("not allowed in `{name}`")))
        .collect();
    assert!(places.windows(2).all(|two| two[0] < two[1]), "the order in `{name}`: {places:?}");
    children.into_iter().for_each(follows_the_schema);
}

/// Takes a command line apart as `CommandLineToArgvW` does.
fn windows_words(line: &str) -> Vec<String> {
    let (mut words, mut word, mut quoted, mut backslashes) = (Vec::new(), None::<String>, false, 0);
    for character in line.chars() {
        if character == '\\' {
            backslashes += 1;
            word.get_or_insert_default();
            continue;
        }
        let before = std::mem::take(&mut backslashes);
        if character == '"' {
            let word = word.get_or_insert_default();
            word.extend(std::iter::repeat_n('\\', before / 2));
            if before % 2 == 1 {
                word.push('"');
            } else {
                quoted = !quoted;
            }
            continue;
        }
        if before > 0 {
            word.get_or_insert_default().extend(std::iter::repeat_n('\\', before));
        }
        if character == ' ' && !quoted {
            words.extend(word.take());
        } else {
            word.get_or_insert_default().push(character);
        }
    }
    if let Some(word) = &mut word {
        word.extend(std::iter::repeat_n('\\', backslashes));
    }
    words.into_iter().chain(word).collect()
}

fn task_words(task: &str) -> Vec<String> {
    let document = roxmltree::Document::parse(task).unwrap();
    let text = |name: &str| {
        document
            .descendants()
            .find(|node| node.has_tag_name(("http://schemas.microsoft.com/windows/2004/02/mit/task", name)))
            .unwrap()
            .text()
            .unwrap()
            .to_owned()
    };
    [vec![text("Command")], windows_words(&text("Arguments"))].concat()
}

#[test]
fn the_task_follows_the_schema_and_starts_the_program_with_every_letter() {
    let odd = "we ird \"q\" 'a' 100% $HOME back\\slash \\\" & <b> é 漢字\\";
    let (program, config) = (format!("/Programs/{odd}/panopto-analytics"), format!("/Users/{odd}"));
    let task = windows_task(&job_in(&program, &config)).unwrap();
    let document = roxmltree::Document::parse(&task).unwrap();
    follows_the_schema(document.root_element());
    assert_eq!(task_words(&task), expected(&program, &config));
    for says in [
        "<WakeToRun>false</WakeToRun>",
        "<StartWhenAvailable>true</StartWhenAvailable>",
        "<RunOnlyIfNetworkAvailable>true</RunOnlyIfNetworkAvailable>",
        "<StartBoundary>2026-01-01T02:05:00</StartBoundary>",
    ] {
        assert!(task.contains(says), "{says}");
    }
}

#[test]
fn what_the_task_scheduler_would_replace_is_refused_with_a_sentence() {
    for (odd, what) in [("%TEMP%", "between two `%`"), ("a$(Arg0)", "begins with `$(`")] {
        let error = windows_task(&job_in(&format!("/{odd}/panopto-analytics"), "/c")).unwrap_err();
        assert!(error.message().contains(what) && error.hint().is_some(), "{error}");
    }
}

#[test]
fn the_line_for_cron_reaches_the_program_through_a_shell() {
    let (program, config) = ("/bin/echo", format!("/home/{ODD}"));
    let line = cron_line(&job_in(program, &config));
    let call = line.strip_prefix("5 2 * * *  ").unwrap();
    // cron ends a command at the first `%` that has no backslash before it, and takes that backslash away.
    let mut bare = call.replace("\\%", "");
    bare.retain(|character| character == '%');
    assert_eq!(bare, "");
    if cfg!(unix) {
        let shell =
            Command::new("sh").args(["-c", &call.replace("\\%", "%").replace("/bin/echo", "printf '%s\\n'")]).output();
        let printed = String::from_utf8(shell.unwrap().stdout).unwrap();
        let words: Vec<&str> = printed.lines().collect();
        let mut expected = expected(program, &config);
        expected.push("--quiet".to_owned());
        assert_eq!(words, expected[1..]);
    }
}

proptest! {
    /// Any name of a folder that the systems allow.
    #[test]
    fn every_path_reaches_the_program(odd in "[^\\x00-\\x1f\\x7f-\\x9f/]{1,20}") {
        // These are the folder itself and the one above it; systemd takes such steps out of a path.
        prop_assume!(odd != "." && odd != "..");
        let (program, config) = (format!("/{odd}/panopto-analytics"), format!("/x/{odd}"));
        let job = job_in(&program, &config);
        let words = program_and_arguments(systemd_words(value(&systemd_service(&job), "ExecStart")));
        prop_assert_eq!(words, expected(&program, &config));
        let list = plist::Value::from_reader_xml(launchd_agent(&job).as_bytes()).unwrap().into_dictionary().unwrap();
        let words = list["ProgramArguments"].as_array().unwrap().iter();
        let words: Vec<_> = words.map(|word| word.as_string().unwrap().to_owned()).collect();
        prop_assert_eq!(words, expected(&program, &config));
        if let Ok(task) = windows_task(&job) {
            prop_assert_eq!(task_words(&task), expected(&program, &config));
        }
    }
}

#[test]
fn the_next_night_is_by_the_computers_own_clock() {
    let next = |time: &str, now: &str| {
        let zone = chrono_tz::Tz::Europe__Zurich;
        next_night(NightlyTime::parse(time).unwrap(), zone, at(now)).unwrap().to_rfc3339()
    };
    assert_eq!(next("02:30", "2026-11-28T01:29:59Z"), "2026-11-28T02:30:00+01:00");
    assert_eq!(next("02:30", "2026-11-28T01:30:00Z"), "2026-11-29T02:30:00+01:00", "that one has begun");
    // The clocks go forward over half past two, and back over it.
    assert_eq!(next("02:30", "2027-03-27T12:00:00Z"), "2027-03-29T02:30:00+02:00");
    assert_eq!(next("02:30", "2027-10-30T12:00:00Z"), "2027-10-31T02:30:00+02:00");
}
