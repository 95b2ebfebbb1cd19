//! Which video of one course belongs to which video of another: because a person said so, by name, by the number in the
//! name, or by order.
//!
//! A name is compared without what all names of its course begin with, without years, and without letter case and signs; and
//! then without its number, because lectures that are added or left out move the numbers of the others.
//! Deliberately absent: likeness. A name that is only nearly the same pairs by its number or not at all.
//!
//! Invariant: only what is unique on both sides makes a pair; what a person has said wins over everything.

use std::collections::HashMap;
use std::hash::Hash;

use serde::Serialize;

use crate::names::ListedNames;
use crate::{SessionId, VideoInfo};

/// Why two videos are a pair.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "camelCase")]
pub enum PairedBy {
    /// Somebody has said so.
    Hand,
    /// They have the same name.
    Name,
    /// They have the same number in their names, after the same word.
    Number,
    /// They have the same place among the videos without a pair, and both courses have equally many of those.
    Order,
}

/// A video of this course and the one of the other that belongs to it, by their places in [`crate::CourseViews::videos`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct VideoPair {
    /// The video of this course.
    pub here: usize,
    /// The video of the other.
    pub there: usize,
    /// Why.
    pub by: PairedBy,
}

/// The pairs of two courses, in the lecture order of the first. `mended` says which videos belong together, in either
/// order, and which videos (`None`) have no pair.
#[allow(clippy::similar_names, reason = "here and there are the two sides of a comparison")]
pub fn pair_videos(
    here: &[VideoInfo],
    there: &[VideoInfo],
    mended: &[(SessionId, Option<SessionId>)],
) -> Vec<VideoPair> {
    let mut pairing = Pairing { pairs: Vec::new(), here: vec![true; here.len()], there: vec![true; there.len()] };
    let place = |videos: &[VideoInfo], id: SessionId| videos.iter().position(|video| video.session_id == id);
    for (one, other) in mended {
        let Some(other) = other else {
            if let Some(video) = place(here, *one) {
                pairing.here[video] = false;
            }
            if let Some(video) = place(there, *one) {
                pairing.there[video] = false;
            }
            continue;
        };
        let straight = place(here, *one).zip(place(there, *other));
        if let Some((here, there)) = straight.or_else(|| place(here, *other).zip(place(there, *one))) {
            pairing.add(here, there, PairedBy::Hand);
        }
    }
    let (names_here, names_there) = (words_of(here), words_of(there));
    let joined = |words: &Vec<String>| Some(words.join(" ")).filter(|name| !name.is_empty());
    pairing.by_key(&names_here, &names_there, joined, PairedBy::Name);
    pairing.by_key(&names_here, &names_there, |words| title_of(words), PairedBy::Name);
    pairing.by_key(&names_here, &names_there, |words| number_of(words), PairedBy::Number);
    let left = |free: &[bool], videos: &[VideoInfo]| {
        let mut left: Vec<usize> = (0..free.len()).filter(|video| free[*video]).collect();
        left.sort_by_key(|video| videos[*video].order);
        left
    };
    let (left_here, left_there) = (left(&pairing.here, here), left(&pairing.there, there));
    if left_here.len() == left_there.len() {
        for (here, there) in left_here.into_iter().zip(left_there) {
            pairing.add(here, there, PairedBy::Order);
        }
    }
    pairing.pairs.sort_by_key(|pair| (here[pair.here].order, pair.here));
    pairing.pairs
}

/// The pairs so far, and which videos still have none.
struct Pairing {
    pairs: Vec<VideoPair>,
    here: Vec<bool>,
    there: Vec<bool>,
}

impl Pairing {
    fn add(&mut self, here: usize, there: usize, by: PairedBy) {
        if std::mem::replace(&mut self.here[here], false) && std::mem::replace(&mut self.there[there], false) {
            self.pairs.push(VideoPair { here, there, by });
        }
    }

    /// Pairs videos whose key no other video on their side has.
    fn by_key<K: Eq + Hash>(
        &mut self,
        here: &[Vec<String>],
        there: &[Vec<String>],
        key: impl Fn(&Vec<String>) -> Option<K>,
        by: PairedBy,
    ) {
        let unique = |names: &[Vec<String>], free: &[bool]| {
            let mut places: HashMap<K, Option<usize>> = HashMap::new();
            for (place, name) in names.iter().enumerate().filter(|(place, _)| free[*place]) {
                if let Some(key) = key(name) {
                    places.entry(key).and_modify(|place| *place = None).or_insert(Some(place));
                }
            }
            places
        };
        let (here, there) = (unique(here, &self.here), unique(there, &self.there));
        let both = here.into_iter().filter_map(|(key, place)| Some((place?, (*there.get(&key)?)?)));
        for (here, there) in both.collect::<Vec<_>>() {
            self.add(here, there, by);
        }
    }
}

/// Whether two names are the same but for years, letter case and signs: as a course is called in two terms.
pub fn same_without_years(one: &str, other: &str) -> bool {
    let own = words(one);
    !own.is_empty() && own == words(other)
}

/// The words of each name, without the shared beginning and without years.
fn words_of(videos: &[VideoInfo]) -> Vec<Vec<String>> {
    let names = ListedNames::new(videos.iter().map(|video| &*video.name));
    names.short().iter().map(|name| words(name)).collect()
}

fn words(name: &str) -> Vec<String> {
    let lower = name.to_lowercase();
    let all = lower.split(|character: char| !character.is_alphanumeric()).filter(|word| !word.is_empty());
    all.filter(|word| !is_year(word)).map(|word| word.trim_start_matches('0').to_owned()).collect()
}

