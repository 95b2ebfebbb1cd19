//! The invariants of ARCHITECTURE.md, read from `cargo metadata` and the sources.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::Value;

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..").canonicalize().expect("the repository is there")
}

/// The dependencies that ship with a package (not its tests), by name.
fn shipped_dependencies(package: &str) -> BTreeSet<String> {
    let output = Command::new(env!("CARGO"))
        .args(["metadata", "--format-version", "1", "--no-deps", "--offline"])
        .current_dir(root())
        .output()
        .expect("cargo runs");
    assert!(output.status.success(), "cargo metadata: {}", String::from_utf8_lossy(&output.stderr));
    let metadata: Value = serde_json::from_slice(&output.stdout).expect("cargo metadata is JSON");
    let packages = metadata["packages"].as_array().expect("packages");
    let found = packages.iter().find(|candidate| candidate["name"] == package);
    let found = found.unwrap_or_else(|| panic!("package `{package}` is in the workspace"));
    found["dependencies"]
        .as_array()
        .expect("dependencies")
        .iter()
        .filter(|dependency| dependency["kind"].is_null())
        .map(|dependency| dependency["name"].as_str().expect("a name").to_owned())
        .collect()
}

/// Every Rust source below a folder of the repository, with its text; unit tests in a file of their own are left out.
fn sources(folder: &str) -> Vec<(PathBuf, String)> {
    let mut found = Vec::new();
    let mut open = vec![root().join(folder)];
    while let Some(directory) = open.pop() {
        for entry in std::fs::read_dir(&directory).expect("a folder of the repository") {
            let path = entry.expect("an entry").path();
            if path.is_dir() {
                open.push(path);
            } else if path.extension().is_some_and(|extension| extension == "rs") && !path.ends_with("tests.rs") {
                let text = std::fs::read_to_string(&path).expect("UTF-8");
                found.push((path, text));
            }
        }
    }
    assert!(!found.is_empty(), "there are sources in {folder}");
    found
}

/// A path as ARCHITECTURE.md writes it: from the repository's folder, with `/`.
fn shown(path: &Path) -> String {
    path.strip_prefix(root()).unwrap_or(path).display().to_string().replace('\\', "/")
}

/// The code of a source without comments and without its unit tests.
fn code(text: &str) -> String {
    let shipped = text.split("#[cfg(test)]").next().unwrap_or_default();
    shipped.lines().map(|line| line.split("//").next().unwrap_or_default()).collect::<Vec<_>>().join("\n")
}

#[test]
fn dependencies_point_one_way() {
    let ours =
        BTreeSet::from(["model", "store", "panopto", "engine", "charts", "sim", "cli", "panopto-video-analytics"]);
    let allowed: [(&str, &[&str]); 8] = [
        ("model", &[]),
        ("charts", &["model"]),
        ("panopto", &["model"]),
        ("store", &["model"]),
        ("engine", &["model", "store", "panopto"]),
        ("sim", &[]),
        ("cli", &["model", "engine", "charts", "sim"]),
        ("panopto-video-analytics", &["model", "engine", "charts", "sim"]),
    ];
    for (package, allowed) in allowed {
        let used: Vec<String> =
            shipped_dependencies(package).into_iter().filter(|name| ours.contains(name.as_str())).collect();
        for name in &used {
            assert!(allowed.contains(&name.as_str()), "`{package}` must not depend on `{name}`");
        }
    }
}

#[test]
fn each_library_has_one_owner() {
    let owners: [(&str, &[&str]); 4] = [
        ("tauri", &["panopto-video-analytics"]),
        ("keyring", &["engine"]),
        ("plotters", &["charts"]),
        ("quick-xml", &["panopto", "sim"]),
    ];
    for package in ["model", "store", "panopto", "engine", "charts", "sim", "cli", "panopto-video-analytics"] {
        let used = shipped_dependencies(package);
        for (library, owners) in owners {
            assert!(
                !used.contains(library) || owners.contains(&package),
                "only {owners:?} may depend on `{library}`, not `{package}`"
            );
        }
    }
}

