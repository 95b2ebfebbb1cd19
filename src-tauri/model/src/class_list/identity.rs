//! Logins, addresses and numbers as they are compared.
//!
//! Deliberately absent: what follows from a comparison. Invariant: comparing never changes what is kept or shown.

use icu_normalizer::{ComposingNormalizerBorrowed, DecomposingNormalizerBorrowed};

use crate::text::{is_invisible, trimmed};

/// A login, an address or a number as it is compared: in one form of its letters, lower case, without blanks and marks that
/// nobody sees, and without the `#` that some systems put before it.
pub fn compared(text: &str) -> String {
    let text = trimmed(text).trim_start_matches(['#', '\'']);
    let composed = ComposingNormalizerBorrowed::new_nfkc().normalize_iter(text.chars());
    let folded =
        composed.flat_map(char::to_lowercase).filter(|character| !is_invisible(*character) && *character != ' ');
    folded.collect()
}

/// The part of an address before its `@`, and the domain; the text is compared already.
pub(super) fn local_part(text: &str) -> (&str, Option<&str>) {
    match text.split_once('@') {
        Some((local, domain)) if !local.is_empty() && !domain.is_empty() => (local, Some(domain)),
        _ => (text, None),
    }
}

/// A number without the zeros and marks that programs lose: `0012-345` is `12345`. Empty for what holds letters or fewer than
/// four digits, of which too many would be alike.
pub(super) fn bare_number(text: &str) -> String {
    const LEAST_DIGITS: usize = 4;
    let is_number = text.chars().all(|character| character.is_ascii_digit() || matches!(character, '-' | '.' | '/'));
    let digits: String = text.chars().filter(char::is_ascii_digit).collect();
    let bare = digits.trim_start_matches('0');
    if is_number && bare.len() >= LEAST_DIGITS { bare.to_owned() } else { String::new() }
}

/// The words of a name, folded for suggestions: lower case, without accents, without titles and initials, in no order.
pub(super) fn name_words(name: &str) -> Vec<String> {
    let decomposed = DecomposingNormalizerBorrowed::new_nfkd().normalize_iter(name.chars());
    let mut folded = String::with_capacity(name.len());
    for character in decomposed.flat_map(char::to_lowercase) {
        match character {
            '\u{300}'..='\u{36f}' | '.' | '\'' | '’' => {}
            'ß' => folded.push_str("ss"),
            'ø' => folded.push('o'),
            'ł' => folded.push('l'),
            'đ' => folded.push('d'),
            'ı' => folded.push('i'),
            'æ' => folded.push_str("ae"),
            other if other.is_alphanumeric() => folded.push(other),
            _ => folded.push(' '),
        }
    }
    let mut words: Vec<String> =
        folded.split(' ').filter(|word| word.chars().count() > 1 && !is_title(word)).map(str::to_owned).collect();
    words.sort_unstable();
    words.dedup();
    words
}

fn is_title(word: &str) -> bool {
    matches!(word, "dr" | "prof" | "mr" | "mrs" | "ms" | "herr" | "frau" | "phd" | "msc" | "bsc")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_login_in_many_spellings_is_one() {
        for spelling in ["MVale7", " mvale7\u{a0}", "#mvale7", "mvale7\u{200b}", "ｍｖａｌｅ７"] {
            assert_eq!(compared(spelling), "mvale7", "{spelling:?}");
        }
        assert_eq!(compared("Jose\u{301}@Example.EDU"), "josé@example.edu");
        assert_ne!(compared("0012345"), compared("12345"), "zeros count");
    }

    #[test]
    fn numbers_lose_zeros_only_where_enough_is_left() {
        assert_eq!(bare_number("0012345"), "12345");
        assert_eq!(bare_number("12-345"), "12345");
        assert_eq!(bare_number("0007"), "");
        assert_eq!(bare_number("0abc123"), "");
    }

    #[test]
    fn names_are_words_in_no_order() {
        assert_eq!(name_words("Okonjo-Vale, Mira"), name_words("mira OKONJO VALE"));
        assert_eq!(name_words("Dr. José M. Núñez"), name_words("Nunez, Jose"));
        assert_eq!(name_words("O'Neil"), ["oneil"]);
    }
}
