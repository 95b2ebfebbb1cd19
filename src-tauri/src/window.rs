//! The one window: how it is made, where it comes back to, and that it never flashes.
//!
//! Invariant: the window is made hidden, gets the background of its theme, and is shown when its page is there, or after
//! [`PATIENCE`] in any case: a page that does not load must not look like a program that does not start.

use std::path::Path;
use std::time::Duration;

use engine::settings::Appearance;
use tauri::webview::{Color, PageLoadEvent};
use tauri::{AppHandle, Manager as _, Runtime, Theme, WebviewUrl, WebviewWindow, WebviewWindowBuilder};
use tauri_plugin_window_state::{StateFlags, WindowExt as _};

/// The window's label, which the capability in `tauri.conf.json` names.
pub const MAIN: &str = "main";
/// Longest time for which the window stays hidden.
const PATIENCE: Duration = Duration::from_secs(3);
/// Backgrounds of the page, the same as in the window's style sheet (`docs/ipc.md`, appearance).
const LIGHT: Color = Color(0xfb, 0xfb, 0xfa, 0xff);
const DARK: Color = Color(0x17, 0x18, 0x1a, 0xff);
const SIZE: (f64, f64) = (1180.0, 780.0);
const SMALLEST: (f64, f64) = (640.0, 480.0);

/// Remembers place and size in a file of the configuration directory. Not whether the window is visible: that would
/// bring a hidden one back hidden.
pub fn state_plugin<R: Runtime>(config_dir: &Path) -> tauri::plugin::TauriPlugin<R> {
    tauri_plugin_window_state::Builder::new()
        .with_state_flags(remembered())
        // An absolute path takes the place of the plugin's own directory.
        .with_filename(config_dir.join("window-place.json").to_string_lossy())
        .skip_initial_state(MAIN)
        .build()
}

fn remembered() -> StateFlags {
    StateFlags::SIZE | StateFlags::POSITION | StateFlags::MAXIMIZED | StateFlags::FULLSCREEN
}

/// Makes the window, hidden, and sees to it that it is shown.
pub fn open<R: Runtime>(app: &AppHandle<R>, appearance: Appearance) -> tauri::Result<WebviewWindow<R>> {
    let theme = native_theme(appearance);
    let window = WebviewWindowBuilder::new(app, MAIN, WebviewUrl::default())
        .title("Panopto Video Analytics")
        .inner_size(SIZE.0, SIZE.1)
        .min_inner_size(SMALLEST.0, SMALLEST.1)
        .center()
        .prevent_overflow()
        .visible(false)
        .theme(theme)
        .background_color(background(theme))
        .on_navigation(|page| is_ours(page.scheme(), page.host_str()))
        .on_page_load(|window, load| {
            if load.event() == PageLoadEvent::Finished {
                show(&window);
            }
        })
        .build()?;
    if theme.is_none() {
        // What the system is set to is known only once there is a window.
        let _ = window.set_background_color(Some(background(window.theme().ok())));
    }
    if window.restore_state(remembered()).is_ok() && !is_reachable(&window) {
        let _ = window.center();
    }
    let late = window.clone();
    tauri::async_runtime::spawn(async move {
        tokio::time::sleep(PATIENCE).await;
        show(&late);
    });
    Ok(window)
}

/// The page never leaves the program's own files; in development they come from Vite.
fn is_ours(scheme: &str, host: Option<&str>) -> bool {
    match scheme {
        "tauri" | "about" => true,
        "http" | "https" => {
            host == Some("tauri.localhost")
                || (cfg!(debug_assertions) && matches!(host, Some("127.0.0.1" | "localhost")))
        }
        _ => false,
    }
}

/// Whether somebody could get hold of the title bar: its middle is on some screen.
fn is_reachable<R: Runtime>(window: &WebviewWindow<R>) -> bool {
    let (Ok(place), Ok(size), Ok(screens)) =
        (window.outer_position(), window.outer_size(), window.available_monitors())
    else {
        return true;
    };
    let middle = (i64::from(place.x) + i64::from(size.width) / 2, i64::from(place.y) + 12);
    screens.is_empty()
        || screens.iter().any(|screen| {
            let (from, extent) = (screen.position(), screen.size());
            let within =
                |at: i64, from: i32, extent: u32| (i64::from(from)..i64::from(from) + i64::from(extent)).contains(&at);
            within(middle.0, from.x, extent.width) && within(middle.1, from.y, extent.height)
        })
}

fn show<R: Runtime>(window: &WebviewWindow<R>) {
    if !window.is_visible().unwrap_or(false) {
        let _ = window.show();
        let _ = window.set_focus();
    }
}

/// Brings the window to the front: somebody started the program a second time.
pub fn come_forward<R: Runtime>(app: &AppHandle<R>) {
    if let Some(window) = app.get_webview_window(MAIN) {
        let _ = window.unminimize();
        let _ = window.show();
        let _ = window.set_focus();
    }
}

/// Makes title bar, menus and `prefers-color-scheme` follow a choice of the user.
pub fn follow<R: Runtime>(app: &AppHandle<R>, appearance: Appearance) {
    if let Some(window) = app.get_webview_window(MAIN) {
        let theme = native_theme(appearance);
        let _ = window.set_theme(theme);
        let _ = window.set_background_color(Some(background(theme.or_else(|| window.theme().ok()))));
    }
}

const fn native_theme(appearance: Appearance) -> Option<Theme> {
    match appearance {
        Appearance::System => None,
        Appearance::Light => Some(Theme::Light),
        Appearance::Dark => Some(Theme::Dark),
    }
}

const fn background(theme: Option<Theme>) -> Color {
    match theme {
        Some(Theme::Dark) => DARK,
        _ => LIGHT,
    }
}

#[cfg(test)]
mod tests {
    use super::is_ours;

    #[test]
    fn the_page_stays_within_the_program() {
        assert!(is_ours("tauri", Some("localhost")) && is_ours("http", Some("tauri.localhost")));
        for (scheme, host) in
            [("https", Some("evil.example")), ("file", None), ("data", None), ("http", Some("tauri.localhost.evil"))]
        {
            assert!(!is_ours(scheme, host), "{scheme} {host:?}");
        }
    }
}
