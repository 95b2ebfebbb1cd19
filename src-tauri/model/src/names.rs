//! Names in a list, distinguishable in little room.
//!
//! Panopto's own names share a long beginning: `BAMA504-001 2021W1 09/08/2021 8:00 AM`. If a list drops it, and says it
//! once beside the list, the rest distinguishes the videos. Deliberately absent: fonts and pixels (the caller
//! measures), and any guess at what a name means.
//!
//! Invariants: beginnings are dropped only between words; the rest of a name is never empty, and two names that differ
//! still differ. A list whose names share nothing is unchanged.

use std::collections::HashMap;
use std::hash::Hash;

use unicode_segmentation::UnicodeSegmentation;

use crate::line::{cut, cut_middle, listed_name};
use crate::words::count;

/// The names of a list, without the beginnings they share.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ListedNames {
    short: Vec<String>,
    shared: Vec<SharedBeginning>,
}

/// A beginning that neighbours of a list share.
#[derive(Debug, Clone, PartialEq, Eq)]
struct SharedBeginning {
    first: usize,
    last: usize,
    text: String,
}

/// A beginning that all names share must have this many characters to be worth a line of its own.
const LEAST_SHARED: usize = 8;
/// The same for a beginning that only some share: readers must then look up the numbers of those videos.
const LEAST_SHARED_BY_SOME: usize = 12;
/// If not all names share a beginning, at least this many neighbours must.
const LEAST_NEIGHBOURS: usize = 3;
/// The most beginnings that one line can name.
const MOST_BEGINNINGS: usize = 2;
/// A shortened name without letters must keep this many digits: a date says enough, `1` does not.
const LEAST_WITHOUT_LETTERS: usize = 4;

impl ListedNames {
    /// The names of a list in its order, as the server wrote them.
    pub fn new<'n>(names: impl IntoIterator<Item = &'n str>) -> Self {
        let full: Vec<String> = names.into_iter().map(listed_name).collect();
        let shared = shared_beginnings(&full);
        let mut short = full.clone();
        for (beginning, length) in &shared {
            for name in &mut short[beginning.first..=beginning.last] {
                name.drain(..*length);
            }
        }
        if same_names(&full) < same_names(&short) {
            return Self { short: full, shared: Vec::new() };
        }
        Self { short, shared: shared.into_iter().map(|(beginning, _)| beginning).collect() }
    }

    /// The names without what they share, in the order of the list.
    pub fn short(&self) -> &[String] {
        &self.short
    }

    /// The short names, each cut to a room. Names that differ stay different as long as the room allows it.
    pub fn fitted(&self, room: f64, width: impl Fn(&str) -> f64) -> Vec<String> {
        fitted(&self.short, room, width)
    }

    /// What was dropped, for a quiet line beside the list: `all begin with COMM 290 2021W1`, or, with the numbers that
    /// `number_of` gives the entries, `2 to 41 begin with COMM 290 2021W1`. `None` if nothing was dropped.
    pub fn note(&self, number_of: impl Fn(usize) -> u32) -> Option<String> {
        let whole = |shared: &SharedBeginning| shared.first == 0 && shared.last + 1 == self.short.len();
        let said = self.shared.iter().map(|shared| {
            if whole(shared) {
                return format!("all begin with {}", shared.text);
            }
            let [first, last] = [shared.first, shared.last].map(|index| count(u64::from(number_of(index))));
            format!("{first} to {last} begin with {}", shared.text)
        });
        let said = said.collect::<Vec<_>>().join(" · ");
        (!said.is_empty()).then_some(said)
    }
}

/// Names, each cut to a room but with their shared beginnings: for a table with columns of its own. Names that differ
/// stay different as long as the room allows it.
pub fn fitted(names: &[String], room: f64, width: impl Fn(&str) -> f64) -> Vec<String> {
    let mut fitted: Vec<String> = names.iter().map(|name| cut_middle(name, room, &width)).collect();
    tell_apart(names, &mut fitted, room, &width);
    fitted
}

/// How many names are the same as an earlier one.
fn same_names(names: &[String]) -> usize {
    let different: std::collections::HashSet<&String> = names.iter().collect();
    names.len() - different.len()
}

