//! The program on a computer where no window can be opened.

#![cfg(target_os = "linux")]

use std::process::Command;

#[test]
fn without_a_display_it_says_so_in_one_line_and_names_the_command_line() {
    let home = tempfile::tempdir().unwrap();
    let ended = Command::new(env!("CARGO_BIN_EXE_panopto-video-analytics"))
        .env_remove("DISPLAY")
        .env_remove("WAYLAND_DISPLAY")
        .env("HOME", home.path())
        .env("XDG_CONFIG_HOME", home.path())
        .env("XDG_DATA_HOME", home.path())
        .env("XDG_RUNTIME_DIR", home.path())
        .output()
        .unwrap();
    let said = String::from_utf8(ended.stderr).unwrap();
    assert_eq!(ended.status.code(), Some(1), "{said}");
    assert_eq!(said.lines().filter(|line| line.contains("cannot be started")).count(), 1, "{said}");
    assert!(said.contains("panopto-analytics") && !said.contains("panicked"), "{said}");
}
