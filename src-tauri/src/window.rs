//! The one window: how it is made, where it comes back to, and that it never flashes.
//!
//! Invariant: the window is made hidden, gets its place and the background of its theme, and is shown when its page is
//! there, or after [`PATIENCE`] in any case: a page that does not load must not look like a program that does not start.
//! Showing it earlier was measured: the page is not painted sooner.

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use engine::settings::Appearance;
use tauri::webview::{Color, PageLoadEvent};
use tauri::{
    AppHandle, Emitter as _, Manager as _, PhysicalPosition, PhysicalSize, Runtime, Theme, WebviewUrl, WebviewWindow,
    WebviewWindowBuilder,
};
use tauri_plugin_window_state::{StateFlags, WindowExt as _};

use crate::events::{Screen, WindowEvent};
use crate::pages::app::ZoomPercent;
use crate::placement::{self, Place};

/// The window's label, which the capability in `tauri.conf.json` names.
pub(crate) const MAIN: &str = "main";
/// Longest time for which the window stays hidden.
const PATIENCE: Duration = Duration::from_secs(3);
/// Backgrounds of the page, the same as in the window's style sheet (`docs/ipc.md`, appearance).
const LIGHT: Color = Color(0xfb, 0xfb, 0xfa, 0xff);
const DARK: Color = Color(0x17, 0x18, 0x1a, 0xff);
const SIZE: (f64, f64) = (1180.0, 780.0);
const SMALLEST: (f64, f64) = (640.0, 480.0);

