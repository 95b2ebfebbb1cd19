//! The connection is for development: nothing that is shipped contains it.

use std::path::Path;
use std::process::Command;

use serde_json::Value;

fn root() -> &'static Path {
    Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../.."))
}

fn metadata() -> Value {
    // Not offline: what only other systems need is not downloaded by building here.
    let output = Command::new(env!("CARGO"))
        .args(["metadata", "--format-version", "1", "--all-features", "--locked"])
        .current_dir(root())
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    serde_json::from_slice(&output.stdout).unwrap()
}

/// Everything that goes into a package, with every feature, except tests.
fn made_of(metadata: &Value, package: &str) -> Vec<String> {
    let nodes = metadata["resolve"]["nodes"].as_array().unwrap();
    let name_of = |id: &str| {
        let found = metadata["packages"].as_array().unwrap().iter().find(|package| package["id"] == id);
        found.unwrap()["name"].as_str().unwrap().to_owned()
    };
    let mut open: Vec<&str> =
        nodes.iter().map(|node| node["id"].as_str().unwrap()).filter(|id| name_of(id) == package).collect();
    let mut seen = open.clone();
    while let Some(next) = open.pop() {
        let node = nodes.iter().find(|node| node["id"] == next).unwrap();
        for dependency in node["deps"].as_array().unwrap() {
            let shipped = dependency["dep_kinds"].as_array().unwrap().iter().any(|kind| kind["kind"].is_null());
            let id = dependency["pkg"].as_str().unwrap();
            if shipped && !seen.contains(&id) {
                seen.push(id);
                open.push(id);
            }
        }
    }
    seen.into_iter().map(name_of).collect()
}

#[test]
fn no_shipped_program_holds_the_connection_with_any_feature() {
    let metadata = metadata();
    for package in ["panopto-video-analytics", "cli"] {
        let names = made_of(&metadata, package);
        assert!(names.iter().any(|name| name == "engine"), "{package} is found with what it is made of");
        for absent in ["dev", "axum"] {
            assert!(!names.iter().any(|name| name == absent), "`{absent}` is in `{package}`");
        }
    }
    assert!(made_of(&metadata, "dev").iter().any(|name| name == "axum"), "the search finds what is there");
}

#[test]
fn no_installer_names_the_program_for_development() {
    let mut files = vec![root().join("tauri.conf.json"), root().join(".ci/bundle")];
    files.extend(std::fs::read_dir(root().join("src-tauri/packaging")).unwrap().map(|entry| entry.unwrap().path()));
    files.extend(std::fs::read_dir(root().join(".github/workflows")).unwrap().map(|entry| entry.unwrap().path()));
    let texts: Vec<_> =
        files.iter().filter(|file| file.is_file()).map(|file| (file, std::fs::read(file).unwrap())).collect();
    assert!(texts.len() > 5);
    for (file, text) in texts {
        assert!(!String::from_utf8_lossy(&text).contains("analytics-dev"), "{}", file.display());
    }
}
