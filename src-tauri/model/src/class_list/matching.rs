//! Which viewers are the people of a class list.
//!
//! In this order: what somebody has decided, e-mail address, login, student number, the part before the `@` where its domain
//! was confirmed. All that find somebody must find the same person; else it is a conflict, and nothing follows from it. A name
//! only suggests. Deliberately absent: files, and where decisions are kept.
//!
//! Invariants: a viewer is at most one listed person; each viewer is in one row or in [`ClassMatches::not_listed`]; each row
//! has one state.

use std::collections::{BTreeMap, BTreeSet};

use super::found::{Found, MatchInput};
use super::matched::{ClassMatches, ConflictBecause, ListedMatch, MatchedBy};
use super::viewers::{Viewers, listed_local_parts};

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