/// Remembers place and size in a file of the configuration directory. Not whether the window is visible, because a
/// window saved while hidden would come back hidden.
pub(crate) fn state_plugin<R: Runtime>(config_dir: &Path) -> tauri::plugin::TauriPlugin<R> {
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

/// Makes the window, hidden, and makes sure that it is shown.
pub fn open<R: Runtime>(
    app: &AppHandle<R>,
    appearance: Appearance,
    zoom: ZoomPercent,
) -> tauri::Result<WebviewWindow<R>> {
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
        .initialization_script(choice_for_the_page(appearance))
        .on_navigation(|page| is_ours(page.scheme(), page.host_str()))
        // The page says which course or video it shows: the title stands in the task switcher and in screenshots.
        .on_document_title_changed(|window, title| {
            let _ = window.set_title(&title);
        })
        .on_page_load(|window, load| {
            if load.event() == PageLoadEvent::Finished {
                show(&window);
            }
        })
        .build()?;
    if zoom != ZoomPercent::default()
        && let Err(error) = window.set_zoom(zoom.factor())
    {
        tracing::warn!("the window cannot be zoomed: {error}");
    }
    #[cfg(target_os = "linux")]
    crate::gtk_theme::keep_menu_bar_readable();
    // The system's theme is known only once there is a window.
    dress(&window, appearance);
    if window.restore_state(remembered()).is_ok()
        && let Err(error) = bring_back(&window)
    {
        tracing::warn!("whether the window can be seen is not known: {error}");
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

/// Brings back a window whose screen is gone.
fn bring_back<R: Runtime>(window: &WebviewWindow<R>) -> tauri::Result<()> {
    let (at, outer, inner) = (window.outer_position()?, window.outer_size()?, window.inner_size()?);
    // GTK does not know the frame of a window that was not shown yet; the outer size it gives can then be smaller than
    // the inner.
    let outer = PhysicalSize::new(outer.width.max(inner.width), outer.height.max(inner.height));
    let now = Place { x: at.x, y: at.y, width: outer.width, height: outer.height };
    let screens: Vec<_> = window
        .available_monitors()?
        .iter()
        .map(|screen| (*screen.position(), *screen.size()))
        .map(|(at, size)| Place { x: at.x, y: at.y, width: size.width, height: size.height })
        .collect();
    if let Some(place) = placement::bring_back(now, &screens) {
        // The size to set does not include the frame.
        let frame = (outer.width - inner.width, outer.height - inner.height);
        window
            .set_size(PhysicalSize::new(place.width.saturating_sub(frame.0), place.height.saturating_sub(frame.1)))?;
        window.set_position(PhysicalPosition::new(place.x, place.y))?;
    }
    Ok(())
}

fn show<R: Runtime>(window: &WebviewWindow<R>) {
    if !window.is_visible().unwrap_or(false) {
        let _ = window.show();
        let _ = window.set_focus();
    }
}

/// Brings the window to the front: somebody started the program a second time.
pub(crate) fn come_forward<R: Runtime>(app: &AppHandle<R>) {
    if let Some(window) = app.get_webview_window(MAIN) {
        let _ = window.unminimize();
        let _ = window.show();
        let _ = window.set_focus();
    }
}

/// The window of this program, as the commands see it.
pub struct NativeScreen<R: Runtime>(AppHandle<R>);

impl<R: Runtime> NativeScreen<R> {
    /// The one window of this program.
    pub fn of(app: AppHandle<R>) -> Arc<dyn Screen> {
        Arc::new(Self(app))
    }
}

impl<R: Runtime> Screen for NativeScreen<R> {
    fn tell(&self, event: &WindowEvent) {
        let _ = self.0.emit_to(MAIN, event.name(), event.payload());
    }

    fn zoom(&self, zoom: ZoomPercent) {
        if let Some(window) = self.0.get_webview_window(MAIN)
            && let Err(error) = window.set_zoom(zoom.factor())
        {
            tracing::warn!("the window cannot be zoomed: {error}");
        }
    }

    fn follow(&self, appearance: Appearance) {
        if let Some(window) = self.0.get_webview_window(MAIN) {
            let _ = self.0.run_on_main_thread(move || dress(&window, appearance));
        }
    }
}

/// Makes what the system draws of the window follow a choice, and its background match the page. Runs on the window's
/// thread.
#[cfg(target_os = "linux")]
fn dress<R: Runtime>(window: &WebviewWindow<R>, appearance: Appearance) {
    // Not with `set_theme`, which takes the absence of a choice for light.
    crate::gtk_theme::follow(appearance);
    let of_system = if crate::gtk_theme::is_dark() { Theme::Dark } else { Theme::Light };
    let _ = window.set_background_color(Some(background(native_theme(appearance).or(Some(of_system)))));
}

/// Makes what the system draws of the window follow a choice, and its background match the page. Runs on the window's
/// thread.
#[cfg(not(target_os = "linux"))]
fn dress<R: Runtime>(window: &WebviewWindow<R>, appearance: Appearance) {
    let theme = native_theme(appearance);
    let _ = window.set_theme(theme);
    let _ = window.set_background_color(Some(background(theme.or_else(|| window.theme().ok()))));
}

/// Tells `theme.js`, which runs before the first paint, what was chosen: the web view need not follow the window's theme
/// (WebKit on Linux does not), and the choice may have been made without the window.
fn choice_for_the_page(appearance: Appearance) -> String {
    let choice = match appearance {
        Appearance::System => "system",
        Appearance::Light => "light",
        Appearance::Dark => "dark",
    };
    format!("try {{ localStorage.setItem('appearance', '{choice}') }} catch {{}}")
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
    use super::*;

    #[test]
    fn the_page_stays_within_the_program() {
        assert!(is_ours("tauri", Some("localhost")) && is_ours("http", Some("tauri.localhost")));
        for (scheme, host) in
            [("https", Some("evil.example")), ("file", None), ("data", None), ("http", Some("tauri.localhost.evil"))]
        {
            assert!(!is_ours(scheme, host), "{scheme} {host:?}");
        }
    }

    fn hex(color: Color) -> String {
        format!("#{:02x}{:02x}{:02x}", color.0, color.1, color.2)
    }

    /// The backgrounds that a style sheet gives, in its order, one for each rule.
    fn grounds(style: &str, property: &str) -> Vec<String> {
        style
            .lines()
            .filter_map(|line| line.trim().strip_prefix(property)?.strip_prefix(": "))
            .map(|color| color.trim_end_matches(';').to_owned())
            .collect()
    }

    /// Window, page before any script, and style sheet: each is shown before the next, so a different colour would
    /// flash.
    #[test]
    fn from_the_first_moment_to_the_last_the_ground_has_one_colour() {
        let (light, dark) = (hex(LIGHT), hex(DARK));
        let page = include_str!("../../ui/index.html");
        assert_eq!(grounds(page, "background"), [light.clone(), dark.clone(), dark.clone()]);
        // Light; dark as the system is, unless light was chosen; dark because it was chosen.
        let rules = [
            "html {",
            "@media (prefers-color-scheme: dark) {",
            "html:not([data-theme='light']) {",
            "html[data-theme='dark'] {",
        ];
        let places: Vec<_> = rules.iter().map(|rule| page.find(rule).unwrap_or_else(|| panic!("{rule}"))).collect();
        assert!(places.is_sorted(), "{places:?}");
        assert!(page.find("/theme.js") < page.find("<body"), "the choice is known before there is anything to draw");
        let tokens = include_str!("../../ui/src/tokens.css");
        assert_eq!(grounds(tokens, "--ground"), [light, dark.clone(), dark]);
    }

    #[test]
    fn a_choice_against_the_system_decides_the_windows_ground() {
        assert_eq!(background(native_theme(Appearance::Dark)), DARK);
        assert_eq!(background(native_theme(Appearance::Light)), LIGHT);
        assert_eq!(native_theme(Appearance::System), None);
    }
}
