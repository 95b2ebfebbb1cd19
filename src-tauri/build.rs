//! Embeds the window's files, the permissions of its commands, and Windows' manifest.

fn main() {
    println!("cargo::rerun-if-changed=ui/dist");
    // What tauri says of them is overruled by the line above.
    println!("cargo::rerun-if-changed=src-tauri/permissions");
    println!("cargo::rerun-if-changed=tauri.conf.json");
    if !std::path::Path::new("ui/dist/index.html").exists() {
        println!("cargo::error=ui/dist is missing: build the window's files first with `make ui`");
        std::process::exit(1);
    }
    let mut attributes = tauri_build::Attributes::new()
        .app_manifest(tauri_build::AppManifest::new().permissions_path_pattern("./src-tauri/permissions/*.toml"));
    if std::env::var("TARGET").is_ok_and(|target| target.ends_with("windows-msvc")) {
        attributes = attributes.windows_attributes(tauri_build::WindowsAttributes::new_without_app_manifest());
        embed_manifest();
    }
    if let Err(error) = tauri_build::try_build(attributes) {
        println!("cargo::error={error:#}");
        std::process::exit(1);
    }
}

/// tauri gives the manifest to the program only; the tests link the same dialogs and would not start without it.
fn embed_manifest() {
    let manifest = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("src-tauri/packaging/windows.manifest");
    println!("cargo::rerun-if-changed={}", manifest.display());
    println!("cargo::rustc-link-arg=/MANIFEST:EMBED");
    println!("cargo::rustc-link-arg=/MANIFESTINPUT:{}", manifest.display());
}
