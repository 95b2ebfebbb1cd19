//! The output for the golden data equals the original tool's byte for byte, with the two exceptions that the product
//! names.

use std::fs;
use std::path::Path;

use crate::chunk_fixture::{GOLDEN_ZONE, chunk_in, golden, golden_copy};

const PERCENT: usize = 6;
const SPENT: usize = 7;

fn lines(path: &Path) -> Vec<String> {
    fs::read_to_string(path)
        .unwrap_or_else(|error| panic!("{}: {error}", path.display()))
        .lines()
        .map(str::to_owned)
        .collect()
}

fn cells(line: &str) -> Vec<&str> {
    line.split(',').collect()
}

/// Compares one file of chunk rows. Returns how many rows only the original has, and how many percentages differ.
fn compare_chunked(ours: &Path, original: &Path) -> (usize, usize) {
    let (ours, original) = (lines(ours), lines(original));
    let mut ours = ours.iter();
    let (mut only_theirs, mut larger) = (0, 0);
    for theirs in &original {
        let cells_of_theirs = cells(theirs);
        if cells_of_theirs[PERCENT] == "0.0" && cells_of_theirs[SPENT] == "0.0" {
            only_theirs += 1;
            continue;
        }
        let line = ours.next().expect("a row for each of the original's");
        if line == theirs {
            continue;
        }
        let cells_of_ours = cells(line);
        for (column, (mine, other)) in cells_of_ours.iter().zip(&cells_of_theirs).enumerate() {
            if column == PERCENT {
                let (mine, other): (f64, f64) = (mine.parse().unwrap(), other.parse().unwrap());
                assert!(other >= 75.0 && mine > other, "{line}\n{theirs}");
            } else {
                assert_eq!(mine, other, "{line}\n{theirs}");
            }
        }
        larger += 1;
    }
    assert_eq!(ours.next(), None);
    (only_theirs, larger)
}

#[test]
fn the_output_equals_the_originals() {
    let (_temporary, folder) = golden_copy();
    let report = chunk_in(&folder, GOLDEN_ZONE).unwrap();
    assert!(report.first_failure().is_none());
    let original = golden().join("output[CHUNKED]");
    let ours = folder.root().join("output[CHUNKED]");
    let mut directories: Vec<_> = fs::read_dir(&original).unwrap().map(|entry| entry.unwrap().file_name()).collect();
    directories.sort();
    let mut found: Vec<_> = fs::read_dir(&ours).unwrap().map(|entry| entry.unwrap().file_name()).collect();
    found.sort();
    assert_eq!(found, directories);
    let mut differences = Vec::new();
    for directory in directories {
        let (original, ours) = (original.join(&directory), ours.join(&directory));
        assert_eq!(
            fs::read_to_string(ours.join("sessions_overview.csv")).unwrap(),
            fs::read_to_string(original.join("sessions_overview.csv")).unwrap(),
        );
        let found = compare_chunked(&ours.join("chunked_data.csv"), &original.join("chunked_data.csv"));
        differences.push((directory.to_str().unwrap().to_owned(), found));
    }
    let of_union = differences.pop().unwrap();
    assert_eq!(of_union, ("tableau".to_owned(), (9, 2)));
    assert_eq!(differences.iter().map(|(_, found)| found.0).sum::<usize>(), 9);
    assert_eq!(differences.iter().map(|(_, found)| found.1).sum::<usize>(), 2);
}
