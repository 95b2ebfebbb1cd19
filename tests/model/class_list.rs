//! Matching a class list with viewers: each trap that importers of class lists have fallen into.

use chrono::{DateTime, Utc};
use model::{
    Account, AccountName, ClassMatches, ConflictBecause, Listed, ListedLink, ListedPerson, MatchInput, MatchState,
    MatchedBy, NameState, SuggestedBecause, Suggestion, UserId, match_class,
};
use proptest::prelude::*;

fn at() -> DateTime<Utc> {
    "2026-10-01T08:00:00Z".parse().unwrap()
}

fn user(number: u8) -> UserId {
    UserId::from_bytes([number; 16])
}

/// `name|email|login|number`
fn listed(text: &str) -> Listed {
    let mut parts = text.split('|').map(|part| Some(part.to_owned()).filter(|part| !part.is_empty()));
    let mut next = || parts.next().flatten();
    let person = ListedPerson { name: next(), email: next(), login: next(), number: next(), ..ListedPerson::default() };
    Listed { person, since: at(), gone_since: None, links: Vec::new() }
}

/// `user name|e-mail|first|last`
fn account(number: u8, text: &str) -> Account {
    let mut parts = text.split('|').map(str::to_owned);
    let mut next = || parts.next().unwrap_or_default();
    let name = AccountName { user_key: next(), email: next(), first: next(), last: next() };
    Account { id: user(number), state: Some(NameState::Named.into()), name }
}

fn matching(people: &[Listed], viewers: &[Vec<Account>], domains: &[&str]) -> ClassMatches {
    let domains: Vec<String> = domains.iter().map(|domain| (*domain).to_owned()).collect();
    match_class(MatchInput { listed: people, viewers, confirmed_domains: &domains })
}

fn one(person: &str, accounts: &[&str]) -> MatchState {
    one_of(person, accounts, &[])
}

fn one_of(person: &str, accounts: &[&str], domains: &[&str]) -> MatchState {
    let viewers: Vec<Vec<Account>> =
        accounts.iter().zip(1..).map(|(text, number)| vec![account(number, text)]).collect();
    matching(&[listed(person)], &viewers, domains).rows.remove(0).state
}

fn found(viewers: &[usize], by: MatchedBy) -> MatchState {
    MatchState::Matched { viewers: viewers.to_vec(), by }
}

fn suggested(viewer: usize, because: SuggestedBecause) -> MatchState {
    MatchState::Suggested(vec![Suggestion { viewer, because }])
}

#[test]
fn an_address_a_login_and_a_number_each_find_their_viewer() {
    let accounts = ["unified\\other|o@example.edu", "canvas\\MVale7|MVale7@Example.edu|Mira|Vale"];
    assert_eq!(one("|mvale7@example.edu||", &accounts), found(&[1], MatchedBy::Email));
    assert_eq!(one("||mvale7|", &accounts), found(&[1], MatchedBy::Login));
    assert_eq!(one("|||0012345", &["unified\\0012345"]), found(&[0], MatchedBy::Number));
    assert_eq!(one("|||#0012345", &["0012345"]), found(&[0], MatchedBy::Number), "with the mark that protects zeros");
    assert_eq!(one("|mira@example.edu||", &["unified\\mira@example.edu"]), found(&[0], MatchedBy::Email));
    assert_eq!(one("||nobody|", &accounts), MatchState::NotFound);
}

#[test]
fn identifiers_that_lead_to_different_viewers_are_a_conflict() {
    let accounts = ["unified\\mvale7|a@example.edu", "unified\\other|mvale7@example.edu"];
    let conflict = MatchState::Conflict { viewers: vec![0, 1], because: ConflictBecause::FindsSeveral };
    assert_eq!(one("|mvale7@example.edu|mvale7|", &accounts), conflict);
    // A private address finds nobody and contradicts nothing.
    assert_eq!(one("|mira@private.example|mvale7|", &accounts), found(&[0], MatchedBy::Login));
}

