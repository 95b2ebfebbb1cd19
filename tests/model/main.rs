//! Tests of `model`: properties compared with a brute-force oracle, the original tool's own output, wording.

#![allow(clippy::disallowed_methods, clippy::disallowed_types, reason = "a test lays out files and reads them")]
#![allow(clippy::unwrap_used, clippy::print_stdout, reason = "a failing unwrap fails the test; speed prints")]

mod beside;
mod captions;
mod class_list;
mod coverage;
mod dates;
mod days;
mod definitions;
mod digest;
mod figures;
mod golden;
mod measures;
mod moments;
mod oracle;
mod people;
mod planted;
mod presenting;
mod readout;
mod speed;
mod terms;
mod timeline;
mod words;
