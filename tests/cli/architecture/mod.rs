//! The invariants of ARCHITECTURE.md, read from `cargo metadata` and the parsed sources.

mod circles;
mod doors;
mod sources;
mod sweep;

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::OnceLock;

use serde_json::Value;

use sources::{Source, sources};

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..").canonicalize().expect("the repository is there")
}

fn metadata() -> &'static [Value] {
    static METADATA: OnceLock<Vec<Value>> = OnceLock::new();
    METADATA.get_or_init(|| {
        let output = Command::new(env!("CARGO"))
            .args(["metadata", "--format-version", "1", "--no-deps", "--offline"])
            .current_dir(root())
            .output()
            .expect("cargo runs");
        assert!(output.status.success(), "cargo metadata: {}", String::from_utf8_lossy(&output.stderr));
        let metadata: Value = serde_json::from_slice(&output.stdout).expect("cargo metadata is JSON");
        metadata["packages"].as_array().expect("packages").clone()
    })
}

/// The packages of the workspace, by name.
fn packages() -> Vec<String> {
    metadata().iter().map(|package| package["name"].as_str().expect("a name").to_owned()).collect()
}

/// The dependencies that ship with a package (not its tests), by name.
fn shipped_dependencies(package: &str) -> BTreeSet<String> {
    let found = metadata().iter().find(|candidate| candidate["name"] == package);
    let found = found.unwrap_or_else(|| panic!("package `{package}` is in the workspace"));
    found["dependencies"]
        .as_array()
        .expect("dependencies")
        .iter()
        .filter(|dependency| dependency["kind"].is_null())
        .map(|dependency| dependency["name"].as_str().expect("a name").to_owned())
        .collect()
}

/// A path as ARCHITECTURE.md writes it: from the repository's root, with `/`.
fn shown(path: &Path) -> String {
    path.strip_prefix(root()).unwrap_or(path).display().to_string().replace('\\', "/")
}

/// Our packages, and which of our others each may depend on.
const MAY_USE: [(&str, &[&str]); 10] = [
    ("model", &[]),
    ("charts", &["model"]),
    ("panopto", &["model"]),
    ("roster", &["model"]),
    ("store", &["model"]),
    ("engine", &["model", "panopto", "roster", "store"]),
    ("sim", &[]),
    ("cli", &["model", "engine", "charts", "sim"]),
    ("panopto-video-analytics", &["model", "engine", "charts", "sim"]),
    ("dev", &["model", "engine", "sim", "panopto-video-analytics"]),
];
/// Libraries on which only some of our packages may depend.
const OWNERS: [(&str, &[&str]); 6] = [
    ("tauri", &["panopto-video-analytics"]),
    ("keyring", &["engine"]),
    ("plotters", &["charts"]),
    ("parquet", &["cli"]),
    ("reqwest", &["panopto"]),
    ("quick-xml", &["panopto", "sim"]),
];
/// Packages for development and tests only.
const NEVER_SHIPPED: [&str; 1] = ["dev"];
/// Files whose shipped code may override clippy's lists, and for what.
const PASSES_OVER_CLIPPY: [(&str, &str); 3] = [
    ("src-tauri/sim/src/bin/panopto-simulator.rs", "its certificate, and the day of its sample"),
    ("src-tauri/sim/src/clock.rs", "the server's clock"),
    ("src-tauri/src/desktop.rs", "the answers of a test"),
];
/// What would make the model impure.
const IMPURE: [&str; 13] = [
    "std::fs",
    "std::net",
    "std::env",
    "std::time",
    "std::process",
    "std::thread",
    "std::io::stdin",
    "println",
    "eprintln",
    "print",
    "dbg",
    "rand",
    "tokio",
];
/// The most lines of code in a file, as CONTRIBUTING.md says.
const MOST_CODE_LINES: usize = 400;
/// Files that may be longer, each with the reason.
const LONGER: [(&str, &str); 2] = [
    ("tests/engine/fuzz.rs", "one table of every reader and its damage; two files could each forget one"),
    ("tests/charts/structure.rs", "one reading of SVG for all charts, used by each test in turn"),
];