#[test]
fn only_the_secrets_module_names_the_keychain() {
    for (path, text) in sources("src-tauri/engine/src") {
        let shown = shown(&path);
        if !shown.contains("engine/src/secrets") {
            assert!(!code(&text).contains("keyring"), "{shown} names keyring");
        }
    }
}

/// Clippy refuses `std::fs` everywhere but in `store`, which has a list of its own. What may still use it says why.
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
    // Who may pass over one of the lists in what is shipped, and for what.
    let allowed = BTreeSet::from([
        "src-tauri/engine/src/clock.rs: the clock",
        "src-tauri/sim/src/bin/panopto-simulator.rs: its certificate, and the day of its sample",
        "src-tauri/sim/src/clock.rs: the server's clock",
        "src-tauri/src/desktop.rs: the answers of a test",
    ]);
    let mut met = BTreeSet::new();
    for part in ["engine", "cli", "model", "charts", "panopto", "sim", ""].map(|part| format!("src-tauri/{part}/src")) {
        for (path, text) in sources(&part) {
            let code = code(&text);
            let mut lines = code.lines().filter(|line| line.contains("clippy::disallowed_"));
            if lines.any(|line| !line.starts_with("#![cfg_attr(test,")) {
                let shown = shown(&path);
                let known = allowed.iter().find(|entry| entry.split(": ").next() == Some(&shown));
                met.insert(*known.unwrap_or_else(|| panic!("{shown} passes over clippy's list")));
            }
        }
    }
    assert_eq!(met, allowed, "an exception that is not needed any more");
}

/// Disks that fail on purpose and clocks that stand still are not in the program that is shipped.
#[test]
fn test_support_is_not_shipped() {
    let output = Command::new(env!("CARGO"))
        .args(["metadata", "--format-version", "1", "--no-deps", "--offline"])
        .current_dir(root())
        .output()
        .expect("cargo runs");
    let metadata: Value = serde_json::from_slice(&output.stdout).expect("cargo metadata is JSON");
    let mut with_support = BTreeSet::new();
    for package in metadata["packages"].as_array().expect("packages") {
        let name = package["name"].as_str().expect("a name");
        let features = package["features"].as_object().expect("features");
        if features.contains_key("testing") {
            with_support.insert(name);
        }
        for (feature, enables) in features.iter().filter(|(feature, _)| *feature != "testing") {
            let text = enables.to_string();
            assert!(!text.contains("testing"), "feature `{feature}` of `{name}` enables test support");
        }
        for dependency in package["dependencies"].as_array().expect("dependencies") {
            let wants_it = dependency["features"].as_array().expect("features").iter().any(|on| on == "testing");
            assert!(!wants_it || dependency["kind"] == "dev", "`{name}` ships with the test support of {dependency}");
        }
    }
    assert_eq!(with_support, BTreeSet::from(["engine", "store"]));
}

#[test]
fn the_model_is_pure() {
    let impure = [
        "std::fs",
        "std::net",
        "std::env",
        "std::time",
        "std::process",
        "std::thread",
        "Utc::now",
        "Local::now",
        "rand::",
        "tokio",
        "async ",
        "println!",
    ];
    for (path, text) in sources("src-tauri/model/src") {
        for word in impure {
            assert!(!code(&text).contains(word), "{} uses {word}", path.display());
        }
    }
    for library in ["tokio", "rand", "reqwest", "csv"] {
        assert!(!shipped_dependencies("model").contains(library), "the model must not depend on {library}");
    }
}

