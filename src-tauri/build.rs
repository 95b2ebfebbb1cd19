//! Embeds the window's files and the permissions of its commands.

fn main() {
    println!("cargo::rerun-if-changed=ui/dist");
    if !std::path::Path::new("ui/dist/index.html").exists() {
        println!("cargo::error=ui/dist is missing: build the window's files first with `make ui`");
        std::process::exit(1);
    }
    let attributes = tauri_build::Attributes::new()
        .app_manifest(tauri_build::AppManifest::new().permissions_path_pattern("./src-tauri/permissions/*.toml"));
    if let Err(error) = tauri_build::try_build(attributes) {
        println!("cargo::error={error:#}");
        std::process::exit(1);
    }
}