#[test]
fn dependencies_point_one_way() {
    for package in packages() {
        let allowed = MAY_USE.iter().find(|(name, _)| *name == package).map(|(_, allowed)| *allowed);
        let allowed = allowed.unwrap_or_else(|| panic!("`{package}` is new: say here what it may depend on"));
        for used in shipped_dependencies(&package) {
            let is_ours = MAY_USE.iter().any(|(name, _)| *name == used);
            assert!(!is_ours || allowed.contains(&used.as_str()), "`{package}` must not depend on `{used}`");
        }
    }
}

#[test]
fn each_library_has_one_owner() {
    for package in packages() {
        let used = shipped_dependencies(&package);
        for (library, owners) in OWNERS {
            assert!(
                !used.contains(library) || owners.contains(&package.as_str()),
                "only {owners:?} may depend on `{library}`, not `{package}`"
            );
        }
    }
}

#[test]
fn only_the_secrets_module_names_the_keychain() {
    for source in sources("src-tauri/engine/src").into_iter().filter(|source| !source.shown.contains("/src/secrets")) {
        assert_eq!(source.named_in("keyring"), Vec::<&str>::new(), "{}", source.shown);
    }
}

/// Clippy refuses `std::fs` everywhere except in `store`, which has its own list. Any other code that uses it gives a
/// reason.
#[test]
fn only_the_store_touches_files() {
    let refused = std::fs::read_to_string(root().join(".clippy.toml")).expect("clippy's list");
    for name in ["std::fs::File", "std::fs::OpenOptions", "std::fs::read", "std::fs::write", "std::fs::remove_dir_all"]
    {
        assert!(refused.contains(&format!("path = \"{name}\"")), "clippy does not refuse {name}");
    }
    let own_lists: Vec<String> = std::fs::read_dir(root().join("src-tauri"))
        .expect("a folder of the repository")
        .map(|entry| entry.expect("an entry").path().join(".clippy.toml"))
        .filter(|path| path.is_file())
        .map(|path| shown(&path))
        .collect();
    assert_eq!(own_lists, ["src-tauri/store/.clippy.toml"]);
    let mut met = BTreeSet::new();
    let folders =
        ["engine/", "cli/", "model/", "charts/", "panopto/", "sim/", ""].map(|part| format!("src-tauri/{part}src"));
    for folder in folders {
        for source in sources(&folder) {
            let module = ["std::fs", "tokio::fs"].into_iter().find(|module| !source.named_in(module).is_empty());
            if source.passes_over_clippy {
                let known = PASSES_OVER_CLIPPY.iter().any(|(file, _)| *file == source.shown);
                assert!(known, "{} passes over clippy's list", source.shown);
                met.insert(source.shown.clone());
            } else {
                assert_eq!(module, None, "{}: files belong to the store", source.shown);
            }
        }
    }
    assert_eq!(met.len(), PASSES_OVER_CLIPPY.len(), "an exception that is not needed any more: {met:?}");
}

/// Disks that fail on purpose and clocks that stand still are not part of the shipped program.
#[test]
fn test_support_is_not_shipped() {
    let mut with_support = BTreeSet::new();
    for package in metadata() {
        let name = package["name"].as_str().expect("a name");
        let features = package["features"].as_object().expect("features");
        if features.contains_key("testing") {
            with_support.insert(name);
        }
        for (feature, enables) in features.iter().filter(|(feature, _)| *feature != "testing") {
            assert!(!enables.to_string().contains("testing"), "feature `{feature}` of `{name}` enables test support");
        }
        let is_shipped = !NEVER_SHIPPED.contains(&name);
        for dependency in package["dependencies"].as_array().expect("dependencies") {
            let wants_it = dependency["features"].as_array().expect("features").iter().any(|on| on == "testing");
            assert!(
                !wants_it || !is_shipped || dependency["kind"] == "dev",
                "`{name}` ships with the test support of {dependency}"
            );
        }
    }
    assert_eq!(with_support, BTreeSet::from(["engine", "store"]));
}

