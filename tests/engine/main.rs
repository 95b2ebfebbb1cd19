//! Tests of `engine`.

#![allow(clippy::unwrap_used, clippy::print_stdout, reason = "a test that cannot go on stops, and says what it found")]
#![allow(clippy::disallowed_methods, clippy::disallowed_types, reason = "a test lays out files and reads them")]

#[path = "../support/damage.rs"]
mod damage;
#[path = "../support/mod.rs"]
mod support;

mod bad_input;
mod calendars;
mod captions;
mod chunk;
mod chunk_faults;
mod chunk_fixture;
mod chunk_golden;
mod chunk_oracle;
mod clocks;
mod compare;
mod courses;
mod dates;
mod disk_moods;
mod export;
mod export_by_course;
mod export_tables;
mod facts;
mod faults;
mod forget;
mod fuzz;
mod glance;
mod links;
mod lying_lists;
mod missing_files;
mod moves;
mod nested;
mod nightly_files;
mod nightly_round;
mod nightly_run;
mod nightly_schedule;
mod owner_only;
mod people;
mod people_faults;
mod promises;
mod resume;
mod roster;
mod secrets;
mod settings;
mod settings_connection;
mod sign_in_turns;
mod sync;
mod sync_original;
mod time_zone;
