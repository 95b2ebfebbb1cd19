//! Tests of the command line, run as people run it; and of the architecture.

#![allow(clippy::disallowed_methods, clippy::disallowed_types, reason = "a test lays out files and reads them")]

mod architecture;
mod bad_input;
mod between_processes;
mod captions;
mod credentials;
mod dates;
mod demo;
mod documentation;
mod exit_codes;
mod from_elsewhere;
mod help;
mod hostile;
mod interrupt;
mod journey;
mod keychain;
mod kill;
mod kill_changes;
mod kill_people;
mod missing_files;
mod moments;
mod nightly;
mod nightly_job;
mod original;
mod parquet;
mod people;
mod quiet;
mod roster;
mod secrets;
mod settings;
mod support;
mod terminal;
mod time_zone;
mod tls;
mod vanishing;
mod videos;
