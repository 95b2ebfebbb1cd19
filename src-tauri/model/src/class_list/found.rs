//! What a match begins with, and what is found for each person of the list before it is settled.
//!
//! Deliberately absent: where it is found (`viewers.rs`), and who yields to whom (`matching.rs`).

use std::collections::{BTreeMap, BTreeSet};

use super::Listed;
use super::matched::{ConflictBecause, MatchState, MatchedBy, SuggestedBecause, Suggestion};
use crate::Account;

/// What is matched.
#[derive(Debug, Clone, Copy)]
pub struct MatchInput<'a> {
    /// The people of the list.
    pub listed: &'a [Listed],
    /// The viewers: each person with their accounts. Accounts of one person are matched together.
    pub viewers: &'a [Vec<Account>],
    /// Domains of which somebody has said that what stands before the `@` is the login, as they are compared.
    pub confirmed_domains: &'a [String],
}

/// At most so many suggestions stand beside a person; more is a guess.
const MOST_SUGGESTIONS: usize = 5;

/// What was found for one listed person, before others have their say.
#[derive(Debug, Default)]
pub(super) struct Found {
    pub(super) viewers: BTreeSet<usize>,
    pub(super) by: Option<MatchedBy>,
    pub(super) conflict: Option<ConflictBecause>,
    pub(super) suggested: BTreeMap<usize, SuggestedBecause>,
}

impl Found {
    pub(super) fn suggest(&mut self, viewer: usize, because: SuggestedBecause) {
        let known = self.suggested.entry(viewer).or_insert(because);
        *known = (*known).min(because);
    }

    pub(super) fn state(self, taken: &BTreeSet<usize>) -> MatchState {
        let viewers: Vec<usize> = self.viewers.into_iter().collect();
        if let Some(because) = self.conflict {
            return MatchState::Conflict { viewers, because };
        }
        if let Some(by) = self.by {
            return MatchState::Matched { viewers, by };
        }
        let mut suggestions: Vec<Suggestion> = self
            .suggested
            .into_iter()
            .filter(|(viewer, _)| !taken.contains(viewer))
            .map(|(viewer, because)| Suggestion { viewer, because })
            .collect();
        suggestions.sort_by_key(|suggestion| (suggestion.because, suggestion.viewer));
        suggestions.truncate(MOST_SUGGESTIONS);
        if suggestions.is_empty() { MatchState::NotFound } else { MatchState::Suggested(suggestions) }
    }
}
