//! Light and dark in the real program on a screen that nobody sees: the menu bar that GTK draws can be read under every
//! theme, and a choice can be taken back.

use std::path::Path;
use std::time::{Duration, Instant};

use crate::screen::{PATIENCE, Picture, bring_to_front, choose, colours, corner, picture, program, screen};

/// The least contrast of text against its background.
const READABLE: f64 = 4.5;

fn luminance([red, green, blue]: [u8; 3]) -> f64 {
    let linear = |part: u8| {
        let part = f64::from(part) / 255.0;
        if part <= 0.04045 { part / 12.92 } else { ((part + 0.055) / 1.055).powf(2.4) }
    };
    0.2126 * linear(red) + 0.7152 * linear(green) + 0.0722 * linear(blue)
}

fn contrast(one: [u8; 3], other: [u8; 3]) -> f64 {
    let (one, other) = (luminance(one), luminance(other));
    (one.max(other) + 0.05) / (one.min(other) + 0.05)
}

/// The background of the menu bar, and the contrast of its text; `None` before there is a window. The menu's words are
/// in the first 20 rows and the first 180 columns of the window.
fn menu_bar(picture: &Picture) -> Option<([u8; 3], f64)> {
    let (top, left) = corner(picture)?;
    let colours = colours(picture.get(top + 2..top + 20)?, left, left + 180);
    let ground = colours.first()?.0;
    Some((ground, colours.iter().map(|(dot, _)| contrast(ground, *dot)).fold(1.0, f64::max)))
}

#[test]
fn the_menu_bar_can_be_read_under_every_theme() {
    for (theme, appearance) in [
        ("Adwaita", "system"),
        ("Adwaita:dark", "system"),
        ("HighContrast", "system"),
        ("HighContrastInverse", "system"),
        ("Adwaita", "dark"),
        ("Adwaita:dark", "light"),
    ] {
        let dir = tempfile::tempdir().unwrap();
        let (_screen, display) = screen(dir.path());
        choose(dir.path(), appearance);
        let _program = program(dir.path(), &display, Some(theme));
        let begun = Instant::now();
        loop {
            let seen = picture(dir.path()).and_then(|picture| menu_bar(&picture));
            if seen.is_some_and(|(_, contrast)| contrast >= READABLE) {
                break;
            }
            assert!(begun.elapsed() < PATIENCE, "{theme}, {appearance}: ground and contrast are {seen:?}");
            std::thread::sleep(Duration::from_millis(50));
        }
    }
}

/// Whether menu bar and page are dark, each by its ground; `None` before the page has more than a ground.
fn are_dark(picture: &Picture) -> Option<(bool, bool)> {
    let (top, left) = corner(picture)?;
    let page = colours(picture.get(top + 60..top + 600)?, left, left + 1100);
    let is_written = page.iter().map(|(_, times)| times).sum::<usize>() > page.first()?.1 + 1000;
    is_written.then_some((luminance(menu_bar(picture)?.0) < 0.2, luminance(page[0].0) < 0.2))
}

fn wait_for_dark(dir: &Path, display: &str, dark: bool, what: &str) {
    let begun = Instant::now();
    loop {
        let seen = picture(dir).and_then(|picture| are_dark(&picture));
        if seen == Some((dark, dark)) {
            return;
        }
        assert!(begun.elapsed() < PATIENCE, "{what}: menu bar and page are {seen:?}");
        bring_to_front(display);
        std::thread::sleep(Duration::from_millis(200));
    }
}

/// Chosen while the window is open, on a desktop that is light and on one that is dark.
#[test]
fn as_the_system_after_another_choice_is_again_what_the_system_says() {
    for (desktop_is_dark, other) in [(true, "light"), (false, "dark")] {
        let dir = tempfile::tempdir().unwrap();
        std::fs::create_dir(dir.path().join("gtk-3.0")).unwrap();
        let desktop = format!("[Settings]\ngtk-application-prefer-dark-theme={desktop_is_dark}\n");
        std::fs::write(dir.path().join("gtk-3.0/settings.ini"), desktop).unwrap();
        let (_screen, display) = screen(dir.path());
        choose(dir.path(), other);
        let _program = program(dir.path(), &display, None);
        wait_for_dark(dir.path(), &display, !desktop_is_dark, other);
        choose(dir.path(), "system");
        wait_for_dark(dir.path(), &display, desktop_is_dark, &format!("as the system after {other}"));
    }
}
