//! `demo`: the first thing that `make demo` and the README show.

use crate::support::{Sandbox, snapshot};

/// Sorts the lines of the two courses, because which course reports first differs from run to run.
///
/// Leaves out the intermediate counts, which only a slow machine shows.
fn in_order(text: &str) -> String {
    let is_count = |line: &&str| {
        !line.contains(" viewing records")
            && line.ends_with(" records")
            && (line.contains(": reading its folders, ") || line.contains(" videos, "))
    };
    let of_a_course = |line: &&str| {
        !line.contains(" viewing records")
            && (line.starts_with("GEOG 204, Cities & Climate") || line.starts_with("PSYC 118"))
    };
    let lines: Vec<&str> = text.lines().filter(|line| !is_count(line)).collect();
    let mut sorted: Vec<&str> = lines.iter().copied().filter(of_a_course).collect();
    sorted.sort_unstable();
    let mut sorted = sorted.into_iter();
    lines
        .into_iter()
        .map(|line| if of_a_course(&line) { sorted.next().unwrap_or_default() } else { line })
        .map(|line| line.to_owned() + "\n")
        .collect()
}

#[test]
fn it_does_the_whole_job_again_and_again_and_touches_nothing_else() {
    let mut sandbox = Sandbox::new();
    // The demo must not use any of these.
    sandbox.set("PANOPTO_SERVER", "uni.example").set("PANOPTO_USERNAME", "me").set("PANOPTO_PASSWORD", "secret");
    sandbox.write("config/settings.json", "{\"server\": \"uni.example\", \"lookbackDays\": 7}\n");
    let settings = sandbox.files("config");
    let first = sandbox.run_bare(&["demo", "out put", "--timezone", "America/Vancouver"]).exits_with(0);
    // The program as it was called, because that need not be on the search path.
    let program = env!("CARGO_BIN_EXE_panopto-analytics");
    let shown = first.shown().replace(program, "panopto-analytics").replace(r"out put\class", "out put/class");
    snapshot!("demo", in_order(&shown));
    let made = sandbox.files("out put");
    let kept = |files: Vec<(String, Vec<u8>)>| {
        files.into_iter().filter(|(name, _)| !name.starts_with(".panopto-analytics")).collect::<Vec<_>>()
    };
    let again = sandbox.run_bare(&["demo", "out put", "--timezone", "America/Vancouver", "--json", "-q"]).exits_with(0);
    assert_eq!(again.json()["result"]["newRecords"], 0);
    assert_eq!(again.stderr, "");
    assert_eq!(kept(sandbox.files("out put")), kept(made), "run again it changes nothing");
    assert_eq!(sandbox.files("config"), settings);
    assert!(sandbox.files("home").is_empty());

    // The suggested command works exactly as printed.
    let suggested = format!("  {program} --data");
    assert_eq!(first.stdout.lines().filter(|line| line.starts_with(&suggested)).count(), 4, "{}", first.stdout);
    for line in first.stdout.lines().filter(|line| line.starts_with(&suggested)) {
        // What stands in quotes is one argument.
        let arguments: Vec<String> = line
            .trim()
            .split('"')
            .enumerate()
            .flat_map(|(place, part)| match place % 2 {
                0 => part.split_whitespace().map(str::to_owned).collect(),
                _ => vec![part.to_owned()],
            })
            .skip(1)
            .collect();
        let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
        sandbox.run_bare(&arguments).exits_with(0);
    }
    assert!(sandbox.path("chart.svg").is_file());
}

#[test]
fn it_refuses_another_place_for_its_data() {
    let sandbox = Sandbox::new();
    for arguments in [&["--data", "mine", "demo", "demo"][..], &["demo", "demo", "--data", "demo"]] {
        let ran = sandbox.run_bare(arguments).exits_with(2);
        assert!(ran.stderr.contains("not in that of --data"), "{}", ran.stderr);
    }
    assert!(!sandbox.path("demo").exists() && !sandbox.path("mine").exists());
}

#[test]
fn it_leaves_a_data_folder_of_somebody_alone() {
    let sandbox = Sandbox::new();
    crate::support::golden(&sandbox, "mine", true);
    let before = sandbox.files("mine");
    let ran = sandbox.run_bare(&["demo", "mine"]).exits_with(2);
    snapshot!("demo_refused", ran.shown());
    assert_eq!(sandbox.files("mine"), before);
}