/// The beginnings to drop, each with its length in bytes.
fn shared_beginnings(names: &[String]) -> Vec<(SharedBeginning, usize)> {
    if names.len() < 2 {
        return Vec::new();
    }
    let differ = |run: &[String]| run.iter().any(|name| *name != run[0]);
    if let Some(all) = beginning_of(names, LEAST_SHARED).filter(|_| differ(names)) {
        return vec![(SharedBeginning { first: 0, last: names.len() - 1, text: all.text }, all.length)];
    }
    let mut found = Vec::new();
    let mut first = 0;
    while first < names.len() {
        let (mut last, mut shared) = (first, names[first].len());
        // Each name is looked at once: a shared beginning only gets shorter, and so the rest of the other names longer.
        while let Some(next) = names.get(last + 1) {
            shared = shared_bytes(&names[first][..shared], next);
            let beginning = Beginning::new(&names[first], shared);
            if beginning.characters() < LEAST_SHARED_BY_SOME || !says_something(&next[beginning.length..]) {
                break;
            }
            last += 1;
        }
        let run = &names[first..=last];
        if run.len() >= LEAST_NEIGHBOURS && differ(run) {
            let beginning = beginning_of(run, LEAST_SHARED_BY_SOME);
            found.extend(beginning.map(|it| (SharedBeginning { first, last, text: it.text }, it.length)));
        }
        first = last + 1;
    }
    let covered: usize = found.iter().map(|(shared, _)| shared.last + 1 - shared.first).sum();
    if found.len() > MOST_BEGINNINGS || covered * 2 < names.len() { Vec::new() } else { found }
}

/// A beginning that some names share.
struct Beginning {
    /// As it is shown, without the separators at its end.
    text: String,
    /// Its bytes in each name, up to the next word.
    length: usize,
}

impl Beginning {
    /// The whole words within the first `shared` bytes of a name.
    fn new(name: &str, shared: usize) -> Self {
        let length = border_before(name, shared);
        let text = name[..length].trim_end_matches(|c: char| !c.is_alphanumeric() && !matches!(c, ')' | ']' | '"'));
        Self { text: text.to_owned(), length }
    }

    fn characters(&self) -> usize {
        self.text.graphemes(true).count()
    }
}

/// Whether the rest of a name still tells a reader something.
fn says_something(left: &str) -> bool {
    left.chars().any(char::is_alphabetic)
        || left.chars().filter(|c| c.is_alphanumeric()).count() >= LEAST_WITHOUT_LETTERS
}

/// The beginning that some names share, if it has at least `least_characters` and leaves something telling of each
/// name.
fn beginning_of(run: &[String], least_characters: usize) -> Option<Beginning> {
    let (start, rest) = run.split_first()?;
    let shared = rest.iter().fold(start.len(), |length, name| shared_bytes(&start[..length], name));
    let beginning = Beginning::new(start, shared);
    let all_say_something = run.iter().all(|name| says_something(&name[beginning.length..]));
    (beginning.characters() >= least_characters && all_say_something).then_some(beginning)
}

/// How many bytes two texts share at their beginning, in whole characters as a reader sees them.
fn shared_bytes(one: &str, other: &str) -> usize {
    let pairs = one.graphemes(true).zip(other.graphemes(true));
    pairs.take_while(|(one, other)| one == other).map(|(grapheme, _)| grapheme.len()).sum()
}

/// The last place at or before `length` where a word begins.
fn border_before(name: &str, length: usize) -> usize {
    name[..length].rfind(' ').map_or(0, |blank| blank + 1)
}

/// The share of the room that shows where names differ; the text before that gets the rest.
const DIFFERENCE_SHARE: f64 = 0.7;

/// Up to this share of the room, a whole word is shown where names differ, instead of its first different character.
const WORD_SHARE: f64 = 0.5;

/// Rounds in which names that still look the same are cut at all their differences. A round can at most make a name
/// look like one that was left alone before; the next round includes that one.
const ROUNDS: usize = 3;

/// Cuts names again if cutting made different ones equal.
fn tell_apart(names: &[String], fitted: &mut [String], room: f64, width: &impl Fn(&str) -> f64) {
    for alike in looking_the_same(names, fitted) {
        let shared = shared_by(names, &alike);
        for index in alike {
            fitted[index] = from_difference(&names[index], shared, room, width);
        }
    }
    let mut taken: Vec<usize> = Vec::new();
    for _ in 0..ROUNDS {
        let again = looking_the_same(names, fitted).concat();
        if again.is_empty() {
            return;
        }
        taken.extend(again);
        taken.sort_unstable();
        taken.dedup();
        by_all_differences(names, &taken, "", fitted, room, width);
    }
}