/// A seed and a clock repeat whatever a test has found: what cannot be repeated is asked for in few places, each of which
/// changes no data.
#[test]
fn time_and_chance_come_from_outside() {
    let allowed = [
        ("src-tauri/engine/src/clock.rs", "Utc::now", "the clock that is handed in"),
        (
            "src-tauri/engine/src/chunk/state.rs",
            "SystemTime::now",
            "compared with files' own times: whether to read again",
        ),
        ("src-tauri/engine/src/secrets/mod.rs", "OsRng", "a key that nobody can guess, made once"),
        ("src-tauri/panopto/src/login.rs", "rand::random", "what ties the browser's answer to this sign-in"),
        ("src-tauri/panopto/src/pace/retry.rs", "rand::random", "how long to wait before another try"),
    ];
    let words = [
        "Utc::now",
        "Local::now",
        "SystemTime::now",
        "new_v4",
        "now_v7",
        "rand::random",
        "rand::rng()",
        "thread_rng",
        "OsRng",
    ];
    let mut met = BTreeSet::new();
    for part in ["model", "store", "panopto", "engine", "charts", "cli"].map(|part| format!("src-tauri/{part}/src")) {
        for (path, text) in sources(&part) {
            let (shown, code) = (shown(&path), code(&text));
            for word in words.into_iter().filter(|word| code.contains(word)) {
                let is_allowed = allowed.iter().any(|(file, what, _)| *file == shown && *what == word);
                assert!(is_allowed, "{shown} uses {word}: take it from whoever calls");
                met.insert((shown.clone(), word));
            }
        }
    }
    assert_eq!(met.len(), allowed.len(), "an exception that is not needed any more: {met:?}");
}

#[test]
fn only_panopto_speaks_the_protocols() {
    for folder in ["src-tauri/engine/src", "src-tauri/cli/src", "src-tauri/src", "src-tauri/charts/src"] {
        for (path, text) in sources(folder) {
            for word in ["soap:Envelope", "SOAPAction", "grant_type", "/api/v1/", "reqwest"] {
                assert!(!code(&text).contains(word), "{} uses {word}", path.display());
            }
        }
    }
}

#[test]
fn libraries_are_named_by_their_owners_only() {
    let folders =
        ["model", "store", "panopto", "engine", "charts", "sim", "cli"].map(|part| format!("src-tauri/{part}/src"));
    for folder in folders {
        for (path, text) in sources(&folder) {
            let code = code(&text);
            assert!(!code.contains("tauri::"), "{} names tauri", shown(&path));
            assert!(folder.contains("charts") || !code.contains("plotters"), "{} names plotters", shown(&path));
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
    for (path, text) in sources("src-tauri/sim/src") {
        for word in ["use panopto", "panopto::", "use model", "model::", "use engine"] {
            assert!(!code(&text).contains(word), "{} uses {word}", shown(&path));
        }
    }
}

/// A secret in an argument would be in the process list; in a log it would be in a file.
#[test]
fn secrets_are_neither_printed_nor_serialised() {
    let source = std::fs::read_to_string(root().join("src-tauri/panopto/src/secret.rs")).expect("the type is there");
    let code = code(&source);
    assert!(code.contains("Secret(..)"), "its Debug shows nothing");
    for word in ["Serialize", "fmt::Display", "Deref", "AsRef"] {
        assert!(!code.contains(word), "Secret must not be {word}");
    }
}

#[test]
fn every_source_says_what_it_is_for_and_is_one_idea() {
    for folder in ["src-tauri", "tests"] {
        for (path, text) in sources(folder) {
            let lines = text.lines().count();
            assert!(text.starts_with("//!"), "{} has no header", shown(&path));
            assert!(lines <= 650, "{} has {lines} lines: more than one idea", shown(&path));
        }
    }
}

#[test]
fn nothing_listens_to_other_computers() {
    for folder in ["src-tauri", "tests"] {
        for (path, text) in sources(folder) {
            for line in text.lines().filter(|line| line.contains("bind(") || line.contains("SocketAddr::from")) {
                for everywhere in ["0.0.0.0", "UNSPECIFIED", "[0, 0, 0, 0]"] {
                    assert!(!line.contains(everywhere), "{}: {line}", shown(&path));
                }
            }
        }
    }
}

/// The folders of the code map in ARCHITECTURE.md are there, and every part of the program is in it.
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
