//! Makes what GTK draws of the window on Linux, above all the menu bar, light or dark: as was chosen, or like the
//! system.
//!
//! Deliberately absent: the page, which has its own colours, and other systems, which draw their own menus. Everything
//! here is called on the window's thread.
//!
//! Invariant: text and background of the menu bar come from one theme. The window has the page's background, which may
//! differ from that of the system's theme. Without a background of its own, the menu bar would show the system theme's
//! text on the page's background.

use engine::settings::Appearance;
use gtk::gio;
use gtk::glib::Variant;
use gtk::prelude::*;

/// Names that every theme gives its colours.
const MENU_BAR: &[u8] = b"menubar { background-color: @theme_bg_color; color: @theme_fg_color; }";

const PREFER_DARK: &str = "gtk-application-prefer-dark-theme";
/// How long to wait for the desktop's preference; it answers at once or not at all.
const PATIENCE_MS: i32 = 500;

/// Gives the menu bar the background that belongs to its text, under every theme.
pub(crate) fn keep_menu_bar_readable() {
    if !is_drawn() {
        return;
    }
    let Some(screen) = gtk::gdk::Screen::default() else { return };
    let style = gtk::CssProvider::new();
    match style.load_from_data(MENU_BAR) {
        Ok(()) => {
            gtk::StyleContext::add_provider_for_screen(&screen, &style, gtk::STYLE_PROVIDER_PRIORITY_APPLICATION);
        }
        Err(error) => tracing::warn!("the menu bar has no ground of its own: {error}"),
    }
}

/// Makes everything that GTK draws follow a choice of the user.
pub(crate) fn follow(appearance: Appearance) {
    let Some(settings) = settings() else { return };
    let dark = match appearance {
        Appearance::Light => Some(false),
        Appearance::Dark => Some(true),
        Appearance::System => desktop_prefers_dark(),
    };
    match dark {
        Some(dark) => settings.set_gtk_application_prefer_dark_theme(dark),
        // The desktop does not say, so its own setting for GTK applies again.
        None => settings.reset_property(PREFER_DARK),
    }
}

/// Whether the page is dark when nobody has chosen. Follows the web view's rule, so that the window has the same
/// background.
pub(crate) fn is_dark() -> bool {
    let Some(settings) = settings() else { return false };
    let of_desktop = || settings.gtk_theme_name().map(String::from).unwrap_or_default();
    let name = gtk::glib::getenv("GTK_THEME").and_then(|name| name.into_string().ok()).unwrap_or_else(of_desktop);
    settings.is_gtk_application_prefer_dark_theme() || is_dark_theme(&name)
}

fn settings() -> Option<gtk::Settings> {
    is_drawn().then(gtk::Settings::default).flatten()
}

/// Whether this is the thread of a window that GTK draws; tests of the commands have no such thread.
fn is_drawn() -> bool {
    gtk::is_initialized_main_thread()
}

fn is_dark_theme(name: &str) -> bool {
    ["-dark", "-Dark", ":dark"].iter().any(|end| name.ends_with(end))
}

/// What the desktop prefers, read from the settings that desktops share; `None` without such settings or without a
/// preference.
fn desktop_prefers_dark() -> Option<bool> {
    let bus = gio::bus_get_sync(gio::BusType::Session, gio::Cancellable::NONE).ok()?;
    let asked = ("org.freedesktop.appearance", "color-scheme").to_variant();
    let answer = bus.call_sync(
        Some("org.freedesktop.portal.Desktop"),
        "/org/freedesktop/portal/desktop",
        "org.freedesktop.portal.Settings",
        "Read",
        Some(&asked),
        None,
        gio::DBusCallFlags::NONE,
        PATIENCE_MS,
        gio::Cancellable::NONE,
    );
    dark_by(answer.ok()?.try_child_value(0)?)
}

/// 1 is dark and 2 is light. How many variants wrap the number depends on the desktop's version.
fn dark_by(mut answer: Variant) -> Option<bool> {
    while let Some(inner) = answer.as_variant() {
        answer = inner;
    }
    match answer.get::<u32>()? {
        1 => Some(true),
        2 => Some(false),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_desktops_answer_is_read_in_every_wrapping() {
        for (scheme, dark) in [(0u32, None), (1, Some(true)), (2, Some(false)), (7, None)] {
            let bare = scheme.to_variant();
            let once = Variant::from_variant(&bare);
            let twice = Variant::from_variant(&once);
            for answer in [bare, once, twice] {
                assert_eq!(dark_by(answer), dark);
            }
        }
        assert_eq!(dark_by("dark".to_variant()), None);
    }

    #[test]
    fn a_theme_is_dark_by_the_rule_of_the_web_view() {
        assert!(["Adwaita-dark", "Adwaita:dark", "Yaru-Dark"].iter().all(|name| is_dark_theme(name)));
        assert!(["Adwaita", "HighContrastInverse", "Darkula", ""].iter().all(|name| !is_dark_theme(name)));
    }
}