/// Groups of names that differ and yet look the same.
fn looking_the_same(names: &[String], fitted: &[String]) -> Vec<Vec<usize>> {
    let groups = groups((0..names.len()).collect(), |index| fitted[*index].clone());
    groups.into_iter().filter(|group| group.iter().any(|index| names[*index] != names[group[0]])).collect()
}

/// Groups of two or more entries that have a key in common, in order.
fn groups<K: Hash + Eq>(entries: Vec<usize>, key: impl Fn(&usize) -> K) -> Vec<Vec<usize>> {
    let mut groups = parted(entries, key);
    groups.retain(|group| group.len() > 1);
    groups
}

/// The entries separated by a key, in order.
fn parted<K: Hash + Eq>(entries: Vec<usize>, key: impl Fn(&usize) -> K) -> Vec<Vec<usize>> {
    let mut by_key: HashMap<K, Vec<usize>> = HashMap::new();
    for entry in entries {
        by_key.entry(key(&entry)).or_default().push(entry);
    }
    let mut groups: Vec<Vec<usize>> = by_key.into_values().collect();
    groups.sort_unstable();
    groups
}

/// How many bytes all of some names share at their beginning.
fn shared_by(names: &[String], among: &[usize]) -> usize {
    let first = &names[among[0]];
    among.iter().fold(first.len(), |length, index| shared_bytes(&first[..length], &names[*index]))
}

/// A name cut so that the text from byte `differs_at` on can be seen, after some of its beginning.
fn from_difference(name: &str, differs_at: usize, room: f64, width: &impl Fn(&str) -> f64) -> String {
    let whole_word = &name[border_before(name, differs_at)..];
    let rest = if width(whole_word) <= room * DIFFERENCE_SHARE { whole_word } else { &name[differs_at..] };
    if rest.is_empty() {
        return cut_middle(name, room, width);
    }
    let head_room = room - width(rest).min(room * DIFFERENCE_SHARE);
    let head = cut(&name[..name.len() - rest.len()], head_room, width);
    if head.is_empty() {
        return cut(rest, room, width);
    }
    let head = if head.contains('…') { head } else { format!("{}…", head.trim_end()) };
    let tail = cut(rest, room - width(&head), width);
    if tail.is_empty() { cut(rest, room, width) } else { format!("{head}{tail}") }
}

