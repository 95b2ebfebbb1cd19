//! Which viewers are the people of a class list.
//!
//! In this order: what somebody has decided, e-mail address, login, student number, the part before the `@` where its domain
//! was confirmed. All that find somebody must find the same person; else it is a conflict, and nothing follows from it. A name
//! only suggests. Deliberately absent: files, and where decisions are kept.
//!
//! Invariants: a viewer is at most one listed person; each viewer is in one row or in [`ClassMatches::not_listed`]; each row
//! has one state.

use std::collections::{BTreeMap, BTreeSet};

use super::Listed;
use super::matched::{ClassMatches, ConflictBecause, ListedMatch, MatchState, MatchedBy, SuggestedBecause, Suggestion};
use super::viewers::{Viewers, listed_local_parts};
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

/// Matches a class list with the viewers.
pub fn match_class(input: MatchInput<'_>) -> ClassMatches {
    let viewers = Viewers::new(input);
    let locals = listed_local_parts(input.listed);
    let mut rows: Vec<Found> = input.listed.iter().map(|listed| viewers.find(listed, input, &locals)).collect();
    settle_claims(&mut rows);
    // Who is matched is no suggestion for others.
    let taken: BTreeSet<usize> =
        rows.iter().filter(|row| row.by.is_some()).flat_map(|row| row.viewers.clone()).collect();
    let rows: Vec<ListedMatch> = rows
        .into_iter()
        .enumerate()
        .map(|(listed, found)| ListedMatch { listed, state: found.state(&taken) })
        .collect();
    let named: BTreeSet<usize> = rows.iter().flat_map(|row| row.state.viewers()).collect();
    let not_listed = (0..input.viewers.len()).filter(|viewer| !named.contains(viewer)).collect();
    ClassMatches { rows, not_listed }
}

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

    fn state(self, taken: &BTreeSet<usize>) -> MatchState {
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

/// Two people of the list who find one viewer are in conflict; a decision wins over what was only found.
fn settle_claims(rows: &mut [Found]) {
    let mut claims: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
    for (row, found) in rows.iter().enumerate() {
        for viewer in &found.viewers {
            claims.entry(*viewer).or_default().push(row);
        }
    }
    for (viewer, claimants) in claims {
        if claimants.len() < 2 {
            continue;
        }
        let is_decided = |row: usize| rows[row].by == Some(MatchedBy::Decision);
        let decided: Vec<bool> = claimants.iter().map(|row| is_decided(*row)).collect();
        let any_decided = decided.contains(&true);
        for (row, is_decided) in claimants.into_iter().zip(decided) {
            if is_decided {
                continue;
            }
            let found = &mut rows[row];
            if any_decided {
                found.viewers.remove(&viewer);
                if found.viewers.is_empty() {
                    (found.by, found.conflict) = (None, None);
                }
            } else {
                found.by = None;
                found.conflict.get_or_insert(ConflictBecause::FoundByOthers);
            }
        }
    }
}