#[test]
fn the_model_is_pure() {
    for source in sources("src-tauri/model/src") {
        for module in IMPURE {
            assert_eq!(source.named_in(module), Vec::<&str>::new(), "{}", source.shown);
        }
        for clock in ["Utc::now", "Local::now", "Instant::now"] {
            assert!(!source.names_end(clock), "{} reads a clock", source.shown);
        }
        assert!(!source.is_async, "{} is async", source.shown);
    }
    for library in ["tokio", "rand", "reqwest", "csv"] {
        assert!(!shipped_dependencies("model").contains(library), "the model must not depend on {library}");
    }
}

/// With its seed and clock, whatever a test has found can be repeated. Code that cannot be repeated exists in few
/// places, and changes no data in any of them.
#[test]
fn time_and_chance_come_from_outside() {
    let allowed = [
        ("src-tauri/engine/src/clock.rs", "SystemTime::now", "the clock that is handed in"),
        (
            "src-tauri/engine/src/chunk/state.rs",
            "SystemTime::now",
            "compared with files' own times: whether to read again",
        ),
        (
            "src-tauri/engine/src/people/forgotten.rs",
            "rand::random",
            "a salt for each account that is forgotten, made once",
        ),
        ("src-tauri/engine/src/secrets/mod.rs", "OsRng", "a key that nobody can guess, made once"),
        ("src-tauri/panopto/src/login.rs", "rand::random", "what ties the browser's answer to this sign-in"),
        ("src-tauri/panopto/src/pace/retry.rs", "rand::random", "how long to wait before another try"),
    ];
    let ends = [
        "Utc::now",
        "Local::now",
        "SystemTime::now",
        "Uuid::new_v4",
        "Uuid::now_v7",
        "rand::random",
        "rand::rng",
        "rand::thread_rng",
        "OsRng",
    ];
    let mut met = BTreeSet::new();
    for part in ["model", "store", "panopto", "engine", "charts", "cli"] {
        for source in sources(&format!("src-tauri/{part}/src")) {
            for end in ends.into_iter().filter(|end| source.names_end(end)) {
                let is_allowed = allowed.iter().any(|(file, what, _)| *file == source.shown && *what == end);
                assert!(is_allowed, "{} uses {end}: take it from the caller", source.shown);
                met.insert((source.shown.clone(), end));
            }
        }
    }
    assert_eq!(met.len(), allowed.len(), "an exception that is not needed any more: {met:?}");
}

#[test]
fn only_panopto_speaks_the_protocols() {
    for folder in ["src-tauri/engine/src", "src-tauri/cli/src", "src-tauri/src", "src-tauri/charts/src"] {
        for source in sources(folder) {
            assert_eq!(source.named_in("reqwest"), Vec::<&str>::new(), "{}", source.shown);
            for word in ["soap:Envelope", "SOAPAction", "grant_type", "/api/v1/"] {
                assert!(!source.texts().any(|text| text.contains(word)), "{} says {word}", source.shown);
            }
        }
    }
}

#[test]
fn libraries_are_named_by_their_owners_only() {
    for part in ["model", "store", "panopto", "engine", "charts", "sim", "cli"] {
        for source in sources(&format!("src-tauri/{part}/src")) {
            assert_eq!(source.named_in("tauri"), Vec::<&str>::new(), "{}", source.shown);
            assert!(part == "charts" || source.named_in("plotters").is_empty(), "{} names plotters", source.shown);
        }
    }
}

#[test]
fn only_one_file_of_the_window_talks_to_the_shell() {
    let mut open = vec![root().join("ui/src")];
    let mut naming = Vec::new();
    while let Some(directory) = open.pop() {
        for entry in std::fs::read_dir(directory).expect("a folder of the window") {
            let path = entry.expect("an entry").path();
            if path.is_dir() {
                open.push(path);
            } else if std::fs::read_to_string(&path).is_ok_and(|text| text.contains("@tauri-apps")) {
                naming.push(shown(&path));
            }
        }
    }
    assert_eq!(naming, ["ui/src/lib/ipc.ts"]);
}

