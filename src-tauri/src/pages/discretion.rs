//! What may be seen of people now. Every page that could name or betray somebody is made under it.
//!
//! Deliberately absent: the switch itself (`presenting.rs`) and the setting (`engine::settings`). Invariant: nobody has a
//! name while presenting, whatever the setting says.

use engine::people::WithNames;
use serde::Serialize;
use ts_rs::TS;

/// What may be seen of people.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export_to = "discretion.ts")]
pub struct Discretion {
    /// Whether people have their names; otherwise they are `Viewer 17`.
    pub names_shown: bool,
    /// Whether others see the screen: no names, and no group of fewer than five people.
    pub presents: bool,
}

impl Discretion {
    /// What follows from the setting *Show names* and from whether somebody is presenting.
    pub(crate) const fn new(show_names: bool, presents: bool) -> Self {
        Self { names_shown: show_names && !presents, presents }
    }

    /// Whether people have their names, in the word of the engine.
    pub(crate) const fn names(self) -> WithNames {
        if self.names_shown { WithNames::Shown } else { WithNames::Hidden }
    }
}