#[test]
fn a_viewer_whom_two_people_find_is_neither() {
    let people = [listed("|mvale7@example.edu||"), listed("||mvale7|")];
    let viewers = [vec![account(1, "unified\\mvale7|mvale7@example.edu")]];
    let matches = matching(&people, &viewers, &[]);
    for row in &matches.rows {
        assert_eq!(row.state, MatchState::Conflict { viewers: vec![0], because: ConflictBecause::FoundByOthers });
    }
    assert!(matches.not_listed.is_empty());
}

#[test]
fn a_list_that_contradicts_itself_matches_nobody() {
    let mut person = listed("|mvale7@example.edu|mvale7|");
    person.person.is_contradicted = true;
    let viewers = [vec![account(1, "unified\\mvale7|mvale7@example.edu")]];
    let state = matching(&[person], &viewers, &[]).rows.remove(0).state;
    assert_eq!(state, MatchState::Conflict { viewers: vec![0], because: ConflictBecause::ListContradicts });
}

#[test]
fn one_login_of_two_providers_is_sure_only_with_one_address() {
    let apart = ["unified\\mvale7", "canvas\\mvale7"];
    let both =
        |because| MatchState::Suggested(vec![Suggestion { viewer: 0, because }, Suggestion { viewer: 1, because }]);
    assert_eq!(one("||mvale7|", &apart), both(SuggestedBecause::SameLogin));
    let same = ["unified\\mvale7|mvale7@example.edu", "canvas\\mvale7|MVALE7@example.edu"];
    assert_eq!(one("||mvale7|", &same), found(&[0, 1], MatchedBy::Login));
    assert_eq!(one("|mvale7@example.edu||", &same), found(&[0, 1], MatchedBy::Email));
}

#[test]
fn accounts_that_are_merged_are_one_viewer() {
    let viewers = [vec![account(1, "unified\\mvale7"), account(2, "canvas\\mvale7")]];
    let state = matching(&[listed("||mvale7|")], &viewers, &[]).rows.remove(0).state;
    assert_eq!(state, found(&[0], MatchedBy::Login));
}

#[test]
fn what_stands_before_the_at_counts_where_its_domain_was_confirmed() {
    let person = "||mvale7|";
    let accounts = ["unified\\mvale7@students.example.edu"];
    assert_eq!(one(person, &accounts), suggested(0, SuggestedBecause::SameLocalPart));
    assert_eq!(one_of(person, &accounts, &["students.example.edu"]), found(&[0], MatchedBy::LocalPart));
    assert_eq!(one_of(person, &accounts, &["example.edu"]), suggested(0, SuggestedBecause::SameLocalPart));
    let two = ["unified\\mvale7@students.example.edu", "canvas\\mvale7@staff.example.edu"];
    let state = one_of(person, &two, &["students.example.edu", "staff.example.edu"]);
    assert!(matches!(state, MatchState::Suggested(_)), "not unique: {state:?}");
}

#[test]
fn lost_zeros_only_suggest() {
    assert_eq!(one("|||0012345", &["unified\\12345"]), suggested(0, SuggestedBecause::ZerosDiffer));
    assert_eq!(one("|||0012345", &["unified\\12345", "unified\\012345"]), MatchState::NotFound, "not unique");
}

#[test]
fn a_name_only_suggests_and_equal_names_are_both_shown() {
    let accounts = ["unified\\mkim1||Min|Kim", "unified\\mkim2||Min|Kim"];
    let people = [listed("Kim, Min|||"), listed("Kim, Min||mkim2|")];
    let viewers: Vec<Vec<Account>> =
        accounts.iter().zip(1..).map(|(text, number)| vec![account(number, text)]).collect();
    let matches = matching(&people, &viewers, &[]);
    assert_eq!(matches.rows[0].state, suggested(0, SuggestedBecause::SameName), "the other one is taken");
    assert_eq!(matches.rows[1].state, found(&[1], MatchedBy::Login));
    assert_eq!(one("Kim, Mina|||", &accounts), MatchState::NotFound, "one shared word is nothing");
    assert_eq!(one("Okonjo-Vale, Mira Anne|||", &["x||Mira|Okonjo Vale"]), suggested(0, SuggestedBecause::LikeName));
}