#[test]
fn the_simulator_knows_nothing_of_the_client() {
    for source in sources("src-tauri/sim/src") {
        for part in ["panopto", "model", "engine", "store"] {
            assert_eq!(source.named_in(part), Vec::<&str>::new(), "{}", source.shown);
        }
    }
}

/// Makes the compiler check that a type does not implement a trait: if it did, the call below would be ambiguous.
macro_rules! is_not {
    ($type:ty: $trait:path) => {{
        trait MeansOneThing<Case> {
            fn look() {}
        }
        impl<T: ?Sized> MeansOneThing<()> for T {}
        #[allow(dead_code, reason = "a case that only exists for types with the trait")]
        struct WithTrait;
        impl<T: ?Sized + $trait> MeansOneThing<WithTrait> for T {}
        <$type as MeansOneThing<_>>::look();
    }};
}

/// A secret in an argument would be in the process list; in a log it would be in a file.
#[test]
fn secrets_are_neither_printed_nor_serialised() {
    use engine::secrets::Secret;

    assert_eq!(format!("{:?}", Secret::new("hunter2")), "Secret(..)");
    is_not!(Secret: std::fmt::Display);
    is_not!(Secret: serde::Serialize);
    is_not!(Secret: std::ops::Deref);
    is_not!(Secret: AsRef<str>);
    is_not!(Secret: AsRef<[u8]>);
    is_not!(Secret: std::borrow::Borrow<str>);
}

#[test]
fn every_source_says_what_it_is_for_and_is_one_idea() {
    let all: Vec<&Source> = ["src-tauri", "tests", "benches"].into_iter().flat_map(sources).collect();
    for source in &all {
        assert!(source.text.starts_with("//!"), "{} has no header", source.shown);
        let may_be_longer = LONGER.iter().any(|(file, _)| *file == source.shown);
        assert!(
            source.code_lines <= MOST_CODE_LINES || may_be_longer,
            "{} has {} lines of code: more than one idea",
            source.shown,
            source.code_lines
        );
    }
    for (file, _) in LONGER {
        let is_long = all.iter().any(|source| source.shown == file && source.code_lines > MOST_CODE_LINES);
        assert!(is_long, "{file} needs no exception any more");
    }
    let text = std::fs::read_to_string(root().join("CONTRIBUTING.md")).expect("CONTRIBUTING.md");
    assert!(text.contains(&format!("at most {MOST_CODE_LINES} lines of code")), "CONTRIBUTING.md says the rule");
}

#[test]
fn nothing_listens_to_other_computers() {
    for folder in ["src-tauri", "tests", "benches"] {
        for source in sources(folder) {
            for end in ["Ipv4Addr::UNSPECIFIED", "Ipv6Addr::UNSPECIFIED"] {
                assert!(!source.names_end(end), "{} names {end}", source.shown);
            }
            for everywhere in ["0.0.0.0:", "[::]:"] {
                assert!(!source.texts().any(|text| text.starts_with(everywhere)), "{} says {everywhere}", source.shown);
            }
        }
    }
}

/// The folders in ARCHITECTURE.md's code map exist, and the map contains every part of the program.
#[test]
fn the_code_map_is_that_of_the_repository() {
    let text = std::fs::read_to_string(root().join("ARCHITECTURE.md")).expect("ARCHITECTURE.md");
    let map = text.split("## Code map").nth(1).and_then(|rest| rest.split("\n## ").next()).expect("a code map");
    let folders: BTreeSet<&str> = map.lines().filter_map(|line| line.strip_prefix("| `")?.split('`').next()).collect();
    for folder in &folders {
        assert!(root().join(folder).is_dir(), "`{folder}` of the code map is not there");
    }
    for entry in std::fs::read_dir(root().join("src-tauri")).expect("a folder of the repository") {
        let path = entry.expect("an entry").path();
        if path.join("Cargo.toml").is_file() {
            assert!(folders.contains(&*shown(&path)), "`{}` is not in the code map", shown(&path));
        }
    }
}
