//! Every fixture damaged in every way: a class list or one sentence, never a fault, and never more than there are bytes for.
//!
//! `PROPTEST_CASES=100000` is the long run.

use std::sync::OnceLock;

use proptest::prelude::*;
use proptest::sample::Index;
use roster::{ClassFile, Filled, Reading, Unreadable, fill, read};

use super::damage::{Damage, cases, damage, damaged_sample};

/// Pieces that mean something in one of the formats.
const WORDS: &[&[u8]] = &[
    b"Student,ID,SIS Login ID,Section\n",
    b"\"Student ID\",\"Name\",\"Week 1 [10]\"\r\n",
    b"Email",
    b"Nachname;Vorname;Matrikelnummer;E-Mail\n",
    b"sep=;\n",
    b"\"",
    b"\"\"",
    b";",
    b"\t",
    b"\r\n",
    b"=\"",
    b"\xef\xbb\xbf",
    b"\xff\xfe",
    b"PK\x03\x04",
    b"\xd0\xcf\x11\xe0",
    b"<table>",
    b"<tr><td>",
    b"&#x0;",
    b"&amp;",
    b"#",
    b"<a@b.c>",
    b"table:number-columns-repeated=\"999999999\"",
    b"\x00\x02\x0e\x00",
];

fn samples() -> &'static [Vec<u8>] {
    static SAMPLES: OnceLock<Vec<Vec<u8>>> = OnceLock::new();
    SAMPLES.get_or_init(|| {
        let dir = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/fixtures/rosters");
        let mut files: Vec<_> = std::fs::read_dir(dir).unwrap().map(|entry| entry.unwrap().path()).collect();
        files.sort();
        files.iter().map(|file| std::fs::read(file).unwrap()).filter(|bytes| bytes.len() < 1 << 15).collect()
    })
}

fn holds_together(result: Result<ClassFile, Unreadable>) -> Result<(), TestCaseError> {
    match result {
        Ok(file) => {
            prop_assert_eq!(file.people.len(), file.lines.len());
            prop_assert_eq!(file.people.len() + file.skipped.len() + file.repeated.len(), file.rows);
            for person in &file.people {
                let texts =
                    [&person.name, &person.email, &person.login, &person.number, &person.system_id, &person.section];
                for text in texts.into_iter().flatten() {
                    prop_assert!(!text.chars().any(char::is_control) && !text.is_empty());
                    // A letter that could not be read never gets a stand-in.
                    let is_guessed = file.encoding().is_some_and(|encoding| encoding.is_guessed);
                    let has_stand_in = is_guessed && text.contains(char::REPLACEMENT_CHARACTER);
                    prop_assert!(!has_stand_in);
                }
                prop_assert!(!person.shown().is_empty());
            }
        }
        Err(refused) => {
            let sentence = refused.to_string();
            prop_assert!(!sentence.is_empty() && !sentence.ends_with('.') && !sentence.contains('\n'));
        }
    }
    Ok(())
}

/// A gradebook that was filled is one that is read, with the same people.
fn is_filled_soundly(bytes: &[u8], filled: Result<Filled, Unreadable>) -> Result<(), TestCaseError> {
    match filled {
        Ok(filled) => {
            prop_assert!(!filled.column.is_empty());
            if filled.people == 0 {
                prop_assert_eq!(&filled.bytes[..], bytes, "nobody has a value, and no byte changes");
            }
        }
        Err(refused) => {
            let sentence = refused.to_string();
            prop_assert!(!sentence.is_empty() && !sentence.ends_with('.') && !sentence.contains('\n'));
        }
    }
    Ok(())
}

proptest! {
    #![proptest_config(cases(256))]

    #[test]
    fn a_damaged_gradebook_is_filled_or_refused_in_a_sentence(
        which in any::<Index>(),
        damages in prop::collection::vec(damage(WORDS), 1..8),
        column in prop_oneof![Just("Week 1"), Just("Week 1 (81234)"), Just("Exam"), Just("Quiz 3"), Just("")],
        has_values: bool,
    ) {
        let bytes = damaged_sample(samples(), which, &damages);
        is_filled_soundly(&bytes, fill(&bytes, column, |_| has_values.then_some(9.5)))?;
    }

    #[test]
    fn a_damaged_file_is_a_list_or_a_sentence(
        which in any::<Index>(),
        damages in prop::collection::vec(damage(WORDS), 1..8),
    ) {
        let damages: Vec<Damage> = damages;
        holds_together(read(&damaged_sample(samples(), which, &damages), &Reading::default()))?;
    }

    #[test]
    fn any_bytes_are_a_list_or_a_sentence(bytes in prop::collection::vec(any::<u8>(), 0..400)) {
        holds_together(read(&bytes, &Reading::default()))?;
    }

    #[test]
    fn any_text_is_a_list_or_a_sentence(text in "(Name|Email|Student ID|,|;|\t|\n|\"|[a-zé@.0-9 =<>]){0,40}") {
        holds_together(read(text.as_bytes(), &Reading::default()))?;
    }
}
