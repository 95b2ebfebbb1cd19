//! The bytes of one drawing of each kind, so that no change goes unnoticed. Other tests check what the drawings mean.
//!
//! `CHARTS_ACCEPT=1 cargo test -p charts --test charts bytes` accepts the present drawings; look at them first.

use std::path::Path;

use charts::{Chart, Theme};

use crate::gallery::every_chart;
use crate::sample;

const KEPT: [(&str, Theme); 12] = [
    ("second-screen", Theme::Dark),
    ("second-saved", Theme::Light),
    ("second-near", Theme::Print),
    ("time-screen", Theme::Light),
    ("time-saved", Theme::Print),
    ("timeline-screen", Theme::Dark),
    ("timeline-saved", Theme::Light),
    ("timeline-nobody", Theme::Light),
    ("average-saved", Theme::Light),
    ("map-reached", Theme::Light),
    ("heat-uniqueviewers", Theme::Dark),
    ("timelines", Theme::Light),
];

fn drawing(name: &str, theme: Theme) -> Chart {
    every_chart(&sample::course(), theme).into_iter().find(|(other, _)| other == name).unwrap().1
}

#[test]
fn drawings_are_as_accepted() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/fixtures/charts");
    let mut changed = Vec::new();
    for (name, theme) in KEPT {
        let file = folder.join(format!("{name}-{theme:?}.svg").to_lowercase());
        let svg = drawing(name, theme).svg;
        if std::env::var_os("CHARTS_ACCEPT").is_some() {
            std::fs::create_dir_all(&folder).unwrap();
            std::fs::write(&file, &svg).unwrap();
        }
        let accepted = std::fs::read_to_string(&file).unwrap_or_default().replace("\r\n", "\n");
        if accepted != svg {
            changed.push(file);
        }
    }
    assert!(changed.is_empty(), "Changed drawings: {changed:?}; look at them, then accept them with CHARTS_ACCEPT=1");
}

#[test]
fn the_same_figures_give_the_same_bytes() {
    for theme in [Theme::Light, Theme::Dark, Theme::Print] {
        assert_eq!(every_chart(&sample::course(), theme), every_chart(&sample::course(), theme));
    }
}