#[test]
fn a_decision_wins_and_survives_a_new_login() {
    let mut person = listed("|old@example.edu|old|");
    person.links.push(ListedLink { user: user(2), is_same: true });
    let viewers = [vec![account(1, "unified\\old|old@example.edu")], vec![account(2, "unified\\new")]];
    let matches = matching(&[person.clone()], &viewers, &[]);
    assert_eq!(matches.rows[0].state, found(&[1], MatchedBy::Decision));
    assert_eq!(matches.not_listed, [0]);
    // Another line that finds the decided viewer gives way.
    let matches = matching(&[person, listed("||new|")], &viewers, &[]);
    assert_eq!(matches.rows[0].state, found(&[1], MatchedBy::Decision));
    assert_eq!(matches.rows[1].state, MatchState::NotFound);
}

#[test]
fn what_was_refused_is_not_offered_again() {
    let mut person = listed("Kim, Min|mkim@example.edu||");
    person.links.push(ListedLink { user: user(1), is_same: false });
    let viewers = [vec![account(1, "unified\\mkim|mkim@example.edu|Min|Kim")]];
    assert_eq!(matching(&[person], &viewers, &[]).rows[0].state, MatchState::NotFound);
}

#[test]
fn who_was_not_signed_in_or_is_deleted_is_nobody() {
    let mut anonymous = account(1, "unified\\mvale7|mvale7@example.edu|Mira|Vale");
    anonymous.state = Some(NameState::Anonymous.into());
    let mut deleted = account(2, "unified\\mvale7|mvale7@example.edu|Mira|Vale");
    deleted.state = Some(NameState::Deleted.into());
    let viewers = [vec![anonymous], vec![deleted], vec![Account::unknown(user(3))]];
    let matches = matching(&[listed("Vale, Mira|mvale7@example.edu|mvale7|")], &viewers, &[]);
    assert_eq!(matches.rows[0].state, MatchState::NotFound);
    assert_eq!(matches.not_listed, [0, 1, 2]);
}

#[test]
fn letters_written_in_two_ways_are_one() {
    assert_eq!(one("|jose\u{301}@example.edu||", &["x|José@example.edu"]), found(&[0], MatchedBy::Email));
    assert_eq!(one("Großmann, Jörg|||", &["x||Jorg|Grossmann"]), suggested(0, SuggestedBecause::SameName));
}

proptest! {
    #[test]
    fn each_viewer_is_in_one_place_and_no_two_people_are_matched_with_one(
        people in prop::collection::vec("(Kim, Min|Ana|)?\\|(a|b|c)?(@x\\.y)?\\|(a|b|c)?\\|(0012|12345|a)?", 0..8),
        accounts in prop::collection::vec("(u\\\\|canvas\\\\)?(a|b|c|0012|12345)(@x\\.y)?\\|((a|b|c)@x\\.y)?\\|(Min)?\\|(Kim)?", 0..8),
        domains in prop::collection::vec("x\\.y", 0..2),
    ) {
        let people: Vec<Listed> = people.iter().map(|text| listed(text)).collect();
        let viewers: Vec<Vec<Account>> = accounts.iter().zip(1..).map(|(text, number)| vec![account(number, text)]).collect();
        let matches = match_class(MatchInput { listed: &people, viewers: &viewers, confirmed_domains: &domains });
        prop_assert_eq!(matches.rows.len(), people.len());
        let mut matched = Vec::new();
        for row in &matches.rows {
            if let MatchState::Matched { viewers, .. } = &row.state {
                prop_assert!(!viewers.is_empty());
                matched.extend(viewers.clone());
            }
            prop_assert!(row.state.viewers().iter().all(|viewer| !matches.not_listed.contains(viewer)));
        }
        let count = matched.len();
        matched.sort_unstable();
        matched.dedup();
        prop_assert_eq!(matched.len(), count, "nobody is two people");
        prop_assert_eq!(matches.counts().iter().sum::<usize>(), people.len());
    }
}
