//! The definitions that people are shown and `docs/figures.md` are the same.

use std::collections::HashSet;
use std::path::Path;

use model::{Figure, definition};

#[test]
fn every_figure_is_documented_in_the_words_that_are_shown() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/figures.md");
    let page = std::fs::read_to_string(path).unwrap();
    let flowing = page.split_whitespace().collect::<Vec<_>>().join(" ");
    for figure in Figure::ALL {
        assert!(page.contains(&format!("### {}\n", figure.name())), "{figure:?} has no section");
        assert!(flowing.contains(definition(figure)), "docs/figures.md misses: {}", definition(figure));
    }
}

#[test]
fn definitions_are_distinct_sentences() {
    let texts: HashSet<&str> = Figure::ALL.into_iter().map(definition).collect();
    assert_eq!(texts.len(), Figure::ALL.len());
    for figure in Figure::ALL {
        let text = definition(figure);
        assert!(
            text.ends_with('.')
                && text.starts_with(|c: char| c.is_uppercase() || c.is_ascii_digit())
                && !text.contains("  ")
        );
        let says_range = text.contains("date range");
        assert!(says_range || figure == Figure::ChunkRewatched, "{figure:?} does not say what dates do to it");
    }
}
