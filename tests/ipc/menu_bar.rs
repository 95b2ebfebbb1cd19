//! The menu bar that GTK draws, in the real program on a screen that nobody sees: under every theme it can be read.

use std::io::{BufRead as _, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

/// Longer than a slow computer takes to draw a window.
const PATIENCE: Duration = Duration::from_secs(90);
/// What text must have at least against its ground.
const READABLE: f64 = 4.5;

/// Ends its process when it is dropped.
struct Running(Child);

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// A screen in memory, whose picture lies in a file.
fn screen(dir: &Path) -> (Running, String) {
    let mut server = Command::new("Xvfb");
    server.args(["-displayfd", "1", "-screen", "0", "1280x900x24", "-nolisten", "tcp", "-fbdir"]).arg(dir);
    let mut server = server.stdout(Stdio::piped()).stderr(Stdio::null()).spawn().expect("Xvfb is installed");
    let mut number = String::new();
    BufReader::new(server.stdout.take().unwrap()).read_line(&mut number).unwrap();
    (Running(server), format!(":{}", number.trim()))
}

fn program(home: &Path, display: &str, theme: &str, appearance: &str) -> Running {
    std::fs::create_dir_all(home.join("config")).unwrap();
    std::fs::write(home.join("config/settings.json"), format!("{{\"appearance\":\"{appearance}\"}}")).unwrap();
    let mut program = Command::new(env!("CARGO_BIN_EXE_panopto-video-analytics"));
    let program = program
        .env_remove("WAYLAND_DISPLAY")
        .env("DISPLAY", display)
        .env("GTK_THEME", theme)
        .env("HOME", home)
        .env("XDG_CONFIG_HOME", home)
        .env("XDG_DATA_HOME", home)
        .env("XDG_RUNTIME_DIR", home)
        .env("PANOPTO_ANALYTICS_CONFIG_DIR", home.join("config"))
        .env("DBUS_SESSION_BUS_ADDRESS", format!("unix:path={}", home.join("no-bus").display()))
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn();
    Running(program.unwrap())
}

/// One number for each dot of the picture, row by row: red, green and blue. The file is one of the program `xwd`.
fn picture(file: &Path) -> Option<Vec<Vec<[u8; 3]>>> {
    let bytes = std::fs::read(file).ok()?;
    let field = |at: usize| Some(u32::from_be_bytes(bytes.get(at * 4..at * 4 + 4)?.try_into().ok()?) as usize);
    let (header, width, height, row_bytes, colors) = (field(0)?, field(4)?, field(5)?, field(12)?, field(19)?);
    let dots = bytes.get(header + colors * 12..)?;
    let row = |y: usize| {
        let row = dots.get(y * row_bytes..y * row_bytes + width * 4)?;
        // Least significant byte first: blue, green, red.
        Some(row.chunks_exact(4).map(|dot| [dot[2], dot[1], dot[0]]).collect())
    };
    (0..height).map(row).collect()
}

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

/// The ground of the menu bar, and how well its letters stand out from it; `None` before there is a window. Its words are in
/// the first 20 rows of the window, and in its first 180 columns.
fn menu_bar(picture: &[Vec<[u8; 3]>]) -> Option<([u8; 3], f64)> {
    let is_drawn = |dot: &[u8; 3]| *dot != [0, 0, 0];
    let top = picture.iter().position(|row| row.iter().filter(|dot| is_drawn(dot)).count() > 600)?;
    let left = picture[top].iter().position(is_drawn)?;
    let bar = picture.get(top + 2..top + 20)?.iter().flat_map(|row| &row[left..(left + 180).min(row.len())]);
    let mut count = std::collections::HashMap::<[u8; 3], usize>::new();
    for dot in bar {
        *count.entry(*dot).or_default() += 1;
    }
    let ground = *count.iter().max_by_key(|(_, times)| **times)?.0;
    Some((ground, count.keys().map(|dot| contrast(ground, *dot)).fold(1.0, f64::max)))
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
        let _program = program(dir.path(), &display, theme, appearance);
        let begun = Instant::now();
        loop {
            let seen = picture(&dir.path().join("Xvfb_screen0")).and_then(|picture| menu_bar(&picture));
            if seen.is_some_and(|(_, contrast)| contrast >= READABLE) {
                break;
            }
            assert!(begun.elapsed() < PATIENCE, "{theme}, {appearance}: ground and contrast are {seen:?}");
            std::thread::sleep(Duration::from_millis(50));
        }
    }
}
