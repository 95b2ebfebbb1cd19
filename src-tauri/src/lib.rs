//! The desktop shell: the only code that names tauri.

use std::process::ExitCode;

/// Opens the window and returns when it is closed.
pub fn run() -> ExitCode {
    let opened = tauri::Builder::default()
        .setup(|app| {
            tauri::WebviewWindowBuilder::new(app, "main", tauri::WebviewUrl::default())
                .title("Panopto Video Analytics")
                .inner_size(1180.0, 780.0)
                .min_inner_size(640.0, 480.0)
                .build()?;
            Ok(())
        })
        .run(tauri::generate_context!());
    match opened {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            tracing::error!("the window cannot be opened: {error}");
            ExitCode::FAILURE
        }
    }
}