/// Whether the word is a year, such as `2025`, even with a term's letter, as in `2025w1`.
fn is_year(word: &str) -> bool {
    let Some((year, rest)) = word.split_at_checked(4) else { return false };
    let term = rest.strip_prefix(['w', 's', 'f']).unwrap_or(rest);
    (year.starts_with("19") || year.starts_with("20"))
        && year.bytes().all(|byte| byte.is_ascii_digit())
        && term.len() <= 1
        && term.bytes().all(|byte| byte.is_ascii_digit())
        && (rest.is_empty() || rest.len() > term.len())
}

/// The name without its first number and the word before it: when a lecture is added or left out, the ones after it keep their
/// titles, not their numbers. `None` where nothing is left.
fn title_of(words: &[String]) -> Option<String> {
    let place = words.iter().position(|word| word.parse::<u32>().is_ok())?;
    let title = [&words[..place.saturating_sub(1)], &words[place + 1..]].concat().join(" ");
    Some(title).filter(|title| !title.is_empty())
}

/// The first number, with the word before it: *Lecture 7* is not *Lab 7*.
fn number_of(words: &[String]) -> Option<(String, u32)> {
    let place = words.iter().position(|word| word.parse::<u32>().is_ok())?;
    let before = place.checked_sub(1).map_or_else(String::new, |before| words[before].clone());
    Some((before, words[place].parse().ok()?))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn videos(names: &[&str], salt: u8) -> Vec<VideoInfo> {
        let of = |(place, name): (usize, &&str)| VideoInfo {
            session_id: SessionId::from_bytes([salt + place as u8; 16]),
            name: (**name).into(),
            folder_name: "x".into(),
            duration_secs: Some(100.0),
            order: place as u32 + 1,
        };
        names.iter().enumerate().map(of).collect()
    }

    fn pairs(here: &[&str], there: &[&str]) -> Vec<(usize, usize, PairedBy)> {
        let found = pair_videos(&videos(here, 1), &videos(there, 101), &[]);
        found.into_iter().map(|pair| (pair.here, pair.there, pair.by)).collect()
    }

    #[test]
    fn names_pair_without_years_case_and_signs() {
        let found = pairs(
            &["Lecture 01: Welcome (2026)", "Lecture 02 – Energy", "Q&A"],
            &["LECTURE 2: energy", "Lecture 1: Welcome, 2025W1", "q & a!"],
        );
        assert_eq!(found, [(0, 1, PairedBy::Name), (1, 0, PairedBy::Name), (2, 2, PairedBy::Name)]);
    }

    #[test]
    fn titles_are_followed_where_the_numbers_have_moved() {
        let found = pairs(
            &["Lecture 1: Heat", "Lecture 2: Rain", "Lecture 3: Snow", "Lecture 4"],
            &["Lecture 1: Heat", "Lecture 2: Snow", "Lecture 3: Wind", "Lecture 4"],
        );
        let name = PairedBy::Name;
        assert_eq!(found, [(0, 0, name), (1, 2, PairedBy::Order), (2, 1, name), (3, 3, name)]);
    }

    #[test]
    fn a_new_title_keeps_its_number_and_a_lab_is_no_lecture() {
        let found = pairs(
            &["Lecture 7: Trees", "Lab 7: Trees"],
            &["Lab 7: Soil", "Lecture 7: Trees and shade", "Lecture 8: X"],
        );
        assert_eq!(found, [(0, 1, PairedBy::Number), (1, 0, PairedBy::Number)]);
    }

    #[test]
    fn what_is_not_unique_pairs_by_order_if_as_many_are_left_and_else_not() {
        assert_eq!(
            pairs(&["Recording", "Recording"], &["Recording", "Recording"]),
            [(0, 0, PairedBy::Order), (1, 1, PairedBy::Order)]
        );
        assert_eq!(pairs(&["Recording", "Recording"], &["Recording", "Recording", "Recording"]), []);
    }

    #[test]
    fn what_somebody_has_said_wins_in_either_order() {
        let (here, there) =
            (videos(&["Lecture 1", "Lecture 2", "Lecture 3"], 1), videos(&["Lecture 1", "Lecture 2", "Other"], 101));
        let id = |videos: &[VideoInfo], place: usize| videos[place].session_id;
        let mended = [(id(&here, 0), Some(id(&there, 1))), (id(&there, 2), Some(id(&here, 2))), (id(&here, 1), None)];
        let found = pair_videos(&here, &there, &mended);
        assert_eq!(
            found,
            [VideoPair { here: 0, there: 1, by: PairedBy::Hand }, VideoPair { here: 2, there: 2, by: PairedBy::Hand },]
        );
        // What was said about videos of other courses does not count here.
        let foreign = [(SessionId::from_bytes([250; 16]), Some(id(&there, 0)))];
        assert_eq!(pair_videos(&here[..1], &there[..1], &foreign).len(), 1);
    }

    #[test]
    fn a_course_of_another_year_has_the_same_name() {
        for (one, other, is_same) in [
            ("GEOG 204, Cities & Climate", "GEOG 204: Cities & climate (2025)", true),
            ("COMM 290 2021W1", "COMM 290 2020W2", true),
            ("COMM 290 2021W1", "COMM 291 2021W1", false),
            ("2021W1", "2020W1", false),
        ] {
            assert_eq!(same_without_years(one, other), is_same, "{one} and {other}");
        }
    }

    #[test]
    fn years_are_no_words() {
        for (word, is) in [
            ("2025", true),
            ("2025w1", true),
            ("2025w", true),
            ("20251", false),
            ("2025x", false),
            ("204", false),
            ("é025", false),
        ] {
            assert_eq!(is_year(word), is, "{word}");
        }
    }
}
