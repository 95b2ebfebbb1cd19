//! The real program on a screen that nobody sees, and what it shows there.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::os::unix::net::UnixStream;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

/// One number for each dot of a screen, row by row: red, green and blue.
pub(crate) type Picture = Vec<Vec<[u8; 3]>>;

/// Longer than a slow computer takes to draw a window.
pub(crate) const PATIENCE: Duration = Duration::from_secs(90);
/// Ends its process when it is dropped.
pub(crate) struct Running(Child);

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// A screen in memory, whose picture lies in a file.
pub(crate) fn screen(dir: &Path) -> (Running, String) {
    let mut server = Command::new("Xvfb");
    server.args(["-displayfd", "1", "-screen", "0", "1280x900x24", "-nolisten", "tcp", "-fbdir"]).arg(dir);
    let mut server = server.stdout(Stdio::piped()).stderr(Stdio::null()).spawn().expect("Xvfb is installed");
    let mut number = String::new();
    BufReader::new(server.stdout.take().unwrap()).read_line(&mut number).unwrap();
    (Running(server), format!(":{}", number.trim()))
}

/// Chooses light, dark or the system's, as another process does it.
pub(crate) fn choose(home: &Path, appearance: &str) {
    std::fs::create_dir_all(home.join("config")).unwrap();
    std::fs::write(home.join("config/settings.json"), format!("{{\"appearance\":\"{appearance}\"}}")).unwrap();
}

/// The program on a screen, with a home of its own and without a session bus; `theme` overrides that of the desktop.
pub(crate) fn program(home: &Path, display: &str, theme: Option<&str>) -> Running {
    let mut program = Command::new(env!("CARGO_BIN_EXE_panopto-video-analytics"));
    program.env_remove("GTK_THEME").envs(theme.map(|theme| ("GTK_THEME", theme)));
    let program = program
        .env_remove("WAYLAND_DISPLAY")
        .env("DISPLAY", display)
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

/// What the screen of `dir` shows. The file is one of the program `xwd`.
pub(crate) fn picture(dir: &Path) -> Option<Picture> {
    let bytes = std::fs::read(dir.join("Xvfb_screen0")).ok()?;
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

/// The window in a picture: its top row and its left column; `None` before there is one. The screen around it is black.
pub(crate) fn corner(picture: &Picture) -> Option<(usize, usize)> {
    let is_drawn = |dot: &[u8; 3]| *dot != [0, 0, 0];
    let top = picture.iter().position(|row| row.iter().filter(|dot| is_drawn(dot)).count() > 600)?;
    Some((top, picture[top].iter().position(is_drawn)?))
}

/// How often each colour stands in a part of a picture, the most frequent first.
pub(crate) fn colours(rows: &[Vec<[u8; 3]>], left: usize, right: usize) -> Vec<([u8; 3], usize)> {
    let mut count = std::collections::HashMap::<[u8; 3], usize>::new();
    for dot in rows.iter().flat_map(|row| row.get(left..right.min(row.len())).unwrap_or_default()) {
        *count.entry(*dot).or_default() += 1;
    }
    let mut colours: Vec<_> = count.into_iter().collect();
    colours.sort_unstable_by_key(|(colour, times)| (std::cmp::Reverse(*times), *colour));
    colours
}

/// Brings the window of a screen to the front, as a person does who comes back to it. There is no window manager on the
/// screen, so the focus is moved in the words of the X protocol: away, and to each large window.
pub(crate) fn bring_to_front(display: &str) {
    const QUERY_TREE: u8 = 15;
    const GET_GEOMETRY: u8 = 14;
    const SET_INPUT_FOCUS: u8 = 42;
    /// The root under the pointer: no window of a program.
    const POINTER_ROOT: u32 = 1;
    let mut server = UnixStream::connect(format!("/tmp/.X11-unix/X{}", display.trim_start_matches(':'))).unwrap();
    server.set_read_timeout(Some(PATIENCE)).unwrap();
    server.write_all(&[b'l', 0, 11, 0, 0, 0, 0, 0, 0, 0, 0, 0]).unwrap();
    let mut head = [0; 8];
    server.read_exact(&mut head).unwrap();
    assert_eq!(head[0], 1, "the screen lets us in");
    let mut setup = vec![0; usize::from(u16::from_le_bytes([head[6], head[7]])) * 4];
    server.read_exact(&mut setup).unwrap();
    let word = |bytes: &[u8], at: usize| u32::from_le_bytes(bytes[at..at + 4].try_into().unwrap());
    let half = |bytes: &[u8], at: usize| u16::from_le_bytes([bytes[at], bytes[at + 1]]);
    let vendor = usize::from(half(&setup, 16)).next_multiple_of(4);
    let root = word(&setup, 32 + vendor + usize::from(setup[21]) * 8);

    let mut ask = |opcode: u8, window: u32| {
        let request = [&[opcode, 0, 2, 0][..], &window.to_le_bytes()].concat();
        server.write_all(&request).unwrap();
        let mut reply = vec![0; 32];
        server.read_exact(&mut reply).unwrap();
        if reply[0] == 1 {
            let mut rest = vec![0; word(&reply, 4) as usize * 4];
            server.read_exact(&mut rest).unwrap();
            reply.extend(rest);
        }
        reply
    };
    let tree = ask(QUERY_TREE, root);
    let windows: Vec<u32> = tree[32..].chunks_exact(4).map(|window| word(window, 0)).collect();
    let large: Vec<u32> = windows
        .into_iter()
        .filter(|window| {
            let geometry = ask(GET_GEOMETRY, *window);
            geometry[0] == 1 && half(&geometry, 16) > 600
        })
        .collect();
    for window in [POINTER_ROOT].into_iter().chain(large) {
        let request = [&[SET_INPUT_FOCUS, 1, 3, 0][..], &window.to_le_bytes(), &0u32.to_le_bytes()].concat();
        server.write_all(&request).unwrap();
    }
    // An answer comes after what was sent before it was done.
    let mut end = vec![QUERY_TREE, 0, 2, 0];
    end.extend(root.to_le_bytes());
    server.write_all(&end).unwrap();
    let _ = server.read(&mut [0; 32]);
}
