//! The long sweeps run what they say: every reader that is tested with damage is in `.ci/sweep`, and each of its filters
//! finds a test.
//!
//! A filter that matches nothing passes in silence, and so does a reader that nobody has named. Deliberately absent: how
//! many cases are run, which the sweep itself says.

use std::path::{Path, PathBuf};

use super::{metadata, root};

/// A test, where cargo finds it.
#[derive(Debug)]
struct Found {
    package: String,
    /// `--test=engine`, or `--lib`.
    binary: String,
    /// `fuzz::people`, as cargo's filters see it.
    path: String,
    /// Whether it is a property of damaged or arbitrary input that the sweep runs for long.
    is_of_reader: bool,
}

/// One line of the sweep.
#[derive(Debug)]
struct Line {
    text: String,
    package: String,
    binary: String,
    filters: Vec<String>,
}

impl Line {
    fn runs(&self, test: &Found) -> bool {
        self.filters.iter().any(|filter| self.runs_by(filter, test))
    }

    fn runs_by(&self, filter: &str, test: &Found) -> bool {
        (&self.package, &self.binary) == (&test.package, &test.binary) && test.path.contains(filter)
    }
}

fn lines() -> Vec<Line> {
    let text = std::fs::read_to_string(root().join(".ci/sweep")).expect("the sweep is there");
    let calls = text.lines().filter(|line| line.starts_with("sweep \"") || line.starts_with("readers \""));
    calls
        .map(|line| {
            let words = line.rsplit('"').next().expect("a line has an end");
            let mut words = words.split_whitespace().map(str::to_owned);
            Line {
                text: line.to_owned(),
                package: words.next().unwrap_or_else(|| panic!("{line} names no package")),
                binary: words.next().unwrap_or_else(|| panic!("{line} names no tests")),
                filters: words.filter(|word| !word.starts_with("--")).collect(),
            }
        })
        .collect()
}

/// Every test of the workspace that is written out; what macros of ours make is not seen.
fn tests() -> Vec<Found> {
    let mut found = Vec::new();
    for package in metadata() {
        let name = package["name"].as_str().expect("a name");
        for target in package["targets"].as_array().expect("targets") {
            let is = |kind: &str| target["kind"].as_array().is_some_and(|kinds| kinds.iter().any(|one| one == kind));
            let binary = match (is("test"), is("lib")) {
                (true, _) => format!("--test={}", target["name"].as_str().expect("a name")),
                (_, true) => "--lib".to_owned(),
                _ => continue,
            };
            let source = Path::new(target["src_path"].as_str().expect("a path"));
            let dir = source.parent().expect("a source is in a folder");
            for file in sources_below(dir) {
                let text = std::fs::read_to_string(&file).expect("UTF-8");
                let module = module(file.strip_prefix(dir).expect("it is in there"));
                found.extend(tests_in(&text).map(|(test, is_of_reader)| Found {
                    package: name.to_owned(),
                    binary: binary.clone(),
                    path: format!("{module}{test}"),
                    is_of_reader,
                }));
            }
        }
    }
    found
}

fn sources_below(dir: &Path) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(dir).expect("a folder of the repository");
    let paths = entries.map(|entry| entry.expect("an entry").path());
    let below = paths.flat_map(|path| if path.is_dir() { sources_below(&path) } else { vec![path] });
    below.filter(|path| path.extension().is_some_and(|extension| extension == "rs")).collect()
}

/// `fuzz::` of `fuzz.rs`; nothing of `main.rs`.
fn module(file: &Path) -> String {
    let parts = file.with_extension("");
    let parts = parts.iter().map(|part| part.to_string_lossy().into_owned());
    parts.filter(|part| !["main", "lib", "mod"].contains(&part.as_str())).map(|part| part + "::").collect()
}

/// The tests of a file, and whether each is a property of a reader: one whose number of cases the sweep sets, of damaged
/// input or of any input.
fn tests_in(text: &str) -> impl Iterator<Item = (String, bool)> {
    let (mut block_indent, mut asks_the_sweep) = (None::<usize>, false);
    let mut is_test = false;
    let mut found = Vec::new();
    for line in text.lines() {
        let indent = line.len() - line.trim_start().len();
        let code = line.trim();
        if code.ends_with("proptest! {") {
            (block_indent, asks_the_sweep) = (Some(indent), false);
        } else if block_indent == Some(indent) && code == "}" {
            block_indent = None;
        } else if code.contains("config(cases(") || code.contains("PROPTEST_CASES") {
            asks_the_sweep = true;
        }
        is_test |= code.starts_with("#[test]") || code.starts_with("#[tokio::test");
        let name = code.split_once("fn ").filter(|_| is_test).and_then(|(_, rest)| rest.split(['(', '<']).next());
        if let Some(name) = name {
            let is_of_any_input = name.ends_with("_without_panic");
            found.push((name.to_owned(), block_indent.is_some() && (asks_the_sweep || is_of_any_input)));
            is_test = false;
        }
    }
    found.into_iter()
}

#[test]
fn every_reader_is_swept_and_every_filter_of_the_sweep_finds_a_test() {
    let (lines, tests) = (lines(), tests());
    assert!(lines.len() >= 12, "the sweep is read: {lines:?}");
    for line in &lines {
        assert!(!line.filters.is_empty(), "{} runs everything", line.text);
        for filter in &line.filters {
            let finds = tests.iter().any(|test| line.runs_by(filter, test));
            assert!(finds, "`{filter}` finds no test: {}", line.text);
        }
    }
    let readers: Vec<&Found> = tests.iter().filter(|test| test.is_of_reader).collect();
    assert!(readers.len() >= 40, "readers are found: {readers:?}");
    for reader in readers {
        assert!(lines.iter().any(|line| line.runs(reader)), "{reader:?} is in no sweep");
    }
}

#[test]
fn a_reader_is_told_from_other_tests() {
    let text = "#[test]\nfn plain() {}\nproptest! {\n    #![proptest_config(cases(9))]\n    #[test]\n    fn damaged(a in x()) {\n    }\n}\n\
                proptest! {\n    #[test]\n    fn a_sum(a in x()) {}\n    #[test]\n    fn any_bytes_without_panic(a in x()) {}\n}\n#[test]\nfn last() {}\n";
    let told: Vec<(String, bool)> = tests_in(text).collect();
    let is = |name: &str| told.iter().find(|(test, _)| test == name).map(|(_, is)| *is);
    assert_eq!(told.len(), 5, "{told:?}");
    assert_eq!((is("damaged"), is("any_bytes_without_panic")), (Some(true), Some(true)));
    assert_eq!((is("plain"), is("a_sum"), is("last")), (Some(false), Some(false), Some(false)));
}
