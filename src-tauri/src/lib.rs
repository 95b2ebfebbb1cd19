//! The desktop shell: the only code that names tauri. It opens the window, answers its commands with functions of the
//! engine, and hands what comes back to the pages.
//!
//! Deliberately absent: everything about Panopto, viewing records and figures.

#![cfg_attr(test, allow(clippy::disallowed_methods, clippy::disallowed_types, reason = "a test lays out files"))]

mod beside;
mod class_list;
pub mod commands;
mod comparing;
mod course_dates;
pub mod course_list;
mod crediting;
mod decisions_made;
pub mod desktop;
pub mod diagnostics;
pub mod error;
pub mod events;
pub mod exporting;
mod findings;
mod first_look;
mod folder_lock;
mod folder_use;
#[cfg(target_os = "linux")]
mod gtk_theme;
pub mod it_text;
pub mod jobs;
pub mod keychain;
mod last_seen;
pub mod log;
pub mod looking;
pub mod memory;
mod mended_pairs;
pub mod menu;
mod named_export;
mod naming;
mod news;
mod news_away;
mod news_told;
mod nightly;
pub mod open_course;
pub mod pages;
mod people_files;
mod people_pages;
mod picked_folder;
pub mod placement;
pub mod plain;
pub mod presenting;
mod privacy;
pub mod refusal;
pub mod relocation;
mod removals;
mod removed_dates;
mod removed_lists;
mod reporting;
pub mod sample;
mod sample_on_screen;
pub mod saving;
pub mod sign_in;
mod signed_in_as;
pub mod sink;
pub mod start;
pub mod state;
pub mod syncing;
pub mod tauri_transport;
pub mod threads;
pub mod watch;
pub mod window;
pub mod workspace;

use std::process::ExitCode;
use std::sync::Arc;

use engine::lifetime::Interruptions;
use tauri::{AppHandle, Builder, Manager as _, RunEvent, Runtime, WindowEvent};

use crate::desktop::{Desktop, SystemDesktop};
use crate::state::{Shell, Start};

/// Opens the window and returns when it is closed.
pub fn run() -> ExitCode {
    engine::crash::leave_no_memory_behind();
    match Start::from_process().map_err(|error| error.to_string()).and_then(open) {
        Ok(()) => ExitCode::SUCCESS,
        Err(reason) => {
            refusal::tell(&reason);
            ExitCode::FAILURE
        }
    }
}

fn open(start: Start) -> Result<(), String> {
    let config_dir = start.around.config_dir.clone();
    let builder = Builder::default()
        // First, so that a second start ends before it touches anything.
        .plugin(tauri_plugin_single_instance::init(|app, _, _| window::come_forward(app)))
        .plugin(tauri_plugin_dialog::init())
        .plugin(window::state_plugin(&config_dir))
        .menu(menu::build)
        .on_menu_event(|app, event| menu::chosen(app, &event))
        .invoke_handler(tauri_transport::handler())
        .on_window_event(|window, event| match event {
            WindowEvent::Destroyed => window.state::<Arc<Shell>>().jobs.cancel_all(),
            WindowEvent::Focused(true) => {
                let shell = Arc::clone(&*window.state::<Arc<Shell>>());
                tauri::async_runtime::spawn(async move { watch::look_for_changes(&shell).await });
            }
            _ => {}
        })
        .setup(move |app| {
            let desktop = system_desktop(app.handle());
            let shell = Arc::new(Shell::new(start, desktop, window::NativeScreen::of(app.handle().clone())));
            let appearance = shell.own.settings().unwrap_or_default().appearance;
            let zoom = shell.own.memory.get().view.zoom_percent;
            start::look_ahead(&shell, tauri::async_runtime::handle().inner());
            carry_out_left_promises(&shell);
            app.manage(shell);
            end_on_signal(app.handle());
            if let Err(error) = window::open(app.handle(), appearance, zoom) {
                end_without_window(app.handle(), &error);
            }
            Ok(())
        });
    let app = refusal::unless_no_display(move || builder.build(tauri::generate_context!()))?;
    app.run(|app, event| {
        if let RunEvent::Exit = event {
            let shell = Arc::clone(&*app.state::<Arc<Shell>>());
            tauri::async_runtime::block_on(async move { shell.leave().await });
        }
    });
    Ok(())
}

/// Ends the program because there is no window. It cannot return the error: tauri turns an error of `setup` into a
/// panic, which nobody would see.
fn end_without_window<R: Runtime>(app: &AppHandle<R>, error: &tauri::Error) -> ! {
    let shell = Arc::clone(&*app.state::<Arc<Shell>>());
    tauri::async_runtime::block_on(async move { shell.leave().await });
    refusal::tell(&refusal::of_window(error));
    std::process::exit(1)
}

/// What an earlier run began and could not end: a move of the data folder, deletions that it promised, forgetting somebody.
fn carry_out_left_promises(shell: &Arc<Shell>) {
    let shell = Arc::clone(shell);
    tauri::async_runtime::spawn(async move {
        let own = &shell.own;
        if let Some(told) = own.lifetime.finish_left_move().await {
            tracing::warn!(code = "disk", "{told}");
            own.findings.add(&told);
            shell.tell_findings();
        }
        own.lifetime.keep_left_promises().await;
        let workspace = Arc::clone(own);
        let _ = tauri::async_runtime::spawn_blocking(move || workspace.finish_forgetting()).await;
    });
}

/// A signal ends the program as closing its window does. A second one ends it at once.
fn end_on_signal<R: Runtime>(app: &AppHandle<R>) {
    let app = app.clone();
    tauri::async_runtime::spawn(async move {
        let mut interruptions = Interruptions::new();
        interruptions.next().await;
        app.exit(0);
        interruptions.next().await;
        std::process::exit(1);
    });
}

fn system_desktop<R: Runtime>(app: &AppHandle<R>) -> Arc<dyn Desktop> {
    let desktop = SystemDesktop::of(app.clone());
    #[cfg(feature = "e2e")]
    let desktop = crate::desktop::Scripted::over(desktop);
    desktop
}
