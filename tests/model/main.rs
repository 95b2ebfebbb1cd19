//! Tests of `model`: properties against a brute-force oracle, the original's own output, wording.

mod coverage;
mod days;
mod definitions;
mod figures;
mod golden;
mod oracle;
mod speed;
mod words;
