//! The definitions that people see and those in `docs/figures.md` are the same.

use std::collections::HashSet;
use std::path::Path;

use model::{FIGURES_OF_VIDEO, Figure};

#[test]
fn every_figure_is_documented_in_the_words_that_are_shown() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/figures.md");
    let page = std::fs::read_to_string(path).unwrap();
    let flowing = page.split_whitespace().collect::<Vec<_>>().join(" ");
    for figure in Figure::ALL {
        assert!(page.contains(&format!("### {}\n", figure.name())), "{figure:?} has no section");
        assert!(flowing.contains(figure.definition()), "docs/figures.md misses: {}", figure.definition());
    }
}

#[test]
fn definitions_are_distinct_sentences() {
    let texts: HashSet<&str> = Figure::ALL.into_iter().map(Figure::definition).collect();
    assert_eq!(texts.len(), Figure::ALL.len());
    for figure in Figure::ALL {
        let text = figure.definition();
        assert!(
            text.ends_with('.')
                && text.starts_with(|c: char| c.is_uppercase() || c.is_ascii_digit())
                && !text.contains("  ")
        );
        let says_range = text.contains("date range");
        assert!(says_range || figure == Figure::ChunkRewatched, "{figure:?} does not say what dates do to it");
    }
}

#[test]
fn every_name_of_a_figure_in_json_is_documented() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/figures.md");
    let page = std::fs::read_to_string(path).unwrap();
    for of in &FIGURES_OF_VIDEO {
        let section = page.split(&format!("### {}\n", of.figure.name())).nth(1).expect("every figure has a section");
        let section = section.split("\n### ").next().unwrap();
        let said = section.lines().find_map(|line| line.strip_prefix("- In `videos --json`: `")?.strip_suffix('`'));
        assert_eq!(said, of.json_name, "{:?}", of.figure);
    }
}

/// The lines of a figure's section that begin so, without the beginning.
fn said<'p>(page: &'p str, figure: Figure, begin: &str) -> Vec<&'p str> {
    let section = page.split(&format!("### {}\n", figure.name())).nth(1).expect("every figure has a section");
    let section = section.split("\n## ").next().unwrap().split("\n### ").next().unwrap();
    section.lines().filter_map(|line| line.strip_prefix(begin)).collect()
}

#[test]
fn every_figure_has_a_formula_and_a_test_that_counts_it_once_more() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let page = std::fs::read_to_string(root.join("docs/figures.md")).unwrap();
    for figure in Figure::ALL {
        let formulas = said(&page, figure, "- Formula: ");
        assert!(matches!(formulas[..], [formula] if !formula.is_empty()), "{figure:?}: {formulas:?}");
        let counted = said(&page, figure, "- Counted once more in `");
        let [counted] = counted[..] else { panic!("{figure:?}: {counted:?}") };
        let (file, name) = counted.split_once("`: `").expect("a file and the name of a test");
        let name = name.strip_suffix('`').expect("the name of a test");
        let text =
            std::fs::read_to_string(root.join(file)).unwrap_or_else(|error| panic!("{figure:?}: {file}: {error}"));
        let place = text.find(&format!("fn {name}(")).unwrap_or_else(|| panic!("{figure:?}: {file} has no `{name}`"));
        let before = text[..place].trim_end().rsplit('\n').next().unwrap_or_default().trim();
        assert!(before.starts_with("#[test]"), "{figure:?}: `{name}` is no test: {before}");
    }
}
