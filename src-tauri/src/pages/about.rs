//! The program's version and licence, and those of everything it is built from.
//!
//! The list of components is made from `Cargo.lock`'s packages (`make licences`), checked in, and a test fails when it is
//! stale.

use serde::Serialize;
use ts_rs::TS;

/// One component per line: name, version and licence, separated by tabs.
const COMPONENTS: &str = include_str!("../../packaging/components.tsv");

/// Versions and licences.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export_to = "about.ts")]
pub struct About {
    /// The program's name.
    pub name: String,
    /// Its version.
    pub version: String,
    /// Its licence in one line.
    pub licence: String,
    /// What it is built from.
    pub components: Vec<Component>,
}

/// One library the program is built from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export_to = "about.ts")]
pub struct Component {
    /// Its name.
    pub name: String,
    /// Its version.
    pub version: String,
    /// Its licence as an SPDX expression.
    pub licence: String,
}

impl About {
    /// Versions and licences of this very program.
    pub(crate) fn this_program() -> Self {
        Self {
            name: "Panopto Video Analytics".to_owned(),
            version: env!("CARGO_PKG_VERSION").to_owned(),
            licence: format!("Free software under {}", env!("CARGO_PKG_LICENSE").replace(" OR ", " or ")),
            components: components().collect(),
        }
    }
}

fn components() -> impl Iterator<Item = Component> {
    COMPONENTS.lines().filter_map(|line| {
        let mut parts = line.split('\t').map(str::to_owned);
        Some(Component { name: parts.next()?, version: parts.next()?, licence: parts.next()? })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A component that `Cargo.lock` does not have in this version is not in the program.
    #[test]
    fn the_list_is_fresh() {
        let locked = include_str!("../../../Cargo.lock").replace("\r\n", "\n");
        let in_the_window = ["svelte", "@tauri-apps/api"];
        for component in components().filter(|component| !in_the_window.contains(&component.name.as_str())) {
            let entry = format!("name = \"{}\"\nversion = \"{}\"\n", component.name, component.version);
            assert!(locked.contains(&entry), "{} {} is gone: run `make licences`", component.name, component.version);
        }
    }

    #[test]
    fn every_line_is_a_component() {
        assert_eq!(components().count(), COMPONENTS.lines().count());
        assert!(components().any(|component| component.name == "tauri"));
        assert!(components().all(|component| !component.version.is_empty() && !component.licence.is_empty()));
    }
}
