//! The commands of `docs/ipc.md`. Each reads its arguments, calls one function and converts the result.
//!
//! Adding one: write it in its file here, name it in [`handler`], in `src-tauri/permissions/app.toml` and in
//! `docs/ipc.md`; a test compares the three.

mod app;
mod connection;
mod courses;
mod export;
mod look;
mod settings;
mod sync;

use tauri::Runtime;
use tauri::ipc::Invoke;

/// Answers every command of the window.
pub fn handler<R: Runtime>() -> impl Fn(Invoke<R>) -> bool + Send + Sync + 'static {
    tauri::generate_handler![
        app::app_state,
        app::view_remember,
        app::start_sample,
        app::leave_sample,
        app::data_folder_open_pick,
        app::data_folder_open_path,
        connection::connection_get,
        connection::connection_set,
        connection::sign_in_browser,
        connection::sign_in_password,
        connection::sign_out,
        connection::who_am_i,
        connection::env_import_pick,
        connection::env_import_path,
        connection::it_text,
        courses::courses_list,
        courses::folders_search,
        courses::folders_mine,
        courses::courses_add,
        courses::courses_import_pick,
        courses::courses_import_path,
        courses::course_remove,
        courses::course_remove_undo,
        sync::sync_start,
        sync::job_cancel,
        look::course_overview,
        look::map_row,
        look::timelines,
        look::video,
        look::chart_save,
        look::open_in_panopto,
        export::export_preview,
        export::export_pick_folder,
        export::export_run,
        export::export_again,
        settings::settings_get,
        settings::settings_set,
        settings::time_zones,
        settings::data_folder_move_pick,
        settings::open_folder,
        settings::diagnostics_text,
        settings::about,
    ]
}
