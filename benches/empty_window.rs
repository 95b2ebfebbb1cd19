//! A Tauri window with one coloured page and nothing else, as a reference for the program's start and memory.

#[allow(clippy::print_stderr, reason = "there is no window to say it in")]
fn main() {
    let context = tauri::generate_context!("benches/empty_window/tauri.conf.json");
    if let Err(error) = tauri::Builder::default().run(context) {
        eprintln!("The empty window cannot be opened: {error}");
        std::process::exit(1);
    }
}
