//! Calls of the window, from the outside in: the real configuration, capability, permissions and command names, with a
//! window that is not drawn. Everything behind it is real too: a data folder, the simulated server, the engine.

#![allow(clippy::disallowed_methods, clippy::disallowed_types, reason = "a test lays out files and reads them")]
#![allow(clippy::unwrap_used, reason = "a test that cannot go on stops")]

mod beside_the_command_line;
mod class_list;
mod contract;
mod course_list;
mod course_page;
mod credit;
mod dates;
mod explained;
mod export;
mod figures;
mod findings;
#[cfg(target_os = "linux")]
mod menu_bar;
mod moments;
mod nightly;
#[cfg(target_os = "linux")]
mod one_keychain;
mod people;
mod people_stored;
mod people_tidy;
mod permissions;
mod presenting;
mod privacy;
mod refusal;
mod same_people;
mod saving;
#[cfg(target_os = "linux")]
mod screen;
mod settings;
mod sign_in;
mod support;
mod sync;
mod terms;
mod types;
mod watch;
