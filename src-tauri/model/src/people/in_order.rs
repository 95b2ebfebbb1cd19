//! Names as lists of people are ordered and searched: without case and accents, numbers by their value.
//!
//! Deliberately absent: the customs of one language; teachers look for `Núñez` under N wherever they are. Invariant: what is
//! shown is never changed.

use icu_normalizer::DecomposingNormalizerBorrowed;

/// A name as it is searched: lower case, without accents.
pub fn folded_name(name: &str) -> String {
    let mut folded = String::with_capacity(name.len());
    for letter in DecomposingNormalizerBorrowed::new_nfkd().normalize_iter(name.chars()).flat_map(char::to_lowercase) {
        match letter {
            '\u{300}'..='\u{36f}' => {}
            'ß' => folded.push_str("ss"),
            'æ' => folded.push_str("ae"),
            'œ' => folded.push_str("oe"),
            'ø' => folded.push('o'),
            'đ' | 'ð' => folded.push('d'),
            'ł' => folded.push('l'),
            'ı' => folded.push('i'),
            other => folded.push(other),
        }
    }
    folded
}

/// What names are ordered by: `Viewer 9` stands before `Viewer 10`.
pub fn name_order(name: &str) -> (String, u64) {
    let folded = folded_name(name);
    let stem = folded.trim_end_matches(|letter: char| letter.is_ascii_digit());
    let number = folded[stem.len()..].parse().unwrap_or_default();
    (stem.to_owned(), number)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn accents_and_case_do_not_count_and_numbers_do() {
        let mut names =
            ["Viewer 10", "Viewer 9", "Żak, Ola", "zack, Al", "Núñez, Ana", "Nowak, Piotr", "Ørsted, Bo", "Oz, Al"];
        names.sort_by_cached_key(|name| name_order(name));
        assert_eq!(
            names,
            ["Nowak, Piotr", "Núñez, Ana", "Ørsted, Bo", "Oz, Al", "Viewer 9", "Viewer 10", "zack, Al", "Żak, Ola"]
        );
        assert!(folded_name("Straße ŁÓDŹ").contains("strasse lodz"));
    }
}
