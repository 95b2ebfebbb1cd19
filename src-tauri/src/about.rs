//! The program's version and licence, and those of everything it is built from.
//!
//! The list of components is made from `Cargo.lock`'s packages (`make licences`), checked in, and a test fails when it is
//! stale.

use crate::dto::settings::{About, Component};

/// One component on each line: name, version, licence, parted by tabs.
const COMPONENTS: &str = include_str!("../packaging/components.tsv");

/// Versions and licences.
pub fn about() -> About {
    About {
        name: "Panopto Video Analytics".to_owned(),
        version: env!("CARGO_PKG_VERSION").to_owned(),
        licence: format!("Free software under {}", env!("CARGO_PKG_LICENSE").replace(" OR ", " or ")),
        components: components().collect(),
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

    #[test]
    fn every_line_is_a_component() {
        assert_eq!(components().count(), COMPONENTS.lines().count());
        assert!(components().any(|component| component.name == "tauri"));
        assert!(components().all(|component| !component.version.is_empty() && !component.licence.is_empty()));
    }
}