/// Cuts names to the places where they differ from each other, one after the other: `0…first`, `0…second`, `1…first`.
/// `said` is what is shown of the text before.
fn by_all_differences(
    names: &[String],
    among: &[usize],
    said: &str,
    fitted: &mut [String],
    room: f64,
    width: &impl Fn(&str) -> f64,
) {
    let shared = shared_by(names, among);
    let next = |index: &usize| names[*index][shared..].graphemes(true).next().map_or("", |grapheme| grapheme);
    for branch in parted(among.to_vec(), |index| next(index).to_owned()) {
        let one = &names[branch[0]];
        if branch.iter().all(|index| names[*index] == *one) {
            for &index in &branch {
                fitted[index] = format!("{said}{}", cut(&one[shared..], room - width(said), width));
            }
            continue;
        }
        let common = shared_by(names, &branch);
        let word_end = one[shared..].find(' ').map_or(one.len(), |blank| shared + blank).min(common);
        let first_end = shared + next(&branch[0]).len();
        let shown = |end: usize| {
            let gap = if end < common { "…" } else { "" };
            format!("{said}{}{gap}", &one[shared..end])
        };
        let whole_word = shown(word_end);
        let shown = if width(&whole_word) <= room * WORD_SHARE { whole_word } else { shown(first_end) };
        if width(&shown) < room {
            by_all_differences(names, &branch, &shown, fitted, room, width);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::ListedNames;

    fn tens(text: &str) -> f64 {
        text.chars().filter(|character| *character != '\u{200f}').count() as f64 * 10.0
    }

    fn listed(names: &[&str]) -> (Vec<String>, Option<String>) {
        let listed = ListedNames::new(names.iter().copied());
        (listed.short().to_vec(), listed.note(|index| index as u32 + 1))
    }

    #[test]
    fn what_all_share_is_said_once() {
        let (short, note) = listed(&[
            "BAMA504-001 2021W1 09/08/2021 8:00 AM-10:00 AM [SXRS]",
            "BAMA504-001 2021W1 09/15/2021 8:00 AM-10:00 AM [SXRS]",
        ]);
        assert_eq!(short, ["09/08/2021 8:00 AM-10:00 AM [SXRS]", "09/15/2021 8:00 AM-10:00 AM [SXRS]"]);
        assert_eq!(note.as_deref(), Some("all begin with BAMA504-001 2021W1"));
        let (short, note) =
            listed(&["COMM 290 2021W1 – Costs", "COMM 290 2021W1 – Budgets", "COMM 290 2021W1 – Costs"]);
        assert_eq!(short, ["Costs", "Budgets", "Costs"]);
        assert_eq!(note.as_deref(), Some("all begin with COMM 290 2021W1"));
    }

    #[test]
    fn neighbours_that_share_a_beginning_are_named_by_their_numbers() {
        let (short, note) =
            listed(&["Welcome", "COMM 290 2021W1 Costs", "COMM 290 2021W1 Budgets", "COMM 290 2021W1 Sales"]);
        assert_eq!(short, ["Welcome", "Costs", "Budgets", "Sales"]);
        assert_eq!(note.as_deref(), Some("2 to 4 begin with COMM 290 2021W1"));
    }

    #[test]
    fn nothing_is_dropped_that_would_leave_too_little() {
        for names in [
            &["Lecture 1", "Lecture 2", "Lecture 3"][..],
            &["Introduction", "Introduction to costs", "Introduction to sales"],
            &["Tutorial session 1", "Tutorial session 2"],
            &["Costs of capital in full", "Costs of capital in full"],
            // Without its beginning, the second would have the same name as the first.
            &["Costs", "COMM 290 2021W1 Costs", "COMM 290 2021W1 Budgets", "COMM 290 2021W1 Sales"],
            &["Only one name of the course"],
            &[],
        ] {
            let (short, note) = listed(names);
            assert_eq!((short, note), (names.iter().map(|name| (*name).to_owned()).collect(), None));
        }
    }

    #[test]
    fn names_that_differ_in_the_middle_stay_different_when_cut() {
        let names = ListedNames::new([
            "Management accounting: fixed costs in practice, recorded lecture",
            "Management accounting: variable costs in practice, recorded lecture",
            "Management accounting: variable costs in theory, recorded lecture",
        ]);
        for room in [140.0, 200.0, 300.0] {
            let fitted = names.fitted(room, tens);
            assert!(fitted.iter().all(|name| tens(name) <= room && !name.is_empty()), "{fitted:?}");
            assert!(fitted[0] != fitted[1] && fitted[1] != fitted[2], "{fitted:?}");
        }
    }

    #[test]
    fn names_that_differ_in_two_places_show_both_where_one_is_not_enough() {
        let recordings = [("08", "first"), ("08", "second"), ("15", "first"), ("15", "second")]
            .map(|(day, half)| format!("09/{day}/2021 8:00 AM-10:00 AM {half} half [SXRS]"));
        let mut fitted = ListedNames::new(recordings.iter().map(String::as_str)).fitted(140.0, tens);
        assert_eq!(fitted, ["0…first half…", "0…second half…", "1…first half…", "1…second half…"]);
        fitted = ListedNames::new(recordings.iter().map(String::as_str)).fitted(260.0, tens);
        assert_eq!(fitted.iter().collect::<std::collections::HashSet<_>>().len(), 4, "{fitted:?}");
    }

    proptest::proptest! {
        #[test]
        fn different_names_stay_different_and_none_is_empty(
            names in proptest::collection::vec("(COMM 290 2021W1 |Lecture |שיעור )?[ab1 ]{0,6}(part [12])?", 0..12),
            room in 150.0..300.0f64,
        ) {
            let listed = ListedNames::new(names.iter().map(String::as_str));
            let full: Vec<String> = names.iter().map(|name| crate::line::listed_name(name)).collect();
            let fitted = listed.fitted(room, tens);
            for one in 0..full.len() {
                proptest::prop_assert!(!listed.short()[one].trim().is_empty());
                proptest::prop_assert!(tens(&fitted[one]) <= room);
                for other in 0..one {
                    let same = full[one] == full[other];
                    proptest::prop_assert_eq!(listed.short()[one] == listed.short()[other], same);
                    proptest::prop_assert_eq!(fitted[one] == fitted[other], same, "{:?}", &fitted);
                }
            }
        }
    }
}
